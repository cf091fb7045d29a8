import Store
import Syntax

/// Lays the columns of one table of a foreign database out as the fields of its entity.
struct WholeLayout {
  private let planner: WholePlanner
  private let index: Int
  private let table: SourceTable
  private let columns: [SourceColumn]
  private var plan: TablePlan
  /// Foreign keys that became no field yet.
  private var openKeys: [SourceForeignKey]

  init(planner: WholePlanner, index: Int) {
    self.planner = planner
    self.index = index
    table = planner.collection.tables[index]
    columns = planner.columns[index]
    plan = planner.plans[index]
    openKeys = table.foreignKeys
  }

  /// The plan with its columns and references; tables that are referred to by other columns than
  /// their keys get lookups.
  mutating func plan(sharing plans: inout [TablePlan]) throws -> TablePlan {
    plan.lookups = plans[index].lookups
    addKey()
    for position in columns.indices where position != planner.keys[index] {
      if let reason = columns[position].leftOut {
        plan.notes.append(.leftOut(name: name(of: position), reason: reason))
      } else {
        try addColumn(position, &plans)
      }
    }
    for key in openKeys { addBehind(key, &plans) }
    return plan
  }

  private func name(of position: Int) -> String { "\(table.name).\(columns[position].header)" }

  // MARK: keys and plain columns

  private mutating func addKey() {
    guard let position = planner.keys[index] else {
      if plan.isNew {
        plan.definition.fields.append(Field(freeName("id", "number"), .integer))
      }
      return
    }
    let type = planner.keyType(columns[position])
    if plan.isNew {
      plan.definition.fields.append(Field(columns[position].fieldName, type))
    } else {
      plan.definition.fields[plan.definition.key.index].type = type
    }
    plan.columns.append(
      TablePlan.Column(
        field: plan.definition.key, request: ColumnRequest(source: position, type: type)))
  }

  /// A name that neither a field nor a column of the table has.
  private func freeName(_ candidates: String...) -> String {
    func isFree(_ name: String) -> Bool {
      plan.definition.field(named: name) == nil
        && !columns.contains { planner.isSame($0.fieldName, name) }
    }
    if let free = candidates.first(where: isFree) { return free }
    var number = 2
    while !isFree("\(candidates.last ?? "")_\(number)") { number += 1 }
    return "\(candidates.last ?? "")_\(number)"
  }

  private mutating func addColumn(_ position: Int, _ plans: inout [TablePlan]) throws {
    if let known = known(position) {
      if case .reference(let target) = plan.definition[known].type {
        return addReference(position, known: known, to: target, &plans)
      }
      plan.columns.append(
        TablePlan.Column(
          field: known,
          request: ColumnRequest(source: position, type: plan.definition[known].type)))
      return
    }
    if try addReference(position, &plans) { return }
    addPlain(position)
  }

  /// The stored field of an entity that is there, which the column's name means.
  private func known(_ position: Int) -> FieldID? {
    guard !plan.isNew else { return nil }
    let name = columns[position].fieldName
    let definition = planner.database.catalog[plan.entity]
    func isFree(_ field: FieldID) -> Bool {
      !definition[field].isComputed && field != definition.key
        && !plan.columns.contains { $0.field == field }
        && !plan.references.contains { $0.field == field }
    }
    if let field = definition.field(named: name) { return isFree(field) ? field : nil }
    guard let base = Self.withoutID(name), let field = definition.field(named: base),
      case .reference = definition[field].type, isFree(field)
    else { return nil }
    return field
  }

  private mutating func addPlain(_ position: Int) {
    let column = columns[position]
    var type = column.type
    if let ambiguity = column.ambiguity {
      type = .text
      plan.notes.append(.keptAsText(name: name(of: position), message: ambiguity.message))
    }
    let field = add(Field(fieldName(of: position), type))
    plan.columns.append(
      TablePlan.Column(field: field, request: ColumnRequest(source: position, type: type)))
    if column.unknownMarkCount > 0, type != .text {
      plan.notes.append(.unknownMarks(header: name(of: position), count: column.unknownMarkCount))
    }
  }

  /// The column's own name, with a number where an entity that is there has it for something else.
  private func fieldName(of position: Int) -> String {
    let name = columns[position].fieldName
    return plan.definition.field(named: name) == nil ? name : freeName(name)
  }

  private mutating func add(_ field: Field) -> FieldID {
    plan.definition.fields.append(field)
    return FieldID(plan.definition.fields.count - 1)
  }

