import Store

/// Runs an analytic verb over the rows that come in. What it judges one by one stay the rows they are
/// and get values; else the rows after it are the verb's own.
final class Analyze: Operator {
  private let input: any Operator
  private let bound: BoundAnalysis
  private let execution: Execution
  private let relation: Relation
  private let result: Relation
  private let isShared: Bool
  /// Whether it is the last thing that happens to the rows, so that its drawing shows the answer.
  private let isLast: Bool
  private var list: RowList?

  init(
    _ input: any Operator, _ bound: BoundAnalysis, _ execution: Execution,
    over relation: Relation, into result: Relation, isShared: Bool, isLast: Bool
  ) {
    self.input = input
    self.bound = bound
    self.execution = execution
    self.relation = relation
    self.result = result
    self.isShared = isShared
    self.isLast = isLast
  }

  var isAscending: Bool { false }

  func next() throws(StoreError) -> Batch? {
    if list == nil { list = RowList(try run()) }
    return try list?.next()
  }

  /// Runs the verb and gives the rows that go on.
  private func run() throws(StoreError) -> [Int32] {
    let rows = try input.collectAscending()
    var input = AnalysisInput(
      count: rows.count, events: [], values: [], asOf: bound.asOf, plural: bound.plural,
      budget: execution.database.budget, database: execution.database)
    let keys = try readEvents(rows, &input)
    for value in bound.values {
      input.values.append(
        try Evaluator(execution, over: relation).values(of: value, at: rows))
    }
    input.others = try bound.others.map { others throws(StoreError) in try read(others) }
    let made = try bound.analysis.run(input)
    note(input, made)
    if isLast, !bound.isSummary { execution.drawing = made.drawing }
    if bound.isSummary { return try fillSummary(made) }
    if case .records(let places) = bound.subjects {
      return try attach(made, to: rows, at: places)
    }
    return try fill((keys.map { [$0] } ?? []) + made.columns, order: made.order)
  }

  /// Gathers the events; gives the subjects where they are values of a field.
  private func readEvents(
    _ rows: [Int32], _ input: inout AnalysisInput
  ) throws(StoreError) -> Vector? {
    let collection = EventCollection(
      execution: execution, asOf: bound.asOf, isShared: isShared)
    var keys: Vector?
    for events in bound.events {
      if let path = events.path {
        input.events.append(try collection.events(events, along: path, of: rows, in: relation))
      } else if case .keys(let key, _, _) = bound.subjects {
        let found = try collection.events(events, by: key, at: rows, in: relation)
        input.events.append(found.events)
        input.count = found.events.count
        keys = found.keys
      }
    }
    if case .keys(_, _, isFolded: true) = bound.subjects { return nil }
    return keys
  }

  /// All records of another entity that were there.
  private func read(_ others: BoundOthers) throws(StoreError) -> OtherRecords {
    let relation = Relation(execution.database.table(others.entity))
    let evaluator = Evaluator(execution, over: relation)
    let scan = Scan(relation)
    var rows: [Int32] = []
    while var batch = try scan.next() {
      if let present = others.present { try evaluator.keep(present, batch.rows, in: &batch.mask) }
      batch.rows.collect(in: batch.mask, into: &rows)
    }
    return OtherRecords(
      rows: rows,
      values: try others.values.map { value throws(StoreError) in
        try evaluator.values(of: value, at: rows)
      })
  }

  private func note(_ input: AnalysisInput, _ made: AnalysisResult) {
    let catalog = execution.database.catalog
    var facts = [
      VerbFact.over(
        bound.verb, count: input.count, plural: bound.plural, asOf: bound.asOf)
    ]
    if input.count == 0 { facts.append(.empty(bound.verb, plural: bound.plural)) }
    for (bound, events) in zip(bound.events, input.events) {
      var leftOut = events.leftOut
      if let path = bound.path, case .down(let entity, let field)? = path.steps.last {
        leftOut.withoutSubject += execution.database.table(entity).unknownCount(of: field)
      }
      guard leftOut != SubjectEvents.LeftOut() else { continue }
      facts.append(
        .leftOut(
          plural: catalog[bound.entity].name, withoutSubject: leftOut.withoutSubject,
          withoutDay: leftOut.withoutDay, later: leftOut.later, invalid: leftOut.invalid))
    }
    if let newest = input.events.compactMap(\.newestDay).max(),
      bound.asOf - newest > bound.staleDays
    {
      facts.append(.stale(newest: newest, asOf: bound.asOf))
    }
    execution.notes += execution.told.untold(facts + made.facts).map(Note.verb)
  }

  /// Gives each record its values.
  private func attach(
    _ made: AnalysisResult, to rows: [Int32], at places: [Int]
  ) throws(StoreError) -> [Int32] {
    let own = Vector(words: rows.map(Int64.init))
    for (place, values) in zip(places, [own] + made.columns) {
      let column = Column(
        type: execution.query.perRow[place].type, budget: execution.database.budget)
      try column.append(RowSelection.scatter(values, at: rows, rowCount: relation.rowCount))
      execution.perRow[place] = column
    }
    return made.order.map { RowSelection.rows(rows, at: $0) } ?? rows
  }

  private func fillSummary(_ made: AnalysisResult) throws(StoreError) -> [Int32] {
    let types = bound.analysis.summaryColumns.map(\.type)
    return try fill(zip(made.summary, types).map { Vector([$0], as: $1) }, order: nil)
  }

  private func fill(_ vectors: [Vector], order: [Int32]?) throws(StoreError) -> [Int32] {
    try result.fill(
      vectors, types: bound.rowColumns.map(\.type), budget: execution.database.budget)
    return order ?? (0..<Int32(truncatingIfNeeded: result.rowCount)).map { $0 }
  }
}
