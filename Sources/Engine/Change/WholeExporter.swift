import Store
import Syntax

/// Carries out `export all`: one CSV file per entity and a `schema.sql`, in a folder.
struct WholeExporter {
  let database: Database
  let files: FilePorts
  let progress: (@Sendable (_ done: Int, _ total: Int) -> Void)?

  /// Writes all, complete or not at all. Every table has been loaded.
  func run(_ target: FileTarget) throws(Failure) -> Answer {
    do throws(StoreError) {
      let writer = try files.createCollection(target.path, target.isReplacing)
      try writer.begin(database.catalog)
      let ids = database.catalog.entities.indices.map(EntityID.init)
      let total = ids.reduce(0) { $0 + database.table($1).rowCount }
      var done = 0
      var rowCount = 0
      for entity in ids {
        rowCount += try write(entity, to: writer, &done, total)
      }
      try writer.finish()
      return Answer(notes: [
        .wroteFolder(path: target.path, entityCount: ids.count, rowCount: rowCount)
      ])
    } catch {
      throw Failure(error, at: target.range)
    }
  }

  /// Writes the records of an entity; gives how many.
  private func write(
    _ entity: EntityID, to writer: any CollectionWriter, _ done: inout Int, _ total: Int
  ) throws(StoreError) -> Int {
    let definition = database.catalog[entity]
    let table = database.table(entity)
    let fields = definition.fields.indices.filter { !definition.fields[$0].isComputed }
      .map(FieldID.init)
    let file = try writer.openWriter(of: entity)
    try file.begin(
      fields.map { field in
        let type = definition[field].type
        return OutputColumn(name: definition[field].name, type: type, keyType: keyType(type))
      })
    var rowCount = 0
    for base in stride(from: 0, to: table.rowCount, by: Limits.batchRowCount) {
      try Cancellation.check()
      let count = min(Limits.batchRowCount, table.rowCount - base)
      var live = Mask(count: count)
      table.keepLive(.run(base: base, count: count), in: &live)
      let rows = Rows.run(base: base, count: count).compacted(by: live)
      let vectors = fields.map { values(of: $0, definition, table, rows) }
      try file.write(
        OutputBatch(vectors: vectors, labels: vectors.map { _ in nil }, count: live.countIn))
      rowCount += live.countIn
      done += count
      progress?(done, total)
    }
    try file.finish()
    return rowCount
  }

  private func keyType(_ type: ValueType) -> ValueType? {
    guard case .reference(let target) = type else { return nil }
    let definition = database.catalog[target]
    return definition[definition.key].type
  }

  /// A field's values for some rows; those of a reference are keys.
  private func values(
    of field: FieldID, _ definition: Entity, _ table: Table, _ rows: Rows
  ) -> Vector {
    let values = table.column(field).load(rows)
    guard case .reference(let target) = definition[field].type else { return values }
    let other = database.table(target)
    return other.column(other.keyField).load(Rows(following: values))
  }
}
