import Store

/// A data file that is read whatever its state, and never changed: what `checkStore` and
/// `salvageStore` read from.
///
/// With no other program near, it is read without locks, so that nothing is made beside it. Beside a
/// log, others may be at work: then the log and its locks are used, as every reader does.
struct SalvageReading {
  let place: Place
  let connection: Connection
  /// Why SQLite would not open it as it is; nil when it would.
  let refusal: String?
  /// Whether the file says to be one of ours.
  let hasMark: Bool
  /// Whether a change that was cut short lies beside the file and is left out of sight.
  let isBeforeJournal: Bool
  private let before: Place.Identity?

  /// Opens a file for reading.
  ///
  /// - Parameter isLenient: Whether pages are read that are only partly what they have to be.
  /// - Throws: `store` for what is no data file of ours, is of a newer version, or cannot be opened.
  init(_ path: String, isLenient: Bool) throws(StoreError) {
    place = try Place(existing: path)
    before = place.identity
    isBeforeJournal = (Place.identity(of: place.journal)?.byteCount ?? 0) > 0
    // An empty log without its index is one that nobody uses.
    let logByteCount = Place.identity(of: place.log)?.byteCount
    let isUsed = Place.identity(of: place.file + "-shm") != nil || logByteCount ?? 0 > 0
    let hasCompany = logByteCount != nil && isUsed && !isBeforeJournal
    let access: Connection.Access = hasCompany ? .readOnly : .immutable
    let strict = try Connection(place.file, as: path, access)
    strict.foldsLogAtClose(false)
    refusal = try Self.refusal(of: strict)
    if refusal == nil, !isLenient {
      connection = strict
    } else {
      strict.close()
      connection = try Connection(place.file, as: path, access)
      connection.foldsLogAtClose(false)
      connection.allowsAll(true)
      // Goes on past the statements of tables that cannot be read, and past a missing end.
      try connection.run("PRAGMA writable_schema=ON")
      if isLenient { try connection.run("PRAGMA cell_size_check=OFF") }
    }
    hasMark = try Self.prove(connection, at: place)
    // Keys are looked up in the order of those that name them, all over a table.
    try connection.run("PRAGMA cache_size=-131072")
    // One state for all that is read; it ends with the connection.
    try connection.run("BEGIN")
    let connection = connection
    _ = try Self.attempt { () throws(StoreError) in
      try connection.integer("SELECT count(*) FROM sqlite_schema")
    }
  }

  /// Whether another program wrote to the file while it was read without locks.
  var isOvertaken: Bool { connection.isImmutable && place.identity != before }

  func close() { connection.close() }

  /// What SQLite says against the file's first page and its schema.
  private static func refusal(of connection: Connection) throws(StoreError) -> String? {
    do throws(StoreError) {
      _ = try connection.integer("SELECT count(*) FROM sqlite_schema")
      return nil
    } catch .store(let problem) where isUnreadable(problem) {
      return problem.message
    }
  }

  /// - Returns: Whether it has our mark.
  private static func prove(
    _ connection: Connection, at place: Place
  ) throws(StoreError) -> Bool {
    let mark: Int64
    do throws(StoreError) {
      mark = try connection.integer("PRAGMA application_id")
    } catch .store(let problem) where problem.code == "damaged" {
      throw Refusal.notADatabase.error(place.path)
    }
    guard mark != Schema.applicationID else {
      let version = try connection.integer("PRAGMA user_version")
      if version > Migration.newestVersion {
        throw Refusal.newer(version: version).error(place.path)
      }
      return true
    }
    let ours = try attempt { () throws(StoreError) in
      try connection.integer(
        "SELECT count(*) FROM sqlite_schema WHERE name = '_rapport_entities'")
    }
    guard let ours, ours > 0 else { throw Refusal.foreign.error(place.path) }
    return false
  }

  /// Whether a problem is one of the bytes that were asked for, so that others may be readable.
  static func isUnreadable(_ problem: FileProblem) -> Bool {
    ["damaged", "file-not-readable", "cannot-write"].contains(problem.code)
  }

  /// What an attempt gives; nil when the bytes it needs cannot be read.
  static func attempt<Result>(
    _ body: () throws(StoreError) -> Result
  ) throws(StoreError) -> Result? {
    do throws(StoreError) {
      return try body()
    } catch .store(let problem) where isUnreadable(problem) {
      return nil
    }
  }
}
