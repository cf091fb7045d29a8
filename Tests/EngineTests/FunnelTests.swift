import Store
import Testing

@testable import Engine

/// How far `funnel` sees subjects come, by hand and against a search that tries every chain.
struct FunnelTests {
  /// Days of relations `a` and `b`: `a1 b5` is an event of `a` on day 1 and one of `b` on day 5.
  struct Case: Sendable {
    var name: String
    var steps: String
    var within: Int?
    var events: String
    var days: [Int32]
  }

  static let cases: [Case] = [
    Case(name: "no event, no step", steps: "a b", events: "", days: []),
    Case(name: "the second without the first is nothing", steps: "a b", events: "b1", days: []),
    Case(name: "another event may lie between", steps: "a b", events: "a1 a2 b5", days: [1, 5]),
    Case(name: "what comes before does not count", steps: "a b", events: "b1 a2", days: [2]),
    Case(
      name: "the window counts from the first step, its last day included", steps: "a b a",
      within: 4, events: "a1 b3 a5", days: [1, 3, 5]),
    Case(
      name: "one day later is too late", steps: "a b a", within: 3, events: "a1 b3 a5",
      days: [1, 3]),
    Case(
      name: "a later first step may come further", steps: "a b", within: 2, events: "a1 a4 b5",
      days: [4, 5]),
    Case(
      name: "of chains as long the first counts", steps: "a b", within: 9, events: "a1 b2 a3 b4",
      days: [1, 2]),
    Case(name: "one record is one step", steps: "a a", events: "a1", days: [1]),
    Case(name: "two of a day are two", steps: "a a", events: "a1 a1", days: [1, 1]),
    Case(
      name: "relations on one day come in the order of the steps", steps: "b a", events: "a1 b1",
      days: [1, 1]),
    Case(name: "a step may come again", steps: "a b a", events: "a1 b2 a2", days: [1, 2, 2]),
  ]

  @Test(arguments: cases)
  func `the chain that comes furthest counts`(_ example: Case) throws {
    var days: [[Int]] = [[], []]
    for event in example.events.split(separator: " ") {
      days[event.first == "a" ? 0 : 1].append(Int(event.dropFirst()) ?? 0)
    }
    let steps = example.steps.split(separator: " ").map { $0 == "a" ? 0 : 1 }
    #expect(try Self.found(days, steps, within: example.within) == example.days, "\(example.name)")
  }

  private static func found(
    _ days: [[Int]], _ steps: [Int], within: Int?
  ) throws -> [Int32] {
    let lists = try days.enumerated().map { list, days in
      try FunnelEvents(
        VerbInputs.events([days.map { (day: $0, values: []) }], valueCount: 0),
        steps.indices.filter { steps[$0] == list }.map { (step: $0, value: nil) }, moment: nil)
    }
    var limit: ((Int) -> Int)?
    if let within { limit = { $0 + within } }
    var search = FunnelSearch(lists, steps.map { ($0, nil) }, limit: limit)
    search.search(0)
    return Array(search.days.prefix(search.depth))
  }

  @Test(arguments: [UInt64](1...300))
  func `no chain of all comes further`(_ seed: UInt64) throws {
    var random = SplitMix64(seed)
    let days = (0..<3).map { _ in (0..<random.below(5)).map { _ in random.below(9) }.sorted() }
    let steps = (0..<(1 + random.below(4))).map { _ in random.below(3) }
    let within = random.below(2) == 0 ? nil : random.below(7)
    /// The most steps that come after those used so far.
    func furthest(_ step: Int, _ used: [Int], _ moment: Int, _ last: Int?) -> Int {
      guard step < steps.count else { return step }
      var best = step
      for place in days[steps[step]].indices where place > used[steps[step]] {
        let day = days[steps[step]][place]
        guard day >= moment, last.map({ day <= $0 }) ?? true else { continue }
        var used = used
        used[steps[step]] = place
        let end = last ?? within.map { day + $0 }
        best = max(best, furthest(step + 1, used, day, end))
      }
      return best
    }
    let depth = furthest(0, [-1, -1, -1], Int.min, nil)
    #expect(try Self.found(days, steps, within: within).count == depth)
  }

  // MARK: stages

  static let stages = ChoiceList(["new", "known", "kept", "care", "lost"], isOrdered: true)
  static let usual: [UInt8: Set<UInt8>] = [0: [1, 4], 1: [2, 4], 2: [3, 4], 3: [2, 4], 4: [0]]

  static let ways: [(from: UInt8?, to: UInt8, usual: Set<UInt8>, all: Set<UInt8>)] = [
    (nil, 0, [0], [0]), (nil, 2, [0, 1, 2], [0, 1, 2]), (nil, 4, [0, 4], [0, 1, 2, 3, 4]),
    (0, 1, [1], [1]), (0, 3, [1, 2, 3], [1, 2, 3]), (0, 4, [4], [1, 2, 3, 4]), (3, 2, [2], [2]),
    (4, 0, [0], [0]), (4, 2, [2], [2]), (2, 2, [], []),
  ]

