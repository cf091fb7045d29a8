// Grouping straight from a column's own array, without loading vectors: for keys of few codes and
// sums of whole numbers over runs of rows, which is what most group-bys are.

extension Column {
  /// How many codes a key of this column has when they number groups directly: choices, flags and
  /// texts of a small dictionary. Nil for other columns.
  package var groupCodeCount: Int? {
    switch (type, storage) {
    case (.choice(let list), .bytes): list.names.count
    case (.flag, .bytes): 2
    case (.text, .codes8), (.text, .codes16): dictionaryCount
    default: nil
    }
  }

  /// The groups of some rows: 1 + code, 1 + `codeCount` where unknown, 0 for rows that are out.
  package func groupIDs(_ rows: Rows, in mask: Mask, codeCount: Int) -> [Int32] {
    switch rows {
    case .run(let base, _): runIDs(from: base, in: mask, codeCount: codeCount)
    case .list: listIDs(rows, in: mask, codeCount: codeCount)
    }
  }

  private func listIDs(_ rows: Rows, in mask: Mask, codeCount: Int) -> [Int32] {
    var codes: [Int64] = []
    var known: [UInt8] = []
    if type == .text {
      loadCodes(rows, into: &codes, known: &known)
    } else {
      loadWords(rows, into: &codes, known: &known)
    }
    return codes.indices.map { offset in
      guard mask.bytes[offset] != 0 else { return 0 }
      return Int32(known[offset] == 0 ? codeCount + 1 : Int(codes[offset]) + 1)
    }
  }

  private func runIDs(from base: Int, in mask: Mask, codeCount: Int) -> [Int32] {
    var ids = [Int32](repeating: 0, count: mask.bytes.count)
    let count = ids.count
    precondition(base >= 0 && base + count <= rowCount, "rows outside the column")
    ids.withUnsafeMutableBufferPointer { ids in
      mask.bytes.withUnsafeBufferPointer { mask in
        switch storage {
        case .bytes(let memory): number(memory.elements, base, mask, ids)
        case .codes8(let memory, _): number(memory.elements, base, mask, ids)
        case .codes16(let memory, _): number(memory.elements, base, mask, ids)
        default: preconditionFailure("a column without codes")
        }
        guard unknownCount > 0 else { return }
        var known: [UInt8] = []
        loadKnown(.run(base: base, count: count), into: &known)
        let unknownID = Int32(codeCount + 1)
        for offset in 0..<count {
          ids[offset] = known[offset] & mask[offset] == mask[offset] ? ids[offset] : unknownID
        }
      }
    }
    return ids
  }

  private func number<Code: FixedWidthInteger>(
    _ codes: UnsafeMutableBufferPointer<Code>, _ base: Int, _ mask: UnsafeBufferPointer<UInt8>,
    _ ids: UnsafeMutableBufferPointer<Int32>
  ) {
    let run = UnsafeBufferPointer(rebasing: codes[base..<base + ids.count])
    for offset in 0..<ids.count {
      let isIn = 0 &- Int32(truncatingIfNeeded: mask[offset] >> 7)
      ids[offset] = (Int32(truncatingIfNeeded: run[offset]) &+ 1) & isIn
    }
  }

  /// Adds the words of a run of rows to the sums of their groups, and 1 to the counts where known.
  ///
  /// - Parameters:
  ///   - ids: One a row, each below the number of sums; slot 0 takes the rows that are out.
  ///   - sums: Wrapping; the caller sees to it that nothing overflows.
  /// - Returns: False, having done nothing, where the column holds no words.
  func addWords(
    from base: Int, ids: [Int32], to sums: inout [Int64], counts: inout [Int64]
  ) -> Bool {
    precondition(base >= 0 && base + ids.count <= rowCount, "rows outside the column")
    let slotCount = sums.count
    precondition(
      ids.allSatisfyInRange(slotCount), "group numbers beyond the sums")
    var known: [UInt8] = []
    if unknownCount > 0 { loadKnown(.run(base: base, count: ids.count), into: &known) }
    // Four copies of pairs, so that neighbouring rows of one group do not wait for each other.
    var slots = [Int64](repeating: 0, count: 8 * slotCount)
    let isDone = slots.withUnsafeMutableBufferPointer { slots in
      ids.withUnsafeBufferPointer { ids in
        known.withUnsafeBufferPointer { known in
          switch storage {
          case .bytes(let memory): add(memory.elements, base, ids, known, slots)
          case .int8(let memory): add(memory.elements, base, ids, known, slots)
          case .int16(let memory): add(memory.elements, base, ids, known, slots)
          case .int32(let memory): add(memory.elements, base, ids, known, slots)
          case .int64(let memory): add(memory.elements, base, ids, known, slots)
          case .none: true
          case .reals, .codes8, .codes16, .heap: false
          }
        }
      }
    }
    guard isDone else { return false }
    for slot in 0..<slotCount {
      for copy in 0..<4 {
        sums[slot] &+= slots[2 * (copy * slotCount + slot)]
        counts[slot] &+= slots[2 * (copy * slotCount + slot) + 1]
      }
    }
    return true
  }

