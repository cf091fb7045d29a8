import Store
import Syntax

/// `cohort` in SQL: the calendar periods, whose first purchase lies in which of them, and for each
/// cohort who was active in each period since.
extension Cohort: SQLAnalysis {
  var rowOrder: [AnalysisOrder] {
    ["cohort", "period"].map { AnalysisOrder(column: $0, isDescending: false) }
  }

  func rows(_ verb: VerbTranslation) throws(TranslateReason) -> String {
    let cells = try cells(verb)
    return verb.define(
      "shares",
      ["cohort", "size", "period", "members"].map { ($0, $0) }
        + [("CASE WHEN is_over = 1 AND size > 0 THEN \(share(verb)) END", columns[4].name)],
      from: cells)
  }

  func headline(_ verb: VerbTranslation) throws(TranslateReason) -> String {
    let subjects = try verb.subjects()
    let cells = try cells(verb)
    let first = "FILTER (WHERE period = 0)"
    var columns = [
      ("(SELECT count(*) FROM \(subjects.source))", verb.subjectCount()),
      ("coalesce(sum(size) \(first), 0)", "members"),
      ("count(*) FILTER (WHERE period = 0 AND size > 0)", "cohorts"),
    ]
    for (column, period) in zip(summaryColumns.dropFirst(3), Self.summedPeriods) {
      let filter = " FILTER (WHERE period = \(period) AND is_over = 1)"
      columns.append((share(verb, of: filter), column.name))
    }
    return verb.define("headline", columns, from: cells)
  }

  /// What each member is worth, in one cell or in the sum of some.
  private func share(_ verb: VerbTranslation, of filter: String? = nil) -> String {
    func sum(_ column: String) -> String { filter.map { "sum(\(column))" + $0 } ?? column }
    return switch measure {
    case .members: verb.ratio(sum("members"), sum("size"))
    case .orders: verb.ratio(sum("orders"), sum("size"))
    case .revenue: verb.writer.mean(sum("revenue"), sum("size")).text
    }
  }

  // MARK: periods

  /// The period of a day, by its first one.
  private func period(of day: String, _ verb: VerbTranslation) -> SQL {
    switch unit {
    case .week: verb.dialect.firstDay(.week, day)
    case .month: verb.dialect.firstDay(.month, day)
    case .quarter: verb.dialect.firstDay(.quarter, day)
    case .year: verb.dialect.firstDay(.year, day)
    }
  }

  private func next(_ day: String, _ verb: VerbTranslation) -> SQL {
    switch unit {
    case .week: verb.dialect.shifted(SQL(day), false, 0, 7)
    case .month: verb.dialect.shifted(SQL(day), false, 1, 0)
    case .quarter: verb.dialect.shifted(SQL(day), false, 3, 0)
    case .year: verb.dialect.shifted(SQL(day), false, 12, 0)
    }
  }

  /// All periods from the first event's to the as-of date's, numbered, of not more than are told apart.
  private func periods(_ events: String, _ verb: VerbTranslation) -> String {
    let last = CalendarPeriods.number(of: verb.bound.asOf, unit)
    let earliest = CalendarPeriods.firstDay(of: last - Self.periodCountMax + 1, unit)
    let start = verb.dialect.larger(
      period(of: "min(event_day)", verb).text, verb.day(earliest).text)
    let following = next("starts_on", verb).text
    return verb.translation.defineRecursive("periods") { name in
      """
      SELECT
        0 AS place,
        \(start) AS starts_on
      FROM \(events)
      HAVING count(*) > 0
      UNION ALL
      SELECT
        place + 1,
        \(following)
      FROM \(name)
      WHERE \(following) <= \(verb.asOf.text)
      """
    }
  }

  // MARK: cells

