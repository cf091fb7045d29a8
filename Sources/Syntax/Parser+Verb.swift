// The analytic verbs: what they are about. Their options are in Parser+VerbOption.swift, the slips
// in Parser+VerbSlip.swift.

extension Parser {
  /// `analysis`: the call of a verb by itself, `into`, and rounds behind `then`.
  mutating func parseAnalysis() throws(Halt) -> Statement {
    let start = index
    let query = try readAnalysis(.round)
    return Statement(.find(query), range: range(from: start))
  }

  /// Reads the call of a verb, and its rounds by a rule.
  mutating func readAnalysis(_ rule: RoundRule) throws(Halt) -> Query {
    let start = index
    let outer = (names, windowPlace)
    defer { (names, windowPlace) = outer }
    var call = VerbCall(
      .ladder, verbRange: current.range, source: .it(current.range), options: .ladder,
      range: current.range)
    do {
      call = try parseVerb()
    } catch {
      recoverToRound()
    }
    windowPlace = nil
    var first = Round()
    if isAt(.into) {
      if rule == .innerRound { reportNotAllowed(current, by: rule) }
      first.into = try parseInto()
    }
    var rounds = [first]
    if reportRoundWithoutThen(of: call.verb) { rounds.append(try readRound(by: rule).round) }
    while accept(.then) {
      noteEarlierRounds(from: start)
      rounds.append(try readRound(by: rule).round)
    }
    return Query(
      source: .verb(call), window: nil, rounds: rounds, range: range(from: start))
  }

  /// Whether the call of a verb begins here, where an entity might have the verb's name.
  var isAtVerb: Bool { isVerb(at: index) }

  /// Whether the call of a verb begins at the token `place`: behind the verb stands a name that can
  /// only be one, `it` or a bracket. What follows an entity's name is none of them.
  func isVerb(at place: Int) -> Bool {
    guard tokens[place].keyword.flatMap(Verb.init(keyword:)) != nil else { return false }
    let next = tokens[min(place + 1, tokens.count - 1)]
    switch next.kind {
    case .open, .quotedName: return true
    case .word: return next.keyword == nil || next.keyword == .it
    default: return place + 1 == probe
    }
  }

  /// `verb`: one of the verbs, told apart by its word.
  mutating func parseVerb() throws(Halt) -> VerbCall {
    switch current.keyword.flatMap(Verb.init(keyword:)) {
    case .rfm: try parseRfm()
    case .pareto: try parsePareto()
    case .cohort: try parseCohort()
    case .funnel: try parseFunnel()
    case .transitions: try parseTransitions()
    case .moments: try parseMoments()
    case .risk: try parseRisk()
    case .forecast: try parseForecast()
    case .ladder: try parseLadder()
    case .gap: try parseGap()
    case .cover: try parseCover()
    case nil: throw unexpected("an analytic verb")
    }
  }

  /// `rfm`: `rfm S [window] [where C] [bins N] [nested] [counting orders]`.
  mutating func parseRfm() throws(Halt) -> VerbCall {
    let draft = try readVerb(.rfm)
    return call(
      draft,
      .rfm(
        bins: draft.bins, nestedRange: draft.nestedRange, countingRange: draft.countingRange))
  }

  /// `pareto`: `pareto S [where C] by E [at P%]`.
  mutating func parsePareto() throws(Halt) -> VerbCall {
    let draft = try readVerb(.pareto)
    guard let by = draft.by else { throw missingOption(of: draft) }
    return call(draft, .pareto(by: by, at: draft.share))
  }

  /// `cohort`: `cohort S [where C] by UNIT [over RELATION [where (C)]] [of orders|revenue]
  /// [unbounded]`.
  mutating func parseCohort() throws(Halt) -> VerbCall {
    let draft = try readVerb(.cohort)
    guard let unit = draft.unit else {
      throw mendEarlyMeasure(of: draft) ?? missingOption(of: draft)
    }
    return call(
      draft,
      .cohort(
        CohortOptions(
          unit: unit, events: draft.relation, measure: draft.measure,
          measureRange: draft.measureRange, unboundedRange: draft.unboundedRange)))
  }

