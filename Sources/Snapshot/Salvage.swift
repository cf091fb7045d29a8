import Store

/// Writes what can be read of a damaged data file to a new one, and reports what was lost. The old
/// file stays as it is.
///
/// Each row that can be read is kept once. A cell that cannot be read, and a reference to a row that
/// is lost, become unknown. Rows that nothing proves are kept and named: they may hold wrong values.
///
/// - Throws: `store` with `file-exists` when there is a file at `newPath`; `damaged` when nothing can
///   be read; what `checkStore` throws for the old file and `createStore` for the new one.
package func salvageStore(
  _ path: String, into newPath: String
) throws(StoreError) -> StoreReport {
  guard try Place(new: newPath).identity == nil else {
    throw .store(FileProblem(code: "file-exists", path: newPath, message: "'\(newPath)' exists"))
  }
  let reading = try SalvageReading(path, isLenient: true)
  defer { reading.close() }
  var salvage = try Salvage(reading)
  try salvage.read()
  try createStore(newPath, salvage.database, false, nil).close()
  return salvage.report
}

/// A database filled with what a damaged file gives.
private struct Salvage {
  let database: Database
  private(set) var report: StoreReport
  private let reading: SalvageReading
  private let layout: FileLayout
  /// The keys that references name, to be found when all tables are there.
  private var references: [(entity: EntityID, field: StoredField, keys: Vector)] = []

  init(_ reading: SalvageReading) throws(StoreError) {
    self.reading = reading
    var report = StoreReport()
    if let refusal = reading.refusal { report.add(.pages, refusal) }
    if !reading.hasMark { report.add(.pages, "the mark is not that of a data file") }
    if reading.isBeforeJournal {
      report.add(
        .pages, "a change that was cut short, in '\(reading.place.path)-journal', is left out")
    }
    let (catalog, layout) = try SalvageCatalog.find(reading.connection, &report)
    self.layout = layout
    self.report = report
    database = Database(catalog: catalog, budget: Budget(), hasRules: false)
  }

  /// Fills the database.
  mutating func read() throws(StoreError) {
    for table in layout.tables { try read(table) }
    for (entity, field, keys) in references { try fill(field, of: entity, keys) }
    for table in layout.tables { database.table(table.entity).merge() }
    database.addMissingBuiltIn()
    guard report.recordCount > 0 || report.isClean else {
      throw .store(
        FileProblem(
          code: "damaged", path: reading.place.path,
          message: "'\(reading.place.path)' is too damaged: no record of it can be read"))
    }
  }

  // MARK: one table

  private mutating func read(_ layout: TableLayout) throws(StoreError) {
    guard var source = try SalvageTable(layout, in: reading.connection, &report) else { return }
    report.tableCount += 1
    let table = database.table(layout.entity)
    var intake = Intake(layout, table)
    try source.read(&report) { part throws(StoreError) in try intake.take(part) }
    intake.tell(&report)
    report.recordCount += table.rowCount
    references += intake.references.map { (layout.entity, $1, $0) }
    try setNextKey(of: table, source)
  }

  /// Keeps the key that comes next; where it is lost, no key that a lost record may have had is given.
  private mutating func setNextKey(
    of table: Table, _ source: SalvageTable
  ) throws(StoreError) {
    let (layout, connection) = (source.layout, reading.connection)
    let state = try SalvageReading.attempt { () throws(StoreError) in
      try layout.state(in: connection).state
    }
    guard !layout.isTextKeyed else { return }
    if let state {
      table.nextKey = state.nextKey
    } else if let chunk = source.sums.recorded.keys.max(),
      let keys = ChunkSums.keys(of: chunk), keys.upperBound < .max
    {
      table.nextKey = keys.upperBound + 1
    }
    if state == nil {
      report.add(
        .nextKey, layout.name,
        "which key comes next cannot be read: the next record gets \(table.nextKey)")
    }
  }

  // MARK: references

  private mutating func fill(
    _ field: StoredField, of entity: EntityID, _ keys: Vector
  ) throws(StoreError) {
    guard case .reference(let target, _) = field.form else { return }
    let layout = layout[entity]
    let table = database.table(entity)
    let rows = database.table(target).rows(withKeys: keys)
    try table.fill(field.id, with: RowSelection.references(rows))
    let lost = RowSelection.missing(rows, known: keys.known)
    guard !lost.isEmpty else { return }
    let own = layout.keys(of: .list(lost.map { Int32(truncatingIfNeeded: $0) }), in: database)
    var names = KeyList()
    for offset in 0..<own.count {
      if case .word(let key) = own[offset] {
        names.add(.number(key))
      } else {
        names.add(.text(own[offset].text))
      }
    }
    report.add(
      .dangling, layout.name, keys: names.text,
      "'\(field.column)' named \(self.layout[target].name) that are not there, and is unknown")
  }
}

/// Takes the rows of one table that have a key of their own.
private struct Intake {
  /// The keys that reference fields name, in the order of the rows.
  private(set) var references: [(keys: Vector, field: StoredField)]
  private let layout: TableLayout
  private let table: Table
  private var keyless = KeyList()
  private var repeated = KeyList()

  init(_ layout: TableLayout, _ table: Table) {
    self.layout = layout
    self.table = table
    references = layout.fields.compactMap { field in
      guard case .reference(_, let isText) = field.form else { return nil }
      return (Vector(unknown: isText ? .text : .integer, count: 0), field)
    }
  }

  mutating func take(_ part: SalvageScan.Part) throws(StoreError) {
    let rows = try unique(part)
    guard rows.count > 0 else { return }
    var vectors: [FieldID: Vector] = [:]
    var reference = 0
    for (field, cells) in zip(layout.fields, rows.cells) {
      if case .reference = field.form {
        references[reference].keys.append(cells)
        reference += 1
      } else {
        vectors[field.id] = cells
      }
    }
    try table.append(vectors, count: rows.count)
  }

  /// The rows with a key that no earlier row has.
  private mutating func unique(_ part: SalvageScan.Part) throws(StoreError) -> StoredRows {
    var rows = part.rows
    let keyed = rows.cells[layout.key].known.indices.filter {
      rows.cells[layout.key].known[$0] != 0
    }
    if keyed.count < rows.count {
      for row in Set(0..<rows.count).subtracting(keyed).sorted() {
        keyless.add(layout.keyName(row, part))
      }
      rows = rows.gathered(keyed)
    }
    let doubles = try table.duplicates(in: rows.cells[layout.key])
    guard !doubles.isEmpty else { return rows }
    for double in doubles {
      repeated.add(.text(layout.isTextKeyed ? "'\(double.key)'" : double.key))
    }
    let dropped = Set(doubles.map(\.offset))
    return rows.gathered((0..<rows.count).filter { !dropped.contains($0) })
  }

  /// Reports the rows that were not taken.
  func tell(_ report: inout StoreReport) {
    if keyless.count > 0 {
      report.add(
        .badKey, layout.name, keys: keyless.text,
        "\(counted(keyless.count, "row")) without a key that can be read are lost")
    }
    if repeated.count > 0 {
      report.add(
        .badKey, layout.name, keys: repeated.text,
        "\(counted(repeated.count, "row")) with the key of another are lost")
    }
  }
}
