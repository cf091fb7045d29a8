import Engine
import Store
import Syntax

// The values that a field has, with how many records have each.

extension Completion {
  /// The values of the field that a path names, as they are written at this place: those the records
  /// have, else the choices of its type.
  func values(of path: [String], _ asked: Asked) -> [Completions.Candidate] {
    let found = commonValues(of: path, asked)
    if !found.isEmpty { return found }
    guard path.count == 1,
      let column = asked.earlier?.columns.last(where: { Self.isSame($0.name, path[0]) }),
      case .choice(let list) = column.type
    else { return [] }
    return list.names.map { written($0, count: nil, isChoice: true, asked) }
  }

  private func commonValues(of path: [String], _ asked: Asked) -> [Completions.Candidate] {
    let catalog = session.database.catalog
    guard let name = entity(named: source(of: asked.expected))?.name,
      let entity = catalog.entity(named: name), let type = type(of: path, in: entity)
    else { return [] }
    if case .choice(let list) = type {
      // The names are in the catalog; only their counts need the records.
      let counted =
        session.database.isLoaded(entity)
        ? session.commonValues(
          of: path, in: name, countMax: Self.valueCountMax, mayCount: mayCount) : []
      let seen = Set(counted.map(\.value))
      let rest = list.names.filter { !seen.contains($0) }
      return counted.map { written($0.value, count: $0.count, isChoice: true, asked) }
        + rest.map {
          written($0, count: counted.first?.count == nil ? nil : 0, isChoice: true, asked)
        }
    }
    guard type == .text else { return [] }
    return session.commonValues(
      of: path, in: name, countMax: Self.valueCountMax, mayCount: mayCount
    ).filter { Self.canBeTyped($0.value) }.map {
      written($0.value, count: $0.count, isChoice: false, asked)
    }
  }

  private func written(
    _ value: String, count: Int?, isChoice: Bool, _ asked: Asked
  ) -> Completions.Candidate {
    if asked.expected.isInQuotes {
      return .init(
        Self.escaped(value, in: asked.quote), .values, count: count, suffix: asked.quote + " ")
    }
    let isBare = isChoice && Self.isPlainName(value)
    return .init(isBare ? value : Self.quoted(value), .values, count: count)
  }

  /// Whether a text is drawn as it stands: without characters that turn the line around or hide.
  private static func canBeTyped(_ value: String) -> Bool {
    !VisibleText.of(value).contains("<U+")
  }

  private func type(of path: [String], in entity: EntityID) -> ValueType? {
    let catalog = session.database.catalog
    var id = entity
    var type: ValueType?
    for name in path {
      if case .reference(let target)? = type { id = target }
      guard let field = catalog[id].field(named: name) else { return nil }
      type = catalog[id][field].type
    }
    return type
  }

  /// A text as it is written in the language.
  static func quoted(_ value: String) -> String { "\"" + escaped(value, in: "\"") + "\"" }

  /// The content of a text as it is written between quotes that end with `quote`.
  private static func escaped(_ value: String, in quote: String) -> String {
    var result = ""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      default:
        if quote.unicodeScalars.first == scalar { result += quote }
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
