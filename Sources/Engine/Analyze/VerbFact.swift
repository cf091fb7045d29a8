import Store
import Syntax

/// A fact under a verb's answer: the rules it used and what it left out. Most published disagreements
/// about these measures are about exactly these. The shell has the words.
package enum VerbFact: Hashable, Sendable {
  /// Over how many subjects, what they are called, and the as-of date.
  case over(Verb, count: Int, plural: String, asOf: Int)
  /// Events left out: what they are called, and how many for which reason.
  case leftOut(
    plural: String, withoutSubject: Int, withoutDay: Int, later: Int, invalid: Int)
  /// The newest event is long ago.
  case stale(newest: Int, asOf: Int)
  /// There is nothing to judge.
  case empty(Verb, plural: String)
  /// Amounts with more than two decimals were rounded.
  case roundedAmounts(text: String)
  case rfm(RFMFact)
  case pareto(ParetoFact)
  case cohort(CohortFact)
  case funnel(FunnelFact)
  case transitions(TransitionsFact)
  case moments(MomentsFact)
  case risk(RiskFact)
  case forecast(ForecastFact)
  case ladder(LadderFact)
  case gap(GapFact)
  case cover(CoverFact)
}
