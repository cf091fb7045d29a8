import Store
import Syntax

/// From which stage to which: the recorded moves between stages, and the share of each among the moves
/// that leave its stage.
///
/// A move is a change from a known stage to another one. The share is *n*ij ÷ *n*i over the moves that
/// leave stage *i*, so that the shares of a stage add up to 1; who stays is counted beside it. The
/// median is of the days in the stage before the move, from the change before, which may lie before the
/// period. An opening of a history is no move. Changes at the same moment are in the order of the file.
///
/// - Source: maximum-likelihood estimate of a Markov chain's transition probabilities: Anderson and
///   Goodman, Statistical Inference about Markov Chains, Annals of Mathematical Statistics 28(1), 1957.
/// - Complexity: O(*changes*).
struct Transitions: Analysis {
  var choices: ChoiceList
  /// Which of the values of a change says that it lies in the period; nil without one.
  var period: Int?
  /// A stage with fewer moves has a warning.
  var moveCountMin: Int

  var columns: [AnalysisColumn] {
    [
      AnalysisColumn("from_stage", .choice(choices)), AnalysisColumn("to_stage", .choice(choices)),
      AnalysisColumn("moves", .integer), AnalysisColumn("share", .number, .percent),
      AnalysisColumn("median_days", .number),
    ]
  }

  var summaryColumns: [AnalysisColumn] {
    [
      .subjectCount(), AnalysisColumn("moves", .integer),
      AnalysisColumn("moved", .integer), AnalysisColumn("openings", .integer),
    ]
  }

  var detail: String { period == nil ? "" : "in the period" }

  func run(_ input: AnalysisInput) throws(StoreError) -> AnalysisResult {
    var counts = TransitionCounts(stageCount: choices.names.count)
    let events = try input.events.all(0)
    let claim = BudgetClaim(input.budget)
    try claim.cover(events.days.count * MemoryLayout<Int32>.stride)
    for subject in 0..<events.count {
      if subject % Limits.batchRowCount == 0 { try Cancellation.check() }
      counts.add(events, events[subject], period: period)
    }
    // Who has no change at all stays in the stage it has.
    if let stages = input.values.first {
      for subject in 0..<events.count {
        if subject % Limits.batchRowCount == 0 { try Cancellation.check() }
        guard events[subject].isEmpty else { continue }
        if case .word(let code) = stages[subject] { counts.stay(in: Int(code)) }
      }
    }
    var result = AnalysisResult(
      columns: try columns(counts),
      summary: [
        Scalar(input.count), Scalar(counts.moves.reduce(0, +)), Scalar(counts.moved),
        Scalar(counts.openings),
      ],
      drawing: drawing(counts))
    result.facts = facts(counts).map(VerbFact.transitions)
    return result
  }

  private func columns(_ counts: TransitionCounts) throws(StoreError) -> [Vector] {
    let width = choices.names.count
    var words = (0..<3).map { _ in [Int64]() }
    var shares: [Double] = []
    var medians: [Scalar] = []
    for from in 0..<width {
      let leaving = counts.leaving(from)
      for to in 0..<width where counts.moves[from * width + to] > 0 {
        let moves = counts.moves[from * width + to]
        words[0].append(Int64(from))
        words[1].append(Int64(to))
        words[2].append(Int64(moves))
        shares.append(Double(moves) / Double(leaving))
        medians.append(try counts.median(at: from * width + to).map(Scalar.real) ?? .unknown)
      }
    }
    return words.map { Vector(words: $0) }
      + [Vector(reals: shares), Vector(medians, as: .number)]
  }

  /// Shares, with the moves that leave each stage beside them.
  private func drawing(_ counts: TransitionCounts) -> Drawing? {
    let width = choices.names.count
    let shown = (0..<width).filter { stage in
      counts.leaving(stage) > 0 || (0..<width).contains { counts.moves[$0 * width + stage] > 0 }
    }
    guard !shown.isEmpty else { return nil }
    let cells = shown.map { from in
      shown.map { to -> Double? in
        let leaving = counts.leaving(from)
        guard from != to, leaving > 0 else { return nil }
        return Double(counts.moves[from * width + to]) / Double(leaving)
      }
    }
    return .heatMap(
      Drawing.HeatMap(
        title: "share of the moves that leave a stage", rowTitle: "from", columnTitle: "to",
        rowLabels: shown.map { choices.names[$0] }, columnLabels: shown.map { choices.names[$0] },
        cells: cells, form: .share, rowCounts: shown.map { counts.leaving($0) },
        countTitle: "moves"))
  }

