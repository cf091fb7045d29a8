/// What the purchase models know of customers: how many repeat purchases, how old the customer was
/// at the last, how old at the as-of date. Equal rows are merged, with a weight.
///
/// Ages are in days since the first purchase. Rows stand in the order of repeats, age and age at the
/// last purchase, whatever the order they came in.
struct PurchaseHistories {
  /// Neighbouring rows of one number of repeat purchases.
  struct Group {
    /// The number of repeat purchases, x.
    var repeats: Int
    /// The rows.
    var rows: Range<Int>
  }

  /// The ages that occur, in days, ascending. The rows hold places in this list.
  private(set) var days: [Int32] = []
  /// Per row, the place of the age at the as-of date, T.
  private(set) var age: [Int32] = []
  /// Per row, the place of the age at the last purchase, t_x.
  private(set) var lastAge: [Int32] = []
  /// Per row, the number of customers.
  private(set) var weight: [Int32] = []
  /// The rows by number of repeat purchases, ascending, without empty ones.
  private(set) var groups: [Group] = []

  /// Merges customers given in three lists of equal length.
  ///
  /// - Parameters:
  ///   - repeats: Purchase days after the first, 0…2²⁰ − 1.
  ///   - lastAgeDays: Days from first to last purchase; 0 is taken where `repeats` is 0.
  ///   - ageDays: Days from the first purchase to the as-of date, below 2²².
  init(repeats: [Int32], lastAgeDays: [Int32], ageDays: [Int32]) {
    precondition(repeats.count == lastAgeDays.count && repeats.count == ageDays.count)
    let dayBits = Int32.bitWidth - (ageDays.max() ?? 0).leadingZeroBitCount
    precondition(dayBits <= 22, "ages are below 2²² days")
    var keys = [UInt64](repeating: 0, count: repeats.count)
    for row in repeats.indices {
      let lastAge = repeats[row] == 0 ? 0 : lastAgeDays[row]
      precondition(0 <= lastAge && lastAge <= ageDays[row], "a last purchase is within the age")
      keys[row] =
        UInt64(repeats[row]) << UInt64(2 * dayBits)
        | UInt64(ageDays[row]) << UInt64(dayBits) | UInt64(lastAge)
    }
    self.init(merged: MergedKeys(keys), dayBits: dayBits)
  }

  private init(merged: MergedKeys, dayBits: Int) {
    let dayMask = UInt64(1) << UInt64(dayBits) - 1
    var places = [Int32](repeating: -1, count: 1 << dayBits)
    for key in merged.keys {
      places[Int(key >> UInt64(dayBits) & dayMask)] = 0
      places[Int(key & dayMask)] = 0
    }
    for day in places.indices where places[day] == 0 {
      places[day] = Int32(days.count)
      days.append(Int32(day))
    }
    weight = merged.counts
    age = merged.keys.map { places[Int($0 >> UInt64(dayBits) & dayMask)] }
    lastAge = merged.keys.map { places[Int($0 & dayMask)] }
    for (row, key) in merged.keys.enumerated() {
      let repeats = Int(key >> UInt64(2 * dayBits))
      if groups.last?.repeats == repeats {
        groups[groups.count - 1].rows = groups[groups.count - 1].rows.lowerBound..<row + 1
      } else {
        groups.append(Group(repeats: repeats, rows: row..<row + 1))
      }
    }
  }

  /// The number of customers.
  var customerCount: Int { weight.reduce(0) { $0 + Int($1) } }

  /// The number of customers with at least one repeat purchase.
  var repeaterCount: Int {
    groups.reduce(0) { sum, group in
      group.repeats == 0 ? sum : sum + group.rows.reduce(0) { $0 + Int(weight[$1]) }
    }
  }

  /// About `count` customers taken at equal distances in the order of the rows: a sample that has
  /// each number of repeats and each age in its share, and is the same each time.
  func sample(of count: Int) -> PurchaseHistories {
    let customers = customerCount
    guard customers > count, count > 0 else { return self }
    var result = PurchaseHistories(repeats: [], lastAgeDays: [], ageDays: [])
    result.days = days
    var passed = 0
    for group in groups {
      let start = result.age.count
      for row in group.rows {
        let taken = passed * count / customers
        passed += Int(weight[row])
        let drawn = passed * count / customers - taken
        guard drawn > 0 else { continue }
        result.age.append(age[row])
        result.lastAge.append(lastAge[row])
        result.weight.append(Int32(drawn))
      }
      guard result.age.count > start else { continue }
      result.groups.append(Group(repeats: group.repeats, rows: start..<result.age.count))
    }
    return result
  }
}
