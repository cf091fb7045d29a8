import Store

/// Makes definitions from the tables of a file whose own are lost: the built-in entities as they are,
/// others and further fields as the statements that made the tables, and the values, say.
struct SalvageDefinitions {
  private let connection: Connection
  private var drafts: [Draft] = []

  /// An entity in the making.
  private struct Draft {
    var entity: Entity
    var table: String
    var columns: [String?]
    /// Further types that a field may have, when values say that it has not the present one.
    var candidates: [Int: [ValueType]] = [:]
  }

  init(_ connection: Connection) { self.connection = connection }

  /// Makes them, and reports the tables that cannot be told apart from any other bytes.
  mutating func make(
    _ report: inout StoreReport
  ) throws(StoreError) -> (catalog: Catalog, layout: FileLayout) {
    let tables = try Self.tables(connection)
    if tables.contains(where: { Catalog.builtIn.entity(named: $0.name) != nil }) {
      addBuiltIn(Set(tables.map { SQLText.folded($0.name) }))
    }
    var found: [(text: String, columns: [Column], place: Int)] = []
    for table in tables {
      let columns = try columns(table.name)
      guard columns.contains(where: { $0.isKey && ["INTEGER", "TEXT"].contains($0.type) }) else {
        report.add(.missingTable, table.name, "the table has no columns that can be read")
        continue
      }
      found.append((table.text, columns, place(of: table.name) ?? drafts.count))
      guard place(of: table.name) == nil else { continue }
      let singular = table.name.hasSuffix("s") ? String(table.name.dropLast()) : table.name
      let entity = Entity(name: table.name, singular: singular, fields: [])
      drafts.append(Draft(entity: entity, table: table.name, columns: []))
    }
    for table in found { try addFields(table.columns, table.text, to: table.place) }
    try settleTypes()
    return (catalog, layout)
  }

  /// Adds the built-in entities. Of the house rules only those whose tables are there: an older
  /// version had none.
  private mutating func addBuiltIn(_ present: Set<[UInt8]>) {
    let builtIn = Catalog.builtIn
    for (entity, table) in zip(builtIn.entities, FileLayout(builtIn, keeping: []).tables) {
      if entity.role?.isRules == true, !present.contains(SQLText.folded(table.name)) { continue }
      let columns = entity.fields.indices.map { index in
        table.place(of: FieldID(index)).map { table.fields[$0].column }
      }
      drafts.append(Draft(entity: entity, table: table.name, columns: columns))
    }
  }

  private var catalog: Catalog { Catalog(drafts.map(\.entity)) }

  private var layout: FileLayout {
    FileLayout(catalog, names: drafts.map { (table: $0.table, columns: $0.columns) })
  }

  private func place(of table: String) -> Int? {
    let folded = SQLText.folded(table)
    return drafts.firstIndex { SQLText.folded($0.table) == folded }
  }

  /// The tables that hold records, with the statements that made them.
  static func tables(
    _ connection: Connection
  ) throws(StoreError) -> [(name: String, text: String)] {
    var tables: [(name: String, text: String)] = []
    _ = try SalvageReading.attempt { () throws(StoreError) in
      let statement = try connection.prepare(
        "SELECT name, sql FROM sqlite_schema WHERE type = 'table' ORDER BY rowid")
      while try statement.step() {
        guard let name = statement.text(0), let text = statement.text(1) else { continue }
        let folded = SQLText.folded(name)
        if ["_rapport_", "sqlite_"].contains(where: { folded.starts(with: $0.utf8) }) { continue }
        tables.append((name, text))
      }
    }
    return tables
  }

  // MARK: fields

  private struct Column {
    var name: String
    var type: String
    var isKey: Bool
  }

  /// Adds the fields of a table's columns that are not there yet.
  private mutating func addFields(
    _ columns: [Column], _ text: String, to place: Int
  ) throws(StoreError) {
    let targets = try targets(drafts[place].table)
    let known = Set(drafts[place].columns.compactMap { $0 }.map(SQLText.folded))
    for column in columns where !known.contains(SQLText.folded(column.name)) {
      let index = drafts[place].entity.fields.count
      var types: [ValueType]
      if column.isKey {
        drafts[place].entity.key = FieldID(index)
        types = [column.type == "TEXT" ? .text : .integer]
      } else {
        types = Self.types(
          of: column.name, column.type, in: text,
          target: targets[SQLText.folded(column.name)].flatMap { self.place(of: $0) })
      }
      let name =
        types[0].isReference && column.name.hasSuffix("_id")
        ? String(column.name.dropLast(3)) : column.name
      let isTaken = drafts[place].entity.field(named: name) != nil
      drafts[place].entity.fields.append(Field(isTaken ? column.name : name, types.removeFirst()))
      drafts[place].columns.append(column.name)
      drafts[place].candidates[index] = types
    }
    let count = drafts[place].entity.fields.count
    if !drafts[place].entity.isBuiltIn {
      drafts[place].entity.defaultFields = (0..<min(6, count)).map(FieldID.init)
    }
  }

