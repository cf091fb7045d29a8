/// What a sample says of how a column's known values are spread: 64 buckets of equal depth.
///
/// Words and numbers alike are held as numbers: an estimate needs no more.
struct ColumnHistogram: Sendable {
  /// Rows of the sample.
  static let sampleCountMax = 10_000
  static let bucketCount = 64

  /// Rows the column had.
  let rowCount: Int
  /// Distinct known values, estimated.
  let distinctCount: Int
  /// The ends of the buckets, ascending: `bucketCount + 1` of them, or none without a value.
  private let bounds: [Double]

  /// Makes the histogram of a sample of the known values.
  ///
  /// The distinct values are estimated as those met often plus √(N/n) times those met once.
  /// - Source: Charikar et al.: Towards estimation error guarantees for distinct values, PODS 2000.
  init(sample: [Double], knownCount: Int, rowCount: Int) {
    self.rowCount = rowCount
    let sorted = sample.sorted()
    guard let last = sorted.last else {
      bounds = []
      distinctCount = 0
      return
    }
    bounds =
      (0..<Self.bucketCount).map { sorted[$0 * sorted.count / Self.bucketCount] } + [last]
    var single = 0
    var repeated = 0
    var index = 0
    while index < sorted.count {
      var end = index + 1
      while end < sorted.count && sorted[end] == sorted[index] { end += 1 }
      if end - index == 1 { single += 1 } else { repeated += 1 }
      index = end
    }
    let factor = (Double(knownCount) / Double(sorted.count)).squareRoot()
    // A sample that met nearly every value once says that nearly all differ.
    let isNearlyUnique = single * 100 >= sorted.count * 99
    let estimate =
      isNearlyUnique ? knownCount * single / sorted.count : Int(factor * Double(single)) + repeated
    distinctCount = max(1, min(knownCount, estimate))
  }

  /// The share of the known values that lie in `lower ... upper`.
  func share(from lower: Double, to upper: Double) -> Double {
    guard lower <= upper, let first = bounds.first, let last = bounds.last else { return 0 }
    if upper < first || lower > last { return 0 }
    if lower == upper { return shareOfOne(lower) }
    let least = 1 / Double(max(1, distinctCount))
    return min(
      1, max(position(of: upper, isUpper: true) - position(of: lower, isUpper: false), least))
  }

  private func shareOfOne(_ value: Double) -> Double {
    let filled = (0..<Self.bucketCount).count { bounds[$0] == value && bounds[$0 + 1] == value }
    return max(
      Double(filled) / Double(Self.bucketCount), 1 / Double(max(1, distinctCount)))
  }

  /// Which share of the known values lies below `value` (and, for an upper end, at it).
  private func position(of value: Double, isUpper: Bool) -> Double {
    var position = 0.0
    for bucket in 0..<Self.bucketCount {
      let low = bounds[bucket]
      let high = bounds[bucket + 1]
      if high < value || isUpper && high == value {
        position += 1
      } else if low < value {
        position += (value - low) / (high - low)
      }
    }
    return position / Double(Self.bucketCount)
  }
}
