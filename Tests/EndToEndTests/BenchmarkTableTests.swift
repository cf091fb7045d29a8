import FoundationEssentials
import TestSupport
import Testing

@testable import rapport_bench

/// The table of a benchmark's run in the README has a line for each query and each other measure, with
/// what is demanded of it; `Tests/Peers/benchmark.py --readme` writes it. What was measured is not
/// looked at, only that it is told.
struct BenchmarkTableTests {
  /// What is demanded, as it stands in a file.
  private struct Limits: Decodable {
    struct Class: Decodable {
      var mostMilliseconds: Double?
      var queries: [String]
    }

    struct Measure: Decodable {
      var name: String
      var most: Double?
      var least: Double?
    }

    var leastMeans: [String: Double]
    var classes: [Class]
    var measures: [Measure]
  }

  private static let limits = Result {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let text = try SourceTree.text(of: "Tests/Peers/benchmark_limits.json")
    return try decoder.decode(Limits.self, from: Data(text.utf8))
  }

  private static let names = BenchmarkQuery.all(email: "").map(\.name)

  @Test func `each query of the benchmark is of one class of limits`() throws {
    let limited = try Self.limits.get().classes.flatMap(\.queries)
    #expect(limited.sorted() == Self.names.sorted())
  }

  /// `Tests/Peers/instructions.py` counts them and fails where one has grown by a tenth.
  @Test func `counts of instructions are kept for each query`() throws {
    struct Kept: Decodable { var counts: [String: [Int]] }
    let text = try SourceTree.text(of: "Tests/Peers/instructions.json")
    let kept = try JSONDecoder().decode(Kept.self, from: Data(text.utf8))
    #expect(kept.counts.keys.sorted() == Self.names.sorted())
    #expect(kept.counts.values.allSatisfy { $0.count == 3 && $0.allSatisfy { $0 > 10_000 } })
  }

  @Test func `the README's table has a line for each query, with its limit`() throws {
    let limits = try Self.limits.get()
    let rows = try Self.rows.filter { $0[0].hasPrefix("`") }
    #expect(rows.map(\.[0]) == Self.names.map { "`\($0)`" })
    for row in rows {
      let limit = limits.classes.first { $0.queries.contains { "`\($0)`" == row[0] } }
      let most = limit?.mostMilliseconds.map(Self.text) ?? "–"
      #expect(row.count == 8 && row[3] == most && Self.isVerdict(row[7]), "\(row)")
    }
  }

  @Test func `the README's table has a line for each measure, with what is wanted`() throws {
    let limits = try Self.limits.get()
    let rows = try Self.rows.filter { $0.count == 4 }
    let means = rows.filter { $0[0] == "speed in the geometric mean" }
    #expect(means.count == limits.leastMeans.count)
    for (peer, least) in limits.leastMeans {
      let row = means.first { $0[1].hasSuffix(peer) }
      #expect(row?[2] == "at least \(Self.text(least))", "\(peer)")
    }
    let measures = rows.filter { row in limits.measures.contains { $0.name == row[0] } }
    #expect(measures.map(\.[0]) == limits.measures.map(\.name))
    for (row, measure) in zip(measures, limits.measures) {
      let wanted =
        measure.most.map { "at most \(Self.text($0)) " }
        ?? measure.least.map { "at least \(Self.text($0)) " } ?? "–"
      #expect(row[2].replacing(",", with: "").hasPrefix(wanted), "\(row)")
      #expect(Self.isVerdict(row[3]), "\(row)")
    }
  }

  /// The cells of the lines of tables between the marks.
  private static var rows: [[String]] {
    get throws {
      let text = try SourceTree.text(of: "README.md")
      let start = try #require(text.firstRange(of: "<!-- benchmark: begin -->"), "no mark")
      let end = try #require(text.firstRange(of: "<!-- benchmark: end -->"), "no second mark")
      return text[start.upperBound..<end.lowerBound].split(separator: "\n")
        .filter { $0.hasPrefix("| ") }
        .map { line in
          line.dropFirst(2).dropLast(2).split(separator: " | ", omittingEmptySubsequences: false)
            .map(String.init)
        }
    }
  }

  /// Whether a cell says that a target is met, by how much it is missed, or that there is none.
  private static func isVerdict(_ cell: String) -> Bool {
    cell == "met" || cell == "–" || cell.contains("×")
  }

  private static func text(_ number: Double) -> String {
    number == number.rounded() ? "\(Int(number))" : "\(number)"
  }
}
