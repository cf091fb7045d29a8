import Store
import Syntax

// Windows on any date or time expression, as conditions on its days.

extension Binder {
  /// What stands in a window: days known now, or a date of each row.
  private enum Bound {
    /// Days, and whether they were written as a period or a relative point.
    case days(DayRange, isRelative: Bool)
    case value(BoundExpression)
  }

  /// `x in last 90 days` and its kin.
  mutating func bindWindowTest(_ tested: Expression, _ window: Window) -> BoundExpression? {
    if case .on(let day) = window.kind, let value = trackedValue(tested) {
      return bindValueOn(value, day, of: tested)
    }
    guard let bound = bindValue(tested) else { return nil }
    return bindWindow(window, on: bound, written: tested)
  }

  /// A window as a condition on a date or time.
  ///
  /// - Parameter written: What the window is on, for messages; nil for the own time field.
  mutating func bindWindow(
    _ window: Window, on bound: BoundExpression, written: Expression?
  ) -> BoundExpression? {
    guard bound.type == .date || bound.type == .time else {
      report(
        .windowNeedsDate(text: written.map(text) ?? "", type: bound.type.name),
        at: written?.range ?? window.range)
      return nil
    }
    let of = "\(keyword(of: window)) "
    switch window.kind {
    case .inside(let period):
      guard let days = bindPeriod(period) else { return nil }
      note(.resolved(text: text(period), from: days.from, through: days.through))
      return condition(bound, days)
    case .since(let point):
      return bindEdge(point, of, bound, .greaterOrEqual) { DayRange(from: $0.from) }
    case .until(let point):
      return bindEdge(point, of, bound, .lessOrEqual) { DayRange(through: $0.through) }
    case .before(let point):
      return bindEdge(point, of, bound, .less) { DayRange(through: $0.from.map { $0 - 1 }) }
    case .after(let point):
      return bindEdge(point, of, bound, .greater) { DayRange(from: $0.through.map { $0 + 1 }) }
    case .on(let point): return bindEdge(point, of, bound, .equal) { $0 }
    case .between(let low, let high): return bindBetweenDays(low, high, bound)
    }
  }

  private func keyword(of window: Window) -> String {
    switch window.kind {
    case .inside: "in"
    case .since: "since"
    case .before: "before"
    case .after: "after"
    case .until: "until"
    case .on: "on"
    case .between: "between"
    }
  }

  /// A window with one operand: days are cut to the side meant, a row's own date is compared.
  private mutating func bindEdge(
    _ point: Expression, _ keyword: String, _ bound: BoundExpression,
    _ operation: ComparisonOperator, _ side: (DayRange) -> DayRange
  ) -> BoundExpression? {
    switch bindBound(point) {
    case nil: return nil
    case .days(let days, let isRelative):
      let range = side(days)
      if isRelative {
        note(.resolved(text: keyword + text(point), from: range.from, through: range.through))
      }
      return condition(bound, range)
    case .value(let value):
      guard let common = comparisonType(bound.type, value.type),
        let one = converted(bound, to: common), let other = converted(value, to: common)
      else { return nil }
      return .comparison(operation, one, other)
    }
  }

  private mutating func bindBetweenDays(
    _ low: Expression, _ high: Expression, _ bound: BoundExpression
  ) -> BoundExpression? {
    guard let start = bindBound(low), let end = bindBound(high) else { return nil }
    if case .days(let first, let isRelative) = start, case .days(let last, let isAlso) = end {
      let range = DayRange(from: first.from, through: last.through)
      if let from = range.from, let through = range.through, from > through {
        reportBackwards(low, high)
        return nil
      }
      if isRelative || isAlso {
        note(
          .resolved(
            text: "between \(text(low)) and \(text(high))", from: range.from,
            through: range.through))
      }
      return condition(bound, range)
    }
    if case .value(.constant(.word(let a), .time)) = start,
      case .value(.constant(.word(let b), .time)) = end, bound.type == .time
    {
      if a > b {
        reportBackwards(low, high)
        return nil
      }
      return .between(bound, .word(a), .word(b))
    }
    guard let one = side(start, bound, .greaterOrEqual), let other = side(end, bound, .lessOrEqual)
    else { return nil }
    return .and([one, other])
  }

