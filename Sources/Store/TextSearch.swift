/// Searches in the bytes of one text. `needle` is folded; the text may still have ASCII capitals.
enum TextSearch {
  /// Whether the needle stands at `offset`.
  static func isAt(_ offset: Int, in bytes: Span<UInt8>, _ needle: Span<UInt8>) -> Bool {
    guard offset >= 0, offset <= bytes.count - needle.count else { return false }
    for i in needle.indices where Folding.smallLetter(bytes[offset &+ i]) != needle[i] {
      return false
    }
    return true
  }

  /// Whether the needle stands at `offset`, byte for byte.
  static func isAt(_ offset: Int, in bytes: Span<UInt8>, exactly needle: Span<UInt8>) -> Bool {
    guard offset >= 0, offset <= bytes.count - needle.count else { return false }
    for i in needle.indices where bytes[offset &+ i] != needle[i] { return false }
    return true
  }

  /// Where the needle first stands at or after `start`.
  ///
  /// Compares its first and last byte over 16 places at once.
  static func firstOffset(
    of needle: Span<UInt8>, in bytes: Span<UInt8>, from start: Int
  ) -> Int? {
    let length = needle.count
    guard length > 0 else { return start }
    let end = bytes.count &- length &+ 1
    let (first, last) = (needle[0], needle[length &- 1])
    var i = start
    while i &+ 16 <= end {
      let heads = bytes.extracting(i..<i &+ 16)
      let tails = bytes.extracting(i &+ length &- 1..<i &+ length &+ 15)
      var hit: UInt8 = 0
      for j in 0..<16 {
        let isFirst = Folding.smallLetter(heads[j]) ^ first
        let isLast = Folding.smallLetter(tails[j]) ^ last
        hit |= isFirst | isLast == 0 ? 1 : 0
      }
      if hit != 0 {
        for place in i..<i &+ 16 where isAt(place, in: bytes, needle) { return place }
      }
      i &+= 16
    }
    while i < end {
      if Folding.smallLetter(bytes[i]) == first, isAt(i, in: bytes, needle) { return i }
      i &+= 1
    }
    return nil
  }

  /// Whether the needle stands somewhere between characters that are not letters or digits.
  static func hasWord(_ needle: Span<UInt8>, in bytes: Span<UInt8>) -> Bool {
    guard needle.count > 0 else { return false }
    var start = 0
    while let offset = firstOffset(of: needle, in: bytes, from: start) {
      let end = offset + needle.count
      let isFreeBefore = offset == 0 || !UTF8Scalar(bytes, before: offset).isLetterOrDigit
      let isFreeAfter = end == bytes.count || !UTF8Scalar(bytes, at: end).isLetterOrDigit
      if isFreeBefore && isFreeAfter { return true }
      start = offset + 1
    }
    return false
  }

  /// Whether the whole text is as the mask says: `*` any run, `?` one character.
  ///
  /// The shortest run is tried first and only the last `*` is ever tried again, which is enough.
  static func isLike(_ mask: Span<UInt8>, _ bytes: Span<UInt8>) -> Bool {
    var (i, m) = (0, 0)
    var star: (mask: Int, text: Int)?
    while i < bytes.count {
      if m < mask.count, mask[m] == UInt8(ascii: "*") {
        m += 1
        star = (m, i)
      } else if m < mask.count, mask[m] == UInt8(ascii: "?") {
        m += 1
        i += UTF8Scalar(bytes, at: i).byteCount
      } else if m < mask.count, Folding.smallLetter(bytes[i]) == mask[m] {
        m += 1
        i += 1
      } else if let last = star {
        i = last.text + UTF8Scalar(bytes, at: last.text).byteCount
        m = last.mask
        star = (m, i)
      } else {
        return false
      }
    }
    while m < mask.count, mask[m] == UInt8(ascii: "*") { m += 1 }
    return m == mask.count
  }
}
