import Store
import Syntax

/// Carries out `import`: the file's columns are laid out as fields, its records staged and checked,
/// then made durable and published, all or none.
struct Importer {
  let database: Database
  let files: FilePorts
  /// The day number of `today`.
  let today: Int
  let progress: (@Sendable (_ done: Int, _ total: Int) -> Void)?

  /// Imports, and says what became of each column.
  func run(_ statement: ImportStatement, baseFolder: String?) throws(Failure) -> [Note] {
    let entity = try entity(of: statement)
    let path = Self.path(statement.path, in: baseFolder)
    do {
      let history = try history(of: entity, statement)
      let reader = try files.openReader(path, options(of: statement))
      let planner = ImportPlanner(
        database: database, statement: statement, columns: try reader.columns())
      var layout = try planner.layout(of: entity) { (source, target) throws(Failure) in
        try hasAllKeys(reader, source, of: target)
      }
      if entity == nil { layout.definition = layout.definition.completed }
      let staging = try stage(layout, entity, reader, statement, isHistory: history != nil)
      return try publish(staging, entity, history, statement, reader, path)
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

  /// Loads the entity and its history, if it has one. Gives the field whose history the entity itself
  /// is: that is imported whole.
  private func history(
    of entity: EntityID?, _ statement: ImportStatement
  ) throws -> TrackedField? {
    guard let entity else { return nil }
    let own = TrackedField(of: entity, in: database.catalog)?.history.entity
    try database.load([entity] + [own].compactMap(\.self))
    guard let history = TrackedField(recordedBy: entity, in: database.catalog) else { return nil }
    if let matching = statement.matching {
      throw Failure(
        ImportReason.matchingHistory(entity: database.catalog[entity].name), at: matching.range)
    }
    return history
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
      try database.load([target])
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
    _ statement: ImportStatement, isHistory: Bool
  ) throws -> ImportStaging {
    try database.load(layout.targets.compactMap(\.reference))
    let id = entity ?? EntityID(database.catalog.entities.count)
    let staging = ImportStaging(
      layout, of: id, in: database, comparesKeysLater: statement.matching != nil || isHistory)
    try reader.start(layout.targets.map(\.request))
    while let batch = try reader.next() {
      try staging.add(batch, from: reader)
      try stop(staging, statement)
    }
    if let matching = statement.matching, let field = layout.definition.field(named: matching.text)
    {
      try staging.match(by: field, at: matching.range)
      try stop(staging, statement)
    }
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
    _ staging: ImportStaging, _ entity: EntityID?, _ history: TrackedField?,
    _ statement: ImportStatement, _ reader: any RecordReader, _ path: String
  ) throws -> [Note] {
    // Who is left out may leave others without what they refer to, or with half a history.
    var imported: HistoryImport?
    var rejectCount = -1
    while rejectCount != staging.rejects.count {
      rejectCount = staging.rejects.count
      try staging.rejectLostReferences()
      imported = try history.map { try HistoryImport(staging, $0) }
      try stop(staging, statement)
    }
    let tracked = entity.flatMap { TrackedField(of: $0, in: database.catalog) }
    let publication = Publication(
      database: database, staging: staging, entity: entity,
      tracked: try tracked.map { try TrackedImport(staging, $0, today: today) },
      history: imported)
    try stop(staging, statement)
    try staging.fillOwnReferences()
    try staging.addSources(from: reader)
    let columns = staging.layout.notes.map { counted($0, in: staging) }
    let notes = notes(of: publication)
    try publication.publish()
    let rejected =
      staging.rejects.isEmpty ? [] : [try writeRejects(staging.rejects, beside: path)]
    return notes.prefix(1) + rejected + notes.dropFirst() + columns
  }

  /// What came into the store; asked before it does.
  private func notes(of publication: Publication) -> [Note] {
    let staging = publication.staging
    let plural = staging.definition.name
    let updatedCount = publication.updatedCount
    var notes: [Note] = [
      .imported(
        count: staging.table.liveRowCount - updatedCount, entity: plural,
        isNew: publication.entity == nil)
    ]
    if updatedCount > 0 { notes.append(.updatedRecords(count: updatedCount, entity: plural)) }
    for (target, records) in staging.added.sorted(by: { $0.key < $1.key }) {
      notes.append(
        .addedRecords(count: records.keys.count, entity: database.catalog[target].name))
    }
    if let tracked = publication.tracked {
      let field = staging.definition[tracked.tracked.field].name
      if !tracked.changes.rows.isEmpty {
        notes.append(.recordedChanges(count: tracked.changes.rows.count, field: field))
      }
      if tracked.keptDateCount > 0, let since = tracked.tracked.since {
        notes.append(
          .keptDates(
            count: tracked.keptDateCount, field: staging.definition[since].name, tracked: field))
      }
    }
    if let history = publication.history {
      if !history.replaced.isEmpty {
        notes.append(.replacedOpenings(count: history.replaced.count, entity: plural))
      }
      if !history.renumbered.isEmpty {
        notes.append(.renumbered(count: history.renumbered.count, entity: plural))
      }
    }
    return notes
  }

  /// A column's note with the unknown values of the records taken.
  private func counted(_ note: Note, in staging: ImportStaging) -> Note {
    guard case .importedColumn(let header, let name, let type, _) = note,
      let field = staging.definition.field(named: name)
    else { return note }
    return .importedColumn(
      header: header, field: name, type: type,
      unknownCount: staging.unknownCount(of: field))
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
          Vector(texts: TextBlock(rejects.map { $0.source ?? "" })),
        ], labels: columns.map { _ in nil }, count: rejects.count))
    try writer.finish()
    return .rejected(count: rejects.count, path: rejectPath)
  }
}
