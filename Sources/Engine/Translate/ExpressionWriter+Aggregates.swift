import Store

extension ExpressionWriter {
  /// An aggregate that SQL has, over the rows of a `SELECT`.
  func aggregate(
    _ aggregate: BoundAggregate, _ row: SQLRow, filter: BoundExpression? = nil
  ) throws(TranslateReason) -> SQL {
    var suffix = ""
    if let filter { suffix = " FILTER (WHERE \(try condition(filter, row).text))" }
    guard let argument = aggregate.argument else { return SQL("count(*)" + suffix) }
    let value = try value(argument, row).text
    let sum = "sum(\(value))" + suffix
    switch aggregate.kind {
    case .count:
      return SQL("count(\(aggregate.isDistinct ? "DISTINCT " : "")\(value))" + suffix)
    case .sum:
      return SQL(
        argument.type == .money ? "coalesce(round(\(sum), 2), 0)" : "coalesce(\(sum), 0)")
    case .average:
      return argument.type == .money
        ? mean(sum, "count(\(value))" + suffix) : SQL("avg(\(value))" + suffix)
    case .minimum, .maximum:
      let name = aggregate.kind == .minimum ? "min" : "max"
      guard case .choice(let list) = argument.type else {
        return SQL("\(name)(\(value))" + suffix)
      }
      return self.name("\(name)(\(code(SQL(value, .arithmetic), list)))" + suffix, list)
    case .median, .medianGap, .percentile, .mode, .first, .last:
      preconditionFailure("what goes by order is written another way")
    }
  }

  /// The mean of amounts, half away from zero: computed in whole cents, which are exact.
  func mean(_ sum: String, _ count: String) -> SQL {
    SQL("\(dialect.rounded("round(100 * \(sum)) / nullif(\(count), 0)")) / 100", .arithmetic)
  }

  /// The choice of a code.
  private func name(_ code: String, _ list: ChoiceList) -> SQL {
    let names = list.names.enumerated().map { "WHEN \($0.offset) THEN \(text($0.element))" }
    return SQL("CASE \(code) \(names.joined(separator: " ")) END")
  }

  /// A value where a condition holds.
  func filtered(
    _ argument: BoundExpression, _ filter: BoundExpression?, _ row: SQLRow
  ) throws(TranslateReason) -> SQL {
    let value = try value(argument, row)
    guard let filter else { return value }
    return SQL("CASE WHEN \(try condition(filter, row).text) THEN \(value.text) END")
  }

  /// An aggregate that goes by the number of each row in its group.
  func inOrder(
    _ aggregate: BoundAggregate, _ row: SQLRow, _ place: RowPlace
  ) throws(TranslateReason) -> SQL {
    guard let argument = aggregate.argument else {
      preconditionFailure("what goes by order has an argument")
    }
    let value = try filtered(argument, aggregate.filter, row).text
    func only(_ test: String) -> SQL {
      SQL("\(argument.type == .flag ? dialect.anyFlag : "max")(\(value)) FILTER (WHERE \(test))")
    }
    if aggregate.kind == .medianGap { throw .notInSQL("'median_gap' of a group's rows") }
    let known = SQL(place.known)
    switch aggregate.kind {
    case .median where argument.type != .date && argument.type != .time:
      let test = middle(place.place, known)
      let (sum, count) = (
        "sum(\(value)) FILTER (WHERE \(test))", "count(\(value)) FILTER (WHERE \(test))"
      )
      return argument.type == .money
        ? mean(sum, count)
        : SQL("CAST(\(sum) AS \(dialect.realType)) / nullif(\(count), 0)", .arithmetic)
    case .median:
      return only("\(place.place) = \(dialect.quotient("(\(known.text) + 1)", "2").text)")
    case .percentile(let share): return only("\(place.place) = \(nearestRank(share, known))")
    default: return only("\(place.place) = 1")
    }
  }

  /// Whether a row is one of the middle two, or the middle one.
  func middle(_ place: String, _ count: SQL) -> String {
    "\(place) IN (\(dialect.quotient("(\(count.text) + 1)", "2").text), "
      + "\(dialect.quotient("(\(count.text) + 2)", "2").text))"
  }

  /// The nearest rank: share × count rounded up, at least 1, in whole numbers.
  func nearestRank(_ share: Double, _ count: SQL) -> String {
    var (numerator, denominator) = (share, 1.0)
    while denominator < 1e15, (numerator - numerator.rounded()).magnitude > 1e-9 * denominator {
      denominator *= 10
      numerator = share * denominator
    }
    let (part, whole) = (Int64(numerator.rounded()), Int64(denominator))
    if part == 0 { return "1" }
    if part == whole { return count.text }
    return dialect.quotient("(\(part) * \(count.text) + \(whole - 1))", "\(whole)").text
  }
}
