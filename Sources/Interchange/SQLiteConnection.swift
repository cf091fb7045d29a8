import CSQLite
import Store

/// What SQLite answered in place of doing what it was told.
struct SQLiteFailure: Error {
  /// The extended result code.
  var code: Int32
  var message: String

  /// The plain result code.
  var plainCode: Int32 { code & 0xFF }
}

/// A connection to a SQLite file, used by one thread. Long statements stop when the user asks.
final class SQLiteConnection {
  private let handle: OpaquePointer

  /// Opens the file that a URI names.
  init(uri: String, flags: Int32) throws(SQLiteFailure) {
    var opened: OpaquePointer?
    let status = sqlite3_open_v2(
      uri, &opened, flags | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nil)
    guard let opened else {
      throw SQLiteFailure(code: SQLITE_NOMEM, message: "no memory for a connection")
    }
    guard status == SQLITE_OK else {
      let message = String(cString: sqlite3_errmsg(opened))
      sqlite3_close_v2(opened)
      throw SQLiteFailure(code: status, message: message)
    }
    handle = opened
    sqlite3_progress_handler(opened, 10_000, { _ in Cancellation.isRequested ? 1 : 0 }, nil)
  }

  deinit { sqlite3_close_v2(handle) }

  /// A path as a URI, with parameters such as `mode=ro`.
  static func uri(_ path: String, _ parameters: [String]) -> String {
    var uri = "file:"
    // A path that began with two slashes would name another computer.
    if path.hasPrefix("/") { uri += "//" }
    for byte in path.utf8 {
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x2F, 0x5F:
        uri.unicodeScalars.append(Unicode.Scalar(byte))
      default: uri += "%" + hexadecimal(byte)
      }
    }
    return parameters.isEmpty ? uri : uri + "?" + parameters.joined(separator: "&")
  }

  /// How long a statement waits for another program's lock.
  func wait(milliseconds: Int32) { sqlite3_busy_timeout(handle, milliseconds) }

  /// Runs statements that give no rows.
  func execute(_ sql: String) throws(SQLiteFailure) {
    let status = sqlite3_exec(handle, sql, nil, nil, nil)
    guard status == SQLITE_OK else { throw failure(status) }
  }

  /// Compiles one statement.
  func prepare(_ sql: String) throws(SQLiteFailure) -> SQLiteStatement {
    var compiled: OpaquePointer?
    let status = sqlite3_prepare_v3(
      handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &compiled, nil)
    guard status == SQLITE_OK, let compiled else { throw failure(status) }
    return SQLiteStatement(compiled, of: self)
  }

  /// What the last call failed with.
  func failure(_ status: Int32) -> SQLiteFailure {
    SQLiteFailure(code: status, message: String(cString: sqlite3_errmsg(handle)))
  }

  /// A name as SQL quotes it.
  static func quoted(_ name: String) -> String { SQLText.quoted(name) }
}

/// A compiled statement.
final class SQLiteStatement {
  /// What a value is.
  enum Kind {
    case null, integer, real, text, blob
  }

  private let handle: OpaquePointer
  /// The connection lives as long as its statements.
  private let connection: SQLiteConnection

  fileprivate init(_ handle: OpaquePointer, of connection: SQLiteConnection) {
    self.handle = handle
    self.connection = connection
  }

  deinit { sqlite3_finalize(handle) }

  /// Goes to the next row; false at the end.
  @inline(__always)
  func step() throws(SQLiteFailure) -> Bool {
    let status = sqlite3_step(handle)
    if status == SQLITE_ROW { return true }
    if status == SQLITE_DONE { return false }
    throw connection.failure(status)
  }

  /// Makes it ready to run again.
  func reset() { sqlite3_reset(handle) }

  // MARK: reading

  @inline(__always)
  func kind(_ column: Int32) -> Kind {
    switch sqlite3_column_type(handle, column) {
    case SQLITE_INTEGER: .integer
    case SQLITE_FLOAT: .real
    case SQLITE_TEXT: .text
    case SQLITE_BLOB: .blob
    default: .null
    }
  }

  @inline(__always)
  func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

  @inline(__always)
  func real(_ column: Int32) -> Double { sqlite3_column_double(handle, column) }

  /// Puts a text's bytes into an emptied store; false when it is longer than a text may be.
  @inline(__always)
  func takeText(_ column: Int32, into store: ByteStore) throws(StoreError) -> Bool {
    store.removeAll()
    guard let text = sqlite3_column_text(handle, column) else { return true }
    let count = Int(sqlite3_column_bytes(handle, column))
    guard count <= Limits.textByteCountMax else { return false }
    try store.append(UnsafeRawBufferPointer(start: text, count: count))
    return true
  }

  /// A text as a string; nil when it is NULL.
  func string(_ column: Int32) -> String? {
    guard let text = sqlite3_column_text(handle, column) else { return nil }
    let count = Int(sqlite3_column_bytes(handle, column))
    return String(decoding: UnsafeBufferPointer(start: text, count: count), as: UTF8.self)
  }

  // MARK: binding

  /// Binds a value to a parameter, counted from 1.
  func bind(_ parameter: Int32, integer: Int64) { sqlite3_bind_int64(handle, parameter, integer) }

  /// Binds a number.
  func bind(_ parameter: Int32, real: Double) { sqlite3_bind_double(handle, parameter, real) }

  /// Binds NULL.
  func bindNull(_ parameter: Int32) { sqlite3_bind_null(handle, parameter) }

  /// Binds a text that stays where it is until the statement was stepped.
  func bind(_ parameter: Int32, text: ByteView, _ range: Range<Int>) {
    let start = UnsafeRawPointer(text.base + range.lowerBound).assumingMemoryBound(to: CChar.self)
    sqlite3_bind_text64(
      handle, parameter, start, UInt64(range.count), nil, UInt8(SQLITE_UTF8))
  }

  /// Binds a short text, which is copied.
  func bind(_ parameter: Int32, string: String) {
    sqlite3_bind_text(
      handle, parameter, string, Int32(string.utf8.count), cs_transient())
  }
}
