/// A text test with its fast paths: searches for ASCII words fold case by one bit a byte; every
/// other test asks `TextTest`.
///
/// A letter of ASCII folds with nothing but its other case, so a needle of ASCII bytes is found by
/// looking at bytes alone.
struct HeapSearch: Sendable {
  private enum Form: Sendable {
    case equals
    case contains
    case startsWith
    case endsWith
    /// One of several whole texts.
    case isOneOf([HeapSearch])
    case other
  }

  private let form: Form
  private let test: TextTest
  /// What each byte is after `| spread`.
  private let needle: [UInt8]
  /// 0x20 for a letter, whose cases differ by this bit; 0 for other bytes.
  private let spread: [UInt8]

  /// Prepares the search of a test.
  init(_ test: TextTest) {
    self.test = test
    switch test.kind {
    case .equals(let text) where Self.isASCII(text):
      (form, needle, spread) = Self.folding(.equals, text)
    case .equalsExactly(let text):
      form = .equals
      needle = Array(text.utf8)
      spread = [UInt8](repeating: 0, count: needle.count)
    case .contains(let text) where Self.isASCII(text):
      (form, needle, spread) = Self.folding(.contains, text)
    case .startsWith(let text) where Self.isASCII(text):
      (form, needle, spread) = Self.folding(.startsWith, text)
    case .endsWith(let text) where Self.isASCII(text):
      (form, needle, spread) = Self.folding(.endsWith, text)
    case .isOneOf(let texts) where texts.allSatisfy(Self.isASCII):
      form = .isOneOf(texts.map { HeapSearch(TextTest(.equals($0))) })
      needle = []
      spread = []
    default:
      form = .other
      needle = []
      spread = []
    }
  }

  /// Whether one text passes.
  func passes(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    switch form {
    case .equals: text.count == needle.count && matches(text, at: 0)
    case .startsWith: text.count >= needle.count && matches(text, at: 0)
    case .endsWith: text.count >= needle.count && matches(text, at: text.count - needle.count)
    case .contains: first(in: text, from: 0, to: text.count) != nil
    case .isOneOf(let searches): searches.contains { $0.passes(text) }
    case .other: test.passes(UnsafeRawBufferPointer(text))
    }
  }

  /// Clears in `mask` the texts `base ..< base + mask.count` of a heap that do not pass.
  func keep(
    in heap: TextHeap, from base: Int, mask: UnsafeMutableBufferPointer<UInt8>
  ) {
    guard !heap.patches.isEmpty else { return keepStored(in: heap, from: base, mask: mask) }
    let patched = heap.patches.rows.rows(in: base..<base + mask.count).filter {
      mask[Int($0) - base] != 0
    }
    keepStored(in: heap, from: base, mask: mask)
    for row in patched {
      mask[Int(row) - base] = passes(heap.current(Int(row))) ? 0x80 : 0
    }
  }

  /// The same for the texts as they stand in the heap, patches left aside.
  private func keepStored(
    in heap: TextHeap, from base: Int, mask: UnsafeMutableBufferPointer<UInt8>
  ) {
    var inCount = 0
    for offset in 0..<mask.count { inCount &+= Int(mask[offset] >> 7) }
    if case .contains = form, needle.count > 0, inCount * 4 >= mask.count {
      return keepContaining(in: heap, from: base, mask: mask)
    }
    if case .equals = form { return keepEqual(in: heap, from: base, mask: mask) }
    if case .startsWith = form { return keepPrefixed(in: heap, from: base, mask: mask) }
    for offset in 0..<mask.count where mask[offset] != 0 {
      if !passes(heap.text(base + offset)) { mask[offset] = 0 }
    }
  }

  /// Looks for the needle in the bytes of all texts at once; a hit that reaches over the end of its
  /// text is none.
  private func keepContaining(
    in heap: TextHeap, from base: Int, mask: UnsafeMutableBufferPointer<UInt8>
  ) {
    let offsets = heap.offsets.elements
    let bytes = UnsafeBufferPointer(heap.bytes.elements)
    var position = Int(offsets[base])
    let end = Int(offsets[base + mask.count])
    var cleared = 0
    var row = 0
    while let hit = first(in: bytes, from: position, to: end) {
      while Int(offsets[base + row + 1]) <= hit { row += 1 }
      let textEnd = Int(offsets[base + row + 1])
      if hit + needle.count > textEnd {
        position = hit + 1
        continue
      }
      while cleared < row {
        mask[cleared] = 0
        cleared += 1
      }
      cleared = row + 1
      position = textEnd
    }
    while cleared < mask.count {
      mask[cleared] = 0
      cleared += 1
    }
  }

