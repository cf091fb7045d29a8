import Store

/// What is recorded of a chunk of rows: how many there are, and the wrapping sum of theirs.
struct ChunkSum: Equatable {
  var rowCount: Int64 = 0
  var sum: UInt64 = 0
}

/// The sums of a table's chunks: 65,536 integer keys each, `key >> 16`; all rows of a table with text
/// keys are chunk 0.
struct ChunkSums {
  /// The sums, or the differences, of the chunks that had rows added or taken.
  private(set) var chunks: [Int64: ChunkSum] = [:]

  /// The chunk of an integer key.
  static func chunk(of key: Int64) -> Int64 { key >> 16 }

  /// The keys of a chunk; nil for a number that is none.
  static func keys(of chunk: Int64) -> ClosedRange<Int64>? {
    guard self.chunk(of: chunk << 16) == chunk else { return nil }
    return chunk << 16...(chunk << 16 | 0xFFFF)
  }

  /// Adds the rows with these keys, or takes them away, and changes their chunks by their sums.
  mutating func add(_ keys: Vector, sums: [UInt64], rowCountEach: Int64) {
    guard case .words(let words) = keys.values else {
      var all = ChunkSum()
      for sum in sums {
        all.sum &+= sum
        all.rowCount += rowCountEach
      }
      return add(all, to: 0)
    }
    var chunk: Int64 = 0
    var part = ChunkSum()
    for row in words.indices {
      if Self.chunk(of: words[row]) != chunk {
        add(part, to: chunk)
        chunk = Self.chunk(of: words[row])
        part = ChunkSum()
      }
      part.sum &+= sums[row]
      part.rowCount &+= rowCountEach
    }
    add(part, to: chunk)
  }

  /// Adds what was found in another part of the table.
  mutating func add(_ other: ChunkSums) {
    for (chunk, part) in other.chunks { add(part, to: chunk) }
  }

  /// Adds to what was found of a chunk.
  mutating func add(_ part: ChunkSum, to chunk: Int64) {
    guard part != ChunkSum() else { return }
    let old = chunks[chunk] ?? ChunkSum()
    chunks[chunk] = ChunkSum(rowCount: old.rowCount + part.rowCount, sum: old.sum &+ part.sum)
  }
}

extension ChunkSums {
  /// Writes the differences held here to what is recorded of a table. Void chunks stay void.
  ///
  /// - Parameter unproved: Chunks with rows of which nothing is recorded: they become void.
  func write(
    _ table: TableLayout, unproved: Set<Int64>, to connection: Connection
  ) throws(StoreError) {
    for (chunk, difference) in chunks {
      let old = try Self.recorded(chunk, of: table, in: connection)
      let isVoid = old.isRecorded ? old.sum == nil : unproved.contains(chunk)
      let known = old.sum ?? ChunkSum()
      let sum = ChunkSum(
        rowCount: known.rowCount + difference.rowCount, sum: known.sum &+ difference.sum)
      try Self.record(isVoid ? nil : sum, chunk, of: table, to: connection)
    }
  }

  /// All that is recorded of a table, by chunk; nil of a void one.
  static func all(
    of table: TableLayout, in connection: Connection
  ) throws(StoreError) -> [(chunk: Int64, sum: ChunkSum?)] {
    var sums: [(chunk: Int64, sum: ChunkSum?)] = []
    let statement = try connection.statement(
      "SELECT chunk, rows, sum FROM \"_rapport_sums\" WHERE \"table\" = ? ORDER BY chunk")
    try statement.bind(table.name, at: 0)
    while try statement.step() {
      let isVoid = statement.kind(1) == .null || statement.kind(2) == .null
      let sum = ChunkSum(
        rowCount: statement.integer(1), sum: UInt64(bitPattern: statement.integer(2)))
      sums.append((statement.integer(0), isVoid ? nil : sum))
    }
    return sums
  }

  private static func recorded(
    _ chunk: Int64, of table: TableLayout, in connection: Connection
  ) throws(StoreError) -> (isRecorded: Bool, sum: ChunkSum?) {
    let statement = try connection.statement(
      "SELECT rows, sum FROM \"_rapport_sums\" WHERE \"table\" = ? AND chunk = ?")
    try statement.bind(table.name, at: 0)
    try statement.bind(chunk, at: 1)
    defer { statement.reset() }
    guard try statement.step() else { return (false, nil) }
    if statement.kind(0) == .null || statement.kind(1) == .null { return (true, nil) }
    return (
      true,
      ChunkSum(rowCount: statement.integer(0), sum: UInt64(bitPattern: statement.integer(1)))
    )
  }

  /// Records the sum of a chunk; nil makes it void.
  static func record(
    _ sum: ChunkSum?, _ chunk: Int64, of table: TableLayout, to connection: Connection
  ) throws(StoreError) {
    let statement = try connection.statement(
      "INSERT OR REPLACE INTO \"_rapport_sums\" VALUES(?,?,?,?)")
    try statement.bind(table.name, at: 0)
    try statement.bind(chunk, at: 1)
    try statement.bind(sum?.rowCount, at: 2)
    try statement.bind(sum.map { Int64(bitPattern: $0.sum) }, at: 3)
    try statement.run()
  }
}
