import Store
import Syntax

/// Turns one query into a `SELECT`, clause by clause in the order they apply. A clause that SQL could
/// not apply to the same `SELECT` starts another one over the rows so far.
struct QueryTranslation {
  let translation: Translation
  let query: BoundQuery
  /// The rows that the next clause is about.
  var row: SQLRow
  /// The order they are in; nil is the order of keys.
  var order: BoundOrder?
  /// Whether the rows are groups already made in this `SELECT`.
  var isGrouped = false
  /// Values that depend on all rows and are computed in this `SELECT`.
  var openPerRow: Set<Int> = []
  /// What the rows are made of where they are no records.
  var group: GroupColumns?

  init(_ translation: Translation, _ query: BoundQuery) {
    self.translation = translation
    self.query = query
    let select = Select(from: nil)
    row =
      query.isCalculation
      ? SQLRow(select, alias: "", .columns([]))
      : translation.records(of: query.entity, in: select)
  }

  var writer: ExpressionWriter { ExpressionWriter(translation: translation, query: query) }

  /// The whole query.
  func select() throws(TranslateReason) -> Select {
    var translation = self
    return try translation.run()
  }

  /// The one value of a query that has one.
  func value() throws(TranslateReason) -> SQL {
    let select = try select()
    select.columns = select.columns.map { ($0.sql, nil) }
    return SQL(SQL.subquery(select.text))
  }

  private mutating func run() throws(TranslateReason) -> Select {
    for round in query.rounds { try add(round) }
    let expressions = query.columns.map(\.expression)
    // Inside another SELECT a value computed in this one cannot be read.
    if !openPerRow.isEmpty, expressions.contains(where: { !$0.relateds.isEmpty }) { try cut() }
    row.select.columns = try columns()
    if !query.isCalculation { row.select.order = try orderTerms() }
    return row.select
  }

  private func columns() throws(TranslateReason) -> [(sql: String, name: String?)] {
    var columns: [(sql: String, name: String?)] = []
    for column in query.columns {
      let value = try writer.value(column.expression, row)
      let name = translation.written(column.name)
      let isNamed = value.level == .atom && value.text.hasSuffix(".\(name)")
      columns.append((value.text, isNamed ? nil : name))
    }
    return columns
  }

  // MARK: rounds

  private mutating func add(_ round: BoundRound) throws(TranslateReason) {
    if let window = round.window { try filter(by: window) }
    try compute(round.perRowBeforeFilter)
    if let condition = round.filter { try filter(by: condition) }
    if let group = round.group { try makeGroups(group) }
    if let analysis = round.analysis { try analyze(analysis) }
    try compute(round.perRowAfterFilter)
    if let order = round.order { try sort(by: order) }
    try compute(round.perRowAfterOrder)
    if round.sample != nil { throw .notInSQL("'sample'") }
    if let limit = round.limit {
      if row.select.limit != nil { try cut() }
      row.select.limit = limit
    }
  }

  private mutating func filter(by condition: BoundExpression) throws(TranslateReason) {
    if isGrouped || !openPerRow.isEmpty || row.select.limit != nil { try cut() }
    for conjunct in condition.conjuncts {
      row.select.conditions.append(try writer.condition(conjunct, row))
    }
  }

  /// Values of each row that depend on all of them.
  private mutating func compute(_ indexes: [Int]) throws(TranslateReason) {
    guard !indexes.isEmpty else { return }
    if isGrouped || row.select.limit != nil { try cut() }
    var inWindows = indexes.flatMap { [query.perRow[$0].argument] + query.perRow[$0].per }
    if indexes.contains(where: { query.perRow[$0].kind == .runningSum }) {
      inWindows += ((order?.keys ?? []) + (order?.per ?? [])).map(\.expression)
    }
    try makeColumns(inWindows)
    for index in indexes {
      let perRow = query.perRow[index]
      let inside = Set(([perRow.argument] + perRow.per).flatMap(\.perRowIndices))
      if !inside.isDisjoint(with: openPerRow) { try cut() }
      let order = perRow.kind == .runningSum ? try orderTerms() : []
      row.perRow[index] = try writer.window(perRow, row, order: order)
      openPerRow.insert(index)
    }
  }

