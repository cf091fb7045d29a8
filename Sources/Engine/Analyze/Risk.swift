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

  func run(_ input: AnalysisInput) throws(StoreError) -> AnalysisResult {
    let judged = try RiskJudgement(sources, thresholds, input)
    let scores = Vector(
      words: judged.scores.map { Int64(max(0, $0)) },
      known: judged.scores.map { $0 < 0 ? 0 : 0x80 })
    let flagged = judged.scores.reduce(0) { $0 + ($1 > 0 ? 1 : 0) }
    let counts = RiskSignal.allCases.map { judged.figures[$0]?.shownCount ?? 0 }
    let signals = RiskSignal.allCases.map { signal in { judged.vector(of: signal) } }
    var result = AnalysisResult(
      columns: try input.columns(signals + [{ judged.names }, { scores }]),
      summary: ([input.count, judged.judgedCount, flagged] + counts).map { Scalar($0) },
      drawing: .bars(
        Drawing.Bars(
          title: "\(input.plural) by signal",
          bars: RiskSignal.allCases.filter { judged.figures[$0] != nil }.map {
            Drawing.Bars.Bar(
              label: $0.name, value: Double(judged.figures[$0]?.shownCount ?? 0),
              remark: judged.share(of: $0).map { ($0, .share) })
          }, form: .count)))
    result.order = try RowOrder.sorted(
      count: input.count, by: [SortKey(scores, isDescending: true)])
    result.facts = facts(judged, of: input.count)
    return result
  }

  private func facts(_ judged: RiskJudgement, of count: Int) -> [VerbFact] {
    var facts: [RiskFact] = RiskSignal.allCases.compactMap { signal in
      judged.figures[signal].map { figures in
        .rule(
          signal, RiskFact.Rule(thresholds), judged: figures.judgedCount,
          shown: figures.shownCount)
      }
    }
    let missing = RiskSignal.allCases.filter { judged.figures[$0] == nil }
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
}

/// All signals over all customers.
struct RiskJudgement {
  private(set) var figures: [RiskSignal: RiskFigures] = [:]
  /// How many signals each customer shows; -1 where none can be judged.
  private(set) var scores: [Int]
  /// Bit *n* is set where the signal of raw value *n* is shown.
  private(set) var shown: [UInt8]
  private(set) var judgedCount = 0

  /// Judges all subjects.
  init(
    _ sources: RiskSources, _ thresholds: RiskThresholds, _ input: AnalysisInput
  ) throws(StoreError) {
    let halves = try input.events.fold { _ in
      RiskJudgement(sources, thresholds, input.events.none, asOf: input.asOf)
    } take: {
      $0.append(RiskJudgement(sources, thresholds, $1.events, asOf: input.asOf))
    }
    self = halves[0]
    for half in halves.dropFirst() { append(half) }
  }

  /// Judges the subjects of these events.
  private init(
    _ sources: RiskSources, _ thresholds: RiskThresholds, _ events: [SubjectEvents], asOf: Int
  ) {
    let count = events.first?.count ?? 0
    scores = [Int](repeating: -1, count: count)
    shown = [UInt8](repeating: 0, count: count)
    for signal in RiskSignal.allCases {
      figures[signal] = Self.figures(of: signal, sources, thresholds, events, asOf: asOf)
    }
    for (signal, figures) in figures {
      for subject in scores.indices where !figures.values[subject].isNaN {
        scores[subject] = max(0, scores[subject]) + (figures.isShown[subject] ? 1 : 0)
        if figures.isShown[subject] { shown[subject] |= 1 << UInt8(signal.rawValue) }
      }
    }
    judgedCount = scores.reduce(0) { $0 + ($1 < 0 ? 0 : 1) }
  }

  /// Adds subjects behind these.
  private mutating func append(_ other: RiskJudgement) {
    for (signal, figures) in other.figures { self.figures[signal]?.append(figures) }
    scores.append(contentsOf: other.scores)
    shown.append(contentsOf: other.shown)
    judgedCount += other.judgedCount
  }

  private static func figures(
    of signal: RiskSignal, _ sources: RiskSources, _ thresholds: RiskThresholds,
    _ lists: [SubjectEvents], asOf: Int
  ) -> RiskFigures? {
    func events(_ place: Int?) -> SubjectEvents? { place.map { lists[$0] } }
    switch signal {
    case .overdue:
      return events(sources.purchases).map {
        .silence(
          $0, amounts: 0, asOf: asOf, factor: thresholds.overdueFactor,
          occasionsMin: thresholds.overdueOccasionsMin)
      }
    case .slowerPayments:
      return events(sources.invoices).map {
        .slowerPayments($0, asOf: asOf, thresholds)
      }
    case .lowBalance:
      return events(sources.balances).map { .lowBalance($0, asOf: asOf, thresholds) }
    case .spendDown:
      return events(sources.purchases).map { .spendDown($0, asOf: asOf, thresholds) }
    case .waiting:
      return events(sources.complaints).map { .waiting($0, asOf: asOf, thresholds) }
    case .disappointed:
      return events(sources.contacts).map {
        .disappointed(
          $0, value: 0, bad: sources.disappointed, good: sources.exceeded, asOf: asOf)
      }
    case .quiet:
      return events(sources.contacts).map {
        .silence(
          $0, amounts: nil, asOf: asOf, factor: thresholds.quietFactor,
          occasionsMin: thresholds.quietContactsMin)
      }
    case .satisfactionDown:
      return events(sources.surveys).map { .satisfactionDown($0, asOf: asOf, thresholds) }
    }
  }

  /// Of those who can be judged, the part that shows a signal.
  func share(of signal: RiskSignal) -> Double? {
    guard let figures = figures[signal], figures.judgedCount > 0 else { return nil }
    return Double(figures.shownCount) / Double(figures.judgedCount)
  }

  /// A signal's column.
  func vector(of signal: RiskSignal) -> Vector {
    guard let figures = figures[signal] else {
      return Vector(unknown: signal.column.type, count: scores.count)
    }
    let known: [UInt8] = figures.values.map { $0.isNaN ? 0 : 0x80 }
    guard signal.column.type != .number else {
      return Vector(reals: figures.values.map { $0.isNaN ? 0 : $0 }, known: known)
    }
    return Vector(words: figures.values.map { $0.isNaN ? 0 : Int64($0) }, known: known)
  }

  /// The names of the signals that each customer shows: `none`, or `no signal` where nothing can be
  /// judged.
  var names: Vector {
    let combinations = (0...UInt8.max).map { bits in
      Array(
        RiskSignal.allCases.filter { bits & (1 << UInt8($0.rawValue)) != 0 }.map(\.name)
          .joined(separator: ", ").utf8)
    }
    let (none, unjudged) = (Array("none".utf8)[...], Array("no signal".utf8)[...])
    var block = TextBlock()
    for subject in scores.indices {
      let bits = shown[subject]
      block.append(bits == 0 ? scores[subject] < 0 ? unjudged : none : combinations[Int(bits)][...])
    }
    return Vector(texts: block)
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
