/// Cells that got other values, as they were before: what puts them back without fail.
///
/// Memory that gave way to a wider or another form is kept as it was.
struct ReplacedCells {
  /// The rows, ascending.
  let rows: [Int32]
  /// What they had.
  let values: Vector
  /// The same as the column held it; written back where the memory is still the column's.
  fileprivate let cells: Cells
  fileprivate let storage: Storage
  fileprivate let validity: Validity?
  fileprivate let statistics: ColumnStatistics.EditMark
  fileprivate let dictionaryCount: Int
  /// Covers what the cells had and what they have, twice.
  fileprivate let claim: BudgetClaim
}

/// Values in the form in which a column holds them.
private enum Cells {
  /// The column holds them already, or holds nothing.
  case none
  case words([Int64])
  case reals([Double])
  case codes([UInt16])
  /// Nil is the text that stands in the heap.
  case patches([Memory<UInt8>?])
}

extension Column {
  /// Rows of a heap that may be patched: 1% of them, but 1,024 at least.
  private var patchCountMax: Int { max(1_024, rowCount / 100) }

  /// Gives cells other values: `rows[i]` becomes `given[i]`. All or nothing; rows keep their places.
  ///
  /// A known reference below 0 and a number that is none (NaN) become unknown.
  /// - Parameter rows: Ascending, each once.
  /// - Throws: `memoryLimit`, `interrupted`, before the first cell is written.
  /// - Complexity: O(*n*) in the rows; in the column when it needs another form, or when more texts of
  ///   a heap change than are patched.
  func replace(_ rows: [Int32], with given: Vector) throws(StoreError) -> ReplacedCells {
    checkRows(rows, count: given.count)
    try Cancellation.check()
    let values = storable(given)
    let claim = BudgetClaim(budget)
    try claim.cover(2 * given.byteCount)
    let old = ReplacedCells(
      rows: rows, values: load(.list(rows)), cells: cells(at: rows), storage: storage,
      validity: validity, statistics: statistics.mark(at: rows),
      dictionaryCount: storage.dictionary?.count ?? 0, claim: claim)
    let cells: Cells
    do throws(StoreError) {
      try claim.cover(2 * (given.byteCount + old.values.byteCount))
      try Cancellation.check()
      try prepareValidity(values)
      cells = try prepareCells(values, at: rows)
    } catch {
      storage = old.storage
      validity = old.validity
      storage.dictionary?.truncate(to: old.dictionaryCount)
      noteChange()
      throw error
    }
    // Codes that went over into a heap stay counted, for the case that they come back.
    let isCounting = old.storage.dictionary == nil || storage.dictionary != nil
    if isCounting { count(.list(rows), by: -1) }
    write(cells, at: rows)
    writeValidity(values.known, at: rows)
    noteEdit(of: rows, from: old.values.known, to: values)
    if isCounting { count(.list(rows), by: 1) }
    editedCount += rows.count
    isEdited = true
    noteChange()
    return old
  }

  /// Gives cells other values, as `replace` does, of a column that nobody reads yet.
  package func edit(_ rows: [Int32], with values: Vector) throws(StoreError) {
    if !rows.isEmpty { _ = try replace(rows, with: values) }
  }

  /// Puts cells back that were replaced, all that was changed since having been taken back. Cannot
  /// fail.
  func putBack(_ old: ReplacedCells) {
    let isCounting = old.storage.dictionary == nil || storage.dictionary != nil
    if isCounting { count(.list(old.rows), by: -1) }
    let isSame = storage.isSame(as: old.storage)
    storage = old.storage
    validity = old.validity
    if isSame { write(old.cells, at: old.rows) }
    writeValidity(old.values.known, at: old.rows)
    statistics.restore(old.statistics)
    if isCounting { count(.list(old.rows), by: 1) }
    storage.dictionary?.truncate(to: old.dictionaryCount)
    noteChange()
  }

  private func checkRows(_ rows: [Int32], count: Int) {
    precondition(rows.count == count, "one value a row")
    precondition(
      (rows.first ?? 0) >= 0 && Int(rows.last ?? -1) < rowCount, "rows outside the column")
    var isAscending = true
    for offset in 1..<max(1, rows.count) where rows[offset] <= rows[offset - 1] {
      isAscending = false
    }
    precondition(isAscending, "rows to be edited ascend, each once")
  }

