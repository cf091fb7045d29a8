// STAND-IN: bodies follow file by file; the signatures are meant to stay.

// MARK: constants, masks

extension Vector {
  /// `count` times one value. `type` decides the form of an unknown.
  package init(repeating value: Scalar, as type: ValueType, count: Int) { preconditionFailure() }
  /// `count` unknown values.
  package init(unknown type: ValueType, count: Int) { preconditionFailure() }
  /// 1 where the mask is in, else 0; all known.
  package init(flags mask: Mask) { preconditionFailure() }
  /// The rows of the vector that are in, one after the other.
  package func compacted(by mask: Mask) -> Vector { preconditionFailure() }
  /// The values at these offsets, in this order; -1 gives unknown.
  package func gathered(_ offsets: [Int32]) -> Vector { preconditionFailure() }
  /// Adds another vector of the same form at the end.
  package mutating func append(_ other: Vector) { preconditionFailure() }
}

extension Mask {
  /// In where the flag is known and 1.
  package init(flags: Vector) { preconditionFailure() }
  /// In where the value is known.
  package init(knownIn vector: Vector) { preconditionFailure() }
  /// Rows of the batch, in or out.
  package var count: Int { bytes.count }
  /// Rows in.
  package var countIn: Int { preconditionFailure() }
  /// Whether no row is in.
  package var isNoneIn: Bool { preconditionFailure() }
  /// Whether every row is in.
  package var isAllIn: Bool { preconditionFailure() }
  /// Keeps the rows that are in `other` too.
  package mutating func formAnd(_ other: Mask) { preconditionFailure() }
  /// Adds the rows that are in `other`.
  package mutating func formOr(_ other: Mask) { preconditionFailure() }
  /// Takes out the rows that are in `other`.
  package mutating func subtract(_ other: Mask) { preconditionFailure() }
  /// The rows of `whole` that are not in this mask.
  package func inverted(within whole: Mask) -> Mask { preconditionFailure() }
  /// The offsets of the rows in, ascending.
  package var offsets: [Int32] { preconditionFailure() }
}

extension Rows {
  /// The rows that are in.
  package func compacted(by mask: Mask) -> Rows { preconditionFailure() }
}

// MARK: arithmetic, conversions, rounding

extension Vector {
  /// What `arithmetic` does, by the types of both sides and the result.
  package enum Arithmetic: Sendable {
    case addIntegers, subtractIntegers, multiplyIntegers
    /// → number
    case divideIntegers
    case addReals, subtractReals, multiplyReals, divideReals
    case addMoney, subtractMoney
    /// money × number, money × integer → money
    case multiplyMoneyByReal, multiplyMoneyByInteger
    /// money ÷ number, money ÷ integer → money
    case divideMoneyByReal, divideMoneyByInteger
    /// money ÷ money → number
    case divideMoney
    /// date ± integer days → date; date − date → integer days
    case addDays, subtractDays, daysBetween
  }
  /// Unknown where a side is; only rows in `mask` may raise an error, the others give anything.
  package static func arithmetic(
    _ operation: Arithmetic, _ a: Vector, _ b: Vector, in mask: Mask
  ) throws(StoreError) -> Vector { preconditionFailure() }
  /// Minus the value: integer, money or number.
  package func negated(in mask: Mask) throws(StoreError) -> Vector { preconditionFailure() }

  /// What `converted` does.
  package enum Conversion: Sendable {
    case integerToNumber, integerToMoney, moneyToNumber, numberToMoney, numberToInteger
    case dateToTime, timeToDate
  }
  /// The values as another type. Only rows in `mask` may raise an error.
  package func converted(_ conversion: Conversion, in mask: Mask) throws(StoreError) -> Vector {
    preconditionFailure()
  }

  /// What `rounded` does.
  package enum Rounding: Sendable {
    /// To so many decimals, half away from zero; fewer than 0 rounds to tens, hundreds …
    case nearest(digits: Int)
    case floor, ceil, absolute
  }
  /// Rounds integers, money or numbers; the type stays.
  package func rounded(_ rounding: Rounding, as type: ValueType, in mask: Mask)
    throws(StoreError) -> Vector
  { preconditionFailure() }
  /// The largest multiple of `width` not above the value; unknown where the width is not above 0.
  package func bucketed(width: Vector, in mask: Mask) throws(StoreError) -> Vector {
    preconditionFailure()
  }
}

// MARK: choice between values

extension Vector {
  /// The first known value of each row.
  package static func firstKnown(_ vectors: [Vector]) -> Vector { preconditionFailure() }
  /// `then` where the mask is in, else `otherwise`.
  package static func select(_ mask: Mask, then: Vector, otherwise: Vector) -> Vector {
    preconditionFailure()
  }
}

// MARK: comparison

extension Vector {
  /// How two vectors compare.
  package enum Comparison: Sendable {
    /// Texts fold case.
    case equal
    /// Texts by their bytes.
    case equalExactly
    /// Texts by the order of texts.
    case less, lessOrEqual, greater, greaterOrEqual
  }
  /// Clears in `mask` the rows where a side is unknown or the comparison is false.
  package func keep(_ comparison: Comparison, _ other: Vector, in mask: inout Mask) {
    preconditionFailure()
  }
  /// Clears in `mask` every row that does not pass `test`. An unknown value passes only `.unknown`.
  package func keep(_ test: ColumnTest, in mask: inout Mask) { preconditionFailure() }

  /// How one text may stand to another; case is folded.
  package enum TextRelation: Sendable { case contains, startsWith, endsWith, hasWord }
  /// Clears in `mask` the rows where a side is unknown or the relation does not hold.
  package func keep(_ relation: TextRelation, _ other: Vector, in mask: inout Mask) {
    preconditionFailure()
  }
}

// MARK: text and date functions

extension Vector {
  /// Small letters, by the pairs of `Folding`.
  package func lowered() -> Vector { preconditionFailure() }
  /// Capitals, by the pairs of `Folding`.
  package func uppered() -> Vector { preconditionFailure() }
  /// Without white space at both ends.
  package func trimmed() -> Vector { preconditionFailure() }
  /// Unicode scalars of each text, as integers.
  package func scalarCounts() -> Vector { preconditionFailure() }
  /// Both texts in one; unknown where a side is.
  package static func joined(_ a: Vector, _ b: Vector) throws(StoreError) -> Vector {
    preconditionFailure()
  }

  /// A part of a date.
  package enum DatePart: Sendable {
    /// `week` is the ISO 8601 week; `weekday` 1 is Monday.
    case year, quarter, month, week, weekday, day
    /// The first day of the month, week (Monday) or quarter: a date.
    case monthOf, weekOf, quarterOf
  }
  /// The part of each date; times are converted to dates first.
  package func datePart(_ part: DatePart) -> Vector { preconditionFailure() }
  /// Dates shifted by months (clamped to the month's end), then days.
  package func shiftedDates(months: Int, days: Int, in mask: Mask) throws(StoreError) -> Vector {
    preconditionFailure()
  }
  /// Times shifted by months (clamped to the month's end), then days; the time of day stays.
  package func shiftedTimes(months: Int, days: Int, in mask: Mask) throws(StoreError) -> Vector {
    preconditionFailure()
  }
}

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
