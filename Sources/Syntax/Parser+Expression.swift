// Expressions, from the loosest binding to the tightest. Conditions are in Parser+Condition.swift.

extension Parser {
  /// `expression`: `unknown` by itself, or a condition or value.
  mutating func parseExpression() throws(Halt) -> Expression {
    try enter()
    defer { leave() }
    if tokens[index].keyword == .unknown, isWhole { return unknown() }
    return try parseLogical()
  }

  /// Whether the word here is the whole of an expression.
  private var isWhole: Bool {
    mutating get { !continuesExpression(following) }
  }

  private mutating func unknown() -> Expression {
    let range = current.range
    advance()
    return Expression(.unknown, range: range)
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
    guard isAtLogical else { return first }
    return try readLogical([first])
  }

  /// Reads the operators and operands that follow the first one.
  mutating func readLogical(_ first: [Expression]) throws(Halt) -> Expression {
    var operands = first
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
    return try make(.logical(operators[0], flat), from: first[0].range.lowerBound)
  }

  /// Whether an `and` or `or` follows.
  var isAtLogical: Bool {
    mutating get {
      note([.and, .or])
      switch current.kind {
      case .doubleAmpersand, .doubleBar: return true
      default: return current.keyword == .and || current.keyword == .or
      }
    }
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
    if tokens[index].kind == .bang {
      reportBang()
    } else if !isAt(.not) {
      return try parseCondition()
    }
    try enter()
    defer { leave() }
    let start = tokens[index].range.lowerBound
    advance()
    return try make(.not(try parseNegation()), from: start)
  }

  /// `sum`: products with `+` and `-` between them.
  mutating func parseSum() throws(Halt) -> Expression {
    var left = try parseProduct()
    while tokens[index].kind == .plus || tokens[index].kind == .minus {
      let operation: ArithmeticOperator = tokens[index].kind == .plus ? .add : .subtract
      advance()
      left = try join(operation, left, try parseProduct())
    }
    return left
  }

  /// `product`: factors with `*` and `/` between them.
  mutating func parseProduct() throws(Halt) -> Expression {
    var left = try parseFactor()
    while tokens[index].kind == .star || tokens[index].kind == .slash {
      let operation: ArithmeticOperator = tokens[index].kind == .star ? .multiply : .divide
      advance()
      left = try join(operation, left, try parseFactor())
    }
    return left
  }

  private mutating func join(
    _ operation: ArithmeticOperator, _ left: Expression, _ right: Expression
  ) throws(Halt) -> Expression {
    try make(.arithmetic(operation, left, right), from: left.range.lowerBound)
  }

  /// `factor`: a value with or without a minus.
  mutating func parseFactor() throws(Halt) -> Expression {
    guard tokens[index].kind == .minus else { return try parsePrimary() }
    try enter()
    defer { leave() }
    let start = tokens[index].range.lowerBound
    advance()
    return try make(.negation(try parseFactor()), from: start)
  }

  /// `primary`: a literal, a name, a call, a point in time or an expression in brackets.
  ///
  /// Only brackets and calls come back here, so all else is kept out of this frame, and tokens are
  /// read in place: a computed property would copy the parser onto the stack in debug builds.
  mutating func parsePrimary() throws(Halt) -> Expression {
    noteOperands()
    if tokens[index].kind == .open {
      return try isQueryColumn() ? parseQueryColumn() : bracketed()
    }
    if tokens[index].kind == .word, tokens[index + 1].kind == .open, try isCall() {
      return try parseCall()
    }
    return try leaf()
  }

  private mutating func bracketed() throws(Halt) -> Expression {
    let bracket = index
    let values = compared
    let isInside = isInOpenWhere
    compared = []
    isInOpenWhere = false
    index += 1
    openBrackets += 1
    var inner = try parseExpression()
    try requireClose(of: bracket)
    compared = values
    isInOpenWhere = isInside
    inner.range.lowerBound = tokens[bracket].range.lowerBound
    inner.range.upperBound = tokens[index - 1].range.upperBound
    return inner
  }

  /// Whether the word here, before a bracket, may be the name of a function.
  private mutating func isCall() throws(Halt) -> Bool {
    guard let keyword = current.keyword else { return true }
    if keyword == .unknown || keyword == .it { throw valueWordAsOperand() }
    if keyword.isReserved { throw unexpectedOperand() }
    return !keyword.isValue
  }

  /// A literal, a point in time or a path.
  private mutating func leaf() throws(Halt) -> Expression {
    let token = current
    switch token.kind {
    case .number:
      if following.keyword?.unit != nil || isSlipUnit(following) { return try parseDuration() }
      advance()
      return try make(.number(number(of: token)), from: token.range.lowerBound)
    case .text:
      advance()
      return try make(.text(text(of: token)), from: token.range.lowerBound)
    case .date:
      advance()
      let literal = DateLiteral(bytes: bytes[token.range.lowerBound..<token.range.upperBound])
      return try make(
        .date(literal ?? DateLiteral(year: 1, month: 1, day: 1)), from: token.range.lowerBound)
    case .parameter:
      if isAtCountedTime(index) { return try parseDuration() }
      advance()
      return try make(.parameter(parameterName(token)), from: token.range.lowerBound)
    case .month: throw periodAsValue()
    case .quotedName:
      return try make(.path(try parsePath()), from: token.range.lowerBound)
    case .word: return try word()
    default: throw unexpectedOperand()
    }
  }

  /// What a bare word stands for: a value, a point in time or a path.
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
    case .unknown: throw valueWordAsOperand()
    case .it: return try parseAnswer()
    case .outer where following.kind == .dot: return try parseOuter()
    case .all where isPlainNameFollowing: return try parseWholeStore()
    case .standard where isPlainNameFollowing: return try parseStandardTarget()
    case .last, .next, .this, .q1, .q2, .q3, .q4:
      if isAtPeriod { throw periodAsValue() }
    default:
      if token.keyword?.isReserved == true || windowWordAhead { throw unexpectedOperand() }
    }
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
      noteWord(.name, at: index)
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