  /// The values as the column may hold them.
  private func storable(_ values: Vector) -> Vector {
    switch values.values {
    case .words(let words):
      guard case .reference = type else { return values }
      var values = values
      for offset in words.indices where words[offset] < 0 { values.known[offset] = 0 }
      return values
    case .reals(let reals):
      precondition(type == .number, "numbers for a column of another type")
      var values = values
      for offset in reals.indices where reals[offset].isNaN { values.known[offset] = 0 }
      return values
    case .texts:
      precondition(type == .text, "texts for a column of another type")
      return values
    }
  }

  /// What the rows hold now.
  private func cells(at rows: [Int32]) -> Cells {
    var known: [UInt8] = []
    switch storage {
    case .none: return .none
    case .bytes, .int8, .int16, .int32, .int64:
      var words: [Int64] = []
      loadWords(.list(rows), into: &words, known: &known)
      return .words(words)
    case .reals:
      var reals: [Double] = []
      loadReals(.list(rows), into: &reals, known: &known)
      return .reals(reals)
    case .codes8, .codes16:
      var codes: [Int64] = []
      loadCodes(.list(rows), into: &codes, known: &known)
      return .codes(codes.map { UInt16(truncatingIfNeeded: $0) })
    case .heap(let heap):
      return heap.patches.isEmpty
        ? .patches([Memory<UInt8>?](repeating: nil, count: rows.count))
        : .patches(rows.map { heap.patches[$0] })
    }
  }
}

// Before the first cell is written: all that can fail.
extension Column {
  private func prepareValidity(_ values: Vector) throws(StoreError) {
    let unknownCount = values.known.count { $0 == 0 }
    if case .none = storage, unknownCount == values.count { return }
    try prepareValidity(adding: 0, hasUnknown: unknownCount > 0)
  }

  /// Sees to it that the column can hold the values, and gives them in its form.
  private func prepareCells(_ values: Vector, at rows: [Int32]) throws(StoreError) -> Cells {
    let isNoneKnown = !values.known.contains { $0 != 0 }
    if case .none = storage, isNoneKnown { return .none }
    switch values.values {
    case .words(let words):
      var (lower, upper) = (Int64.max, Int64.min)
      for offset in words.indices where values.known[offset] != 0 {
        lower = min(lower, words[offset])
        upper = max(upper, words[offset])
      }
      if isNoneKnown { return .words([Int64](repeating: 0, count: rows.count)) }
      checkWords(lower, upper)
      try prepareWords(lower, upper, adding: 0)
      return .words(words.indices.map { values.known[$0] == 0 ? 0 : words[$0] })
    case .reals(let reals):
      if case .none = storage { storage = .reals(try unknownMemory(rowCount)) }
      // Adding zero makes of -0 the 0 it equals.
      return .reals(reals.indices.map { values.known[$0] == 0 ? 0 : reals[$0] + 0 })
    case .texts(let texts):
      let block = values.known.contains(0) ? withoutUnknown(texts, values.known) : texts
      return try prepareTexts(block, values.known, at: rows)
    }
  }

  private func prepareTexts(
    _ block: TextBlock, _ known: [UInt8], at rows: [Int32]
  ) throws(StoreError) -> Cells {
    if case .none = storage {
      storage = .codes8(try unknownMemory(rowCount), TextDictionary(budget: budget))
    }
    switch storage {
    case .codes8(_, let dictionary), .codes16(_, let dictionary):
      var codes = [UInt16](repeating: 0, count: rows.count)
      if try encode(block, known, dictionary, into: &codes, addedRowCount: 0) {
        return .codes(codes)
      }
      storage = .heap(try heapOfCodes(dictionary, replacing: rows, with: block))
      return .none
    case .heap(let heap):
      if heap.patches.rows.count + rows.count > patchCountMax {
        storage = .heap(try heap.folded(replacing: rows, with: block, budget: budget))
        return .none
      }
      return .patches(try heap.makePatches(block, budget: budget))
    default: preconditionFailure("storage of another type")
    }
  }

