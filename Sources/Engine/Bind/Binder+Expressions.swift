import Store
import Syntax

extension Binder {
  /// Binds an expression where a value stands, with a guess at its type.
  ///
  /// - Parameter expecting: The type of what stands opposite: it says what literals and bare words
  ///   mean; the result may still be of another type, and the caller unites the two.
  mutating func bindValue(
    _ expression: Expression, expecting: ValueType? = nil
  ) -> BoundExpression? {
    guard isWithinBounds(adding: isInlining ? 1 : 0, at: expression.range) else {
      return nil
    }
    switch expression.kind {
    case .number, .text, .date, .duration, .flag, .unknown:
      return bindLiteral(expression, expecting: expecting)
    case .point(let point): return bindPoint(point, of: expression)
    case .period:
      report(.periodAlone(period: text(expression)), at: expression.range)
      return nil
    case .parameter(let name):
      return bindParameter(name, of: expression, expecting: expecting)
    case .path(let names): return bindWord(names, at: expression.range, expecting: expecting)
    case .negation(let operand): return bindNegation(operand, of: expression, expecting: expecting)
    case .arithmetic(let operation, let left, let right):
      return bindArithmetic(operation, left, right, of: expression, expecting: expecting)
    case .call(let call): return bindCall(call, of: expression, expecting: expecting)
    case .comparison, .textTest, .membership, .between, .knownTest, .windowTest, .rankTest, .not,
      .logical, .has, .was, .changed, .segmentTest:
      return bindConditionKind(expression)
    case .outer(let names): return bindOuter(names, at: expression.range)
    case .counted(let time): return bindCounted(time, of: expression, expecting: expecting)
    case .standard(let name): return bindStandard(name, expecting: expecting)
    case .it(let names):
      guard isOverLast, !names.isEmpty else {
        report(.lastAnswerAsValue, at: expression.range)
        return nil
      }
      return bindPath(names, at: expression.range)
    case .columnOfQuery(let query, let column):
      return bindColumn(column, of: query, at: expression.range)
    case .all:
      report(.allOutsideAggregate(text: text(expression)), at: expression.range)
      return nil
    }
  }

  /// A path, or a bare word where a choice or a text is due.
  private mutating func bindWord(
    _ names: [Name], at range: SourceRange, expecting: ValueType?
  ) -> BoundExpression? {
    let name = names[0]
    if names.count == 1, !name.isQuoted, case .choice(let list)? = expecting {
      return bindChoice(name.text, of: list, at: range, isWord: true)
    }
    if names.count == 1, !canResolve(name) {
      if case .text? = expecting, !name.isQuoted {
        let quoted = "\"\(name.text)\""
        if case .newRecord(let entity) = scope.relation,
          catalog[entity].field(named: name.text) != nil
        {
          report(
            change: .fieldInAdd(
              name: name.text, singular: catalog[entity].singular, quoted: quoted),
            at: range, fixes: [Fix(range, quoted)])
          return nil
        }
        report(
          .textNeedsQuotes(word: name.text), at: range, fixes: [Fix(range, quoted)])
        return nil
      }
      if case .flag? = expecting, same(name.text, "true") || same(name.text, "false") {
        let near = [same(name.text, "true") ? "yes" : "no"]
        report(
          .unknownChoice(field: comparedText, name: name.text, near: near, all: near),
          at: range, fixes: [Fix(range, near[0])])
        return nil
      }
      if case .choice(let list)? = expecting, list.code(of: name.text) != nil {
        let quoted = "\"\(name.text)\""
        report(
          .choiceMustBeQuoted(field: comparedText, name: name.text, quoted: quoted), at: range,
          fixes: [Fix(range, quoted)])
        return nil
      }
    }
    return bindPath(names, at: range)
  }

  /// A choice by its name.
  mutating func bindChoice(
    _ name: String, of list: ChoiceList, at range: SourceRange, isWord: Bool
  ) -> BoundExpression? {
    if let code = list.code(of: name) {
      return .constant(.word(Int64(code)), .choice(list))
    }
    let near = NearNames.nearest(to: name, among: list.names)
    let field = comparedText
    if isWord, near.isEmpty, canResolve(Name(name, range: range)) {
      report(.fieldAsChoice(field: field, name: name, quoted: "`\(name)`"), at: range)
      return nil
    }
    let edits = near.count == 1 ? [Fix(range, isWord ? spelled(near[0]) : "\"\(near[0])\"")] : []
    report(
      .unknownChoice(field: field, name: name, near: near, all: list.names), at: range, fixes: edits
    )
    return nil
  }

  // MARK: Literals

