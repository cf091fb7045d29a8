import Store
import Syntax

/// What `$name` stands for.
package enum ParameterValue: Sendable {
  /// What `let` computed.
  case value(Scalar, ValueType)
  /// What `--param` or an answer at the prompt gave: it means what a literal in its place would.
  case written(String)
}

extension Binder {
  /// `$name` where a value stands: typed by what stands opposite.
  mutating func bindParameter(
    _ name: Name, of expression: Expression, expecting: ValueType?
  ) -> BoundExpression? {
    switch parameters[name.folded] {
    case nil:
      report(.unknownParameter(name: name.text), at: expression.range)
      return nil
    case .value(.text(let written), .text) where expecting?.isChoice ?? false:
      return bindWritten(written, name, of: expression, expecting: expecting)
    case .value(let value, let type): return .constant(value, type)
    case .written(let written):
      return bindWritten(written, name, of: expression, expecting: expecting)
    }
  }

  /// A text from outside: text where text is due, a choice's name where one is, else a literal.
  private mutating func bindWritten(
    _ written: String, _ name: Name, of expression: Expression, expecting: ValueType?
  ) -> BoundExpression? {
    if case .text? = expecting { return .constant(.text(written), .text) }
    if case .choice(let list)? = expecting, let code = list.code(of: written) {
      return .constant(.word(Int64(code)), .choice(list))
    }
    guard let literal = Self.literal(written) else {
      if expecting == nil { return .constant(.text(written), .text) }
      report(
        .parameterNotOfType(
          name: name.text, value: written, expected: expecting?.name ?? "a value"),
        at: expression.range)
      return nil
    }
    return bindValue(
      Expression(literal.kind, range: expression.range), expecting: expecting)
  }

  /// The literal that a parameter holds; nil for a text, which may mean a choice or be one, and for
  /// what was computed and is no whole number.
  func literal(of name: Name) -> Expression? {
    switch parameters[name.folded] {
    case .written(let written)?: return Self.literal(written)
    case .value(.word(let word), .integer)? where word >= 0:
      let number = NumberLiteral(
        spelling: String(word), unscaled: word, decimals: 0, isPercent: false)
      return Expression(.number(number), range: name.range)
    default: return nil
    }
  }

  /// The literal, period or point in time that a text is.
  static func literal(_ written: String) -> Expression? {
    guard let statement = try? Parser.parse("let value = \(written)"),
      case .letParameter(let definition) = statement.kind
    else { return nil }
    switch definition.value.kind {
    case .number, .text, .date, .flag, .point, .duration, .period: return definition.value
    case .negation(let inner):
      if case .number = inner.kind { return definition.value }
      return nil
    default: return nil
    }
  }

  /// The whole number a parameter holds.
  mutating func bindWhole(_ name: Name, at range: SourceRange) -> Int64? {
    let expression = Expression(.parameter(name), range: range)
    guard let bound = bindParameter(name, of: expression, expecting: .integer) else { return nil }
    if case .constant(.word(let word), .integer) = bound { return word }
    reportParameter(name, isNo: "a whole number", at: range)
    return nil
  }

  /// Says that a parameter has no value, or not one of the kind its place takes.
  mutating func reportParameter(_ name: Name, isNo expected: String, at range: SourceRange) {
    switch parameters[name.folded] {
    case nil: report(.unknownParameter(name: name.text), at: range)
    case .written(let written):
      report(
        .parameterNotOfType(name: name.text, value: written, expected: expected), at: range)
    case .value(let value, let type):
      report(
        .parameterNotOfType(
          name: name.text, value: value.writtenText ?? ExpressionText.text(value, type),
          expected: expected),
        at: range)
    }
  }

  /// `$n days`, `$n days ago`, `last $n months`: the same with the number in its place.
  mutating func bindCounted(
    _ time: CountedTime, of expression: Expression, expecting: ValueType?
  ) -> BoundExpression? {
    guard let kind = countedKind(time, at: expression.range) else { return nil }
    return bindValue(Expression(kind, range: expression.range), expecting: expecting)
  }

  /// What a counted time is once its number is known.
  mutating func countedKind(_ time: CountedTime, at range: SourceRange) -> Expression.Kind? {
    guard let count = bindWhole(time.count, at: range) else { return nil }
    guard count >= 0 else {
      report(.quantityExpected(text: "$\(time.count.text)"), at: range)
      return nil
    }
    return switch time.kind {
    case .duration: .duration(count, time.unit)
    case .ago: .point(.ago(count, time.unit))
    case .fromNow: .point(.fromNow(count, time.unit))
    case .last(let isWhole): .period(.last(count, time.unit, isWhole: isWhole))
    case .next: .period(.next(count, time.unit))
    }
  }
}

extension Scalar {
  /// The text it is, without quotes; nil for all else.
  fileprivate var writtenText: String? { if case .text(let text) = self { text } else { nil } }
}

extension ValueType {
  fileprivate var isChoice: Bool { if case .choice = self { true } else { false } }
}
