import Store
import Syntax

extension Changer {
  /// Adds one record; a value of a field with a history opens that.
  func add(_ bound: BoundAdd) throws -> [Note] {
    let definition = database.catalog[bound.entity]
    try database.load([bound.entity] + [bound.tracked?.history.entity].compactMap(\.self))
    let key = try key(of: bound, definition)
    let newRecord = Executor(database: database, today: today).newRecord(of: bound.entity)
    var vectors = [
      definition.key: Vector(repeating: key, as: definition[definition.key].type, count: 1)
    ]
    for assignment in bound.assignments {
      vectors[assignment.field] = try values(
        of: assignment, for: newRecord, in: definition, recordsOf: nil)
    }
    let opening = try opening(of: bound, definition, &vectors)
    let row = try database.append(vectors, count: 1, to: bound.entity).lowerBound
    if let (tracked, date) = opening, let to = vectors[tracked.field] {
      try record(
        StageChanges(
          rows: [Int32(row)], from: Vector(unknown: .choice(tracked.choices), count: 1), to: to,
          dates: date, because: nil),
        in: tracked.history)
    }
    return [.added(RecordName(definition, key: key).text)] + bound.notes
  }

  /// The key given, which nobody has, or the next number.
  private func key(of bound: BoundAdd, _ definition: Entity) throws(Failure) -> Scalar {
    let table = database.table(bound.entity)
    let field = definition[definition.key]
    if let (key, range) = bound.key {
      if table.row(withKey: key) != nil {
        throw Failure(ChangeReason.keyExists(RecordName(definition, key: key)), at: range)
      }
      // The largest integer would leave no key for the next record, for ever.
      if key == .word(.max) {
        throw Failure(
          ChangeReason.outOfRange(
            field: field.name, value: "\(Int64.max)", bounds: .min...(.max - 1), record: nil),
          at: range)
      }
      return key
    }
    guard field.type == .integer else {
      let name = Formatter.name(definition.singular)
      throw Failure(
        ChangeReason.missingKey(
          field: field.name, singular: definition.singular,
          example: "add \(name) \(Formatter.name(field.name)) = \"…\", …"),
        at: bound.range)
    }
    return .word(try database.nextKey(of: bound.entity, count: 1, at: bound.range))
  }

  /// The date of the opening change, when the record has a value in its field with a history; that
  /// date is put beside it.
  private func opening(
    of bound: BoundAdd, _ definition: Entity, _ vectors: inout [FieldID: Vector]
  ) throws(Failure) -> (TrackedField, Vector)? {
    guard let tracked = bound.tracked else { return nil }
    let given = tracked.since.flatMap { vectors[$0] }
    let isSinceKnown = given?[0].isKnown == true
    guard vectors[tracked.field]?[0].isKnown == true else {
      guard isSinceKnown, let since = tracked.since,
        let place = bound.assignments.first(where: { $0.field == since })
      else { return nil }
      throw Failure(
        ChangeReason.sinceAlone(
          name: definition[since].name, tracked: definition[tracked.field].name),
        at: place.range)
    }
    let date =
      isSinceKnown ? given : Vector(repeating: .word(Int64(today)), as: .date, count: 1)
    guard let date else { return nil }
    if let since = tracked.since { vectors[since] = date }
    return (tracked, date)
  }
}
