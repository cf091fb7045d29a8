import Glibc
import TestSupport
import Testing

/// DuckDB and PostgreSQL, where they are here, give rapport's answers to what `sql` writes for them.
///
/// `RAPPORT_QUERIES=2000 RAPPORT_SEED=7 swift test --filter PeerTests` asks more, or others; for
/// `RAPPORT_PEERS=duckdb` only that one is asked.
struct PeerTests {
  @Test func `other databases give the same answers`() throws {
    let peer = try Peer()
    let folder = try #require(TemporaryFolder())
    var queries = try SourceTree.text(of: "Tests/Peers/queries.crm")
    let firstSeed = UInt64(Environment.number("RAPPORT_SEED") ?? 20_260_630)
    for number in 0..<(Environment.number("RAPPORT_QUERIES") ?? 100) {
      var writer = RandomDraft(
        peer.catalog, samples: peer.samples, seed: firstSeed &+ UInt64(number))
      queries += writer.draft().text + "\n"
    }
    folder.write("queries.crm", queries)
    let words =
      [
        SourceTree.root + "Tests/Peers/conformance.py", "--rapport", ChildProcess.built("rapport"),
        "--store", peer.path, "--queries", folder.path + "/queries.crm",
      ] + (Environment.text("RAPPORT_PEERS").map { [$0] } ?? [])
    let result = try #require(ChildProcess.run("python3", words, folder: folder.path))
    // 77: none of them is here; 127: Python is not.
    print(result.status == 127 ? "no peer is asked: python3 is not here" : result.output)
    #expect([0, 77, 127].contains(result.status), "\(result.output)\n\(result.errors)")
  }

  /// `RAPPORT_PYTHON=/path/to/python3` is asked where pandas and lifetimes are not in the first one.
  @Test func `pandas and lifetimes find what the analytic verbs find`() throws {
    let python = Environment.text("RAPPORT_PYTHON") ?? "python3"
    let words = [
      SourceTree.root + "Tests/Peers/analytics.py", ChildProcess.built("rapport"), "--data",
      SourceTree.root + "examples/data/cdnow_sample.csv", "--seeds",
      "\(Environment.number("RAPPORT_SEEDS") ?? 2)",
    ]
    let result = try #require(ChildProcess.run(python, words, folder: SourceTree.root))
    // Where the modules are not here it says so and ends well; 127: Python is not.
    print(result.status == 127 ? "skipped: python3 is not here" : result.output)
    #expect([0, 127].contains(result.status), "\(result.output)\n\(result.errors)")
  }
}

/// Settings of a test run.
enum Environment {
  static func text(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

  static func number(_ name: String) -> Int? { text(name).flatMap { Int($0) } }
}