  private mutating func bindLiteral(
    _ expression: Expression, expecting: ValueType?
  ) -> BoundExpression? {
    switch expression.kind {
    case .number(let literal):
      return bindNumber(literal, isNegative: false, at: expression.range, expecting: expecting)
    case .text(let value):
      if case .choice(let list)? = expecting {
        return bindChoice(value, of: list, at: expression.range, isWord: false)
      }
      return .constant(.text(value), .text)
    case .date(let literal): return bindDate(literal)
    case .flag(let value): return .constant(.word(value ? 1 : 0), .flag)
    case .duration(let count, let unit):
      return bindDuration(count, unit, of: expression, expecting: expecting)
    default:
      guard let expecting else {
        report(.unknownAlone, at: expression.range)
        return nil
      }
      return .constant(.unknown, expecting)
    }
  }

  private func bindDate(_ literal: DateLiteral) -> BoundExpression {
    let day = Int64(Day.number(year: literal.year, month: literal.month, day: literal.day))
    guard let second = literal.secondOfDay else { return .constant(.word(day), .date) }
    return .constant(.word(day * 86_400 + Int64(second)), .time)
  }

  /// A number as a constant of the type opposite, exactly, or else of its own.
  mutating func bindNumber(
    _ literal: NumberLiteral, isNegative: Bool, at range: SourceRange, expecting: ValueType?
  ) -> BoundExpression? {
    var unscaled = isNegative ? -literal.unscaled : literal.unscaled
    var decimals = literal.decimals
    while decimals > 0, unscaled % 10 == 0 {
      unscaled /= 10
      decimals -= 1
    }
    let written = (isNegative ? "-" : "") + literal.spelling
    switch expecting {
    case .money? where decimals <= 2:
      let (minor, overflows) = unscaled.multipliedReportingOverflow(
        by: decimals == 0 ? 100 : decimals == 1 ? 10 : 1)
      guard !overflows, abs(minor) <= Limits.moneyMinorMax else {
        report(.amountOutOfRange(text: written), at: range)
        return nil
      }
      return .constant(.word(minor), .money)
    case .number?: return .constant(.real(Self.real(unscaled, decimals)), .number)
    case .integer?, .reference?:
      if decimals == 0 { return .constant(.word(unscaled), .integer) }
    default:
      if decimals == 0, !literal.isPercent { return .constant(.word(unscaled), .integer) }
    }
    return .constant(.real(Self.real(unscaled, decimals)), .number)
  }

  /// `unscaled / 10^decimals`, correctly rounded for up to 15 digits.
  static func real(_ unscaled: Int64, _ decimals: Int) -> Double {
    var divisor = 1.0
    for _ in 0..<decimals { divisor *= 10 }
    return Double(unscaled) / divisor
  }

  /// The number of a literal with or without a sign.
  func numberLiteral(_ expression: Expression) -> (literal: NumberLiteral, isNegative: Bool)? {
    switch expression.kind {
    case .number(let literal): return (literal, false)
    case .negation(let operand):
      guard case .number(let literal) = operand.kind else { return nil }
      return (literal, true)
    case .parameter(let name): return literal(of: name).flatMap(numberLiteral)
    default: return nil
    }
  }

  /// A literal or a bare word: something that takes its type from what stands opposite.
  func isUntyped(_ expression: Expression) -> Bool {
    switch expression.kind {
    case .number, .text, .unknown, .duration: true
    case .negation(let operand): isUntyped(operand)
    case .path(let names): names.count == 1 && !canResolve(names[0])
    default: false
    }
  }

  // MARK: Arithmetic

  private mutating func bindNegation(
    _ operand: Expression, of expression: Expression, expecting: ValueType?
  ) -> BoundExpression? {
    if case .number(let literal) = operand.kind {
      return bindNumber(literal, isNegative: true, at: expression.range, expecting: expecting)
    }
    guard let bound = bindValue(operand, expecting: expecting) else { return nil }
    switch bound.type {
    case .integer, .number, .money: return .negation(bound)
    default:
      report(
        .notComputable(
          operation: "-", leftType: "nothing", rightType: bound.type.name, hint: nil),
        at: expression.range)
      return nil
    }
  }

  private mutating func bindArithmetic(
    _ operation: ArithmeticOperator, _ left: Expression, _ right: Expression,
    of expression: Expression, expecting: ValueType?
  ) -> BoundExpression? {
    let isSum = operation == .add || operation == .subtract
    if isSum, let (count, unit) = bindDuration(right) {
      return bindShift(left, operation == .subtract ? -count : count, unit, of: expression)
    }
    if operation == .add, let (count, unit) = bindDuration(left) {
      return bindShift(right, count, unit, of: expression)
    }
    // Opposite money a literal is money when added, a plain number when it scales.
    let operands = bindOperands(left, right, isSum: isSum, expecting: isSum ? expecting : nil)
    guard let (one, other) = operands else { return nil }
    if isSum { return combineSum(operation, one, other, left, right, of: expression) }
    return operation == .multiply
      ? combineProduct(one, other, of: expression) : combineQuotient(one, other, of: expression)
  }

