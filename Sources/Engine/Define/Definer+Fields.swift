import Store
import Syntax

// Fields and entities that users add.

extension Definer {
  // MARK: computed fields

  /// `customers.margin as value - cost`: its type is that of its expression.
  func define(
    _ field: ComputedFieldDefinition, _ isRedefinition: Bool
  ) throws(Failure) -> Note {
    let entity = try self.entity(field.entity)
    let old = try slot(field.name, of: entity, isRedefinition)
    var definition = catalog[entity]
    let id = old ?? FieldID(definition.fields.count)
    if let old, !definition[old].isComputed {
      throw Failure(
        DefinitionReason.storedField(name: definition[old].name, verb: "redefined"),
        at: field.name.range)
    }
    // A type for the time being: the field may be named in its own expression, which is a mistake.
    let name = old.map { definition[$0].name } ?? field.name.text
    let new = Field(name, .number, expression: field.text)
    if old == nil { definition.fields.append(new) } else { definition.fields[id.index] = new }
    var candidate = catalog
    candidate[entity] = definition
    let checked = try Binder(catalog: candidate, today: today).check(field, as: id, of: entity)
    definition.fields[id.index].type = checked.type ?? .number
    try apply(definition, to: entity)
    return .defined(label(id, of: entity), isNew: old == nil)
  }

  // MARK: stored fields

  /// `customers.nick text`: an empty column.
  func define(
    _ field: StoredFieldDefinition, _ isRedefinition: Bool
  ) throws(Failure) -> Note {
    let entity = try self.entity(field.entity)
    if let old = try slot(field.name, of: entity, isRedefinition) {
      throw Failure(
        DefinitionReason.storedField(name: catalog[entity][old].name, verb: "redefined"),
        at: field.name.range)
    }
    var definition = catalog[entity]
    let type = try self.type(field.type, at: field.typeRange, among: catalog)
    definition.fields.append(Field(field.name.text, type))
    try apply(definition, to: entity)
    return .defined(label(FieldID(definition.fields.count - 1), of: entity), isNew: true)
  }

  // MARK: entities

  /// `deals (name text, amount money, customer to customers)`: without an `id` that is a number or a
  /// text, records are numbered. The first date or time is its time field, `name` its label.
  func define(
    _ statement: EntityDefinition, _ isRedefinition: Bool
  ) throws(Failure) -> Note {
    if isRedefinition {
      throw Failure(
        DefinitionReason.nothingToRedefine(
          kind: "entity", name: statement.name.text,
          example: "define field \(Formatter.name(statement.name.text)).note text"),
        at: statement.name.range)
    }
    try checkFree(entity: statement.name)
    let name = statement.name.text
    var entity = Entity(name: name, singular: Entity.singular(of: name), fields: [])
    var wider = catalog
    _ = wider.add(entity)
    for field in statement.fields {
      let type = try self.type(field.type, at: field.typeRange, among: wider)
      guard entity.field(named: field.name.text) == nil else {
        throw Failure(BindReason.duplicateColumn(name: field.name.text), at: field.name.range)
      }
      entity.fields.append(Field(field.name.text, type))
    }
    if let id = entity.field(named: "id"), [.integer, .text].contains(entity[id].type) {
      entity.fields.insert(entity.fields.remove(at: id.index), at: 0)
    } else if let id = entity.field(named: "id") {
      throw Failure(
        DefinitionReason.keyNotUsable(field: entity[id].name, type: entity[id].type.name),
        at: statement.fields[id.index].typeRange)
    } else {
      entity.fields.insert(Field("id", .integer), at: 0)
    }
    entity.timeField = entity.fields.firstIndex { $0.type == .date || $0.type == .time }
      .map(FieldID.init)
    entity.labelField = entity.field(named: "name").flatMap {
      entity[$0].type == .text ? $0 : nil
    }
    entity.defaultFields = entity.fields.indices.prefix(6).map(FieldID.init)
    database.add(entity)
    return .defined("entity \(Formatter.name(name))", isNew: true)
  }

