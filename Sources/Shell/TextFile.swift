import Glibc

/// Reads a whole file of text: a script or the history.
enum TextFile {
  /// Why a file cannot be read.
  enum Problem: Error, Hashable {
    case notFound
    case isFolder
    case isTooLarge
    case interrupted
    /// The system's words.
    case system(String)
  }

  /// The bytes of the file at `path`, which may be a pipe.
  static func bytes(of path: String, byteCountMax: Int) -> Result<[UInt8], Problem> {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else {
      return .failure(errno == ENOENT || errno == ENOTDIR ? .notFound : .system(lastProblem()))
    }
    defer { _ = close(file) }
    return bytes(ofDescriptor: file, byteCountMax: byteCountMax)
  }

  /// The first bytes of the file at `path`: as many as there are at once, and no more than that.
  static func start(of path: String, byteCount: Int) -> Result<[UInt8], Problem> {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else {
      return .failure(errno == ENOENT || errno == ENOTDIR ? .notFound : .system(lastProblem()))
    }
    defer { _ = close(file) }
    var bytes = [UInt8](repeating: 0, count: byteCount)
    let count = read(file, &bytes, byteCount)
    if count < 0 { return .failure(errno == EISDIR ? .isFolder : .system(lastProblem())) }
    return .success(Array(bytes[..<count]))
  }

  /// The bytes that an open descriptor gives until its end.
  static func bytes(ofDescriptor file: Int32, byteCountMax: Int) -> Result<[UInt8], Problem> {
    var result: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = read(file, &chunk, chunk.count)
      if count == 0 { return .success(result) }
      if count < 0 {
        if errno == EISDIR { return .failure(.isFolder) }
        if errno == EINTR {
          if Signals.wantsStop { return .failure(.interrupted) }
          continue
        }
        return .failure(.system(lastProblem()))
      }
      result += chunk[..<count]
      if result.count > byteCountMax { return .failure(.isTooLarge) }
    }
  }

  /// Whether there is a file of bytes: to open anything else may wait for ever.
  static func isRegular(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  /// The path without links and dots, by which a file is known; as it is where there is none.
  static func realPath(of path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }

  /// The last part of a path.
  static func name(of path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  /// The system's words for the last `errno`.
  static func lastProblem() -> String { problem(errno) }

  /// The system's words for an `errno`.
  static func problem(_ code: Int32) -> String {
    guard let words = strerror(code) else { return "error \(code)" }
    return String(cString: words).lowercased()
  }
}
