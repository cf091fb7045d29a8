/// Case folding: each capital becomes its small letter where Unicode's simple mappings lead both
/// ways (A–Z, Å, É, Ж; not ß ẞ İ K ſ), and nothing else changes. Never normalises.
///
/// No character outside ASCII folds into ASCII, so ASCII text needs no table and a search for an
/// ASCII word may run over any text's bytes.
package enum Folding {
  /// The folded text.
  package static func fold(_ text: String) -> String {
    var folded: [UInt8] = []
    fold(text.utf8.span, into: &folded)
    return String(decoding: folded, as: UTF8.self)
  }

  /// Adds the folded text at the end of `result`.
  package static func fold(_ bytes: Span<UInt8>, into result: inout [UInt8]) {
    map(bytes, into: &result, firstCapital: UInt8(ascii: "A"), pairs: { pairs.small(of: $0) })
  }

  /// Adds the text in capitals, by the same pairs, at the end of `result`.
  package static func raise(_ bytes: Span<UInt8>, into result: inout [UInt8]) {
    map(bytes, into: &result, firstCapital: UInt8(ascii: "a"), pairs: { pairs.capital(of: $0) })
  }

  /// Whether two texts are equal once folded.
  package static func foldedEqual(_ a: Span<UInt8>, _ b: Span<UInt8>) -> Bool {
    var (i, j) = (0, 0)
    while i < a.count, j < b.count {
      if a[i] < 0x80 || b[j] < 0x80 {
        guard smallLetter(a[i]) == smallLetter(b[j]) else { return false }
        i += 1
        j += 1
      } else {
        let (x, y) = (UTF8Scalar(a, at: i), UTF8Scalar(b, at: j))
        guard x.value == y.value || pairs.small(of: x.value) == pairs.small(of: y.value) else {
          return false
        }
        i += x.byteCount
        j += y.byteCount
      }
    }
    return i == a.count && j == b.count
  }

  /// The small letter of an ASCII capital, else the byte.
  @inline(__always)
  static func smallLetter(_ byte: UInt8) -> UInt8 { byte &- 65 < 26 ? byte | 0x20 : byte }

  /// Whether all bytes are ASCII.
  static func isASCII(_ bytes: Span<UInt8>) -> Bool {
    var all: UInt8 = 0
    for i in bytes.indices { all |= bytes[i] }
    return all < 0x80
  }

  /// Every pair, capital and small letter.
  package static var allPairs: [(capital: UInt32, small: UInt32)] {
    (0..<CasePairs.scalarEnd).compactMap { value in
      let small = pairs.small(of: value)
      return small == value ? nil : (value, small)
    }
  }

  private static let pairs = CasePairs()

  @inline(__always)
  private static func map(
    _ bytes: Span<UInt8>, into result: inout [UInt8], firstCapital: UInt8,
    pairs: (UInt32) -> UInt32
  ) {
    result.reserveCapacity(result.count + bytes.count)
    var i = 0
    while i < bytes.count {
      let byte = bytes[i]
      if byte < 0x80 {
        result.append(byte &- firstCapital < 26 ? byte ^ 0x20 : byte)
        i += 1
        continue
      }
      let scalar = UTF8Scalar(bytes, at: i)
      let mapped = pairs(scalar.value)
      if mapped == scalar.value {
        for offset in 0..<scalar.byteCount { result.append(bytes[i + offset]) }
      } else {
        UTF8Scalar.append(mapped, to: &result)
      }
      i += scalar.byteCount
    }
  }
}

/// The pairs of capital and small letter, in pages of 256 scalars that are only there if they have
/// one.
private struct CasePairs: Sendable {
  /// Above every scalar that has case.
  static let scalarEnd: UInt32 = 0x1_F000
  private var pageOfBlock = [UInt16](repeating: 0, count: Int(scalarEnd >> 8))
  private var smalls = [UInt32](repeating: 0, count: 256)
  private var capitals = [UInt32](repeating: 0, count: 256)

  init() {
    for block in 0..<(Self.scalarEnd >> 8) where !Self.isCaseless(block) {
      for value in (block << 8)..<((block + 1) << 8) {
        guard let capital = Unicode.Scalar(value), capital.properties.changesWhenLowercased,
          let small = Self.single(capital.properties.lowercaseMapping), small != capital,
          Self.simpleCapital(of: small) == capital
        else { continue }
        pair(capital.value, small.value)
      }
    }
  }

  func small(of value: UInt32) -> UInt32 { mapped(value, smalls) }

  func capital(of value: UInt32) -> UInt32 { mapped(value, capitals) }

