import Store

/// Fills empty tables with the records of the file: with the columns it keeps beside the rows where
/// these are as they were, from the rows elsewhere.
///
/// One reading transaction sees one state. Large tables are read by two threads, range by range; one
/// reads on while the other appends its rows, in order. References to rows that are not there yet,
/// in a circle or to the same entity, are filled in at the end.
struct Loader {
  private let file: SnapshotFile
  private let database: Database
  private var entities: [EntityID]
  private let progress: (@Sendable (Int, Int) -> Void)?
  /// Entities whose rows are all there.
  private var complete: Set<EntityID>
  /// The keys that references name whose targets come later.
  private var late: [(entity: EntityID, field: StoredField, keys: Vector)] = []
  private var doneCount = 0
  private var totalCount = 0

  /// Rows below which a second connection is not worth its making.
  private static let rowCountForTwo = 50_000

  init(_ file: SnapshotFile, _ entities: [EntityID], into database: Database) {
    self.file = file
    self.database = database
    self.entities = entities
    progress = file.progress
    complete = Set(database.catalog.entities.indices.map(EntityID.init).filter(database.isLoaded))
      .subtracting(entities)
  }

  /// Loads them.
  ///
  /// - Returns: What is known of each table.
  mutating func load() throws(StoreError) -> [EntityID: TableState] {
    var states = try loadKept()
    if entities.isEmpty { return states }
    states.merge(try loadRows()) { $1 }
    return states
  }

  /// Loads those whose columns are kept; the others are left.
  private mutating func loadKept() throws(StoreError) -> [EntityID: TableState] {
    let (file, database, entities) = (file, database, entities)
    let opened = try file.connection.transaction(.reading) { () throws(StoreError) in
      try file.checkVersions()
      return try CacheReader(of: file, database).open(entities)
    }
    var states: [EntityID: TableState] = [:]
    for (table, state) in opened.made {
      database.use(table)
      states[table.entity] = state
      complete.insert(table.entity)
    }
    self.entities = opened.left
    return states
  }

  private mutating func loadRows() throws(StoreError) -> [EntityID: TableState] {
    let connection = file.connection
    let helper = try helperConnection()
    defer { helper?.close() }
    return try connection.transaction(.reading) { () throws(StoreError) in
      // The helper's state is between that of the load and this one: equal when these are.
      try file.checkVersions()
      var scans: [(scan: TableScan, state: TableState)] = []
      for entity in entities {
        let layout = file.layout[entity]
        scans.append(
          (try TableScan(layout, in: connection), try layout.state(in: connection).state))
      }
      totalCount = scans.reduce(0) { $0 + $1.scan.rowCountHint }
      var states: [EntityID: TableState] = [:]
      for (scan, state) in scans {
        var state = state
        state.unprovedChunks = try load(scan, helper)
        states[scan.layout.entity] = state
        let table = database.table(scan.layout.entity)
        if !scan.layout.isTextKeyed { table.nextKey = state.nextKey }
        complete.insert(scan.layout.entity)
      }
      try fillLateReferences()
      for entity in entities { database.table(entity).merge() }
      return states
    }
  }

  /// A second connection inside a reading transaction, for large tables.
  private func helperConnection() throws(StoreError) -> Connection? {
    var rowCount = 0
    for entity in entities { rowCount += try file.recordCount(of: entity) }
    guard rowCount >= Self.rowCountForTwo else { return nil }
    let access: Connection.Access =
      switch file.ability {
      case .writable: .readWrite
      case .readable: .readOnly
      case .fixed: .immutable
      }
    let helper = try Connection(file.place.file, as: file.path, access)
    helper.foldsLogAtClose(false)
    try helper.run("BEGIN")
    _ = try helper.integer("PRAGMA schema_version")
    return helper
  }

  // MARK: one table

  private mutating func load(
    _ scan: TableScan, _ helper: Connection?
  ) throws(StoreError) -> Set<Int64> {
    var sums = ChunkSums()
    var late = lateFields(scan.layout)
    database.table(scan.layout.entity).expect(rowCount: scan.rowCountHint)
    try readInTurn(scan, helper) { part throws(StoreError) in
      try Cancellation.check()
      sums.add(part.sums)
      try append(part.rows, scan.layout, &late)
      doneCount += part.rows.count
      progress?(min(doneCount, totalCount), totalCount)
    }
    let unproved = try scan.verify(sums)
    for (place, keys) in late where keys.known.contains(where: { $0 != 0 }) {
      self.late.append((scan.layout.entity, scan.layout.fields[place], keys))
    }
    return unproved
  }

