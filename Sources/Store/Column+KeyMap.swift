/// The row of each key: by arithmetic where keys are dense, else an open-addressing hash.
///
/// Holds the newest row of a key; whether that row is live the table knows.
final class KeyMap {
  private enum Form {
    /// The row of key `lower + index`, or -1.
    case direct(lower: Int64, rows: Memory<Int32>)
    case hash(RowHash)
  }

  /// Rows entered: those below.
  private(set) var rowCount = 0
  private var form: Form
  private let column: Column
  private let budget: Budget

  /// Makes the map of all rows of a key column.
  init(_ column: Column, budget: Budget) throws(StoreError) {
    self.column = column
    self.budget = budget
    form = try Self.emptyForm(column, budget)
    try extend()
  }

  /// Enters the rows appended since.
  func extend() throws(StoreError) {
    guard rowCount < column.rowCount else { return }
    switch form {
    case .direct(let lower, let rows):
      let bounds = column.wordBounds
      if let bounds, bounds.lowerBound < lower || bounds.upperBound - lower >= rows.count {
        form = try Self.emptyForm(column, budget)
        rowCount = 0
      }
    case .hash(let hash) where hash.hasRoom(for: column.rowCount): break
    case .hash(let hash):
      // Keys that were sparse among the first rows may be dense among all.
      if Self.isDense(column) {
        form = try Self.emptyForm(column, budget)
        rowCount = 0
      } else {
        try hash.reserve(column.rowCount)
      }
    }
    if case .text = column.type { enterTexts() } else { enterWords() }
    rowCount = column.rowCount
  }

  /// The newest row with this integer key.
  @inline(__always)
  func row(_ word: Int64) -> Int? {
    switch form {
    case .direct(let lower, let rows):
      let (place, isOverflow) = word.subtractingReportingOverflow(lower)
      guard !isOverflow, place >= 0, place < rows.count else { return nil }
      let row = rows.elements[Int(place)]
      return row < 0 ? nil : Int(row)
    case .hash(let hash):
      return hash.row(hashWord(word)) { column.word($0) == word }
    }
  }

  /// The newest row with this text key, compared by bytes.
  @inline(__always)
  func row(_ text: UnsafeBufferPointer<UInt8>) -> Int? {
    guard case .hash(let hash) = form else { return nil }
    return hash.row(hashBytes(text)) { row in
      column.text(row).map { isEqualBytes($0, text) } ?? false
    }
  }

  /// The row of each key of a vector; -1 where there is none.
  func rows(_ keys: Vector) -> [Int32] {
    var rows = [Int32](repeating: -1, count: keys.count)
    switch keys.values {
    case .words(let words):
      switch form {
      case .direct(let lower, let map):
        let map = map.elements
        let count = UInt64(map.count)
        for offset in words.indices {
          let place = UInt64(bitPattern: words[offset] &- lower)
          rows[offset] = place < count ? map[Int(truncatingIfNeeded: place)] : -1
        }
      case .hash:
        for offset in words.indices {
          if let row = row(words[offset]) { rows[offset] = Int32(truncatingIfNeeded: row) }
        }
      }
      for offset in words.indices where keys.known[offset] == 0 { rows[offset] = -1 }
    case .texts(let block):
      block.bytes.withUnsafeBufferPointer { bytes in
        for offset in 0..<block.count where keys.known[offset] != 0 {
          let text = UnsafeBufferPointer(rebasing: bytes[block.range(of: offset)])
          if let row = row(text) { rows[offset] = Int32(row) }
        }
      }
    case .reals: preconditionFailure("keys are integers or texts")
    }
    return rows
  }

  /// For each key of a vector the offset of an equal one before it, -1 where there is none.
  static func earlierEqual(_ keys: Vector) throws(StoreError) -> [Int32] {
    var earlier = [Int32](repeating: -1, count: keys.count)
    let hash = try RowHash(count: keys.count, budget: Budget())
    switch keys.values {
    case .words(let words):
      for offset in words.indices where keys.known[offset] != 0 {
        let code = hashWord(words[offset])
        if let first = hash.row(code, where: { words[$0] == words[offset] }) {
          earlier[offset] = Int32(first)
        } else {
          hash.set(offset, code) { _ in false }
        }
      }
    case .texts(let block):
      block.bytes.withUnsafeBufferPointer { bytes in
        let text = { UnsafeBufferPointer(rebasing: bytes[block.range(of: $0)]) }
        for offset in 0..<block.count where keys.known[offset] != 0 {
          let code = hashBytes(text(offset))
          if let first = hash.row(code, where: { isEqualBytes(text($0), text(offset)) }) {
            earlier[offset] = Int32(first)
          } else {
            hash.set(offset, code) { _ in false }
          }
        }
      }
    case .reals: preconditionFailure("keys are integers or texts")
    }
    return earlier
  }

  private static func emptyForm(_ column: Column, _ budget: Budget) throws(StoreError) -> Form {
    if let bounds = column.wordBounds, isDense(column) {
      let rows = Memory<Int32>(budget: budget)
      // Half as much again, so that keys that keep growing do not begin anew each time.
      let span = Int(bounds.upperBound - bounds.lowerBound)
      try rows.reserve(span + 1 + span / 2)
      try rows.append(repeating: -1, count: span + 1 + span / 2)
      return .direct(lower: bounds.lowerBound, rows: rows)
    }
    return .hash(try RowHash(count: column.rowCount, budget: budget))
  }

  /// Whether an array with a place for each possible key is small enough.
  private static func isDense(_ column: Column) -> Bool {
    guard let bounds = column.wordBounds else { return false }
    let (span, isOverflow) = bounds.upperBound.subtractingReportingOverflow(bounds.lowerBound)
    return !isOverflow && span < column.rowCount * 4 + 65_536
  }

  private func enterWords() {
    var words: [Int64] = []
    var known: [UInt8] = []
    var base = rowCount
    while base < column.rowCount {
      let count = min(Limits.chunkRowCount, column.rowCount - base)
      column.loadWords(.run(base: base, count: count), into: &words, known: &known)
      switch form {
      case .direct(let lower, let rows):
        let target = rows.elements
        for offset in 0..<count where known[offset] != 0 {
          target[Int(words[offset] - lower)] = Int32(truncatingIfNeeded: base + offset)
        }
      case .hash(let hash):
        for offset in 0..<count where known[offset] != 0 {
          let word = words[offset]
          hash.set(base + offset, hashWord(word)) { column.word($0) == word }
        }
      }
      base += count
    }
  }

  private func enterTexts() {
    guard case .hash(let hash) = form else { return }
    for row in rowCount..<column.rowCount {
      guard let text = column.text(row) else { continue }
      hash.set(row, hashBytes(text)) { other in
        column.text(other).map { isEqualBytes($0, text) } ?? false
      }
    }
  }
}

extension Column {
  /// The word of a row, 0 when it is unknown.
  @inline(__always)
  func word(_ row: Int) -> Int64 {
    switch storage {
    case .bytes(let memory): Int64(memory.elements[row])
    case .int8(let memory): Int64(memory.elements[row])
    case .int16(let memory): Int64(memory.elements[row])
    case .int32(let memory): Int64(memory.elements[row])
    case .int64(let memory): memory.elements[row]
    case .none, .reals, .codes8, .codes16, .heap: 0
    }
  }
}
