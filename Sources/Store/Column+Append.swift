extension Column {
  /// Adds the vector's values at the end. A text of too many distinct values moves to a heap.
  ///
  /// All or nothing. A known reference below 0 and a number that is none (NaN) become unknown.
  /// - Complexity: O(*n*) in the vector; when a wider form is needed, in the column.
  package func append(_ vector: Vector) throws(StoreError) {
    guard vector.count > 0 else { return }
    let mark = mark()
    do {
      switch vector.values {
      case .words(let words): try appendWords(words, vector.known)
      case .reals(let reals): try appendReals(reals, vector.known)
      case .texts(let texts): try appendTexts(texts, vector.known)
      }
    } catch {
      restore(mark)
      throw error
    }
    noteChange()
  }

  /// Adds `count` unknown values at the end.
  package func appendUnknown(_ count: Int) throws(StoreError) {
    guard count > 0 else { return }
    let mark = mark()
    do {
      if case .none = storage {
      } else {
        try prepareValidity(adding: count, hasUnknown: true)
        switch storage {
        case .none: break
        case .bytes(let memory): try memory.append(repeating: 0, count: count)
        case .int8(let memory): try memory.append(repeating: 0, count: count)
        case .int16(let memory): try memory.append(repeating: 0, count: count)
        case .int32(let memory): try memory.append(repeating: 0, count: count)
        case .int64(let memory): try memory.append(repeating: 0, count: count)
        case .reals(let memory): try memory.append(repeating: 0, count: count)
        case .codes8(let memory, _): try memory.append(repeating: 0, count: count)
        case .codes16(let memory, _): try memory.append(repeating: 0, count: count)
        case .heap(let heap): try heap.appendEmpty(count)
        }
        appendUnknownValidity(count)
      }
    } catch {
      restore(mark)
      throw error
    }
    statistics.addUnknown(count)
    noteChange()
  }

  func appendWords<Word: FixedWidthInteger>(
    _ words: [Word], _ known: [UInt8]
  ) throws(StoreError) {
    var parts = chunkParts(known)
    words.withUnsafeBufferPointer { words in
      known.withUnsafeBufferPointer { known in
        forEachPart(&parts) { part, offset in addWordBounds(words, known, offset, &part) }
      }
    }
    var total = ChunkStatistics()
    for part in parts { total.add(part) }
    guard total.knownCount > 0 else { return try appendUnknown(words.count) }
    if case .reference = type, total.lower < 0 {
      var known = known
      for offset in known.indices where words[offset] < 0 { known[offset] = 0 }
      return try appendWords(words, known)
    }
    checkWords(total.lower, total.upper)
    try prepareWords(total.lower, total.upper, adding: words.count)
    try prepareValidity(adding: words.count, hasUnknown: total.unknownCount > 0)
    words.withUnsafeBufferPointer { words in
      known.withUnsafeBufferPointer { known in
        if case .bytes = storage { countCodes(words, known) }
        noteOrder(words, hasUnknown: total.unknownCount > 0)
        let mask = total.unknownCount > 0 ? known : nil
        switch storage {
        case .bytes(let memory): copyWords(words, mask, to: memory)
        case .int8(let memory): copyWords(words, mask, to: memory)
        case .int16(let memory): copyWords(words, mask, to: memory)
        case .int32(let memory): copyWords(words, mask, to: memory)
        case .int64(let memory): copyWords(words, mask, to: memory)
        case .none, .reals, .codes8, .codes16, .heap: preconditionFailure("storage was prepared")
        }
        appendValidity(mask, count: words.count)
      }
    }
    for part in parts { statistics.add(part) }
  }

  /// Checks that words from `lower` to `upper` are of the column's type.
  func checkWords(_ lower: Int64, _ upper: Int64) {
    switch type {
    case .choice: precondition(lower >= 0 && upper < 255, "a choice code is 0 to 254")
    case .flag: precondition(lower >= 0 && upper <= 1, "a flag is 0 or 1")
    case .text, .number: preconditionFailure("words for a column of another type")
    default: break
    }
  }

  private func copyWords<Word: FixedWidthInteger, Element: FixedWidthInteger & BitwiseCopyable>(
    _ words: UnsafeBufferPointer<Word>, _ known: UnsafeBufferPointer<UInt8>?,
    to memory: Memory<Element>
  ) {
    let start = memory.count
    memory.setCount(start + words.count)
    let target = UnsafeMutableBufferPointer(rebasing: memory.elements[start..<memory.count])
    if let known {
      // An unknown value's word is 0 whatever the vector holds.
      for offset in 0..<words.count {
        let mask = known[offset] == 0 ? 0 : ~Word(0)
        target[offset] = Element(truncatingIfNeeded: words[offset] & mask)
      }
    } else {
      for offset in 0..<words.count {
        target[offset] = Element(truncatingIfNeeded: words[offset])
      }
    }
  }

  private func appendReals(_ reals: [Double], _ known: [UInt8]) throws(StoreError) {
    guard case .number = type else { preconditionFailure("numbers for a column of another type") }
    if zip(reals, known).contains(where: { $0.isNaN && $1 != 0 }) {
      var cleaned = known
      for offset in known.indices where reals[offset].isNaN { cleaned[offset] = 0 }
      return try appendReals(reals, cleaned)
    }
    var parts = chunkParts(known)
    reals.withUnsafeBufferPointer { reals in
      known.withUnsafeBufferPointer { known in
        forEachPart(&parts) { part, offset in addRealBounds(reals, known, offset, &part) }
      }
    }
    let unknownCount = parts.reduce(0) { $0 + $1.unknownCount }
    guard unknownCount < reals.count else { return try appendUnknown(reals.count) }
    if case .none = storage { storage = .reals(try unknownMemory(reals.count + rowCount)) }
    guard case .reals(let memory) = storage else { preconditionFailure("storage of another type") }
    try memory.reserve(rowCount + reals.count, expecting: expectedRowCount)
    try prepareValidity(adding: reals.count, hasUnknown: unknownCount > 0)
    reals.withUnsafeBufferPointer { reals in
      known.withUnsafeBufferPointer { known in
        let start = memory.count
        memory.setCount(start + reals.count)
        let target = UnsafeMutableBufferPointer(rebasing: memory.elements[start..<memory.count])
        // Adding zero makes of -0 the 0 it equals.
        for offset in 0..<reals.count {
          target[offset] = known[offset] == 0 ? 0 : reals[offset] + 0
        }
        appendValidity(unknownCount > 0 ? known : nil, count: reals.count)
      }
    }
    for part in parts { statistics.add(part) }
    statistics.order = .none
  }
}

