extension Column {
  /// The values of the given rows. A row of -1 in a list gives unknown, so that a reference's rows
  /// can be followed as they are.
  package func load(_ rows: Rows) -> Vector {
    var known: [UInt8] = []
    switch type {
    case .text: return loadTexts(rows)
    case .number:
      var reals: [Double] = []
      loadReals(rows, into: &reals, known: &known)
      return Vector(reals: reals, known: known)
    default:
      var words: [Int64] = []
      loadWords(rows, into: &words, known: &known)
      return Vector(words: words, known: known)
    }
  }

  /// The words of the given rows, written over the caller's arrays, which keep their memory.
  ///
  /// - Parameters:
  ///   - words: Out: one a row, 0 where unknown.
  ///   - known: Out: 0x80 where the value is known, else 0.
  package func loadWords(_ rows: Rows, into words: inout [Int64], known: inout [UInt8]) {
    let count = rows.count
    if words.count != count { words = [Int64](repeating: 0, count: count) }
    loadKnown(rows, into: &known)
    known.withUnsafeBufferPointer { known in
      words.withUnsafeMutableBufferPointer { words in
        switch storage {
        case .none: words.update(repeating: 0)
        case .bytes(let memory): gather(memory, rows, known, words)
        case .int8(let memory): gather(memory, rows, known, words)
        case .int16(let memory): gather(memory, rows, known, words)
        case .int32(let memory): gather(memory, rows, known, words)
        case .int64(let memory): gather(memory, rows, known, words)
        case .reals, .codes8, .codes16, .heap: preconditionFailure("words of a column of others")
        }
      }
    }
  }

  /// The codes of the given rows of a text column that keeps a dictionary, as words.
  package func loadCodes(_ rows: Rows) -> Vector {
    var codes = [Int64](repeating: 0, count: rows.count)
    var known = [UInt8](repeating: 0, count: rows.count)
    loadCodes(rows, into: &codes, known: &known)
    return Vector(words: codes, known: known)
  }

  /// The dictionary codes of the given rows of a column that has `dictionaryCount`, written over the
  /// caller's arrays; 0 and not known where unknown.
  package func loadCodes(_ rows: Rows, into codes: inout [Int64], known: inout [UInt8]) {
    let count = rows.count
    if codes.count != count { codes = [Int64](repeating: 0, count: count) }
    loadKnown(rows, into: &known)
    known.withUnsafeBufferPointer { known in
      codes.withUnsafeMutableBufferPointer { codes in
        switch storage {
        case .codes8(let memory, _): gather(memory, rows, known, codes)
        case .codes16(let memory, _): gather(memory, rows, known, codes)
        default: codes.update(repeating: 0)
        }
      }
    }
  }

  /// The numbers of the given rows, written over the caller's arrays, which keep their memory.
  package func loadReals(_ rows: Rows, into reals: inout [Double], known: inout [UInt8]) {
    let count = rows.count
    if reals.count != count { reals = [Double](repeating: 0, count: count) }
    loadKnown(rows, into: &known)
    reals.withUnsafeMutableBufferPointer { reals in
      guard case .reals(let memory) = storage else { return reals.update(repeating: 0) }
      let source = memory.elements
      switch rows {
      case .run(_, 0): break
      case .run(let base, let count):
        _ = reals.update(
          fromContentsOf: UnsafeBufferPointer(rebasing: source[base..<base + count]))
      case .list(let rows):
        for offset in 0..<rows.count {
          reals[offset] = known[offset] == 0 ? 0 : source[Int(rows[offset])]
        }
      }
    }
  }

  /// One value; for lookups and tests, never in a loop over rows.
  package subscript(_ row: Int) -> Scalar {
    precondition(row >= 0 && row < rowCount, "a row outside the column")
    guard isKnown(row) else { return .unknown }
    return switch storage {
    case .none: .unknown
    case .bytes(let memory): .word(Int64(memory.elements[row]))
    case .int8(let memory): .word(Int64(memory.elements[row]))
    case .int16(let memory): .word(Int64(memory.elements[row]))
    case .int32(let memory): .word(Int64(memory.elements[row]))
    case .int64(let memory): .word(memory.elements[row])
    case .reals(let memory): .real(memory.elements[row])
    case .codes8, .codes16, .heap:
      text(row).map { .text(String(decoding: $0, as: UTF8.self)) } ?? .unknown
    }
  }

