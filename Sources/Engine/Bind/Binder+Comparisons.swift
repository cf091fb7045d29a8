import Store
import Syntax

extension Binder {
  mutating func bindComparison(
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
    if operation == .equal || operation == .notEqual { rememberLiteral(of: typed, two) }
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

  /// What to type where two types do not meet.
  func mismatchHint(
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

  /// The edits that bring one side to the other's type.
  func mismatchFixes(
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
  mutating func rememberLiteral(of typed: BoundExpression, _ other: BoundExpression) {
    guard !isInlining, let start = scope.entity, case .field(let path) = typed,
      path.type == .text, case .constant(.text(let literal), _) = other
    else { return }
    query.textLiterals.append((path.hops.last?.target ?? start, path, literal))
  }
}