  /// One row for each cohort and period since that has begun, with who was active in it.
  private func cells(_ verb: VerbTranslation) throws(TranslateReason) -> String {
    let events = try verb.events(values: amount == nil ? [] : ["amount"])
    let periods = periods(events, verb)
    let visits = visits(events, verb)
    let born = verb.define(
      "first_visits", [("subject", "subject"), ("min(starts_on)", "cohort")], from: visits,
      where: [SQL("is_active = 1", .test)], by: ["subject"])
    let sizes = verb.define(
      "sizes", [("cohort", "cohort"), ("count(*)", "size")], from: born, by: ["cohort"])
    let active = active(visits, born, periods, verb)
    let grid = verb.define(
      "grid",
      [
        ("began.starts_on", "cohort"), ("now.place - began.place", "period"),
        (isOver(verb), "is_over"),
      ],
      from: "\(periods) AS began\nJOIN \(periods) AS now ON now.place >= began.place")
    var columns = [
      ("\(grid).cohort", "cohort"), ("coalesce(\(sizes).size, 0)", "size"),
      ("\(grid).period", "period"), ("\(grid).is_over", "is_over"),
    ]
    for count in ["members"] + sums { columns.append((total(count, active, grid), count)) }
    return verb.define(
      "cells", columns,
      from: """
        \(grid)
        LEFT JOIN \(sizes) ON \(sizes).cohort = \(grid).cohort
        LEFT JOIN \(active) ON \(active).cohort = \(grid).cohort AND \(active).period = \(grid).period
        """)
  }

  /// What is counted beside members.
  private var sums: [String] {
    switch measure {
    case .members: []
    case .orders: ["orders"]
    case .revenue: ["revenue"]
    }
  }

  /// A count of a cell, or of it and all later ones.
  private func total(_ count: String, _ active: String, _ grid: String) -> String {
    let value = "\(active).\(count)"
    let sum =
      isUnbounded
      ? "sum(\(value)) OVER (PARTITION BY \(grid).cohort ORDER BY \(grid).period DESC)" : value
    return "coalesce(\(count == "revenue" && isUnbounded ? "round(\(sum), 2)" : sum), 0)"
  }

  /// 1 where a cell's period is over.
  private func isOver(_ verb: VerbTranslation) -> String {
    let following = CalendarPeriods.firstDay(
      of: CalendarPeriods.number(of: verb.bound.asOf, unit) + 1, unit)
    if verb.bound.asOf + 1 >= following { return "1" }
    let running = CalendarPeriods.firstDay(
      of: CalendarPeriods.number(of: verb.bound.asOf, unit), unit)
    return "CASE WHEN now.starts_on < \(verb.day(running).text) THEN 1 ELSE 0 END"
  }

  /// The events with their periods; a refund is money and no activity.
  private func visits(_ events: String, _ verb: VerbTranslation) -> String {
    var columns = [
      ("subject", "subject"), (period(of: "event_day", verb).text, "starts_on"),
      (amount == nil ? "1" : "CASE WHEN amount < 0 THEN 0 ELSE 1 END", "is_active"),
    ]
    if measure == .revenue { columns.append(("amount", "amount")) }
    return verb.define("visits", columns, from: events)
  }

  /// Who was active, by cohort and period since. A refund before the first purchase is of period 0;
  /// for activity "or later" a member counts in the last of its periods.
  private func active(
    _ visits: String, _ born: String, _ periods: String, _ verb: VerbTranslation
  ) -> String {
    var source = verb.define(
      "placed",
      [
        ("\(visits).subject", "subject"), ("\(born).cohort", "cohort"),
        (verb.dialect.larger("0", "now.place - began.place"), "period"),
        ("\(visits).is_active", "is_active"),
      ] + (measure == .revenue ? [("\(visits).amount", "amount")] : []),
      from: """
        \(visits)
        JOIN \(born) ON \(born).subject = \(visits).subject
        JOIN \(periods) AS began ON began.starts_on = \(born).cohort
        JOIN \(periods) AS now ON now.starts_on = \(visits).starts_on
        """)
    var isCounted = "is_active = 1"
    if isUnbounded {
      let last = "max(CASE WHEN is_active = 1 THEN period END) OVER (PARTITION BY subject)"
      source = verb.define("lasting", [("\(source).*", ""), (last, "last_period")], from: source)
      isCounted += " AND period = last_period"
    }
    var columns = [
      ("cohort", "cohort"), ("period", "period"),
      ("count(DISTINCT subject) FILTER (WHERE \(isCounted))", "members"),
    ]
    switch measure {
    case .members: break
    case .orders: columns.append(("sum(is_active)", "orders"))
    case .revenue: columns.append(("coalesce(round(sum(amount), 2), 0)", "revenue"))
    }
    return verb.define("active", columns, from: source, by: ["cohort", "period"])
  }
}
