/// An option of a verb, by the word that it begins with.
enum VerbOption: Hashable {
  case by, at, bins, nested, counting, over, of, unbounded, through, within, checked, with, discount
  case check, summary

  /// The option that the word begins.
  init?(keyword: Keyword) {
    switch keyword {
    case .by: self = .by
    case .at: self = .at
    case .bins: self = .bins
    case .nested: self = .nested
    case .counting: self = .counting
    case .over: self = .over
    case .of: self = .of
    case .unbounded: self = .unbounded
    case .through: self = .through
    case .within: self = .within
    case .checked: self = .checked
    case .with: self = .with
    case .discount: self = .discount
    case .check: self = .check
    case .summary: self = .summary
    default: return nil
    }
  }

  /// The word it begins with.
  var keyword: Keyword {
    switch self {
    case .by: .by
    case .at: .at
    case .bins: .bins
    case .nested: .nested
    case .counting: .counting
    case .over: .over
    case .of: .of
    case .unbounded: .unbounded
    case .through: .through
    case .within: .within
    case .checked: .checked
    case .with: .with
    case .discount: .discount
    case .check: .check
    case .summary: .summary
    }
  }
}

extension Verb {
  /// The verb that the word names.
  init?(keyword: Keyword) {
    switch keyword {
    case .rfm: self = .rfm
    case .pareto: self = .pareto
    case .cohort: self = .cohort
    case .funnel: self = .funnel
    case .transitions: self = .transitions
    case .moments: self = .moments
    case .risk: self = .risk
    case .forecast: self = .forecast
    case .ladder: self = .ladder
    case .gap: self = .gap
    case .cover: self = .cover
    default: return nil
    }
  }

  /// The words of the verbs.
  static let words: [Keyword] = [
    .rfm, .pareto, .cohort, .funnel, .transitions, .moments, .risk, .forecast, .ladder, .gap,
    .cover,
  ]

  /// Whether a window on its events may stand after its records.
  var takesWindow: Bool { self == .rfm || self == .transitions || self == .moments }

  /// Its options, in the order of the canonical form.
  var options: [VerbOption] {
    switch self {
    case .rfm: [.bins, .nested, .counting, .summary]
    case .pareto: [.by, .at, .summary]
    case .cohort: [.by, .over, .of, .unbounded, .summary]
    case .funnel: [.through, .within, .summary]
    case .moments, .gap, .cover: [.by, .summary]
    case .risk: [.checked, .summary]
    case .forecast: [.over, .with, .discount, .check, .summary]
    case .transitions, .ladder: [.summary]
    }
  }

  /// Its options as they are written.
  var optionsInWords: [String] {
    switch self {
    case .rfm: ["bins 5", "nested", "counting orders", "summary"]
    case .pareto: ["by value", "at 80%", "summary"]
    case .cohort: ["by month", "over orders", "of revenue", "unbounded", "summary"]
    case .funnel: ["through recruitment, welcoming", "within 90 days", "summary"]
    case .moments, .gap: ["by region", "summary"]
    case .cover: ["by region", "summary"]
    case .risk: ["checked as of 2025-12-31", "summary"]
    case .forecast: ["over 12 months", "with mbg", "discount 10% a year", "check", "summary"]
    case .transitions, .ladder: ["summary"]
    }
  }

  /// The option that must be there, in words, and an example; nil when none must.
  var required: (option: String, example: String)? {
    switch self {
    case .pareto: ("'by' and a measure", "pareto customers by value")
    case .cohort: ("'by' and a calendar unit", "cohort customers by month")
    case .funnel:
      ("'through' and its steps", "funnel customers through recruitment, welcoming, orders")
    case .forecast: ("'over' and a duration", "forecast customers over 12 months")
    case .cover: ("'by' and a key", "cover customers by region")
    case .rfm, .transitions, .moments, .risk, .ladder, .gap: nil
    }
  }
}

extension Verb {
  /// A call of it, with the option that must be there.
  package var example: String { required?.example ?? "\(rawValue) customers" }
}

extension CohortOptions.Unit {
  /// The unit that the word names in the singular.
  init?(keyword: Keyword?) {
    switch keyword {
    case .week: self = .week
    case .month: self = .month
    case .quarter: self = .quarter
    case .year: self = .year
    default: return nil
    }
  }
}
