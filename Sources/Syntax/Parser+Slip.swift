// Foreseen slips inside expressions: each is reported with the corrected line, and read as meant.

extension Parser {
  /// Whether the next token is a bare word that is no keyword and spells `word`.
  func isAtSlip(_ word: StaticString) -> Bool {
    isSlip(current, word)
  }

  /// Whether a token is a bare word that is no keyword and spells `word`.
  func isSlip(_ token: Token, _ word: StaticString) -> Bool {
    guard token.kind == .word, token.keyword == nil else { return false }
    let typed = bytes[token.range.lowerBound..<token.range.upperBound]
    guard typed.count == word.utf8CodeUnitCount else { return false }
    return PackedWord(typed) == PackedWord(word.description)
  }

  /// Reports an operator of another language in place of ours.
  mutating func reportOperatorSlip(_ right: String) {
    let token = current
    let fix: String
    switch token.kind {
    case .doubleAmpersand, .doubleBar: fix = padded(right, token)
    default: fix = right
    }
    report(
      .operatorSlip(spelling(token.range), right: right), at: token.range,
      [
        Fix(token.range, fix)
      ])
  }

  /// A word with the spaces it needs where a sign stood.
  private func padded(_ word: String, _ token: Token) -> String {
    let (lower, upper) = (token.range.lowerBound, token.range.upperBound)
    let before = lower > 0 && bytes[lower - 1] > 0x20 ? " " : ""
    let after = upper < bytes.count && bytes[upper] > 0x20 ? " " : ""
    return before + word + after
  }

  /// Reads `= null`, `!= null`, `= unknown`; nil when the value is none of them.
  mutating func mendUnknownComparison(
    _ left: Expression, _ operation: ComparisonOperator, _ sign: Token
  ) throws(Halt) -> Expression? {
    let token = current
    guard token.keyword == .unknown || isAtSlip("null"),
      following.kind != .dot, following.kind != .open
    else { return nil }
    let isKnown = operation == .notEqual
    let whole = sign.range.union(token.range)
    let right = isKnown ? "is known" : "is unknown"
    let place =
      previousEnd == sign.range.upperBound && sign.range.lowerBound == left.range.upperBound
    let isEquality = operation == .equal || operation == .notEqual
    let reason: SyntaxReason =
      token.keyword == .unknown
      ? .unknownAsValue(right: right) : .nullValue(spelling(whole), right: right)
    report(reason, at: whole, isEquality ? [Fix(whole, (place ? " " : "") + right)] : [])
    advance()
    return try make(.knownTest(left, isKnown: isKnown), from: left.range.lowerBound)
  }

  /// Reads `is null`, `is not null`, `is not known` and `is 5`.
  mutating func mendIs(_ left: Expression, at word: Int) throws(Halt) -> Expression {
    let isNot = accept(.not)
    let token = current
    let sign = range(from: word)
    if isAtSlip("null") || token.keyword == .known || token.keyword == .unknown {
      let isKnown = token.keyword == .known ? !isNot : isNot
      let right = isKnown ? "is known" : "is unknown"
      let whole = sign.union(token.range)
      report(.nullValue(spelling(whole), right: right), at: whole, [Fix(whole, right)])
      advance()
      return try make(.knownTest(left, isKnown: isKnown), from: left.range.lowerBound)
    }
    guard
      token.kind == .word && token.keyword?.isReserved != true || token.kind == .number
        || token.kind == .text || token.kind == .quotedName || token.kind == .date
    else { throw unexpected("'known' or 'unknown' after 'is'") }
    let operation: ComparisonOperator = isNot ? .notEqual : .equal
    report(.isForEqual(operation.rawValue), at: sign, [Fix(sign, operation.rawValue)])
    let right = try parseSum()
    return try make(.comparison(operation, left, right), from: left.range.lowerBound)
  }

  /// Reads a period after a comparison sign.
  mutating func mendPeriodComparison(
    _ left: Expression, _ operation: ComparisonOperator, _ sign: Token
  ) throws(Halt) -> Expression {
    let period = try parsePeriod()
    let word: String
    switch operation {
    case .equal, .notEqual: word = "in"
    case .less: word = "before"
    case .lessOrEqual: word = "until"
    case .greater: word = "after"
    case .greaterOrEqual: word = "since"
    }
    var fixes = [Fix(sign.range, padded(word, sign))]
    if operation == .notEqual {
      let place = SourceRange(left.range.lowerBound, left.range.lowerBound)
      fixes.append(Fix(place, "not "))
    }
    let isFaulty = diagnostics.contains { $0.range == period.range }
    if !isFaulty {
      report(
        .periodCompared(operation.rawValue, right: "\(word) \(spelling(period.range))"),
        at: sign.range.union(period.range), fixes)
    }
    let window = Window(.inside(period), range: period.range)
    return try make(.windowTest(left, window), from: left.range.lowerBound)
  }

