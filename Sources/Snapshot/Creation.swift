import Glibc
import Store

/// Writes a whole database to a new file: under another name first, and under its own when it is
/// complete and on the disk.
struct Creation {
  private let target: Replacement
  /// Records from which pages are large.
  private static let largePageRowCountMin = 100_000

  init(_ path: String, isReplacing: Bool) throws(StoreError) {
    target = try Replacement(path, isReplacing: isReplacing)
  }

  /// Writes the file.
  func write(
    _ database: Database, _ progress: (@Sendable (Int, Int) -> Void)?
  ) throws(StoreError) {
    try target.write { file throws(StoreError) in
      let connection = try Connection(file, as: target.place.path, .create)
      defer { connection.close() }
      // A crash leaves nothing but a file under another name, so nothing need be safe before the end.
      connection.allowsAll(true)
      let rowCount = database.catalog.entities.indices.reduce(0) {
        $0 + database.table(EntityID($1)).liveRowCount
      }
      // Large pages are read more quickly, and of small tables take the more room.
      let pageByteCount = rowCount >= Self.largePageRowCountMin ? 32_768 : 4_096
      for setting in [
        "page_size=\(pageByteCount)", "journal_mode=OFF", "synchronous=OFF",
        "locking_mode=EXCLUSIVE", "cache_size=-65536",
      ] {
        try connection.run("PRAGMA " + setting)
      }
      try connection.transaction(.writing) { () throws(StoreError) in
        try fill(connection, database, progress)
      }
      try connection.run("PRAGMA locking_mode=NORMAL")
      try connection.run("PRAGMA journal_mode=WAL")
    }
  }

  private func fill(
    _ connection: Connection, _ database: Database, _ progress: ((Int, Int) -> Void)?
  ) throws(StoreError) {
    try connection.run("PRAGMA application_id = \(Schema.applicationID)")
    try connection.run("PRAGMA user_version = \(Migration.newestVersion)")
    for table in Schema.catalogTables { try connection.run(table) }
    let layout = FileLayout(database.catalog)
    let total = layout.tables.reduce(0) { $0 + database.table($1.entity).liveRowCount }
    var done = 0
    for table in layout.tables {
      guard table.fields.count <= Schema.columnCountMax else {
        throw Refusal.tooManyFields(entity: table.name, count: table.fields.count)
          .error(target.place.path)
      }
      try table.write(database, in: layout, connection) { count in
        done += count
        progress?(done, total)
      }
    }
    try CatalogCodec.write(database.catalog, layout, to: connection)
    for definition in database.catalog.definitions {
      try DefinitionCodec.replace(nil, by: definition, in: connection)
    }
    try CatalogSum.write(layout, to: connection)
    try keepColumns(connection, layout, database)
  }

  private func keepColumns(
    _ connection: Connection, _ layout: FileLayout, _ database: Database
  ) throws(StoreError) {
    let writers = layout.tables.map { table in
      CacheWriter(
        CacheTable(layout: table, connection: connection), database, numbering: nil)
    }
    var numberings: [EntityID: UInt64] = [:]
    for writer in writers { numberings[writer.layout.entity] = writer.numbering }
    for writer in writers {
      let state = try writer.layout.state(in: connection).state
      _ = try writer.write(state, numberings)
    }
  }
}

extension TableLayout {
  /// Makes the table with the records of a database, whose keys it does not have yet.
  ///
  /// - Parameter progress: Told how many rows each batch had.
  func write(
    _ database: Database, in layout: FileLayout, _ connection: Connection,
    _ progress: (Int) -> Void
  ) throws(StoreError) {
    var state = try create(in: layout, connection)
    var writer = TableWriter(self, database, connection)
    let statement = try connection.statement(Schema.insert(self))
    for rows in RowBatches(database.table(entity), self) {
      try Cancellation.check()
      try writer.insert(rows, statement)
      progress(rows.count)
    }
    try writer.sums.write(self, unproved: [], to: connection)
    if !isTextKeyed { state.nextKey = database.table(entity).nextKey }
    try write(state, floor: nil, to: connection)
  }
}

/// The live rows of a table in batches: by key where the file keeps them so, else as they stand.
private struct RowBatches: Sequence, IteratorProtocol {
  private let list: [Int32]?
  private let rowCount: Int
  private var position = 0

  init(_ table: Table, _ layout: TableLayout) {
    let wantsOrder = !layout.isTextKeyed && !table.isInKeyOrder
    guard wantsOrder || table.liveRowCount < table.rowCount else {
      list = nil
      rowCount = table.rowCount
      return
    }
    var rows = (0..<Int32(table.rowCount)).filter { !table.isDead(Int($0)) }
    let keys = table.column(layout.keyField.id).load(.run(base: 0, count: table.rowCount))
    if wantsOrder, case .words(let words) = keys.values {
      rows.sort { words[Int($0)] < words[Int($1)] }
    }
    list = rows
    rowCount = rows.count
  }

  mutating func next() -> Rows? {
    guard position < rowCount else { return nil }
    let count = Swift.min(Limits.batchRowCount, rowCount - position)
    defer { position += count }
    guard let list else { return .run(base: position, count: count) }
    return .list(Array(list[position..<position + count]))
  }
}
