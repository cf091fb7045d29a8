/// One bit a row, from the lowest bit of the first byte up: 1 where the value is known.
typealias Validity = Memory<UInt8>

extension Column {
  /// Makes room in the bitmap for `count` more rows, making the bitmap if it is needed now.
  func prepareValidity(adding count: Int, hasUnknown: Bool) throws(StoreError) {
    let byteCount = (rowCount + count + 7) / 8
    let expected = (expectedRowCount + 7) / 8
    if let validity { return try validity.reserve(byteCount, expecting: expected) }
    let isNoneKnown = rowCount > 0 && unknownCount == rowCount
    guard hasUnknown || isNoneKnown else { return }
    let made = Validity(budget: budget)
    try made.reserve(byteCount, expecting: expected)
    try made.append(repeating: isNoneKnown ? 0 : 0xFF, count: (rowCount + 7) / 8)
    validity = made
  }

  /// Sets the bits of the rows to be added: from bytes of 0x80 and 0, or all to known.
  func appendValidity(_ known: UnsafeBufferPointer<UInt8>?, count: Int) {
    guard let validity else { return }
    validity.setCount((rowCount + count + 7) / 8)
    let bits = validity.elements
    var offset = 0
    while offset < count {
      let row = rowCount + offset
      if row & 7 == 0 && offset + 8 <= count {
        if let known {
          let eight = UnsafeRawPointer(known.baseAddress.unsafelyUnwrapped + offset)
            .loadUnaligned(as: UInt64.self)
          bits[row >> 3] = packedBits(eight)
        } else {
          bits[row >> 3] = 0xFF
        }
        offset += 8
        continue
      }
      let bit = UInt8(1) << UInt8(row & 7)
      let isKnown = known.map { $0[offset] != 0 } ?? true
      let below = bits[row >> 3] & (bit &- 1)
      bits[row >> 3] = isKnown ? below | bit : below
      offset += 1
    }
  }

  /// Clears the bits of `count` rows to be added.
  func appendUnknownValidity(_ count: Int) {
    guard let validity else { return }
    let first = (rowCount + 7) / 8
    let end = (rowCount + count + 7) / 8
    validity.setCount(end)
    if rowCount & 7 != 0 { validity.elements[rowCount >> 3] &= (1 << UInt8(rowCount & 7)) &- 1 }
    if first < end {
      UnsafeMutableBufferPointer(rebasing: validity.elements[first..<end]).update(repeating: 0)
    }
  }

  /// Writes 0x80 for each known row of a run and 0 for the others.
  func writeKnown(from base: Int, to known: UnsafeMutableBufferPointer<UInt8>) {
    guard let validity, unknownCount > 0 else {
      known.update(repeating: unknownCount == rowCount ? 0 : 0x80)
      return
    }
    known.update(repeating: 0x80)
    keepKnown(validity, from: base, in: known)
  }

  /// Clears in a mask the rows of a run that are unknown.
  func keepKnown(
    _ validity: Validity, from base: Int, in mask: UnsafeMutableBufferPointer<UInt8>
  ) {
    let bits = validity.elements
    let shift = UInt16(base & 7)
    guard let maskStart = mask.baseAddress, let bitStart = bits.baseAddress else { return }
    let raw = UnsafeMutableRawPointer(maskStart)
    let source = UnsafeRawPointer(bitStart)
    var offset = 0
    // Reads up to one byte behind the last bit, which the memory's slack allows.
    while offset + 8 <= mask.count {
      let pair = UInt16(
        littleEndian: source.loadUnaligned(fromByteOffset: (base + offset) >> 3, as: UInt16.self))
      let eight = spreadBits(UInt8(truncatingIfNeeded: pair >> shift))
      let old = raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
      raw.storeBytes(of: old & eight, toByteOffset: offset, as: UInt64.self)
      offset += 8
    }
    while offset < mask.count {
      let row = base + offset
      if bits[row >> 3] >> UInt8(row & 7) & 1 == 0 { mask[offset] = 0 }
      offset += 1
    }
  }

  /// Whether the value of one row is known.
  func isKnown(_ row: Int) -> Bool {
    if unknownCount == 0 { return true }
    guard let validity else { return false }
    return validity.elements[row >> 3] >> UInt8(row & 7) & 1 != 0
  }
}

/// The top bits of eight bytes as one byte, the first byte's lowest.
@inline(__always)
private func packedBits(_ eight: UInt64) -> UInt8 {
  let ones = (UInt64(littleEndian: eight) >> 7) & 0x0101_0101_0101_0101
  return UInt8(truncatingIfNeeded: (ones &* 0x0102_0408_1020_4080) >> 56)
}

/// Eight bits as eight bytes of 0x80 or 0.
@inline(__always)
private func spreadBits(_ bits: UInt8) -> UInt64 {
  let each = (UInt64(bits) &* 0x0101_0101_0101_0101) & 0x8040_2010_0804_0201
  return ((each &+ 0x7F7F_7F7F_7F7F_7F7F) & 0x8080_8080_8080_8080).littleEndian
}
