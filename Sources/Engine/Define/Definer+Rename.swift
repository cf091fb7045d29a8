import Store
import Syntax

// `rename`: what uses the old name follows, each text rewritten where it names it.

extension Definer {
  /// `rename KIND NAME to NAME`.
  func rename(_ statement: RenameStatement) throws(Failure) -> [Note] {
    let before = catalog.definitionTexts(today: today)
    let (name, to) = (statement.target.name, statement.to)
    let mention: Mention?
    let from: String
    switch statement.target.kind {
    case .segment, .standard, .action:
      let old = try definition(statement.target)
      from = old.label
      if !Folding.fold(old.name).utf8.elementsEqual(Folding.fold(to.text).utf8) {
        try checkFree(old.shelf, to, isNew: false)
      }
      var new = old
      new.name = to.text
      database.define(old, as: new)
      let folded = Folding.fold(old.name)
      mention =
        switch old.kind {
        case .segment, .frozen: .segment(folded)
        case .standard: .standard(folded)
        case .action: nil
        }
    case .field:
      guard let entityName = statement.target.entity else { return [] }
      let entity = try self.entity(entityName)
      let field = try ownField(name, of: entity, verb: "renamed")
      from = label(field, of: entity)
      try rename(field, of: entity, to: to)
      mention = .field(entity, field)
    case .entity:
      let entity = try ownEntity(name, verb: "renamed")
      from = "entity \(Formatter.name(catalog[entity].name))"
      try rename(entity, to: to)
      mention = .entity(entity)
    }
    let followers = try mention.map { mention throws(Failure) in
      try follow(mention, to: to.text, among: before)
    }
    try checkOthers(since: before, verb: "renamed")
    return [.renamed(from, to: to.text, followers: followers ?? [])]
  }

  private func rename(_ field: FieldID, of entity: EntityID, to: Name) throws(Failure) {
    var definition = catalog[entity]
    let old = definition[field].name
    if !Folding.fold(old).utf8.elementsEqual(Folding.fold(to.text).utf8) {
      try checkFree(field: to, of: entity)
    }
    definition.fields[field.index].name = to.text
    if let flag = definition.validWhen, flag == old { definition.validWhen = to.text }
    try apply(definition, to: entity)
  }

  private func rename(_ entity: EntityID, to: Name) throws(Failure) {
    var definition = catalog[entity]
    let old = definition.name
    if !Folding.fold(old).utf8.elementsEqual(Folding.fold(to.text).utf8) {
      try checkFree(entity: to)
    }
    definition.name = to.text
    definition.singular = Entity.singular(of: to.text)
    try apply(definition, to: entity)
    for (index, other) in catalog.entities.enumerated() {
      var changed = other
      for place in changed.fields.indices where changed.fields[place].trackedBy == old {
        changed.fields[place].trackedBy = to.text
      }
      if changed != other { try apply(changed, to: EntityID(index)) }
    }
    for definition in catalog.definitions where definition.entity == old {
      var changed = definition
      changed.entity = to.text
      database.define(definition, as: changed)
    }
  }

  /// Rewrites the texts that name something; gives what they are called.
  private func follow(
    _ mention: Mention, to name: String, among texts: [DefinitionText]
  ) throws(Failure) -> [String] {
    var followers: [String] = []
    for text in texts where text.mentions.contains(where: { $0.mention == mention }) {
      let changed = text.renaming(mention, to: name)
      switch text.subject {
      case .definition(let old):
        // It may have been given another entity's name meanwhile, or be what is renamed itself.
        guard let present = catalog.definition(old.kind, named: old.name) else { continue }
        var new = present
        new.text = changed
        database.define(present, as: new)
      case .field(let entity, let field):
        var definition = catalog[entity]
        definition.fields[field.index].expression = changed
        try apply(definition, to: entity)
      }
      followers.append(text.label)
    }
    return followers
  }

  // MARK: what is there

  /// The segment, standard or action of that name.
  func definition(_ target: DefinedName) throws(Failure) -> Definition {
    try catalog.definition(target.kind, target.name)
  }

  /// A field that users may change.
  func ownField(_ name: Name, of entity: EntityID, verb: String) throws(Failure) -> FieldID {
    var binder = binder
    binder.scope = Scope(.records(entity, hops: [], prefix: ""))
    guard let field = catalog[entity].field(named: name.text) else {
      let near = NearNames.nearest(to: name.text, among: catalog[entity].fields.map(\.name))
      throw Failure(
        BindReason.unknownField(plural: catalog[entity].name, name: name.text, near: near),
        at: name.range, fixes: binder.fix(name.range, near))
    }
    let written = "\(catalog[entity].name).\(catalog[entity][field].name)"
    if field == catalog[entity].key {
      throw Failure(DefinitionReason.keyField(name: written, verb: verb), at: name.range)
    }
    guard catalog.isOwn(field, of: entity) else {
      throw Failure(
        DefinitionReason.builtIn(kind: "field", name: written, verb: verb), at: name.range)
    }
    return field
  }

  /// An entity that users may change.
  func ownEntity(_ name: Name, verb: String) throws(Failure) -> EntityID {
    let entity = try self.entity(name)
    guard !catalog[entity].isBuiltIn else {
      throw Failure(
        DefinitionReason.builtIn(kind: "entity", name: catalog[entity].name, verb: verb),
        at: name.range)
    }
    return entity
  }
}

extension Catalog {
  /// The segment, standard or action of that name, or why there is none.
  func definition(_ kind: DefinedKind, _ name: Name) throws(Failure) -> Definition {
    let shelf: Definition.Kind =
      switch kind {
      case .standard: .standard
      case .action: .action
      default: .segment
      }
    if let found = definition(shelf, named: name.text) { return found }
    let names = definitions(of: shelf).map(\.name)
    let near = NearNames.nearest(to: name.text, among: names)
    let fixes = near.count == 1 ? [Fix(name.range, Formatter.name(near[0]))] : []
    let reason: DefinitionReason =
      switch shelf {
      case .standard: .unknownStandard(name: name.text, near: near, hasAny: !names.isEmpty)
      case .action: .unknownAction(name: name.text, near: near, hasAny: !names.isEmpty)
      default: .unknownSegment(name: name.text, near: near, hasAny: !names.isEmpty)
      }
    throw Failure(reason, at: name.range, fixes: fixes)
  }
}

extension Definition {
  /// The kind with which it shares its names.
  var shelf: Kind { kind == .frozen ? .segment : kind }
}
