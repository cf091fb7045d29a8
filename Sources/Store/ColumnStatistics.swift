/// What is known of 65,536 rows of a column without reading them.
struct ChunkStatistics: Sendable {
  /// Smallest and largest known word; `lower > upper` when there is none.
  var lower = Int64.max
  var upper = Int64.min
  /// Smallest and largest known number.
  var lowerReal = Double.infinity
  var upperReal = -Double.infinity
  /// Rows.
  var rowCount = 0
  /// Rows whose value is unknown.
  var unknownCount = 0

  /// Rows whose value is known.
  var knownCount: Int { rowCount - unknownCount }

  /// Takes in the statistics of further rows.
  mutating func add(_ other: ChunkStatistics) {
    lower = min(lower, other.lower)
    upper = max(upper, other.upper)
    lowerReal = min(lowerReal, other.lowerReal)
    upperReal = max(upperReal, other.upperReal)
    rowCount += other.rowCount
    unknownCount += other.unknownCount
  }
}

/// How the words of a column follow each other.
struct WordOrder: Sendable {
  /// Whether every word is known and none is below the one before it.
  var isAscending = true
  /// Whether, besides, no two are equal.
  var isStrictlyAscending = true
  /// The last row's word while they ascend, for the comparison with the next one.
  var lastWord = Int64.min

  /// No order.
  static var none: WordOrder { WordOrder(isAscending: false, isStrictlyAscending: false) }
}

/// The statistics of a column: of each chunk, of all rows, and how values follow each other.
///
/// Counts are exact, dead rows counted in. Bounds hold every value there is; after edits they may be
/// wider than need be.
struct ColumnStatistics: Sendable {
  /// One for each 65,536 rows.
  private(set) var chunks: [ChunkStatistics] = []
  /// Of all rows.
  private(set) var total = ChunkStatistics()
  /// Rows of each choice code or flag, unknown ones left out; empty for other types.
  var codeCounts: [Int] = []
  /// How words follow each other.
  var order = WordOrder()

  /// Takes in rows that all belong to the last chunk or begin the next one.
  mutating func add(_ part: ChunkStatistics) {
    if let last = chunks.last, last.rowCount < Limits.chunkRowCount {
      precondition(
        last.rowCount + part.rowCount <= Limits.chunkRowCount, "rows of two chunks at once")
      chunks[chunks.count - 1].add(part)
    } else {
      chunks.append(part)
    }
    total.add(part)
  }

  /// Takes in unknown rows, of any number of chunks.
  mutating func addUnknown(_ count: Int) {
    var left = count
    while left > 0 {
      let room = Limits.chunkRowCount - total.rowCount % Limits.chunkRowCount
      let added = min(room, left)
      var part = ChunkStatistics()
      part.rowCount = added
      part.unknownCount = added
      add(part)
      left -= added
    }
    if count > 0 { order = .none }
  }
}

// Going back.
extension ColumnStatistics {
  /// What rows appended later may change, besides the counts of codes.
  struct Mark {
    fileprivate let total: ChunkStatistics
    fileprivate let last: ChunkStatistics?
    fileprivate let order: WordOrder

    /// Rows there were.
    var rowCount: Int { total.rowCount }
  }

  /// The state now, of a fixed size.
  var mark: Mark { Mark(total: total, last: chunks.last, order: order) }

  /// Forgets the rows that came after a mark, edits made since having been taken back.
  mutating func restore(_ mark: Mark) {
    total = mark.total
    order = mark.order
    let chunkCount = (total.rowCount + Limits.chunkRowCount - 1) / Limits.chunkRowCount
    chunks.removeLast(chunks.count - chunkCount)
    if let last = mark.last { chunks[chunkCount - 1] = last }
  }

  /// What edits of some rows may change, besides the counts of codes.
  struct EditMark {
    fileprivate let total: ChunkStatistics
    fileprivate let order: WordOrder
    fileprivate let chunks: [(index: Int, statistics: ChunkStatistics)]
  }

  /// The state of the chunks that these rows lie in; the rows ascend.
  func mark(at rows: [Int32]) -> EditMark {
    var touched: [(index: Int, statistics: ChunkStatistics)] = []
    var end: Int32 = 0
    for row in rows where row >= end {
      let index = Int(row) / Limits.chunkRowCount
      touched.append((index, chunks[index]))
      end = Int32(clamping: (index + 1) * Limits.chunkRowCount)
    }
    return EditMark(total: total, order: order, chunks: touched)
  }

  /// Goes back to the state before some edits, nothing else having changed since.
  mutating func restore(_ mark: EditMark) {
    total = mark.total
    order = mark.order
    for chunk in mark.chunks { chunks[chunk.index] = chunk.statistics }
  }

  /// Takes in the values that rows of one chunk have got: bounds widen, unknown values are counted.
  mutating func edit(chunk index: Int, _ part: ChunkStatistics, unknownBefore: Int) {
    let rowCount = total.rowCount
    let chunkRowCount = chunks[index].rowCount
    chunks[index].add(part)
    chunks[index].rowCount = chunkRowCount
    chunks[index].unknownCount -= unknownBefore
    total.add(part)
    total.rowCount = rowCount
    total.unknownCount -= unknownBefore
  }
}
