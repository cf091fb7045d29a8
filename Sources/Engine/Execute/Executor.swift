import Glibc
import Store
import Syntax

/// Step 9: a plan becomes operators that pull batches from each other, and a cursor over the shown
/// values. Nothing runs before the first `next`, but for the aggregates over the whole store.
package struct Executor {
  let database: Database
  let today: Int
  let told: ToldFacts
  let pressure: MemoryPressure
  /// How reading reports its progress: rows read, rows in all.
  var progress: (@Sendable (_ done: Int, _ total: Int) -> Void)?

  /// Makes an executor for one statement.
  package init(database: Database, today: Int) {
    self.init(database: database, today: today, told: ToldFacts())
  }

  /// Makes an executor for a statement that may refine an answer.
  ///
  /// - Parameters:
  ///   - told: What verbs have told under that answer, and no more.
  ///   - pressure: Takes note when the rows, which are made later, are refused for want of memory.
  init(
    database: Database, today: Int, told: ToldFacts, pressure: MemoryPressure = MemoryPressure()
  ) {
    self.pressure = pressure
    self.database = database
    self.today = today
    self.told = told
  }

  /// The rows of a planned query.
  package func run(_ planned: PlannedQuery) throws(Failure) -> any Cursor {
    let execution = try start(planned)
    execution.rowsRead = progress.map { RowsRead(report: $0) }
    if planned.query.isCalculation { return try calculate(execution) }
    execution.readPerRow = Set(planned.plan.expressions.flatMap(\.perRowIndexes))
      .union(planned.query.perRow.flatMap { [$0.argument] + $0.per }.flatMap(\.perRowIndexes))
    var builder = OperatorBuilder(execution: execution, isMeasured: false)
    return builder.cursor(planned.plan, pressure)
  }

  /// Runs a planned query to its end and gives what each step did, in the order of `explain`.
  package func measure(_ planned: PlannedQuery) throws(Failure) -> [StepMeasure] {
    let execution = try start(planned)
    var builder = OperatorBuilder(execution: execution, isMeasured: true)
    let cursor = builder.cursor(planned.plan, pressure)
    var rowCount = 0
    let started = Stopwatch.seconds
    while let batch = try cursor.next() { rowCount += batch.count }
    let total = Stopwatch.seconds - started
    let stepMeasures = builder.measured.map(\.measure)
    let inside = builder.measured.first?.inclusiveSeconds ?? 0
    return [StepMeasure(rowCount: rowCount, seconds: max(0, total - inside))] + stepMeasures
  }

  /// Runs the steps of a planned query but its last, which shows, each to its end, and gives what each
  /// did, the source first.
  ///
  /// - Parameter deadline: When on the `Stopwatch` it gives up, as if it had been stopped; asked once
  ///   a batch.
  func measureSteps(
    _ planned: PlannedQuery, until deadline: Double? = nil
  ) throws(Failure) -> [StepMeasure] {
    let execution = try start(planned)
    var builder = OperatorBuilder(execution: execution, isMeasured: true)
    builder.countsUnknown = false
    builder.compactsRows = true
    builder.deadline = deadline
    let (last, _) = builder.source(of: planned.plan)
    do throws(StoreError) {
      while try last.next() != nil {}
      // A limit that has its rows asks for no more, but the steps below it are told in full.
      var plan = planned.plan.inputs[0]
      for place in builder.measured.indices {
        if case .limit = plan.step { while try builder.measured[place + 1].next() != nil {} }
        if let input = plan.inputs.first { plan = input }
      }
    } catch {
      throw Failure(error)
    }
    return builder.measured.reversed().map(\.measure)
  }

  /// The one row of `calc`: its columns are made of the aggregates already computed.
  private func calculate(_ execution: Execution) throws(Failure) -> any Cursor {
    let evaluator = Evaluator(execution, over: Relation())
    do {
      let batch = try ShownColumns(execution.query.columns, execution).batch(
        Batch(rows: .run(base: 0, count: 1), mask: Mask(count: 1)), evaluator: evaluator)
      return FixedCursor(batch, notes: execution.query.notes)
    } catch {
      throw Failure(error)
    }
  }

  /// Computes the aggregates over the whole store, then makes what the operators share.
  func start(_ planned: PlannedQuery) throws(Failure) -> Execution {
    let query = planned.query
    var scalars: [Scalar] = []
    for scalar in query.scalars { scalars.append(try value(of: scalar)) }
    let execution = Execution(
      database: database, query: query, today: today, scalars: scalars, told: told)
    do throws(StoreError) {
      // Before two workers may ask for them.
      for path in query.relatedPaths(but: Set(planned.passes.map(\.related))) {
        for case .down(let entity, let field) in path.steps {
          _ = try database.table(entity).adjacency(of: field)
        }
      }
      for clustering in planned.clusterings { try cluster(clustering, in: execution) }
      for pass in planned.passes { try run(pass, in: execution) }
      for (index, perRow) in query.perRow.enumerated() {
        try rankAll(perRow, at: index, execution)
      }
    } catch {
      throw Failure(error)
    }
    return execution
  }

  /// Sees to it that related records can be read clustered; they are read where they are when there
  /// is no memory for it.
  private func cluster(
    _ clustering: Clustering, in execution: Execution
  ) throws(StoreError) {
    let table = database.table(clustering.entity)
    do throws(StoreError) {
      guard try table.cluster(clustering.fields, by: clustering.reference) else { return }
    } catch {
      guard case .memoryLimit = error else { throw error }
      return
    }
    let adjacency = try table.adjacency(of: clustering.reference)
    execution.clustered[.down(clustering.entity, clustering.reference)] =
      (Relation(adjacency, of: table), clustering.fields, adjacency.isWhole(of: table))
  }

  /// Computes a value of related records for all records at once; where there is no memory for it the
  /// related records are walked to.
  private func run(_ pass: RelatedPass, in execution: Execution) throws(StoreError) {
    do throws(StoreError) {
      execution.passed[pass.related] = try RelatedPassing(execution).run(pass)
    } catch {
      guard case .memoryLimit = error else { throw error }
      for case .down(let entity, let field) in pass.related.path.steps {
        _ = try database.table(entity).adjacency(of: field)
      }
    }
  }

  /// A computation over all records of an entity, whatever the query keeps of them.
  private func rankAll(
    _ perRow: BoundPerRow, at index: Int, _ execution: Execution
  ) throws(StoreError) {
    guard case .all(let entity, let window) = perRow.population else { return }
    let relation = Relation(database.table(entity))
    let evaluator = Evaluator(execution, over: relation)
    let scan = Scan(relation)
    let claim = BudgetClaim(database.budget)
    var rows: [Int32] = []
    while var batch = try scan.next() {
      if let window { try evaluator.keep(window, batch.rows, in: &batch.mask) }
      batch.rows.collect(in: batch.mask, into: &rows)
      try claim.cover(rows.capacity * MemoryLayout<Int32>.stride)
    }
    try PerRowComputation(execution, over: relation).run(index, over: rows)
  }

  private func value(of query: BoundQuery) throws(Failure) -> Scalar {
    let plan = try Planner(database: database).plan(query)
    let cursor = try run(Optimizer(database: database).optimize(plan, of: query))
    var result = Scalar.unknown
    var rowCount = 0
    while let batch = try cursor.next() {
      if batch.count > 0 { result = batch.vectors[0][0] }
      rowCount += batch.count
    }
    if let range = query.oneRowRange, rowCount != 1 {
      throw Failure(EngineReason.oneRowExpected(count: rowCount), at: range)
    }
    return result
  }
}

