import Store
import Syntax

/// Collects an import's records in a table of their own until all have been checked, so that nothing
/// is half imported.
final class ImportStaging {
  /// A record that is left out, and why.
  struct Reject {
    var problem: CellProblem
    /// Which record of the file it is, counted from 0.
    var record: Int
    /// The record as it stands in the file; nil until it is looked up.
    var source: String?
  }

  /// The records taken so far, in the order of the file.
  let table: Table
  /// Bare records to add to other entities: their keys, each once, in the order first seen.
  private(set) var added: [EntityID: AddedRecords] = [:]
  /// Records left out.
  private(set) var rejects: [Reject] = []
  /// With `matching`, for each staged row the row of the record that it changes, -1 where it is new.
  var matches: [Int32]?

  let database: Database
  let entity: EntityID
  let layout: ImportLayout
  /// The table the records will be in, nil for a new entity.
  let present: Table?
  /// Whether keys may be those of records that are there, which is looked into when all are read.
  private let comparesKeysLater: Bool
  private var nextKey: Int64
  private var lines: [Int] = []
  /// For each staged row which record of the file it is.
  private var records: [Int] = []
  /// How many records were read.
  private var recordCount = 0
  /// For a reference of the entity to itself: the keys as read, resolved when all records are in.
  private(set) var ownReferences: [FieldID: Vector] = [:]

  /// - Parameter comparesKeysLater: Whether keys may be those of records that are there: with
  ///   `matching`, and where an import replaces records.
  init(
    _ layout: ImportLayout, of entity: EntityID, in database: Database, comparesKeysLater: Bool
  ) {
    self.layout = layout
    self.entity = entity
    self.database = database
    self.comparesKeysLater = comparesKeysLater
    table = Table(entity: entity, definition: layout.definition, budget: database.budget)
    present = entity.index < database.catalog.entities.count ? database.table(entity) : nil
    nextKey = present?.nextKey ?? 1
  }

  /// The entity as it will be.
  var definition: Entity { layout.definition }

  /// The row that the first new record will have.
  var firstRow: Int { present?.rowCount ?? 0 }

  /// The line on which a staged record begins.
  func line(of row: Int) -> Int { lines[row] }

  /// How many of the records taken have no value in a field.
  func unknownCount(of field: FieldID) -> Int {
    let column = table.column(field)
    guard table.liveRowCount < table.rowCount else { return column.unknownCount }
    let all = Rows.run(base: 0, count: table.rowCount)
    var unknown = Mask(count: table.rowCount)
    column.keep(.unknown, of: all, in: &unknown)
    table.keepLive(all, in: &unknown)
    return unknown.countIn
  }

  /// Leaves a staged record out.
  func reject(
    _ row: Int, code: String, _ message: String, _ target: ImportLayout.Target? = nil,
    hint: String? = nil
  ) {
    guard !table.isDead(row) else { return }
    table.kill(row)
    let problem = CellProblem(
      code: code, line: lines[row], column: target.map { $0.source + 1 },
      header: target?.header, message: message, hint: hint)
    rejects.append(Reject(problem: problem, record: records[row]))
  }

  /// Looks up the records that were left out when the reader had gone on: it reads the file again.
  func addSources(from reader: any RecordReader) throws(StoreError) {
    let places = rejects.indices.filter { rejects[$0].source == nil }
      .sorted { rejects[$0].record < rejects[$1].record }
    var open = places[...]
    guard !open.isEmpty else { return }
    try reader.start(layout.targets.map(\.request))
    var first = 0
    while !open.isEmpty, let batch = try reader.next() {
      while let place = open.first, rejects[place].record < first + batch.lines.count {
        rejects[place].source = reader.source(of: rejects[place].record - first)
        open.removeFirst()
      }
      first += batch.lines.count
    }
  }

  /// Takes a batch in. Records with a problem are left out and remembered.
  func add(_ batch: RecordBatch, from reader: any RecordReader) throws(StoreError) {
    var vectors: [FieldID: Vector] = [:]
    var problems: [Int: CellProblem] = [:]
    for (offset, problem) in batch.problems where problems[offset] == nil {
      problems[offset] = problem
    }
    for (target, vector) in zip(layout.targets, batch.vectors) {
      checkBounds(target, vector, batch, &problems)
      if let reference = target.reference, reference != entity {
        vectors[target.field] = try resolve(target, reference, vector, batch, &problems)
      } else {
        vectors[target.field] = vector
      }
    }
    try checkKeys(&vectors, batch, &problems)
    for offset in problems.keys.sorted() {
      guard let problem = problems[offset] else { continue }
      rejects.append(
        Reject(
          problem: problem, record: recordCount + offset, source: reader.source(of: offset)))
    }
    var mask = Mask(count: batch.lines.count)
    for offset in problems.keys { mask.bytes[offset] = 0 }
    try append(vectors, batch, mask)
  }

  private func append(
    _ vectors: [FieldID: Vector], _ batch: RecordBatch, _ mask: Mask
  ) throws(StoreError) {
    let isWhole = mask.isAllIn
    var kept: [FieldID: Vector] = [:]
    for (field, vector) in vectors {
      kept[field] = isWhole ? vector : vector.compacted(by: mask)
    }
    let count = mask.countIn
    for target in layout.targets where target.reference == entity {
      guard let keys = kept.removeValue(forKey: target.field) else { continue }
      if ownReferences[target.field] == nil {
        ownReferences[target.field] = keys
      } else {
        ownReferences[target.field]?.append(keys)
      }
    }
    if layout.key == nil {
      guard nextKey < Int64.max - Int64(count) else {
        throw .cell(
          CellProblem(
            code: "keys-exhausted", line: batch.lines.first ?? 0, column: nil, header: nil,
            message: "\(layout.definition.name) have used the largest key there can be"))
      }
      kept[layout.definition.key] = Vector(words: Array(nextKey..<(nextKey + Int64(count))))
      nextKey += Int64(count)
    }
    try table.append(kept, count: count)
    for offset in batch.lines.indices where mask.bytes[offset] != 0 {
      lines.append(batch.lines[offset])
      records.append(recordCount + offset)
    }
    recordCount += batch.lines.count
  }

