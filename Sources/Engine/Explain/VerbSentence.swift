import Store
import Syntax

/// What an analytic verb does with the records it judges, as one sentence of `explain`.
struct VerbSentence {
  private let bound: BoundAnalysis

  init(_ bound: BoundAnalysis) { self.bound = bound }

  /// The sentence, with the verb's options as written behind it.
  var text: String {
    let options = bound.analysis.detail
    return "\(deed) (\(bound.verb.rawValue)\(options.isEmpty ? "" : " \(options)"))."
      + (bound.isSummary ? " Show its headline alone." : "")
  }

  private var deed: String {
    switch bound.verb {
    case .rfm: "Score each by how recently, how often and for how much it bought"
    case .pareto: "Sort them by what each brings, and mark the few that bring the most"
    case .cohort: "Put together those that began in the same time, and follow how many stay active"
    case .funnel: "Count how many come to each step, one after the other"
    case .transitions: "Count the moves from one stage to the next"
    case .moments: "Count where they were disappointed and where their hopes were exceeded"
    case .risk: "Look for the signs that a customer is about to leave, and count them"
    case .forecast: "Expect from each one's purchases so far what it will buy"
    case .ladder: "Stand each on its rung of the loyalty ladder, and count each rung"
    case .gap: "Compare what they expected with what they perceived"
    case .cover: "Compare how many they are with how many employees look after them"
    }
  }
}
