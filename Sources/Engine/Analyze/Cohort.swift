import Store
import Syntax

/// Who stays: subjects by the calendar period of their first event, and how many of them are active in
/// each period since.
///
/// A cohort holds the subjects whose first qualifying event of all, whatever the source keeps of them,
/// lies in one week (from Monday), month, quarter or year. Its period *k* is the calendar period *k*
/// after that: with months 12 × year + month counts, so a first order on 31 January and a second on
/// 1 February are one period apart. The share is who is active in a period ÷ the cohort's size;
/// `unbounded` counts who is active in it or later. `of orders` and `of revenue` give events and money
/// for each member instead. A refund changes money and is no activity. A period that is not over has no
/// share yet, one that has not begun no row at all. Periods without new subjects keep their rows. The
/// mean of a period is over the cohorts that have completed it, weighted by size.
///
/// - Source: Glenn, Cohort Analysis, 1977; the triangle of calendar periods: Fader and Hardie, How to
///   Project Customer Retention, Journal of Interactive Marketing 21(1), 2007.
/// - Complexity: O(*events* + *periods*²).
struct Cohort: Analysis {
  var unit: CohortOptions.Unit
  var measure: CohortOptions.Measure
  /// Whether activity in a later period counts as well.
  var isUnbounded: Bool
  /// What subjects are active by: the relation, and its condition as written.
  var text: String
  /// Which of the values of an event is its amount, if it has one.
  var amount: Int?
  /// Whether the source has left out events, among which the first may have been.
  var isCut: Bool

  /// More periods than this are not told apart one by one: the earliest are left out.
  static let periodCountMax = 1_200

  var columns: [AnalysisColumn] {
    [
      AnalysisColumn("cohort", .date), AnalysisColumn("size", .integer),
      AnalysisColumn("period", .integer), AnalysisColumn("members", .integer), valueColumn("share"),
    ]
  }

  var summaryColumns: [AnalysisColumn] {
    [
      .subjectCount(), AnalysisColumn("members", .integer),
      AnalysisColumn("cohorts", .integer),
    ] + Self.summedPeriods.map { valueColumn("share", "_\($0)") }
  }

  /// The periods whose means are in the headline.
  static let summedPeriods = [1, 2, 3, 6, 12]

  private func valueColumn(_ share: String, _ ending: String = "") -> AnalysisColumn {
    switch measure {
    case .members: AnalysisColumn(share + ending, .number, .percent)
    case .orders: AnalysisColumn("orders" + ending, .number)
    case .revenue: AnalysisColumn("revenue" + ending, .money)
    }
  }

  var detail: String {
    "by \(unit.rawValue) over \(text)" + (measure == .members ? "" : " of \(measure.rawValue)")
      + (isUnbounded ? " unbounded" : "")
  }

  var isDrawingWhole: Bool { true }

  var wide: WideForm? { WideForm(key: "period", dropped: ["members"]) }

  func run(_ input: AnalysisInput) throws(StoreError) -> AnalysisResult {
    let statistics = input.events.statistics[0]
    guard let days = statistics.days else { return none(input) }
    // Where no amount is negative every event is activity.
    let hasRefunds = amount.map { !statistics.isNeverNegative[$0] } ?? false
    let read = hasRefunds || measure == .revenue ? amount : nil
    let halves = try input.events.fold(hasValues: read != nil) { _ in
      CohortCounts(
        amount: read,
        CalendarPeriods(
          unit, of: min(days.lowerBound, input.asOf)...input.asOf,
          countMax: Self.periodCountMax),
        hasSums: measure != .members)
    } take: { counts, stretch throws(StoreError) in
      try counts.count(in: stretch.events[0])
    }
    var counts = halves[0]
    for half in halves.dropFirst() { try counts.add(half) }
    guard let firstDay = counts.firstDay else { return none(input) }
    let periods = CalendarPeriods(
      unit, of: min(firstDay, input.asOf)...input.asOf, countMax: Self.periodCountMax)
    counts.begin(with: periods)
    if isUnbounded { try counts.accumulate() }
    let table = CohortTable(counts, periods, asOf: input.asOf, measure)
    var result = AnalysisResult(
      columns: try table.columns(), summary: summary(table, input.count), drawing: drawing(table))
    result.facts = facts(table, input).map(VerbFact.cohort)
    return result
  }

  /// Nobody has ever been active.
  private func none(_ input: AnalysisInput) -> AnalysisResult {
    AnalysisResult(
      columns: columns.map { Vector(unknown: $0.type, count: 0) },
      summary: [Scalar(input.count), Scalar(0), Scalar(0)]
        + Self.summedPeriods.map { _ in Scalar.unknown },
      facts: [.cohort(rule)])
  }

  private var rule: CohortFact {
    .rule(unit: unit, measure, isUnbounded: isUnbounded, text: text)
  }