  private func facts(_ counts: TransitionCounts) -> [TransitionsFact] {
    let stages = choices.names.indices
    var facts: [TransitionsFact] = [
      .rule(moves: counts.moves.reduce(0, +), moved: counts.moved, isInPeriod: period != nil)
    ]
    let staying = stages.filter { counts.staying[$0] > 0 || counts.leaving($0) > 0 }
    if !staying.isEmpty {
      facts.append(
        .staying(
          staying.map {
            TransitionsFact.Stage(
              name: choices.names[$0], leaving: counts.leaving($0), staying: counts.staying[$0])
          }))
    }
    if counts.openings > 0 { facts.append(.openings(count: counts.openings)) }
    if counts.unchanged > 0 { facts.append(.unchanged(count: counts.unchanged)) }
    if counts.unknown > 0 { facts.append(.unknown(count: counts.unknown)) }
    let few = stages.filter { (1..<max(1, moveCountMin)).contains(counts.leaving($0)) }
    if !few.isEmpty {
      facts.append(
        .few(
          few.map {
            TransitionsFact.Stage(
              name: choices.names[$0], leaving: counts.leaving($0), staying: counts.staying[$0])
          }, least: moveCountMin))
    }
    return facts
  }
}

/// Facts under the answer of `transitions`.
package enum TransitionsFact: Hashable, Sendable {
  /// A stage with who leaves it and who is in it.
  package struct Stage: Hashable, Sendable {
    /// What it is called.
    package var name: String
    /// Moves from it.
    package var leaving: Int
    /// Subjects in it on the as-of date.
    package var staying: Int
  }

  /// How many moves of how many subjects.
  case rule(moves: Int, moved: Int, isInPeriod: Bool)
  /// For each stage who leaves and who stays.
  case staying([Stage])
  /// Changes from no stage.
  case openings(count: Int)
  /// Changes from a stage to itself.
  case unchanged(count: Int)
  /// Changes to no stage.
  case unknown(count: Int)
  /// Stages with few moves: their shares say little.
  case few([Stage], least: Int)
}

/// The moves between stages.
private struct TransitionCounts {
  /// From stage *i* to stage *j* at `i * width + j`.
  private(set) var moves: [Int]
  /// Subjects in each stage after their last change.
  private(set) var staying: [Int]
  /// Subjects with a move.
  private(set) var moved = 0
  private(set) var openings = 0
  private(set) var unchanged = 0
  private(set) var unknown = 0
  /// For each pair of stages the days in the stage before its moves.
  private var days: [[Int32]]

  init(stageCount: Int) {
    moves = [Int](repeating: 0, count: stageCount * stageCount)
    days = [[Int32]](repeating: [], count: moves.count)
    staying = [Int](repeating: 0, count: stageCount)
  }

  /// Adds the changes of a subject.
  mutating func add(_ events: SubjectEvents, _ range: Range<Int>, period: Int?) {
    var since: Int32?
    var stage: Int?
    var hasMoved = false
    for place in range {
      let (from, to) = (events.values[0][place], events.values[1][place])
      let isIn = period.map { events.values[$0][place] == 1 } ?? true
      let day = events.days[place]
      if to == SubjectEvents.unknown {
        if isIn { unknown += 1 }
      } else if from == SubjectEvents.unknown {
        if isIn { openings += 1 }
      } else if from == to {
        if isIn { unchanged += 1 }
        if since != nil { continue }
      } else if isIn {
        let pair = Int(from) * staying.count + Int(to)
        moves[pair] += 1
        hasMoved = true
        if let since { days[pair].append(day - since) }
      }
      since = day
      stage = to == SubjectEvents.unknown ? nil : Int(to)
    }
    if hasMoved { moved += 1 }
    if let stage { stay(in: stage) }
  }

  mutating func stay(in stage: Int) { staying[stage] += 1 }

  /// Moves from a stage.
  func leaving(_ stage: Int) -> Int {
    moves[(stage * staying.count)..<((stage + 1) * staying.count)].reduce(0, +)
  }

  func median(at pair: Int) throws(StoreError) -> Double? {
    try Engine.median(ofDays: days[pair])
  }
}

extension Binder {
  /// `transitions S [in PERIOD]`
  mutating func bindTransitions(_ call: VerbCall) -> BoundAnalysis? {
    guard let stages = bindStages(call, marksPeriod: true) else { return nil }
    return folding(
      call,
      Transitions(
        choices: stages.choices,
        period: call.period == nil ? nil : stages.found.events.values.count - 1,
        moveCountMin: Int(catalog.rules.setting(.transitionsMovesMin))),
      [stages.found], values: stages.now.map { [$0.stage] } ?? [])
  }
}
