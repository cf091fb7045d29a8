// Foreseen slips in the statements that change data: each is reported with the corrected line, and
// read as meant where that is plain. Nothing here guesses which records are meant.

extension Parser {
  /// Reads which records a change is about. After an error there it goes on at `word`, so that
  /// errors behind it are found too.
  mutating func readTarget(
    of verb: Keyword, before word: Keyword
  ) throws(Halt) -> ChangeTarget {
    let start = index
    do {
      return try parseTarget(of: verb)
    } catch {
      while current.keyword != word {
        if current.kind == .end || current.kind == .semicolon { throw Halt() }
        advance()
      }
      openBrackets = innerBrackets
      let name = sourceName ?? Name("", range: range(from: start))
      return ChangeTarget(.all(name), range: range(from: start))
    }
  }

  /// Reports that nothing says which records a change is about.
  mutating func missingTarget(of name: Name, verb: String) -> Halt {
    let isKnownPlace = current.kind.isEnd || current.keyword?.isClauseWord == true
    guard isKnownPlace else { return unexpected("'where' or a key") }
    if current.kind == .end { expectedAtEnd = "'where' or a key" }
    report(.missingTarget(verb: verb, entity: spelling(name.range)), at: name.range)
    return Halt()
  }

  /// Reads `customers set … where …`, the order of SQL: the condition is taken from behind `set`.
  /// Nil when there is none.
  mutating func mendSQLOrder(of name: Name) throws(Halt) -> ChangeTarget? {
    guard current.keyword == .set, let place = wherePlaceAhead else { return nil }
    let back = index
    index = place
    let gap = previousEnd
    let filter = try parseFilter()
    let fixes = [
      Fix(SourceRange(name.range.upperBound, name.range.upperBound), " " + spelling(filter.range)),
      Fix(SourceRange(gap, filter.range.upperBound), ""),
    ]
    report(.whereBehindSet, at: tokens[place].range, fixes)
    tokens.removeSubrange(place..<index)
    index = back
    return ChangeTarget(.matching(name, filter), range: name.range)
  }

  /// Where the first `where` outside brackets stands in the rest of the statement.
  private var wherePlaceAhead: Int? {
    var depth = 0
    for place in index..<tokens.count {
      switch tokens[place].kind {
      case .open: depth += 1
      case .close: depth -= 1
      case .semicolon: return nil
      default: if depth == 0, tokens[place].keyword == .where { return place }
      }
    }
    return nil
  }

  /// Reports a `where` behind `set` where the records are named already.
  mutating func mendLateWhere(of target: ChangeTarget) throws(Halt) {
    let (word, gap) = (current.range, previousEnd)
    if case .matching = target.kind {
      report(.clauseTwice("where", "where"), at: word)
      throw Halt()
    }
    let filter = try parseFilter()
    var fixes: [Fix] = []
    if case .all(let name) = target.kind {
      fixes = [
        Fix(target.range, "\(spelling(name.range)) \(spelling(filter.range))"),
        Fix(SourceRange(gap, filter.range.upperBound), ""),
      ]
    }
    report(.whereBehindSet, at: word, fixes)
  }

  /// Whether a bare word stands here as if it were a text key.
  var isAtBareKey: Bool {
    guard current.kind == .word, current.keyword == nil else { return false }
    return following.kind.isEnd || following.keyword?.isClauseWord == true
  }

  /// Reports `where` with `set` or `to` right behind it.
  mutating func requireCondition() throws(Halt) {
    let rest = tokens[min(index + 2, tokens.count - 1)...]
    let isEmpty: Bool =
      switch following.keyword {
      case .set: rest.first?.kind.isName == true && rest.dropFirst().first?.kind == .equal
      case .to: rest.first?.kind.isName == true && rest.dropFirst().first?.kind.isEnd != false
      default: false
      }
    guard isEmpty else { return }
    advance()
    throw unexpected("a condition after 'where'")
  }

