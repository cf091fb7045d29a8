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

  /// A cell as SQLite holds it.
  package enum Cell: Hashable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
  }

  /// The names of a statement's columns and its rows; nil when it fails.
  package func cells(_ sql: String) -> (names: [String], rows: [[Cell]])? {
    var statement: OpaquePointer?
    guard sqlite3_prepare_v2(connection, sql, -1, &statement, nil) == SQLITE_OK else {
      return nil
    }
    defer { sqlite3_finalize(statement) }
    let columns = 0..<sqlite3_column_count(statement)
    let names = columns.map { sqlite3_column_name(statement, $0).map { String(cString: $0) } ?? "" }
    var rows: [[Cell]] = []
    while true {
      let status = sqlite3_step(statement)
      if status == SQLITE_DONE { return (names, rows) }
      guard status == SQLITE_ROW else { return nil }
      rows.append(columns.map { cell(statement, $0) })
    }
  }

  private func cell(_ statement: OpaquePointer?, _ column: Int32) -> Cell {
    switch sqlite3_column_type(statement, column) {
    case SQLITE_NULL: .null
    case SQLITE_INTEGER: .integer(sqlite3_column_int64(statement, column))
    case SQLITE_FLOAT: .real(sqlite3_column_double(statement, column))
    default: .text(sqlite3_column_text(statement, column).map { String(cString: $0) } ?? "")
    }
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