  /// Gives the ranges of a table in order; with a helper the next is read while one is taken.
  private func readInTurn(
    _ scan: TableScan, _ helper: Connection?, take: (TableScan.Part) throws(StoreError) -> Void
  ) throws(StoreError) {
    let own = try scan.source(in: file.connection)
    guard let helper, scan.ranges.count > 1 else {
      for range in scan.ranges { try take(try scan.read(range, by: own)) }
      return
    }
    let sources = [own, try scan.source(in: helper)]
    var failure: StoreError?
    Workers.inTurn(count: scan.ranges.count) { part, worker in
      scan.result(of: scan.ranges[part], by: sources[worker])
    } take: { part in
      do throws(StoreError) {
        try take(try part.get())
      } catch {
        failure = error
      }
      return failure == nil
    }
    if let failure { throw failure }
  }

  private mutating func append(
    _ rows: StoredRows, _ layout: TableLayout, _ late: inout [Int: Vector]
  ) throws(StoreError) {
    guard rows.count > 0 else { return }
    var vectors: [FieldID: Vector] = [:]
    for (place, field) in layout.fields.enumerated() {
      let cells = rows.cells[place]
      guard case .reference(let target, _) = field.form else {
        vectors[field.id] = cells
        continue
      }
      if complete.contains(target) {
        vectors[field.id] = try References(layout, field, in: file.layout, file.path, database)
          .rows(of: cells, keys: rows.cells[layout.key])
      } else {
        late[place]?.append(cells)
      }
    }
    do throws(StoreError) {
      try database.table(layout.entity).append(vectors, count: rows.count)
    } catch .duplicateKey(let key, _, _) {
      throw Refusal.damaged("\(layout.name) have the key \(key) twice").error(file.path)
    }
  }

  // MARK: references to what comes later

  private func lateFields(_ layout: TableLayout) -> [Int: Vector] {
    var late: [Int: Vector] = [:]
    for (place, field) in layout.fields.enumerated() {
      guard case .reference(let target, let isText) = field.form, !complete.contains(target) else {
        continue
      }
      late[place] = Vector(unknown: isText ? .text : .integer, count: 0)
    }
    return late
  }

  private func fillLateReferences() throws(StoreError) {
    for (entity, field, keys) in late {
      let table = database.table(entity)
      let layout = file.layout[entity]
      let own = layout.keys(of: .run(base: 0, count: table.rowCount), in: database)
      let rows = try References(layout, field, in: file.layout, file.path, database).rows(
        of: keys, keys: own)
      try table.fill(field.id, with: rows)
    }
  }
}

extension TableScan {
  fileprivate func result(
    of range: ClosedRange<Int64>, by source: Source
  ) -> Result<Part, StoreError> {
    do throws(StoreError) {
      return .success(try read(range, by: source))
    } catch {
      return .failure(error)
    }
  }
}

/// Finds the rows that a reference's keys name.
struct References {
  private let layout: TableLayout
  private let field: StoredField
  private let all: FileLayout
  private let path: String
  private let database: Database

  /// - Parameters:
  ///   - all: Where the target stands.
  ///   - path: The file's, for messages.
  init(
    _ layout: TableLayout, _ field: StoredField, in all: FileLayout, _ path: String,
    _ database: Database
  ) {
    self.layout = layout
    self.field = field
    self.all = all
    self.path = path
    self.database = database
  }

  /// The rows of the target with the keys in `cells`.
  ///
  /// - Parameter keys: The keys of the rows the cells stand in, for messages.
  /// - Throws: `store` with `dangling-reference`.
  func rows(of cells: Vector, keys: Vector) throws(StoreError) -> Vector {
    guard case .reference(let target, _) = field.form else { return cells }
    let rows = database.table(target).rows(withKeys: cells)
    for offset in rows.indices where rows[offset] < 0 && cells.known[offset] != 0 {
      throw dangling(keys[offset], cells[offset], target)
    }
    return RowSelection.references(rows)
  }

  private func dangling(_ key: Scalar, _ named: Scalar, _ target: EntityID) -> StoreError {
    let other = all[target]
    let (column, table) = (SQLText.name(field.column), SQLText.name(layout.name))
    let query =
      "SELECT * FROM \(table) WHERE \(column) NOT IN"
      + " (SELECT \(SQLText.name(other.keyField.column)) FROM \(SQLText.name(other.name)))"
    return Refusal.dangling(
      "\(layout.name) \(key.text) name \(other.name) \(named.text) in \(field.column), and there"
        + " are none", query: query
    ).error(path)
  }
}

extension Scalar {
  /// A key in a message.
  var text: String {
    switch self {
    case .text(let text): "'\(text.prefix(40))'"
    case .word(let word): String(word)
    case .real(let real): String(real)
    case .unknown: "NULL"
    }
  }
}
