import CEdit
import Glibc

/// The reader's `.editrc`: libedit's own file of key bindings and settings.
enum EditorFile {
  /// The most bytes read of it.
  private static let byteCountMax = 1_024 * 1_024

  /// Lets libedit carry out the file; gives its lines that bind a key, for after our own bindings.
  static func load(into editor: OpaquePointer) -> [String] {
    guard let path, access(path, R_OK) == 0 else { return [] }
    el_source(editor, path)
    guard case .success(let bytes) = TextFile.bytes(of: path, byteCountMax: byteCountMax) else {
      return []
    }
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
      .filter(bindsKey)
  }

  /// Carries those lines out once more.
  static func bindAgain(_ lines: [String], in editor: OpaquePointer) {
    guard let tokenizer = tok_init(nil) else { return }
    defer { tok_end(tokenizer) }
    for line in lines {
      var count: Int32 = 0
      var words: UnsafeMutablePointer<UnsafePointer<CChar>?>?
      tok_reset(tokenizer)
      guard tok_str(tokenizer, line, &count, &words) == 0, let words else { continue }
      el_parse(editor, count, words)
    }
  }

  private static var path: String? {
    if let path = Environment["EDITRC"], !path.isEmpty { return path }
    return Environment["HOME"].map { $0 + "/.editrc" }
  }

  /// Whether a line binds a key, rather than choosing a keymap or listing one.
  private static func bindsKey(_ line: String) -> Bool {
    var words = line.split(whereSeparator: \.isWhitespace)
    guard let first = words.first else { return false }
    let command = first.split(separator: ":").last ?? first
    words.removeFirst()
    return command == "bind" && words.contains { !$0.hasPrefix("-") }
  }
}
