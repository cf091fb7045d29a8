/// Counts rows or known values.
final class CountAggregate: GroupAggregate {
  private let isOfKnown: Bool
  private var counts: [Int64] = []

  init(isOfKnown: Bool) { self.isOfKnown = isOfKnown }

  func grow(to slotCount: Int) { counts.grow(to: slotCount, with: 0) }

  func reset() { counts.removeAll(keepingCapacity: true) }

  func add(_ batch: AggregateBatch) {
    if isOfKnown {
      Self.count(batch.argument.known, batch.ids, &counts)
    } else {
      Self.count(batch.ids, &counts)
    }
  }

  /// Adds to the first group.
  func add(rowCount: Int) { counts[1] += Int64(rowCount) }

  func merge(_ other: any GroupAggregate, mapping: [Int32]) {
    let other = alike(other)
    for (slot, target) in mapping.enumerated() { counts[Int(target)] += other.counts[slot] }
  }

  func finish(groupCount: Int) -> Vector { Vector(words: Array(counts[1..<groupCount + 1])) }

  /// Adds 1 to the slot of each row.
  static func count(_ ids: [Int32], _ counts: inout [Int64]) {
    if Column.countRows(ids, to: &counts) { return }
    SlotSums.add(ids, &counts) { _ in 1 }
  }

  /// Adds 1 to the slot of each row that is known.
  static func count(_ known: [UInt8], _ ids: [Int32], _ counts: inout [Int64]) {
    SlotSums.add(ids, &counts) { Int64(truncatingIfNeeded: known[$0] >> 7) }
  }
}

/// Adds words to slots.
enum SlotSums {
  /// Adds `words[i]` to slot `ids[i]` of the sums, wrapping, and 1 to that of the counts where it is
  /// known: both in one pass, as `add(_:_:word:)` does it.
  static func add(
    _ words: [Int64], _ known: [UInt8], _ ids: [Int32], _ sums: inout [Int64],
    _ counts: inout [Int64]
  ) {
    let slotCount = sums.count
    guard slotCount > 2, slotCount <= copiedSlotCountMax, ids.count >= 4 * slotCount else {
      add(ids, &sums) { words[$0] }
      add(ids, &counts) { Int64(truncatingIfNeeded: known[$0] >> 7) }
      return
    }
    var copies = [Int64](repeating: 0, count: 8 * slotCount)
    var slots = copies.mutableSpan
    let stride = 2 * slotCount
    let end = ids.count & ~3
    var i = 0
    while i < end {
      var base = 0
      for step in 0..<4 {
        let slot = base &+ 2 &* Int(ids[i &+ step])
        slots[slot] &+= words[i &+ step]
        slots[slot &+ 1] &+= Int64(truncatingIfNeeded: known[i &+ step] >> 7)
        base &+= stride
      }
      i &+= 4
    }
    while i < ids.count {
      let slot = 2 &* Int(ids[i])
      slots[slot] &+= words[i]
      slots[slot &+ 1] &+= Int64(truncatingIfNeeded: known[i] >> 7)
      i &+= 1
    }
    for slot in 0..<slotCount {
      for copy in 0..<4 {
        sums[slot] &+= copies[copy * stride + 2 * slot]
        counts[slot] &+= copies[copy * stride + 2 * slot + 1]
      }
    }
  }

  /// The most slots that are added in four copies.
  private static let copiedSlotCountMax = 256

  /// Adds `word(i)` to slot `ids[i]`, wrapping.
  ///
  /// With few slots neighbouring rows often meet in one, and each addition would wait for the last:
  /// a single group is added in a register, up to 256 slots in four copies, four rows a step.
  @inline(__always)
  static func add(_ ids: [Int32], _ sums: inout [Int64], word: (Int) -> Int64) {
    let slotCount = sums.count
    if slotCount == 2 {
      var total: Int64 = 0
      for i in ids.indices { total &+= word(i) & (0 &- Int64(ids[i])) }
      sums[1] &+= total
    } else if slotCount <= copiedSlotCountMax, ids.count >= 4 * slotCount {
      var copies = [Int64](repeating: 0, count: 4 * slotCount)
      var slots = copies.mutableSpan
      let end = ids.count & ~3
      for i in stride(from: 0, to: end, by: 4) {
        slots[Int(ids[i])] &+= word(i)
        slots[slotCount &+ Int(ids[i &+ 1])] &+= word(i &+ 1)
        slots[2 &* slotCount &+ Int(ids[i &+ 2])] &+= word(i &+ 2)
        slots[3 &* slotCount &+ Int(ids[i &+ 3])] &+= word(i &+ 3)
      }
      for i in end..<ids.count { slots[Int(ids[i])] &+= word(i) }
      for slot in 0..<slotCount {
        sums[slot] &+=
          copies[slot] &+ copies[slotCount &+ slot]
          &+ copies[2 &* slotCount &+ slot] &+ copies[3 &* slotCount &+ slot]
      }
    } else {
      var slots = sums.mutableSpan
      for i in ids.indices { slots[Int(ids[i])] &+= word(i) }
    }
  }
}

