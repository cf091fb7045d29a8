// Conditions: a value and what is said about it.

extension Parser {
  /// `condition`: a value, and what it is compared with or tested for.
  mutating func parseCondition() throws(Halt) -> Expression {
    if isAt(.has) || isAt(.in) || isSegmentTest(at: index) { return try opening() }
    let left = try parseSum()
    noteOperators()
    // What follows an operator is a level of its own: reading it takes as much stack as brackets do.
    try enter()
    defer { leave() }
    guard let condition = try isAt(.not) ? negated(left) : test(of: left) else { return left }
    if condition.isOfDay { return try ofDay(condition) }
    try checkConditionEnd()
    return condition
  }

  /// Reads a condition that begins with a word of its own.
  private mutating func opening() throws(Halt) -> Expression {
    let condition: Expression
    if tokens[index].keyword == .has {
      condition = try parseHas()
    } else if isSegmentTest(at: index) {
      condition = try parseSegmentTest()
    } else {
      return try parseRankTest()
    }
    try checkConditionEnd()
    return condition
  }

  /// Reads what is said about the value that a field had on a day; the value itself when nothing is.
  private mutating func ofDay(_ day: Expression) throws(Halt) -> Expression {
    let condition = try testOfDay(day) ?? day
    try checkConditionEnd()
    return condition
  }

  /// Reads what is said about the value that a field had on a day; nil when nothing is.
  private mutating func testOfDay(_ day: Expression) throws(Halt) -> Expression? {
    noteOperators()
    if tokens[index].keyword == .not { return try negated(day) }
    switch tokens[index].keyword {
    case .since, .before, .after, .until, .on, .was, .changed, .entered, .left: return nil
    case .in where tokens[index + 1].kind != .open: return nil
    default: return try test(of: day)
    }
  }

  private mutating func negated(_ left: Expression) throws(Halt) -> Expression? {
    if following.keyword == .in, tokens[min(index + 2, tokens.count - 1)].kind == .open {
      return try parseMembership(left)
    }
    if following.keyword == .in, isSegmentTest(at: index + 1) {
      return try parseSegmentTest(of: left)
    }
    return try mendNotInside(left)
  }

  /// Reads what is said about `left`; nil when nothing is.
  mutating func test(of left: Expression) throws(Halt) -> Expression? {
    switch tokens[index].kind {
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .doubleEqual,
      .lessGreater, .equalLess, .equalGreater:
      return try parseComparison(left)
    case .word: break
    default: return nil
    }
    switch tokens[index].keyword {
    case .is: return try parseKnownTest(left)
    case .contains, .starts, .ends, .has, .like, .matches: return try parseTextTest(left)
    case .in:
      if tokens[index + 1].kind == .open { return try parseMembership(left) }
      if isSegmentTest(at: index) { return try parseSegmentTest(of: left) }
      return try parseWindowTest(left)
    case .was:
      return isSegmentTest(at: index) ? try parseSegmentTest(of: left) : try parseWas(left)
    case .changed: return try parseChanged(left)
    case .entered, .left:
      return isSegmentTest(at: index) ? try parseSegmentTest(of: left) : nil
    case .between:
      return try parseBetween(left)
    case .since, .before, .after, .until, .on:
      return try parseWindowTest(left)
    default:
      guard isAtSlip("during") else { return nil }
      mendDuring()
      return try parseWindowTest(left)
    }
  }

  /// `comparison`: one of `= != < <= > >=` and a value.
  mutating func parseComparison(_ left: Expression) throws(Halt) -> Expression {
    let sign = tokens[index]
    let operation = comparisonOperator(sign)
    advance()
    if let known = try mendUnknownComparison(left, operation, sign) { return known }
    if isAtPeriod { return try mendPeriodComparison(left, operation, sign) }
    let outer = compared
    compared = left.pathNames
    defer { compared = outer }
    let right = try parseSum()
    return try make(.comparison(operation, left, right), from: left.range.lowerBound)
  }

  /// The operator a sign stands for; a slip is reported.
  mutating func comparisonOperator(_ sign: Token) -> ComparisonOperator {
    let operation: ComparisonOperator
    switch sign.kind {
    case .equal: return .equal
    case .notEqual: return .notEqual
    case .less: return .less
    case .lessOrEqual: return .lessOrEqual
    case .greater: return .greater
    case .greaterOrEqual: return .greaterOrEqual
    case .lessGreater: operation = .notEqual
    case .equalLess: operation = .lessOrEqual
    case .equalGreater: operation = .greaterOrEqual
    default: operation = .equal
    }
    reportOperatorSlip(operation.rawValue)
    return operation
  }