  /// Reads `x not contains "y"`; nil when the word after `not` is no operator.
  mutating func mendNotInside(_ left: Expression) throws(Halt) -> Expression? {
    let word = current
    switch following.keyword {
    case .contains, .starts, .ends, .has, .like, .matches, .between, .in: break
    default: return nil
    }
    advance()
    let place = SourceRange(left.range.lowerBound, left.range.lowerBound)
    report(
      .notInside(spelling(current.range)), at: word.range,
      [Fix(place, "not "), Fix(SourceRange(word.range.lowerBound, current.range.lowerBound), "")])
    guard let condition = try test(of: left) else { return nil }
    return try make(.not(condition), from: left.range.lowerBound)
  }

  /// Reads `count(stage = welcoming)`, a condition in place of what is counted.
  mutating func mendConditionArgument(
    of call: inout Call, _ argument: Expression, at start: Int
  ) throws(Halt) -> Bool {
    switch current.kind {
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual: break
    default:
      switch current.keyword {
      case .is, .contains, .like, .matches, .starts, .ends, .has, .not: break
      case .in where following.kind == .open: break
      default: return false
      }
    }
    let place = SourceRange(argument.range.lowerBound, argument.range.lowerBound)
    let isCount = call.name.folded == "count"
    report(
      .conditionArgument(call.name.text), at: current.range, isCount ? [Fix(place, "where ")] : [])
    index = start
    call.filter = try parseExpression()
    return true
  }

  /// Reads the `*` of `count(*)`.
  mutating func mendStar() -> Bool {
    guard current.kind == .star, following.kind == .close else { return false }
    report(.starArgument, at: current.range, [Fix(current.range, "")])
    advance()
    return true
  }

  /// Reports `!` in place of `not`.
  mutating func reportBang() {
    report(.bang, at: current.range, [Fix(current.range, "not ")])
  }

  /// Reports `during`, and has it read as `in`.
  mutating func mendDuring() {
    report(.during, at: current.range, [Fix(current.range, "in")])
    tokens[index].keyword = .in
  }

  /// Reports percent signs in a `like` pattern.
  mutating func checkLike(_ pattern: Expression, at place: SourceRange) {
    guard case .text(let content) = pattern.kind, place.upperBound == pattern.range.upperBound,
      content.utf8.first == UInt8(ascii: "%") || content.utf8.last == UInt8(ascii: "%")
    else { return }
    let right = String(
      decoding: spelling(place).utf8.map { $0 == UInt8(ascii: "%") ? UInt8(ascii: "*") : $0 },
      as: UTF8.self)
    report(.likePercent(right: right), at: place, [Fix(place, right)])
  }

  /// Reports `and` and `or` side by side, with both ways to bracket them.
  mutating func reportMixed(_ operands: [Expression], _ operators: [LogicalOperator]) {
    let whole = operands[0].range.union(operands[operands.count - 1].range)
    let text = spelling(whole)
    var readings: [[Fix]] = []
    var spellings: [String] = []
    for inner in LogicalOperator.allCases {
      let fixes = brackets(around: inner, operands, operators)
      readings.append(fixes)
      let shifted = fixes.map { fix in
        let place = fix.range.lowerBound - whole.lowerBound
        return Fix(SourceRange(place, place), fix.replacement)
      }
      spellings.append(shifted.applied(to: text))
    }
    report(
      Diagnostic(
        SyntaxReason.mixedLogic(spellings[0], spellings[1]), at: whole, readings: readings))
  }

  /// The brackets around each run of operands that `inner` joins.
  private func brackets(
    around inner: LogicalOperator, _ operands: [Expression], _ operators: [LogicalOperator]
  ) -> [Fix] {
    var fixes: [Fix] = []
    var first = 0
    for place in 0...operators.count where place == operators.count || operators[place] != inner {
      if place > first {
        let (lower, upper) = (operands[first].range.lowerBound, operands[place].range.upperBound)
        fixes.append(Fix(SourceRange(lower, lower), "("))
        fixes.append(Fix(SourceRange(upper, upper), ")"))
      }
      first = place + 1
    }
    return fixes
  }
}

extension Parser {
  /// Reports a window that stands after a condition, and reads it.
  mutating func mendWindow() throws(Halt) {
    let start = index
    let before = previousEnd
    let place = windowPlace
    if isAtSlip("during") { mendDuring() }
    _ = try parseWindow()
    let window = range(from: start)
    var fixes: [Fix] = []
    if let place {
      fixes = [
        Fix(SourceRange(place, place), " " + spelling(window)),
        Fix(SourceRange(before, window.upperBound), ""),
      ]
    }
    report(.misplacedWindow(spelling(window)), at: window, fixes)
  }

