import Glibc

/// The folder of the histories: one file for each data file, as what is asked of one store says
/// little to another.
struct HistoryFolder {
  /// What a history belongs to.
  enum Store: Hashable {
    case file(String)
    case demo
    case memory
  }

  /// The folder's path.
  let path: String

  /// Under `$XDG_STATE_HOME/rapport`, else in the home folder; nil where there is neither.
  static var standard: HistoryFolder? {
    Environment.folder("XDG_STATE_HOME", orHome: ".local/state")
      .map { HistoryFolder(path: $0 + "/rapport/history") }
  }

  /// The file of a store's history: a data file's is named after it and its whole path.
  func path(for store: Store) -> String {
    switch store {
    case .demo: return path + "/demo"
    case .memory: return path + "/memory"
    case .file(let file):
      let real = TextFile.realPath(of: file)
      let name = real.split(separator: "/").last.map(String.init) ?? ""
      let hash = String(Self.hash(of: real), radix: 16)
      return "\(path)/\(name.prefix(40))-\(hash)"
    }
  }

  /// What was typed when there was one history for all: every store's begins with it.
  ///
  /// Where the folder is to stand there may still be that one file, which moves into the folder.
  var earlierPath: String {
    let earlier = path + "/earlier"
    let moving = path + ".earlier"
    var status = stat()
    if lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG { _ = rename(path, moving) }
    if access(moving, F_OK) == 0 {
      _ = mkdir(path, 0o700)
      _ = rename(moving, earlier)
    }
    return earlier
  }

  /// FNV-1a of 64 bits.
  private static func hash(of text: String) -> UInt64 {
    text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }
}
