import Store
import Syntax

/// A run of whole days; an end that is nil is open.
struct DayRange: Hashable {
  var from: Int?
  var through: Int?
}

/// The calendar around one `today`: which days points and periods are. Weeks begin on Monday.
struct Periods {
  let today: Int

  /// The first and the last day of the years 1 to 9999.
  static let firstDay = Day.number(year: 1, month: 1, day: 1)
  static let lastDay = Day.number(year: 9999, month: 12, day: 31)

  /// Whether a day lies within the years 1 to 9999.
  static func contains(_ day: Int) -> Bool { (firstDay...lastDay).contains(day) }

  /// The largest count of units that can lead anywhere within those years.
  private static let countMax: Int64 = 4_000_000

  /// The day of a point; nil when it lies outside the years 1 to 9999.
  func day(of point: Point) -> Int? {
    switch point {
    case .today: return today
    case .yesterday: return today - 1
    case .ago(let count, let unit): return shifted(today, by: -count, unit)
    case .fromNow(let count, let unit): return shifted(today, by: count, unit)
    case .edge(let isStart, let shift, let unit):
      guard let days = days(of: .unit(shift, unit)) else { return nil }
      return isStart ? days.from : days.through
    }
  }

  /// The days of a period; nil when they lie outside the years 1 to 9999. `last 0 days` has none:
  /// its end lies before its beginning.
  func days(of period: Period) -> DayRange? {
    switch period {
    case .year(let year):
      return range(year: year, month: 1, monthCount: 12)
    case .quarter(let quarter, let year):
      return range(year: year, month: 3 * quarter - 2, monthCount: 3)
    case .month(let month, let year):
      return range(year: year, month: month, monthCount: 1)
    case .last(let count, let unit, let isWhole):
      guard isWhole else {
        return shifted(today, by: -count, unit).flatMap { checked($0 + 1, today) }
      }
      let start = Self.start(of: unit, holding: today)
      return shifted(start, by: -count, unit).flatMap { checked($0, start - 1) }
    case .next(let count, let unit):
      return shifted(today, by: count, unit).flatMap { checked(today + 1, $0) }
    case .unit(let shift, let unit):
      let this = Self.start(of: unit, holding: today)
      let offset: Int64 = shift == .last ? -1 : shift == .this ? 0 : 1
      guard let start = shifted(this, by: offset, unit), let end = shifted(start, by: 1, unit)
      else { return nil }
      return checked(start, end - 1)
    }
  }

  /// The day some units later or earlier; months clamp to the month's end.
  func shifted(_ day: Int, by count: Int64, _ unit: DurationUnit) -> Int? {
    guard count.magnitude <= Self.countMax else { return nil }
    let (months, days) = Self.monthsAndDays(Int(count), unit)
    let date = Day.date(day)
    let month = 12 * date.year + date.month - 1 + months
    guard (12...(12 * 10_000 - 1)).contains(month) else { return nil }
    let shifted = Day.add(months: months, to: day) + days
    return Self.contains(shifted) ? shifted : nil
  }

  /// A count of units as months and days.
  static func monthsAndDays(_ count: Int, _ unit: DurationUnit) -> (months: Int, days: Int) {
    switch unit {
    case .day: (0, count)
    case .week: (0, 7 * count)
    case .month: (count, 0)
    case .quarter: (3 * count, 0)
    case .year: (12 * count, 0)
    }
  }

  /// The first day of the calendar unit that holds a day.
  static func start(of unit: DurationUnit, holding day: Int) -> Int {
    let date = Day.date(day)
    switch unit {
    case .day: return day
    case .week: return day - Day.weekday(day) + 1
    case .month: return Day.number(year: date.year, month: date.month, day: 1)
    case .quarter:
      return Day.number(year: date.year, month: (date.month - 1) / 3 * 3 + 1, day: 1)
    case .year: return Day.number(year: date.year, month: 1, day: 1)
    }
  }

  /// The last day of the calendar unit that holds a day.
  func end(of unit: DurationUnit, holding day: Int) -> Int? {
    shifted(Self.start(of: unit, holding: day), by: 1, unit).map { $0 - 1 }
  }

  private func range(year: Int, month: Int, monthCount: Int) -> DayRange? {
    guard (1...9_999).contains(year), (1...12).contains(month) else { return nil }
    let last = month + monthCount - 1
    return DayRange(
      from: Day.number(year: year, month: month, day: 1),
      through: Day.number(year: year, month: last, day: Day.count(inMonth: last, year: year)))
  }

  private func checked(_ from: Int, _ through: Int) -> DayRange? {
    Self.contains(from) && Self.contains(through) ? DayRange(from: from, through: through) : nil
  }
}
