import Store
import Syntax

// `drop`: refused while something uses it.

extension Definer {
  /// `drop KIND NAME`.
  func drop(_ target: DefinedName) throws(Failure) -> [Note] {
    let before = catalog.definitionTexts(today: today)
    let dropped: String
    switch target.kind {
    case .segment, .standard, .action:
      let old = try definition(target)
      dropped = old.label
      let folded = Folding.fold(old.name)
      if old.kind == .standard {
        try checkUnused(.standard(folded), target, old.name, before)
      } else if old.kind != .action {
        try checkUnused(.segment(folded), target, old.name, before)
      }
      database.define(old, as: nil)
    case .field:
      guard let entityName = target.entity else { return [] }
      let entity = try self.entity(entityName)
      let field = try ownField(target.name, of: entity, verb: "dropped")
      dropped = label(field, of: entity)
      try checkUnused(
        .field(entity, field), target, "\(catalog[entity].name).\(catalog[entity][field].name)",
        before)
      try drop(field, of: entity)
    case .entity:
      let entity = try ownEntity(target.name, verb: "dropped")
      dropped = "entity \(Formatter.name(catalog[entity].name))"
      try checkUnused(.entity(entity), target, catalog[entity].name, before)
      try drop(entity, target)
    }
    try checkOthers(since: before, verb: "dropped")
    return [.dropped(dropped)]
  }

  private func checkUnused(
    _ mention: Mention, _ target: DefinedName, _ name: String, _ texts: [DefinitionText]
  ) throws(Failure) {
    var users = texts.filter { $0.mentions.contains { $0.mention == mention } }.map(\.label)
    if case .entity(let entity) = mention { users += references(to: entity) }
    guard !users.isEmpty else { return }
    throw Failure(
      DefinitionReason.inUse(
        kind: target.kind.rawValue, name: name, verb: "dropped", users: users),
      at: target.name.range)
  }

  /// The fields of other entities that refer to one, and the frozen segments of its records.
  private func references(to target: EntityID) -> [String] {
    var users: [String] = []
    for (index, entity) in catalog.entities.enumerated() where index != target.index {
      for (place, field) in entity.fields.enumerated() where field.type == .reference(target) {
        users.append(label(FieldID(place), of: EntityID(index)))
      }
    }
    return users
      + catalog.definitions.filter { $0.kind == .frozen && $0.entity == catalog[target].name }
      .map(\.label)
  }

  /// Takes a field away: those behind it come back one place further ahead, with their values. All
  /// values are emptied first, so that undo finds what they were.
  private func drop(_ field: FieldID, of entity: EntityID) throws(Failure) {
    try inquiry.load([entity])
    let old = catalog[entity]
    guard old.key < field else {
      throw Failure(
        DefinitionReason.keyField(name: old[old.key].name, verb: "moved"), at: range)
    }
    let table = database.table(entity)
    let rows = (0..<Int32(table.rowCount)).map { $0 }
    do throws(StoreError) {
      var values: [Vector?] = []
      for place in field.index..<old.fields.count {
        guard !old.fields[place].isComputed else {
          values.append(nil)
          continue
        }
        let column = table.column(FieldID(place)).load(.run(base: 0, count: rows.count))
        values.append(column)
        let known = rows.filter { column.known[Int($0)] != 0 }
        try database.replace(
          FieldID(place), of: entity, at: known,
          with: Vector(unknown: old.fields[place].type, count: known.count))
      }
      var short = old
      short.fields.removeSubrange(field.index...)
      try database.define(entity, as: short.without(fieldsFrom: field, of: old))
      var new = old
      new.fields.remove(at: field.index)
      try database.define(entity, as: new.without(field, of: old))
      for (offset, column) in values.dropFirst().enumerated() {
        guard let column else { continue }
        let known = rows.filter { column.known[Int($0)] != 0 }
        try database.replace(
          FieldID(field.index + offset), of: entity, at: known, with: column.gathered(known))
      }
    } catch {
      throw Failure(error, at: range)
    }
  }

  private func drop(_ entity: EntityID, _ target: DefinedName) throws(Failure) {
    let name = catalog[entity].name
    try inquiry.load([entity])
    let count = database.table(entity).liveRowCount
    guard count == 0, database.isUntouched(entity) else {
      throw Failure(
        DefinitionReason.hasRecords(name: name, count: count), at: target.name.range)
    }
    guard entity.index == catalog.entities.count - 1 else {
      throw Failure(
        DefinitionReason.notNewest(
          name: name, last: catalog.entities[catalog.entities.count - 1].name),
        at: target.name.range)
    }
    database.removeLast(entity)
  }
}

extension Entity {
  /// The entity with its marks on fields as they are once one is gone.
  fileprivate func without(_ gone: FieldID, of old: Entity) -> Entity {
    marked(of: old) { field in
      field == gone ? nil : FieldID(field.index > gone.index ? field.index - 1 : field.index)
    }
  }

  /// The entity with its marks on fields as they are once those from one on are gone.
  fileprivate func without(fieldsFrom first: FieldID, of old: Entity) -> Entity {
    marked(of: old) { $0 < first ? $0 : nil }
  }

  private func marked(of old: Entity, _ place: (FieldID) -> FieldID?) -> Entity {
    var entity = self
    entity.key = place(old.key) ?? old.key
    entity.timeField = old.timeField.flatMap(place)
    entity.labelField = old.labelField.flatMap(place)
    entity.defaultFields = old.defaultFields.compactMap(place)
    return entity
  }
}
