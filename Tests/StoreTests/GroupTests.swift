import Store
import Testing

@Suite struct GroupTests {
  /// What one run over random rows is made of.
  struct Setting: Sendable {
    var keyTypes: [ValueType]
    var domains: [ClosedRange<Int64>?]
    var seed: UInt64
  }

  @Test(arguments: [
    Setting(keyTypes: [], domains: [], seed: 1),
    Setting(keyTypes: [.integer], domains: [-6...6], seed: 2),
    Setting(keyTypes: [.integer, .flag], domains: [-6...6, -6...6], seed: 3),
    Setting(keyTypes: [.integer], domains: [-2...2], seed: 4),
    Setting(keyTypes: [.text], domains: [nil], seed: 5),
    Setting(keyTypes: [.number, .text, .integer], domains: [nil, nil, -6...6], seed: 6),
  ])
  func `groups and every aggregate agree with dictionaries`(setting: Setting) throws {
    var random = SeededGenerator(seed: setting.seed)
    let count = 1_500
    let keys = setting.keyTypes.map { random.scalars($0, count: count) }
    let mask = random.mask(count)
    let types: [ValueType] = [.text, .number, .integer, .money, .date]
    let values = types.map { random.scalars($0, count: count) }
    let order = random.scalars(.time, count: count)
    let halves = [0..<600, 600..<count]
    let keyVectors = zip(keys, setting.keyTypes).map { Vector($0, as: $1) }
    let valueVectors = zip(values, types).map { Vector($0, as: $1) }
    let orderVector = Vector(order, as: .time)
    let budget = Budget()
    var tables: [GroupTable] = []
    var all: [[(Accumulator.Kind, Int, Accumulator)]] = []
    for half in halves {
      let table = GroupTable(keyTypes: setting.keyTypes, domains: setting.domains, budget: budget)
      let accumulators = types.indices.flatMap { t in
        Self.kinds(types[t]).map { ($0, t, Accumulator($0, of: types[t], budget: budget)) }
      }
      // What was forgotten leaves no trace.
      let taken = valueVectors.map { $0.gathered([1, 2, 3]) }
      for (_, t, accumulator) in accumulators {
        try accumulator.add(
          taken[t], order: orderVector.gathered([1, 2, 3]), rows: .run(base: 1, count: 3),
          ids: [2, 1, 2], groupCount: 2)
        accumulator.reset()
      }
      for start in stride(from: half.lowerBound, to: half.upperBound, by: 512) {
        let rows = start..<min(start + 512, half.upperBound)
        let offsets = rows.map(Int32.init)
        let ids = try table.ids(
          of: keyVectors.map { $0.gathered(offsets) }, in: Mask(Array(mask.bytes[rows])))
        let batches = valueVectors.map { $0.gathered(offsets) }
        let batchOrder = orderVector.gathered(offsets)
        for (_, t, accumulator) in accumulators {
          try accumulator.add(
            batches[t], order: batchOrder, rows: .run(base: start, count: rows.count), ids: ids,
            groupCount: table.groupCount)
        }
      }
      tables.append(table)
      all.append(accumulators)
    }
    let mapping = try tables[0].merge(tables[1])
    let groupCount = tables[0].groupCount
    for (mine, other) in zip(all[0], all[1]) {
      try mine.2.merge(other.2, mapping: mapping, groupCount: groupCount)
    }

    var members: [[Int]] = setting.keyTypes.isEmpty ? [[]] : []
    var numbers: [[Scalar]: Int] = setting.keyTypes.isEmpty ? [[]: 0] : [:]
    for row in 0..<count where mask.bytes[row] != 0 {
      let key = keys.map { $0[row] }
      let group = numbers[key] ?? members.count
      if group == members.count { members.append([]) }
      numbers[key] = group
      members[group].append(row)
    }
    #expect(groupCount == members.count, "seed \(setting.seed)")
    let found = try tables[0].keys()
    for (key, group) in numbers {
      #expect(found.map { $0[group] } == key, "seed \(setting.seed)")
    }
    for (kind, t, accumulator) in all[0] {
      let result = try accumulator.finish(groupCount: groupCount)
      #expect(result.keepsItsPromise)
      let expected = members.map { rows in
        Self.reference(kind, types[t], rows.map { (values[t][$0], order[$0], $0) })
      }
      let isEqual = zip(result.scalars, expected).allSatisfy { Self.isClose($0, $1) }
      #expect(isEqual, "seed \(setting.seed): \(kind) of \(types[t].name)")
      #expect(result.count == expected.count)
    }
  }

