import Store

/// Keeps the columns of tables that are in memory beside their rows, for the next opening.
struct CacheRenewal {
  private let file: SnapshotFile
  private let database: Database
  private let connection: Connection

  /// Changed keys that the next opening reads as quickly as columns would be written.
  private static let keyCountMin = 100

  init(_ file: SnapshotFile, _ database: Database) {
    self.file = file
    self.database = database
    connection = file.connection
  }

  /// Does it for all tables whose columns are not kept as they are now, if those of one are not kept at
  /// all, or much was changed since.
  func runWhereWorthwhile() throws(StoreError) {
    let stale = file.layout.tables.filter { isLoaded($0) && !isCurrent($0) }
    var isWorthwhile = false
    for table in stale where !isWorthwhile {
      guard let state = file.states[table.entity], let cache = state.cache else {
        isWorthwhile = true
        continue
      }
      // Of many rows at once there is no note, and then the columns are no beginning any more.
      let floor = try table.state(in: connection).floor
      isWorthwhile =
        floor > cache.generation || state.deltaCount ?? .max > Self.keyCountMin
    }
    guard isWorthwhile else { return }
    try database.load(stale.map(\.entity))
    let states = try connection.transaction(.writing) { () throws(StoreError) in
      try file.checkVersions()
      return try write(stale, file.states)
    }
    file.states = states
    file.distrustsCache = false
  }

  private func isLoaded(_ table: TableLayout) -> Bool {
    database.isLoaded(table.entity) && file.states[table.entity] != nil
  }

  private func isCurrent(_ table: TableLayout) -> Bool {
    guard !file.distrustsCache, let state = file.states[table.entity] else { return false }
    return state.cache?.generation == state.generation
  }

  /// Keeps the columns of some tables, all of those that were changed among them; inside a writing
  /// transaction. The tables are wholly in memory, or are left out.
  ///
  /// - Returns: What is known of all tables then.
  func write(
    _ tables: [TableLayout], _ before: [EntityID: TableState]
  ) throws(StoreError) -> [EntityID: TableState] {
    var states = before
    let wasStale = try CacheTable.removeStale(in: connection)
    var writers: [CacheWriter] = []
    for table in tables where isLoaded(table) && database.table(table.entity).isWhole {
      let cache = CacheTable(layout: table, connection: connection)
      let isContinued = try cache.manifestSum() == states[table.entity]?.cache?.manifestSum
      if !isContinued { states[table.entity]?.cache = nil }
      let writer = CacheWriter(
        cache, database, numbering: states[table.entity]?.cache?.numbering)
      writers.append(writer)
    }
    var numberings = states.compactMapValues { $0.cache?.numbering }
    for writer in writers { numberings[writer.layout.entity] = writer.numbering }
    for writer in writers {
      let entity = writer.layout.entity
      guard let state = states[entity] else { continue }
      states[entity]?.cache = try writer.write(state, numberings)
    }
    if wasStale { try CatalogSum.write(file.layout, to: connection) }
    return states
  }
}
