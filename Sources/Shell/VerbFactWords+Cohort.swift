import Engine
import Store
import Syntax

extension VerbFactWords {
  /// The words for a fact of `cohort`.
  static func words(_ fact: CohortFact) -> String {
    switch fact {
    case .rule(let unit, let measure, let isUnbounded, let text):
      let later = isUnbounded ? " or later" : ""
      let what =
        switch measure {
        case .members: "share of members active in a \(unit.rawValue)\(later)"
        case .orders: "events for each member in a \(unit.rawValue)\(later)"
        case .revenue: "amounts for each member in a \(unit.rawValue)\(later)"
        }
      return "a cohort is the calendar \(unit.rawValue)"
        + (unit == .week ? ", from Monday," : "")
        + " of the first of all \(VisibleText.of(text)); \(what)"
    case .cut:
      return "the source keeps some of the events only, and the first was looked for among these"
    case .neverActive(let count, let text):
      return "\(ValueText.grouped(count)) without \(VisibleText.of(text))"
        + " \(count == 1 ? "is" : "are") in no cohort"
    case .tooLong(let count, let before, let periods, let unit):
      return "\(ValueText.grouped(count)) who began before \(ValueText.date(before))"
        + " \(count == 1 ? "is" : "are") left out:"
        + " only the last \(ValueText.grouped(periods)) \(unit.rawValue)s are told apart"
    case .refunds(let count, let measure):
      return "\(ValueText.grouped(count)) with a negative amount"
        + " \(count == 1 ? "is" : "are") no activity"
        + (measure == .revenue ? " but \(count == 1 ? "counts" : "count") in the money" : "")
    case .running(let from, let unit, let measure):
      let what = measure == .members ? "share" : measure.rawValue
      return
        "the \(unit.rawValue) from \(ValueText.date(from)) is not over: it has no \(what) yet, and"
        + " its cells have a '*'"
    case .means(let means, let measure):
      let parts = means.enumerated().map { place, mean in
        "\(place + 1): " + value(mean, measure)
      }
      return "mean over the cohorts old enough, by size: " + parts.joined(separator: ", ")
    }
  }

  private static func value(_ mean: Double, _ measure: CohortOptions.Measure) -> String {
    switch measure {
    case .members: ValueText.percent(mean)
    case .orders: ValueText.number((mean * 1_000).rounded() / 1_000)
    case .revenue: ValueText.money(Int64(mean.rounded()))
    }
  }
}
