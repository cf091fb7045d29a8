/// Ranks a whole population by a value, largest first. Unknown values are outside: their result is
/// unknown.
package struct Ranking {
  /// Bytes that ranking takes for each row, besides the value and the parts.
  package static let byteCountPerRow = 72

  /// The known rows: by partition, then largest first.
  private let order: [Int32]
  /// Where each partition ends in `order`.
  private let partitionEnds: [Int]
  /// Where each run of equal values ends in `order`; no run crosses partitions.
  private let runEnds: [Int]
  private let values: Vector
  private let type: ValueType

  /// Sorts the population.
  ///
  /// - Parameter partitions: Keys that split it (`per K`), each part ranked by itself; unknown is
  ///   one of their values.
  /// - Throws: `memoryLimit`, `interrupted`.
  package init(
    _ values: Vector, as type: ValueType, per partitions: [(values: Vector, type: ValueType)] = [],
    budget: Budget
  ) throws(StoreError) {
    self.values = values
    self.type = type
    let groups = GroupTable(
      keyTypes: partitions.map(\.type), domains: partitions.map { _ in nil }, budget: budget)
    let ids = try groups.ids(of: partitions.map(\.values), in: Mask(knownIn: values))
    let codes = try Self.codes(of: values, budget: budget)
    var keys = [SortKey(values, isDescending: true)]
    if !partitions.isEmpty { keys.insert(SortKey(Vector(words: ids.map(Int64.init))), at: 0) }
    let all = try RowOrder.sorted(count: values.count, by: keys)
    try Cancellation.check()
    let order = all.filter { values.known[Int($0)] != 0 }
    var (partitionEnds, runEnds): ([Int], [Int]) = ([], [])
    try Cancellation.forEachChunk(of: order.indices) { chunk in
      for place in chunk {
        let isLast = place == order.count - 1
        let (row, next) = (Int(order[place]), isLast ? 0 : Int(order[place + 1]))
        let isPartitionEnd = isLast || ids[row] != ids[next]
        if isPartitionEnd { partitionEnds.append(place + 1) }
        if isPartitionEnd || codes[row] != codes[next] { runEnds.append(place + 1) }
      }
    }
    (self.order, self.partitionEnds, self.runEnds) = (order, partitionEnds, runEnds)
  }

  /// Known values over all partitions.
  package var populationCount: Int { order.count }

  /// 1 for the largest; equals share the smaller number. Integers.
  package func ranks() throws(StoreError) -> Vector {
    try words { run, partition in Int64(run.lowerBound - partition.lowerBound + 1) }
  }

  /// Groups 1…`count`, the highest number for the largest; equals are never split. Integers.
  package func tiles(_ count: Int) throws(StoreError) -> Vector {
    precondition(count > 0, "there is at least one group")
    return try words { run, partition in
      let worseCount = partition.upperBound - run.upperBound
      let tile = 1 + Int128(count) * Int128(worseCount) / Int128(partition.count)
      return Int64(min(Int128(count), tile))
    }
  }

  /// Strictly smaller values ÷ (count − 1): 1 for the largest, 0 for the smallest and for one that
  /// is
  /// alone. Numbers.
  package func percentileRanks() throws(StoreError) -> Vector {
    try reals { run, partition in
      let worseCount = partition.upperBound - run.upperBound
      return partition.count == 1 ? 0 : Double(worseCount) / Double(partition.count - 1)
    }
  }

  /// Value ÷ sum of all. Numbers; unknown where the sum is 0.
  package func shares() throws(StoreError) -> Vector {
    var whole = Sum()
    return try reals { run, partition in
      if run.lowerBound == partition.lowerBound { whole = sum(partition) }
      return sum(run.lowerBound..<run.lowerBound + 1).share(of: whole)
    }
  }

  /// Sum of all values down to this one, largest first and equals together, ÷ sum of all. Numbers;
  /// unknown where the sum is 0.
  package func runningShares() throws(StoreError) -> Vector {
    var (whole, running) = (Sum(), Sum())
    return try reals { run, partition in
      if run.lowerBound == partition.lowerBound { (whole, running) = (sum(partition), Sum()) }
      running.add(sum(run))
      return running.share(of: whole)
    }
  }

  /// In where strictly worse (bottom: strictly better) ≥ (1 − share) × count, computed exactly:
  /// ties
  /// are never split. Unknown is out.
  package func inTop(_ share: Ratio, isTop: Bool) throws(StoreError) -> Mask {
    var mask = Mask(count: values.count, isIn: false)
    try walk { run, partition in
      let beatenCount =
        isTop ? partition.upperBound - run.upperBound : run.lowerBound - partition.lowerBound
      let needed = Int128(share.denominator - share.numerator) * Int128(partition.count)
      guard Int128(beatenCount) * Int128(share.denominator) >= needed else { return }
      for place in run { mask.bytes[Int(order[place])] = 0x80 }
    }
    return mask
  }

  /// The sum so far in the given order of offsets. Unknown values, and rows that `order` leaves
  /// out,
  /// give unknown and add nothing.
  /// - Throws: `integerOverflow`, `amountOutOfRange`.
  package static func runningSums(
    _ values: Vector, as type: ValueType, order: [Int32]
  ) throws(StoreError) -> Vector {
    var known = [UInt8](repeating: 0, count: values.count)
    try Cancellation.forEachChunk(of: order.indices) { chunk in
      for row in order[chunk] { known[Int(row)] = values.known[Int(row)] }
    }
    var running = Sum()
    if case .reals(let reals) = values.values {
      var sums = [Double](repeating: 0, count: values.count)
      try Cancellation.forEachChunk(of: order.indices) { chunk in
        for row in order[chunk] where known[Int(row)] != 0 {
          running.add(reals[Int(row)])
          sums[Int(row)] = running.real
        }
      }
      return Vector.finite(known) { sums[$0] }
    }
    let words = values.words
    var sums = [Int64](repeating: 0, count: values.count)
    try Cancellation.forEachChunk(of: order.indices) { chunk throws(StoreError) in
      for row in order[chunk] where known[Int(row)] != 0 {
        running.add(words[Int(row)])
        guard let sum = Int64(exactly: running.word) else {
          throw type == .money ? .amountOutOfRange : .integerOverflow
        }
        sums[Int(row)] = sum
      }
    }
    let result = Vector(words: sums, known: known)
    return type == .money ? try result.checkedAsMoney() : result
  }
}

