import Store
import Syntax

/// What becomes of one table of a collection.
struct TablePlan {
  /// A column that is read into a field.
  struct Column {
    var field: FieldID
    var request: ColumnRequest
  }

  /// A field that refers to a record by the values of some columns.
  struct Reference {
    /// Where the records are that it leads to.
    enum Target: Hashable {
      /// Those of another table of the collection, or its own.
      case table(Int)
      /// Those that were there before.
      case entity(EntityID)
    }

    /// The field, of `definition`.
    var field: FieldID
    /// The columns, as the types of those they equal.
    var requests: [ColumnRequest]
    /// The columns as the file names them.
    var header: String
    var target: Target
    /// Which of the target's `lookups` finds the record; nil when it is its key.
    var lookup: Int?
    /// What the column is when it is no reference after all; nil when it is a field anyway, or has to
    /// be a reference.
    var fallback: Field?
    /// Whether the field has no column of its own and stands behind all others.
    var isAppended = false
    /// Whether the file says that it is a reference.
    var isDeclared: Bool
  }

  /// The table's position in the collection, and its name there.
  var source: Int
  var name: String
  /// The entity it becomes.
  var entity: EntityID
  var isNew: Bool
  /// The entity as it will be. Fields of references without a column of their own come last.
  var definition: Entity
  var columns: [Column] = []
  var references: [Reference] = []
  /// Columns, not the key, by which other tables refer to this one.
  var lookups: [[ColumnRequest]] = []
  /// What was left out, kept otherwise or renamed.
  var notes: [Note] = []

  /// Whether the records are numbered, for want of a key.
  var isNumbered: Bool { !columns.contains { $0.field == definition.key } }

  /// The definition of the table in which records are staged: references are no columns yet.
  var stagedDefinition: Entity {
    var staged = definition
    staged.fields.removeLast(references.count(where: \.isAppended))
    for reference in references where !reference.isAppended {
      staged.fields[reference.field.index].expression = ""
    }
    return staged
  }
}

/// The records of a table, staged until all tables are read.
final class StagedTable {
  let plan: TablePlan
  /// All fields but the references.
  let table: Table
  /// For each reference the values of its columns.
  private(set) var referenceKeys: [[Vector]]
  /// Cells that no field can hold: how many, by column, and the first.
  private(set) var unheld: [String: (count: Int, first: CellProblem)] = [:]
  private var lookupKeys: [[Vector]]
  private var lookupRows: [Int: [[Scalar]: Int32]] = [:]
  private var lines: [Int] = []

  init(_ plan: TablePlan, budget: Budget) {
    self.plan = plan
    table = Table(entity: plan.entity, definition: plan.stagedDefinition, budget: budget)
    referenceKeys = plan.references.map { _ in [] }
    lookupKeys = plan.lookups.map { _ in [] }
  }

  /// The line or row of a record in its file.
  func line(of row: Int) -> Int { lines[row] }

  /// Reads all records.
  ///
  /// - Parameter isExact: Whether a cell that cannot be read is an error, rather than unknown when no
  ///   field could hold it.
  func read(_ reader: any RecordReader, isExact: Bool) throws {
    let requests =
      plan.columns.map(\.request) + plan.references.flatMap(\.requests)
      + plan.lookups.flatMap(\.self)
    try reader.start(requests)
    while let batch = try reader.next() {
      try Cancellation.check()
      try note(batch.problems, isExact: isExact)
      try add(batch)
    }
  }

  private func note(
    _ problems: [(offset: Int, problem: CellProblem)], isExact: Bool
  ) throws(Failure) {
    var refused: [CellProblem] = []
    for (_, problem) in problems {
      if isExact || problem.code != "cell-is-binary" {
        refused.append(problem)
      } else {
        let header = problem.header ?? ""
        unheld[header] = ((unheld[header]?.count ?? 0) + 1, unheld[header]?.first ?? problem)
      }
    }
    guard refused.isEmpty else {
      throw Failure(
        refused.prefix(Failure.diagnosticCountMax).map {
          Diagnostic(WholeReason.cell(table: plan.name, $0), at: nil)
        })
    }
  }

