import Store

/// The columns that the file keeps of one table, read one at a time, and the rows changed since.
final class CachedColumns {
  private let manifest: CacheManifest
  private let cache: CacheTable
  private let all: FileLayout
  private let file: SnapshotFile?
  private unowned let database: Database
  private var layout: TableLayout { cache.layout }
  /// The rows that were changed after the columns were kept, as they are now.
  private var changed: StoredRows?
  /// Of these, those that stand in the columns, by their rows; the others follow behind, in order.
  private var edited: [(row: Int32, offset: Int32)] = []
  private var appended: [Int32] = []

  /// - Parameter file: The open file, in whose later states columns are read; without one a column
  ///   that is not as it was written is damage.
  init(
    _ manifest: CacheManifest, _ cache: CacheTable, in all: FileLayout, _ database: Database,
    _ file: SnapshotFile?
  ) {
    self.manifest = manifest
    self.cache = cache
    self.all = all
    self.file = file
    self.database = database
  }

  /// The numberings that the references are of.
  var targets: [(target: EntityID, numbering: UInt64)] {
    zip(layout.fields, manifest.columns).compactMap { field, column in
      guard case .reference(let target, _) = field.form else { return nil }
      return (target, target == layout.entity ? manifest.numbering : column.targetNumbering)
    }
  }

  // MARK: what was changed since

  /// Brings the table's rows to the state of the file: `keys` were changed since.
  ///
  /// - Returns: False when the sums recorded say that something else was changed.
  func catchUp(
    _ keys: Vector, in table: Table, _ recorded: [(chunk: Int64, sum: ChunkSum?)]
  ) throws(StoreError) -> Bool {
    var sums = ChunkSums()
    for (chunk, sum) in manifest.sums { sums.add(sum, to: chunk) }
    if file == nil { _ = try readSums() }
    if keys.count > 0 { try readChanged(keys, in: table, &sums) }
    var left = sums.chunks.filter { $0.value != ChunkSum() }
    for (chunk, sum) in recorded where sum != ChunkSum() {
      guard left.removeValue(forKey: chunk) == sum else { return false }
    }
    return left.isEmpty
  }

  /// The sum of each row as it was kept, 0 of dead ones.
  private func readSums() throws(StoreError) -> Column {
    let sums = Column(type: .integer, budget: database.budget)
    let isRead = try cache.read(
      CacheTable.sumsName, headSum: manifest.sumsHeadSum, rowCount: manifest.rowCount,
      into: sums, referenceLimit: 0)
    guard isRead else { throw cache.damaged }
    return sums
  }

  private func readChanged(
    _ keys: Vector, in table: Table, _ sums: inout ChunkSums
  ) throws(StoreError) {
    let read = try ChangedRows(keys, of: layout, in: cache.connection)
    let old = table.rows(withKeys: keys)
    let known = Array(old.filter { $0 >= 0 })
    if !known.isEmpty, case .words(let words) = try readSums().load(.list(known)).values {
      sums.add(
        table.column(layout.keyField.id).load(.list(known)),
        sums: words.map { 0 &- UInt64(bitPattern: $0) }, rowCountEach: -1)
    }
    let presentKeys = read.present.cells[layout.key]
    sums.add(presentKeys, sums: read.present.sums(layout), rowCountEach: 1)
    for row in table.rows(withKeys: read.absent) where row >= 0 { table.kill(Int(row)) }
    for (offset, row) in table.rows(withKeys: presentKeys).enumerated() {
      if row >= 0 {
        edited.append((row, Int32(offset)))
      } else {
        appended.append(Int32(offset))
      }
    }
    edited.sort { $0.row < $1.row }
    try table.adopt(keys: presentKeys.gathered(appended))
    changed = read.present
  }

  // MARK: one column

  /// The values of a field, those that were changed since in their places.
  func read(_ field: FieldID) throws(StoreError) -> Column {
    guard let place = layout.place(of: field) else {
      preconditionFailure("a stored field has a column")
    }
    return try cache.connection.reading { () throws(StoreError) in
      try file?.checkVersions()
      if let column = try readKept(place) { return column }
      guard let file else { throw cache.damaged }
      file.distrustsCache = true
      return try readRows(place)
    }
  }

  /// The column as it was kept, brought up to date; nil when it is not as it was written.
  private func readKept(_ place: Int) throws(StoreError) -> Column? {
    let field = layout.fields[place]
    let column = Column(type: type(of: field), budget: database.budget)
    do throws(StoreError) {
      let isRead = try cache.read(
        field.column, headSum: manifest.columns[place].headSum, rowCount: manifest.rowCount,
        into: column, referenceLimit: referenceLimit(field))
      guard isRead else { return nil }
    } catch .store(let problem) where problem.code == "damaged" {
      return nil
    }
    guard let changed else { return column }
    let cells = changed.cells[place]
    let keys = changed.cells[layout.key]
    let values = try References(layout, field, in: all, cache.connection.path, database).rows(
      of: cells, keys: keys)
    if !appended.isEmpty { try column.append(values.gathered(appended)) }
    try column.edit(edited.map(\.row), with: values.gathered(edited.map(\.offset)))
    return column
  }

  /// The column made from the rows as they are now, which are proved.
  private func readRows(_ place: Int) throws(StoreError) -> Column {
    let field = layout.fields[place]
    let scan = try TableScan(layout, in: cache.connection)
    let source = try scan.source(in: cache.connection)
    var sums = ChunkSums()
    var keys: Vector?
    var cells: Vector?
    for range in scan.ranges {
      try Cancellation.check()
      let part = try scan.read(range, by: source)
      sums.add(part.sums)
      keys.append(part.rows.cells[layout.key])
      cells.append(part.rows.cells[place])
    }
    _ = try scan.verify(sums)
    let table = database.table(layout.entity)
    var offsets = [Int32](repeating: -1, count: table.rowCount)
    let column = Column(type: type(of: field), budget: database.budget)
    guard let keys, let cells else {
      try column.appendUnknown(table.rowCount)
      return column
    }
    for (offset, row) in table.rows(withKeys: keys).enumerated() where row >= 0 {
      offsets[Int(row)] = Int32(offset)
    }
    let values = try References(layout, field, in: all, cache.connection.path, database).rows(
      of: cells, keys: keys)
    try column.append(values.gathered(offsets))
    return column
  }

  private func type(of field: StoredField) -> ValueType {
    database.catalog[layout.entity][field.id].type
  }

  private func referenceLimit(_ field: StoredField) -> Int {
    guard case .reference(let target, _) = field.form else { return 0 }
    return database.table(target).rowCount
  }
}

extension Vector? {
  fileprivate mutating func append(_ other: Vector) {
    if self == nil { self = other } else { self?.append(other) }
  }
}
