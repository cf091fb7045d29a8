import Store
import TestSupport
import Testing

@testable import Engine

/// Moments of truth: what counts, and what makes a disappointment good.
struct MomentsTests {
  /// A customer's moments: `d0` disappointed on day 0, `e`, `m` and `u` exceeded, met and unknown; after
  /// `@` the hour. Then the as-of day, and what is to come out: exceeded, met, disappointed, recovered,
  /// repeated, undecided.
  static let cases: [(String, Int, [Int])] = [
    ("", 100, [0, 0, 0, 0, 0, 0]),
    ("u0", 100, [0, 0, 0, 0, 0, 0]),
    ("e0 m1 m1", 100, [1, 2, 0, 0, 0, 0]),
    ("d0 e60", 100, [1, 0, 1, 1, 0, 0]),
    ("d0 e61", 100, [1, 0, 1, 0, 0, 0]),
    ("e0 d1", 100, [1, 0, 1, 0, 0, 0]),
    ("d0 d60", 200, [0, 0, 2, 0, 1, 0]),
    ("d0 d61", 200, [0, 0, 2, 0, 0, 0]),
    ("d0 m1 d2 e3", 100, [1, 1, 2, 2, 1, 0]),
    ("d0 d1 d2", 100, [0, 0, 3, 0, 2, 0]),
    ("d0@9 e0@10", 100, [1, 0, 1, 1, 0, 0]),
    ("d0@9 e0@9", 100, [1, 0, 1, 0, 0, 0]),
    ("e0@9 d0@10", 100, [1, 0, 1, 0, 0, 0]),
    ("d0@9 d0@9", 100, [0, 0, 2, 0, 0, 0]),
    ("d0@23 e60@1", 100, [1, 0, 1, 1, 0, 0]),
    ("d0", 59, [0, 0, 1, 0, 0, 1]),
    ("d0", 60, [0, 0, 1, 0, 0, 0]),
    ("d0 d1", 2, [0, 0, 2, 0, 1, 1]),
    ("d0 e1", 2, [1, 0, 1, 1, 0, 0]),
  ]

  @Test(arguments: cases)
  func `what follows a disappointment decides about it`(
    _ text: String, _ asOf: Int, _ expected: [Int]
  ) throws {
    let events = Self.events([text])
    #expect(try Self.counts(events, asOf: asOf) == expected, "\(text) as of \(asOf)")
    // Other customers' moments do not follow.
    let others = Self.events(["e0@1 e1 e50", text, "e0@1 e1 e50", ""])
    var apart = expected
    apart[0] += 6
    #expect(try Self.counts(others, asOf: asOf) == apart, "\(text) beside others")
  }

  @Test func `without a time of day only a later day follows`() throws {
    let events = Self.events(["d0@9 e0@10", "d0 e1"])
    #expect(try Self.counts(events, asOf: 100, hasTimes: false) == [2, 0, 2, 1, 0, 0])
  }

  @Test func `nobody gives no row, and a customer without moments one of unknown shares`() throws {
    let none = try Self.run(Self.events([]), asOf: 1)
    #expect(none.columns.map(\.count) == Array(repeating: 0, count: 10))
    #expect(none.drawing == nil)
    let one = try Self.run(Self.events([""]), asOf: 1)
    #expect(one.columns.map { $0[0] }[4...6] == [.unknown, .unknown, .unknown])
    #expect(one.drawing == nil)
  }

