import Store
import Syntax
import Testing

@testable import Engine

/// What `cohort` counts, by hand and against a plain implementation.
struct CohortTests {
  struct Case: Sendable {
    var name: String
    var unit = CohortOptions.Unit.month
    var measure = CohortOptions.Measure.members
    var isUnbounded = false
    var asOf: String
    /// Each subject's events: dates, with an amount after `:`.
    var subjects: [String]
    var rows: [String]
  }

  static let cases: [Case] = [
    Case(
      name: "nobody has an event", asOf: "2026-06-30", subjects: ["", ""], rows: []),
    Case(
      name: "one subject, one day, the month over", asOf: "2026-06-30",
      subjects: ["2026-06-30"], rows: ["2026-06-01 1 0 1 1.0"]),
    Case(
      name: "a month that is not over has no share", asOf: "2026-06-29",
      subjects: ["2026-05-31 2026-06-01"],
      rows: ["2026-05-01 1 0 1 1.0", "2026-05-01 1 1 1 –", "2026-06-01 0 0 0 –"]),
    Case(
      name: "from the last of January to the leap day is one month, in it is none",
      asOf: "2024-02-29",
      subjects: ["2024-01-31 2024-02-29", "2024-01-01 2024-01-31", "2024-02-29"],
      rows: ["2024-01-01 2 0 2 1.0", "2024-01-01 2 1 1 0.5", "2024-02-01 1 0 1 1.0"]),
    Case(
      name: "years meet at New Year", unit: .year, asOf: "2025-12-31",
      subjects: ["2024-12-31 2025-01-01", "2025-01-01"],
      rows: ["2024-01-01 1 0 1 1.0", "2024-01-01 1 1 1 1.0", "2025-01-01 1 0 1 1.0"]),
    Case(
      name: "weeks begin on Monday, over New Year too", unit: .week, asOf: "2025-01-05",
      subjects: ["2024-12-29 2024-12-30", "2024-12-30 2025-01-05"],
      rows: ["2024-12-23 1 0 1 1.0", "2024-12-23 1 1 1 1.0", "2024-12-30 1 0 1 1.0"]),
    Case(
      name: "quarters, and one without new subjects keeps its rows", unit: .quarter,
      asOf: "2025-09-30", subjects: ["2025-03-31 2025-07-01", "2025-01-01"],
      rows: [
        "2025-01-01 2 0 2 1.0", "2025-01-01 2 1 0 0.0", "2025-01-01 2 2 1 0.5",
        "2025-04-01 0 0 0 –", "2025-04-01 0 1 0 –", "2025-07-01 0 0 0 –",
      ]),
    Case(
      name: "that period or later", isUnbounded: true, asOf: "2025-03-31",
      subjects: ["2025-01-01 2025-03-01", "2025-01-01 2025-01-05"],
      rows: [
        "2025-01-01 2 0 2 1.0", "2025-01-01 2 1 1 0.5", "2025-01-01 2 2 1 0.5",
        "2025-02-01 0 0 0 –", "2025-02-01 0 1 0 –", "2025-03-01 0 0 0 –",
      ]),
    Case(
      name: "a refund is no first event and no activity", asOf: "2025-02-28",
      subjects: ["2025-01-01:-5 2025-02-01:10 2025-02-02:-10", "2025-01-01:5 2025-02-01:-5"],
      rows: ["2025-01-01 1 0 1 1.0", "2025-01-01 1 1 0 0.0", "2025-02-01 1 0 1 1.0"]),
    Case(
      name: "money for each member, refunds taken off, half cents away from zero",
      measure: .revenue, asOf: "2025-02-28",
      subjects: ["2025-01-01:1 2025-01-01:2 2025-02-01:-1", "2025-01-02:4 2025-02-02:-2"],
      rows: ["2025-01-01 2 0 2 4", "2025-01-01 2 1 0 -2", "2025-02-01 0 0 0 –"]),
    Case(
      name: "events for each member, several a day", measure: .orders, asOf: "2025-02-28",
      subjects: ["2025-01-01:1 2025-01-01:2 2025-02-01:-1", "2025-01-02:4 2025-02-02:2"],
      rows: ["2025-01-01 2 0 2 1.5", "2025-01-01 2 1 1 0.5", "2025-02-01 0 0 0 –"]),
    Case(
      name: "an unknown amount is an event", measure: .orders, asOf: "2025-01-31",
      subjects: ["2025-01-01:?"], rows: ["2025-01-01 1 0 1 1.0"]),
  ]

  @Test(arguments: cases)
  func `members of each period are counted by the calendar`(_ example: Case) throws {
    let subjects = example.subjects.map { subject in
      subject.split(separator: " ").map { event -> (day: Int, values: [Int64]) in
        let parts = event.split(separator: ":")
        let amount = parts.count < 2 ? 0 : Int64(parts[1]) ?? SubjectEvents.unknown
        return (VerbInputs.day(parts[0]), [amount])
      }
    }
    let cohort = Cohort(
      unit: example.unit, measure: example.measure, isUnbounded: example.isUnbounded,
      text: "orders", amount: 0, isCut: false)
    for order in [subjects, subjects.reversed()] {
      let result = try cohort.run(
        VerbInputs.input(
          [VerbInputs.events(order, valueCount: 1)], asOf: VerbInputs.day(example.asOf)))
      #expect(VerbInputs.rows(result, cohort.columns) == example.rows, "\(example.name)")
    }
  }

  // MARK: against a plain implementation

