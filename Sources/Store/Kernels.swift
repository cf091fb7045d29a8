// STAND-IN: bodies follow file by file; the signatures are meant to stay.

// MARK: order

/// What rows are sorted by.
package struct SortKey: Sendable {
  /// A value for each candidate.
  package var values: Vector
  /// Largest first. Unknown comes last both ways.
  package var isDescending: Bool
  /// Makes a key.
  package init(_ values: Vector, isDescending: Bool = false) {
    self.values = values
    self.isDescending = isDescending
  }
}

/// Sorts candidates by one or more keys.
package enum RowOrder {
  /// The offsets 0 ..< count in order; ties by offset.
  package static func sorted(
    count: Int, by keys: [SortKey], isTieDescending: Bool = false
  ) throws(StoreError) -> [Int32] { preconditionFailure() }
}

/// The first `limit` rows by one key, without sorting all. Unknown never enters.
package struct TopRows {
  /// `isDescending`: largest first (`top`), else smallest first (`bottom`). Equal keys go by row,
  /// ascending unless `isTieDescending`.
  package init(
    limit: Int, of type: ValueType, isDescending: Bool, isTieDescending: Bool = false
  ) { preconditionFailure() }
  /// Takes in the rows of one batch that are in; rows must come ascending.
  package mutating func add(_ values: Vector, rows: Rows, in mask: Mask) throws(StoreError) {
    preconditionFailure()
  }
  /// Rows that fail this test change nothing any more; nil while every row may.
  package var threshold: ColumnTest? { preconditionFailure() }
  /// Takes another worker's rows in.
  package mutating func merge(_ other: TopRows) throws(StoreError) { preconditionFailure() }
  /// The rows in order, and whether a row of the last one's key was left out.
  package mutating func finish() throws(StoreError) -> (rows: [Int32], isTieCut: Bool) {
    preconditionFailure()
  }
}

/// Ranks a whole population by a value, largest first. Unknown values are outside.
package struct Ranking {
  /// `partitions`: keys that split the population (`per K`); unknown is one of their values.
  package init(_ values: Vector, as type: ValueType, per partitions: [Vector] = [])
    throws(StoreError)
  { preconditionFailure() }
  /// 1 for the largest; equals share the smaller number. Integers.
  package func ranks() -> Vector { preconditionFailure() }
  /// Groups 1…`count`, the highest number for the largest; equals are never split. Integers.
  package func tiles(_ count: Int) -> Vector { preconditionFailure() }
  /// (ascending rank − 1) / (count − 1), 0 when alone: 1 for the largest. Numbers.
  package func percentileRanks() -> Vector { preconditionFailure() }
  /// Value ÷ sum of all. Numbers; unknown where the sum is 0.
  package func shares() throws(StoreError) -> Vector { preconditionFailure() }
  /// Share of all values down to and with this one, largest first, equals together. Numbers.
  package func runningShares() throws(StoreError) -> Vector { preconditionFailure() }
  /// In where strictly worse (bottom: strictly better) ≥ (1 − share) × count.
  package func inTop(_ share: Ratio, isTop: Bool) -> Mask { preconditionFailure() }
  /// Known values over all partitions.
  package var populationCount: Int { preconditionFailure() }
  /// The sum so far in the given order of offsets; unknown values give unknown and add nothing.
  package static func runningSums(_ values: Vector, as type: ValueType, order: [Int32])
    throws(StoreError) -> Vector
  { preconditionFailure() }
}
