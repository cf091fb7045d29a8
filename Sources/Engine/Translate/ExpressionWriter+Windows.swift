import Store

extension ExpressionWriter {
  /// `OVER (…)`
  func over(_ parts: [String], _ order: [String], frame: String = "") -> String {
    var words: [String] = []
    if !parts.isEmpty { words.append("PARTITION BY " + parts.joined(separator: ", ")) }
    if !order.isEmpty { words.append("ORDER BY " + order.joined(separator: ", ")) }
    if !frame.isEmpty { words.append(frame) }
    return "OVER (\(words.joined(separator: " ")))"
  }

  /// A value of each row that depends on all of them.
  ///
  /// - Parameter order: For a running sum, what the rows shown are ordered by.
  func window(
    _ perRow: BoundPerRow, _ row: SQLRow, order: [String] = []
  ) throws(TranslateReason) -> SQL {
    let value = try value(perRow.argument, row)
    var parts: [String] = []
    for part in perRow.per { parts.append(try self.value(part, row).text) }
    let (x, isKnown) = (value.text, "\(value.operand) IS NOT NULL")
    func whereKnown(_ text: String) -> SQL { SQL("CASE WHEN \(isKnown) THEN \(text) END") }
    let count = "count(\(x)) \(over(parts, []))"
    let whole = total(x, perRow.argument.type, over(parts, []))
    let ascending = try self.order(perRow.argument, row)
    let descending = try self.order(perRow.argument, row, isDescending: true)
    let worse = "(rank() \(over(parts, ascending)) - 1)"
    let better = "(rank() \(over(parts, descending)) - 1)"
    switch perRow.kind {
    case .rank: return whereKnown("rank() \(over(parts, descending))")
    case .ntile(let n):
      let tile = dialect.quotient("\(n) * \(worse)", count)
      return whereKnown(dialect.smaller("\(n)", "1 + \(tile.text)"))
    case .percentileRank:
      let share = "CAST(\(worse) AS \(dialect.realType)) / nullif(\(count) - 1, 0)"
      return whereKnown("coalesce(\(share), 0)")
    case .share:
      return SQL("CAST(\(x) AS \(dialect.realType)) / nullif(\(whole), 0)", .arithmetic)
    case .runningShare:
      let sum = total(x, perRow.argument.type, over(parts, descending))
      return whereKnown("CAST(\(sum) AS \(dialect.realType)) / nullif(\(whole), 0)")
    case .runningSum:
      let frame = over(parts, order, frame: "ROWS UNBOUNDED PRECEDING")
      return whereKnown(total(x, perRow.argument.type, frame))
    case .inTop(let isTop, let numerator, let denominator):
      return SQL(
        "\(isKnown) AND \(denominator) * \(isTop ? worse : better)"
          + " >= \(denominator - numerator) * \(count)", .and)
    case .analyzed: preconditionFailure("a verb is refused before")
    case .stay:
      let before = "lag(\(x)) \(over(parts, ascending + keyTerms(row)))"
      let days = dialect.days(SQL(before), value).text
      return SQL("CASE WHEN \(parts[0]) IS NOT NULL THEN \(days) END")
    }
  }

  private func total(_ x: String, _ type: ValueType, _ over: String) -> String {
    type == .money ? "round(sum(\(x)) \(over), 2)" : "sum(\(x)) \(over)"
  }

  private func keyTerms(_ row: SQLRow) -> [String] {
    guard case .records(let entity) = row.kind else { return [] }
    return [translation.key(of: entity, in: row.alias)]
  }
}

extension Translation {
  /// The subquery with one value for each record of an entity that ranks all of them.
  func ranking(
    _ index: Int, of query: BoundQuery, _ writer: ExpressionWriter
  ) throws(TranslateReason) -> SQLRanking {
    let perRow = query.perRow[index]
    if let there = rankings[perRow] { return there }
    guard case .all(let entity, let window) = perRow.population else {
      preconditionFailure("what ranks the rows themselves is computed with them")
    }
    let select = Select(from: nil)
    var row = records(of: entity, in: select)
    if let window {
      for conjunct in window.conjuncts {
        select.conditions.append(try writer.condition(conjunct, row))
      }
    }
    if let column = try measure(perRow, row, writer) { row = column }
    let value = try writer.window(perRow, row)
    let flag = value.level == .and ? "(\(value.text)) IS TRUE" : value.text
    row.select.columns = [(key(of: entity, in: row.alias), "key_"), (flag, "value_")]
    let made = SQLRanking(name: define(row.select.text), key: "key_", value: "value_")
    rankings[perRow] = made
    return made
  }

  /// The same rows with what is made of related records as columns; nil where nothing is.
  private func measure(
    _ perRow: BoundPerRow, _ row: SQLRow, _ writer: ExpressionWriter
  ) throws(TranslateReason) -> SQLRow? {
    var wanted: [BoundExpression] = []
    for expression in [perRow.argument] + perRow.per
    where !expression.relateds.isEmpty && !wanted.contains(expression) {
      wanted.append(expression)
    }
    guard !wanted.isEmpty else { return nil }
    var computed: [BoundExpression: String] = [:]
    row.select.columns = [("\(row.alias).*", nil)]
    for expression in wanted {
      let name = unused("measure")
      row.select.columns.append((try writer.value(expression, row).text, name))
      computed[expression] = name
    }
    let name = define(row.select.text)
    let result = SQLRow(Select(from: name), alias: name, row.kind)
    result.computed = computed
    return result
  }
}

/// A subquery with one value for each record of an entity.
struct SQLRanking {
  var name: String
  var key: String
  var value: String
}