  private func mapped(_ value: UInt32, _ table: [UInt32]) -> UInt32 {
    guard value < Self.scalarEnd else { return value }
    let entry = table[Int(pageOfBlock[Int(value >> 8)]) << 8 | Int(value & 0xFF)]
    return entry == 0 ? value : entry
  }

  private mutating func pair(_ capital: UInt32, _ small: UInt32) {
    smalls[slot(capital)] = small
    capitals[slot(small)] = capital
  }

  private mutating func slot(_ value: UInt32) -> Int {
    let block = Int(value >> 8)
    if pageOfBlock[block] == 0 {
      pageOfBlock[block] = UInt16(smalls.count >> 8)
      smalls += [UInt32](repeating: 0, count: 256)
      capitals += [UInt32](repeating: 0, count: 256)
    }
    return Int(pageOfBlock[block]) << 8 | Int(value & 0xFF)
  }

  /// The blocks of CJK, Hangul, private use and Tangut: most of the scalars, and without case.
  private static func isCaseless(_ block: UInt32) -> Bool {
    (0x34...0x9F).contains(block) || (0xAC...0xF8).contains(block)
      || (0x170...0x18F).contains(block)
  }

  /// Where the full mapping to capitals is several characters, the one to titles is the simple one
  /// (ᾳ to ᾼ).
  private static func simpleCapital(of small: Unicode.Scalar) -> Unicode.Scalar? {
    single(small.properties.uppercaseMapping) ?? single(small.properties.titlecaseMapping)
  }

  private static func single(_ text: String) -> Unicode.Scalar? {
    text.unicodeScalars.count == 1 ? text.unicodeScalars.first : nil
  }
}

/// One scalar of a UTF-8 text and its length. Bytes that are not UTF-8 count one by one.
struct UTF8Scalar {
  let value: UInt32
  let byteCount: Int

  @inline(__always)
  init(_ bytes: Span<UInt8>, at i: Int) {
    let first = UInt32(bytes[i])
    let left = bytes.count - i
    if first < 0xC0 {
      (value, byteCount) = (first, 1)
    } else if first < 0xE0, left > 1 {
      (value, byteCount) = ((first & 0x1F) << 6 | UInt32(bytes[i + 1] & 0x3F), 2)
    } else if first < 0xF0, left > 2 {
      let middle = UInt32(bytes[i + 1] & 0x3F) << 6
      (value, byteCount) = ((first & 0xF) << 12 | middle | UInt32(bytes[i + 2] & 0x3F), 3)
    } else if left > 3 {
      let middle = UInt32(bytes[i + 1] & 0x3F) << 12 | UInt32(bytes[i + 2] & 0x3F) << 6
      (value, byteCount) = ((first & 0x7) << 18 | middle | UInt32(bytes[i + 3] & 0x3F), 4)
    } else {
      (value, byteCount) = (first, 1)
    }
  }

  /// The scalar that ends before `end`.
  @inline(__always)
  init(_ bytes: Span<UInt8>, before end: Int) {
    var start = end - 1
    while start > 0, end - start < 4, bytes[start] & 0xC0 == 0x80 { start -= 1 }
    self.init(bytes, at: start)
  }

  /// Whether it is a letter or a digit.
  var isLetterOrDigit: Bool {
    if value < 0x80 {
      return (value | 0x20) &- 97 < 26 || value &- 48 < 10
    }
    guard let properties = Unicode.Scalar(value)?.properties else { return false }
    switch properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
      .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .letterNumber, .otherNumber:
      return true
    default: return false
    }
  }

  /// Whether it is white space.
  var isSpace: Bool {
    if value < 0x80 { return value == 32 || value &- 9 < 5 }
    return Unicode.Scalar(value)?.properties.isWhitespace ?? false
  }

  /// Adds a scalar's UTF-8 at the end.
  static func append(_ value: UInt32, to bytes: inout [UInt8]) {
    switch value {
    case ..<0x80: bytes.append(UInt8(value))
    case ..<0x800:
      bytes.append(0xC0 | UInt8(value >> 6))
      bytes.append(0x80 | UInt8(value & 0x3F))
    case ..<0x10000:
      bytes.append(0xE0 | UInt8(value >> 12))
      bytes.append(0x80 | UInt8(value >> 6 & 0x3F))
      bytes.append(0x80 | UInt8(value & 0x3F))
    default:
      bytes.append(0xF0 | UInt8(value >> 18 & 7))
      bytes.append(0x80 | UInt8(value >> 12 & 0x3F))
      bytes.append(0x80 | UInt8(value >> 6 & 0x3F))
      bytes.append(0x80 | UInt8(value & 0x3F))
    }
  }
}