  private func summary(_ table: CohortTable, _ count: Int) -> [Scalar] {
    [
      Scalar(count), Scalar(table.counts.sizes.reduce(0) { $0 + Int($1) }),
      Scalar(table.counts.sizes.reduce(0) { $0 + ($1 > 0 ? 1 : 0) }),
    ]
      + Self.summedPeriods.map { period in
        guard table.means.indices.contains(period), let mean = table.means[period] else {
          return .unknown
        }
        return measure == .revenue ? .word(Int64(mean.rounded())) : .real(mean)
      }
  }

  private func facts(_ table: CohortTable, _ input: AnalysisInput) -> [CohortFact] {
    let counts = table.counts
    let members = counts.sizes.reduce(0) { $0 + Int($1) }
    var facts = [rule]
    if isCut { facts.append(.cut) }
    if members + counts.early < input.count {
      facts.append(.neverActive(count: input.count - members - counts.early, text: text))
    }
    if counts.early > 0 {
      facts.append(
        .tooLong(
          count: counts.early, before: table.periods.firstDay(at: 0), periods: table.periods.count,
          unit))
    }
    if counts.refundCount > 0 { facts.append(.refunds(count: counts.refundCount, measure)) }
    if table.isLastRunning {
      let from = table.periods.firstDay(at: table.periods.count - 1)
      facts.append(.running(from: from, unit, measure))
    }
    let means = table.means.dropFirst().prefix(12).prefix { $0 != nil }.compactMap { $0 }
    if !means.isEmpty { facts.append(.means(means, measure)) }
    return facts
  }

  /// A heat map of what the value column has, the weighted mean under it.
  private func drawing(_ table: CohortTable) -> Drawing? {
    let (periods, counts) = (table.periods, table.counts)
    let count = periods.count
    var cells = (0..<count).map { cohort in
      (0..<count).map { table.value(cohort: cohort, period: $0) }
    }
    cells.append(table.means)
    var partial: Set<[Int]> = []
    if table.isLastRunning {
      for cohort in 0..<count { partial.insert([cohort, count - 1 - cohort]) }
    }
    let sizes = counts.sizes.map(Int.init)
    return .heatMap(
      Drawing.HeatMap(
        title: "\(title), by \(unit.rawValue) of the first", rowTitle: "cohort",
        columnTitle: "\(unit.rawValue)s since",
        rowLabels: (0..<count).map { periods.name(at: $0) } + ["mean"],
        columnLabels: (0..<count).map(String.init), cells: cells,
        form: measure == .members ? .share : measure == .orders ? .number : .money,
        rowCounts: sizes + [sizes.reduce(0, +)], countTitle: "size", partial: partial))
  }

  private var title: String {
    let later = isUnbounded ? " in that \(unit.rawValue) or later" : ""
    return switch measure {
    case .members: "share active by \(text)\(later)"
    case .orders: "\(text) for each member\(later)"
    case .revenue: "revenue of \(text) for each member\(later)"
    }
  }
}

/// Facts under the answer of `cohort`.
package enum CohortFact: Hashable, Sendable {
  /// What is counted, and what makes a subject active.
  case rule(
    unit: CohortOptions.Unit, CohortOptions.Measure, isUnbounded: Bool, text: String)
  /// The source keeps some events only, and the first was looked for among them.
  case cut
  /// Subjects without an event: in no cohort.
  case neverActive(count: Int, text: String)
  /// Subjects of the earliest periods, which are too many to be told apart, are left out.
  case tooLong(count: Int, before: Int, periods: Int, CohortOptions.Unit)
  /// Events with a negative amount: no activity.
  case refunds(count: Int, CohortOptions.Measure)
  /// The period that is not over: its first day, and what has no value in it.
  case running(from: Int, CohortOptions.Unit, CohortOptions.Measure)
  /// The weighted means from period 1: shares, events or minor units.
  case means([Double], CohortOptions.Measure)
}

extension Binder {
  /// `cohort S by UNIT [over RELATION [where (C)]] [of orders|revenue] [unbounded]`
  mutating func bindCohort(_ call: VerbCall, _ options: CohortOptions) -> BoundAnalysis? {
    let needsAmount = options.measure == .revenue
    let need = EventNeed(
      role: .purchases, what: "purchases", fields: [needsAmount ? .amount : .amountIfAny])
    let isCut = isSourceCut
    var found: FoundEvents?
    if let over = options.events {
      found = bindEvents(need, over: over, of: call)
    } else {
      found = bindEvents(need, of: call)
    }
    guard let found else { return nil }
    let what =
      options.events.map { text($0) } ?? catalog[found.events.entity].name
    return folding(
      call,
      Cohort(
        unit: options.unit, measure: options.measure,
        isUnbounded: options.unboundedRange != nil, text: what,
        amount: found.events.values.isEmpty ? nil : 0, isCut: found.key != nil && isCut),
      [found])
  }

  /// Whether a window or a condition has left out some of the records that come in, those that were
  /// not there yet aside.
  private var isSourceCut: Bool {
    let present = presence.first
    return query.rounds.contains { round in
      (round.window != nil && round.window != present) || round.narrows
    }
  }
}
