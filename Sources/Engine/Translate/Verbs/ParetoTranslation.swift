import Store

/// `pareto` in SQL: the measure of each subject, running sums of the gains from the largest down, and
/// the classes. Money is summed up in whole cents, so that no border moves.
extension Pareto: SQLAnalysis {
  func rows(_ verb: VerbTranslation) throws(TranslateReason) -> String {
    let measures = try verb.values("measures", [(0, "measure")])
    let gains = gains(measures, verb)
    func share(_ part: String) -> String {
      verb.ratio("\(gains).\(part)", "\(gains).total")
    }
    return verb.define(
      "pareto",
      [
        ("\(measures).subject", "subject"), ("\(measures).measure", "measure"),
        (share("amount"), "share"), (share("through"), "running_share"),
        (classOf(gains, measures), "class"),
      ], from: joined(measures, gains))
  }

  func headline(_ verb: VerbTranslation) throws(TranslateReason) -> String {
    let measures = try verb.values("measures", [(0, "measure")])
    let gains = gains(measures, verb, isNumbered: true)
    let classes = verb.define(
      "classes",
      [
        ("\(measures).measure", "measure"), ("\(gains).*", ""),
        (classOf(gains, measures), "class"),
      ], from: joined(measures, gains))
    func counted(_ name: String) -> String { "count(*) FILTER (WHERE class = '\(name)')" }
    let sum = "sum(measure) FILTER (WHERE measure >= 0)"
    let places = verb.dialect.quotient(
      "(\(top.numerator) * gains + \(top.denominator - 1))", "\(top.denominator)")
    let below = isBelow("so_far", borders.a)
    let weighted = "sum(CAST(gains + 1 - place AS \(verb.dialect.realType)) * amount)"
    let gini =
      "2 * \(weighted) / nullif(max(total), 0) / max(gains) - (max(gains) + 1.0) / max(gains)"
    return verb.define(
      "headline",
      [
        ("count(measure)", verb.subjectCount()),
        ("coalesce(\(type == .money ? "round(\(sum), 2)" : sum), 0)", "total"),
      ]
        + Self.classes.names.map { (counted($0), "class_\($0.lowercased())") }
        + [
          (
            verb.ratio("sum(amount) FILTER (WHERE place <= \(places.text))", "max(total)"),
            "top_share"
          ),
          (
            "CASE WHEN max(total) > 0 THEN 1 + count(*) FILTER (WHERE \(below)) END", "makers"
          ),
          ("CASE WHEN max(total) > 0 THEN \(verb.dialect.larger("0", gini)) END", "gini"),
        ], from: classes)
  }

  /// Who loses nothing, with the sum of all these, of those who bring as much or more, and how many
  /// bring the same.
  private func gains(
    _ measures: String, _ verb: VerbTranslation, isNumbered: Bool = false
  ) -> String {
    let amount =
      type == .money
      ? "CAST(round(100 * measure) AS \(verb.dialect.integerType))" : "measure"
    let known = verb.define(
      "amounts", [("subject", "subject"), (amount, "amount")], from: measures,
      where: [SQL("measure >= 0", .test)])
    var columns = [
      ("subject", "subject"), ("amount", "amount"),
      ("sum(amount) OVER ()", "total"),
      ("sum(amount) OVER (ORDER BY amount DESC)", "through"),
      ("amount * count(*) OVER (PARTITION BY amount)", "of_equals"),
    ]
    if isNumbered {
      columns += [
        ("count(*) OVER ()", "gains"),
        ("row_number() OVER (ORDER BY amount DESC)", "place"),
        ("sum(amount) OVER (ORDER BY amount DESC ROWS UNBOUNDED PRECEDING)", "so_far"),
      ]
    }
    return verb.define("gains", columns, from: known)
  }

  private func joined(_ measures: String, _ gains: String) -> String {
    "\(measures)\nLEFT JOIN \(gains) ON \(gains).subject = \(measures).subject"
  }

  /// A while the share before is below its border; equal amounts share the class of the first.
  private func classOf(_ gains: String, _ measures: String) -> String {
    func below(_ border: Ratio) -> String {
      isBelow("(\(gains).through - \(gains).of_equals)", border, in: gains + ".")
    }
    return """
      CASE
        WHEN \(measures).measure < 0 THEN 'D'
        WHEN \(below(borders.a)) THEN 'A'
        WHEN \(below(borders.b)) THEN 'B'
        WHEN \(measures).measure >= 0 THEN 'C'
      END
      """
  }

  /// That a sum is less than a share of the total: whole numbers exactly.
  private func isBelow(_ sum: String, _ share: Ratio, in gains: String = "") -> String {
    type == .number
      ? "\(sum) < \(gains)total * \(share.value)"
      : "\(sum) * \(share.denominator) < \(gains)total * \(share.numerator)"
  }
}
