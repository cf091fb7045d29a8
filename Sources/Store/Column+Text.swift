extension Column {
  /// Distinct texts up to which a dictionary is kept however few rows there are.
  private static let dictionaryCountMin = 4_096
  /// Rows for each distinct text above that.
  private static let rowsPerDictionaryText = 8

  func appendTexts(_ block: TextBlock, _ known: [UInt8]) throws(StoreError) {
    guard case .text = type else { preconditionFailure("texts for a column of another type") }
    let parts = chunkParts(known)
    let unknownCount = parts.reduce(0) { $0 + $1.unknownCount }
    guard unknownCount < known.count else { return try appendUnknown(known.count) }
    if case .none = storage {
      storage = .codes8(
        try unknownMemory(rowCount + known.count), TextDictionary(budget: budget))
    }
    try prepareValidity(adding: known.count, hasUnknown: unknownCount > 0)
    switch storage {
    case .codes8(_, let dictionary), .codes16(_, let dictionary):
      if try !appendCodes(block, known, dictionary) {
        let heap = try heapOfCodes(dictionary, adding: block.count, block.bytes.count)
        try heap.append(block)
        storage = .heap(heap)
      }
    case .heap(let heap): try heap.append(block, expecting: expectedRowCount)
    default: preconditionFailure("storage of another type")
    }
    known.withUnsafeBufferPointer {
      appendValidity(unknownCount > 0 ? $0 : nil, count: known.count)
    }
    for part in parts { statistics.add(part) }
    statistics.order = .none
  }

  /// Adds the codes of a block; false, with nothing added but texts of no row, when its texts are
  /// better kept in a heap.
  private func appendCodes(
    _ block: TextBlock, _ known: [UInt8], _ dictionary: TextDictionary
  ) throws(StoreError) -> Bool {
    var codes = [UInt16](repeating: 0, count: block.count)
    guard try encode(block, known, dictionary, into: &codes, addedRowCount: block.count) else {
      return false
    }
    let rowCount = rowCount
    switch storage {
    case .codes8(let memory, _):
      try memory.reserve(rowCount + codes.count, expecting: expectedRowCount)
      for offset in codes.indices {
        memory.elements[rowCount + offset] = UInt8(truncatingIfNeeded: codes[offset])
      }
      memory.setCount(rowCount + codes.count)
    case .codes16(let memory, _):
      try memory.reserve(rowCount + codes.count, expecting: expectedRowCount)
      for offset in codes.indices { memory.elements[rowCount + offset] = codes[offset] }
      memory.setCount(rowCount + codes.count)
    default: preconditionFailure("storage of another type")
    }
    dictionary.count(codes, known, by: 1)
    return true
  }

  /// Finds the codes of texts, adding those the dictionary has not, and sees to it that a row of the
  /// column can hold each; false when the texts are better kept in a heap.
  func encode(
    _ block: TextBlock, _ known: [UInt8], _ dictionary: TextDictionary,
    into codes: inout [UInt16], addedRowCount: Int
  ) throws(StoreError) -> Bool {
    let rowCount = rowCount
    let isEncoded = try dictionary.encode(block, known, into: &codes) { distinct, offset in
      distinct > Self.dictionaryCountMin
        && distinct > (rowCount + min(offset, addedRowCount)) / Self.rowsPerDictionaryText
    }
    guard isEncoded else { return false }
    if case .codes8(let memory, _) = storage, dictionary.count > 256 {
      let wide = Memory<UInt16>(budget: budget)
      try wide.reserve(rowCount + addedRowCount, expecting: expectedRowCount)
      for row in 0..<rowCount { wide.elements[row] = UInt16(memory.elements[row]) }
      wide.setCount(rowCount)
      storage = .codes16(wide, dictionary)
    }
    return true
  }

  /// The texts of all rows as a heap with room for more; some rows get other texts on the way.
  ///
  /// - Parameter rows: Ascending; row *i* gets text *i* of the block.
  func heapOfCodes(
    _ dictionary: TextDictionary, adding addedCount: Int = 0, _ addedByteCount: Int = 0,
    replacing rows: [Int32] = [], with block: TextBlock = TextBlock()
  ) throws(StoreError) -> TextHeap {
    let heap = TextHeap(budget: budget)
    var byteCount = addedByteCount + block.bytes.count
    for (code, count) in dictionary.rowCounts.enumerated() {
      byteCount += count * dictionary.heap.text(code).count
    }
    try heap.reserve(
      count: rowCount + addedCount, byteCount: byteCount, expecting: expectedRowCount)
    try block.bytes.withUnsafeBufferPointer { replaced throws(StoreError) in
      var edit = 0
      for row in 0..<rowCount {
        if row & 0xFFFF == 0 { try Cancellation.check() }
        if edit < rows.count && Int(rows[edit]) == row {
          try heap.append(UnsafeBufferPointer(rebasing: replaced[block.range(of: edit)]))
          edit += 1
        } else if let code = code(row) {
          try heap.append(dictionary.heap.text(code))
        } else {
          try heap.appendEmpty(1)
        }
      }
    }
    return heap
  }

  /// The dictionary's code of a row; nil when it is unknown or there is no dictionary.
  private func code(_ row: Int) -> Int? {
    guard isKnown(row) else { return nil }
    return switch storage {
    case .codes8(let memory, _): Int(memory.elements[row])
    case .codes16(let memory, _): Int(memory.elements[row])
    default: nil
    }
  }

  /// The bytes of a row's text; nil when it is unknown.
  func text(_ row: Int) -> UnsafeBufferPointer<UInt8>? {
    switch storage {
    case .codes8(_, let dictionary), .codes16(_, let dictionary):
      code(row).map { dictionary.heap.text($0) }
    case .heap(let heap): isKnown(row) ? heap.current(row) : nil
    default: nil
    }
  }

  /// The distinct texts, in order of code, of a column that keeps codes; nil for any other. A text
  /// that edits or dead rows have taken from all live rows may still be among them.
  package var dictionary: TextBlock? {
    guard let heap = dictionaryHeap else { return nil }
    var block = TextBlock()
    for code in 0..<heap.count {
      block.bytes.append(contentsOf: heap.text(code))
      block.ends.append(block.bytes.count)
    }
    return block
  }

  /// Texts of `dictionary`, those that no row has any more among them; nil for a column that keeps
  /// no codes.
  package var dictionaryCount: Int? {
    switch storage {
    case .codes8(_, let dictionary), .codes16(_, let dictionary): dictionary.count
    default: nil
    }
  }

  /// Rows that have each text of `dictionary`, dead ones among them; nil for a column that keeps no
  /// codes.
  package var dictionaryRowCounts: [Int]? {
    switch storage {
    case .codes8(_, let dictionary), .codes16(_, let dictionary): dictionary.rowCounts
    default: nil
    }
  }

  private var dictionaryHeap: TextHeap? {
    switch storage {
    case .codes8(_, let dictionary), .codes16(_, let dictionary): dictionary.heap
    default: nil
    }
  }
}
