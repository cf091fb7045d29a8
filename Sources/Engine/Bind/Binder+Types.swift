import Store
import Syntax

// Types: what two sides have in common, and the conversions that bring them there.

extension Binder {
  /// The type in which two values compare; nil when they never do.
  func comparisonType(_ one: ValueType, _ other: ValueType) -> ValueType? {
    if one == other { return one }
    switch (one, other) {
    case (.reference(let entity), let type), (let type, .reference(let entity)):
      let key = keyType(of: entity)
      if case .reference = type { return nil }
      return comparisonType(key, type) == nil || (key == .text) != (type == .text) ? nil : key
    case (.integer, .number), (.number, .integer), (.money, .number), (.number, .money):
      return .number
    case (.integer, .money), (.money, .integer): return .money
    case (.date, .time), (.time, .date): return .date
    default: return nil
    }
  }

  /// The type of values that may stand for one another, as in the branches of `if`; nil when there
  /// is none.
  func branchType(_ one: ValueType, _ other: ValueType) -> ValueType? {
    switch (one, other) {
    case (.money, .number), (.number, .money), (.date, .time), (.time, .date): nil
    case (.reference, _) where one != other, (_, .reference) where one != other: nil
    default: comparisonType(one, other)
    }
  }

  /// The type of an entity's key, integer or text.
  func keyType(of entity: EntityID) -> ValueType { catalog[entity][catalog[entity].key].type }

  /// The same value in another type; constants are converted here and now.
  func converted(_ expression: BoundExpression, to type: ValueType) -> BoundExpression? {
    if expression.type == type { return expression }
    if case .constant(let value, let own) = expression {
      if let constant = Self.constant(value, own, as: type) { return .constant(constant, type) }
    }
    switch (expression.type, type) {
    case (.integer, .number): return .convert(.integerToNumber, expression)
    case (.money, .number): return .convert(.moneyToNumber, expression)
    case (.integer, .money): return .convert(.integerToMoney, expression)
    case (.date, .time): return .convert(.dateToTime, expression)
    case (.time, .date): return .convert(.timeToDate, expression)
    case (.reference(let entity), _):
      let key = keyType(of: entity)
      return converted(.convert(.referenceToKey(entity, key), expression), to: type)
    default: return nil
    }
  }

  /// A constant in another type, where that is exact or the way the type is defined.
  private static func constant(_ value: Scalar, _ own: ValueType, as type: ValueType) -> Scalar? {
    switch (value, own, type) {
    case (.unknown, _, _): return .unknown
    case (.word(let x), .integer, .number): return .real(Double(x))
    case (.word(let x), .money, .number): return .real(Double(x) / 100)
    case (.word(let x), .integer, .money):
      let (minor, overflows) = x.multipliedReportingOverflow(by: 100)
      return overflows || abs(minor) > Limits.moneyMinorMax ? nil : .word(minor)
    case (.word(let x), .date, .time): return .word(x * 86_400)
    case (.word(let x), .time, .date): return .word(x >= 0 ? x / 86_400 : (x - 86_399) / 86_400)
    default: return nil
    }
  }

  /// Binds values that stand for one another, and brings them to one type: typed ones first, then
  /// literals and bare words as that type.
  mutating func bindAlternatives(
    _ expressions: [Expression], expecting: ValueType?, function: String
  ) -> [BoundExpression]? {
    var bound = [BoundExpression?](repeating: nil, count: expressions.count)
    var type: ValueType?
    var hasFailed = false
    let isWaiting = expressions.map { isUntyped($0) }
    for (index, expression) in expressions.enumerated() where !isWaiting[index] {
      // A bare word that is also a field is one only while nothing says it is a choice.
      bound[index] = bindValue(expression, expecting: choiceOnly(type) ?? choiceOnly(expecting))
      guard let own = bound[index]?.type else {
        hasFailed = true
        continue
      }
      guard let common = type.map({ branchType($0, own) }) ?? own else {
        reportAlternative(function, type, own, at: expression.range)
        return nil
      }
      type = common
    }
    if hasFailed { return nil }
    var hint = type ?? expecting
    for isUnknown in [false, true] {
      for (index, expression) in expressions.enumerated() where isWaiting[index] {
        if case .unknown = expression.kind {
          if !isUnknown { continue }
        } else if isUnknown {
          continue
        }
        guard let value = bindValue(expression, expecting: hint) else { return nil }
        bound[index] = value
        guard let common = type.map({ branchType($0, value.type) }) ?? value.type else {
          reportAlternative(function, type, value.type, at: expression.range)
          return nil
        }
        type = common
        hint = common
      }
    }
    guard let type else { return nil }
    let values = bound.compactMap { $0.flatMap { converted($0, to: type) } }
    return values.count == expressions.count ? values : nil
  }

  private func choiceOnly(_ type: ValueType?) -> ValueType? {
    if case .choice? = type { type } else { nil }
  }

  private mutating func reportAlternative(
    _ function: String, _ type: ValueType?, _ other: ValueType, at range: SourceRange
  ) {
    report(
      .wrongArgument(
        function: function, expected: "values of one type, here \(type?.name ?? "")",
        found: other.name, hint: nil),
      at: range)
  }
}
