import FoundationEssentials
import Glibc
import Store

/// Where a file lies, and which file that is. Looks at names only and never opens anything: a pipe
/// would block, and closing a SQLite file of our own would drop its locks.
struct Place {
  /// The path as the user gave it.
  let path: String
  /// The absolute path, links followed.
  let file: String

  /// What tells a file from another one in its place, and from an older state of itself.
  struct Identity: Equatable {
    let device: UInt64
    let inode: UInt64
    let byteCount: Int64
    let seconds: Int
    let nanoseconds: Int

    /// Whether it is the same file, changed or not.
    func isSameFile(as other: Identity) -> Bool {
      device == other.device && inode == other.inode
    }
  }

  /// The place of a data file that is there.
  ///
  /// - Throws: `store` for a path that leads to no file, or to none that could be a data file.
  init(existing path: String) throws(StoreError) {
    self.path = path
    var status = stat()
    guard !path.isEmpty, !path.utf8.contains(0) else { throw Refusal.notFound.error(path) }
    guard stat(path, &status) == 0, let file = Self.resolved(path) else {
      throw Self.refusal(errno).error(path)
    }
    self.file = file
    switch status.st_mode & S_IFMT {
    case S_IFDIR: throw Refusal.directory.error(path)
    case S_IFREG: break
    default: throw Refusal.device.error(path)
    }
    if status.st_size == 0 { throw Refusal.empty.error(path) }
  }

  /// The place of a file that is to be written; its folder has to be there.
  init(new path: String) throws(StoreError) {
    self.path = path
    guard !path.isEmpty, !path.utf8.contains(0) else { throw Refusal.notFound.error(path) }
    if let file = Self.resolved(path) {
      self.file = file
      return
    }
    let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
    let folder = slash.map { String(path[...$0]) } ?? "."
    let name = slash.map { String(path[path.index(after: $0)...]) } ?? path
    guard !name.isEmpty else { throw Refusal.directory.error(path) }
    guard let found = Self.resolved(folder) else { throw Refusal.noFolder(folder).error(path) }
    file = (found == "/" ? "" : found) + "/" + name
  }

  private static func resolved(_ path: String) -> String? {
    guard let found = realpath(path, nil) else { return nil }
    defer { free(found) }
    return String(cString: found)
  }

  private static func refusal(_ number: Int32) -> Refusal {
    switch number {
    case ENOENT, ENOTDIR: .notFound
    case EACCES, EPERM: .notPermitted
    default: .cannotOpen(String(cString: strerror(number)))
    }
  }

  /// The folder it lies in.
  var folder: String {
    let slash = file.utf8.lastIndex(of: UInt8(ascii: "/")) ?? file.startIndex
    return slash == file.startIndex ? "/" : String(file[..<slash])
  }

  /// The log of changes that are not in the file yet.
  var log: String { file + "-wal" }

  /// The old pages of a change that was cut short.
  var journal: String { file + "-journal" }

  /// Which file is there now; nil when none is.
  var identity: Identity? { Self.identity(of: file) }

  /// Whether a log or a journal says more than the file.
  var hasLog: Bool {
    [log, journal].contains { (Self.identity(of: $0)?.byteCount ?? 0) > 0 }
  }

  /// Which file is at a path; nil when none is.
  static func identity(of file: String) -> Identity? {
    var status = stat()
    guard stat(file, &status) == 0 else { return nil }
    return Identity(
      device: UInt64(status.st_dev), inode: UInt64(status.st_ino), byteCount: Int64(status.st_size),
      seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec)
  }
}
