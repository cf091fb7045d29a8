/// The distinct texts of a column, each with a code in order of arrival, and how many rows have it.
final class TextDictionary {
  /// The most texts a dictionary may have.
  static let countMax = 65_536

  /// The texts; a code is an index.
  let heap: TextHeap
  /// Rows of each code.
  private(set) var rowCounts: [Int] = []
  /// Open addressing; a code + 1, or 0 where the slot is free.
  private var slots = [UInt32](repeating: 0, count: 64)

  /// Makes an empty dictionary.
  init(budget: Budget) { heap = TextHeap(budget: budget) }

  /// Makes a dictionary of different texts, each of which so many rows have.
  convenience init(_ texts: TextBlock, rowCounts: [Int], budget: Budget) throws(StoreError) {
    self.init(budget: budget)
    try heap.append(texts)
    self.rowCounts = rowCounts
    usedCount = rowCounts.count { $0 > 0 }
    var slotCount = slots.count
    while rowCounts.count * 2 > slotCount { slotCount *= 4 }
    slots = filledSlots(slotCount)
  }

  /// Distinct texts, those that no row has any more among them.
  var count: Int { rowCounts.count }
  /// Texts that some row has.
  private(set) var usedCount = 0

  /// Writes the codes of a block's texts, adding those not met before; code 0 where the text is
  /// unknown. No row is counted yet.
  ///
  /// Returns false, with only some codes written, when the texts that rows have become more than
  /// `isTooMany` allows: then a heap serves better.
  func encode(
    _ block: TextBlock, _ known: [UInt8], into codes: inout [UInt16],
    isTooMany: (_ distinct: Int, _ offset: Int) -> Bool
  ) throws(StoreError) -> Bool {
    // Taken out of the object for the loop, so that each step is not a checked access to it.
    var slots = exchange(&self.slots, [])
    var rowCounts = exchange(&self.rowCounts, [])
    let unusedCount = rowCounts.count - usedCount
    defer {
      self.slots = slots
      self.rowCounts = rowCounts
    }
    return try block.bytes.withUnsafeBufferPointer { bytes throws(StoreError) in
      var start = 0
      for offset in 0..<block.ends.count {
        let end = block.ends[offset]
        let text = UnsafeBufferPointer(rebasing: bytes[start..<end])
        start = end
        guard known[offset] != 0 else {
          codes[offset] = 0
          continue
        }
        let slot = Self.slot(of: text, in: slots, heap)
        var code = slots[slot]
        if code == 0 {
          let count = rowCounts.count
          guard count < Self.countMax, !isTooMany(count + 1 - unusedCount, offset) else {
            return false
          }
          try heap.append(text)
          rowCounts.append(0)
          code = UInt32(count + 1)
          slots[slot] = code
          if count * 2 > slots.count { slots = filledSlots(slots.count * 4) }
        }
        codes[offset] = UInt16(truncatingIfNeeded: code - 1)
      }
      return true
    }
  }

  /// Counts the rows of some codes in, or out where `step` is -1.
  func count<Code: FixedWidthInteger>(
    _ codes: [Code], _ known: [UInt8], by step: Int
  ) {
    guard !rowCounts.isEmpty else { return }
    var used = 0
    rowCounts.withUnsafeMutableBufferPointer { counts in
      for offset in 0..<codes.count {
        let code = Int(truncatingIfNeeded: codes[offset])
        let before = counts[code]
        let after = before &+ (known[offset] == 0 ? 0 : step)
        counts[code] = after
        used &+= (after == 0 ? 0 : 1) &- (before == 0 ? 0 : 1)
      }
    }
    usedCount += used
  }

  /// Forgets the texts from `count` on, which no row has.
  func truncate(to count: Int) {
    guard count < heap.count else { return }
    if (heap.count - count) * 8 > count {
      heap.truncate(to: count)
      rowCounts.removeLast(rowCounts.count - count)
      slots = filledSlots(slots.count)
    } else {
      while heap.count > count {
        removeSlot(ofCode: heap.count - 1)
        heap.truncate(to: heap.count - 1)
        rowCounts.removeLast()
      }
    }
  }

  /// Frees the slot of a code and moves those up that were pushed behind it.
  /// - Source: Knuth: The Art of Computer Programming, volume 3, 6.4, algorithm R.
  private func removeSlot(ofCode code: Int) {
    let mask = slots.count - 1
    var hole = Self.slot(of: heap.text(code), in: slots, heap)
    var next = (hole + 1) & mask
    while slots[next] != 0 {
      let home = Int(truncatingIfNeeded: hashBytes(heap.text(Int(slots[next]) - 1))) & mask
      if (next &- home) & mask >= (next &- hole) & mask {
        slots[hole] = slots[next]
        hole = next
      }
      next = (next + 1) & mask
    }
    slots[hole] = 0
  }

  /// The slot that holds the text's code, or the free one where it belongs.
  @inline(__always)
  private static func slot(
    of text: UnsafeBufferPointer<UInt8>, in slots: [UInt32], _ heap: TextHeap
  ) -> Int {
    var slot = Int(truncatingIfNeeded: hashBytes(text)) & (slots.count - 1)
    while slots[slot] != 0 {
      if isEqualBytes(heap.text(Int(slots[slot]) - 1), text) { return slot }
      slot = (slot + 1) & (slots.count - 1)
    }
    return slot
  }

  private func filledSlots(_ slotCount: Int) -> [UInt32] {
    var slots = [UInt32](repeating: 0, count: slotCount)
    for code in 0..<heap.count {
      var slot = Int(truncatingIfNeeded: hashBytes(heap.text(code))) & (slotCount - 1)
      while slots[slot] != 0 { slot = (slot + 1) & (slotCount - 1) }
      slots[slot] = UInt32(code) + 1
    }
    return slots
  }
}

/// Puts a new value in a place and returns the old one.
private func exchange<Value>(_ place: inout Value, _ value: Value) -> Value {
  let old = place
  place = value
  return old
}
