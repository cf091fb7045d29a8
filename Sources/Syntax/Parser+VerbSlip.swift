// Foreseen slips in the calls of analytic verbs.

extension Parser {
  /// Reports words that are not needed before a verb's records: `rfm for customers`.
  mutating func mendVerbSource() {
    switch current.keyword {
    case .forWord, .of, .on, .all, .find:
      let isSource =
        following.kind == .open || following.kind == .quotedName
        || following.kind == .word && following.keyword == nil
      if isSource { cutWord() }
    default: return
    }
  }

  /// Reports a verb behind `find` or `count`, where a query stands in brackets, and reads it.
  mutating func mendOpenVerb() throws(Halt) -> Source {
    let verb = current
    let start = index
    let faultCount = diagnostics.count
    var call: VerbCall?
    do { call = try parseVerb() } catch { recoverToRound() }
    let whole = range(from: start)
    let (lower, upper) = (whole.lowerBound, whole.upperBound)
    // Where the call cannot be read, nobody knows where its brackets would be.
    if diagnostics.count > faultCount {
      diagnostics.removeLast(diagnostics.count - faultCount)
      call = nil
    }
    report(
      .verbWithoutBrackets(spelling(verb.range)), at: verb.range,
      call == nil
        ? [] : [Fix(SourceRange(lower, lower), "("), Fix(SourceRange(upper, upper), ")")])
    guard let call else { throw Halt() }
    let query = Query(source: .verb(call), window: nil, rounds: [Round()], range: whole)
    return .query(query)
  }

  /// Skips to the end of the round.
  mutating func recoverToRound() {
    while !isAtRoundEnd {
      let place = index
      recover()
      if isAtRoundEnd || clause(at: index) == .into { return }
      if index == place || clause(at: index) != nil { advance() }
    }
  }

  /// Reports a clause of rounds that stands behind a verb without `then`; false when none does.
  mutating func reportRoundWithoutThen(of verb: Verb) -> Bool {
    guard !isAtRoundEnd, let clause = clause(at: index) else { return false }
    switch clause {
    case .group, .show, .order, .sample, .limit, .filter: break
    default: return false
    }
    let word = spelling(current.range)
    let shown = clause == .group || clause == .order && word != "top" ? "\(word) by" : word
    let place = SourceRange(current.range.lowerBound, current.range.lowerBound)
    report(
      .clauseOfRound(verb: verb.rawValue, shown.lowercased()), at: current.range,
      [Fix(place, "then ")])
    return true
  }

  /// Reports that an option is missing that the verb needs.
  mutating func missingOption(of draft: VerbDraft) -> Halt {
    guard let required = draft.verb.required, !isAfterFault else { return Halt() }
    if current.kind == .end { expectedAtEnd = required.option }
    let place = SourceRange(draft.optionPlace, draft.optionPlace)
    let fix: [Fix] =
      switch draft.verb {
      case .cohort: [Fix(place, " by month")]
      case .forecast: [Fix(place, " over 12 months")]
      default: []
      }
    report(.missingOption(draft.verb), at: draft.verbRange, fix)
    return Halt()
  }

  /// Reports `cohort customers of revenue by month`, where the measure stands before the unit; nil
  /// when that is not what stands here.
  mutating func mendEarlyMeasure(of draft: VerbDraft) -> Halt? {
    guard let events = draft.records.events, events.fields.count == 1,
      CohortOptions.Measure(rawValue: events.name.folded) != nil,
      case .path(let names) = events.fields[0].kind, names.count == 1,
      let unit = CohortOptions.Unit(rawValue: names[0].folded)
    else { return nil }
    let measure = "of \(events.name.folded)"
    report(
      .earlyMeasure(measure), at: events.range,
      [Fix(events.range, "by \(unit.rawValue) \(measure)")])
    return Halt()
  }

