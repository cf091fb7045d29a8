// What a change does to a table; `Database+Change.swift` records it.

extension Table {
  /// Gives cells of a field other values; what it gives back puts the old ones back.
  func replace(
    _ field: FieldID, at rows: [Int32], with values: Vector
  ) throws(StoreError) -> ReplacedCells {
    precondition(field != key, "keys never change")
    try readAll()
    let old = try column(field).replace(rows, with: values)
    noteStale(rows, of: field, before: old.values)
    return old
  }

  /// Puts cells back that were replaced, the changes made since having been taken back. Cannot fail.
  func putBack(_ old: ReplacedCells, in field: FieldID) {
    let column = column(field)
    let isWatched = indexes.isThere(for: field) || indexes.hasAdjacency(reading: field)
    let present = isWatched ? column.load(.list(old.rows)) : nil
    column.putBack(old)
    if let present { noteStale(old.rows, of: field, before: present) }
  }

  /// Makes live rows dead.
  func kill(_ rows: [Int32]) {
    for row in rows.lazy.map({ Int($0) }) {
      precondition(!isDead(row), "a row that is dead already")
      kill(row)
    }
  }

  /// Makes dead rows live again.
  func revive(_ rows: [Int32]) {
    for row in rows.lazy.map({ Int($0) }) {
      precondition(isDead(row), "a row that lives already")
      revive(row)
    }
  }

  /// The runs of rows among these that are not dead.
  func liveRuns(in rows: Range<Int>) -> [Range<Int>] {
    guard liveRowCount < rowCount else { return rows.isEmpty ? [] : [rows] }
    var runs: [Range<Int>] = []
    var start = rows.lowerBound
    for row in rows where isDead(row) {
      if start < row { runs.append(start..<row) }
      start = row + 1
    }
    if start < rows.upperBound { runs.append(start..<rows.upperBound) }
    return runs
  }

  /// Brings the columns to a definition; gives those there were.
  func define(_ definition: Entity) throws(StoreError) -> [Column?] {
    try readAll()
    let old = columns
    var made: [Column?] = []
    for (index, field) in definition.fields.enumerated() {
      if field.isComputed {
        made.append(nil)
      } else if index < old.count, let column = old[index], column.type == field.type {
        made.append(column)
      } else {
        precondition(
          index >= old.count || old[index] == nil || liveRowCount == 0,
          "a field with values does not change its type")
        let column = Column(type: field.type, budget: budget)
        try column.appendUnknown(rowCount)
        made.append(column)
      }
    }
    use(made, of: definition)
    return old
  }
}
