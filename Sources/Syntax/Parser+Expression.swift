// Expressions, from the loosest binding to the tightest. Conditions are in Parser+Condition.swift.

extension Parser {
  /// `expression`: `unknown` by itself, or a condition or value.
  mutating func parseExpression() throws(Halt) -> Expression {
    try enter()
    defer { leave() }
    let token = current
    if token.keyword == .unknown, !continuesExpression(following) {
      advance()
      return try make(.unknown, from: token.range.lowerBound)
    }
    return try parseLogical()
  }

  /// Whether a token can only continue an expression that stands before it.
  private func continuesExpression(_ token: Token) -> Bool {
    switch token.kind {
    case .plus, .minus, .star, .slash, .equal, .notEqual, .less, .lessOrEqual, .greater,
      .greaterOrEqual, .doubleEqual, .lessGreater, .equalLess, .equalGreater, .dot, .open:
      true
    default: token.keyword == .is || token.keyword == .in || token.keyword == .not
    }
  }

  /// `logical`: conditions with `and` between them, or with `or`.
  mutating func parseLogical() throws(Halt) -> Expression {
    let first = try parseNegation()
    guard logicalAhead != nil else { return first }
    var operands = [first]
    var operators: [LogicalOperator] = []
    while let (next, slip) = logicalAhead {
      if slip { reportOperatorSlip(next.rawValue) }
      advance()
      operators.append(next)
      operands.append(try parseNegation())
    }
    if operators.contains(.and), operators.contains(.or) {
      reportMixed(operands, operators)
    }
    let flat = operands.flatMap { operand -> [Expression] in
      if case .logical(operators[0], let parts) = operand.kind { return parts }
      return [operand]
    }
    return try make(.logical(operators[0], flat), from: first.range.lowerBound)
  }

  private var logicalAhead: (LogicalOperator, isSlip: Bool)? {
    mutating get {
      note([.and, .or])
      switch current.kind {
      case .doubleAmpersand: return (.and, true)
      case .doubleBar: return (.or, true)
      default: break
      }
      switch current.keyword {
      case .and: return (.and, false)
      case .or: return (.or, false)
      default: return nil
      }
    }
  }

  /// `negation`: `not` before a whole condition.
  mutating func parseNegation() throws(Halt) -> Expression {
    let token = current
    if token.kind == .bang {
      report(.bang, at: token.range, [Fix(token.range, "not ")])
    } else if !isAt(.not) {
      return try parseCondition()
    }
    try enter()
    defer { leave() }
    advance()
    let operand = try parseNegation()
    return try make(.not(operand), from: token.range.lowerBound)
  }

  /// `sum`: products with `+` and `-` between them.
  mutating func parseSum() throws(Halt) -> Expression {
    var left = try parseProduct()
    while true {
      let operation: ArithmeticOperator
      switch current.kind {
      case .plus: operation = .add
      case .minus: operation = .subtract
      default: return left
      }
      advance()
      let right = try parseProduct()
      left = try make(.arithmetic(operation, left, right), from: left.range.lowerBound)
    }
  }

  /// `product`: factors with `*` and `/` between them.
  mutating func parseProduct() throws(Halt) -> Expression {
    var left = try parseFactor()
    while true {
      let operation: ArithmeticOperator
      switch current.kind {
      case .star: operation = .multiply
      case .slash: operation = .divide
      default: return left
      }
      advance()
      let right = try parseFactor()
      left = try make(.arithmetic(operation, left, right), from: left.range.lowerBound)
    }
  }

  /// `factor`: a value with or without a minus.
  mutating func parseFactor() throws(Halt) -> Expression {
    guard current.kind == .minus else { return try parsePrimary() }
    try enter()
    defer { leave() }
    let start = current.range.lowerBound
    advance()
    let operand = try parseFactor()
    return try make(.negation(operand), from: start)
  }

  /// `primary`: a literal, a name, a call, a point in time or an expression in brackets.
  mutating func parsePrimary() throws(Halt) -> Expression {
    noteOperands()
    let token = current
    let start = token.range.lowerBound
    switch token.kind {
    case .number:
      if following.keyword?.unit != nil || isSlipUnit(following) { return try parseDuration() }
      advance()
      return try make(.number(number(of: token)), from: start)
    case .text:
      advance()
      return try make(.text(text(of: token)), from: start)
    case .date:
      advance()
      let literal = DateLiteral(bytes: bytes[start..<token.range.upperBound])
      return try make(.date(literal ?? DateLiteral(year: 1, month: 1, day: 1)), from: start)
    case .parameter:
      advance()
      return try make(.parameter(parameterName(token)), from: start)
    case .open: return try bracketed()
    case .month: throw periodAsValue()
    case .quotedName: return try make(.path(try parsePath()), from: start)
    case .word: return try word()
    default: throw unexpectedOperand()
    }
  }

  private mutating func bracketed() throws(Halt) -> Expression {
    let bracket = current
    let outer = (leavesWindows, compared)
    (leavesWindows, compared) = (false, [])
    advance()
    openBrackets += 1
    var inner = try parseExpression()
    try requireClose(of: bracket)
    (leavesWindows, compared) = outer
    inner.range = SourceRange(bracket.range.lowerBound, previousEnd)
    return inner
  }

  /// What a bare word begins: a value, a point in time, a call or a path.
  private mutating func word() throws(Halt) -> Expression {
    let token = current
    let start = token.range.lowerBound
    switch token.keyword {
    case .yes, .no:
      advance()
      return try make(.flag(token.keyword == .yes), from: start)
    case .today, .yesterday: return try parsePoint()
    case .start, .end:
      if following.keyword == .of { return try parsePoint() }
    case .unknown, .it: throw valueWordAsOperand()
    case .last, .next, .this, .q1, .q2, .q3, .q4:
      if isAtPeriod { throw periodAsValue() }
    default:
      if token.keyword?.isReserved == true || windowWordAhead { throw unexpectedOperand() }
    }
    if following.kind == .open { return try parseCall() }
    return try make(.path(try parsePath()), from: start)
  }

  /// `path`: names with dots between them.
  mutating func parsePath() throws(Halt) -> [Name] {
    var path = [try parseName("a name")]
    while accept(.dot) {
      notePath(after: path)
      path.append(try parseName("the name of a field after '.'"))
    }
    return path
  }

  /// `name`: a bare word that is neither reserved nor a value, or any name in backticks.
  mutating func parseName(_ expected: String = "a name") throws(Halt) -> Name {
    let token = current
    switch token.kind {
    case .word:
      if let keyword = token.keyword, keyword.isReserved || keyword.isValue {
        throw reservedName(token, expected)
      }
      advance()
      return Name(spelling(token.range), range: token.range)
    case .quotedName:
      advance()
      let isClosed = bytes[token.range.upperBound - 1] == UInt8(ascii: "`")
      let inside = SourceRange(
        token.range.lowerBound + 1,
        max(token.range.lowerBound + 1, token.range.upperBound - (isClosed ? 1 : 0)))
      return Name(spelling(inside), isQuoted: true, range: token.range)
    default: throw unexpected(expected)
    }
  }
}