  /// Deals with what is no option of the verb where one is due. True when reading goes on.
  mutating func mendOption(of draft: inout VerbDraft) throws(Halt) -> Bool {
    switch current.keyword {
    case .where:
      let start = index
      let filter = try parseFilter()
      if draft.filter != nil {
        report(.clauseTwice("where", "where"), at: tokens[start].range)
      } else {
        reportLate("where", from: start, to: draft.filterPlace)
      }
      draft.filter = draft.filter ?? filter
      return true
    case .as where following.keyword == .of:
      let start = index
      let asOf = try parseAsOf()
      if draft.records.asOf != nil {
        report(.clauseTwice("as of", "as of"), at: range(from: start))
      } else {
        let source = draft.records.events?.range ?? draft.records.sourceRange
        reportLate("as of", from: start, to: source.upperBound)
      }
      draft.records.asOf = draft.records.asOf ?? asOf
      return true
    case .of where draft.verb != .cohort:
      let start = index
      let events = try parseEvents()
      if draft.records.events != nil {
        report(.clauseTwice("of", "of"), at: tokens[start].range)
      } else {
        reportLate("of", from: start, to: draft.records.sourceRange.upperBound)
      }
      draft.records.events = draft.records.events ?? events
      return true
    default: break
    }
    if isAtHorizonSlip(of: draft) {
      reportOperatorSlip("over")
      tokens[index].keyword = .over
      return true
    }
    if isAtWindow || isAtSlip("during") {
      try mendVerbWindow(of: &draft)
      return true
    }
    return try mendOptionWord(of: &draft)
  }

  /// Reports a part of a verb's call that stands behind where it belongs.
  private mutating func reportLate(_ word: String, from start: Int, to place: Int) {
    if tokens[start - 1].range.upperBound == place { return }
    let gap = SourceRange(tokens[start - 1].range.upperBound, previousEnd)
    let part = range(from: start)
    report(
      .latePart(word), at: part,
      [Fix(SourceRange(place, place), " " + spelling(part)), Fix(gap, "")])
  }

  /// Reads a window that the verb does not take, or not here.
  private mutating func mendVerbWindow(of draft: inout VerbDraft) throws(Halt) {
    let start = index
    if isAtSlip("during") { mendDuring() }
    let window = try parseWindow()
    let part = range(from: start)
    if draft.verb.takesWindow, draft.period == nil {
      draft.period = window
      reportLateWindow(part, from: start, to: draft.windowPlace)
    } else if draft.verb.takesWindow {
      report(.clauseTwice("window", "window"), at: part)
    } else {
      let source = draft.records.sourceRange
      let gap = SourceRange(tokens[start - 1].range.upperBound, part.upperBound)
      let fixes = [
        Fix(SourceRange(source.lowerBound, source.lowerBound), "("),
        Fix(SourceRange(source.upperBound, source.upperBound), " \(spelling(part)))"),
        Fix(gap, ""),
      ]
      let right = "(\(spelling(source)) \(spelling(part)))"
      report(.windowOfVerb(draft.verb.rawValue, right: right), at: part, fixes)
    }
  }

  private mutating func reportLateWindow(_ part: SourceRange, from start: Int, to place: Int) {
    let gap = SourceRange(tokens[start - 1].range.upperBound, part.upperBound)
    report(
      .misplacedWindow(spelling(part)), at: part,
      [Fix(SourceRange(place, place), " " + spelling(part)), Fix(gap, "")])
  }

