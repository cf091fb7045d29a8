/// How many terminal columns text takes, and text made safe and fitted to them.
///
/// Counts by grapheme: a wide (East-Asian or emoji) grapheme takes two columns, a lone combining
/// mark none.
/// - Source: Unicode Standard Annex #11, East Asian Width, and UTS #51, emoji presentation.
enum DisplayWidth {
  /// Columns of a whole text.
  static func of(_ text: String) -> Int {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.utf8.count }
    return text.reduce(0) { $0 + of($1) }
  }

  /// Columns of one grapheme.
  static func of(_ grapheme: Character) -> Int {
    var width = 0
    for scalar in grapheme.unicodeScalars {
      if scalar.value == 0xFE0F { return 2 }
      width = max(width, of(scalar))
    }
    return width
  }

  /// `text` with `…` in place of what does not fit into `width` columns.
  static func fit(_ text: String, in width: Int) -> String {
    if of(text) <= width { return text }
    var result = ""
    var used = 0
    for grapheme in text {
      let next = of(grapheme)
      if used + next > width - 1 { break }
      result.append(grapheme)
      used += next
    }
    return result + "…"
  }

  /// The end of `text`, with `…` in place of what does not fit before it into `width` columns.
  static func fitEnd(_ text: String, in width: Int) -> String {
    if of(text) <= width { return text }
    var used = 0
    let end = text.reversed().prefix { grapheme in
      used += of(grapheme)
      return used < width
    }
    return "…" + String(end.reversed())
  }

  /// `text` filled with spaces to `width` columns.
  static func pad(_ text: String, to width: Int, isRight: Bool = false) -> String {
    let fill = String(repeating: " ", count: max(0, width - of(text)))
    return isRight ? fill + text : text + fill
  }

  private static func of(_ scalar: Unicode.Scalar) -> Int {
    if scalar.value < 0x300 { return 1 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark: return 0
    case .format: return scalar.value == 0xAD ? 1 : 0
    default: break
    }
    // Vowels and finals of decomposed Hangul join the leading consonant.
    if (0x1160...0x11FF).contains(scalar.value) { return 0 }
    return isWide(scalar.value) ? 2 : 1
  }

  private static func isWide(_ value: UInt32) -> Bool {
    guard value >= 0x1100 else { return false }
    var low = 0
    var high = wideRanges.count
    while low < high {
      let middle = (low + high) / 2
      if wideRanges[middle].upperBound < value { low = middle + 1 } else { high = middle }
    }
    return low < wideRanges.count && wideRanges[low].contains(value)
  }

  private static let wideRanges: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x231A...0x231B, 0x2329...0x232A, 0x23E9...0x23EC, 0x23F0...0x23F0,
    0x23F3...0x23F3, 0x25FD...0x25FE, 0x2614...0x2615, 0x2648...0x2653, 0x267F...0x267F,
    0x2693...0x2693, 0x26A1...0x26A1, 0x26AA...0x26AB, 0x26BD...0x26BE, 0x26C4...0x26C5,
    0x26CE...0x26CE, 0x26D4...0x26D4, 0x26EA...0x26EA, 0x26F2...0x26F3, 0x26F5...0x26F5,
    0x26FA...0x26FA, 0x26FD...0x26FD, 0x2705...0x2705, 0x270A...0x270B, 0x2728...0x2728,
    0x274C...0x274C, 0x274E...0x274E, 0x2753...0x2755, 0x2757...0x2757, 0x2795...0x2797,
    0x27B0...0x27B0, 0x27BF...0x27BF, 0x2B1B...0x2B1C, 0x2B50...0x2B50, 0x2B55...0x2B55,
    0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0xA4CF, 0xA960...0xA97F,
    0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF01...0xFF60,
    0xFFE0...0xFFE6, 0x16FE0...0x18CFF, 0x1AFF0...0x1B2FF, 0x1F004...0x1F004, 0x1F0CF...0x1F0CF,
    0x1F18E...0x1F18E, 0x1F191...0x1F19A, 0x1F1E6...0x1F202, 0x1F210...0x1F23B, 0x1F240...0x1F248,
    0x1F250...0x1F251, 0x1F260...0x1F265, 0x1F300...0x1F320, 0x1F32D...0x1F335, 0x1F337...0x1F37C,
    0x1F37E...0x1F393, 0x1F3A0...0x1F3CA, 0x1F3CF...0x1F3D3, 0x1F3E0...0x1F3F0, 0x1F3F4...0x1F3F4,
    0x1F3F8...0x1F43E, 0x1F440...0x1F440, 0x1F442...0x1F4FC, 0x1F4FF...0x1F53D, 0x1F54B...0x1F54E,
    0x1F550...0x1F567, 0x1F57A...0x1F57A, 0x1F595...0x1F596, 0x1F5A4...0x1F5A4, 0x1F5FB...0x1F64F,
    0x1F680...0x1F6C5, 0x1F6CC...0x1F6CC, 0x1F6D0...0x1F6D2, 0x1F6D5...0x1F6D7, 0x1F6DC...0x1F6DF,
    0x1F6EB...0x1F6EC, 0x1F6F4...0x1F6FC, 0x1F7E0...0x1F7EB, 0x1F7F0...0x1F7F0, 0x1F90C...0x1F93A,
    0x1F93C...0x1F945, 0x1F947...0x1F9FF, 0x1FA70...0x1FAFF, 0x20000...0x3FFFD,
  ]
}

/// Text from data made visible: data is hostile input, and a terminal obeys control characters.
enum VisibleText {
  /// The text with every control character as its picture (`␛`), every other invisible or
  /// direction-changing one as `<U+202E>`, and a mark without a letter on a dotted circle.
  static func of(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text }
    var result = String.UnicodeScalarView()
    for (offset, scalar) in text.unicodeScalars.enumerated() {
      switch scalar.value {
      case 0..<0x20: append(0x2400 + scalar.value, to: &result)
      case 0x7F: append(0x2421, to: &result)
      default:
        if isHidden(scalar) {
          result.append(contentsOf: name(of: scalar).unicodeScalars)
        } else {
          if offset == 0, isMark(scalar) { append(0x25CC, to: &result) }
          result.append(scalar)
        }
      }
    }
    return String(result)
  }

  /// The same, with line ends kept: for statements, which may hold several lines.
  static func linesOf(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { of(String($0)) }
      .joined(separator: "\n")
  }

  private static func append(_ value: UInt32, to scalars: inout String.UnicodeScalarView) {
    if let scalar = Unicode.Scalar(value) { scalars.append(scalar) }
  }

  private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    // C1 controls, the soft hyphen, and the joiners that scripts and emoji need.
    case 0x80...0x9F: true
    case 0x200C, 0x200D: false
    case 0x2028, 0x2029: true
    default: scalar.properties.generalCategory == .format
    }
  }

  private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark: true
    default: false
    }
  }

  private static func name(of scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return "<U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits + ">"
  }
}
