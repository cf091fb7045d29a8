import Store

/// Dates and times as the file writes them: `2026-01-31`, `2026-01-31T14:30:00`. A year has four
/// digits, or as many as it takes, with a minus before the year 0.
enum ISOText {
  private static let secondsPerDay: Int64 = 86_400

  // MARK: writing

  /// Adds a date at the end of `bytes`.
  static func append(day: Int64, to bytes: inout [UInt8]) {
    let (year, month, dayOfMonth) = Day.date(Int(clamped(day)))
    append(year: year, to: &bytes)
    bytes.append(UInt8(ascii: "-"))
    append(month, to: &bytes)
    bytes.append(UInt8(ascii: "-"))
    append(dayOfMonth, to: &bytes)
  }

  /// Adds a time at the end of `bytes`.
  static func append(second: Int64, to bytes: inout [UInt8]) {
    let ofDay = ((second % secondsPerDay) + secondsPerDay) % secondsPerDay
    append(day: (second - ofDay) / secondsPerDay, to: &bytes)
    bytes.append(UInt8(ascii: "T"))
    append(Int(ofDay / 3_600), to: &bytes)
    bytes.append(UInt8(ascii: ":"))
    append(Int(ofDay / 60 % 60), to: &bytes)
    bytes.append(UInt8(ascii: ":"))
    append(Int(ofDay % 60), to: &bytes)
  }

  /// Years of twelve digits and more have no day number that a column could hold.
  private static let dayMax: Int64 = 300_000_000_000_000

  private static func clamped(_ day: Int64) -> Int64 { min(max(day, -dayMax), dayMax) }

  private static func append(year: Int, to bytes: inout [UInt8]) {
    if year < 0 { bytes.append(UInt8(ascii: "-")) }
    let magnitude = abs(year)
    guard magnitude > 9_999 else {
      append(magnitude / 100, to: &bytes)
      return append(magnitude % 100, to: &bytes)
    }
    bytes += String(magnitude).utf8
  }

  /// Two digits.
  private static func append(_ number: Int, to bytes: inout [UInt8]) {
    bytes.append(UInt8(truncatingIfNeeded: 48 &+ number / 10))
    bytes.append(UInt8(truncatingIfNeeded: 48 &+ number % 10))
  }

  // MARK: reading

  /// The day that is written, if it is one.
  @inline(__always)
  static func day(_ cell: CellBytes) -> Int64? {
    guard cell.count == 10 else { return day(cell, upTo: cell.count) }
    return shortDay(cell)
  }

  /// The time that is written, if it is one. SQLite's own form with a space, and without seconds, is
  /// understood.
  static func second(_ cell: CellBytes) -> Int64? {
    guard let split = splitOffset(cell), let day = day(cell, upTo: split) else { return nil }
    let rest = cell.count - split - 1
    guard rest == 8 || rest == 5, let hour = number(cell, split + 1),
      let minute = number(cell, split + 4), cell[split + 3] == UInt8(ascii: ":")
    else { return nil }
    var second: Int64 = 0
    if rest == 8 {
      guard cell[split + 6] == UInt8(ascii: ":"), let last = number(cell, split + 7) else {
        return nil
      }
      second = last
    }
    guard hour < 24, minute < 60, second < 60 else { return nil }
    let (start, isOverflow) = day.multipliedReportingOverflow(by: secondsPerDay)
    return isOverflow ? nil : start + hour * 3_600 + minute * 60 + second
  }

  private static func splitOffset(_ cell: CellBytes) -> Int? {
    for offset in 0..<cell.count
    where cell[offset] == UInt8(ascii: "T") || cell[offset] == UInt8(ascii: " ") {
      return offset
    }
    return nil
  }

  private static func day(_ cell: CellBytes, upTo end: Int) -> Int64? {
    if end == 10, cell[0] != UInt8(ascii: "-") { return shortDay(cell) }
    let first = end > 0 && cell[0] == UInt8(ascii: "-") ? 1 : 0
    let digitCount = end - 6 - first
    guard (4...12).contains(digitCount), digitCount == 4 || cell[first] != UInt8(ascii: "0") else {
      return nil
    }
    var year = 0
    for offset in first..<first + digitCount {
      let digit = cell[offset] &- 48
      guard digit < 10 else { return nil }
      year = year * 10 + Int(digit)
    }
    guard first == 0 || year > 0 else { return nil }
    return number(year: first == 1 ? -year : year, cell, at: first + digitCount)
  }

  /// Reads ten bytes: `2026-01-31`.
  @inline(__always)
  private static func shortDay(_ cell: CellBytes) -> Int64? {
    // Digits become their values and hyphens 0; only then does no byte exceed 9.
    let first = cell.prefix ^ 0x2D30_302D_3030_3030
    let tens = UInt64(cell[8] ^ 0x30)
    let ones = UInt64(cell[9] ^ 0x30)
    let isNumber =
      (first | (first &+ 0x7676_7676_7676_7676)) & 0x8080_8080_8080_8080 == 0
      && first & 0xFF00_00FF_0000_0000 == 0 && tens < 10 && ones < 10
    guard isNumber else { return nil }
    // Each byte becomes ten times itself and the next one.
    let pairs = first &* 10 &+ first >> 8
    let year = Int(pairs & 0xFF) * 100 + Int(pairs >> 16 & 0xFF)
    let month = Int(pairs >> 40 & 0xFF)
    return number(year: year, month: month, day: Int(tens * 10 + ones))
  }

  private static func number(year: Int, month: Int, day: Int) -> Int64? {
    guard month >= 1, month <= 12, day >= 1,
      day <= 28 || day <= Day.count(inMonth: month, year: year)
    else { return nil }
    return Int64(Day.number(year: year, month: month, day: day))
  }

  @inline(__always)
  private static func number(year: Int, _ cell: CellBytes, at offset: Int) -> Int64? {
    guard cell[offset] == UInt8(ascii: "-"), cell[offset + 3] == UInt8(ascii: "-"),
      let month = number(cell, offset + 1), let day = number(cell, offset + 4)
    else { return nil }
    return number(year: year, month: Int(month), day: Int(day))
  }

  /// Two digits as a number.
  @inline(__always)
  private static func number(_ cell: CellBytes, _ offset: Int) -> Int64? {
    let tens = cell[offset] &- 48
    let ones = cell[offset + 1] &- 48
    guard tens < 10, ones < 10 else { return nil }
    return Int64(tens) * 10 + Int64(ones)
  }
}
