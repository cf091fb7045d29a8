import Engine

extension VerbFactWords {
  /// The words for one fact of `risk`.
  static func words(_ fact: RiskFact) -> String {
    switch fact {
    case .rule(let signal, let rule, let judged, let shown):
      return "\(signal.name): \(words(signal, rule)); \(ValueText.grouped(shown)) of"
        + " \(ValueText.grouped(judged)) with enough past"
    case .withoutRecords(let signals):
      return "not judged, for there are no records of it: "
        + signals.map(\.name).joined(separator: ", ")
    case .notJudged(let count):
      return "\(ValueText.grouped(count)) \(count == 1 ? "has" : "have") too short a past for any:"
        + " 'no signal'"
    case .check(let day, let until, let alreadyLeft):
      return "judged as of \(ValueText.date(day)); left until \(ValueText.date(until));"
        + " \(ValueText.grouped(alreadyLeft)) had left before; lift is the share ÷ everyone's"
    }
  }

  private static func words(_ signal: RiskSignal, _ rule: RiskFact.Rule) -> String {
    switch signal {
    case .overdue:
      "days since the last purchase above \(times(rule.overdueFactor)) the own median gap, from"
        + " \(rule.overdueOccasionsMin) purchase days"
    case .slowerPayments:
      "mean days late in \(rule.recentDays) days above \(times(rule.slowerFactor)) that of the"
        + " \(rule.priorMonths) months before, \(rule.slowerInvoicesMin) invoices before"
    case .lowBalance:
      "below the own \(ValueText.number(rule.lowBalanceShare * 100))th percentile of \(rule.priorMonths)"
        + " months, \(rule.lowBalancesMin) balances before it"
    case .spendDown:
      "last whole months of \(rule.recentDays) days at least"
        + " \(ValueText.percent(rule.spendDownShare)) below the same a year before"
    case .waiting: "a complaint open more than \(ValueText.number(rule.waitingDays)) days"
    case .disappointed: "a disappointed moment and none exceeded since; days since then"
    case .quiet:
      "days since the last contact above \(times(rule.quietFactor)) the own median gap, from"
        + " \(rule.quietContactsMin) days with contacts"
    case .satisfactionDown:
      "mean perception in \(rule.recentDays) days at least"
        + " \(ValueText.number(rule.satisfactionDrop)) below that of the \(rule.priorMonths) months"
        + " before, \(rule.answersMin) answers each"
    }
  }

  private static func times(_ factor: Double) -> String { "\(ValueText.number(factor))×" }
}
