/// The physical forms of a column.
enum Storage {
  /// No row has a known value.
  case none
  /// Choice codes and flags.
  case bytes(Memory<UInt8>)
  case int8(Memory<Int8>)
  case int16(Memory<Int16>)
  case int32(Memory<Int32>)
  case int64(Memory<Int64>)
  case reals(Memory<Double>)
  case codes8(Memory<UInt8>, TextDictionary)
  case codes16(Memory<UInt16>, TextDictionary)
  case heap(TextHeap)
}

extension Storage {
  /// Whether both are the same pieces of memory.
  func isSame(as other: Storage) -> Bool {
    switch (self, other) {
    case (.none, .none): true
    case (.bytes(let a), .bytes(let b)): a === b
    case (.int8(let a), .int8(let b)): a === b
    case (.int16(let a), .int16(let b)): a === b
    case (.int32(let a), .int32(let b)): a === b
    case (.int64(let a), .int64(let b)): a === b
    case (.reals(let a), .reals(let b)): a === b
    case (.codes8(let a, _), .codes8(let b, _)): a === b
    case (.codes16(let a, _), .codes16(let b, _)): a === b
    case (.heap(let a), .heap(let b)): a === b
    default: false
    }
  }

  /// The dictionary of codes.
  var dictionary: TextDictionary? {
    switch self {
    case .codes8(_, let dictionary), .codes16(_, let dictionary): dictionary
    default: nil
    }
  }
}

extension Column {
  /// A state to go back to when rows that were appended are taken back.
  ///
  /// Of a fixed size: memory that gave way to a wider or another form is kept, so that going back
  /// needs none.
  struct Mark {
    fileprivate let statistics: ColumnStatistics.Mark
    fileprivate let dictionaryCount: Int
    fileprivate let storage: Storage
    fileprivate let validity: Validity?
  }

  /// The state now.
  func mark() -> Mark {
    Mark(
      statistics: statistics.mark, dictionaryCount: storage.dictionary?.count ?? 0,
      storage: storage, validity: validity)
  }

  /// Goes back to a marked state, whatever was edited since having been put back. Cannot fail.
  ///
  /// - Complexity: O(*n*) in the rows appended since.
  func restore(_ mark: Mark) {
    let rowCount = mark.statistics.rowCount
    // A column that left its codes for a heap has counted no row of theirs since.
    if rowCount < self.rowCount, mark.storage.dictionary === storage.dictionary {
      count(.run(base: rowCount, count: self.rowCount - rowCount), by: -1)
    }
    statistics.restore(mark.statistics)
    storage = mark.storage
    validity = mark.validity
    validity?.setCount((rowCount + 7) / 8)
    switch storage {
    case .none: break
    case .bytes(let memory): memory.setCount(rowCount)
    case .int8(let memory): memory.setCount(rowCount)
    case .int16(let memory): memory.setCount(rowCount)
    case .int32(let memory): memory.setCount(rowCount)
    case .int64(let memory): memory.setCount(rowCount)
    case .reals(let memory): memory.setCount(rowCount)
    case .codes8(let memory, _): memory.setCount(rowCount)
    case .codes16(let memory, _): memory.setCount(rowCount)
    case .heap(let heap): heap.truncate(to: rowCount)
    }
    storage.dictionary?.truncate(to: mark.dictionaryCount)
    noteChange()
  }

  /// Counts rows in or out of the counts of codes that a choice, flag or dictionary keeps.
  func count(_ rows: Rows, by step: Int) {
    switch storage {
    case .bytes, .codes8, .codes16: break
    default: return
    }
    switch rows {
    case .list: countBatch(rows, by: step)
    case .run(let first, let count):
      for base in stride(from: first, to: first + count, by: Limits.chunkRowCount) {
        let part = min(Limits.chunkRowCount, first + count - base)
        countBatch(.run(base: base, count: part), by: step)
      }
    }
  }

