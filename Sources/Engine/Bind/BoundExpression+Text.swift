import Store
import Syntax

/// Prints bound expressions in the language's own words for `explain`: choices by name, dates as
/// dates, and every part the binder resolved in full.
struct ExpressionText {
  let catalog: Catalog
  let query: BoundQuery

  /// The expression as one line.
  func text(_ expression: BoundExpression) -> String {
    switch expression {
    case .constant(let value, let type): return text(value, type)
    case .field(let path): return path.text
    case .perRow(let index, _): return query.perRow[index].text
    case .scalar(let index, _): return query.scalars[index].columns.first?.name ?? "value"
    case .related(let related): return related.text
    case .outer(let expression): return "outer.\(text(expression))"
    case .convert(_, let operand): return text(operand)
    case .arithmetic(let arithmetic, let a, let b):
      return "\(inner(a)) \(Self.sign(arithmetic)) \(inner(b))"
    case .negation(let operand): return "-\(inner(operand))"
    case .shift(let operand, let months, let days):
      var result = inner(operand)
      if months != 0 { result += " \(months < 0 ? "-" : "+") \(abs(months)) months" }
      if days != 0 { result += " \(days < 0 ? "-" : "+") \(abs(days)) days" }
      return result
    case .call(let function, let operands, _):
      return "\(function.rawValue)(\(operands.map(text).joined(separator: ", ")))"
    case .comparison(_, .related(let related), _) where related.isQuantity: return related.text
    case .not(.comparison(_, .related(let related), _)) where related.isAbsence:
      return related.text
    case .comparison(let sign, let a, let b):
      return "\(inner(a)) \(sign.rawValue) \(constant(b, like: a))"
    case .textTest(let relation, let a, let b):
      return "\(inner(a)) \(relation.rawValue) \(inner(b))"
    case .membership(let subject, let values):
      let type = Self.visibleType(subject)
      return "\(inner(subject)) in (\(values.map { text($0, type) }.joined(separator: ", ")))"
    case .between(let subject, let lower, let upper):
      let type = Self.visibleType(subject)
      return "\(inner(subject)) between \(text(lower, type)) and \(text(upper, type))"
    case .isKnown(let operand): return "\(inner(operand)) is known"
    case .not(.comparison(.equal, let a, let b)): return "\(inner(a)) != \(constant(b, like: a))"
    case .not(.isKnown(let operand)): return "\(inner(operand)) is unknown"
    case .not(.membership(let subject, let values)):
      let type = Self.visibleType(subject)
      return "\(inner(subject)) not in (\(values.map { text($0, type) }.joined(separator: ", ")))"
    case .not(let operand): return "not \(inner(operand))"
    case .and(let operands): return operands.map(inner).joined(separator: " and ")
    case .or(let operands): return operands.map(inner).joined(separator: " or ")
    }
  }

  /// An operand: in brackets where it is itself made of operands.
  private func inner(_ expression: BoundExpression) -> String {
    switch expression {
    case .constant, .field, .perRow, .scalar, .call, .related, .outer: text(expression)
    case .convert(_, let operand): inner(operand)
    default: "(\(text(expression)))"
    }
  }

  private func constant(_ expression: BoundExpression, like other: BoundExpression) -> String {
    guard case .constant(let value, _) = expression else { return inner(expression) }
    return text(value, Self.visibleType(other))
  }

  /// The type of the values compared, for a constant that stands opposite.
  private static func visibleType(_ expression: BoundExpression) -> ValueType { expression.type }

  private func text(_ value: Scalar, _ type: ValueType) -> String { Self.text(value, type) }

  /// A value as a literal.
  static func text(_ value: Scalar, _ type: ValueType) -> String {
    switch (value, type) {
    case (.unknown, _): "unknown"
    case (.text(let text), _): "\"\(text.replacingQuotes)\""
    case (.real(let real), _): Self.shortest(real)
    case (.word(let code), .choice(let list)): list.names[Int(code)]
    case (.word(let minor), .money): Self.money(minor)
    case (.word(let day), .date): Self.date(Int(day))
    case (.word(let seconds), .time): Self.time(seconds)
    case (.word(let flag), .flag): flag == 0 ? "no" : "yes"
    case (.word(let word), _): "\(word)"
    }
  }

  private static func sign(_ arithmetic: Arithmetic) -> String {
    switch arithmetic {
    case .addIntegers, .addNumbers, .addMoney, .joinText: "+"
    case .subtractIntegers, .subtractNumbers, .subtractMoney, .subtractDates: "-"
    case .multiplyIntegers, .multiplyNumbers, .multiplyMoney: "*"
    case .divideNumbers, .divideMoney, .ratioOfMoney: "/"
    }
  }

  private static func shortest(_ real: Double) -> String {
    let text = "\(real)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
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
      + "-\(month < 10 ? "0" : "")\(month)-\(dayOfMonth < 10 ? "0" : "")\(dayOfMonth)"
  }

  private static func time(_ seconds: Int64) -> String {
    let day = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
    let left = seconds - day * 86_400
    func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
    return date(Int(day)) + "T\(two(left / 3_600)):\(two(left / 60 % 60)):\(two(left % 60))"
  }
}

extension String {
  /// The text with its double quotes doubled, as it stands in a literal.
  fileprivate var replacingQuotes: String {
    contains("\"")
      ? split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") : self
  }
}
