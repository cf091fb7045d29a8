// Foreseen slips in statements and clauses: each is reported with the corrected line, and read as
// meant.

extension Parser {
  /// Reads a statement whose first word opens none.
  mutating func mendStatement() throws(Halt) -> Statement {
    let token = current
    if token.kind == .end || token.kind == .semicolon {
      report(.emptyStatement, at: token.range)
      throw Halt()
    }
    if isAtSlip("select") { return try mendSelect() }
    if isAtSlip("insert") { return try mendInsert() }
    for word in Self.sqlWords where isAtSlip(word) {
      report(.sqlStatement(spelling(token.range)), at: token.range)
      throw Halt()
    }
    if token.kind == .word, following.kind != .dot, mendKeyword(among: Self.statementWords) {
      return try parseStatement()
    }
    if let keyword = token.keyword, keyword.isClauseWord {
      report(.bareClause(keyword.rawValue), at: token.range)
      throw Halt()
    }
    let startsQuery = token.kind == .word || token.kind == .quotedName || token.kind == .open
    if startsQuery, looksLikeQuery {
      let place = SourceRange(token.range.lowerBound, token.range.lowerBound)
      report(.missingFind(spelling(token.range)), at: token.range, [Fix(place, "find ")])
      _ = try parseQuery()
      throw Halt()
    }
    report(.unknownStatement(shown(token)), at: token.range)
    throw Halt()
  }

  private static let sqlWords: [StaticString] = [
    "create", "alter", "truncate", "pragma",
  ]

  /// Whether the word here would be read well after a `find`.
  private var looksLikeQuery: Bool {
    if current.kind == .open { return true }
    switch following.kind {
    case .end, .semicolon: return true
    default: break
    }
    guard let keyword = following.keyword else { return false }
    switch keyword {
    case .in, .since, .before, .after, .until, .on, .between, .then: return true
    default: return keyword.opensRefinement
    }
  }

  /// Reads the next word as the keyword it is near to, and reports it; false when it is near none.
  @discardableResult
  mutating func mendKeyword(among keywords: [Keyword]) -> Bool {
    let token = current
    guard token.kind == .word else { return false }
    let typed = spelling(token.range)
    let near = NearNames.nearest(to: typed, among: keywords.lazy.map(\.rawValue))
    guard let first = near.first, let keyword = Keyword(word: first) else { return false }
    let takesBy = keyword == .order || keyword == .group
    let right = takesBy && following.keyword != .by ? "\(first) by" : first
    report(.unknownWord(typed, near: near), at: token.range, [Fix(token.range, right)])
    tokens[index].keyword = keyword
    return true
  }

  /// Reports `select … from …`, and reads what follows `from`.
  private mutating func mendSelect() throws(Halt) -> Statement {
    let start = index
    let select = current.range
    var from = index
    while tokens[from].kind != .end, tokens[from].keyword != .from { from += 1 }
    guard tokens[from].kind != .end, from > start + 1 else {
      report(.sqlStatement(spelling(select)), at: select)
      throw Halt()
    }
    let source = tokens[from + 1].range
    var fixes: [Fix] = []
    let columns = selectedColumns(start + 1, from)
    if source.upperBound > source.lowerBound, let columns {
      fixes.append(Fix(SourceRange(select.lowerBound, source.lowerBound), "find "))
      if !columns.isEmpty {
        var last = tokens.count - 2
        while last > from, tokens[last].kind == .semicolon { last -= 1 }
        let end = tokens[last].range.upperBound
        fixes.append(Fix(SourceRange(end, end), " show \(columns)"))
      }
    }
    report(.select, at: select.union(tokens[from].range), fixes)
    index = from + 1
    _ = try parseQuery()
    throw Halt()
  }

  /// The columns of a `select` as `show` takes them; empty for `*`, nil when it would not take them.
  private func selectedColumns(_ first: Int, _ from: Int) -> String? {
    if from == first + 1, tokens[first].kind == .star { return "" }
    if tokens[first].keyword == .distinct { return nil }
    var fixes: [Fix] = []
    let lower = tokens[first].range.lowerBound
    for place in first..<from where tokens[place].kind == .star {
      guard tokens[place - 1].kind == .open, tokens[place + 1].kind == .close else { continue }
      let star = tokens[place].range
      fixes.append(Fix(SourceRange(star.lowerBound - lower, star.upperBound - lower), ""))
    }
    let range = SourceRange(lower, tokens[from - 1].range.upperBound)
    return fixes.applied(to: spelling(range))
  }

