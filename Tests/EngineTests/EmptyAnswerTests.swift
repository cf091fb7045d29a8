import Engine
import Store
import Syntax
import TestSupport
import Testing

/// The rows that `explain analyze` and an empty answer tell, against the questions they stand for,
/// asked of the naive reference one by one.
struct EmptyAnswerTests {
  private static let windows = [
    "", "", "", " in last 12 months", " since 2026-01-15", " before 2025", " in Q1 2026",
  ]

  @Test func `after each condition as many rows are left as its prefix finds`() throws {
    try forEachQuestion { asked, window, conditions in
      let steps = try asked.funnel(Self.question(window, conditions))
      var expected = [try asked.count("count things")]
      if !window.isEmpty { expected.append(try asked.count("count things\(window)")) }
      for length in conditions.indices.map({ $0 + 1 }) {
        let prefix = Self.question(window, Array(conditions.prefix(length)))
        expected.append(try asked.count(prefix))
      }
      return steps == expected ? nil : "\(steps) instead of \(expected)"
    }
  }

  @Test func `an empty answer tells the prefixes, and what other answers there would be`() throws {
    var emptyCount = 0
    try forEachQuestion { asked, window, conditions in
      guard let empty = try asked.whyEmpty(Self.question(window, conditions)) else { return nil }
      emptyCount += 1
      var expected = [try asked.count("count things")]
      if !window.isEmpty { expected.append(try asked.count("count things\(window)")) }
      for length in conditions.indices.map({ $0 + 1 }) where expected.last != 0 {
        expected.append(
          try asked.count(Self.question(window, Array(conditions.prefix(length)))))
      }
      let steps = empty.steps.map(\.rowCount)
      if steps != expected { return "\(steps) instead of \(expected)" }
      var without: [Int] = []
      if !window.isEmpty { without.append(try asked.count(Self.question("", conditions))) }
      for place in conditions.indices where conditions.count > 1 || !window.isEmpty {
        var others = conditions
        others.remove(at: place)
        without.append(try asked.count(Self.question(window, others)))
      }
      let told = empty.without.map(\.rowCount)
      let counted = Array(without.filter { $0 > 0 }.prefix(3))
      return told == counted ? nil : "without: \(told) instead of \(counted)"
    }
    #expect(emptyCount > 50)
  }

  @Test func `the last step leaves the rows of the answer, whatever the steps are`() throws {
    try forEachStore { asked, random, seed in
      for _ in 0..<40 {
        var writer = RandomQuery(random)
        let text = writer.statement()
        random = writer.random
        let (steps, rowCount) = (try asked.funnel(text), try asked.rowCount(text))
        // Where nothing is done but to show all, there are no steps to tell of.
        if steps.isEmpty ? try asked.count("count things") != rowCount : steps.last != rowCount {
          Issue.record("seed \(seed): \(steps), but \(rowCount) rows\n\(text)")
        }
      }
    }
  }

  @Test(
    "The nearest value is the nearest of the rows that come to the condition",
    arguments: [
      ("m > 10m", "max(m)"), ("m >= 10m", "max(m)"), ("i < -1000", "min(i)"),
      ("n <= -1000k", "min(n)"), ("d > 2100-01-01", "max(d)"), ("d < 1900-01-01", "min(d)"),
      ("m between 10m and 11m", "max(m)"), ("i = -1000", "min(i)"), ("d in 2100", "max(d)"),
    ])
  func nearest(_ condition: String, _ nearest: String) throws {
    try forEachStore { asked, _, seed in
      for other in ["f", "c = middle", "not f and k is known"] {
        let empty = try asked.whyEmpty("find things where \(other) and \(condition)")
        let expected = try asked.value("find things where \(other) show \(nearest)")
        switch empty?.nearest {
        case .values(_, _, let below, let above)?:
          let found = below.isKnown ? below : above
          if found != expected {
            Issue.record("seed \(seed): \(found) instead of \(expected)\n\(other), \(condition)")
          }
        case .unknown?: #expect(!expected.isKnown)
        default:
          guard empty?.steps.last?.text.contains(condition) == true else { continue }
          Issue.record("seed \(seed): nothing nearest\n\(other), \(condition)")
        }
      }
    }
  }

  // MARK: asking

  /// A random store and one who asks it.
  private struct Asked {
    let store: RandomStore
    let session: Session

    init(_ store: RandomStore) {
      self.store = store
      @Sendable func none(_ path: String) -> StoreError {
        .file(FileProblem(code: "file-not-found", path: path, message: ""))
      }
      session = Session(
        database: store.database,
        files: FilePorts(
          openReader: { path, _ throws(StoreError) in throw none(path) },
          openWriter: { path, _, _, _ throws(StoreError) in throw none(path) }),
        clock: .fixed(RandomStore.today))
    }

    /// The rows after each step that changes them, as `explain analyze` counts them.
    func funnel(_ text: String) throws -> [Int] {
      let sections = try session.run("explain analyze " + text).sections
      guard let section = sections.first(where: { $0.hint == .funnel }),
        let batch = try section.cursor.next()
      else { return [] }
      return (0..<batch.count).map { row in
        if case .word(let count) = batch.vectors[0][row] { Int(count) } else { -1 }
      }
    }

    func rowCount(_ text: String) throws -> Int {
      let section = try session.run(text).sections[0]
      var count = 0
      while let batch = try section.cursor.next() { count += batch.count }
      return count
    }

    func whyEmpty(_ text: String) throws -> EmptyAnswer? {
      let section = try session.run(text).sections[0]
      while try section.cursor.next() != nil {}
      for case .emptied(let answer) in section.cursor.notes { return answer }
      return nil
    }

    /// The first value of the naive reference's answer.
    func value(_ text: String) throws -> Scalar {
      let binder = Binder(catalog: store.database.catalog, today: RandomStore.today, drawnSeed: 1)
      let query: BoundQuery
      switch try Parser.parse(text).kind {
      case .find(let find): query = try binder.bind(find)
      case .count(let count): query = try binder.bindCount(count)
      default: preconditionFailure("only queries are asked")
      }
      return NaiveQuery(query, over: store.naive).answer()[0][0]
    }

    func count(_ text: String) throws -> Int {
      guard case .word(let count) = try value(text.replacing("find ", with: "count ")) else {
        return -1
      }
      return Int(count)
    }
  }

  private static func question(_ window: String, _ conditions: [String]) -> String {
    "find things\(window)"
      + (conditions.isEmpty ? "" : " where " + conditions.joined(separator: " and "))
  }

  private func forEachStore(
    _ body: (Asked, inout SplitMix64, _ seed: UInt64) throws -> Void
  ) throws {
    for seed in UInt64(1)...5 {
      var random = SplitMix64(seed)
      let store = try RandomStore(thingCount: 60, ownerCount: 9, random: &random)
      try body(Asked(store), &random, seed)
    }
  }

  /// Calls `body` with random questions; it gives what is wrong.
  private func forEachQuestion(
    _ body: (Asked, _ window: String, _ conditions: [String]) throws -> String?
  ) throws {
    try forEachStore { asked, random, seed in
      for number in 0..<60 {
        var writer = RandomQuery(random)
        let conditions = (0...number % 4).map { _ in
          let condition = writer.condition(1)
          return condition.contains(" and ") || condition.contains(" or ")
            ? "not (\(condition))" : condition
        }
        random = writer.random
        let window = Self.windows[number % Self.windows.count]
        if let problem = try body(asked, window, conditions) {
          Issue.record("seed \(seed): \(problem)\n\(Self.question(window, conditions))")
        }
      }
    }
  }
}