/// Sums, counts and averages integers and amounts, exactly.
///
/// Adds in 64 bits while a bound on what was added shows that nothing can overflow, then moves the
/// parts to 128 bits and begins again.
final class WordSumAggregate: GroupAggregate {
  private let type: ValueType
  private let isAverage: Bool
  private var parts: [Int64] = []
  private var partsBound: Int64 = 0
  private var totals: [Int128] = []
  private var counts: [Int64] = []

  init(_ type: ValueType, isAverage: Bool) {
    self.type = type
    self.isAverage = isAverage
  }

  func grow(to slotCount: Int) {
    parts.grow(to: slotCount, with: 0)
    if isAverage { counts.grow(to: slotCount, with: 0) }
    if !totals.isEmpty { totals.grow(to: slotCount, with: 0) }
  }

  func reset() {
    parts.removeAll(keepingCapacity: true)
    partsBound = 0
    totals.removeAll(keepingCapacity: true)
    counts.removeAll(keepingCapacity: true)
  }

  func add(_ batch: AggregateBatch) {
    let vector = batch.argument
    let words = vector.words
    var bits: Int64 = 0
    for word in words { bits |= word ^ (word >> 63) }
    let (batchBound, isOver) = (bits / 2 + 1).multipliedReportingOverflow(
      by: 2 * Int64(words.count))
    var (bound, isFull) = partsBound.addingReportingOverflow(batchBound)
    if isFull {
      flush()
      (bound, isFull) = (batchBound, false)
    }
    if isOver {
      flush()
      for i in words.indices { totals[Int(batch.ids[i])] += Int128(words[i]) }
      if isAverage { CountAggregate.count(vector.known, batch.ids, &counts) }
      return
    }
    partsBound = bound
    if isAverage {
      SlotSums.add(words, vector.known, batch.ids, &parts, &counts)
    } else {
      Self.add(words, batch.ids, &parts)
    }
  }

  /// Takes a run in straight from its column, whose statistics bound what is added. False where that
  /// cannot be done.
  func add(_ column: Column, from base: Int, _ ids: [Int32]) -> Bool {
    guard let bounds = column.wordBounds else { return false }
    let largest = max(bounds.lowerBound.magnitude, bounds.upperBound.magnitude)
    guard largest < 1 << 50 else { return false }
    let (bound, isFull) = partsBound.addingReportingOverflow(Int64(largest) * Int64(ids.count))
    if isFull { flush() }
    counts.grow(to: parts.count, with: 0)
    guard column.addWords(from: base, ids: ids, to: &parts, counts: &counts) else { return false }
    partsBound = isFull ? Int64(largest) * Int64(ids.count) : bound
    return true
  }

  func merge(_ other: any GroupAggregate, mapping: [Int32]) throws(StoreError) {
    let other = alike(other)
    if isAverage { try Self.add(other.counts, to: &counts, mapping) }
    let (bound, isFull) = partsBound.addingReportingOverflow(other.partsBound)
    if totals.isEmpty, other.totals.isEmpty, !isFull {
      try Self.add(other.parts, to: &parts, mapping)
      partsBound = bound
      return
    }
    flush()
    other.flush()
    try Self.add(other.totals, to: &totals, mapping)
  }

  private static func add<Sum: FixedWidthInteger>(
    _ added: [Sum], to sums: inout [Sum], _ mapping: [Int32]
  ) throws(StoreError) {
    try Cancellation.forEachChunk(of: mapping.indices) { chunk in
      var sums = sums.mutableSpan
      for slot in chunk { sums[Int(mapping[slot])] &+= added[slot] }
    }
  }

  func finish(groupCount: Int) throws(StoreError) -> Vector {
    try finish(groupCount: groupCount, as: isAverage ? .average : .sum)
  }

