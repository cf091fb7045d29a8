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
  /// - Complexity: Two passes of about 2 ns a value each, by two workers over many.
  package static func values(
    at ranks: [Int], of words: [Int64]
  ) throws(StoreError) -> [Int64] {
    guard !ranks.isEmpty, let least = words.min() else { return [] }
    precondition(ranks.allSatisfy { $0 >= 0 && $0 < words.count }, "ranks within the list")
    let counts = try counts(of: words, from: least)
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
    try fill(&wanted, from: words, least)
    for index in wanted.indices where wanted[index].first < wanted[index].last {
      wanted[index].words = try RowOrder.sorted(wanted[index].words, isDescending: false)
    }
    var place = 0
    return ranks.map { rank in
      while rank >= wanted[place].below + wanted[place].words.count { place += 1 }
      return wanted[place].words[rank - wanted[place].below]
    }
  }

  private static let bucketCount = (64 - bucketBits + 1) << bucketBits

  /// How many values are in each bucket.
  private static func counts(
    of words: [Int64], from least: Int64
  ) throws(StoreError) -> [Int32] {
    func count(_ range: Range<Int>) throws(StoreError) -> [Int32] {
      var counts = [Int32](repeating: 0, count: bucketCount)
      try Cancellation.forEachChunk(of: range) { chunk in
        for place in chunk { counts[bucket(words[place], least)] &+= 1 }
      }
      return counts
    }
    guard words.count >= Workers.sharedCountMin else { return try count(words.indices) }
    let middle = words.count / 2
    let (first, second) = try onBothHalves(
      { () throws(StoreError) in try count(0..<middle) },
      { () throws(StoreError) in try count(middle..<words.count) })
    return first.indices.map { first[$0] &+ second[$0] }
  }

  /// Collects the values of the wanted buckets.
  private static func fill(
    _ wanted: inout [Bucket], from words: [Int64], _ least: Int64
  ) throws(StoreError) {
    var places = [Int32](repeating: -1, count: bucketCount)
    for (place, bucket) in wanted.enumerated() {
      places[Self.bucket(bucket.first, least)] = Int32(truncatingIfNeeded: place)
    }
    let wantedCount = wanted.count
    func collect(_ range: Range<Int>) throws(StoreError) -> [[Int64]] {
      var found = [[Int64]](repeating: [], count: wantedCount)
      try Cancellation.forEachChunk(of: range) { chunk in
        for index in chunk {
          let place = places[bucket(words[index], least)]
          if place >= 0 { found[Int(place)].append(words[index]) }
        }
      }
      return found
    }
    let halves: [[[Int64]]]
    if words.count >= Workers.sharedCountMin {
      let middle = words.count / 2
      let (first, second) = try onBothHalves(
        { () throws(StoreError) in try collect(0..<middle) },
        { () throws(StoreError) in try collect(middle..<words.count) })
      halves = [first, second]
    } else {
      halves = [try collect(words.indices)]
    }
    for half in halves {
      for place in wanted.indices { wanted[place].words += half[place] }
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