  /// Refuses the name of an entity or a segment.
  func checkFree(entity name: Name) throws(Failure) {
    let folded = Folding.fold(name.text)
    if let other = catalog.entities.first(where: { entity in
      [entity.name, entity.singular].contains { Folding.fold($0) == folded }
    }) {
      throw Failure(
        DefinitionReason.nameTaken(
          kind: "entity", name: name.text, by: "the entity '\(other.name)'", example: nil),
        at: name.range)
    }
    guard let segment = catalog.definition(.segment, named: name.text) else { return }
    throw Failure(
      DefinitionReason.nameTaken(
        kind: "entity", name: name.text, by: "the segment '\(segment.name)'", example: nil),
      at: name.range)
  }

  // MARK: what both need

  /// The entity of that plural name.
  func entity(_ name: Name) throws(Failure) -> EntityID {
    var binder = binder
    guard binder.bindEntity(name) else {
      try binder.finish()
      preconditionFailure("an entity that is not there is reported")
    }
    return binder.query.entity
  }

  /// The field that `redefine` replaces; nil for `define`, which needs a name that is free.
  private func slot(
    _ name: Name, of entity: EntityID, _ isRedefinition: Bool
  ) throws(Failure) -> FieldID? {
    let written = "\(catalog[entity].name).\(name.text)"
    guard let id = catalog[entity].field(named: name.text) else {
      guard isRedefinition else {
        try checkFree(field: name, of: entity)
        return nil
      }
      throw Failure(
        DefinitionReason.nothingToRedefine(
          kind: "field", name: written, example: "define field \(written) …"),
        at: name.range)
    }
    guard isRedefinition else {
      try checkFree(field: name, of: entity)
      return nil
    }
    guard catalog.isOwn(id, of: entity) else {
      throw Failure(
        DefinitionReason.builtIn(kind: "field", name: written, verb: "redefined"), at: name.range)
    }
    return id
  }

  /// Refuses the name of a field, or of the records that refer to an entity's.
  func checkFree(field name: Name, of entity: EntityID) throws(Failure) {
    let plural = catalog[entity].name
    if let id = catalog[entity].field(named: name.text) {
      let isComputed = catalog[entity][id].isComputed && catalog.isOwn(id, of: entity)
      throw Failure(
        DefinitionReason.nameTaken(
          kind: "field", name: name.text, by: "a field of \(plural)",
          example: isComputed ? "redefine \(label(id, of: entity)) …" : nil),
        at: name.range)
    }
    guard let relation = catalog.relation(named: name.text, of: entity) else { return }
    throw Failure(
      DefinitionReason.nameTaken(
        kind: "field", name: name.text,
        by: "the name of the \(catalog[relation.entity].name) of \(plural)", example: nil),
      at: name.range)
  }

  /// `field customers.margin`
  func label(_ field: FieldID, of entity: EntityID) -> String {
    let definition = catalog[entity]
    return "field \(Formatter.name(definition.name)).\(Formatter.name(definition[field].name))"
  }

  /// Gives an entity another definition.
  func apply(_ definition: Entity, to entity: EntityID) throws(Failure) {
    try inquiry.load([entity])
    do throws(StoreError) {
      try database.define(entity, as: definition)
    } catch {
      throw Failure(error, at: range)
    }
  }

  private func type(
    _ written: WrittenType, at range: SourceRange, among catalog: Catalog
  ) throws(Failure) -> ValueType {
    switch written {
    case .text: return .text
    case .money: return .money
    case .number: return .number
    case .integer: return .integer
    case .date: return .date
    case .time: return .time
    case .flag: return .flag
    case .choice(let names, let isOrdered):
      if names.count > ChoiceList.nameCountMax {
        throw Failure(DefinitionReason.tooManyChoices(count: names.count), at: range)
      }
      var seen: Set<String> = []
      for name in names where !seen.insert(Folding.fold(name.text)).inserted {
        throw Failure(DefinitionReason.choiceTwice(name: name.text), at: name.range)
      }
      return .choice(ChoiceList(names.map(\.text), isOrdered: isOrdered))
    case .reference(let name):
      var binder = Binder(catalog: catalog, today: today)
      guard binder.bindEntity(name) else {
        try binder.finish()
        preconditionFailure("an entity that is not there is reported")
      }
      return .reference(binder.query.entity)
    }
  }
}

extension Entity {
  /// What one record is called where the plural is `name`: `deal` of `deals`.
  static func singular(of name: String) -> String {
    if name.utf8.count > 3, name.hasSuffix("ies") { return String(name.dropLast(3)) + "y" }
    return name.utf8.count > 1 && name.hasSuffix("s") ? String(name.dropLast()) : name
  }
}