  @Test func `sums are exact and know their range`() throws {
    func sum(_ words: [Int64], _ type: ValueType, _ kind: Accumulator.Kind = .sum) throws -> Scalar
    {
      let accumulator = Accumulator(kind, of: type, budget: Budget())
      for word in words {
        try accumulator.add(Vector(words: [word, 7]), ids: [1, 0], groupCount: 1)
      }
      return try accumulator.finish(groupCount: 1)[0]
    }
    let top = Limits.moneyMinorMax
    #expect(try sum([.max, .max, .min, .min, 5], .integer) == .word(3))
    #expect(try sum([.max, .max], .integer, .average) == .real(0x1p63))
    #expect(try sum([top, 1, -1], .money) == .word(top))
    #expect(try sum([top, top, top - 2], .money, .average) == .word(top - 1))
    #expect(try sum([1, 2], .money, .average) == .word(2))
    #expect(try sum([-1, -2], .money, .median) == .word(-2))
    #expect(throws: StoreError.integerOverflow) { try sum([.max, 1], .integer) }
    #expect(throws: StoreError.amountOutOfRange) { try sum([top, 1], .money) }
    let reals = Accumulator(.sum, of: .number, budget: Budget())
    for real in [1e100, 1, -1e100, 1] {
      try reals.add(Vector(reals: [real]), ids: [1], groupCount: 1)
    }
    #expect(try reals.finish(groupCount: 1)[0] == .real(2))
  }

  @Test(
    arguments: [
      ([], nil), ([7], nil), ([7, 7, 7], nil), ([7, 9], 2), ([1, 1, 4, 10], 4.5),
      ([30, 10, 20, 10, 5], 10), ([-5, 5, -15], 10), ([.min + 1, .min + 3, .min + 9], 4),
    ] as [([Int64], Double?)])
  func `the median gap is between distinct days, in any order`(
    row: (days: [Int64], gap: Double?)
  ) throws {
    let expected = row.gap.map { Scalar.real($0) } ?? .unknown
    let halves = [row.days.prefix(2), row.days.dropFirst(2)]
    for (type, unit) in [(ValueType.date, Int64(1)), (.time, 86_400)] {
      if unit > 1, row.days.contains(where: { $0 < -1_000 }) { continue }
      let parts = halves.map { _ in Accumulator(.medianGap, of: type, budget: Budget()) }
      for (part, days) in zip(parts, halves) {
        for day in days {
          // A time within the day, and one that is unknown.
          let moment = day * unit + (unit > 1 ? (day & 1) * 86_399 : 0)
          try part.add(Vector(words: [moment, 0], known: [0x80, 0]), ids: [1, 1], groupCount: 1)
        }
      }
      try parts[0].merge(parts[1], mapping: [0, 1], groupCount: 1)
      #expect(try parts[0].finish(groupCount: 1)[0] == expected, "\(type)")
    }
  }

  @Test func `a table that grows asks the budget and gives back`() throws {
    let budget = Budget(limit: 4 * 1_024 * 1_024)
    func fill(_ groupCount: Int) throws {
      let table = GroupTable(keyTypes: [.integer], domains: [nil], budget: budget)
      for start in stride(from: 0, to: groupCount, by: 2_048) {
        let words = (start..<start + 2_048).map(Int64.init)
        _ = try table.ids(of: [Vector(words: words)], in: Mask(count: 2_048))
      }
      #expect(table.groupCount == groupCount)
    }
    try fill(20_480)
    #expect(budget.usedByteCount == 0)
    #expect(throws: StoreError.self) { try fill(204_800) }
    #expect(budget.usedByteCount == 0)
  }

  @Test(arguments: [
    (0.2, 1 as Int64, 5 as Int64), (0, 0, 1), (1, 1, 1), (0.07, 7, 100), (0.125, 1, 8),
  ])
  func `a share is the ratio its decimals say`(row: (share: Double, above: Int64, below: Int64)) {
    let ratio = Ratio(row.share)
    #expect(ratio.map { $0.numerator * row.below == $0.denominator * row.above } == true)
    #expect(Ratio(1.5) == nil)
    #expect(Ratio(-0.1) == nil)
    #expect(Ratio(.nan) == nil)
  }

