import Glibc
import Store

/// A file that appears under its name complete or not at all: written under another name beside it,
/// brought to the disk, and renamed.
struct Replacement {
  let place: Place
  private let isReplacing: Bool
  private let temporary: String

  /// - Throws: `store` when there is a file already and `isReplacing` is false, or something that no
  ///   file may replace.
  init(_ path: String, isReplacing: Bool) throws(StoreError) {
    place = try Place(new: path)
    self.isReplacing = isReplacing
    temporary = place.file + ".tmp-\(getpid())"
    var status = stat()
    guard stat(place.file, &status) == 0 else {
      for file in [place.log, place.journal] where Place.identity(of: file) != nil && !isReplacing {
        throw Refusal.leftover(file).error(path)
      }
      return
    }
    switch status.st_mode & S_IFMT {
    case S_IFDIR: throw Refusal.directory.error(path)
    case S_IFREG: break
    default: throw Refusal.device.error(path)
    }
    if !isReplacing { throw Refusal.exists.error(path) }
  }

  /// Has the file written under another name, and gives it its own.
  func write(_ body: (_ file: String) throws(StoreError) -> Void) throws(StoreError) {
    removeTemporary()
    do throws(StoreError) {
      try body(temporary)
      try sync(temporary, O_RDONLY)
      try putInPlace()
    } catch {
      removeTemporary()
      throw error
    }
    // Whether a name is safe after a crash is the folder's matter.
    try sync(place.folder, O_RDONLY | O_DIRECTORY)
  }

  private func removeTemporary() {
    for ending in ["", "-wal", "-shm", "-journal"] { unlink(temporary + ending) }
  }

  private func sync(_ file: String, _ flags: Int32) throws(StoreError) {
    let descriptor = open(file, flags | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure() }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw failure() }
  }

  private func failure() -> StoreError {
    let isFull = [ENOSPC, EDQUOT, EFBIG].contains(errno)
    return (isFull ? Refusal.diskFull : .cannotWrite(String(cString: strerror(errno))))
      .error(place.path)
  }

  private func putInPlace() throws(StoreError) {
    guard isReplacing else {
      // Unlike a rename a link never takes the place of a file that came meanwhile.
      if link(temporary, place.file) == 0 {
        unlink(temporary)
        return
      }
      if errno == EEXIST { throw Refusal.exists.error(place.path) }
      guard place.identity == nil, rename(temporary, place.file) == 0 else { throw failure() }
      return
    }
    let holder = try hold()
    defer { holder?.close() }
    guard rename(temporary, place.file) == 0 else { throw failure() }
  }

  /// Takes the file that is to be replaced from everybody else and puts its log into it. A log that
  /// stayed would be taken for one of the new file.
  ///
  /// - Returns: What holds it; nil when there is no file, or none of SQLite.
  private func hold() throws(StoreError) -> Connection? {
    guard place.identity != nil else {
      for file in [place.log, place.journal] { unlink(file) }
      return nil
    }
    let holder = try Connection(place.file, as: place.path, .readWrite)
    do throws(StoreError) {
      try holder.run("PRAGMA locking_mode=EXCLUSIVE")
      guard try holder.text("PRAGMA journal_mode=DELETE") != "wal" else {
        throw Refusal.inUse.error(place.path)
      }
      try holder.run("BEGIN EXCLUSIVE")
      return holder
    } catch .store(let problem) where problem.code == "damaged" {
      holder.close()
      for file in [place.log, place.journal, place.file + "-shm"] { unlink(file) }
      return nil
    } catch .store(let problem) where problem.code == "busy" {
      throw Refusal.inUse.error(place.path)
    }
  }
}
