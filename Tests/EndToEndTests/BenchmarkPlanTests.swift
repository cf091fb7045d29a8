import Engine
import FoundationEssentials
import Interchange
import SampleData
import Store
import TestSupport
import Testing

@testable import rapport_bench

/// What makes the benchmark's queries fast, without a clock: the plan that each has once its indexes
/// are there, and the rows its steps give as data grows.
///
/// The plans stand in `Plans/benchmark.txt`, a golden script whose queries are those of
/// rapport-bench; `UPDATE_SCRIPTS=1 swift test --filter BenchmarkPlanTests` rewrites it, and the diff
/// is reviewed.
struct BenchmarkPlanTests {
  private static let path = SourceTree.root + "Tests/EndToEndTests/Plans/benchmark.txt"
  private static let queries = BenchmarkQuery.all(email: "nobody@example.com")
  /// Enough that an ordered index pays off for the first 20 of a stage.
  private static let customerCount = 4_800
  private static let growth = 8
  /// How many times what it was a row's cost may be.
  private static let growthMax = 1.25
  /// The rows of queries that find few, whatever the data.
  private static let fewRows = ["point_id", "point_email", "customer_orders", "stage_top20"]

  @Test func `queries of the benchmark have the plans that make them fast`() throws {
    let store = try WarmStore(customerCount: Self.customerCount)
    let plans = try Self.queries.map { try store.plan(of: $0.text) }
    let isUpdating = ProcessInfo.processInfo.environment["UPDATE_SCRIPTS"] == "1"
    let script = try GoldenScript(isUpdating ? Self.draft : SourceTree.text(of: Self.shortPath))
    if isUpdating {
      let text = script.text(outputs: plans)
      return try text.write(toFile: Self.path, atomically: true, encoding: .utf8)
    }
    #expect(script.blocks.map(\.statement) == Self.queries.map(\.text))
    for (block, plan) in zip(script.blocks, plans) where block.output != plan {
      Issue.record(
        "\(Self.shortPath):\(block.line): \(block.statement)\n\(block.output)\nis now\n\(plan)")
    }
  }

  @Test func `a row costs no more in a larger store`() throws {
    let small = try WarmStore(customerCount: Self.customerCount / Self.growth)
    let large = try WarmStore(customerCount: Self.customerCount)
    for query in Self.queries {
      let few = try small.rowsOfSteps(of: query.text)
      let many = try large.rowsOfSteps(of: query.text)
      let most = Self.fewRows.contains(query.name) ? 100 : max(100, few * Self.growth)
      #expect(
        Double(many) <= Double(most) * Self.growthMax,
        "\(query.name): \(few) rows go through the steps of its plan, then \(many)")
    }
    #expect(
      large.bytesPerRow <= small.bytesPerRow * Self.growthMax,
      "bytes a row after all queries: \(small.bytesPerRow), then \(large.bytesPerRow)")
  }

  private static var shortPath: String { String(path.dropFirst(SourceTree.root.count)) }

  /// The script without any plan.
  private static var draft: String {
    let head = "-- Plans of the benchmark's queries over \(customerCount) demo customers, warm.\n"
    return queries.reduce(head) { $0 + "\n-- \($1.name)\n> \($1.text)\n---\n" }
  }
}

/// A store of demo data whose queries have all run before, so that what they wish for is there.
private struct WarmStore {
  private let database = Database(catalog: .builtIn, budget: Budget(limit: 1 << 30))
  private let session: Session

  init(customerCount: Int) throws {
    session = Session(
      database: database, files: interchangePorts, clock: .fixed(SampleData.lastDay))
    try SampleData.fill(database, customerCount: customerCount)
  }

  /// Bytes of columns and indexes.
  var bytesPerRow: Double {
    let rowCount = database.catalog.entities.indices
      .reduce(0) { $0 + database.table(EntityID($1)).liveRowCount }
    return Double(database.budget.usedByteCount) / Double(max(1, rowCount))
  }

  /// The tree of `explain` and its rewrites, once the query has run twice.
  func plan(of query: String) throws -> String {
    for _ in 1...2 { _ = try read(query) }
    let (batch, notes) = try read("explain " + query)
    var lines = (0..<batch.count).map { row in
      let depth = Int(Self.number(batch, 0, row))
      let lead = depth == 0 ? "" : String(repeating: "   ", count: depth - 1) + "└─ "
      return "\(lead)\(Self.text(batch, 1, row)) \(Self.text(batch, 2, row))"
    }
    for case .rewrites(let names) in notes where !names.isEmpty {
      lines.append("rewrites: \(names.joined(separator: ", "))")
    }
    return lines.joined(separator: "\n")
  }

  /// The rows that the steps of a query's plan give, once it has run twice.
  func rowsOfSteps(of query: String) throws -> Int {
    for _ in 1...2 { _ = try read(query) }
    let (batch, _) = try read("explain analyze " + query)
    return (0..<batch.count).reduce(0) { $0 + Int(Self.number(batch, 4, $1)) }
  }

  /// Reads an answer to its end; gives the last batch and the notes.
  private func read(_ text: String) throws -> (OutputBatch, [Note]) {
    var last = OutputBatch(vectors: [], labels: [], count: 0)
    var notes: [Note] = []
    for section in try session.run(text).sections {
      while let batch = try section.cursor.next() { last = batch }
      notes += section.cursor.notes
    }
    return (last, notes)
  }

  private static func number(_ batch: OutputBatch, _ column: Int, _ row: Int) -> Int64 {
    if case .words(let words) = batch.vectors[column].values { return words[row] }
    return 0
  }

  private static func text(_ batch: OutputBatch, _ column: Int, _ row: Int) -> String {
    if case .text(let text) = batch.vectors[column][row] { return text }
    return ""
  }
}
