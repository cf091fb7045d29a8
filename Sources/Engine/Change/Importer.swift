import Store
import Syntax

/// Carries out `import`: the file's columns are laid out as fields, its records staged and checked,
/// then made durable and published, all or none.
struct Importer {
  let database: Database
  let files: FilePorts
  let journal: (any Journal)?
  let progress: (@Sendable (_ done: Int, _ total: Int) -> Void)?

  /// Imports, and says what became of each column.
  func run(_ statement: ImportStatement, baseFolder: String?) throws(Failure) -> Answer {
    let entity = try entity(of: statement)
    let path = Self.path(statement.path, in: baseFolder)
    do {
      let reader = try files.openReader(path, options(of: statement))
      let planner = ImportPlanner(
        database: database, statement: statement, columns: try reader.columns())
      var layout = try planner.layout(of: entity) { (source, target) throws(Failure) in
        try hasAllKeys(reader, source, of: target)
      }
      if entity == nil { layout.definition = layout.definition.completed }
      let staging = try stage(layout, entity, reader, statement)
      let notes = try publish(staging, layout, entity, statement, path)
      var answer = Answer(sections: [])
      answer.notes = notes
      return answer
    } catch let error as StoreError {
      throw Failure(error, at: Self.place(of: error, in: statement))
    } catch let failure as Failure {
      throw failure
    } catch {
      preconditionFailure("only typed errors are thrown here")
    }
  }

  /// The words of the statement that an error is about: the encoding, else the file.
  private static func place(
    of error: StoreError, in statement: ImportStatement
  ) -> SourceRange {
    if case .file(let problem) = error, problem.code == "unknown-encoding" {
      return statement.encodingRange ?? statement.pathRange
    }
    return statement.pathRange
  }

  // MARK: what is imported

  private func entity(of statement: ImportStatement) throws(Failure) -> EntityID? {
    let name = statement.entity
    if let entity = database.catalog.entity(named: name.text) { return entity }
    let folded = Folding.fold(name.text)
    if let known = database.catalog.entities.first(where: {
      Folding.fold($0.singular).utf8.elementsEqual(folded.utf8)
    }) {
      throw Failure(
        ImportReason.singularEntity(name.text, plural: known.name), at: name.range,
        fixes: [Fix(name.range, known.name)])
    }
    return nil
  }

  private static func path(_ path: String, in folder: String?) -> String {
    guard let folder, !path.hasPrefix("/"), path != "-" else { return path }
    return folder.isEmpty ? path : "\(folder)/\(path)"
  }

  private func options(of statement: ImportStatement) -> ReadOptions {
    var options = ReadOptions()
    options.isDayFirst = statement.dateOrder.map { $0 == .dayFirst }
    options.isDecimalComma = statement.decimalMark.map { $0 == .comma }
    options.unknownMarks = statement.unknownMarks
    options.encoding = statement.encoding
    options.budget = database.budget
    options.progress = progress
    return options
  }

  /// Whether every key in a column is that of a record of `target`.
  private func hasAllKeys(
    _ reader: any RecordReader, _ source: Int, of target: EntityID
  ) throws(Failure) -> Bool {
    let definition = database.catalog[target]
    let request = ColumnRequest(source: source, type: definition[definition.key].type)
    do {
      try reader.start([request])
      while let batch = try reader.next() {
        guard batch.problems.isEmpty else { return false }
        let rows = database.table(target).rows(withKeys: batch.vectors[0])
        if !RowSelection.missing(rows, known: batch.vectors[0].known).isEmpty { return false }
      }
      return true
    } catch {
      throw Failure(error)
    }
  }

  // MARK: staging

