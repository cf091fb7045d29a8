import Store

/// `moments` in SQL: the events, what follows each of them, and the counts of each group.
extension Moments: SQLAnalysis {
  var rowOrder: [AnalysisOrder] {
    grouping.isGrouped ? [AnalysisOrder(column: "group", isDescending: false)] : []
  }

  var mayOrderBeUnknown: Bool { true }

  func rows(_ verb: VerbTranslation) throws(TranslateReason) -> String {
    let judged = try judged(verb)
    guard grouping.isGrouped else {
      let subjects = try verb.subjects()
      let all = verb.define("everything", figures(verb), from: judged)
      return verb.define(
        "moments", [("'all'", "group"), ("\(all).*", "")], from: all,
        where: [SQL("EXISTS (SELECT 1 FROM \(subjects.source))", .test)])
    }
    return verb.define(
      "moments", [(VerbGroups.column, "group")] + figures(verb), from: judged,
      by: [VerbGroups.column])
  }

  func headline(_ verb: VerbTranslation) throws(TranslateReason) -> String {
    let known = Outcome.allCases.map(\.rawValue).joined(separator: " + ")
    let judged = try judged(verb)
    return verb.define(
      "headline",
      [("coalesce(sum(\(known)), 0)", "moments")] + figures(verb)
        + [("coalesce(sum(undecided), 0)", "undecided")],
      from: judged)
  }

  /// The outcomes, as their columns are called.
  private enum Outcome: String, CaseIterable {
    case exceeded, met, disappointed
  }

  private func code(of outcome: Outcome) -> Int64 {
    switch outcome {
    case .exceeded: outcomes.exceeded
    case .met: outcomes.met
    case .disappointed: outcomes.disappointed
    }
  }

  /// The columns of a group.
  private func figures(_ verb: VerbTranslation) -> [(String, String)] {
    func sum(_ column: String) -> String { "coalesce(sum(\(column)), 0)" }
    let names = Outcome.allCases.map(\.rawValue)
    let known = "sum(\(names.joined(separator: " + ")))"
    return names.map { (sum($0), $0) }
      + names.map { (verb.ratio("sum(\($0))", known), $0 + "_share") }
      + [
        (sum("exceeded - disappointed"), "net"), (sum("recovered"), "recovered"),
        (sum("repeated"), "repeated"),
      ]
  }

  /// The moments in the window, each with 1 for what it was and 0 for what it was not.
  private func judged(_ verb: VerbTranslation) throws(TranslateReason) -> String {
    let followed = try followed(verb)
    func isOutcome(_ outcome: Outcome) -> String { "outcome = \(literal(outcome, verb))" }
    func flag(_ condition: String, _ name: String) -> (String, String) {
      ("CASE WHEN \(condition) THEN 1 ELSE 0 END", name)
    }
    let disappointed = isOutcome(.disappointed)
    let isRecovered = "days_to_exceeded <= \(recoveryDays)"
    let isRepeated = "days_to_disappointed <= \(recoveryDays)"
    var columns = parts + Outcome.allCases.map { flag(isOutcome($0), $0.rawValue) }
    columns += [
      flag("\(disappointed) AND \(isRecovered)", "recovered"),
      flag("\(disappointed) AND \(isRepeated)", "repeated"),
    ]
    if verb.bound.isSummary {
      let isOpen = "(\(isRecovered) OR \(isRepeated)) IS NOT TRUE"
      columns.append(
        flag("\(disappointed) AND age < \(recoveryDays) AND \(isOpen)", "undecided"))
    }
    return verb.define("judged", columns, from: followed)
  }

  /// The moments in the window, each with the days to what follows and to the as-of date.
  private func followed(_ verb: VerbTranslation) throws(TranslateReason) -> String {
    var names = ["outcome"]
    if timePlace != nil { names.append("event_time") }
    if windowPlace != nil { names.append("is_in_window") }
    let events = try grouping.events(verb, values: names)
    let moment = timePlace == nil ? "event_day" : "event_time"
    let later = later(events, moment, verb)
    func days(to end: SQL) -> String {
      verb.dialect.days(SQL("\(events).event_day"), end).text
    }
    var columns =
      parts + [
        ("\(events).outcome", "outcome"),
        (days(to: SQL("\(later).next_exceeded")), "days_to_exceeded"),
        (days(to: SQL("\(later).next_disappointed")), "days_to_disappointed"),
      ]
    if verb.bound.isSummary { columns.append((days(to: verb.asOf), "age")) }
    return verb.define(
      "followed", columns,
      from: """
        \(events)
        JOIN \(later) ON \(later).subject = \(events).subject
          AND \(later).\(moment) = \(events).\(moment)
        """,
      where: windowPlace == nil ? [] : [SQL("\(events).is_in_window")])
  }

  private var parts: [(String, String)] {
    grouping.isGrouped ? [(VerbGroups.column, VerbGroups.column)] : []
  }

  /// For each time at which a subject has events, when the next later ones were that exceeded and that
  /// disappointed. Events of one time do not follow each other.
  private func later(_ events: String, _ moment: String, _ verb: VerbTranslation) -> String {
    func first(_ outcome: Outcome) -> (String, String) {
      (
        "min(CASE WHEN outcome = \(literal(outcome, verb)) THEN event_day END)",
        outcome.rawValue + "_on"
      )
    }
    let times = verb.define(
      "times", [("subject", "subject"), (moment, moment), first(.exceeded), first(.disappointed)],
      from: events, by: ["subject", moment])
    let frame = verb.writer.over(
      ["subject"], [moment], frame: "ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING")
    return verb.define(
      "later",
      [
        ("subject", "subject"), (moment, moment), ("min(exceeded_on) \(frame)", "next_exceeded"),
        ("min(disappointed_on) \(frame)", "next_disappointed"),
      ], from: times)
  }

  private func literal(_ outcome: Outcome, _ verb: VerbTranslation) -> String {
    verb.writer.literal(.word(code(of: outcome)), verb.bound.events[0].values[0].type).text
  }
}
