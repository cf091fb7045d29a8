import Store
import Syntax

/// Weeks from Monday, months, quarters or years as consecutive whole numbers, for the days up to one
/// day. A month's number is 12 × year + month − 1, never a repeated adding of months.
struct CalendarPeriods {
  let unit: CohortOptions.Unit
  /// The number of the period of the first of these days.
  let first: Int
  /// The number of the period of the last of them.
  let last: Int
  /// The first of the days.
  let firstDay: Int
  /// For each day from `firstDay` the place of its period, counted from 0; -1 before the first.
  let places: [Int32]

  /// - Parameters:
  ///   - days: The days whose periods are asked for.
  ///   - countMax: Only so many periods are kept, the latest; a day before them has place -1.
  init(_ unit: CohortOptions.Unit, of days: ClosedRange<Int>, countMax: Int) {
    self.unit = unit
    last = Self.number(of: days.upperBound, unit)
    first = max(Self.number(of: days.lowerBound, unit), last - countMax + 1)
    firstDay = days.lowerBound
    var places: [Int32] = []
    places.reserveCapacity(days.count)
    var day = days.lowerBound
    var number = Self.number(of: day, unit)
    while day <= days.upperBound {
      let next = min(Self.firstDay(of: number + 1, unit), days.upperBound + 1)
      let place = Int32(truncatingIfNeeded: max(-1, number - first))
      places.append(contentsOf: repeatElement(place, count: next - day))
      day = next
      number += 1
    }
    self.places = places
  }

  /// Periods.
  var count: Int { last - first + 1 }

  /// The first day of the period at a place.
  func firstDay(at place: Int) -> Int { Self.firstDay(of: first + place, unit) }

  /// The period at a place as people call it: `2026-03`, `Q1 2026`; a week by its Monday.
  func name(at place: Int) -> String {
    let date = Day.date(firstDay(at: place))
    func padded(_ number: Int, _ width: Int) -> String {
      let digits = String(number)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    let (year, month) = (padded(date.year, 4), padded(date.month, 2))
    switch unit {
    case .week: return "\(year)-\(month)-\(padded(date.day, 2))"
    case .month: return "\(year)-\(month)"
    case .quarter: return "Q\((date.month - 1) / 3 + 1) \(year)"
    case .year: return year
    }
  }

  /// The number of the period that holds a day.
  static func number(of day: Int, _ unit: CohortOptions.Unit) -> Int {
    let date = Day.date(day)
    switch unit {
    // Day 4 is Monday, 1970-01-05.
    case .week: return floored(day - 4, 7)
    case .month: return 12 * date.year + date.month - 1
    case .quarter: return floored(12 * date.year + date.month - 1, 3)
    case .year: return date.year
    }
  }

  /// The first day of a period.
  static func firstDay(of number: Int, _ unit: CohortOptions.Unit) -> Int {
    func month(_ number: Int) -> Int {
      let year = floored(number, 12)
      return Day.number(year: year, month: number - 12 * year + 1, day: 1)
    }
    return switch unit {
    case .week: 7 * number + 4
    case .month: month(number)
    case .quarter: month(3 * number)
    case .year: month(12 * number)
    }
  }

  private static func floored(_ number: Int, _ divisor: Int) -> Int {
    number >= 0 ? number / divisor : (number - divisor + 1) / divisor
  }
}
