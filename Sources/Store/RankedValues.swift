/// The values at some ranks of a list, found without sorting it: the values are counted in buckets
/// whose width grows with the distance from the least, and only the buckets that hold a wanted rank
/// are sorted.
///
/// - Source: the buckets are those of a high dynamic range histogram (Tene, 2013).
package enum RankedValues {
  /// Buckets for each doubling of the distance.
  private static let bucketBits = 8

  /// The values that would stand at these places if the list were sorted.
  ///
  /// - Parameter ranks: From 0, ascending, each below the length of the list.
  /// - Throws: `interrupted`.
  /// - Complexity: Two passes of about 2 ns a value each.
  package static func values(
    at ranks: [Int], of words: [Int64]
  ) throws(StoreError) -> [Int64] {
    guard !ranks.isEmpty, let least = words.min() else { return [] }
    precondition(ranks.allSatisfy { $0 >= 0 && $0 < words.count }, "ranks within the list")
    var counts = [Int32](repeating: 0, count: (64 - bucketBits + 1) << bucketBits)
    try Cancellation.forEachChunk(of: words.indices) { chunk in
      for place in chunk { counts[bucket(words[place], least)] &+= 1 }
    }
    var wanted: [Bucket] = []
    var below = 0
    var next = 0
    for (number, count) in counts.enumerated() where count > 0 {
      let end = below + Int(count)
      let first = next
      while next < ranks.count, ranks[next] < end { next += 1 }
      if next > first { wanted.append(Bucket(number, least, below: below, count: Int(count))) }
      below = end
    }
    for index in wanted.indices {
      let (first, last) = (wanted[index].first, wanted[index].last)
      try Cancellation.forEachChunk(of: words.indices) { chunk in
        for place in chunk where words[place] >= first && words[place] <= last {
          wanted[index].words.append(words[place])
        }
      }
      if first < last {
        wanted[index].words = try RowOrder.sorted(wanted[index].words, isDescending: false)
      }
    }
    var place = 0
    return ranks.map { rank in
      while rank >= wanted[place].below + wanted[place].words.count { place += 1 }
      return wanted[place].words[rank - wanted[place].below]
    }
  }

  /// The bucket of a value: those of a distance below 512 are one wide.
  @inline(__always)
  private static func bucket(_ word: Int64, _ least: Int64) -> Int {
    let distance = UInt64(bitPattern: word &- least)
    let shift = max(0, 63 - bucketBits - distance.leadingZeroBitCount)
    return shift << bucketBits + Int(truncatingIfNeeded: distance &>> UInt64(shift))
  }

  /// A bucket that holds a wanted rank.
  private struct Bucket {
    /// The least and the largest value that may be in it.
    let first: Int64
    let last: Int64
    /// Values in buckets before it.
    let below: Int
    var words: [Int64] = []

    init(_ number: Int, _ least: Int64, below: Int, count: Int) {
      let shift = max(0, number >> bucketBits - 1)
      let start = UInt64(number - shift << bucketBits) << UInt64(shift)
      first = least &+ Int64(bitPattern: start)
      last = first &+ Int64(bitPattern: 1 << UInt64(shift)) &- 1
      self.below = below
      words.reserveCapacity(count)
    }
  }
}
