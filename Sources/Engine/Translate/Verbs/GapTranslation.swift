import Store

/// `gap` in SQL: the whole answers, and the means of each group over the same ones.
extension Gap: SQLAnalysis {
  var rowOrder: [AnalysisOrder] {
    ["gap", "group"].map { AnalysisOrder(column: $0, isDescending: false) }
  }

  var mayOrderBeUnknown: Bool { true }

  func rows(_ verb: VerbTranslation) throws(TranslateReason) -> String {
    gaps(try answers(verb), verb)
  }

  func headline(_ verb: VerbTranslation) throws(TranslateReason) -> String {
    let answers = try answers(verb)
    let gaps = gaps(answers, verb)
    let group = SQL(verb.translation.written("group"))
    let order = ["gap"] + verb.writer.orderTerms(group, verb.writer.sortType(grouping.type))
    func weakest(_ column: String) -> String {
      SQL.subquery(
        """
        SELECT \(column)
        FROM \(gaps)
        WHERE answers > 0
        ORDER BY \(order.joined(separator: ", "))
        LIMIT 1
        """)
    }
    return verb.define(
      "headline",
      [("count(expectation)", "answers")] + means(verb)
        + [(weakest(group.text), "weakest"), (weakest("gap"), "weakest_gap")],
      from: answers)
  }

  /// The answers, of which those that lack a half have none.
  private func answers(_ verb: VerbTranslation) throws(TranslateReason) -> String {
    let events = try grouping.events(verb, values: ["expected", "perceived"])
    return verb.define(
      "answers",
      [
        (VerbGroups.column, VerbGroups.column),
        ("CASE WHEN perceived IS NOT NULL THEN expected END", "expectation"),
        ("CASE WHEN expected IS NOT NULL THEN perceived END", "perception"),
      ], from: events)
  }

  private func gaps(_ answers: String, _ verb: VerbTranslation) -> String {
    verb.define(
      "gaps",
      [(VerbGroups.column, "group")] + means(verb) + [("count(expectation)", "answers")],
      from: answers, by: [VerbGroups.column])
  }

  /// The means, computed in whole hundredths, so that equal gaps are equal.
  private func means(_ verb: VerbTranslation) -> [(String, String)] {
    [
      ("expectation", "expectation"), ("perception", "perception"),
      ("perception - expectation", "gap"),
    ].map { value, name in
      let hundredths = verb.dialect.rounded("100 * sum(\(value))")
      return (verb.ratio(hundredths, "100 * count(expectation)"), name)
    }
  }
}
