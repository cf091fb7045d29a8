import Store
import Testing

@Suite struct ColumnTests {
  @Test(
    "A column loads and tests as an array of its values would",
    arguments: SampleKind.allCases, [0, 0.2, 1])
  func agreesWithArray(kind: SampleKind, unknownShare: Double) throws {
    let seed = 11
    var random = SampleRandom(seed: seed)
    let budget = Budget()
    let column = Column(type: kind.type, budget: budget)
    var values: [Scalar] = []
    // Vectors whose ends fall inside a byte of the bitmap; a stretch all unknown before and between.
    try column.appendUnknown(3)
    values += [Scalar](repeating: .unknown, count: 3)
    for count in [1, 6, 900, 4_500, 64, 13] {
      let part = sampleValues(kind, count: count, unknownShare: unknownShare, &random)
      try column.append(vector(part, type: kind.type))
      values += part
      if count == 64 {
        try column.appendUnknown(10)
        values += [Scalar](repeating: .unknown, count: 10)
      }
    }
    #expect(column.rowCount == values.count)
    #expect(column.unknownCount == values.count { !$0.isKnown })
    #expect(unknownShare < 1 || budget.usedByteCount == 0)

    let list = (0..<700).map { _ in Int32.random(in: -1..<Int32(values.count), using: &random) }
    let batches: [Rows] = [
      .run(base: 0, count: 600), .run(base: 1_003, count: 701), .run(base: 4_790, count: 700),
      .list(list), .list([]), .run(base: values.count, count: 0),
    ]
    for rows in batches {
      let expected = (0..<rows.count).map { rows[$0] < 0 ? Scalar.unknown : values[rows[$0]] }
      let loaded = column.load(rows)
      #expect((0..<rows.count).map { loaded[$0] } == expected, "seed \(seed)")
      for (test, passes) in kind.tests {
        var mask = Mask((0..<rows.count).map { $0 % 7 == 3 ? 0 : 0x80 })
        let before = mask.bytes
        column.keep(test, of: rows, in: &mask)
        let wanted = expected.indices.map { offset -> UInt8 in
          let value = expected[offset]
          let isPassing: Bool
          if case .unknown = test {
            isPassing = !value.isKnown
          } else {
            isPassing = value.isKnown && passes(value)
          }
          return isPassing ? before[offset] : 0
        }
        #expect(mask.bytes == wanted, "\(kind) \(test) \(rows) seed \(seed)")
      }
    }
  }

  @Test("A chunk's statistics hold around its ends", arguments: [65_535, 65_536, 65_537, 131_073])
  func chunkEnds(count: Int) throws {
    let column = Column(type: .integer, budget: Budget())
    var known = [UInt8](repeating: 0x80, count: count)
    known[count - 1] = 0
    let words = (0..<count).map { Int64($0) }
    try column.append(Vector(words: words, known: known))
    #expect(column.chunkCount == (count + 65_535) / 65_536)
    #expect(column.wordBounds == 0...Int64(count - 2))
    let firstTest = ColumnTest.words(0...min(65_535, Int64(count - 2)))
    #expect(column.verdict(of: firstTest, chunk: 0) == (count <= 65_536 ? .some : .all))
    if count == 65_537 {
      // The second chunk holds one unknown value.
      #expect(column.verdict(of: .words(0...Int64.max), chunk: 1) == .none)
      #expect(column.verdict(of: .unknown, chunk: 1) == .all)
    }
    if count > 65_537 {
      #expect(column.verdict(of: .words(0...65_535), chunk: 1) == .none)
      #expect(column.verdict(of: .words(65_536...65_600), chunk: 1) == .some)
    }
    let base = min(65_000, count - 537)
    let rows = Rows.run(base: base, count: count - base > 2_048 ? 2_048 : count - base)
    var mask = Mask(count: rows.count)
    column.keep(.words(65_100...65_540), of: rows, in: &mask)
    let wanted = (0..<rows.count).map { offset -> UInt8 in
      let row = rows[offset]
      return row < count - 1 && row >= 65_100 && row <= 65_540 ? 0x80 : 0
    }
    #expect(mask.bytes == wanted)
  }