  static func withoutID(_ name: String) -> String? {
    name.utf8.count > 3 && Folding.fold(name).hasSuffix("_id") ? String(name.dropLast(3)) : nil
  }

  // MARK: references

  /// A column that means a reference of an entity that is there.
  private mutating func addReference(
    _ position: Int, known: FieldID, to target: EntityID, _ plans: inout [TablePlan]
  ) {
    let column = columns[position]
    let declared = openKeys.firstIndex { $0.columns == [position] }
    let place = self.place(of: target)
    let type = place.flatMap(keyType)
    let leadsThere =
      declared.map { key in
        openKeys[key].target.map(TablePlan.Reference.Target.table) == place
          && leadsToKey(openKeys[key])
      } ?? true
    let fallbackName =
      planner.isSame(column.fieldName, plan.definition[known].name)
      ? freeName(column.fieldName + "_id") : column.fieldName
    guard let place, let type, leadsThere, readsAs(column, type) else {
      // It may lead elsewhere, and is a field of its own then.
      if declared != nil, addDeclared(position, &plans) { return }
      let field = add(Field(fallbackName, column.ambiguity == nil ? column.type : .text))
      plan.columns.append(
        TablePlan.Column(
          field: field,
          request: ColumnRequest(source: position, type: plan.definition[field].type)))
      plan.notes.append(
        .leftOut(
          name: name(of: position),
          reason: .noTarget(planner.database.catalog[target].name)))
      return
    }
    if let declared { openKeys.remove(at: declared) }
    plan.references.append(
      TablePlan.Reference(
        field: known, requests: [ColumnRequest(source: position, type: type)],
        header: column.header, target: place, lookup: nil,
        fallback: Field(fallbackName, type), isDeclared: true))
  }

  /// A column of a declared foreign key, or one named after an entity. False when it is neither.
  private mutating func addReference(
    _ position: Int, _ plans: inout [TablePlan]
  ) throws -> Bool {
    if openKeys.contains(where: { $0.columns == [position] }) {
      return addDeclared(position, &plans)
    }
    let column = columns[position]
    guard let base = Self.withoutID(column.fieldName), let place = try entity(named: base),
      let type = keyType(place), column.type == .integer || type == .text,
      readsAs(column, type), column.knownCount > 0
    else { return false }
    addReference(
      position, [ColumnRequest(source: position, type: type)], place, nil, isDeclared: false)
    return true
  }

  /// A column of a declared foreign key; false when that leads nowhere.
  private mutating func addDeclared(_ position: Int, _ plans: inout [TablePlan]) -> Bool {
    guard let declared = openKeys.firstIndex(where: { $0.columns == [position] }) else {
      return false
    }
    let key = openKeys.remove(at: declared)
    guard let (target, requests, lookup) = target(of: key, &plans) else {
      plan.notes.append(
        .leftOut(name: name(of: position), reason: .noTarget(key.targetName)))
      return false
    }
    addReference(position, requests, target, lookup, isDeclared: true)
    return true
  }

  private mutating func addReference(
    _ position: Int, _ requests: [ColumnRequest], _ target: TablePlan.Reference.Target,
    _ lookup: Int?, isDeclared: Bool
  ) {
    let own = columns[position].fieldName
    let base = Self.withoutID(own)
    func isFree(_ name: String) -> Bool {
      plan.definition.field(named: name) == nil
        && !columns.indices.contains {
          $0 != position && planner.isSame(columns[$0].fieldName, name)
        }
    }
    let name = base.map { isFree($0) } == true ? base ?? own : fieldName(of: position)
    let type = requests[0].type
    let field = add(Field(name, .reference(entity(of: target))))
    plan.references.append(
      TablePlan.Reference(
        field: field, requests: requests, header: columns[position].header, target: target,
        lookup: lookup, fallback: Field(fallbackName(of: position, field), type),
        isDeclared: isDeclared))
  }

  private func fallbackName(of position: Int, _ field: FieldID) -> String {
    let name = columns[position].fieldName
    if planner.isSame(plan.definition[field].name, name) { return name }
    return plan.definition.field(named: name) == nil ? name : freeName(name)
  }

