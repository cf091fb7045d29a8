/// The values of one stored field for all rows of a table: one contiguous array of a fixed-width
/// code and a validity bitmap, with statistics per 65,536 rows.
///
/// Rows are looped in `Column+*.swift` only; a caller crosses this boundary once per batch.
package final class Column {
  /// The static type of the values.
  package let type: ValueType

  /// Makes an empty column that asks `budget` before it grows.
  package init(type: ValueType, budget: Budget) {
    preconditionFailure("contract only")
  }

  /// Rows held.
  package var rowCount: Int { preconditionFailure("contract only") }

  /// Rows whose value is unknown.
  package var unknownCount: Int { preconditionFailure("contract only") }

  /// Distinct known values, exact for choices and dictionary text, else estimated from a sample.
  package var distinctCount: Int { preconditionFailure("contract only") }

  /// Smallest and largest known word, from the chunk statistics; nil for texts, numbers or no value.
  package var wordBounds: ClosedRange<Int64>? { preconditionFailure("contract only") }

  /// Adds the vector's values at the end. A text of too many distinct values moves to a heap.
  package func append(_ vector: Vector) throws(StoreError) { preconditionFailure("contract only") }

  /// Adds `count` unknown values at the end.
  package func appendUnknown(_ count: Int) throws(StoreError) {
    preconditionFailure("contract only")
  }

  /// The values of the given rows. A row of -1 in a list gives unknown, so that a reference's rows
  /// can be followed as they are.
  package func load(_ rows: Rows) -> Vector { preconditionFailure("contract only") }

  /// One value; for lookups and tests, never in a loop over rows.
  package subscript(_ row: Int) -> Scalar { preconditionFailure("contract only") }

  /// Clears in `mask` every row that does not pass `test`. An unknown value passes only
  /// `.unknown`. Skips whole chunks by their statistics.
  package func keep(_ test: ColumnTest, of rows: Rows, in mask: inout Mask) {
    preconditionFailure("contract only")
  }

  /// What the statistics of the chunk that holds `row` say of `test`.
  package func verdict(of test: ColumnTest, chunk: Int) -> ChunkVerdict {
    preconditionFailure("contract only")
  }

  /// The share of rows estimated to pass `test`, 0…1, from counts, distinct counts and a 64-bucket
  /// histogram of a sample of 10,000 rows.
  package func selectivity(of test: ColumnTest) -> Double { preconditionFailure("contract only") }
}

/// A test of one column against constants, prepared once a statement.
package enum ColumnTest: Sendable {
  /// `lower ... upper`, both ends in. Empty when `lower > upper`. Every comparison of words with a
  /// constant is one of these: `< x` is `.min ... x - 1`.
  case words(ClosedRange<Int64>)
  /// One of these words.
  case wordSet(Set<Int64>)
  /// Numbers between two ends; an end that is not included is marked open.
  case reals(lower: Double, isLowerOpen: Bool, upper: Double, isUpperOpen: Bool)
  /// One of these numbers.
  case realSet(Set<Double>)
  /// A text test.
  case text(TextTest)
  /// The value is known.
  case known
  /// The value is unknown.
  case unknown
}

/// What chunk statistics say of a test.
package enum ChunkVerdict: Sendable {
  /// No row of the chunk passes.
  case none
  /// Some may.
  case some
  /// Every row of the chunk passes.
  case all
}
