import Store
import Syntax

// Points and durations: everything relative is resolved to days here.

extension Binder {
  var periods: Periods { Periods(today: today) }

  /// A point as the constant day it is.
  mutating func bindPoint(_ point: Point, of expression: Expression) -> BoundExpression? {
    guard let day = resolve(point, of: expression) else { return nil }
    note(.resolved(text: text(expression), from: day, through: day))
    return .constant(.word(Int64(day)), .date)
  }

  mutating func resolve(_ point: Point, of expression: Expression) -> Int? {
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
    default:
      report(
        .durationAlone(duration: written, isOpposite: expecting != nil), at: expression.range)
    }
    return nil
  }

  /// The count and unit of a duration, which a parameter may count or be; nil for all else.
  mutating func bindDuration(_ expression: Expression) -> (count: Int64, unit: DurationUnit)? {
    var kind = expression.kind
    switch kind {
    case .counted(let time) where time.kind == .duration:
      kind = countedKind(time, at: expression.range) ?? kind
    case .parameter(let name): kind = literal(of: name)?.kind ?? kind
    default: break
    }
    guard case .duration(let count, let unit) = kind else { return nil }
    return (count, unit)
  }

  /// Says that what stands after `clause` is no length of time, or a parameter without a value.
  mutating func reportLength(_ expression: Expression, after clause: String) {
    if case .parameter(let name) = expression.kind, parameters[name.folded] == nil {
      return report(.unknownParameter(name: name.text), at: expression.range)
    }
    report(
      .withinExpected(clause: clause, text: text(expression)), at: expression.range)
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
}
