import Store

/// Brings files of older versions of rapport up to the newest, one version after the other.
enum Migration {
  /// The version that is written.
  static let newestVersion: Int64 = 4

  /// Leads from a version to the next.
  private static func step(
    from version: Int64, _ connection: Connection
  ) throws(StoreError) {
    switch version {
    case 1: try addDefinitions(connection)
    case 2: try addRules(connection)
    case 3: try addCache(connection)
    default: preconditionFailure("no step leads from version \(version)")
    }
  }

  /// Version 2 keeps segments, standards and actions; in version 1 nothing could be defined.
  private static func addDefinitions(_ connection: Connection) throws(StoreError) {
    if try DefinitionCodec.hasTables(in: connection) {
      throw Refusal.damaged("it says to be of version 1, and is of a later one")
        .error(connection.path)
    }
    // The checksum is made anew below, so it has to be right before.
    let (_, layout) = try Opening.verified(connection)
    connection.forgetStatements()
    try connection.run("DROP TABLE \"_rapport_definitions\"")
    for name in DefinitionCodec.tables {
      for table in Schema.catalogTables where table.contains("TABLE \"\(name)\"") {
        try connection.run(table)
      }
    }
    connection.forgetStatements()
    try CatalogSum.write(layout, to: connection)
  }

  /// Version 3 has the house rules, and the ladder's rung of a customer.
  private static func addRules(_ connection: Connection) throws(StoreError) {
    let (old, kept) = try Opening.verified(connection)
    connection.forgetStatements()
    let database = Database(catalog: old, budget: Budget())
    let added = database.addMissingBuiltIn()
    let layout = FileLayout(
      database.catalog, keeping: kept.tables, taken: try connection.tableNames())
    for entity in added {
      try layout[entity].write(database, in: layout, connection) { _ in }
    }
    try CatalogCodec.write(database.catalog, layout, to: connection)
    connection.forgetStatements()
    try CatalogSum.write(layout, to: connection)
  }

  /// Version 4 keeps columns beside the rows.
  private static func addCache(_ connection: Connection) throws(StoreError) {
    let (_, layout) = try Opening.verified(connection)
    connection.forgetStatements()
    for table in Schema.catalogTables where table.contains("TABLE \"_rapport_cache\"") {
      try connection.run(table)
    }
    connection.forgetStatements()
    try CatalogSum.write(layout, to: connection)
  }

  /// The version of the file.
  ///
  /// - Throws: `store` for one that is newer, or none that was ever written.
  static func version(of connection: Connection) throws(StoreError) -> Int64 {
    let version = try connection.integer("PRAGMA user_version")
    if version > newestVersion { throw Refusal.newer(version: version).error(connection.path) }
    guard version >= 1 else {
      throw Refusal.damaged("it says to be of version \(version)").error(connection.path)
    }
    return version
  }

  /// Brings the file up to the newest version, in one transaction.
  static func run(_ connection: Connection) throws(StoreError) {
    guard try version(of: connection) < newestVersion else { return }
    try connection.transaction(.writing) { () throws(StoreError) in
      for version in try version(of: connection)..<newestVersion {
        try step(from: version, connection)
      }
      try connection.run("PRAGMA user_version = \(newestVersion)")
    }
  }
}
