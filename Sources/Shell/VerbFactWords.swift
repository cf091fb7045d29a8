import Engine
import Store

/// The words for the rules of the analytic verbs.
enum VerbFactWords {
  /// The words for one fact.
  static func words(for fact: VerbFact) -> String {
    switch fact {
    case .over(let verb, let count, let plural, let asOf):
      let whole = count == 1 ? "one of the" : ValueText.grouped(count)
      return "\(verb.rawValue) over \(whole) \(VisibleText.of(plural))"
        + " as of \(ValueText.date(asOf))"
    case .leftOut(let plural, let withoutSubject, let withoutDay, let later, let invalid):
      let parts = [
        (invalid, "that do not count"), (withoutSubject, "of nobody"),
        (withoutDay, "without a date"), (later, "after that day"),
      ].filter { $0.0 > 0 }.map { "\(ValueText.grouped($0.0)) \($0.1)" }
      return "left out of the \(plural): " + parts.joined(separator: ", ")
    case .stale(let newest, let asOf):
      return "the newest is of \(ValueText.date(newest)),"
        + " \(ValueText.grouped(asOf - newest)) days before; 'as of \(ValueText.date(newest))'"
        + " judges that day"
    case .empty(let verb, let plural):
      return "no \(VisibleText.of(plural)): '\(verb.rawValue)' has nothing to judge"
    case .roundedAmounts(let text): return "\(VisibleText.of(text)) is rounded to two decimals"
    case .rfm(let fact): return words(fact)
    case .pareto(let fact): return words(fact)
    case .cohort(let fact): return words(fact)
    case .funnel(let fact): return words(fact)
    case .transitions(let fact): return words(fact)
    case .moments(let fact): return words(fact)
    case .gap(let fact): return words(fact)
    case .cover(let fact): return words(fact)
    case .ladder(let fact): return words(fact)
    case .risk(let fact): return words(fact)
    case .forecast(let fact): return words(fact)
    }
  }

  /// Whether a fact is a warning, marked `note: ` even under a table.
  static func isWarning(_ fact: VerbFact) -> Bool {
    switch fact {
    case .stale, .empty, .roundedAmounts, .forecast(.fewSpenders), .forecast(.infiniteMean),
      .forecast(.correlated):
      true
    case .cohort(.cut), .cohort(.tooLong), .funnel(.undatedOpenings), .transitions(.few): true
    default: false
    }
  }

  // MARK: rfm

  private static func words(_ fact: RFMFact) -> String {
    switch fact {
    case .rule(let binCount, let isNested, let isCountingOrders, let buyerCount):
      return "scores 1 to \(binCount) over \(ValueText.grouped(buyerCount)) who bought, ties share"
        + " the lower; recency in days, frequency in "
        + (isCountingOrders ? "orders" : "days with a purchase")
        + (isNested ? "; f is scored within r, m within both" : "")
    case .bins(let measure, let bins):
      let parts = bins.indices.filter { bins[$0].count > 0 }.map { place in
        let bin = bins[place]
        return "\(place + 1): \(range(bin, of: measure)) (\(ValueText.grouped(bin.count)))"
      }
      return "\(measure.rawValue) \(unit(of: measure)): " + parts.joined(separator: ", ")
    case .noneScores(let measure, let scores, let value, let count, let whole):
      let names = scores.map(String.init)
      let list = [names.dropLast().joined(separator: ", "), names.last ?? ""]
        .filter { !$0.isEmpty }.joined(separator: " or ")
      let share = ValueText.percent(Double(count) / Double(max(1, whole)))
      return "no one scores \(list) on \(measure.rawValue): \(share) \(have(value, measure))"
    }
  }

  private static func range(_ bin: ScoreBin, of measure: RFMFact.Measure) -> String {
    let (low, high) = (value(bin.lowest, measure), value(bin.highest, measure))
    return bin.lowest == bin.highest ? low : "\(low)–\(high)"
  }

  private static func value(_ word: Int64, _ measure: RFMFact.Measure) -> String {
    measure == .monetary ? ValueText.money(word) : ValueText.grouped(Int(word))
  }

  private static func unit(of measure: RFMFact.Measure) -> String {
    switch measure {
    case .recency: "in days"
    case .frequency: "in purchases"
    case .monetary: "spent"
    }
  }

  private static func have(_ word: Int64, _ measure: RFMFact.Measure) -> String {
    switch measure {
    case .recency: "bought last \(ValueText.grouped(Int(word))) days before"
    case .frequency:
      word == 1 ? "bought once" : "bought \(ValueText.grouped(Int(word))) times"
    case .monetary: "spent \(ValueText.money(word))"
    }
  }

  // MARK: pareto

  private static func words(_ fact: ParetoFact) -> String {
    switch fact {
    case .rule(let a, let b, let text):
      let middle = b > a ? ", B below \(percent(b))" : ""
      return "by \(VisibleText.of(text)): A while the share before is below \(percent(a))\(middle),"
        + " else C; losses are D; equal values share a class"
    case .headline(let top, let topCount, let topShare, let a, let makers, let count, let gini):
      guard let topShare, let makers, let gini else { return "nobody brings anything" }
      return "the top \(percent(top)) (\(ValueText.grouped(topCount))) bring"
        + " \(ValueText.percent(topShare)); \(ValueText.grouped(makers)) of"
        + " \(ValueText.grouped(count)) make \(percent(a)); Gini \(ValueText.number((gini * 1_000).rounded() / 1_000))"
    case .tiesMoved(let count):
      return "\(ValueText.grouped(count)) equal to the last of a class"
        + " \(count == 1 ? "stands" : "stand") in it too"
    case .losses(let count, let amount, let type):
      return "\(ValueText.grouped(count)) \(count == 1 ? "loses" : "lose")"
        + " \(self.amount(amount, type).drop { $0 == "-" }) in all: class D, in no share"
    case .unknown(let count, let text):
      return "\(ValueText.grouped(count)) whose \(VisibleText.of(text)) is unknown"
        + " \(count == 1 ? "has" : "have") no class"
    }
  }

  private static func amount(_ value: Scalar, _ type: ValueType) -> String {
    ValueText.of(value, in: OutputColumn(name: "", type: type)) ?? ValueText.unknown
  }

  private static func percent(_ share: Double) -> String {
    let percent = share * 100
    return percent == percent.rounded() ? "\(Int(percent))%" : ValueText.percent(share)
  }
}
