import Store

/// Reads the rows of one table, range by range of their row numbers, and proves them by their sums.
/// Two threads may each read another range, through connections of their own.
struct TableScan {
  let layout: TableLayout
  let path: String
  /// What the file says of each chunk; nil for a void one.
  private let recorded: [Int64: ChunkSum?]
  /// Row numbers that together are all there can be, in order, each some thousands of rows.
  let ranges: [ClosedRange<Int64>]
  /// About how many rows there are.
  let rowCountHint: Int

  /// Rows that were read.
  struct Part {
    var rows: StoredRows
    var sums: ChunkSums
  }

  /// How many rows a range should hold.
  private static let rowCountPerRange = 4_096

  /// Plans the reading of a table.
  init(_ layout: TableLayout, in connection: Connection) throws(StoreError) {
    self.layout = layout
    path = connection.path
    var recorded: [Int64: ChunkSum?] = [:]
    let all = try ChunkSums.all(of: layout, in: connection)
    for (chunk, sum) in all { recorded[chunk] = .some(sum) }
    self.recorded = recorded
    let hints = all.map { chunk, sum -> (chunk: Int64, rowCount: Int) in
      let rowCount = sum?.rowCount ?? Int64(Limits.chunkRowCount)
      return (chunk, Int(min(max(rowCount, 0), Int64(Int32.max))))
    }
    rowCountHint = hints.reduce(0) { $0 + $1.rowCount }
    ranges =
      layout.isTextKeyed
      ? Self.even(
        try connection.integer("SELECT min(_rowid_) FROM \(SQLText.name(layout.name))"),
        try connection.integer("SELECT max(_rowid_) FROM \(SQLText.name(layout.name))"),
        rowCountHint)
      : Self.ranges(hints)
  }

  /// Row numbers from `first` to `last` cut into even pieces.
  private static func even(_ first: Int64, _ last: Int64, _ rowCount: Int) -> [ClosedRange<Int64>] {
    let pieces = Int64(max(1, rowCount / rowCountPerRange))
    let (span, isOverflow) = last.subtractingReportingOverflow(first)
    guard pieces > 1, !isOverflow, span >= pieces else { return [.min ... .max] }
    return joined((1..<pieces).map { first + span / pieces * $0 })
  }

  /// Cuts at the borders of chunks, and large chunks into pieces.
  private static func ranges(_ hints: [(chunk: Int64, rowCount: Int)]) -> [ClosedRange<Int64>] {
    var cuts: [Int64] = []
    var rowCount = 0
    for (chunk, count) in hints {
      guard let keys = ChunkSums.keys(of: chunk) else { continue }
      if rowCount + count > rowCountPerRange, rowCount > 0 {
        cuts.append(keys.lowerBound)
        rowCount = 0
      }
      let pieces = Int64(min(16, count / rowCountPerRange))
      if pieces > 1 {
        for piece in 1..<pieces { cuts.append(keys.lowerBound + 0x10000 / pieces * piece) }
        rowCount = count / Int(pieces)
      } else {
        rowCount += count
      }
    }
    return joined(cuts)
  }

  /// All row numbers, cut before each of these.
  private static func joined(_ cuts: [Int64]) -> [ClosedRange<Int64>] {
    var ranges: [ClosedRange<Int64>] = []
    var first = Int64.min
    for cut in cuts where cut > first {
      ranges.append(first...(cut - 1))
      first = cut
    }
    return ranges + [first ... .max]
  }

  // MARK: reading

  /// What reads ranges through one connection.
  struct Source {
    fileprivate let statement: Statement
    fileprivate let reader: RowReader
  }

  /// Prepares the reading of ranges through a connection.
  func source(in connection: Connection) throws(StoreError) -> Source {
    let number = layout.isTextKeyed ? ",_rowid_" : ""
    let names = layout.fields.map { SQLText.name($0.column) }.joined(separator: ",")
    let statement = try connection.prepare(
      """
      SELECT \(names)\(number) FROM \(SQLText.name(layout.name))
      WHERE _rowid_ BETWEEN ? AND ? ORDER BY _rowid_
      """)
    let rowCount = min(rowCountHint, Self.rowCountPerRange) + 64
    return Source(statement: statement, reader: RowReader(layout, expecting: rowCount))
  }

