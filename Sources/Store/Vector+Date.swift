extension Vector {
  /// A part of a date.
  package enum DatePart: Sendable, CaseIterable {
    /// `week` is the ISO 8601 week of the year, `weekday` 1 is Monday.
    case year, quarter, month, week, weekday, day
    /// The first day of the month, the week (Monday) or the quarter: a date.
    case monthOf, weekOf, quarterOf
  }

  /// Entries of a table for words that lie between `lower` and the table's end; 0 where unknown.
  package func looked(up table: [Int32], from lower: Int64) -> Vector {
    var places = [Int64](repeating: 0, count: count)
    let words = words.span
    let entries = table.span
    let isKnown = known.span
    for offset in places.indices where isKnown[offset] != 0 {
      places[offset] = Int64(entries[Int(words[offset] &- lower)])
    }
    return Vector(words: places, known: known)
  }

  /// The part of each date. Times are converted to dates first.
  package func datePart(_ part: DatePart) -> Vector {
    switch part {
    case .year: mappedDays { Day.date($0).year }
    case .quarter: mappedDays { (Day.date($0).month + 2) / 3 }
    case .month: mappedDays { Day.date($0).month }
    case .day: mappedDays { Day.date($0).day }
    case .weekday: mappedDays { Day.weekday($0) }
    case .weekOf: mappedDays { $0 - (Day.weekday($0) - 1) }
    case .monthOf: mappedDays { $0 - (Day.date($0).day - 1) }
    case .quarterOf:
      mappedDays { day in
        let (year, month, _) = Day.date(day)
        return Day.number(year: year, month: (month - 1) / 3 * 3 + 1, day: 1)
      }
    case .week:
      mappedDays { day in
        // A week belongs to the year of its Thursday.
        let thursday = day - Day.weekday(day) + 4
        let year = Day.date(thursday).year
        return (thursday - Day.number(year: year, month: 1, day: 1)) / 7 + 1
      }
    }
  }

  /// Dates shifted by months (clamped to the month's end), then days.
  /// - Throws: `integerOverflow` when a row in `mask` leaves the range of dates.
  package func shiftedDates(
    months: Int, days: Int, in mask: Mask
  ) throws(StoreError) -> Vector {
    var known = known
    for i in known.indices { known[i] &= mask.bytes[i] }
    let words = words
    return try Self.integers(known) { Self.shift(words[$0], months: months, days: days) }
  }

  /// Times shifted by months (clamped to the month's end), then days; the time of day stays.
  /// - Throws: `integerOverflow` when a row in `mask` leaves the range of dates.
  package func shiftedTimes(
    months: Int, days: Int, in mask: Mask
  ) throws(StoreError) -> Vector {
    var known = known
    for i in known.indices { known[i] &= mask.bytes[i] }
    let words = words
    return try Self.integers(known) {
      let day = Self.flooredQuotient(words[$0], Self.secondsOfDay)
      guard let shifted = Self.shift(day, months: months, days: days) else { return nil }
      return words[$0] - day * Self.secondsOfDay + shifted * Self.secondsOfDay
    }
  }

  private static func shift(_ day: Int64, months: Int, days: Int) -> Int64? {
    guard let day = Int32(exactly: day), let months = Int32(exactly: months),
      let days = Int32(exactly: days)
    else { return nil }
    let shifted = (months == 0 ? Int(day) : Day.add(months: Int(months), to: Int(day))) + Int(days)
    return Int32(exactly: shifted).map(Int64.init)
  }

  @inline(__always)
  private func mappedDays(_ body: (Int) -> Int) -> Vector {
    let words = words
    var result = [Int64](repeating: 0, count: words.count)
    for i in words.indices {
      // Day numbers are 32 bits wide, so nothing below can overflow.
      let value = body(Int(Int32(truncatingIfNeeded: words[i])))
      result[i] = Int64(value) & Self.ones(known[i])
    }
    return Vector(words: result, known: known)
  }
}
