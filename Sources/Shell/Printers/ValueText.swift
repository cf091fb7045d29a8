import Store

/// How one value reads for eyes: grouped digits, dates as ISO, `7 Ana Ruiz`, and `–` where nothing
/// is known. Files have their own spelling, in Interchange.
enum ValueText {
  /// What stands for an unknown value.
  static let unknown = "–"

  /// The text of a value, or nil when it is unknown.
  static func of(_ value: Scalar, label: Scalar = .unknown, in column: OutputColumn) -> String? {
    switch value {
    case .unknown: return nil
    case .text(let text):
      guard case .text(let name) = label else { return VisibleText.of(text) }
      return VisibleText.of(text) + " " + VisibleText.of(name)
    case .real(let real):
      return column.display == .percent ? percent(real) : number(real)
    case .word(let word): return of(word, label: label, in: column)
    }
  }

  /// Digits with a comma before every third.
  static func grouped(_ value: some BinaryInteger) -> String {
    let digits = String(value.magnitude)
    var result = value < 0 ? "-" : ""
    for (offset, digit) in digits.utf8.enumerated() {
      if offset > 0, (digits.utf8.count - offset) % 3 == 0 { result += "," }
      result.unicodeScalars.append(Unicode.Scalar(digit))
    }
    return result
  }

  /// Money with two decimals: `12,400.00`.
  static func money(_ minor: Int64) -> String {
    let whole = minor.magnitude / 100
    let cents = minor.magnitude % 100
    return (minor < 0 ? "-" : "") + grouped(whole) + (cents < 10 ? ".0" : ".") + String(cents)
  }

  /// A number in its shortest form, at most six decimals.
  static func number(_ value: Double) -> String {
    guard value.isFinite else { return value.isNaN ? "–" : value < 0 ? "-∞" : "∞" }
    let rounded = abs(value) < 1e9 ? (value * 1e6).rounded() / 1e6 : value
    var digits = (rounded == 0 && value != 0 ? value : rounded).description
    if digits.hasSuffix(".0") { digits.removeLast(2) }
    if digits == "-0" { digits = "0" }
    guard !digits.contains("e"), let whole = Int64(digits.prefix { $0 != "." }) else {
      return digits
    }
    let sign = digits.hasPrefix("-") && whole == 0 ? "-" : ""
    return sign + grouped(whole) + digits.drop { $0 != "." }
  }

  /// A share as a percentage with one decimal: `12.3%`.
  static func percent(_ share: Double) -> String {
    let tenths = (share * 1_000).rounded()
    guard abs(tenths) < 1e15 else { return number(share * 100) + "%" }
    let value = Int64(tenths)
    return (value < 0 ? "-" : "") + grouped(value.magnitude / 10) + "."
      + String(value.magnitude % 10) + "%"
  }

  /// A day as `2026-01-31`.
  static func date(_ day: Int) -> String {
    let (year, month, dayOfMonth) = Day.date(day)
    return padded(year, 4) + "-" + padded(month, 2) + "-" + padded(dayOfMonth, 2)
  }

  /// A time as `2026-01-31 14:30`, with seconds where there are any.
  static func time(_ seconds: Int64) -> String {
    let (day, second) = Self.split(seconds)
    let text = date(day) + " " + padded(second / 3_600, 2) + ":" + padded(second / 60 % 60, 2)
    return second % 60 == 0 ? text : text + ":" + padded(second % 60, 2)
  }

  private static func of(_ word: Int64, label: Scalar, in column: OutputColumn) -> String {
    switch column.type {
    case .money: return money(word)
    case .date: return date(Int(word))
    case .time: return time(word)
    case .flag: return word == 0 ? "no" : "yes"
    case .choice(let list):
      guard list.names.indices.contains(Int(word)) else { return String(word) }
      return VisibleText.of(list.names[Int(word)])
    case .reference:
      guard case .text(let name) = label else { return String(word) }
      return String(word) + " " + VisibleText.of(name)
    case .integer, .number, .text:
      return column.isGrouped ? grouped(word) : String(word)
    }
  }

  private static func split(_ seconds: Int64) -> (day: Int, second: Int) {
    let second = seconds % 86_400
    let day = seconds / 86_400
    return second < 0 ? (Int(day) - 1, Int(second) + 86_400) : (Int(day), Int(second))
  }

  private static func padded(_ value: Int, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
  }
}

extension OutputColumn {
  /// Whether its values stand at the right: amounts and numbers.
  var isRightAligned: Bool {
    switch type {
    case .money, .number, .integer: true
    case .text, .choice, .date, .time, .flag, .reference: false
    }
  }
}
