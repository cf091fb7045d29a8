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
  /// The file; nil keeps the history in memory only.
  let path: String?

  /// Reads the file at `path`. What another one holds, which is never written, comes before it.
  init(path: String?, earlier: String? = nil) {
    self.path = path
    let older = earlier.flatMap(Self.read)?.split(separator: "\n").compactMap(Self.decode) ?? []
    let lines = path.flatMap(Self.read)?.split(separator: "\n") ?? []
    let own = lines.suffix(Self.entryCountMax).compactMap(Self.decode)
    entries = Self.newestOfEach(older + own).suffix(Self.entryCountMax)
    if lines.count > 2 * Self.entryCountMax { rewrite(own) }
  }

  /// The entries without those that come again later.
  private static func newestOfEach(_ entries: [String]) -> [String] {
    var seen: Set<[UInt8]> = []
    return entries.reversed().filter { seen.insert(Array($0.utf8)).inserted }.reversed()
  }

  /// The newest entry that begins with `text`, goes on, and passes a test, which few are put to.
  func newest(beginningWith text: String, where isWanted: (String) -> Bool) -> String? {
    let wanted = text.utf8
    return entries.reversed().lazy
      .filter { $0.utf8.count > wanted.count && $0.utf8.starts(with: wanted) }
      .prefix(Self.testedCountMax).first(where: isWanted)
  }

  private static let testedCountMax = 5

  /// Adds an entry, here and at the end of the file, unless it begins with a space, is blank or
  /// repeats the last one. An earlier one that is the same goes.
  func add(_ entry: String) {
    guard let first = entry.first, first != " ", !entry.utf8.contains(0) else { return }
    var trimmed = entry[...]
    while let last = trimmed.last, last.isWhitespace { trimmed.removeLast() }
    guard !trimmed.isEmpty else { return }
    if let last = entries.last, last.utf8.elementsEqual(trimmed.utf8) { return }
    entries.removeAll { $0.utf8.elementsEqual(trimmed.utf8) }
    entries.append(String(trimmed))
    if entries.count > Self.entryCountMax { entries.removeFirst() }
    append(String(trimmed))
  }

  private func append(_ entry: String) {
    guard let path else { return }
    Self.makeFolders(of: path)
    // Nobody may be reading what is a pipe.
    let flags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK
    let file = open(path, flags, 0o600)
    guard file >= 0 else { return }
    defer { _ = close(file) }
    _ = fchmod(file, 0o600)
    let output = Output(descriptor: file)
    output.writeLine(Self.encode(entry))
    output.flush()
  }

  private func rewrite(_ entries: [String]) {
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
    guard TextFile.isRegular(path),
      case .success(let bytes) = TextFile.bytes(of: path, byteCountMax: byteCountMax)
    else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }
}
