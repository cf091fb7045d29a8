import Store

/// Makes tables of the columns that the file keeps beside the rows, where these are what they were.
///
/// The rows are the truth: a table whose columns are stale, not as they were written or not to be
/// understood is left to the reader of rows, and so is one that refers to such a table.
struct CacheReader {
  private let file: SnapshotFile
  private let database: Database
  private let connection: Connection

  init(_ file: SnapshotFile, _ database: Database) {
    self.file = file
    self.database = database
    connection = file.connection
  }

  /// Prepares tables of those of these entities that can be had so; inside a reading transaction.
  ///
  /// - Returns: The tables, with what is known of them, and then the entities left to read by rows.
  func open(
    _ entities: [EntityID]
  ) throws(StoreError) -> (made: [(table: Table, state: TableState)], left: [EntityID]) {
    guard try CatalogSum.isOfSchema(in: connection) else { return ([], entities) }
    var found: [EntityID: (table: Table, state: TableState, columns: CachedColumns)] = [:]
    for entity in entities {
      if let made = try attempt({ () throws(StoreError) in try open(file.layout[entity]) }) {
        found[entity] = made
      }
    }
    // A table goes with those it refers to.
    var isSettled = false
    while !isSettled {
      isSettled = true
      for entity in entities {
        guard let one = found[entity] else { continue }
        let fits = one.columns.targets.allSatisfy { target, numbering in
          numbering == (found[target]?.state ?? known(target))?.cache?.numbering
        }
        if fits { continue }
        found[entity] = nil
        isSettled = false
      }
    }
    let made = entities.compactMap { entity in found[entity].map { ($0.table, $0.state) } }
    return (made, entities.filter { found[$0] == nil })
  }

  private func known(_ entity: EntityID) -> TableState? {
    database.isLoaded(entity) ? file.states[entity] : nil
  }

  /// What an attempt gives; nil where what is kept cannot be read, which the rows may be all the same.
  private func attempt<Result>(
    _ body: () throws(StoreError) -> Result?
  ) throws(StoreError) -> Result? {
    do throws(StoreError) {
      return try body()
    } catch .store(let problem) where problem.code == "damaged" || problem.code == "bad-value" {
      file.distrustsCache = true
      return nil
    }
  }

  // MARK: one table

  /// Rows changed since from which reading all is as quick.
  private static let keyCountMax = 100_000

  private func open(
    _ layout: TableLayout
  ) throws(StoreError) -> (table: Table, state: TableState, columns: CachedColumns)? {
    let cache = CacheTable(layout: layout, connection: connection)
    guard let (manifest, manifestSum) = try cache.manifest(), manifest.fits(layout) else {
      return nil
    }
    var (state, floor) = try layout.state(in: connection)
    guard floor <= manifest.generation, manifest.generation <= state.generation else { return nil }
    let recorded = try ChunkSums.all(of: layout, in: connection)
    // A void sum: another program wrote, and nobody has looked since.
    guard recorded.allSatisfy({ $0.sum != nil }),
      let keys = try Delta(layout, connection).keys(after: manifest.generation),
      keys.count <= Self.keyCountMax
    else { return nil }
    let definition = database.catalog[layout.entity]
    let table = Table(entity: layout.entity, definition: definition, budget: database.budget)
    let keyColumn = Column(type: definition[definition.key].type, budget: database.budget)
    guard
      try cache.read(
        layout.keyField.column, headSum: manifest.columns[layout.key].headSum,
        rowCount: manifest.rowCount, into: keyColumn, referenceLimit: 0)
    else { return nil }
    let columns = CachedColumns(manifest, cache, file, database)
    table.adopt(
      keys: keyColumn, deadBits: manifest.deadBits,
      late: LateColumns { field throws(StoreError) in try columns.read(field) })
    guard try columns.catchUp(keys, in: table, recorded) else { return nil }
    if !layout.isTextKeyed { table.nextKey = state.nextKey }
    state.cache = CacheMark(
      numbering: manifest.numbering, generation: manifest.generation, manifestSum: manifestSum)
    return (table, state, columns)
  }
}