  /// `textTest`: `contains`, `starts with`, `ends with`, `has word`, `like` or `matches`.
  mutating func parseTextTest(_ left: Expression) throws(Halt) -> Expression {
    let operation: TextOperator
    switch current.keyword {
    case .contains: operation = .contains
    case .starts: operation = .startsWith
    case .ends: operation = .endsWith
    case .has: operation = .hasWord
    case .like: operation = .like
    default: operation = .matches
    }
    advance()
    switch operation {
    case .startsWith, .endsWith: try require(.with)
    case .hasWord: try require(.word)
    default: break
    }
    let place = current.range
    let right = try parseSum()
    if operation == .like { checkLike(right, at: place) }
    return try make(.textTest(operation, left, right), from: left.range.lowerBound)
  }

  /// `membership`: `in (a, b)` or `not in (a, b)`.
  mutating func parseMembership(_ left: Expression) throws(Halt) -> Expression {
    let isNegated = accept(.not)
    advance()
    let bracket = index
    advance()
    openBrackets += 1
    let outer = (compared, isInOpenWhere)
    (compared, isInOpenWhere) = (left.pathNames, false)
    defer { (compared, isInOpenWhere) = outer }
    let values = try expressions("a value in the brackets after 'in'")
    try requireClose(of: bracket)
    return try make(
      .membership(left, isNegated: isNegated, values), from: left.range.lowerBound)
  }

  /// `between`: `between a and b`, both ends included.
  mutating func parseBetween(_ left: Expression) throws(Halt) -> Expression {
    advance()
    let lower = try boundary()
    try require(.and)
    let upper = try boundary()
    return try make(.between(left, lower, upper), from: left.range.lowerBound)
  }

  /// One end of `between`: a value or a period. Four digits stay a number, as the type of what is
  /// tested is not known yet.
  private mutating func boundary() throws(Halt) -> Expression {
    if isAtPeriod { return try parsePeriod() }
    return try parseSum()
  }

  /// `knownTest`: `is known` or `is unknown`.
  mutating func parseKnownTest(_ left: Expression) throws(Halt) -> Expression {
    let word = index
    advance()
    note([.known, .unknown])
    let isKnown: Bool
    switch current.keyword {
    case .known: isKnown = true
    case .unknown: isKnown = false
    default: return try mendIs(left, at: word)
    }
    advance()
    return try make(.knownTest(left, isKnown: isKnown), from: left.range.lowerBound)
  }

  /// `windowTest`: a window that says when a date or time lies.
  mutating func parseWindowTest(_ left: Expression) throws(Halt) -> Expression {
    let window = try parseWindow(testing: left)
    return try make(.windowTest(left, window), from: left.range.lowerBound)
  }

  /// `rankTest`: `in top P% by E [per K]` or `in bottom P% by …`.
  mutating func parseRankTest() throws(Halt) -> Expression {
    let start = current.range.lowerBound
    guard following.keyword == .top || following.keyword == .bottom else {
      if index + 1 == probe {
        advance()
        note(words: ["top", "bottom", "segment"])
      }
      if isPeriodAhead(at: index + 1) { throw misplacedOpeningWindow() }
      throw unexpectedOperand()
    }
    advance()
    let isTop = current.keyword == .top
    advance()
    let share = try rankShare()
    try require(.by)
    let by = try parseSum()
    var per: [Expression] = []
    if accept(.per) { per.append(try parseSum()) }
    return try make(
      .rankTest(RankTest(isTop: isTop, share: share, by: by, per: per)), from: start)
  }

  /// The percentage of a rank test.
  private mutating func rankShare() throws(Halt) -> Expression {
    try percentOrParameter("a percentage") { .notPercent($0) }
  }

  /// Looks for what cannot follow a whole condition: a second comparison, or a window.
  private mutating func checkConditionEnd() throws(Halt) {
    switch current.kind {
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual:
      report(.chain(spelling(current.range)), at: current.range)
      throw Halt()
    default: break
    }
    if isAtWindow { try mendWindow() }
  }
}

extension Expression {
  /// The names of a path, also of one as it was on a day; empty for anything else.
  var pathNames: [Name] {
    switch kind {
    case .path(let names): names
    case .windowTest(let tested, _) where isOfDay: tested.pathNames
    default: []
    }
  }

  /// Whether it is `x on D`, which may be what a field was on that day.
  var isOfDay: Bool {
    guard case .windowTest(_, let window) = kind, case .on = window.kind else { return false }
    return true
  }
}
