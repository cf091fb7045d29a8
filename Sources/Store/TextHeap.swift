import Glibc

/// Texts one after the other in one run of bytes, at most 4 GiB of them.
final class TextHeap {
  /// Text *i* is `bytes[offsets[i] ..< offsets[i + 1]]`; empty before the first text.
  private(set) var offsets: Memory<UInt32>
  private(set) var bytes: Memory<UInt8>
  /// What stands in place of some of the texts; who reads one as it is now asks `current`.
  var patches = TextPatches()

  /// Makes an empty heap.
  init(budget: Budget) {
    offsets = Memory(budget: budget)
    bytes = Memory(budget: budget)
  }

  /// Texts held.
  var count: Int { max(0, offsets.count - 1) }

  /// The bytes of one text, patches left aside.
  @inline(__always)
  func text(_ index: Int) -> UnsafeBufferPointer<UInt8> {
    let start = Int(offsets.elements[index])
    let end = Int(offsets.elements[index + 1])
    return UnsafeBufferPointer(rebasing: bytes.elements[start..<end])
  }

  /// Makes room for further texts; where so many are expected in all, for them too, if they are as
  /// long as those there are.
  func reserve(count: Int, byteCount: Int, expecting expected: Int = 0) throws(StoreError) {
    guard bytes.count + byteCount <= Int(UInt32.max) else {
      throw .memoryLimit(byteCount: bytes.count + byteCount, limit: Int(UInt32.max))
    }
    try offsets.reserve(offsets.count + count + 1, expecting: expected + 1)
    let byteCountMean = Double(bytes.count + byteCount) / Double(max(1, self.count + count))
    let expectedByteCount = min(Double(UInt32.max), byteCountMean * Double(expected))
    try bytes.reserve(bytes.count + byteCount, expecting: Int(expectedByteCount))
    if offsets.count == 0 { try offsets.append(repeating: 0, count: 1) }
  }

  /// Adds one text.
  func append(_ text: UnsafeBufferPointer<UInt8>) throws(StoreError) {
    try reserve(count: 1, byteCount: text.count)
    try bytes.append(text)
    try offsets.append(repeating: UInt32(bytes.count), count: 1)
  }

  /// Adds all texts of a block; so many are expected in all.
  func append(_ block: TextBlock, expecting expected: Int = 0) throws(StoreError) {
    let byteCount = block.ends.last ?? 0
    try reserve(count: block.count, byteCount: byteCount, expecting: expected)
    let first = bytes.count
    try block.bytes.withUnsafeBufferPointer { source throws(StoreError) in
      try bytes.append(UnsafeBufferPointer(rebasing: source[0..<byteCount]))
    }
    let start = offsets.count
    let target = offsets.elements
    block.ends.withUnsafeBufferPointer { ends in
      for index in 0..<ends.count {
        target[start + index] = UInt32(truncatingIfNeeded: first &+ ends[index])
      }
    }
    offsets.setCount(start + block.count)
  }

  /// Adds a run of another heap's texts, its patches left aside.
  func append(_ other: TextHeap, from start: Int, to end: Int) throws(StoreError) {
    guard start < end else { return }
    let source = other.offsets.elements
    let from = Int(source[start])
    let to = Int(source[end])
    try reserve(count: end - start, byteCount: to - from)
    let place = offsets.count
    let target = offsets.elements
    let shift = UInt32(truncatingIfNeeded: bytes.count) &- source[start]
    for index in 0..<end - start { target[place + index] = source[start + 1 + index] &+ shift }
    try bytes.append(UnsafeBufferPointer(rebasing: other.bytes.elements[from..<to]))
    offsets.setCount(place + end - start)
  }

  /// Adds empty texts.
  func appendEmpty(_ count: Int) throws(StoreError) {
    try reserve(count: count, byteCount: 0)
    try offsets.append(repeating: UInt32(bytes.count), count: count)
  }

  /// Forgets the texts from `count` on.
  func truncate(to count: Int) {
    guard count < self.count else { return }
    for row in patches.rows.rows(in: count..<self.count) { patches[row] = nil }
    bytes.setCount(Int(offsets.elements[count]))
    offsets.setCount(count + 1)
  }

  /// Gives back room that no text uses, but for some more texts of a length as before.
  func trim(leavingRoomFor textCount: Int) {
    offsets.trim(leavingRoomFor: textCount)
    bytes.trim(leavingRoomFor: count == 0 ? 0 : bytes.count / count * textCount)
  }
}

/// A hash of bytes, the same within one run of the program.
/// - Source: the multiply-and-fold of wyhash, Wang Yi, 2019.
@inline(__always)
func hashBytes(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
  guard let start = bytes.baseAddress.map({ UnsafeRawPointer($0) }), bytes.count > 0 else {
    return 0x2D35_8DCC_AA6C_78A5
  }
  let count = bytes.count
  var hash = 0x9E37_79B9_7F4A_7C15 ^ UInt64(truncatingIfNeeded: count)
  var offset = 0
  while offset + 8 < count {
    hash = folded(hash ^ start.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    offset += 8
  }
  let last: UInt64
  if count >= 8 {
    last = start.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self)
  } else if count >= 4 {
    last =
      UInt64(start.loadUnaligned(fromByteOffset: 0, as: UInt32.self)) << 32
      | UInt64(start.loadUnaligned(fromByteOffset: count - 4, as: UInt32.self))
  } else {
    last = UInt64(bytes[0]) << 16 | UInt64(bytes[count >> 1]) << 8 | UInt64(bytes[count - 1])
  }
  return folded(hash ^ last ^ 0xA076_1D64_78BD_642F)
}

/// A hash of one word.
@inline(__always)
func hashWord(_ word: Int64) -> UInt64 {
  folded(UInt64(bitPattern: word) ^ 0x9E37_79B9_7F4A_7C15)
}

/// Whether two texts have the same bytes.
@inline(__always)
func isEqualBytes(_ a: UnsafeBufferPointer<UInt8>, _ b: UnsafeBufferPointer<UInt8>) -> Bool {
  guard a.count == b.count else { return false }
  guard let left = a.baseAddress, let right = b.baseAddress else { return true }
  return memcmp(left, right, a.count) == 0
}

@inline(__always)
private func folded(_ word: UInt64) -> UInt64 {
  let product = word.multipliedFullWidth(by: 0xE703_7ED1_A0B4_28DB)
  return product.high ^ product.low ^ (word >> 32)
}
