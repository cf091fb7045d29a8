import Synchronization

/// The values of one stored field for all rows of a table: one contiguous array of a fixed-width
/// code and a validity bitmap, with statistics per 65,536 rows.
///
/// Words are kept in the narrowest of 8, 16, 32 and 64 bits that holds them all and are widened when
/// a larger one arrives; choices and flags take a byte. Texts of few distinct values are codes of a
/// dictionary, others a byte heap. Rows are looped in `Column+*.swift` only; a caller crosses this
/// boundary once per batch. Two threads may test and load at once while nobody changes it.
package final class Column {
  /// The static type of the values.
  package let type: ValueType
  let budget: Budget
  var storage: Storage = .none
  /// One bit a row, 1 where the value is known; nil while all are known, or none is.
  var validity: Memory<UInt8>?
  var statistics = ColumnStatistics()
  /// Counts the changes, so that what was prepared for an older state is known as such.
  package internal(set) var version = 0
  var histogram: ColumnHistogram?
  /// Cells edited since the histogram was made.
  var editedCount = 0
  /// Whether cells were edited since the column was put in its best form.
  var isEdited = false
  /// Rows for which room is made as soon as any is, so that none of them is moved as others come.
  private(set) var expectedRowCount = 0
  private let preparedTests = Mutex<[PreparedTest]>([])
  /// Whether its values are still in the data file.
  private let isLate = Atomic<Bool>(false)

  /// Makes an empty column that asks `budget` before it grows.
  package init(type: ValueType, budget: Budget) {
    self.type = type
    self.budget = budget
    switch type {
    case .choice: statistics.codeCounts = [Int](repeating: 0, count: 256)
    case .flag: statistics.codeCounts = [0, 0]
    default: break
    }
  }

  /// Says how many rows there will be, those there are among them, as far as that is known; 0 where
  /// nothing is. Takes no memory.
  package func expect(rowCount: Int) {
    expectedRowCount = rowCount == 0 ? 0 : rowCount + Self.roomRowCount(for: rowCount)
  }

  /// Rows for which room is left behind so many: the next row must not move all others.
  static func roomRowCount(for rowCount: Int) -> Int {
    max(1_024, min(rowCount / 16, 1_048_576))
  }

  /// Whether its values are still in the data file: then it has no row yet. Whoever reads it asks the
  /// table for it, which sees to it that they are here.
  var isDeferred: Bool {
    get { isLate.load(ordering: .acquiring) }
    set { isLate.store(newValue, ordering: .releasing) }
  }

  /// Rows held.
  package var rowCount: Int { statistics.total.rowCount }

  /// Rows whose value is unknown.
  package var unknownCount: Int { statistics.total.unknownCount }

  /// Whether any row's value is unknown.
  package var hasUnknown: Bool { unknownCount > 0 }

  /// Chunks of 65,536 rows, the last one perhaps shorter.
  package var chunkCount: Int { statistics.chunks.count }

  /// Distinct known values, exact for choices and dictionary text, else estimated from a sample.
  package var distinctCount: Int {
    switch storage {
    case .none: 0
    case .bytes: statistics.codeCounts.count { $0 > 0 }
    case .codes8(_, let dictionary), .codes16(_, let dictionary): dictionary.usedCount
    default: isStrictlyAscending ? rowCount : freshHistogram().distinctCount
    }
  }

  /// Smallest and largest known word, from the chunk statistics; nil for texts, numbers or no value.
  package var wordBounds: ClosedRange<Int64>? {
    let total = statistics.total
    return total.lower <= total.upper ? total.lower...total.upper : nil
  }

  /// Whether every value is known and none is below the one before it, so that row order is the
  /// order of values and a range of values a run of rows. Words only.
  package var isAscending: Bool {
    switch storage {
    case .int8, .int16, .int32, .int64: statistics.order.isAscending
    default: false
    }
  }

  /// Whether, besides, no two values are equal. Words only.
  var isStrictlyAscending: Bool { isAscending && statistics.order.isStrictlyAscending }

  /// What the statistics of a chunk say of `test`.
  package func verdict(of test: ColumnTest, chunk: Int) -> ChunkVerdict {
    prepare(test).verdict(of: statistics.chunks[chunk])
  }

  /// What the statistics of a chunk say of a prepared test.
  package func verdict(of test: PreparedTest, chunk: Int) -> ChunkVerdict {
    current(test).verdict(of: statistics.chunks[chunk])
  }

  /// Makes a test ready for this column as it is now.
  ///
  /// Sets of words, and texts held in a dictionary, are worked out once and remembered.
  package func prepare(_ test: ColumnTest) -> PreparedTest {
    switch test {
    case .wordSet, .realSet, .text: break
    default: return makePrepared(test)
    }
    let version = version
    let known = preparedTests.withLock { tests in
      tests.first { $0.version == version && $0.test.isSame(as: test) }
    }
    if let known { return known }
    let made = makePrepared(test)
    preparedTests.withLock { tests in
      if tests.count >= Self.preparedTestCountMax { tests.removeFirst() }
      tests.append(made)
    }
    return made
  }

  /// The test as given, or prepared anew when the column has changed since.
  func current(_ test: PreparedTest) -> PreparedTest {
    test.version == version ? test : prepare(test.test)
  }

  /// Forgets what was prepared for the state before a change.
  func noteChange() {
    version += 1
    preparedTests.withLock { $0.removeAll(keepingCapacity: true) }
  }

  private static let preparedTestCountMax = 8
}
