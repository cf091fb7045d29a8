import Store

/// Looks through a whole data file and reports all that is wrong with it. Changes nothing.
///
/// Every value of every row is read and proved by the sums, as when a table is loaded, but what is
/// wrong is reported and the rest looked at. Rows that another program wrote have no sum: that is
/// reported and is no damage.
///
/// - Throws: `store` with `store-not-found`, `file-is-directory`, `file-is-device`, `file-is-empty`,
///   `not-a-store`, `foreign-store`, `newer-store`, `file-not-permitted`, `file-not-readable` or
///   `busy`; `interrupted`.
package func checkStore(_ path: String) throws(StoreError) -> StoreReport {
  var report = StoreReport()
  // Another program may begin to write to a file that is read without locks.
  for _ in 0..<3 {
    let reading = try SalvageReading(path, isLenient: false)
    defer { reading.close() }
    var check = StoreCheck(reading)
    try check.run()
    report = check.report
    if !reading.isOvertaken { return report }
  }
  throw Refusal.busy.error(path)
}

/// One look through a file.
private struct StoreCheck {
  private let reading: SalvageReading
  private let connection: Connection
  private(set) var report = StoreReport()

  /// What SQLite is asked to list, and what of references is.
  private static let pageFindingCountMax = 20

  init(_ reading: SalvageReading) {
    self.reading = reading
    connection = reading.connection
  }

  mutating func run() throws(StoreError) {
    if let refusal = reading.refusal { report.add(.pages, refusal) }
    if !reading.hasMark { report.add(.pages, "the mark is not that of a data file") }
    if reading.isBeforeJournal {
      report.add(
        .pages, "a change that was cut short lies beside it, in '\(reading.place.path)-journal'")
    }
    try checkPages()
    guard let (catalog, layout) = try SalvageCatalog.read(connection, &report) else { return }
    var isReadable: [EntityID: Bool] = [:]
    var found: [EntityID: ChunkSums] = [:]
    for table in layout.tables {
      found[table.entity] = try check(table)
      isReadable[table.entity] = found[table.entity] != nil
    }
    if isReadable.values.allSatisfy({ $0 }) { try checkColumns(layout, catalog, found) }
    for table in layout.tables where isReadable[table.entity] == true {
      try checkKeys(table)
      for field in table.fields {
        guard case .reference(let target, _) = field.form, isReadable[target] == true else {
          continue
        }
        try check(field, of: table, in: layout[target])
      }
    }
  }

  // MARK: the file

  private mutating func checkPages() throws(StoreError) {
    var lines: [String] = []
    let isDone: Void? = try SalvageReading.attempt { () throws(StoreError) in
      let statement = try connection.prepare(
        "PRAGMA integrity_check(\(Self.pageFindingCountMax))")
      while try statement.step() { lines.append(statement.text(0) ?? "") }
    }
    if isDone == nil { lines.append("the pages cannot all be read") }
    let found = lines.filter { !$0.utf8.elementsEqual("ok".utf8) }
    for line in found.prefix(Self.pageFindingCountMax) { report.add(.pages, line) }
  }

  // MARK: tables

  /// Reads a table and gives the sums of its rows; nil where that could not be done.
  private mutating func check(_ layout: TableLayout) throws(StoreError) -> ChunkSums? {
    guard var table = try SalvageTable(layout, in: connection, &report) else { return nil }
    report.tableCount += 1
    try table.read(&report) { _ in }
    report.recordCount += table.recordCount
    try checkNextKey(table)
    return table.found
  }

  /// Looks whether the columns that are kept beside the rows give the same rows.
  private mutating func checkColumns(
    _ layout: FileLayout, _ catalog: Catalog, _ found: [EntityID: ChunkSums]
  ) throws(StoreError) {
    guard try connection.integer("PRAGMA user_version") >= CacheTable.firstVersion else { return }
    let database = Database(catalog: catalog, budget: Budget(), hasRules: false)
    let reader = CacheReader(in: connection, layout, database)
    let isRead: Void? = try SalvageReading.attempt { () throws(StoreError) in
      let opened = try reader.open(layout.tables.map(\.entity))
      for entity in opened.broken {
        report.add(.columns, layout[entity].name, Self.columnsProblem)
      }
      for (table, _) in opened.made { database.use(table) }
      for (table, _) in opened.made where try !isSame(table, layout[table.entity], database, found)
      {
        report.add(.columns, layout[table.entity].name, Self.columnsProblem)
      }
    }
    if isRead == nil {
      report.add(.columns, "the columns kept beside the rows cannot be read")
    }
  }

