import CSQLite

/// A database as another program sees it: SQLite's own library, nothing of rapport.
package final class SQLiteFile {
  private var connection: OpaquePointer?

  /// Opens a database, `:memory:` for none on disk; waits up to 10 s where it is locked.
  package init?(_ path: String) {
    guard sqlite3_open(path, &connection) == SQLITE_OK else { return nil }
    sqlite3_busy_timeout(connection, 10_000)
  }

  deinit { sqlite3_close(connection) }

  /// What went wrong last.
  package var message: String { String(cString: sqlite3_errmsg(connection)) }

  /// Runs statements that give no rows; false when one fails.
  package func run(_ sql: String) -> Bool {
    sqlite3_exec(connection, sql, nil, nil, nil) == SQLITE_OK
  }

  /// The rows of a statement, each as its cells' texts joined by `|`; nil when it fails.
  package func rows(_ sql: String, unknown: String = "unknown") -> [String]? {
    var statement: OpaquePointer?
    guard sqlite3_prepare_v2(connection, sql, -1, &statement, nil) == SQLITE_OK else {
      return nil
    }
    defer { sqlite3_finalize(statement) }
    var rows: [String] = []
    while true {
      let status = sqlite3_step(statement)
      if status == SQLITE_DONE { return rows }
      guard status == SQLITE_ROW else { return nil }
      rows.append(
        (0..<sqlite3_column_count(statement)).map {
          sqlite3_column_text(statement, $0).map { String(cString: $0) } ?? unknown
        }.joined(separator: "|"))
    }
  }
}
