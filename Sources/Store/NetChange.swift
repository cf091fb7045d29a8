/// What a change comes to for one entity, whatever the steps on the way: what a file has to be told.
package struct NetChange: Sendable {
  /// Which entity.
  package var entity: EntityID
  /// Its definition before, nil when it is new; equal to `newDefinition` when only records changed.
  package var oldDefinition: Entity?
  /// Its definition now, nil when it was taken away.
  package var newDefinition: Entity?
  /// Rows live now and not before, ascending, as runs; their values are in the table.
  package var inserted: [Range<Int>] = []
  /// Rows live before and now of which some cell differs, ascending.
  package var updated: [Int32] = []
  /// Rows live before and not now, ascending; their last values are still in the table.
  /// None when the key has another type now: then whatever was there is gone.
  package var deleted: [Int32] = []
  /// The values before, for each stored field in which an updated or deleted row differed: the rows,
  /// ascending, and what each had.
  package var oldValues: [FieldID: (rows: [Int32], values: Vector)] = [:]

  /// How many of its first fields are those it had before, whatever they are called now; the others
  /// came, or went and came again, and their cells were all unknown when they came.
  package var keptFieldCount = Int.max

  /// Whether its definition is another one, or a field of it is.
  package var isDefining: Bool {
    oldDefinition != newDefinition || keptFieldCount < newDefinition?.fields.count ?? 0
  }

  /// Makes the net change of an entity whose records are untouched.
  package init(entity: EntityID, oldDefinition: Entity?, newDefinition: Entity?) {
    self.entity = entity
    self.oldDefinition = oldDefinition
    self.newDefinition = newDefinition
  }
}