  /// Reads words of other tongues for an option.
  private mutating func mendOptionWord(of draft: inout VerbDraft) throws(Halt) -> Bool {
    let verb = draft.verb
    switch (verb, current.keyword) {
    case (.pareto, .top) where isPercent(following) && !draft.seen.contains(.at):
      reportOperatorSlip("at")
      tokens[index].keyword = .at
    case (.pareto, .per), (.cover, .per), (.gap, .per), (.moments, .per), (.cohort, .per):
      reportOperatorSlip("by")
      tokens[index].keyword = .by
    case (.pareto, .group), (.cover, .group), (.gap, .group), (.moments, .group), (.cohort, .group):
      guard following.keyword == .by, !draft.seen.contains(.by) else { return false }
      let whole = current.range.union(following.range)
      report(
        .operatorSlip(spelling(whole), right: "by"), at: whole, [Fix(whole, "by")])
      advance()
    case (.funnel, .from):
      reportOperatorSlip("through")
      tokens[index].keyword = .through
    case (.funnel, nil) where isAtSlip("steps") || isAtSlip("stages") || isAtSlip("via"):
      reportOperatorSlip("through")
      tokens[index].keyword = .through
    case (.forecast, nil) where current.kind == .number && !draft.seen.contains(.over):
      reportMissing("over")
      draft.seen.insert(.over)
      draft.length = try length(after: "over")
    case (.cohort, _) where !draft.seen.contains(.by): return mendUnitWithoutBy(of: &draft)
    case (.pareto, nil), (.cover, nil), (.gap, nil), (.moments, nil):
      return try mendMissingBy(of: &draft)
    default: return false
    }
    return true
  }

  /// Reads `pareto customers value`, where `by` is missing; false when no name stands here, or one
  /// that is near to an option.
  private mutating func mendMissingBy(of draft: inout VerbDraft) throws(Halt) -> Bool {
    guard !draft.seen.contains(.by), current.kind == .word || current.kind == .quotedName,
      nearOptions(of: draft).isEmpty
    else { return false }
    reportMissing("by")
    draft.seen.insert(.by)
    draft.by = try parseSum()
    return true
  }

  /// The words of options still open, and of what else may stand here, that the word here is near to.
  private func nearOptions(of draft: VerbDraft) -> [String] {
    let open = draft.verb.options.filter { !draft.seen.contains($0) }.map(\.keyword)
    return NearNames.nearest(
      to: spelling(current.range), among: (open + [.where, .then]).lazy.map(\.rawValue))
  }

  /// Whether `for`, `in` or `next` and a number stand where `over` and a duration are due.
  private func isAtHorizonSlip(of draft: VerbDraft) -> Bool {
    guard draft.verb == .forecast, !draft.seen.contains(.over) else { return false }
    switch current.keyword {
    case .forWord: return true
    case .in, .next:
      return following.kind == .number && index + 2 < tokens.count
        && tokens[index + 2].keyword?.unit != nil
    default: return false
    }
  }

  private func isPercent(_ token: Token) -> Bool {
    token.kind == .number && number(of: token).isPercent
  }

  /// Reads `monthly`, or `month` without `by`.
  private mutating func mendUnitWithoutBy(of draft: inout VerbDraft) -> Bool {
    for (word, unit) in Self.adverbs where isAtSlip(word) {
      reportOperatorSlip("by \(unit.rawValue)")
      advance()
      draft.unit = unit
      draft.seen.insert(.by)
      return true
    }
    guard let unit = CohortOptions.Unit(keyword: current.keyword) else { return false }
    reportMissing("by")
    advance()
    draft.unit = unit
    draft.seen.insert(.by)
    return true
  }

  private static let adverbs: [(StaticString, CohortOptions.Unit)] = [
    ("weekly", .week), ("monthly", .month), ("quarterly", .quarter), ("yearly", .year),
    ("annually", .year),
  ]

  /// Reads `by months` and `by monthly`.
  mutating func mendCohortUnit() -> CohortOptions.Unit? {
    var found: CohortOptions.Unit?
    for (word, unit) in Self.adverbs where isAtSlip(word) { found = unit }
    if let (unit, isPlural) = current.keyword?.unit, isPlural {
      found = CohortOptions.Unit(rawValue: unit.rawValue)
    }
    guard let found else { return nil }
    report(
      .unitNumber(spelling(current.range), right: found.rawValue), at: current.range,
      [Fix(current.range, found.rawValue)])
    advance()
    return found
  }

