// Numbers, dates, times and months.

extension Lexer {
  /// Scans what begins with a digit.
  mutating func scanNumber() {
    let start = offset
    skipDigits()
    let isDate = offset - start == 4 && byte(0) == UInt8(ascii: "-") && isDigit(byte(1))
    if isDate { return scanDate(from: start) }
    if scanSlashDate(from: start) { return }
    if byte(0) == UInt8(ascii: "."), isDigit(byte(1)) {
      offset += 1
      skipDigits()
    }
    switch byte(0) {
    case UInt8(ascii: "k"), UInt8(ascii: "K"), UInt8(ascii: "m"), UInt8(ascii: "M"),
      UInt8(ascii: "%"):
      offset += 1
    default: break
    }
    let end = offset
    skipNumberTail()
    if let split = unitSplit(from: start) {
      let place = SourceRange(split, split)
      report(
        .badNumber(spelling(SourceRange(start, offset))), at: SourceRange(start, offset),
        [
          Fix(place, " ")
        ])
      let keyword = Keyword(bytes[split..<offset])
      tokens.append(Token(.number, range: SourceRange(start, split)))
      tokens.append(Token(.word, keyword: keyword, range: SourceRange(split, offset)))
      return
    }
    add(.number, from: start)
    let range = SourceRange(start, offset)
    if offset > end || bytes[start..<end].hasStrayUnderscore {
      report(.badNumber(spelling(range)), at: range)
    } else if NumberLiteral(bytes[start..<end]) == nil {
      report(.numberOutOfRange(spelling(range)), at: range)
    }
  }

  /// Skips name characters and further decimals, which make the number a bad one.
  private mutating func skipNumberTail() {
    while offset < bytes.count {
      if Self.isNamePart(in: bytes, at: offset) {
        offset += 1
      } else if byte(0) == UInt8(ascii: "."), isDigit(byte(1)) {
        offset += 2
      } else {
        return
      }
    }
  }

  /// Where the calendar unit begins that is written onto a number.
  private func unitSplit(from start: Int) -> Int? {
    guard let split = bytes[start..<offset].firstIndex(where: { !isDigit($0) }),
      Keyword(bytes[split..<offset])?.unit != nil
    else { return nil }
    return split
  }

  private mutating func skipDigits() {
    while isDigit(byte(0)) || byte(0) == UInt8(ascii: "_") { offset += 1 }
  }

  /// Scans the rest of a date, time or month, whose four digits are behind.
  private mutating func scanDate(from start: Int) {
    while isDigit(byte(0)) || byte(0) == UInt8(ascii: "-") && isDigit(byte(1)) { offset += 1 }
    let dayEnd = offset
    if byte(0) == UInt8(ascii: "T") || byte(0) == UInt8(ascii: "t"), isDigit(byte(1)) {
      offset += 1
      while isDigit(byte(0)) || byte(0) == UInt8(ascii: ":") && isDigit(byte(1)) { offset += 1 }
    }
    let timeEnd = offset
    skipNumberTail()
    let range = SourceRange(start, offset)
    let isMonth = dayEnd - start == 7 && timeEnd == dayEnd
    add(isMonth ? .month : .date, from: start)
    if offset > timeEnd {
      report(.badDate(spelling(range)), at: range)
    } else if isMonth {
      if DateLiteral(bytes: bytes[start..<dayEnd] + Array("-01".utf8)) == nil {
        report(.impossibleDate(spelling(range)), at: range)
      }
    } else if !DateLiteral.hasShape(bytes[start..<offset]) {
      report(.badDate(spelling(range)), at: range, padFix(start, dayEnd, timeEnd))
    } else if DateLiteral(bytes: bytes[start..<offset]) == nil {
      report(.impossibleDate(spelling(range)), at: range)
    }
  }

  /// Writes `2026-1-5` as `2026-01-05`.
  private func padFix(_ start: Int, _ dayEnd: Int, _ timeEnd: Int) -> [Fix] {
    let parts = bytes[start..<dayEnd].split(separator: UInt8(ascii: "-"))
    guard parts.count == 2 || parts.count == 3, dayEnd == timeEnd,
      parts.dropFirst().allSatisfy({ $0.count <= 2 })
    else { return [] }
    let padded = parts.map { part in
      (part.count == 1 ? "0" : "") + String(decoding: part, as: UTF8.self)
    }
    let text = padded.joined(separator: "-")
    let whole = parts.count == 2 ? text + "-01" : text
    guard DateLiteral(bytes: Array(whole.utf8)[...]) != nil else { return [] }
    return [Fix(SourceRange(start, dayEnd), text)]
  }

  /// Scans `31/01/2026` and `2026/01/31`, which would read as divisions.
  private mutating func scanSlashDate(from start: Int) -> Bool {
    var end = start
    var parts: [Int] = []
    var lengths: [Int] = []
    while parts.count < 3 {
      let begin = end
      var value = 0
      while end < bytes.count, isDigit(bytes[end]), end - begin < 5 {
        value = value * 10 + Int(bytes[end] - UInt8(ascii: "0"))
        end += 1
      }
      guard end > begin else { return false }
      parts.append(value)
      lengths.append(end - begin)
      if parts.count < 3 {
        guard end < bytes.count, bytes[end] == UInt8(ascii: "/") else { return false }
        end += 1
      }
    }
    if end < bytes.count, Self.isNamePart(in: bytes, at: end) { return false }
    let isYearFirst = lengths[0] == 4 && lengths[1] <= 2 && lengths[2] <= 2
    guard isYearFirst || lengths[0] <= 2 && lengths[1] <= 2 && lengths[2] == 4 else { return false }
    offset = end
    let range = SourceRange(start, end)
    add(.date, from: start)
    var readings: [DateLiteral] = []
    if isYearFirst {
      readings = [DateLiteral(checked: parts[0], parts[1], parts[2])].compactMap { $0 }
    } else {
      readings = [
        DateLiteral(checked: parts[2], parts[1], parts[0]),
        DateLiteral(checked: parts[2], parts[0], parts[1]),
      ].compactMap { $0 }
    }
    let spellings = Set(readings).map(\.spelling).sorted()
    report(
      .slashDate(spelling(range), readings: spellings), at: range,
      spellings.count == 1 ? [Fix(range, spellings[0])] : [])
    return true
  }

