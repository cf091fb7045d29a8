import Store
import Testing

@testable import Engine

/// Each signal of `risk` on records made by hand, below and above its threshold.
struct RiskTests {
  /// One customer's records, as statements without `customer = 1`, and a signal's figure: nil where
  /// there is not enough past; and whether it is shown.
  static let cases: [(String, [String], String, Scalar, Bool)] = [
    ("gaps of 10, silent for 20", orders(50, 40, 30, 20), "overdue", .real(2), false),
    ("silent for 21", orders(51, 41, 31, 21), "overdue", .real(2.1), true),
    ("three occasions are too few", orders(90, 80, 70), "overdue", .unknown, false),
    (
      "two on one day are one occasion", orders(80, 70, 70, 60), "overdue", .unknown, false
    ),
    (
      "the median of 2, 10 and 30", orders(92, 90, 80, 50), "overdue", .real(5), true
    ),
    (
      "refunds are no occasions",
      orders(51, 41, 31, 21) + ["add order date = 2026-06-25, amount = -5"], "overdue",
      .real(2.1), true
    ),
    (
      "half as much as a year before",
      ["add order date = 2025-04-10, amount = 100", "add order date = 2026-05-10, amount = 50"],
      "spend_down", .real(0.5), true
    ),
    (
      "a quarter less is less than the threshold",
      ["add order date = 2025-04-10, amount = 100", "add order date = 2026-05-10, amount = 75"],
      "spend_down", .real(0.25), false
    ),
    (
      "nothing a year before", ["add order date = 2026-05-10, amount = 75"], "spend_down",
      .unknown, false
    ),
    (
      "the running month does not count",
      ["add order date = 2025-04-10, amount = 100", "add order date = 2026-06-10, amount = 100"],
      "spend_down", .real(1), true
    ),
    ("open for ten days", ["add complaint opened = 2026-06-20"], "waiting", .word(10), false),
    ("open for eleven days", ["add complaint opened = 2026-06-19"], "waiting", .word(11), true),
    (
      "resolved", ["add complaint opened = 2026-06-01, resolved = 2026-06-02"], "waiting",
      .word(0), false
    ),
    ("never complained", [], "waiting", .unknown, false),
    (
      "disappointed and no amends",
      ["add interaction at = 2026-06-20T10:00, outcome = disappointed"], "disappointed", .word(10),
      true
    ),
    (
      "exceeded later on the same day",
      [
        "add interaction at = 2026-06-20T10:00, outcome = disappointed",
        "add interaction at = 2026-06-20T11:00, outcome = exceeded",
      ], "disappointed", .word(0), false
    ),
    (
      "exceeded before",
      [
        "add interaction at = 2026-06-20T10:00, outcome = disappointed",
        "add interaction at = 2026-06-20T09:00, outcome = exceeded",
      ], "disappointed", .word(10), true
    ),
    (
      "met is no amends",
      [
        "add interaction at = 2026-06-20T10:00, outcome = disappointed",
        "add interaction at = 2026-06-21T10:00, outcome = met",
      ], "disappointed", .word(10), true
    ),
    (
      "contacts every ten days, silent for 21",
      [51, 41, 31, 21].map { "add interaction at = \(day($0))T09:00" }, "quiet", .real(2.1), true
    ),
    (
      "pays later than before",
      [
        "add invoice issued = 2026-01-05, due = 2026-01-20, paid = 2026-01-30",
        "add invoice issued = 2026-02-05, due = 2026-02-20, paid = 2026-03-02",
        "add invoice issued = 2026-03-05, due = 2026-03-20, paid = 2026-03-30",
        "add invoice issued = 2026-05-05, due = 2026-05-20, paid = 2026-06-05",
      ], "slower_payments", .real(16), true
    ),
    (
      "two invoices before are too few",
      [
        "add invoice issued = 2026-01-05, due = 2026-01-20, paid = 2026-01-30",
        "add invoice issued = 2026-02-05, due = 2026-02-20, paid = 2026-03-02",
        "add invoice issued = 2026-05-05, due = 2026-05-20, paid = 2026-06-05",
      ], "slower_payments", .unknown, false
    ),
    (
      "below all balances before",
      ["2025-10-31", "2025-12-31", "2026-02-28", "2026-04-30"].map {
        "add balance date = \($0), amount = 100"
      } + ["add balance date = 2026-06-29, amount = 99.99"], "low_balance", .word(9_999), true
    ),
    (
      "as low as the lowest before",
      ["2025-10-31", "2025-12-31", "2026-02-28", "2026-04-30"].map {
        "add balance date = \($0), amount = 100"
      } + ["add balance date = 2026-06-29, amount = 100"], "low_balance", .word(10_000), false
    ),
    (
      "a point less satisfied",
      ["2025-10-01", "2025-11-01", "2025-12-01"].map {
        "add survey date = \($0), dimension = empathy, expectation = 6, perception = 6"
      }
        + ["2026-05-01", "2026-05-02", "2026-05-03"].map {
          "add survey date = \($0), dimension = empathy, expectation = 6, perception = 5"
        }, "satisfaction_down", .real(1), true
    ),
  ]

