import Glibc

/// Temporary files of outputs whose process was killed before it could finish or remove them.
enum Leftovers {
  private static let start = ".rapport-"
  private static let end = ".tmp"
  /// Seconds in which a file was written to that may be another machine's, or another container's,
  /// where its process is not seen from here.
  private static let restSecondsMin = 3_600

  /// The name of a file that this process writes.
  static func name(attempt: Int) -> String { "\(start)\(getpid())-\(attempt)\(end)" }

  /// Removes from a folder the regular files of this user's with such a name whose process is gone
  /// and which have been left alone for an hour. What cannot be removed stays.
  ///
  /// - Parameter now: The time of the folder's file system, seconds since 1970.
  static func remove(from folder: String, now: Int) {
    for name in NearNames.entries(of: folder) ?? [] {
      guard let process = process(of: name), kill(process, 0) != 0, errno == ESRCH else { continue }
      let path = folder + "/" + name
      var status = stat()
      guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
        status.st_uid == geteuid(), status.st_mtim.tv_sec <= now - restSecondsMin
      else { continue }
      unlink(path)
    }
  }

  /// The process that a name tells of; nil for any other name.
  static func process(of name: String) -> pid_t? {
    guard name.hasPrefix(start), name.hasSuffix(end) else { return nil }
    let numbers = name.dropFirst(start.count).dropLast(end.count)
      .split(separator: "-", omittingEmptySubsequences: false)
    guard numbers.count == 2, numbers.allSatisfy({ $0.utf8.allSatisfy { 0x30...0x39 ~= $0 } }),
      let process = pid_t(numbers[0]), process > 0, Int(numbers[1]) != nil
    else { return nil }
    return process
  }
}
