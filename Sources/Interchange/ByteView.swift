/// Bytes that lie in a `FileBytes` or a `ByteStore`, readable for 32 bytes past their end.
///
/// The byte after the last one is a newline of the file's dialect once that is known, so that a
/// search for the end of a cell always ends. Positions are not checked: whoever holds a view keeps
/// its owner alive and stays inside.
struct ByteView {
  /// The first byte.
  let base: UnsafePointer<UInt8>
  /// Bytes, padding not included.
  let count: Int

  /// The byte at a position.
  @inline(__always)
  subscript(_ position: Int) -> UInt8 { base[position] }

  /// Eight bytes from a position, the first one lowest.
  @inline(__always)
  func word(at position: Int) -> UInt64 {
    UInt64(
      littleEndian: UnsafeRawPointer(base + position).loadUnaligned(as: UInt64.self))
  }

  /// Sixteen bytes from a position.
  @inline(__always)
  func block(at position: Int) -> SIMD16<UInt8> {
    UnsafeRawPointer(base + position).loadUnaligned(as: SIMD16<UInt8>.self)
  }

  /// A copy of some bytes, for messages.
  func copy(_ range: Range<Int>) -> [UInt8] {
    Array(UnsafeBufferPointer(start: base + range.lowerBound, count: range.count))
  }

  /// Some bytes as text.
  func text(_ range: Range<Int>) -> String {
    String(
      decoding: UnsafeBufferPointer(start: base + range.lowerBound, count: range.count),
      as: UTF8.self)
  }

  /// Whether the bytes of `range` are these.
  func equals(_ range: Range<Int>, _ other: [UInt8]) -> Bool {
    guard range.count == other.count else { return false }
    for (offset, byte) in other.enumerated() where base[range.lowerBound + offset] != byte {
      return false
    }
    return true
  }

  /// Whether the bytes of `range` are these.
  func equals(_ range: Range<Int>, _ other: StaticString) -> Bool {
    guard range.count == other.utf8CodeUnitCount else { return false }
    for offset in 0..<range.count
    where base[range.lowerBound + offset] != other.utf8Start[offset] {
      return false
    }
    return true
  }

  /// Whether the bytes of `range` are those of a range of another view.
  @inline(__always)
  func equals(_ range: Range<Int>, _ other: ByteView, _ otherRange: Range<Int>) -> Bool {
    guard range.count == otherRange.count else { return false }
    for offset in 0..<range.count
    where base[range.lowerBound &+ offset] != other.base[otherRange.lowerBound &+ offset] {
      return false
    }
    return true
  }

  /// Whether the bytes of `range` are these capitals or their small letters.
  func equals(_ range: Range<Int>, ignoringCaseOf capitals: StaticString) -> Bool {
    guard range.count == capitals.utf8CodeUnitCount else { return false }
    for offset in 0..<range.count {
      var byte = base[range.lowerBound + offset]
      if byte >= 0x61 && byte <= 0x7A { byte &-= 0x20 }
      if byte != capitals.utf8Start[offset] { return false }
    }
    return true
  }

  /// How many times a byte stands in `range`.
  func count(of byte: UInt8, in range: Range<Int>) -> Int {
    var count = 0
    for position in range { count &+= base[position] == byte ? 1 : 0 }
    return count
  }

  /// The range without spaces and tabs at both ends.
  @inline(__always)
  func trimmed(_ range: Range<Int>) -> Range<Int> {
    var lower = range.lowerBound
    var upper = range.upperBound
    while lower < upper, base[lower] == 0x20 || base[lower] == 0x09 { lower &+= 1 }
    while lower < upper, base[upper - 1] == 0x20 || base[upper - 1] == 0x09 { upper &-= 1 }
    return lower..<upper
  }

  /// The first position from `start` with either byte, one of which must follow.
  @inline(__always)
  func firstPosition(of a: SIMD16<UInt8>, or b: SIMD16<UInt8>, from start: Int) -> Int {
    var position = start
    while true {
      let bytes = block(at: position)
      let words = unsafeBitCast((bytes .== a) .| (bytes .== b), to: SIMD2<UInt64>.self)
      if words.x != 0 { return position &+ words.x.littleEndian.trailingZeroBitCount &>> 3 }
      if words.y != 0 { return position &+ 8 &+ words.y.littleEndian.trailingZeroBitCount &>> 3 }
      position &+= 16
    }
  }

