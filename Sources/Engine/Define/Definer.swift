import Store
import Syntax

/// Carries out `define`, `redefine`, `rename`, `drop` and `freeze`.
///
/// Works in memory, inside the recording that the session opened. What a change of one definition
/// does to the others is looked at when it is done: where one does not hold any more, the statement
/// is refused, and the session takes it back.
struct Definer {
  let inquiry: Inquiry
  let range: SourceRange

  var database: Database { inquiry.database }
  var catalog: Catalog { inquiry.database.catalog }
  var today: Int { inquiry.today }
  /// A binder of the definitions as they are now.
  var binder: Binder { Binder(catalog: catalog, today: today) }

  /// `define …` and `redefine …`.
  func define(_ statement: DefineStatement) throws(Failure) -> [Note] {
    let before = catalog.definitionTexts(today: today)
    let note: Note
    switch statement.definition {
    case .segment(let segment): note = try define(segment, statement.isRedefinition)
    case .standard(let standard): note = try define(standard, statement.isRedefinition)
    case .action(let action): note = try define(action, statement.isRedefinition)
    case .computedField(let field): note = try define(field, statement.isRedefinition)
    case .storedField(let field): note = try define(field, statement.isRedefinition)
    case .entity(let entity): note = try define(entity, statement.isRedefinition)
    }
    try checkOthers(since: before, verb: "redefined")
    return [note]
  }

  /// Refuses a change after which another definition does not hold any more.
  func checkOthers(
    since before: [DefinitionText], verb: String
  ) throws(Failure) {
    let broken = Set(before.filter { $0.problem != nil }.map(\.label))
    for text in catalog.definitionTexts(today: today) {
      guard let problem = text.problem, !broken.contains(text.label) else { continue }
      throw Failure(
        DefinitionReason.brokenDefinition(name: text.label, problem: problem), at: range)
    }
  }

  // MARK: segments, standards, actions

  private func define(
    _ segment: SegmentDefinition, _ isRedefinition: Bool
  ) throws(Failure) -> Note {
    let old = try slot(.segment, segment.name, isRedefinition)
    let checked = try binder.check(segment)
    let new = Definition(
      .segment, segment.name.text, text: segment.text,
      entity: checked.entity.map { catalog[$0].name },
      created: today)
    database.define(old, as: new)
    return .defined(new.label, isNew: old == nil)
  }

  private func define(
    _ standard: StandardDefinition, _ isRedefinition: Bool
  ) throws(Failure) -> Note {
    let old = try slot(.standard, standard.name, isRedefinition)
    _ = try binder.check(standard)
    let new = Definition(.standard, standard.name.text, text: standard.text, created: today)
    database.define(old, as: new)
    return .defined(new.label, isNew: old == nil)
  }

  private func define(
    _ action: ActionDefinition, _ isRedefinition: Bool
  ) throws(Failure) -> Note {
    let old = try slot(.action, action.name, isRedefinition)
    let checked = try binder.check(action)
    let new = Definition(
      .action, action.name.text, text: action.text, entity: checked.entity.map { catalog[$0].name },
      created: today)
    database.define(old, as: new)
    return .defined(new.label, isNew: old == nil)
  }

  /// What `redefine` replaces; nil for `define`, which needs a name that is free.
  private func slot(
    _ kind: Definition.Kind, _ name: Name, _ isRedefinition: Bool
  ) throws(Failure) -> Definition? {
    let old = catalog.definition(kind, named: name.text)
    if isRedefinition {
      guard let old else {
        throw Failure(
          DefinitionReason.nothingToRedefine(
            kind: kind.rawValue, name: name.text,
            example: "define \(kind.rawValue) \(Formatter.name(name.text)) …"),
          at: name.range)
      }
      return old
    }
    try checkFree(kind, name, isNew: true)
    return nil
  }

  /// Refuses a name that something of the kind has, or that a segment would take from an entity.
  func checkFree(_ kind: Definition.Kind, _ name: Name, isNew: Bool) throws(Failure) {
    if let other = catalog.definition(kind, named: name.text) {
      throw Failure(
        DefinitionReason.nameTaken(
          kind: kind.rawValue, name: name.text,
          by: "the name of \(kind == .action ? "an" : "a") \(kind.rawValue)",
          example: isNew && other.kind != .frozen ? "redefine \(other.label) …" : nil),
        at: name.range)
    }
    guard kind == .segment, let entity = catalog.entity(named: name.text) else { return }
    throw Failure(
      DefinitionReason.nameTaken(
        kind: kind.rawValue, name: name.text, by: "the entity '\(catalog[entity].name)'",
        example: nil),
      at: name.range)
  }

  // MARK: freezing

  /// `freeze segment vip as vip_2026q1`, `freeze (QUERY) as best`, `freeze it as rescue_50`.
  ///
  /// - Parameter last: Gives the records of the last answer and its query as text.
  func freeze(
    _ statement: FreezeStatement,
    last: () throws(Failure) -> (entity: EntityID, rows: [Int32], text: String)
  ) throws(Failure) -> [Note] {
    try checkFree(.segment, statement.name, isNew: false)
    let entity: EntityID
    let rows: [Int32]
    let text: String
    if case .it = statement.source {
      (entity, rows, text) = try last()
    } else {
      (entity, rows, _) = try inquiry.records(
        of: statement.source, orElse: .recordsExpected, at: statement.sourceRange)
      text = statement.source.words
    }
    let definition = catalog[entity]
    database.define(
      nil,
      as: Definition(
        .frozen, statement.name.text, text: text, entity: definition.name,
        members: inquiry.keys(of: rows, in: entity), created: today))
    return [
      .froze(
        count: rows.count, singular: definition.singular, plural: definition.name,
        segment: statement.name.text)
    ]
  }
}

extension Source {
  /// The source as it reads behind `find`.
  var words: String {
    if case .query(let query) = self { return Formatter.format(query) }
    return Formatter.format(self)
  }
}