  @Test("An integer column widens when larger values come and keeps the old ones")
  func widens() throws {
    let budget = Budget()
    let column = Column(type: .integer, budget: budget)
    var values: [Scalar] = []
    for limit: Int64 in [127, 128, 32_768, -32_769, 2_147_483_648, .min, .max] {
      let part = [Scalar.word(limit), .unknown, .word(-1)]
      try column.append(vector(part, type: .integer))
      values += part
      let loaded = column.load(.run(base: 0, count: values.count))
      #expect((0..<values.count).map { loaded[$0] } == values)
    }
    #expect(column.wordBounds == Int64.min...Int64.max)
    let small = Column(type: .integer, budget: budget)
    let before = budget.usedByteCount
    try small.append(Vector(words: [Int64](repeating: 5, count: 60_000)))
    #expect(budget.usedByteCount - before < 61_000)
  }

  @Test("A text of few values keeps codes and moves to a heap when too many differ")
  func leavesDictionary() throws {
    let column = Column(type: .text, budget: Budget())
    var values = (0..<9_000).map { Scalar.text("town \($0 % 300)") }
    values[17] = .unknown
    try column.append(vector(values, type: .text))
    #expect(column.dictionaryCount == 300)
    #expect(column.distinctCount == 300)
    #expect(column.dictionary?[2] == "town 2")
    let many = (0..<9_000).map { $0 % 100 == 1 ? Scalar.unknown : .text("Person \($0)") }
    try column.append(vector(many, type: .text))
    values += many
    #expect(column.dictionaryCount == nil)
    for base in stride(from: 0, to: 18_000, by: 3_000) {
      let loaded = column.load(.run(base: base, count: 3_000))
      #expect((0..<3_000).map { loaded[$0] } == Array(values[base..<base + 3_000]))
    }
    var mask = Mask(count: 18_000)
    column.keep(.text(TextTest(.contains("N 77"))), of: .run(base: 0, count: 18_000), in: &mask)
    let wanted = values.map { value -> UInt8 in
      if case .text(let text) = value, text.contains("n 77") { 0x80 } else { 0 }
    }
    #expect(mask.bytes == wanted)
  }

  @Test("A refused append leaves the column as it was and gives its bytes back")
  func refusesCleanly() throws {
    for kind in SampleKind.allCases {
      var random = SampleRandom(seed: 5)
      let budget = Budget(limit: 200_000)
      do {
        let column = Column(type: kind.type, budget: budget)
        let first = sampleValues(kind, count: 500, unknownShare: 0.1, &random)
        try column.append(vector(first, type: kind.type))
        let big = sampleValues(kind, count: 60_000, unknownShare: 0.1, &random)
        var isRefused = false
        for _ in 0..<12 where !isRefused {
          let rowCount = column.rowCount
          do {
            try column.append(vector(big, type: kind.type))
          } catch {
            isRefused = true
            #expect(column.rowCount == rowCount)
          }
        }
        #expect(isRefused, "\(kind)")
        let loaded = column.load(.run(base: 0, count: 500))
        #expect((0..<500).map { loaded[$0] } == first, "\(kind)")
      }
      #expect(budget.usedByteCount == 0, "\(kind)")
    }
  }

  @Test("Selectivity is exact for counted values and near for sampled ones")
  func selectivity() throws {
    var random = SampleRandom(seed: 9)
    for kind in SampleKind.allCases {
      let column = Column(type: kind.type, budget: Budget())
      let values = sampleValues(kind, count: 20_000, unknownShare: 0.3, &random)
      try column.append(vector(values, type: kind.type))
      for (test, passes) in kind.tests {
        let passing = values.count { value in
          if case .unknown = test { return !value.isKnown }
          return value.isKnown && passes(value)
        }
        let share = Double(passing) / 20_000
        let isExact = [.choice, .flag, .fewTexts].contains(kind)
        #expect(
          abs(column.selectivity(of: test) - share) < (isExact ? 1e-9 : 0.05), "\(kind) \(test)")
      }
    }
  }

  @Test("Known references below zero and numbers that are none become unknown")
  func takesOnlyValues() throws {
    let reference = Column(type: .reference(EntityID(1)), budget: Budget())
    try reference.append(Vector(words: [4, -1, 0]))
    #expect([reference[0], reference[1], reference[2]] == [.word(4), .unknown, .word(0)])
    let number = Column(type: .number, budget: Budget())
    try number.append(Vector(reals: [.nan, -0.0, 2]))
    #expect([number[0], number[1], number[2]] == [.unknown, .real(0), .real(2)])
  }
}
