/// What the command line asks of the benchmark.
struct BenchmarkOptions {
  /// Printed when an option is not understood.
  static let usage = """
    usage: rapport-bench [--customers N] [--rounds N] [--only NAME,…] [--json FILE]
      --customers N   demo customers to generate (default 1000000)
      --rounds N      timed runs of each query, interleaved (default 9, at least 3)
      --only NAMES    only these queries, separated by commas
      --json FILE     also write the figures as JSON ('-' for standard output)
    """

  /// Demo customers generated.
  var customerCount = 1_000_000
  /// Timed rounds; one more goes before them and is not counted.
  var roundCount = 9
  /// The queries timed.
  var queries = BenchmarkQuery.all
  /// Where the figures go as JSON.
  var jsonPath: String?

  init(_ arguments: some Sequence<String>) throws(BenchmarkProblem) {
    var iterator = arguments.makeIterator()
    while let option = iterator.next() {
      guard ["--customers", "--rounds", "--only", "--json"].contains(option) else {
        throw BenchmarkProblem("unknown option '\(option)'\n\(Self.usage)")
      }
      guard let value = iterator.next() else {
        throw BenchmarkProblem("'\(option)' needs a value\n\(Self.usage)")
      }
      switch option {
      case "--customers": customerCount = try Self.count(value, option, 100...1_000_000)
      case "--rounds": roundCount = try Self.count(value, option, 3...1_000)
      case "--only": queries = try Self.queries(value)
      default: jsonPath = value
      }
    }
  }

  private static func queries(_ names: String) throws(BenchmarkProblem) -> [BenchmarkQuery] {
    var queries: [BenchmarkQuery] = []
    for name in names.split(separator: ",") {
      guard let query = BenchmarkQuery.all.first(where: { $0.name == name }) else {
        let known = BenchmarkQuery.all.map(\.name).joined(separator: ", ")
        throw BenchmarkProblem("there is no query '\(name)'; there are \(known)")
      }
      queries.append(query)
    }
    return queries
  }

  private static func count(
    _ text: String, _ option: String, _ range: ClosedRange<Int>
  ) throws(BenchmarkProblem) -> Int {
    guard let count = Int(text), range.contains(count) else {
      throw BenchmarkProblem(
        "'\(option)' takes \(range.lowerBound) to \(range.upperBound), not '\(text)'")
    }
    return count
  }
}

/// Why the benchmark cannot go on.
struct BenchmarkProblem: Error {
  let message: String

  init(_ message: String) { self.message = message }
}
