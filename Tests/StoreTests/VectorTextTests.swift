import Store
import Testing

@Suite struct VectorTextTests {
  @Test(arguments: [
    (2_020, 12, 31, 53), (2_021, 1, 3, 53), (2_021, 1, 4, 1), (2_024, 12, 29, 52),
    (2_024, 12, 30, 1), (2_026, 1, 1, 1), (2_027, 1, 1, 53), (1_969, 12, 31, 1), (2_000, 2, 29, 9),
  ])
  func `days near the turn of the year have their ISO week`(
    row: (year: Int, month: Int, day: Int, week: Int)
  ) {
    let day = Day.number(year: row.year, month: row.month, day: row.day)
    #expect(Vector(words: [Int64(day)]).datePart(.week)[0] == .word(Int64(row.week)))
  }

  @Test func `parts of dates agree with the calendar`() throws {
    let days = (0..<3_000).map { -800_000 + $0 * 577 } + [.unknown].map { (_: Scalar) in 0 }
    var vector = Vector(words: days.map(Int64.init))
    vector.known[3_000] = 0
    var parts: [Vector.DatePart: Vector] = [:]
    for part in Vector.DatePart.allCases { parts[part] = vector.datePart(part) }
    let month = try vector.shiftedDates(months: 1, days: -1, in: Mask(count: 3_001))
    let times = try vector.converted(.dateToTime, in: Mask(count: 3_001))
    let later = try times.shiftedTimes(months: -13, days: 2, in: Mask(count: 3_001))
    var wrong: [Int] = []
    for (i, day) in days.dropLast().enumerated() {
      let (year, month_, dayOfMonth) = Day.date(day)
      let weekday = (day % 7 + 10) % 7 + 1
      let first = Day.number(year: year, month: month_, day: 1)
      let expected: [Vector.DatePart: Int] = [
        .year: year, .quarter: (month_ - 1) / 3 + 1, .month: month_, .day: dayOfMonth,
        .weekday: weekday, .monthOf: first, .weekOf: day - weekday + 1,
        .quarterOf: Day.number(year: year, month: (month_ - 1) / 3 * 3 + 1, day: 1),
      ]
      for (part, value) in expected where parts[part]?[i] != .word(Int64(value)) { wrong.append(i) }
      if month[i] != .word(Int64(Day.add(months: 1, to: day) - 1)) { wrong.append(i) }
      let seconds = Int64(Day.add(months: -13, to: day) + 2) * 86_400
      if later[i] != .word(seconds) { wrong.append(i) }
    }
    #expect(wrong == [])
    #expect(parts.values.allSatisfy { $0[3_000] == .unknown && $0.keepsItsPromise })
    #expect(
      try Vector(words: [-1]).shiftedTimes(months: 0, days: 1, in: Mask(count: 1))[0]
        == .word(86_399))
    #expect(throws: StoreError.integerOverflow) {
      try vector.shiftedDates(months: 0, days: Int(Int32.max), in: Mask(count: 3_001))
    }
  }

  @Test func `texts change, join and have a length`() {
    let texts: [Scalar] = [
      .text(" \u{3000}Ana É\t"), .unknown, .text(""), .text("ẞß Å株😀"), .text("  "),
      .text("e\u{301}"),
    ]
    let vector = Vector(texts, as: .text)
    typealias Row = (Vector, [Scalar])
    let rows: [Row] = [
      (
        vector.lowered(),
        [.text(" \u{3000}ana é\t"), .unknown, .text(""), .text("ẞß å株😀"), .text("  "), texts[5]]
      ),
      (
        vector.uppered(),
        [
          .text(" \u{3000}ANA É\t"), .unknown, .text(""), .text("ẞß Å株😀"), .text("  "),
          .text("E\u{301}"),
        ]
      ),
      (
        vector.trimmed(),
        [.text("Ana É"), .unknown, .text(""), .text("ẞß Å株😀"), .text(""), texts[5]]
      ),
      (vector.scalarCounts(), [.word(8), .unknown, .word(0), .word(6), .word(2), .word(2)]),
      (
        Vector.joined(vector, vector.trimmed(), in: Mask([0x80, 0x80, 0x80, 0, 0x80, 0x80])),
        [
          .text(" \u{3000}Ana É\tAna É"), .unknown, .text(""), .unknown, .text("  "),
          .text("e\u{301}e\u{301}"),
        ]
      ),
    ]
    for (result, expected) in rows {
      #expect(result.scalars == expected)
      #expect(result.keepsItsPromise)
    }
  }

  @Test func `comparisons agree with a row at a time`() {
    let seed: UInt64 = 21
    var random = SeededGenerator(seed: seed)
    for type in [ValueType.text, .number, .integer] {
      for count in [0, 1, 500] {
        let a = random.scalars(type, count: count)
        let b = random.scalars(type, count: count)
        for comparison in Vector.Comparison.allCases {
          let start = random.mask(count)
          var mask = start
          Vector(a, as: type).keep(comparison, Vector(b, as: type), in: &mask)
          let expected = (0..<count).map {
            start.bytes[$0] != 0 && holds(comparison, a[$0], b[$0]) ? 0x80 as UInt8 : 0
          }
          #expect(mask.bytes == expected, "seed \(seed), \(comparison)")
        }
      }
    }
    let texts = random.scalars(.text, count: 500)
    let parts = random.scalars(.text, count: 500)
    for relation in Vector.TextRelation.allCases {
      var mask = Mask(count: 500)
      Vector(texts, as: .text).keep(relation, Vector(parts, as: .text), in: &mask)
      for i in 0..<500 {
        guard case .text(let text) = texts[i], case .text(let part) = parts[i] else {
          #expect(mask.bytes[i] == 0)
          continue
        }
        let test: TextTest.Kind =
          switch relation {
          case .contains: .contains(part)
          case .startsWith: .startsWith(part)
          case .endsWith: .endsWith(part)
          case .hasWord: .hasWord(part)
          }
        #expect(
          (mask.bytes[i] != 0) == TextTest(test).passes(text), "\(relation) '\(text)' '\(part)'")
      }
    }
  }

  @Test func `tests of values keep what passes`() {
    let words = Vector([.word(-1), .unknown, .word(0), .word(5), .word(.max)], as: .integer)
    let reals = Vector([.real(-1), .unknown, .real(0), .real(0.5), .real(1e300)], as: .number)
    let texts = Vector([.text("Ana"), .unknown, .text(""), .text("É"), .text("ana b")], as: .text)
    typealias Row = (Vector, ColumnTest, [Int32])
    let rows: [Row] = [
      (words, .words(0...5), [2, 3]), (words, .words(.min ... .max), [0, 2, 3, 4]),
      (words, .wordSet([0, 5, 7]), [2, 3]), (words, .unknown, [1]), (words, .known, [0, 2, 3, 4]),
      (reals, .reals(lower: 0, isLowerOpen: false, upper: 0.5, isUpperOpen: false), [2, 3]),
      (reals, .reals(lower: 0, isLowerOpen: true, upper: 0.5, isUpperOpen: false), [3]),
      (reals, .reals(lower: 0, isLowerOpen: false, upper: 0.5, isUpperOpen: true), [2]),
      (reals, .reals(lower: 0, isLowerOpen: true, upper: 0, isUpperOpen: false), []),
      (reals, .reals(lower: 1, isLowerOpen: false, upper: 0, isUpperOpen: false), []),
      (
        reals, .reals(lower: -.infinity, isLowerOpen: true, upper: .infinity, isUpperOpen: true),
        [0, 2, 3, 4]
      ),
      (reals, .realSet([0.5, 7]), [3]), (reals, .unknown, [1]),
      (texts, .text(TextTest(.contains("AN"))), [0, 4]),
      (texts, .text(TextTest(.equals("é"))), [3]),
    ]
    for (vector, test, expected) in rows {
      var mask = Mask(count: 5)
      vector.keep(test, in: &mask)
      #expect(mask.offsets == expected, "\(test)")
    }
  }

  private func holds(_ comparison: Vector.Comparison, _ a: Scalar, _ b: Scalar) -> Bool {
    guard a.isKnown, b.isKnown else { return false }
    let order: Int
    switch (a, b) {
    case (.word(let x), .word(let y)): order = x < y ? -1 : x > y ? 1 : 0
    case (.real(let x), .real(let y)): order = x < y ? -1 : x > y ? 1 : 0
    case (.text(let x), .text(let y)):
      if comparison == .equal {
        return Folding.fold(x).utf8.elementsEqual(Folding.fold(y).utf8)
      }
      order = textOrder(x, y)
    default: return false
    }
    return switch comparison {
    case .equal, .equalExactly: order == 0
    case .less: order < 0
    case .lessOrEqual: order <= 0
    case .greater: order > 0
    case .greaterOrEqual: order >= 0
    }
  }
}

/// The order of texts, by arrays: A–Z folded bytes, then bytes.
func textOrder(_ a: String, _ b: String) -> Int {
  let (x, y) = (Array(a.utf8), Array(b.utf8))
  let folded = { (bytes: [UInt8]) in bytes.map { (65...90).contains($0) ? $0 + 32 : $0 } }
  if folded(x) != folded(y) { return folded(x).lexicographicallyPrecedes(folded(y)) ? -1 : 1 }
  return x == y ? 0 : x.lexicographicallyPrecedes(y) ? -1 : 1
}
