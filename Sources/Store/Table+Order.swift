extension Table {
  /// All live rows with a known value in the order of the field, ties by row ascending in either
  /// direction; at most `countMax` of them. Nil for types without a sorted index.
  ///
  /// The order is built at the second use and kept: at the first, nil too, unless an index is there
  /// or the rows stand in that order anyway.
  /// - Complexity: O(*k*) in the rows given, after building; 10 ns a row to build.
  package func sortedRows(
    by field: FieldID, isDescending: Bool, countMax: Int = .max
  ) throws(StoreError) -> [Int32]? {
    guard hasSortedRows(by: field) else { return nil }
    let main = try mainOrder(field)
    let delta = try deltaOrder(field)
    // Whoever has stale rows has an order of them.
    if !isDescending && delta == nil && liveRowCount == rowCount {
      return main.rows(at: 0..<min(main.count, countMax))
    }
    return try merged(main, delta, by: field, isDescending: isDescending, countMax: countMax)
  }

  /// Whether `sortedRows` would answer. Asking is a use: the second time the answer is yes.
  package func hasSortedRows(by field: FieldID) -> Bool {
    guard isSortable(field) else { return false }
    if indexes.orders[field] != nil || column(field).isAscending { return true }
    indexes.orderUseCounts[field, default: 0] += 1
    return indexes.orderUseCounts[field, default: 0] > 1
  }

  private func isSortable(_ field: FieldID) -> Bool {
    guard mainRowCount > 0 else { return false }
    return switch column(field).type {
    case .money, .number, .integer, .date, .time: true
    case .text, .choice, .flag, .reference: false
    }
  }

  /// Both orders as one, dead rows left out, and those of the first that are stale: the second has
  /// them with the values they have now.
  private func merged(
    _ main: SortedOrder, _ delta: SortedOrder?, by field: FieldID, isDescending: Bool, countMax: Int
  ) throws(StoreError) -> [Int32] {
    var rows: [Int32] = []
    rows.reserveCapacity(min(countMax, main.count + (delta?.count ?? 0)))
    var first = OrderCursor(main, isDescending: isDescending)
    var second = delta.map { OrderCursor($0, isDescending: isDescending) }
    let stale = indexes.stale[field] ?? SparseRowSet()
    var visited = 0
    while rows.count < countMax {
      visited += 1
      if visited & 0xFFFF == 0 { try Cancellation.check() }
      let mainRow = first.row
      if let mainRow, stale.contains(mainRow) {
        first.advance()
        continue
      }
      let deltaRow = second?.row
      let row: Int32
      if let mainRow, let deltaRow, let deltaKey = second?.key {
        let isTie = first.key == deltaKey
        if isTie ? mainRow < deltaRow : (first.key > deltaKey) == isDescending {
          row = mainRow
          first.advance()
        } else {
          row = deltaRow
          second?.advance()
        }
      } else if let mainRow {
        row = mainRow
        first.advance()
      } else if let deltaRow {
        row = deltaRow
        second?.advance()
      } else {
        break
      }
      if !isDead(Int(row)) { rows.append(row) }
    }
    return rows
  }
}