  private mutating func bindOperands(
    _ left: Expression, _ right: Expression, isSum: Bool, expecting: ValueType?
  ) -> (BoundExpression, BoundExpression)? {
    func hint(_ type: ValueType?) -> ValueType? {
      guard let type else { return nil }
      if isSum { return type == .date || type == .time ? nil : type }
      return type == .money || type == .integer ? nil : type
    }
    if isUntyped(left), !isUntyped(right) {
      let other = bindValue(right)
      let one = bindValue(left, expecting: unknownHint(left, other?.type, hint(other?.type)))
      if let one, let other { return (one, other) }
      return nil
    }
    let one = bindValue(left, expecting: isUntyped(right) ? hint(expecting) : nil)
    let other = bindValue(right, expecting: unknownHint(right, one?.type, hint(one?.type)))
    if let one, let other { return (one, other) }
    return nil
  }

  /// `unknown` takes the other side's type whatever the operation.
  private func unknownHint(
    _ expression: Expression, _ type: ValueType?, _ otherwise: ValueType?
  ) -> ValueType? {
    if case .unknown = expression.kind { type } else { otherwise }
  }

  private mutating func combineSum(
    _ operation: ArithmeticOperator, _ one: BoundExpression, _ other: BoundExpression,
    _ left: Expression, _ right: Expression, of expression: Expression
  ) -> BoundExpression? {
    let isAdd = operation == .add
    switch (one.type, other.type) {
    case (.integer, .integer):
      return .arithmetic(isAdd ? .addIntegers : .subtractIntegers, one, other)
    case (.number, .number), (.number, .integer), (.integer, .number):
      return arithmetic(isAdd ? .addNumbers : .subtractNumbers, one, .number, other, .number)
    case (.money, .money), (.money, .integer), (.integer, .money):
      return arithmetic(isAdd ? .addMoney : .subtractMoney, one, .money, other, .money)
    case (.text, .text) where isAdd: return .arithmetic(.joinText, one, other)
    case (.date, .date), (.time, .time), (.date, .time), (.time, .date):
      if !isAdd { return arithmetic(.subtractDates, one, .date, other, .date) }
    case (.money, .number), (.number, .money):
      report(
        .moneyAndNumber(
          operation: isAdd ? "added" : "subtracted",
          example: "a number scales money, as in '\(text(one.type == .money ? left : right)) * 1.1'"
        ),
        at: expression.range)
      return nil
    case (.date, .integer), (.time, .integer):
      let fixes = numberLiteral(right) == nil ? [] : [Fix(right.range, "\(text(right)) days")]
      report(
        .dateNeedsDuration(operation: operation.rawValue, number: text(right)),
        at: right.range, fixes: fixes)
      return nil
    default: break
    }
    return reportNotComputable(operation, one, other, of: expression)
  }

  private mutating func combineProduct(
    _ one: BoundExpression, _ other: BoundExpression, of expression: Expression
  ) -> BoundExpression? {
    switch (one.type, other.type) {
    case (.integer, .integer): return .arithmetic(.multiplyIntegers, one, other)
    case (.number, .number), (.number, .integer), (.integer, .number):
      return arithmetic(.multiplyNumbers, one, .number, other, .number)
    case (.money, .number), (.money, .integer):
      return arithmetic(.multiplyMoney, one, .money, other, .number)
    case (.number, .money), (.integer, .money):
      return arithmetic(.multiplyMoney, other, .money, one, .number)
    default: return reportNotComputable(.multiply, one, other, of: expression)
    }
  }

  private mutating func combineQuotient(
    _ one: BoundExpression, _ other: BoundExpression, of expression: Expression
  ) -> BoundExpression? {
    switch (one.type, other.type) {
    case (.money, .money): return .arithmetic(.ratioOfMoney, one, other)
    case (.money, .number), (.money, .integer):
      return arithmetic(.divideMoney, one, .money, other, .number)
    case (.number, .number), (.number, .integer), (.integer, .number), (.integer, .integer),
      (.number, .money), (.integer, .money):
      return arithmetic(.divideNumbers, one, .number, other, .number)
    default: return reportNotComputable(.divide, one, other, of: expression)
    }
  }

  private func arithmetic(
    _ operation: Arithmetic, _ one: BoundExpression, _ oneType: ValueType,
    _ other: BoundExpression, _ otherType: ValueType
  ) -> BoundExpression? {
    guard let one = converted(one, to: oneType), let other = converted(other, to: otherType) else {
      return nil
    }
    return .arithmetic(operation, one, other)
  }

  private mutating func reportNotComputable(
    _ operation: ArithmeticOperator, _ one: BoundExpression, _ other: BoundExpression,
    of expression: Expression
  ) -> BoundExpression? {
    let hint: String? =
      switch (operation, one.type, other.type) {
      case (.add, .date, .date): "two dates have a difference: '-'"
      case (.add, .text, _), (.add, _, .text): "'+' joins text with text only"
      case (.multiply, .money, .money): "money times a number is money"
      default: nil
      }
    report(
      .notComputable(
        operation: operation.rawValue, leftType: one.type.name, rightType: other.type.name,
        hint: hint),
      at: expression.range)
    return nil
  }
}
