import Store

/// The blobs kept beside the rows of one table.
struct CacheTable {
  let layout: TableLayout
  let connection: Connection

  /// The version of data files that have them first.
  static let firstVersion: Int64 = 4
  /// The chunk number of a column's head.
  static let headChunk: Int64 = -1
  /// What stands in place of a column's name for the manifest, and for the sums of the rows.
  static let manifestName = ":rows"
  static let sumsName = ":sums"
  private static let headSeed: UInt64 = 3
  private static let partSeed: UInt64 = 4

  /// What proves a head.
  static func headSum(_ bytes: [UInt8]) -> UInt64 { ByteSum.of(bytes, seed: headSeed) }

  /// What proves a part.
  static func partSum(_ bytes: [UInt8]) -> UInt64 { ByteSum.of(bytes, seed: partSeed) }

  // MARK: reading

  /// What says that they are not as they were written.
  var damaged: StoreError {
    Refusal.damaged("columns kept of \(layout.name) are not as they were written")
      .error(connection.path)
  }

  /// The manifest and what proves it; nil when there is none.
  ///
  /// - Throws: `store` with `damaged` when it is not as it was written.
  func manifest() throws(StoreError) -> (manifest: CacheManifest, sum: UInt64)? {
    let statement = try select(Self.manifestName, 0)
    defer { statement.reset() }
    guard try statement.step() else { return nil }
    var bytes: [UInt8] = []
    statement.bytes(0).append(to: &bytes)
    let sum = CacheManifest.sum(bytes, of: layout)
    guard UInt64(bitPattern: statement.integer(1)) == sum, let manifest = CacheManifest(bytes)
    else { throw damaged }
    return (manifest, sum)
  }

  /// What proves the manifest; nil when there is none.
  func manifestSum() throws(StoreError) -> UInt64? {
    let statement = try select(Self.manifestName, 0)
    defer { statement.reset() }
    return try statement.step() ? UInt64(bitPattern: statement.integer(1)) : nil
  }

  /// Fills an empty column with what is kept under a name; false when it is not as it was written.
  func read(
    _ name: String, headSum: UInt64, rowCount: Int, into column: Column, referenceLimit: Int
  ) throws(StoreError) -> Bool {
    guard
      let decoder = try decoder(
        name, headSum, into: column, referenceLimit: referenceLimit),
      decoder.rowCount == rowCount
    else { return false }
    let statement = try connection.statement(
      """
      SELECT chunk, bytes FROM "_rapport_cache" WHERE "table" = ? AND "column" = ? AND chunk >= 0
      ORDER BY chunk
      """)
    try statement.bind(layout.name, at: 0)
    try statement.bind(name, at: 1)
    defer { statement.reset() }
    for (place, part) in decoder.parts.enumerated() {
      guard try statement.step(), statement.integer(0) == Int64(place) else { return false }
      let isTaken = statement.bytes(1).withSpan { bytes in
        ByteSum.of(bytes, seed: Self.partSeed) == part.sum && decoder.take(bytes)
      }
      guard isTaken else { return false }
    }
    return decoder.finish()
  }

  private func decoder(
    _ name: String, _ headSum: UInt64, into column: Column, referenceLimit: Int
  ) throws(StoreError) -> ColumnDecoder? {
    let statement = try select(name, Self.headChunk)
    defer { statement.reset() }
    guard try statement.step() else { return nil }
    var head: [UInt8] = []
    statement.bytes(0).append(to: &head)
    guard Self.headSum(head) == headSum else { return nil }
    return try ColumnDecoder(head, of: column, referenceLimit: referenceLimit)
  }

  private func select(_ name: String, _ chunk: Int64) throws(StoreError) -> Statement {
    let statement = try connection.statement(
      """
      SELECT bytes, checksum FROM "_rapport_cache"
      WHERE "table" = ? AND "column" = ? AND chunk = ?
      """)
    try statement.bind(layout.name, at: 0)
    try statement.bind(name, at: 1)
    try statement.bind(chunk, at: 2)
    return statement
  }

  // MARK: writing

  /// Takes everything away if others have changed the schema since it was written: what they left
  /// stale must not become right by our writing.
  ///
  /// - Returns: Whether they have.
  @discardableResult
  static func removeStale(in connection: Connection) throws(StoreError) -> Bool {
    if try CatalogSum.isOfSchema(in: connection) { return false }
    try connection.run("DELETE FROM \"_rapport_cache\"")
    return true
  }

  /// What proves each blob kept under a name, by chunk, made anew from its bytes.
  func sums(_ name: String) throws(StoreError) -> [Int64: UInt64] {
    let statement = try connection.statement(
      "SELECT chunk, bytes FROM \"_rapport_cache\" WHERE \"table\" = ? AND \"column\" = ?")
    try statement.bind(layout.name, at: 0)
    try statement.bind(name, at: 1)
    var sums: [Int64: UInt64] = [:]
    while try statement.step() {
      let chunk = statement.integer(0)
      let seed = chunk == Self.headChunk ? Self.headSeed : Self.partSeed
      sums[chunk] = statement.bytes(1).withSpan { ByteSum.of($0, seed: seed) }
    }
    return sums
  }

  /// Keeps a blob in place of the one there may be.
  func write(
    _ bytes: [UInt8], sum: UInt64, _ name: String, _ chunk: Int64, generation: Int64
  ) throws(StoreError) {
    let statement = try connection.statement(
      "INSERT OR REPLACE INTO \"_rapport_cache\" VALUES(?,?,?,?,?,?)")
    try statement.bind(layout.name, at: 0)
    try statement.bind(name, at: 1)
    try statement.bind(chunk, at: 2)
    try statement.bind(generation, at: 3)
    try statement.bind(blob: bytes, at: 4)
    try statement.bind(Int64(bitPattern: sum), at: 5)
    try statement.run()
  }

  /// Takes away what is kept under a name from a chunk on.
  func remove(_ name: String, from chunk: Int64) throws(StoreError) {
    let statement = try connection.statement(
      "DELETE FROM \"_rapport_cache\" WHERE \"table\" = ? AND \"column\" = ? AND chunk >= ?")
    try statement.bind(layout.name, at: 0)
    try statement.bind(name, at: 1)
    try statement.bind(chunk, at: 2)
    try statement.run()
  }

  /// Takes away what is kept of the table, but for columns of these names.
  func remove(except names: [String] = []) throws(StoreError) {
    var found: [String] = []
    let statement = try connection.statement(
      "SELECT DISTINCT \"column\" FROM \"_rapport_cache\" WHERE \"table\" = ?")
    try statement.bind(layout.name, at: 0)
    while try statement.step() { found.append(statement.text(0) ?? "") }
    for name in found where !names.contains(name) {
      try remove(name, from: .min)
    }
  }
}
