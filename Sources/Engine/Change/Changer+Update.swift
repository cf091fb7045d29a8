import Store
import Syntax

extension Changer {
  /// Gives fields of the records other values: all are computed from what was there before.
  func update(_ bound: BoundUpdate) throws -> [Note] {
    let entity = bound.target.entity
    let definition = database.catalog[entity]
    let records = try select(bound.target)
    // A word and its mark for each cell; what is longer, the columns ask for.
    let byteCount = records.rows.count * 9 * bound.assignments.count
    try database.budget.take(byteCount)
    defer { database.budget.give(back: byteCount) }
    var values: [(FieldID, Vector)] = []
    for assignment in bound.assignments {
      values.append(
        (
          assignment.field,
          try self.values(of: assignment, for: records, in: definition, recordsOf: entity)
        ))
    }
    let count = records.rows.count
    if count == 0 { return [.noneMatched(plural: definition.name)] + records.notes }
    guard isConfirmed(count, definition.singular, definition.name) else { return [.declined] }
    for (field, values) in values {
      try database.replace(field, of: entity, at: records.rows, with: values)
    }
    return [.updated(count: count, singular: definition.singular, plural: definition.name)]
      + records.notes + bound.notes
  }
}
