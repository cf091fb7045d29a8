import Engine
import Store

// The words for the rules of moments, gap, cover and ladder.

extension VerbFactWords {
  static func words(_ fact: MomentsFact) -> String {
    switch fact {
    case .rule(let plural, let days, let hasTimes, let hasWindow):
      return "counts \(VisibleText.of(plural)) with a known outcome; net is exceeded less"
        + " disappointed; recovered, repeated: the same customer has an exceeded, a disappointed one"
        + " later and within \(ValueText.grouped(days)) days"
        + (hasWindow ? ", after the period too" : "") + "; "
        + (hasTimes ? "equal times are not later" : "the same day is not later")
    case .unknownOutcome(let count, let plural):
      return "\(VisibleText.of(plural)) without a known outcome, in no count:"
        + " \(ValueText.grouped(count))"
    case .silent(let groupCount, let plural): return silent(groupCount, plural)
    case .undecided(let count, let days):
      return "undecided, disappointed less than \(ValueText.grouped(days)) days ago and neither"
        + " recovered nor repeated so far: \(ValueText.grouped(count))"
    }
  }

  static func words(_ fact: GapFact) -> String {
    switch fact {
    case .rule(let plural, let count):
      return "gap is the mean perception less the mean expectation over the"
        + " \(ValueText.grouped(count)) \(VisibleText.of(plural)) that have both; the weakest is"
        + " first, equal gaps go by group"
    case .incomplete(let count, let plural):
      return "\(VisibleText.of(plural)) without an expectation or a perception, in no mean:"
        + " \(ValueText.grouped(count))"
    case .silent(let groupCount, let plural): return silent(groupCount, plural)
    }
  }

  static func words(_ fact: CoverFact) -> String {
    switch fact {
    case .rule(let plural, let owners, let owner, let value, let group):
      let (plural, owners) = (VisibleText.of(plural), VisibleText.of(owners))
      return "\(owners) count in each group of which they have \(plural), as"
        + " \(VisibleText.of(owner))"
        + (group.map { ", and in that of their own \(VisibleText.of($0))" } ?? "")
        + "; per head: \(plural), and the sum of \(VisibleText.of(value)), for each of them"
    case .uncovered(let groupCount, let count, let plural, let owners):
      return "\(VisibleText.of(plural)) in \(groups(groupCount)) without \(VisibleText.of(owners)):"
        + " \(ValueText.grouped(count))"
    case .idle(let groupCount, let count, let plural, let owners):
      return "\(VisibleText.of(owners)) in \(groups(groupCount)) without \(VisibleText.of(plural)):"
        + " \(ValueText.grouped(count))"
    case .unowned(let count, let plural, let owner):
      return "\(VisibleText.of(plural)) without \(VisibleText.of(owner)):"
        + " \(ValueText.grouped(count))"
    }
  }

  static func words(_ fact: LadderFact) -> String {
    switch fact {
    case .rule(let value):
      return "the highest rung that holds counts; value is the sum of \(VisibleText.of(value))"
    case .rung(let name, let condition):
      return "\(VisibleText.of(name)): "
        + (condition == "yes" ? "all others" : VisibleText.of(condition))
    case .onNoRung(let count, let plural):
      return "\(VisibleText.of(plural)) on no rung: \(ValueText.grouped(count))"
    }
  }

  private static func silent(_ groupCount: Int, _ plural: String) -> String {
    "no row: \(groups(groupCount)) without \(VisibleText.of(plural))"
  }

  private static func groups(_ count: Int) -> String {
    count == 1 ? "1 group" : "\(ValueText.grouped(count)) groups"
  }
}
