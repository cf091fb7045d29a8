/// The facts of analytic verbs that stood under an answer and under what refined it, each of which is
/// told once.
final class ToldFacts {
  private var facts: Set<VerbFact> = []

  /// Those of `facts` that were not told yet, which now are.
  func untold(_ facts: [VerbFact]) -> [VerbFact] {
    facts.filter { self.facts.insert($0).inserted }
  }
}
