import Engine
import Interchange
import SampleData
import Store
import Synchronization
import Testing

/// Statements with little memory: each gives its answer, as if there were enough, or is refused, and
/// what it took is given back.
struct MemoryLimitTests {
  /// Bytes that a statement may take beside the data.
  private static let rooms = [0, 1 << 13, 1 << 16, 1 << 18, 1 << 19, 1 << 20, 1 << 22]

  @Test func `a query gives the same answer or is refused, whatever the limit`() throws {
    let limited = try LimitedSession(
      customerCount: 130, budget: Budget(limit: 1 << 40, freeByteCount: 0))
    for text in LimitedSession.queries { Self.judge(text, limited, isChange: false) }
  }

  @Test func `a change is made or refused as a whole, whatever the limit`() throws {
    let limited = try LimitedSession(
      customerCount: 130, budget: Budget(limit: 1 << 40, freeByteCount: 0))
    for text in LimitedSession.changes { Self.judge(text, limited, isChange: true) }
  }

  private static func judge(_ text: String, _ limited: LimitedSession, isChange: Bool) {
    let budget = limited.budget
    let whole = limited.outcome(text)
    if case .refused(let code) = whole { Issue.record("\(code): \(text)") }
    if isChange { _ = limited.outcome("undo") }
    var isEnough = false
    for room in rooms {
      // Often the second time an index is made.
      for _ in 0..<2 {
        limited.session.database.giveUpIndexes()
        let (state, used) = (limited.state, budget.usedByteCount)
        let taken = budget.limit - used - room
        guard (try? budget.take(taken)) != nil else {
          Issue.record("no room")
          return
        }
        let outcome = limited.outcome(text)
        budget.give(back: taken)
        isEnough = outcome == whole
        if !isEnough {
          #expect(outcome == .refused("memory-limit"), "\(room): \(text)")
          #expect(limited.state == state, "\(room): \(text)")
        } else if isChange {
          #expect(limited.outcome("undo") == .rows([]), "\(room): \(text)")
        }
        limited.session.database.giveUpIndexes()
        if !isChange || !isEnough {
          #expect(budget.usedByteCount == used, "\(room): \(text)")
        }
      }
    }
    #expect(isEnough, "\(text)")
  }

  /// Statements that go by an index, the second time at least.
  private static let indexed = [
    "find orders where amount between 50 and 60", "find orders where customer = 7",
    "find orders top 5 by amount",
    "find orders top 5 by cost where channel = web",
  ]

  @Test func `where there is no memory for an index, the rows are found without`() throws {
    let limited = try LimitedSession(customerCount: 300, budget: Budget(limit: 1 << 40))
    let (budget, database) = (limited.budget, limited.session.database)
    for text in Self.indexed {
      _ = limited.outcome(text)
      database.giveUpIndexes()
      let used = budget.usedByteCount
      let whole = limited.outcome(text)
      #expect(budget.usedByteCount > used, "no index: \(text)")
      database.giveUpIndexes()
      let taken = budget.limit - used - 256
      try budget.take(taken)
      #expect(limited.outcome(text) == whole, "\(text)")
      budget.give(back: taken)
    }
  }

  /// A file of which only the memory in use is of interest.
  private final class Witness: RecordWriter, Sendable {
    private let budget: Budget
    private let most: Atomic<Int>

    init(_ budget: Budget) {
      self.budget = budget
      most = Atomic(0)
    }

    var mostByteCount: Int { most.load(ordering: .relaxed) }
    func begin(_ columns: [OutputColumn]) {}
    func begin(_ columns: [OutputColumn], of name: String) {}
    func write(_ batch: OutputBatch) { most.max(budget.usedByteCount, ordering: .relaxed) }
    func finish() {}
  }

  /// Queries of as many rows as there are orders, and the bytes a row that may be held while they are
  /// written.
  private static let streams: [(String, Int)] = [
    ("find orders into \"o.csv\"", 0), ("find orders where amount > 0 into \"o.csv\"", 0),
    ("find orders order by amount, date into \"o.csv\"", 6),
    ("find orders top 100000 by amount into \"o.csv\"", 6),
    ("find orders show id, customer.name, amount - cost into \"o.csv\"", 0),
  ]

  @Test func `rows go to a file batch by batch`() throws {
    let budget = Budget(limit: 1 << 40, freeByteCount: 0)
    let database = Database(catalog: .builtIn, budget: budget)
    try SampleData.fill(database, customerCount: 2_000)
    let rowCount = database.table(database.catalog.entity(named: "orders") ?? EntityID(0)).rowCount
    for (text, bytesPerRow) in Self.streams {
      let witness = Mutex<Witness?>(nil)
      let session = Session(
        database: database,
        files: FilePorts(
          openReader: interchangePorts.openReader,
          openWriter: { _, _, _, _ in
            let made = Witness(budget)
            witness.withLock { $0 = made }
            return made
          }), clock: .fixed(SampleData.lastDay))
      database.giveUpIndexes()
      let used = budget.usedByteCount
      _ = try session.run(text)
      let most = witness.withLock { $0?.mostByteCount ?? .max } - used
      #expect(most <= rowCount * bytesPerRow + 65_536, "\(most) for \(rowCount): \(text)")
    }
  }
}
