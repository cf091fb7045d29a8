import Store
import Syntax

// Points, durations and windows: everything relative is resolved to days here.

extension Binder {
  var periods: Periods { Periods(today: today) }

  /// A point as the constant day it is.
  mutating func bindPoint(_ point: Point, of expression: Expression) -> BoundExpression? {
    guard let day = resolve(point, of: expression) else { return nil }
    note(.resolved(text: text(expression), from: day, through: day))
    return .constant(.word(Int64(day)), .date)
  }

  private mutating func resolve(_ point: Point, of expression: Expression) -> Int? {
    guard let day = periods.day(of: point) else {
      report(.dateOutOfRange(text: text(expression)), at: expression.range)
      return nil
    }
    return day
  }

  /// A duration where a value stands: opposite a count of days it is one.
  mutating func bindDuration(
    _ count: Int64, _ unit: DurationUnit, of expression: Expression, expecting: ValueType?
  ) -> BoundExpression? {
    let written = text(expression)
    switch expecting {
    case .integer?, .number?:
      let (days, overflows) = count.multipliedReportingOverflow(by: unit == .week ? 7 : 1)
      if unit == .day || unit == .week, !overflows {
        return converted(.constant(.word(days), .integer), to: expecting ?? .integer)
      }
      let daysPerUnit: Int64 = unit == .month ? 30 : unit == .quarter ? 91 : 365
      let about = Int(min(count, 1_000_000) * daysPerUnit)
      report(
        .monthDuration(duration: written, days: about), at: expression.range,
        fixes: [Fix(expression.range, "\(about) days")])
    case .date?, .time?:
      report(
        .dateAgainstDuration(text: comparedText, duration: written), at: expression.range,
        fixes: [Fix(expression.range, "\(written) ago")])
    default: report(.durationAlone(duration: written), at: expression.range)
    }
    return nil
  }

  /// A date or time moved by a duration.
  mutating func bindShift(
    _ moved: Expression, _ count: Int64, _ unit: DurationUnit, of expression: Expression
  ) -> BoundExpression? {
    guard let bound = bindValue(moved) else { return nil }
    guard bound.type == .date || bound.type == .time else {
      report(
        .notComputable(
          operation: count < 0 ? "-" : "+", leftType: bound.type.name, rightType: "a duration",
          hint: "a duration moves a date, as in 'today + 5 days'"),
        at: expression.range)
      return nil
    }
    guard count.magnitude <= 4_000_000 else {
      report(.dateOutOfRange(text: text(expression)), at: expression.range)
      return nil
    }
    if case .constant(.word(let value), .date) = bound {
      guard let day = periods.shifted(Int(value), by: count, unit) else {
        report(.dateOutOfRange(text: text(expression)), at: expression.range)
        return nil
      }
      return .constant(.word(Int64(day)), .date)
    }
    let (months, days) = Periods.monthsAndDays(Int(count), unit)
    return .shift(bound, months: months, days: days)
  }

  // MARK: Windows

  /// What stands in a window: days known now, or a date of each row.
  private enum Bound {
    /// Days, and whether they were written as a period or a relative point.
    case days(DayRange, isRelative: Bool)
    case value(BoundExpression)
  }

