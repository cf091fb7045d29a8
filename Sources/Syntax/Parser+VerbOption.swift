// The options of the analytic verbs: in any order, each at most once, `summary` last.

/// A verb's call while it is read: what has been found of it so far.
struct VerbDraft {
  let verb: Verb
  let verbRange: SourceRange
  var records: VerbRecords
  var period: Window?
  var filter: FilterClause?
  var by: Expression?
  /// The share after `at` or `discount`.
  var share: Expression?
  var bins: Expression?
  var nestedRange: SourceRange?
  var countingRange: SourceRange?
  var unit: CohortOptions.Unit?
  var relation: QualifiedRelation?
  var measure = CohortOptions.Measure.members
  var measureRange: SourceRange?
  var unboundedRange: SourceRange?
  var steps: [FunnelStep] = []
  /// The duration after `over` or `within`.
  var length: Expression?
  var checked: AsOfClause?
  var mbgRange: SourceRange?
  var checkRange: SourceRange?
  var summaryRange: SourceRange?
  /// Where a window belongs.
  var windowPlace = 0
  /// Where `where` belongs.
  var filterPlace = 0
  /// Where the options belong.
  var optionPlace = 0
  /// The options read so far.
  var seen: Set<VerbOption> = []

  init(_ verb: Verb, range: SourceRange, records: VerbRecords) {
    self.verb = verb
    verbRange = range
    self.records = records
  }
}

extension Parser {
  /// Reads the options of a verb, up to the end of its call.
  mutating func readOptions(of draft: inout VerbDraft) throws(Halt) {
    while true {
      noteOptions(of: draft)
      if try mendOption(of: &draft) { continue }
      if isAtVerbEnd { break }
      guard let option = optionHere(of: draft.verb) else {
        try skipUnknownOption(of: draft)
        continue
      }
      if !draft.seen.insert(option).inserted {
        let word = option.keyword.rawValue
        report(.clauseTwice(word, word), at: current.range)
      }
      try readOption(option, of: &draft)
    }
    checkSummary(of: draft)
  }

  /// Whether the call of a verb ends here: at the end of the round, or at a clause of rounds.
  var isAtVerbEnd: Bool {
    if isAtRoundEnd { return true }
    switch clause(at: index) {
    case .group, .show, .order, .sample, .limit, .into: return true
    default: return false
    }
  }

  /// The option of the verb that begins here.
  func optionHere(of verb: Verb) -> VerbOption? {
    guard let option = current.keyword.flatMap(VerbOption.init(keyword:)),
      verb.options.contains(option)
    else { return nil }
    return option
  }

  private mutating func readOption(
    _ option: VerbOption, of draft: inout VerbDraft
  ) throws(Halt) {
    switch option {
    case .by where draft.verb == .cohort: draft.unit = try cohortUnit()
    case .by:
      advance()
      try requireContent(of: "by", "a field or an expression")
      draft.by = try parseSum()
    case .at:
      advance()
      draft.share = try share(after: "at", example: "at 80%")
    case .bins:
      advance()
      draft.bins = try countOrParameter("a number of groups after 'bins'")
    case .nested: draft.nestedRange = flagWord()
    case .counting: draft.countingRange = try parseCounting()
    case .over where draft.verb == .cohort: draft.relation = try parseCohortEvents()
    case .over, .within:
      advance()
      draft.length = try length(after: option.keyword.rawValue)
    case .of: (draft.measure, draft.measureRange) = try parseMeasure()
    case .unbounded: draft.unboundedRange = flagWord()
    case .through: draft.steps = try funnelSteps()
    case .checked:
      advance()
      note(words: ["as of"])
      draft.checked = try checkedDay()
    case .with: draft.mbgRange = try parseMbg()
    case .discount: draft.share = try parseDiscount()
    case .check: draft.checkRange = flagWord()
    case .summary: draft.summaryRange = flagWord()
    }
  }

  /// The `as of D` after `checked`.
  private mutating func checkedDay() throws(Halt) -> AsOfClause {
    if clause(at: index) == .asOf { return try parseAsOf() }
    guard current.kind == .date else { throw unexpected("'as of' after 'checked'") }
    let start = index
    reportMissing("as of")
    return AsOfClause(day: try parseDay(after: "as of"), range: range(from: start))
  }

  /// Steps over a word that is a whole option.
  private mutating func flagWord() -> SourceRange {
    let range = current.range
    advance()
    return range
  }

  /// `counting`: `counting orders`.
  mutating func parseCounting() throws(Halt) -> SourceRange {
    let start = index
    advance()
    note(words: ["orders"])
    guard isAtSlip("orders") else { throw unexpected("'orders' after 'counting'") }
    advance()
    return range(from: start)
  }

