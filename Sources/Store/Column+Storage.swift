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

extension Column {
  /// A state to go back to when a change fails half-way.
  struct Mark {
    fileprivate let statistics: ColumnStatistics
    fileprivate let dictionaryCount: Int
    fileprivate let codeCounts: [Int]
  }

  /// The state now. Costs a copy of the dictionary's counts at most.
  func mark() -> Mark {
    switch storage {
    case .codes8(_, let dictionary), .codes16(_, let dictionary):
      Mark(
        statistics: statistics, dictionaryCount: dictionary.count,
        codeCounts: dictionary.rowCounts)
    default: Mark(statistics: statistics, dictionaryCount: 0, codeCounts: [])
    }
  }

  /// Goes back to a marked state; a widened or changed form stays, as it holds the same values.
  func restore(_ mark: Mark) {
    statistics = mark.statistics
    noteChange()
    histogram = nil
    if rowCount == unknownCount {
      storage = .none
      validity = nil
      return
    }
    if unknownCount == 0 { validity = nil }
    validity?.setCount((rowCount + 7) / 8)
    switch storage {
    case .none: break
    case .bytes(let memory): memory.setCount(rowCount)
    case .int8(let memory): memory.setCount(rowCount)
    case .int16(let memory): memory.setCount(rowCount)
    case .int32(let memory): memory.setCount(rowCount)
    case .int64(let memory): memory.setCount(rowCount)
    case .reals(let memory): memory.setCount(rowCount)
    case .codes8(let memory, let dictionary):
      memory.setCount(rowCount)
      dictionary.restore(count: mark.dictionaryCount, rowCounts: mark.codeCounts)
    case .codes16(let memory, let dictionary):
      memory.setCount(rowCount)
      dictionary.restore(count: mark.dictionaryCount, rowCounts: mark.codeCounts)
    case .heap(let heap): heap.truncate(to: rowCount)
    }
  }

  /// Gives back room that no row uses.
  func trim() {
    validity?.trim()
    switch storage {
    case .none: break
    case .bytes(let memory): memory.trim()
    case .int8(let memory): memory.trim()
    case .int16(let memory): memory.trim()
    case .int32(let memory): memory.trim()
    case .int64(let memory): memory.trim()
    case .reals(let memory): memory.trim()
    case .codes8(let memory, _): memory.trim()
    case .codes16(let memory, _): memory.trim()
    case .heap(let heap): heap.trim()
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
    case .bytes(let memory): try memory.reserve(rowCount)
    case .int8(let memory): try widen(memory, for: Self.byteWidth(lower, upper), rowCount)
    case .int16(let memory): try widen(memory, for: Self.byteWidth(lower, upper), rowCount)
    case .int32(let memory): try widen(memory, for: Self.byteWidth(lower, upper), rowCount)
    case .int64(let memory): try memory.reserve(rowCount)
    case .reals, .codes8, .codes16, .heap: preconditionFailure("words for a column of others")
    }
  }

  /// Room for `capacity` elements of which as many as there are rows, all unknown, hold zero.
  func unknownMemory<Element: BitwiseCopyable & ExpressibleByIntegerLiteral>(
    _ capacity: Int
  ) throws(StoreError) -> Memory<Element> {
    let memory = Memory<Element>(budget: budget)
    try memory.reserve(max(capacity, rowCount))
    try memory.append(repeating: 0, count: rowCount)
    return memory
  }

  private func widen<Narrow: FixedWidthInteger & BitwiseCopyable>(
    _ memory: Memory<Narrow>, for byteWidth: Int, _ capacity: Int
  ) throws(StoreError) {
    guard byteWidth > MemoryLayout<Narrow>.size else { return try memory.reserve(capacity) }
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
    try wide.reserve(max(capacity, rowCount))
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