  /// The results as one of the aggregates this state holds: an average holds the sum and the count.
  func finish(groupCount: Int, as kind: Accumulator.Kind) throws(StoreError) -> Vector {
    if kind == .countKnown { return Vector(words: Array(counts[1..<groupCount + 1])) }
    if kind == .sum, totals.isEmpty {
      let result = Vector(words: Array(parts[1..<groupCount + 1]))
      return type == .money ? try result.checkedAsMoney() : result
    }
    flush()
    if kind == .average { return try averages(groupCount) }
    var sums = [Int64](repeating: 0, count: groupCount)
    for group in 0..<groupCount {
      guard let sum = Int64(exactly: totals[group + 1]) else {
        throw type == .money ? .amountOutOfRange : .integerOverflow
      }
      sums[group] = sum
    }
    let result = Vector(words: sums)
    return type == .money ? try result.checkedAsMoney() : result
  }

  private func averages(_ groupCount: Int) throws(StoreError) -> Vector {
    let known: [UInt8] = counts[1..<groupCount + 1].map { $0 == 0 ? 0 : 0x80 }
    guard type == .money else {
      return Vector.finite(known) { Double(totals[$0 + 1]) / Double(counts[$0 + 1]) }
    }
    return try Vector.amounts(known) {
      DecimalForm.quotient(totals[$0 + 1], Int128(counts[$0 + 1]))
    }
  }

  private func flush() {
    totals.grow(to: parts.count, with: 0)
    Self.flush(&parts, &totals)
    partsBound = 0
  }

  private static func flush(_ parts: inout [Int64], _ totals: inout [Int128]) {
    var parts = parts.mutableSpan
    var totals = totals.mutableSpan
    for slot in parts.indices where parts[slot] != 0 {
      totals[slot] += Int128(parts[slot])
      parts[slot] = 0
    }
  }

  /// Unknown values are 0, so they need no test.
  private static func add(_ words: [Int64], _ ids: [Int32], _ sums: inout [Int64]) {
    SlotSums.add(ids, &sums) { words[$0] }
  }
}

/// Sums or averages numbers, with the lost bits kept beside each sum, so that the order of the rows
/// hardly matters.
/// - Source: Neumaier: Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen,
///   ZAMM 54, 1974.
final class RealSumAggregate: GroupAggregate {
  private let isAverage: Bool
  private var sums: [Double] = []
  private var lost: [Double] = []
  private var counts: [Int64] = []

  init(isAverage: Bool) { self.isAverage = isAverage }

  func grow(to slotCount: Int) {
    sums.grow(to: slotCount, with: 0)
    lost.grow(to: slotCount, with: 0)
    counts.grow(to: slotCount, with: 0)
  }

  func reset() {
    sums.removeAll(keepingCapacity: true)
    lost.removeAll(keepingCapacity: true)
    counts.removeAll(keepingCapacity: true)
  }

  func add(_ batch: AggregateBatch) {
    let vector = batch.argument
    if isAverage { CountAggregate.count(vector.known, batch.ids, &counts) }
    Self.add(vector.reals, batch.ids, &sums, &lost)
  }

  func merge(_ other: any GroupAggregate, mapping: [Int32]) {
    let other = alike(other)
    Self.add(Array(other.sums[..<mapping.count]), mapping, &sums, &lost)
    Self.add(Array(other.lost[..<mapping.count]), mapping, &sums, &lost)
    for (slot, target) in mapping.enumerated() { counts[Int(target)] += other.counts[slot] }
  }

  func finish(groupCount: Int) -> Vector {
    let known: [UInt8] = counts[1..<groupCount + 1].map { $0 == 0 && isAverage ? 0 : 0x80 }
    return Vector.finite(known) {
      let sum = sums[$0 + 1] + lost[$0 + 1]
      return isAverage ? sum / Double(counts[$0 + 1]) : sum
    }
  }

  private static func add(
    _ reals: [Double], _ ids: [Int32], _ sums: inout [Double], _ lost: inout [Double]
  ) {
    var slots = sums.mutableSpan
    var rests = lost.mutableSpan
    for i in ids.indices {
      let (slot, value) = (Int(ids[i]), reals[i])
      let old = slots[slot]
      let new = old + value
      let isLarger = old.magnitude >= value.magnitude
      rests[slot] += ((isLarger ? old : value) - new) + (isLarger ? value : old)
      slots[slot] = new
    }
  }
}
