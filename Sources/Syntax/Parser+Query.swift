// Queries, sources and rounds.

extension Parser {
  /// `query`: `SOURCE [window]` and rounds of clauses.
  mutating func parseQuery() throws(Halt) -> Query {
    try readQuery(.firstRound, .round)
  }

  /// `innerQuery`: a query in brackets or in a definition: it writes no file, and asks as of today.
  mutating func parseInnerQuery() throws(Halt) -> Query {
    note(Verb.words)
    return isAtVerb ? try readAnalysis(.innerRound) : try readQuery(.innerRound, .innerRound)
  }

  /// Which rule a round is read by.
  enum RoundRule {
    case firstRound, round, innerRound, countRound
  }

  /// Reads a source, its window, its first round by one rule and the others by another.
  mutating func readQuery(_ first: RoundRule, _ rest: RoundRule) throws(Halt) -> Query {
    let start = index
    let outer = (names, windowPlace)
    defer { (names, windowPlace) = outer }
    var source = Source.named(Name("", range: current.range))
    var window: Window?
    var asOf: AsOfClause?
    do {
      source = try parseSource()
      windowPlace = previousEnd
      window = try windowIfAny()
    } catch {
      recover()
    }
    var rounds: [Round] = []
    if isAtRoundEnd {
      rounds.append(Round())
      noteClauses(Self.clauses(of: first), seen: [])
    } else {
      let clauses = try readRound(by: first)
      rounds.append(clauses.round)
      asOf = clauses.asOf
    }
    while accept(.then) {
      windowPlace = nil
      noteEarlierRounds(from: start)
      rounds.append(try readRound(by: rest).round)
    }
    return Query(
      source: source, window: window, asOf: asOf, rounds: rounds, range: range(from: start))
  }

  /// Notes that names may be columns of the rounds before a `then`, which has just been read.
  mutating func noteEarlierRounds(from start: Int) {
    let isCount = start > 0 && tokens[start - 1].keyword == .count
    let lower = tokens[isCount ? start - 1 : start].range.lowerBound
    names.earlier = .query(SourceRange(lower, tokens[index - 1].range.lowerBound))
  }

  private static func clauses(of rule: RoundRule) -> ClauseSet {
    switch rule {
    case .firstRound: ClauseSet.round.union(.asOf)
    case .round: .round
    case .innerRound: ClauseSet.round.subtracting(.into)
    case .countRound: .count
    }
  }

  /// Reads a round by a rule.
  mutating func readRound(by rule: RoundRule) throws(Halt) -> Clauses {
    switch rule {
    case .firstRound: try parseFirstRound()
    case .round: Clauses(round: try parseRound())
    case .innerRound: Clauses(round: try parseInnerRound())
    case .countRound: try parseCountRound()
    }
  }

  /// `source`: an entity or a segment, `it`, or a query in brackets without `find`.
  mutating func parseSource() throws(Halt) -> Source {
    notePlace(.entity)
    notePlace(.defined(.segment))
    if accept(.it) {
      names = NameScope(source: nil, earlier: .last(rounds: nil))
      return .it(tokens[index - 1].range)
    }
    guard current.kind == .open else { return try namedSource() }
    let query = try readBracketedQuery()
    names = NameScope(source: query.innermostName, earlier: .query(query.range))
    return .query(query)
  }

  private mutating func namedSource() throws(Halt) -> Source {
    let isCounted = index > 0 && tokens[index - 1].keyword == .count
    if clauseAhead, !(isCounted && following.keyword == .by) { throw missingSource() }
    if isAtVerb, index + 1 != probe { return try mendOpenVerb() }
    let name = try parseName(Self.sourceWords)
    sourceName = name
    return .named(name)
  }

  /// How many levels of depth a query in brackets counts for: reading one takes much stack.
  private static let queryLevels = 6