  private func countBatch(_ rows: Rows, by step: Int) {
    var words: [Int64] = []
    var known: [UInt8] = []
    if let dictionary = storage.dictionary {
      loadCodes(rows, into: &words, known: &known)
      dictionary.count(words, known, by: step)
    } else {
      loadWords(rows, into: &words, known: &known)
      // Taken out of the object for the loop, so that each step is not a checked access to it.
      var counts: [Int] = []
      swap(&counts, &statistics.codeCounts)
      for offset in words.indices where known[offset] != 0 { counts[Int(words[offset])] += step }
      swap(&counts, &statistics.codeCounts)
    }
  }

  /// Makes sure that words from `lower` to `upper` fit and that there is room for `count` more,
  /// moving to a wider form if need be.
  func prepareWords(_ lower: Int64, _ upper: Int64, adding count: Int) throws(StoreError) {
    let rowCount = rowCount + count
    switch storage {
    case .none:
      switch type {
      case .choice, .flag: storage = .bytes(try unknownMemory(rowCount))
      default:
        switch Self.byteWidth(lower, upper) {
        case 1: storage = .int8(try unknownMemory(rowCount))
        case 2: storage = .int16(try unknownMemory(rowCount))
        case 4: storage = .int32(try unknownMemory(rowCount))
        default: storage = .int64(try unknownMemory(rowCount))
        }
      }
    case .bytes(let memory): try memory.reserve(rowCount, expecting: expectedRowCount)
    case .int8(let memory): try widen(memory, for: Self.byteWidth(lower, upper), rowCount)
    case .int16(let memory): try widen(memory, for: Self.byteWidth(lower, upper), rowCount)
    case .int32(let memory): try widen(memory, for: Self.byteWidth(lower, upper), rowCount)
    case .int64(let memory): try memory.reserve(rowCount, expecting: expectedRowCount)
    case .reals, .codes8, .codes16, .heap: preconditionFailure("words for a column of others")
    }
  }

  /// Room for `capacity` elements of which as many as there are rows, all unknown, hold zero.
  func unknownMemory<Element: BitwiseCopyable & ExpressibleByIntegerLiteral>(
    _ capacity: Int
  ) throws(StoreError) -> Memory<Element> {
    let memory = Memory<Element>(budget: budget)
    try memory.reserve(max(capacity, rowCount), expecting: expectedRowCount)
    try memory.append(repeating: 0, count: rowCount)
    return memory
  }

  private func widen<Narrow: FixedWidthInteger & BitwiseCopyable>(
    _ memory: Memory<Narrow>, for byteWidth: Int, _ capacity: Int
  ) throws(StoreError) {
    guard byteWidth > MemoryLayout<Narrow>.size else {
      return try memory.reserve(capacity, expecting: expectedRowCount)
    }
    switch byteWidth {
    case 2: storage = .int16(try widened(memory, capacity))
    case 4: storage = .int32(try widened(memory, capacity))
    default: storage = .int64(try widened(memory, capacity))
    }
  }

  private func widened<
    Narrow: FixedWidthInteger & BitwiseCopyable, Wide: FixedWidthInteger & BitwiseCopyable
  >(_ memory: Memory<Narrow>, _ capacity: Int) throws(StoreError) -> Memory<Wide> {
    let wide = Memory<Wide>(budget: budget)
    try wide.reserve(max(capacity, rowCount), expecting: expectedRowCount)
    let source = memory.used
    let target = wide.elements
    for row in 0..<rowCount { target[row] = Wide(truncatingIfNeeded: source[row]) }
    wide.setCount(rowCount)
    return wide
  }

  private static func byteWidth(_ lower: Int64, _ upper: Int64) -> Int {
    if lower >= Int64(Int8.min) && upper <= Int64(Int8.max) { return 1 }
    if lower >= Int64(Int16.min) && upper <= Int64(Int16.max) { return 2 }
    if lower >= Int64(Int32.min) && upper <= Int64(Int32.max) { return 4 }
    return 8
  }
}
