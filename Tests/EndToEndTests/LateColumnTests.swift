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
    let queries = source.split(separator: "\n").filter { !$0.hasPrefix("--") }.map(String.init)
    #expect(queries.count > 20)
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
