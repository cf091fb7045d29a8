import Glibc
import Store
import Syntax

// The open data file is no file of another program.

extension Session {
  /// Refuses to read or write the open data file as a file of another kind.
  ///
  /// Opening a file a second time and closing it would drop the locks by which SQLite keeps other
  /// programs off.
  func refuseOwnFile(
    _ path: String, in folder: String?, at range: SourceRange
  ) throws(Failure) {
    guard isOwnFile(path, in: folder) else { return }
    throw Failure(
      .file(
        FileProblem(
          code: "file-is-data-file", path: path,
          message: "'\(path)' is the data file that is open")), at: range)
  }

  /// Whether a path leads to the open data file, however it is spelled.
  func isOwnFile(_ path: String, in folder: String?) -> Bool {
    guard let file else { return false }
    let isRelative = !path.hasPrefix("/") && folder?.isEmpty == false
    var own = stat()
    var other = stat()
    return stat(file.path, &own) == 0
      && stat(isRelative ? "\(folder ?? "")/\(path)" : path, &other) == 0
      && own.st_dev == other.st_dev && own.st_ino == other.st_ino
  }
}
