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
      AnalysisColumn("cell", .integer, .code).asDetail,
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

  /// Three measures, whoever bought, three scores twice.
  var byteCountPerSubject: Int { 26 }

  func run(_ input: AnalysisInput) throws(StoreError) -> AnalysisResult {
    let measures = try Measures(input, isCountingOrders)
    let buyers = measures.buyers
    let scored = try score(measures)
    var result = AnalysisResult(
      columns: columns(measures, scored, try groups.codes(binCount: binCount, input.database)),
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

  /// The columns; no score, 0, stands at who has never bought.
  ///
  /// - Parameter names: The code of each cell, by `RFMGroups.place`.
  private func columns(
    _ measures: Measures, _ scored: [Scoring], _ names: [UInt8]
  ) -> [AnalysisValues] {
    let count = measures.frequency.count
    let scores = scored.map { measures.ofAll($0.scores) }
    let digit: Int64 = binCount > 9 ? 100 : 10
    let scoreRange = 0...Int64(binCount)
    let (groups, binCount) = (groups, binCount)
    return [
      AnalysisValues(count: count) { measures.values(of: measures.recency, at: $0) },
      AnalysisValues(count: count) {
        Vector(words: Measures.words(of: measures.frequency, at: $0))
      },
      AnalysisValues(count: count) { Vector(words: Measures.words(of: measures.monetary, at: $0)) },
    ]
      + scores.map { scores in
        AnalysisValues(count: count, bounds: scoreRange) { measures.values(of: scores, at: $0) }
      } + [
        AnalysisValues(count: count) { subjects in
          var cells = Measures.words(of: scores[0], at: subjects)
          for measure in 1...2 {
            for (place, score) in Measures.words(of: scores[measure], at: subjects).enumerated() {
              cells[place] = cells[place] * digit + score
            }
          }
          return Vector(words: cells, known: measures.known(at: subjects))
        },
        AnalysisValues(count: count, bounds: 0...Int64(groups.choice.names.count - 1)) { subjects in
          Vector(
            words: subjects.map { subject in
              let (r, f, m) = (
                scores[0][Int(subject)], scores[1][Int(subject)], scores[2][Int(subject)]
              )
              guard r > 0 else { return Int64(groups.prospectCode) }
              return Int64(names[groups.place(r: r, f: f, m: m, binCount: binCount)])
            })
        },
      ]
  }

  private func summary(_ measures: Measures, of count: Int) -> [Scalar] {
    let buyers = measures.buyers
    let counts = [Scalar(count), Scalar(buyers.count), Scalar(count - buyers.count)]
    guard !buyers.isEmpty else { return counts + [.unknown, .unknown, .unknown] }
    let whole = Double(buyers.count)
    let recency = buyers.reduce(0) { $0 + Int(measures.recency[Int($1)]) }
    let frequency = buyers.reduce(0) { $0 + Int(measures.frequency[Int($1)]) }
    let monetary = buyers.reduce(Int128(0)) { $0 + Int128(measures.monetary[Int($1)]) }
    return counts + [
      .real(Double(recency) / whole), .real(Double(frequency) / whole),
      .word(DecimalForm.quotient(monetary, Int128(buyers.count)) ?? 0),
    ]
  }

  /// Recency from the best down, frequency from the worst up, a count a cell.
  private func grid(_ recency: [UInt8], _ frequency: [UInt8]) -> Drawing? {
    guard !recency.isEmpty else { return nil }
    var counts = [Int](repeating: 0, count: binCount * binCount)
    for (r, f) in zip(recency, frequency) {
      counts[(binCount - Int(r)) * binCount + Int(f) - 1] += 1
    }
    let cells = (0..<binCount).map { row in
      counts[row * binCount..<(row + 1) * binCount].map { Optional(Double($0)) }
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
      for gap in scoring.gaps {
        facts.append(
          .noneScores(
            measure, scores: gap.scores, value: gap.value, count: gap.count, of: buyerCount))
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
  /// Scores nobody has, and the value of so many that it covers them: the reason.
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
        Measures(of: $0, among: input.count)
      } take: { measures, stretch throws(StoreError) in
        try measures.add(stretch, asOf: asOf, isCountingOrders)
      }
      self = halves[0]
      for half in halves.dropFirst() {
        recency.append(contentsOf: half.recency)
        frequency.append(contentsOf: half.frequency)
        monetary.append(contentsOf: half.monetary)
      }
      buyers = Mask(frequency.map { $0 > 0 ? 0x80 : 0 }).offsets
    }

    private init(of subjects: Range<Int>, among count: Int) {
      first = subjects.lowerBound
      // The first ones leave room for the others behind them.
      let capacity = first == 0 ? count : subjects.count
      recency.reserveCapacity(capacity)
      frequency.reserveCapacity(capacity)
      monetary.reserveCapacity(capacity)
      recency.append(contentsOf: repeatElement(0, count: subjects.count))
      frequency.append(contentsOf: repeatElement(0, count: subjects.count))
      monetary.append(contentsOf: repeatElement(0, count: subjects.count))
    }

    /// Of a measure of all subjects those who have bought.
    func ofBuyers<Word: FixedWidthInteger>(_ measure: [Word]) -> [Word] {
      buyers.count == measure.count ? measure : buyers.map { measure[Int($0)] }
    }

    /// The scores of those who have bought at the places of all subjects, and 0 at those of others.
    func ofAll(_ scores: [UInt8]) -> [UInt8] {
      if buyers.count == frequency.count { return scores }
      var all = [UInt8](repeating: 0, count: frequency.count)
      for (place, buyer) in buyers.enumerated() { all[Int(buyer)] = scores[place] }
      return all
    }

    /// A measure of some subjects.
    static func words(of measure: [some FixedWidthInteger], at subjects: [Int32]) -> [Int64] {
      subjects.map { Int64(truncatingIfNeeded: measure[Int($0)]) }
    }

    /// A measure of some subjects, known of those who have bought.
    func values(of measure: [some FixedWidthInteger], at subjects: [Int32]) -> Vector {
      Vector(words: Self.words(of: measure, at: subjects), known: known(at: subjects))
    }

    /// For some subjects 0x80 where it has bought.
    func known(at subjects: [Int32]) -> [UInt8] {
      subjects.map { frequency[Int($0)] > 0 ? 0x80 : 0 }
    }

    /// Adds the subjects of a stretch.
    ///
    /// - Throws: `amountOutOfRange` for a sum that is no money.
    private mutating func add(
      _ stretch: EventReader.Stretch, asOf: Int32, _ isCountingOrders: Bool
    ) throws(StoreError) {
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
      let most = UInt64(Limits.moneyMinorMax)
      var isBeyond = false
      for subject in 0..<events.count {
        var (last, occasions, sum) = (Int32.min, Int32(0), Int64(0))
        for place in Int(starts[subject])..<Int(starts[subject + 1]) {
          let amount = amounts[place]
          let isUnknown = amount == SubjectEvents.unknown
          let (next, isOver) = sum.addingReportingOverflow(isUnknown ? 0 : amount)
          isBeyond = isBeyond || isOver
          sum = next
          guard amount >= 0 || isUnknown else { continue }
          if isCountingOrders || days[place] != last { occasions += 1 }
          last = days[place]
        }
        isBeyond = isBeyond || sum.magnitude > most
        monetary[base + subject] = sum
        guard occasions > 0 else { continue }
        recency[base + subject] = asOf - last
        frequency[base + subject] = occasions
      }
      if isBeyond { throw .amountOutOfRange }
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
