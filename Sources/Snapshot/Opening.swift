import Store

/// A data file that was found to be ours, and how it can be used.
///
/// Nothing is made beside a file before it is proved to be ours and whole: that is read without locks
/// and without its log.
struct Opening {
  /// What may be done with the file.
  enum Ability {
    /// It can be read and changed.
    case writable
    /// It can be read; others may change it.
    case readable
    /// It can be read, and lies where nobody can change it, or nobody does.
    case fixed
  }

  let place: Place
  let connection: Connection
  let ability: Ability
  let catalog: Catalog
  let layout: FileLayout
  let versions: Versions
  /// Whether the file is of an older version and cannot be changed.
  let isOlder: Bool

  /// Opens a data file.
  init(_ path: String, isReadOnly: Bool) throws(StoreError) {
    let place = try Place(existing: path)
    try Self.prove(place)
    let hadLog = place.hasLog
    let (connection, ability) = try Self.connect(place, isReadOnly: isReadOnly, hadLog: hadLog)
    if ability == .writable, !isReadOnly { try Migration.run(connection) }
    (catalog, layout, versions, isOlder) = try connection.transaction(.reading) {
      () throws(StoreError) in
      let isOlder = try Migration.version(of: connection) < Migration.newestVersion
      let (catalog, layout) = try Self.verified(connection)
      return (catalog, layout, try Versions(of: connection, at: place), isOlder)
    }
    if isReadOnly { try connection.run("PRAGMA query_only=ON") }
    // Only now: the log of a file that is damaged stays as it is.
    connection.foldsLogAtClose(!(isReadOnly && hadLog))
    self.place = place
    self.connection = connection
    self.ability = ability
  }

  /// Sees to it that the file is a data file, of a version that is known, and that what describes its
  /// tables is whole; changes nothing and makes nothing.
  private static func prove(_ place: Place) throws(StoreError) {
    let connection = try Connection(place.file, as: place.path, .immutable)
    defer { connection.close() }
    let mark: Int64
    do throws(StoreError) {
      mark = try connection.integer("PRAGMA application_id")
    } catch .store(let problem)
      where problem.code == "damaged" && problem.message.hasSuffix(Refusal.noBeginning)
    {
      throw Refusal.notADatabase.error(place.path)
    }
    guard mark == Schema.applicationID else {
      let ours = try connection.integer(
        "SELECT count(*) FROM sqlite_schema WHERE name = '_rapport_entities'")
      throw (ours > 0 ? Refusal.damaged("its mark is not that of a data file") : .foreign)
        .error(place.path)
    }
    guard !place.hasLog else { return }
    do throws(StoreError) {
      _ = try Migration.version(of: connection)
      _ = try verified(connection)
    } catch {
      // Where another program has begun to write meanwhile, it is proved again with its log.
      guard place.hasLog else { throw error }
    }
  }

  /// The catalog, after its checksum was looked at.
  static func verified(
    _ connection: Connection
  ) throws(StoreError) -> (catalog: Catalog, layout: FileLayout) {
    guard try connection.text("PRAGMA encoding") == "UTF-8" else {
      throw Refusal.damaged("its texts are not UTF-8").error(connection.path)
    }
    let (catalog, layout) = try CatalogCodec.read(connection)
    try CatalogSum.verify(layout, in: connection)
    return (catalog, layout)
  }

  private static func connect(
    _ place: Place, isReadOnly: Bool, hadLog: Bool
  ) throws(StoreError) -> (Connection, Ability) {
    do throws(StoreError) {
      let connection = try Connection(place.file, as: place.path, .readWrite)
      if !connection.isReadOnly {
        connection.foldsLogAtClose(!hadLog)
        try setMode(connection, isReadOnly: isReadOnly)
        return (connection, .writable)
      }
    } catch .store(let problem)
      where ["cannot-write", "file-not-readable", "file-not-permitted"].contains(problem.code)
    {
      // The folder takes no log: below it is read without one.
    }
    guard hadLog else {
      // Another program has begun to write meanwhile: without its log the file is not whole.
      if place.hasLog { return try connect(place, isReadOnly: isReadOnly, hadLog: true) }
      return (try Connection(place.file, as: place.path, .immutable), .fixed)
    }
    let connection = try Connection(place.file, as: place.path, .readOnly)
    do throws(StoreError) {
      _ = try connection.integer("PRAGMA schema_version")
    } catch .store(let problem) where problem.code != "damaged" {
      throw Refusal.logNotReadable.error(place.path)
    }
    return (connection, .readable)
  }

  /// Sees to it that changes go to a log first; another program may have switched that off.
  private static func setMode(
    _ connection: Connection, isReadOnly: Bool
  ) throws(StoreError) {
    // The first reading: it makes the log's files, where the folder allows it.
    _ = try connection.integer("PRAGMA schema_version")
    guard !isReadOnly else { return }
    try connection.run("PRAGMA synchronous=FULL")
    guard try connection.text("PRAGMA journal_mode") != "wal" else { return }
    try connection.run("PRAGMA journal_mode=WAL")
  }
}
