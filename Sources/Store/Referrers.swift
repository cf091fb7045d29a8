/// The live rows of a table that refer to given rows of another by one field: what a change must
/// look at before a record goes.
///
/// The first questions are answered by a pass over the column where no adjacency is there; who asks
/// on, as a chain of references makes one do, has one built, so that the whole chain costs one pass.
package final class Referrers {
  /// Questions answered by a pass each before an adjacency is built.
  private static let passCountMax = 2

  private let table: Table
  private let field: FieldID
  private let targetRowCount: Int
  private var passCount = 0
  /// Of the time when it was first wanted.
  private var adjacency: Adjacency?

  /// Nothing is looked at yet.
  ///
  /// - Parameter target: The table that `field` of `table` refers to. Neither is changed while this
  ///   is asked.
  package init(_ table: Table, _ field: FieldID, to target: Table) {
    self.table = table
    self.field = field
    self.targetRowCount = target.rowCount
  }

  /// The rows that refer to one of `rows`, ascending.
  ///
  /// - Throws: `interrupted`, `memoryLimit`.
  /// - Complexity: O(*n*) in the table for the first two questions at most, then O(*n*) in the answer.
  package func rows(referringTo rows: [Int32]) throws(StoreError) -> [Int32] {
    guard !rows.isEmpty, table.liveRowCount > 0 else { return [] }
    guard let adjacency = try neighbours() else { return try pass(rows) }
    var found = Neighbours()
    adjacency.appendChildren(of: .list(rows), in: Mask(count: rows.count), to: &found)
    return found.rows.sorted()
  }

  private func neighbours() throws(StoreError) -> Adjacency? {
    if let adjacency { return adjacency }
    passCount += 1
    guard passCount > Self.passCountMax || table.isAdjacencyBuilt(of: field) else { return nil }
    adjacency = try table.adjacency(of: field)
    return adjacency
  }

  /// The rows a look at every one finds.
  private func pass(_ wanted: [Int32]) throws(StoreError) -> [Int32] {
    var isWanted = [UInt8](repeating: 0, count: targetRowCount)
    for row in wanted { isWanted[Int(row)] = 0x80 }
    let column = table.column(field)
    var words: [Int64] = []
    var known: [UInt8] = []
    var found: [Int32] = []
    for base in stride(from: 0, to: table.rowCount, by: Limits.chunkRowCount) {
      try Cancellation.check()
      let rows = Rows.run(base: base, count: min(Limits.chunkRowCount, table.rowCount - base))
      column.loadWords(rows, into: &words, known: &known)
      var mask = Mask(known)
      table.keepLive(rows, in: &mask)
      for offset in words.indices where mask.bytes[offset] != 0 {
        mask.bytes[offset] = isWanted[Int(words[offset])]
      }
      rows.collect(in: mask, into: &found)
    }
    return found
  }
}
