import Store
import Syntax

extension Changer {
  /// Deletes the records with their own histories, and, when that is said, all that refers to them.
  func delete(_ bound: BoundDelete, at range: SourceRange) throws -> [Note] {
    let entity = bound.target.entity
    let definition = database.catalog[entity]
    let references = References(database)
    try database.load(references.sources(of: [entity], transitively: bound.isWithRelated))
    let records = try select(bound.target)
    if records.rows.isEmpty { return [.noneMatched(plural: definition.name)] + records.notes }
    var doomed = DoomedRecords(references)
    try doomed.add(records.rows, of: entity, isWithRelated: bound.isWithRelated)
    if !bound.isWithRelated { try checkUnreferred(records.rows, entity, doomed, at: range) }
    let count = records.rows.count
    let isAllowed =
      bound.isWithRelated && doomed.count > count
      ? isConfirmed(doomed.count, "record", "records")
      : isConfirmed(count, definition.singular, definition.name)
    guard isAllowed else { return [.declined] }
    for (entity, rows) in doomed.rows { database.kill(rows, of: entity) }
    var notes = [Note.deleted(count: count, singular: definition.singular, plural: definition.name)]
    for (other, rows) in doomed.rows {
      let isOwn = other == entity
      let further = rows.count - (isOwn ? count : 0)
      guard further > 0 else { continue }
      let definition = database.catalog[other]
      notes.append(
        .deletedRelated(
          count: further, singular: definition.singular, plural: definition.name))
    }
    return notes + records.notes
  }

  /// Refuses while records that stay refer to records that go.
  private func checkUnreferred(
    _ rows: [Int32], _ entity: EntityID, _ doomed: DoomedRecords, at range: SourceRange
  ) throws {
    let obstacles = try doomed.obstacles()
    guard let first = rows.first, !obstacles.isEmpty else { return }
    let referrers = obstacles.map { Referrer(count: $0.count, entity: database.catalog[$0.entity]) }
    let end = SourceRange(range.upperBound, range.upperBound)
    throw Failure(
      ChangeReason.stillReferred(
        name(of: first, in: entity), count: rows.count, plural: database.catalog[entity].name,
        by: referrers),
      at: range, fixes: [Fix(end, " with related")])
  }
}
