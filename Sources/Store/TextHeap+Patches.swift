/// Texts that stand in place of some of a heap's, so that one of many can be edited at once.
///
/// Each is a piece of memory of its own, counted in the budget; whoever keeps one to put it back
/// keeps its memory too.
struct TextPatches {
  /// Which rows have one.
  private(set) var rows = SparseRowSet()
  private var texts: [Int32: Memory<UInt8>] = [:]

  /// Whether there is none.
  var isEmpty: Bool { rows.isEmpty }

  /// The patch of a row; nil takes it away.
  subscript(_ row: Int32) -> Memory<UInt8>? {
    get { rows.contains(row) ? texts[row] : nil }
    set {
      texts[row] = newValue
      if newValue == nil { rows.remove(row) } else { rows.insert(row) }
    }
  }
}

extension TextHeap {
  /// The bytes of one text, or of what stands in its place.
  @inline(__always)
  func current(_ index: Int) -> UnsafeBufferPointer<UInt8> {
    patches.isEmpty ? text(index) : patched(index)
  }

  private func patched(_ index: Int) -> UnsafeBufferPointer<UInt8> {
    patches[Int32(truncatingIfNeeded: index)]?.used ?? text(index)
  }

  /// Patches of the given texts, not in place yet.
  func makePatches(_ block: TextBlock, budget: Budget) throws(StoreError) -> [Memory<UInt8>?] {
    var made: [Memory<UInt8>?] = []
    made.reserveCapacity(block.count)
    for offset in 0..<block.count {
      let memory = Memory<UInt8>(budget: budget)
      let range = block.range(of: offset)
      try memory.reserve(max(1, range.count))
      try block.bytes.withUnsafeBufferPointer { bytes throws(StoreError) in
        try memory.append(UnsafeBufferPointer(rebasing: bytes[range]))
      }
      made.append(memory)
    }
    return made
  }

  /// A heap of the same texts, patches in their places, and some rows replaced.
  ///
  /// - Parameter rows: Ascending, each once; row *i* gets text *i* of the block.
  func folded(
    replacing rows: [Int32] = [], with block: TextBlock = TextBlock(), budget: Budget
  ) throws(StoreError) -> TextHeap {
    let made = TextHeap(budget: budget)
    let patchedRows = patches.rows.rows
    let patchByteCount = patchedRows.reduce(0) { $0 + current(Int($1)).count }
    try made.reserve(count: count, byteCount: bytes.count + patchByteCount + block.bytes.count)
    try block.bytes.withUnsafeBufferPointer { replaced throws(StoreError) in
      var next = 0
      var (edit, patch) = (0, 0)
      while edit < rows.count || patch < patchedRows.count {
        let edited = edit < rows.count ? rows[edit] : .max
        let patched = patch < patchedRows.count ? patchedRows[patch] : .max
        let row = Int(min(edited, patched))
        try made.append(self, from: next, to: row)
        if edited <= patched {
          try made.append(UnsafeBufferPointer(rebasing: replaced[block.range(of: edit)]))
          edit += 1
        } else {
          try made.append(current(row))
        }
        if patched == row { patch += 1 }
        next = row + 1
      }
      try made.append(self, from: next, to: count)
    }
    made.trim(leavingRoomFor: 0)
    return made
  }
}
