import Store

/// Brings the tables of the file to new definitions.
struct DefinitionChange {
  /// What is known of each table afterwards.
  private(set) var states: [EntityID: TableState]
  /// Fields whose columns were made anew, so that none of their cells in the file is known.
  private(set) var freshFields: [EntityID: Set<FieldID>] = [:]
  private let file: SnapshotFile
  private let database: Database
  private let connection: Connection

  /// What is recorded of tables, and the column there of a table's name.
  private static let records = [
    ("sums", "table"), ("delta", "table"), ("tables", "name"), ("cache", "table"),
  ]

  init(_ file: SnapshotFile, _ database: Database) {
    self.file = file
    self.database = database
    connection = file.connection
    states = file.states
  }

  /// Makes, alters and drops tables; rows come afterwards.
  ///
  /// - Returns: Where everything stands now.
  mutating func apply(_ nets: [NetChange]) throws(StoreError) -> FileLayout {
    connection.forgetStatements()
    var kept: [TableLayout?] = file.layout.tables
    for net in nets where net.newDefinition == nil {
      try drop(file.layout[net.entity])
      kept[net.entity.index] = nil
      states[net.entity] = nil
    }
    let catalog = database.catalog
    let old = file.entities
    for net in nets {
      guard net.entity.index < kept.count, let table = kept[net.entity.index],
        let before = net.oldDefinition?.name, let after = net.newDefinition?.name,
        !before.utf8.elementsEqual(after.utf8)
      else { continue }
      kept[net.entity.index] = try rename(table, to: after)
    }
    var keptCounts: [EntityID: Int] = [:]
    for net in nets { keptCounts[net.entity] = net.keptFieldCount }
    let layout = FileLayout(
      catalog, keeping: kept, taken: try otherNames(than: kept.compactMap { $0?.name })
    ) { entity, field in
      let fields = catalog[entity].fields
      guard field.index < min(fields.count, keptCounts[entity] ?? .max),
        !fields[field.index].isComputed
      else { return false }
      return fields[field.index].name.utf8.elementsEqual(
        old[entity.index].fields[field.index].name.utf8)
    }
    for table in layout.tables {
      guard table.fields.count <= Schema.columnCountMax else {
        throw Refusal.tooManyFields(entity: table.name, count: table.fields.count)
          .error(file.path)
      }
      let known = table.entity.index < kept.count ? kept[table.entity.index] : nil
      if let known {
        try alter(known, to: table, in: layout, keeping: keptCounts[table.entity] ?? .max)
      } else {
        try create(table, in: layout)
      }
    }
    connection.forgetStatements()
    return layout
  }

  // MARK: whole tables

  private mutating func create(
    _ table: TableLayout, in layout: FileLayout
  ) throws(StoreError) {
    states[table.entity] = try table.create(in: layout, connection)
  }

  private func drop(_ table: TableLayout) throws(StoreError) {
    try connection.run("DROP TABLE \(SQLText.name(table.name))")
    for (name, column) in Self.records {
      let statement = try connection.prepare(
        "DELETE FROM \"_rapport_\(name)\" WHERE \"\(column)\" = ?")
      try statement.bind(table.name, at: 0)
      try statement.run()
    }
  }

  /// Gives the table of an entity that was renamed the entity's name, unless something has it.
  private mutating func rename(_ table: TableLayout, to name: String) throws(StoreError)
    -> TableLayout
  {
    let taken = try otherNames(than: []).map(SQLText.folded)
    let folded = SQLText.folded(name)
    let isReserved = ["_rapport_", "sqlite_"].contains { folded.starts(with: $0.utf8) }
    guard !isReserved, !taken.contains(folded) else { return table }
    let renamed = table.renamed(to: name)
    // What is kept of it is proved under its name.
    try CacheTable(layout: table, connection: connection).remove()
    states[table.entity]?.cache = nil
    for kind in ["insert", "update", "delete"] {
      try connection.run("DROP TRIGGER \(SQLText.name("_rapport_\(kind)_\(table.name)"))")
    }
    try connection.run(
      "ALTER TABLE \(SQLText.name(table.name)) RENAME TO \(SQLText.name(name))")
    for (records, column) in Self.records {
      let statement = try connection.prepare(
        "UPDATE \"_rapport_\(records)\" SET \"\(column)\" = ?1 WHERE \"\(column)\" = ?2")
      try statement.bind(name, at: 0)
      try statement.bind(table.name, at: 1)
      try statement.run()
    }
    for trigger in Triggers.create(renamed) { try connection.run(trigger) }
    return renamed
  }

  /// Names of tables, views and indexes that are not ours.
  private func otherNames(than ours: [String]) throws(StoreError) -> [String] {
    try connection.tableNames().filter { !ours.contains($0) }
  }

