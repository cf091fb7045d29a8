import Syntax

/// The statements of a text, and the dot-commands between them.
struct Statements {
  /// One of them.
  enum Part: Hashable {
    /// The bytes of a statement.
    case statement(Range<Int>)
    /// The bytes of a dot-command's line.
    case command(Range<Int>)
  }

  /// In the order of the text.
  let parts: [Part]

  /// Splits a text: at lines that are dot-commands, and between them at statement ends.
  init(of source: SourceText) {
    var parts: [Part] = []
    var start = 0
    var line = 0
    let bytes = source.bytes
    func close(before end: Int) {
      parts += Self.statements(in: bytes[start..<end]).map { .statement($0) }
    }
    while line < bytes.count {
      let next = bytes[line...].firstIndex(of: 0x0A).map { $0 + 1 } ?? bytes.count
      if LineEvent.isCommand(String(decoding: bytes[line..<min(next, line + 8)], as: UTF8.self)) {
        close(before: line)
        parts.append(.command(line..<source.lineEnd(at: line)))
        start = next
      }
      line = next
    }
    close(before: bytes.count)
    self.parts = parts
  }

  /// Whether Enter runs `text`: its last statement is complete.
  static func isComplete(_ text: String) -> Bool { true }

  private static func statements(in bytes: ArraySlice<UInt8>) -> [Range<Int>] {
    var parts: [Range<Int>] = []
    for line in bytes.split(separator: 0x0A) { parts.append(line.startIndex..<line.endIndex) }
    return parts
  }
}