  /// Steps over `set`, or reports that it is missing before an assignment.
  mutating func requireSet() throws(Halt) {
    if accept(.set) { return }
    mendBareText(before: [.set])
    if accept(.set) { return }
    let isAssignment = following.kind == .equal || following.kind == .doubleEqual
    if current.kind.isName, isAssignment {
      return reportMissing("set")
    }
    if mendKeyword(among: [.set]) { advance() } else { throw unexpected("'set'") }
  }

  /// Steps over `to`, or reports that it is missing.
  mutating func requireTo() throws(Halt) {
    if accept(.to) { return }
    mendBareText(before: [.to])
    if accept(.to) { return }
    switch current.kind {
    case .text: reportMissing("to")
    case .word where current.keyword == nil && following.kind.isEnd: reportMissing("to")
    default: throw unexpected("'to'")
    }
  }

  /// Steps over `from`, or reports that it is missing before a file.
  mutating func requireFrom() throws(Halt) {
    if current.kind == .text { return reportMissing("from") }
    try require(.from)
  }

  /// Reports a word that is missing here, and goes on as if it stood there.
  mutating func reportMissing(_ word: String) {
    let place = SourceRange(previousEnd, previousEnd)
    report(.missingWord(word), at: current.range, [Fix(place, " \(word)")])
  }

  /// Steps over the `=` of an assignment, or reports what stands for it.
  mutating func requireEqual() throws(Halt) {
    if accept(.equal) { return }
    if current.kind == .doubleEqual || current.keyword == .to {
      reportOperatorSlip("=")
      return advance()
    }
    throw unexpected("'=' after the name of a field")
  }

  /// Whether what stands here makes a condition of the value before it.
  var isAtTest: Bool {
    switch current.kind {
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .doubleEqual,
      .lessGreater, .equalLess, .equalGreater, .doubleAmpersand, .doubleBar:
      return true
    default: break
    }
    switch current.keyword {
    case .and: return !isAssignmentAhead
    case .or, .is, .in, .contains, .like, .matches, .between, .not: return true
    case .starts, .ends: return following.keyword == .with
    case .has: return following.keyword == .word
    case .was: return following.kind == .word || following.kind == .text
    case .changed: return true
    default: return false
    }
  }

  /// Whether an assignment follows the word here.
  private var isAssignmentAhead: Bool {
    following.kind.isName && tokens[min(index + 2, tokens.count - 1)].kind == .equal
  }

  /// Reads the value that began at `start` as a condition, and reports its missing brackets.
  mutating func mendCondition(_ start: Int) throws(Halt) -> Expression {
    index = start
    let count = diagnostics.count
    let value = try parseExpression()
    if diagnostics.count == count {
      let (lower, upper) = (value.range.lowerBound, value.range.upperBound)
      report(
        .conditionAssigned, at: value.range,
        [Fix(SourceRange(lower, lower), "("), Fix(SourceRange(upper, upper), ")")])
    }
    return value
  }

  /// Reads assignments joined with `and`, or with nothing, and reports it; false when no further
  /// one follows.
  mutating func mendAssignmentComma() -> Bool {
    let gap = previousEnd
    if current.keyword == .and, isAssignmentAhead {
      let whole = SourceRange(gap, current.range.upperBound)
      report(
        .operatorSlip(spelling(current.range), right: ","), at: current.range, [Fix(whole, ",")])
      advance()
      return true
    }
    guard current.kind.isName, following.kind == .equal else { return false }
    report(.missingComma, at: current.range, [Fix(SourceRange(gap, gap), ",")])
    return true
  }

  /// Reads words where nothing but a text may stand, and reports that its quotes are missing.
  mutating func mendUnquoted(before stops: [Keyword]) throws(Halt) -> Expression {
    let start = index
    while current.kind == .word || current.kind == .number,
      index == start || current.keyword.map(stops.contains) != true
    {
      advance()
    }
    let whole = range(from: start)
    report(
      .needsQuotes(spelling(whole)), at: whole, [Fix(whole, Formatter.quoted(spelling(whole)))])
    return Expression(.text(spelling(whole)), range: whole)
  }

