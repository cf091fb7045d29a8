import Store
import Syntax

// Comparisons that read well and mean nothing: with `unknown`, and with a period.

extension Binder {
  func isUnknown(_ expression: Expression) -> Bool {
    if case .unknown = expression.kind { true } else { false }
  }

  func isPeriod(_ expression: Expression) -> Bool {
    if case .period = expression.kind { true } else { false }
  }

  func isWord(_ expression: Expression) -> Bool {
    if case .path = expression.kind { true } else { false }
  }

  /// Whether a number could be meant as a year.
  func isYear(_ expression: Expression) -> Bool {
    guard let (literal, isNegative) = numberLiteral(expression), !isNegative else { return false }
    return literal.decimals == 0 && literal.spelling.utf8.count == 4
      && (1_000...9_999).contains(literal.unscaled)
  }

  /// A comparison with `unknown` or with a period: what is meant has its own words.
  mutating func refuseComparison(
    _ operation: ComparisonOperator, _ left: Expression, _ right: Expression,
    of expression: Expression
  ) -> BoundExpression? {
    let isRightRefused = isUnknown(right) || isPeriod(right)
    let (kept, refused) = isRightRefused ? (left, right) : (right, left)
    if isPeriod(refused) { return refusePeriod(operation, kept, refused, of: expression) }
    let isNegated = operation == .notEqual
    let written = text(kept)
    if !isUnknown(kept) { _ = bindValue(kept) }
    report(
      .unknownCompared(text: written, isNegated: isNegated), at: expression.range,
      fixes: [
        Fix(
          SourceRange(kept.range.lowerBound, expression.range.upperBound),
          "\(written) is \(isNegated ? "known" : "unknown")")
      ])
    return nil
  }

  /// A period opposite a comparison: a window is meant.
  mutating func refusePeriod(
    _ operation: ComparisonOperator, _ kept: Expression, _ period: Expression,
    of expression: Expression
  ) -> BoundExpression? {
    let word =
      switch operation {
      case .equal, .notEqual: "in"
      case .less: "before"
      case .lessOrEqual: "until"
      case .greater: "after"
      case .greaterOrEqual: "since"
      }
    let written = text(kept)
    let negation = operation == .notEqual ? "not " : ""
    report(
      .periodNeedsIn(
        text: negation + written, period: text(period), operation: operation.rawValue,
        word: word),
      at: period.range,
      fixes: [
        Fix(
          kept.range.union(period.range), "\(negation)\(written) \(word) \(text(period))")
      ])
    return nil
  }
}
