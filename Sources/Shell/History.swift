import Glibc

/// The statements typed before, newest last, in a file that only its owner can read.
///
/// One entry a line, its line ends written `\n` and its backslashes `\\`. A file that is damaged,
/// missing or cannot be written never stops anybody: what can be read is used.
final class History {
  /// The most entries kept.
  static let entryCountMax = 5_000
  /// The most bytes read of a file.
  static let byteCountMax = 16 * 1_024 * 1_024

  /// The entries, newest last.
  private(set) var entries: [String] = []
  private let path: String?

  /// Reads the file at `path`; nil keeps the history in memory only.
  init(path: String?) {
    self.path = path
    guard let path, let text = Self.read(path) else { return }
    let lines = text.split(separator: "\n")
    entries = lines.suffix(Self.entryCountMax).compactMap(Self.decode)
    if lines.count > 2 * Self.entryCountMax { rewrite() }
  }

  /// Where the history is kept: `$XDG_STATE_HOME/rapport/history`, else under the home folder.
  static var defaultPath: String? {
    if let state = Environment["XDG_STATE_HOME"], state.hasPrefix("/") {
      return state + "/rapport/history"
    }
    guard let home = Environment["HOME"], home.hasPrefix("/") else { return nil }
    return home + "/.local/state/rapport/history"
  }

  /// Adds an entry, here and at the end of the file, unless it begins with a space, is blank or
  /// repeats the last one.
  func add(_ entry: String) {
    guard let first = entry.first, first != " ", !entry.utf8.contains(0) else { return }
    var trimmed = entry[...]
    while let last = trimmed.last, last.isWhitespace { trimmed.removeLast() }
    guard !trimmed.isEmpty else { return }
    if let last = entries.last, last.utf8.elementsEqual(trimmed.utf8) { return }
    entries.append(String(trimmed))
    if entries.count > Self.entryCountMax { entries.removeFirst() }
    append(String(trimmed))
  }

  private func append(_ entry: String) {
    guard let path else { return }
    Self.makeFolders(of: path)
    let file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard file >= 0 else { return }
    defer { _ = close(file) }
    _ = fchmod(file, 0o600)
    let output = Output(descriptor: file)
    output.writeLine(Self.encode(entry))
    output.flush()
  }

  private func rewrite() {
    guard let path else { return }
    let temporary = path + ".new"
    let file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard file >= 0 else { return }
    let output = Output(descriptor: file)
    for entry in entries { output.writeLine(Self.encode(entry)) }
    output.flush()
    _ = close(file)
    if output.failure == nil { _ = rename(temporary, path) } else { _ = unlink(temporary) }
  }

  static func encode(_ entry: String) -> String {
    var result = ""
    for scalar in entry.unicodeScalars {
      switch scalar {
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// The entry on one line of the file; nil when the line holds none.
  static func decode(_ line: some StringProtocol) -> String? {
    var result = String.UnicodeScalarView()
    var isEscaped = false
    for scalar in line.unicodeScalars {
      if scalar.value == 0 { return nil }
      if isEscaped {
        switch scalar {
        case "n": result.append("\n")
        case "r": result.append("\r")
        default: result.append(scalar)
        }
        isEscaped = false
      } else if scalar == "\\" {
        isEscaped = true
      } else {
        result.append(scalar)
      }
    }
    return result.isEmpty ? nil : String(result)
  }

  /// Makes the folders that a path goes through.
  static func makeFolders(of path: String) {
    var folder = ""
    for part in path.split(separator: "/").dropLast() {
      folder += "/" + part
      _ = mkdir(folder, 0o700)
    }
  }

  private static func read(_ path: String) -> String? {
    guard case .success(let bytes) = TextFile.bytes(of: path, byteCountMax: byteCountMax) else {
      return nil
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