  /// Which of the rows are known.
  func loadKnown(_ rows: Rows, into known: inout [UInt8]) {
    let count = rows.count
    if known.count != count { known = [UInt8](repeating: 0, count: count) }
    known.withUnsafeMutableBufferPointer { known in
      switch rows {
      case .run(let base, let count):
        precondition(base >= 0 && base + count <= rowCount, "rows outside the column")
        writeKnown(from: base, to: known)
      case .list(let rows):
        rows.withUnsafeBufferPointer { rows in
          var largest: Int32 = -1
          for offset in 0..<rows.count { largest = max(largest, rows[offset]) }
          precondition(Int(largest) < rowCount, "rows outside the column")
          guard let validity, unknownCount > 0 else {
            let isNone = unknownCount == rowCount
            for offset in 0..<rows.count {
              known[offset] = rows[offset] < 0 || isNone ? 0 : 0x80
            }
            return
          }
          let bits = validity.elements
          for offset in 0..<rows.count {
            let row = Int(max(0, rows[offset]))
            let bit = (bits[row >> 3] >> UInt8(truncatingIfNeeded: row & 7)) << 7
            known[offset] = rows[offset] < 0 ? 0 : bit
          }
        }
      }
    }
  }

  private func gather<Element: FixedWidthInteger & BitwiseCopyable>(
    _ memory: Memory<Element>, _ rows: Rows, _ known: UnsafeBufferPointer<UInt8>,
    _ words: UnsafeMutableBufferPointer<Int64>
  ) {
    let source = memory.elements
    switch rows {
    case .run(let base, let count):
      let run = UnsafeBufferPointer(rebasing: source[base..<base + count])
      for offset in 0..<count { words[offset] = Int64(truncatingIfNeeded: run[offset]) }
    case .list(let rows):
      guard rowCount > 0 else { return words.update(repeating: 0) }
      rows.withUnsafeBufferPointer { rows in
        for offset in 0..<rows.count {
          let word = Int64(truncatingIfNeeded: source[Int(max(0, rows[offset]))])
          words[offset] = known[offset] == 0 ? 0 : word
        }
      }
    }
  }

  private func loadTexts(_ rows: Rows) -> Vector {
    var known: [UInt8] = []
    loadKnown(rows, into: &known)
    var block = TextBlock()
    switch storage {
    case .heap(let heap):
      if case .run(let base, let count) = rows,
        heap.patches.isEmpty || heap.patches.rows.rows(in: base..<base + count).isEmpty
      {
        copyRun(heap, base, count, to: &block)
      } else if heap.patches.isEmpty {
        copyTexts(known, to: &block) { heap.text(rows[$0]) }
      } else {
        copyTexts(known, to: &block) { heap.current(rows[$0]) }
      }
    case .codes8(let memory, let dictionary):
      let codes = memory.elements
      copyTexts(known, to: &block) { dictionary.heap.text(Int(codes[rows[$0]])) }
    case .codes16(let memory, let dictionary):
      let codes = memory.elements
      copyTexts(known, to: &block) { dictionary.heap.text(Int(codes[rows[$0]])) }
    default: block.ends = [Int](repeating: 0, count: rows.count)
    }
    return Vector(texts: block, known: known)
  }

  private func copyRun(_ heap: TextHeap, _ base: Int, _ count: Int, to block: inout TextBlock) {
    guard count > 0 else { return }
    let offsets = heap.offsets.elements
    let start = Int(offsets[base])
    let end = Int(offsets[base + count])
    block.bytes = Array(UnsafeBufferPointer(rebasing: heap.bytes.elements[start..<end]))
    block.ends = [Int](unsafeUninitializedCapacity: count) { ends, endCount in
      for offset in 0..<count { ends[offset] = Int(offsets[base + 1 + offset]) &- start }
      endCount = count
    }
  }

  /// Copies the text of each known row: lengths first, then bytes into a block of the right size.
  @inline(__always)
  private func copyTexts(
    _ known: [UInt8], to block: inout TextBlock, text: (Int) -> UnsafeBufferPointer<UInt8>
  ) {
    var byteCount = 0
    block.ends = [Int](unsafeUninitializedCapacity: known.count) { ends, endCount in
      for offset in 0..<known.count {
        if known[offset] != 0 { byteCount += text(offset).count }
        ends[offset] = byteCount
      }
      endCount = known.count
    }
    block.bytes = [UInt8](unsafeUninitializedCapacity: byteCount) { bytes, written in
      for offset in 0..<known.count where known[offset] != 0 {
        let source = text(offset)
        for position in 0..<source.count { bytes[written &+ position] = source[position] }
        written &+= source.count
      }
    }
  }
}