  /// Reads a range.
  ///
  /// - Throws: `store` with `damaged` or `bad-value`.
  func read(_ range: ClosedRange<Int64>, by source: Source) throws(StoreError) -> Part {
    let (statement, reader) = (source.statement, source.reader)
    try statement.bind(range.lowerBound, at: 0)
    try statement.bind(range.upperBound, at: 1)
    reader.clear()
    let numberColumn = layout.isTextKeyed ? layout.fields.count : layout.key
    var least = range.lowerBound
    var isAtEnd = false
    while try next(statement, after: reader) {
      let isSound = reader.take(statement)
      let number = reader.lastKey ?? statement.integer(numberColumn)
      guard number >= least, number <= range.upperBound, !isAtEnd else {
        let last = key(reader, reader.count - 2)
        throw damaged("\(layout.name) have rows out of order after key \(last)")
      }
      if !isSound, let cell = reader.badCells.first { throw badValue(cell, reader) }
      isAtEnd = number == .max
      least = isAtEnd ? number : number + 1
    }
    let rows = reader.finish()
    var sums = ChunkSums()
    sums.add(rows.cells[layout.key], sums: rows.sums(layout), rowCountEach: 1)
    return Part(rows: rows, sums: sums)
  }

  private func next(
    _ statement: Statement, after reader: RowReader
  ) throws(StoreError) -> Bool {
    do throws(StoreError) {
      return try statement.step()
    } catch .store(let problem) where problem.code == "damaged" {
      let last = key(reader, reader.count - 1)
      throw damaged("\(layout.name) cannot be read beyond key \(last): \(problem.message)")
    }
  }

  private func key(_ reader: RowReader, _ row: Int) -> String {
    row < 0 ? "(none)" : reader.key(row)
  }

  // MARK: proving

  /// Sees to it that all that was read is what was written.
  ///
  /// - Returns: The chunks that have rows and no sum.
  /// - Throws: `store` with `damaged`.
  func verify(_ found: ChunkSums) throws(StoreError) -> Set<Int64> {
    var unproved: Set<Int64> = []
    for (chunk, sum) in found.chunks {
      guard let known = recorded[chunk] else {
        unproved.insert(chunk)
        continue
      }
      if let known, known != sum { throw unequal(chunk) }
    }
    for (chunk, known) in recorded {
      if let known, known != ChunkSum(), found.chunks[chunk] == nil { throw unequal(chunk) }
    }
    return unproved
  }

  /// Whether the sum of the chunk of this key is there and holds.
  private func isProved(_ chunk: Int64) -> Bool { (recorded[chunk] ?? nil) != nil }

  private func unequal(_ chunk: Int64) -> StoreError {
    damaged("\(layout.rowsText(of: chunk)) are not as they were written")
  }

  private func badValue(_ cell: RowReader.BadCell, _ reader: RowReader) -> StoreError {
    let key = reader.key(cell.row)
    let what = layout.words(for: cell.found, in: layout.fields[cell.field], key: key)
    let chunk = layout.isTextKeyed ? 0 : Int64(key).map(ChunkSums.chunk) ?? 0
    return isProved(chunk) ? damaged(what) : Refusal.badValue(what).error(path)
  }

  private func damaged(_ what: String) -> StoreError { Refusal.damaged(what).error(path) }
}

extension TableLayout {
  /// A cell that holds what its field cannot, in words.
  func words(for found: String, in field: StoredField, key: String) -> String {
    "\(name) \(key) have \(found) in \(field.column), which is not \(field.wanted)"
  }

  /// The rows of a chunk, in words.
  func rowsText(of chunk: Int64) -> String {
    guard !isTextKeyed, let keys = ChunkSums.keys(of: chunk) else { return "the rows of \(name)" }
    return "the rows of \(name) with keys \(keys.lowerBound) to \(keys.upperBound)"
  }
}

extension StoredField {
  /// What a cell of it has to be, in words.
  fileprivate var wanted: String {
    switch form {
    case .text: "text of at most 16 MiB in UTF-8"
    case .money: "an amount with two decimals"
    case .number: "a number"
    case .integer: "an integer"
    case .date: "a date as 2026-01-31"
    case .time: "a time as 2026-01-31T14:30:00"
    case .flag: "0 or 1"
    case .choice: "one of its names"
    case .reference(_, let isText): isText ? "a text" : "an integer"
    }
  }
}
