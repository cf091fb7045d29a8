import Store

/// A choice whose changes are recorded, with the fields that go with it, found by their types: nothing
/// here knows an entity by name.
struct TrackedField {
  /// The entity it is a field of.
  let entity: EntityID
  /// The choice.
  let field: FieldID
  /// Its list.
  let choices: ChoiceList
  /// The date since when it has its value: a field of the choice's name and `_since`.
  let since: FieldID?
  /// Where its changes are recorded.
  let history: StageHistory

  /// The tracked field of an entity, nil when it has none.
  init?(of entity: EntityID, in catalog: Catalog) {
    let definition = catalog[entity]
    for (index, field) in definition.fields.enumerated() {
      guard let name = field.trackedBy, case .choice(let choices) = field.type,
        let history = catalog.entity(named: name).flatMap({
          StageHistory($0, of: entity, choices, in: catalog)
        })
      else { continue }
      self.entity = entity
      self.field = FieldID(index)
      self.choices = choices
      self.history = history
      since = definition.field(named: field.name + "_since").flatMap {
        definition[$0].type == .date && !definition[$0].isComputed ? $0 : nil
      }
      return
    }
    return nil
  }

  /// The field whose changes an entity records, nil when it records none.
  init?(recordedBy history: EntityID, in catalog: Catalog) {
    for index in catalog.entities.indices {
      if let tracked = TrackedField(of: EntityID(index), in: catalog),
        tracked.history.entity == history
      {
        self = tracked
        return
      }
    }
    return nil
  }
}

/// The entity that records the changes of a tracked field, and the fields it does that with.
struct StageHistory {
  /// The entity; its keys are integers.
  let entity: EntityID
  /// Whose change it is.
  let record: FieldID
  /// What was before, unknown at the opening of a history, and what came.
  let from: FieldID
  let to: FieldID
  /// When: a date or a time.
  let time: FieldID
  /// Why, a text.
  let because: FieldID?

  fileprivate init?(
    _ history: EntityID, of entity: EntityID, _ choices: ChoiceList, in catalog: Catalog
  ) {
    let definition = catalog[history]
    let stored = definition.fields.indices.filter { !definition.fields[$0].isComputed }
    let ends = stored.filter { definition.fields[$0].type == .choice(choices) }
    guard definition[definition.key].type == .integer, let time = definition.timeField,
      let record = stored.first(where: { definition.fields[$0].type == .reference(entity) }),
      ends.count >= 2
    else { return nil }
    let last = max(record, ends[1], time.index)
    self.entity = history
    self.record = FieldID(record)
    from = FieldID(ends[0])
    to = FieldID(ends[1])
    self.time = time
    because = stored.first { $0 > last && definition.fields[$0].type == .text }.map(FieldID.init)
  }
}