  private func stage(
    _ layout: ImportLayout, _ entity: EntityID?, _ reader: any RecordReader,
    _ statement: ImportStatement
  ) throws -> ImportStaging {
    let id = entity ?? EntityID(database.catalog.entities.count)
    let staging = ImportStaging(
      layout, of: id, in: database, isUpdating: statement.matching != nil)
    try reader.start(layout.targets.map(\.request))
    while let batch = try reader.next() {
      try staging.add(batch, from: reader)
      try stop(staging, statement)
    }
    let firstRow = entity.map { database.table($0).rowCount } ?? 0
    try staging.resolveOwnReferences(firstRow: firstRow)
    try stop(staging, statement)
    return staging
  }

  /// With `on error stop`, the first records left out are the errors.
  private func stop(_ staging: ImportStaging, _ statement: ImportStatement) throws(Failure) {
    guard statement.errorPolicy == .stop, !staging.rejects.isEmpty else { return }
    throw Failure(
      staging.rejects.prefix(Failure.diagnosticCountMax).map {
        Diagnostic(ImportReason.cell($0.problem), at: statement.pathRange)
      })
  }

  // MARK: publishing

  private func publish(
    _ staging: ImportStaging, _ layout: ImportLayout, _ entity: EntityID?,
    _ statement: ImportStatement, _ path: String
  ) throws -> [Note] {
    var notes: [Note] = []
    let touched = (Array(staging.added.keys) + [entity].compactMap(\.self)).map(database.table)
    let checkpoints = touched.map { (table: $0, state: $0.checkpoint()) }
    let publication: Publication
    do {
      publication = try Publication(
        staging, layout, entity, matching: statement.matching, in: database)
      if !staging.rejects.isEmpty {
        notes.append(try writeRejects(staging.rejects, beside: path))
      }
      try journal?.commit(publication.change)
    } catch {
      for checkpoint in checkpoints { checkpoint.table.roll(backTo: checkpoint.state) }
      throw error
    }
    publication.publish(in: database)
    notes.insert(
      .imported(
        count: staging.table.liveRowCount - publication.updatedCount,
        entity: layout.definition.name, isNew: entity == nil),
      at: 0)
    if publication.updatedCount > 0 {
      notes.append(
        .updatedRecords(count: publication.updatedCount, entity: layout.definition.name))
    }
    for (target, records) in staging.added.sorted(by: { $0.key < $1.key }) {
      notes.append(
        .addedRecords(count: records.keys.count, entity: database.catalog[target].name))
    }
    return notes + layout.notes.map { counted($0, in: staging) }
  }

  /// A column's note with the unknown values of the records taken.
  private func counted(_ note: Note, in staging: ImportStaging) -> Note {
    guard case .importedColumn(let header, let name, let type, _) = note,
      let field = staging.definition.field(named: name)
    else { return note }
    return .importedColumn(
      header: header, field: name, type: type,
      unknownCount: staging.table.column(field).unknownCount)
  }

  /// Writes the records left out, each with its place and reason, to a file beside the imported one.
  private func writeRejects(
    _ rejects: [ImportStaging.Reject], beside path: String
  ) throws -> Note {
    let rejectPath = path + ".rejected.csv"
    let writer = try files.openWriter(rejectPath, .csv, true, false)
    let columns = ["line", "column", "header", "code", "reason", "record"]
    try writer.begin(
      columns.enumerated().map { index, name in
        OutputColumn(name: name, type: index < 2 ? .integer : .text)
      })
    let lines = rejects.map { Int64($0.problem.line) }
    let places = rejects.map { Int64($0.problem.column ?? 0) }
    let known = rejects.map { $0.problem.column == nil ? UInt8(0) : 0x80 }
    try writer.write(
      OutputBatch(
        vectors: [
          Vector(words: lines), Vector(words: places, known: known),
          Vector(texts: TextBlock(rejects.map { $0.problem.header ?? "" })),
          Vector(texts: TextBlock(rejects.map(\.problem.code))),
          Vector(texts: TextBlock(rejects.map(\.problem.message))),
          Vector(texts: TextBlock(rejects.map(\.source))),
        ], labels: columns.map { _ in nil }, count: rejects.count))
    try writer.finish()
    return .rejected(count: rejects.count, path: rejectPath)
  }
}