  /// Deals with what is no clause where one is due. True when reading goes on right here.
  mutating func mendClause(_ allowed: ClauseSet) -> Bool {
    let token = current
    if token.kind == .close {
      report(.strayBracket, at: token.range, [Fix(token.range, "")])
      advance()
      return true
    }
    if isAtSlip("having") { return mendHaving() }
    if token.keyword == .count { return mendCount() }
    if isAtSlip("asc") || isAtSlip("ascending") || isAtSlip("descending") {
      _ = mendDirection()
      return true
    }
    if isAtWindow || isAtSlip("during") {
      return (try? mendWindow()) != nil
    }
    if token.kind == .comma, mendThousands() { return true }
    if token.kind == .word, mendKeyword(among: Self.clauseWords(allowed)) { return true }
    if mendBareText() { return true }
    if isAtSlip("from") || isAtSlip("join") {
      report(.unexpected(expected: "a clause", found: shown(token)), at: token.range)
    } else {
      _ = unexpected(index > 1 ? "'and', 'or' or a clause" : "a clause")
    }
    advance()
    return false
  }

  /// The words that open the clauses of a set, and `then`.
  static func clauseWords(_ clauses: ClauseSet) -> [Keyword] {
    let all: [Keyword] = [
      .where, .group, .by, .show, .order, .top, .bottom, .sample, .limit, .into,
    ]
    return all.filter { keyword in
      ClauseSet(opening: keyword).map { clauses.contains($0) } ?? false
    } + [.then]
  }

  private mutating func mendHaving() -> Bool {
    let token = current
    var fixes = [Fix(token.range, "then where")]
    if following.keyword == .count, tokens.count > index + 3, tokens[index + 2].kind == .open,
      tokens[index + 3].kind == .close
    {
      fixes.append(Fix(tokens[index + 2].range.union(tokens[index + 3].range), ""))
    }
    report(.having, at: token.range, fixes)
    tokens[index].keyword = .where
    return (try? parseFilter()) != nil
  }

  /// Reads `count`, `count by K` and `count(…)` as the clauses that count.
  private mutating func mendCount() -> Bool {
    let token = current
    let lead = index > 0 && tokens[index - 1].keyword == .then ? "then " : ""
    switch (following.keyword, following.kind) {
    case (.by, _):
      let fix = Fix(token.range, "group")
      report(.countAsClause(right: lead + "group by …"), at: token.range, [fix])
      tokens[index].keyword = .group
      return (try? parseGroup()) != nil
    case (_, .open):
      let place = SourceRange(token.range.lowerBound, token.range.lowerBound)
      report(.countAsClause(right: lead + "show count(…)"), at: token.range, [Fix(place, "show ")])
      return (try? parseNamedExpression()) != nil
    default:
      report(
        .countAsClause(right: lead + "show count()"), at: token.range,
        [Fix(token.range, "show count()")])
      advance()
      return true
    }
  }

  /// Reads `asc` and `descending`; whether the order is descending.
  mutating func mendDirection() -> Bool {
    let token = current
    if isAtSlip("asc") || isAtSlip("ascending") {
      let gap = SourceRange(previousEnd, token.range.upperBound)
      report(.ascending(spelling(token.range)), at: token.range, [Fix(gap, "")])
      advance()
    } else if isAtSlip("descending") {
      report(.descending, at: token.range, [Fix(token.range, "desc")])
      advance()
      return true
    }
    return false
  }

  /// Reports `1,000`, where the comma is taken for a thousands mark.
  private mutating func mendThousands() -> Bool {
    guard index > 0, tokens[index - 1].kind == .number, following.kind == .number,
      following.range.upperBound - following.range.lowerBound == 3,
      following.range.lowerBound == current.range.upperBound,
      previousEnd == current.range.lowerBound
    else { return false }
    let start = index - 1
    var fixes: [Fix] = []
    while current.kind == .comma, following.kind == .number,
      following.range.upperBound - following.range.lowerBound == 3,
      following.range.lowerBound == current.range.upperBound
    {
      fixes.append(Fix(current.range, "_"))
      advance()
      advance()
    }
    let whole = range(from: start)
    report(.thousandsComma(spelling(whole)), at: whole, fixes)
    return true
  }