  /// `funnel`: `funnel S [where C] through STEP, … [within DURATION]`.
  mutating func parseFunnel() throws(Halt) -> VerbCall {
    let draft = try readVerb(.funnel)
    guard !draft.steps.isEmpty else { throw missingOption(of: draft) }
    return call(draft, .funnel(steps: draft.steps, within: draft.length))
  }

  /// `transitions`: `transitions S [window] [where C]`.
  mutating func parseTransitions() throws(Halt) -> VerbCall {
    call(try readVerb(.transitions), .transitions)
  }

  /// `moments`: `moments S [window] [where C] [by E]`.
  mutating func parseMoments() throws(Halt) -> VerbCall {
    let draft = try readVerb(.moments)
    return call(draft, .moments(by: draft.by))
  }

  /// `risk`: `risk S [where C] [checked as of D]`.
  mutating func parseRisk() throws(Halt) -> VerbCall {
    let draft = try readVerb(.risk)
    return call(draft, .risk(checkedAsOf: draft.checked))
  }

  /// `forecast`: `forecast S [where C] over DURATION [with mbg] [discount P% a year] [check]`.
  mutating func parseForecast() throws(Halt) -> VerbCall {
    let draft = try readVerb(.forecast)
    guard let over = draft.length else { throw missingOption(of: draft) }
    return call(
      draft,
      .forecast(
        ForecastOptions(
          over: over, mbgRange: draft.mbgRange, discount: draft.share,
          checkRange: draft.checkRange)))
  }

  /// `ladder`: `ladder S [where C]`.
  mutating func parseLadder() throws(Halt) -> VerbCall {
    call(try readVerb(.ladder), .ladder)
  }

  /// `gap`: `gap S [where C] [by E]`.
  mutating func parseGap() throws(Halt) -> VerbCall {
    let draft = try readVerb(.gap)
    return call(draft, .gap(by: draft.by))
  }

  /// `cover`: `cover S [where C] by E`.
  mutating func parseCover() throws(Halt) -> VerbCall {
    let draft = try readVerb(.cover)
    guard let by = draft.by else { throw missingOption(of: draft) }
    return call(draft, .cover(by: by))
  }

  private func call(_ draft: VerbDraft, _ options: VerbOptions) -> VerbCall {
    var call = VerbCall(
      draft.verb, verbRange: draft.verbRange, source: draft.records.source, options: options,
      range: SourceRange(draft.verbRange.lowerBound, previousEnd))
    call.events = draft.records.events
    call.asOf = draft.records.asOf
    call.period = draft.period
    call.filter = draft.filter
    call.summaryRange = draft.summaryRange
    return call
  }
}

/// Whose records a verb judges, by which events, as of which day.
struct VerbRecords {
  var source: Source
  var sourceRange: SourceRange
  var events: EventsClause?
  var asOf: AsOfClause?
}

extension Parser {
  /// Reads a verb: its word, its records, its window and condition, and its options in any order.
  private mutating func readVerb(_ verb: Verb) throws(Halt) -> VerbDraft {
    let verbRange = current.range
    advance()
    var draft = VerbDraft(verb, range: verbRange, records: try parseRecords())
    draft.windowPlace = previousEnd
    windowPlace = verb.takesWindow ? previousEnd : nil
    if verb.takesWindow {
      draft.period = try windowIfAny()
    }
    draft.filterPlace = previousEnd
    if isAt(.where) { draft.filter = try parseFilter() }
    draft.optionPlace = previousEnd
    try readOptions(of: &draft)
    return draft
  }

  /// `records`: `S [of EVENTS by FIELD, …] [as of D]`.
  mutating func parseRecords() throws(Halt) -> VerbRecords {
    let start = index
    let source = try parseVerbSource()
    var records = VerbRecords(source: source, sourceRange: range(from: start))
    if isAt(.of) { records.events = try parseEvents() }
    note(words: ["as of"])
    if clause(at: index) == .asOf { records.asOf = try parseAsOf() }
    return records
  }

