import Store
import Syntax

/// Who may leave: named signals, each of a customer against the customer's own past, each with its
/// figure, and their number as a score. There is no standard definition for customers without a
/// contract, so the signals are those of the literature on relationship marketing, with thresholds
/// that are records of `settings`.
///
/// Figures: `overdue` and `quiet` are days since the last purchase or contact ÷ the own usual gap;
/// `slower_payments` the mean days late lately; `low_balance` the last balance; `spend_down` the part
/// lost against the same months a year before; `waiting` the days the oldest open complaint has been
/// open; `disappointed` the days without amends; `satisfaction_down` the points lost. A figure is
/// unknown where there is not enough past to judge.
///
/// - Source: Reichheld and Sasser, Zero Defections, Harvard Business Review 68(5), 1990; Stone,
///   Woodcock and Wilson, Managing the Change from Marketing Planning to Customer Relationship
///   Management, Long Range Planning 29(5), 1996.
struct Risk: Analysis {
  /// Where each signal's events stand among the events.
  var sources: RiskSources
  var thresholds: RiskThresholds

  var columns: [AnalysisColumn] {
    RiskSignal.allCases.map(\.column.asDetail) + [
      AnalysisColumn("signals", .text), AnalysisColumn("score", .integer),
    ]
  }

  var summaryColumns: [AnalysisColumn] {
    [
      .subjectCount(), AnalysisColumn("judged", .integer),
      AnalysisColumn("flagged", .integer),
    ] + RiskSignal.allCases.map { AnalysisColumn($0.name, .integer) }
  }

  var order: [AnalysisOrder] { [AnalysisOrder(column: "score", isDescending: true)] }
  var detail: String { "" }

  /// A figure a signal, which are shown, and the order.
  var byteCountPerSubject: Int { RiskSignal.allCases.count * 8 + 15 }

  func run(_ input: AnalysisInput) throws(StoreError) -> AnalysisResult {
    let judged = try RiskJudgement(sources, thresholds, input)
    let scores = judged.scores
    let flagged = judged.shown.reduce(0) { $0 + ($1 == 0 ? 0 : 1) }
    let counts = RiskSignal.allCases.map { judged.signals[$0]?.shownCount ?? 0 }
    var result = AnalysisResult(
      columns: RiskSignal.allCases.map(judged.values) + [judged.names, AnalysisValues(scores)],
      summary: ([input.count, judged.judgedCount, flagged] + counts).map { Scalar($0) },
      drawing: .bars(
        Drawing.Bars(
          title: "\(input.plural) by signal",
          bars: RiskSignal.allCases.filter { judged.signals[$0] != nil }.map {
            Drawing.Bars.Bar(
              label: $0.name, value: Double(judged.signals[$0]?.shownCount ?? 0),
              remark: judged.share(of: $0).map { ($0, .share) })
          }, form: .count)))
    result.order = try RowOrder.sorted(
      count: input.count, by: [SortKey(scores, isDescending: true)])
    result.facts = facts(judged, of: input.count)
    return result
  }

  private func facts(_ judged: RiskJudgement, of count: Int) -> [VerbFact] {
    var facts: [RiskFact] = RiskSignal.allCases.compactMap { signal in
      judged.signals[signal].map { figures in
        .rule(
          signal, RiskFact.Rule(thresholds), judged: figures.judgedCount,
          shown: figures.shownCount)
      }
    }
    let missing = RiskSignal.allCases.filter { judged.signals[$0] == nil }
    if !missing.isEmpty { facts.append(.withoutRecords(missing)) }
    if judged.judgedCount < count { facts.append(.notJudged(count: count - judged.judgedCount)) }
    return facts.map(VerbFact.risk)
  }
}

/// Where the events that the signals read stand among the verb's events; nil: there are none.
struct RiskSources: Sendable {
  var purchases: Int?
  var invoices: Int?
  var balances: Int?
  var complaints: Int?
  var contacts: Int?
  var surveys: Int?
  /// The codes of the outcomes.
  var disappointed: Int64 = -1
  var exceeded: Int64 = -1

  /// Where the events that a signal reads stand.
  func events(of signal: RiskSignal) -> Int? {
    switch signal {
    case .overdue, .spendDown: purchases
    case .slowerPayments: invoices
    case .lowBalance: balances
    case .waiting: complaints
    case .disappointed, .quiet: contacts
    case .satisfactionDown: surveys
    }
  }
}

