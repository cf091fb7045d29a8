import Store

/// What one statement did to the records of one entity.
package struct ChangeEffect: Hashable, Sendable {
  /// The entity's plural name; for a definition its kind and name, `segment vip`.
  package var entity: String
  /// Whether it is about a segment, a standard or an action rather than an entity.
  package private(set) var isDefinition = false
  /// Whether the entity itself is new.
  package private(set) var isNew = false
  /// Whether the entity itself is gone.
  package private(set) var isGone = false
  /// Whether fields were added to it or taken away.
  package private(set) var isRedefined = false
  /// Records that came.
  package private(set) var addedCount = 0
  /// Records that were given other values.
  package private(set) var changedCount = 0
  /// Records that went.
  package private(set) var removedCount = 0

  /// The name of an entity that the change may have taken away in the end.
  private static func name(of entity: EntityID, _ change: ChangeSet, _ catalog: Catalog) -> String {
    for case .define(entity, let old?, nil) in change.steps { return old.name }
    return catalog[entity].name
  }

  /// What a change did, in the order in which it touched the entities.
  ///
  /// - Complexity: O(*n*) in the records whose fields got other values, constant for those that came
  ///   or went.
  static func of(_ change: ChangeSet, in catalog: Catalog) -> [ChangeEffect] {
    var effects: [ChangeEffect] = []
    var places: [EntityID: Int] = [:]
    var changed: [EntityID: RowUnion] = [:]
    for step in change.steps {
      guard let entity = step.entity else { continue }
      let place = places[entity] ?? effects.count
      if places.updateValue(place, forKey: entity) == nil {
        effects.append(ChangeEffect(entity: step.name ?? name(of: entity, change, catalog)))
      }
      switch step {
      case .append(_, let rows): effects[place].addedCount += rows.count
      case .replace(_, _, let rows, _, _): changed[entity, default: RowUnion()].add(rows)
      case .kill(_, let rows): effects[place].removedCount += rows.count
      case .revive(_, let rows): effects[place].addedCount += rows.count
      case .define(_, let old, let new):
        effects[place].isNew = effects[place].isNew || old == nil
        effects[place].isGone = new == nil
        effects[place].isRedefined = old != nil && new != nil
      case .name: break
      }
    }
    for (old, new) in change.definitions {
      guard let definition = new ?? old else { continue }
      let kind = definition.kind == .frozen ? Definition.Kind.segment : definition.kind
      var effect = ChangeEffect(entity: "\(kind.rawValue) \(definition.name)")
      effect.isDefinition = true
      effect.isNew = old == nil
      effect.isGone = new == nil
      effect.isRedefined = old != nil && new != nil
      effects.append(effect)
    }
    for (entity, rows) in changed {
      if let place = places[entity] { effects[place].changedCount = rows.count }
    }
    return effects
  }
}

/// How many different rows several lists hold. A statement edits the same rows field by field, so
/// that lists are most often equal.
private struct RowUnion {
  private var first: [Int32] = []
  private var others: Set<Int32> = []

  var count: Int { others.isEmpty ? first.count : others.count }

  mutating func add(_ rows: [Int32]) {
    if first.isEmpty {
      first = rows
    } else if !others.isEmpty || rows != first {
      if others.isEmpty { others.formUnion(first) }
      others.formUnion(rows)
    }
  }
}

extension ChangeSet.Step {
  /// The entity's name where the step tells it: one that is gone is in no catalog.
  fileprivate var name: String? {
    if case .define(_, let old, let new) = self { return (new ?? old)?.name }
    return nil
  }
}
