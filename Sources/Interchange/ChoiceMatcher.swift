import Store

/// Finds the choice code that a spelling in a file means, remembering what it found.
///
/// The spellings the user mapped match exactly; a choice's names match exactly, or ignoring case,
/// spaces, hyphens and underscores.
final class ChoiceMatcher {
  private static let slotCount = 512

  private let exact: [[UInt8]: UInt8]
  private let folded: [[UInt8]: UInt8]
  /// What was found before, by a hash of the spelling: where the spelling lies in `memory`, and the
  /// code, -1 for none.
  private var slots = [(start: Int, count: Int, code: Int)](
    repeating: (0, -1, -1), count: slotCount)
  private var memory: [UInt8] = []
  let list: ChoiceList

  /// Makes a matcher.
  init(_ list: ChoiceList, spellings: [String: UInt8]) {
    self.list = list
    exact = Dictionary(
      spellings.map { (Array($0.key.utf8), $0.value) }
        + list.names.enumerated().map { (Array($0.element.utf8), UInt8($0.offset)) },
      uniquingKeysWith: { first, _ in first })
    folded = Dictionary(
      list.names.enumerated().map { (Self.plain($0.element), UInt8($0.offset)) },
      uniquingKeysWith: { first, _ in first })
  }

  /// The code of the cell in `range`, or nil.
  func code(_ bytes: ByteView, _ range: Range<Int>) -> Int64? {
    let slot = Self.hash(bytes, range)
    let known = slots[slot]
    if known.count == range.count {
      var isSame = true
      for offset in 0..<range.count
      where memory[known.start &+ offset] != bytes[range.lowerBound &+ offset] {
        isSame = false
        break
      }
      if isSame { return known.code < 0 ? nil : Int64(known.code) }
    }
    let spelling = bytes.copy(range)
    let code = find(spelling).map(Int.init) ?? -1
    // Long spellings and files of many different ones are not worth remembering.
    if range.count <= 64, memory.count < 65_536 {
      slots[slot] = (memory.count, spelling.count, code)
      memory += spelling
    }
    return code < 0 ? nil : Int64(code)
  }

  /// Names close to a spelling that is none.
  func near(_ spelling: String) -> [String] { NearNames.closest(to: spelling, among: list.names) }

  private func find(_ spelling: [UInt8]) -> UInt8? {
    if let code = exact[spelling] { return code }
    let text = String(decoding: spelling, as: UTF8.self)
    return folded[Self.plain(text)]
  }

  private static func plain(_ name: String) -> [UInt8] {
    let isASCII = name.utf8.allSatisfy { $0 < 0x80 }
    return (isASCII ? name : Folding.fold(name)).utf8
      .filter { $0 != 0x20 && $0 != 0x2D && $0 != 0x5F && $0 != 0x09 }
      .map { $0 >= 0x41 && $0 <= 0x5A ? $0 + 0x20 : $0 }
  }

  @inline(__always)
  private static func hash(_ bytes: ByteView, _ range: Range<Int>) -> Int {
    let count = UInt64(range.count)
    var word = bytes.word(at: range.lowerBound)
    if count < 8 { word &= (1 &<< (count &* 8)) &- 1 }
    let last = count == 0 ? 0 : UInt64(bytes[range.upperBound &- 1])
    let mixed = (word &+ last &<< 56 &+ count) &* 0x9E37_79B9_7F4A_7C15
    return Int(truncatingIfNeeded: mixed &>> 55)
  }
}
