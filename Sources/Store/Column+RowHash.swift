/// Rows by the hash of their value: open addressing, eight bytes a slot, at most half of them taken.
///
/// A slot holds 32 bits of the hash and the row + 1; the value itself is compared by the caller.
final class RowHash {
  /// Rows entered.
  private(set) var count = 0
  private var slots: Memory<UInt64>
  private let budget: Budget

  /// Makes a table with room for `count` rows.
  init(count: Int, budget: Budget) throws(StoreError) {
    self.budget = budget
    slots = try Self.emptySlots(for: count, budget)
  }

  /// Whether so many rows in all fit.
  func hasRoom(for count: Int) -> Bool { count * 2 <= slots.count }

  /// Makes room for rows in all.
  func reserve(_ count: Int) throws(StoreError) {
    guard !hasRoom(for: count) else { return }
    let wide = try Self.emptySlots(for: count + count / 2, budget)
    let target = wide.elements
    let mask = wide.count - 1
    for entry in slots.used where entry != 0 {
      var slot = Int(truncatingIfNeeded: entry >> 32) & mask
      while target[slot] != 0 { slot = (slot + 1) & mask }
      target[slot] = entry
    }
    slots = wide
  }

  /// The first row of this hash for which `isEqual` holds.
  @inline(__always)
  func row(_ hash: UInt64, where isEqual: (Int) -> Bool) -> Int? {
    let mask = slots.count - 1
    let elements = slots.elements
    var slot = Int(truncatingIfNeeded: hash >> 32) & mask
    while elements[slot] != 0 {
      let entry = elements[slot]
      if entry >> 32 == hash >> 32 {
        let row = Int(truncatingIfNeeded: entry & 0xFFFF_FFFF) - 1
        if isEqual(row) { return row }
      }
      slot = (slot + 1) & mask
    }
    return nil
  }

  /// Enters a row, in place of the one of this hash for which `isEqual` holds. There must be room.
  @inline(__always)
  func set(_ row: Int, _ hash: UInt64, where isEqual: (Int) -> Bool) {
    let mask = slots.count - 1
    let elements = slots.elements
    let entry = (hash >> 32) << 32 | UInt64(truncatingIfNeeded: row + 1)
    var slot = Int(truncatingIfNeeded: hash >> 32) & mask
    while elements[slot] != 0 {
      let found = elements[slot]
      if found >> 32 == hash >> 32,
        isEqual(Int(truncatingIfNeeded: found & 0xFFFF_FFFF) - 1)
      {
        elements[slot] = entry
        return
      }
      slot = (slot + 1) & mask
    }
    elements[slot] = entry
    count += 1
  }

  /// Takes a row out and moves those up that were pushed behind it; one that is not there is no
  /// matter.
  /// - Source: Knuth: The Art of Computer Programming, volume 3, 6.4, algorithm R.
  func remove(_ row: Int, _ hash: UInt64) {
    let mask = slots.count - 1
    let elements = slots.elements
    let wanted = (hash >> 32) << 32 | UInt64(truncatingIfNeeded: row + 1)
    var hole = Int(truncatingIfNeeded: hash >> 32) & mask
    while elements[hole] != wanted {
      guard elements[hole] != 0 else { return }
      hole = (hole + 1) & mask
    }
    var next = (hole + 1) & mask
    while elements[next] != 0 {
      let home = Int(truncatingIfNeeded: elements[next] >> 32) & mask
      if (next &- home) & mask >= (next &- hole) & mask {
        elements[hole] = elements[next]
        hole = next
      }
      next = (next + 1) & mask
    }
    elements[hole] = 0
    count -= 1
  }

  private static func emptySlots(
    for count: Int, _ budget: Budget
  ) throws(StoreError) -> Memory<UInt64> {
    var slotCount = 64
    while slotCount < count * 2 { slotCount *= 2 }
    let slots = Memory<UInt64>(budget: budget)
    try slots.reserve(slotCount)
    try slots.append(repeating: 0, count: slotCount)
    return slots
  }
}

/// The rows of a text column by its folded bytes: for equality on names, addresses and the like.
final class TextIndex {
  /// Rows covered: those below.
  let rowCount: Int
  private let hash: RowHash

  /// Covers the known rows below `rowCount`.
  init(_ column: Column, rowCount: Int) throws(StoreError) {
    self.rowCount = rowCount
    hash = try RowHash(count: rowCount, budget: column.budget)
    var scratch: [UInt8] = []
    for row in 0..<rowCount {
      if row & 0xFFFF == 0 { try Cancellation.check() }
      guard let text = column.text(row) else { continue }
      hash.set(row, foldedHash(text, &scratch)) { _ in false }
    }
  }

  /// The covered rows whose text folds to the same as `text` and passes `search`, ascending.
  func rows(of text: String, in column: Column, passing search: HeapSearch) -> [Int32] {
    var rows: [Int32] = []
    var scratch: [UInt8] = []
    let wanted = Array(text.utf8).withUnsafeBufferPointer { foldedHash($0, &scratch) }
    _ = hash.row(wanted) { row in
      if let text = column.text(row), search.passes(text) { rows.append(Int32(row)) }
      return false
    }
    return rows.sorted()
  }
}

/// The hash of a text's folded bytes.
private func foldedHash(_ text: UnsafeBufferPointer<UInt8>, _ scratch: inout [UInt8]) -> UInt64 {
  scratch.removeAll(keepingCapacity: true)
  var every: UInt8 = 0
  for byte in text { every |= byte }
  if every < 0x80 {
    // ASCII needs no table of pairs.
    for byte in text { scratch.append(byte | (byte &- 0x41 < 26 ? 0x20 : 0)) }
  } else {
    Folding.fold(text.span, into: &scratch)
  }
  return scratch.withUnsafeBufferPointer { hashBytes($0) }
}
