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
  /// What the rows and the verb's findings take.
  private let claim: BudgetClaim
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
    claim = BudgetClaim(execution.database.budget)
  }

  var isAscending: Bool { false }

  func next() throws(StoreError) -> Batch? {
    if list == nil { list = RowList(try run(), claim) }
    return try list?.next()
  }

  func split() throws(StoreError) -> (any Operator, any Operator)? {
    let (first, second) = RowList(try run(), claim).split()
    return (RowListOperator(first), RowListOperator(second))
  }

  /// Runs the verb and gives the rows that go on.
  private func run() throws(StoreError) -> [Int32] {
    execution.claims.append(claim)
    let rows = try input.collectAscending(claim)
    let (events, keys) = try reader(of: rows)
    var input = AnalysisInput(
      count: keys?.count ?? rows.count, events: events, values: [], asOf: bound.asOf,
      plural: bound.plural, budget: execution.database.budget, database: execution.database)
    let evaluator = Evaluator(execution, over: relation)
    for value in bound.values {
      input.values.append(try evaluator.values(of: value, at: rows))
    }
    input.wantedColumns = wantedColumns
    // The rows twice, as they come in and as they go out, and where the subjects are among all rows.
    try claim.cover(
      (2 * rows.count + relation.rowCount) * MemoryLayout<Int32>.stride
        + input.count * bound.analysis.byteCountPerSubject)
    input.others = try bound.others.map { others throws(StoreError) in try read(others) }
    let made = try bound.analysis.run(input)
    note(input, made)
    if isLast, !bound.isSummary { execution.drawing = made.drawing }
    if bound.isSummary { return try fillSummary(made) }
    if case .records(let places) = bound.subjects {
      return try attach(made, to: rows, at: places)
    }
    return try fill(ownKeys(keys) + made.columns.map(\.all), order: made.order)
  }

  /// What reads the events of the subjects; and the subjects, where they are values of a field.
  private func reader(
    of rows: [Int32]
  ) throws(StoreError) -> (events: EventReader, keys: Vector?) {
    if case .keys(let key, _, _) = bound.subjects {
      let collection = EventCollection(execution: execution, asOf: bound.asOf)
      let found = try collection.events(bound.events[0], by: key, at: rows, in: relation)
      return (EventReader([found.events]), found.keys)
    }
    let (bound, relation, execution) = (bound, relation, execution)
    // Groups are numbered by one worker.
    let isShared = isShared && bound.events.allSatisfy { $0.group == nil }
    let statistics = bound.events.map { EventStatistics($0, in: execution.database) }
    let reader = EventReader(
      of: rows, none: bound.events.map(\.none), statistics: statistics, isShared: isShared
    ) { lists, hasValues in
      let events = lists.map { list in
        var events = bound.events[list]
        if !hasValues { events.values = [] }
        return events
      }
      return EventWalk(events, from: relation, asOf: bound.asOf, execution)
    }
    return (reader, nil)
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
    try claim.add(rows.count * MemoryLayout<Int32>.stride)
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
    for (bound, leftOut) in zip(bound.events, input.events.leftOut) {
      var leftOut = leftOut
      if let path = bound.path, case .down(let entity, let field)? = path.steps.last {
        leftOut.withoutSubject += execution.database.table(entity).unknownCount(of: field)
      }
      guard leftOut != SubjectEvents.LeftOut() else { continue }
      facts.append(
        .leftOut(
          plural: catalog[bound.entity].name, withoutSubject: leftOut.withoutSubject,
          withoutDay: leftOut.withoutDay, later: leftOut.later, invalid: leftOut.invalid))
    }
    if let newest = input.events.newestDay,
      bound.asOf - newest > bound.staleDays
    {
      facts.append(.stale(newest: newest, asOf: bound.asOf))
    }
    execution.notes += execution.told.untold(facts + made.facts).map(Note.verb)
  }

  /// The places of the columns that a later step reads; nil for all.
  private var wantedColumns: Set<Int>? {
    if bound.isSummary { return [] }
    guard case .records(let places) = bound.subjects else { return nil }
    // The first is the record itself.
    return Set(places.indices.dropFirst().filter { execution.isRead(places[$0]) }.map { $0 - 1 })
  }

  /// Gives each record its values.
  private func attach(
    _ made: AnalysisResult, to rows: [Int32], at places: [Int]
  ) throws(StoreError) -> [Int32] {
    let own = AnalysisValues(count: rows.count) { subjects in
      Vector(words: subjects.map { Int64(rows[Int($0)]) })
    }
    let subjects = SubjectPlaces(of: rows, rowCount: relation.rowCount)
    for (place, values) in zip(places, [own] + made.columns) where execution.isRead(place) {
      execution.perRow[place] = .analysis(values, subjects)
    }
    return made.order.map { subjects.rows(rows, at: $0) } ?? rows
  }

  /// The column of the subjects before those of a verb that makes a row of each value of a field.
  private func ownKeys(_ keys: Vector?) -> [Vector] {
    guard case .keys(_, _, isFolded: false) = bound.subjects, let keys else { return [] }
    return [keys]
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
