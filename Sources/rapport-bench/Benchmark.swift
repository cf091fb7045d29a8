import Engine
import Glibc
import Interchange
import SampleData
import Store
import Syntax

/// Times queries over demo data on the whole path from text to the last row of the answer, the
/// queries interleaved round by round so that a slow spell of the machine falls on all of them.
struct Benchmark {
  let options: BenchmarkOptions

  init(_ options: BenchmarkOptions) { self.options = options }

  /// Generates the data, times every query and prints the figures.
  func run() throws {
    let today = Day.number(year: 2026, month: 6, day: 30)
    let database = Database(catalog: .builtIn, budget: Budget())
    let started = Self.seconds
    try SampleData.fill(database, customerCount: options.customerCount)
    let generation = Self.seconds - started
    let session = Session(
      database: database, files: interchangePorts,
      clock: .fixed(today))
    var figures = options.queries.map { Figure(query: $0, baseRowCount: rowCount($0, database)) }
    // The first round builds indexes and warms caches; it is reported apart.
    for round in 0...options.roundCount {
      for index in figures.indices { try time(&figures[index], session, isFirst: round == 0) }
    }
    let report = Report(
      figures: figures, generationSeconds: generation, roundCount: options.roundCount,
      customerCount: options.customerCount, orderCount: orderCount(database))
    print(report.table)
    if let path = options.jsonPath { try write(report.json, to: path) }
  }

  private func rowCount(_ query: BenchmarkQuery, _ database: Database) -> Int {
    database.catalog.entity(named: query.base.rawValue).map { database.table($0).liveRowCount } ?? 0
  }

  private func orderCount(_ database: Database) -> Int {
    database.catalog.entity(named: "orders").map { database.table($0).liveRowCount } ?? 0
  }

  private func time(
    _ figure: inout Figure, _ session: Session, isFirst: Bool
  ) throws(BenchmarkProblem) {
    let started = Self.seconds
    var rowCount = 0
    do {
      let answer = try session.run(figure.query.text)
      for section in answer.sections {
        while let batch = try section.cursor.next() { rowCount += batch.count }
      }
    } catch {
      let words = error.diagnostics.map { "error[\($0.code)]: \($0.message)" }
      throw BenchmarkProblem("\(figure.query.name): \(words.joined(separator: "; "))")
    }
    let milliseconds = (Self.seconds - started) * 1_000
    figure.rowCount = rowCount
    if isFirst {
      figure.firstMilliseconds = milliseconds
    } else {
      figure.times.append(milliseconds)
    }
  }

  private func write(_ text: String, to path: String) throws(BenchmarkProblem) {
    if path == "-" { return print(text) }
    guard let file = fopen(path, "w") else {
      throw BenchmarkProblem("'\(path)' cannot be written: \(String(cString: strerror(errno)))")
    }
    fputs(text + "\n", file)
    guard fclose(file) == 0 else { throw BenchmarkProblem("'\(path)' was not written whole") }
  }

  private static var seconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
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