  /// Makes columns of what is made of related records, so that it is computed once and may stand in
  /// what ranks the rows.
  mutating func makeColumns(_ expressions: [BoundExpression]) throws(TranslateReason) {
    var wanted: [BoundExpression] = []
    for expression in expressions
    where !expression.relateds.isEmpty && row.computed[expression] == nil
      && !wanted.contains(expression)
    {
      wanted.append(expression)
    }
    guard !wanted.isEmpty else { return }
    var added: [(name: String, sql: SQL)] = []
    for expression in wanted { added.append(("measure", try writer.value(expression, row))) }
    let names = try cut(adding: added)
    for (expression, name) in zip(wanted, names) { row.computed[expression] = name }
  }

  // MARK: order

  private mutating func sort(by order: BoundOrder) throws(TranslateReason) {
    if row.select.limit != nil { try cut() }
    var order = order
    guard let countMax = order.countMax, let key = order.keys.first else {
      self.order = order
      return
    }
    if !openPerRow.isEmpty { try cut() }
    if !order.per.isEmpty { try makeColumns((order.keys + order.per).map(\.expression)) }
    order.isTieDescending = isByOwnTime(order)
    let known = try writer.value(key.expression, row)
    if isGrouped {
      row.select.groupConditions.append("\(known.operand) IS NOT NULL")
    } else {
      row.select.conditions.append(SQL("\(known.operand) IS NOT NULL", .test))
    }
    self.order = order
    row.known.insert(key.expression)
    guard !order.per.isEmpty else {
      row.select.limit = (countMax, 0)
      return
    }
    if isGrouped { try cut() }
    var parts: [String] = []
    for per in order.per { parts.append(try writer.value(per.expression, row).text) }
    let within = try orderTerms(order.keys, isTieDescending: order.isTieDescending)
    let place =
      "row_number() OVER (PARTITION BY \(parts.joined(separator: ", "))"
      + " ORDER BY \(within.joined(separator: ", ")))"
    let name = try cut(adding: [("place", SQL(place))])[0]
    row.select.conditions.append(SQL("\(row.alias).\(name) <= \(countMax)", .test))
  }

  /// Whether rows come by the entity's own time field, latest first.
  private func isByOwnTime(_ order: BoundOrder) -> Bool {
    guard case .records(let entity) = row.kind, order.keys.count == 1,
      order.keys[0].isDescending, case .field(let path) = order.keys[0].expression
    else { return false }
    return path.hops.isEmpty && path.field == translation.catalog[entity].timeField
  }

  /// What the rows are ordered by: the order's keys, then the rows' own.
  private func orderTerms() throws(TranslateReason) -> [String] {
    try orderTerms(
      (order?.per ?? []) + (order?.keys ?? []), isTieDescending: order?.isTieDescending ?? false)
  }

  private func orderTerms(
    _ keys: [BoundOrder.Key], isTieDescending: Bool
  ) throws(TranslateReason) -> [String] {
    var terms: [String] = []
    for key in keys {
      terms += try writer.order(key.expression, row, isDescending: key.isDescending)
    }
    for own in ownKeys {
      let isDescending = own.isDescending != isTieDescending
      for term in try writer.order(own.expression, row, isDescending: isDescending)
      where !terms.contains(term) {
        terms.append(term)
      }
    }
    return terms
  }

  /// What tells the rows apart and what ties go by.
  var ownKeys: [BoundOrder.Key] {
    if let group { return group.keys }
    let definition = translation.catalog[query.entity]
    let field = definition[definition.key]
    return [GroupColumns.key(definition.key.index, field.type, field.name)]
  }

  // MARK: another SELECT

