import Store
import Syntax

/// How far subjects come through ordered steps: how many reach each one after the one before.
///
/// A step is a stage of the tracked choice, or a record of a relation. Each subject counts once, by the
/// chain of events that comes furthest: other events may lie between, and from each occurrence of the
/// first step the earliest next ones are taken, so that `within` is judged from the best beginning.
/// `within` is a span of calendar days or months from the day of the first step, its last day
/// included. A stage that is skipped counts as passed, on the day of the move that skips it; a history
/// that begins at a later stage has passed those before it on its first day. Steps of several relations
/// are compared by time of day where all have one, else by day; at the same moment records of one
/// relation count in the order of the file, those of several in the order of the steps. One record is
/// one step only.
///
/// - Source: the ordered conversion funnel with a window from its first step, as in Mixpanel's and
///   ClickHouse's `windowFunnel`.
/// - Complexity: O(*events* × *steps*).
struct Funnel: Analysis {
  /// A step, and where its events are.
  struct Step: Hashable, Sendable {
    /// As written.
    var text: String
    /// Which of the verb's events.
    var list: Int
    /// Its code, where it is a stage.
    var stage: UInt8?
    /// Which value of an event says that it may be the step, where not each may.
    var flag: Int?
  }

  var steps: [Step]
  /// For each of the verb's events which of its values is a time of day, if one is.
  var moments: [Int?]
  /// The limit as months, as days and in words.
  var within: (months: Int, days: Int, text: String)?
  var ways: StageWays?
  /// How subjects' own stages are read, after the values of subjects: stage, since, began.
  var hasSince: Bool
  var hasBegan: Bool

  /// Bits of a step.
  static let stepCountMax = 32

  var columns: [AnalysisColumn] {
    [
      AnalysisColumn("step", .text), AnalysisColumn("reached", .integer),
      AnalysisColumn("from_previous", .number, .percent),
      AnalysisColumn("overall", .number, .percent), AnalysisColumn("median_days", .number),
    ]
  }

  var summaryColumns: [AnalysisColumn] {
    [
      .subjectCount(), AnalysisColumn("reached_first", .integer),
      AnalysisColumn("reached_last", .integer), AnalysisColumn("overall", .number, .percent),
      AnalysisColumn("median_days", .number),
    ]
  }

  var detail: String {
    "through \(steps.map(\.text).joined(separator: ", "))"
      + (within.map { " within \($0.text)" } ?? "")
  }

  func run(_ input: AnalysisInput) throws(StoreError) -> AnalysisResult {
    let isByTime = steps.allSatisfy { moments[$0.list] != nil }
    let claim = BudgetClaim(input.budget)
    let lists = try lists(input, isByTime: isByTime, claim)
    var limit: ((Int) -> Int)?
    if let within {
      limit = { Day.add(months: within.months, to: $0) + within.days }
    }
    var search = FunnelSearch(lists, steps.map { ($0.list, $0.stage) }, limit: limit)
    var counts = FunnelCounts(stepCount: steps.count)
    for subject in 0..<input.count {
      if subject % Limits.batchRowCount == 0 { try Cancellation.check() }
      search.search(subject)
      counts.add(search)
    }
    return try result(counts, lists, input, isByTime: isByTime)
  }

  private func lists(
    _ input: AnalysisInput, isByTime: Bool, _ claim: BudgetClaim
  ) throws(StoreError) -> [FunnelEvents] {
    try input.events.lists.map { list throws(StoreError) in
      let events = try input.events.all(list)
      try claim.add(events.days.count * FunnelEvents.byteCountPerEvent)
      let own = steps.indices.filter { steps[$0].list == list }
      let stages = own.compactMap { step in steps[step].stage.map { (step: step, code: $0) } }
      let moment = isByTime ? moments[list] : nil
      guard let ways, !stages.isEmpty else {
        return try FunnelEvents(
          events, own.map { (step: $0, value: steps[$0].flag) }, moment: moment)
      }
      var now: (stage: Vector, since: Vector?, began: Vector?)?
      if let stage = input.values.first {
        now = (
          stage, hasSince ? input.values[1] : nil,
          hasBegan ? input.values[hasSince ? 2 : 1] : nil
        )
      }
      return try FunnelEvents(events, stages, ways, now: now, moment: moment)
    }
  }