/// Builds the operators of a plan, from the source up.
struct OperatorBuilder {
  let execution: Execution
  let isMeasured: Bool
  /// Whether filters count the rows they keep only because a value is unknown.
  var countsUnknown = true
  /// With `isMeasured`, when the operators give up.
  var deadline: Double?
  /// With `isMeasured`, whether few rows of a batch are handed on by themselves: a step that looks at
  /// every row of a batch is then not charged for those that the steps before it left out.
  var compactsRows = false
  /// With `isMeasured`, the operators' measures, last step first.
  fileprivate var measured: [Measured] = []

  init(execution: Execution, isMeasured: Bool) {
    self.execution = execution
    self.isMeasured = isMeasured
  }

  mutating func cursor(_ plan: Plan, _ pressure: MemoryPressure) -> ShowCursor {
    guard case .show(let columns) = plan.step else {
      preconditionFailure("the last step of a plan shows")
    }
    let (last, relation) = source(of: plan)
    return ShowCursor(last, columns, execution, over: relation, pressure)
  }

  /// The operator below the step that shows, and the relation its rows belong to.
  mutating func source(of plan: Plan) -> (any Operator, Relation) {
    let built = build(plan.inputs[0], reportsCut: true)
    measured.reverse()
    return built
  }

  /// The operators of a plan that shows nothing, and the relation its rows belong to.
  mutating func operators(of plan: Plan) -> (any Operator, Relation) {
    build(plan, reportsCut: false)
  }