  private static func kinds(_ type: ValueType) -> [Accumulator.Kind] {
    let any: [Accumulator.Kind] = [
      .countRows, .countKnown, .countDistinct, .min, .max, .mode, .first, .last,
    ]
    switch type {
    case .text: return any
    case .date: return any + [.median, .medianGap, .percentile(Ratio(1, 10))]
    default:
      return any + [.sum, .average, .median, .percentile(Ratio(9, 10)), .percentile(Ratio(0, 1))]
    }
  }

  private static func isClose(_ a: Scalar, _ b: Scalar) -> Bool {
    if case .real(let x) = a, case .real(let y) = b { return abs(x - y) <= 1e-12 * max(1, abs(y)) }
    return a == b
  }

  private static func reference(
    _ kind: Accumulator.Kind, _ type: ValueType, _ rows: [(Scalar, Scalar, Int)]
  ) -> Scalar {
    let known = rows.map(\.0).filter(\.isKnown)
    let sorted = known.sorted { isBefore($0, $1) }
    func word(_ scalar: Scalar) -> Int64 { if case .word(let word) = scalar { word } else { 0 } }
    func real(_ scalar: Scalar) -> Double {
      switch scalar {
      case .word(let word): Double(word)
      case .real(let real): real
      default: 0
      }
    }
    switch kind {
    case .countRows: return .word(Int64(rows.count))
    case .countKnown: return .word(Int64(known.count))
    case .countDistinct: return .word(Int64(Set(known).count))
    case .sum where type == .number: return .real(known.reduce(0) { $0 + real($1) })
    case .sum: return .word(known.reduce(0) { $0 + word($1) })
    case .first, .last:
      let isFirst = kind == .first
      let missing: Int64 = isFirst ? .max : .min
      func key(_ row: (Scalar, Scalar, Int)) -> (Int64, Int) {
        (row.1.isKnown ? word(row.1) : missing, row.2)
      }
      let end = isFirst ? rows.min { key($0) < key($1) } : rows.max { key($0) < key($1) }
      return end?.0 ?? .unknown
    default: break
    }
    if known.isEmpty { return .unknown }
    switch kind {
    case .average where type == .money:
      return .word(roundedHalf(known.reduce(0) { $0 + word($1) }, Int64(known.count)))
    case .average: return .real(known.reduce(0) { $0 + real($1) } / Double(known.count))
    case .min: return sorted[0]
    case .max: return sorted[sorted.count - 1]
    case .median:
      let (low, high) = (sorted[(sorted.count - 1) / 2], sorted[sorted.count / 2])
      switch type {
      case .date: return low
      case .money: return .word(roundedHalf(word(low) + word(high), 2))
      default: return .real((real(low) + real(high)) / 2)
      }
    case .medianGap:
      let days = Set(known.map(word)).sorted()
      let gaps = zip(days, days.dropFirst()).map { $1 - $0 }.sorted()
      if gaps.isEmpty { return .unknown }
      return .real(Double(gaps[(gaps.count - 1) / 2] + gaps[gaps.count / 2]) / 2)
    case .percentile(let share):
      let rank =
        (sorted.count * Int(share.numerator) + Int(share.denominator) - 1)
        / Int(share.denominator)
      return sorted[max(rank, 1) - 1]
    case .mode:
      var counts: [Scalar: Int] = [:]
      for scalar in known { counts[scalar, default: 0] += 1 }
      let most = counts.values.max() ?? 0
      return sorted.first { counts[$0] == most } ?? .unknown
    default: return .unknown
    }
  }

  private static func roundedHalf(_ a: Int64, _ b: Int64) -> Int64 {
    let size = (2 * abs(a) + b) / (2 * b)
    return a < 0 ? -size : size
  }
}

/// The order of two known values of one type.
func isBefore(_ a: Scalar, _ b: Scalar) -> Bool {
  switch (a, b) {
  case (.word(let x), .word(let y)): x < y
  case (.real(let x), .real(let y)): x < y
  case (.text(let x), .text(let y)): textOrder(x, y) < 0
  default: false
  }
}
