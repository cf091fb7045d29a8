import Store

/// Opens a data file; see `StorePorts.open`.
///
/// - Throws: `store` with `store-not-found`, `file-is-directory`, `file-is-device`, `file-is-empty`,
///   `not-a-store`, `foreign-store`, `newer-store`, `damaged`, `file-not-permitted`,
///   `file-not-readable` or `busy`; then the file and its folder are as before.
package func openStore(
  _ path: String, _ isReadOnly: Bool, _ budget: Budget
) throws(StoreError) -> (database: Database, file: any StoreFile) {
  let opening = try Opening(path, isReadOnly: isReadOnly)
  let file = SnapshotFile(opening, isReadOnly: isReadOnly)
  let database = Database(catalog: opening.catalog, budget: budget, source: file)
  // What the file has no tables for is in memory alone.
  if opening.isOlder { database.addMissingBuiltIn() }
  return (database, file)
}

/// Writes a database to a new data file and opens it; see `StorePorts.create`.
///
/// - Throws: `store` with `file-exists`, `folder-not-found`, `file-is-directory`, `busy`,
///   `disk-full`, `cannot-write` or `too-many-fields`; then what was there is there as before.
package func createStore(
  _ path: String, _ database: Database, _ isReplacing: Bool,
  _ progress: (@Sendable (_ done: Int, _ total: Int) -> Void)?
) throws(StoreError) -> any StoreFile {
  try Creation(path, isReplacing: isReplacing).write(database, progress)
  let file = SnapshotFile(try Opening(path, isReadOnly: false), isReadOnly: false)
  file.progress = progress
  try file.adopt(database)
  return file
}
