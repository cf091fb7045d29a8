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
    let measures = try Measures(input, isCountingOrders)
    let buyers = measures.buyers
    let scored = try score(measures)
    var result = AnalysisResult(
      columns: try columns(measures, scored, input),
      summary: summary(measures, of: input.count),
      drawing: grid(scored[0].scores, scored[1].scores))
    result.facts = facts(scored, buyerCount: buyers.count)
    return result
  }

  /// Recency, frequency and money of who has bought, scored.
  private func score(_ measures: Measures) throws(StoreError) -> [Scoring] {
    let recency = measures.ofBuyers(measures.recency)
    let frequency = measures.ofBuyers(measures.frequency)
    let monetary = measures.ofBuyers(measures.monetary)
    guard isNested else {
      let (first, second) = try onBothHalves(
        { () throws(StoreError) in
          [
            try Scoring(recency, binCount: binCount, isLessBetter: true),
            try Scoring(frequency, binCount: binCount),
          ]
        }, { () throws(StoreError) in try Scoring(monetary, binCount: binCount) })
      return first + [second]
    }
    let outer = try Scoring(recency, binCount: binCount, isLessBetter: true)
    let inner = try Scoring(
      frequency, binCount: binCount, within: outer.scores.map(Int32.init))
    let both = zip(outer.scores, inner.scores).map { Int32($0) * 100 + Int32($1) }
    return [outer, inner, try Scoring(monetary, binCount: binCount, within: both)]
  }

  private func columns(
    _ measures: Measures, _ scored: [Scoring], _ input: AnalysisInput
  ) throws(StoreError) -> [Vector] {
    let known = measures.isBuyer
    let (r, f, m) = (scored[0].scores, scored[1].scores, scored[2].scores)
    let digit: Int64 = binCount > 9 ? 100 : 10
    let names = try groups.codes(binCount: binCount, input.database)
    func score(_ scores: [UInt8]) -> Vector { Vector(words: measures.ofAll(scores), known: known) }
    return try input.columns([
      { Vector(words: measures.recency.map(Int64.init), known: known) },
      { Vector(words: measures.frequency.map(Int64.init)) },
      { Vector(words: measures.monetary) }, { score(r) }, { score(f) }, { score(m) },
      {
        let cells = r.indices.map { (Int64(r[$0]) * digit + Int64(f[$0])) * digit + Int64(m[$0]) }
        return Vector(words: measures.ofAll(cells), known: known)
      },
      {
        let codes = r.indices.map {
          names[groups.place(r: r[$0], f: f[$0], m: m[$0], binCount: binCount)]
        }
        return Vector(words: measures.ofAll(codes, none: Int64(groups.prospectCode)))
      },
    ])
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
    var recency: [Int32] = []
    var frequency: [Int32] = []
    var monetary: [Int64] = []
    /// Who has bought.
    var buyers: [Int32] = []
    /// The number of the first subject.
    private var first = 0

    init(_ input: AnalysisInput, _ isCountingOrders: Bool) throws(StoreError) {
      let asOf = Int32(truncatingIfNeeded: input.asOf)
      let halves = try input.events.fold {
        Measures(of: $0)
      } take: {
        $0.add($1, asOf: asOf, isCountingOrders)
      }
      self = halves[0]
      for half in halves.dropFirst() {
        recency.append(contentsOf: half.recency)
        frequency.append(contentsOf: half.frequency)
        monetary.append(contentsOf: half.monetary)
      }
      buyers = Mask(isBuyer).offsets
    }

    private init(of subjects: Range<Int>) {
      first = subjects.lowerBound
      recency = [Int32](repeating: 0, count: subjects.count)
      frequency = recency
      monetary = [Int64](repeating: 0, count: subjects.count)
    }

    /// Of a measure of all subjects those who have bought.
    func ofBuyers(_ measure: [some FixedWidthInteger]) -> [Int64] {
      if buyers.count == measure.count { return measure.map { Int64(truncatingIfNeeded: $0) } }
      return buyers.map { Int64(truncatingIfNeeded: measure[Int($0)]) }
    }

    /// What there is of each who has bought, at the places of all subjects.
    func ofAll(_ values: [some FixedWidthInteger], none: Int64 = 0) -> [Int64] {
      var all = [Int64](repeating: none, count: frequency.count)
      for (place, buyer) in buyers.enumerated() {
        all[Int(buyer)] = Int64(truncatingIfNeeded: values[place])
      }
      return all
    }

    /// For each subject 0x80 where it has bought.
    var isBuyer: [UInt8] { frequency.map { $0 > 0 ? 0x80 : 0 } }

    /// Adds the subjects of a stretch.
    private mutating func add(
      _ stretch: EventReader.Stretch, asOf: Int32, _ isCountingOrders: Bool
    ) {
      let events = stretch.events[0]
      let starts = events.starts.span
      let days = events.days.span
      let list = events.values[0]
      let amounts = list.span
      let base = stretch.subjects.lowerBound - first
      // In variables of their own the lists are not checked for other owners at every step.
      var (ages, counts, sums) = (recency, frequency, monetary)
      (self.recency, self.frequency, self.monetary) = ([], [], [])
      defer { (self.recency, self.frequency, self.monetary) = (ages, counts, sums) }
      var recency = ages.mutableSpan
      var frequency = counts.mutableSpan
      var monetary = sums.mutableSpan
      for subject in 0..<events.count {
        var (last, occasions, sum) = (Int32.min, Int32(0), Int64(0))
        for place in Int(starts[subject])..<Int(starts[subject + 1]) {
          let amount = amounts[place]
          let isUnknown = amount == SubjectEvents.unknown
          sum &+= isUnknown ? 0 : amount
          guard amount >= 0 || isUnknown else { continue }
          if isCountingOrders || days[place] != last { occasions += 1 }
          last = days[place]
        }
        monetary[base + subject] = sum
        guard occasions > 0 else { continue }
        recency[base + subject] = asOf - last
        frequency[base + subject] = occasions
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
