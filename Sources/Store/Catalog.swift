/// Position of an entity in the catalog.
package struct EntityID: Hashable, Sendable, Comparable {
  /// The index into `Catalog.entities`.
  package let index: Int

  /// Makes the id of the entity at `index`.
  package init(_ index: Int) { self.index = index }

  /// Orders by position.
  package static func < (a: EntityID, b: EntityID) -> Bool { a.index < b.index }
}

/// Position of a field in its entity.
package struct FieldID: Hashable, Sendable, Comparable {
  /// The index into `Entity.fields`.
  package let index: Int

  /// Makes the id of the field at `index`.
  package init(_ index: Int) { self.index = index }

  /// Orders by position.
  package static func < (a: FieldID, b: FieldID) -> Bool { a.index < b.index }
}

/// A closed list of names that a choice field may hold; its codes are the positions, 0…254.
package struct ChoiceList: Hashable, Sendable {
  /// The most names one list may have.
  package static let nameCountMax = 255

  /// The names in declared order; a code is an index into them.
  package let names: [String]
  /// Whether `<` and `>=` mean something: only where declared so.
  package let isOrdered: Bool

  /// Makes a list.
  package init(_ names: [String], isOrdered: Bool = false) {
    precondition(names.count <= Self.nameCountMax, "a choice has at most 255 names")
    self.names = names
    self.isOrdered = isOrdered
  }

  /// The code of `name`, ignoring case.
  package func code(of name: String) -> UInt8? {
    let folded = Folding.fold(name)
    return names.firstIndex { Folding.fold($0).utf8.elementsEqual(folded.utf8) }.map(UInt8.init)
  }
}

/// The type of a value, static in every expression.
package enum ValueType: Hashable, Sendable {
  case text
  /// A code of the list.
  case choice(ChoiceList)
  /// Minor units, within ±10¹⁵.
  case money
  case number
  case integer
  /// Days since 1970-01-01.
  case date
  /// Seconds since 1970-01-01T00:00:00 on the file's wall clock.
  case time
  /// 0 or 1.
  case flag
  /// A row of the entity's table.
  case reference(EntityID)

  /// The type's name in messages.
  package var name: String {
    switch self {
    case .text: "text"
    case .choice: "a choice"
    case .money: "money"
    case .number: "a number"
    case .integer: "an integer"
    case .date: "a date"
    case .time: "a time"
    case .flag: "a flag"
    case .reference: "a reference"
    }
  }
}

/// What a field means to the analytic verbs.
package enum EntityRole: String, Sendable {
  case purchases, contacts, interactions, complaints, invoices, balances, surveys, stageHistory
  /// The house rules: thresholds, the groups of `rfm`, the rungs of the ladder.
  case settings, rfmGroups, ladderRungs
}

/// A field of an entity.
package struct Field: Hashable, Sendable {
  /// As declared; names ignore case.
  package var name: String
  /// What it holds.
  package var type: ValueType
  /// For a computed field, its expression in rapport's language, bound when first used; it has no column.
  package var expression: String?
  /// Whether a date records something that happened (resolved, paid, stage_since).
  package var isEvent: Bool
  /// For a choice with a history, the entity that holds it.
  package var trackedBy: String?
  /// For a tracked choice, the moves that need no `anyway`: by code, the codes it may go to.
  package var usualMoves: [UInt8: Set<UInt8>]?
  /// For an integer, the values it may have: satisfaction 0…100.
  package var bounds: ClosedRange<Int64>?
  /// For a reference, the name of its inverse in the target (`customers.orders`).
  package var inverse: String?

  /// Whether it is computed (◇) rather than stored.
  package var isComputed: Bool { expression != nil }
  /// Whether it is the rung of the ladder that a record has reached.
  package var isRung: Bool { expression.map { $0.utf8.elementsEqual("rung()".utf8) } ?? false }

  /// Makes a field.
  package init(
    _ name: String, _ type: ValueType, expression: String? = nil, isEvent: Bool = false,
    trackedBy: String? = nil, usualMoves: [UInt8: Set<UInt8>]? = nil,
    bounds: ClosedRange<Int64>? = nil, inverse: String? = nil
  ) {
    self.name = name
    self.type = type
    self.expression = expression
    self.isEvent = isEvent
    self.trackedBy = trackedBy
    self.usualMoves = usualMoves
    self.bounds = bounds
    self.inverse = inverse
  }
}

