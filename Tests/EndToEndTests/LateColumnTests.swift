import Engine
import Interchange
import SampleData
import Snapshot
import Store
import Syntax
import TestSupport
import Testing

/// Columns stay in the data file until a query wants them.
struct LateColumnTests {
  /// A data file of sample data and what is in it.
  private struct Sample {
    let folder: TemporaryFolder
    let path: String
    let database: Database

    init() throws {
      folder = try #require(TemporaryFolder())
      path = folder.path + "/late.rapport"
      database = Database(catalog: .builtIn, budget: Budget())
      try SampleData.fill(database, customerCount: 150)
      try createStore(path, database, false, nil).close()
    }

    static func session(_ database: Database, _ file: (any StoreFile)? = nil) -> Session {
      Session(
        database: database, files: interchangePorts, clock: .fixed(SampleData.lastDay),
        stores: StorePorts(open: openStore, create: createStore), file: file)
    }
  }

  /// The answer as text, whatever the verb draws.
  private static func answer(_ text: String, _ session: Session) throws -> [String] {
    let answer = try session.run(text, showsEveryField: true)
    var lines: [String] = []
    for section in answer.sections {
      lines.append(section.columns.map(\.name).joined(separator: ","))
      while let batch = try section.cursor.next() {
        for row in 0..<batch.count {
          lines.append(batch.vectors.map { "\($0[row])" }.joined(separator: ","))
        }
      }
    }
    return lines
  }

  @Test func `a query reads the columns it says it reads, and finds what it finds in memory`()
    throws
  {
    let sample = try Sample()
    let source = try SourceTree.text(of: "Tests/Peers/queries.crm")
    let benchmark = source.split(separator: "\n").filter { !$0.hasPrefix("--") }.map(String.init)
    #expect(benchmark.count > 20)
    let queries = benchmark + Self.analyses
    let inMemory = Sample.session(sample.database)
    var wrong: [String] = []
    for text in queries {
      let (database, file) = try openStore(sample.path, true, Budget())
      let session = Sample.session(database, file)
      let wanted = try Self.answer(text, inMemory)
      if try Self.answer(text, session) != wanted { wrong.append("another answer: \(text)") }
      if database.unannouncedReadCount > 0 {
        wrong.append("\(database.unannouncedReadCount) columns more: \(text)")
      }
      file.close()
    }
    #expect(wrong.isEmpty, "\(wrong.joined(separator: "\n"))")
  }

  /// Every verb, over relations, over fields and by groups.
  private static let analyses = [
    "rfm customers", "rfm customers in last 12 months bins 3 nested summary",
    "rfm customers of orders by date, amount", "rfm customers then where r = 5 show customer",
    "pareto customers by value", "pareto products by sum(orders.revenue) summary",
    "cohort customers by quarter of revenue",
    "cohort customers by month over interactions unbounded",
    "funnel customers through recruitment, interactions, orders within 90 days",
    "funnel customers through recruitment, welcoming, account_management",
    "transitions customers in 2025", "moments customers in last 12 months",
    "moments customers by interactions.channel", "moments customers by owner.name",
    "risk customers checked as of 2025-12-31 summary", "risk customers",
    "forecast customers over 12 months with mbg discount 10% a year",
    "forecast customers over 6 months check", "ladder customers", "gap customers by stage",
    "gap customers", "cover customers where stage != dissociation by owner.job_family",
    "cover customers by country",
  ]

  @Test func `a count reads one column`() throws {
    let sample = try Sample()
    let (database, file) = try openStore(sample.path, true, Budget())
    defer { file.close() }
    let session = Sample.session(database, file)
    _ = try Self.answer("count customers where stage = intensive_care", session)
    let customers = try #require(database.catalog.entity(named: "customers"))
    let orders = try #require(database.catalog.entity(named: "orders"))
    #expect(!database.table(customers).isWhole && !database.isLoaded(orders))
    _ = try Self.answer("find customers where not contactable", session)
    #expect(try Self.answer("calc sum(orders.amount) as a", session).count == 2)
  }
}
