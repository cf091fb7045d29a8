/// Loops that choose among rows already collected: random samples and the first of each part.
package enum RowSelection {
  /// `count` of the rows, each set of that size equally likely, in their order.
  /// - Source: Knuth, The Art of Computer Programming 2, 3.4.2, algorithm S.
  package static func sample(_ rows: [Int32], count: Int, seed: UInt64) -> [Int32] {
    var random = SplitMix64(seed)
    var chosen: [Int32] = []
    var wanted = min(count, rows.count)
    chosen.reserveCapacity(wanted)
    for index in rows.indices where wanted > 0 {
      if random.next(below: UInt64(rows.count - index)) < UInt64(wanted) {
        chosen.append(rows[index])
        wanted -= 1
      }
    }
    return chosen
  }

  /// Each row by itself with probability `share`, in their order.
  package static func sample(_ rows: [Int32], share: Double, seed: UInt64) -> [Int32] {
    var random = SplitMix64(seed)
    return rows.filter { _ in Double(random.next() >> 11) * 0x1p-53 < share }
  }

  /// Of offsets in order, the first `count` of each part, and how many of those left out equal the
  /// last one kept of their part.
  ///
  /// - Parameters:
  ///   - order: Offsets of candidates, sorted within each part by `values`.
  ///   - parts: For each candidate its part, counted from 1; 0 is left out.
  ///   - values: What was sorted by; an unknown one is left out.
  package static func first(
    _ count: Int, of order: [Int32], parts: [Int32], partCount: Int, values: Vector
  ) throws(StoreError) -> (kept: [Int32], tieCount: Int) {
    var taken = [Int](repeating: 0, count: partCount + 1)
    var last = [Int32](repeating: -1, count: partCount + 1)
    var kept: [Int32] = []
    var tieCount = 0
    for (place, offset) in order.enumerated() {
      if place & 0xFFFF == 0 { try Cancellation.check() }
      let part = Int(parts[Int(offset)])
      guard part != 0, values.known[Int(offset)] != 0 else { continue }
      if taken[part] < count {
        taken[part] += 1
        last[part] = offset
        kept.append(offset)
      } else if last[part] >= 0, values[Int(last[part])] == values[Int(offset)] {
        tieCount += 1
      }
    }
    return (kept, tieCount)
  }

  /// The rows at these offsets.
  package static func rows(_ rows: [Int32], at offsets: [Int32]) -> [Int32] {
    offsets.map { rows[Int($0)] }
  }

  /// A vector over all rows of a relation: `values` where they belong, unknown elsewhere.
  package static func scatter(
    _ values: Vector, at rows: [Int32], rowCount: Int
  ) throws(StoreError) -> Vector {
    var offsets = [Int32](repeating: -1, count: rowCount)
    try Cancellation.check()
    for (offset, row) in rows.enumerated() { offsets[Int(row)] = Int32(offset) }
    return try values.gatheredInChunks(offsets)
  }

  /// Group numbers with those of rows out of `mask` set to 0.
  package static func masked(_ ids: [Int32], by mask: Mask) -> [Int32] {
    var result = ids
    for offset in result.indices {
      result[offset] &= Int32(bitPattern: UInt32(0) &- UInt32(mask.bytes[offset] >> 7))
    }
    return result
  }
}

/// A small, fast, seeded source of random bits.
/// - Source: Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, OOPSLA 2014.
package struct SplitMix64: Sendable {
  private var state: UInt64

  /// Starts from a seed.
  package init(_ seed: UInt64) { state = seed }

  /// The next 64 bits.
  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// A number below `bound`, each equally likely (Lemire, 2019).
  package mutating func next(below bound: UInt64) -> UInt64 {
    var (high, low) = next().multipliedFullWidth(by: bound)
    if low < bound {
      let threshold = (0 &- bound) % bound
      while low < threshold { (high, low) = next().multipliedFullWidth(by: bound) }
    }
    return high
  }
}