  /// Year and month, or the Monday, of a day: the name of its period.
  private static func period(_ day: Int, _ unit: CohortOptions.Unit) -> Int {
    let date = Day.date(day)
    return switch unit {
    case .week: day - (Day.weekday(day) - 1)
    case .month: Day.number(year: date.year, month: date.month, day: 1)
    case .quarter: Day.number(year: date.year, month: (date.month - 1) / 3 * 3 + 1, day: 1)
    case .year: Day.number(year: date.year, month: 1, day: 1)
    }
  }

  @Test(arguments: [CohortOptions.Unit.week, .month, .quarter, .year], [UInt64](1...6))
  func `it counts what a plain implementation counts`(
    _ unit: CohortOptions.Unit, _ seed: UInt64
  ) throws {
    var random = SplitMix64(seed)
    let asOf = VerbInputs.day("2024-03-31") - random.below(60)
    let subjects = (0..<(1 + random.below(40))).map { _ in
      (0..<random.below(9)).map { _ in asOf - random.below(unit == .year ? 2_000 : 400) }
    }
    var periods = Set<Int>()
    if let first = subjects.joined().min() {
      for day in first...asOf { periods.insert(Self.period(day, unit)) }
    }
    let list = periods.sorted()
    for isUnbounded in [false, true] {
      var expected: [String] = []
      for (place, cohort) in list.enumerated() {
        let members = subjects.filter { $0.min().map { Self.period($0, unit) } == cohort }
        for (step, period) in list[place...].enumerated() {
          let active = members.filter { days in
            days.contains {
              let own = Self.period($0, unit)
              return isUnbounded ? own >= period : own == period
            }
          }.count
          expected.append("\(VerbInputs.date(cohort)) \(members.count) \(step) \(active)")
        }
      }
      let cohort = Cohort(
        unit: unit, measure: .members, isUnbounded: isUnbounded, text: "orders", amount: nil,
        isCut: false)
      let events = VerbInputs.events(
        subjects.map { $0.map { (day: $0, values: []) } }, valueCount: 0)
      let result = try cohort.run(VerbInputs.input([events], asOf: asOf))
      let rows = VerbInputs.rows(result, cohort.columns).map {
        $0.split(separator: " ").dropLast().joined(separator: " ")
      }
      #expect(rows == expected)
      // Period 0 holds the whole cohort.
      for row in rows.map({ $0.split(separator: " ") }) where row[2] == "0" {
        #expect(row[1] == row[3])
      }
    }
  }

  @Test func `more periods than are told apart leave the earliest out`() throws {
    let cohort = Cohort(
      unit: .week, measure: .members, isUnbounded: false, text: "orders", amount: nil, isCut: false)
    let days = [VerbInputs.day("0001-01-01"), VerbInputs.day("2026-06-29")]
    let events = VerbInputs.events(
      [[(day: days[0], values: [])], [(day: days[1], values: [])]], valueCount: 0)
    let result = try cohort.run(VerbInputs.input([events], asOf: days[1]))
    #expect(
      result.facts.contains {
        if case .cohort(.tooLong(count: 1, _, _, _)) = $0 { true } else { false }
      })
    #expect(result.summary.prefix(3) == [Scalar(2), Scalar(1), Scalar(1)])
  }

  @Test func `the mean is of the cohorts old enough, by size`() throws {
    let cohort = Cohort(
      unit: .month, measure: .members, isUnbounded: false, text: "orders", amount: nil,
      isCut: false)
    let days = ["2025-01-05 2025-02-01", "2025-01-06", "2025-01-07", "2025-02-08 2025-03-01"]
    let events = VerbInputs.events(
      days.map { $0.split(separator: " ").map { (day: VerbInputs.day($0), values: []) } },
      valueCount: 0)
    // On 30 March the third month is not over, so only January has a period 1.
    for (asOf, mean) in [("2025-03-30", 1.0 / 3), ("2025-03-31", 2.0 / 4)] {
      let result = try cohort.run(VerbInputs.input([events], asOf: VerbInputs.day(asOf)))
      #expect(result.summary[3] == .real(mean))
    }
  }

  @Test(
    "amounts that are no money together are refused, and none wraps around",
    arguments: [
      // Beyond 64 bits in one period, in one period of two subjects, or in that period or later.
      (counts: [9_300], isUnbounded: false, refuses: true),
      (counts: [5_000, 5_000], isUnbounded: false, refuses: true),
      (counts: [2, 0], isUnbounded: false, refuses: true),
      (counts: [1], isUnbounded: false, refuses: false),
      (counts: [1], isUnbounded: true, refuses: false),
      (counts: [2], isUnbounded: true, refuses: true),
    ])
  func outOfRange(_ example: (counts: [Int], isUnbounded: Bool, refuses: Bool)) throws {
    let cohort = Cohort(
      unit: .month, measure: .revenue, isUnbounded: example.isUnbounded, text: "orders", amount: 0,
      isCut: false)
    let day = VerbInputs.day("2025-01-05")
    let events = VerbInputs.events(
      example.counts.map { count in
        (0..<count).map {
          (day: day + ($0 % 2) * (example.isUnbounded ? 31 : 0), values: [Limits.moneyMinorMax])
        }
      }, valueCount: 1)
    let input = VerbInputs.input([events], asOf: VerbInputs.day("2025-03-31"))
    if example.refuses {
      #expect(throws: StoreError.amountOutOfRange) { try cohort.run(input) }
    } else {
      _ = try cohort.run(input)
    }
  }
}