  /// Reads a query with its brackets.
  mutating func readBracketedQuery() throws(Halt) -> Query {
    try enter(levels: Self.queryLevels)
    defer { leave(levels: Self.queryLevels) }
    let bracket = index
    advance()
    openBrackets += 1
    let outerBrackets = innerBrackets
    innerBrackets = openBrackets
    defer { innerBrackets = outerBrackets }
    if accept(.find) {
      let find = tokens[index - 1].range
      let rest = SourceRange(find.lowerBound, current.range.lowerBound)
      report(.findInBrackets, at: find, [Fix(rest, "")])
    }
    let query = try parseInnerQuery()
    try requireClose(of: bracket)
    return query
  }

  /// The window on a source's or a relation's own time field, if one follows.
  mutating func windowIfAny() throws(Halt) -> Window? {
    noteWindows()
    if isAtSlip("during") {
      mendDuring()
    } else if !isAtWindow {
      return nil
    }
    windowPlace = nil
    return try parseWindow()
  }

  private mutating func missingSource() -> Halt {
    unexpected(Self.sourceWords)
  }

  static let sourceWords = "the name of an entity or a query in brackets"

  /// Whether no clause of this round follows.
  var isAtRoundEnd: Bool {
    switch current.kind {
    case .end, .semicolon: true
    case .close: innerBrackets > 0
    default: current.keyword == .then
    }
  }
}

extension Query {
  /// The entity at the bottom of nested queries.
  var innermostName: Name? { source.innermostName }
}

extension Source {
  /// The entity at the bottom of nested queries.
  var innermostName: Name? {
    switch self {
    case .named(let name): name
    case .it: nil
    case .query(let query): query.innermostName
    case .verb(let call): call.source.innermostName
    }
  }
}

/// The clauses of a round; in the first one also `as of`, which is the query's.
struct Clauses {
  var round = Round()
  var asOf: AsOfClause?
}

/// The clauses of a round, as a set.
struct ClauseSet: OptionSet {
  let rawValue: UInt16

  static let filter = ClauseSet(rawValue: 1)
  static let group = ClauseSet(rawValue: 2)
  static let show = ClauseSet(rawValue: 4)
  static let order = ClauseSet(rawValue: 8)
  static let sample = ClauseSet(rawValue: 16)
  static let limit = ClauseSet(rawValue: 32)
  static let into = ClauseSet(rawValue: 64)
  static let countGroup = ClauseSet(rawValue: 128)
  static let asOf = ClauseSet(rawValue: 256)

  /// The clauses a round may have.
  static let round: ClauseSet = [.filter, .group, .show, .order, .sample, .limit, .into]

  /// The clauses of the round of a `count`.
  static let count: ClauseSet = [.asOf, .filter, .countGroup, .into]

  /// The clause that a keyword opens by itself: any but `as of`.
  init?(opening keyword: Keyword) {
    switch keyword {
    case .where: self = .filter
    case .group: self = .group
    case .show: self = .show
    case .order, .top, .bottom: self = .order
    case .sample: self = .sample
    case .limit: self = .limit
    case .into: self = .into
    case .by: self = .countGroup
    default: return nil
    }
  }

  init(rawValue: UInt16) {
    self.rawValue = rawValue
  }
}

extension Parser {
  /// `firstRound`: the clauses of a round, and `as of`.
  mutating func parseFirstRound() throws(Halt) -> Clauses {
    try readClauses(.firstRound)
  }

  /// `round`: clauses in any order, each at most once, at least one.
  mutating func parseRound() throws(Halt) -> Round {
    try readClauses(.round).round
  }

  /// `innerRound`: the clauses of a query in brackets.
  mutating func parseInnerRound() throws(Halt) -> Round {
    try readClauses(.innerRound).round
  }

  /// `countRound`: the clauses of `count`, whose `by` is a `group by`, and `as of`.
  mutating func parseCountRound() throws(Halt) -> Clauses {
    try readClauses(.countRound)
  }

