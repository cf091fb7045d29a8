/// Numbers as words that sort as the numbers do.
enum OrderedBits {
  /// The word of a number; −0 is 0.
  @inline(__always)
  static func word(_ real: Double) -> Int64 {
    let bits = Int64(bitPattern: (real == 0 ? 0 : real).bitPattern)
    return bits ^ ((bits >> 63) & Int64.max)
  }

  /// The number of a word.
  @inline(__always)
  static func real(_ word: Int64) -> Double {
    Double(bitPattern: UInt64(bitPattern: word ^ ((word >> 63) & Int64.max)))
  }
}

/// Finds one element of the sorted order without sorting.
enum Selection {
  /// The element that would stand at `place` if `range` were sorted. Afterwards smaller ones stand
  /// before and larger ones after it.
  /// - Source: Hoare: Algorithm 65, Find, CACM 4(7), 1961.
  static func element(_ place: Int, of words: inout [Int64], in range: Range<Int>) -> Int64 {
    var (low, high) = (range.lowerBound, range.upperBound - 1)
    var roundCount = 0
    while low < high {
      roundCount += 1
      if roundCount > 100 {
        words[low...high].sort()
        break
      }
      let pivot = medianOfThree(words[low], words[low + (high - low) / 2], words[high])
      var (i, j) = (low, high)
      while i <= j {
        while words[i] < pivot { i &+= 1 }
        while words[j] > pivot { j &-= 1 }
        if i <= j {
          words.swapAt(i, j)
          i &+= 1
          j &-= 1
        }
      }
      if place <= j {
        high = j
      } else if place >= i {
        low = i
      } else {
        break
      }
    }
    return words[place]
  }

  private static func medianOfThree(_ a: Int64, _ b: Int64, _ c: Int64) -> Int64 {
    max(min(a, b), min(max(a, b), c))
  }
}
