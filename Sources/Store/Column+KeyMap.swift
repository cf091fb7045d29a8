/// The row of each key: by arithmetic where keys are dense, else an open-addressing hash.
///
/// Holds the live row of a key, if there is one; of other keys perhaps a dead one, which the table
/// knows.
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

  /// Makes the map of the live rows of a key column.
  init(_ column: Column, budget: Budget, isDead: ((Int) -> Bool)?) throws(StoreError) {
    self.column = column
    self.budget = budget
    form = try Self.emptyForm(column, budget)
    try extend(isDead: isDead)
  }

  /// Enters the live rows appended since.
  func extend(isDead: ((Int) -> Bool)?) throws(StoreError) {
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
    if case .text = column.type { enterTexts(isDead) } else { enterWords(isDead) }
    rowCount = column.rowCount
  }

  /// The row with this integer key.
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

  /// The row with this text key, compared by bytes.
  @inline(__always)
  func row(_ text: UnsafeBufferPointer<UInt8>) -> Int? {
    guard case .hash(let hash) = form else { return nil }
    return hash.row(hashBytes(text)) { column.isText($0, text) }
  }

  /// The row of each key of a vector; -1 where there is none.
  func rows(_ keys: Vector) -> [Int32] {
    var rows = [Int32](repeating: -1, count: keys.count)
    switch keys.values {
    case .words(let words):
      switch form {
      case .direct(let lower, let map):
        let map = map.used
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

  /// Enters a row that lives again; one that has not been entered yet will be with its neighbours.
  func enter(_ row: Int) {
    guard row < rowCount, column.isKnown(row) else { return }
    switch form {
    case .direct(let lower, let rows):
      rows[Int(column.word(row) - lower)] = Int32(truncatingIfNeeded: row)
    case .hash(let hash):
      if let text = column.text(row) {
        hash.set(row, hashBytes(text)) { column.isText($0, text) }
      } else {
        let word = column.word(row)
        hash.set(row, hashWord(word)) { column.word($0) == word }
      }
    }
  }

  /// The map without the rows from `rowCount` on, which are about to go; nil when it is less work to
  /// make it anew.
  func shrunk(to rowCount: Int) -> KeyMap? {
    guard rowCount < self.rowCount else { return self }
    guard (self.rowCount - rowCount) * 4 < rowCount else { return nil }
    for row in rowCount..<self.rowCount where column.isKnown(row) { remove(row) }
    self.rowCount = rowCount
    return self
  }

  private func remove(_ row: Int) {
    switch form {
    case .direct(let lower, let rows):
      let place = Int(column.word(row) - lower)
      if rows[place] == Int32(truncatingIfNeeded: row) { rows[place] = -1 }
    case .hash(let hash):
      hash.remove(row, column.text(row).map { hashBytes($0) } ?? hashWord(column.word(row)))
    }
  }

  /// For each key of a vector the offset of an equal one before it, -1 where there is none.
  static func earlierEqual(_ keys: Vector) throws(StoreError) -> [Int32] {
    var earlier = [Int32](repeating: -1, count: keys.count)
    let hash = try RowHash(count: keys.count, budget: Budget())
    switch keys.values {
    case .words(let words):
      try Cancellation.forEachChunk(of: words.indices) { chunk in
        for offset in chunk where keys.known[offset] != 0 {
          let code = hashWord(words[offset])
          if let first = hash.row(code, where: { words[$0] == words[offset] }) {
            earlier[offset] = Int32(first)
          } else {
            hash.set(offset, code) { _ in false }
          }
        }
      }
    case .texts(let block):
      try block.bytes.withUnsafeBufferPointer { bytes throws(StoreError) in
        let text = { UnsafeBufferPointer(rebasing: bytes[block.range(of: $0)]) }
        try Cancellation.forEachChunk(of: 0..<block.count) { chunk in
          for offset in chunk where keys.known[offset] != 0 {
            let code = hashBytes(text(offset))
            if let first = hash.row(code, where: { isEqualBytes(text($0), text(offset)) }) {
              earlier[offset] = Int32(first)
            } else {
              hash.set(offset, code) { _ in false }
            }
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

  private func enterWords(_ isDead: ((Int) -> Bool)?) {
    var words: [Int64] = []
    var known: [UInt8] = []
    var base = rowCount
    while base < column.rowCount {
      let count = min(Limits.chunkRowCount, column.rowCount - base)
      column.loadWords(.run(base: base, count: count), into: &words, known: &known)
      if let isDead {
        for offset in 0..<count where isDead(base + offset) { known[offset] = 0 }
      }
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

  private func enterTexts(_ isDead: ((Int) -> Bool)?) {
    guard case .hash(let hash) = form else { return }
    for row in rowCount..<column.rowCount {
      guard isDead?(row) != true, let text = column.text(row) else { continue }
      hash.set(row, hashBytes(text)) { column.isText($0, text) }
    }
  }
}

extension Column {
  /// Whether a row has this text, byte for byte.
  @inline(__always)
  fileprivate func isText(_ row: Int, _ text: UnsafeBufferPointer<UInt8>) -> Bool {
    self.text(row).map { isEqualBytes($0, text) } ?? false
  }

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
