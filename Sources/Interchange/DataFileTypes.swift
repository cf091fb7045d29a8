import Store

/// What a data file of rapport says of its own tables: more than SQLite's types can.
struct DataFileTypes {
  /// The type of each column, references left out, by table and column.
  private var types: [[[UInt8]]: ValueType] = [:]
  /// The columns that refer to another table's key, with that table.
  private(set) var references: [(table: String, column: String, target: String)] = []

  /// Reads the tables in which a data file keeps its catalog. A file that keeps it otherwise says
  /// nothing.
  init(_ connection: SQLiteConnection) {
    guard
      let fields = try? connection.prepare(
        """
        SELECT e."table", f."column", f.type, f.is_ordered, f.entity, f.id, t."table"
        FROM main."_rapport_fields" f
        JOIN main."_rapport_entities" e ON e.id = f.entity
        LEFT JOIN main."_rapport_entities" t ON t.id = f.target
        WHERE f."column" IS NOT NULL ORDER BY f.entity, f.id
        """)
    else { return }
    while (try? fields.step()) == true {
      guard let table = fields.string(0), let column = fields.string(1),
        let word = fields.string(2)
      else { continue }
      if word == "reference" {
        if let target = fields.string(6) { references.append((table, column, target)) }
      } else if let type = Self.type(
        word, isOrdered: fields.integer(3) != 0, entity: fields.integer(4),
        field: fields.integer(5), connection)
      {
        types[[Array(table.utf8), Array(column.utf8)]] = type
      }
    }
  }

  /// The type of a column, if the file says.
  func type(of column: String, in table: String) -> ValueType? {
    types[[Array(table.utf8), Array(column.utf8)]]
  }

  private static func type(
    _ word: String, isOrdered: Bool, entity: Int64, field: Int64, _ connection: SQLiteConnection
  ) -> ValueType? {
    switch word {
    case "text": return .text
    case "money": return .money
    case "number": return .number
    case "integer": return .integer
    case "date": return .date
    case "time": return .time
    case "flag": return .flag
    case "choice":
      guard
        let choices = try? connection.prepare(
          """
          SELECT name FROM main."_rapport_choices" WHERE entity = ?1 AND field = ?2
          ORDER BY code
          """)
      else { return nil }
      choices.bind(1, integer: entity)
      choices.bind(2, integer: field)
      var names: [String] = []
      while (try? choices.step()) == true { names.append(choices.string(0) ?? "") }
      guard !names.isEmpty, names.count <= ChoiceList.nameCountMax else { return nil }
      return .choice(ChoiceList(names, isOrdered: isOrdered))
    default: return nil
    }
  }
}
