import Store

/// Writes the columns of one table, which is wholly in memory, beside its rows.
struct CacheWriter {
  /// The name of the numbering of the rows: that under which they were read, or a new one.
  let numbering: UInt64
  private let cache: CacheTable
  private let database: Database
  private let table: Table

  var layout: TableLayout { cache.layout }

  /// Dead rows from which their share is looked at: columns with many are not kept.
  private static let deadRowCountMin = 1_024

  /// - Parameter numbering: The name of the numbering that the table's rows continue; nil for a new one.
  init(_ cache: CacheTable, _ database: Database, numbering: UInt64?) {
    self.cache = cache
    self.database = database
    let table = database.table(cache.layout.entity)
    self.table = table
    // Rows are told apart by their keys, so these, in order, name the numbering.
    self.numbering =
      numbering ?? CacheTable.headSum(table.column(cache.layout.keyField.id).encoded.head) | 1
  }

  /// Writes what is not there yet.
  ///
  /// - Parameter numberings: The numbering of each table in memory.
  /// - Returns: What was kept; nil when nothing is, as for a table that is mostly dead rows.
  func write(
    _ state: TableState, _ numberings: [EntityID: UInt64]
  ) throws(StoreError) -> CacheMark? {
    let deadCount = table.rowCount - table.liveRowCount
    let isWorn = deadCount > Self.deadRowCountMin && deadCount > table.rowCount / 8
    let recorded = try ChunkSums.all(of: layout, in: cache.connection)
    guard !isWorn, state.unprovedChunks.isEmpty, let sums = try rowSums(recorded) else {
      try cache.remove()
      return nil
    }
    var columns: [CacheManifest.Column] = []
    for (place, field) in layout.fields.enumerated() {
      var targetNumbering: UInt64 = 0
      if case .reference(let target, _) = field.form { targetNumbering = numberings[target] ?? 0 }
      let column = table.column(field.id)
      columns.append(
        CacheManifest.Column(
          signature: layout.signature(place),
          headSum: try write(column, field.column, state.generation),
          targetNumbering: targetNumbering))
    }
    let manifest = CacheManifest(
      generation: state.generation, numbering: numbering, rowCount: table.rowCount,
      deadBits: table.deadRowBits, columns: columns,
      sumsHeadSum: try write(sums, CacheTable.sumsName, state.generation),
      sums: recorded.compactMap { chunk, sum in sum.map { (chunk, $0) } })
    try cache.remove(
      except: layout.fields.map(\.column) + [CacheTable.manifestName, CacheTable.sumsName])
    let bytes = manifest.bytes
    let sum = CacheManifest.sum(bytes, of: layout)
    try cache.write(bytes, sum: sum, CacheTable.manifestName, 0, generation: state.generation)
    return CacheMark(numbering: numbering, generation: state.generation, manifestSum: sum)
  }

  /// Writes a column; gives what proves its head.
  private func write(
    _ column: Column, _ name: String, _ generation: Int64
  ) throws(StoreError) -> UInt64 {
    let there = try cache.sums(name)
    var parts: [EncodedPart] = []
    for part in 0..<column.encodedPartCount {
      try Cancellation.check()
      let bytes = column.encodePart(part)
      let sum = CacheTable.partSum(bytes)
      parts.append(EncodedPart(byteCount: bytes.count, sum: sum))
      if there[Int64(part)] == sum { continue }
      try cache.write(bytes, sum: sum, name, Int64(part), generation: generation)
    }
    try cache.remove(name, from: Int64(parts.count))
    let head = column.encodeHead(parts)
    let sum = CacheTable.headSum(head)
    if there[CacheTable.headChunk] != sum {
      try cache.write(head, sum: sum, name, CacheTable.headChunk, generation: generation)
    }
    return sum
  }

  /// The sum of each row, 0 of dead ones; nil unless they come to what is recorded of the rows in the
  /// file.
  private func rowSums(_ recorded: [(chunk: Int64, sum: ChunkSum?)]) throws(StoreError) -> Column? {
    let column = Column(type: .integer, budget: database.budget)
    column.expect(rowCount: table.rowCount)
    var found = ChunkSums()
    for base in stride(from: 0, to: table.rowCount, by: Limits.chunkRowCount) {
      try Cancellation.check()
      let count = min(Limits.chunkRowCount, table.rowCount - base)
      let rows = layout.stored(.run(base: base, count: count), of: database)
      var sums = rows.sums(layout)
      var live = Mask(count: count)
      table.keepLive(.run(base: base, count: count), in: &live)
      for offset in 0..<count where live.bytes[offset] == 0 { sums[offset] = 0 }
      try column.append(Vector(words: sums.map { Int64(bitPattern: $0) }))
      found.add(
        rows.cells[layout.key].compacted(by: live),
        sums: live.offsets.map { sums[Int($0)] }, rowCountEach: 1)
    }
    var left = found.chunks
    for (chunk, sum) in recorded {
      guard let sum, left.removeValue(forKey: chunk) ?? ChunkSum() == sum else { return nil }
    }
    return left.isEmpty ? column : nil
  }
}

extension Column {
  /// The head of the column as it is encoded, its parts proved.
  fileprivate var encoded: (head: [UInt8], parts: [EncodedPart]) {
    let parts = (0..<encodedPartCount).map { part in
      let bytes = encodePart(part)
      return EncodedPart(byteCount: bytes.count, sum: CacheTable.partSum(bytes))
    }
    return (encodeHead(parts), parts)
  }
}
