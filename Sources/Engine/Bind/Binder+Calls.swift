import Store
import Syntax

extension Binder {
  /// Binds a call: a function, an aggregate or a per-row function, by its name.
  mutating func bindCall(
    _ call: Call, of expression: Expression, expecting: ValueType?
  ) -> BoundExpression? {
    let name = call.name.text.lowercased()
    if let aggregate = AggregateName(rawValue: name) {
      return bindAggregate(aggregate, call, of: expression)
    }
    if let perRow = PerRowName(rawValue: name) {
      return bindPerRow(perRow, call, of: expression)
    }
    if name == "stay", let open = openNames.last(where: \.isField) {
      return bindStay(text: open.name)
    }
    if name == "rung", case .field(let entity, let field)? = openNames.last?.subject,
      catalog[entity].fields.indices.contains(field.index), !catalog.isOwn(field, of: entity)
    {
      return bindRung(as: catalog[entity][field].name)
    }
    if name == "usual" { return bindUsual(call, of: expression) }
    if name == "days_in" { return bindDaysIn(call, of: expression) }
    guard let function = Function(rawValue: name) else {
      let near = NearNames.nearest(to: name, among: Functions.all.map(\.name))
      report(
        .unknownFunction(name: call.name.text, near: near), at: call.name.range,
        fixes: fix(call.name.range, near))
      return nil
    }
    guard allows(call, name: name) else { return nil }
    return bindFunction(function, call, of: expression, expecting: expecting)
  }

  /// Whether the call has none of the words that its kind does not take.
  mutating func allows(
    _ call: Call, name: String, distinct: Bool = false, rows: Bool = false, per: Bool = false
  ) -> Bool {
    let word: (String, SourceRange)? =
      if call.isDistinct, !distinct {
        ("distinct", call.name.range)
      } else if let window = call.window, !rows {
        ("a window", window.range)
      } else if let filter = call.filter, !rows {
        ("where", filter.range)
      } else if let key = call.per.first, !per {
        ("per", key.range)
      } else {
        nil
      }
    guard let (found, range) = word else { return true }
    report(
      .wordNotHere(
        function: name, word: found, example: Functions.entry(named: name)?.example ?? ""),
      at: range)
    return false
  }

  /// Whether the count of arguments is right.
  mutating func hasArguments(
    _ call: Call, _ counts: ClosedRange<Int>, of expression: Expression
  ) -> Bool {
    if counts.contains(call.arguments.count) { return true }
    let name = call.name.text.lowercased()
    report(
      .wrongArgumentCount(
        function: name, signature: Functions.entry(named: name)?.signature ?? name,
        found: call.arguments.count),
      at: expression.range)
    return false
  }

  private mutating func bindFunction(
    _ function: Function, _ call: Call, of expression: Expression, expecting: ValueType?
  ) -> BoundExpression? {
    switch function {
    case .daysSince:
      guard hasArguments(call, 1...1, of: expression), let date = bindDate(call, 0) else {
        return nil
      }
      return .arithmetic(.subtractDates, .constant(.word(Int64(today)), .date), date)
    case .daysBetween:
      guard hasArguments(call, 2...2, of: expression) else { return nil }
      let (from, to) = (bindDate(call, 0), bindDate(call, 1))
      guard let from, let to else { return nil }
      return .call(function, [from, to], .integer)
    case .year, .quarter, .month, .week, .weekday, .day:
      guard hasArguments(call, 1...1, of: expression), let date = bindDate(call, 0) else {
        return nil
      }
      return .call(function, [date], .integer)
    case .monthOf, .weekOf, .quarterOf:
      guard hasArguments(call, 1...1, of: expression), let date = bindDate(call, 0) else {
        return nil
      }
      return .call(function, [date], .date)
    case .round, .floor, .ceil, .abs: return bindRounding(function, call, of: expression)
    case .bucket: return bindBucket(call, of: expression)
    case .lower, .upper, .trim, .length:
      guard hasArguments(call, 1...1, of: expression), let value = bindText(call) else {
        return nil
      }
      return .call(function, [value], function == .length ? .integer : .text)
    case .firstKnown:
      guard hasArguments(call, 2...Int.max, of: expression),
        let values = bindAlternatives(
          call.arguments, expecting: expecting, function: "first_known")
      else { return nil }
      return .call(function, values, values[0].type)
    case .choose: return bindChoose(call, of: expression, expecting: expecting)
    }
  }

  /// A date argument; a time counts as its day.
  private mutating func bindDate(_ call: Call, _ index: Int) -> BoundExpression? {
    let argument = call.arguments[index]
    guard let bound = bindValue(argument, expecting: .date) else { return nil }
    guard bound.type == .date || bound.type == .time else {
      reportArgument(call, "a date", bound, argument)
      return nil
    }
    return converted(bound, to: .date)
  }

