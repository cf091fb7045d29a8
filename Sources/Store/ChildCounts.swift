/// How many records refer to each row of a table, counted in one pass over the records.
package struct ChildCounts {
  private var counts: [Int32]
  private let claim: BudgetClaim

  /// Counts nothing yet.
  ///
  /// - Parameter rowCount: Rows that may be referred to.
  /// - Throws: `memoryLimit`.
  package init(rowCount: Int, budget: Budget) throws(StoreError) {
    claim = BudgetClaim(budget)
    try claim.cover(rowCount * MemoryLayout<Int32>.stride)
    counts = [Int32](repeating: 0, count: rowCount)
  }

  /// Counts a batch of records in.
  ///
  /// - Parameters:
  ///   - references: For each record the row it refers to, as `Column.load` gives it.
  ///   - mask: The records that count.
  package mutating func add(_ references: Vector, in mask: Mask) {
    let words = references.words
    if mask.isAllIn, Mask(references.known).isAllIn {
      for word in words { counts[Int(word)] &+= 1 }
    } else {
      for offset in words.indices where mask.bytes[offset] & references.known[offset] != 0 {
        counts[Int(words[offset])] &+= 1
      }
    }
  }

  /// Adds what another worker has counted of the same rows.
  package mutating func merge(_ other: ChildCounts) {
    precondition(counts.count == other.counts.count, "counts of the same rows")
    let others = other.counts
    for row in counts.indices { counts[row] &+= others[row] }
  }

  /// The counts by row, and a 0 behind them.
  ///
  /// - Throws: `memoryLimit`.
  package func column(budget: Budget) throws(StoreError) -> Column {
    let column = Column(type: .integer, budget: budget)
    column.expect(rowCount: counts.count + 1)
    try column.appendWords(counts, [UInt8](repeating: 0x80, count: counts.count))
    try column.append(Vector(words: [0]))
    return column
  }
}
