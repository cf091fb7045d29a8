import Store
import Syntax

extension Binder {
  /// Binds an expression where a condition stands; a flag is one that holds when it is `yes`.
  ///
  /// - Parameter place: What needs the condition, in messages: `where`, `and`, `if`.
  mutating func bindCondition(_ expression: Expression, place: String) -> BoundExpression? {
    switch expression.kind {
    case .logical(let operation, let operands):
      let bound = operands.map { bindCondition($0, place: operation.rawValue) }
      let known = bound.compactMap { $0 }
      guard known.count == bound.count else { return nil }
      return operation == .and ? .and(known) : .or(known)
    case .not(let operand):
      return bindCondition(operand, place: "not").map { .not($0) }
    default: break
    }
    guard let bound = bindValue(expression) else { return nil }
    guard bound.type == .flag else {
      let written = text(expression)
      if place == "where" || place == "and" || place == "or" || place == "not" {
        report(.notACondition(text: written, type: bound.type.name), at: expression.range)
      } else {
        report(
          .conditionExpected(place: place, text: written, type: bound.type.name),
          at: expression.range)
      }
      return nil
    }
    return Self.asCondition(bound)
  }

  /// A flag as a condition, which is never unknown.
  static func asCondition(_ flag: BoundExpression) -> BoundExpression {
    switch flag {
    case .comparison, .textTest, .membership, .between, .isKnown, .not, .and, .or: flag
    default: .comparison(.equal, flag, .constant(.word(1), .flag))
    }
  }

  /// Binds the kinds of expression that are conditions by themselves.
  mutating func bindConditionKind(_ expression: Expression) -> BoundExpression? {
    switch expression.kind {
    case .comparison(let operation, let left, let right):
      return bindComparison(operation, left, right, of: expression)
    case .textTest(let operation, let left, let right):
      return bindTextTest(operation, left, right)
    case .membership(let tested, let isNegated, let items):
      let bound = bindMembership(tested, items)
      return isNegated ? bound.map { .not($0) } : bound
    case .between(let tested, let low, let high):
      return bindBetween(tested, low, high, of: expression)
    case .knownTest(let tested, let isKnown):
      guard let bound = bindValue(tested) else { return nil }
      return isKnown ? .isKnown(bound) : .not(.isKnown(bound))
    case .windowTest(let tested, let window): return bindWindowTest(tested, window)
    case .rankTest(let test): return bindRankTest(test, of: expression)
    case .has(let test): return bindHas(test, of: expression)
    case .was(let tested, let value, let window):
      return bindWas(tested, value, window, of: expression)
    case .changed(let test): return bindChanged(test, of: expression)
    case .segmentTest(let test): return bindSegmentTest(test, of: expression)
    default: return bindCondition(expression, place: "not")
    }
  }

  private mutating func bindTextTest(
    _ operation: TextOperator, _ left: Expression, _ right: Expression
  ) -> BoundExpression? {
    let tested = bindValue(left)
    let sought = bindValue(right, expecting: .text)
    guard let tested, let sought else { return nil }
    for (bound, expression) in [(tested, left), (sought, right)] where bound.type != .text {
      let hint: String? =
        switch bound.type {
        case .choice: "choices are compared by '=' and 'in'"
        case .reference(let entity):
          catalog[entity].labelField.map {
            "test the name: '\(text(expression)).\(catalog[entity][$0].name)'"
          }
        default: numberLiteral(expression).map { _ in "write \"\(text(expression))\"" }
        }
      report(
        .wrongArgument(
          function: operation.rawValue, expected: "text", found: bound.type.name, hint: hint),
        at: expression.range)
      return nil
    }
    return checkPattern(operation, sought, right) ? .textTest(operation, tested, sought) : nil
  }

  /// Whether the pattern of `like` or `matches` can be one.
  private mutating func checkPattern(
    _ operation: TextOperator, _ sought: BoundExpression, _ expression: Expression
  ) -> Bool {
    guard case .constant(.text(let pattern), _) = sought else {
      if operation == .matches { report(.patternNotConstant, at: expression.range) }
      return operation != .matches
    }
    if operation == .matches {
      do { _ = try Pattern(pattern) } catch {
        let offset = min(
          expression.range.lowerBound + 1 + error.offset, expression.range.upperBound - 1)
        report(.invalidPattern(problem: error.message), at: SourceRange(offset, offset + 1))
        return false
      }
    }
    return true
  }