  private func add(_ batch: RecordBatch) throws {
    let count = batch.lines.count
    var vectors: [FieldID: Vector] = [:]
    for (column, vector) in zip(plan.columns, batch.vectors) { vectors[column.field] = vector }
    if plan.isNumbered {
      let first = Int64(table.rowCount) + 1
      vectors[plan.definition.key] = Vector(words: Array(first..<first + Int64(count)))
    }
    try checkKeys(vectors[plan.definition.key], batch.lines)
    try checkBounds(vectors, batch.lines)
    lines += batch.lines
    try table.append(vectors, count: count)
    var next = plan.columns.count
    for (index, reference) in plan.references.enumerated() {
      let keys = Array(batch.vectors[next..<next + reference.requests.count])
      Self.append(keys, to: &referenceKeys[index])
      next += reference.requests.count
    }
    for (index, lookup) in plan.lookups.enumerated() {
      Self.append(Array(batch.vectors[next..<next + lookup.count]), to: &lookupKeys[index])
      next += lookup.count
    }
  }

  private static func append(_ vectors: [Vector], to all: inout [Vector]) {
    guard !all.isEmpty else {
      all = vectors
      return
    }
    for index in all.indices { all[index].append(vectors[index]) }
  }

  private func checkKeys(_ keys: Vector?, _ batchLines: [Int]) throws {
    guard let keys, !plan.isNumbered else { return }
    let name = plan.definition[plan.definition.key].name
    func refuse(_ code: String, _ offset: Int, _ message: String) -> Failure {
      Failure(
        WholeReason.cell(
          table: plan.name,
          CellProblem(
            code: code, line: batchLines[offset], column: nil, header: name, message: message)),
        at: nil)
    }
    if let offset = keys.known.firstIndex(of: 0) {
      throw refuse("missing-key", offset, "a record needs a value for its key '\(name)'")
    }
    if let duplicate = try table.duplicates(in: keys, countMax: 1).first {
      let first =
        duplicate.firstOffset.map { batchLines[$0] } ?? duplicate.row.map { lines[$0] }
      throw refuse(
        "duplicate-key", duplicate.offset,
        "key '\(duplicate.key)' stands on line \(first ?? 0) already")
    }
  }

  private func checkBounds(_ vectors: [FieldID: Vector], _ batchLines: [Int]) throws {
    for (field, vector) in vectors {
      let definition = plan.definition[field]
      guard let bounds = definition.bounds, definition.type == .integer else { continue }
      var outside = Mask(knownIn: vector)
      var inside = outside
      vector.keep(.words(bounds), in: &inside)
      outside.subtract(inside)
      guard let offset = outside.offsets.first, case .word(let word) = vector[Int(offset)]
      else { continue }
      throw Failure(
        WholeReason.cell(
          table: plan.name,
          CellProblem(
            code: "out-of-range", line: batchLines[Int(offset)], column: nil,
            header: definition.name,
            message: "'\(word)' is not between \(bounds.lowerBound) and \(bounds.upperBound)")),
        at: nil)
    }
  }

  // MARK: finding records

  /// The row of each record that `keys` name, -1 where there is none.
  func rows(of keys: [Vector], lookup: Int?) throws(StoreError) -> [Int32] {
    guard let lookup else { return table.rows(withKeys: keys[0]) }
    let found = lookupRows[lookup] ?? makeRows(of: lookup)
    lookupRows[lookup] = found
    return (0..<keys[0].count).map { offset in found[keys.map { $0[offset] }] ?? -1 }
  }

  private func makeRows(of lookup: Int) -> [[Scalar]: Int32] {
    var rows: [[Scalar]: Int32] = [:]
    rows.reserveCapacity(table.rowCount)
    for row in 0..<table.rowCount {
      let values = lookupKeys[lookup].map { $0[row] }
      // Of records with equal values, which a file that checks nothing may hold, the first.
      if values.allSatisfy(\.isKnown), rows[values] == nil { rows[values] = Int32(row) }
    }
    return rows
  }

  /// The values of a reference's columns, for a message.
  func text(of reference: Int, row: Int) -> String {
    referenceKeys[reference].map { keys in
      switch keys[row] {
      case .text(let text): String(text.prefix(40))
      case .word(let word): "\(word)"
      case .real(let real): "\(real)"
      case .unknown: "unknown"
      }
    }.joined(separator: ", ")
  }
}
