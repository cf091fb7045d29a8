import CSQLite
import Glibc
import Store

/// One connection to a SQLite file.
///
/// It belongs to one thread at a time. Triggers, views, foreign keys and double-quoted texts are off,
/// a schema is not trusted, page cells are checked. It waits for other programs, and long statements
/// end when `Cancellation` asks.
final class Connection {
  /// What may be done with the file.
  enum Access {
    case readWrite
    case readOnly
    /// Read without any lock and without looking for a log; nobody may write meanwhile.
    case immutable
    /// A file that is not there yet, or that may be overwritten.
    case create
  }

  /// How long it waits for other programs.
  static let busyMilliseconds = 5_000
  private static let operationsBetweenPolls: Int32 = 10_000

  /// The path as the user gave it, for messages.
  let path: String
  /// Whether it reads without locks.
  let isImmutable: Bool
  private let handle: OpaquePointer
  private var statements: [String: Statement] = [:]

  /// Opens a file. Nothing is read from it yet.
  ///
  /// - Parameters:
  ///   - file: The absolute path without links.
  ///   - path: The path as the user gave it.
  init(_ file: String, as path: String, _ access: Access) throws(StoreError) {
    _ = Self.library
    self.path = path
    isImmutable = access == .immutable
    var flags = SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
    var name = "file:" + Self.escaped(file)
    switch access {
    case .readWrite: flags |= SQLITE_OPEN_READWRITE
    case .create: flags |= SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
    case .readOnly: flags |= SQLITE_OPEN_READONLY
    case .immutable:
      flags |= SQLITE_OPEN_READONLY
      name += "?immutable=1"
    }
    var opened: OpaquePointer?
    let code = sqlite3_open_v2(name, &opened, flags, nil)
    guard let opened, code == SQLITE_OK else {
      let number = opened.map { sqlite3_system_errno($0) } ?? 0
      sqlite3_close_v2(opened)
      throw Self.refusal(code, number, access).error(path)
    }
    handle = opened
    setUp(access)
  }

  private static func refusal(_ code: Int32, _ number: Int32, _ access: Access) -> Refusal {
    let words =
      number == 0 ? String(cString: sqlite3_errstr(code)) : String(cString: strerror(number))
    if case .create = access { return .cannotWrite(words) }
    return number == EACCES || number == EPERM ? .notPermitted : .cannotOpen(words)
  }

  deinit { close() }

  /// Gives the file back. No call follows.
  func close() {
    guard !isClosed else { return }
    isClosed = true
    statements = [:]
    sqlite3_close_v2(handle)
  }

  private var isClosed = false

  /// Whether the system lets nobody write to the file through this connection.
  var isReadOnly: Bool { sqlite3_db_readonly(handle, "main") != 0 }

  /// Rows that the last statement changed.
  var changeCount: Int64 { sqlite3_changes64(handle) }

  /// What a result code other than success means for the user.
  func failure(_ code: Int32) -> StoreError {
    let number = sqlite3_system_errno(handle)
    switch code & 0xFF {
    case SQLITE_BUSY, SQLITE_LOCKED:
      return Cancellation.isRequested ? .interrupted : Refusal.busy.error(path)
    case SQLITE_INTERRUPT: return .interrupted
    case SQLITE_NOMEM:
      return .memoryLimit(byteCount: Int(sqlite3_memory_used()), limit: .max)
    case SQLITE_FULL: return Refusal.diskFull.error(path)
    case SQLITE_IOERR: return inputOutputFailure(code, number)
    case SQLITE_READONLY: return Refusal.cannotWrite(message).error(path)
    case SQLITE_CANTOPEN: return Refusal.cannotOpen(message).error(path)
    case SQLITE_NOTADB: return Refusal.damaged(Refusal.noBeginning).error(path)
    default: return Refusal.damaged(message).error(path)
    }
  }

