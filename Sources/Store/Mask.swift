/// Which rows of a batch are in: one byte a row, 0x80 in, 0 out.
package struct Mask: Sendable, Equatable {
  /// One byte a row of the batch.
  package var bytes: [UInt8]

  /// All rows in, or all out.
  package init(count: Int, isIn: Bool = true) {
    bytes = [UInt8](repeating: isIn ? 0x80 : 0, count: count)
  }

  /// A mask of the given bytes, each 0x80 or 0.
  package init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// In where the value is known.
  package init(knownIn vector: Vector) { bytes = vector.known }

  /// In where the flag is known and 1.
  package init(flags: Vector) {
    guard case .words(let words) = flags.values else { preconditionFailure("a flag is a word") }
    bytes = flags.known
    for i in bytes.indices { bytes[i] &= words[i] != 0 ? 0x80 : 0 }
  }

  /// Rows of the batch, in or out.
  package var count: Int { bytes.count }

  /// Rows in.
  package var countIn: Int {
    // Sums of up to 128 rows fit a byte, so that sixteen rows are added in one instruction.
    let blockLength = 128
    var total = 0
    var start = 0
    let bytes = bytes.span
    while start < bytes.count {
      let block = bytes.extracting(start..<min(start &+ blockLength, bytes.count))
      var sum: UInt8 = 0
      for offset in block.indices { sum &+= block[offset] >> 7 }
      total &+= Int(sum)
      start &+= blockLength
    }
    return total
  }

  /// Whether no row is in.
  package var isNoneIn: Bool {
    var any: UInt8 = 0
    for byte in bytes { any |= byte }
    return any == 0
  }

  /// Whether every row is in.
  package var isAllIn: Bool {
    var all: UInt8 = 0x80
    for byte in bytes { all &= byte }
    return all != 0
  }
}

extension Mask {
  /// Takes one row out.
  package mutating func clear(_ offset: Int) { bytes[offset] = 0 }

  /// Keeps the rows that are in `other` too.
  package mutating func formAnd(_ other: Mask) {
    precondition(count == other.count, "masks of one batch have one length")
    for i in bytes.indices { bytes[i] &= other.bytes[i] }
  }

  /// Adds the rows that are in `other`.
  package mutating func formOr(_ other: Mask) {
    precondition(count == other.count, "masks of one batch have one length")
    for i in bytes.indices { bytes[i] |= other.bytes[i] }
  }

  /// Takes out the rows that are in `other`.
  package mutating func subtract(_ other: Mask) {
    precondition(count == other.count, "masks of one batch have one length")
    for i in bytes.indices { bytes[i] &= ~other.bytes[i] }
  }

  /// The rows of `whole` that are not in this mask.
  package func inverted(within whole: Mask) -> Mask {
    var result = whole
    result.subtract(self)
    return result
  }

  /// The offsets of the rows in, ascending.
  ///
  /// Eight rows that are all out or all in are seen at once.
  package var offsets: [Int32] {
    let bytes = bytes.span
    let count = bytes.count
    var result = [Int32](repeating: 0, count: count)
    let length = Self.write(bytes, to: result.mutableSpan)
    result.removeLast(count &- length)
    return result
  }

  /// Writes the offsets of the rows that are in; says how many.
  private static func write(
    _ bytes: Span<UInt8>, to offsets: consuming MutableSpan<Int32>
  ) -> Int {
    var length = 0
    var start = 0
    while start &+ 8 <= bytes.count {
      let eight = bytes.extracting(start..<start &+ 8)
      // Eight bytes that are read as one word, each 0x80 or 0.
      var word: UInt64 = 0
      for i in 0..<8 { word |= UInt64(eight[i]) &<< UInt64(8 &* i) }
      if word == 0x8080_8080_8080_8080 {
        for i in 0..<8 { offsets[length &+ i] = Int32(truncatingIfNeeded: start &+ i) }
        length &+= 8
      } else {
        while word != 0 {
          offsets[length] = Int32(truncatingIfNeeded: start &+ word.trailingZeroBitCount &>> 3)
          length &+= 1
          word &= word &- 1
        }
      }
      start &+= 8
    }
    while start < bytes.count {
      if bytes[start] != 0 {
        offsets[length] = Int32(truncatingIfNeeded: start)
        length &+= 1
      }
      start &+= 1
    }
    return length
  }
}
