/// Fills an empty column with what `encodeHead` and `encodePart` wrote of another one, part by part.
///
/// Whoever calls it has proved head and parts by their sums. What does not fit together, or could
/// not be read within its memory, is refused all the same, and the column stays empty.
package final class ColumnDecoder {
  /// What proves each part.
  package let parts: [EncodedPart]
  /// Rows in all.
  package let rowCount: Int
  private let column: Column
  private let form: EncodedForm
  private let storage: Storage
  private let validity: Validity?
  private var statistics = ColumnStatistics()
  /// Words are below this; of choices, flags and references.
  private let wordLimit: Int64?
  private var takenCount = 0

  /// Reads a head; nil when it is none of this column's.
  ///
  /// - Parameter referenceLimit: The rows of the entity that a reference names.
  /// - Throws: `memoryLimit`.
  package init?(_ head: [UInt8], of column: Column, referenceLimit: Int) throws(StoreError) {
    var reader = WordReader(head)
    guard reader.word() == Column.encodingVersion,
      let form = reader.word().flatMap(EncodedForm.init(rawValue:)),
      form.suits(column.type), let rowCount = reader.count(),
      let hasValidity = reader.count(1), let isRun = reader.count(1), let order = reader.count(3),
      let lastWord = reader.signed(),
      let statistics = Self.statistics(&reader, rowCount, column.statistics.codeCounts.count)
    else { return nil }
    self.column = column
    self.form = form
    self.rowCount = rowCount
    self.statistics = statistics
    self.statistics.order = WordOrder(
      isAscending: order & 1 != 0, isStrictlyAscending: order & 2 != 0, lastWord: lastWord)
    let chunkCount = form == .none || isRun == 1 ? 0 : statistics.chunks.count
    var parts: [EncodedPart] = []
    var bytesInAll = 0
    for part in 0..<chunkCount {
      guard let byteCount = reader.count(Int(UInt32.max)), let sum = reader.word(),
        byteCount >= statistics.chunks[part].rowCount * form.byteWidth
      else { return nil }
      parts.append(EncodedPart(byteCount: byteCount, sum: sum))
      bytesInAll += byteCount
    }
    self.parts = parts
    switch column.type {
    case .choice(let list): wordLimit = Int64(list.names.count)
    case .flag: wordLimit = 2
    case .reference: wordLimit = Int64(referenceLimit)
    default: wordLimit = nil
    }
    guard
      let storage = try Self.storage(
        form, &reader, rowCount, heapByteCount: bytesInAll - rowCount * 4, column.budget),
      reader.isAtEnd
    else { return nil }
    self.storage = storage
    if isRun == 1 {
      let isFilled = hasValidity == 0 && Self.fill(storage, statistics.total)
      guard isFilled, Self.isWithin(statistics.total, wordLimit) else { return nil }
    }
    validity = hasValidity == 0 || form == .none ? nil : Validity(budget: column.budget)
    try validity?.reserve(rowCount / 8 + 1 + Column.roomRowCount(for: rowCount) / 8)
  }

  /// Takes the next part; false when it does not fit.
  package func take(_ bytes: RawSpan) -> Bool {
    guard takenCount < parts.count, bytes.byteCount == parts[takenCount].byteCount else {
      return false
    }
    let count = statistics.chunks[takenCount].rowCount
    let isTaken = bytes.withUnsafeBytes { take($0, count) }
    takenCount += 1
    return isTaken
  }

  /// Gives the column all that was taken; false when parts are missing.
  package func finish() -> Bool {
    guard takenCount == parts.count, column.rowCount == 0 else { return false }
    column.storage = storage
    column.validity = validity
    column.statistics = statistics
    column.noteChange()
    return true
  }

  // MARK: parts

  private func take(_ bytes: UnsafeRawBufferPointer, _ count: Int) -> Bool {
    let validityByteCount = validity == nil ? 0 : (count + 7) / 8
    let valueByteCount = bytes.count - validityByteCount
    guard valueByteCount >= 0 else { return false }
    let values = UnsafeRawBufferPointer(rebasing: bytes[..<valueByteCount])
    if let validity { copy(bytes[valueByteCount...], validityByteCount, to: validity) }
    switch storage {
    case .none: return false
    case .bytes(let memory): return takeWords(values, count, to: memory, wordLimit)
    case .int8(let memory): return takeWords(values, count, to: memory, wordLimit)
    case .int16(let memory): return takeWords(values, count, to: memory, wordLimit)
    case .int32(let memory): return takeWords(values, count, to: memory, wordLimit)
    case .int64(let memory): return takeWords(values, count, to: memory, wordLimit)
    case .reals(let memory):
      guard values.count == count * 8 else { return false }
      copy(values[...], count, to: memory)
      return true
    case .codes8(let memory, let dictionary):
      return takeWords(values, count, to: memory, Int64(max(1, dictionary.count)))
    case .codes16(let memory, let dictionary):
      return takeWords(values, count, to: memory, Int64(max(1, dictionary.count)))
    case .heap(let heap): return heap.take(values, count: count)
    }
  }

  /// Copies words of which none is below 0 or reaches the limit; an unknown one is 0.
  private func takeWords<Element: FixedWidthInteger & BitwiseCopyable>(
    _ bytes: UnsafeRawBufferPointer, _ count: Int, to memory: Memory<Element>, _ limit: Int64?
  ) -> Bool {
    guard bytes.count == count * MemoryLayout<Element>.size else { return false }
    let start = memory.count
    copy(bytes[...], count, to: memory)
    guard let limit else { return true }
    let words = memory.used[start...]
    var (lower, upper) = (Element.zero, Element.zero)
    for word in words {
      lower = min(lower, word)
      upper = max(upper, word)
    }
    return lower >= 0 && (upper == 0 || Int64(truncatingIfNeeded: upper) < limit)
  }

  private func copy<Element: BitwiseCopyable>(
    _ bytes: Slice<UnsafeRawBufferPointer>, _ count: Int, to memory: Memory<Element>
  ) {
    let start = memory.count
    memory.setCount(start + count)
    UnsafeMutableRawBufferPointer(
      UnsafeMutableBufferPointer(rebasing: memory.elements[start..<start + count])
    ).copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes))
  }

  // MARK: heads

  private static func statistics(
    _ reader: inout WordReader, _ rowCount: Int, _ codeCount: Int
  ) -> ColumnStatistics? {
    var statistics = ColumnStatistics()
    for start in stride(from: 0, to: rowCount, by: Limits.chunkRowCount) {
      var chunk = ChunkStatistics()
      chunk.rowCount = min(Limits.chunkRowCount, rowCount - start)
      guard let lower = reader.signed(), let upper = reader.signed(),
        let lowerReal = reader.word(), let upperReal = reader.word(),
        let unknownCount = reader.count(chunk.rowCount)
      else { return nil }
      (chunk.lower, chunk.upper) = (lower, upper)
      chunk.lowerReal = Double(bitPattern: lowerReal)
      chunk.upperReal = Double(bitPattern: upperReal)
      chunk.unknownCount = unknownCount
      statistics.add(chunk)
    }
    guard let usedCount = reader.count(codeCount), let counts = reader.words(usedCount),
      counts.allSatisfy({ $0 <= UInt64(rowCount) })
    else { return nil }
    statistics.codeCounts =
      counts.map { Int($0) } + [Int](repeating: 0, count: codeCount - usedCount)
    return statistics
  }

  private static func storage(
    _ form: EncodedForm, _ reader: inout WordReader, _ rowCount: Int, heapByteCount: Int,
    _ budget: Budget
  ) throws(StoreError) -> Storage? {
    let room = rowCount + Column.roomRowCount(for: rowCount)
    switch form {
    case .none: return .some(.none)
    case .bytes: return .bytes(try memory(room, budget))
    case .int8: return .int8(try memory(room, budget))
    case .int16: return .int16(try memory(room, budget))
    case .int32: return .int32(try memory(room, budget))
    case .int64: return .int64(try memory(room, budget))
    case .reals: return .reals(try memory(room, budget))
    case .codes8:
      guard let dictionary = try dictionary(&reader, rowCount, budget) else { return nil }
      return .codes8(try memory(room, budget), dictionary)
    case .codes16:
      guard let dictionary = try dictionary(&reader, rowCount, budget) else { return nil }
      return .codes16(try memory(room, budget), dictionary)
    case .heap:
      let heap = TextHeap(budget: budget)
      guard heapByteCount >= 0, heapByteCount <= Int(UInt32.max) else { return nil }
      try heap.reserve(count: room, byteCount: heapByteCount)
      return .heap(heap)
    }
  }

  private static func isWithin(_ total: ChunkStatistics, _ limit: Int64?) -> Bool {
    guard let limit else { return true }
    return total.lower >= 0 && total.upper < limit
  }

  /// Fills words that count up; false when the bounds are not those of so many.
  private static func fill(_ storage: Storage, _ total: ChunkStatistics) -> Bool {
    let (span, isOverflow) = total.upper.subtractingReportingOverflow(total.lower)
    guard !isOverflow, span == Int64(total.rowCount) - 1, total.unknownCount == 0 else {
      return false
    }
    switch storage {
    case .int8(let memory): return fill(memory, total)
    case .int16(let memory): return fill(memory, total)
    case .int32(let memory): return fill(memory, total)
    case .int64(let memory): return fill(memory, total)
    default: return false
    }
  }

  private static func fill<Element: FixedWidthInteger & BitwiseCopyable>(
    _ memory: Memory<Element>, _ total: ChunkStatistics
  ) -> Bool {
    guard let first = Element(exactly: total.lower), Element(exactly: total.upper) != nil else {
      return false
    }
    memory.setCount(total.rowCount)
    let words = memory.elements
    for row in 0..<total.rowCount { words[row] = first &+ Element(truncatingIfNeeded: row) }
    return true
  }

  private static func memory<Element>(
    _ capacity: Int, _ budget: Budget
  ) throws(StoreError) -> Memory<Element> {
    let memory = Memory<Element>(budget: budget)
    try memory.reserve(capacity)
    return memory
  }

  private static func dictionary(
    _ reader: inout WordReader, _ rowCount: Int, _ budget: Budget
  ) throws(StoreError) -> TextDictionary? {
    guard let count = reader.count(TextDictionary.countMax), let counts = reader.words(count),
      counts.allSatisfy({ $0 <= UInt64(rowCount) })
    else { return nil }
    var block = TextBlock()
    for _ in 0..<count {
      guard let text = reader.run() else { return nil }
      block.append(text[...])
    }
    return try TextDictionary(block, rowCounts: counts.map { Int($0) }, budget: budget)
  }
}

