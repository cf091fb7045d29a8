import Store
import Syntax

/// Step 7: a bound query becomes a plan, clause by clause in the order they apply. Nothing is
/// chosen here; `Optimizer` does that.
package struct Planner {
  private let database: Database
  /// Constants of the store that conditions may compare with, by index of `BoundQuery.scalars`.
  private let preparer: ConditionPreparer
  /// Whether each condition is a step by itself, in the order written.
  private let isStepwise: Bool

  /// Makes a planner over a store's tables and their statistics.
  ///
  /// - Parameter isStepwise: Whether each condition is a step by itself, in the order written.
  package init(database: Database, isStepwise: Bool = false) {
    self.database = database
    self.isStepwise = isStepwise
    self.preparer = ConditionPreparer(database: database)
  }

  /// The plan that follows the clauses as they stand.
  package func plan(_ query: BoundQuery) throws(Failure) -> Plan {
    // A `calc` reads no rows of its own: what it is made of is planned by itself.
    if query.isCalculation { return Plan(.show(query.columns), estimatedRowCount: 1) }
    let table = database.table(query.entity)
    var plan = Plan(.scan(query.entity), estimatedRowCount: Double(table.liveRowCount))
    var entity: EntityID? = query.entity
    var isOrdered = false
    for (index, round) in query.rounds.enumerated() {
      plan = try planFilters(round.window, round.windowConditions, over: plan, entity: entity)
      plan = planRank(round.perRowBeforeFilter, over: plan)
      plan = try planFilters(round.filter, round.filterConditions, over: plan, entity: entity)
      if let group = round.group {
        plan = planGroup(group, over: plan)
        entity = nil
        isOrdered = true
      }
      if let analysis = round.analysis {
        let isLast = query.rounds[(index + 1)...].allSatisfy(\.isEmpty)
        plan = planAnalysis(analysis, isLast: isLast, over: plan)
        if analysis.makesRows { entity = nil }
        isOrdered = true
      }
      plan = planRank(round.perRowAfterFilter, over: plan)
      let showsOrder =
        index == query.rounds.count - 1 || round.limit != nil || !round.perRowAfterOrder.isEmpty
      // A verb gives its subjects in its order, ties by row: by key where records stand in that order.
      let isInKeyOrder = entity.map { database.table($0).isInKeyOrder } ?? true
      if round.analysis == nil || !isInKeyOrder {
        plan = planOrder(round, needsOrder: showsOrder && !isOrdered, over: plan, entity: entity)
      }
      isOrdered = isOrdered || showsOrder || round.order != nil
      plan = planRank(round.perRowAfterOrder, over: plan)
      plan = planSample(round.sample, over: plan)
      plan = planLimit(round.limit, over: plan)
    }
    return Plan(.show(query.columns), inputs: [plan], estimatedRowCount: plan.estimatedRowCount)
  }

  /// The plan of the records of an entity that meet a condition.
  func plan(_ condition: BoundExpression?, of entity: EntityID) throws(Failure) -> Plan {
    let scan = Plan(
      .scan(entity), estimatedRowCount: Double(database.table(entity).liveRowCount))
    return try planFilter(condition, over: scan, entity: entity)
  }

  private func planFilters(
    _ whole: BoundExpression?, _ parts: @autoclosure () -> [BoundCondition], over input: Plan,
    entity: EntityID?
  ) throws(Failure) -> Plan {
    guard isStepwise else { return try planFilter(whole, over: input, entity: entity) }
    var plan = input
    for part in parts() { plan = try planFilter(part.expression, over: plan, entity: entity) }
    return plan
  }

  private func planFilter(
    _ condition: BoundExpression?, over input: Plan, entity: EntityID?
  ) throws(Failure) -> Plan {
    guard let condition else { return input }
    var conditions: [Condition] = []
    for conjunct in condition.conjuncts {
      conditions.append(try preparer.prepare(conjunct, entity: entity))
    }
    return Plan(
      .filter(conditions), inputs: [input],
      estimatedRowCount: conditions.reduce(input.estimatedRowCount) { $0 * $1.selectivity })
  }

  private func planRank(_ indexes: [Int], over input: Plan) -> Plan {
    guard !indexes.isEmpty else { return input }
    return Plan(.rank(indexes), inputs: [input], estimatedRowCount: input.estimatedRowCount)
  }

  private func planGroup(_ group: BoundGroup, over input: Plan) -> Plan {
    var groupCount = 1.0
    for key in group.keys { groupCount *= distinctCount(of: key, over: input) }
    return Plan(
      .group(group), inputs: [input],
      estimatedRowCount: max(1, min(groupCount, input.estimatedRowCount)))
  }

  private func planAnalysis(
    _ analysis: BoundAnalysis, isLast: Bool, over input: Plan
  ) -> Plan {
    let rowCount = analysis.makesRows ? Self.analysisRowCount : input.estimatedRowCount
    return Plan(
      .analyze(analysis, isLast: isLast), inputs: [input],
      estimatedRowCount: min(rowCount, max(1, input.estimatedRowCount)))
  }

  /// Rows that a verb is expected to make of its own.
  private static let analysisRowCount = 100.0

  private func planOrder(
    _ round: BoundRound, needsOrder: Bool, over input: Plan, entity: EntityID?
  ) -> Plan {
    if var order = round.order {
      let isInKeyOrder = entity.map { database.table($0).isInKeyOrder } ?? true
      order.isTieDescending = order.countMax != nil && isByOwnTime(order, entity)
      if let countMax = order.countMax, order.per.isEmpty, isInKeyOrder {
        return Plan(
          .topN(order, countMax: countMax), inputs: [input],
          estimatedRowCount: min(Double(countMax), input.estimatedRowCount))
      }
      return Plan(.sort(order), inputs: [input], estimatedRowCount: input.estimatedRowCount)
    }
    // Without an order, in this round or an earlier one, rows come by key. Tables are almost always in
    // that order already; groups are given in it.
    guard needsOrder, let entity, !database.table(entity).isInKeyOrder else { return input }
    return Plan(
      .sort(BoundOrder(keys: [keyOrder(of: entity)])), inputs: [input],
      estimatedRowCount: input.estimatedRowCount)
  }

  /// Whether rows come by the entity's own time field, latest first.
  private func isByOwnTime(_ order: BoundOrder, _ entity: EntityID?) -> Bool {
    guard let entity, order.keys.count == 1, order.keys[0].isDescending,
      case .field(let path) = order.keys[0].expression, path.hops.isEmpty
    else { return false }
    return path.field == database.catalog[entity].timeField
  }

  private func keyOrder(of entity: EntityID) -> BoundOrder.Key {
    let definition = database.catalog[entity]
    let field = definition[definition.key]
    let path = FieldPath(field: definition.key, type: field.type, text: field.name)
    return BoundOrder.Key(.field(path), isDescending: false, text: field.name)
  }

  private func planSample(_ sample: BoundSample?, over input: Plan) -> Plan {
    guard let sample else { return input }
    let count =
      switch sample.amount {
      case .rows(let count): min(Double(count), input.estimatedRowCount)
      case .share(let share): input.estimatedRowCount * share
      }
    return Plan(.sample(sample), inputs: [input], estimatedRowCount: count)
  }

  private func planLimit(_ limit: (count: Int, offset: Int)?, over input: Plan) -> Plan {
    guard let limit else { return input }
    let left = max(0, input.estimatedRowCount - Double(limit.offset))
    return Plan(
      .limit(count: limit.count, offset: limit.offset), inputs: [input],
      estimatedRowCount: min(Double(limit.count), left))
  }

  /// How many groups a key is expected to make.
  private func distinctCount(of key: BoundExpression, over input: Plan) -> Double {
    switch key.type {
    case .choice(let list): Double(list.names.count)
    case .flag: 2
    case .reference(let target): Double(max(1, database.table(target).liveRowCount))
    default: max(1, input.estimatedRowCount.squareRoot())
    }
  }
}

extension BoundExpression {
  /// The conditions that `and` joins, flattened; the expression itself when it is no `and`.
  package var conjuncts: [BoundExpression] {
    guard case .and(let operands) = self else { return [self] }
    return operands.flatMap(\.conjuncts)
  }
}
