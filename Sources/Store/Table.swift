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
  /// The entity's own time field.
  private(set) var timeField: FieldID?
  let budget: Budget
  /// In catalog order; nil for computed fields.
  private(set) var columns: [Column?]
  var keyMap: KeyMap?
  var indexes = TableIndexes()
  /// The least key that may be given next, as far as it was set.
  private var nextKeyMin: Int64 = 1
  /// One bit a row, 1 where it is dead; shorter than the table when no later row is.
  private var deadBits: [UInt64] = []
  private var deadRowCount = 0
  /// The dead rows as a list, once it was asked for.
  private var deadRowList: [Int32]?
  /// Where the values of deferred columns come from.
  var late: LateColumns?

  /// Makes an empty table with a column for each stored field of `definition`.
  package init(entity: EntityID, definition: Entity, budget: Budget) {
    self.entity = entity
    self.key = definition.key
    self.timeField = definition.timeField
    self.budget = budget
    columns = definition.fields.map {
      $0.isComputed ? nil : Column(type: $0.type, budget: budget)
    }
  }

  /// Rows that are not dead.
  package var liveRowCount: Int { rowCount - deadRowCount }

  /// The integer key that the next record without one gets: above all keys there are and were, so
  /// that none is given twice. Setting it lower does nothing.
  package var nextKey: Int64 {
    get { max(nextKeyMin, largestKey == .max ? .max : largestKey + 1) }
    set { nextKeyMin = max(nextKeyMin, newValue) }
  }

  /// The column of a stored field, its values read if they were left in the file. A column without a
  /// known value takes no memory.
  package func column(_ field: FieldID) -> Column {
    guard field.index < columns.count, let column = columns[field.index] else {
      preconditionFailure("a computed field has no column")
    }
    return column.isDeferred ? readLate(field, column) : column
  }

  /// Takes rows whose keys these are and whose other values are in the data file.
  ///
  /// - Parameters:
  ///   - keys: The column of keys, filled.
  ///   - deadBits: One bit a row, 1 where it is dead; later rows live.
  ///   - late: What reads the other columns.
  package func adopt(keys: Column, deadBits: [UInt64], late: LateColumns) {
    precondition(rowCount == 0 && keys.type == column(key).type, "rows for an empty table")
    keys.settle()
    columns[key.index] = keys
    rowCount = keys.rowCount
    mainRowCount = rowCount
    self.late = late
    for (index, column) in columns.enumerated() where FieldID(index) != key {
      column?.isDeferred = true
    }
    self.deadBits = deadBits
    deadRowCount = deadBits.reduce(0) { $0 + $1.nonzeroBitCount }
  }

  /// Takes further rows of which only the keys are here, the other values being in the data file.
  package func adopt(keys: Vector) throws(StoreError) {
    precondition(keys.count == 0 || late != nil, "rows for a table whose columns are in the file")
    let column = column(key)
    try column.append(keys)
    column.settle()
    rowCount = column.rowCount
    mainRowCount = rowCount
  }

  /// One bit a row, 1 where it is dead; later rows live.
  package var deadRowBits: [UInt64] { deadBits }

  /// Adds a column for a field added to the entity, all unknown.
  package func addColumn(_ field: FieldID, type: ValueType) throws(StoreError) {
    while columns.count <= field.index { columns.append(nil) }
    precondition(columns[field.index] == nil, "the field has a column")
    let column = Column(type: type, budget: budget)
    try column.appendUnknown(rowCount)
    columns[field.index] = column
  }

  /// Says how many rows an empty table is going to have, about; the next merge forgets it.
  package func expect(rowCount: Int) {
    for column in columns { column?.expect(rowCount: min(max(0, rowCount), Int(Int32.max))) }
  }

  /// Appends rows: one vector per stored field, nil where all are unknown; all of `count` rows.
  ///
  /// All or nothing: on a throw the table is as before.
  /// - Throws: `duplicateKey`, `memoryLimit`.
  /// - Returns: The state before.
  /// - Complexity: O(*n*); keys that ascend above the largest one need no look-up.
  @discardableResult
  package func append(
    _ vectors: [FieldID: Vector], count: Int
  ) throws(StoreError) -> Checkpoint {
    precondition(
      rowCount + count <= Int(Int32.max), "a table of more rows than a reference can name")
    precondition(
      vectors.allSatisfy { $0.value.count == count }, "vectors of another length than the rows")
    if let keys = vectors[key] { try checkKeys(keys) }
    return try appendUnchecked(vectors, count: count)
  }

  /// Refuses keys of which a live row, or another of them, has one.
  func checkKeys(_ keys: Vector) throws(StoreError) {
    if let duplicate = try duplicates(in: keys, countMax: 1).first {
      throw .duplicateKey(key: duplicate.key, line: nil, firstLine: nil)
    }
  }

  /// Appends rows whose keys have been looked at.
  @discardableResult
  func appendUnchecked(
    _ vectors: [FieldID: Vector], count: Int
  ) throws(StoreError) -> Checkpoint {
    try readAll()
    let before = checkpoint()
    guard count > 0 else { return before }
    do throws(StoreError) {
      for (index, column) in columns.enumerated() {
        guard let column else { continue }
        if let vector = vectors[FieldID(index)] {
          try column.append(vector)
        } else {
          try column.appendUnknown(count)
        }
      }
    } catch {
      roll(backTo: before)
      throw error
    }
    rowCount += count
    return before
  }

  /// A state of the table to go back to while a statement may still fail.
  package struct Checkpoint {
    fileprivate let marks: [Column.Mark?]
    fileprivate let rowCount: Int
  }

  /// The state now, of a fixed size. Good until the next merge.
  func checkpoint() -> Checkpoint {
    Checkpoint(marks: columns.map { $0?.mark() }, rowCount: rowCount)
  }

  /// Takes back what was appended since. Cannot fail.
  func roll(backTo checkpoint: Checkpoint) {
    precondition(checkpoint.rowCount >= mainRowCount, "a state from before the last merge")
    keyMap = keyMap?.shrunk(to: checkpoint.rowCount)
    for row in checkpoint.rowCount..<rowCount where isDead(row) {
      deadBits[row >> 6] &= ~(1 << UInt64(row & 63))
      deadRowCount -= 1
      deadRowList = nil
    }
    precondition(columns.count == checkpoint.marks.count, "columns that were added since")
    for (index, mark) in checkpoint.marks.enumerated() {
      if let mark { columns[index]?.restore(mark) }
    }
    rowCount = checkpoint.rowCount
    indexes.deltaOrders = [:]
    indexes.rollAdjacencies(backTo: rowCount)
  }

  /// Takes these columns in place of those there are, as a definition has them.
  func use(_ columns: [Column?], of definition: Entity) {
    for (index, old) in self.columns.enumerated()
    where index >= columns.count || old !== columns[index] {
      indexes.giveUpAll(by: FieldID(index))
      if FieldID(index) == key { keyMap = nil }
    }
    if definition.timeField != timeField { indexes.adjacencies = [:] }
    timeField = definition.timeField
    self.columns = columns
  }

  /// Replaces a column by one of these values.
  func replaceColumn(_ field: FieldID, with values: Vector) throws(StoreError) {
    let column = Column(type: column(field).type, budget: budget)
    try column.append(values)
    columns[field.index] = column
    indexes.giveUpAll(by: field)
  }

  /// Brings the delta and edited rows under the indexes: those built so far are built anew over all
  /// rows, one for which there is no memory is given up. Gives back room that no row uses.
  ///
  /// The session calls it between statements, when `isDeltaFull` says so and after an import; not
  /// while a change may be taken back.
  package func merge() {
    let isGrown = mainRowCount < rowCount
    guard isGrown || columns.contains(where: { $0?.isEdited == true }) else { return }
    mainRowCount = rowCount
    for column in columns { column?.settle() }
    rebuildIndexes(staleOnly: !isGrown)
  }

  // Dead rows.

  /// Marks a row dead.
  package func kill(_ row: Int) {
    precondition(row >= 0 && row < rowCount, "a row outside the table")
    guard !isDead(row) else { return }
    while deadBits.count <= row >> 6 { deadBits.append(0) }
    deadBits[row >> 6] |= 1 << UInt64(row & 63)
    deadRowCount += 1
    deadRowList = nil
    noteLife(of: row)
  }

  /// Makes a dead row live again; no live row may have its key.
  func revive(_ row: Int) {
    guard isDead(row) else { return }
    deadBits[row >> 6] &= ~(1 << UInt64(row & 63))
    deadRowCount -= 1
    deadRowList = nil
    keyMap?.enter(row)
    noteLife(of: row)
  }

  /// The dead rows, ascending; made anew when it is asked for after a change.
  var deadRows: [Int32] {
    if let deadRowList { return deadRowList }
    var rows: [Int32] = []
    rows.reserveCapacity(deadRowCount)
    for (index, word) in deadBits.enumerated() where word != 0 {
      var left = word
      while left != 0 {
        rows.append(Int32(truncatingIfNeeded: index * 64 + left.trailingZeroBitCount))
        left &= left - 1
      }
    }
    deadRowList = rows
    return rows
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
