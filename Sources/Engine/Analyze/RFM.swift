import Store
import Syntax

/// Recency, frequency, monetary: how long ago, how often and for how much each subject has bought,
/// each scored 1…bins over all who have, ties sharing the lower score.
///
/// Recency is whole days from the last purchase to the as-of date; frequency counts purchase
/// occasions, days with at least one purchase, or orders where asked; monetary is the sum of all
/// amounts, refunds included, which are no purchases themselves. Who has never bought is a prospect
/// and has no scores.
///
/// - Source: Bult and Wansbeek, Optimal Selection for Direct Mail, Marketing Science 14(4), 1995;
///   nested scores: Hughes, Strategic Database Marketing, 1994.
struct RFM: Analysis {
  /// Scores a measure may have.
  var binCount: Int
  /// Whether frequency is scored within each recency, and monetary within each of both.
  var isNested: Bool
  /// Whether frequency counts orders rather than days.
  var isCountingOrders: Bool
  /// What the scores of a subject are called.
  var groups: RFMGroups

  var columns: [AnalysisColumn] {
    [
      AnalysisColumn("recency", .integer), AnalysisColumn("frequency", .integer),
      AnalysisColumn("monetary", .money), AnalysisColumn("r", .integer),
      AnalysisColumn("f", .integer), AnalysisColumn("m", .integer),
      AnalysisColumn("cell", .integer).asDetail,
      AnalysisColumn("rfm_group", .choice(groups.choice)),
    ]
  }

  var summaryColumns: [AnalysisColumn] {
    [
      .subjectCount(), AnalysisColumn("purchasers", .integer),
      AnalysisColumn("prospects", .integer), AnalysisColumn("avg_recency", .number),
      AnalysisColumn("avg_frequency", .number), AnalysisColumn("avg_monetary", .money),
    ]
  }

  var detail: String {
    "bins \(binCount)" + (isNested ? " nested" : "") + (isCountingOrders ? " counting orders" : "")
  }

  func run(_ input: AnalysisInput) throws(StoreError) -> AnalysisResult {
    let measures = Measures(input.events[0], asOf: input.asOf, isCountingOrders)
    let buyers = measures.buyers
    let recency = try Scoring(
      buyers.map { Int64(measures.recency[Int($0)]) }, binCount: binCount, isLessBetter: true)
    var parts: [Int32]?
    if isNested { parts = recency.scores.map(Int32.init) }
    let frequency = try Scoring(
      buyers.map { Int64(measures.frequency[Int($0)]) }, binCount: binCount, within: parts)
    if let outer = parts {
      parts = zip(outer, frequency.scores).map { $0 * 100 + Int32($1) }
    }
    let monetary = try Scoring(
      buyers.map { measures.monetary[Int($0)] }, binCount: binCount, within: parts)
    let scored = [recency, frequency, monetary]
    var result = AnalysisResult(
      columns: try columns(measures, scored, input.database),
      summary: summary(measures, of: input.count),
      drawing: grid(recency.scores, frequency.scores))
    result.facts = facts(scored, buyerCount: buyers.count)
    return result
  }

  private func columns(
    _ measures: Measures, _ scored: [Scoring], _ database: Database
  ) throws(StoreError) -> [Vector] {
    let count = measures.frequency.count
    let names = try groups.codes(binCount: binCount, database)
    var known = [UInt8](repeating: 0, count: count)
    var scores = scored.map { _ in [Int64](repeating: 0, count: count) }
    var cells = scores[0]
    var codes = [Int64](repeating: Int64(groups.prospectCode), count: count)
    let digit: Int64 = binCount > 9 ? 100 : 10
    for (place, buyer) in measures.buyers.enumerated() {
      let subject = Int(buyer)
      let (r, f, m) = (scored[0].scores[place], scored[1].scores[place], scored[2].scores[place])
      known[subject] = 0x80
      scores[0][subject] = Int64(r)
      scores[1][subject] = Int64(f)
      scores[2][subject] = Int64(m)
      cells[subject] = (Int64(r) * digit + Int64(f)) * digit + Int64(m)
      codes[subject] = Int64(names[groups.place(r: r, f: f, m: m, binCount: binCount)])
    }
    return [
      Vector(words: measures.recency.map(Int64.init), known: known),
      Vector(words: measures.frequency.map(Int64.init)), Vector(words: measures.monetary),
      Vector(words: scores[0], known: known), Vector(words: scores[1], known: known),
      Vector(words: scores[2], known: known), Vector(words: cells, known: known),
      Vector(words: codes),
    ]
  }

  private func summary(_ measures: Measures, of count: Int) -> [Scalar] {
    let buyers = measures.buyers
    let counts = [Scalar(count), Scalar(buyers.count), Scalar(count - buyers.count)]
    guard !buyers.isEmpty else { return counts + [.unknown, .unknown, .unknown] }
    let whole = Double(buyers.count)
    let recency = buyers.reduce(0) { $0 + Int(measures.recency[Int($1)]) }
    let frequency = buyers.reduce(0) { $0 + Int(measures.frequency[Int($1)]) }
    let monetary = buyers.reduce(Int64(0)) { $0 + measures.monetary[Int($1)] }
    return counts + [
      .real(Double(recency) / whole), .real(Double(frequency) / whole),
      .word(DecimalForm.quotient(Int128(monetary), Int128(buyers.count)) ?? 0),
    ]
  }

