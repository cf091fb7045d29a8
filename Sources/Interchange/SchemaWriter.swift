import Store

/// Writes a schema as SQL that SQLite runs, with comments for what SQL has no words for. What it
/// writes `SchemaParser` reads.
enum SchemaWriter {
  /// The first line of every `schema.sql`; the number grows when an older rapport could not read it.
  static let firstLine = "-- rapport export 1"

  /// A whole `schema.sql`.
  static func text(_ schema: Schema) -> String {
    var text = firstLine + "\n"
    text += "-- One table an entity, its records in the CSV file named with it;"
    text += " an empty cell is unknown, \"\" is empty text.\n"
    for table in schema.tables { text += "\n" + statement(table) + ";\n" }
    if !schema.definitions.isEmpty { text += "\n" }
    for definition in schema.definitions { text += comment(definition) + "\n" }
    return text
  }

  /// A segment, standard or action, which SQL has no words for, as a comment of one line:
  /// `-- defined segment "vip" of "customers" on 20634 is "customers where …"`, the day counted from
  /// 1970-01-01; behind that of a frozen segment come the keys of its records.
  private static func comment(_ definition: Definition) -> String {
    var text = "\(SchemaParser.definitionMark) \(definition.kind.rawValue) "
    text += SQLText.comment(definition.name)
    if let entity = definition.entity { text += " of " + SQLText.comment(entity) }
    text += " on \(definition.created) is " + SQLText.comment(definition.text)
    switch definition.members {
    case .integers(let keys)?: text += keys.map { " \($0)" }.joined()
    case .texts(let keys)?: text += keys.map { " " + SQLText.comment($0) }.joined()
    case nil: break
    }
    return text
  }

  /// The statement that creates a table, without its semicolon.
  static func statement(_ table: SchemaTable) -> String {
    var lines: [(text: String, comment: String)] = []
    let last = table.fields.lastIndex { $0.column != nil }
    for (index, field) in table.fields.enumerated() {
      if let column = field.column {
        lines.append((sql(field, column) + (index == last ? "" : ","), comment(field)))
      } else {
        lines.append(("", "computed " + name(field.name) + " " + comment(field)))
      }
    }
    let body = lines.map { line in
      line.text.isEmpty ? "  -- \(line.comment)\n" : "  \(line.text) -- \(line.comment)\n"
    }
    return "CREATE TABLE \(SQLText.quoted(table.name)) (\n  -- \(head(table))\n"
      + body.joined() + ") STRICT"
  }

  /// What the first comment says of the table as a whole.
  private static func head(_ table: SchemaTable) -> String {
    var parts = ["one " + name(table.singular)]
    if let time = table.timeField { parts.append("time " + name(time)) }
    if let label = table.labelField { parts.append("label " + name(label)) }
    if !table.shown.isEmpty {
      parts.append("shown " + table.shown.map(name).joined(separator: " "))
    }
    if let role = table.role { parts.append("role " + name(role)) }
    if let validWhen = table.validWhen { parts.append("valid when " + name(validWhen)) }
    if let file = table.file { parts.append("file " + SQLText.comment(file)) }
    return parts.joined(separator: ", ")
  }

  private static func sql(_ field: SchemaField, _ column: String) -> String {
    let quoted = SQLText.quoted(column)
    var text = "\(quoted) \(field.type.storage)"
    if field.isKey {
      return text + (field.type.storage == "TEXT" ? " PRIMARY KEY NOT NULL" : " PRIMARY KEY")
    }
    switch field.type {
    case .reference(let table, let key, _):
      text += " REFERENCES \(SQLText.quoted(table)) (\(SQLText.quoted(key)))"
    case .flag: text += " CHECK (\(quoted) IN (0, 1))"
    case .choice(let list):
      let names = list.names.map(SQLText.literal).joined(separator: ", ")
      text += " CHECK (\(quoted) IN (\(names)))"
    case .integer:
      if let bounds = field.bounds {
        text += " CHECK (\(quoted) BETWEEN \(bounds.lowerBound) AND \(bounds.upperBound))"
      }
    case .text, .money, .number, .date, .time: break
    }
    return text
  }

  private static func comment(_ field: SchemaField) -> String {
    var parts = [field.type.word]
    switch field.type {
    case .choice(let list):
      if list.isOrdered { parts.append("ordered") }
      if field.column == nil {
        parts.append("of " + list.names.map(SQLText.comment).joined(separator: " "))
      }
    case .reference(let table, _, _):
      if let column = field.column, !isSame(column, field.name + "_id") {
        parts.append("field " + name(field.name))
      }
      if field.column == nil { parts.append("to " + name(table)) }
    default: break
    }
    if field.isEvent { parts.append("event") }
    if let inverse = field.inverse { parts.append("inverse " + name(inverse)) }
    if let trackedBy = field.trackedBy { parts.append("tracked by " + name(trackedBy)) }
    if let moves = field.usualMoves { parts.append("moves" + words(moves)) }
    if let expression = field.expression {
      parts.append("is " + SQLText.comment(expression))
    }
    return parts.joined(separator: ", ")
  }

  /// ` 0>1 0>5`: a code and one that it may go to.
  private static func words(_ moves: [UInt8: Set<UInt8>]) -> String {
    moves.sorted { $0.key < $1.key }
      .flatMap { from, to in to.sorted().map { " \(from)>\($0)" } }.joined()
  }

  /// A name in a comment: plain ones bare, others in quotes.
  private static func name(_ name: String) -> String {
    SQLText.isPlain(name) ? name : SQLText.comment(name)
  }

  private static func isSame(_ a: String, _ b: String) -> Bool { a.utf8.elementsEqual(b.utf8) }
}

/// How names and texts stand in SQL and in its comments.
enum SQLText {
  /// A name in double quotes.
  static func quoted(_ name: String) -> String { enclosed(name, 0x22) }

  /// A text in single quotes.
  static func literal(_ text: String) -> String { enclosed(text, 0x27) }

  /// A text in a comment: a JSON string, which has no line end in it.
  static func comment(_ text: String) -> String {
    String(decoding: [0x22] + Escapes.json.applied(to: Array(text.utf8)) + [0x22], as: UTF8.self)
  }

  /// Whether a name needs no quotes in a comment.
  static func isPlain(_ name: String) -> Bool {
    !name.isEmpty
      && name.utf8.allSatisfy {
        $0 >= 0x61 && $0 <= 0x7A || $0 >= 0x41 && $0 <= 0x5A || $0 >= 0x30 && $0 <= 0x39
          || $0 == 0x5F
      }
  }

  private static func enclosed(_ text: String, _ quote: UInt8) -> String {
    let doubled = text.utf8.flatMap { $0 == quote ? [quote, quote] : [$0] }
    return String(decoding: [quote] + doubled + [quote], as: UTF8.self)
  }
}