  private mutating func bindMembership(
    _ tested: Expression, _ items: [Expression]
  ) -> BoundExpression? {
    guard let typed = bindValue(tested) else { return nil }
    var bound: [BoundExpression] = []
    var type = typed.type
    for item in items {
      if isUnknown(item) {
        report(.unknownCompared(text: text(tested), isNegated: false), at: item.range)
        continue
      }
      if isPeriod(item) || (isYear(item) && (typed.type == .date || typed.type == .time)) {
        report(
          .periodNeedsIn(
            text: text(tested), period: text(item), operation: "in (", word: "in"),
          at: item.range)
        continue
      }
      guard let value = bindOpposite(item, typed, tested),
        let common = commonType(typed, tested, value, item)
      else { continue }
      rememberLiteral(of: typed, value)
      // Whole numbers and fractions, or two precisions of money, meet as numbers.
      type = comparisonType(type, common) ?? common
      bound.append(value)
    }
    guard bound.count == items.count else { return nil }
    let values = bound.compactMap { converted($0, to: type) }
    guard values.count == bound.count, let one = converted(typed, to: type) else { return nil }
    return Self.membership(of: one, in: values)
  }

  /// Constants as one membership, other values as comparisons.
  private static func membership(
    of tested: BoundExpression, in values: [BoundExpression]
  ) -> BoundExpression {
    var constants: [Scalar] = []
    var seen = Set<Scalar>()
    var others: [BoundExpression] = []
    for value in values {
      if case .constant(let scalar, _) = value {
        if seen.insert(scalar).inserted { constants.append(scalar) }
      } else {
        others.append(.comparison(.equal, tested, value))
      }
    }
    if !constants.isEmpty { others.insert(.membership(tested, constants), at: 0) }
    return others.count == 1 ? others[0] : .or(others)
  }

  private mutating func bindBetween(
    _ tested: Expression, _ low: Expression, _ high: Expression, of expression: Expression
  ) -> BoundExpression? {
    guard let typed = bindValue(tested) else { return nil }
    if typed.type == .date || typed.type == .time {
      let range = low.range.union(high.range)
      return bindWindow(Window(.between(low, high), range: range), on: typed, written: tested)
    }
    guard let from = bindOpposite(low, typed, tested), let to = bindOpposite(high, typed, tested),
      let lowType = commonType(typed, tested, from, low),
      let highType = commonType(typed, tested, to, high),
      let common = comparisonType(lowType, highType), let one = converted(typed, to: common),
      let start = converted(from, to: common), let end = converted(to, to: common),
      let one = orderable(one, tested, operation: "'between'"),
      let start = orderable(start, low, operation: "'between'"),
      let end = orderable(end, high, operation: "'between'")
    else { return nil }
    guard case .constant(let first, _) = start, case .constant(let last, _) = end else {
      return .and([
        .comparison(.greaterOrEqual, one, start), .comparison(.lessOrEqual, one, end),
      ])
    }
    if Self.isBackwards(first, last) {
      report(
        .betweenBackwards(low: text(low), high: text(high)), at: low.range.union(high.range),
        fixes: [Fix(low.range, text(high)), Fix(high.range, text(low))])
      return nil
    }
    return .between(one, first, last)
  }

  /// Whether the first of two constants is larger.
  private static func isBackwards(_ first: Scalar, _ last: Scalar) -> Bool {
    switch (first, last) {
    case (.word(let a), .word(let b)): a > b
    case (.real(let a), .real(let b)): a > b
    case (.text(let a), .text(let b)): isOrdered(b, before: a)
    default: false
    }
  }

  /// The order of texts: A–Z folded bytes, then bytes.
  private static func isOrdered(_ a: String, before b: String) -> Bool {
    func folded(_ byte: UInt8) -> UInt8 { (65...90).contains(byte) ? byte + 32 : byte }
    let (x, y) = (a.utf8.map(folded), b.utf8.map(folded))
    if x == y { return a.utf8.lexicographicallyPrecedes(b.utf8) }
    return x.lexicographicallyPrecedes(y)
  }
}
