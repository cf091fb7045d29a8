// The words about the calls of analytic verbs.

extension SyntaxReason {
  /// What was found and expected in the call of a verb.
  var verbMessage: String? {
    switch self {
    case .missingOption(let verb): "'\(verb.rawValue)' needs \(verb.required?.option ?? "more")"
    case .unknownOption(let verb, let word): "'\(verb.rawValue)' takes no '\(word)'"
    case .clauseOfRound(let verb, let word): "'\(verb)' takes no '\(word)'; a round after it does"
    case .latePart(let word):
      word == "where"
        ? "'where' stands before the options of a verb"
        : "'\(word)' stands directly after the records that a verb is about"
    case .windowOfVerb(let verb, _): "'\(verb)' takes no window"
    case .summaryNotLast: "'summary' stands last"
    case .earlyMeasure(let measure): "'\(measure)' stands behind 'by' and the unit"
    case .verbWithoutBrackets(let verb): "'\(verb)' as a source stands in brackets"
    case .queryAsValue: "a query in brackets is a value by one of its columns only"
    case .openQualification: "the condition of a relation stands in brackets here"
    case .bareDuration(let count, let word): "'\(word) \(count)' does not say of which unit"
    case .bareShare(let text, _): "expected a percentage, found '\(text)'"
    case .shareWithoutYear: "expected 'a year' after the discount"
    default: nil
    }
  }

  /// How to mend the call of a verb.
  var verbHint: String? {
    switch self {
    case .missingOption(let verb): verb.required.map { "'\($0.example)'" }
    case .unknownOption(let verb, _):
      "it takes " + verb.optionsInWords.map { "'\($0)'" }.joined(separator: ", ")
    case .clauseOfRound(_, let word): "'then \(word) …'"
    case .latePart("where"): "'pareto customers where contactable by value'"
    case .latePart("as of"): "'rfm customers as of 2025-12-31 where contactable'"
    case .latePart: "'rfm accounts of deals by closed_on, amount'"
    case .windowOfVerb(_, let right): "records of a time stand in brackets: '\(right)'"
    case .summaryNotLast: "'rfm customers bins 4 summary'"
    case .earlyMeasure(let measure): "'cohort customers by month \(measure)'"
    case .verbWithoutBrackets: "'find (rfm customers) where r = 5', or the verb by itself"
    case .queryAsValue: "'(rfm customers summary).customers'"
    case .openQualification(let condition): "'where (\(condition))'"
    case .bareDuration(let count, let word):
      "'\(word) \(count) \(word == "over" ? "months" : "days")'"
    case .bareShare(_, let example): "'\(example)'"
    case .shareWithoutYear: "'discount 10% a year'"
    default: nil
    }
  }
}