  /// Compares the first eight bytes of each text at once: behind the last text that many can be read.
  private func keepPrefixed(
    in heap: TextHeap, from base: Int, mask: UnsafeMutableBufferPointer<UInt8>
  ) {
    guard let bytes = UnsafeRawPointer(heap.bytes.elements.baseAddress) else {
      if !needle.isEmpty { mask.update(repeating: 0) }
      return
    }
    let offsets = heap.offsets.elements
    let length = UInt32(truncatingIfNeeded: needle.count)
    let head = Self.word(needle)
    let spread = Self.word(self.spread)
    let used = needle.count < 8 ? UInt64(1) << UInt64(8 * needle.count) - 1 : .max
    for offset in 0..<mask.count {
      let start = offsets[base + offset]
      let word = bytes.loadUnaligned(fromByteOffset: Int(start), as: UInt64.self)
      let isHead = ((word | spread) ^ head) & used == 0
      let isLong = offsets[base + offset + 1] &- start >= length
      mask[offset] &= (isHead ? 0x80 : 0) & (isLong ? 0x80 : 0)
    }
    guard needle.count > 8 else { return }
    for offset in 0..<mask.count where mask[offset] != 0 {
      if !passes(heap.text(base + offset)) { mask[offset] = 0 }
    }
  }

  /// The first eight bytes of a list as they lie in memory, zeros behind its end.
  private static func word(_ bytes: [UInt8]) -> UInt64 {
    var word: UInt64 = 0
    for (place, byte) in bytes.prefix(8).enumerated() { word |= UInt64(byte) << UInt64(8 * place) }
    return UInt64(littleEndian: word)
  }

  private func keepEqual(
    in heap: TextHeap, from base: Int, mask: UnsafeMutableBufferPointer<UInt8>
  ) {
    let offsets = heap.offsets.elements
    let length = UInt32(truncatingIfNeeded: needle.count)
    for offset in 0..<mask.count {
      let isLength = offsets[base + offset + 1] &- offsets[base + offset] == length
      mask[offset] &= isLength ? 0x80 : 0
    }
    for offset in 0..<mask.count where mask[offset] != 0 {
      if !matches(heap.text(base + offset), at: 0) { mask[offset] = 0 }
    }
  }

  /// The first place of the needle in a range of bytes, behind which 64 more can be read.
  ///
  /// Compares first and last byte of sixteen places at once and looks closer where both agree.
  /// - Source: Muła: SIMD-friendly algorithms for substring searching, 2016.
  private func first(
    in bytes: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int
  ) -> Int? {
    guard needle.count > 0 else { return start }
    guard let base = bytes.baseAddress, end - start >= needle.count else { return nil }
    let last = needle.count - 1
    let firstByte = SIMD16<UInt8>(repeating: needle[0])
    let firstSpread = SIMD16<UInt8>(repeating: spread[0])
    let lastByte = SIMD16<UInt8>(repeating: needle[last])
    let lastSpread = SIMD16<UInt8>(repeating: spread[last])
    let raw = UnsafeRawPointer(base)
    let stop = end - last
    var position = start
    while position < stop {
      let head = raw.loadUnaligned(fromByteOffset: position, as: SIMD16<UInt8>.self)
      let tail = raw.loadUnaligned(fromByteOffset: position + last, as: SIMD16<UInt8>.self)
      let equal = ((head | firstSpread) .== firstByte) .& ((tail | lastSpread) .== lastByte)
      let words = unsafeBitCast(equal, to: SIMD2<UInt64>.self)
      let (low, high) = (words.x, words.y)
      if low | high != 0 {
        var (hits, offset) = (low & 0x8080_8080_8080_8080, 0)
        if hits == 0 { (hits, offset) = (high & 0x8080_8080_8080_8080, 8) }
        while hits != 0 {
          let place = position + offset + hits.trailingZeroBitCount / 8
          guard place < stop else { return nil }
          if matches(bytes, at: place) { return place }
          hits &= hits - 1
          if hits == 0 && offset == 0 { (hits, offset) = (high & 0x8080_8080_8080_8080, 8) }
        }
      }
      position += 16
    }
    return nil
  }

  @inline(__always)
  private func matches(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int) -> Bool {
    var difference: UInt8 = 0
    for offset in 0..<needle.count {
      difference |= (bytes[start + offset] | spread[offset]) ^ needle[offset]
    }
    return difference == 0
  }

  private static func isASCII(_ text: String) -> Bool { text.utf8.allSatisfy { $0 < 0x80 } }

  private static func folding(_ form: Form, _ text: String) -> (Form, [UInt8], [UInt8]) {
    let isLetter = { (byte: UInt8) in (0x61...0x7A).contains(byte | 0x20) }
    return (
      form, text.utf8.map { isLetter($0) ? $0 | 0x20 : $0 },
      text.utf8.map { isLetter($0) ? 0x20 : 0 }
    )
  }
}
