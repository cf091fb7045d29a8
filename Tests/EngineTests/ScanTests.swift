import Store
import Synchronization
import Testing

@testable import Engine

/// Scans that leave out chunks of 65,536 rows by their statistics, against a look at every row.
struct ScanTests {
  private static let today = Day.number(year: 2026, month: 6, day: 30)
  private static let rowCount = 200_000
  private static let firstDay = today - 400

  /// Orders by day, 500 a day, but for a stretch over the border of two chunks that has no day.
  private static func day(_ row: Int) -> Int? {
    (65_000..<66_100).contains(row) ? nil : firstDay + row / 500
  }

  private static func session() throws -> Session {
    let database = Database(catalog: .builtIn, budget: Budget(limit: 1 << 28))
    let orders = try #require(database.catalog.entity(named: "orders"))
    let entity = database.catalog[orders]
    let fields = try ["id", "date", "quantity"].map { try #require(entity.field(named: $0)) }
    let rows = Array(0..<rowCount)
    _ = try database.append(
      [
        fields[0]: Vector(words: rows.map { Int64($0 + 1) }),
        fields[1]: Vector(
          words: rows.map { Int64(day($0) ?? 0) }, known: rows.map { day($0) == nil ? 0 : 0x80 }),
        fields[2]: Vector(words: rows.map { Int64($0 % 7) }),
      ], count: rowCount, to: orders)
    let session = try ChangeTests.session(database)
    session.clock = .fixed(today)
    return session
  }

  /// Days of both ends of a window, some at the borders of chunks, some outside all orders.
  private static let windows: [ClosedRange<Int>] = [
    0...0, 0...399, 130...131, 131...131, 132...262, 262...263, 263...399, 398...500, 390...391,
    -20 ... -1, 401...410,
  ]

  private static func expected(
    _ window: ClosedRange<Int>, _ isIn: (Int) -> Bool = { _ in true }
  ) -> [Int] {
    (0..<rowCount).filter { row in
      day(row).map { window.contains($0 - firstDay) } == true && isIn(row)
    }
  }

  private static func condition(_ window: ClosedRange<Int>) -> String {
    let days = [window.lowerBound, window.upperBound].map { VerbTests.date(firstDay + $0) }
    return "date between \(days[0]) and \(days[1])"
  }

  @Test(arguments: windows)
  func `no row that passes is left out, alone, grouped or behind other conditions`(
    window: ClosedRange<Int>
  ) throws {
    let session = try Self.session()
    let dated = Self.condition(window)
    let rows = Self.expected(window)
    #expect(
      try VerbTests.rows("count orders where \(dated)", session) == [[.word(Int64(rows.count))]])
    let grouped = "find orders where \(dated) group by quantity show count(), sum(id)"
    let groups = (0..<7).compactMap { quantity -> [Scalar]? in
      let rows = rows.filter { $0 % 7 == quantity }
      let sum = rows.reduce(0) { $0 + $1 + 1 }
      return rows.isEmpty
        ? nil : [.word(Int64(quantity)), .word(Int64(rows.count)), .word(Int64(sum))]
    }
    #expect(try VerbTests.rows(grouped, session) == groups)
    // Few rows pass the tests of columns, and what comes then is no such test.
    let few = "\(dated) and quantity = 3 and id * 2 > 1000"
    let left = Self.expected(window) { $0 % 7 == 3 && 2 * ($0 + 1) > 1000 }
    #expect(
      try VerbTests.rows("find orders where \(few) show id", session)
        == left.map { [.word(Int64($0 + 1))] })
  }

  @Test func `rows that were changed or deleted are found where they are`() throws {
    let session = try Self.session()
    let window = 10...20
    let late = VerbTests.date(Self.firstDay + 15)
    _ = try session.run("update orders where id in (150000, 199999) set date = \(late)")
    _ = try session.run("delete orders where id between 7501 and 8000")
    let rows = Self.expected(window).filter { !(7500..<8000).contains($0) } + [149_999, 199_998]
    #expect(
      try VerbTests.rows("find orders where \(Self.condition(window)) show id", session)
        == rows.map { [.word(Int64($0 + 1))] })
  }

  @Test func `what is left out counts as read`() throws {
    let session = try Self.session()
    let last = Mutex((done: 0, total: 0))
    session.rowProgress = { done, total in last.withLock { $0 = (done, total) } }
    _ = try VerbTests.rows("count orders where \(Self.condition(390...391))", session)
    #expect(last.withLock { $0.done } == Self.rowCount)
    #expect(last.withLock { $0.total } == Self.rowCount)
  }
}
