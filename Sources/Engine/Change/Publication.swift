import Store
import Syntax

/// A finished import on its way into the store: everything that can fail is done before `publish`,
/// which cannot. Tables that were there have been appended to; who fails after takes that back.
struct Publication {
  /// The entity's table as it will be.
  let table: Table
  /// What the journal makes durable.
  private(set) var change = ChangeSet()
  /// Records that `matching` found and changed.
  let updatedCount: Int
  private let definition: Entity
  private let isNew: Bool
  private var others: [(table: Table, definition: Entity)] = []

  init(
    _ staging: ImportStaging, _ layout: ImportLayout, _ entity: EntityID?,
    matching: Name?, in database: Database
  ) throws {
    definition = layout.definition
    isNew = entity == nil
    for (target, records) in staging.added {
      others.append(try Self.adding(records, to: target, in: database))
    }
    guard let entity, database.table(entity).rowCount > 0 else {
      staging.table.merge()
      table = staging.table
      updatedCount = 0
      change.insertions = [.init(entity: table.entity, rows: 0..<table.rowCount)]
      if isNew { change.newEntities = [table.entity] }
      return
    }
    let present = database.table(entity)
    let firstRow = present.rowCount
    if let matching, let field = definition.field(named: matching.text) {
      let matched = try Matching(staging, field, present, layout, at: matching.range)
      table = try present.replacing(matched.cells, at: matched.rows, definition: definition)
      try table.append(contentsOf: matched.rest, definition: definition)
      updatedCount = matched.rows.count
    } else {
      try present.append(contentsOf: staging.table, definition: definition)
      table = present
      updatedCount = 0
    }
    change.insertions = [.init(entity: entity, rows: firstRow..<table.rowCount)]
  }

  /// A copy of a small table, or the table itself, with bare records of these keys.
  private static func adding(
    _ records: AddedRecords, to target: EntityID, in database: Database
  ) throws -> (Table, Entity) {
    let present = database.table(target)
    var definition = database.catalog[target]
    let keys = records.vector
    if present.rowCount == 0 {
      if case .texts = keys.values { definition.fields[definition.key.index].type = .text }
      let table = Table(entity: target, definition: definition, budget: database.budget)
      try table.append([definition.key: keys], count: keys.count)
      table.merge()
      return (table, definition)
    }
    try present.append([definition.key: keys], count: keys.count)
    return (present, definition)
  }

  /// Makes the import visible.
  func publish(in database: Database) {
    for (table, definition) in others { database.publish(table, as: definition) }
    if isNew { _ = database.add(definition) }
    database.publish(table, as: definition)
  }
}

/// `matching FIELD`: which staged records are records that are there already.
private struct Matching {
  /// Rows of the present table that change, each once.
  let rows: [Int32]
  /// Their new values, field by field; unknown leaves the old one.
  let cells: [FieldID: Vector]
  /// The staged records that are new.
  let rest: Table

  init(
    _ staging: ImportStaging, _ field: FieldID, _ present: Table, _ layout: ImportLayout,
    at range: SourceRange
  ) throws {
    let definition = layout.definition
    let name = definition[field].name
    let found = try Self.rowsByValue(present, field, name, at: range)
    let staged = staging.table
    var pairs: [(row: Int32, staged: Int32)] = []
    var restRows: [Int32] = []
    var lineOf: [Int32: Int] = [:]
    for row in 0..<staged.rowCount where !staged.isDead(row) {
      guard let match = found[Self.folded(staged.column(field)[row])] else {
        restRows.append(Int32(row))
        continue
      }
      if let first = lineOf[match] {
        throw StoreError.cell(
          CellProblem(
            code: "duplicate-match", line: staging.line(of: row), column: nil, header: name,
            message: "the record on line \(first) matches the same \(definition.singular)"))
      }
      lineOf[match] = staging.line(of: row)
      pairs.append((match, Int32(row)))
    }
    rows = pairs.map(\.row)
    let sources = Rows.list(pairs.map(\.staged))
    var cells: [FieldID: Vector] = [:]
    for (index, declared) in definition.fields.enumerated() where !declared.isComputed {
      let id = FieldID(index)
      guard id != definition.key else { continue }
      cells[id] = staged.column(id).load(sources)
    }
    self.cells = cells
    rest = Table(entity: staged.entity, definition: definition, budget: staged.columnBudget)
    var vectors: [FieldID: Vector] = [:]
    for (index, declared) in definition.fields.enumerated() where !declared.isComputed {
      vectors[FieldID(index)] = staged.column(FieldID(index)).load(.list(restRows))
    }
    if layout.key == nil {
      // Only records that are new get a number.
      let first = present.largestKey + 1
      vectors[definition.key] = Vector(words: Array(first..<(first + Int64(restRows.count))))
    }
    try rest.append(vectors, count: restRows.count)
  }

  private static func rowsByValue(
    _ table: Table, _ field: FieldID, _ name: String, at range: SourceRange
  ) throws(Failure) -> [Scalar: Int32] {
    var rows: [Scalar: Int32] = [:]
    for row in 0..<table.rowCount where !table.isDead(row) {
      let value = folded(table.column(field)[row])
      guard value.isKnown else { continue }
      if rows.updateValue(Int32(row), forKey: value) != nil, case .text(let text) = value {
        throw Failure(ImportReason.ambiguousMatch(text, field: name), at: range)
      }
    }
    return rows
  }

  private static func folded(_ value: Scalar) -> Scalar {
    if case .text(let text) = value { return .text(Folding.fold(text)) }
    return value
  }
}