  /// The first position from `start` with a quote, a backslash or a control character, one of which
  /// must follow: where the plain part of a JSON text stops.
  @inline(__always)
  func firstTextStop(from start: Int) -> Int {
    let quotes = SIMD16<UInt8>(repeating: 0x22)
    let backslashes = SIMD16<UInt8>(repeating: 0x5C)
    let spaces = SIMD16<UInt8>(repeating: 0x20)
    var position = start
    while true {
      let bytes = block(at: position)
      let stops = (bytes .== quotes) .| (bytes .== backslashes) .| (bytes .< spaces)
      let words = unsafeBitCast(stops, to: SIMD2<UInt64>.self)
      if words.x != 0 { return position &+ words.x.littleEndian.trailingZeroBitCount &>> 3 }
      if words.y != 0 { return position &+ 8 &+ words.y.littleEndian.trailingZeroBitCount &>> 3 }
      position &+= 16
    }
  }

  /// The first position from `start` with that byte, or nil when it does not come before `end`.
  @inline(__always)
  func firstPosition(of a: SIMD16<UInt8>, from start: Int, before end: Int) -> Int? {
    var position = start
    while position < end {
      let words = unsafeBitCast(block(at: position) .== a, to: SIMD2<UInt64>.self)
      if words.x != 0 || words.y != 0 {
        let found =
          words.x != 0
          ? position &+ words.x.littleEndian.trailingZeroBitCount &>> 3
          : position &+ 8 &+ words.y.littleEndian.trailingZeroBitCount &>> 3
        return found < end ? found : nil
      }
      position &+= 16
    }
    return nil
  }

  /// The first byte from `start` to `end` that is NUL or no part of well-formed UTF-8, or nil.
  ///
  /// A sequence that `end` cuts is followed to its last byte, so that blocks can be checked one
  /// after the other; `resume` is where the next block's check begins.
  /// - Source: The Unicode Standard, table 3-7.
  func firstMalformedPosition(from start: Int, to end: Int, resume: inout Int) -> Int? {
    var position = start
    let zero = SIMD16<UInt8>(repeating: 0)
    while position < end {
      while position &+ 16 <= end {
        let bytes = block(at: position)
        let high = unsafeBitCast(bytes, to: SIMD2<UInt64>.self)
        let zeros = unsafeBitCast(bytes .== zero, to: SIMD2<UInt64>.self)
        if (high.x | high.y) & 0x8080_8080_8080_8080 != 0 || (zeros.x | zeros.y) != 0 { break }
        position &+= 16
      }
      let stop = min(position &+ 16, end)
      while position < stop {
        let length = sequenceLength(at: position)
        if length == 0 { return position }
        position &+= length
      }
    }
    resume = position
    return nil
  }

  /// The length of the well-formed sequence at a position, 0 when there is none or it is NUL.
  @inline(__always)
  private func sequenceLength(at position: Int) -> Int {
    let first = base[position]
    if first < 0x80 { return first == 0 ? 0 : 1 }
    func isTail(_ offset: Int) -> Bool {
      position &+ offset < count && base[position &+ offset] & 0xC0 == 0x80
    }
    guard isTail(1) else { return 0 }
    let second = base[position &+ 1]
    switch first {
    case 0xC2...0xDF: return 2
    case 0xE0: return second >= 0xA0 && isTail(2) ? 3 : 0
    case 0xED: return second <= 0x9F && isTail(2) ? 3 : 0
    case 0xE1...0xEF: return isTail(2) ? 3 : 0
    case 0xF0: return second >= 0x90 && isTail(2) && isTail(3) ? 4 : 0
    case 0xF1...0xF3: return isTail(2) && isTail(3) ? 4 : 0
    case 0xF4: return second <= 0x8F && isTail(2) && isTail(3) ? 4 : 0
    default: return 0
    }
  }
}
