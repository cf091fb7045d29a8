/// What is written on a terminal as plain text.
enum PlainText {
  /// The text without the escapes that `Style` and drawings put into it; those of data have been made
  /// visible before.
  static func withoutStyles(_ text: String) -> String {
    guard text.utf8.contains(0x1B) else { return text }
    var result: [UInt8] = []
    var isInEscape = false
    for byte in text.utf8 {
      if isInEscape {
        if byte == UInt8(ascii: "m") { isInEscape = false }
      } else if byte == 0x1B {
        isInEscape = true
      } else {
        result.append(byte)
      }
    }
    return String(decoding: result, as: UTF8.self)
  }
}
