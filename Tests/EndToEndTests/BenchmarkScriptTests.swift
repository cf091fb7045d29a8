import TestSupport
import Testing

@testable import rapport_bench

/// The benchmark against other programs can be run, and puts to them what it puts to rapport.
struct BenchmarkScriptTests {
  /// Compiled in memory, so that nothing is left in the tree.
  private static let compile = """
    import sys
    for path in sys.argv[1:]:
        compile(open(path, encoding="utf-8").read(), path, "exec")
    """

  @Test func `its scripts compile`() throws {
    let parts = [
      "", "_contenders", "_data", "_extras", "_limits", "_peers", "_queries", "_readme", "_report",
    ]
    let words =
      ["-c", Self.compile] + parts.map { "Tests/Peers/benchmark\($0).py" }
      + ["Tests/Peers/instructions.py"]
    let result = try #require(ChildProcess.run("python3", words, folder: SourceTree.root))
    if result.status == 127 { print("skipped: python3 is not here") }
    #expect([0, 127].contains(result.status), "\(result.errors)")
  }

  @Test func `peers are asked the same questions as rapport`() throws {
    let words = ["-B", "Tests/Peers/benchmark_queries.py"]
    let result = try #require(ChildProcess.run("python3", words, folder: SourceTree.root))
    guard result.status != 127 else { return print("skipped: python3 is not here") }
    #expect(result.status == 0, "\(result.errors)")
    let theirs = result.output.split(separator: "\n").map(String.init)
    #expect(theirs == BenchmarkQuery.all(email: "").map(\.name))
  }
}