/// An entity: the records of one kind.
package struct Entity: Hashable, Sendable {
  /// The plural name, as written in queries.
  package var name: String
  /// The name of one record, for messages.
  package var singular: String
  /// The fields in catalog order; the key comes first.
  package var fields: [Field]
  /// The key, a stored integer or text field.
  package var key: FieldID
  /// The entity's own time field, which windows after the source and inside aggregates mean.
  package var timeField: FieldID?
  /// The text field shown beside the key of a referenced record (`7 Ana Ruiz`).
  package var labelField: FieldID?
  /// The columns shown without `show` on a terminal.
  package var defaultFields: [FieldID]
  /// What it means to the analytic verbs.
  package var role: EntityRole?
  /// A flag field that says which records count (orders: `is_valid`).
  package var validWhen: String?
  /// Whether it came with rapport rather than from an import.
  package var isBuiltIn: Bool

  /// Makes an entity whose default columns are its first six fields.
  package init(
    name: String, singular: String, fields: [Field], key: FieldID = FieldID(0),
    timeField: FieldID? = nil, labelField: FieldID? = nil, defaultFields: [FieldID]? = nil,
    role: EntityRole? = nil, validWhen: String? = nil, isBuiltIn: Bool = false
  ) {
    self.name = name
    self.singular = singular
    self.fields = fields
    self.key = key
    self.timeField = timeField
    self.labelField = labelField
    self.defaultFields = defaultFields ?? fields.indices.prefix(6).map(FieldID.init)
    self.role = role
    self.validWhen = validWhen
    self.isBuiltIn = isBuiltIn
  }

  /// The field of that name, ignoring case.
  package func field(named name: String) -> FieldID? {
    let folded = Folding.fold(name)
    return fields.firstIndex { Folding.fold($0.name).utf8.elementsEqual(folded.utf8) }
      .map(FieldID.init)
  }

  /// The field with that id.
  package subscript(_ id: FieldID) -> Field { fields[id.index] }
}

/// All entities and their fields. A value: a statement works on one version of it.
package struct Catalog: Sendable {
  /// The entities; an `EntityID` is an index into them.
  package private(set) var entities: [Entity]
  /// Segments, standards and actions, by kind, then by name.
  package internal(set) var definitions: [Definition] = []
  /// What the analytic verbs and the ladder go by.
  package private(set) var rules = HouseRules.standard

  /// Makes a catalog of the given entities and of definitions, of which no two share a name.
  package init(_ entities: [Entity], definitions: [Definition] = []) {
    self.entities = entities
    for definition in definitions { replace(nil, by: definition) }
  }

  /// The entity with that id.
  package subscript(_ id: EntityID) -> Entity {
    get { entities[id.index] }
    set { entities[id.index] = newValue }
  }

  /// The entity whose plural name this is, ignoring case.
  package func entity(named name: String) -> EntityID? {
    let folded = Folding.fold(name)
    return entities.firstIndex { Folding.fold($0.name).utf8.elementsEqual(folded.utf8) }
      .map(EntityID.init)
  }

  /// Goes by other rules: the type of a field that is the ladder's rung are their rungs.
  package mutating func use(_ rules: HouseRules) {
    self.rules = rules
    for entity in entities.indices {
      for field in entities[entity].fields.indices where entities[entity].fields[field].isRung {
        entities[entity].fields[field].type = .choice(rules.rungNames)
      }
    }
  }

  /// Adds an entity and returns its id.
  package mutating func add(_ entity: Entity) -> EntityID {
    entities.append(entity)
    return EntityID(entities.count - 1)
  }

  /// Takes the last entity away and returns it.
  @discardableResult
  mutating func removeLast() -> Entity { entities.removeLast() }
}
