import Store

/// How answers are written.
enum OutputMode: String, CaseIterable, Sendable {
  case table, box, csv, tsv, json, jsonl, markdown, html, line, plain

  /// Whether it is for eyes: limits, footers and visible control characters.
  var isHuman: Bool { fileFormat == nil }

  /// Whether answers are drawn where they can be: not in `line` and `plain`, which are read one field
  /// a line.
  var hasDrawings: Bool { self == .table || self == .box }

  /// The format that Interchange writes; nil for those that the shell draws.
  var fileFormat: FileFormat? {
    switch self {
    case .table, .box, .line, .plain: nil
    case .csv: .csv
    case .tsv: .tsv
    case .json: .json
    case .jsonl: .jsonl
    case .markdown: .markdown
    case .html: .html
    }
  }

  /// The mode that a file's ending asks for.
  init?(pathEnding path: String) {
    guard let dot = path.lastIndex(of: ".") else { return nil }
    switch path[path.index(after: dot)...].lowercased() {
    case "csv": self = .csv
    case "tsv": self = .tsv
    case "json": self = .json
    case "jsonl", "ndjson": self = .jsonl
    case "md", "markdown": self = .markdown
    case "html", "htm": self = .html
    case "txt": self = .table
    default: return nil
    }
  }

  /// All names, for messages.
  static var allNames: String { allCases.map(\.rawValue).joined(separator: ", ") }
}
