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
    default: return bindCondition(expression, place: "not")
    }
  }

  // MARK: Comparison

  private mutating func bindComparison(
    _ operation: ComparisonOperator, _ left: Expression, _ right: Expression,
    of expression: Expression
  ) -> BoundExpression? {
    if isPeriod(left) || isPeriod(right) || isUnknown(left) || isUnknown(right) {
      return refuseComparison(operation, left, right, of: expression)
    }
    // What has a type by itself is bound first; literals and bare words then take that type.
    let isLeftFirst =
      !isUntyped(left) || (isUntyped(right) && (isWord(left) || !isWord(right)))
    let (first, second) = isLeftFirst ? (left, right) : (right, left)
    guard let typed = bindValue(first) else {
      if !isUntyped(second) { _ = bindValue(second) }
      return nil
    }
    if isYear(second), typed.type == .date || typed.type == .time {
      return refusePeriod(operation, first, second, of: expression)
    }
    guard let other = bindOpposite(second, typed, first) else { return nil }
    guard let common = commonType(typed, first, other, second) else { return nil }
    guard let one = converted(typed, to: common), let two = converted(other, to: common) else {
      return nil
    }
    rememberLiteral(of: typed, two)
    return compare(operation, isLeftFirst ? one : two, isLeftFirst ? two : one, first)
  }

  /// Binds what stands opposite a bound expression.
  mutating func bindOpposite(
    _ expression: Expression, _ typed: BoundExpression, _ first: Expression
  ) -> BoundExpression? {
    if let (literal, isNegative) = numberLiteral(expression), literal.isPercent,
      typed.type == .integer || typed.type == .money
    {
      let number = (isNegative ? "-" : "") + String(literal.spelling.dropLast())
      report(
        .percentOfAmount(
          text: text(first), type: typed.type.name, percent: literal.spelling, number: number),
        at: expression.range, fixes: [Fix(expression.range, number)])
      return nil
    }
    let outer = comparedText
    comparedText = text(first)
    defer { comparedText = outer }
    return bindValue(expression, expecting: typed.type)
  }

  /// The type in which two values compare, or a report why they do not.
  mutating func commonType(
    _ typed: BoundExpression, _ first: Expression, _ other: BoundExpression, _ second: Expression
  ) -> ValueType? {
    if let common = comparisonType(typed.type, other.type) { return common }
    if case .reference(let entity) = typed.type {
      reportReference(entity, typed.type, first, other, second)
      return nil
    }
    report(
      .typeMismatch(
        left: text(first), leftType: words(for: typed.type), right: text(second),
        rightType: words(for: other.type), hint: mismatchHint(typed, first, other, second)),
      at: second.range, fixes: mismatchFixes(typed, other, second))
    return nil
  }

  /// Says that a reference compares with a key, and offers the name.
  private mutating func reportReference(
    _ entity: EntityID, _ typed: ValueType, _ first: Expression, _ other: BoundExpression,
    _ second: Expression
  ) {
    let target = catalog[entity]
    if other.type == .integer || other.type == .number {
      let quoted = "\"\(text(second))\""
      report(
        .referenceByNumber(reference: text(first), number: text(second)), at: second.range,
        fixes: [Fix(second.range, quoted)])
      return
    }
    guard other.type == .text, let label = target.labelField else {
      report(
        .typeMismatch(
          left: text(first), leftType: words(for: typed), right: text(second),
          rightType: words(for: other.type), hint: nil),
        at: second.range)
      return
    }
    let name = "\(text(first)).\(spelled(target[label].name))"
    report(
      .referenceByName(
        reference: text(first), entity: target.name, offered: "\(name) = \(text(second))"),
      at: first.range.union(second.range), fixes: [Fix(first.range, name)])
  }

  /// The type in messages, a reference with its target.
  func words(for type: ValueType) -> String {
    if case .reference(let entity) = type {
      "a reference to \(catalog[entity].name)"
    } else {
      type.name
    }
  }

  private func mismatchHint(
    _ typed: BoundExpression, _ first: Expression, _ other: BoundExpression, _ second: Expression
  ) -> String? {
    if case .text(let value) = second.kind {
      switch typed.type {
      case .integer, .number, .money, .date, .time:
        return looksLike(typed.type, value) ? "write \(value) without quotes" : nil
      case .flag: return "a flag is yes or no"
      default: return nil
      }
    }
    if typed.type == .text, numberLiteral(second) != nil { return "write \"\(text(second))\"" }
    if typed.type == .text, case .date = second.kind { return "write \"\(text(second))\"" }
    if typed.type == .date || typed.type == .time, numberLiteral(second) != nil {
      return "a count of days is 'days_since(\(text(first)))', a date is 2026-01-31"
    }
    if case .choice = typed.type, case .choice = other.type {
      return "the two have different lists of choices"
    }
    return nil
  }

  private func mismatchFixes(
    _ typed: BoundExpression, _ other: BoundExpression, _ second: Expression
  ) -> [Fix] {
    if case .text(let value) = second.kind, looksLike(typed.type, value) {
      return [Fix(second.range, value)]
    }
    if typed.type == .text, numberLiteral(second) != nil {
      return [Fix(second.range, "\"\(text(second))\"")]
    }
    return []
  }

  /// Whether a text would read as a literal of the type.
  private func looksLike(_ type: ValueType, _ value: String) -> Bool {
    guard let statement = try? Parser.parse("calc \(value)"),
      case .calc(let expressions) = statement.kind, expressions.count == 1
    else { return false }
    let expression = expressions[0].expression
    switch type {
    case .integer, .number, .money: return numberLiteral(expression) != nil
    case .date, .time: if case .date = expression.kind { return true } else { return false }
    default: return false
    }
  }

  /// The comparison of two values of one type, a constant on the right, `!=` as `not =`.
  private mutating func compare(
    _ operation: ComparisonOperator, _ one: BoundExpression, _ other: BoundExpression,
    _ first: Expression
  ) -> BoundExpression? {
    switch operation {
    case .equal: return Self.ordered(.equal, one, other)
    case .notEqual: return .not(Self.ordered(.equal, one, other))
    default:
      guard let one = orderable(one, first, operation: "'\(operation.rawValue)'"),
        let other = orderable(other, first, operation: "'\(operation.rawValue)'")
      else { return nil }
      return Self.ordered(operation, one, other)
    }
  }

  /// The value in a form that has an order: a reference as its key, a choice only if it is ordered.
  mutating func orderable(
    _ bound: BoundExpression, _ expression: Expression, operation: String
  ) -> BoundExpression? {
    switch bound.type {
    case .choice(let list) where !list.isOrdered:
      report(
        .notOrderedChoice(text: text(expression), operation: operation, names: list.names),
        at: expression.range)
      return nil
    case .flag:
      report(
        .notOrderedChoice(text: text(expression), operation: operation, names: []),
        at: expression.range)
      return nil
    case .reference(let entity): return converted(bound, to: keyType(of: entity))
    default: return bound
    }
  }

  /// A comparison with its constant, if it has one, on the right.
  static func ordered(
    _ operation: ComparisonOperator, _ one: BoundExpression, _ other: BoundExpression
  ) -> BoundExpression {
    guard case .constant = one else { return .comparison(operation, one, other) }
    if case .constant = other { return .comparison(operation, one, other) }
    let mirrored: ComparisonOperator =
      switch operation {
      case .less: .greater
      case .lessOrEqual: .greaterOrEqual
      case .greater: .less
      case .greaterOrEqual: .lessOrEqual
      case .equal, .notEqual: operation
      }
    return .comparison(mirrored, other, one)
  }

  /// Keeps a text compared with a text field, for the note that no record has it.
  private mutating func rememberLiteral(of typed: BoundExpression, _ other: BoundExpression) {
    guard openFields.isEmpty, scope.entity != nil, case .field(let path) = typed,
      path.type == .text, case .constant(.text(let literal), _) = other
    else { return }
    query.textLiterals.append((path, literal))
  }

  // MARK: Refusals

  private func isUnknown(_ expression: Expression) -> Bool {
    if case .unknown = expression.kind { true } else { false }
  }

  private func isPeriod(_ expression: Expression) -> Bool {
    if case .period = expression.kind { true } else { false }
  }

  private func isWord(_ expression: Expression) -> Bool {
    if case .path = expression.kind { true } else { false }
  }

  /// Whether a number could be meant as a year.
  func isYear(_ expression: Expression) -> Bool {
    guard let (literal, isNegative) = numberLiteral(expression), !isNegative else { return false }
    return literal.decimals == 0 && literal.spelling.utf8.count == 4
      && (1_000...9_999).contains(literal.unscaled)
  }

  /// A comparison with `unknown` or with a period: what is meant has its own words.
  private mutating func refuseComparison(
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

  // MARK: Text, lists and intervals

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
    var others: [BoundExpression] = []
    for value in values {
      if case .constant(let scalar, _) = value {
        if !constants.contains(scalar) { constants.append(scalar) }
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