  private static let columnsProblem =
    "the columns kept beside the rows are not as the rows are, which are read instead; 'save' makes"
    + " them anew"

  /// Whether a table made of columns has just the rows that were found.
  private func isSame(
    _ table: Table, _ layout: TableLayout, _ database: Database, _ found: [EntityID: ChunkSums]
  ) throws(StoreError) -> Bool {
    let isRead: Void? = try SalvageReading.attempt { () throws(StoreError) in try table.readAll() }
    guard isRead != nil else { return false }
    var sums = ChunkSums()
    for base in stride(from: 0, to: table.rowCount, by: Limits.chunkRowCount) {
      try Cancellation.check()
      let rows = Rows.run(base: base, count: min(Limits.chunkRowCount, table.rowCount - base))
      var live = Mask(count: rows.count)
      table.keepLive(rows, in: &live)
      let stored = layout.stored(rows, of: database)
      let all = stored.sums(layout)
      sums.add(
        stored.cells[layout.key].compacted(by: live), sums: live.offsets.map { all[Int($0)] },
        rowCountEach: 1)
    }
    let empty = ChunkSum()
    return sums.chunks.filter { $0.value != empty }
      == (found[layout.entity]?.chunks ?? [:]).filter { $0.value != empty }
  }

  private mutating func checkNextKey(_ table: SalvageTable) throws(StoreError) {
    let layout = table.layout
    let state = try SalvageReading.attempt { () throws(StoreError) in
      try layout.state(in: connection).state
    }
    guard let state else {
      report.add(
        .nextKey, layout.name, "which key comes next, and how often it was changed, cannot be read")
      return
    }
    guard !layout.isTextKeyed, let largest = table.largestKey, largest >= state.nextKey,
      largest != .max
    else { return }
    // Another program gives keys without telling.
    let chunk = ChunkSums.chunk(of: largest)
    guard table.sums.recorded[chunk] ?? nil != nil else { return }
    report.add(
      .nextKey, layout.name, keys: "\(largest)",
      "the next key is \(state.nextKey), and there is a record \(largest)")
  }

  /// Looks for texts that are keys twice; integers are the rows' numbers.
  private mutating func checkKeys(_ table: TableLayout) throws(StoreError) {
    guard table.isTextKeyed else { return }
    let key = SQLText.name(table.keyField.column)
    try tell(
      .badKey, table, "the same key is there more than once",
      "SELECT \(key) FROM \(SQLText.name(table.name)) NOT INDEXED GROUP BY \(key) HAVING count(*) > 1"
    )
  }

  private mutating func check(
    _ field: StoredField, of table: TableLayout, in target: TableLayout
  ) throws(StoreError) {
    let column = SQLText.name(field.column)
    try tell(
      .dangling, table, "'\(field.column)' names \(target.name) that are not there",
      """
      SELECT a.\(SQLText.name(table.keyField.column)) FROM \(SQLText.name(table.name)) AS a
      WHERE a.\(column) IS NOT NULL AND NOT EXISTS(SELECT 1 FROM \(SQLText.name(target.name)) AS b
        WHERE b.\(SQLText.name(target.keyField.column)) = a.\(column))
      """)
  }

  /// Reports the keys that a query finds. What cannot be read for it was reported before.
  private mutating func tell(
    _ code: StoreReport.Code, _ table: TableLayout, _ message: String, _ query: String
  ) throws(StoreError) {
    var keys = KeyList()
    _ = try SalvageReading.attempt { () throws(StoreError) in
      let statement = try connection.prepare(query)
      while try statement.step() {
        switch statement.kind(0) {
        case .integer: keys.add(.number(statement.integer(0)))
        default: keys.add(.text(Scalar.text(statement.text(0) ?? "").text))
        }
      }
    }
    if keys.count > 0 { report.add(code, table.name, keys: keys.text, message) }
  }
}