  /// The operator of a plan and the relation its rows belong to. `reportsCut` holds for the steps of
  /// the last round, down to the first that does not only order or cut.
  private mutating func build(
    _ plan: Plan, reportsCut: Bool
  ) -> (any Operator, Relation) {
    let (step, relation) = buildStep(plan, reportsCut: reportsCut)
    guard isMeasured else { return (step, relation) }
    let wrapped = Measured(
      step, input: measured.last, until: deadline, compactsRows: compactsRows)
    measured.append(wrapped)
    return (wrapped, relation)
  }

  private mutating func buildStep(
    _ plan: Plan, reportsCut: Bool
  ) -> (any Operator, Relation) {
    switch plan.step {
    case .scan(let entity):
      let relation = Relation(execution.database.table(entity))
      return (Scan(relation, rowsRead: execution.rowsRead), relation)
    case .clusteredScan(let entity, let reference, let fields):
      let table = execution.database.table(entity)
      // Where there was no memory for it, or not all rows are in it, the table is scanned.
      guard let clustered = execution.clustered[.down(entity, reference)], clustered.isWhole,
        fields.allSatisfy(clustered.fields.contains)
      else { return (Scan(Relation(table)), Relation(table)) }
      return (Scan(clustered.relation, rowsRead: execution.rowsRead), clustered.relation)
    case .indexLookup(let entity, let condition, _):
      guard case .test(let field, let test) = condition.form else {
        preconditionFailure("an index answers tests of a field")
      }
      let table = execution.database.table(entity)
      let (execution, relation) = (execution, Relation(table))
      let lookup = IndexLookup(table, field, test) {
        Filter(Scan(relation), [condition], execution, over: relation, countsUnknown: false)
      }
      return (lookup, relation)
    case .indexOrder(let entity, let field, let order, let countMax, let condition):
      let table = execution.database.table(entity)
      let step = IndexOrder(
        table, field, order, countMax: countMax, condition, execution, reportsCut: reportsCut)
      return (step, Relation(table))
    case .filter(let conditions):
      let (input, relation) = build(plan.inputs[0], reportsCut: false)
      let step = Filter(
        input, conditions, execution, over: relation, countsUnknown: countsUnknown)
      return (step, relation)
    case .rank(let indexes):
      let (input, relation) = build(plan.inputs[0], reportsCut: reportsCut)
      return (Rank(input, indexes, execution, over: relation), relation)
    case .group(let group):
      let (input, relation) = build(plan.inputs[0], reportsCut: false)
      let result = Relation()
      let step = Group(
        input, group, execution, over: relation, into: result, isShared: isShared(plan))
      return (step, result)
    case .analyze(let analysis, let isLast):
      let (input, relation) = build(plan.inputs[0], reportsCut: false)
      let result = analysis.makesRows ? Relation() : relation
      let step = Analyze(
        input, analysis, execution, over: relation, into: result, isShared: isShared(plan),
        isLast: isLast)
      return (step, result)
    case .sort(let order):
      // What was cut below an order was cut in an earlier round.
      let (input, relation) = build(plan.inputs[0], reportsCut: false)
      return (
        Sort(input, order, execution, over: relation, reportsCut: reportsCut), relation
      )
    case .topN(let order, let countMax):
      let (input, relation) = build(plan.inputs[0], reportsCut: false)
      let step = TopN(
        input, order, countMax: countMax, execution, over: relation, reportsCut: reportsCut,
        isShared: isShared(plan))
      return (step, relation)
    case .sample(let sample):
      let (input, relation) = build(plan.inputs[0], reportsCut: reportsCut)
      return (Sample(input, sample, execution, reportsCut: reportsCut), relation)
    case .limit(let count, let offset):
      let (input, relation) = build(plan.inputs[0], reportsCut: reportsCut)
      let step = Limit(
        input, count: count, offset: offset, execution, reportsCut: reportsCut)
      return (step, relation)
    case .show:
      preconditionFailure("only the last step of a plan shows")
    }
  }

