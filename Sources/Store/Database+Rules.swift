// The house rules: the records that a store begins with, and what they say now.

extension EntityRole {
  /// Whether its records are rules that rapport goes by, rather than the user's data.
  package var isRules: Bool {
    switch self {
    case .settings, .rfmGroups, .ladderRungs: true
    default: false
    }
  }
}

extension Database {
  /// The entities that hold the house rules.
  package var ruleEntities: [EntityID] {
    catalog.entities.indices.filter {
      catalog.entities[$0].isBuiltIn && catalog.entities[$0].role?.isRules == true
    }.map { EntityID($0) }
  }

  /// Sees to it that the catalog has the rules as the records say them now. A statement is bound after
  /// it.
  ///
  /// - Throws: What `TableSource.load` throws.
  /// - Complexity: O(1) while no record of them changed.
  package func readRules() throws(StoreError) {
    guard !areRulesRead else { return }
    try load(ruleEntities)
    catalog.use(HouseRules(self))
    areRulesRead = true
  }

  /// The rules as the records say them now, which are here: inside a change too, when the catalog does
  /// not have them yet.
  package var rulesNow: HouseRules { HouseRules(self) }

  /// Adds the built-in entities, with the records they begin with, and the computed fields that a
  /// store of an older version, or one put together again, lacks. What has such a name already stays
  /// what it is, and rapport then goes by the rules of a new store. Nothing is lacking where none of
  /// the built-in ones is there.
  ///
  /// - Returns: The entities added.
  @discardableResult
  package func addMissingBuiltIn() -> [EntityID] {
    var added: [EntityID] = []
    let all = Catalog.builtIn.entities
    let isOurs = all.contains { shipped in
      catalog.entity(named: shipped.name).map { catalog[$0].isBuiltIn } ?? false
    }
    for shipped in isOurs ? all : [] {
      if let id = catalog.entity(named: shipped.name) {
        guard catalog[id].isBuiltIn else { continue }
        catalog[id].role = shipped.role
        for field in shipped.fields
        where field.isComputed && catalog[id].field(named: field.name) == nil {
          catalog[id].fields.append(field)
        }
        if tables[id.index].rowCount == 0, isLoaded[id.index] { fillRules(id) }
      } else if shipped.role?.isRules == true,
        catalog.definition(.segment, named: shipped.name) == nil
      {
        let id = add(shipped)
        fillRules(id)
        added.append(id)
      }
    }
    areRulesRead = false
    return added
  }

  /// Fills an entity that holds rules with those that every store begins with.
  func fillRules(_ entity: EntityID) {
    let definition = catalog[entity]
    guard definition.isBuiltIn, let columns = definition.role?.firstRules else { return }
    var vectors: [FieldID: Vector] = [:]
    for (name, vector) in columns {
      if let field = definition.field(named: name) { vectors[field] = vector }
    }
    do throws(StoreError) {
      try tables[entity.index].append(vectors, count: columns[0].vector.count)
    } catch {
      preconditionFailure("a few rows under keys of their own fit: \(error)")
    }
  }
}

extension EntityRole {
  /// The records that an entity of rules begins with, field by field.
  fileprivate var firstRules: [(field: String, vector: Vector)]? {
    func texts(_ texts: [String]) -> Vector { Vector(texts: TextBlock(texts)) }
    let (settings, rules) = (Setting.allCases, HouseRules.standard)
    switch self {
    case .settings:
      return [
        ("name", texts(settings.map(\.rawValue))),
        ("value", Vector(reals: settings.map(\.defaultValue))),
        ("unit", texts(settings.map(\.unit))), ("meaning", texts(settings.map(\.meaning))),
      ]
    case .rfmGroups:
      return [
        ("position", Vector(words: rules.groups.indices.map { Int64($0 + 1) })),
        ("name", texts(rules.groups.map(\.name))),
        ("condition", texts(rules.groups.map(\.condition))),
      ]
    case .ladderRungs:
      return [
        ("position", Vector(words: rules.rungs.map(\.position))),
        ("name", texts(rules.rungs.map(\.name))),
        ("condition", texts(rules.rungs.map(\.condition))),
      ]
    default: return nil
    }
  }
}
