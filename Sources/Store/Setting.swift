/// A threshold that the analytic verbs go by. The one list of them: the rows of `settings` that a
/// store begins with are made from it.
package enum Setting: String, CaseIterable, Sendable {
  case overdueFactor = "overdue_factor"
  case overdueOccasionsMin = "overdue_occasions_min"
  case slowerPaymentsFactor = "slower_payments_factor"
  case slowerPaymentsInvoicesMin = "slower_payments_invoices_min"
  case lowBalancePercentile = "low_balance_percentile"
  case lowBalanceBalancesMin = "low_balance_balances_min"
  case spendDownShare = "spend_down_share"
  case waitingDays = "waiting_days"
  case quietFactor = "quiet_factor"
  case quietContactsMin = "quiet_contacts_min"
  case satisfactionDrop = "satisfaction_drop"
  case satisfactionAnswersMin = "satisfaction_answers_min"
  case recoveryDays = "recovery_days"
  case recentDays = "recent_days"
  case priorMonths = "prior_months"
  case paretoAShare = "pareto_a_share"
  case paretoBShare = "pareto_b_share"
  case paretoTopShare = "pareto_top_share"
  case transitionsMovesMin = "transitions_moves_min"
  case forecastRepeatersMin = "forecast_repeaters_min"
  case correlationMax = "correlation_max"
  case staleDays = "stale_days"

  /// What values it may have.
  package enum Bounds: Sendable {
    /// Above 0: factors and differences.
    case positive
    /// 0 to 1.
    case share
    /// Whole, from 1.
    case count

    /// The values in words, after "is not".
    package var words: String {
      switch self {
      case .positive: "a number above 0"
      case .share: "between 0 and 1"
      case .count: "a whole number from 1"
      }
    }
  }

  /// The value that a store begins with.
  package var defaultValue: Double { facts.value }
  /// What the value counts.
  package var unit: String { facts.unit }
  /// What it decides, in one line.
  package var meaning: String { facts.meaning }

  /// What values it may have.
  package var bounds: Bounds {
    switch unit {
    case "share", "correlation": .share
    case "times", "points": .positive
    default: .count
    }
  }

  /// Whether it may have a value.
  package func accepts(_ value: Double) -> Bool {
    switch bounds {
    case .positive: value.isFinite && value > 0
    case .share: (0...1).contains(value)
    case .count: (1...1_000_000).contains(value) && value == value.rounded()
    }
  }

  private var facts: (value: Double, unit: String, meaning: String) {
    switch self {
    case .overdueFactor:
      (2, "times", "risk: overdue after more days than so many times the own usual gap")
    case .overdueOccasionsMin:
      (4, "occasions", "risk: overdue is judged from so many purchase occasions")
    case .slowerPaymentsFactor:
      (1.5, "times", "risk: slower payments when recently so many times as late as before")
    case .slowerPaymentsInvoicesMin:
      (3, "invoices", "risk: slower payments are judged from so many invoices before")
    case .lowBalancePercentile:
      (0.1, "share", "risk: a low balance is below this percentile of the own balances")
    case .lowBalanceBalancesMin:
      (3, "balances", "risk: a low balance is judged from so many balances")
    case .spendDownShare:
      (0.3, "share", "risk: spending is down when so much less than in the same months a year ago")
    case .waitingDays:
      (10, "days", "risk: waiting when a complaint is open longer, where no standard says how long")
    case .quietFactor:
      (2, "times", "risk: quiet after more days than so many times the own usual gap of contacts")
    case .quietContactsMin:
      (4, "contacts", "risk: quiet is judged from contacts on so many days")
    case .satisfactionDrop:
      (1, "points", "risk: satisfaction is down when so much lower than before")
    case .satisfactionAnswersMin:
      (3, "answers", "risk: satisfaction is judged from so many answers each time")
    case .recoveryDays:
      (60, "days", "moments: a disappointed customer recovers, or is disappointed again, within")
    case .recentDays:
      (90, "days", "risk: what is recent")
    case .priorMonths:
      (12, "months", "risk: what came before, and the months that balances are compared over")
    case .paretoAShare:
      (0.8, "share", "pareto: class A brings so much of the whole")
    case .paretoBShare:
      (0.95, "share", "pareto: classes A and B bring so much of the whole")
    case .paretoTopShare:
      (0.2, "share", "pareto: the top customers whose part of the whole is told")
    case .transitionsMovesMin:
      (30, "moves", "transitions: a share of fewer moves has a warning")
    case .forecastRepeatersMin:
      (30, "customers", "forecast: needs so many customers who ordered again")
    case .correlationMax:
      (0.3, "correlation", "forecast: spending and orders that go together more have a warning")
    case .staleDays:
      (60, "days", "every verb: says so when its newest event is longer ago")
    }
  }
}
