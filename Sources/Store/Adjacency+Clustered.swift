// Columns kept once more in the order of an adjacency's children: what is read of the children of one
// parent after the other then stands side by side instead of all over the table.

/// A copy of a column in the order of an adjacency's children.
struct ClusteredColumn {
  /// What was copied; another column in its place makes the copy worthless.
  let source: Column
  /// The value of each covered child.
  let copy: Column
}

extension Adjacency {
  /// A field's values in the order in which `appendPlaces` gives places; nil where there is no copy.
  /// The value of a child that has changed since is an old one: its parent is no longer walked by
  /// places.
  package func clusteredColumn(_ field: FieldID) -> Column? { clustered[field]?.copy }

  /// The field that refers.
  package var reference: FieldID { field }

  /// Whether the places are those of all live rows of a table, as they are now.
  package func isWhole(of table: Table) -> Bool {
    changes.isNone && children.count == table.liveRowCount
  }

  /// The first place from `place` on where the children of a parent begin.
  package func firstBoundary(from place: Int) -> Int {
    var (low, high) = (0, coveredParentCount)
    while low < high {
      let middle = (low + high) / 2
      if Int(starts.elements[middle]) >= place { high = middle } else { low = middle + 1 }
    }
    return Int(starts.elements[low])
  }

  /// Adds the places of the children of each parent that is in, in the order of `appendChildren`: rows
  /// of the clustered columns.
  ///
  /// - Returns: False, having done nothing, where something has happened to one of the parents since
  ///   the adjacency was built.
  /// - Complexity: As `appendChildren`.
  package func appendPlaces(
    of parents: Rows, in mask: Mask, to list: inout Neighbours
  ) -> Bool {
    precondition(mask.count == parents.count, "one byte a parent")
    guard changes.touched(among: parents).isEmpty else { return false }
    appendCovered(parents, mask, 0..<parents.count, to: &list) { place in
      SIMD8(0, 1, 2, 3, 4, 5, 6, 7) &+ Int32(truncatingIfNeeded: place)
    }
    return true
  }
}

extension Table {
  /// Keeps columns in the order of the children of an adjacency, those that are not yet; texts outside
  /// a dictionary would take too much and are left as they are.
  ///
  /// - Throws: `memoryLimit`, `interrupted`.
  /// - Returns: Whether all of them are kept.
  /// - Complexity: About 12 ns a row and column to build.
  package func cluster(_ fields: [FieldID], by reference: FieldID) throws(StoreError) -> Bool {
    let adjacency = try adjacency(of: reference)
    for field in fields {
      let source = column(field)
      if let kept = adjacency.clustered[field], kept.source === source { continue }
      guard canCluster(field) else { return false }
      adjacency.clustered[field] = ClusteredColumn(
        source: source, copy: try adjacency.copy(of: source))
    }
    return true
  }

  /// Whether columns are kept in the order of the children of an adjacency.
  package func isClustered(_ fields: [FieldID], by reference: FieldID) -> Bool {
    guard isAdjacencyBuilt(of: reference), let adjacency = indexes.adjacencies[reference] else {
      return false
    }
    return fields.allSatisfy { adjacency.clustered[$0]?.source === column($0) }
  }

  /// Whether a field's values may be kept once more.
  package func canCluster(_ field: FieldID) -> Bool {
    let column = column(field)
    if case .text = column.type { return column.dictionaryCount != nil }
    return true
  }
}

extension Adjacency {
  /// The values of the covered children.
  fileprivate func copy(of source: Column) throws(StoreError) -> Column {
    let copy = Column(type: source.type, budget: references.budget)
    copy.expect(rowCount: children.count)
    if let bounds = source.wordBounds, source.dictionaryCount == nil {
      try copy.prepareWords(bounds.lowerBound, bounds.upperBound, adding: children.count)
    }
    for base in stride(from: 0, to: children.count, by: Limits.batchRowCount) {
      let end = min(base + Limits.batchRowCount, children.count)
      try Cancellation.check()
      try copy.append(source.load(.list(Array(children.used[base..<end]))))
    }
    copy.expect(rowCount: 0)
    return copy
  }
}