  /// The block with empty texts where they are unknown, whatever it held.
  private func withoutUnknown(_ block: TextBlock, _ known: [UInt8]) -> TextBlock {
    var cleaned = TextBlock()
    for offset in known.indices {
      cleaned.append(known[offset] == 0 ? [] : block.bytes[block.range(of: offset)])
    }
    return cleaned
  }
}

// Writing, which cannot fail.
extension Column {
  private func write(_ cells: Cells, at rows: [Int32]) {
    switch (storage, cells) {
    case (_, .none): break
    case (.bytes(let memory), .words(let words)): write(words, at: rows, to: memory)
    case (.int8(let memory), .words(let words)): write(words, at: rows, to: memory)
    case (.int16(let memory), .words(let words)): write(words, at: rows, to: memory)
    case (.int32(let memory), .words(let words)): write(words, at: rows, to: memory)
    case (.int64(let memory), .words(let words)): write(words, at: rows, to: memory)
    case (.codes8(let memory, _), .codes(let codes)): write(codes, at: rows, to: memory)
    case (.codes16(let memory, _), .codes(let codes)): write(codes, at: rows, to: memory)
    case (.reals(let memory), .reals(let reals)):
      for offset in rows.indices { memory.elements[Int(rows[offset])] = reals[offset] }
    case (.heap(let heap), .patches(let patches)):
      for offset in rows.indices { heap.patches[rows[offset]] = patches[offset] }
    default: preconditionFailure("cells of another form than the column's")
    }
  }

  private func write<Word: FixedWidthInteger, Element: FixedWidthInteger & BitwiseCopyable>(
    _ words: [Word], at rows: [Int32], to memory: Memory<Element>
  ) {
    let target = memory.elements
    for offset in rows.indices {
      target[Int(rows[offset])] = Element(truncatingIfNeeded: words[offset])
    }
  }

  private func writeValidity(_ known: [UInt8], at rows: [Int32]) {
    guard let validity else { return }
    let bits = validity.elements
    for offset in rows.indices {
      let row = Int(rows[offset])
      let bit = UInt8(1) << UInt8(truncatingIfNeeded: row & 7)
      if known[offset] == 0 { bits[row >> 3] &= ~bit } else { bits[row >> 3] |= bit }
    }
  }

  /// Brings the statistics to what the rows hold now, but for the counts of codes.
  private func noteEdit(of rows: [Int32], from before: [UInt8], to values: Vector) {
    var start = 0
    while start < rows.count {
      let chunk = Int(rows[start]) / Limits.chunkRowCount
      var end = start
      while end < rows.count && Int(rows[end]) / Limits.chunkRowCount == chunk { end += 1 }
      var part = bounds(of: values, start..<end)
      var unknownBefore = 0
      for offset in start..<end where before[offset] == 0 { unknownBefore += 1 }
      for offset in start..<end where values.known[offset] == 0 { part.unknownCount += 1 }
      statistics.edit(chunk: chunk, part, unknownBefore: unknownBefore)
      start = end
    }
    noteOrder(at: rows, isKnown: !values.known.contains(0))
  }

  private func bounds(of values: Vector, _ offsets: Range<Int>) -> ChunkStatistics {
    var part = ChunkStatistics()
    switch values.values {
    case .words(let words):
      for offset in offsets where values.known[offset] != 0 {
        part.lower = min(part.lower, words[offset])
        part.upper = max(part.upper, words[offset])
      }
    case .reals(let reals):
      for offset in offsets where values.known[offset] != 0 {
        part.lowerReal = min(part.lowerReal, reals[offset] + 0)
        part.upperReal = max(part.upperReal, reals[offset] + 0)
      }
    case .texts: break
    }
    return part
  }

  /// Words that ascended may do so no more: each edited one is compared with its neighbours.
  private func noteOrder(at rows: [Int32], isKnown: Bool) {
    guard statistics.order.isAscending else { return }
    guard isAscending, isKnown else {
      statistics.order = .none
      return
    }
    for row in rows.lazy.map({ Int($0) }) {
      for next in [row, row + 1] where next > 0 && next < rowCount {
        if word(next) < word(next - 1) { statistics.order.isAscending = false }
        if word(next) <= word(next - 1) { statistics.order.isStrictlyAscending = false }
      }
    }
    if statistics.order.isAscending { statistics.order.lastWord = word(rowCount - 1) }
    if !statistics.order.isAscending { statistics.order = .none }
  }
}
