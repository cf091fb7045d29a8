import Store
import Syntax

/// Resolves the references of staged tables, now that all their records are known.
///
/// A reference of which some value is no record's stays a plain column, and a note says so; in an
/// exported folder it is an error.
struct WholeResolution {
  let database: Database
  let staged: [StagedTable]
  let isExact: Bool
  /// The entities as they will be, one a staged table.
  private(set) var definitions: [Entity] = []
  /// What became of references, one list a staged table.
  private(set) var notes: [[Note]] = []

  init(database: Database, staged: [StagedTable], isExact: Bool) {
    self.database = database
    self.staged = staged
    self.isExact = isExact
  }

  /// Finds the records and gives the staged tables their references.
  mutating func resolve() throws {
    for table in staged {
      try Cancellation.check()
      var notes: [Note] = []
      definitions.append(try resolve(table, &notes))
      self.notes.append(notes)
    }
    guard !isExact else { return }
    for index in definitions.indices { nameInverses(of: index) }
    for (index, table) in staged.enumerated() where table.plan.isNew {
      definitions[index] = definitions[index].completed
    }
  }

  private func resolve(_ staged: StagedTable, _ notes: inout [Note]) throws -> Entity {
    let plan = staged.plan
    var definition = plan.definition
    definition.fields.removeLast(plan.references.count(where: \.isAppended))
    for (index, reference) in plan.references.enumerated() {
      let rows = try rows(of: reference, staged.referenceKeys[index])
      let missing = self.missing(rows, staged.referenceKeys[index])
      let isKnown = staged.referenceKeys[index].first?.known.contains { $0 != 0 } == true
      if let row = missing.first {
        if isExact { throw refusal(staged, reference, index, row) }
        if reference.isDeclared {
          notes.append(
            .referenceLeftOut(
              name: "\(plan.name).\(reference.header)", entity: targetName(reference.target),
              missingCount: missing.count, example: staged.text(of: index, row: row)))
        }
      }
      if missing.isEmpty, reference.isDeclared || isKnown {
        let field = try place(of: reference, in: plan, &definition)
        try staged.table.addColumn(field, type: definition[field].type)
        try fill(staged.table, field, with: RowSelection.references(rows))
      } else if let fallback = reference.fallback {
        try keep(fallback, of: reference, index, staged, &definition)
      }
    }
    return definition
  }

  /// The field of a reference that holds; one without a column goes to the end.
  private func place(
    of reference: TablePlan.Reference, in plan: TablePlan, _ definition: inout Entity
  ) throws -> FieldID {
    guard reference.isAppended else { return reference.field }
    definition.fields.append(plan.definition[reference.field])
    return FieldID(definition.fields.count - 1)
  }

  /// Keeps the values of a column that is no reference.
  private func keep(
    _ fallback: Field, of reference: TablePlan.Reference, _ index: Int, _ staged: StagedTable,
    _ definition: inout Entity
  ) throws {
    var field = reference.field
    if staged.plan.isNew {
      definition.fields[field.index] = fallback
    } else {
      // The field that is there stays, unknown.
      try staged.table.addColumn(field, type: definition[field].type)
      definition.fields.append(fallback)
      field = FieldID(definition.fields.count - 1)
    }
    try staged.table.addColumn(field, type: fallback.type)
    if let values = staged.referenceKeys[index].first {
      try fill(staged.table, field, with: values)
    }
  }

  private func fill(_ table: Table, _ field: FieldID, with values: Vector) throws {
    guard values.count > 0 else { return }
    try table.fill(field, with: values)
  }

  // MARK: finding records

  private func rows(
    of reference: TablePlan.Reference, _ keys: [Vector]
  ) throws(StoreError) -> [Int32] {
    guard !keys.isEmpty else { return [] }
    switch reference.target {
    case .table(let index): return try staged[index].rows(of: keys, lookup: reference.lookup)
    case .entity(let entity): return database.table(entity).rows(withKeys: keys[0])
    }
  }

  /// The rows that name a record which is not there. One of several columns that is unknown names
  /// none.
  private func missing(_ rows: [Int32], _ keys: [Vector]) -> [Int] {
    rows.indices.filter { row in rows[row] < 0 && keys.allSatisfy { $0.known[row] != 0 } }
  }

  private func targetName(_ target: TablePlan.Reference.Target) -> String {
    switch target {
    case .table(let index): staged[index].plan.definition.name
    case .entity(let entity): database.catalog[entity].name
    }
  }

  private func refusal(
    _ staged: StagedTable, _ reference: TablePlan.Reference, _ index: Int, _ row: Int
  ) -> Failure {
    Failure(
      WholeReason.cell(
        table: staged.plan.name,
        CellProblem(
          code: "reference-not-found", line: staged.line(of: row), column: nil,
          header: reference.header,
          message: "there is no record '\(staged.text(of: index, row: row))' of"
            + " \(targetName(reference.target))")),
      at: nil)
  }

  // MARK: inverses

  /// Names what new references are called from the other side: after the entity, and the field where
  /// several lead to one entity; never as a field there.
  private mutating func nameInverses(of index: Int) {
    let definition = definitions[index]
    for (place, field) in definition.fields.enumerated() where field.inverse == nil {
      guard case .reference(let target) = field.type, !field.isComputed else { continue }
      let count = definition.fields.count { $0.type == field.type && !$0.isComputed }
      var inverse = definition.name + (count > 1 ? "_by_" + field.name : "")
      while entity(target)?.field(named: inverse) != nil { inverse += "_list" }
      definitions[index].fields[place].inverse = inverse
    }
  }

  private func entity(_ id: EntityID) -> Entity? {
    if let index = staged.firstIndex(where: { $0.plan.entity == id }) { return definitions[index] }
    return id.index < database.catalog.entities.count ? database.catalog[id] : nil
  }
}
