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
    return (first, liveRowCount - unknownCount(of: field), isTieCut)
  }

  /// The key.
  package var keyField: FieldID { key }

  /// What the columns ask before they grow.
  package var columnBudget: Budget { budget }

  /// Gives a field of a table that is being filled its values, one a row.
  package func fill(_ field: FieldID, with values: Vector) throws(StoreError) {
    precondition(values.count == rowCount, "one value a row")
    try replaceColumn(field, with: values)
    if field == key { keyMap = nil }
  }

  /// Appends the rows of a table of the same entity; a field it has not is unknown. Dead ones come
  /// along as dead rows, whatever their keys.
  ///
  /// All or nothing: on a throw this table is as before.
  /// - Returns: The state before.
  func append(contentsOf other: Table) throws(StoreError) -> Checkpoint {
    let start = checkpoint()
    let firstRow = rowCount
    do throws(StoreError) {
      for base in stride(from: 0, to: other.rowCount, by: Limits.chunkRowCount) {
        try Cancellation.check()
        try append(other, from: base, count: min(Limits.chunkRowCount, other.rowCount - base))
        for row in other.deadRows(in: base..<rowCount - firstRow) { kill(firstRow + Int(row)) }
      }
    } catch {
      roll(backTo: start)
      throw error
    }
    return start
  }

  private func append(_ other: Table, from base: Int, count: Int) throws(StoreError) {
    var vectors: [FieldID: Vector] = [:]
    for (index, column) in other.columns.enumerated() {
      vectors[FieldID(index)] = column?.load(.run(base: base, count: count))
    }
    var keys = vectors[key]
    for row in other.deadRows(in: base..<base + count) { keys?.known[Int(row) - base] = 0 }
    if let keys { try checkKeys(keys) }
    try appendUnchecked(vectors, count: count)
  }

  private func deadRows(in range: Range<Int>) -> ArraySlice<Int32> {
    let all = deadRows
    let start = all.firstIndex { $0 >= range.lowerBound } ?? all.endIndex
    let end = all[start...].firstIndex { $0 >= range.upperBound } ?? all.endIndex
    return all[start..<end]
  }
}

extension RowSelection {
  /// The offsets at which a value is known but no row was found for it.
  package static func missing(_ rows: [Int32], known: [UInt8]) -> [Int] {
    var offsets: [Int] = []
    for offset in rows.indices where rows[offset] < 0 && known[offset] != 0 {
      offsets.append(offset)
    }
    return offsets
  }

  /// Row numbers as the values of a reference, unknown where there is no row.
  package static func references(_ rows: [Int32]) -> Vector {
    Vector(words: rows.map { Int64(max(0, $0)) }, known: rows.map { $0 < 0 ? 0 : 0x80 })
  }
}
