import Store

/// One `SELECT` under construction. Joins are added while expressions over its rows are written.
final class Select {
  /// What is selected, with the name it gets where that is another one.
  var columns: [(sql: String, name: String?)] = []
  /// The table or subquery with its alias.
  var source: String?
  /// Conditions, all of which hold.
  var conditions: [SQL] = []
  var keys: [String] = []
  var groupConditions: [String] = []
  var order: [String] = []
  var limit: (count: Int, offset: Int)?
  private var joins: [String] = []
  private var joined: [String: String] = [:]

  init(from source: String?) { self.source = source }

  /// Whether its rows are those of its source, with nothing done to them.
  var isBare: Bool {
    conditions.isEmpty && joins.isEmpty && keys.isEmpty && groupConditions.isEmpty && limit == nil
  }

  /// The alias of a joined table; `make` says what stands after `LEFT JOIN` the first time.
  func join(_ key: String, make: () -> (alias: String, text: String)) -> String {
    if let alias = joined[key] { return alias }
    let (alias, text) = make()
    joined[key] = alias
    joins.append("LEFT JOIN " + text)
    return alias
  }

  /// Goes on with nothing but a source.
  func reset(to source: String) {
    self.source = source
    (columns, conditions, keys, groupConditions, order, joins) = ([], [], [], [], [], [])
    limit = nil
    joined = [:]
  }

  /// The statement, without the end.
  var text: String {
    let shown = columns.map { sql, name in name.map { "\(sql) AS \($0)" } ?? sql }
    var lines: [String] = []
    if let only = shown.first, shown.count == 1, !only.contains("\n") {
      lines.append("SELECT " + only)
    } else {
      lines.append("SELECT\n  " + shown.map(SQL.indented).joined(separator: ",\n  "))
    }
    if let source { lines.append("FROM " + source) }
    lines += joins
    if !conditions.isEmpty {
      lines.append(
        "WHERE "
          + conditions.enumerated().map { place, condition in
            let text = condition.tighter(than: .or)
            return place == 0 ? text : SQL.indented(text)
          }.joined(separator: "\n  AND "))
    }
    if !keys.isEmpty { lines.append("GROUP BY " + keys.map(SQL.indented).joined(separator: ", ")) }
    if !groupConditions.isEmpty {
      lines.append("HAVING " + groupConditions.joined(separator: " AND "))
    }
    if !order.isEmpty {
      lines.append("ORDER BY " + order.map(SQL.indented).joined(separator: ", "))
    }
    if let limit {
      lines.append("LIMIT \(limit.count)" + (limit.offset > 0 ? " OFFSET \(limit.offset)" : ""))
    }
    return lines.joined(separator: "\n")
  }
}

/// The rows of a `SELECT` that expressions are written over.
final class SQLRow {
  /// What the rows are.
  enum Kind {
    /// Records, whose fields stand under the alias.
    case records(EntityID)
    /// The columns of a group, each as it is written.
    case columns([SQL])
  }

  let select: Select
  let alias: String
  let kind: Kind
  /// Values that depend on all rows, as they are written here.
  var perRow: [Int: SQL]
  /// Further columns of the rows, such as a group's keys.
  var added: [String] = []
  /// Expressions that are columns of the rows already.
  var computed: [BoundExpression: String] = [:]
  /// Expressions that are unknown in none of the rows.
  var known: Set<BoundExpression> = []
  /// For related records: the row they are related to.
  let parent: SQLRow?

  init(
    _ select: Select, alias: String, _ kind: Kind, perRow: [Int: SQL] = [:],
    parent: SQLRow? = nil
  ) {
    self.select = select
    self.alias = alias
    self.kind = kind
    self.perRow = perRow
    self.parent = parent
  }
}
