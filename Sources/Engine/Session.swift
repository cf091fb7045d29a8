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

/// One user's conversation with a store: text in, answers out.
///
/// Holds, and nobody else: tables, catalog, the query of the last answer and the clock.
package final class Session {
  /// The tables and the catalog.
  package let database: Database
  /// Which day `today` is.
  package var clock: Clock
  /// How an import reports its progress on a terminal: bytes done, bytes in all.
  package var progress: (@Sendable (_ done: Int, _ total: Int) -> Void)?
  private let files: FilePorts
  private let journal: (any Journal)?
  /// What `then` refines, with the day that was `today`.
  private var last: (statement: Statement, today: Int, seed: UInt64)?
  /// Entities whose invalid records a note has named already.
  private var namedInvalid: Set<EntityID> = []
  private var seeds: SplitMix64

  /// Makes a session over a store.
  ///
  /// - Parameter journal: What makes changes durable; nil for a store in memory.
  package init(
    database: Database, files: FilePorts, clock: Clock, journal: (any Journal)? = nil
  ) {
    self.database = database
    self.files = files
    self.clock = clock
    self.journal = journal
    self.seeds = SplitMix64(UInt64(bitPattern: Int64(Stopwatch.seconds * 1e9)))
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
    let statement = try Parser.parse(text, allowsBareRefinement: allowsBareRefinement)
    switch statement.kind {
    case .find, .count, .calc:
      return try ask(statement, today: clock.today, seed: seeds.next(), showsEveryField)
    case .refine(let rounds):
      let (composed, today, seed) = try refined(by: rounds, at: statement.range)
      var answer = try ask(composed, today: today, seed: seed, showsEveryField)
      answer.composedQuery = Formatter.format(composed)
      return answer
    case .explain(let isAnalyze, let inner):
      return try explain(inner, isAnalyze: isAnalyze)
    case .describe(let names):
      return try Describe(database: database).answer(names)
    case .importFile(let statement):
      let importer = Importer(
        database: database, files: files, journal: journal, progress: progress)
      return try importer.run(statement, baseFolder: baseFolder)
    }
  }

  // MARK: the last answer

  /// The whole composed query behind the last answer, as `then` would refine it.
  package var lastQueryText: String? { last.map { Formatter.format($0.statement) } }

  /// The last answer once more, on the day and with the seed it had; nil when there is none.
  package func repeatLast(showsEveryField: Bool = false) throws(Failure) -> Answer? {
    Cancellation.reset()
    guard let last else { return nil }
    return try ask(last.statement, today: last.today, seed: last.seed, showsEveryField)
  }

  // MARK: queries

  /// Answers `find`, `count` or `calc`, and remembers what `then` would refine.
  private func ask(
    _ statement: Statement, today: Int, seed: UInt64, _ showsEveryField: Bool
  ) throws(Failure) -> Answer {
    var query = try bind(statement, today: today, seed: seed)
    let into = query.into
    if !query.isShown && (showsEveryField || into != nil) { query.columns = query.allColumns }
    query.notes += try invalidNotes(query, today: today)
    let planned = try plan(query)
    let cursor = try Executor(database: database, today: today).run(planned)
    if case .calc = statement.kind {} else { last = (statement.withoutInto, today, seed) }
    let columns = ShownColumns.output(query, catalog: database.catalog)
    guard let into else { return Answer(sections: [Section(columns: columns, cursor: cursor)]) }
    return try write(cursor, columns, into)
  }

  /// Step 6.
  private func bind(
    _ statement: Statement, today: Int, seed: UInt64
  ) throws(Failure) -> BoundQuery {
    let binder = Binder(catalog: database.catalog, today: today, drawnSeed: seed)
    switch statement.kind {
    case .find(let query): return try binder.bind(query)
    case .count(let count): return try binder.bindCount(count)
    case .calc(let columns): return BoundQuery(try binder.bindCalc(columns))
    case .describe, .explain, .importFile, .refine:
      throw Failure(EngineReason.notAQuery, at: statement.range)
    }
  }

  /// Steps 7 and 8.
  private func plan(_ query: BoundQuery) throws(Failure) -> PlannedQuery {
    let plan = try Planner(database: database).plan(query)
    let (optimized, rewrites) = Optimizer(database: database).optimize(plan)
    return PlannedQuery(query: query, plan: optimized, rewrites: rewrites)
  }

  /// The last statement with more rounds, on the day and with the seed it had.
  private func refined(
    by rounds: [Round], at range: SourceRange
  ) throws(Failure) -> (Statement, today: Int, seed: UInt64) {
    guard let last else { throw Failure(EngineReason.nothingToRefine, at: range) }
    switch last.statement.kind {
    case .find(var query):
      query.rounds += rounds
      return (Statement(.find(query), range: range), last.today, last.seed)
    case .count(var count):
      count.query.rounds += rounds
      return (Statement(.count(count), range: range), last.today, last.seed)
    default:
      throw Failure(EngineReason.nothingToRefine, at: range)
    }
  }

  private func explain(_ statement: Statement, isAnalyze: Bool) throws(Failure) -> Answer {
    let today = clock.today
    let query = try bind(statement, today: today, seed: seeds.next())
    var sections: [Section] = []
    for query in query.scalars + (query.isCalculation ? [] : [query]) {
      let planned = try plan(query)
      let measures =
        isAnalyze
        ? try Executor(database: database, today: today).measure(planned) : nil
      var section = Explain(query, catalog: database.catalog)
        .section(planned, measures: measures)
      if statement.isCalc { section.title = query.columns.first?.name }
      sections.append(section)
    }
    return Answer(sections: sections)
  }

  /// Writes the rows to a file, whole or not at all.
  private func write(
    _ cursor: any Cursor, _ columns: [OutputColumn], _ into: IntoClause
  ) throws(Failure) -> Answer {
    guard let format = FileFormat(path: into.path) else {
      throw Failure(EngineReason.unknownFormat(path: into.path), at: into.pathRange)
    }
    var rowCount = 0
    do {
      let writer = try files.openWriter(
        into.path, format, into.mode == .replace, into.mode == .append)
      try writer.begin(columns)
      while let batch = try nextBatch(cursor) {
        try writer.write(batch)
        rowCount += batch.count
      }
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

  // MARK: notes

  /// Names, once a session for each entity, that counts and sums take in records which its validity
  /// field leaves out.
  private func invalidNotes(_ query: BoundQuery, today: Int) throws(Failure) -> [Note] {
    var notes: [Note] = []
    for query in [query] + query.scalars {
      let entity = database.catalog[query.entity]
      guard let flag = entity.validWhen, !namedInvalid.contains(query.entity),
        query.countsWithout(try fields(behind: flag, of: query.entity, today: today))
      else { continue }
      namedInvalid.insert(query.entity)
      let offered = entity.fields.first {
        $0.isComputed && $0.type == .money && ($0.expression ?? "").contains(flag)
      }
      let binder = Binder(catalog: database.catalog, today: today, drawnSeed: 0)
      let text = "count \(entity.name) where not \(flag)"
      guard case .count(let count) = try Parser.parse(text).kind else { continue }
      let invalid = try binder.bindCount(count)
      let cursor = try Executor(database: database, today: today).run(try plan(invalid))
      guard let batch = try cursor.next(), batch.vectors[0][0] != .word(0) else { continue }
      notes.append(.countsInvalid(plural: entity.name, field: offered?.name ?? flag))
    }
    return notes
  }

  /// The stored fields that a computed field reads.
  private func fields(
    behind flag: String, of entity: EntityID, today: Int
  ) throws(Failure) -> Set<FieldID> {
    let text = "find \(database.catalog[entity].name) where \(flag)"
    guard case .find(let query) = try Parser.parse(text).kind else { return [] }
    let binder = Binder(catalog: database.catalog, today: today, drawnSeed: 0)
    let bound = try binder.bind(query)
    return Set(bound.rounds.flatMap { $0.filter?.readPaths ?? [] }.map(\.field))
  }

  // MARK: completion

  /// The commonest values of a field with their counts, for completion. `path` begins at a field of
  /// `entity`; empty when there is no such field or its values are not names.
  package func commonValues(
    of path: [String], in entity: String, countMax: Int
  ) -> [(value: String, count: Int)] {
    let place = SourceRange(0, 0)
    let names = path.map { Name($0, isQuoted: true, range: place) }
    let key = Expression(.path(names), range: place)
    var round = Round()
    round.group = GroupClause(keys: [NamedExpression(key)], range: place)
    let query = Query(
      source: .named(Name(entity, isQuoted: true, range: place)), window: nil, rounds: [round],
      range: place)
    let binder = Binder(catalog: database.catalog, today: clock.today, drawnSeed: 0)
    guard let bound = try? binder.bind(query), let key = bound.columns.first?.expression,
      let type = key.type.isNamed ? key.type : nil,
      let path = bound.rounds.first?.group?.keys.first?.readPaths.first,
      type != .text
        || database.column(of: path, from: bound.entity).dictionaryCount != nil,
      let planned = try? plan(bound),
      let cursor = try? Executor(database: database, today: clock.today).run(planned)
    else { return [] }
    var values: [(value: String, count: Int)] = []
    while let batch = try? cursor.next() {
      for row in 0..<batch.count {
        guard case .word(let count) = batch.vectors[1][row] else { continue }
        switch (batch.vectors[0][row], type) {
        case (.text(let text), .text): values.append((text, Int(count)))
        case (.word(let code), .choice(let list)):
          values.append((list.names[Int(code)], Int(count)))
        default: continue
        }
      }
    }
    values.sort { $0.count > $1.count }
    return Array(values.prefix(countMax))
  }
}

extension ValueType {
  /// Whether values are names that one types: choices and texts.
  fileprivate var isNamed: Bool {
    switch self {
    case .text, .choice: true
    default: false
    }
  }
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

  fileprivate var isCalc: Bool {
    if case .calc = kind { return true }
    return false
  }
}

extension BoundQuery {
  /// A `calc` as a query without rounds, so that it is planned and run like any other.
  fileprivate init(_ calc: BoundCalc) {
    self.init(entity: calc.scalars.first?.entity ?? EntityID(0))
    columns = calc.columns
    scalars = calc.scalars
    notes = calc.notes
    isShown = true
  }

  /// Whether rows of the entity are counted or summed without a look at any of these fields.
  fileprivate func countsWithout(_ fields: Set<FieldID>) -> Bool {
    func reads(_ expression: BoundExpression) -> Bool {
      expression.readPaths.contains { $0.hops.isEmpty && fields.contains($0.field) }
    }
    for round in rounds {
      if let filter = round.filter, reads(filter) { return false }
      guard let group = round.group else { continue }
      return group.aggregates.contains { aggregate in
        guard aggregate.kind == .count || aggregate.kind == .sum else { return false }
        return !(aggregate.argument.map(reads) ?? false) && !(aggregate.filter.map(reads) ?? false)
      } && !group.keys.contains(where: reads)
    }
    return false
  }
}
