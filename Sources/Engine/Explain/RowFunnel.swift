import Store
import Syntax

/// What is left of a query's rows after each of its steps, one after the other in the order written:
/// the funnel of `explain`, and why an empty answer is empty.
struct RowFunnel {
  /// One step.
  struct Step {
    /// What it does.
    var part: Part
    /// The entity whose records come out; nil for groups and a verb's own rows.
    var entity: EntityID?
    /// Rows that come out: counted, or expected.
    var rowCount: Int
    /// Time spent in the step itself, where it was run.
    var seconds: Double?
    /// Where its condition stands: the round, and the place in the round's `conditions`.
    var place: (round: Int, condition: Int)?
  }

  /// What a step does.
  enum Part {
    case source(EntityID)
    case condition(BoundCondition)
    case rank([Int])
    case group(BoundGroup)
    case analyze(BoundAnalysis)
    /// All rows in order, or the first of them.
    case order(BoundOrder, countMax: Int?)
    case sample(BoundSample)
    case limit(count: Int, offset: Int)
  }

  /// The steps, the source first.
  var steps: [Step]
  /// Whether the rows are those expected rather than counted.
  var isEstimated: Bool
}

extension RowFunnel.Part {
  /// Whether other rows, or fewer, come out than went in.
  var changesRows: Bool {
    switch self {
    case .source, .condition, .group, .sample, .limit: true
    case .analyze(let analysis): analysis.makesRows
    case .order(let order, let countMax): (countMax ?? order.countMax) != nil
    case .rank: false
    }
  }
}

/// Makes the funnels of bound queries.
struct RowFunnelMaker {
  let database: Database
  let today: Int

  /// The funnel with the rows expected from statistics; nothing is run.
  func estimate(_ query: BoundQuery) throws(Failure) -> RowFunnel {
    let steps = try steps(of: query)
    return RowFunnel(steps: self.funnel(steps.plan, query), isEstimated: true)
  }

  /// The funnel with the rows counted and the times taken: one pass over all rows.
  ///
  /// - Parameter deadline: When on the `Stopwatch` it gives up, as if it had been stopped.
  func count(_ query: BoundQuery, until deadline: Double? = nil) throws(Failure) -> RowFunnel {
    let planned = try steps(of: query)
    let measures = try Executor(database: database, today: today)
      .measureSteps(planned, until: deadline)
    var steps = funnel(planned.plan, query)
    for (place, measure) in measures.enumerated() {
      steps[place].rowCount = measure.rowCount
      steps[place].seconds = measure.seconds
    }
    return RowFunnel(steps: steps, isEstimated: false)
  }

  /// What counting is expected to cost.
  func nanoseconds(of query: BoundQuery) throws(Failure) -> Double {
    Cost.nanoseconds(of: try steps(of: query).plan)
  }

  private func steps(of query: BoundQuery) throws(Failure) -> PlannedQuery {
    let plan = try Planner(database: database, isStepwise: true).plan(query)
    return Optimizer(database: database).keepingSteps(plan, of: query)
  }

  private func funnel(_ plan: Plan, _ query: BoundQuery) -> [RowFunnel.Step] {
    var conditions = query.rounds.enumerated().flatMap { round, bound in
      bound.conditions.enumerated().map { (place: (round, $0.offset), condition: $0.element) }
    }[...]
    var entity: EntityID? = query.entity
    return plan.inputs[0].fromSource.compactMap { plan in
      var place: (round: Int, condition: Int)?
      let part: RowFunnel.Part
      switch plan.step {
      case .scan(let entity): part = .source(entity)
      case .filter:
        guard let next = conditions.popFirst() else { return nil }
        part = .condition(next.condition)
        place = next.place
      case .rank(let indexes): part = .rank(indexes)
      case .group(let group):
        part = .group(group)
        entity = nil
      case .analyze(let analysis, _):
        part = .analyze(analysis)
        if analysis.makesRows { entity = nil }
      case .sort(let order): part = .order(order, countMax: nil)
      case .topN(let order, let countMax): part = .order(order, countMax: countMax)
      case .sample(let sample): part = .sample(sample)
      case .limit(let count, let offset): part = .limit(count: count, offset: offset)
      case .clusteredScan, .indexLookup, .indexOrder, .show:
        preconditionFailure("steps in the order written are as the planner made them")
      }
      return RowFunnel.Step(
        part: part, entity: entity, rowCount: Int(plan.estimatedRowCount.rounded()), place: place)
    }
  }
}

extension Plan {
  /// The steps from the source to this one.
  var fromSource: [Plan] { inputs.flatMap(\.fromSource) + [self] }
}
