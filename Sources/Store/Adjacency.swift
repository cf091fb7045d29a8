/// For each row of a target's table the rows that refer to it by one field, its children, in the
/// order of their own time field, unknown last, ties by row.
///
/// The rows there were when it was built stand in one list, sorted by parent; what was appended,
/// edited, killed or revived since is kept beside it by parent, so that the walk over parents
/// nothing happened to stays the plain one. Right until the next change of the table, which gives the
/// present state when asked again. Two threads may walk at once while nobody changes the table.
package final class Adjacency {
  /// The field that refers.
  let field: FieldID
  /// The time field by which children are ordered.
  let timeField: FieldID?
  /// The rows below are covered by the list.
  let coveredRowCount: Int
  let references: Column
  let times: Column?
  /// The covered children, by parent.
  let children: Memory<Int32>
  /// The children of parent *p* are `children[starts[p] ..< starts[p + 1]]`; behind the last parent
  /// stands one without children, for those the list knows nothing of.
  let starts: Memory<Int32>
  /// Parents the list knows of.
  let coveredParentCount: Int
  var changes: AdjacencyChanges
  /// Columns in the order of `children`.
  var clustered: [FieldID: ClusteredColumn] = [:]

  /// Makes the list of the rows below `coveredRowCount` of a table, in about 20 ns each.
  ///
  /// - Throws: `memoryLimit`, `interrupted`.
  init(
    _ table: Table, _ field: FieldID, by timeField: FieldID?, covering coveredRowCount: Int
  ) throws(StoreError) {
    self.field = field
    self.timeField = timeField
    self.coveredRowCount = coveredRowCount
    references = table.column(field)
    times = timeField.map { table.column($0) }
    let build = try AdjacencyBuild(table, references, times, rowCount: coveredRowCount)
    children = build.children
    starts = build.starts
    coveredParentCount = build.parentCount
    changes = AdjacencyChanges(from: coveredRowCount, budget: table.budget)
  }

  /// The children there were when it was built.
  package var coveredCount: Int { children.count }

  /// The mean number of children of a parent that may have some, for prices.
  package var averageChildCount: Double {
    Double(children.count + changes.addedCount) / Double(max(1, coveredParentCount))
  }

  /// The most children a parent may have.
  ///
  /// - Complexity: O(*n*) in the children appended or edited since the building.
  package func childCount(of parent: Int) -> Int {
    places(of: parent).count + changes.added(to: Int32(truncatingIfNeeded: parent)).count
  }

  /// The key by which children are ordered: compares as times do, unknown last.
  @inline(__always)
  func timeKey(_ row: Int32) -> UInt64 {
    guard let times, times.isKnown(Int(row)) else { return .max }
    return times.sortKey(Int(row))
  }

  /// Where the covered children of a parent stand.
  @inline(__always)
  func places(of parent: Int) -> Range<Int> {
    let known = min(UInt(bitPattern: parent), UInt(coveredParentCount))
    let place = Int(bitPattern: known)
    return Int(starts.elements[place])..<Int(starts.elements[place &+ 1])
  }
}