  /// Recency from the best down, frequency from the worst up, a count a cell.
  private func grid(_ recency: [UInt8], _ frequency: [UInt8]) -> Drawing? {
    guard !recency.isEmpty else { return nil }
    var cells = [[Double?]](
      repeating: [Double?](repeating: 0, count: binCount), count: binCount)
    for (r, f) in zip(recency, frequency) {
      cells[binCount - Int(r)][Int(f) - 1] = (cells[binCount - Int(r)][Int(f) - 1] ?? 0) + 1
    }
    return .heatMap(
      Drawing.HeatMap(
        title: "recency and frequency", rowTitle: "r", columnTitle: "f",
        rowLabels: (1...binCount).reversed().map(String.init),
        columnLabels: (1...binCount).map(String.init), cells: cells, form: .count))
  }

  private func facts(_ scored: [Scoring], buyerCount: Int) -> [VerbFact] {
    var facts: [RFMFact] = [
      .rule(
        binCount: binCount, isNested: isNested, isCountingOrders: isCountingOrders,
        buyerCount: buyerCount)
    ]
    for (measure, scoring) in zip(RFMFact.Measure.allCases, scored) where buyerCount > 0 {
      // Within parts a score means other values in each.
      if !isNested || measure == .recency {
        facts.append(.bins(measure, scoring.bins))
      }
      let empty = scoring.bins.indices.filter { scoring.bins[$0].count == 0 }.map { $0 + 1 }
      if !empty.isEmpty, let commonest = scoring.commonest {
        facts.append(
          .noneScores(
            measure, scores: empty, value: commonest.value, count: commonest.count,
            of: buyerCount))
      }
    }
    return facts.map(VerbFact.rfm)
  }
}

/// Facts under the answer of `rfm`.
package enum RFMFact: Hashable, Sendable {
  /// What is scored.
  package enum Measure: String, CaseIterable, Hashable, Sendable {
    case recency, frequency, monetary
  }

  /// How many scores, of what frequency, over how many who have bought.
  case rule(binCount: Int, isNested: Bool, isCountingOrders: Bool, buyerCount: Int)
  /// Who has each score from 1, and between which values: days, occasions, minor units.
  case bins(Measure, [ScoreBin])
  /// Scores nobody has, and the value that most share: the reason.
  case noneScores(Measure, scores: [Int], value: Int64, count: Int, of: Int)
}

extension RFM {
  /// The three measures of each subject.
  fileprivate struct Measures {
    var recency: [Int32]
    var frequency: [Int32]
    var monetary: [Int64]
    /// Who has bought.
    var buyers: [Int32] = []

    init(_ events: SubjectEvents, asOf: Int, _ isCountingOrders: Bool) {
      let count = events.count
      recency = [Int32](repeating: 0, count: count)
      frequency = recency
      monetary = [Int64](repeating: 0, count: count)
      buyers.reserveCapacity(count)
      let asOf = Int32(truncatingIfNeeded: asOf)
      let starts = events.starts.span
      let days = events.days.span
      let list = events.values[0]
      let amounts = list.span
      for subject in 0..<count {
        var (last, occasions, sum) = (Int32.min, Int32(0), Int64(0))
        for place in Int(starts[subject])..<Int(starts[subject + 1]) {
          let amount = amounts[place]
          let isUnknown = amount == SubjectEvents.unknown
          sum &+= isUnknown ? 0 : amount
          guard amount >= 0 || isUnknown else { continue }
          if isCountingOrders || days[place] != last { occasions += 1 }
          last = days[place]
        }
        monetary[subject] = sum
        guard occasions > 0 else { continue }
        recency[subject] = asOf - last
        frequency[subject] = occasions
        buyers.append(Int32(truncatingIfNeeded: subject))
      }
    }
  }
}

extension Binder {
  /// `rfm S [bins N] [nested] [counting orders]`
  mutating func bindRFM(
    _ call: VerbCall, bins: Expression?, isNested: Bool, isCountingOrders: Bool
  ) -> BoundAnalysis? {
    var binCount = 5
    if let bins {
      guard let count = bindWhole(bins, option: "bins", in: 2...20) else { return nil }
      binCount = count
    }
    let need = EventNeed(role: .purchases, what: "purchases", fields: [.amount])
    guard let found = bindEvents(need, of: call) else { return nil }
    let groups = RFMGroups(catalog.rules, bindingWith: self)
    return judging(
      call,
      RFM(
        binCount: binCount, isNested: isNested, isCountingOrders: isCountingOrders,
        groups: groups),
      [found])
  }
}
