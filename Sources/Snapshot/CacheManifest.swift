import Store

/// What is kept of a table beside its rows: its columns as they were at one generation, with what
/// proves them.
///
/// Rows are numbered, dead ones among them, and references are such numbers. A numbering has a name;
/// it is only ever continued, so that a column of references holds as long as the target's numbering
/// has the name it was written under.
struct CacheManifest {
  /// What is kept of one stored field.
  struct Column {
    /// What the field is; another field does not fit.
    var signature: UInt64
    /// What proves the column's head, which proves its parts.
    var headSum: UInt64
    /// The numbering that references are of; 0 for other fields.
    var targetNumbering: UInt64
  }

  /// The table's generation that the columns hold.
  var generation: Int64
  /// The name of the numbering.
  var numbering: UInt64
  var rowCount: Int
  /// One bit a row, 1 where it is dead.
  var deadBits: [UInt64]
  /// In the order of the layout's fields.
  var columns: [Column]
  /// What proves the head of the rows' sums.
  var sumsHeadSum: UInt64
  /// What was recorded of each chunk.
  var sums: [(chunk: Int64, sum: ChunkSum)]

  private static let version: UInt64 = 1

  /// The manifest as it is kept.
  var bytes: [UInt8] {
    var record = WordRecord()
    record.add(Self.version)
    record.add(generation)
    record.add(numbering)
    record.add(rowCount)
    record.add(deadBits.count)
    for word in deadBits { record.add(word) }
    record.add(columns.count)
    for column in columns {
      record.add(column.signature)
      record.add(column.headSum)
      record.add(column.targetNumbering)
    }
    record.add(sumsHeadSum)
    record.add(sums.count)
    for (chunk, sum) in sums {
      record.add(chunk)
      record.add(sum.rowCount)
      record.add(sum.sum)
    }
    return record.bytes
  }

  /// Makes a manifest.
  init(
    generation: Int64, numbering: UInt64, rowCount: Int, deadBits: [UInt64], columns: [Column],
    sumsHeadSum: UInt64, sums: [(chunk: Int64, sum: ChunkSum)]
  ) {
    self.generation = generation
    self.numbering = numbering
    self.rowCount = rowCount
    self.deadBits = deadBits
    self.columns = columns
    self.sumsHeadSum = sumsHeadSum
    self.sums = sums
  }

  /// Reads a manifest; nil for what is none.
  init?(_ bytes: [UInt8]) {
    var reader = WordReader(bytes)
    guard reader.word() == Self.version, let generation = reader.signed(),
      let numbering = reader.word(), let rowCount = reader.count(),
      let deadCount = reader.count((rowCount + 63) / 64), let deadBits = reader.words(deadCount),
      let columnCount = reader.count(Schema.columnCountMax),
      let columns = reader.words(3 * columnCount), let sumsHeadSum = reader.word(),
      let sumCount = reader.count(), let sums = reader.words(3 * sumCount), reader.isAtEnd
    else { return nil }
    if deadCount == (rowCount + 63) / 64, rowCount & 63 != 0, let last = deadBits.last,
      last >> UInt64(rowCount & 63) != 0
    {
      return nil
    }
    self.init(
      generation: generation, numbering: numbering, rowCount: rowCount, deadBits: deadBits,
      columns: stride(from: 0, to: columns.count, by: 3).map {
        Column(
          signature: columns[$0], headSum: columns[$0 + 1], targetNumbering: columns[$0 + 2])
      },
      sumsHeadSum: sumsHeadSum,
      sums: stride(from: 0, to: sums.count, by: 3).map {
        let sum = ChunkSum(rowCount: Int64(bitPattern: sums[$0 + 1]), sum: sums[$0 + 2])
        return (Int64(bitPattern: sums[$0]), sum)
      })
  }

  /// What proves the manifest of a table.
  static func sum(_ bytes: [UInt8], of table: TableLayout) -> UInt64 {
    ByteSum.of(bytes, seed: ByteSum.of(Array(table.name.utf8), seed: 1))
  }

  /// Whether the fields are still those of the table.
  func fits(_ table: TableLayout) -> Bool {
    columns.map(\.signature) == table.fields.indices.map(table.signature)
  }
}

/// Which columns were kept of a table that is in memory.
struct CacheMark: Equatable {
  /// The name of the numbering of its rows.
  var numbering: UInt64
  /// The generation of the columns.
  var generation: Int64
  /// What proves the manifest.
  var manifestSum: UInt64
}

extension TableLayout {
  /// What tells the field at a place from any other: its name and what it holds.
  func signature(_ place: Int) -> UInt64 {
    let field = fields[place]
    var record = WordRecord()
    record.add(Array(field.column.utf8))
    record.add(field.id.index)
    record.add(place == key ? 1 : 0)
    switch field.form {
    case .text: record.add(1)
    case .money: record.add(2)
    case .number: record.add(3)
    case .integer: record.add(4)
    case .date: record.add(5)
    case .time: record.add(6)
    case .flag: record.add(7)
    case .choice(let choice):
      record.add(8)
      for name in choice.names { record.add(name) }
    case .reference(let target, let isText):
      record.add(isText ? 10 : 9)
      record.add(target.index)
    }
    return ByteSum.of(record.bytes, seed: 2)
  }
}