  /// Reports `name = Acme Corp`, a text without its quotes; false when that is not what stands here.
  ///
  /// - Parameter stops: Words that end the text.
  @discardableResult
  mutating func mendBareText(before stops: [Keyword] = []) -> Bool {
    guard current.kind == .word, index > 1, tokens[index - 1].kind == .word else { return false }
    switch (tokens[index - 2].kind, tokens[index - 2].keyword) {
    case (.equal, _), (.notEqual, _), (_, .contains), (_, .like), (_, .with): break
    default: return false
    }
    let start = index - 1
    while current.kind == .word || current.kind == .number, !clauseAhead,
      current.keyword?.isReserved != true, current.keyword.map(stops.contains) != true,
      clause(at: index) == nil
    {
      advance()
    }
    guard index > start + 1 else { return false }
    let whole = range(from: start)
    report(
      .needsQuotes(spelling(whole)), at: whole, [Fix(whole, Formatter.quoted(spelling(whole)))])
    while logicalContinues {
      guard (try? parseNegation()) != nil else { return false }
    }
    return true
  }

  /// Steps over an `and` or `or` behind which a condition goes on.
  private var logicalContinues: Bool {
    mutating get { accept(.and) || accept(.or) }
  }

  /// Steps over `by`, or reports that it is missing and goes on as if it stood there.
  mutating func requireBy() {
    if accept(.by) { return }
    guard current.kind != .end, current.kind != .semicolon else {
      _ = unexpected("'by'")
      return
    }
    let place = SourceRange(previousEnd, previousEnd)
    let word = index > 0 ? spelling(tokens[index - 1].range) : ""
    if index > 0, let keyword = tokens[index - 1].keyword, Keyword(word: word) != keyword { return }
    report(.missingBy(word), at: current.range, [Fix(place, " by")])
  }

  /// Reports `limit 10, 20`, of which the first number is the offset.
  mutating func mendLimit(_ count: Expression, _ offset: Expression?, from start: Int) {
    let whole = range(from: start)
    let right =
      "limit \(spelling(count.range))" + (offset.map { " offset \(spelling($0.range))" } ?? "")
    report(.limitPair(right: right), at: whole, [Fix(whole, right)])
  }

  /// Reports a clause that stands a second time.
  mutating func reportTwice(
    _ keyword: Token, after earlier: Token, isAdjacent: Bool, in round: Round
  ) {
    var fixes: [Fix] = []
    let gap = SourceRange(previousEnd, keyword.range.upperBound)
    switch (keyword.keyword, earlier.keyword) {
    case (.where, .where):
      guard let condition = round.filter?.condition else { break }
      var isOr = false
      if case .logical(.or, _) = condition.kind { isOr = true }
      let (lower, upper) = (condition.range.lowerBound, condition.range.upperBound)
      if isAdjacent, !isOr {
        fixes = [Fix(keyword.range, "and")]
      } else if isAdjacent {
        fixes = [
          Fix(SourceRange(lower, lower), "("), Fix(SourceRange(upper, upper), ")"),
          Fix(keyword.range, "and"),
        ]
      }
    case (.show, .show):
      if isAdjacent, round.show?.totalRange == nil { fixes = [Fix(gap, ",")] }
    case (.group, .group) where round.group?.across != nil: break
    case (.order, .order), (.group, .group):
      if isAdjacent, following.keyword == .by {
        fixes = [Fix(SourceRange(previousEnd, following.range.upperBound), ",")]
      }
    default: break
    }
    report(
      .clauseTwice(shownClause(keyword), shownClause(earlier)), at: keyword.range, fixes)
  }

  /// Reports a clause that this round does not take.
  mutating func reportNotAllowed(_ keyword: Token, by rule: RoundRule) {
    var fixes: [Fix] = []
    if rule == .countRound, keyword.keyword == .group, following.keyword == .by {
      fixes = [Fix(keyword.range.union(following.range), "by")]
    }
    let word = shownClause(keyword)
    let reason: SyntaxReason =
      switch rule {
      case .countRound: .clauseInCount(word)
      case .innerRound: innerBrackets > 0 ? .clauseInBrackets(word) : .clauseInDefinition(word)
      case .firstRound, .round: .lateAsOf
      }
    report(reason, at: keyword.range, fixes)
  }

  /// Reports a total where no groups are shown.
  mutating func checkTotal(_ round: Round) {
    guard let place = round.show?.totalRange, round.group == nil else { return }
    report(.totalWithoutGroup, at: place)
  }

  private func shownClause(_ keyword: Token) -> String {
    switch keyword.keyword {
    case .as: "as of"
    case .order: "order by"
    case .group: "group by"
    default: keyword.keyword?.rawValue ?? ""
    }
  }
}
