import Store
import Syntax

/// Plans the import of a collection that says exactly what its entities are: an exported folder.
struct ExactPlanner {
  let database: Database
  /// The entities of the collection, one a table.
  let catalog: Catalog

  /// One plan a table.
  ///
  /// - Throws: When an entity has records here, or a field is another one.
  func plans(of collection: any TableCollection) throws -> [TablePlan] {
    let ids = self.ids()
    return try catalog.entities.indices.map { index in
      let entity = catalog.entities[index]
      let isNew = ids[index].index >= database.catalog.entities.count
      var definition = mapped(entity, ids)
      if !isNew {
        try checkEmpty(ids[index])
        definition = try merged(definition, into: database.catalog[ids[index]])
      }
      var plan = TablePlan(
        source: index, name: collection.tables[index].name, entity: ids[index], isNew: isNew,
        definition: definition)
      addColumns(of: entity, to: &plan)
      return plan
    }
  }

  /// The ids that the collection's entities have, or will have.
  private func ids() -> [EntityID] {
    var next = database.catalog.entities.count
    return catalog.entities.map { entity in
      if let id = database.catalog.entity(named: entity.name) { return id }
      next += 1
      return EntityID(next - 1)
    }
  }

  /// Refuses an entity with records, but for the house rules of a new store, which are replaced.
  private func checkEmpty(_ id: EntityID) throws {
    try database.load([id])
    if database.ruleEntities.contains(id), database.rulesNow == .standard { return }
    guard database.table(id).rowCount == 0 else {
      throw Failure(
        WholeReason.entityNotEmpty(
          database.catalog[id].name, count: database.table(id).liveRowCount), at: nil)
    }
  }

  /// An entity whose references lead to the entities here.
  private func mapped(_ entity: Entity, _ ids: [EntityID]) -> Entity {
    var entity = entity
    for index in entity.fields.indices {
      if case .reference(let target) = entity.fields[index].type {
        entity.fields[index].type = .reference(ids[target.index])
      }
    }
    return entity
  }

  /// The entity that is here, with the fields that it lacks and the type of the key.
  private func merged(_ entity: Entity, into present: Entity) throws(Failure) -> Entity {
    var merged = present
    for (index, field) in entity.fields.enumerated() {
      guard let place = present.field(named: field.name) else {
        merged.fields.append(field)
        continue
      }
      let known = present[place]
      if FieldID(index) == entity.key, place == present.key {
        merged.fields[place.index].type = field.type
        continue
      }
      // The rungs of the folder are its records of the ladder, which come with it.
      let isSameType = known.type == field.type || known.isRung && field.isRung
      guard isSameType, known.isComputed == field.isComputed,
        place != present.key, FieldID(index) != entity.key
      else {
        throw Failure(
          WholeReason.fieldDiffers(
            known.name, entity: present.name, found: words(field), expected: words(known)),
          at: nil)
      }
      if !known.isComputed, known.bounds == nil { merged.fields[place.index].bounds = field.bounds }
    }
    return merged
  }

  private func words(_ field: Field) -> String {
    var words = field.type.name
    if case .choice(let list) = field.type {
      words = "a choice of " + list.names.prefix(8).joined(separator: ", ")
    }
    return field.isComputed ? words + ", computed" : words
  }

  /// The columns stand in the order of the stored fields.
  private func addColumns(of entity: Entity, to plan: inout TablePlan) {
    for (source, field) in entity.fields.filter({ !$0.isComputed }).enumerated() {
      guard let id = plan.definition.field(named: field.name) else { continue }
      if case .reference(let target) = field.type {
        let other = catalog[target]
        plan.references.append(
          TablePlan.Reference(
            field: id,
            requests: [ColumnRequest(source: source, type: other[other.key].type)],
            header: field.name, target: .table(target.index), lookup: nil, fallback: nil,
            isDeclared: true))
      } else {
        plan.columns.append(
          TablePlan.Column(
            field: id, request: ColumnRequest(source: source, type: field.type)))
      }
    }
  }
}