  /// A foreign key of several columns, or of one that is a field anyway: a field behind the others.
  private mutating func addBehind(_ key: SourceForeignKey, _ plans: inout [TablePlan]) {
    let headers = key.columns.map { columns[$0].header }.joined(separator: ", ")
    guard let (target, requests, lookup) = target(of: key, &plans) else {
      plan.notes.append(
        .leftOut(name: "\(table.name).(\(headers))", reason: .noTarget(key.targetName)))
      return
    }
    let singular: String
    switch target {
    case .table(let other):
      singular = (other == index ? plan : plans[other]).definition.singular
    case .entity(let entity): singular = planner.database.catalog[entity].singular
    }
    let field = add(Field(freeName(singular), .reference(entity(of: target))))
    plan.references.append(
      TablePlan.Reference(
        field: field, requests: requests, header: headers, target: target, lookup: lookup,
        fallback: nil, isAppended: true, isDeclared: true))
  }

  // MARK: targets

  /// Where a foreign key leads, the types in which its columns equal those there, and which lookup
  /// finds them; nil when nothing can be found so.
  private mutating func target(
    of key: SourceForeignKey, _ plans: inout [TablePlan]
  ) -> (TablePlan.Reference.Target, [ColumnRequest], lookup: Int?)? {
    guard let other = key.target, !key.columns.isEmpty,
      key.columns.allSatisfy({ columns[$0].leftOut == nil }),
      key.targetColumns.allSatisfy({ planner.columns[other][$0].leftOut == nil })
    else { return nil }
    if leadsToKey(key), let type = keyType(.table(other)) {
      guard readsAs(columns[key.columns[0]], type) else { return nil }
      return (.table(other), [ColumnRequest(source: key.columns[0], type: type)], nil)
    }
    var own: [ColumnRequest] = []
    var there: [ColumnRequest] = []
    for (position, target) in zip(key.columns, key.targetColumns) {
      let pair = (columns[position], planner.columns[other][target])
      let isInteger = readsAs(pair.0, .integer) && readsAs(pair.1, .integer)
      let type: ValueType = isInteger ? .integer : .text
      own.append(ColumnRequest(source: position, type: type))
      there.append(ColumnRequest(source: target, type: type))
    }
    func isSame(_ lookup: [ColumnRequest]) -> Bool {
      lookup.map(\.source) == there.map(\.source) && lookup.map(\.type) == there.map(\.type)
    }
    var lookups = other == index ? plan.lookups : plans[other].lookups
    let place = lookups.firstIndex(where: isSame) ?? lookups.count
    if place == lookups.count { lookups.append(there) }
    if other == index { plan.lookups = lookups } else { plans[other].lookups = lookups }
    return (.table(other), own, place)
  }

  private func leadsToKey(_ key: SourceForeignKey) -> Bool {
    guard let other = key.target, let column = planner.keys[other] else { return false }
    return key.targetColumns == [column]
  }

  /// Whether all values of a column are of that type.
  private func readsAs(_ column: SourceColumn, _ type: ValueType) -> Bool {
    column.alsoReadsAs.contains(type) || column.knownCount == 0
  }

  /// The table that becomes an entity, or the entity that has records.
  private func place(of entity: EntityID) -> TablePlan.Reference.Target? {
    if let table = planner.plans.firstIndex(where: { $0.entity == entity }) { return .table(table) }
    guard entity.index < planner.database.catalog.entities.count,
      planner.database.isLoaded(entity), planner.database.table(entity).liveRowCount > 0
    else { return nil }
    return .entity(entity)
  }

  /// The table or entity whose record or records are called so.
  private func entity(named name: String) throws -> TablePlan.Reference.Target? {
    if let table = planner.plans.firstIndex(where: {
      planner.isSame($0.definition.singular, name) || planner.isSame($0.definition.name, name)
    }) {
      return .table(table)
    }
    guard
      let entity = planner.database.catalog.entities.firstIndex(where: {
        planner.isSame($0.singular, name) || planner.isSame($0.name, name)
      })
    else { return nil }
    try planner.database.load([EntityID(entity)])
    return place(of: EntityID(entity))
  }

  private func entity(of target: TablePlan.Reference.Target) -> EntityID {
    switch target {
    case .table(let table): planner.plans[table].entity
    case .entity(let entity): entity
    }
  }

  /// The type of the keys there; nil for a table whose records are numbered here only.
  private func keyType(_ target: TablePlan.Reference.Target) -> ValueType? {
    switch target {
    case .table(let table):
      return planner.keys[table].map { planner.keyType(planner.columns[table][$0]) }
    case .entity(let entity):
      let definition = planner.database.catalog[entity]
      return definition[definition.key].type
    }
  }
}