/// All signals over all customers.
struct RiskJudgement {
  /// One signal.
  struct Signal {
    /// Whether anybody reads the figures.
    fileprivate var isRead = true
    /// The figure of who can be judged; not a number elsewhere. Empty where nobody reads them.
    fileprivate(set) var figures: [Double] = []
    /// Who can be judged.
    fileprivate(set) var judgedCount = 0
    /// Who shows it.
    fileprivate(set) var shownCount = 0
  }

  /// Those of which there are records.
  private(set) var signals: [RiskSignal: Signal] = [:]
  /// For each customer bit *n* is set where the signal of raw value *n* is shown.
  private(set) var shown: [UInt8] = []
  /// Likewise where it can be judged.
  private var judged: [UInt8] = []

  /// Judges all subjects.
  init(
    _ sources: RiskSources, _ thresholds: RiskThresholds, _ input: AnalysisInput
  ) throws(StoreError) {
    let wanted = RiskSignal.allCases.filter { input.isWanted($0.rawValue) }
    let halves = try input.events.fold { subjects in
      // The first ones leave room for the others behind them.
      RiskJudgement(
        sources, wanted, capacity: subjects.lowerBound == 0 ? input.count : subjects.count)
    } take: {
      $0.add($1.events, sources, thresholds, asOf: input.asOf)
    }
    self = halves[0]
    for half in halves.dropFirst() { append(half) }
  }

  /// Nobody judged yet.
  private init(_ sources: RiskSources, _ wanted: [RiskSignal], capacity: Int) {
    shown.reserveCapacity(capacity)
    judged.reserveCapacity(capacity)
    for signal in RiskSignal.allCases where sources.events(of: signal) != nil {
      var empty = Signal()
      empty.isRead = wanted.contains(signal)
      if empty.isRead { empty.figures.reserveCapacity(capacity) }
      signals[signal] = empty
    }
  }

  /// Judges the subjects of these events, behind those judged before.
  private mutating func add(
    _ events: [SubjectEvents], _ sources: RiskSources, _ thresholds: RiskThresholds, asOf: Int
  ) {
    let count = events.first?.count ?? 0
    var (shownHere, judgedHere) = (
      [UInt8](repeating: 0, count: count), [UInt8](repeating: 0, count: count)
    )
    for signal in RiskSignal.allCases {
      guard let place = sources.events(of: signal) else { continue }
      let found = Self.figures(of: signal, events[place], sources, thresholds, asOf: asOf)
      let bit = UInt8(1) << UInt8(signal.rawValue)
      for subject in 0..<count {
        judgedHere[subject] |= found.values[subject].isNaN ? 0 : bit
        shownHere[subject] |= found.isShown[subject] ? bit : 0
      }
      signals[signal]?.add(found)
    }
    shown.append(contentsOf: shownHere)
    judged.append(contentsOf: judgedHere)
  }

  /// Adds subjects behind these.
  private mutating func append(_ other: RiskJudgement) {
    for (signal, found) in other.signals { signals[signal]?.add(found) }
    shown.append(contentsOf: other.shown)
    judged.append(contentsOf: other.judged)
  }

  /// What a signal says of the subjects of its events.
  private static func figures(
    of signal: RiskSignal, _ events: SubjectEvents, _ sources: RiskSources,
    _ thresholds: RiskThresholds, asOf: Int
  ) -> RiskFigures {
    switch signal {
    case .overdue:
      .silence(
        events, amounts: 0, asOf: asOf, factor: thresholds.overdueFactor,
        occasionsMin: thresholds.overdueOccasionsMin)
    case .slowerPayments: .slowerPayments(events, asOf: asOf, thresholds)
    case .lowBalance: .lowBalance(events, asOf: asOf, thresholds)
    case .spendDown: .spendDown(events, asOf: asOf, thresholds)
    case .waiting: .waiting(events, asOf: asOf, thresholds)
    case .disappointed:
      .disappointed(
        events, value: 0, bad: sources.disappointed, good: sources.exceeded, asOf: asOf)
    case .quiet:
      .silence(
        events, amounts: nil, asOf: asOf, factor: thresholds.quietFactor,
        occasionsMin: thresholds.quietContactsMin)
    case .satisfactionDown: .satisfactionDown(events, asOf: asOf, thresholds)
    }
  }

  /// Who can be judged by any signal.
  var judgedCount: Int { judged.reduce(0) { $0 + ($1 == 0 ? 0 : 1) } }