extension Ranking {
  /// Calls `body` for each run of equal values with its partition, in order.
  private func walk(
    _ body: (_ run: Range<Int>, _ partition: Range<Int>) -> Void
  ) throws(StoreError) {
    var (runStart, partitionStart, partition) = (0, 0, 0)
    var polled = 0
    for runEnd in runEnds {
      if runEnd > polled {
        try Cancellation.check()
        polled += Limits.chunkRowCount
      }
      body(runStart..<runEnd, partitionStart..<partitionEnds[partition])
      runStart = runEnd
      if runEnd == partitionEnds[partition] {
        partitionStart = runEnd
        partition += 1
      }
    }
  }

  private func words(
    _ body: (Range<Int>, Range<Int>) -> Int64
  ) throws(StoreError) -> Vector {
    var words = [Int64](repeating: 0, count: values.count)
    try walk { run, partition in
      let word = body(run, partition)
      for place in run { words[Int(order[place])] = word }
    }
    return Vector(words: words, known: values.known)
  }

  private func reals(
    _ body: (Range<Int>, Range<Int>) -> Double
  ) throws(StoreError) -> Vector {
    var reals = [Double](repeating: 0, count: values.count)
    try walk { run, partition in
      let real = body(run, partition)
      for place in run { reals[Int(order[place])] = real }
    }
    return Vector.finite(values.known) { reals[$0] }
  }

  private func sum(_ places: Range<Int>) -> Sum {
    var sum = Sum()
    switch values.values {
    case .words(let words): for place in places { sum.add(words[Int(order[place])]) }
    case .reals(let reals): for place in places { sum.add(reals[Int(order[place])]) }
    case .texts: preconditionFailure("a text has no share")
    }
    return sum
  }

  /// Words that are equal where the values are.
  private static func codes(of values: Vector, budget: Budget) throws(StoreError) -> [Int64] {
    switch values.values {
    case .words(let words): return words
    case .reals(let reals): return reals.map { OrderedBits.word($0) }
    case .texts(let block):
      var interner = TextInterner(budget: budget)
      var codes = [Int64](repeating: 0, count: values.count)
      try Cancellation.forEachChunk(of: codes.indices) { chunk throws(StoreError) in
        for i in chunk { codes[i] = try interner.code(of: block, at: i) }
      }
      return codes
    }
  }
}

/// A sum: of words exactly, of numbers with the lost bits kept.
private struct Sum {
  private(set) var word: Int128 = 0
  private var high = 0.0
  private var low = 0.0

  var real: Double { high + low }

  mutating func add(_ value: Int64) { word += Int128(value) }

  mutating func add(_ value: Double) {
    let sum = high + value
    let isLarger = high.magnitude >= value.magnitude
    low += ((isLarger ? high : value) - sum) + (isLarger ? value : high)
    high = sum
  }

  mutating func add(_ other: Sum) {
    word += other.word
    add(other.high)
    add(other.low)
  }

  /// Not a number where the whole is 0.
  func share(of whole: Sum) -> Double {
    let total = Double(whole.word) + whole.real
    return total == 0 ? .nan : (Double(word) + real) / total
  }
}