  private func isDigit(_ byte: UInt8?) -> Bool {
    guard let byte else { return false }
    return byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
  }
}

extension NumberLiteral {
  /// Reads a number as written; nil when it has more than 18 digits or does not fit.
  init?(_ bytes: ArraySlice<UInt8>) {
    var unscaled: Int64 = 0
    var decimals = 0
    var isFraction = false
    var isPercent = false
    var zeros = 0
    for byte in bytes {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        let (shifted, overflow) = unscaled.multipliedReportingOverflow(by: 10)
        let (sum, carry) = shifted.addingReportingOverflow(Int64(byte - UInt8(ascii: "0")))
        if overflow || carry { return nil }
        unscaled = sum
        if isFraction { decimals += 1 }
      case UInt8(ascii: "."): isFraction = true
      case UInt8(ascii: "k"), UInt8(ascii: "K"): zeros = 3
      case UInt8(ascii: "m"), UInt8(ascii: "M"): zeros = 6
      case UInt8(ascii: "%"): isPercent = true
      default: break
      }
    }
    while zeros > 0 {
      zeros -= 1
      if decimals > 0 {
        decimals -= 1
        continue
      }
      let (shifted, overflow) = unscaled.multipliedReportingOverflow(by: 10)
      if overflow { return nil }
      unscaled = shifted
    }
    if isPercent { decimals += 2 }
    guard decimals <= 18 else { return nil }
    self.init(
      spelling: String(decoding: bytes, as: UTF8.self), unscaled: unscaled, decimals: decimals,
      isPercent: isPercent)
  }
}

extension DateLiteral {
  /// Makes the date when it exists.
  init?(checked year: Int, _ month: Int, _ day: Int, secondOfDay: Int? = nil) {
    guard (1...9999).contains(year), (1...12).contains(month), day >= 1,
      day <= Self.dayCount(year: year, month: month)
    else { return nil }
    self.init(year: year, month: month, day: day, secondOfDay: secondOfDay)
  }

  /// Reads `2026-01-31`, `2026-01-31T14:30` or `2026-01-31T14:30:15`; nil when there is no such
  /// day or time. `bytes` must have the shape.
  init?(bytes: ArraySlice<UInt8>) {
    var parts: [Int] = []
    for part in bytes.split(whereSeparator: { $0 < UInt8(ascii: "0") || $0 > UInt8(ascii: "9") }) {
      guard part.count <= 4 else { return nil }
      parts.append(part.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) })
    }
    guard parts.count >= 3 else { return nil }
    var second: Int?
    if parts.count >= 5 {
      let seconds = parts.count > 5 ? parts[5] : 0
      guard parts[3] < 24, parts[4] < 60, seconds < 60 else { return nil }
      second = parts[3] * 3600 + parts[4] * 60 + seconds
    }
    self.init(checked: parts[0], parts[1], parts[2], secondOfDay: second)
  }

  /// Whether the bytes are laid out as a date or a time.
  static func hasShape(_ bytes: ArraySlice<UInt8>) -> Bool {
    let shape = Array("dddd-dd-ddTdd:dd:dd".utf8)
    guard [10, 16, 19].contains(bytes.count) else { return false }
    return zip(bytes, shape).allSatisfy { byte, expected in
      switch expected {
      case UInt8(ascii: "d"): byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
      case UInt8(ascii: "T"): byte | 0x20 == UInt8(ascii: "t")
      default: byte == expected
      }
    }
  }

  /// As it is written: `2026-01-31`, `2026-01-31T14:30`, with seconds when they are not zero.
  package var spelling: String {
    var text = Self.padded(year, 4) + "-" + Self.padded(month, 2) + "-" + Self.padded(day, 2)
    guard let second = secondOfDay else { return text }
    text += "T" + Self.padded(second / 3600, 2) + ":" + Self.padded(second / 60 % 60, 2)
    if second % 60 != 0 { text += ":" + Self.padded(second % 60, 2) }
    return text
  }

  /// A whole number with leading zeros to a width.
  static func padded(_ value: Int, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
  }

  private static func dayCount(year: Int, month: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}

extension ArraySlice<UInt8> {
  /// Whether an underscore stands elsewhere than between two digits.
  fileprivate var hasStrayUnderscore: Bool {
    guard contains(UInt8(ascii: "_")) else { return false }
    for offset in indices where self[offset] == UInt8(ascii: "_") {
      let isBetween =
        offset > startIndex && offset + 1 < endIndex && self[offset - 1].isASCIIDigit
        && self[offset + 1].isASCIIDigit
      if !isBetween { return true }
    }
    return false
  }
}

extension UInt8 {
  /// Whether the byte is `0` to `9`.
  var isASCIIDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }
}
