import Store
import Syntax

/// Carries out `import all`: every table of a SQLite file, or every file of a folder that
/// `export all` wrote, becomes an entity.
///
/// All tables are read before anything is changed. References are resolved when all records are
/// known, so that tables may refer to each other in circles and to themselves.
struct WholeImporter {
  let database: Database
  let files: FilePorts
  /// The day number of `today`.
  let today: Int
  let progress: (@Sendable (_ done: Int, _ total: Int) -> Void)?

  /// Imports all, and says what became of each table and what could not be brought.
  func run(_ target: FileTarget, baseFolder: String?) throws(Failure) -> [Note] {
    let isRelative = !target.path.hasPrefix("/") && baseFolder?.isEmpty == false
    let path = isRelative ? "\(baseFolder ?? "")/\(target.path)" : target.path
    do {
      var options = ReadOptions()
      options.budget = database.budget
      options.progress = progress
      let collection = try files.openCollection(path, options)
      guard !collection.tables.isEmpty else {
        throw Failure(WholeReason.noTables(path: target.path), at: target.range)
      }
      return try run(collection)
    } catch let error as StoreError {
      throw Failure(error, at: target.range)
    } catch let failure as Failure {
      throw failure.placed(at: target.range)
    } catch {
      preconditionFailure("only typed errors are thrown here")
    }
  }

  private func run(_ collection: any TableCollection) throws -> [Note] {
    let isExact = collection.catalog != nil
    let plans: [TablePlan]
    if let catalog = collection.catalog {
      plans = try ExactPlanner(database: database, catalog: catalog).plans(of: collection)
    } else {
      plans = try WholePlanner(database: database, collection: collection).makePlans()
    }
    var staged: [StagedTable] = []
    for plan in plans {
      let table = StagedTable(plan, budget: database.budget)
      try table.read(collection.openReader(of: plan.source), isExact: isExact)
      staged.append(table)
    }
    try collection.checkUnchanged()
    var resolution = WholeResolution(database: database, staged: staged, isExact: isExact)
    try resolution.resolve()
    try publish(staged, resolution.definitions, isExact: isExact)
    var notes = try publish(collection.catalog?.definitions ?? [])
    for (index, table) in staged.enumerated() {
      notes += self.notes(of: table, resolution.definitions[index], isExact: isExact)
      notes += resolution.notes[index]
    }
    for (name, reason) in collection.leftOut {
      notes.append(.leftOut(name: name, reason: reason))
    }
    return notes
  }

  // MARK: publishing

  /// Takes over segments, standards and actions. One that is here already, and the same, stays.
  private func publish(_ definitions: [Definition]) throws(Failure) -> [Note] {
    var notes: [Note] = []
    for definition in definitions {
      let shelf = definition.kind == .frozen ? Definition.Kind.segment : definition.kind
      guard let here = database.catalog.definition(shelf, named: definition.name) else {
        if shelf == .segment, database.catalog.entity(named: definition.name) != nil {
          throw Failure(
            DefinitionReason.nameTaken(
              kind: shelf.rawValue, name: definition.name, by: "an entity", example: nil), at: nil)
        }
        database.define(nil, as: definition)
        notes.append(.defined(definition.label, isNew: true))
        continue
      }
      guard here.text == definition.text, here.members == definition.members else {
        throw Failure(
          DefinitionReason.nameTaken(
            kind: shelf.rawValue, name: definition.name,
            by: "the name of another \(shelf.rawValue)", example: nil), at: nil)
      }
    }
    return notes
  }

  private func publish(
    _ staged: [StagedTable], _ definitions: [Entity], isExact: Bool
  ) throws {
    for (table, definition) in zip(staged, definitions) where table.plan.isNew {
      let id = database.add(definition)
      precondition(id == table.plan.entity, "entities are added in the order of their plans")
    }
    for (table, definition) in zip(staged, definitions) where !table.plan.isNew {
      try database.define(table.plan.entity, as: definition)
    }
    let history = WholeHistory(database: database, today: today)
    let filled = Set(staged.filter { $0.table.rowCount > 0 }.map(\.plan.entity))
    for table in staged where !isExact { try history.date(table.table, without: filled) }
    for table in staged {
      // Only the house rules of a new store are there, and are replaced.
      let replaced = database.table(table.plan.entity).liveRows
      if !replaced.isEmpty { database.kill(replaced, of: table.plan.entity) }
      table.table.merge()
      try database.append(contentsOf: table.table, to: table.plan.entity)
    }
    for table in staged {
      if !isExact { try history.open(table.plan.entity, without: filled) }
      if filled.contains(table.plan.entity) {
        try history.check(table.plan.entity, named: table.plan.name)
      }
    }
  }

  private func notes(
    of table: StagedTable, _ definition: Entity, isExact: Bool
  ) -> [Note] {
    let plan = table.plan
    let stored = definition.fields.enumerated().filter { index, field in
      !field.isComputed
        && !(table.table.column(FieldID(index)).unknownCount == table.table.rowCount)
    }
    var notes: [Note] = [
      .importedTable(
        name: plan.name, entity: definition.name, count: table.table.rowCount, isNew: plan.isNew,
        fields: isExact
          ? []
          : stored.map { _, field in
            if case .reference(let target) = field.type {
              return Note.FieldFact(
                name: field.name, type: database.catalog[target].name, isReference: true)
            }
            return Note.FieldFact(name: field.name, type: field.type.name, isReference: false)
          })
    ]
    notes += plan.notes
    for (header, cells) in table.unheld.sorted(by: { $0.value.first.line < $1.value.first.line }) {
      notes.append(
        .cellsLeftOut(
          name: "\(plan.name).\(header)", count: cells.count, row: cells.first.line))
    }
    return notes
  }
}

extension Failure {
  /// The same with a place for the diagnostics that have none.
  fileprivate func placed(at range: SourceRange) -> Failure {
    Failure(
      diagnostics.map { diagnostic in
        var placed = diagnostic
        if placed.range == nil { placed.range = range }
        return placed
      }, kind: kind)
  }
}
