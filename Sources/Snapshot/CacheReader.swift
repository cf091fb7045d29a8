import Store

/// Makes tables of the columns that the file keeps beside the rows, where these are what they were.
///
/// The rows are the truth: a table whose columns are stale, not as they were written or not to be
/// understood is left to the reader of rows, and so is one that refers to such a table.
struct CacheReader {
  private let connection: Connection
  private let layout: FileLayout
  private let database: Database
  /// The open file; nil where it is only looked through, and one state is read all the time.
  private let file: SnapshotFile?

  /// Reads for an open file.
  init(of file: SnapshotFile, _ database: Database) {
    self.file = file
    self.database = database
    connection = file.connection
    layout = file.layout
  }

  /// Reads what a connection sees inside one transaction.
  init(in connection: Connection, _ layout: FileLayout, _ database: Database) {
    file = nil
    self.database = database
    self.connection = connection
    self.layout = layout
  }

  /// What was prepared.
  struct Opened {
    /// The tables, with what is known of them.
    var made: [(table: Table, state: TableState)] = []
    /// Entities left to read by rows.
    var left: [EntityID] = []
    /// Of these, those whose columns are not as they were written.
    var broken: [EntityID] = []
  }

  /// Prepares tables of those of these entities that can be had so; inside a reading transaction.
  func open(_ entities: [EntityID]) throws(StoreError) -> Opened {
    var opened = Opened(left: entities)
    guard try CatalogSum.isOfSchema(in: connection) else { return opened }
    var found: [EntityID: (table: Table, state: TableState, columns: CachedColumns)] = [:]
    for entity in entities {
      do throws(StoreError) {
        found[entity] = try open(layout[entity])
      } catch .store(let problem) where ["damaged", "bad-value"].contains(problem.code) {
        // The rows may be readable all the same.
        file?.distrustsCache = true
        opened.broken.append(entity)
      }
    }
    // A table goes with those it refers to.
    var isSettled = false
    while !isSettled {
      isSettled = true
      for entity in entities {
        guard let one = found[entity] else { continue }
        var fits = true
        for (target, numbering) in one.columns.targets {
          let state = entities.contains(target) ? found[target]?.state : try known(target)
          if state?.cache?.numbering != numbering { fits = false }
        }
        if fits { continue }
        found[entity] = nil
        isSettled = false
      }
    }
    opened.made = entities.compactMap { entity in found[entity].map { ($0.table, $0.state) } }
    opened.left = entities.filter { found[$0] == nil }
    return opened
  }

  /// What is known of a table that is in memory, if the file still keeps the columns it was made of:
  /// whoever wrote others may have numbered further rows in another way.
  private func known(_ entity: EntityID) throws(StoreError) -> TableState? {
    guard database.isLoaded(entity), let state = file?.states[entity] else { return nil }
    let kept = try CacheTable(layout: layout[entity], connection: connection).manifestSum()
    return kept == state.cache?.manifestSum ? state : nil
  }

  /// What the file says of a table; nil where that cannot be read, which the reader of rows tells.
  private func known(
    _ layout: TableLayout
  ) throws(StoreError) -> (state: TableState, floor: Int64)? {
    try SalvageReading.attempt { () throws(StoreError) in try layout.state(in: connection) }
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
    guard let (known, floor) = try known(layout), floor <= manifest.generation,
      manifest.generation <= known.generation
    else { return nil }
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
    else { throw cache.damaged }
    let all = self.layout
    let columns = CachedColumns(manifest, cache, in: all, database, file)
    table.adopt(
      keys: keyColumn, deadBits: manifest.deadBits,
      late: LateColumns { field throws(StoreError) in try columns.read(field) })
    guard try columns.catchUp(keys, in: table, recorded) else { throw cache.damaged }
    if !layout.isTextKeyed { table.nextKey = known.nextKey }
    var state = known
    state.cache = CacheMark(
      numbering: manifest.numbering, generation: manifest.generation, manifestSum: manifestSum)
    return (table, state, columns)
  }
}