extension EncodedForm {
  /// Whether a column of the type may have this form.
  fileprivate func suits(_ type: ValueType) -> Bool {
    switch (self, type) {
    case (.none, _), (.bytes, .choice), (.bytes, .flag), (.reals, .number): true
    case (.codes8, .text), (.codes16, .text), (.heap, .text): true
    case (_, .choice), (_, .flag), (_, .number), (_, .text): false
    case (.int8, _), (.int16, _), (.int32, _), (.int64, _): true
    default: false
    }
  }
}

extension TextHeap {
  /// Adds texts whose ends come before their bytes; false when an end lies outside them.
  fileprivate func take(_ part: UnsafeRawBufferPointer, count: Int) -> Bool {
    let byteCount = part.count - 4 * count
    guard byteCount >= 0, bytes.count + byteCount <= bytes.capacity,
      offsets.count + count <= offsets.capacity
    else { return false }
    let first = UInt32(truncatingIfNeeded: bytes.count)
    let place = offsets.count
    let target = offsets.elements
    var last: UInt32 = 0
    var descents = 0
    for index in 0..<count {
      let end = UInt32(littleEndian: part.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self))
      descents &+= end < last ? 1 : 0
      last = end
      target[place + index] = first &+ end
    }
    guard descents == 0, Int(last) == byteCount else { return false }
    offsets.setCount(place + count)
    let start = bytes.count
    bytes.setCount(start + byteCount)
    UnsafeMutableRawBufferPointer(
      UnsafeMutableBufferPointer(rebasing: bytes.elements[start..<start + byteCount])
    ).copyMemory(from: UnsafeRawBufferPointer(rebasing: part[(4 * count)...]))
    return true
  }
}
