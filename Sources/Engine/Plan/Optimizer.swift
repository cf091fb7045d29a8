import Store
import Syntax

/// Step 8: named rewrites, each tried at every step from the source up until none fires. `explain`
/// shows the names of those that did.
package struct Optimizer {
  /// One rewrite: what `explain` calls it, and the plan it makes of a plan, or nil.
  struct Rewrite {
    let name: String
    let apply: (Plan) -> Plan?
  }

  /// The fields whose index, and whose order, this statement has wished for.
  private final class Wishes {
    var fields: [EntityID: [FieldID: Bool]] = [:]
    var orders: [EntityID: [FieldID: Bool]] = [:]
  }

  private let database: Database
  private let wishes = Wishes()

  /// Makes an optimizer over a store's tables and their statistics.
  package init(database: Database) { self.database = database }

  /// The rewrites, in the order they are tried.
  var rewrites: [Rewrite] {
    [
      Rewrite(name: "merge filters", apply: mergeFilters),
      Rewrite(name: "index instead of scan", apply: useIndex),
      Rewrite(name: "cheapest condition first", apply: orderConditions),
      Rewrite(name: "top-N instead of sort", apply: useTopN),
      Rewrite(name: "sorted index instead of top-N", apply: useIndexOrder),
      Rewrite(name: "clustered scan instead of scan", apply: useClusteredScan),
    ]
  }

  /// The rewritten plan of a query, the names of the rewrites that fired, and which related records
  /// are to be read clustered.
  package func optimize(_ plan: Plan, of query: BoundQuery) -> PlannedQuery {
    var fired: [String] = []
    let optimized = optimize(plan, &fired)
    return choosingWays(of: optimized, fired, for: query)
  }

  /// A plan whose steps stay as they are: only how related records are read is chosen.
  package func keepingSteps(_ plan: Plan, of query: BoundQuery) -> PlannedQuery {
    choosingWays(of: plan, [], for: query)
  }

  private func choosingWays(
    of plan: Plan, _ rewrites: [String], for query: BoundQuery
  ) -> PlannedQuery {
    var fired = rewrites
    var choice = RelatedChoice(database, query) { entity, condition in
      // What cannot be planned is walked to.
      var ignored: [String] = []
      let plan = try? Planner(database: database).plan(condition, of: entity)
      return plan.map { optimize($0, &ignored) }
    }
    choice.visit(plan)
    if !choice.clusterings.isEmpty { fired.append("clustered instead of scattered") }
    if !choice.passes.isEmpty { fired.append("one pass instead of walks") }
    return PlannedQuery(
      query: query, plan: plan, rewrites: fired, clusterings: choice.clusterings,
      passes: choice.passes)
  }

  private func optimize(_ plan: Plan, _ fired: inout [String]) -> Plan {
    var plan = plan
    for index in plan.inputs.indices {
      plan.inputs[index] = optimize(plan.inputs[index], &fired)
    }
    var isChanged = true
    while isChanged {
      isChanged = false
      for rewrite in rewrites {
        guard let better = rewrite.apply(plan) else { continue }
        if !fired.contains(rewrite.name) { fired.append(rewrite.name) }
        plan = better
        isChanged = true
      }
    }
    return plan
  }

  // MARK: the rewrites

  /// A filter over a filter is one filter: the window and `where` are tested in one pass.
  private func mergeFilters(_ plan: Plan) -> Plan? {
    guard case .filter(let upper) = plan.step, let input = plan.inputs.first,
      case .filter(let lower) = input.step
    else { return nil }
    return Plan(
      .filter(lower + upper), inputs: input.inputs, estimatedRowCount: plan.estimatedRowCount)
  }

  /// A scan whose filter has a selective condition with an index becomes a lookup, when fetching
  /// the rows it gives costs less than testing them all.
  private func useIndex(_ plan: Plan) -> Plan? {
    guard case .filter(let conditions) = plan.step, let input = plan.inputs.first,
      case .scan(let entity) = input.step
    else { return nil }
    let table = database.table(entity)
    var best: (position: Int, kind: IndexKind)?
    for (position, condition) in conditions.enumerated() {
      guard case .test(let field, let test) = condition.form,
        let kind = table.indexKind(for: test, on: field)
      else { continue }
      if best.map({ condition.selectivity < conditions[$0.position].selectivity }) ?? true {
        best = (position, kind)
      }
    }
    guard let best else { return nil }
    let chosen = conditions[best.position]
    var rest = conditions
    rest.remove(at: best.position)
    let restCost = rest.reduce(0) { $0 + $1.nanosecondsPerRow }
    let found = input.estimatedRowCount * chosen.selectivity
    let lookup = found * (Cost.fetch * Double(1 + rest.count) + restCost)
    let scan = input.estimatedRowCount * (chosen.nanosecondsPerRow + chosen.selectivity * restCost)
    guard lookup < scan, isDue(chosen, of: entity) else { return nil }
    let source = Plan(.indexLookup(entity, chosen, best.kind), estimatedRowCount: found)
    if rest.isEmpty { return source }
    return Plan(.filter(rest), inputs: [source], estimatedRowCount: plan.estimatedRowCount)
  }

  /// Whether a condition's index is there or worth building now; one statement wishes once.
  private func isDue(_ condition: Condition, of entity: EntityID) -> Bool {
    guard case .test(let field, let test) = condition.form else { return false }
    if let known = wishes.fields[entity]?[field] { return known }
    let isDue = database.table(entity).isIndexDue(for: test, on: field)
    wishes.fields[entity, default: [:]][field] = isDue
    return isDue
  }

  /// Conditions are tested in the order that leaves the least work: by (selectivity − 1) ÷ cost.
  /// - Source: Hellerstein, Stonebraker: Predicate Migration, SIGMOD 1993.
  private func orderConditions(_ plan: Plan) -> Plan? {
    guard case .filter(let conditions) = plan.step, conditions.count > 1 else { return nil }
    func rank(_ condition: Condition) -> Double {
      (condition.selectivity - 1) / condition.nanosecondsPerRow
    }
    let order = conditions.indices.sorted {
      (rank(conditions[$0]), $0) < (rank(conditions[$1]), $1)
    }
    guard order != Array(conditions.indices) else { return nil }
    return Plan(
      .filter(order.map { conditions[$0] }), inputs: plan.inputs,
      estimatedRowCount: plan.estimatedRowCount)
  }

  /// A limit over a sort needs only the first rows in order.
  private func useTopN(_ plan: Plan) -> Plan? {
    guard case .limit(let count, let offset) = plan.step, let input = plan.inputs.first,
      case .sort(let order) = input.step, order.countMax == nil, order.keys.count == 1,
      count <= Int(Int32.max) - offset, isInKeyOrder(input)
    else { return nil }
    let first = Plan(
      .topN(order, countMax: count + offset), inputs: input.inputs,
      estimatedRowCount: min(Double(count + offset), input.estimatedRowCount))
    return Plan(plan.step, inputs: [first], estimatedRowCount: plan.estimatedRowCount)
  }

  /// Whether ties by row are ties by key: the rows are groups, or records in the order of their keys.
  private func isInKeyOrder(_ plan: Plan) -> Bool {
    switch plan.step {
    case .scan(let entity), .indexLookup(let entity, _, _), .indexOrder(let entity, _, _, _, _),
      .clusteredScan(let entity, _, _):
      database.table(entity).isInKeyOrder
    case .group, .analyze: true
    default: plan.inputs.first.map(isInKeyOrder) ?? true
    }
  }

  /// `top` by a field with a sorted index reads the index from its end: over a whole entity, or over
  /// those that meet one condition on a choice, when enough do for the walk to be short and their
  /// number is known without counting.
  private func useIndexOrder(_ plan: Plan) -> Plan? {
    guard case .topN(let order, let countMax) = plan.step, order.countMax != nil,
      order.keys.count == 1, let input = plan.inputs.first,
      let (entity, condition) = walkable(input, countMax: countMax),
      case .field(let path) = order.keys[0].expression, path.hops.isEmpty,
      path.field != database.catalog[entity].timeField,
      condition == nil || !database.table(entity).column(path.field).hasUnknown,
      isOrderDue(path.field, of: entity)
    else { return nil }
    return Plan(
      .indexOrder(
        entity, path.field, order, countMax: countMax, condition),
      estimatedRowCount: plan.estimatedRowCount)
  }

  /// Whether a sorted order is there or worth building now; one statement wishes once.
  private func isOrderDue(_ field: FieldID, of entity: EntityID) -> Bool {
    if let known = wishes.orders[entity]?[field] { return known }
    let isDue = database.table(entity).hasSortedRows(by: field)
    wishes.orders[entity, default: [:]][field] = isDue
    return isDue
  }

  /// The entity and condition of an input that a sorted index can stand for.
  private func walkable(_ input: Plan, countMax: Int) -> (EntityID, Condition?)? {
    if case .scan(let entity) = input.step { return (entity, nil) }
    // A lookup is as good as the scan and the condition that it stands for.
    if case .indexLookup(let entity, let condition, _) = input.step {
      return isWalkable(condition, of: entity, countMax) ? (entity, condition) : nil
    }
    guard case .filter(let conditions) = input.step, conditions.count == 1,
      let source = input.inputs.first, case .scan(let entity) = source.step,
      isWalkable(conditions[0], of: entity, countMax)
    else { return nil }
    return (entity, conditions[0])
  }

  /// Whether so many rows meet a condition that the first of them in some order are soon found, and
  /// their number is known without counting.
  private func isWalkable(_ condition: Condition, of entity: EntityID, _ countMax: Int) -> Bool {
    guard case .test(let field, let test) = condition.form else { return false }
    let table = database.table(entity)
    guard let count = table.exactCount(of: test, on: field) else { return false }
    return count > 50 * countMax && count > table.rowCount / 50
  }

  /// Distinct references are counted without remembering them where the rows of each stand together,
  /// which they do in an adjacency, if all rows are in it.
  private func useClusteredScan(_ plan: Plan) -> Plan? {
    guard case .group(let group) = plan.step, var input = plan.inputs.first else { return nil }
    var conditions: [BoundExpression] = []
    if case .filter(let tested) = input.step { conditions = tested.map(\.expression) }
    let source = conditions.isEmpty ? input : input.inputs.first ?? input
    guard case .scan(let entity) = source.step,
      !group.keys.isEmpty, let reference = distinctReference(of: group),
      let fields = RelatedChoice.fields(of: plan.step.expressions + conditions)
    else { return nil }
    let table = database.table(entity)
    guard table.liveRowCount == table.rowCount, table.unknownCount(of: reference) == 0,
      fields.allSatisfy(table.canCluster)
    else { return nil }
    let scan = Plan(
      .clusteredScan(entity, reference, fields), estimatedRowCount: source.estimatedRowCount)
    if conditions.isEmpty { input = scan } else { input.inputs = [scan] }
    return Plan(plan.step, inputs: [input], estimatedRowCount: plan.estimatedRowCount)
  }

  /// The reference whose distinct values a group counts; nil where it does not, or does more than add
  /// up what is in its rows.
  private func distinctReference(of group: BoundGroup) -> FieldID? {
    var found: FieldID?
    for aggregate in group.aggregates {
      guard aggregate.related == nil, aggregate.kind != .first, aggregate.kind != .last else {
        return nil
      }
      guard aggregate.kind == .count, aggregate.isDistinct else { continue }
      guard let field = aggregate.argument?.plainField, found == nil || found == field,
        case .reference = aggregate.argument?.type
      else { return nil }
      found = field
    }
    return found
  }
}
