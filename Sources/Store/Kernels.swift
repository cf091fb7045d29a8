// STAND-IN: bodies follow file by file; the signatures are meant to stay.

// MARK: groups

/// Numbers the distinct tuples of some key vectors, in the order first seen.
///
/// Texts are keys by their exact bytes; unknown is a key of its own. Without keys there is one group
/// from the start. Keys with small known domains take a dense table, others open addressing.
package final class GroupTable {
  /// `domains`: for each key the range its words lie in, where it is known and small.
  package init(keyTypes: [ValueType], domains: [ClosedRange<Int64>?], budget: Budget) {
    preconditionFailure()
  }
  /// Groups seen.
  package var groupCount: Int { preconditionFailure() }
  /// For each row 1 + its group; 0 for rows that are out.
  package func ids(of keys: [Vector], in mask: Mask) throws(StoreError) -> [Int32] {
    preconditionFailure()
  }
  /// The keys of all groups, one vector a key.
  package func keys() -> [Vector] { preconditionFailure() }
  /// Takes another table's groups in. Element *i* + 1 is 1 + the group here of group *i* there;
  /// element 0 is 0, so that ids map too.
  package func merge(_ other: GroupTable) throws(StoreError) -> [Int32] { preconditionFailure() }
}

/// An exact share, such as 20% = 1/5.
package struct Ratio: Hashable, Sendable {
  /// Above the line.
  package let numerator: Int64
  /// Below the line, above 0.
  package let denominator: Int64
  /// Makes a ratio.
  package init(_ numerator: Int64, _ denominator: Int64) {
    self.numerator = numerator
    self.denominator = denominator
  }
  /// The ratio that the shortest decimal form of a number means: 0.2 is 1/5. Nil outside 0…1.
  package init?(_ share: Double) { preconditionFailure() }
}

/// One aggregate for every group.
package final class Accumulator {
  /// The aggregates.
  package enum Kind: Hashable, Sendable {
    case countRows, countKnown, countDistinct
    case sum, average, min, max, median, mode, first, last
    /// Nearest rank.
    case percentile(Ratio)
  }
  /// `type`: of the values; any for `countRows`.
  package init(_ kind: Kind, of type: ValueType, budget: Budget) { preconditionFailure() }
  /// The type `finish` gives.
  package var resultType: ValueType { preconditionFailure() }
  /// Takes one batch in. `ids` are those of `GroupTable.ids`; slot 0 is thrown away.
  ///
  /// - Parameters:
  ///   - values: nil for `countRows`.
  ///   - order: for `first` and `last`: what decides, before the row number; nil: the row alone.
  ///   - rows: for `first` and `last`: the rows' numbers.
  package func add(
    _ values: Vector?, order: Vector? = nil, rows: Rows? = nil, ids: [Int32], groupCount: Int
  ) throws(StoreError) { preconditionFailure() }
  /// Takes another worker's accumulator in; `mapping` comes from `GroupTable.merge`.
  package func merge(_ other: Accumulator, mapping: [Int32], groupCount: Int) throws(StoreError) {
    preconditionFailure()
  }
  /// The result of each group.
  package func finish(groupCount: Int) throws(StoreError) -> Vector { preconditionFailure() }
}

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
