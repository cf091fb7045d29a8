// Counts of live rows, from those a column keeps of all rows.

extension Table {
  /// Live rows whose value is unknown.
  ///
  /// - Complexity: O(*n*) in the dead rows.
  package func unknownCount(of field: FieldID) -> Int {
    let column = column(field)
    guard column.hasUnknown else { return 0 }
    return column.unknownCount - deadCount(of: .unknown, on: field)
  }

  /// Live rows that pass a range of choice codes or flags, exactly; nil for other columns and tests.
  ///
  /// - Complexity: O(*n*) in the dead rows.
  package func exactCount(of test: ColumnTest, on field: FieldID) -> Int? {
    column(field).exactCount(of: test).map { $0 - deadCount(of: test, on: field) }
  }

  /// Live rows that have each text of the column's `dictionary`; nil for a column that keeps no codes.
  ///
  /// - Complexity: O(*n*) in the dictionary and the dead rows.
  package func dictionaryRowCounts(of field: FieldID) -> [Int]? {
    let column = column(field)
    guard var counts = column.dictionaryRowCounts else { return nil }
    let dead = column.loadCodes(.list(deadRows))
    guard case .words(let codes) = dead.values else { return counts }
    for offset in codes.indices where dead.known[offset] != 0 { counts[Int(codes[offset])] -= 1 }
    return counts
  }

  /// Whether a live row passes a test.
  ///
  /// - Throws: `interrupted`.
  package func hasRow(passing test: ColumnTest, on field: FieldID) throws(StoreError) -> Bool {
    let column = column(field)
    let prepared = column.prepare(test)
    for base in stride(from: 0, to: rowCount, by: Limits.batchRowCount) {
      try Cancellation.check()
      let rows = Rows.run(base: base, count: min(Limits.batchRowCount, rowCount - base))
      var mask = Mask(count: rows.count)
      keepLive(rows, in: &mask)
      column.keep(prepared, of: rows, in: &mask)
      if !mask.isNoneIn { return true }
    }
    return false
  }

  private func deadCount(of test: ColumnTest, on field: FieldID) -> Int {
    let dead = deadRows
    guard !dead.isEmpty else { return 0 }
    var mask = Mask(count: dead.count)
    column(field).keep(test, of: .list(dead), in: &mask)
    return mask.countIn
  }
}