  private static func day(_ daysAgo: Int) -> String { VerbStore.date(VerbStore.today - daysAgo) }

  private static func orders(_ daysAgo: Int...) -> [String] {
    daysAgo.map { "add order date = \(day($0)), amount = 10" }
  }

  @Test(arguments: cases.indices)
  func `a signal compares a customer with the own past`(_ index: Int) throws {
    let (name, statements, signal, figure, isShown) = Self.cases[index]
    let session = try VerbStore(customerCount: 2, orders: []).session()
    for statement in statements.reversed() {
      _ = try session.run(statement + ", customer = 1")
    }
    let rows = try session.table("risk customers then order by customer.id").rows
    let row = try #require(rows.first)
    #expect(row[signal] == figure, "\(name)")
    var shown = false
    if case .text(let signals)? = row["signals"] {
      shown = signals.split(separator: ", ").contains { $0 == signal }
    }
    #expect(shown == isShown, "\(name): \(row["signals"] ?? .unknown)")
    #expect(rows[1]["signals"] == .text("no signal") && rows[1]["score"] == .unknown, "\(name)")
  }

  @Test func `a standard for complaints is stricter than the setting`() throws {
    let session = try VerbStore(customerCount: 1, orders: []).session()
    _ = try session.run("add complaint opened = 2026-06-22, customer = 1")
    func isWaiting() throws -> Bool {
      try session.table("risk customers").rows.first?["signals"] == .text("waiting")
    }
    #expect(try !isWaiting())
    _ = try session.run(
      "define standard fast as median(complaints.days_to_resolve) <= 5 by 2026-12-31 agreed 'board'"
    )
    #expect(try isWaiting())
    _ = try session.run("drop standard fast")
    _ = try session.run("update setting 'waiting_days' set value = 7")
    #expect(try isWaiting())
  }

  @Test func `a back-test counts who left after the day, and who had left before is out`() throws {
    let session = try VerbStore(customerCount: 4, orders: []).session()
    for (customer, day) in [(2, "2025-11-01"), (3, "2026-02-01"), (1, "2026-03-01")] {
      _ = try session.run("add complaint opened = 2025-12-01, customer = \(customer)")
      let (year, month) = (Int(day.prefix(4)) ?? 0, Int(day.dropFirst(5).prefix(2)) ?? 0)
      session.clock = .fixed(Day.number(year: year, month: month, day: 1))
      _ = try session.run("move customer \(customer) to dissociation because 'x' anyway")
    }
    session.clock = .fixed(VerbStore.today)
    let rows = try session.table("risk customers checked as of 2026-01-31").rows
    func row(_ signal: String) -> [Scalar?] {
      let found = rows.first { $0["signal"] == .text(signal) } ?? [:]
      return ["customers", "left", "share"].map { found[$0] }
    }
    #expect(row("waiting") == [.word(2), .word(2), .real(1)])
    #expect(row("everyone") == [.word(3), .word(2), .real(2.0 / 3)])
  }
}