  private mutating func reportBackwards(_ low: Expression, _ high: Expression) {
    report(
      .betweenBackwards(low: text(low), high: text(high)), at: low.range.union(high.range),
      fixes: [Fix(low.range, text(high)), Fix(high.range, text(low))])
  }

  /// One end of `between`.
  private func side(
    _ end: Bound, _ bound: BoundExpression, _ operation: ComparisonOperator
  ) -> BoundExpression? {
    switch end {
    case .days(let days, _):
      return condition(
        bound,
        operation == .greaterOrEqual ? DayRange(from: days.from) : DayRange(through: days.through))
    case .value(let value):
      guard let common = comparisonType(bound.type, value.type),
        let one = converted(bound, to: common), let other = converted(value, to: common)
      else { return nil }
      return .comparison(operation, one, other)
    }
  }

  /// A date or time within days: a time counts as its whole day.
  private func condition(_ bound: BoundExpression, _ days: DayRange) -> BoundExpression? {
    guard let bound = converted(bound, to: .date) else { return nil }
    func day(_ number: Int) -> BoundExpression { .constant(.word(Int64(number)), .date) }
    switch (days.from, days.through) {
    case (let from?, let through?) where from == through:
      return Self.ordered(.equal, bound, day(from))
    case (let from?, let through?):
      return .between(bound, .word(Int64(from)), .word(Int64(through)))
    case (let from?, nil): return Self.ordered(.greaterOrEqual, bound, day(from))
    case (nil, let through?): return Self.ordered(.lessOrEqual, bound, day(through))
    case (nil, nil): return .isKnown(bound)
    }
  }

  /// What stands after `in`: a period and nothing else.
  private mutating func bindPeriod(_ expression: Expression) -> DayRange? {
    guard let expression = withNumber(expression) else { return nil }
    if case .period(let period) = expression.kind { return resolve(period, of: expression) }
    if let year = year(expression) { return resolve(.year(year), of: expression) }
    guard let bound = bindValue(expression) else { return nil }
    let isDay = bound.type == .date || bound.type == .time
    let word = SourceRange(expression.range.lowerBound - 3, expression.range.lowerBound)
    if isDay {
      report(
        .periodExpected(text: text(expression)), at: expression.range,
        fixes: word.lowerBound < 0 ? [] : [Fix(word, "on ")])
    } else {
      report(
        .pointExpected(text: text(expression), type: bound.type.name), at: expression.range)
    }
    return nil
  }

  /// The same with what its parameter holds: a count, or a period or point from outside.
  private mutating func withNumber(_ expression: Expression) -> Expression? {
    switch expression.kind {
    case .counted(let time):
      return countedKind(time, at: expression.range).map {
        Expression($0, range: expression.range)
      }
    case .parameter(let name):
      return literal(of: name).map { Expression($0.kind, range: expression.range) } ?? expression
    default: return expression
    }
  }

  private func year(_ expression: Expression) -> Int? {
    guard isYear(expression), let number = numberLiteral(expression) else { return nil }
    return Int(number.literal.unscaled)
  }

  private mutating func resolve(_ period: Period, of expression: Expression) -> DayRange? {
    guard let days = periods.days(of: period) else {
      report(.dateOutOfRange(text: text(expression)), at: expression.range)
      return nil
    }
    if let from = days.from, let through = days.through, from > through {
      report(.emptyPeriod(text: text(expression)), at: expression.range)
      return nil
    }
    return days
  }

  /// What stands after the other words of a window: a period, a point or a date expression.
  private mutating func bindBound(_ expression: Expression) -> Bound? {
    guard let expression = withNumber(expression) else { return nil }
    if case .period(let period) = expression.kind {
      return resolve(period, of: expression).map { .days($0, isRelative: true) }
    }
    if let year = year(expression) {
      return resolve(.year(year), of: expression).map { .days($0, isRelative: true) }
    }
    if case .point(let point) = expression.kind {
      return resolve(point, of: expression).map {
        .days(DayRange(from: $0, through: $0), isRelative: true)
      }
    }
    guard let bound = bindValue(expression, expecting: .date) else { return nil }
    guard bound.type == .date || bound.type == .time else {
      report(
        .pointExpected(text: text(expression), type: bound.type.name), at: expression.range)
      return nil
    }
    if case .constant(.word(let day), .date) = bound {
      return .days(DayRange(from: Int(day), through: Int(day)), isRelative: false)
    }
    return .value(bound)
  }
}