  @Test(arguments: ways.indices)
  func `a skipped stage is passed, but not on a usual move`(_ index: Int) {
    let (from, to, usual, all) = Self.ways[index]
    let unordered = ChoiceList(Self.stages.names)
    #expect(StageWays(Self.stages, usualMoves: Self.usual).stages(from: from, to: to) == usual)
    #expect(StageWays(Self.stages, usualMoves: nil).stages(from: from, to: to) == all)
    #expect(
      StageWays(unordered, usualMoves: nil).stages(from: from, to: to) == (from == to ? [] : [to]))
  }

  /// Changes such as `-0@1` (an opening), `02@5`; the stage now with since and began; and the days of
  /// the steps new, known, kept, lost.
  static let histories: [(String, changes: String, now: [Int64?], days: [Int32])] = [
    ("each stage in turn", "-0@1 01@5 12@9", [2, nil, 1], [1, 5, 9]),
    ("a skipped stage is passed on the day of the move", "-0@1 02@5", [2, nil, 1], [1, 5, 5]),
    ("an opening later on has passed those before", "-1@3 12@9", [2, nil, 1], [3, 3, 9]),
    ("a way back and on again is the first way", "-0@1 01@5 10@6 01@7", [1, nil, 1], [1, 5]),
    ("lost at once has passed nothing", "-0@1 04@5", [4, nil, 1], [1]),
    ("without an opening it began with the subject", "01@5", [1, nil, 2], [2, 5]),
    ("or with the change, if the subject is younger", "01@5", [1, nil, 8], [5, 5]),
    ("without a history today's stage counts since", "", [1, 7, 2], [7, 7]),
    ("or since the subject began", "", [1, nil, 2], [2, 2]),
    ("or not at all", "", [1, nil, nil], []),
  ]

  @Test(arguments: histories.indices)
  func `stages count as the history tells`(_ index: Int) throws {
    let (name, changes, now, days) = Self.histories[index]
    let events = changes.split(separator: " ").map { change -> (day: Int, values: [Int64]) in
      let ends = Array(change)
      func code(_ place: Int) -> Int64 {
        ends[place].wholeNumberValue.map { Int64($0) } ?? SubjectEvents.unknown
      }
      return (Int(String(ends[3...])) ?? 0, [code(0), code(1)])
    }
    func vector(_ place: Int) -> Vector {
      Vector([now[place].map(Scalar.word) ?? .unknown], as: .date)
    }
    let codes: [UInt8] = [0, 1, 2, 4]
    let list = try FunnelEvents(
      VerbInputs.events([events], valueCount: 2),
      codes.enumerated().map { (step: $0.offset, code: $0.element) },
      StageWays(Self.stages, usualMoves: Self.usual),
      now: (stage: vector(0), since: vector(1), began: vector(2)), moment: nil)
    var search = FunnelSearch([list], codes.map { (list: 0, stage: $0) }, limit: nil)
    search.search(0)
    #expect(Array(search.days.prefix(search.depth)) == days, "\(name)")
  }

  /// The first step, the second, and whether the second lies within a month of it.
  static let months: [(String, String, Bool)] = [
    ("2024-01-31", "2024-02-29", true), ("2024-01-31", "2024-03-01", false),
    ("2023-01-31", "2023-02-28", true), ("2023-01-31", "2023-03-01", false),
    ("2024-02-29", "2024-03-29", true), ("2024-02-29", "2024-03-30", false),
    ("2024-12-15", "2025-01-15", true), ("2024-12-15", "2025-01-16", false),
  ]

  @Test(arguments: months)
  func `a month ends with the month`(_ first: String, _ second: String, _ isWithin: Bool) throws {
    let funnel = Funnel(
      steps: [
        Funnel.Step(text: "x", list: 0, flag: nil), Funnel.Step(text: "x", list: 0, flag: nil),
      ], moments: [nil], within: (1, 0, "1 month"), ways: nil, hasSince: false, hasBegan: false)
    let days = [first, second].map { (day: VerbInputs.day($0), values: [Int64]()) }
    let result = try funnel.run(
      VerbInputs.input([VerbInputs.events([days], valueCount: 0)], asOf: 30_000))
    #expect(result.columns[1][1] == Scalar(isWithin ? 1 : 0), "\(first) to \(second)")
  }

  @Test(arguments: [UInt64](1...20))
  func `counts never rise, and no order of subjects changes them`(_ seed: UInt64) throws {
    var random = SplitMix64(seed)
    var subjects = (0..<30).map { _ in
      (0..<random.below(8)).map { _ in
        (day: random.below(100), values: [Int64(random.below(2)), Int64(random.below(2))])
      }
    }
    let funnel = Funnel(
      steps: [
        Funnel.Step(text: "x", list: 0, flag: 0), Funnel.Step(text: "y", list: 0, flag: 1),
        Funnel.Step(text: "z", list: 0, flag: 0),
      ], moments: [nil], within: (0, random.below(50), "n days"), ways: nil, hasSince: false,
      hasBegan: false)
    let first = try funnel.run(
      VerbInputs.input([VerbInputs.events(subjects, valueCount: 2)], asOf: 100))
    subjects.reverse()
    let second = try funnel.run(
      VerbInputs.input([VerbInputs.events(subjects, valueCount: 2)], asOf: 100))
    #expect(VerbInputs.rows(first, funnel.columns) == VerbInputs.rows(second, funnel.columns))
    let reached = (0..<3).map { first.columns[1][$0] }
    guard case .word(let x) = reached[0], case .word(let y) = reached[1],
      case .word(let z) = reached[2]
    else {
      Issue.record("counts are known")
      return
    }
    #expect(x >= y && y >= z && x <= 30)
  }
}