  /// Adds the rows of each group to the counts, as `addWords` adds words.
  ///
  /// - Returns: False, having done nothing, where there are too many groups for four copies.
  static func countRows(_ ids: [Int32], to counts: inout [Int64]) -> Bool {
    let slotCount = counts.count
    guard slotCount > 2, slotCount <= 256, ids.count >= 4 * slotCount else { return false }
    precondition(ids.allSatisfyInRange(slotCount), "group numbers beyond the counts")
    var slots = [Int32](repeating: 0, count: 4 * slotCount)
    slots.withUnsafeMutableBufferPointer { slots in
      ids.withUnsafeBufferPointer { ids in
        let end = ids.count & ~3
        var row = 0
        while row < end {
          slots[Int(ids[row])] &+= 1
          slots[slotCount &+ Int(ids[row &+ 1])] &+= 1
          slots[2 &* slotCount &+ Int(ids[row &+ 2])] &+= 1
          slots[3 &* slotCount &+ Int(ids[row &+ 3])] &+= 1
          row &+= 4
        }
        while row < ids.count {
          slots[Int(ids[row])] &+= 1
          row &+= 1
        }
      }
    }
    for slot in 0..<slotCount {
      for copy in 0..<4 { counts[slot] &+= Int64(slots[copy * slotCount + slot]) }
    }
    return true
  }

  private func add<Word: FixedWidthInteger>(
    _ words: UnsafeMutableBufferPointer<Word>, _ base: Int, _ ids: UnsafeBufferPointer<Int32>,
    _ known: UnsafeBufferPointer<UInt8>, _ slots: UnsafeMutableBufferPointer<Int64>
  ) -> Bool {
    let run = UnsafeBufferPointer(rebasing: words[base..<base + ids.count])
    let stride = slots.count / 4
    let end = ids.count & ~3
    let isAllKnown = known.isEmpty
    var row = 0
    if isAllKnown {
      while row < end {
        var copy = 0
        for step in 0..<4 {
          let slot = copy &+ 2 &* Int(ids[row &+ step])
          slots[slot] &+= Int64(truncatingIfNeeded: run[row &+ step])
          slots[slot &+ 1] &+= 1
          copy &+= stride
        }
        row &+= 4
      }
    } else {
      while row < end {
        var copy = 0
        for step in 0..<4 {
          let slot = copy &+ 2 &* Int(ids[row &+ step])
          slots[slot] &+= Int64(truncatingIfNeeded: run[row &+ step])
          slots[slot &+ 1] &+= Int64(truncatingIfNeeded: known[row &+ step] >> 7)
          copy &+= stride
        }
        row &+= 4
      }
    }
    while row < ids.count {
      let slot = 2 &* Int(ids[row])
      slots[slot] &+= Int64(truncatingIfNeeded: run[row])
      slots[slot &+ 1] &+= isAllKnown ? 1 : Int64(truncatingIfNeeded: known[row] >> 7)
      row &+= 1
    }
    return true
  }
}

extension [Int32] {
  /// Whether every element is in `0 ..< limit`.
  fileprivate func allSatisfyInRange(_ limit: Int) -> Bool {
    var largest: UInt32 = 0
    for id in self { largest = Swift.max(largest, UInt32(bitPattern: id)) }
    return Int(largest) < limit || isEmpty
  }
}
