import Syntax

/// A text that statements were read from, so that an error in one can name its line and column.
struct SourceText: Sendable {
  /// What errors call it: a script's path, `-c`, `stdin`; nil at the prompt.
  let name: String?
  /// The whole text, UTF-8.
  let bytes: [UInt8]

  /// Makes a source.
  init(name: String?, _ text: String) {
    self.name = name
    self.bytes = Array(text.utf8)
  }

  /// One line and where a place stands in it.
  struct Place: Hashable {
    /// Counted from 1.
    var line: Int
    /// Counted from 1, in characters.
    var column: Int
    /// The line's bytes, without its line end.
    var lineBytes: Range<Int>
  }

  /// The line and column of a byte offset.
  func place(of offset: Int) -> Place {
    let offset = min(max(0, offset), bytes.count)
    let start = lineStart(at: offset)
    var line = 1
    for byte in bytes[..<start] where byte == 0x0A { line += 1 }
    let before = String(decoding: bytes[start..<offset], as: UTF8.self)
    return Place(
      line: line, column: before.count + 1, lineBytes: start..<lineEnd(at: offset))
  }

  /// The text of a range of bytes.
  func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  /// The text with the replacements made, and the range of its bytes that they now take.
  func applying(_ fixes: [Fix], movedBy base: Int) -> (text: SourceText, changed: Range<Int>)? {
    let fixes = fixes.sorted { $0.range.lowerBound < $1.range.lowerBound }
    guard let first = fixes.first else { return nil }
    var result: [UInt8] = []
    var position = 0
    var end = 0
    for fix in fixes {
      let lower = base + fix.range.lowerBound
      let upper = base + fix.range.upperBound
      guard lower >= position, upper >= lower, upper <= bytes.count else { return nil }
      result += bytes[position..<lower]
      result += fix.replacement.utf8
      end = result.count
      position = upper
    }
    result += bytes[position...]
    let text = SourceText(name: name, String(decoding: result, as: UTF8.self))
    return (text, base + first.range.lowerBound..<end)
  }

  /// The first byte of the line that holds `offset`.
  func lineStart(at offset: Int) -> Int {
    bytes[..<offset].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
  }

  /// The byte after the last one of the line that holds `offset`.
  func lineEnd(at offset: Int) -> Int {
    let end = bytes[offset...].firstIndex(of: 0x0A) ?? bytes.count
    return end > 0 && end > lineStart(at: offset) && bytes[end - 1] == 0x0D ? end - 1 : end
  }
}
