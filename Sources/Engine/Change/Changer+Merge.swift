import Store
import Syntax

extension Changer {
  /// Makes one record of two: what refers to the one that goes refers to the one that stays, which
  /// takes over the values it lacks.
  func merge(_ bound: BoundMerge) throws -> [Note] {
    let entity = bound.entity
    let definition = database.catalog[entity]
    let references = References(database)
    try database.load(references.sources(of: [entity], transitively: false))
    let from = try row(ofKey: bound.from.key, in: entity, at: bound.from.range)
    let into = try row(ofKey: bound.into.key, in: entity, at: bound.into.range)
    let plan = try MergePlan(from: from, into: into, of: entity, references)
    guard isConfirmed(plan.recordCount, "record", "records") else { return [.declined] }
    try carryOut(plan)
    let name = RecordName(definition, key: bound.into.key).text
    var notes = [
      Note.merged(from: RecordName(definition, key: bound.from.key).text, into: name)
    ]
    for (source, rows) in plan.repointed {
      let definition = database.catalog[source.entity]
      notes.append(
        .repointed(
          count: rows.count, singular: definition.singular, plural: definition.name,
          field: definition[source.field].name, to: name))
    }
    if !plan.filled.isEmpty {
      notes.append(.filled(fields: plan.filled.map { definition[$0].name }))
    }
    if let history = plan.droppedHistory {
      let definition = database.catalog[history.entity]
      notes.append(
        .historyDropped(
          count: history.rows.count, singular: definition.singular, plural: definition.name,
          of: RecordName(database.catalog[entity], key: bound.from.key).text, kept: name))
    }
    return notes
  }

  private func carryOut(_ plan: MergePlan) throws {
    let table = database.table(plan.entity)
    var filled: [(FieldID, Vector)] = []
    for field in plan.filled {
      filled.append((field, table.column(field).load(.list([plan.from]))))
    }
    if let history = plan.droppedHistory { database.kill(history.rows, of: history.entity) }
    for (source, rows) in plan.repointed {
      try database.replace(
        source.field, of: source.entity, at: rows,
        with: RowSelection.references(rows.map { _ in plan.into }))
    }
    for field in plan.emptied {
      try database.replace(
        field, of: plan.entity, at: [plan.into], with: RowSelection.references([-1]))
    }
    for (field, values) in filled {
      try database.replace(field, of: plan.entity, at: [plan.into], with: values)
    }
    database.kill([plan.from], of: plan.entity)
  }
}

/// What a merge of two records comes to, worked out before anything changes.
private struct MergePlan {
  let entity: EntityID
  /// The row of the record that goes, and of the one that stays.
  let from: Int32
  let into: Int32
  /// Rows that refer to the record that goes, by field.
  var repointed: [(source: References.Source, rows: [Int32])] = []
  /// Fields by which the record that stays referred to the one that goes, and would now to itself.
  var emptied: [FieldID] = []
  /// Fields that the record that stays takes over.
  var filled: [FieldID] = []
  /// Changes of the record that goes, where the one that stays keeps its own history.
  var droppedHistory: (entity: EntityID, rows: [Int32])?
  /// All records touched, each once.
  var recordCount = 0

  init(
    from: Int32, into: Int32, of entity: EntityID, _ references: References
  ) throws(StoreError) {
    self.entity = entity
    self.from = from
    self.into = into
    let database = references.database
    let tracked = TrackedField(of: entity, in: database.catalog)
    let column = tracked.map { database.table(entity).column($0.field) }
    let keepsHistory = column?[Int(into)].isKnown == true
    for source in references.sources(of: entity) {
      var rows = try references.rows(source, to: entity, at: [from])
      if source.entity == entity {
        if rows.contains(into) { emptied.append(source.field) }
        rows.removeAll { $0 == from || $0 == into }
      }
      if keepsHistory, references.isOwn(source) {
        if !rows.isEmpty { droppedHistory = (source.entity, rows) }
      } else if !rows.isEmpty {
        repointed.append((source, rows))
      }
    }
    if let tracked, !keepsHistory {
      // What little history there is of a record without a value gives way to the other's.
      let own = References.Source(entity: tracked.history.entity, field: tracked.history.record)
      let rows = try references.rows(own, to: entity, at: [into])
      if !rows.isEmpty { droppedHistory = (own.entity, rows) }
    }
    filled = fillable(database, keeping: keepsHistory ? tracked : nil)
    recordCount = count(database)
  }

  /// The fields that are known of the record that goes and unknown of the one that stays.
  private func fillable(_ database: Database, keeping tracked: TrackedField?) -> [FieldID] {
    let definition = database.catalog[entity]
    let table = database.table(entity)
    return definition.fields.indices.map { FieldID($0) }.filter { field in
      guard !definition[field].isComputed, field != definition.key, field != tracked?.field,
        field != tracked?.since
      else { return false }
      let column = table.column(field)
      let (theirs, own) = (column[Int(from)], column[Int(into)])
      guard case .reference(entity) = definition[field].type else {
        return theirs.isKnown && !own.isKnown
      }
      // Neither may come to refer to itself, nor to the record that goes.
      let isEmpty = !own.isKnown || own == .word(Int64(from))
      return isEmpty && theirs.isKnown && theirs != .word(Int64(into))
        && theirs != .word(Int64(from))
    }
  }

  private func count(_ database: Database) -> Int {
    var sets = [entity: RowSet(rowCount: database.table(entity).rowCount)]
    _ = sets[entity]?.add([from, into])
    for (source, rows) in repointed {
      let empty = RowSet(rowCount: database.table(source.entity).rowCount)
      _ = sets[source.entity, default: empty].add(rows)
    }
    return sets.values.reduce(droppedHistory?.rows.count ?? 0) { $0 + $1.count }
  }
}
