import Glibc
import Store
import Syntax

/// Which day `today` is.
package enum Clock: Sendable {
  /// The machine's local day, asked anew for each statement.
  case live
  /// One day for all statements: `--today`, `--demo`, or a script's run.
  case fixed(Int)

  /// The day number now.
  package var today: Int {
    switch self {
    case .fixed(let day): return day
    case .live:
      var now = Glibc.time(nil)
      var parts = tm()
      localtime_r(&now, &parts)
      return Day.number(
        year: Int(parts.tm_year) + 1900, month: Int(parts.tm_mon) + 1, day: Int(parts.tm_mday))
    }
  }
}

/// Whether a statement was refused for want of memory.
final class MemoryPressure {
  var isHigh = false

  /// Takes note of how a statement failed.
  func note(_ failure: Failure) {
    if failure.diagnostics.contains(where: { $0.code == "memory-limit" }) { isHigh = true }
  }
}

/// One user's conversation with a store: text in, answers out.
///
/// Holds, and nobody else: tables, catalog, the data file, the query of the last answer, the list of
/// changes that undo takes back, and the clock.
package final class Session {
  /// The tables and the catalog.
  package internal(set) var database: Database
  /// The data file; nil for a store in memory.
  package internal(set) var file: (any StoreFile)?
  /// A data file that does not exist yet: the first change creates it.
  package internal(set) var pendingPath: String?
  /// What names the files whose names are near to that one's; nil when none is.
  var pendingHint: String?
  /// Whether a store in memory has changes that no file holds.
  package internal(set) var hasUnsavedChanges = false
  /// Which day `today` is.
  package var clock: Clock
  /// How an import reports its progress: bytes done, bytes in all.
  package var progress: (@Sendable (_ done: Int, _ total: Int) -> Void)?
  /// How loading, reading, saving and exporting report their progress: rows done, rows in all.
  package var rowProgress: (@Sendable (_ done: Int, _ total: Int) -> Void)?
  /// Asked before a statement changes more than one record: how many, and what one and several are
  /// called. False stops it. Nil where nobody can be asked.
  package var confirm: ((_ count: Int, _ singular: String, _ plural: String) -> Bool)?
  /// Whether the store is one beside the one that is open, which no file keeps.
  var isForPractice = false
  /// Whether other data files than the one that is open now are not changed: those of a replay.
  package var sparesOtherFiles = false
  /// Whether another one was opened meanwhile.
  var isElsewhere = false
  /// Whether somebody sits at a prompt, who is told when the data file has changed.
  package var isAtPrompt = false
  let files: FilePorts
  let stores: StorePorts?
  /// Whether every change is refused.
  let isReadOnly: Bool
  /// Whether questions are bound and planned but not answered, and changes stay in memory.
  package let isDryRun: Bool
  /// The changes that undo takes back, the newest last.
  var changes = ChangeList()
  /// The changes of the open transaction; nil outside one.
  var transaction: [ChangeList.Entry]?
  /// What `then` refines, with the day that was `today` and what `it` was in it.
  var last: AskedStatement?
  /// The answers before the last one, which `goBack` shows again.
  var trail = Trail()
  /// The records that `it` means, once they have been asked for; a change asks before it begins.
  var lastRecords: (entity: EntityID, rows: [Int32])?
  /// What parameters stand for, by folded name.
  var parameters: [String: ParameterValue] = [:]
  /// Parameters whose value came from outside, which `let` does not change.
  var givenParameters: Set<String> = []
  /// Asked for the value of a parameter that has none: its name, and the text that it stands in. Nil
  /// where nobody can be asked.
  package var askParameter: ((_ name: String, _ text: String) -> String?)?
  /// Entities whose invalid records a note has named already.
  var namedInvalid: Set<EntityID> = []
  /// The values that completion counted, by entity and path.
  var countedValues: [String: CountedValues] = [:]
  var seeds: SplitMix64
  /// Whether what texts say of persons is masked: answers and files of them have stand-ins.
  package var masksPersons = false
  /// The stand-ins, which stay the same while masking is switched off and on.
  private(set) var standIns = StandIns()
  /// Whether a statement was refused for want of memory since the last one began.
  let pressure = MemoryPressure()

  /// Makes a session over a store.
  ///
  /// - Parameters:
  ///   - stores: How data files are opened and created; nil where there are none.
  ///   - file: The data file that `database` came from; nil for a store in memory.
  ///   - pendingPath: A data file to be created by the first change.
  ///   - isReadOnly: Refuses every change.
  ///   - isDryRun: Answers no question and writes nothing; what changes is known to later statements.
  package init(
    database: Database, files: FilePorts, clock: Clock, stores: StorePorts? = nil,
    file: (any StoreFile)? = nil, pendingPath: String? = nil, isReadOnly: Bool = false,
    isDryRun: Bool = false
  ) {
    self.database = database
    self.files = files
    self.clock = clock
    self.stores = stores
    self.file = file
    self.pendingPath = pendingPath
    self.isReadOnly = isReadOnly
    self.isDryRun = isDryRun
    self.seeds = SplitMix64(UInt64(bitPattern: Int64(Stopwatch.seconds * 1e9)))
  }

  /// Gives stand-ins anew from here on, as another session does that begins here. Gives whether any
  /// had been given.
  package func renewStandIns() -> Bool {
    defer { standIns = StandIns() }
    return !standIns.isEmpty
  }

  /// Whether there is an answer that `then` can refine.
  package var hasLastAnswer: Bool { last != nil }

  /// Runs one statement: steps 4 to 9, for a query one line each in `plan` and `ask`.
  ///
  /// - Parameters:
  ///   - text: One whole statement; ranges in a failure count in its UTF-8 bytes.
  ///   - allowsBareRefinement: At the prompt a fresh line beginning with a clause word is `then` + it.
  ///   - showsEveryField: Without `show`, whether every stored field is wanted, as in files, rather
  ///     than the few a terminal shows.
  ///   - baseFolder: What relative paths of `import` are relative to: the script's folder.
  package func run(
    _ text: String, allowsBareRefinement: Bool = false, showsEveryField: Bool = false,
    baseFolder: String? = nil
  ) throws(Failure) -> Answer {
    Cancellation.reset()
    if pressure.isHigh {
      // Room for this statement is worth more than what earlier ones left.
      database.giveUpIndexes()
      pressure.isHigh = false
    }
    database.mergeFullDeltas()
    file?.progress = rowProgress
    defer { file?.progress = nil }
    var statement: Statement?
    do throws(Failure) {
      let parsed = try Parser.parse(text, allowsBareRefinement: allowsBareRefinement)
      statement = parsed
      var answer = try run(
        parsed, text, showsEveryField: showsEveryField, baseFolder: baseFolder)
      answer.notes = seen(answer.notes)
      return answer
    } catch {
      pressure.note(error)
      throw seen(error, of: statement)
    }
  }

  private func run(
    _ statement: Statement, _ text: String, showsEveryField: Bool, baseFolder: String?
  ) throws(Failure) -> Answer {
    try readRules()
    askForParameters(of: text)
    switch statement.kind {
    case .find, .count, .calc:
      return try ask(asked(statement), showsEveryField)
    case .add, .update, .move, .delete, .merge:
      if case .add = statement.kind {} else { try requireStore() }
      return try change(text, at: statement.range) { () throws(Failure) in
        try Changer(
          database: database, binder: binder(for: asked(statement)), confirm: confirm
        ).run(statement)
      }
    case .undo: return try undo(at: statement.range)
    case .begin: return try begin(at: statement.range)
    case .commit: return try commit(at: statement.range)
    case .rollback: return try rollBack(at: statement.range)
    case .save(let target): return try save(target, at: statement.range)
    case .backup(let target): return try backUp(to: target)
    case .refine(let rounds):
      let composed = try refined(by: rounds, at: statement.range)
      var answer = try ask(composed, showsEveryField)
      answer.composedQuery = Formatter.format(composed.whole)
      return answer
    case .explain(let explanation):
      return try explain(explanation, isForReading: !showsEveryField)
    case .sql(let dialect, let inner):
      return try translate(inner, into: dialect ?? .sqlite, showsEveryField)
    case .describe(let kind, let names):
      if let entity = names.first.flatMap({ database.catalog.entity(named: $0.text) }) {
        try load([entity])
      }
      let answer = try Describe(database: database, inquiry: inquiry()).answer(kind, names)
      return names.first?.text.lowercased() == "functions" ? answer : seen(answer)
    case .importFile(let inner):
      try refuseOwnFile(inner.path, in: baseFolder, at: inner.pathRange)
      return try change(text, at: statement.range) { () throws(Failure) in
        try Importer(database: database, files: files, today: clock.today, progress: progress)
          .run(inner, baseFolder: baseFolder)
      }
    case .importAll(let target):
      try refuseOwnFile(target.path, in: baseFolder, at: target.range)
      return try change(text, at: statement.range) { () throws(Failure) in
        try WholeImporter(database: database, files: files, today: clock.today, progress: progress)
          .run(target, baseFolder: baseFolder)
      }
    case .exportAll(let target):
      if isDryRun { return try rehearse(exportTo: target) }
      if masksPersons { throw Failure(EngineReason.masked, at: statement.range) }
      try load(database.catalog.entities.indices.map { EntityID($0) })
      return try WholeExporter(database: database, files: files, progress: rowProgress).run(target)
    case .letParameter(let statement): return try define(statement)
    case .expect(let expectation): return try expect(expectation, at: statement.range)
    case .include: throw Failure(EngineReason.includeHere, at: statement.range)
    case .define, .rename, .drop, .freeze:
      let fixed = try withValues(text)
      return try change(fixed, at: statement.range) { () throws(Failure) in
        try define(try Parser.parse(fixed))
      }
    case .compare, .checkStandards, .suggestActions, .list:
      return try report(statement)
    case .profile(let subject):
      return try profile(subject, statement, showsEveryField: showsEveryField)
    }
  }

  // MARK: the last answer

  /// Forgets what `then` would refine: the store is another one.
  func forgetLastAnswer() {
    countedValues = [:]
    last = nil
    lastRecords = nil
    trail = Trail()
  }

  /// The last answer once more, on the day and with the seed it had; nil when there is none.
  package func repeatLast(showsEveryField: Bool = false) throws(Failure) -> Answer? {
    guard let last else { return nil }
    return try askAgain(last, showsEveryField)
  }

  /// Asks what was asked before, on the day and with the seed it had; the trail stays as it is.
  func askAgain(
    _ earlier: AskedStatement, _ showsEveryField: Bool
  ) throws(Failure) -> Answer {
    Cancellation.reset()
    try readRules()
    var earlier = earlier
    earlier.told = ToldFacts()
    let kept = trail
    defer { trail = kept }
    return try ask(earlier, showsEveryField)
  }

  // MARK: queries

  /// Answers `find`, `count` or `calc`, and remembers what `then` would refine.
  func ask(
    _ asked: AskedStatement, _ showsEveryField: Bool
  ) throws(Failure) -> Answer {
    let (today, started) = (asked.today, Stopwatch.seconds)
    var query = try bind(asked, showsEveryField: showsEveryField)
    let into = query.into
    try load(reading: query)
    query.notes += try fileNotes() + invalidNotes(query, today: today)
    query.notes += try asideNotes(query, today: today)
    let planned = try plan(query)
    if isDryRun {
      remember(asked)
      return try into.map { into throws(Failure) in try rehearse(into) } ?? Answer(sections: [])
    }
    var executor = Executor(
      database: database, today: today, told: asked.told, pressure: pressure)
    executor.progress = rowProgress
    var cursor = try executor.run(planned)
    if into == nil && !showsEveryField {
      cursor = examined(cursor, query, today: today, since: started)
    }
    remember(asked)
    let columns = ShownColumns.output(
      query, catalog: database.catalog, tellsPersons: masksPersons)
    cursor = seen(cursor, columns)
    if query.across != nil || query.hasTotal {
      let section = try spread(
        query, cursor, columns, today: today, isForReading: into == nil && !showsEveryField)
      guard let into else { return Answer(sections: [section]) }
      return try write(section.cursor, section.columns, into, "result")
    }
    if let form = query.wide, into != nil || showsEveryField {
      let section = try spread(form, cursor, columns)
      guard let into else { return Answer(sections: [section]) }
      return try write(section.cursor, section.columns, into, "result")
    }
    guard let into else {
      let hint: Section.DisplayHint = query.isDrawn ? .drawing : .table
      return Answer(sections: [Section(columns: columns, hint: hint, cursor: cursor)])
    }
    let isRecords = !query.isCalculation && query.isOfRecords
    return try write(
      cursor, columns, into, isRecords ? database.catalog[query.entity].name : "result")
  }

  /// Keeps a query as the last one, which `then` refines.
  private func remember(_ asked: AskedStatement) {
    if asked.statement.isCalc { return }
    if let last { trail.append(last) }
    last = asked
    last?.statement = asked.statement.withoutInto
    lastRecords = nil
  }

  /// Step 6.
  func bind(
    _ asked: AskedStatement, showsEveryField: Bool = false
  ) throws(Failure) -> BoundQuery {
    let binder = binder(for: asked)
    switch asked.statement.kind {
    case .find(let query): return try binder.bind(query, showsEveryField: showsEveryField)
    case .count(let count): return try binder.bindCount(count)
    case .calc(let columns): return BoundQuery(try binder.bindCalc(columns))
    default:
      throw Failure(EngineReason.notAQuery, at: asked.statement.range)
    }
  }

  /// A statement that is asked now.
  func asked(_ statement: Statement) throws(Failure) -> AskedStatement {
    let it = try lastAnswer(for: statement)
    return AskedStatement(
      statement: statement, today: clock.today, seed: seeds.next(), it: it,
      itsStatement: it == nil ? nil : last?.whole)
  }

  /// Steps 7 and 8.
  func plan(_ query: BoundQuery) throws(Failure) -> PlannedQuery {
    let plan = try Planner(database: database).plan(query)
    return Optimizer(database: database).optimize(plan, of: query)
  }

  /// The last statement with more rounds, on the day and with the seed it had.
  func refined(
    by rounds: [Round], at range: SourceRange
  ) throws(Failure) -> AskedStatement {
    guard var last else { throw Failure(EngineReason.nothingToRefine, at: range) }
    switch last.statement.kind {
    case .find(var query):
      query.rounds += rounds
      last.statement = Statement(.find(query), range: range)
    case .count(var count):
      count.query.rounds += rounds
      last.statement = Statement(.count(count), range: range)
    default:
      throw Failure(EngineReason.nothingToRefine, at: range)
    }
    return last
  }

  /// Writes the rows, records of the entity `name` or a `result`, to a file, whole or not at all.
  func write(
    _ cursor: any Cursor, _ columns: [OutputColumn], _ into: IntoClause, _ name: String
  ) throws(Failure) -> Answer {
    guard let format = FileFormat(path: into.path) else {
      throw Failure(EngineReason.unknownFormat(path: into.path), at: into.pathRange)
    }
    try refuseOwnFile(into.path, in: nil, at: into.pathRange)
    if isDryRun { return try rehearse(into) }
    var rowCount = 0
    do {
      let writer = try files.openWriter(
        into.path, format, into.mode == .replace, into.mode == .append)
      try writer.begin(columns, of: name)
      while let batch = try nextBatch(cursor) {
        try writer.write(batch)
        rowCount += batch.count
      }
      try checkRead()
      try writer.finish()
    } catch let error as StoreError {
      throw Failure(error, at: into.pathRange)
    } catch let failure as Failure {
      throw failure
    } catch {
      preconditionFailure("only typed errors are thrown here")
    }
    var answer = Answer(sections: [])
    answer.notes = cursor.notes + [.wroteFile(path: into.path, rowCount: rowCount)]
    return answer
  }

  private func nextBatch(_ cursor: any Cursor) throws -> OutputBatch? { try cursor.next() }
}

