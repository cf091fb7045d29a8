import Store
import Syntax

// The window directly after the source, and the groups it cuts.

extension Binder {
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
      round.windowParts.append(BoundCondition(origin: .window(window), expression: bound))
    } else {
      // After a source in brackets the window filters what the brackets gave.
      round.filter = bound
      round.filterOrigin = .window(window)
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
  var windowDays: DayRange {
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
