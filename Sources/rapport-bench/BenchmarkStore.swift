import Engine
import Glibc
import Interchange
import SampleData
import Store
import Syntax

/// The data and the session that answers over it.
final class BenchmarkStore {
  /// How long generating or loading took.
  private(set) var loadSeconds = 0.0
  /// The queries of this data.
  private(set) var queries: [BenchmarkQuery] = []
  private let database: Database
  private let session: Session

  /// Makes demo data, or loads files through `import` statements.
  init(_ options: BenchmarkOptions) throws {
    database = Database(catalog: .builtIn, budget: Budget())
    session = Session(
      database: database, files: interchangePorts, clock: .fixed(options.today))
    let started = Self.seconds
    if let folder = options.folder {
      for name in ["employees", "customers", "orders", "interactions", "complaints"] {
        let map = name == "interactions" ? " map \"date\" to at" : ""
        let path = "\(folder)/\(name).csv"
        try answer("import \(name) from \"\(path)\"\(map)", name: path) { _, _ in }
      }
    } else {
      try SampleData.fill(database, customerCount: options.customerCount)
    }
    loadSeconds = Self.seconds - started
    queries = BenchmarkQuery.all(email: try knownEmail())
  }

  /// What a run of a query gave and took.
  struct Measured {
    var rowCount = 0
    var milliseconds = 0.0
    /// The sum of all numbers and amounts in the answer: a check that it is the right one.
    var sum = 0.0
  }

  /// Runs a query from its text to the last row of its answer.
  func time(_ query: BenchmarkQuery) throws(BenchmarkProblem) -> Measured {
    var measured = Measured()
    let started = Self.seconds
    if query.isReadInPart {
      measured.rowCount = try readInPart(query)
    } else {
      try answer(query.text, name: query.name) { _, batch in measured.rowCount += batch.count }
    }
    measured.milliseconds = (Self.seconds - started) * 1_000
    return measured
  }

  /// The same, keeping the batches and adding up their numbers once the clock has stopped. What is read
  /// in part, to which no peer has an answer to compare, is not added up.
  ///
  /// Never inlined, as `Tests/Peers/instructions.py` counts what happens from one call to the next.
  @inline(never)
  func check(_ query: BenchmarkQuery) throws(BenchmarkProblem) -> Measured {
    if query.isReadInPart { return try time(query) }
    var measured = Measured()
    var batches: [(columns: [OutputColumn], batch: OutputBatch)] = []
    let started = Self.seconds
    try answer(query.text, name: query.name) { batches.append(($0, $1)) }
    measured.milliseconds = (Self.seconds - started) * 1_000
    for (columns, batch) in batches {
      measured.rowCount += batch.count
      for (column, vector) in zip(columns, batch.vectors) {
        measured.sum += Self.sum(vector, as: column.keyType ?? column.type)
      }
    }
    return measured
  }

  /// Rows of an entity.
  func rowCount(_ entity: String) -> Int {
    database.catalog.entity(named: entity).map { database.table($0).liveRowCount } ?? 0
  }

  /// Rows of each entity that has some.
  var rowCounts: [(name: String, count: Int)] {
    database.catalog.entities.map { ($0.name, rowCount($0.name)) }.filter { $0.1 > 0 }
  }

  /// Bytes of columns and indexes.
  var byteCount: Int { database.budget.usedByteCount }

  /// Reads the first and the last rows of an answer and counts the others.
  private func readInPart(_ query: BenchmarkQuery) throws(BenchmarkProblem) -> Int {
    do {
      var rowCount = 0
      for section in try session.run(query.text).sections {
        var last: DeferredBatch?
        while let batch = try section.cursor.nextDeferred() {
          if rowCount == 0 { _ = try batch.load() }
          rowCount += batch.count
          last = batch
        }
        _ = try last?.load()
      }
      return rowCount
    } catch {
      throw problem(query.name, error)
    }
  }

  private func problem(_ name: String, _ failure: Failure) -> BenchmarkProblem {
    let words = failure.diagnostics.map { "error[\($0.code)]: \($0.message)" }
    return BenchmarkProblem("\(name): \(words.joined(separator: "; "))")
  }

  private func answer(
    _ text: String, name: String, _ take: ([OutputColumn], OutputBatch) -> Void
  ) throws(BenchmarkProblem) {
    do {
      let answer = try session.run(text)
      for section in answer.sections {
        while let batch = try section.cursor.next() { take(section.columns, batch) }
      }
    } catch {
      throw problem(name, error)
    }
  }

  /// The address of some customer.
  private func knownEmail() throws(BenchmarkProblem) -> String {
    var email = ""
    try answer("find customers where id = 4242 show email", name: "email") { _, batch in
      if case .text(let text) = batch.vectors[0][0] { email = text }
    }
    return email
  }

  private static func sum(_ vector: Vector, as type: ValueType) -> Double {
    switch (vector.values, type) {
    case (.reals(let reals), _):
      return zip(reals, vector.known).reduce(0) { $0 + ($1.1 == 0 ? 0 : $1.0) }
    case (.words(let words), .integer), (.words(let words), .money):
      let sum = zip(words, vector.known).reduce(Int64(0)) { $0 &+ ($1.1 == 0 ? 0 : $1.0) }
      return type == .money ? Double(sum) / 100 : Double(sum)
    default: return 0
    }
  }

  private static var seconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
