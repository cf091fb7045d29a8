import Store
import Syntax

/// Asks questions on the way of a statement, about a catalog that may have more definitions than the
/// store's.
struct Inquiry {
  let database: Database
  /// Entities as they are in the store, and definitions.
  var catalog: Catalog
  /// The day number of `today`.
  let today: Int
  /// The seed of a sample that names none.
  let seed: UInt64
  /// The day as of which everything is asked that names no other; nil: as it is.
  var asOf: Int?
  /// What `$name` stands for, by folded name.
  var parameters: [String: ParameterValue] = [:]
  /// What `it` means; nil where the statement does not say it.
  var lastAnswer: LastAnswer?
  /// Loads tables at first use.
  let load: (Set<EntityID>) throws(Failure) -> Void

  /// The binder of its questions.
  func binder(asOf day: Int? = nil) -> Binder {
    let day = day ?? asOf
    var binder = Binder(
      catalog: catalog, today: day ?? today, drawnSeed: seed, parameters: parameters,
      lastAnswer: lastAnswer)
    binder.asOf = day
    return binder
  }

  /// The records a query keeps.
  ///
  /// - Parameter reason: What is said when it gives groups.
  func records(
    of query: Query, orElse reason: DefinitionReason, at range: SourceRange?
  ) throws(Failure) -> (entity: EntityID, rows: [Int32], notes: [Note]) {
    let bound = try binder().bind(query)
    guard bound.isOfRecords else { throw Failure(reason, at: range) }
    try load(bound.entities)
    let records = try Executor(database: database, today: asOf ?? today)
      .records(try plan(bound))
    return (bound.entity, records.rows, records.notes)
  }

  /// The records a source names.
  func records(
    of source: Source, orElse reason: DefinitionReason, at range: SourceRange?
  ) throws(Failure) -> (entity: EntityID, rows: [Int32], notes: [Note]) {
    let place = range ?? SourceRange(0, 0)
    return try records(
      of: Query(source: source, window: nil, rounds: [Round()], range: place), orElse: reason,
      at: range)
  }

  /// All rows of a query's answer: one vector a column, references as keys, and their labels.
  func answer(_ query: Query) throws(Failure) -> (columns: [OutputColumn], rows: OutputBatch) {
    try answer(try binder().bind(query), on: asOf ?? today)
  }

  /// The one row of a `calc`.
  ///
  /// - Parameter day: The day as of which it is asked.
  func values(
    _ expressions: [Expression], asOf day: Int? = nil
  ) throws(Failure) -> [(value: Scalar, type: ValueType)] {
    let columns = expressions.map { NamedExpression($0) }
    let bound = try binder(asOf: day).bindCalc(columns)
    let (output, batch) = try answer(BoundQuery(bound), on: day ?? asOf ?? today)
    return output.indices.map { (batch.vectors[$0][0], output[$0].type) }
  }

  private func answer(
    _ bound: BoundQuery, on day: Int
  ) throws(Failure) -> (columns: [OutputColumn], rows: OutputBatch) {
    try load(bound.entities)
    let cursor = try Executor(database: database, today: day).run(try plan(bound))
    var all: OutputBatch?
    while let batch = try cursor.next() {
      guard all != nil else {
        all = batch
        continue
      }
      for column in batch.vectors.indices {
        all?.vectors[column].append(batch.vectors[column])
        if let labels = batch.labels[column] { all?.labels[column]?.append(labels) }
      }
      all?.count += batch.count
    }
    let columns = ShownColumns.output(bound, catalog: catalog, tellsPersons: true)
    let none = OutputBatch(
      vectors: columns.map { Vector(unknown: $0.keyType ?? $0.type, count: 0) },
      labels: columns.map { _ in nil }, count: 0)
    return (columns, all ?? none)
  }

  private func plan(_ query: BoundQuery) throws(Failure) -> PlannedQuery {
    let plan = try Planner(database: database).plan(query)
    return Optimizer(database: database).optimize(plan, of: query)
  }

  /// The keys of some rows.
  func keys(of rows: [Int32], in entity: EntityID) -> RecordKeys {
    let table = database.table(entity)
    return RecordKeys(table.column(table.keyField).load(.list(rows)))
  }

  /// The same with everything as of a day.
  func pinned(to day: Int) -> Inquiry {
    var inquiry = self
    inquiry.asOf = day
    return inquiry
  }

  /// The same with one more frozen segment, of which no user's segment has the name.
  func adding(_ name: String, _ rows: [Int32], of entity: EntityID) -> Inquiry {
    var inquiry = self
    inquiry.catalog.replace(
      nil,
      by: Definition(
        .frozen, name, text: "", entity: catalog[entity].name, members: keys(of: rows, in: entity),
        created: today))
    return inquiry
  }
}

extension Expression {
  /// `in segment NAME`
  static func isIn(segment name: String) -> Expression {
    let place = SourceRange(0, 0)
    return Expression(
      .segmentTest(
        SegmentTest(
          subject: nil, kind: .member, segment: Name(name, isQuoted: true, range: place),
          range: place)),
      range: place)
  }

  /// A field of the row.
  static func field(_ name: String) -> Expression {
    let place = SourceRange(0, 0)
    return Expression(.path([Name(name, isQuoted: true, range: place)]), range: place)
  }

  /// A call of a function.
  static func call(_ name: String, _ arguments: [Expression]) -> Expression {
    let place = SourceRange(0, 0)
    return Expression(
      .call(Call(name: Name(name, range: place), arguments: arguments)), range: place)
  }

  /// The conditions that `and` joins, flattened.
  var conjuncts: [Expression] {
    guard case .logical(.and, let operands) = kind else { return [self] }
    return operands.flatMap(\.conjuncts)
  }
}

extension Query {
  /// `ENTITY where C show E, …`, with columns named by their place.
  static func records(
    of entity: String, asOf day: Int? = nil, where conditions: [Expression],
    show columns: [Expression] = []
  ) -> Query {
    let place = SourceRange(0, 0)
    var round = Round()
    if let first = conditions.first {
      let all = conditions.count == 1 ? first : Expression(.logical(.and, conditions), range: place)
      round.filter = FilterClause(condition: all, range: place)
    }
    if !columns.isEmpty {
      round.show = ShowClause(
        columns: columns.enumerated().map { index, column in
          NamedExpression(column, alias: Name("column \(index)", isQuoted: true, range: place))
        }, range: place)
    }
    var query = Query(
      source: .named(Name(entity, isQuoted: true, range: place)), window: nil, rounds: [round],
      range: place)
    if let day { query.asOf = AsOfClause(day: .date(day), range: place) }
    return query
  }
}

extension Expression {
  /// A date literal.
  static func date(_ day: Int) -> Expression {
    let (year, month, dayOfMonth) = Day.date(day)
    return Expression(
      .date(DateLiteral(year: year, month: month, day: dayOfMonth)), range: SourceRange(0, 0))
  }
}