  private func columns(_ table: String) throws(StoreError) -> [Column] {
    var columns: [Column] = []
    _ = try SalvageReading.attempt { () throws(StoreError) in
      let statement = try connection.prepare("SELECT name, type, pk FROM pragma_table_xinfo(?)")
      try statement.bind(table, at: 0)
      while try statement.step() {
        columns.append(
          Column(
            name: statement.text(0) ?? "", type: statement.text(1) ?? "",
            isKey: statement.integer(2) == 1))
      }
    }
    return columns
  }

  /// The table that each column refers to.
  private func targets(_ table: String) throws(StoreError) -> [[UInt8]: String] {
    var targets: [[UInt8]: String] = [:]
    _ = try SalvageReading.attempt { () throws(StoreError) in
      let statement = try connection.prepare(
        "SELECT \"from\", \"table\" FROM pragma_foreign_key_list(?)")
      try statement.bind(table, at: 0)
      while try statement.step() {
        targets[SQLText.folded(statement.text(0) ?? "")] = statement.text(1)
      }
    }
    return targets
  }

  // MARK: types

  /// The types a column may have, the narrowest first.
  private static func types(
    of column: String, _ type: String, in text: String, target: Int?
  ) -> [ValueType] {
    if let target { return [.reference(EntityID(target))] }
    let name = SQLText.name(column)
    switch type {
    case "INTEGER":
      return Array(text.utf8).contains(Array("\(name) INTEGER CHECK(\(name) IN (0, 1))".utf8))
        ? [.flag] : [.integer]
    case "REAL": return [.money, .number]
    default:
      let names = ChoiceText.names(of: name, in: text)
      return names.map { [.choice(ChoiceList($0))] } ?? [.date, .time, .text]
    }
  }

  /// Lets values say which of the types a field has; one without a value has the widest.
  private mutating func settleTypes() throws(StoreError) {
    while drafts.contains(where: { $0.candidates.contains { !$0.value.isEmpty } }) {
      let layout = layout
      for place in drafts.indices
      where drafts[place].candidates.contains(where: { !$0.value.isEmpty }) {
        let (bad, known) = try fields(of: layout.tables[place])
        for (index, types) in drafts[place].candidates {
          guard let next = types.first else { continue }
          let isBad = bad.contains(index)
          guard isBad || !known.contains(index) else {
            drafts[place].candidates[index] = []
            continue
          }
          drafts[place].entity.fields[index].type = isBad ? next : types.last ?? next
          drafts[place].candidates[index] = isBad ? Array(types.dropFirst()) : []
        }
      }
    }
  }

  /// The fields that have values of another type, and those that have values of theirs.
  private func fields(
    of table: TableLayout
  ) throws(StoreError) -> (bad: Set<Int>, known: Set<Int>) {
    var bad: Set<Int> = []
    var known: Set<Int> = []
    var report = StoreReport()
    guard var reading = try SalvageTable(table, in: connection, &report) else { return ([], []) }
    try reading.read(&report) { part in
      for cell in part.badCells { bad.insert(table.fields[cell.field].id.index) }
      for (field, cells) in zip(table.fields, part.rows.cells)
      where !known.contains(field.id.index) && cells.known.contains(where: { $0 != 0 }) {
        known.insert(field.id.index)
      }
    }
    return (bad, known)
  }
}

/// The names of a choice in the statement that made its table.
private enum ChoiceText {
  /// The names, as `Schema.column` writes them; nil when there are none.
  static func names(of column: String, in text: String) -> [String]? {
    let bytes = Array(text.utf8)
    let opening = Array("\(column) TEXT CHECK(\(column) IN (".utf8)
    guard var offset = bytes.firstRange(of: opening)?.upperBound else { return nil }
    var names: [String] = []
    while offset < bytes.count, bytes[offset] != UInt8(ascii: ")") {
      guard let name = literal(bytes, &offset), names.count < ChoiceList.nameCountMax else {
        return nil
      }
      names.append(name)
      while offset < bytes.count, bytes[offset] == UInt8(ascii: ",") || bytes[offset] == 32 {
        offset += 1
      }
    }
    return names
  }

  /// A text in single quotes, or `CAST(x'…' AS TEXT)`.
  private static func literal(_ bytes: [UInt8], _ offset: inout Int) -> String? {
    let (start, end) = (Array("CAST(x".utf8), Array(" AS TEXT)".utf8))
    let isHex = bytes[offset...].starts(with: start)
    if isHex { offset += start.count }
    let quote = UInt8(ascii: "'")
    guard offset < bytes.count, bytes[offset] == quote else { return nil }
    offset += 1
    var content: [UInt8] = []
    while offset < bytes.count {
      if bytes[offset] == quote {
        offset += 1
        guard offset < bytes.count, bytes[offset] == quote else { break }
      }
      content.append(bytes[offset])
      offset += 1
    }
    guard isHex else { return String(decoding: content, as: UTF8.self) }
    guard bytes[min(offset, bytes.count)...].starts(with: end) else { return nil }
    offset += end.count
    let digits = content.compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
    guard digits.count == content.count, digits.count % 2 == 0 else { return nil }
    let decoded = stride(from: 0, to: digits.count, by: 2).map {
      UInt8(digits[$0] << 4 | digits[$0 + 1])
    }
    return String(decoding: decoded, as: UTF8.self)
  }
}
