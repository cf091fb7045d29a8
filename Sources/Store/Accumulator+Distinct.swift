/// Counts the distinct known values of each group: by a bit for each value where values lie in a small
/// known range and groups are few, else by a table of groups and values.
final class DistinctAggregate: GroupAggregate {
  private let type: ValueType
  private var tuples: TupleTable
  private var bits: DistinctBits?
  private let claim: BudgetClaim
  private var interner: TextInterner
  private var slotCount = 0

  /// - Parameter domain: The range in which words lie; nil where it is not known.
  init(_ type: ValueType, domain: ClosedRange<Int64>?, budget: Budget) {
    self.type = type
    bits = domain.flatMap { DistinctBits($0) }
    claim = BudgetClaim(budget)
    tuples = TupleTable(width: 2, budget: budget)
    interner = TextInterner(budget: budget)
  }

  func grow(to slotCount: Int) { self.slotCount = max(self.slotCount, slotCount) }

  func reset() {
    slotCount = 0
    bits?.removeAll()
    tuples.removeAll()
    interner.removeAll()
  }

  func add(_ batch: AggregateBatch) throws(StoreError) {
    let vector = batch.argument
    if try addBits(vector, batch.ids) { return }
    var pairs = [Int64](repeating: 0, count: 2 * batch.ids.count)
    var mask = Mask(vector.known)
    for i in batch.ids.indices {
      pairs[2 * i] = Int64(batch.ids[i])
      mask.bytes[i] &= batch.ids[i] == 0 ? 0 : 0x80
    }
    switch vector.values {
    case .words(let words): for i in words.indices { pairs[2 * i + 1] = words[i] }
    case .reals(let reals):
      for i in reals.indices { pairs[2 * i + 1] = OrderedBits.word(reals[i]) }
    case .texts(let block):
      for i in batch.ids.indices where mask.bytes[i] != 0 {
        pairs[2 * i + 1] = try interner.code(of: block, at: i)
      }
    }
    _ = try tuples.ids(of: pairs, in: mask)
  }

  /// Sets the bits of a batch; false, having turned to the table, where there would be too many.
  private func addBits(_ vector: Vector, _ ids: [Int32]) throws(StoreError) -> Bool {
    guard let byteCount = bits?.byteCount(slotCount: slotCount) else { return false }
    try claim.cover(byteCount)
    if bits?.add(vector, ids, slotCount: slotCount) == true { return true }
    try leaveBits()
    return false
  }

  /// Enters in the table what there is by bits.
  private func leaveBits() throws(StoreError) {
    guard let bits else { return }
    self.bits = nil
    var pair: [Int64] = [0, 0]
    for (place, (slot, value)) in bits.pairs.enumerated() {
      if place & 0xFFFF == 0 { try Cancellation.check() }
      (pair[0], pair[1]) = (Int64(slot), value)
      _ = try tuples.id(of: pair, at: 0)
    }
  }

  func merge(_ other: any GroupAggregate, mapping: [Int32]) throws(StoreError) {
    let other = alike(other)
    if let others = other.bits, bits?.merge(others, mapping, slotCount: slotCount) == true {
      return
    }
    try leaveBits()
    try other.leaveBits()
    var pair: [Int64] = [0, 0]
    try Cancellation.forEachChunk(of: 0..<other.tuples.count) { chunk throws(StoreError) in
      for i in chunk {
        pair[0] = Int64(mapping[Int(other.tuples.words[2 * i])])
        pair[1] = other.tuples.words[2 * i + 1]
        if type == .text {
          pair[1] = try interner.code(of: other.interner.texts, at: Int(pair[1]))
        }
        _ = try tuples.id(of: pair, at: 0)
      }
    }
  }

  func finish(groupCount: Int) throws(StoreError) -> Vector {
    if let bits { return Vector(words: bits.counts(groupCount: groupCount)) }
    var counts = [Int64](repeating: 0, count: max(slotCount, groupCount + 1))
    try Cancellation.forEachChunk(of: 0..<tuples.count) { chunk in
      for i in chunk { counts[Int(tuples.words[2 * i])] += 1 }
    }
    return Vector(words: Array(counts[1..<groupCount + 1]))
  }
}

/// A bit for each value of a small range, for each of a few groups.
private struct DistinctBits {
  /// The most bits in all.
  private static let bitCountMax = 1 << 28
  private let lower: Int64
  private let upper: Int64
  private let wordsPerSlot: Int
  private var words: [UInt64] = []

