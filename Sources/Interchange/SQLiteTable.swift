import Store

/// What a SQLite file says of one of its tables.
struct SQLiteTable {
  /// A column that can be read.
  struct Column {
    var name: String
    var declared: DeclaredType
  }

  var name: String
  var columns: [Column]
  /// Columns of the primary key, in its order.
  var key: [Int]
  var recordCount: Int
  var leftOut: [(name: String, reason: LeftOutReason)] = []
}

/// A foreign key as SQLite gives it.
struct SQLiteForeignKey {
  var columns: [String]
  var target: String
  /// The columns there; nil means its primary key.
  var targetColumns: [String]?
}

extension SQLiteConnection {
  /// What a table, view or virtual table is called, what it is, and the statement that made it.
  struct Entry {
    var name: String
    var kind: String
    var sql: String
  }

  /// All there is, in the order in which it was made, SQLite's own tables left out.
  func entries() throws(SQLiteFailure) -> [Entry] {
    let statement = try prepare(
      """
      SELECT s.name, l.type, s.sql FROM main.sqlite_schema s
      JOIN pragma_table_list l ON l.schema = 'main' AND l.name = s.name
      WHERE s.type IN ('table', 'view') AND s.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
      ORDER BY s.rowid
      """)
    var entries: [Entry] = []
    while try statement.step() {
      entries.append(
        Entry(
          name: statement.string(0) ?? "", kind: statement.string(1) ?? "",
          sql: statement.string(2) ?? ""))
    }
    return entries
  }

  /// What there is to know of a table.
  func table(
    _ entry: Entry, _ types: DataFileTypes
  ) throws(SQLiteFailure) -> SQLiteTable {
    let statement = try prepare(
      "SELECT name, type, pk, hidden FROM pragma_table_xinfo(?1, 'main') ORDER BY cid")
    statement.bind(1, string: entry.name)
    var exact: [[UInt8]: ValueType] = [:]
    for field in SchemaParser.table(from: entry.sql)?.fields ?? [] {
      if let column = field.column { exact[Array(column.utf8)] = field.type.valueType }
    }
    var table = SQLiteTable(name: entry.name, columns: [], key: [], recordCount: 0)
    var keys: [(order: Int64, column: Int)] = []
    while try statement.step() {
      let name = statement.string(0) ?? ""
      let hidden = statement.integer(3)
      guard hidden != 1 else { continue }
      if hidden > 1 {
        do throws(SQLiteFailure) {
          _ = try prepare("SELECT \(SQLText.quoted(name)) FROM main.\(SQLText.quoted(entry.name))")
        } catch {
          table.leftOut.append((name, .notComputable(error.message)))
          continue
        }
      }
      let declared =
        (types.type(of: name, in: entry.name) ?? exact[Array(name.utf8)])
        .map(DeclaredType.exact) ?? DeclaredType(statement.string(1) ?? "")
      if statement.integer(2) > 0 { keys.append((statement.integer(2), table.columns.count)) }
      table.columns.append(SQLiteTable.Column(name: name, declared: declared))
    }
    table.key = keys.sorted { $0.order < $1.order }.map(\.column)
    let count = try prepare("SELECT count(*) FROM main.\(SQLText.quoted(entry.name))")
    if try count.step() { table.recordCount = Int(count.integer(0)) }
    return table
  }

  /// The foreign keys of a table, in the order in which they were declared.
  func foreignKeys(of table: String) throws(SQLiteFailure) -> [SQLiteForeignKey] {
    // SQLite numbers them from the last one on.
    let statement = try prepare(
      """
      SELECT id, "table", "from", "to" FROM pragma_foreign_key_list(?1, 'main')
      ORDER BY id DESC, seq
      """)
    statement.bind(1, string: table)
    var keys: [SQLiteForeignKey] = []
    var last: Int64?
    while try statement.step() {
      if statement.integer(0) != last {
        last = statement.integer(0)
        keys.append(
          SQLiteForeignKey(columns: [], target: statement.string(1) ?? "", targetColumns: []))
      }
      keys[keys.count - 1].columns.append(statement.string(2) ?? "")
      if let target = statement.string(3) {
        keys[keys.count - 1].targetColumns?.append(target)
      } else {
        keys[keys.count - 1].targetColumns = nil
      }
    }
    return keys
  }
}

extension SchemaType {
  /// The type of a column's values: a reference's are its keys.
  var valueType: ValueType {
    switch self {
    case .text: .text
    case .choice(let list): .choice(list)
    case .money: .money
    case .number: .number
    case .integer: .integer
    case .date: .date
    case .time: .time
    case .flag: .flag
    case .reference(_, _, let isText): isText ? .text : .integer
    }
  }
}

