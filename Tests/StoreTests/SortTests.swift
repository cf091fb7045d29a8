import Store
import Testing

@Suite struct SortTests {
  @Test func `sorting agrees with comparing`() throws {
    let seed: UInt64 = 31
    var random = SeededGenerator(seed: seed)
    let types: [ValueType] = [.text, .number, .integer, .date]
    for count in [0, 1, 2, 17, 400] {
      for keyCount in 1...3 {
        for isTieDescending in [false, true] {
          let picked = (0..<keyCount).map { _ in types[Int.random(in: 0..<4, using: &random)] }
          let scalars = picked.map { random.scalars($0, count: count, isNarrow: keyCount > 1) }
          let isDescending = picked.map { _ in Bool.random(using: &random) }
          let keys = picked.indices.map {
            SortKey(Vector(scalars[$0], as: picked[$0]), isDescending: isDescending[$0])
          }
          let order = try RowOrder.sorted(
            count: count, by: keys, isTieDescending: isTieDescending)
          let expected = (0..<count).sorted { a, b in
            for key in scalars.indices {
              let (x, y) = (scalars[key][a], scalars[key][b])
              if x.isKnown != y.isKnown { return x.isKnown }
              if isBefore(x, y) { return !isDescending[key] }
              if isBefore(y, x) { return isDescending[key] }
            }
            return isTieDescending ? a > b : a < b
          }
          #expect(order == expected.map(Int32.init), "seed \(seed), \(picked.map(\.name))")
        }
      }
    }
    let extremes = Vector(words: [0, .min, .max, -1, 1, .min])
    #expect(
      try RowOrder.sorted(count: 6, by: [SortKey(extremes)]) == [1, 5, 3, 0, 4, 2])
    let long = Vector(
      (0..<500).map { _ in Scalar.text("samePrefix" + random.text()) }, as: .text)
    let order = try RowOrder.sorted(count: 500, by: [SortKey(long, isDescending: true)])
    let isSorted = zip(order, order.dropFirst()).allSatisfy { a, b in
      let (x, y) = (long[Int(a)], long[Int(b)])
      return isBefore(y, x) || x == y && a < b
    }
    #expect(isSorted)
  }

  @Test func `the top rows are the first of all sorted`() throws {
    let seed: UInt64 = 41
    var random = SeededGenerator(seed: seed)
    let count = 3_000
    for type in [ValueType.text, .number, .integer] {
      for isNarrow in [true, false] {
        let scalars = random.scalars(type, count: count, isNarrow: isNarrow)
        let all = Vector(scalars, as: type)
        let mask = random.mask(count)
        for (limit, isDescending, isTieDescending) in [
          (0, true, false), (1, true, false), (20, true, false), (20, false, true),
          (20, true, true), (300, false, false), (20_000, true, false),
        ] {
          var halves: [TopRows] = []
          for half in [0..<1_300, 1_300..<count] {
            var top = TopRows(
              limit: limit, of: type, isDescending: isDescending, isTieDescending: isTieDescending)
            for start in stride(from: half.lowerBound, to: half.upperBound, by: 512) {
              let rows = (start..<min(start + 512, half.upperBound))
              let batch = all.gathered(rows.map(Int32.init))
              var batchMask = Mask(Array(mask.bytes[rows]))
              if let threshold = top.threshold { batch.keep(threshold, in: &batchMask) }
              try top.add(batch, rows: .run(base: start, count: rows.count), in: batchMask)
            }
            halves.append(top)
          }
          try halves[0].merge(halves[1])
          let result = try halves[0].finish()
          let candidates = (0..<count).filter { mask.bytes[$0] != 0 && scalars[$0].isKnown }
          let sorted = candidates.sorted { a, b in
            if isBefore(scalars[a], scalars[b]) { return !isDescending }
            if isBefore(scalars[b], scalars[a]) { return isDescending }
            return isTieDescending ? a > b : a < b
          }
          #expect(result.rows == sorted.prefix(limit).map(Int32.init), "seed \(seed), \(limit)")
          let isCut =
            limit > 0 && sorted.count > limit
            && scalars[sorted[limit - 1]] == scalars[sorted[limit]]
          #expect(result.isTieCut == isCut)
        }
      }
    }
  }

  @Test func `ranks and their kin agree with counting`() throws {
    let seed: UInt64 = 51
    var random = SeededGenerator(seed: seed)
    for (type, keyCount, count) in [
      (ValueType.integer, 0, 0), (.integer, 0, 1), (.money, 0, 211), (.number, 1, 211),
      (.integer, 2, 211), (.text, 1, 211),
    ] {
      let scalars = random.scalars(type, count: count)
      let keys = (0..<keyCount).map { _ in random.scalars(.flag, count: count) }
      let vector = Vector(scalars, as: type)
      let ranking = try Ranking(
        vector, as: type, per: keys.map { (Vector($0, as: .flag), .flag) }, budget: Budget())
      let (ranks, tiles, percentiles) = (
        try ranking.ranks(), try ranking.tiles(5), try ranking.percentileRanks()
      )
      let shares = type == .text ? nil : (try ranking.shares(), try ranking.runningShares())
      let top = try ranking.inTop(Ratio(1, 5), isTop: true)
      let bottom = try ranking.inTop(Ratio(1, 5), isTop: false)
      var wrong: [String] = []
      for row in 0..<count {
        func check(_ name: String, _ isRight: Bool) {
          if !isRight { wrong.append("\(name) \(row)") }
        }
        guard scalars[row].isKnown else {
          check("unknown", ranks[row] == .unknown && tiles[row] == .unknown)
          check("unknown", percentiles[row] == .unknown && top.bytes[row] == 0)
          continue
        }
        let peers = (0..<count).filter { other in
          scalars[other].isKnown && keys.allSatisfy { $0[other] == $0[row] }
        }
        let worse = peers.filter { isBefore(scalars[$0], scalars[row]) }.count
        let better = peers.filter { isBefore(scalars[row], scalars[$0]) }.count
        check("rank", ranks[row] == .word(Int64(better + 1)))
        check("tile", tiles[row] == .word(Int64(min(5, 1 + 5 * worse / peers.count))))
        let percentile = peers.count == 1 ? 0 : Double(worse) / Double(peers.count - 1)
        check("percentile", percentiles[row] == .real(percentile))
        check("top", (top.bytes[row] != 0) == (5 * worse >= 4 * peers.count))
        check("bottom", (bottom.bytes[row] != 0) == (5 * better >= 4 * peers.count))
        guard let shares else { continue }
        func real(_ scalar: Scalar) -> Double {
          switch scalar {
          case .word(let word): Double(word)
          case .real(let real): real
          default: 0
          }
        }
        let whole = peers.reduce(0) { $0 + real(scalars[$1]) }
        let running = peers.filter { !isBefore(scalars[$0], scalars[row]) }
          .reduce(0) { $0 + real(scalars[$1]) }
        let expected =
          whole == 0
          ? [Scalar.unknown, .unknown]
          : [.real(real(scalars[row]) / whole), .real(running / whole)]
        check("share", shares.0[row] == expected[0])
        check("running share", shares.1[row] == expected[1])
      }
      #expect(wrong == [], "seed \(seed), \(type.name)")
    }
  }

  @Test func `running sums follow the order given`() throws {
    let words = Vector([.word(5), .unknown, .word(-2), .word(10)], as: .money)
    #expect(
      try Ranking.runningSums(words, as: .money, order: [3, 1, 0]).scalars
        == [.word(15), .unknown, .unknown, .word(10)])
    let reals = Vector([.real(0.1), .real(0.2), .unknown, .real(1e16)], as: .number)
    #expect(
      try Ranking.runningSums(reals, as: .number, order: [3, 2, 1, 0]).scalars
        == [.real(1e16 + 0.3), .real(1e16 + 0.2), .unknown, .real(1e16)])
    #expect(throws: StoreError.integerOverflow) {
      try Ranking.runningSums(Vector(words: [.max, 1]), as: .integer, order: [0, 1])
    }
    #expect(throws: StoreError.amountOutOfRange) {
      try Ranking.runningSums(
        Vector(words: [Limits.moneyMinorMax, 1]), as: .money, order: [0, 1])
    }
  }
}
