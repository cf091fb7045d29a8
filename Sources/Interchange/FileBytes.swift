import Glibc
import Store

/// A file's bytes in memory: mapped when it is a regular file, read to its end when it is a pipe.
final class FileBytes {
  /// What `-` names in place of a path.
  static let standardInput = "-"
  private static let readByteCount = 1_048_576

  /// The bytes.
  private(set) var view: ByteView
  /// The path as the user gave it.
  let path: String
  private var region: UnsafeMutableRawPointer?
  private var regionByteCount = 0
  private var store: ByteStore?
  private var mapped: stat?

  /// Opens and maps or reads the file.
  /// - Throws: `file` when it is missing (with near names), a directory, a device or unreadable.
  init(path: String, budget: Budget?) throws(StoreError) {
    self.path = path
    view = ByteView(base: UnsafePointer(Self.nothing), count: 0)
    if path == Self.standardInput {
      try read(STDIN_FILENO, budget)
      return
    }
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw .file(FileRefusal.cannotOpen(errno).problem(path))
    }
    switch status.st_mode & S_IFMT {
    case S_IFDIR: throw .file(FileRefusal.directory.problem(path))
    case S_IFCHR, S_IFBLK, S_IFSOCK: throw .file(FileRefusal.device.problem(path))
    default: break
    }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .file(FileRefusal.cannotOpen(errno).problem(path)) }
    defer { close(descriptor) }
    guard fstat(descriptor, &status) == 0 else {
      throw .file(FileRefusal.cannotRead(errno).problem(path))
    }
    if status.st_mode & S_IFMT == S_IFREG && status.st_size > 0 {
      try map(descriptor, byteCount: Int(status.st_size))
      mapped = status
    } else {
      try read(descriptor, budget)
    }
  }

  deinit {
    if let region { munmap(region, regionByteCount) }
  }

  /// Replaces the bytes by those of a store, as after decoding.
  func replace(with store: ByteStore) {
    self.store = store
    view = store.view
  }

  /// Writes the newline that ends every search behind the last byte.
  func terminate(with newline: UInt8) {
    if let store {
      store.terminate(with: newline)
    } else if let region {
      region.storeBytes(of: newline, toByteOffset: view.count, as: UInt8.self)
    }
  }

  /// Refuses a file that another program changed since it was opened.
  func checkUnchanged() throws(StoreError) {
    guard let mapped else { return }
    var now = stat()
    if stat(path, &now) == 0, now.st_ino == mapped.st_ino,
      now.st_size == mapped.st_size, now.st_mtim.tv_sec == mapped.st_mtim.tv_sec,
      now.st_mtim.tv_nsec == mapped.st_mtim.tv_nsec
    {
      return
    }
    throw .file(FileRefusal.changed.problem(path))
  }

  /// Maps the file over a larger empty region, so that there is readable memory behind its end.
  private func map(_ descriptor: Int32, byteCount: Int) throws(StoreError) {
    let pageByteCount = Int(sysconf(Int32(_SC_PAGESIZE)))
    let pageCount = (byteCount + pageByteCount - 1) / pageByteCount + 1
    let protection = PROT_READ | PROT_WRITE
    guard
      let region = mmap(
        nil, pageCount * pageByteCount, protection, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
        -1, 0),
      region != MAP_FAILED
    else { throw .file(FileRefusal.cannotRead(errno).problem(path)) }
    self.region = region
    regionByteCount = pageCount * pageByteCount
    let flags = MAP_PRIVATE | MAP_FIXED | MAP_NORESERVE
    guard mmap(region, byteCount, protection, flags, descriptor, 0) != MAP_FAILED else {
      throw .file(FileRefusal.cannotRead(errno).problem(path))
    }
    madvise(region, byteCount, MADV_SEQUENTIAL)
    madvise(region, byteCount, MADV_WILLNEED)
    view = ByteView(
      base: UnsafePointer(region.assumingMemoryBound(to: UInt8.self)), count: byteCount)
  }

  private func read(_ descriptor: Int32, _ budget: Budget?) throws(StoreError) {
    let store = ByteStore(budget: budget)
    while true {
      try Cancellation.check()
      var failure: Int32 = 0
      let got = try store.append(upTo: Self.readByteCount) { place, size in
        let got = Glibc.read(descriptor, place, size)
        if got < 0 { failure = errno }
        return got
      }
      if got == 0 { break }
      if got < 0 && failure != EINTR {
        throw .file(FileRefusal.cannotRead(failure).problem(path))
      }
    }
    replace(with: store)
  }

  /// Readable memory for the view of no bytes.
  private nonisolated(unsafe) static let nothing: UnsafeMutablePointer<UInt8> = {
    let bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: 64)
    bytes.initialize(repeating: 0, count: 64)
    return bytes
  }()
}
