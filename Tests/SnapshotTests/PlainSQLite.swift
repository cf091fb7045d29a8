import CSQLite
import Store

/// SQLite as another program uses it: triggers fire, nothing is known of rapport.
final class PlainSQLite {
  private var handle: OpaquePointer?

  /// Opens a file to read and change it, or makes it.
  init(_ path: String) {
    sqlite3_open(path, &handle)
    sqlite3_busy_timeout(handle, 5_000)
  }

  deinit { close() }

  func close() {
    sqlite3_close(handle)
    handle = nil
  }

  /// Runs statements; gives SQLite's words when one fails.
  @discardableResult
  func run(_ text: String) -> String? {
    sqlite3_exec(handle, text, nil, nil, nil) == SQLITE_OK
      ? nil : String(cString: sqlite3_errmsg(handle))
  }

  /// The rows of a query as SQLite writes its values, NULL as `NULL`.
  func rows(_ text: String) -> [[String]] {
    var statement: OpaquePointer?
    guard sqlite3_prepare_v2(handle, text, -1, &statement, nil) == SQLITE_OK else {
      return [["error: " + String(cString: sqlite3_errmsg(handle))]]
    }
    defer { sqlite3_finalize(statement) }
    var rows: [[String]] = []
    while sqlite3_step(statement) == SQLITE_ROW {
      rows.append(
        (0..<sqlite3_column_count(statement)).map { column in
          guard let start = sqlite3_column_text(statement, column) else { return "NULL" }
          let count = Int(sqlite3_column_bytes(statement, column))
          return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
        })
    }
    return rows
  }

  /// The one value of a query.
  func value(_ text: String) -> String { rows(text).first?.first ?? "none" }
}

/// How a call refuses; nil when it does not. Another error than one about the file has its name.
func problem(_ body: () throws(StoreError) -> Void) -> FileProblem? {
  do throws(StoreError) {
    try body()
    return nil
  } catch {
    switch error {
    case .store(let problem): return problem
    default: return FileProblem(code: "other", path: "", message: "\(error)")
    }
  }
}
