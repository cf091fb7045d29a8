import Store

/// Copies an open data file, page by page, as it is in one moment.
struct Backup {
  private let file: SnapshotFile

  init(_ file: SnapshotFile) { self.file = file }

  /// Writes the copy, complete or not at all.
  func write(to path: String, isReplacing: Bool) throws(StoreError) {
    try Replacement(path, isReplacing: isReplacing).write { temporary throws(StoreError) in
      let copy = try Connection(temporary, as: path, .create)
      defer { copy.close() }
      copy.allowsAll(true)
      try copy.run("PRAGMA journal_mode=OFF")
      try copy.run("PRAGMA synchronous=OFF")
      try file.connection.transaction(.reading) { () throws(StoreError) in
        _ = try file.connection.integer("PRAGMA schema_version")
        try file.connection.copy(into: copy, progress: file.progress)
      }
    }
  }
}