  private func result(
    _ counts: FunnelCounts, _ lists: [FunnelEvents], _ input: AnalysisInput, isByTime: Bool
  ) throws(StoreError) -> AnalysisResult {
    let reached = counts.reached
    let overall = try counts.medianOverall()
    func ratio(_ part: Int, _ whole: Int) -> Scalar {
      whole > 0 ? .real(Double(part) / Double(whole)) : .unknown
    }
    let previous = steps.indices.map { $0 == 0 ? .unknown : ratio(reached[$0], reached[$0 - 1]) }
    let shares = reached.map { ratio($0, reached[0]) }
    let medians = try steps.indices.map { step throws(StoreError) in
      try counts.median(at: step).map(Scalar.real) ?? .unknown
    }
    var result = AnalysisResult(
      columns: [
        Vector(texts: TextBlock(steps.map(\.text))), Vector(words: reached.map(Int64.init)),
        Vector(previous, as: .number), Vector(shares, as: .number), Vector(medians, as: .number),
      ],
      summary: [
        Scalar(input.count), Scalar(reached[0]), Scalar(reached[steps.count - 1]),
        shares[steps.count - 1], overall.map(Scalar.real) ?? .unknown,
      ],
      drawing: input.count == 0 ? nil : drawing(reached))
    if input.count == 0 {
      result.columns = columns.map { AnalysisValues(Vector(unknown: $0.type, count: 0)) }
    }
    result.facts = facts(counts, lists, isByTime: isByTime, median: overall).map(VerbFact.funnel)
    return result
  }

  private func facts(
    _ counts: FunnelCounts, _ lists: [FunnelEvents], isByTime: Bool, median: Double?
  ) -> [FunnelFact] {
    var facts: [FunnelFact] = [.rule(within: within?.text, isByTime: isByTime)]
    if steps.contains(where: { $0.stage != nil }) {
      let late = lists.reduce(0) { $0 + $1.lateOpenings }
      let assumed = lists.reduce(0) { $0 + $1.assumedOpenings }
      let undated = lists.reduce(0) { $0 + $1.undatedOpenings }
      if counts.passed > 0 { facts.append(.passed(count: counts.passed)) }
      if late > 0 { facts.append(.lateOpenings(count: late)) }
      if assumed > 0 { facts.append(.assumedOpenings(count: assumed)) }
      if undated > 0 { facts.append(.undatedOpenings(count: undated)) }
    }
    if let median, steps.count > 1 {
      facts.append(.whole(count: counts.reached[steps.count - 1], medianDays: median))
    }
    if counts.equal > 0 { facts.append(.equalMoments(count: counts.equal, isByTime: isByTime)) }
    return facts
  }

  private func drawing(_ reached: [Int]) -> Drawing {
    .bars(
      Drawing.Bars(
        title: "reached, and share of the first step",
        bars: steps.indices.map { step in
          Drawing.Bars.Bar(
            label: steps[step].text, value: Double(reached[step]),
            remark: reached[0] > 0
              ? (Double(reached[step]) / Double(reached[0]), .share) : nil)
        }, form: .count))
  }
}

/// Facts under the answer of `funnel`.
package enum FunnelFact: Hashable, Sendable {
  /// The limit in words, and whether moments are compared by time of day rather than by day.
  case rule(within: String?, isByTime: Bool)
  /// Subjects who are counted at a stage that they skipped.
  case passed(count: Int)
  /// Subjects whose history begins at a later stage than the first.
  case lateOpenings(count: Int)
  /// Subjects without a recorded opening, whose stage counts since the day they say themselves.
  case assumedOpenings(count: Int)
  /// Subjects with a stage and no day at all for it: not counted at stages.
  case undatedOpenings(count: Int)
  /// How many come to the end, and how long they take from the first step to the last.
  case whole(count: Int, medianDays: Double)
  /// Subjects who come to two steps at the same moment.
  case equalMoments(count: Int, isByTime: Bool)
}

/// How many subjects come to each step, and after how many days.
struct FunnelCounts {
  private(set) var reached: [Int]
  /// Subjects with a stage passed rather than entered.
  private(set) var passed = 0
  /// Subjects with two steps at the same moment.
  private(set) var equal = 0
  /// For each step the days from the one before.
  private var days: [[Int32]]
  /// The days from the first step to the last.
  private var whole: [Int32] = []

  init(stepCount: Int) {
    reached = [Int](repeating: 0, count: stepCount)
    days = [[Int32]](repeating: [], count: stepCount)
  }

  mutating func add(_ search: FunnelSearch) {
    for step in 0..<search.depth {
      reached[step] += 1
      if step > 0 { days[step].append(search.days[step] - search.days[step - 1]) }
    }
    if search.depth == reached.count {
      whole.append(search.days[search.depth - 1] - search.days[0])
    }
    if search.hasPassed { passed += 1 }
    if search.hasEqualMoments { equal += 1 }
  }

  /// The median days from the step before; nil for the first, and where nobody comes.
  func median(at step: Int) throws(StoreError) -> Double? {
    try Engine.median(ofDays: days[step])
  }

  /// The median days from the first step to the last.
  func medianOverall() throws(StoreError) -> Double? { try Engine.median(ofDays: whole) }
}