  private func inputOutputFailure(_ code: Int32, _ number: Int32) -> StoreError {
    // The extended codes are code | n << 8.
    let shortRead = SQLITE_IOERR | 2 << 8
    let writings = [3, 6, 18, 19].map { SQLITE_IOERR | $0 << 8 }
    let readings = [SQLITE_IOERR | 1 << 8, SQLITE_IOERR | 13 << 8, SQLITE_IOERR | 33 << 8]
    if writings.contains(code), let limit = Self.fileByteCountMax {
      return Refusal.fileLimit(byteCount: limit).error(path)
    }
    if code == shortRead { return Refusal.damaged("its end is missing").error(path) }
    if [ENOSPC, EDQUOT, EFBIG].contains(number) { return Refusal.diskFull.error(path) }
    let words = number == 0 ? message : String(cString: strerror(number))
    return (readings.contains(code) ? Refusal.cannotRead(words) : .cannotWrite(words)).error(path)
  }

  /// How long a file of this process may be; nil where the system sets no limit. SQLite does not tell
  /// that a writing failed for this.
  private static var fileByteCountMax: UInt64? {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0 else { return nil }
    return limit.rlim_cur < UInt64(Int64.max) ? UInt64(limit.rlim_cur) : nil
  }

  /// SQLite's words for the last failure.
  var message: String { String(cString: sqlite3_errmsg(handle)) }

  // MARK: statements

  /// Runs statements that give no rows.
  func run(_ text: String) throws(StoreError) {
    let code = sqlite3_exec(handle, text, nil, nil, nil)
    guard code == SQLITE_OK else { throw failure(code) }
  }

  /// A statement of that text, ready to be bound; kept for the next time.
  func statement(_ text: String) throws(StoreError) -> Statement {
    if let known = statements[text] {
      known.reset()
      return known
    }
    let made = try prepare(text)
    statements[text] = made
    return made
  }

  /// A statement of that text that its owner keeps.
  func prepare(_ text: String) throws(StoreError) -> Statement {
    var made: OpaquePointer?
    let code = sqlite3_prepare_v3(handle, text, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &made, nil)
    guard code == SQLITE_OK, let made else { throw failure(code) }
    return Statement(made, of: self)
  }

  /// Forgets the statements that were kept, as before tables go.
  func forgetStatements() { statements = [:] }

  /// The integer in the first column of the only row, as of a pragma.
  func integer(_ text: String) throws(StoreError) -> Int64 {
    let statement = try statement(text)
    defer { statement.reset() }
    return try statement.step() ? statement.integer(0) : 0
  }

  /// The text in the first column of the only row, as of a pragma.
  func text(_ text: String) throws(StoreError) -> String? {
    let statement = try prepare(text)
    return try statement.step() ? statement.text(0) : nil
  }

  // MARK: transactions

  /// How a transaction begins.
  enum Mode: String {
    /// One state of the file for all that is read.
    case reading = "BEGIN"
    /// Nobody else may write from here on.
    case writing = "BEGIN IMMEDIATE"
  }

  /// Does something inside a transaction that ends with it: all of it is done, or none.
  func transaction<Result>(
    _ mode: Mode, _ body: () throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    try run(mode.rawValue)
    do throws(StoreError) {
      let result = try body()
      try run("COMMIT")
      return result
    } catch {
      if sqlite3_get_autocommit(handle) == 0 {
        for statement in statements.values { statement.reset() }
        _ = sqlite3_exec(handle, "ROLLBACK", nil, nil, nil)
      }
      throw error
    }
  }

  /// Reads inside the transaction there is, or one of its own.
  ///
  /// - Throws: `changedElsewhere` when it is closed: the file was opened anew.
  func reading<Result>(_ body: () throws(StoreError) -> Result) throws(StoreError) -> Result {
    if isClosed { throw .changedElsewhere }
    return sqlite3_get_autocommit(handle) == 0 ? try body() : try transaction(.reading, body)
  }