  /// Reports what is no option of the verb, and skips it.
  mutating func skipUnknownOption(of draft: VerbDraft) throws(Halt) {
    let verb = draft.verb
    let token = current
    guard token.kind == .word || token.kind == .quotedName else {
      throw unexpected("an option of '\(verb.rawValue)', 'then' or the end of the statement")
    }
    let typed = spelling(token.range)
    let isForeign = token.keyword.flatMap(VerbOption.init(keyword:)) != nil
    let near = isForeign ? nil : nearOptions(of: draft).first
    let right = near.flatMap { Keyword(word: $0) }
    report(
      .unknownOption(verb, typed), at: token.range,
      right.map { [Fix(token.range, $0.rawValue)] } ?? [])
    if let right {
      tokens[index].keyword = right
      return
    }
    var depth = 0
    repeat {
      switch current.kind {
      case .open: depth += 1
      case .close: depth -= 1
      case .end, .semicolon: return
      default: break
      }
      advance()
    } while depth > 0
      || !isAtVerbEnd && optionHere(of: verb) == nil && current.keyword != .where
  }

  /// Reports `summary` with options behind it.
  mutating func checkSummary(of draft: VerbDraft) {
    guard let summary = draft.summaryRange, summary.upperBound < previousEnd,
      let place = tokens.firstIndex(where: { $0.range == summary })
    else { return }
    let gap = SourceRange(tokens[place - 1].range.upperBound, summary.upperBound)
    let end = SourceRange(previousEnd, previousEnd)
    report(.summaryNotLast, at: summary, [Fix(gap, ""), Fix(end, " summary")])
  }

  /// Reads a duration without its unit.
  mutating func mendBareLength(after word: String) throws(Halt) -> Expression {
    let number = try countOrParameter("a duration after '\(word)'")
    if current.kind == .end { expectedAtEnd = "'days', 'weeks', 'months' or 'years'" }
    report(.bareDuration(spelling(number.range), after: word), at: number.range)
    return number
  }

  /// Reads `discount 10%` without `a year`, or with other words for it.
  mutating func mendYearly() throws(Halt) {
    let token = current
    if token.keyword == .per || isAtSlip("each"), following.keyword == .year {
      let whole = token.range.union(following.range)
      report(
        .operatorSlip(spelling(whole), right: "a year"), at: whole, [Fix(whole, "a year")])
      advance()
      return advance()
    }
    if isAtSlip("yearly") || isAtSlip("annually") || isAtSlip("annual") {
      reportOperatorSlip("a year")
      return advance()
    }
    if token.kind == .end {
      throw unexpected("'a year'")
    }
    report(
      .shareWithoutYear, at: SourceRange(previousEnd, previousEnd),
      [Fix(SourceRange(previousEnd, previousEnd), " a year")])
  }

  /// The condition after `where` of a relation that a verb names: it stands in brackets.
  mutating func bracketedCondition() throws(Halt) -> Expression {
    let start = index
    let isOpen = current.kind != .open
    let condition = try isOpen ? parseLogical() : parsePrimary()
    guard isOpen, start < index else { return condition }
    let range = range(from: start)
    report(
      .openQualification(spelling(range)), at: range,
      [
        Fix(SourceRange(range.lowerBound, range.lowerBound), "("),
        Fix(SourceRange(range.upperBound, range.upperBound), ")"),
      ])
    return condition
  }

  /// Reads the name of a record without its quotes, `profile customer Nordlys AS`; nil when one word
  /// or none stands there.
  mutating func mendBareSubject() throws(Halt) -> Expression? {
    guard current.kind == .word, following.kind == .word, clause(at: index + 1) != .asOf else {
      return nil
    }
    let start = index
    while current.kind == .word || current.kind == .number, clause(at: index) != .asOf { advance() }
    let whole = range(from: start)
    let text = spelling(whole)
    report(.needsQuotes(text), at: whole, [Fix(whole, Formatter.quoted(text))])
    return try make(.text(text), from: whole.lowerBound)
  }
}