  // MARK: checks

  private func checkBounds(
    _ target: ImportLayout.Target, _ vector: Vector, _ batch: RecordBatch,
    _ problems: inout [Int: CellProblem]
  ) {
    let field = layout.definition[target.field]
    guard let bounds = field.bounds, field.type == .integer else { return }
    var outside = Mask(knownIn: vector)
    var inside = outside
    vector.keep(.words(bounds), in: &inside)
    outside.subtract(inside)
    for offset in outside.offsets.map(Int.init) where problems[offset] == nil {
      guard case .word(let word) = vector[offset] else { continue }
      problems[offset] = problem(
        "out-of-range", target, batch, offset,
        "'\(word)' is not between \(bounds.lowerBound) and \(bounds.upperBound)")
    }
  }

  /// The rows that keys of another entity mean; a key not found is a problem, or a record to add.
  private func resolve(
    _ target: ImportLayout.Target, _ reference: EntityID, _ keys: Vector, _ batch: RecordBatch,
    _ problems: inout [Int: CellProblem]
  ) throws(StoreError) -> Vector {
    let other = database.table(reference)
    var rows = other.rows(withKeys: keys)
    let missing = RowSelection.missing(rows, known: keys.known)
    guard !missing.isEmpty else { return RowSelection.references(rows) }
    // A bare record of a history would be no change.
    let isHistory = TrackedField(recordedBy: reference, in: database.catalog) != nil
    for offset in missing {
      if target.isAdding, !isHistory {
        guard problems[offset] == nil else { continue }
        var records = added[reference] ?? AddedRecords(firstRow: other.rowCount)
        rows[offset] = Int32(records.row(of: keys[offset]))
        added[reference] = records
      } else if problems[offset] == nil {
        problems[offset] = problem(
          "reference-not-found", target, batch, offset,
          "there is no \(database.catalog[reference].singular) '\(text(keys[offset]))'",
          hint: isHistory
            ? nil
            : "with reference \(layout.definition[target.field].name) to"
              + " \(database.catalog[reference].name) adding")
      }
    }
    return RowSelection.references(rows)
  }

  private func checkKeys(
    _ vectors: inout [FieldID: Vector], _ batch: RecordBatch,
    _ problems: inout [Int: CellProblem]
  ) throws(StoreError) {
    guard let target = layout.key, let keys = vectors[target.field] else { return }
    for offset in keys.known.indices where keys.known[offset] == 0 && problems[offset] == nil {
      problems[offset] = problem(
        "missing-key", target, batch, offset,
        "a record needs a value for its key '\(layout.definition[target.field].name)'")
    }
    for duplicate in try table.duplicates(in: keys) where problems[duplicate.offset] == nil {
      guard keys.known[duplicate.offset] != 0 else { continue }
      let first =
        duplicate.firstOffset.map { batch.lines[$0] } ?? duplicate.row.map { lines[$0] }
      problems[duplicate.offset] = problem(
        "duplicate-key", target, batch, duplicate.offset,
        "key '\(duplicate.key)' stands on line \(first ?? 0) already",
        hint: "'on error skip' leaves the later record out")
    }
    guard !comparesKeysLater, let present, present.rowCount > 0 else { return }
    for duplicate in try present.duplicates(in: keys) where problems[duplicate.offset] == nil {
      guard duplicate.row != nil else { continue }
      problems[duplicate.offset] = problem(
        "duplicate-key", target, batch, duplicate.offset,
        "key '\(duplicate.key)' is that of a record of \(layout.definition.name) already",
        hint: "'matching \(layout.definition[target.field].name)' updates the records that are here"
      )
    }
  }

  private func problem(
    _ code: String, _ target: ImportLayout.Target, _ batch: RecordBatch, _ offset: Int,
    _ message: String, hint: String? = nil
  ) -> CellProblem {
    CellProblem(
      code: code, line: batch.lines[offset],
      column: batch.recordColumns.isEmpty ? target.source + 1 : batch.recordColumns[offset],
      header: target.header, message: message, hint: hint)
  }

  /// A key as messages quote it.
  func text(_ key: Scalar) -> String {
    switch key {
    case .text(let text): String(text.prefix(40))
    case .word(let word): "\(word)"
    case .real, .unknown: ""
    }
  }
}

/// Bare records that an import adds to another entity, by key.
struct AddedRecords {
  private let firstRow: Int
  private var rows: [Scalar: Int] = [:]
  /// The keys, in the order of the rows they get.
  private(set) var keys: [Scalar] = []

  init(firstRow: Int) { self.firstRow = firstRow }

  /// The row that the record of this key will have.
  mutating func row(of key: Scalar) -> Int {
    if let row = rows[key] { return row }
    let row = firstRow + keys.count
    rows[key] = row
    keys.append(key)
    return row
  }

  /// The keys as a vector of the key's type.
  var vector: Vector {
    let words = keys.compactMap { if case .word(let word) = $0 { word } else { nil } }
    if words.count == keys.count { return Vector(words: words) }
    return Vector(
      texts: TextBlock(keys.compactMap { if case .text(let text) = $0 { text } else { nil } }))
  }
}
