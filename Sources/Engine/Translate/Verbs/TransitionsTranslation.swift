import Store

/// `transitions` in SQL: the changes of each subject in order, the moves among them with the days since
/// the change before, and the count of each pair of stages.
extension Transitions: SQLAnalysis {
  var rowOrder: [AnalysisOrder] {
    ["from_stage", "to_stage"].map { AnalysisOrder(column: $0, isDescending: false) }
  }

  func rows(_ verb: VerbTranslation) throws(TranslateReason) -> String {
    let moves = moves(try changes(verb), verb)
    let pair = ["from_stage", "to_stage"]
    let order = ["days IS NULL", "days"]
    let numbered = verb.define(
      "numbered",
      pair.map { ($0, $0) } + [
        ("days", "days"), ("row_number() \(verb.writer.over(pair, order))", "place"),
        ("count(days) \(verb.writer.over(pair, []))", "known"),
      ], from: moves)
    let middle = verb.writer.middle("place", SQL("known"))
    return verb.define(
      "transitions",
      pair.map { ($0, $0) } + [
        ("count(*)", "moves"),
        (verb.ratio("count(*)", "sum(count(*)) OVER (PARTITION BY from_stage)"), "share"),
        ("avg(days) FILTER (WHERE \(middle))", "median_days"),
      ], from: numbered, by: pair)
  }

  func headline(_ verb: VerbTranslation) throws(TranslateReason) -> String {
    let subjects = try verb.subjects()
    let changes = try changes(verb)
    let isMove = isMove.map(\.text).joined(separator: " AND ")
    let openings = (["from_stage IS NULL", "to_stage IS NOT NULL"] + inPeriod.map(\.text))
      .joined(separator: " AND ")
    return verb.define(
      "headline",
      [
        ("(SELECT count(*) FROM \(subjects.source))", verb.subjectCount()),
        ("count(*) FILTER (WHERE \(isMove))", "moves"),
        ("count(DISTINCT subject) FILTER (WHERE \(isMove))", "moved"),
        ("count(*) FILTER (WHERE \(openings))", "openings"),
      ], from: changes)
  }

  /// The changes of each subject, numbered, those to the same stage left out: they change nothing but
  /// where they are the first that is known.
  private func changes(_ verb: VerbTranslation) throws(TranslateReason) -> String {
    var names = ["from_stage", "to_stage", ""]
    if period != nil { names.append("is_in_period") }
    let events = try verb.events(values: names, isNumbered: true)
    let columns =
      ["subject", "from_stage", "to_stage"] + (period == nil ? [] : ["is_in_period"])
    return verb.define(
      "changes",
      columns.map { ($0, $0) }
        + [
          (
            verb.dialect.days(
              SQL("lag(event_day) OVER (PARTITION BY subject ORDER BY place)"), SQL("event_day")
            ).text, "days"
          )
        ],
      from: events,
      where: [
        SQL(
          "place = 1 OR from_stage IS NULL OR to_stage IS NULL OR from_stage <> to_stage", .or)
      ])
  }

  /// The changes from a known stage to another one.
  private func moves(_ changes: String, _ verb: VerbTranslation) -> String {
    verb.define(
      "moves", ["from_stage", "to_stage", "days"].map { ($0, $0) }, from: changes, where: isMove)
  }

  private var isMove: [SQL] { [SQL("from_stage <> to_stage", .test)] + inPeriod }

  private var inPeriod: [SQL] { period == nil ? [] : [SQL("is_in_period", .test)] }
}
