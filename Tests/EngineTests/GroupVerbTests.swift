import Store
import TestSupport
import Testing

@testable import Engine

/// The verbs that fold customers into groups: gap, cover and ladder, against what is counted one by one.
struct GroupVerbTests {
  // MARK: gap

  @Test(arguments: 0..<8)
  func `gaps are those of the answers one by one`(_ seed: Int) throws {
    var random = SplitMix64(UInt64(seed))
    var answers: [(dimension: String, expectation: Int?, perception: Int?)] = []
    for _ in 0..<(seed == 0 ? 0 : 70) {
      let score = { () -> Int? in
        let drawn = Int(random.next() % 9)
        return drawn < 7 ? drawn + 1 : nil
      }
      let dimension = ["reliability", "empathy", "unknown"][Int(random.next() % 3)]
      answers.append((dimension, score(), score()))
    }
    let statements = answers.enumerated().map { place, answer in
      "add survey customer = \(place % 4 + 1), date = 2024-05-0\(place % 9 + 1),"
        + " dimension = \(answer.dimension),"
        + " expectation = \(answer.expectation.map(String.init) ?? "unknown"),"
        + " perception = \(answer.perception.map(String.init) ?? "unknown")"
    }
    let session = try VerbTests.session(customers: 4)
    try VerbTests.add(statements, to: session)
    let shuffled = try VerbTests.session(customers: 4)
    try VerbTests.add(statements.reversed(), to: shuffled)

    var expected: [[Scalar]] = []
    for (key, dimension) in [
      (Scalar.word(0), "reliability"), (.word(3), "empathy"), (.unknown, "unknown"),
    ] {
      let group = answers.filter { $0.dimension == dimension }
      let whole = group.compactMap { answer in
        answer.expectation.flatMap { e in answer.perception.map { (e, $0) } }
      }
      guard !group.isEmpty else { continue }
      let sums = whole.reduce((0, 0)) { ($0.0 + $1.0, $0.1 + $1.1) }
      let mean = { (sum: Int) -> Scalar in
        whole.isEmpty ? .unknown : .real(Double(sum) / Double(whole.count))
      }
      expected.append([
        key, mean(sums.0), mean(sums.1), mean(sums.1 - sums.0), Scalar(whole.count),
      ])
    }
    // As many are equal as there may be: the order of groups decides, which is the order here.
    expected = expected.enumerated().sorted { a, b in
      let (x, y) = (VerbTests.real(a.element[3]), VerbTests.real(b.element[3]))
      return (x ?? .infinity, a.offset) < (y ?? .infinity, b.offset)
    }.map(\.element)
    for source in ["gap customers", "gap customers by surveys.dimension", "gap surveys"] {
      #expect(try VerbTests.rows(source, session) == expected, "\(source), seed \(seed)")
      #expect(try VerbTests.rows(source, shuffled) == expected, "\(source) shuffled, \(seed)")
    }
    for row in expected where row[3].isKnown {
      let (e, p, gap) = (VerbTests.real(row[1]), VerbTests.real(row[2]), VerbTests.real(row[3]))
      #expect(abs((p ?? 0) - (e ?? 0) - (gap ?? 9)) < 1e-12)
    }
  }

  // MARK: cover

  @Test(arguments: 0..<8)
  func `cover counts each employee of a group once`(_ seed: Int) throws {
    var random = SplitMix64(UInt64(seed))
    let regions = ["north", "south", "west", nil]
    let staff = (0..<5).map { _ in regions[Int(random.next() % 4)] }
    var customers: [(region: String?, owner: Int?, value: Int)] = []
    for _ in 0..<(seed == 0 ? 1 : 25) {
      let owner = Int(random.next() % 5)
      customers.append(
        (regions[Int(random.next() % 3)], owner == 0 ? nil : owner, Int(random.next() % 900)))
    }
    let session = try VerbTests.session(customers: 0)
    try VerbTests.add(
      staff.map { "add employee region = \($0.map { "'\($0)'" } ?? "unknown")" }
        + customers.map {
          "add customer region = \($0.region.map { "'\($0)'" } ?? "unknown"),"
            + " owner = \($0.owner.map(String.init) ?? "unknown"), value = \($0.value)"
        }, to: session)

    var expected: [[Scalar]] = []
    for region in regions {
      let group = customers.filter { $0.region == region }
      let own = staff.indices.filter { staff[$0] == region }.map { $0 + 1 }
      let heads = Set(own + group.compactMap(\.owner)).count
      guard !group.isEmpty || heads > 0 else { continue }
      let value = group.reduce(0) { $0 + $1.value * 100 }
      let share: Scalar = heads == 0 ? .unknown : .real(Double(group.count) / Double(heads))
      let valueShare: Scalar =
        heads == 0 ? .unknown : Scalar(Int((Double(value) / Double(heads)).rounded()))
      expected.append([
        Scalar(region), Scalar(group.count), Scalar(heads), share, valueShare,
      ])
    }
    #expect(try VerbTests.rows("cover customers by region", session) == expected, "seed \(seed)")
    let summary = try VerbTests.rows("cover customers by region summary", session)[0]
    #expect(VerbTests.whole(summary[1]) == customers.count)
    #expect(VerbTests.whole(summary[2]) == 5, "every employee has a region, known or not")
    // By who owns them every employee has a group, and nobody is counted twice.
    let byOwner = try VerbTests.rows("cover customers by owner.region", session)
    let heads = byOwner.reduce(0) { $0 + (VerbTests.whole($1[2]) ?? 0) }
    #expect(heads == 5)
  }

  // MARK: ladder

  @Test(arguments: 0..<4)
  func `the ladder counts the field rung`(_ seed: Int) throws {
    var random = SplitMix64(UInt64(seed))
    let session = try VerbTests.session(customers: seed == 0 ? 0 : 12)
    for _ in 0..<(seed == 0 ? 0 : 40) {
      let customer = Int(random.next() % 12) + 1
      let day = VerbTests.date(20_000 - Int(random.next() % 300))
      try VerbTests.add(
        ["add order customer = \(customer), date = \(day), amount = 10"], to: session)
    }
    if seed > 0 {
      try VerbTests.add(
        ["update customers where id > 8 set value = 12.5"], to: session)
    }
    let rows = try VerbTests.rows("ladder customers", session)
    let names = session.database.catalog.rules.rungs.count
    #expect(rows.map { $0[0] } == (seed == 0 ? [] : (0..<names).reversed().map { Scalar($0) }))
    let counted = try VerbTests.rows(
      "find customers group by rung show count(), sum(value) as value", session)
    for row in rows {
      let found = counted.first { $0[0] == row[0] }
      #expect(row[1] == found?[1] ?? .word(0))
      #expect(row[3] == found?[2] ?? .word(0))
    }
    let shares = rows.reduce(0) { $0 + (VerbTests.real($1[2]) ?? 0) }
    #expect(abs(shares - (seed == 0 ? 0 : 1)) < 1e-12)
  }
}
