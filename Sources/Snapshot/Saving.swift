import Store

/// Puts a file in its best form: void sums are made anew, the columns that are in memory stand beside
/// the rows, the delta is empty, the log is in the file.
struct Saving {
  private let file: SnapshotFile
  private let database: Database
  private let connection: Connection

  init(_ file: SnapshotFile, _ database: Database) {
    self.file = file
    self.database = database
    connection = file.connection
  }

  /// Does it, the first part in one transaction.
  func save() throws(StoreError) {
    let states = try connection.transaction(.writing) { () throws(StoreError) in
      try file.checkVersions()
      var states = file.states
      for table in file.layout.tables {
        try renewSums(of: table, states[table.entity]?.unprovedChunks ?? [])
        states[table.entity]?.unprovedChunks = []
      }
      states = try CacheRenewal(file, database).write(file.layout.tables, states)
      for table in file.layout.tables {
        try Delta(table, connection).clear()
        states[table.entity]?.deltaCount = 0
        let known = try table.state(in: connection)
        try table.write(known.state, floor: known.state.generation, to: connection)
      }
      try CatalogSum.write(file.layout, to: connection)
      return states
    }
    file.states = states
    file.distrustsCache = false
    // Others who are reading keep the log a while; then it stays, and that is no failure.
    _ = try connection.integer("PRAGMA wal_checkpoint(TRUNCATE)")
  }

  /// Makes the sums of void chunks, and of those that had none, from their rows as they are.
  private func renewSums(
    of table: TableLayout, _ unproved: Set<Int64>
  ) throws(StoreError) {
    let chunks = try voidChunks(of: table).union(unproved)
    guard !chunks.isEmpty else { return }
    let scan = try TableScan(table, in: connection)
    let source = try scan.source(in: connection)
    for chunk in chunks {
      try Cancellation.check()
      var sums = ChunkSums()
      let keys = ChunkSums.keys(of: chunk)
      for range in table.isTextKeyed ? scan.ranges : [keys].compactMap({ $0 }) {
        sums.add(try scan.read(range, by: source).sums)
      }
      try ChunkSums.record(sums.chunks[chunk] ?? ChunkSum(), chunk, of: table, to: connection)
    }
  }

  private func voidChunks(of table: TableLayout) throws(StoreError) -> Set<Int64> {
    var chunks: Set<Int64> = []
    let statement = try connection.statement(
      """
      SELECT chunk FROM "_rapport_sums" WHERE "table" = ? AND (sum IS NULL OR rows IS NULL)
      """)
    try statement.bind(table.name, at: 0)
    while try statement.step() { chunks.insert(statement.integer(0)) }
    return chunks
  }
}
