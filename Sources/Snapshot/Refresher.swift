import Store

/// Brings loaded tables to the state of the file, row by row, by the keys that the delta names.
struct Refresher {
  private let file: SnapshotFile
  private let database: Database
  private var changes: [TableChange] = []
  /// Segments, standards and actions as they are in the file now.
  private var definitions: [Definition] = []

  /// Rows of one table that another program changed.
  private struct TableChange {
    let layout: TableLayout
    let state: TableState
    /// As they are in the file now.
    var present: StoredRows
    /// Keys that are not in the file.
    var absent: Vector
    /// The rows of `present` in the table, and those of them that were appended now.
    var rows: [Int32] = []
    var firstAppended = Int32.max
  }

  /// Keys from which reading all is as quick.
  private static let keyCountMax = 100_000

  init(_ file: SnapshotFile, _ database: Database) {
    self.file = file
    self.database = database
  }

  /// Does it, all or nothing.
  ///
  /// - Returns: False when the file has to be opened anew; the database is then as before.
  mutating func refresh() throws(StoreError) -> Bool {
    let versions = try file.connection.transaction(.reading) { () throws(StoreError) in
      try read()
    }
    guard let versions else { return false }
    database.beginChange()
    do throws(StoreError) {
      guard try apply() else {
        database.rollBack()
        return false
      }
    } catch {
      database.rollBack()
      throw error
    }
    database.keepChange()
    file.versions = versions
    for change in changes { file.states[change.layout.entity] = change.state }
    return true
  }

  // MARK: reading

  /// Reads what was changed; nil when that cannot be told.
  private mutating func read() throws(StoreError) -> Versions? {
    let versions = try Versions(of: file.connection, at: file.place)
    guard try hasSameEntities() else { return nil }
    // The columns that are still in the file may be others now.
    guard
      file.layout.tables.allSatisfy({ table in
        !database.isLoaded(table.entity) || database.table(table.entity).isWhole
      })
    else { return nil }
    for table in file.layout.tables {
      guard let known = file.states[table.entity] else { continue }
      var (state, floor) = try table.state(in: file.connection)
      guard state.generation != known.generation else { continue }
      guard state.generation > known.generation, floor <= known.generation,
        let keys = try Delta(table, file.connection).keys(after: known.generation),
        keys.count <= Self.keyCountMax
      else { return nil }
      state.unprovedChunks = known.unprovedChunks
      state.cache = known.cache
      let read = try ChangedRows(keys, of: table, in: file.connection)
      changes.append(
        TableChange(layout: table, state: state, present: read.present, absent: read.absent))
    }
    return versions
  }

  private mutating func hasSameEntities() throws(StoreError) -> Bool {
    let (catalog, layout) = try Opening.verified(file.connection)
    definitions = catalog.definitions
    return catalog.entities == file.entities
      && zip(layout.tables, file.layout.tables).allSatisfy { new, old in
        new.name.utf8.elementsEqual(old.name.utf8)
          && new.fields.map(\.column) == old.fields.map(\.column)
      }
  }

  // MARK: applying

  /// Applies what was read; false when a reference leads nowhere, which loading says better.
  private mutating func apply() throws(StoreError) -> Bool {
    var killed: [EntityID: [Int32]] = [:]
    for change in changes {
      let rows = database.table(change.layout.entity).rows(withKeys: change.absent)
        .filter { $0 >= 0 }.sorted()
      database.kill(rows, of: change.layout.entity)
      if !rows.isEmpty { killed[change.layout.entity] = rows }
    }
    for index in changes.indices { try append(&changes[index]) }
    for change in changes {
      guard try replace(change) else { return false }
    }
    for (target, rows) in killed where isNamed(rows, of: target) { return false }
    for old in database.catalog.definitions { database.define(old, as: nil) }
    for new in definitions { database.define(nil, as: new) }
    for change in changes where !change.layout.isTextKeyed {
      database.table(change.layout.entity).nextKey = change.state.nextKey
    }
    return true
  }

  /// Appends the rows whose keys are new, their references left for later.
  private func append(_ change: inout TableChange) throws(StoreError) {
    let entity = change.layout.entity
    let keys = change.present.cells[change.layout.key]
    change.rows = database.table(entity).rows(withKeys: keys)
    let new = change.rows.indices.filter { change.rows[$0] < 0 }
    guard !new.isEmpty else { return }
    var vectors: [FieldID: Vector] = [:]
    for (field, cells) in zip(change.layout.fields, change.present.cells) {
      if case .reference = field.form { continue }
      vectors[field.id] = cells.gathered(new.map { Int32($0) })
    }
    let rows = try database.append(vectors, count: new.count, to: entity)
    change.firstAppended = Int32(rows.lowerBound)
    for (offset, index) in new.enumerated() {
      change.rows[index] = Int32(rows.lowerBound + offset)
    }
  }

  /// Gives the cells that differ their new values; false when a reference leads nowhere.
  private func replace(_ change: TableChange) throws(StoreError) -> Bool {
    let entity = change.layout.entity
    let order = change.rows.indices.sorted { change.rows[$0] < change.rows[$1] }
    let rows = order.map { change.rows[$0] }
    for (place, field) in change.layout.fields.enumerated() where place != change.layout.key {
      var new = change.present.cells[place].gathered(order.map { Int32($0) })
      if case .reference(let target, _) = field.form {
        let named = database.table(target).rows(withKeys: new)
        guard RowSelection.missing(named, known: new.known).isEmpty else { return false }
        new = RowSelection.references(named)
      }
      let old = database.table(entity).column(field.id).load(.list(rows))
      let changed = rows.indices.filter { old[$0] != new[$0] }.map { Int32($0) }
      guard !changed.isEmpty else { continue }
      try database.replace(
        field.id, of: entity, at: changed.map { rows[Int($0)] }, with: new.gathered(changed))
    }
    return true
  }

  /// Whether a live row of a loaded table names one of these rows.
  private func isNamed(_ killed: [Int32], of target: EntityID) -> Bool {
    let test = ColumnTest.wordSet(Set(killed.map(Int64.init)))
    for layout in file.layout.tables where database.isLoaded(layout.entity) {
      let table = database.table(layout.entity)
      for field in layout.fields where field.names(target) {
        let column = table.column(field.id)
        let prepared = column.prepare(test)
        for base in stride(from: 0, to: table.rowCount, by: Limits.batchRowCount) {
          let count = min(Limits.batchRowCount, table.rowCount - base)
          let rows = Rows.run(base: base, count: count)
          var mask = Mask(count: count)
          column.keep(prepared, of: rows, in: &mask)
          table.keepLive(rows, in: &mask)
          if !mask.isNoneIn { return true }
        }
      }
    }
    return false
  }
}

extension StoredField {
  /// Whether it is a reference to that entity.
  fileprivate func names(_ target: EntityID) -> Bool {
    if case .reference(target, _) = form { return true }
    return false
  }
}
