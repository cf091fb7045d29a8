import Glibc

/// The file of `--output`: written beside it and put in its place at the end, so that a run that
/// fails leaves the old file as it was. What is no regular file (a pipe, a device) is written as it is.
final class OutputFile {
  /// Where answers go.
  let output: Output
  private let path: String
  private let temporary: String?

  /// Opens the file; nil, with `errno` set, when it cannot be written.
  init?(path: String) {
    var status = stat()
    let exists = stat(path, &status) == 0
    if exists, status.st_mode & S_IFMT == S_IFDIR {
      errno = EISDIR
      return nil
    }
    let isPlain = !exists || status.st_mode & S_IFMT == S_IFREG
    if isPlain, exists, access(path, W_OK) != 0 { return nil }
    let written = isPlain ? path + ".\(getpid()).part" : path
    guard let output = Output(creating: written) else { return nil }
    self.output = output
    self.path = path
    self.temporary = isPlain ? written : nil
  }

  /// Puts the file in place, or takes it away. Gives what went wrong, in words.
  func finish(isKept: Bool) -> String? {
    output.flush()
    if let problem = output.failure {
      if let temporary { _ = unlink(temporary) }
      return TextFile.problem(problem)
    }
    guard let temporary else { return nil }
    guard isKept else {
      _ = unlink(temporary)
      return nil
    }
    if fsync(output.descriptor) == 0, rename(temporary, path) == 0 { return nil }
    let problem = TextFile.lastProblem()
    _ = unlink(temporary)
    return problem
  }
}
