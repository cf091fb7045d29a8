/// What the spend model knows of customers: the number of repeat purchases and what was spent on all
/// of them. Only customers with repeats and a positive spend are kept; equal rows are merged.
struct SpendHistories {
  /// Distinct rows, ascending: by number of repeats, then by spend.
  private(set) var groups: [PurchaseHistories.Group] = []
  /// Per row, what the repeat purchases brought together, in units of money.
  private(set) var spend: [Double] = []
  /// Per row, the number of customers.
  private(set) var weight: [Double] = []

  /// Merges customers given in two lists of equal length.
  ///
  /// - Parameters:
  ///   - repeats: Purchase days after the first.
  ///   - spendMinor: What these days brought together, in minor units.
  ///   - unitMinor: Minor units in the unit of money of the model.
  init(repeats: [Int32], spendMinor: [Int64], unitMinor: Double = 100) {
    precondition(repeats.count == spendMinor.count)
    let spendMax = repeats.indices.reduce(Int64(0)) {
      repeats[$1] > 0 ? max($0, spendMinor[$1]) : $0
    }
    let spendBits = Int64.bitWidth - spendMax.leadingZeroBitCount
    // Amounts are at most 10¹⁵ minor units, so a sum that leaves no room for 11 bits of repeats has
    // thousands of the largest; the last digits of such a sum are dropped.
    let dropped = max(0, spendBits - 43)
    let repeatsShift = UInt64(spendBits - dropped)
    var keys: [UInt64] = []
    keys.reserveCapacity(repeats.count)
    for row in repeats.indices where repeats[row] > 0 && spendMinor[row] > 0 {
      keys.append(UInt64(repeats[row]) << repeatsShift | UInt64(spendMinor[row]) >> UInt64(dropped))
    }
    let merged = MergedKeys(keys)
    weight = merged.counts.map { Double($0) }
    let mask = UInt64(1) << repeatsShift - 1
    let perKey = Double(1 << dropped) / unitMinor
    spend = merged.keys.map { Double(max($0 & mask, 1)) * perKey }
    for (row, key) in merged.keys.enumerated() {
      let repeats = Int(key >> repeatsShift)
      if groups.last?.repeats == repeats {
        groups[groups.count - 1].rows = groups[groups.count - 1].rows.lowerBound..<row + 1
      } else {
        groups.append(PurchaseHistories.Group(repeats: repeats, rows: row..<row + 1))
      }
    }
  }

  /// The number of customers.
  var customerCount: Int { Int(weight.reduce(0, +)) }

  /// The mean, over the customers, of their mean spend.
  var meanOfMeans: Double {
    var sum = 0.0
    for group in groups {
      for row in group.rows { sum += weight[row] * spend[row] / Double(group.repeats) }
    }
    return sum / max(weight.reduce(0, +), 1)
  }

  /// Pearson's correlation of number of repeats and mean spend, −1…1; nil where one does not vary.
  var correlation: Double? {
    let customers = weight.reduce(0, +)
    guard customers > 1 else { return nil }
    var repeatsSum = 0.0
    for group in groups {
      for row in group.rows { repeatsSum += weight[row] * Double(group.repeats) }
    }
    let (meanRepeats, meanSpend) = (repeatsSum / customers, meanOfMeans)
    var (xx, xm, mm) = (0.0, 0.0, 0.0)
    for group in groups {
      let x = Double(group.repeats) - meanRepeats
      for row in group.rows {
        let m = spend[row] / Double(group.repeats) - meanSpend
        xx += weight[row] * x * x
        xm += weight[row] * x * m
        mm += weight[row] * m * m
      }
    }
    guard xx > 0, mm > 1e-20 * meanSpend * meanSpend * customers else { return nil }
    return min(max(xm / (xx * mm).squareRoot(), -1), 1)
  }
}