  /// Nil where the range is too large.
  init?(_ domain: ClosedRange<Int64>) {
    let (span, isOver) = domain.upperBound.subtractingReportingOverflow(domain.lowerBound)
    guard !isOver, span < Self.bitCountMax / 8 else { return nil }
    (lower, upper) = (domain.lowerBound, domain.upperBound)
    wordsPerSlot = Int(span) / 64 + 1
  }

  mutating func removeAll() { words.removeAll(keepingCapacity: true) }

  /// The bytes that the bits of so many slots take, 0 where they would be too many.
  func byteCount(slotCount: Int) -> Int {
    slotCount * wordsPerSlot <= Self.bitCountMax / 64 ? slotCount * wordsPerSlot * 8 : 0
  }

  /// Sets the bits of values; false where there would be too many of them or one is out of the range.
  mutating func add(_ vector: Vector, _ ids: [Int32], slotCount: Int) -> Bool {
    guard grow(to: slotCount) else { return false }
    let values = vector.words.span
    let known = vector.known.span
    var isInside = true
    for i in values.indices where known[i] != 0 {
      isInside = isInside && values[i] >= lower && values[i] <= upper
    }
    guard isInside else { return false }
    let (lower, width) = (lower, wordsPerSlot)
    var bits = words.mutableSpan
    for i in ids.indices {
      // The slot of rows that are out takes in anything.
      let place = known[i] != 0 ? Int(values[i] &- lower) : 0
      let slot = known[i] != 0 ? Int(ids[i]) : 0
      bits[slot &* width &+ place >> 6] |= 1 << UInt64(place & 63)
    }
    return true
  }

  /// Sets the bits of another worker's.
  mutating func merge(_ other: DistinctBits, _ mapping: [Int32], slotCount: Int) -> Bool {
    guard grow(to: slotCount) else { return false }
    for (slot, target) in mapping.enumerated() where (slot + 1) * wordsPerSlot <= other.words.count
    {
      for place in 0..<wordsPerSlot {
        words[Int(target) * wordsPerSlot + place] |= other.words[slot * wordsPerSlot + place]
      }
    }
    return true
  }

  private mutating func grow(to slotCount: Int) -> Bool {
    guard slotCount * wordsPerSlot <= Self.bitCountMax / 64 else { return false }
    words.grow(to: slotCount * wordsPerSlot, with: 0)
    return true
  }

  /// The values of each group.
  func counts(groupCount: Int) -> [Int64] {
    (1..<groupCount + 1).map { slot in
      guard (slot + 1) * wordsPerSlot <= words.count else { return 0 }
      var count = 0
      for word in words[slot * wordsPerSlot..<(slot + 1) * wordsPerSlot] {
        count += word.nonzeroBitCount
      }
      return Int64(count)
    }
  }

  /// All slots with their values.
  var pairs: [(slot: Int, value: Int64)] {
    var pairs: [(slot: Int, value: Int64)] = []
    for (place, word) in words.enumerated() where word != 0 && place >= wordsPerSlot {
      let (slot, base) = (place / wordsPerSlot, place % wordsPerSlot * 64)
      var left = word
      while left != 0 {
        pairs.append((slot, lower + Int64(base + left.trailingZeroBitCount)))
        left &= left - 1
      }
    }
    return pairs
  }
}

/// Counts the distinct known values of each group over rows that stand by these values: all rows of one
/// value follow one another, and none of them goes to another worker.
final class ClusteredDistinctAggregate: GroupAggregate {
  private var counts: [Int64] = []
  private var lasts: [Int64] = []

  func grow(to slotCount: Int) {
    counts.grow(to: slotCount, with: 0)
    lasts.grow(to: slotCount, with: .min)
  }

  func reset() {
    counts.removeAll(keepingCapacity: true)
    lasts.removeAll(keepingCapacity: true)
  }

  func add(_ batch: AggregateBatch) {
    let vector = batch.argument
    Self.add(vector.words, vector.known, batch.ids, &counts, &lasts)
  }

  private static func add(
    _ values: [Int64], _ known: [UInt8], _ ids: [Int32], _ counts: inout [Int64],
    _ lasts: inout [Int64]
  ) {
    var counts = counts.mutableSpan
    var lasts = lasts.mutableSpan
    for i in ids.indices where known[i] != 0 {
      let slot = Int(ids[i])
      counts[slot] &+= lasts[slot] == values[i] ? 0 : 1
      lasts[slot] = values[i]
    }
  }

  func merge(_ other: any GroupAggregate, mapping: [Int32]) {
    let other = alike(other)
    for (slot, target) in mapping.enumerated() where slot < other.counts.count {
      counts[Int(target)] += other.counts[slot]
    }
  }

  func finish(groupCount: Int) -> Vector { Vector(words: Array(counts[1..<groupCount + 1])) }
}