  // MARK: fields

  private mutating func alter(
    _ old: TableLayout, to new: TableLayout, in layout: FileLayout, keeping count: Int
  ) throws(StoreError) {
    func isKept(_ field: StoredField, in others: [StoredField]) -> Bool {
      others.contains {
        $0.id == field.id && $0.id.index < count && $0.isStored(like: field)
      }
    }
    let gone = old.fields.filter { !isKept($0, in: new.fields) }
    let come = new.fields.filter { !isKept($0, in: old.fields) }
    if come.contains(where: { $0.id == new.keyField.id }) {
      // Only while the table is empty; whatever is inserted now comes afterwards.
      try drop(old)
      try create(new, in: layout)
      return
    }
    let isSame =
      gone.isEmpty && come.isEmpty
      && old.fields.map { $0.column } == new.fields.map { $0.column }
    if !isSame {
      try CacheTable(layout: old, connection: connection).remove()
      states[new.entity]?.cache = nil
    }
    let name = SQLText.name(old.name)
    for field in gone {
      try takeOut(field, of: old)
      try connection.run("ALTER TABLE \(name) DROP COLUMN \(SQLText.name(field.column))")
    }
    try rename(old.fields.filter { isKept($0, in: new.fields) }, of: old, to: new)
    freshFields[new.entity] = Set(come.map(\.id))
    for field in come {
      let column = Schema.column(field, isKey: false, in: layout)
      try connection.run("ALTER TABLE \(name) ADD COLUMN \(column)")
    }
  }

  /// Gives columns of fields that were renamed their new names: first names that nothing has, since
  /// fields may have exchanged theirs.
  private func rename(
    _ fields: [StoredField], of old: TableLayout, to new: TableLayout
  ) throws(StoreError) {
    let table = SQLText.name(old.name)
    let renamed = fields.compactMap { field in
      new.place(of: field.id).map { (from: field.column, to: new.fields[$0].column) }
    }.filter { $0.from != $0.to }
    for (index, names) in renamed.enumerated() {
      let between = SQLText.name("_rapport_renamed_\(index)")
      try connection.run(
        "ALTER TABLE \(table) RENAME COLUMN \(SQLText.name(names.from)) TO \(between)")
    }
    for (index, names) in renamed.enumerated() {
      let between = SQLText.name("_rapport_renamed_\(index)")
      try connection.run(
        "ALTER TABLE \(table) RENAME COLUMN \(between) TO \(SQLText.name(names.to))")
    }
  }

  /// Takes a field's cells out of the sums of their rows.
  private func takeOut(_ field: StoredField, of table: TableLayout) throws(StoreError) {
    let part = table.reduced(to: [field])
    let statement = try connection.prepare(
      Schema.select(part, "WHERE \(SQLText.name(field.column)) IS NOT NULL"))
    var sums = ChunkSums()
    var isAtEnd = false
    while !isAtEnd {
      let reader = RowReader(part, expecting: Limits.batchRowCount)
      while reader.count < Limits.batchRowCount, !isAtEnd {
        if try statement.step() { reader.take(statement) } else { isAtEnd = true }
      }
      if let cell = reader.badCells.first {
        let key = reader.key(cell.row)
        throw Refusal.damaged(table.words(for: cell.found, in: field, key: key)).error(file.path)
      }
      let rows = reader.finish()
      let keys = rows.cells[0]
      var difference = [UInt64](repeating: 0, count: rows.count)
      field.addSums(of: rows.cells[1], keys: keys.keySums, to: &difference)
      sums.add(keys, sums: difference.map { 0 &- $0 }, rowCountEach: 0)
    }
    try sums.write(
      table, unproved: states[table.entity]?.unprovedChunks ?? [], to: connection)
  }
}

extension Connection {
  /// Names of all tables, views and indexes.
  func tableNames() throws(StoreError) -> [String] {
    var names: [String] = []
    let statement = try prepare("SELECT name FROM sqlite_schema WHERE type <> 'trigger'")
    while try statement.step() {
      if let name = statement.text(0) { names.append(name) }
    }
    return names
  }
}

extension TableLayout {
  /// Makes the table, empty, with its triggers and what is recorded of it.
  func create(in layout: FileLayout, _ connection: Connection) throws(StoreError) -> TableState {
    try connection.run(Schema.createTable(self, in: layout))
    for trigger in Triggers.create(self) { try connection.run(trigger) }
    let statement = try connection.prepare("INSERT INTO \"_rapport_tables\" VALUES(?,0,0,1,?)")
    try statement.bind(name, at: 0)
    try statement.bind(~Int64(1), at: 1)
    try statement.run()
    return TableState(generation: 0, nextKey: 1, deltaCount: 0)
  }
}
