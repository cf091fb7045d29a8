import Store

extension ExpressionWriter {
  /// A constant as it is written.
  func literal(_ value: Scalar, _ type: ValueType) -> SQL {
    switch (value, type) {
    case (.unknown, _): return SQL("NULL")
    case (.text(let text), _):
      return SQL(self.text(text), text.utf8.contains(0x0A) ? .arithmetic : .atom)
    case (.real(let real), _): return number("\(real)", isNegative: real < 0)
    case (.word(let code), .choice(let list)): return SQL(text(list.names[Int(code)]))
    case (.word(let minor), .money): return number(Self.money(minor), isNegative: minor < 0)
    case (.word(let day), .date): return SQL(dialect.date(Self.date(Int(day))))
    case (.word(let seconds), .time): return SQL(dialect.time(Self.time(seconds)))
    case (.word(let flag), .flag): return SQL(flag == 0 ? "FALSE" : "TRUE")
    case (.word(let word), _): return number("\(word)", isNegative: word < 0)
    }
  }

  private func number(_ digits: String, isNegative: Bool) -> SQL {
    SQL(digits, isNegative ? .arithmetic : .atom)
  }

  /// A text in quotes; line ends are spelled, so that indenting changes nothing.
  func text(_ text: String) -> String {
    var parts: [String] = []
    var part = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n":
        parts += part.isEmpty ? [] : ["'\(part)'"]
        parts.append(dialect.lineEnd)
        part = ""
      case "'": part += "''"
      default: part.unicodeScalars.append(scalar)
      }
    }
    if parts.isEmpty || !part.isEmpty { parts.append("'\(part)'") }
    return parts.joined(separator: " || ")
  }

  private static func money(_ minor: Int64) -> String {
    let cents = minor.magnitude % 100
    let whole = "\(minor < 0 ? "-" : "")\(minor.magnitude / 100)"
    return cents == 0 ? whole : "\(whole).\(cents < 10 ? "0" : "")\(cents)"
  }

  private static func date(_ day: Int) -> String {
    let (year, month, dayOfMonth) = Day.date(day)
    let digits = "\(max(0, year))"
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
      + "-\(two(Int64(month)))-\(two(Int64(dayOfMonth)))"
  }

  private static func time(_ seconds: Int64) -> String {
    let day = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
    let left = seconds - day * 86_400
    return date(Int(day)) + "T\(two(left / 3_600)):\(two(left / 60 % 60)):\(two(left % 60))"
  }

  private static func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
}