  /// `x in last 90 days` and its kin.
  mutating func bindWindowTest(_ tested: Expression, _ window: Window) -> BoundExpression? {
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

  // MARK: The source's window

  /// The window after the source, on its own time field.
  mutating func bindSourceWindow(_ window: Window, of query: Query) {
    guard let time = ownTime(at: window.range) else { return }
    clause = .filter
    guard let bound = bindWindow(window, on: time, written: nil) else { return }
    for value in bound.windowBounds where !value.isConstant {
      let condition = "\(text(time)) \(Formatter.format(window))"
      report(.windowNotConstant(text: window.words(text), condition: condition), at: window.range)
      return
    }
    rememberSourceWindow(window, bound)
    if self.query.rounds.isEmpty {
      round.window = bound
    } else {
      // After a source in brackets the window filters what the brackets gave.
      round.filter = bound
      closeRound(nil)
    }
  }

  /// The own time field of the records in scope, or a report that there is none.
  mutating func ownTime(at range: SourceRange) -> BoundExpression? {
    guard case .records(let entity, let hops, let prefix) = scope.relation else {
      if scope.relation == .columns { report(.noTimeInGroup, at: range) }
      return nil
    }
    let definition = catalog[entity]
    guard let time = definition.timeField else {
      let dates = definition.fields.filter { $0.type == .date || $0.type == .time }.map(\.name)
      report(.noTimeField(plural: definition.name, dates: dates), at: range)
      return nil
    }
    let field = definition[time]
    return .field(
      FieldPath(
        hops: hops, field: time, type: field.type,
        text: prefix.isEmpty ? field.name : "\(prefix).\(field.name)"))
  }

  private func text(_ field: BoundExpression) -> String {
    if case .field(let path) = field { path.text } else { "" }
  }

  private mutating func rememberSourceWindow(_ window: Window, _ bound: BoundExpression) {
    var period: Period?
    if case .inside(let expression) = window.kind, case .period(let written) = expression.kind {
      period = written
    }
    sourceWindow = (bound.windowDays, period)
  }

  /// Names a group by month, week or quarter of the own time field that the source's window cuts,
  /// and offers the window that does not.
  mutating func noteCutPeriod(_ key: BoundExpression, _ expression: Expression) {
    guard let (days, period) = sourceWindow, case .call(let function, let operands, _) = key,
      let unit = function.calendarUnit, let time = ownTimeQuietly, operands.count == 1,
      operands[0] == time || operands[0] == .convert(.timeToDate, time)
    else { return }
    let start = days.from.map { Periods.start(of: unit, holding: $0) }
    let end = days.through.flatMap { periods.end(of: unit, holding: $0) }
    guard start != days.from || end != days.through else { return }
    note(.cutPeriod(group: text(expression), offered: offered(unit, period, start, end)))
  }

  private var ownTimeQuietly: BoundExpression? {
    guard let entity = scope.entity, let time = catalog[entity].timeField else { return nil }
    let field = catalog[entity][time]
    return .field(FieldPath(field: time, type: field.type, text: field.name))
  }

  /// The window of whole units nearest to the one written.
  private func offered(
    _ unit: DurationUnit, _ period: Period?, _ start: Int?, _ end: Int?
  ) -> String {
    func date(_ day: Int) -> String {
      let (year, month, day) = Day.date(day)
      let nowhere = SourceRange(0, 0)
      return text(
        Expression(.date(DateLiteral(year: year, month: month, day: day)), range: nowhere))
    }
    if case .last(let count, let own, _)? = period {
      let daysPerUnit: [DurationUnit: Int64] = [
        .day: 1, .week: 7, .month: 30, .quarter: 91, .year: 365,
      ]
      let days = count * (daysPerUnit[own] ?? 1)
      let size = daysPerUnit[unit] ?? 1
      let units = own == unit ? count : max(1, (days + size / 2) / size)
      if units == 1 { return "in last \(unit.rawValue)" }
      return "in last \(units) whole \(unit.rawValue)s"
    }
    switch (start, end) {
    case (let start?, let end?): return "between \(date(start)) and \(date(end))"
    case (let start?, nil): return "since \(date(start))"
    case (nil, let end?): return "until \(date(end))"
    case (nil, nil): return ""
    }
  }
}

extension Function {
  /// For `month_of` and its kin, the unit.
  var calendarUnit: DurationUnit? {
    switch self {
    case .monthOf: .month
    case .weekOf: .week
    case .quarterOf: .quarter
    default: nil
    }
  }
}

extension Window {
  /// The window's operand as written.
  func words(_ format: (Expression) -> String) -> String {
    switch kind {
    case .inside(let x), .since(let x), .before(let x), .after(let x), .until(let x), .on(let x):
      format(x)
    case .between(let low, let high): "\(format(low)) and \(format(high))"
    }
  }
}

extension BoundExpression {
  /// What a window's condition compares with.
  fileprivate var windowBounds: [BoundExpression] {
    switch self {
    case .comparison(_, _, let bound): [bound]
    case .and(let sides): sides.flatMap(\.windowBounds)
    default: []
    }
  }

  fileprivate var isConstant: Bool { if case .constant = self { true } else { false } }

  /// The days that a window's condition lets through.
  fileprivate var windowDays: DayRange {
    switch self {
    case .between(let tested, .word(let from), .word(let through)) where tested.type == .date:
      return DayRange(from: Int(from), through: Int(through))
    case .comparison(let operation, let tested, .constant(.word(let day), .date))
    where tested.type == .date:
      switch operation {
      case .equal: return DayRange(from: Int(day), through: Int(day))
      case .greaterOrEqual: return DayRange(from: Int(day))
      case .lessOrEqual: return DayRange(through: Int(day))
      default: return DayRange()
      }
    default: return DayRange()
    }
  }
}
