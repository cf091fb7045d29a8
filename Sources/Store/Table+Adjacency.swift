// Who refers to whom: kept through changes, built anew when too much has happened since.

extension Table {
  /// The rows of this table by the row that a reference of theirs points at, as they are now. Built
  /// when it is first asked for, and kept.
  ///
  /// - Throws: `memoryLimit`, `interrupted`.
  /// - Complexity: About 20 ns a row to build; then O(*n*) in what has changed since it was last asked.
  package func adjacency(of field: FieldID) throws(StoreError) -> Adjacency {
    if let kept = indexes.adjacencies[field], changedCount(since: kept) <= adjacencyLimit {
      return try caughtUp(kept)
    }
    indexes.adjacencies[field] = nil
    // Rows that may yet be taken back are left out unless they are too many.
    let isDeltaSmall = rowCount - mainRowCount <= adjacencyLimit
    let made = try Adjacency(
      self, field, by: storedTimeField, covering: isDeltaSmall ? mainRowCount : rowCount)
    indexes.adjacencies[field] = made
    return try caughtUp(made)
  }

  /// Whether `adjacency(of:)` would answer without building one.
  package func isAdjacencyBuilt(of field: FieldID) -> Bool {
    indexes.adjacencies[field].map { changedCount(since: $0) <= adjacencyLimit } ?? false
  }

  /// The most rows that are kept beside the list of an adjacency.
  private var adjacencyLimit: Int { 2 * deltaLimit }

  private func changedCount(since adjacency: Adjacency) -> Int {
    adjacency.changes.leftOut.count + rowCount - adjacency.coveredRowCount
  }

  private func caughtUp(_ adjacency: Adjacency) throws(StoreError) -> Adjacency {
    do {
      try adjacency.changes.catchUp(with: self, adjacency.references)
    } catch {
      indexes.adjacencies[adjacency.field] = nil
      throw error
    }
    return adjacency
  }

  private var storedTimeField: FieldID? {
    timeField.flatMap { $0.index < columns.count && columns[$0.index] != nil ? $0 : nil }
  }

  /// Takes note that a row has died or lives again.
  func noteLife(of row: Int) {
    for adjacency in indexes.adjacencies.values {
      adjacency.noteChange(of: row)
      giveUpIfOutgrown(adjacency)
    }
  }

  /// Takes note that rows of a field have other values than `before`.
  func noteNeighbours(_ rows: [Int32], of field: FieldID, before: Vector) {
    for adjacency in indexes.adjacencies.values {
      guard adjacency.reads(field) else { continue }
      for (offset, row) in rows.enumerated() {
        if adjacency.field == field {
          let parent = before.known[offset] == 0 ? nil : before.words[offset]
          adjacency.changes.note(row, parent: parent.map { Int32(truncatingIfNeeded: $0) })
        } else {
          adjacency.noteChange(of: Int(row))
        }
        if giveUpIfOutgrown(adjacency) { break }
      }
    }
  }

  /// Gives an adjacency up beside which too much would be kept.
  @discardableResult
  private func giveUpIfOutgrown(_ adjacency: Adjacency) -> Bool {
    guard changedCount(since: adjacency) > adjacencyLimit else { return false }
    indexes.adjacencies[adjacency.field] = nil
    return true
  }

  /// Builds the adjacencies anew beside which rows are kept; one for which there is no memory or no
  /// time is given up.
  func rebuildAdjacencies() {
    for (field, adjacency) in indexes.adjacencies where changedCount(since: adjacency) > 0 {
      indexes.adjacencies[field] = nil
      _ = try? self.adjacency(of: field)
    }
  }
}

extension TableIndexes {
  /// Whether an adjacency goes by the values of a field or keeps them.
  func hasAdjacency(reading field: FieldID) -> Bool {
    adjacencies.values.contains { $0.reads(field) }
  }

  /// Takes note that the rows from `rowCount` on are no more.
  mutating func rollAdjacencies(backTo rowCount: Int) {
    adjacencies = adjacencies.filter { $0.value.coveredRowCount <= rowCount }
    for adjacency in adjacencies.values { adjacency.changes.noteRollBack(to: rowCount) }
  }
}

extension Adjacency {
  /// Whether it goes by the values of a field.
  func isBy(_ field: FieldID) -> Bool { field == self.field || field == timeField }

  /// Whether it goes by the values of a field or keeps them.
  func reads(_ field: FieldID) -> Bool { isBy(field) || clustered[field] != nil }

  /// Takes note that a row has died, lives again or has another time or value; its parent is what it was.
  fileprivate func noteChange(of row: Int) {
    let parent = references.isKnown(row) ? references.word(row) : nil
    changes.note(
      Int32(truncatingIfNeeded: row), parent: parent.map { Int32(truncatingIfNeeded: $0) })
  }
}
