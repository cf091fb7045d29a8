import Glibc
import Store

/// Where the bytes of an answer go.
package protocol ByteSink: AnyObject {
  /// Writes all of the bytes.
  func write(_ bytes: UnsafeRawBufferPointer) throws(StoreError)

  /// Makes what was written last; called once, after the last byte.
  func finish() throws(StoreError)
}

/// An open file descriptor, such as standard output: not closed, not made durable.
package final class DescriptorSink: ByteSink {
  private let descriptor: Int32
  private let name: String

  /// Makes a sink; `name` stands in messages.
  package init(_ descriptor: Int32, name: String) {
    self.descriptor = descriptor
    self.name = name
  }

  /// Writes all of the bytes. Whoever reads a broken pipe wants no more: `broken-pipe`.
  package func write(_ bytes: UnsafeRawBufferPointer) throws(StoreError) {
    try writeAll(bytes, to: descriptor, path: name)
  }

  /// Does nothing: the descriptor belongs to the caller.
  package func finish() throws(StoreError) {}
}

/// A file that appears, whole, when it is finished: written under another name in the same folder,
/// made durable and renamed. Without `finish` nothing is left behind.
///
/// What is not an ordinary file, such as `/dev/null` or a FIFO, is written directly, and so is a
/// stream of this process, such as `/dev/stdout`.
package final class FileSink: ByteSink {
  private let path: String
  private let isReplacing: Bool
  private var target: String
  /// Where the bytes go until it is finished.
  package private(set) var descriptor: Int32 = -1
  /// The name the bytes have until they are finished; nil when they are written directly.
  private(set) var temporary: String?

  /// Opens the temporary file. `isReplacing` says that a file may exist at the end.
  package init(path: String, isReplacing: Bool) throws(StoreError) {
    self.path = path
    self.isReplacing = isReplacing
    target = path
    if let stream = Self.stream(path) {
      descriptor = dup(stream)
      guard descriptor >= 0 else { throw .file(FileRefusal.cannotWrite(errno).problem(path)) }
      return
    }
    var status = stat()
    var mode: mode_t = 0o666
    if stat(path, &status) == 0 {
      switch status.st_mode & S_IFMT {
      case S_IFREG:
        guard isReplacing else { throw .file(FileRefusal.exists.problem(path)) }
        mode = status.st_mode & 0o777
        // A link stays a link: the file it leads to is replaced.
        if let real = realpath(path, nil) {
          target = String(cString: real)
          free(real)
        }
        guard access(target, W_OK) == 0 else {
          throw .file(FileRefusal.cannotWrite(errno).problem(path))
        }
      case S_IFDIR: throw .file(FileRefusal.directory.problem(path))
      default:
        descriptor = open(path, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .file(FileRefusal.cannotWrite(errno).problem(path)) }
        return
      }
    }
    try openTemporary(mode)
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
    if let temporary { unlink(temporary) }
  }

  /// Writes all of the bytes.
  package func write(_ bytes: UnsafeRawBufferPointer) throws(StoreError) {
    try writeAll(bytes, to: descriptor, path: path)
  }

  /// Writes all bytes of a view.
  func write(_ view: ByteView) throws(StoreError) {
    try write(UnsafeRawBufferPointer(start: view.base, count: view.count))
  }

  /// Puts the file in its place.
  package func finish() throws(StoreError) {
    guard let temporary else { return }
    // Some file systems know no fsync; what can be written there is written.
    guard fsync(descriptor) == 0 || errno == EINVAL || errno == ENOTSUP else {
      throw .file(FileRefusal.cannotWrite(errno).problem(path))
    }
    let closed = close(descriptor)
    descriptor = -1
    guard closed == 0 else { throw .file(FileRefusal.cannotWrite(errno).problem(path)) }
    if !isReplacing, link(temporary, target) == 0 {
      unlink(temporary)
    } else {
      if !isReplacing, errno == EEXIST { throw .file(FileRefusal.exists.problem(path)) }
      guard rename(temporary, target) == 0 else {
        throw .file(FileRefusal.cannotWrite(errno).problem(path))
      }
    }
    self.temporary = nil
    Self.makeDurable(Self.folder(of: target))
  }

  /// Makes durable what was put into a folder.
  static func makeDurable(_ path: String) {
    let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if folder >= 0 {
      fsync(folder)
      close(folder)
    }
  }

  private func openTemporary(_ mode: mode_t) throws(StoreError) {
    let folder = Self.folder(of: target)
    for attempt in 0..<100 {
      let name = folder + "/" + Leftovers.name(attempt: attempt)
      descriptor = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
      if descriptor >= 0 {
        if isReplacing, mode != 0o666 { fchmod(descriptor, mode) }
        temporary = name
        var status = stat()
        if fstat(descriptor, &status) == 0 {
          Leftovers.remove(from: folder, now: status.st_mtim.tv_sec)
        }
        return
      }
      if errno != EEXIST { break }
    }
    if errno == ENOENT || errno == ENOTDIR {
      throw .file(FileRefusal.noFolder(folder).problem(path))
    }
    throw .file(FileRefusal.cannotWrite(errno).problem(path))
  }

  /// The stream of this process that a path is a name for: what it has written stays before the rest.
  private static func stream(_ path: String) -> Int32? {
    switch path {
    case "/dev/stdout": STDOUT_FILENO
    case "/dev/stderr": STDERR_FILENO
    default: path.hasPrefix("/dev/fd/") ? Int32(path.dropFirst("/dev/fd/".count)) : nil
    }
  }

  /// The folder of a path.
  static func folder(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: 0x2F) else { return "." }
    return slash == path.utf8.startIndex ? "/" : String(path[..<slash])
  }
}

/// Writes all bytes, however many `write(2)` takes at a time.
private func writeAll(
  _ bytes: UnsafeRawBufferPointer, to descriptor: Int32, path: String
) throws(StoreError) {
  guard let start = bytes.baseAddress else { return }
  var done = 0
  while done < bytes.count {
    let step = Glibc.write(descriptor, start + done, bytes.count - done)
    if step > 0 {
      done += step
      continue
    }
    switch step == 0 ? EIO : errno {
    case EINTR: continue
    case EAGAIN:
      // A terminal or pipe that another program made non-blocking.
      var state = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      poll(&state, 1, 1_000)
      try Cancellation.check()
    case EPIPE: throw .file(FileRefusal.brokenPipe.problem(path))
    case let number: throw .file(FileRefusal.cannotWrite(number).problem(path))
    }
  }
}
