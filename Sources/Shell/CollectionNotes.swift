import Engine
import Store

/// The words for what became of the tables of a whole database or folder.
enum CollectionNotes {
  /// The words for one note.
  static func words(for note: Note) -> String {
    switch note {
    case .leftOut(let name, let reason): return "left out '\(quoted(name))': \(words(reason))"
    case .importedTable(let name, let entity, let count, let isNew, let fields):
      return table(name, entity, count, isNew, fields)
    case .renamedTable(let name, let entity, let reason):
      return "table '\(quoted(name))' became \(quoted(entity)): \(words(reason))"
    case .cellsLeftOut(let name, let count, let row):
      return count == 1
        ? "1 value of '\(quoted(name))', in row \(ValueText.grouped(row)), is no text and became"
          + " unknown"
        : "\(ValueText.grouped(count)) values of '\(quoted(name))', from row"
          + " \(ValueText.grouped(row)) on, are no text and became unknown"
    case .referenceLeftOut(let name, let entity, let count, let example):
      let values = count == 1 ? "1 value is" : "\(ValueText.grouped(count)) values are"
      return "'\(quoted(name))' is no reference: \(values) not in \(quoted(entity)), as"
        + " '\(quoted(example))'"
    case .keptAsText(let name, let message):
      return "'\(quoted(name))' stayed text: \(quoted(message))"
    case .wroteFolder(let path, let entityCount, let rowCount):
      return "wrote \(ValueText.grouped(rowCount)) \(rowCount == 1 ? "row" : "rows") of"
        + " \(entityCount) entities to '\(quoted(path))'"
    default: preconditionFailure("a note without words: \(note.code)")
    }
  }

  private static func table(
    _ name: String, _ entity: String, _ count: Int, _ isNew: Bool, _ fields: [Note.FieldFact]
  ) -> String {
    let rows = "\(ValueText.grouped(count)) \(count == 1 ? "row" : "rows")"
    let place = (isNew ? "the new entity " : "") + quoted(entity)
    let facts = fields.map { field in
      "\(quoted(field.name)) \(field.isReference ? "→ " : "")\(quoted(plain(field.type)))"
    }
    return "imported \(rows) of '\(quoted(name))' into \(place)"
      + (facts.isEmpty ? "" : ": " + facts.joined(separator: ", "))
  }

  /// A type without its article.
  private static func plain(_ type: String) -> String {
    for article in ["a ", "an "] where type.hasPrefix(article) {
      return String(type.dropFirst(article.utf8.count))
    }
    return type
  }

  private static func words(_ reason: LeftOutReason) -> String {
    switch reason {
    case .nested: "its values are objects or arrays"
    case .binary: "its values are binary data"
    case .view: "it is a view"
    case .virtualTable: "it is a virtual table"
    case .shadowTable: "a virtual table keeps its content in it"
    case .bookkeeping: "rapport keeps its own accounts in it"
    case .notComputable(let message): "it cannot be computed here, \(quoted(message))"
    case .noTarget(let name): "it refers to no record of '\(quoted(name))' that was brought"
    }
  }

  private static func words(_ reason: Note.RenameReason) -> String {
    switch reason {
    case .hasRecords: "the entity of that name has records"
    case .isTaken: "another table went into the entity of that name"
    case .doesNotFit(let column, let type): "'\(quoted(column))' is not \(quoted(type))"
    }
  }

  private static func quoted(_ text: String) -> String { VisibleText.of(text) }
}
