import Store

/// The checksum over what describes the tables: a flipped bit there must not change what their rows
/// mean.
///
/// It covers every row of the catalog's tables and, while nobody else has changed the schema since it
/// was written, the statements that made our tables and triggers.
enum CatalogSum {
  private static let sumName = "catalog_sum"
  private static let versionName = "schema_version"

  /// Computes the checksum and keeps it.
  static func write(_ layout: FileLayout, to connection: Connection) throws(StoreError) {
    let version = try connection.integer("PRAGMA schema_version")
    try set(versionName, version, connection)
    try set(sumName, try sum(connection, layout, hasSchema: true), connection)
    try set(sumName + "_rows", try sum(connection, layout, hasSchema: false), connection)
  }

  /// - Throws: `store` with `damaged` when the checksum is not the one that was kept.
  static func verify(_ layout: FileLayout, in connection: Connection) throws(StoreError) {
    let version = try connection.integer("PRAGMA schema_version")
    let hasSchema = try setting(versionName, connection) == version
    let kept = try setting(hasSchema ? sumName : sumName + "_rows", connection)
    guard try sum(connection, layout, hasSchema: hasSchema) == kept else {
      throw Refusal.damaged("its catalog is not as it was written").error(connection.path)
    }
  }

  /// Whether nobody but us has changed the schema since the checksum was written.
  static func isOfSchema(in connection: Connection) throws(StoreError) -> Bool {
    try setting(versionName, connection) == connection.integer("PRAGMA schema_version")
  }

  private static func set(
    _ name: String, _ value: Int64, _ connection: Connection
  ) throws(StoreError) {
    let statement = try connection.statement(
      "INSERT OR REPLACE INTO \"_rapport_settings\" VALUES(?,?)")
    try statement.bind(name, at: 0)
    try statement.bind(value, at: 1)
    try statement.run()
  }

  private static func setting(
    _ name: String, _ connection: Connection
  ) throws(StoreError) -> Int64? {
    let statement = try connection.statement(
      "SELECT value FROM \"_rapport_settings\" WHERE name = ?")
    try statement.bind(name, at: 0)
    defer { statement.reset() }
    return try statement.step() ? statement.integer(0) : nil
  }

  private static func sum(
    _ connection: Connection, _ layout: FileLayout, hasSchema: Bool
  ) throws(StoreError) -> Int64 {
    var sum: UInt64 = 0
    var queries = [
      "\"_rapport_entities\" ORDER BY id", "\"_rapport_fields\" ORDER BY entity, id",
      "\"_rapport_choices\" ORDER BY entity, field, code",
      "\"_rapport_definitions\" ORDER BY kind, name",
      "\"_rapport_members\" ORDER BY segment, key",
    ]
    if try !DefinitionCodec.hasTables(in: connection) {
      queries[3...] = ["\"_rapport_definitions\" ORDER BY name"]
    }
    for query in queries {
      try add(try connection.prepare("SELECT * FROM " + query), to: &sum)
    }
    guard hasSchema else { return Int64(bitPattern: sum) }
    let ours = ["_rapport_sums", "_rapport_tables", "_rapport_delta", "_rapport_cache"]
    for name in layout.tables.map(\.name) + ours {
      let statement = try connection.prepare(
        """
        SELECT type, name, sql FROM sqlite_schema
        WHERE lower(tbl_name) = lower(?1) AND (type = 'table'
          OR type = 'trigger' AND name LIKE '\\_rapport\\_%' ESCAPE '\\')
        ORDER BY type, name
        """)
      try statement.bind(name, at: 0)
      try add(statement, to: &sum)
    }
    return Int64(bitPattern: sum)
  }

  /// Adds all rows of a statement, cell by cell, so that order and kind count.
  private static func add(_ statement: Statement, to sum: inout UInt64) throws(StoreError) {
    while try statement.step() {
      for column in 0..<statement.columnCount {
        var word: UInt64
        switch statement.kind(column) {
        case .null: word = 1
        case .integer: word = UInt64(bitPattern: statement.integer(column)) ^ 2
        case .real: word = CellSum.real(statement.real(column)) ^ 3
        case .text, .blob:
          var bytes: [UInt8] = []
          statement.bytes(column).append(to: &bytes)
          word = CellSum.text(bytes, 0..<bytes.count) ^ 4
        }
        word = CellSum.value(word, UInt64(column))
        sum = CellSum.cell(word, CellSum.key(sum))
      }
    }
  }
}