  /// Reports a window where a condition begins.
  mutating func misplacedOpeningWindow() -> Halt {
    let start = index
    let place = windowPlace
    guard (try? parseWindow()) != nil else { return Halt() }
    let window = range(from: start)
    var fixes: [Fix] = []
    if let place, start > 1, tokens[start - 1].keyword == .where {
      var cut = SourceRange(tokens[start - 2].range.upperBound, window.upperBound)
      if current.keyword == .and {
        cut = SourceRange(window.lowerBound, following.range.lowerBound)
      }
      fixes = [Fix(SourceRange(place, place), " " + spelling(window)), Fix(cut, "")]
    }
    report(.misplacedWindow(spelling(window)), at: window, fixes)
    return Halt()
  }

  /// Whether a window other than `in` begins here, beyond doubt.
  var windowWordAhead: Bool {
    switch current.keyword {
    case .since, .before, .after, .until, .on: break
    default: return false
    }
    switch following.kind {
    case .number, .date, .month: return true
    default:
      return following.keyword == .today || following.keyword == .yesterday
        || isPeriodAhead(at: index + 1)
    }
  }

  /// Reports what follows the `in` of a window and is no period.
  mutating func notPeriod(_ tested: Expression?) -> Halt {
    let token = current
    let word = tokens[index - 1].range
    switch token.kind {
    case .date:
      report(.dayAfterIn(spelling(token.range)), at: word.union(token.range), [Fix(word, "on")])
      return Halt()
    case .word where token.keyword == .today || token.keyword == .yesterday:
      report(.dayAfterIn(spelling(token.range)), at: word.union(token.range), [Fix(word, "on")])
      return Halt()
    case .word, .quotedName, .text, .number:
      if tested == nil || token.keyword?.isReserved == true || clauseAhead { break }
      let isWhole = following.kind != .dot && following.kind != .open
      let right = "(\(spelling(token.range)))"
      report(
        .inWithoutBrackets(shown(token), right: right), at: token.range,
        isWhole ? [Fix(token.range, right)] : [])
      return Halt()
    default: break
    }
    return unexpected("a period such as '2025' or 'last 30 days' after 'in'")
  }

  /// Reports a period where a value is due.
  mutating func periodAsValue() -> Halt {
    let start = index
    guard (try? parsePeriod()) != nil else { return Halt() }
    let period = range(from: start)
    report(.periodAsValue(spelling(period)), at: period)
    return Halt()
  }

  /// Reports `unknown` or `it` where a field or value is due.
  mutating func valueWordAsOperand() -> Halt {
    let token = current
    if token.keyword == .unknown {
      report(.unknownAsValue(right: "is unknown"), at: token.range)
    } else {
      return reservedName(token, "a field or a value")
    }
    return Halt()
  }

  /// Reports a reserved word, or one that is a value, where a name is due.
  mutating func reservedName(_ token: Token, _ expected: String) -> Halt {
    switch token.keyword {
    case .and, .or, .where, .then, .by, .not, .between: return unexpected(expected)
    default: break
    }
    let word = spelling(token.range)
    report(.reservedName(word), at: token.range, [Fix(token.range, "`\(word)`")])
    return Halt()
  }

  /// Reports that no value begins here.
  mutating func unexpectedOperand() -> Halt {
    if windowWordAhead { return misplacedOpeningWindow() }
    let token = current
    if token.kind == .word, clauseAhead { return unexpected("a field or a value") }
    if let keyword = token.keyword, keyword.isReserved {
      switch following.kind {
      case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .comma, .dot:
        return reservedName(token, "a field or a value")
      default: break
      }
    }
    return unexpected("a field or a value")
  }

  /// Steps over a closing bracket, or reports that it is missing.
  mutating func requireClose(of bracket: Int) throws(Halt) {
    if accept(.close) {
      openBrackets -= 1
      return
    }
    try mendClose(of: bracket)
  }

  private mutating func mendClose(of bracket: Int) throws(Halt) {
    let token = current
    let endsHere =
      token.kind == .end || token.kind == .semicolon || token.keyword == .then
      || clause(at: index) != nil
    guard endsHere else { throw unexpected("',' or ')'") }
    openBrackets -= 1
    if isAfterFault { return }
    report(
      .missingBracket, at: tokens[bracket].range, [Fix(SourceRange(previousEnd, previousEnd), ")")])
  }
}
