extension Column {
  /// Clears in `mask` every row that does not pass `test`. An unknown value passes only
  /// `.unknown`. Skips whole chunks by their statistics.
  ///
  /// - Parameters:
  ///   - rows: A run, or a list in which -1 stands for an unknown value.
  ///   - mask: In: 0x80 for each row to test. Out: 0x80 for each that passed.
  /// - Complexity: O(*n*) in the batch, whatever the mask; a text outside a dictionary is read only
  ///   where the mask is set.
  package func keep(_ test: ColumnTest, of rows: Rows, in mask: inout Mask) {
    keep(prepare(test), of: rows, in: &mask)
  }

  /// The same with a test prepared once for many batches.
  package func keep(_ test: PreparedTest, of rows: Rows, in mask: inout Mask) {
    precondition(mask.bytes.count == rows.count, "a mask of another batch")
    guard test.version == version else { return keep(prepare(test.test), of: rows, in: &mask) }
    mask.bytes.withUnsafeMutableBufferPointer { mask in
      switch rows {
      case .run(let base, let count):
        precondition(base >= 0 && base + count <= rowCount, "rows outside the column")
        var row = base
        while row < base + count {
          let chunk = row / Limits.chunkRowCount
          let end = min(base + count, (chunk + 1) * Limits.chunkRowCount)
          let part = UnsafeMutableBufferPointer(rebasing: mask[row - base..<end - base])
          switch test.verdict(of: statistics.chunks[chunk]) {
          case .none: part.update(repeating: 0)
          case .all: break
          case .some:
            keepRun(
              test.form, from: row, hasUnknown: statistics.chunks[chunk].unknownCount > 0, part)
          }
          row = end
        }
      case .list(let rows): keepList(test.form, rows, mask)
      }
    }
  }

  private func keepRun(
    _ form: PreparedTest.Form, from base: Int, hasUnknown: Bool,
    _ mask: UnsafeMutableBufferPointer<UInt8>
  ) {
    if hasUnknown, let validity {
      if case .unknown = form {
        let wanted = [UInt8](mask)
        keepKnown(validity, from: base, in: mask)
        for offset in 0..<mask.count { mask[offset] ^= wanted[offset] }
        return
      }
      keepKnown(validity, from: base, in: mask)
    }
    switch storage {
    case .none: break
    case .bytes(let memory): keepWords(form, memory.elements, base, mask)
    case .int8(let memory): keepWords(form, memory.elements, base, mask)
    case .int16(let memory): keepWords(form, memory.elements, base, mask)
    case .int32(let memory): keepWords(form, memory.elements, base, mask)
    case .int64(let memory): keepWords(form, memory.elements, base, mask)
    case .reals(let memory):
      keepReals(
        form, UnsafeBufferPointer(rebasing: memory.elements[base..<base + mask.count]), mask)
    case .codes8(let memory, _): keepCodes(form, memory.elements, base, mask)
    case .codes16(let memory, _): keepCodes(form, memory.elements, base, mask)
    case .heap(let heap):
      if case .text(let search) = form {
        search.keep(in: heap, from: base, mask: mask)
      } else {
        checkConstant(form)
      }
    }
  }

  private func keepList(
    _ form: PreparedTest.Form, _ rows: [Int32], _ mask: UnsafeMutableBufferPointer<UInt8>
  ) {
    var known: [UInt8] = []
    switch form {
    case .nothing: mask.update(repeating: 0)
    case .everything, .unknown:
      loadKnown(.list(rows), into: &known)
      let flip: UInt8 = if case .unknown = form { 0x80 } else { 0 }
      for offset in 0..<mask.count { mask[offset] &= known[offset] ^ flip }
    case .words, .table, .hash:
      var words: [Int64] = []
      loadWords(.list(rows), into: &words, known: &known)
      for offset in 0..<mask.count { mask[offset] &= known[offset] }
      words.withUnsafeMutableBufferPointer { keepWords(form, $0, 0, mask) }
    case .reals, .realSet:
      var reals: [Double] = []
      loadReals(.list(rows), into: &reals, known: &known)
      for offset in 0..<mask.count { mask[offset] &= known[offset] }
      reals.withUnsafeBufferPointer { keepReals(form, $0, mask) }
    case .code, .codes:
      var codes: [Int64] = []
      loadCodes(.list(rows), into: &codes, known: &known)
      for offset in 0..<mask.count { mask[offset] &= known[offset] }
      codes.withUnsafeMutableBufferPointer { keepCodes(form, $0, 0, mask) }
    case .text(let search):
      loadKnown(.list(rows), into: &known)
      for offset in 0..<mask.count { mask[offset] &= known[offset] }
      guard case .heap(let heap) = storage else { return }
      for offset in 0..<mask.count where mask[offset] != 0 {
        if !search.passes(heap.current(Int(rows[offset]))) { mask[offset] = 0 }
      }
    }
  }

  /// The forms that ask nothing of a known value; anything else is a test of another type.
  private func checkConstant(_ form: PreparedTest.Form) {
    switch form {
    case .everything: break
    default: preconditionFailure("a test of another type than the column")
    }
  }
}