  private mutating func readClauses(_ rule: RoundRule) throws(Halt) -> Clauses {
    let allowed = Self.clauses(of: rule)
    var clauses = Clauses()
    var seen: [(clause: ClauseSet, keyword: Token)] = []
    noteClauses(allowed, seen: [])
    if isAtRoundEnd { throw unexpected("a clause") }
    while true {
      if index == probe { noteClauses(allowed, seen: seen.map(\.clause)) }
      if isAtRoundEnd {
        checkTotal(clauses.round)
        return clauses
      }
      guard let opener = clauseOpener(allowed) else { continue }
      let keyword = current
      let earlier = seen.last { $0.clause == opener }
      if let earlier {
        let isAdjacent = seen.last?.clause == opener
        reportTwice(keyword, after: earlier.keyword, isAdjacent: isAdjacent, in: clauses.round)
      } else if !allowed.contains(opener) {
        reportNotAllowed(keyword, by: rule)
      }
      seen.append((opener, keyword))
      do {
        var scratch = Clauses()
        try readClause(opener, into: &scratch)
        if earlier == nil { clauses.take(scratch) }
      } catch {
        recover()
      }
    }
  }

  private mutating func readClause(
    _ clause: ClauseSet, into clauses: inout Clauses
  ) throws(Halt) {
    switch clause {
    case .asOf: clauses.asOf = try parseAsOf()
    case .filter: clauses.round.filter = try parseFilter()
    case .group: clauses.round.group = try parseGroup()
    case .countGroup: clauses.round.group = try parseCountGroup()
    case .show: clauses.round.show = try parseShow()
    case .order:
      clauses.round.order = current.keyword == .order ? try parseOrder() : try parseRanked()
    case .sample: clauses.round.sample = try parseSample()
    case .limit: clauses.round.limit = try parseLimit()
    default: clauses.round.into = try parseInto()
    }
  }

  /// The clause that begins here. When none does, that is reported, what cannot be read is skipped,
  /// and nil is given, unless the word is a mistyped clause word.
  private mutating func clauseOpener(_ allowed: ClauseSet) -> ClauseSet? {
    if let clause = clause(at: index), clause != .countGroup || allowed.contains(.countGroup) {
      return clause
    }
    let (place, keyword) = (index, current.keyword)
    if !mendClause(allowed) { recover() }
    // Whatever was mended, the text ends: a word that is still the same is passed over.
    if index == place, current.keyword == keyword, !isAtRoundEnd { advance() }
    return nil
  }

  /// The clause that the token at `place` opens, if it opens one.
  func clause(at place: Int) -> ClauseSet? {
    guard let keyword = tokens[place].keyword else { return nil }
    guard keyword == .as else { return ClauseSet(opening: keyword) }
    return tokens[min(place + 1, tokens.count - 1)].keyword == .of ? .asOf : nil
  }

  /// Whether a clause begins here beyond doubt, even where a name could stand.
  var clauseAhead: Bool {
    switch current.keyword {
    case .where, .then: true
    case .as: following.keyword == .of
    case .group, .order: following.keyword == .by
    case .top, .bottom, .sample, .limit:
      following.kind == .number || following.kind == .parameter
    case .into: following.kind == .text
    default: false
    }
  }

  /// Skips to the next clause word outside brackets, so that errors there are found too.
  mutating func recover() {
    while current.kind != .end, current.kind != .semicolon {
      switch current.kind {
      case .open: openBrackets += 1
      case .close:
        if openBrackets == innerBrackets { return skipStrayClose() }
        openBrackets -= 1
      default:
        if openBrackets == innerBrackets, current.keyword != .by {
          if current.keyword == .then || clause(at: index) != nil { return }
        }
      }
      advance()
    }
    openBrackets = innerBrackets
  }

  private mutating func skipStrayClose() {
    if innerBrackets == 0 { advance() }
  }
}

extension Clauses {
  /// Takes over the one clause that `other` has.
  fileprivate mutating func take(_ other: Clauses) {
    if let asOf = other.asOf { self.asOf = asOf }
    round.take(other.round)
  }
}

extension Round {
  /// Takes over the one clause that `other` has.
  fileprivate mutating func take(_ other: Round) {
    if let filter = other.filter { self.filter = filter }
    if let group = other.group { self.group = group }
    if let show = other.show { self.show = show }
    if let order = other.order { self.order = order }
    if let sample = other.sample { self.sample = sample }
    if let limit = other.limit { self.limit = limit }
    if let into = other.into { self.into = into }
  }
}
