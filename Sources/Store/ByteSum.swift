/// A 64-bit sum of bytes, the same on every machine, that proves them to be what was written.
///
/// Four words at a time go into four lanes, each word by a multiplication folded to 64 bits; what is
/// left of a block is filled with zeros.
/// - Source: the multiply-and-fold of wyhash, Wang Yi, 2019.
package enum ByteSum {
  private static let steps: (UInt64, UInt64, UInt64, UInt64) = (
    0x9E37_79B9_7F4A_7C15, 0xE703_7ED1_A0B4_28DB, 0xA076_1D64_78BD_642F, 0x8EBC_6AF0_9C88_C6E3
  )

  /// The sum of some bytes; different seeds give different sums.
  ///
  /// - Complexity: O(*n*), some 15 GB/s.
  package static func of(_ bytes: RawSpan, seed: UInt64) -> UInt64 {
    bytes.withUnsafeBytes { sum($0, seed) }
  }

  /// The sum of some bytes; different seeds give different sums.
  package static func of(_ bytes: [UInt8], seed: UInt64) -> UInt64 {
    bytes.withUnsafeBytes { sum($0, seed) }
  }

  private static func sum(_ bytes: UnsafeRawBufferPointer, _ seed: UInt64) -> UInt64 {
    let count = bytes.count
    var (a, b, c, d) = (seed ^ steps.0, seed ^ steps.1, seed ^ steps.2, seed ^ steps.3)
    var offset = 0
    while offset &+ 32 <= count {
      a = fold(a ^ word(bytes, offset), steps.1)
      b = fold(b ^ word(bytes, offset &+ 8), steps.2)
      c = fold(c ^ word(bytes, offset &+ 16), steps.3)
      d = fold(d ^ word(bytes, offset &+ 24), steps.0)
      offset &+= 32
    }
    while offset < count {
      var last: UInt64 = 0
      for place in offset..<min(offset + 8, count) {
        last |= UInt64(bytes[place]) << UInt64(8 * (place - offset))
      }
      a = fold(a ^ last, steps.1)
      offset += 8
    }
    let half = fold(a ^ UInt64(truncatingIfNeeded: count), steps.2) ^ fold(b, steps.3)
    return fold(half ^ fold(c, steps.0) ^ (d << 32 | d >> 32), steps.1)
  }

  @inline(__always)
  private static func word(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt64 {
    UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }

  @inline(__always)
  private static func fold(_ a: UInt64, _ b: UInt64) -> UInt64 {
    let product = a.multipliedFullWidth(by: b)
    return product.high ^ product.low
  }
}
