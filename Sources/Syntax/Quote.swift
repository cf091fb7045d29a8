/// The kinds of quote a text may stand in. A text ends with a quote of the kind it began with;
/// doubled, or after a backslash, that quote stands for itself.
enum Quote: UInt8, Sendable {
  /// `"…"`
  case double
  /// `'…'`
  case single
  /// `“…”`, and the habits of other keyboards: `”…”`, `„…“`
  case curlyDouble
  /// `‘…’`, `’…’`, `‚…‘`
  case curlySingle

  /// The quote that begins at `offset`, and its length in bytes.
  static func opening(in bytes: ArraySlice<UInt8>, at offset: Int) -> (quote: Quote, length: Int)? {
    switch bytes[offset] {
    case UInt8(ascii: "\""): return (.double, 1)
    case UInt8(ascii: "'"): return (.single, 1)
    case 0xE2:
      guard offset + 2 < bytes.endIndex, bytes[offset + 1] == 0x80 else { return nil }
      switch bytes[offset + 2] {
      case 0x9C, 0x9D, 0x9E: return (.curlyDouble, 3)
      case 0x98, 0x99, 0x9A: return (.curlySingle, 3)
      default: return nil
      }
    default: return nil
    }
  }

  /// The length in bytes of the quote of this kind that stands at `offset`; 0 when none does.
  func closingLength(in bytes: ArraySlice<UInt8>, at offset: Int) -> Int {
    switch self {
    case .double: return bytes[offset] == UInt8(ascii: "\"") ? 1 : 0
    case .single: return bytes[offset] == UInt8(ascii: "'") ? 1 : 0
    case .curlyDouble, .curlySingle:
      guard bytes[offset] == 0xE2, offset + 2 < bytes.endIndex, bytes[offset + 1] == 0x80 else {
        return 0
      }
      let last = bytes[offset + 2]
      let closes =
        self == .curlyDouble ? last == 0x9C || last == 0x9D : last == 0x98 || last == 0x99
      return closes ? 3 : 0
    }
  }

  /// How the quote is written when a missing one is put back.
  var closing: String {
    switch self {
    case .double: "\""
    case .single: "'"
    case .curlyDouble: "”"
    case .curlySingle: "’"
    }
  }

  /// Finds the end of a text whose content begins at `offset`: the offset after its closing quote,
  /// or nil when the bytes end first.
  func end(in bytes: ArraySlice<UInt8>, from offset: Int) -> Int? {
    var offset = offset
    while offset < bytes.endIndex {
      if bytes[offset] == UInt8(ascii: "\\") {
        offset += 2
        continue
      }
      let length = closingLength(in: bytes, at: offset)
      if length == 0 {
        offset += 1
        continue
      }
      let next = offset + length
      guard next < bytes.endIndex, closingLength(in: bytes, at: next) > 0 else { return next }
      offset = next + length
    }
    return nil
  }

  /// The content of a text literal, its quotes included in `bytes`; a missing closing quote is
  /// taken as standing at the end.
  ///
  /// A backslash escapes a quote and itself, and writes `\n`, `\t` and `\r`; before anything else
  /// it stands for itself, so that `matches "\d+"` needs no second one.
  static func content(of bytes: ArraySlice<UInt8>) -> [UInt8] {
    guard let (quote, opening) = opening(in: bytes, at: bytes.startIndex) else { return [] }
    var content: [UInt8] = []
    content.reserveCapacity(bytes.count)
    var offset = bytes.startIndex + opening
    while offset < bytes.endIndex {
      if bytes[offset] == UInt8(ascii: "\\"), offset + 1 < bytes.endIndex {
        offset += appendEscape(in: bytes, at: offset, to: &content)
        continue
      }
      let length = quote.closingLength(in: bytes, at: offset)
      if length == 0 {
        content.append(bytes[offset])
        offset += 1
        continue
      }
      guard offset + length < bytes.endIndex else { break }
      content.append(contentsOf: bytes[offset..<offset + length])
      offset += 2 * length
    }
    return content
  }

  /// Appends what the backslash at `offset` and the byte after it mean; gives the bytes read.
  private static func appendEscape(
    in bytes: ArraySlice<UInt8>, at offset: Int, to content: inout [UInt8]
  ) -> Int {
    let next = bytes[offset + 1]
    switch next {
    case UInt8(ascii: "n"): content.append(0x0A)
    case UInt8(ascii: "t"): content.append(0x09)
    case UInt8(ascii: "r"): content.append(0x0D)
    case UInt8(ascii: "\\"), UInt8(ascii: "\""), UInt8(ascii: "'"): content.append(next)
    default:
      guard let (_, length) = opening(in: bytes, at: offset + 1) else {
        content.append(bytes[offset])
        content.append(next)
        return 2
      }
      content.append(contentsOf: bytes[offset + 1..<offset + 1 + length])
      return 1 + length
    }
    return 2
  }
}