  /// Whether the work below a step is worth two workers.
  private func isShared(_ plan: Plan) -> Bool {
    guard !isMeasured else { return false }
    return Cost.nanoseconds(of: plan) > Cost.parallelNanoseconds
  }
}

extension Cost {
  /// What a plan is expected to cost, its inputs included.
  static func nanoseconds(of plan: Plan) -> Double {
    let input = plan.inputs.first
    let below = input.map(nanoseconds) ?? 0
    let rowCount = input?.estimatedRowCount ?? plan.estimatedRowCount
    switch plan.step {
    case .scan, .clusteredScan: return batch * rowCount
    case .indexLookup, .indexOrder: return fetch * rowCount
    case .filter(let conditions):
      return below + rowCount * conditions.reduce(0) { $0 + $1.nanosecondsPerRow }
    case .group(let group):
      let keys = group.keys.reduce(0) { $0 + of($1) + expressionNode }
      let aggregates = group.aggregates.reduce(0) {
        $0 + aggregate + ($1.argument.map(of) ?? 0) + ($1.filter.map(of) ?? 0)
      }
      return below + rowCount * (keys + aggregates)
    case .topN(let order, _):
      return below + rowCount * (wordTest + (order.keys.first.map { of($0.expression) } ?? 0))
    case .analyze: return below + rowCount * (analyzedSubject + expressionNode)
    case .rank, .sort, .sample, .limit, .show: return below
    }
  }
}

/// Counts the rows and the time of a step for `explain analyze`.
private final class Measured: Operator {
  private let step: any Operator
  private let input: Measured?
  private let deadline: Double?
  private let compactsRows: Bool
  private var rowCount = 0
  /// Time spent in the step and its inputs.
  private(set) var inclusiveSeconds = 0.0

  init(_ step: any Operator, input: Measured?, until deadline: Double?, compactsRows: Bool) {
    self.step = step
    self.input = input
    self.deadline = deadline
    self.compactsRows = compactsRows
  }

  var isAscending: Bool { step.isAscending }

  func next() throws(StoreError) -> Batch? {
    let started = Stopwatch.seconds
    defer { inclusiveSeconds += Stopwatch.seconds - started }
    if let deadline, started > deadline { throw .interrupted }
    let batch = try step.next()
    rowCount += batch?.mask.countIn ?? 0
    return compactsRows ? batch?.compactedIfSparse : batch
  }

  var measure: StepMeasure {
    StepMeasure(
      rowCount: rowCount, seconds: max(0, inclusiveSeconds - (input?.inclusiveSeconds ?? 0)))
  }
}

/// The monotonic clock.
enum Stopwatch {
  /// Seconds since some fixed moment.
  static var seconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
