/// Words as they can be typed into a command line.
enum ShellText {
  /// A word as it is where that is safe, else in single quotes.
  static func word(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy { byte in
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
      case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "/"): true
      default: false
      }
    }
    if isPlain, !text.isEmpty { return text }
    // Inside single quotes nothing has a meaning; a single quote itself stands outside.
    let parts = text.split(separator: "'", omittingEmptySubsequences: false)
    return "'" + parts.joined(separator: #"'\''"#) + "'"
  }
}
