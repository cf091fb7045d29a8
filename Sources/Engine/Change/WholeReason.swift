import Store
import Syntax

/// Why `import all` or `export all` is refused, with the words.
enum WholeReason: Reason {
  /// A cell of a table that cannot be taken.
  case cell(table: String, CellProblem)
  /// An entity of an exported folder that has records here.
  case entityNotEmpty(String, count: Int)
  /// A field of an exported folder that is another one here.
  case fieldDiffers(String, entity: String, found: String, expected: String)
  /// A collection without a table.
  case noTables(path: String)

  var code: String {
    switch self {
    case .cell(_, let problem): problem.code
    case .entityNotEmpty: "entity-not-empty"
    case .fieldDiffers: "field-differs"
    case .noTables: "no-tables"
    }
  }

  var message: String {
    switch self {
    case .cell(let table, let problem):
      "\(table), \(EngineReason.store(.cell(problem)).message)"
    case .entityNotEmpty(let name, let count):
      count == 0
        ? "'\(name)' has had records, and what was exported goes where none were"
        : "'\(name)' has \(count) \(count == 1 ? "record" : "records") already, and what was"
          + " exported goes where none are"
    case .fieldDiffers(let field, let entity, let found, let expected):
      "'\(field)' of \(entity) is \(found) in the folder and \(expected) here"
    case .noTables(let path): "'\(path)' has no table that could be brought"
    }
  }

  var hint: String? {
    switch self {
    case .cell(_, let problem): problem.hint
    case .entityNotEmpty: "start with a new data file"
    case .fieldDiffers, .noTables: nil
    }
  }
}