/// The tables of a SQLite file.
final class SQLiteCollection: TableCollection {
  private let file: SQLiteFile
  private let options: ReadOptions
  private let known: [SQLiteTable]
  let tables: [SourceTable]
  let leftOut: [(name: String, reason: LeftOutReason)]
  var catalog: Catalog? { nil }

  /// Opens the file and reads what it says of its tables.
  init(_ path: String, _ options: ReadOptions) throws(StoreError) {
    file = try SQLiteFile(path)
    self.options = options
    do throws(SQLiteFailure) {
      let types = DataFileTypes(file.connection)
      var known: [SQLiteTable] = []
      var leftOut: [(name: String, reason: LeftOutReason)] = []
      for entry in try file.connection.entries() {
        if let reason = Self.reason(entry) {
          // One line for all of our own accounts.
          if reason != .bookkeeping {
            leftOut.append((entry.name, reason))
          } else if !leftOut.contains(where: { $0.reason == .bookkeeping }) {
            leftOut.append(("_rapport_*", reason))
          }
        } else {
          known.append(try file.connection.table(entry, types))
        }
      }
      self.known = known
      self.leftOut = leftOut
      var tables: [SourceTable] = []
      let names = FieldNames.unique(known.map(\.name), otherwise: "table")
      for (index, table) in known.enumerated() {
        let keys =
          try Self.foreignKeys(of: table, in: known, file.connection)
          + Self.foreignKeys(of: table, in: known, types)
        tables.append(
          SourceTable(
            name: table.name, entityName: names[index], key: table.key,
            foreignKeys: keys.indices.filter { keys.firstIndex(of: keys[$0]) == $0 }
              .map { keys[$0] },
            recordCount: table.recordCount, leftOut: table.leftOut))
      }
      self.tables = tables
    } catch {
      throw SQLiteFile.refusal(error, path)
    }
  }

  func openReader(of table: Int) throws(StoreError) -> any RecordReader {
    SQLiteReader(file, known[table], options)
  }

  func checkUnchanged() throws(StoreError) { try file.checkUnchanged() }

  /// The reader of the one table there is.
  /// - Throws: `file` when there are several, or none.
  func onlyReader() throws(StoreError) -> any RecordReader {
    guard tables.count == 1 else {
      throw .file(FileRefusal.severalTables(tables.map(\.name)).problem(file.path))
    }
    return try openReader(of: 0)
  }

  private static func reason(_ entry: SQLiteConnection.Entry) -> LeftOutReason? {
    if Folding.fold(entry.name).hasPrefix("_rapport_") { return .bookkeeping }
    return switch entry.kind {
    case "view": .view
    case "virtual": .virtualTable
    case "shadow": .shadowTable
    default: nil
    }
  }

  private static func foreignKeys(
    of table: SQLiteTable, in all: [SQLiteTable], _ connection: SQLiteConnection
  ) throws(SQLiteFailure) -> [SourceForeignKey] {
    var keys: [SourceForeignKey] = []
    for key in try connection.foreignKeys(of: table.name) {
      let target = all.firstIndex { isSame($0.name, key.target) }
      let columns = key.columns.compactMap { table.position(of: $0) }
      var targetColumns: [Int] = []
      if let target {
        targetColumns =
          key.targetColumns.map { $0.compactMap { all[target].position(of: $0) } }
          ?? all[target].key
      }
      guard columns.count == key.columns.count else { continue }
      keys.append(
        SourceForeignKey(
          columns: columns, targetColumns: targetColumns,
          target: targetColumns.count == columns.count ? target : nil,
          targetName: target.map { all[$0].name } ?? key.target))
    }
    return keys
  }

  /// The references that a data file of rapport keeps in its catalog.
  private static func foreignKeys(
    of table: SQLiteTable, in all: [SQLiteTable], _ types: DataFileTypes
  ) -> [SourceForeignKey] {
    types.references.filter { isSame($0.table, table.name) }.compactMap { reference in
      guard let column = table.position(of: reference.column),
        let target = all.firstIndex(where: { isSame($0.name, reference.target) })
      else { return nil }
      return SourceForeignKey(
        columns: [column], targetColumns: all[target].key, target: target,
        targetName: all[target].name)
    }
  }

  /// Names in SQL ignore the case of A to Z.
  fileprivate static func isSame(_ a: String, _ b: String) -> Bool {
    func plain(_ name: String) -> [UInt8] {
      name.utf8.map { $0 >= 0x41 && $0 <= 0x5A ? $0 + 0x20 : $0 }
    }
    return plain(a) == plain(b)
  }
}

extension SQLiteTable {
  fileprivate func position(of column: String) -> Int? {
    columns.firstIndex { SQLiteCollection.isSame($0.name, column) }
  }
}
