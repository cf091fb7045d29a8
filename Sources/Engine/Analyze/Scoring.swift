import Store

/// One score: how many have it, and between which values.
package struct ScoreBin: Hashable, Sendable {
  /// Who has it.
  package var count = 0
  /// The smallest value that has it.
  package var lowest = Int64.max
  /// The largest.
  package var highest = Int64.min

  init() {}
}

/// Scores 1…`binCount` of a population by one measure, the highest for the best; equal values share
/// the lower score: `min(bins, 1 + floor(bins × number strictly worse ÷ n))`. Breaking ties by the
/// order of rows instead, as NTILE does, gives identical customers different scores.
struct Scoring {
  /// The score of each value.
  private(set) var scores: [UInt8]
  /// For each score from 1 who has it.
  private(set) var bins: [ScoreBin]
  /// Scores that no value has, and the value before them with how many have it: it covers them.
  private(set) var gaps: [(scores: [Int], value: Int64, count: Int)] = []

  /// Scores values.
  ///
  /// - Parameters:
  ///   - isLessBetter: Whether small values are good: recency.
  ///   - parts: Scored each by itself, as numbers from 0; nil for one population.
  /// - Complexity: O(*n*); values within a narrow range are counted instead of sorted.
  init<Word: FixedWidthInteger>(
    _ values: [Word], binCount: Int, isLessBetter: Bool = false, within parts: [Int32]? = nil
  ) throws(StoreError) {
    scores = [UInt8](repeating: 0, count: values.count)
    bins = [ScoreBin](repeating: ScoreBin(), count: binCount)
    guard let least = values.min(), let most = values.max() else { return }
    let range = Int64(truncatingIfNeeded: least)...Int64(truncatingIfNeeded: most)
    let (width, isOverflow) = range.upperBound.subtractingReportingOverflow(range.lowerBound)
    if let parts {
      try sortAndScore(values.map { Int64(truncatingIfNeeded: $0) }, isLessBetter, parts)
      return
    }
    if !isOverflow, width < Self.countedRangeMax {
      score(values, in: range, isLessBetter)
    } else {
      try compareAndScore(values.map { Int64(truncatingIfNeeded: $0) }, isLessBetter)
    }
    noteGaps(in: values, isLessBetter)
  }

  /// The widest range of values that are counted.
  private static let countedRangeMax: Int64 = 1 << 20

  private mutating func score<Word: FixedWidthInteger>(
    _ values: [Word], in range: ClosedRange<Int64>, _ isLessBetter: Bool
  ) {
    let least = range.lowerBound
    var counts = [Int32](repeating: 0, count: Int(range.upperBound - least) + 1)
    for value in values { counts[Int(Int64(truncatingIfNeeded: value) &- least)] += 1 }
    var byValue = [UInt8](repeating: 0, count: counts.count)
    var worse = 0
    for step in counts.indices {
      let place = isLessBetter ? counts.count - 1 - step : step
      guard counts[place] > 0 else { continue }
      let count = Int(counts[place])
      byValue[place] = take(least + Int64(place), count, worse: worse, of: values.count)
      worse += count
    }
    for (offset, value) in values.enumerated() {
      scores[offset] = byValue[Int(Int64(truncatingIfNeeded: value) &- least)]
    }
  }

  /// Compares each value with the least value of each score: a value has at least score *k* + 1 when
  /// `bins × number strictly worse ≥ k × n`.
  private mutating func compareAndScore(
    _ values: [Int64], _ isLessBetter: Bool
  ) throws(StoreError) {
    // All bits turned over, the order is turned over too.
    let flip: Int64 = isLessBetter ? -1 : 0
    let count = values.count
    let ranks = (1..<bins.count).map { ($0 * count + bins.count - 1) / bins.count }
      .filter { $0 < count }
    let around = try RankedValues.values(
      at: ranks.flatMap { [$0 - 1, $0] }, of: isLessBetter ? values.map { ~$0 } : values)
    let borders = ranks.indices.map { place in
      let (below, at) = (around[2 * place], around[2 * place + 1])
      // Of equal values around a border all are below it.
      return below < at ? at : at &+ 1
    }
    // In variables of their own the lists are not checked for other owners at every step.
    var (newScores, newBins) = (scores, bins)
    (scores, bins) = ([], [])
    for (offset, value) in values.enumerated() {
      var place = 0
      for border in borders { place &+= value ^ flip >= border ? 1 : 0 }
      newScores[offset] = UInt8(truncatingIfNeeded: place &+ 1)
      newBins[place].count &+= 1
      newBins[place].lowest = min(newBins[place].lowest, value)
      newBins[place].highest = max(newBins[place].highest, value)
    }
    (scores, bins) = (newScores, newBins)
  }

  /// Finds the scores without values: the best value of the score below is of so many that it covers
  /// them.
  private mutating func noteGaps<Word: FixedWidthInteger>(in values: [Word], _ isLessBetter: Bool) {
    var place = 0
    while place < bins.count {
      let start = place
      while place < bins.count, bins[place].count == 0 { place += 1 }
      if place > start, start > 0 {
        let below = bins[start - 1]
        let value = isLessBetter ? below.lowest : below.highest
        let count = values.reduce(0) { $0 + (Int64(truncatingIfNeeded: $1) == value ? 1 : 0) }
        gaps.append((Array(start + 1...place), value, count))
      }
      place += 1
    }
  }

  private mutating func sortAndScore(
    _ values: [Int64], _ isLessBetter: Bool, _ parts: [Int32]
  ) throws(StoreError) {
    let order = try RowOrder.sorted(
      count: values.count,
      by: [
        SortKey(Vector(words: parts.map(Int64.init))),
        SortKey(Vector(words: values), isDescending: isLessBetter),
      ])
    var commonest = (value: Int64(0), count: 0)
    var partStart = 0
    while partStart < order.count {
      let part = parts[Int(order[partStart])]
      var partEnd = partStart + 1
      while partEnd < order.count, parts[Int(order[partEnd])] == part { partEnd += 1 }
      var start = partStart
      while start < partEnd {
        let value = values[Int(order[start])]
        var end = start + 1
        while end < partEnd, values[Int(order[end])] == value { end += 1 }
        let score = take(value, end - start, worse: start - partStart, of: partEnd - partStart)
        for place in start..<end { scores[Int(order[place])] = score }
        if end - start > commonest.count { commonest = (value, end - start) }
        start = end
      }
      partStart = partEnd
    }
    // Each part may have a reason of its own: the most there are of one value stand for them.
    let empty = bins.indices.filter { bins[$0].count == 0 }.map { $0 + 1 }
    if !empty.isEmpty { gaps = [(empty, commonest.value, commonest.count)] }
  }

  /// The score of a run of equal values, which is counted in.
  private mutating func take(_ value: Int64, _ count: Int, worse: Int, of whole: Int) -> UInt8 {
    let score = min(bins.count, 1 + bins.count * worse / whole)
    bins[score - 1].count += count
    bins[score - 1].lowest = min(bins[score - 1].lowest, value)
    bins[score - 1].highest = max(bins[score - 1].highest, value)
    return UInt8(score)
  }
}
