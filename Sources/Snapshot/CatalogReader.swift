import Store

/// Reads the catalog's tables and refuses what cannot be.
struct CatalogReader {
  /// An entity with the names of its table and columns.
  struct Found {
    var entity: Entity
    var table: String
    var columns: [String?]
  }

  private let connection: Connection
  private var found: [Found] = []

  init(_ connection: Connection) { self.connection = connection }

  /// The entities in order.
  mutating func read() throws(StoreError) -> [Found] {
    let choices = try readChoices()
    var entities = try readEntities()
    let fields = try readFields(choices, entityCount: entities.count)
    for index in entities.indices {
      entities[index].entity.fields = fields[index].map(\.field)
      entities[index].columns = fields[index].map(\.column)
      try check(entities[index])
    }
    try checkTogether(entities)
    return entities
  }

  private func damaged(_ what: String) -> StoreError {
    Refusal.damaged("its catalog \(what)").error(connection.path)
  }

  // MARK: entities

  private func readEntities() throws(StoreError) -> [Found] {
    var entities: [Found] = []
    let statement = try connection.statement("SELECT * FROM \"_rapport_entities\" ORDER BY id")
    while try statement.step() {
      guard statement.integer(0) == entities.count, let name = statement.text(1),
        let singular = statement.text(2), let table = statement.text(3)
      else { throw damaged("has no name of an entity") }
      var shown: [FieldID] = []
      for word in (statement.text(7) ?? "").split(separator: " ") {
        guard let index = Int(word), index >= 0 else { throw damaged("shows no field") }
        shown.append(FieldID(index))
      }
      var role: EntityRole?
      if let word = statement.text(8) {
        guard let known = EntityRole(rawValue: word) else { throw damaged("has no such role") }
        role = known
      }
      let entity = Entity(
        name: name, singular: singular, fields: [],
        key: try fieldID(statement, 4) ?? FieldID(0), timeField: try fieldID(statement, 5),
        labelField: try fieldID(statement, 6), defaultFields: shown, role: role,
        validWhen: statement.text(9), isBuiltIn: statement.integer(10) != 0)
      entities.append(Found(entity: entity, table: table, columns: []))
    }
    return entities
  }

  private func fieldID(_ statement: Statement, _ column: Int) throws(StoreError) -> FieldID? {
    guard statement.kind(column) != .null else { return nil }
    guard let index = Int(exactly: statement.integer(column)), index >= 0, index < 1 << 16 else {
      throw damaged("names no field")
    }
    return FieldID(index)
  }

  // MARK: fields

  private typealias Choices = [Int64: [Int64: [String]]]

  private func readChoices() throws(StoreError) -> Choices {
    var choices: Choices = [:]
    let statement = try connection.statement(
      "SELECT * FROM \"_rapport_choices\" ORDER BY entity, field, code")
    while try statement.step() {
      let (entity, field) = (statement.integer(0), statement.integer(1))
      let names = choices[entity]?[field] ?? []
      guard statement.integer(2) == names.count, names.count < ChoiceList.nameCountMax,
        let name = statement.text(3)
      else { throw damaged("has no names of a choice") }
      choices[entity, default: [:]][field] = names + [name]
    }
    return choices
  }

  private func readFields(
    _ choices: Choices, entityCount: Int
  ) throws(StoreError) -> [[(field: Field, column: String?)]] {
    var fields = [[(field: Field, column: String?)]](repeating: [], count: entityCount)
    let statement = try connection.statement(
      "SELECT * FROM \"_rapport_fields\" ORDER BY entity, id")
    while try statement.step() {
      guard let entity = Int(exactly: statement.integer(0)), fields.indices.contains(entity),
        statement.integer(1) == fields[entity].count, let name = statement.text(2)
      else { throw damaged("has no name of a field") }
      let place = statement.integer(1)
      let type = try type(
        statement, choices[Int64(entity)]?[place] ?? [], entityCount: entityCount)
      var moves: [UInt8: Set<UInt8>]?
      if let text = statement.text(10) {
        moves = UsualMoves.moves(text)
        if moves == nil { throw damaged("has no moves of '\(name)'") }
      }
      var bounds: ClosedRange<Int64>?
      if statement.kind(11) != .null {
        guard statement.integer(11) <= statement.integer(12) else {
          throw damaged("has no bounds of '\(name)'")
        }
        bounds = statement.integer(11)...statement.integer(12)
      }
      let field = Field(
        name, type, expression: statement.text(7), isEvent: statement.integer(8) != 0,
        trackedBy: statement.text(9), usualMoves: moves, bounds: bounds,
        inverse: statement.text(13))
      guard field.isComputed == (statement.kind(3) == .null) else {
        throw damaged("has no column of '\(name)'")
      }
      fields[entity].append((field, statement.text(3)))
    }
    return fields
  }

  private func type(
    _ statement: Statement, _ names: [String], entityCount: Int
  ) throws(StoreError) -> ValueType {
    let name = statement.text(4) ?? ""
    switch name {
    case "choice": return .choice(ChoiceList(names, isOrdered: statement.integer(6) != 0))
    case "reference":
      guard let target = Int(exactly: statement.integer(5)), target >= 0, target < entityCount
      else {
        throw damaged("has no target of a reference")
      }
      return .reference(EntityID(target))
    default:
      guard let type = TypeNames.type(named: name) else { throw damaged("has no such type") }
      return type
    }
  }

  // MARK: all together

  /// What the rest of rapport takes for granted of an entity.
  private func check(_ found: Found) throws(StoreError) {
    let entity = found.entity
    let ids = [entity.key] + [entity.timeField, entity.labelField].compactMap { $0 }
    guard (ids + entity.defaultFields).allSatisfy({ entity.fields.indices.contains($0.index) })
    else { throw damaged("names a field that \(entity.name) do not have") }
    switch entity[entity.key].type {
    case .integer where !entity[entity.key].isComputed: break
    case .text where !entity[entity.key].isComputed: break
    default: throw damaged("has no key of \(entity.name)")
    }
    for field in entity.fields {
      guard case .choice(let list) = field.type else {
        if field.usualMoves != nil { throw damaged("has moves of no choice") }
        continue
      }
      for (from, to) in field.usualMoves ?? [:]
      where !([from] + to).allSatisfy({ Int($0) < list.names.count }) {
        throw damaged("has moves to no choice")
      }
    }
  }

  /// Names that stand for two things.
  private func checkTogether(_ entities: [Found]) throws(StoreError) {
    var tables: Set<[UInt8]> = []
    var names: Set<[UInt8]> = []
    for found in entities {
      guard tables.insert(SQLText.folded(found.table)).inserted,
        names.insert(Array(Folding.fold(found.entity.name).utf8)).inserted
      else { throw damaged("names '\(found.entity.name)' twice") }
      var columns: Set<[UInt8]> = []
      for column in found.columns {
        guard let column else { continue }
        guard columns.insert(SQLText.folded(column)).inserted else {
          throw damaged("names the column '\(column)' twice")
        }
      }
    }
  }
}
