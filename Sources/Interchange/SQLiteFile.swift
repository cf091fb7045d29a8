import CSQLite
import Glibc
import Store

/// A SQLite file of another program, open for reading: it is never written, and nothing is created
/// beside it. All is read in one transaction, so that every table is of one version.
///
/// A file without a log takes part in SQLite's locking, so that a program that writes it waits. A
/// log that its program left behind is folded into a private copy.
final class SQLiteFile {
  /// The path as the user gave it.
  let path: String
  /// What the tables are read through.
  let connection: SQLiteConnection
  private var copy: PrivateCopy?
  /// The file as it was, for one that is read without locks.
  private var unlocked: stat?
  private static let waitMilliseconds: Int32 = 5_000

  /// Opens the file and begins to read.
  /// - Throws: `file` when it is missing, no regular file, no database, damaged, or locked.
  init(_ path: String) throws(StoreError) {
    self.path = path
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw .file(FileRefusal.cannotOpen(errno).problem(path))
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw .file(FileRefusal.directory.problem(path))
    default: throw .file(FileRefusal.device.problem(path))
    }
    guard status.st_size > 0 else { throw .file(FileRefusal.emptyDatabase.problem(path)) }
    let bytes = try FileBytes(path: path, budget: nil)
    guard Self.isDatabase(bytes.view) else {
      throw .file(
        (ForeignFile.refusal(of: bytes.view) ?? FileRefusal.notDatabase).problem(path))
    }
    let hasLog = Self.hasBytes(path + "-wal")
    var parameters = ["mode=ro"]
    var flags = SQLITE_OPEN_READONLY
    var opened = path
    if hasLog, Self.hasBytes(path + "-shm") {
      parameters.append("readonly_shm=1")
    } else if hasLog || Self.hasBytes(path + "-journal"), try !Self.opens(path, parameters) {
      let made = try PrivateCopy(of: path, endings: ["", hasLog ? "-wal" : "-journal"])
      copy = made
      opened = made.path
      parameters = ["mode=rw"]
      flags = SQLITE_OPEN_READWRITE
    } else if Self.hasLogMode(bytes.view) {
      parameters.append("immutable=1")
      unlocked = status
    }
    do throws(SQLiteFailure) {
      connection = try SQLiteConnection(
        uri: SQLiteConnection.uri(opened, parameters), flags: flags)
      connection.wait(milliseconds: Self.waitMilliseconds)
      // A schema may name functions; none is run that could do harm.
      try connection.execute("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON")
      try connection.execute("BEGIN; SELECT count(*) FROM sqlite_schema")
    } catch {
      throw Self.refusal(error, path)
    }
  }

  /// Refuses a file that was read without locks and that another program changed meanwhile.
  func checkUnchanged() throws(StoreError) {
    guard let unlocked else { return }
    var now = stat()
    if stat(path, &now) == 0, now.st_ino == unlocked.st_ino, now.st_size == unlocked.st_size,
      now.st_mtim.tv_sec == unlocked.st_mtim.tv_sec,
      now.st_mtim.tv_nsec == unlocked.st_mtim.tv_nsec, !Self.hasBytes(path + "-wal")
    {
      return
    }
    throw .file(FileRefusal.changed.problem(path))
  }

  /// Why the file cannot be read, in words.
  static func refusal(_ failure: SQLiteFailure, _ path: String) -> StoreError {
    let refusal: FileRefusal
    switch failure.plainCode {
    case SQLITE_INTERRUPT: return .interrupted
    case SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_FORMAT: refusal = .damaged(failure.message)
    case SQLITE_BUSY, SQLITE_LOCKED: refusal = .inUse
    case SQLITE_PERM, SQLITE_AUTH: refusal = .cannotOpen(EACCES)
    default: refusal = .sqlite(failure.message)
    }
    return .file(refusal.problem(path))
  }

  /// Whether a file whose program may have been cut off can be read as it is.
  private static func opens(_ path: String, _ parameters: [String]) throws(StoreError) -> Bool {
    guard !hasBytes(path + "-wal") else { return false }
    do throws(SQLiteFailure) {
      let connection = try SQLiteConnection(
        uri: SQLiteConnection.uri(path, parameters), flags: SQLITE_OPEN_READONLY)
      connection.wait(milliseconds: waitMilliseconds)
      try connection.execute("SELECT count(*) FROM sqlite_schema")
      return true
    } catch {
      switch error.plainCode {
      case SQLITE_READONLY, SQLITE_CANTOPEN: return false
      default: throw refusal(error, path)
      }
    }
  }

  private static func hasBytes(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_size > 0
  }
}

extension SQLiteFile {
  /// How many bytes at the beginning say what the file is.
  private static let headerByteCount = 100

  /// Whether a file begins as a SQLite file does.
  static func isDatabase(_ bytes: ByteView) -> Bool {
    bytes.count >= headerByteCount
      && bytes.equals(0..<16, Array("SQLite format 3\0".utf8))
  }

  /// Whether a SQLite file is a data file of rapport.
  static func isOurs(_ bytes: ByteView) -> Bool {
    bytes.count >= headerByteCount && bytes.equals(68..<72, Array("rapp".utf8))
  }

  /// Whether its last writer used a write-ahead log.
  static func hasLogMode(_ bytes: ByteView) -> Bool {
    bytes.count >= headerByteCount && bytes[18] == 2
  }
}

/// A copy of a database and its log in a folder of its own, gone with the object.
private final class PrivateCopy {
  /// The copied database.
  let path: String
  private let folder: String

  init(of source: String, endings: [String]) throws(StoreError) {
    let temporary = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(temporary)/rapport-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      throw .file(FileRefusal.cannotRead(errno).problem(source))
    }
    folder = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    path = folder + "/copy.db"
    for ending in endings {
      let bytes = try FileBytes(path: source + ending, budget: nil)
      let sink = try FileSink(path: path + ending, isReplacing: false)
      try sink.write(bytes.view)
      try bytes.checkUnchanged()
      try sink.finish()
    }
  }

  deinit {
    for ending in ["", "-wal", "-shm", "-journal"] { unlink(path + ending) }
    rmdir(folder)
  }
}
