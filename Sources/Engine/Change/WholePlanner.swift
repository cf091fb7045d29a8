import Store
import Syntax

/// Plans the import of the tables of a foreign database, by their columns, keys and foreign keys.
///
/// A table whose name is that of an entity without records goes there if its columns fit as
/// `import` would take them; else it becomes a new entity.
struct WholePlanner {
  let database: Database
  let collection: any TableCollection
  /// The columns of each table, judged.
  private(set) var columns: [[SourceColumn]] = []
  private(set) var plans: [TablePlan] = []
  /// For each table the column that is its key; nil where records are numbered.
  private(set) var keys: [Int?] = []

  init(database: Database, collection: any TableCollection) {
    self.database = database
    self.collection = collection
  }

  /// One plan a table.
  func makePlans() throws -> [TablePlan] {
    var planner = self
    for index in collection.tables.indices {
      planner.columns.append(try collection.openReader(of: index).columns())
    }
    for index in collection.tables.indices { try planner.addPlan(of: index) }
    for index in collection.tables.indices { try planner.addFields(to: index) }
    return planner.plans
  }

  // MARK: entities

  private mutating func addPlan(of index: Int) throws {
    let table = collection.tables[index]
    keys.append(try key(of: index))
    var notes: [Note] = table.leftOut.map {
      .leftOut(name: "\(table.name).\($0.name)", reason: $0.reason)
    }
    if let entity = existing(named: table.entityName) {
      guard let reason = try objection(to: entity, for: index) else {
        plans.append(
          TablePlan(
            source: index, name: table.name, entity: entity, isNew: false,
            definition: database.catalog[entity], notes: notes))
        return
      }
      let name = freeName(table.entityName)
      notes.insert(.renamedTable(name: table.name, entity: name, reason: reason), at: 0)
      addNew(index, name, notes)
    } else {
      addNew(index, freeName(table.entityName), notes)
    }
  }

  private mutating func addNew(_ index: Int, _ name: String, _ notes: [Note]) {
    let id = EntityID(database.catalog.entities.count + plans.count(where: \.isNew))
    plans.append(
      TablePlan(
        source: index, name: collection.tables[index].name, entity: id, isNew: true,
        definition: Entity(name: name, singular: Entity.singular(of: name), fields: []),
        notes: notes))
  }

  /// The entity whose name or singular this is.
  private func existing(named name: String) -> EntityID? {
    database.catalog.entity(named: name)
      ?? database.catalog.entities.firstIndex { isSame($0.singular, name) }.map(EntityID.init)
  }

  /// A name that no entity and no record of one has, here or among the tables to come.
  private func freeName(_ name: String) -> String {
    let others = plans.filter(\.isNew).map(\.definition) + database.catalog.entities
    let coming = collection.tables.dropFirst(plans.count + 1).map(\.entityName)
    var candidate = name
    var number = 2
    while others.contains(where: { isSame($0.name, candidate) || isSame($0.singular, candidate) })
      || number > 2 && coming.contains(where: { isSame($0, candidate) })
    {
      candidate = "\(name)_\(number)"
      number += 1
    }
    return candidate
  }

  func isSame(_ a: String, _ b: String) -> Bool {
    Folding.fold(a).utf8.elementsEqual(Folding.fold(b).utf8)
  }

  // MARK: keys

  /// The column that holds a table's keys: the declared one; without one, `id` if its values differ.
  private func key(of index: Int) throws -> Int? {
    let declared = collection.tables[index].key
    if declared.count > 1 { return nil }
    let named = columns[index].firstIndex { isSame($0.fieldName, "id") }
    guard let column = declared.first ?? named, columns[index][column].leftOut == nil
    else { return nil }
    // SQLite itself keeps whole numbers of a declared key apart.
    let isSure =
      !declared.isEmpty && columns[index][column].type == .integer
      && columns[index][column].knownCount == collection.tables[index].recordCount
    return try isSure || isKey(column, of: index) ? column : nil
  }

  /// Whether every value of a column is known and stands once.
  private func isKey(_ column: Int, of index: Int) throws -> Bool {
    let definition = Entity(
      name: "", singular: "", fields: [Field("id", keyType(columns[index][column]))])
    let table = Table(entity: EntityID(0), definition: definition, budget: database.budget)
    let reader = try collection.openReader(of: index)
    try reader.start([ColumnRequest(source: column, type: keyType(columns[index][column]))])
    while let batch = try reader.next() {
      try Cancellation.check()
      let keys = batch.vectors[0]
      guard batch.problems.isEmpty, !keys.known.contains(0),
        try table.duplicates(in: keys, countMax: 1).isEmpty
      else { return false }
      try table.append([definition.key: keys], count: keys.count)
    }
    return true
  }

  /// Keys are integers or text.
  func keyType(_ column: SourceColumn) -> ValueType {
    column.type == .integer ? .integer : .text
  }

  // MARK: fitting

  /// Why a table cannot go into the entity of its name; nil when it can.
  private func objection(to entity: EntityID, for index: Int) throws -> Note.RenameReason? {
    if plans.contains(where: { $0.entity == entity }) { return .isTaken }
    try database.load([entity])
    guard database.table(entity).rowCount == 0 else { return .hasRecords }
    if let tracked = TrackedField(of: entity, in: database.catalog) {
      try database.load([tracked.history.entity])
    }
    let definition = database.catalog[entity]
    var trials: [(column: SourceColumn, field: Field, request: ColumnRequest)] = []
    for (position, column) in columns[index].enumerated()
    where position != keys[index] && column.leftOut == nil {
      guard let id = definition.field(named: column.fieldName) else { continue }
      let field = definition[id]
      if case .reference = field.type { continue }
      if field.isComputed { continue }
      if id == definition.key {
        return .doesNotFit(column: column.header, type: "a key")
      }
      trials.append((column, field, ColumnRequest(source: position, type: field.type)))
    }
    return try misfit(trials, in: index)
  }

  /// The first column of which a value is none of its field.
  private func misfit(
    _ trials: [(column: SourceColumn, field: Field, request: ColumnRequest)], in index: Int
  ) throws -> Note.RenameReason? {
    for trial in trials where trial.column.ambiguity != nil && trial.field.type != .text {
      return .doesNotFit(column: trial.column.header, type: trial.field.type.name)
    }
    let reader = try collection.openReader(of: index)
    try reader.start(trials.map(\.request))
    while let batch = try reader.next() {
      try Cancellation.check()
      for (_, problem) in batch.problems where problem.code != "cell-is-binary" {
        let trial = trials.first { $0.column.header == problem.header }
        return .doesNotFit(
          column: problem.header ?? "", type: trial?.field.type.name ?? "a value")
      }
      for (trial, vector) in zip(trials, batch.vectors) {
        guard let bounds = trial.field.bounds, trial.field.type == .integer else { continue }
        var outside = Mask(knownIn: vector)
        var inside = outside
        vector.keep(.words(bounds), in: &inside)
        outside.subtract(inside)
        guard outside.isNoneIn else {
          return .doesNotFit(
            column: trial.column.header,
            type: "between \(bounds.lowerBound) and \(bounds.upperBound)")
        }
      }
    }
    return nil
  }

  // MARK: fields

  /// Lays a table's columns out as fields.
  private mutating func addFields(to index: Int) throws {
    var layout = WholeLayout(planner: self, index: index)
    plans[index] = try layout.plan(sharing: &plans)
  }
}
