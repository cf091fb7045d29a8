// Grouping straight from a column's own array, without loading vectors: for keys of few codes and
// sums of whole numbers over runs of rows, which is what most group-bys are.

extension Column {
  /// The groups of a run of rows by their words or codes, each `lower` or above: 1 + the place of the
  /// word, `unknown` where there is none, 0 for rows that are out.
  ///
  /// - Parameter places: The place of each word from `lower` on; nil where they are those of the words
  ///   themselves.
  /// - Returns: Nil where words have to be loaded first.
  package func groupIDs(
    from base: Int, in mask: Mask, lower: Int64, places: [Int32]?, unknown: Int32
  ) -> [Int32]? {
    let count = mask.bytes.count
    precondition(base >= 0 && base + count <= rowCount, "rows outside the column")
    // The word that stands in an unknown one's stead may have no place.
    if unknownCount > 0, places != nil { return nil }
    var ids = [Int32](repeating: 0, count: count)
    let isDone = ids.withUnsafeMutableBufferPointer { ids in
      switch storage {
      case .bytes(let memory): number(memory.elements, base, lower, places, ids)
      case .int8(let memory): number(memory.elements, base, lower, places, ids)
      case .int16(let memory): number(memory.elements, base, lower, places, ids)
      case .int32(let memory): number(memory.elements, base, lower, places, ids)
      case .int64(let memory): number(memory.elements, base, lower, places, ids)
      case .codes8(let memory, _): number(memory.elements, base, lower, places, ids)
      case .codes16(let memory, _): number(memory.elements, base, lower, places, ids)
      case .none, .reals, .heap: false
      }
    }
    guard isDone else { return nil }
    if unknownCount > 0 {
      var known: [UInt8] = []
      loadKnown(.run(base: base, count: count), into: &known)
      for offset in 0..<count { ids[offset] = known[offset] == 0 ? unknown : ids[offset] }
    }
    return mask.isAllIn ? ids : RowSelection.masked(ids, by: mask)
  }

  private func number<Word: FixedWidthInteger>(
    _ words: UnsafeMutableBufferPointer<Word>, _ base: Int, _ lower: Int64, _ places: [Int32]?,
    _ ids: UnsafeMutableBufferPointer<Int32>
  ) -> Bool {
    let run = UnsafeBufferPointer(rebasing: words[base..<base + ids.count])
    guard let places else {
      let first = Int32(truncatingIfNeeded: lower &- 1)
      for offset in 0..<ids.count { ids[offset] = Int32(truncatingIfNeeded: run[offset]) &- first }
      return true
    }
    for offset in 0..<ids.count {
      ids[offset] = places[Int(Int64(truncatingIfNeeded: run[offset]) &- lower)] &+ 1
    }
    return true
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

extension Vector {
  /// The groups of words, as `Column.groupIDs` gives them.
  package func groupIDs(
    in mask: Mask, lower: Int64, places: [Int32]?, unknown: Int32
  ) -> [Int32] {
    let words = words
    var ids = [Int32](repeating: 0, count: words.count)
    for offset in words.indices where mask.bytes[offset] != 0 {
      guard known[offset] != 0 else {
        ids[offset] = unknown
        continue
      }
      let place = words[offset] - lower
      ids[offset] = (places.map { $0[Int(place)] } ?? Int32(place)) + 1
    }
    return ids
  }
}

/// Numbers of groups that go by several keys.
package enum GroupIDs {
  /// Of two numbers a row, each 1 + a group or 0, that of both: `count` of the second to each group of
  /// the first.
  package static func combined(_ first: [Int32], _ second: [Int32], count: Int) -> [Int32] {
    precondition(first.count == second.count, "both number the same rows")
    let count = Int32(truncatingIfNeeded: count)
    var ids = first
    for offset in ids.indices {
      let (a, b) = (first[offset], second[offset])
      ids[offset] = a == 0 || b == 0 ? 0 : (a &- 1) &* count &+ b
    }
    return ids
  }
}