  private mutating func bindText(_ call: Call) -> BoundExpression? {
    guard let bound = bindValue(call.arguments[0], expecting: .text) else { return nil }
    guard bound.type == .text else {
      reportArgument(call, "text", bound, call.arguments[0])
      return nil
    }
    return bound
  }

  /// An argument of a type that has a sum.
  mutating func bindNumeric(_ call: Call) -> BoundExpression? {
    guard let bound = bindValue(call.arguments[0]) else { return nil }
    switch bound.type {
    case .integer, .number, .money: return bound
    default:
      reportArgument(call, "a number or money", bound, call.arguments[0])
      return nil
    }
  }

  mutating func reportArgument(
    _ call: Call, _ expected: String, _ bound: BoundExpression, _ argument: Expression
  ) {
    report(
      .wrongArgument(
        function: call.name.text.lowercased(), expected: expected, found: bound.type.name,
        hint: Functions.entry(named: call.name.text.lowercased()).map {
          "for example '\($0.example)'"
        }),
      at: argument.range)
  }

  private mutating func bindRounding(
    _ function: Function, _ call: Call, of expression: Expression
  ) -> BoundExpression? {
    guard hasArguments(call, 1...(function == .round ? 2 : 1), of: expression),
      let bound = bindNumeric(call)
    else { return nil }
    if call.arguments.count == 1 { return .call(function, [bound], bound.type) }
    guard let (literal, isNegative) = numberLiteral(call.arguments[1]), literal.decimals == 0,
      !isNegative, literal.unscaled <= 9
    else {
      report(
        .argumentNotConstant(
          function: "round", expected: "a count of decimals from 0 to 9",
          example: "round(\(text(call.arguments[0])), 2)"),
        at: call.arguments[1].range)
      return nil
    }
    // Rounded whole after moving the decimals before the point, and moved back.
    let places = Int(literal.unscaled)
    if places == 0 { return .call(function, [bound], bound.type) }
    if bound.type == .integer || (bound.type == .money && places >= 2) { return bound }
    var factor = 1.0
    for _ in 0..<places { factor *= 10 }
    let scale = BoundExpression.constant(.real(factor), .number)
    let isMoney = bound.type == .money
    return .arithmetic(
      isMoney ? .divideMoney : .divideNumbers,
      .call(
        .round, [.arithmetic(isMoney ? .multiplyMoney : .multiplyNumbers, bound, scale)],
        bound.type),
      scale)
  }

  private mutating func bindBucket(_ call: Call, of expression: Expression) -> BoundExpression? {
    guard hasArguments(call, 2...2, of: expression), let bound = bindNumeric(call),
      let width = bindOpposite(call.arguments[1], bound, call.arguments[0])
    else { return nil }
    guard let type = comparisonType(bound.type, width.type), let value = converted(bound, to: type),
      case .constant(let size, _)? = converted(width, to: type), Self.isPositive(size)
    else {
      report(
        .argumentNotConstant(
          function: "bucket", expected: "a width above 0",
          example: "bucket(\(text(call.arguments[0])), 100)"),
        at: call.arguments[1].range)
      return nil
    }
    return .call(.bucket, [value, .constant(size, type)], type)
  }

  private static func isPositive(_ value: Scalar) -> Bool {
    switch value {
    case .word(let x): x > 0
    case .real(let x): x > 0
    case .text, .unknown: false
    }
  }

  /// `if(c, a, c2, a2, …, otherwise)`
  private mutating func bindChoose(
    _ call: Call, of expression: Expression, expecting: ValueType?
  ) -> BoundExpression? {
    let arguments = call.arguments
    guard arguments.count >= 3, arguments.count % 2 == 1 else {
      report(
        .wrongArgumentCount(
          function: "if", signature: "if(condition, a, …, otherwise)", found: arguments.count),
        at: expression.range)
      return nil
    }
    let pairs = arguments.count / 2
    var conditions: [BoundExpression] = []
    for index in 0..<pairs {
      if let bound = bindCondition(arguments[2 * index], place: "if") { conditions.append(bound) }
    }
    let branches = (0..<pairs).map { arguments[2 * $0 + 1] } + [arguments[2 * pairs]]
    guard let values = bindAlternatives(branches, expecting: expecting, function: "if"),
      conditions.count == pairs
    else { return nil }
    var operands: [BoundExpression] = []
    for index in 0..<pairs { operands += [conditions[index], values[index]] }
    return .call(.choose, operands + [values[pairs]], values[pairs].type)
  }
}
