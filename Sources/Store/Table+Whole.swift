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
    if liveRowCount == rowCount {
      knownCount = rowCount - column(field).unknownCount
    } else if column(field).hasUnknown {
      var known = Mask(count: rowCount)
      let all = Rows.run(base: 0, count: rowCount)
      keepLive(all, in: &known)
      column(field).keep(.known, of: all, in: &known)
      knownCount = known.countIn
    }
    return (first, knownCount, isTieCut)
  }

  /// What the columns ask before they grow.
  package var columnBudget: Budget { budget }

  /// Gives a field that has been unknown so far its values, one a row.
  package func fill(_ field: FieldID, with values: Vector) throws(StoreError) {
    precondition(values.count == rowCount, "one value a row")
    try replaceColumn(field, with: values)
  }

  /// A state of the table to go back to while a statement may still fail.
  package struct Checkpoint {
    fileprivate let marks: [Column.Mark?]
    fileprivate let rowCount: Int
  }

  /// The state now. Good until the next merge.
  package func checkpoint() -> Checkpoint {
    Checkpoint(marks: columns.map { $0?.mark() }, rowCount: rowCount)
  }

  /// Takes back what was appended since.
  package func roll(backTo checkpoint: Checkpoint) {
    restore(checkpoint.marks, rowCount: checkpoint.rowCount)
  }

  /// Appends the rows of a table of the same entity, whose definition may have further fields.
  ///
  /// All or nothing: on a throw this table is as before.
  package func append(
    contentsOf other: Table, definition: Entity
  ) throws(StoreError) {
    let start = checkpoint()
    do {
      for (index, field) in definition.fields.enumerated() where !field.isComputed {
        guard index >= columns.count || columns[index] == nil else { continue }
        try addColumn(FieldID(index), type: field.type)
      }
      var base = 0
      while base < other.rowCount {
        try Cancellation.check()
        let count = min(Limits.chunkRowCount, other.rowCount - base)
        var vectors: [FieldID: Vector] = [:]
        for (index, field) in definition.fields.enumerated() where !field.isComputed {
          vectors[FieldID(index)] = other.column(FieldID(index))
            .load(.run(base: base, count: count))
        }
        try append(vectors, count: count)
        base += count
      }
    } catch {
      roll(backTo: start)
      throw error
    }
    for row in 0..<other.rowCount where other.isDead(row) { kill(start.rowCount + row) }
  }

  /// A table with the same rows in the same places, some of whose cells have other values.
  ///
  /// - Parameters:
  ///   - definition: The entity's definition now; fields that are new to it are unknown.
  ///   - cells: For each changed field, the new values of `rows`.
  ///   - rows: The rows that change, each once.
  package func replacing(
    _ cells: [FieldID: Vector], at rows: [Int32], definition: Entity
  ) throws(StoreError) -> Table {
    let copy = Table(entity: entity, definition: definition, budget: budget)
    var vectors: [FieldID: Vector] = [:]
    for (index, field) in definition.fields.enumerated() where !field.isComputed {
      let id = FieldID(index)
      var values =
        index < columns.count && columns[index] != nil
        ? column(id).load(.run(base: 0, count: rowCount))
        : Vector(unknown: field.type, count: rowCount)
      if let changed = cells[id] {
        var offsets = Array(0..<Int32(rowCount))
        for (offset, row) in rows.enumerated() where changed.known[offset] != 0 {
          offsets[Int(row)] = Int32(rowCount + offset)
        }
        values.append(changed)
        values = values.gathered(offsets)
      }
      vectors[id] = values
    }
    try copy.append(vectors, count: rowCount)
    for row in 0..<rowCount where isDead(row) { copy.kill(row) }
    return copy
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
