import Store

/// The statements that make the tables.
enum Schema {
  /// SQLite's limit.
  static let columnCountMax = 2_000
  /// "rapp", which `file(1)` and others may know our files by.
  static let applicationID: Int64 = 0x7261_7070

  /// The tables that describe the others.
  static let catalogTables = [
    """
    CREATE TABLE "_rapport_settings"(
      name TEXT PRIMARY KEY NOT NULL, value ANY) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE "_rapport_entities"(
      id INTEGER PRIMARY KEY, name TEXT NOT NULL, singular TEXT NOT NULL, "table" TEXT NOT NULL,
      key INTEGER NOT NULL, time INTEGER, label INTEGER, shown TEXT NOT NULL, role TEXT,
      valid_when TEXT, is_built_in INTEGER NOT NULL) STRICT
    """,
    """
    CREATE TABLE "_rapport_fields"(
      entity INTEGER NOT NULL, id INTEGER NOT NULL, name TEXT NOT NULL, "column" TEXT,
      type TEXT NOT NULL, target INTEGER, is_ordered INTEGER NOT NULL, expression TEXT,
      is_event INTEGER NOT NULL, tracked_by TEXT, usual_moves TEXT, least INTEGER, most INTEGER,
      inverse TEXT, PRIMARY KEY(entity, id)) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE "_rapport_choices"(
      entity INTEGER NOT NULL, field INTEGER NOT NULL, code INTEGER NOT NULL, name TEXT NOT NULL,
      PRIMARY KEY(entity, field, code)) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE "_rapport_definitions"(
      kind TEXT NOT NULL, name TEXT NOT NULL, text TEXT NOT NULL, entity TEXT,
      created TEXT NOT NULL, PRIMARY KEY(kind, name)) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE "_rapport_members"(
      segment TEXT NOT NULL, key ANY NOT NULL, PRIMARY KEY(segment, key)) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE "_rapport_sums"(
      "table" TEXT NOT NULL, chunk INTEGER NOT NULL, rows INTEGER, sum INTEGER,
      PRIMARY KEY("table", chunk)) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE "_rapport_tables"(
      name TEXT PRIMARY KEY NOT NULL, generation INTEGER NOT NULL, floor INTEGER NOT NULL,
      next_key INTEGER NOT NULL, next_key_check INTEGER NOT NULL) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE "_rapport_delta"(
      "table" TEXT NOT NULL, key ANY NOT NULL, generation INTEGER NOT NULL,
      PRIMARY KEY("table", key)) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE "_rapport_cache"(
      "table" TEXT NOT NULL, "column" TEXT NOT NULL, chunk INTEGER NOT NULL,
      generation INTEGER NOT NULL, bytes BLOB NOT NULL, checksum INTEGER NOT NULL,
      PRIMARY KEY("table", "column", chunk)) STRICT
    """,
  ]

  /// Makes the table of an entity.
  static func createTable(_ table: TableLayout, in layout: FileLayout) -> String {
    let columns = table.fields.enumerated().map { place, field in
      column(field, isKey: place == table.key, in: layout)
    }
    return "CREATE TABLE \(SQLText.name(table.name))(\n  "
      + columns.joined(separator: ",\n  ") + "\n) STRICT"
  }

  /// A column as it stands in the statement that makes it.
  static func column(_ field: StoredField, isKey: Bool, in layout: FileLayout) -> String {
    let name = SQLText.name(field.column)
    let type = sqlType(field.form)
    if isKey { return name + " " + type + " PRIMARY KEY" + (type == "TEXT" ? " NOT NULL" : "") }
    switch field.form {
    case .flag: return "\(name) \(type) CHECK(\(name) IN (0, 1))"
    case .choice(let choice):
      // A list of no names allows no value.
      let names = choice.names.map { SQLText.literal(String(decoding: $0, as: UTF8.self)) }
      return "\(name) \(type) CHECK(\(name) IN (\(names.joined(separator: ", "))))"
    case .reference(let target, _):
      let table = layout[target]
      return "\(name) \(type) REFERENCES \(SQLText.name(table.name))"
        + "(\(SQLText.name(table.keyField.column)))"
    default: return "\(name) \(type)"
    }
  }

  private static func sqlType(_ form: StoredField.Form) -> String {
    switch form {
    case .money, .number: "REAL"
    case .integer, .flag, .reference(_, isText: false): "INTEGER"
    case .text, .date, .time, .choice, .reference(_, isText: true): "TEXT"
    }
  }

  /// Inserts a row: one parameter a stored field.
  static func insert(_ table: TableLayout) -> String {
    let names = table.fields.map { SQLText.name($0.column) }.joined(separator: ",")
    let marks = table.fields.map { _ in "?" }.joined(separator: ",")
    return "INSERT INTO \(SQLText.name(table.name))(\(names)) VALUES(\(marks))"
  }

  /// Selects the stored fields, in order.
  static func select(_ table: TableLayout, _ rest: String) -> String {
    let names = table.fields.map { SQLText.name($0.column) }.joined(separator: ",")
    return "SELECT \(names) FROM \(SQLText.name(table.name)) \(rest)"
  }
}
