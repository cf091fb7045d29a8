// What callers ask of a table as a whole.

extension Table {
  /// Whether rows stand in ascending order of their keys, so that ties by row are ties by key.
  package var isInKeyOrder: Bool { column(key).isAscending }

  /// The first rows in the order of a field, how many live rows have a known value, and whether the
  /// rows left out begin with one equal to the last. Nil where no sorted order is there.
  package func firstSortedRows(
    by field: FieldID, isDescending: Bool, countMax: Int
  ) throws(StoreError) -> (rows: [Int32], knownCount: Int, isTieCut: Bool)? {
    let wanted = min(countMax, rowCount) + 1
    guard let rows = try sortedRows(by: field, isDescending: isDescending, countMax: wanted)
    else { return nil }
    let first = Array(rows.prefix(countMax))
    var isTieCut = false
    if let last = first.last, rows.count > countMax {
      isTieCut = column(field)[Int(last)] == column(field)[Int(rows[countMax])]
    }
    var knownCount = liveRowCount
    if column(field).hasUnknown {
      var known = Mask(count: rowCount)
      let all = Rows.run(base: 0, count: rowCount)
      keepLive(all, in: &known)
      column(field).keep(.known, of: all, in: &known)
      knownCount = known.countIn
    }
    return (first, knownCount, isTieCut)
  }
}
