/// The records of one entity: columns, a main part with indexes, a delta of appended rows, and a
/// bitmap of dead rows.
///
/// Main and delta are one run of rows in the same columns: rows below `mainRowCount` are covered by
/// the indexes, rows from there on are scanned. References hold row numbers of the target's table.
package final class Table {
  /// Which entity.
  package let entity: EntityID
  /// The most rows the delta holds before a merge.
  package static let deltaRowCountMax = 65_536

  /// All rows, dead ones included.
  package private(set) var rowCount = 0
  /// Rows covered by the indexes.
  package private(set) var mainRowCount = 0
  let key: FieldID
  let budget: Budget
  /// In catalog order; nil for computed fields.
  private(set) var columns: [Column?]
  var keyMap: KeyMap?
  var indexes = TableIndexes()
  /// One bit a row, 1 where it is dead; shorter than the table when no later row is.
  private var deadBits: [UInt64] = []
  private var deadRowCount = 0

  /// Makes an empty table with a column for each stored field of `definition`.
  package init(entity: EntityID, definition: Entity, budget: Budget) {
    self.entity = entity
    self.key = definition.key
    self.budget = budget
    columns = definition.fields.map {
      $0.isComputed ? nil : Column(type: $0.type, budget: budget)
    }
  }

  /// Rows that are not dead.
  package var liveRowCount: Int { rowCount - deadRowCount }

  /// Whether the session should merge before the next statement: the delta is over 1% of the table
  /// (at least 1,024 rows) or `deltaRowCountMax`.
  package var isDeltaFull: Bool {
    rowCount - mainRowCount >= min(Self.deltaRowCountMax, max(1_024, mainRowCount / 100))
  }

  /// The column of a stored field. A column without a known value takes no memory.
  package func column(_ field: FieldID) -> Column {
    guard field.index < columns.count, let column = columns[field.index] else {
      preconditionFailure("a computed field has no column")
    }
    return column
  }

  /// Adds a column for a field added to the entity, all unknown.
  package func addColumn(_ field: FieldID, type: ValueType) throws(StoreError) {
    while columns.count <= field.index { columns.append(nil) }
    precondition(columns[field.index] == nil, "the field has a column")
    let column = Column(type: type, budget: budget)
    try column.appendUnknown(rowCount)
    columns[field.index] = column
  }

  /// Appends rows: one vector per stored field, nil where all are unknown; all of `count` rows.
  ///
  /// All or nothing: on a throw the table is as before.
  /// - Throws: `duplicateKey`, `memoryLimit`.
  /// - Complexity: O(*n*); keys that ascend above the largest one need no look-up.
  package func append(_ vectors: [FieldID: Vector], count: Int) throws(StoreError) {
    guard count > 0 else { return }
    precondition(
      rowCount + count <= Int(Int32.max), "a table of more rows than a reference can name")
    precondition(
      vectors.allSatisfy { $0.value.count == count }, "vectors of another length than the rows")
    if let keys = vectors[key], let duplicate = try duplicates(in: keys, countMax: 1).first {
      throw .duplicateKey(key: duplicate.key, line: nil, firstLine: nil)
    }
    let marks = columns.map { $0?.mark() }
    do {
      for (index, column) in columns.enumerated() {
        guard let column else { continue }
        if let vector = vectors[FieldID(index)] {
          try column.append(vector)
        } else {
          try column.appendUnknown(count)
        }
      }
    } catch {
      for (index, column) in columns.enumerated() {
        if let column, let mark = marks[index] { column.restore(mark) }
      }
      throw error
    }
    rowCount += count
  }

  /// Replaces a column by one of these values.
  func replaceColumn(_ field: FieldID, with values: Vector) throws(StoreError) {
    let column = Column(type: column(field).type, budget: budget)
    try column.append(values)
    columns[field.index] = column
  }

  /// Takes the columns back to where they were: those added since are gone, rows appended since too.
  func restore(_ marks: [Column.Mark?], rowCount: Int) {
    for row in rowCount..<self.rowCount where isDead(row) {
      deadBits[row >> 6] &= ~(1 << UInt64(row & 63))
      deadRowCount -= 1
    }
    columns.removeLast(columns.count - marks.count)
    for (index, mark) in marks.enumerated() {
      if let mark { columns[index]?.restore(mark) } else { columns[index] = nil }
    }
    self.rowCount = rowCount
    keyMap = nil
  }

  /// Brings the delta under the indexes: those built so far are built anew over all rows, one for
  /// which there is no memory is given up. Gives back room that no row uses.
  ///
  /// The session calls it between statements, when `isDeltaFull` says so and after an import.
  package func merge() {
    guard mainRowCount < rowCount else { return }
    mainRowCount = rowCount
    rebuildIndexes()
    for column in columns { column?.trim() }
  }

  // Dead rows.

  /// Marks a row dead.
  package func kill(_ row: Int) {
    precondition(row >= 0 && row < rowCount, "a row outside the table")
    guard !isDead(row) else { return }
    while deadBits.count <= row >> 6 { deadBits.append(0) }
    deadBits[row >> 6] |= 1 << UInt64(row & 63)
    deadRowCount += 1
  }

  /// Whether a row is dead.
  package func isDead(_ row: Int) -> Bool {
    row >> 6 < deadBits.count && deadBits[row >> 6] >> UInt64(row & 63) & 1 != 0
  }

  /// Clears in `mask` the rows that are dead.
  package func keepLive(_ rows: Rows, in mask: inout Mask) {
    guard deadRowCount > 0 else { return }
    switch rows {
    case .run(let base, let count):
      var row = base
      while row < base + count && row >> 6 < deadBits.count {
        let end = min(base + count, (row | 63) + 1)
        if deadBits[row >> 6] != 0 {
          for dead in row..<end where isDead(dead) { mask.bytes[dead - base] = 0 }
        }
        row = end
      }
    case .list(let rows):
      for (offset, row) in rows.enumerated() where row >= 0 && isDead(Int(row)) {
        mask.bytes[offset] = 0
      }
    }
  }

  /// The rows that are not dead, in the same order.
  func live(_ rows: [Int32]) -> [Int32] {
    deadRowCount == 0 ? rows : rows.filter { !isDead(Int($0)) }
  }
}
