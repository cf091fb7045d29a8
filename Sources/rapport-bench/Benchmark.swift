import Glibc

/// Times queries on the whole path from text to the last row of the answer, the queries interleaved
/// round by round so that a slow spell of the machine falls on all of them.
struct Benchmark {
  let options: BenchmarkOptions

  init(_ options: BenchmarkOptions) { self.options = options }

  /// Makes or loads the data, times every query and prints the figures.
  func run() throws {
    let store = try BenchmarkStore(options)
    if options.isWorker { return BenchmarkWorker(store).run() }
    let queries = try options.chosen(from: store.queries)
    var figures = queries.map { Figure(query: $0, baseRowCount: store.rowCount($0.base.rawValue)) }
    // The first round builds indexes and warms caches; it is reported apart.
    for round in 0...options.roundCount {
      for index in figures.indices {
        let measured = try store.time(figures[index].query)
        figures[index].rowCount = measured.rowCount
        if round == 0 {
          figures[index].firstMilliseconds = measured.milliseconds
        } else {
          figures[index].times.append(measured.milliseconds)
        }
      }
    }
    let report = Report(
      figures: figures, loadSeconds: store.loadSeconds, roundCount: options.roundCount,
      rowCounts: store.rowCounts, byteCount: store.byteCount)
    if options.jsonPath != "-" { print(report.table) }
    if let path = options.jsonPath { try write(report.json, to: path) }
  }

  private func write(_ text: String, to path: String) throws(BenchmarkProblem) {
    if path == "-" { return print(text) }
    guard let file = fopen(path, "w") else {
      throw BenchmarkProblem("'\(path)' cannot be written: \(String(cString: strerror(errno)))")
    }
    fputs(text + "\n", file)
    guard fclose(file) == 0 else { throw BenchmarkProblem("'\(path)' was not written whole") }
  }
}

/// The times of one query.
struct Figure {
  let query: BenchmarkQuery
  /// Rows of the entity the query is over.
  let baseRowCount: Int
  /// Rows of the answer.
  var rowCount = 0
  /// The first, uncounted run: it may build an index.
  var firstMilliseconds = 0.0
  /// The counted runs.
  var times: [Double] = []

  init(query: BenchmarkQuery, baseRowCount: Int) {
    self.query = query
    self.baseRowCount = baseRowCount
  }

  var median: Double {
    let sorted = times.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }

  var least: Double { times.min() ?? 0 }
  var most: Double { times.max() ?? 0 }

  /// Rows of the entity a second, at the median.
  var rowsPerSecond: Double { Double(baseRowCount) / (median / 1_000) }
}