  /// How many signals each customer shows; unknown where none can be judged.
  var scores: Vector {
    Vector(
      words: shown.map { Int64($0.nonzeroBitCount) }, known: judged.map { $0 == 0 ? 0 : 0x80 })
  }

  /// Of those who can be judged, the part that shows a signal.
  func share(of signal: RiskSignal) -> Double? {
    guard let found = signals[signal], found.judgedCount > 0 else { return nil }
    return Double(found.shownCount) / Double(found.judgedCount)
  }

  /// A signal's column.
  func values(of signal: RiskSignal) -> AnalysisValues {
    let type = signal.column.type
    guard let figures = signals[signal]?.figures, !figures.isEmpty else {
      return AnalysisValues(count: shown.count) { Vector(unknown: type, count: $0.count) }
    }
    return AnalysisValues(count: shown.count) { subjects in
      let read = subjects.map { figures[Int($0)] }
      let known: [UInt8] = read.map { $0.isNaN ? 0 : 0x80 }
      guard type != .number else {
        return Vector(reals: read.map { $0.isNaN ? 0 : $0 }, known: known)
      }
      return Vector(words: read.map { $0.isNaN ? 0 : Int64($0) }, known: known)
    }
  }

  /// The names of the signals that each customer shows: `none`, or `no signal` where nothing can be
  /// judged.
  var names: AnalysisValues {
    let combinations = (0...UInt8.max).map { bits in
      Array(
        RiskSignal.allCases.filter { bits & (1 << UInt8($0.rawValue)) != 0 }.map(\.name)
          .joined(separator: ", ").utf8)
    }
    let (none, unjudged) = (Array("none".utf8)[...], Array("no signal".utf8)[...])
    let (shown, judged) = (shown, judged)
    return AnalysisValues(count: shown.count) { subjects in
      var block = TextBlock()
      for subject in subjects {
        let bits = shown[Int(subject)]
        block.append(
          bits == 0
            ? judged[Int(subject)] == 0 ? unjudged : none : combinations[Int(bits)][...])
      }
      return Vector(texts: block)
    }
  }
}

extension RiskJudgement.Signal {
  /// Adds the figures of some subjects behind these.
  fileprivate mutating func add(_ found: RiskFigures) {
    if isRead { figures.append(contentsOf: found.values) }
    judgedCount += found.judgedCount
    shownCount += found.shownCount
  }

  /// Adds subjects behind these.
  fileprivate mutating func add(_ other: Self) {
    figures.append(contentsOf: other.figures)
    judgedCount += other.judgedCount
    shownCount += other.shownCount
  }
}

/// Facts under the answer of `risk`.
package enum RiskFact: Hashable, Sendable {
  /// The thresholds of the signals.
  package struct Rule: Hashable, Sendable {
    /// Times the own usual gap.
    package var overdueFactor: Double
    /// Purchase occasions from which a gap is usual.
    package var overdueOccasionsMin: Int
    /// Times as late as before.
    package var slowerFactor: Double
    /// Invoices needed each time.
    package var slowerInvoicesMin: Int
    /// The percentile of the own balances.
    package var lowBalanceShare: Double
    /// Balances needed.
    package var lowBalancesMin: Int
    /// The part lost.
    package var spendDownShare: Double
    /// Days a complaint may be open.
    package var waitingDays: Double
    /// Times the own usual gap of contacts.
    package var quietFactor: Double
    /// Days with contacts from which a gap is usual.
    package var quietContactsMin: Int
    /// Points lost.
    package var satisfactionDrop: Double
    /// Answers needed each time.
    package var answersMin: Int
    /// What is recent, in days.
    package var recentDays: Int
    /// What came before, in months.
    package var priorMonths: Int

    init(_ thresholds: RiskThresholds) {
      overdueFactor = thresholds.overdueFactor
      overdueOccasionsMin = thresholds.overdueOccasionsMin
      slowerFactor = thresholds.slowerFactor
      slowerInvoicesMin = thresholds.slowerInvoicesMin
      lowBalanceShare = thresholds.lowBalanceShare.value
      lowBalancesMin = thresholds.lowBalancesMin
      spendDownShare = thresholds.spendDownShare
      waitingDays = thresholds.waitingDays
      quietFactor = thresholds.quietFactor
      quietContactsMin = thresholds.quietContactsMin
      satisfactionDrop = thresholds.satisfactionDrop
      answersMin = thresholds.answersMin
      recentDays = thresholds.recentDays
      priorMonths = thresholds.priorMonths
    }
  }

  /// A signal, how many have enough past for it, and how many show it.
  case rule(RiskSignal, Rule, judged: Int, shown: Int)
  /// Signals for which the source has no records.
  case withoutRecords([RiskSignal])
  /// Who has not enough past for any signal.
  case notJudged(count: Int)
  /// A back-test: on which day they were judged, until when they may have left, and who was left out
  /// for having left before.
  case check(on: Int, until: Int, alreadyLeft: Int)
}

