import Store

/// `rfm` in SQL: the events of purchases, three measures of each subject, scores by rank among those
/// who have bought, and the group that the scores are in.
extension RFM: SQLAnalysis {
  func rows(_ verb: VerbTranslation) throws(TranslateReason) -> String {
    let measures = try measures(verb)
    let scored = score(measures, verb)
    let cells = cells(scored, verb)
    var columns = ["subject", "recency", "frequency", "monetary"].map {
      (sql: "\(measures).\($0)", name: $0)
    }
    columns += ["r", "f", "m", "cell"].map { (sql: "\(cells).\($0)", name: $0) }
    columns.append((try group(cells, verb), "rfm_group"))
    return verb.define(
      "rfm", columns,
      from: "\(measures)\nLEFT JOIN \(cells) ON \(cells).subject = \(measures).subject")
  }

  func headline(_ verb: VerbTranslation) throws(TranslateReason) -> String {
    let measures = try measures(verb)
    let buyers = "FILTER (WHERE frequency > 0)"
    return verb.define(
      "headline",
      [
        ("count(*)", verb.subjectCount()), ("count(recency)", "purchasers"),
        ("count(*) - count(recency)", "prospects"), ("avg(recency)", "avg_recency"),
        ("avg(frequency) \(buyers)", "avg_frequency"),
        (verb.writer.mean("sum(monetary) \(buyers)", "count(recency)").text, "avg_monetary"),
      ], from: measures)
  }

  /// One row a subject: days since the last purchase, purchase occasions, and all amounts. A refund is
  /// no purchase.
  private func measures(_ verb: VerbTranslation) throws(TranslateReason) -> String {
    let subjects = try verb.subjects()
    let events = try verb.events(values: ["amount"])
    let purchases = "FILTER (WHERE \(events).amount >= 0 OR \(events).amount IS NULL)"
    let last = SQL("max(\(events).event_day) \(purchases)")
    return verb.define(
      "measures",
      [
        (subjects.key, "subject"), (verb.dialect.days(last, verb.asOf).text, "recency"),
        (
          "count(\(isCountingOrders ? "" : "DISTINCT ")\(events).event_day) \(purchases)",
          "frequency"
        ),
        ("coalesce(round(sum(\(events).amount), 2), 0)", "monetary"),
      ],
      from: "\(subjects.source)\nLEFT JOIN \(events) ON \(events).subject = \(subjects.key)",
      by: [subjects.key])
  }

  /// Scores 1…bins over all who have bought, ties sharing the lower score. Nested scores are ranked
  /// within those before them, so each needs a statement of its own.
  private func score(_ measures: String, _ verb: VerbTranslation) -> String {
    let buyers = [SQL("frequency > 0", .test)]
    let terms = [("recency DESC", "r"), ("frequency", "f"), ("monetary", "m")]
    guard isNested else {
      let scores = terms.map { (sql: score(by: $0.0, within: [], verb), name: $0.1) }
      return verb.define(
        "scored", [("subject", "subject")] + scores, from: measures, where: buyers)
    }
    var source = measures
    var scores: [String] = []
    for (place, (term, score)) in terms.enumerated() {
      let measured = ["subject"] + (place < 2 ? ["frequency", "monetary"] : []) + scores
      source = verb.define(
        place < 2 ? "scored_\(score)" : "scored",
        measured.map { (sql: $0, name: $0) }
          + [(sql: self.score(by: term, within: scores, verb), name: score)],
        from: source, where: place == 0 ? buyers : [])
      scores.append(score)
    }
    return source
  }

  /// `min(bins, 1 + floor(bins × number strictly worse ÷ n))`
  private func score(by term: String, within scores: [String], _ verb: VerbTranslation) -> String {
    let worse = "(rank() \(verb.writer.over(scores, [term])) - 1)"
    let whole = "count(*) \(verb.writer.over(scores, []))"
    let below = verb.dialect.quotient("\(binCount) * \(worse)", whole)
    return verb.dialect.smaller("\(binCount)", "1 + \(below.text)")
  }

  /// The three scores as one number, and what the groups' conditions are about: the scores, on the
  /// scale of these where it is another one, and the mean of the last two.
  private func cells(_ scored: String, _ verb: VerbTranslation) -> String {
    let digit = binCount > 9 ? 100 : 10
    var columns = ["subject", "r", "f", "m"].map { (sql: $0, name: $0) }
    columns.append(("\(digit * digit) * r + \(digit) * f + m", "cell"))
    var scores = ["r", "f", "m"].map { SQL($0) }
    if binCount != RFMGroups.scale {
      for (place, score) in scores.enumerated() {
        scores[place] = verb.dialect.quotient(
          "(\(RFMGroups.scale) * \(score.text) + \(binCount - 1))", "\(binCount)")
        columns.append((scores[place].text, score.text + ending))
      }
    }
    columns.append(("(\(scores[1].operand) + \(scores[2].operand)) / 2.0", "fm"))
    return verb.define("cells", columns, from: scored)
  }

  /// What follows the names of the scores that the groups' conditions are about.
  private var ending: String { binCount == RFMGroups.scale ? "" : "_of_\(RFMGroups.scale)" }

  /// The first group whose condition holds.
  private func group(
    _ cells: String, _ verb: VerbTranslation
  ) throws(TranslateReason) -> String {
    let scores = ["r" + ending, "f" + ending, "m" + ending, "fm"].map { SQL("\(cells).\($0)") }
    let row = SQLRow(Select(from: nil), alias: cells, .columns(scores))
    let prospect = verb.writer.text(RFMGroups.prospect)
    var lines = ["WHEN \(cells).subject IS NULL THEN \(prospect)"]
    for (condition, name) in groups.named {
      let text = try verb.writer.condition(condition, row).text
      lines.append("WHEN \(text) THEN \(verb.writer.text(name))")
    }
    lines.append("ELSE \(prospect)")
    return "CASE\n  \(lines.map(SQL.indented).joined(separator: "\n  "))\nEND"
  }
}
