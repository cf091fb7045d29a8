import Store

/// `ladder` in SQL: the rung and the value of each subject, and the count of every rung.
extension Ladder: SQLAnalysis {
  var rowOrder: [AnalysisOrder] { [AnalysisOrder(column: "rung", isDescending: true)] }

  func rows(_ verb: VerbTranslation) throws(TranslateReason) -> String {
    guard !names.names.isEmpty else { throw .notInSQL("a ladder without rungs") }
    let standing = try standing(verb)
    let rungs = verb.translation.define(
      names.names.enumerated().map { place, name in
        "SELECT \(verb.writer.text(name))" + (place == 0 ? " AS rung" : "")
      }.joined(separator: " UNION ALL\n"), named: verb.translation.unused("rungs"))
    let all = "(SELECT count(*) FROM \(standing))"
    return verb.define(
      "ladder",
      [
        ("\(rungs).rung", "rung"), ("count(subject)", verb.subjectCount()),
        (verb.ratio("count(subject)", all), "share"),
        ("coalesce(round(sum(value), 2), 0)", "value"),
      ],
      from: "\(rungs)\nLEFT JOIN \(standing) ON \(standing).rung = \(rungs).rung",
      where: [SQL("\(all) > 0", .test)], by: ["\(rungs).rung"])
  }

  func headline(_ verb: VerbTranslation) throws(TranslateReason) -> String {
    let standing = try standing(verb)
    let top = names.names.last.map(verb.writer.text) ?? "NULL"
    let highest = "FILTER (WHERE rung = \(top))"
    return verb.define(
      "headline",
      [
        ("count(*)", verb.subjectCount()), ("coalesce(round(sum(value), 2), 0)", "value"),
        (top, "top_rung"), ("count(*) \(highest)", verb.subjectCount("top_")),
        (verb.ratio("count(*) \(highest)", "count(*)"), "top_share"),
        ("coalesce(round(sum(value) \(highest), 2), 0)", "top_value"),
      ], from: standing)
  }

  /// One row a subject: the highest rung whose condition holds, and the value.
  private func standing(_ verb: VerbTranslation) throws(TranslateReason) -> String {
    try verb.values("standing", [(0, "rung"), (1, "value")])
  }
}
