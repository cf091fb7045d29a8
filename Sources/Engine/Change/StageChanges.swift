import Store
import Syntax

/// Changes of a field with a history, about to be recorded: one element a change.
struct StageChanges {
  /// Whose changes: rows of the tracked entity.
  var rows: [Int32]
  /// What was before, unknown where a history opens, and what came.
  var from: Vector
  var to: Vector
  /// When, as dates.
  var dates: Vector
  /// Why, one text for all.
  var because: String?
}

extension Database {
  /// The first of the next integer keys of an entity, as many of them as records are to be added.
  func nextKey(
    of entity: EntityID, count: Int, at range: SourceRange?
  ) throws(Failure) -> Int64 {
    let next = table(entity).nextKey
    guard next <= Int64.max - Int64(count) else {
      throw Failure(ChangeReason.keysExhausted(plural: catalog[entity].name), at: range)
    }
    return next
  }

  /// Records changes in a history, numbered from `firstKey`.
  func append(
    _ changes: StageChanges, to history: StageHistory, firstKey: Int64
  ) throws(StoreError) {
    let count = changes.rows.count
    guard count > 0 else { return }
    let definition = catalog[history.entity]
    var vectors: [FieldID: Vector] = [
      definition.key: Vector(words: Array(firstKey..<firstKey + Int64(count))),
      history.record: RowSelection.references(changes.rows),
      history.from: changes.from, history.to: changes.to,
    ]
    vectors[history.time] =
      definition[history.time].type == .time
      ? try changes.dates.converted(.dateToTime, in: Mask(count: count)) : changes.dates
    if let field = history.because, let text = changes.because {
      vectors[field] = Vector(repeating: .text(text), as: .text, count: count)
    }
    try append(vectors, count: count, to: history.entity)
  }
}

extension Changer {
  /// Records changes in a history.
  func record(_ changes: StageChanges, in history: StageHistory) throws {
    let key = try database.nextKey(of: history.entity, count: changes.rows.count, at: nil)
    try database.append(changes, to: history, firstKey: key)
  }
}
