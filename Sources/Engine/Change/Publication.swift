import Store
import Syntax

/// Brings a finished import into the store, as steps of the change that the session records: when
/// one fails, the session takes all of them back.
struct Publication {
  let database: Database
  let staging: ImportStaging
  /// The entity, nil when it is new.
  let entity: EntityID?
  /// What goes into the history of a tracked field, if the entity has one.
  let tracked: TrackedImport?
  /// What an import into a history replaces, if it is one.
  let history: HistoryImport?

  /// Records that `matching` found and changed.
  var updatedCount: Int {
    guard let matches = staging.matches else { return 0 }
    return matches.indices.count { matches[$0] >= 0 && !staging.table.isDead($0) }
  }

  /// Carries it out.
  func publish() throws {
    for (target, records) in staging.added.sorted(by: { $0.key < $1.key }) {
      try add(records, to: target)
    }
    if let entity {
      try database.define(entity, as: staging.definition)
    } else {
      database.add(staging.definition)
    }
    if let history { database.kill(history.replaced, of: staging.entity) }
    let renumbered = history.map { takeOut($0.renumbered) }
    // The openings look at the staged table, which may become the entity's.
    var openings: [StageChanges] = []
    try tracked?.openings { openings.append($0) }
    if let matches = staging.matches { try replaceCells(matches) }
    let new = try newRecords()
    // A first import becomes the table as it is, which then is wholly under the indexes.
    if staging.firstRow == 0 { new.merge() }
    try database.append(contentsOf: new, to: staging.entity)
    if let renumbered { try putIn(renumbered) }
    if let since = history?.since, let tracked = history?.tracked, let field = tracked.since {
      try database.replace(field, of: tracked.entity, at: since.rows, with: since.dates)
    }
    try record(openings)
  }

  /// Adds bare records of these keys; the first ones decide the type of the keys.
  private func add(_ records: AddedRecords, to target: EntityID) throws(StoreError) {
    let keys = records.vector
    var definition = database.catalog[target]
    if database.isUntouched(target) {
      var type = ValueType.integer
      if case .texts = keys.values { type = .text }
      definition.fields[definition.key.index].type = type
      try database.define(target, as: definition)
    }
    try database.append([definition.key: keys], count: keys.count, to: target)
  }

  // MARK: matching

  /// Gives the records that are there the values of the file; unknown leaves the old one.
  private func replaceCells(_ matches: [Int32]) throws(StoreError) {
    let live = matches.indices.map { staging.table.isDead($0) ? -1 : matches[$0] }
    let sources = try RowSelection.ascending(live)
    let rows = RowSelection.rows(live, at: sources)
    var fields = Set(staging.layout.targets.map(\.field))
    if let since = tracked?.tracked.since { fields.insert(since) }
    fields.remove(staging.definition.key)
    for field in fields.sorted() {
      let values = staging.table.column(field).load(.list(sources))
      var isSame = Mask(count: rows.count)
      database.table(staging.entity).column(field).load(.list(rows))
        .keep(.equalExactly, values, in: &isSame)
      let isReplaced = isSame.inverted(within: Mask(knownIn: values))
      guard case .list(let replaced) = Rows.list(rows).compacted(by: isReplaced) else { continue }
      try database.replace(
        field, of: staging.entity, at: replaced, with: values.compacted(by: isReplaced))
    }
  }

  /// The staged records that are new, one row after the other.
  private func newRecords() throws(StoreError) -> Table {
    let staged = staging.table
    if staging.matches == nil, staged.liveRowCount == staged.rowCount { return staged }
    let matches = staging.matches
    let rows = staged.liveRows.filter { row in (matches?[Int(row)] ?? -1) < 0 }
    let definition = staging.definition
    let new = Table(entity: staging.entity, definition: definition, budget: staged.columnBudget)
    for part in stride(from: 0, to: rows.count, by: Limits.chunkRowCount) {
      try Cancellation.check()
      let list = Array(rows[part..<min(part + Limits.chunkRowCount, rows.count)])
      var vectors: [FieldID: Vector] = [:]
      for (index, field) in definition.fields.enumerated() where !field.isComputed {
        vectors[FieldID(index)] = staged.column(FieldID(index)).load(.list(list))
      }
      try new.append(vectors, count: list.count)
    }
    return new
  }

  // MARK: histories

  private func record(_ openings: [StageChanges]) throws {
    guard let tracked else { return }
    let history = tracked.tracked.history
    for changes in [tracked.changes] + openings where !changes.rows.isEmpty {
      try database.append(
        changes, to: history,
        firstKey: try database.nextKey(of: history.entity, count: changes.rows.count, at: nil))
    }
  }

  /// Takes records away and gives their values.
  private func takeOut(_ rows: [Int32]) -> (values: [FieldID: Vector], count: Int) {
    var values: [FieldID: Vector] = [:]
    for (index, field) in staging.definition.fields.enumerated() where !field.isComputed {
      values[FieldID(index)] =
        database.table(staging.entity).column(FieldID(index)).load(.list(rows))
    }
    database.kill(rows, of: staging.entity)
    return (values, rows.count)
  }

  /// Adds records again, under the next numbers.
  private func putIn(_ records: (values: [FieldID: Vector], count: Int)) throws {
    guard records.count > 0 else { return }
    let first = try database.nextKey(of: staging.entity, count: records.count, at: nil)
    var values = records.values
    values[staging.definition.key] = Vector(
      words: Array(first..<first + Int64(records.count)))
    try database.append(values, count: records.count, to: staging.entity)
  }
}
