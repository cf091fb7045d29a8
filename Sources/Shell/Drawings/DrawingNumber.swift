import Engine

/// How a drawing writes its values: in full, without decimals, or shortened (`12.4k`).
enum DrawingNumber {
  /// How much of a value is written.
  enum Length: CaseIterable, Sendable {
    /// As in a table: `12,400.50`, `12.3%`.
    case full
    /// Whole: `12,401`, `12%`.
    case whole
    /// Three digits and a unit: `12.4k`.
    case short
  }

  private static let dayMax = 4_000_000.0
  private static let wholeMax = 9e15

  /// Whether a value can be drawn; what cannot is unknown. The difference of any two that can is
  /// finite.
  static func isDrawable(_ value: Double) -> Bool { abs(value) < 1e300 }

  /// The text of a drawable value.
  static func text(_ value: Double, _ form: Drawing.Form, _ length: Length = .full) -> String {
    switch form {
    case .share: share(value, length)
    case .date where abs(value) < dayMax: ValueText.date(Int(value.rounded(.down)))
    case .date: short(value)
    case .money:
      length == .full && abs(value) < wholeMax
        ? ValueText.money(Int64(value.rounded())) : number(value / 100, length)
    case .key where abs(value) < wholeMax: String(Int64(value.rounded()))
    case .count, .key: number(value, length == .full ? .whole : length)
    case .number: number(value, length)
    }
  }

  /// The shortest of the lengths that is complete within `width` columns, else the shortest at all.
  static func text(_ value: Double, _ form: Drawing.Form, in width: Int) -> String {
    for length in Length.allCases {
      let text = text(value, form, length)
      if text.utf8.count <= width { return text }
    }
    return text(value, form, .short)
  }

  private static func share(_ value: Double, _ length: Length) -> String {
    if length == .full || abs(value) >= wholeMax { return ValueText.percent(value) }
    return whole(value * 100) + "%"
  }

  private static func number(_ value: Double, _ length: Length) -> String {
    guard abs(value) < wholeMax else { return short(value) }
    switch length {
    case .full: return ValueText.number((value * 100).rounded() / 100)
    case .whole: return whole(value)
    case .short: return short(value)
    }
  }

  private static func whole(_ value: Double) -> String { ValueText.grouped(Int64(value.rounded())) }

  private static func short(_ value: Double) -> String {
    var scaled = abs(value)
    if scaled < 1_000 {
      // What rounds to zero without its decimals keeps them.
      let decimals = scaled < 10 ? 10.0 : 1
      return ValueText.number((value * decimals).rounded() / decimals)
    }
    for unit in ["k", "m", "b", "t"] {
      scaled /= 1_000
      if scaled < 99.95 {
        return sign(value) + ValueText.number((scaled * 10).rounded() / 10) + unit
      }
      if scaled < 999.5 { return sign(value) + whole(scaled) + unit }
    }
    var exponent = 12
    while scaled >= 9.995 {
      scaled /= 10
      exponent += 1
    }
    return sign(value) + ValueText.number((scaled * 100).rounded() / 100) + "e\(exponent)"
  }

  private static func sign(_ value: Double) -> String { value < 0 ? "-" : "" }
}

extension Optional where Wrapped == Double {
  /// The value, or nil when it cannot be drawn.
  var drawable: Double? { flatMap { DrawingNumber.isDrawable($0) ? $0 : nil } }
}