  // MARK: settings

  /// Whether the log is folded into the file when its last user closes it.
  func foldsLogAtClose(_ isOn: Bool) {
    _ = cs_db_config(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, isOn ? 0 : 1)
  }

  /// Whether what SQLite forbids to hostile statements is allowed: writing without a journal, reading
  /// past a damaged schema.
  func allowsAll(_ isOn: Bool) {
    _ = cs_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, isOn ? 0 : 1)
  }

  private func setUp(_ access: Access) {
    for (setting, isOn) in [
      (SQLITE_DBCONFIG_ENABLE_TRIGGER, false), (SQLITE_DBCONFIG_ENABLE_VIEW, false),
      (SQLITE_DBCONFIG_ENABLE_FKEY, false), (SQLITE_DBCONFIG_DQS_DML, false),
      (SQLITE_DBCONFIG_DQS_DDL, false), (SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
      (SQLITE_DBCONFIG_DEFENSIVE, true),
    ] {
      _ = cs_db_config(handle, setting, isOn ? 1 : 0)
    }
    sqlite3_busy_handler(handle, { _, count in Connection.waits(count) }, nil)
    sqlite3_progress_handler(
      handle, Self.operationsBetweenPolls, { _ in Cancellation.isRequested ? 1 : 0 }, nil)
    // None of these reads the file. What they check we check ourselves before we write.
    for text in [
      "PRAGMA cell_size_check=ON", "PRAGMA temp_store=MEMORY",
      "PRAGMA ignore_check_constraints=ON",
    ] {
      _ = sqlite3_exec(handle, text, nil, nil, nil)
    }
  }

  /// Waits a little for another program: 1 ms at first, then 10 ms. Called with how often it waited.
  private static func waits(_ count: Int32) -> Int32 {
    let quickCount: Int32 = 10
    let waited = min(count, quickCount) + max(0, count - quickCount) * 10
    guard waited < busyMilliseconds, !Cancellation.isRequested else { return 0 }
    usleep(count < quickCount ? 1_000 : 10_000)
    return 1
  }

  /// The library is set up once: nobody asks how much memory it uses, which would cost a lock at
  /// every allocation of either thread.
  private static let library: Void = {
    _ = cs_config(SQLITE_CONFIG_MEMSTATUS, 0)
    sqlite3_initialize()
  }()

  /// A path as it stands in a URI.
  private static func escaped(_ path: String) -> String {
    var bytes: [UInt8] = []
    for byte in path.utf8 {
      switch byte {
      case UInt8(ascii: "%"): bytes += "%25".utf8
      case UInt8(ascii: "?"): bytes += "%3f".utf8
      case UInt8(ascii: "#"): bytes += "%23".utf8
      default: bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension Connection {
  /// Copies all pages of this connection's file into that of another, which is overwritten.
  ///
  /// Inside a reading transaction the copy is of one state.
  func copy(
    into other: Connection, progress: ((_ done: Int, _ total: Int) -> Void)?
  ) throws(StoreError) {
    guard let backup = sqlite3_backup_init(other.handle, "main", handle, "main") else {
      throw other.failure(sqlite3_extended_errcode(other.handle))
    }
    var code = SQLITE_OK
    while code == SQLITE_OK, !Cancellation.isRequested {
      code = sqlite3_backup_step(backup, 1_024)
      let total = Int(sqlite3_backup_pagecount(backup))
      progress?(total - Int(sqlite3_backup_remaining(backup)), total)
    }
    let result = sqlite3_backup_finish(backup)
    if code == SQLITE_OK { throw .interrupted }
    guard code == SQLITE_DONE, result == SQLITE_OK else {
      let failed = code == SQLITE_DONE ? result : code
      let isOurs = [SQLITE_CORRUPT, SQLITE_NOTADB].contains(failed & 0xFF)
      throw (isOurs ? self : other).failure(failed)
    }
  }
}
