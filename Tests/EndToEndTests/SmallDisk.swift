import Glibc
import TestSupport

/// A disk of one mebibyte, gone with this object. Where nothing may be mounted, which is said aloud, a
/// folder takes its place in which the programs it runs write no file beyond half a mebibyte.
final class SmallDisk {
  /// Where it is mounted.
  let path: String
  private let isMounted: Bool
  private let folder: TemporaryFolder

  /// Mounts the disk; nil when not even its folder can be made.
  init?() {
    guard let folder = TemporaryFolder() else { return nil }
    self.folder = folder
    path = folder.path + "/disk"
    guard mkdir(path, 0o755) == 0 else { return nil }
    let mounting = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", path]
    isMounted = ChildProcess.run("/usr/bin/env", mounting)?.status == 0
    if !isMounted { print("no disk can be mounted here: files of at most 512 KiB take its place") }
  }

  deinit {
    if isMounted { _ = ChildProcess.run("/usr/bin/env", ["umount", "-l", path]) }
  }

  /// The names on it, sorted.
  var names: [String] { folder.names(in: "disk") }

  /// Runs a program that may write to it.
  func run(_ program: String, _ words: [String]) -> ChildProcess.Result? {
    isMounted
      ? ChildProcess.run(program, words)
      : ChildProcess.run("/bin/bash", ["-c", "ulimit -f 512; exec \"$0\" \"$@\"", program] + words)
  }
}
