/// The live rows of a table that refer to given rows of another by one field: what a change must
/// look at before a record goes.
///
/// The first questions are answered by a pass over the column; who asks on, as a chain of references
/// makes one do, gets lists by target that were made once, so that the whole chain costs one pass.
package final class Referrers {
  /// Questions answered by a pass each before the lists are made.
  private static let passCountMax = 2

  private let table: Table
  private let field: FieldID
  private let targetRowCount: Int
  private var passCount = 0
  /// The last row that refers to each target, -1 for none; empty until the lists are made.
  private var heads: [Int32] = []
  /// For each row the one before it with the same target.
  private var others: [Int32] = []

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
  /// - Complexity: O(*n*) in the table for the first three questions, then O(*n*) in the answer.
  package func rows(referringTo rows: [Int32]) throws(StoreError) -> [Int32] {
    guard !rows.isEmpty, table.liveRowCount > 0 else { return [] }
    passCount += 1
    if passCount <= Self.passCountMax { return try pass(rows) }
    if heads.isEmpty { try makeLists() }
    var found: [Int32] = []
    for row in rows {
      var next = heads[Int(row)]
      while next >= 0 {
        found.append(next)
        next = others[Int(next)]
      }
    }
    found.sort()
    return found
  }

  private func pass(_ rows: [Int32]) throws(StoreError) -> [Int32] {
    var isWanted = [UInt8](repeating: 0, count: targetRowCount)
    for row in rows { isWanted[Int(row)] = 0x80 }
    var found: [Int32] = []
    try forEachReference { row, target in
      if isWanted[target] != 0 { found.append(Int32(truncatingIfNeeded: row)) }
    }
    return found
  }

  private func makeLists() throws(StoreError) {
    let byteCount = 4 * (targetRowCount + table.rowCount)
    try table.budget.take(byteCount)
    defer { table.budget.give(back: byteCount) }
    heads = [Int32](repeating: -1, count: targetRowCount)
    others = [Int32](repeating: -1, count: table.rowCount)
    try forEachReference { row, target in
      others[row] = heads[target]
      heads[target] = Int32(truncatingIfNeeded: row)
    }
  }

  /// Calls `body` for each live row with a known reference, ascending.
  @inline(__always)
  private func forEachReference(_ body: (_ row: Int, _ target: Int) -> Void) throws(StoreError) {
    let column = table.column(field)
    var words: [Int64] = []
    var known: [UInt8] = []
    var base = 0
    while base < table.rowCount {
      try Cancellation.check()
      let count = min(Limits.chunkRowCount, table.rowCount - base)
      let rows = Rows.run(base: base, count: count)
      column.loadWords(rows, into: &words, known: &known)
      var mask = Mask(known)
      table.keepLive(rows, in: &mask)
      for offset in 0..<count where mask.bytes[offset] != 0 {
        body(base + offset, Int(words[offset]))
      }
      base += count
    }
  }
}
