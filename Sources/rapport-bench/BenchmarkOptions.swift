import Store

/// What the command line asks of the benchmark.
struct BenchmarkOptions {
  /// Printed when an option is not understood.
  static let usage = """
    usage: rapport-bench [--data FOLDER] [--today DATE] [--customers N] [--rounds N]
                         [--only NAME,…] [--json FILE] [--worker]
      --data FOLDER   load employees.csv, customers.csv, orders.csv, interactions.csv and
                      complaints.csv from there; without it demo data is made
      --today DATE    what today is (default 2026-06-30)
      --customers N   demo customers to make (default 1000000)
      --rounds N      timed runs of each query, interleaved (default 9, at least 3)
      --only NAMES    only these queries, separated by commas
      --json FILE     also write the figures as JSON ('-' for standard output)
      --worker        answer the names of queries on standard input, a line each, by JSON
    """

  /// The folder of the files; nil for demo data.
  var folder: String?
  /// What today is, as a day number.
  var today = Day.number(year: 2026, month: 6, day: 30)
  /// Demo customers made.
  var customerCount = 1_000_000
  /// Timed rounds; one more goes before them and is not counted.
  var roundCount = 9
  /// The names of the queries timed; empty for all.
  var names: [String] = []
  /// Where the figures go as JSON.
  var jsonPath: String?
  /// Whether another program says which query comes next.
  var isWorker = false

  init(_ arguments: some Sequence<String>) throws(BenchmarkProblem) {
    var iterator = arguments.makeIterator()
    while let option = iterator.next() {
      if option == "--worker" {
        isWorker = true
        continue
      }
      guard Self.withValue.contains(option) else {
        throw BenchmarkProblem("unknown option '\(option)'\n\(Self.usage)")
      }
      guard let value = iterator.next() else {
        throw BenchmarkProblem("'\(option)' needs a value\n\(Self.usage)")
      }
      switch option {
      case "--data": folder = value
      case "--today": today = try Self.day(value)
      case "--customers": customerCount = try Self.count(value, option, 100...1_000_000)
      case "--rounds": roundCount = try Self.count(value, option, 3...1_000)
      case "--only": names = value.split(separator: ",").map(String.init)
      default: jsonPath = value
      }
    }
  }

  private static let withValue = [
    "--data", "--today", "--customers", "--rounds", "--only", "--json",
  ]

  /// Those of the queries that were asked for.
  func chosen(from queries: [BenchmarkQuery]) throws(BenchmarkProblem) -> [BenchmarkQuery] {
    guard !names.isEmpty else { return queries }
    var chosen: [BenchmarkQuery] = []
    for name in names {
      guard let query = queries.first(where: { $0.name == name }) else {
        let known = queries.map(\.name).joined(separator: ", ")
        throw BenchmarkProblem("there is no query '\(name)'; there are \(known)")
      }
      chosen.append(query)
    }
    return chosen
  }

  private static func day(_ text: String) throws(BenchmarkProblem) -> Int {
    let parts = text.split(separator: "-").compactMap { Int($0) }
    guard parts.count == 3, (1...9999).contains(parts[0]), (1...12).contains(parts[1]),
      (1...31).contains(parts[2])
    else {
      throw BenchmarkProblem("'--today' takes a date such as 2026-06-30, not '\(text)'")
    }
    return Day.number(year: parts[0], month: parts[1], day: parts[2])
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