// Statistics of a vector, cut where the column's chunks are.
extension Column {
  /// One empty part for each chunk that the vector's rows fall into, its counts filled in.
  func chunkParts(_ known: [UInt8]) -> [ChunkStatistics] {
    var parts: [ChunkStatistics] = []
    known.withUnsafeBufferPointer { known in
      var offset = 0
      while offset < known.count {
        let room = Limits.chunkRowCount - (rowCount + offset) % Limits.chunkRowCount
        let count = min(room, known.count - offset)
        var part = ChunkStatistics()
        part.rowCount = count
        var knownCount = 0
        for position in offset..<offset + count { knownCount &+= Int(known[position] >> 7) }
        part.unknownCount = count - knownCount
        parts.append(part)
        offset += count
      }
    }
    return parts
  }

  private func forEachPart(
    _ parts: inout [ChunkStatistics], _ body: (inout ChunkStatistics, Int) -> Void
  ) {
    var offset = 0
    for index in parts.indices {
      body(&parts[index], offset)
      offset += parts[index].rowCount
    }
  }

  private func addWordBounds<Word: FixedWidthInteger>(
    _ words: UnsafeBufferPointer<Word>, _ known: UnsafeBufferPointer<UInt8>, _ start: Int,
    _ part: inout ChunkStatistics
  ) {
    guard part.unknownCount < part.rowCount else { return }
    var lower = Word.max
    var upper = Word.min
    if part.unknownCount == 0 {
      for offset in start..<start + part.rowCount {
        lower = min(lower, words[offset])
        upper = max(upper, words[offset])
      }
    } else {
      for offset in start..<start + part.rowCount {
        let isKnown = known[offset] != 0
        lower = min(lower, isKnown ? words[offset] : .max)
        upper = max(upper, isKnown ? words[offset] : .min)
      }
    }
    part.lower = Int64(truncatingIfNeeded: lower)
    part.upper = Int64(truncatingIfNeeded: upper)
  }

  private func addRealBounds(
    _ reals: UnsafeBufferPointer<Double>, _ known: UnsafeBufferPointer<UInt8>, _ start: Int,
    _ part: inout ChunkStatistics
  ) {
    var lower = Double.infinity
    var upper = -Double.infinity
    for offset in start..<start + part.rowCount {
      let isKnown = known[offset] != 0
      let low = isKnown ? reals[offset] : .infinity
      let high = isKnown ? reals[offset] : -.infinity
      lower = low < lower ? low : lower
      upper = high > upper ? high : upper
    }
    part.lowerReal = lower
    part.upperReal = upper
  }

  private func countCodes<Word: FixedWidthInteger>(
    _ words: UnsafeBufferPointer<Word>, _ known: UnsafeBufferPointer<UInt8>
  ) {
    statistics.codeCounts.withUnsafeMutableBufferPointer { counts in
      for offset in 0..<words.count {
        counts[Int(words[offset])] &+= Int(known[offset] >> 7)
      }
    }
  }

  private func noteOrder<Word: FixedWidthInteger>(
    _ words: UnsafeBufferPointer<Word>, hasUnknown: Bool
  ) {
    guard statistics.order.isAscending, !hasUnknown else {
      statistics.order = .none
      return
    }
    let first = Int64(truncatingIfNeeded: words[0])
    var descents = first < statistics.order.lastWord ? 1 : 0
    var ties = rowCount > 0 && first == statistics.order.lastWord ? 1 : 0
    // A part after the other: of what does not ascend little more than the first is looked at.
    var start = 1
    while start < words.count, descents == 0 {
      let end = min(start + Limits.batchRowCount, words.count)
      for offset in start..<end {
        descents &+= words[offset] < words[offset - 1] ? 1 : 0
        ties &+= words[offset] == words[offset - 1] ? 1 : 0
      }
      start = end
    }
    statistics.order.isAscending = descents == 0
    statistics.order.isStrictlyAscending =
      statistics.order.isStrictlyAscending && descents + ties == 0
    statistics.order.lastWord = Int64(truncatingIfNeeded: words[words.count - 1])
  }
}