  /// The calendar unit after `by` of a cohort.
  private mutating func cohortUnit() throws(Halt) -> CohortOptions.Unit {
    advance()
    note([.week, .month, .quarter, .year])
    let token = current
    if let unit = CohortOptions.Unit(keyword: token.keyword) {
      advance()
      return unit
    }
    guard let unit = mendCohortUnit() else {
      throw unexpected("'week', 'month', 'quarter' or 'year' after 'by'")
    }
    return unit
  }

  /// `cohortEvents`: `over RELATION [where (C)]`.
  mutating func parseCohortEvents() throws(Halt) -> QualifiedRelation {
    advance()
    notePlace(.relation(of: sourceName?.text, prefix: []))
    return try parseQualified()
  }

  /// `measure`: `of orders` or `of revenue`.
  mutating func parseMeasure() throws(Halt) -> (CohortOptions.Measure, SourceRange) {
    let start = index
    advance()
    note(words: ["orders", "revenue"])
    let measure: CohortOptions.Measure
    if isAtSlip("orders") {
      measure = .orders
    } else if isAtSlip("revenue") {
      measure = .revenue
    } else {
      throw unexpected("'orders' or 'revenue' after 'of'")
    }
    advance()
    return (measure, range(from: start))
  }

  private mutating func funnelSteps() throws(Halt) -> [FunnelStep] {
    advance()
    var steps: [FunnelStep] = []
    repeat {
      notePlace(.trackedChoice(of: sourceName?.text))
      notePlace(.relation(of: sourceName?.text, prefix: []))
      steps.append(FunnelStep(try parseQualified()))
    } while accept(.comma)
    return steps
  }

  /// `qualified`: `NAME [where (C)]`, a stage or a relation with the records that count.
  mutating func parseQualified() throws(Halt) -> QualifiedRelation {
    let start = index
    let name = try parseName("a stage or the name of a relation")
    var condition: Expression?
    if isAt(.where) {
      advance()
      let outer = (names, outerName, windowPlace)
      (sourceName, outerName, windowPlace) = (name, sourceName, nil)
      defer { (names, outerName, windowPlace) = outer }
      try requireContent(of: "where", "a condition in brackets")
      condition = try bracketedCondition()
    }
    return QualifiedRelation(name: name, condition: condition, range: range(from: start))
  }

  /// The duration after `over` or `within`.
  mutating func length(after word: String) throws(Halt) -> Expression {
    if current.kind == .parameter, !isAtCountedTime(index), index + 1 != probe {
      return try parsePrimary()
    }
    guard current.kind == .number || current.kind == .parameter else {
      let example = word == "over" ? "12 months" : "30 days"
      throw unexpected("a duration such as '\(example)' after '\(word)'")
    }
    let hasUnit = following.keyword?.unit != nil || isSlipUnit(following)
    if !hasUnit, index + 1 != probe { return try mendBareLength(after: word) }
    return try parseSpan()
  }

  /// A percentage or a parameter.
  private mutating func share(
    after word: String, ending: String = "", example: String
  ) throws(Halt) -> Expression {
    try percentOrParameter("a percentage after '\(word)', as in '\(example)'", ending: ending) {
      .bareShare($0, example: example)
    }
  }

  /// `mbg`: `with mbg`.
  mutating func parseMbg() throws(Halt) -> SourceRange {
    let start = index
    advance()
    if current.kind == .word, current.keyword != .mbg { mendKeyword(among: [.mbg]) }
    try require(.mbg)
    return range(from: start)
  }

  /// `discount`: `discount P% a year`.
  mutating func parseDiscount() throws(Halt) -> Expression {
    advance()
    let share = try share(after: "discount", ending: " a year", example: "discount 10% a year")
    note(words: ["a year"])
    if isAtSlip("a"), following.keyword == .year {
      advance()
      advance()
    } else {
      try mendYearly()
    }
    return share
  }
}

extension Parser {
  /// Notes what may still stand in the call of a verb.
  private mutating func noteOptions(of draft: VerbDraft) {
    guard index == probe else { return }
    let isFresh = draft.seen.isEmpty
    if isFresh, draft.filter == nil { note([.where]) }
    if isFresh, draft.filter == nil, draft.period == nil {
      if draft.records.asOf == nil { note(words: ["as of"]) }
      if draft.records.asOf == nil, draft.records.events == nil { note([.of]) }
    }
    let open = draft.verb.options.filter { !draft.seen.contains($0) }
    if !draft.seen.contains(.summary) { note(open.map(\.keyword)) }
    note([.then, .into])
  }
}