  /// `verbSource`: an entity or a segment by a name that is no word of the language or stands in
  /// backticks, `it`, or a query in brackets.
  mutating func parseVerbSource() throws(Halt) -> Source {
    notePlace(.entity)
    notePlace(.defined(.segment))
    note([.it])
    mendVerbSource()
    switch current.kind {
    case .open, .quotedName: return try parseSource()
    case .word where current.keyword == nil: return try parseSource()
    case .word: break
    default: throw unexpected(Self.sourceWords)
    }
    if current.keyword == .it { return try parseSource() }
    let isOption = current.keyword.flatMap(VerbOption.init(keyword:)) != nil
    if isOption && !following.kind.isEnd || clauseAhead || current.keyword?.isReserved == true {
      throw unexpected(Self.sourceWords)
    }
    throw reservedName(current, Self.sourceWords)
  }

  /// `events`: `of RELATION by FIELD, …`.
  mutating func parseEvents() throws(Halt) -> EventsClause {
    let start = index
    advance()
    notePlace(.relation(of: sourceName?.text, prefix: []))
    let name = try parseName("the name of a relation after 'of'")
    try require(.by)
    let outer = names
    sourceName = name
    defer { names = outer }
    var fields: [Expression] = []
    repeat {
      try requireContent(of: "by", "a field")
      fields.append(try parseSum())
    } while accept(.comma)
    return EventsClause(name: name, fields: fields, range: range(from: start))
  }
}

extension Parser {
  /// `profile`: `profile customer 42 [as of D]`, also by name or e-mail address.
  mutating func parseProfile() throws(Halt) -> Statement {
    let start = index
    advance()
    if current.keyword == .of || current.keyword == .forWord, following.kind.isName { cutWord() }
    notePlace(.record)
    let entity = try parseName("what one record is called, such as 'customer'")
    let subject = try parseSubject()
    note(words: ["as of"])
    let asOf = clause(at: index) == .asOf ? try parseAsOf() : nil
    return Statement(
      .profile(ProfileStatement(entity: entity, subject: subject, asOf: asOf)),
      range: range(from: start))
  }

  /// `subject`: the key of a record, its name or its e-mail address.
  mutating func parseSubject() throws(Halt) -> Expression {
    if let text = try mendBareSubject() { return text }
    return try parseKey("the key of the record, its name or its e-mail address")
  }

  /// `queryColumn`: `(QUERY).NAME`, a column of the one row that the query gives.
  mutating func parseQueryColumn() throws(Halt) -> Expression {
    let start = current.range.lowerBound
    let outer = (compared, isInOpenWhere, outerName, names)
    (compared, isInOpenWhere, outerName) = ([], false, nil)
    defer { (compared, isInOpenWhere, outerName, names) = outer }
    let query = try readBracketedQuery()
    guard accept(.dot) else {
      if isAfterFault { throw Halt() }
      report(.queryAsValue, at: SourceRange(start, previousEnd))
      throw Halt()
    }
    names.earlier = .query(query.range)
    notePlace(.column)
    let column = try parseName("the name of a column after '.'")
    return try make(.columnOfQuery(query, column), from: start)
  }

  /// Whether the bracket here holds a query rather than a value: a verb's call stands in it, or a
  /// column is taken of what is in it.
  mutating func isQueryColumn() -> Bool {
    if isVerb(at: index + 1), tokens[index + 2].kind != .open {
      return true
    }
    var depth = 0
    for place in index..<tokens.count {
      switch tokens[place].kind {
      case .open: depth += 1
      case .close: depth -= 1
      case .semicolon, .end: return false
      default: break
      }
      if depth == 0 { return tokens[min(place + 1, tokens.count - 1)].kind == .dot }
    }
    return false
  }
}
