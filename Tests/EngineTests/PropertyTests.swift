import Engine
import Glibc
import Store
import Syntax
import TestSupport
import Testing

/// Random statements over random stores, against the naive reference and against each other.
///
/// `PROPERTY_QUERIES=5000 PROPERTY_SEED=7 swift test --filter PropertyTests` asks more, or others.
struct PropertyTests {
  /// How a statement is run.
  enum Manner: String {
    /// As planned: indexes where they pay.
    case optimized
    /// Every row is looked at.
    case scanned
  }

  @Test func `answers equal those of the naive reference`() throws {
    try forEachStatement { store, text, seed in
      let query = try Self.bind(try Parser.parse(text), store)
      let expected = NaiveQuery(query, over: store.naive).answer()
      for manner in [Manner.optimized, .scanned] {
        let rows = try Self.rows(query, store, manner)
        guard let difference = Self.difference(rows, expected) else { continue }
        Issue.record("seed \(seed), \(manner): \(difference)\n\(Self.formatted(text))")
        return
      }
    }
  }

  @Test func `a formatted statement gives the same answer`() throws {
    try forEachStatement(every: 4) { store, text, seed in
      let query = try Self.bind(try Parser.parse(text), store)
      let again = try Self.bind(try Parser.parse(Self.formatted(text)), store)
      let rows = try Self.rows(query, store, .optimized)
      if let difference = Self.difference(try Self.rows(again, store, .optimized), rows) {
        Issue.record("seed \(seed): \(difference)\n\(text)\n\(Self.formatted(text))")
      }
    }
  }

  @Test func `a condition and its complement add up to everyone`() throws {
    try forEachStore { store, random, seed in
      let all = store.database.table(RandomStore.things).liveRowCount
      for _ in 0..<max(5, Self.queryCount / 20) {
        var writer = RandomQuery(random)
        let condition = writer.condition()
        random = writer.random
        let counts = try ["(\(condition))", "not (\(condition))"].map { condition in
          let text = "count things where \(condition)"
          let query = try Self.bind(try Parser.parse(text), store)
          return try Self.rows(query, store, .optimized)[0][0]
        }
        guard case (.word(let a), .word(let b)) = (counts[0], counts[1]), Int(a + b) == all else {
          Issue.record("seed \(seed): \(counts) of \(all)\n\(condition)")
          return
        }
      }
    }
  }

  @Test func `order and limit give what top gives, but for what is unknown`() throws {
    try forEachStore { store, _, seed in
      for field in ["m", "n", "i", "r.m", "m - r.m"] {
        for count in [1, 4, 20] {
          let top = "find things top \(count) by \(field) show id"
          let cut =
            "find things where \(field) is known order by \(field) desc limit \(count) show id"
          let (a, b) = (
            try Self.rows(try Self.bind(try Parser.parse(top), store), store, .optimized),
            try Self.rows(try Self.bind(try Parser.parse(cut), store), store, .optimized)
          )
          if let difference = Self.difference(a, b) {
            Issue.record("seed \(seed): \(difference)\n\(top)\n\(cut)")
          }
        }
      }
    }
  }

  // MARK: running

  private static let queryCount = number("PROPERTY_QUERIES") ?? 360
  private static let firstSeed = UInt64(number("PROPERTY_SEED") ?? 20_260_630)
  private static let queriesPerStore = 60

  private static func number(_ name: String) -> Int? {
    getenv(name).flatMap { Int(String(cString: $0)) }
  }

  private func forEachStore(
    _ body: (RandomStore, inout SplitMix64, _ seed: UInt64) throws -> Void
  ) throws {
    for number in 0..<max(1, Self.queryCount / Self.queriesPerStore) {
      let seed = Self.firstSeed &+ UInt64(number)
      var random = SplitMix64(seed)
      let store = try RandomStore(
        thingCount: 40 + 20 * (number % 4), ownerCount: 9 + number % 5, random: &random)
      try body(store, &random, seed)
    }
  }

  private func forEachStatement(
    every step: Int = 1, _ body: (RandomStore, _ text: String, _ seed: UInt64) throws -> Void
  ) throws {
    try forEachStore { store, random, seed in
      for number in 0..<Self.queriesPerStore {
        var writer = RandomQuery(random)
        let text = writer.statement()
        random = writer.random
        guard number % step == 0 else { continue }
        do {
          try body(store, text, seed)
        } catch let failure as Failure {
          let words = failure.diagnostics.map { "\($0.code): \($0.message)" }
          Issue.record("seed \(seed): \(words.joined(separator: "; "))\n\(text)")
        }
      }
    }
  }

  private static func bind(_ statement: Statement, _ store: RandomStore) throws(Failure)
    -> BoundQuery
  {
    let binder = Binder(catalog: store.database.catalog, today: RandomStore.today, drawnSeed: 1)
    switch statement.kind {
    case .find(let query): return try binder.bind(query)
    case .count(let count): return try binder.bindCount(count)
    default: preconditionFailure("only queries are written")
    }
  }

  private static func rows(
    _ query: BoundQuery, _ store: RandomStore, _ manner: Manner
  ) throws(Failure) -> [[Scalar]] {
    let plan = try Planner(database: store.database).plan(query)
    let chosen =
      manner == .scanned
      ? PlannedQuery(query: query, plan: plan)
      : Optimizer(database: store.database).optimize(plan, of: query)
    let cursor = try Executor(database: store.database, today: RandomStore.today).run(chosen)
    var rows: [[Scalar]] = []
    while let batch = try cursor.next() {
      rows += (0..<batch.count).map { row in batch.vectors.map { $0[row] } }
    }
    return rows
  }

  private static func formatted(_ text: String) -> String {
    (try? Parser.parse(text)).map(Formatter.format) ?? text
  }

  /// What differs between two answers; numbers may differ in their last bits.
  private static func difference(_ rows: [[Scalar]], _ expected: [[Scalar]]) -> String? {
    guard rows.count == expected.count else {
      return "\(rows.count) rows instead of \(expected.count)"
        + "\n  \(rows.prefix(8))\n  \(expected.prefix(8))"
    }
    for (number, pair) in zip(rows, expected).enumerated() {
      for (column, values) in zip(pair.0, pair.1).enumerated() where !isSame(values.0, values.1) {
        return "row \(number), column \(column): \(values.0) instead of \(values.1)"
          + "\n  \(pair.0)\n  \(pair.1)"
      }
    }
    return nil
  }

  private static func isSame(_ a: Scalar, _ b: Scalar) -> Bool {
    if case (.real(let x), .real(let y)) = (a, b) {
      return x == y || abs(x - y) <= 1e-9 * max(abs(x), abs(y), 1)
    }
    return a == b
  }
}