  @Test(arguments: 0..<12)
  func `random moments are those counted one by one, in whatever order they were written`(
    _ seed: Int
  ) throws {
    var random = SplitMix64(UInt64(seed))
    var written: [Moment] = []
    for _ in 0..<(seed == 0 ? 1 : 90) { written.append(Moment(&random)) }
    let session = try VerbTests.session(customers: 6)
    try VerbTests.add(written.map(\.statement), to: session)
    for i in stride(from: written.count - 1, to: 0, by: -1) {
      written.swapAt(i, Int(random.next() % UInt64(i + 1)))
    }
    let shuffled = try VerbTests.session(customers: 6)
    try VerbTests.add(written.map(\.statement), to: shuffled)
    let windows: [(String, ClosedRange<Int>)] = [
      ("", 0...40_000), (" in 2024", 19_723...20_088), (" in Q3 2024", 19_905...19_996),
    ]
    for (window, days) in windows {
      let naive = Moment.figures(written, in: days)
      for source in ["customers\(window)", "interactions\(window)"] {
        let rows = try VerbTests.rows("moments \(source)", session)
        #expect(rows.map { Array($0.dropFirst()) } == [naive], "\(source), seed \(seed)")
        #expect(try VerbTests.rows("moments \(source)", shuffled) == rows, "\(source) shuffled")
      }
      let related = try VerbTests.rows(
        "moments customers\(window) by interactions.channel", session)
      #expect(
        try VerbTests.rows("moments interactions\(window) by channel", shuffled) == related,
        "by channel\(window), seed \(seed)")
      for column in 1...9 where ![4, 5, 6].contains(column) {
        let sum = related.reduce(0) { $0 + (VerbTests.whole($1[column]) ?? 0) }
        #expect(sum == VerbTests.whole(naive[column - 1]), "column \(column)\(window)")
      }
      for row in related where row[4].isKnown {
        let shares = row[4...6].reduce(0) { $0 + (VerbTests.real($1) ?? 0) }
        #expect(abs(shares - 1) < 1e-12, "\(row)")
      }
    }
  }

  // MARK: handmade events

  private static func events(_ subjects: [String]) -> SubjectEvents {
    var events = SubjectEvents(valueCount: 2)
    for subject in subjects {
      for word in subject.split(separator: " ") {
        let parts = word.dropFirst().split(separator: "@")
        let day = Int64(parts[0]) ?? 0
        let hour = parts.count > 1 ? Int64(parts[1]) ?? 0 : 12
        events.days.append(Int32(day))
        switch word.first {
        case "d": events.values[0].append(0)
        case "m": events.values[0].append(1)
        case "e": events.values[0].append(2)
        default: events.values[0].append(SubjectEvents.unknown)
        }
        events.values[1].append(day * 86_400 + hour * 3_600)
      }
      events.starts.append(Int32(events.days.count))
    }
    return events
  }

  private static func run(
    _ events: SubjectEvents, asOf: Int, hasTimes: Bool = true
  ) throws -> AnalysisResult {
    let moments = Moments(
      grouping: VerbGroups(),
      outcomes: Moments.Outcomes(exceeded: 2, met: 1, disappointed: 0), recoveryDays: 60,
      windowPlace: nil, timePlace: hasTimes ? 1 : nil, plural: "interactions")
    let budget = Budget(limit: 1 << 24)
    return try moments.run(
      AnalysisInput(
        count: events.count, events: EventReader([events]), values: [], asOf: asOf,
        plural: "customers",
        budget: budget, database: Database(catalog: .builtIn, budget: budget)))
  }

  private static func counts(
    _ events: SubjectEvents, asOf: Int, hasTimes: Bool = true
  ) throws -> [Int] {
    let summary = try run(events, asOf: asOf, hasTimes: hasTimes).summary
    return [1, 2, 3, 8, 9, 10].map { VerbTests.whole(summary[$0]) ?? -1 }
  }
}

/// A moment as it is written, and what many come to when each is held against each.
private struct Moment {
  var customer: Int
  var day: Int
  var hour: Int
  var outcome: String
  var channel: String

  init(_ random: inout SplitMix64) {
    customer = Int(random.next() % 6) + 1
    // Some fall on few days, so that times of one day differ and are equal.
    day = 20_000 - Int(random.next() % 400) / (random.next() % 2 == 0 ? 20 : 1)
    hour = Int(random.next() % 3) + 9
    let outcomes = ["exceeded", "met", "disappointed", "disappointed", "unknown"]
    outcome = outcomes[Int(random.next() % 5)]
    channel = ["mail", "phone", "unknown"][Int(random.next() % 3)]
  }

  var statement: String {
    "add interaction customer = \(customer), at = \(VerbTests.date(day))T\(hour < 10 ? "0" : "")"
      + "\(hour):00, outcome = \(outcome), channel = \(channel)"
  }

  private func isFollowed(by outcome: String, in all: [Moment]) -> Bool {
    all.contains {
      $0.customer == customer && $0.outcome == outcome && ($0.day, $0.hour) > (day, hour)
        && $0.day - day <= 60
    }
  }

  /// The columns after the group.
  static func figures(_ all: [Moment], in days: ClosedRange<Int>) -> [Scalar] {
    let counted = all.filter { days.contains($0.day) }
    let counts = ["exceeded", "met", "disappointed"].map { outcome in
      counted.count { $0.outcome == outcome }
    }
    let whole = counts.reduce(0, +)
    let lost = counted.filter { $0.outcome == "disappointed" }
    return counts.map { Scalar($0) }
      + counts.map { whole == 0 ? .unknown : .real(Double($0) / Double(whole)) }
      + [
        Scalar(counts[0] - counts[2]),
        Scalar(lost.count { $0.isFollowed(by: "exceeded", in: all) }),
        Scalar(lost.count { $0.isFollowed(by: "disappointed", in: all) }),
      ]
  }
}
