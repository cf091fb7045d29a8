import Store

/// A date or time as it stands in a cell, before it is known which of two numbers is the day.
struct Moment {
  /// The three numbers' order.
  enum Order {
    /// Year, month, day.
    case fixed
    /// Day, month, year.
    case dayFirst
    /// Day and month in either order, then the year.
    case open
  }

  /// The year, 1…9999.
  var year = 0
  /// The month, or under `.open` the first number.
  var month = 0
  /// The day, or under `.open` the second number.
  var day = 0
  /// What is known of their order.
  var order = Order.fixed
  /// Seconds since midnight.
  var second = 0
  /// Whether a time of day is written.
  var hasTime = false
  /// Minutes east of Greenwich, if a zone is written.
  var zoneMinutes: Int?

  /// The day number, or nil when there is no such day.
  func day(isDayFirst: Bool) -> Int? {
    switch order {
    case .fixed, .dayFirst: Day.existing(year: year, month: month, day: day)
    case .open:
      isDayFirst
        ? Day.existing(year: year, month: day, day: month)
        : Day.existing(year: year, month: month, day: day)
    }
  }
}

extension Moment {
  /// Reads the whole of `range`, trimmed, or gives nil.
  ///
  /// `2026-01-31`, `2026/1/31`, `2026.01.31`, `31.01.2026`, and `31/01/2026` or `31-01-2026` in
  /// either order of day and month; then, after `T` or a space, `14:30`, `14:30:00`, `14:30:00.25`,
  /// `2:30 PM`, and a zone, `Z`, `+02:00` or `+0200`. Fractions of a second are dropped.
  init?(_ bytes: ByteView, _ range: Range<Int>) {
    var position = range.lowerBound
    let end = range.upperBound
    guard range.count >= 8, range.count <= 40 else { return nil }
    guard let first = Self.number(bytes, &position, end), position < end else { return nil }
    let separator = bytes[position]
    guard separator == 0x2D || separator == 0x2F || separator == 0x2E else { return nil }
    position &+= 1
    guard let second = Self.number(bytes, &position, end), second.digitCount <= 2,
      position < end, bytes[position] == separator
    else { return nil }
    position &+= 1
    guard let third = Self.number(bytes, &position, end) else { return nil }
    if first.digitCount == 4, third.digitCount <= 2 {
      (year, month, day) = (first.value, second.value, third.value)
    } else if first.digitCount <= 2, third.digitCount == 4 {
      (year, month, day) = (third.value, first.value, second.value)
      order = .open
      if separator == 0x2E {
        order = .dayFirst
        swap(&month, &day)
      }
    } else {
      return nil
    }
    if position < end, !takeTime(bytes, &position, end) { return nil }
    guard position == end else { return nil }
  }

  private mutating func takeTime(_ bytes: ByteView, _ position: inout Int, _ end: Int) -> Bool {
    guard bytes[position] == 0x20 || bytes[position] | 0x20 == 0x74 else { return false }
    position &+= 1
    guard var hour = Self.number(bytes, &position, end), hour.digitCount <= 2, position < end,
      bytes[position] == 0x3A
    else { return false }
    position &+= 1
    guard let minute = Self.number(bytes, &position, end), minute.digitCount == 2,
      minute.value < 60
    else { return false }
    var seconds = 0
    if position < end, bytes[position] == 0x3A {
      position &+= 1
      guard let read = Self.number(bytes, &position, end), read.digitCount == 2, read.value < 60
      else { return false }
      seconds = read.value
      if position &+ 1 < end, bytes[position] == 0x2E || bytes[position] == 0x2C {
        position &+= 1
        let start = position
        while position < end, bytes[position] &- 0x30 <= 9 { position &+= 1 }
        if position == start { return false }
      }
    }
    if position < end, bytes[position] == 0x20 { position &+= 1 }
    if position &+ 1 < end, bytes[position &+ 1] | 0x20 == 0x6D {
      let half = bytes[position] | 0x20
      guard half == 0x61 || half == 0x70, hour.value >= 1, hour.value <= 12 else { return false }
      hour.value = hour.value % 12 + (half == 0x70 ? 12 : 0)
      position &+= 2
    }
    guard hour.value < 24 else { return false }
    second = (hour.value * 60 + minute.value) * 60 + seconds
    hasTime = true
    return position == end || takeZone(bytes, &position, end)
  }

  private mutating func takeZone(_ bytes: ByteView, _ position: inout Int, _ end: Int) -> Bool {
    let sign = bytes[position]
    position &+= 1
    if sign | 0x20 == 0x7A {
      zoneMinutes = 0
      return true
    }
    guard sign == 0x2B || sign == 0x2D, var hours = Self.number(bytes, &position, end)
    else { return false }
    var minutes = 0
    if hours.digitCount == 4 {
      minutes = hours.value % 100
      hours.value /= 100
    } else if position < end, bytes[position] == 0x3A {
      position &+= 1
      guard hours.digitCount == 2, let read = Self.number(bytes, &position, end),
        read.digitCount == 2
      else { return false }
      minutes = read.value
    } else if hours.digitCount != 2 {
      return false
    }
    guard hours.value <= 15, minutes < 60 else { return false }
    zoneMinutes = (hours.value * 60 + minutes) * (sign == 0x2D ? -1 : 1)
    return true
  }

  /// One to four digits, no more.
  @inline(__always)
  private static func number(
    _ bytes: ByteView, _ position: inout Int, _ end: Int
  ) -> (value: Int, digitCount: Int)? {
    var value = 0
    var count = 0
    while position < end, bytes[position] &- 0x30 <= 9 {
      value = value &* 10 &+ Int(bytes[position] &- 0x30)
      count &+= 1
      position &+= 1
      if count > 4 { return nil }
    }
    return count == 0 ? nil : (value, count)
  }

  /// A zone as it is written: `Z`, `+02:00`.
  static func zoneName(_ minutes: Int) -> String {
    if minutes == 0 { return "Z" }
    let sign = minutes < 0 ? "-" : "+"
    let (hours, rest) = abs(minutes).quotientAndRemainder(dividingBy: 60)
    return sign + (hours < 10 ? "0" : "") + "\(hours):" + (rest < 10 ? "0" : "") + "\(rest)"
  }
}