extension Binder {
  /// `risk S [checked as of D]`
  mutating func bindRisk(_ call: VerbCall, checkedAsOf: AsOfClause?) -> BoundAnalysis? {
    var found: [FoundEvents] = []
    guard let sources = bindRiskSources(call, into: &found) else { return nil }
    let thresholds = RiskThresholds(catalog.rules, waitingDays: strictestStandard())
    let risk = Risk(sources: sources, thresholds: thresholds)
    guard let checkedAsOf else { return judging(call, risk, found) }
    return bindRiskCheck(call, checkedAsOf, risk, found)
  }

  private mutating func bindRiskSources(
    _ call: VerbCall, into found: inout [FoundEvents]
  ) -> RiskSources? {
    var sources = RiskSources()
    /// The place of a kind of events, `.some(nil)` where there are none, nil after a report.
    func add(_ need: EventNeed, _ binder: inout Binder, of call: VerbCall) -> Int?? {
      guard let events = binder.bindEvents(need, of: call) else { return nil }
      found.append(events)
      return .some(found.count - 1)
    }
    if call.events != nil || hasEvents(.purchases) || !hasAnyRiskEvents {
      let need = EventNeed(role: .purchases, what: "purchases", fields: [.amount])
      guard let place = add(need, &self, of: call) else { return nil }
      sources.purchases = place
    }
    // What stands after `of` are the purchases.
    var plain = call
    plain.events = nil
    guard !found.contains(where: { $0.key != nil }) else { return sources }
    let needs: [(WritableKeyPath<RiskSources, Int?>, EventNeed)] = [
      (
        \.invoices, EventNeed(role: .invoices, what: "invoices", fields: [.named("days_late")])
      ),
      (\.balances, EventNeed(role: .balances, what: "balances", fields: [.amount])),
      (
        \.complaints,
        EventNeed(role: .complaints, what: "complaints", fields: [.named("resolved")])
      ),
      (
        \.contacts,
        EventNeed(
          role: .interactions, what: "interactions", fields: [.named("outcome")], needsTime: true)
      ),
      (
        \.surveys, EventNeed(role: .surveys, what: "surveys", fields: [.named("perception")])
      ),
    ]
    for (path, need) in needs where hasEvents(need.role) {
      guard let place = add(need, &self, of: plain) else { return nil }
      sources[keyPath: path] = place
    }
    if let place = sources.contacts, case .choice(let list) = found[place].events.values[0].type {
      sources.disappointed = list.code(of: "disappointed").map(Int64.init) ?? -1
      sources.exceeded = list.code(of: "exceeded").map(Int64.init) ?? -1
    }
    return sources
  }

  private var hasAnyRiskEvents: Bool {
    [EntityRole.invoices, .balances, .complaints, .interactions, .surveys].contains(
      where: hasEvents)
  }

  /// The fewest days that a standard grants a complaint; nil without such a standard.
  private mutating func strictestStandard() -> Double? {
    var fewest: Double?
    for definition in catalog.definitions(of: .standard) {
      guard case .standard(let standard)? = try? definition.parsed(),
        standard.comparison == .lessOrEqual || standard.comparison == .less,
        measuresResolution(standard.measure),
        let target = bindStandard(
          Name(definition.name, range: SourceRange(0, 0)), expecting: .number)
      else { continue }
      var days: Double?
      if case .constant(.word(let word), _) = target { days = Double(word) }
      if case .constant(.real(let real), _) = target { days = real }
      if let days { fewest = min(days, fewest ?? days) }
    }
    return fewest
  }

  /// Whether an expression is made of the days that complaints take.
  private func measuresResolution(_ measure: Expression) -> Bool {
    guard case .call(let call) = measure.kind,
      case .path(let names)? = call.arguments.first?.kind, names.count == 2,
      let entity = catalog.entity(named: names[0].text)
    else { return false }
    return catalog[entity].role == .complaints && same(names[1].text, "days_to_resolve")
  }
}