  /// Reports the `from` of `delete from`.
  mutating func mendDeleteFrom() {
    guard current.keyword == .from, following.kind.isName, following.keyword?.isReserved != true
    else { return }
    let verb = tokens[index - 1].range
    let gap = SourceRange(current.range.lowerBound, following.range.lowerBound)
    // Without a condition the line would be refused again.
    let isWhole = !tokens[min(index + 2, tokens.count - 1)].kind.isEnd
    report(.deleteFrom, at: verb.union(current.range), isWhole ? [Fix(gap, "")] : [])
    advance()
  }

  /// Reports `cascade`, and has it read as `with related`.
  mutating func mendCascade() {
    guard isAtSlip("cascade") else { return }
    report(
      .cascade(spelling(current.range)), at: current.range, [Fix(current.range, "with related")])
    advance()
  }

  /// Reports `merge customer 42 with 41`.
  mutating func mendMergeWord() {
    switch current.keyword {
    case .with, .to, .and, .in:
      reportOperatorSlip("into")
      tokens[index].keyword = .into
    default: return
    }
  }

  /// Reports a word that other languages have here, and steps over it.
  mutating func mendFiller(_ words: [StaticString]) {
    if words.contains(where: { isAtSlip($0) }) { cutWord() }
  }

  /// Reports a word that is not needed, and steps over it.
  mutating func cutWord() {
    let gap = SourceRange(previousEnd, current.range.upperBound)
    report(.fillerWord(spelling(current.range)), at: current.range, [Fix(gap, "")])
    advance()
  }

  /// Reports `export customers to "f.csv"`: one entity is written by a query.
  mutating func exportedEntity() -> Halt {
    let name = current.range
    let verb = tokens[index - 1].range
    var fixes: [Fix] = []
    let rest = tokens[min(index + 2, tokens.count - 1)]
    if following.keyword == .to, rest.kind == .text {
      fixes = [Fix(verb, "find"), Fix(following.range, "into")]
    }
    report(.exportedEntity(spelling(name)), at: verb.union(name), fixes)
    return Halt()
  }

  /// Reports `insert into … (…) values (…)`.
  mutating func mendInsert() throws(Halt) -> Statement {
    let start = index
    advance()
    _ = accept(.into)
    guard current.kind.isName else {
      report(.insert, at: range(from: start))
      throw Halt()
    }
    let name = current.range
    let whole = range(from: start)
    advance()
    let fields = bracketedRanges()
    var fixes: [Fix] = []
    if isAtSlip("values") {
      advance()
      let values = bracketedRanges()
      if !fields.isEmpty, fields.count == values.count, current.kind.isEnd {
        let pairs = zip(fields, values).map { "\(spelling($0)) = \(spelling($1))" }
        let all = SourceRange(tokens[start].range.lowerBound, previousEnd)
        let added = "add \(Self.singular(of: spelling(name))) \(pairs.joined(separator: ", "))"
        fixes = [Fix(all, added)]
      }
    }
    report(.insert, at: whole.union(name), fixes)
    throw Halt()
  }

  /// Steps over a list in brackets and gives the places of its items; none when it is no plain list.
  private mutating func bracketedRanges() -> [SourceRange] {
    guard current.kind == .open else { return [] }
    var ranges: [SourceRange] = []
    repeat {
      advance()
      let first = current.range
      var last = first
      while current.kind != .comma, current.kind != .close {
        if current.kind.isEnd || current.kind == .open { return [] }
        last = current.range
        advance()
      }
      if first == current.range { return [] }
      ranges.append(first.union(last))
    } while current.kind == .comma
    advance()
    return ranges
  }

  /// What one record of an entity is probably called, for an offered line.
  private static func singular(of plural: String) -> String {
    if plural.hasSuffix("ies") { return plural.dropLast(3) + "y" }
    return plural.hasSuffix("s") ? String(plural.dropLast()) : plural
  }
}

extension Token.Kind {
  /// Whether a name may stand so: a bare word or one in backticks.
  var isName: Bool { self == .word || self == .quotedName }

  /// Whether the statement ends here.
  var isEnd: Bool { self == .end || self == .semicolon }
}
