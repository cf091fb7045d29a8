import Engine
import Store
import Syntax

// The names of the catalog that may stand somewhere.

extension Completion {
  /// The columns of an earlier answer.
  func columns(of earlier: RoundNames) -> [Completions.Candidate] {
    earlier.columns.map { .init(Self.spelled($0.name), .fields) }
  }

  /// The columns, and the fields where the rows are still records.
  func names(of earlier: RoundNames, after prefix: [String]) -> [Completions.Candidate] {
    let isOfRecord = prefix.first.map { Self.isSame($0, earlier.record) } ?? false
    return (prefix.isEmpty ? columns(of: earlier) : [])
      + fields(of: earlier.entity, after: isOfRecord ? Array(prefix.dropFirst()) : prefix)
  }

  /// The names of what is defined.
  func definitions(_ kind: DefinedKind) -> [Completions.Candidate] {
    let catalog = session.database.catalog
    return switch kind {
    case .segment:
      catalog.definitions(of: .segment).map { .init(Self.spelled($0.name), .segments) }
    case .standard:
      catalog.definitions(of: .standard).map { .init(Self.spelled($0.name), .standards) }
    case .action:
      catalog.definitions(of: .action).map { .init(Self.spelled($0.name), .actions) }
    case .field, .entity: []
    }
  }

  /// The fields of an entity, or of what a path of references leads to.
  func fields(of entity: String?, after prefix: [String]) -> [Completions.Candidate] {
    let catalog = session.database.catalog
    guard let entity = self.entity(named: entity), var id = catalog.entity(named: entity.name)
    else { return [] }
    for name in prefix {
      guard let field = catalog[id].field(named: name),
        case .reference(let target) = catalog[id][field].type
      else { return [] }
      id = target
    }
    return catalog[id].fields.map { .init(Self.spelled($0.name), .fields) }
  }

  /// What may follow in the way to related records: relations, and references that lead to some.
  func relations(of entity: String?, after prefix: [String]) -> [Completions.Candidate] {
    guard let id = entityReached(from: entity, by: prefix) else { return [] }
    let catalog = session.database.catalog
    let references = catalog[id].fields.compactMap { field -> Completions.Candidate? in
      guard case .reference = field.type, !field.isComputed else { return nil }
      return .init(Self.spelled(field.name), .fields, suffix: ".")
    }
    return catalog.relations(of: id).map { .init(Self.spelled($0.name), .relations) } + references
  }

  /// The entity that a path of references and relations leads to; nil where there is no such path.
  func entityReached(from entity: String?, by path: [String]) -> EntityID? {
    let catalog = session.database.catalog
    guard let entity = self.entity(named: entity), var id = catalog.entity(named: entity.name)
    else { return nil }
    for name in path {
      if let relation = catalog.relation(named: name, of: id) {
        id = relation.entity
      } else if let field = catalog[id].field(named: name),
        case .reference(let target) = catalog[id][field].type
      {
        id = target
      } else {
        return nil
      }
    }
    return id
  }

  /// The fields of an entity, named in the singular or plural, that a change can set: in a record
  /// that is there neither the key nor what `move` changes.
  func storedFields(of name: String?, isNew: Bool) -> [Completions.Candidate] {
    guard let entity = entity(named: name) else { return [] }
    return entity.fields.enumerated().filter { place, field in
      !field.isComputed && (isNew || field.trackedBy == nil && place != entity.key.index)
    }.map { .init(Self.spelled($0.element.name), .fields) }
  }

  /// The choices of an entity's tracked field.
  func trackedChoices(of name: String?) -> [Completions.Candidate] {
    guard let field = entity(named: name)?.fields.first(where: { $0.trackedBy != nil }),
      case .choice(let list) = field.type
    else { return [] }
    return list.names.map { .init(Self.isPlainName($0) ? $0 : Self.quoted($0), .values) }
  }

  /// The entity of this name, singular or plural.
  func entity(named name: String?) -> Entity? {
    guard let name else { return nil }
    return session.database.catalog.entities.first { entity in
      Self.isSame(entity.name, name) || Self.isSame(entity.singular, name)
    }
  }

  static func isSame(_ name: String, _ other: String?) -> Bool {
    guard let other else { return false }
    return Folding.fold(name).utf8.elementsEqual(Folding.fold(other).utf8)
  }

  /// A name as it is written: in backticks where it is no plain one.
  static func spelled(_ name: String) -> String {
    isPlainName(name) ? name : "`\(name.replacing("`", with: "``"))`"
  }

  /// A name without the backticks it may be written in.
  static func unspelled(_ name: String) -> String {
    guard name.utf8.count > 2, name.first == "`", name.last == "`" else { return name }
    return String(name.dropFirst().dropLast())
  }

  static func isPlainName(_ name: String) -> Bool {
    if let keyword = Keyword(word: name), keyword.isReserved || keyword.isValue { return false }
    guard let first = name.unicodeScalars.first, first == "_" || first.properties.isAlphabetic
    else { return false }
    return name.unicodeScalars.allSatisfy {
      $0 == "_" || $0.properties.isAlphabetic || $0.properties.numericType != nil
    }
  }
}