  /// Goes on in a `SELECT` over the rows so far, which gets a name before the statement.
  ///
  /// - Parameters:
  ///   - added: Further columns of these rows; their names are given.
  ///   - name: What they are called, if that is free; nil for a number.
  @discardableResult
  mutating func cut(
    adding added: [(name: String, sql: SQL)] = [], named name: String? = nil
  ) throws(TranslateReason) -> [String] {
    let old = row
    var names = UsedNames()
    var columnNames: [String] = []
    switch old.kind {
    case .records(let entity):
      old.select.columns.append(("\(old.alias).*", nil))
      for field in translation.catalog[entity].fields { names.take(field.name) }
    case .columns(let columns):
      for (index, column) in columns.enumerated() {
        let name = translation.written(names.unused(group?.names[index] ?? "column"))
        old.select.columns.append((column.text, column.text.hasSuffix(".\(name)") ? nil : name))
        columnNames.append(name)
      }
    }
    var carried: [(index: Int, name: String)] = []
    for (index, sql) in old.perRow.sorted(by: { $0.key < $1.key }) {
      let isThere = !openPerRow.contains(index) && sql.text.hasPrefix(old.alias + ".")
      if isThere, case .records = old.kind {
        // Selected with all columns already.
        carried.append((index, String(sql.text.drop { $0 != "." }.dropFirst())))
        continue
      }
      let name = unusedColumn(query.perRow[index].columnName, &names)
      old.select.columns.append((sql.text, name))
      carried.append((index, name))
    }
    if case .columns = old.kind {
      for name in old.added {
        names.take(name)
        old.select.columns.append(("\(old.alias).\(name)", nil))
      }
    }
    var addedNames: [String] = []
    for column in added {
      let name = unusedColumn(column.name, &names)
      old.select.columns.append((column.sql.text, name))
      addedNames.append(name)
    }
    if old.select.limit != nil { old.select.order = try orderTerms() }
    let name = translation.define(old.select.text, named: name.map(translation.unused))
    let select = Select(from: name)
    let kind: SQLRow.Kind =
      switch old.kind {
      case .records: old.kind
      case .columns: .columns(columnNames.map { SQL("\(name).\($0)") })
      }
    row = SQLRow(select, alias: name, kind)
    for (index, column) in carried { row.perRow[index] = SQL("\(name).\(column)") }
    isGrouped = false
    openPerRow = []
    row.added = old.added + addedNames
    row.computed = old.computed
    row.known = old.known
    return addedNames
  }

  /// A name that no column of the rows has, in any `SELECT` of the statement.
  private func unusedColumn(_ wanted: String, _ names: inout UsedNames) -> String {
    var name = names.unused(wanted)
    if case .records(let entity) = row.kind {
      while translation.isColumn(name, of: entity) { name = names.unused(wanted) }
    }
    return translation.unused(name)
  }
}

/// What rows that are no records are made of: a group's keys and aggregates, or a verb's columns.
struct GroupColumns {
  var names: [String]
  /// What tells the rows apart and what they go by.
  var keys: [BoundOrder.Key]

  /// A column as a key.
  static func key(
    _ place: Int, _ type: ValueType, _ name: String, isDescending: Bool = false
  ) -> BoundOrder.Key {
    let path = FieldPath(field: FieldID(place), type: type, text: name)
    return BoundOrder.Key(.field(path), isDescending: isDescending, text: name)
  }
}

/// Names given out once each.
struct UsedNames {
  private var taken: Set<String> = []

  mutating func take(_ name: String) { taken.insert(name.lowercased()) }

  /// The name itself, or with the first number behind it that makes it new.
  mutating func unused(_ wanted: String) -> String {
    var name = wanted
    var number = 2
    while !taken.insert(name.lowercased()).inserted {
      name = "\(wanted)_\(number)"
      number += 1
    }
    return name
  }
}

extension BoundPerRow {
  /// What its column is called in a subquery.
  fileprivate var columnName: String {
    switch kind {
    case .rank: "place"
    case .ntile: "tile"
    case .percentileRank: "percentile_rank"
    case .share: "share"
    case .runningShare: "running_share"
    case .runningSum: "running_sum"
    case .inTop: "is_in"
    case .stay: "days"
    case .analyzed: text
    }
  }
}