// The loops: masks, no branches, so that LLVM turns them into SIMD code.
extension Column {
  @inline(__always)
  private func keepWords<Element: FixedWidthInteger & BitwiseCopyable>(
    _ form: PreparedTest.Form, _ elements: UnsafeMutableBufferPointer<Element>, _ base: Int,
    _ mask: UnsafeMutableBufferPointer<UInt8>
  ) {
    let words = UnsafeBufferPointer(rebasing: elements[base..<base + mask.count])
    switch form {
    case .nothing: mask.update(repeating: 0)
    case .words(let lower, let upper):
      if lower == upper, let word = Element(exactly: lower) {
        keepEqual(words, word, mask)
      } else {
        keepRange(words, Element(clamping: lower), Element(clamping: upper), mask)
      }
    case .table(let lower, let passes): keepTable(words, lower, passes, mask)
    case .hash(let hash):
      for offset in 0..<mask.count where mask[offset] != 0 {
        if !hash.contains(Int64(truncatingIfNeeded: words[offset])) { mask[offset] = 0 }
      }
    default: checkConstant(form)
    }
  }

  private func keepEqual<Element: FixedWidthInteger & BitwiseCopyable>(
    _ words: UnsafeBufferPointer<Element>, _ word: Element,
    _ mask: UnsafeMutableBufferPointer<UInt8>
  ) {
    for offset in 0..<mask.count {
      mask[offset] &= words[offset] == word ? 0x80 : 0
    }
  }

  /// Prepared bounds lie within the column's, so they fit the element.
  private func keepRange<Element: FixedWidthInteger & BitwiseCopyable>(
    _ words: UnsafeBufferPointer<Element>, _ lower: Element, _ upper: Element,
    _ mask: UnsafeMutableBufferPointer<UInt8>
  ) {
    for offset in 0..<mask.count {
      let word = words[offset]
      let isIn = (word >= lower ? 0x80 : 0 as UInt8) & (word <= upper ? 0x80 : 0 as UInt8)
      mask[offset] &= isIn
    }
  }

  private func keepTable<Element: FixedWidthInteger & BitwiseCopyable>(
    _ words: UnsafeBufferPointer<Element>, _ lower: Int64, _ passes: [UInt8],
    _ mask: UnsafeMutableBufferPointer<UInt8>
  ) {
    if Element.self == UInt8.self {
      keepByteTable(words, lower, passes, mask)
      return
    }
    passes.withUnsafeBufferPointer { passes in
      let count = UInt64(passes.count)
      for offset in 0..<mask.count {
        let place = UInt64(bitPattern: Int64(truncatingIfNeeded: words[offset]) &- lower)
        mask[offset] &= place < count ? passes[Int(truncatingIfNeeded: place)] : 0
      }
    }
  }

  /// A table of all bytes needs no check of its bounds.
  private func keepByteTable<Element: FixedWidthInteger & BitwiseCopyable>(
    _ words: UnsafeBufferPointer<Element>, _ lower: Int64, _ passes: [UInt8],
    _ mask: UnsafeMutableBufferPointer<UInt8>
  ) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 256) { table in
      table.initialize(repeating: 0)
      for place in passes.indices where place + Int(lower) < 256 {
        table[place + Int(lower)] = passes[place]
      }
      for offset in 0..<mask.count {
        mask[offset] &= table[Int(truncatingIfNeeded: words[offset])]
      }
    }
  }

  private func keepReals(
    _ form: PreparedTest.Form, _ reals: UnsafeBufferPointer<Double>,
    _ mask: UnsafeMutableBufferPointer<UInt8>
  ) {
    switch form {
    case .nothing: mask.update(repeating: 0)
    case .reals(let lower, let upper):
      for offset in 0..<mask.count {
        let real = reals[offset]
        mask[offset] &= (real >= lower ? 0x80 : 0 as UInt8) & (real <= upper ? 0x80 : 0 as UInt8)
      }
    case .realSet(let members):
      for offset in 0..<mask.count where mask[offset] != 0 {
        if !isMember(reals[offset], of: members) { mask[offset] = 0 }
      }
    default: checkConstant(form)
    }
  }

  private func isMember(_ real: Double, of members: [Double]) -> Bool {
    var low = 0
    var high = members.count
    while low < high {
      let middle = (low + high) / 2
      if members[middle] < real { low = middle + 1 } else { high = middle }
    }
    return low < members.count && members[low] == real
  }

  private func keepCodes<Element: FixedWidthInteger & BitwiseCopyable>(
    _ form: PreparedTest.Form, _ elements: UnsafeMutableBufferPointer<Element>, _ base: Int,
    _ mask: UnsafeMutableBufferPointer<UInt8>
  ) {
    switch form {
    case .nothing: mask.update(repeating: 0)
    case .code(let code):
      keepEqual(
        UnsafeBufferPointer(rebasing: elements[base..<base + mask.count]),
        Element(truncatingIfNeeded: code), mask)
    case .codes(let passes):
      passes.withUnsafeBufferPointer { passes in
        for offset in 0..<mask.count {
          mask[offset] &= passes[Int(truncatingIfNeeded: elements[base + offset])]
        }
      }
    default: checkConstant(form)
    }
  }
}
