/// How a run ends: the process's exit status.
enum ExitStatus: Int32, Sendable {
  /// Everything ran.
  case success = 0
  /// A statement failed.
  case failed = 1
  /// The command line is wrong.
  case usage = 2
  /// Data cannot be opened, is damaged or busy.
  case data = 3
  /// The last result is empty, and `--fail-if-empty` was given.
  case empty = 4
  /// Stopped by Ctrl-C.
  case interrupted = 130
}
