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

/// The statistics of a column: of each chunk, of all rows, and how values follow each other.
struct ColumnStatistics: Sendable {
  /// One for each 65,536 rows.
  private(set) var chunks: [ChunkStatistics] = []
  /// Of all rows.
  private(set) var total = ChunkStatistics()
  /// Rows of each choice code or flag, unknown ones left out; empty for other types.
  var codeCounts: [Int] = []
  /// Whether every word is known and none is below the one before it.
  var isAscending = true
  /// Whether, besides, no two are equal.
  var isStrictlyAscending = true
  /// The last row's word, for the comparison with the next one.
  var lastWord = Int64.min

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
    if count > 0 {
      isAscending = false
      isStrictlyAscending = false
    }
  }
}