extension Statement {
  /// The statement without `into`: what is refined is the answer, not its file.
  fileprivate var withoutInto: Statement {
    func stripped(_ query: Query) -> Query {
      var query = query
      for index in query.rounds.indices { query.rounds[index].into = nil }
      return query
    }
    return switch kind {
    case .find(let query): Statement(.find(stripped(query)), range: range)
    case .count(let count):
      Statement(.count(CountStatement(query: stripped(count.query))), range: range)
    default: self
    }
  }

  /// Whether it is a `calc`.
  var isCalc: Bool {
    if case .calc = kind { return true }
    return false
  }
}

extension BoundQuery {
  /// A `calc` as a query without rounds, so that it is planned and run like any other.
  init(_ calc: BoundCalc) {
    self.init(entity: calc.scalars.first?.entity ?? EntityID(0))
    columns = calc.columns
    scalars = calc.scalars
    notes = calc.notes
    isShown = true
  }
}

extension BoundQuery {
  /// The entities whose records it reads; those they refer to are loaded with them.
  var entities: Set<EntityID> {
    var entities: Set<EntityID> = isCalculation && scalars.isEmpty ? [] : [entity]
    for scalar in scalars { entities.formUnion(scalar.entities) }
    for path in relatedPaths() {
      for case .down(let entity, _) in path.steps { entities.insert(entity) }
    }
    for case .all(let entity, _) in perRow.map(\.population) { entities.insert(entity) }
    entities.formUnion(rounds.compactMap(\.analysis).flatMap(\.others).map(\.entity))
    return entities
  }
}
