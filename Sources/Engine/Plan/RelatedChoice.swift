import Store

/// Related records that a plan reads clustered: an entity's records by a reference of theirs, with
/// the columns to be kept in that order.
package struct Clustering: Hashable, Sendable {
  /// Whose records.
  package var entity: EntityID
  /// By which reference.
  package var reference: FieldID
  /// The columns.
  package var fields: [FieldID]
}

/// A value of related records that is computed for all records at once, by one pass over the related
/// ones, instead of walking to them from each.
package struct RelatedPass: Sendable {
  /// The value.
  package var related: BoundRelated
  /// What gives the related records that count.
  package var plan: Plan
}

/// Looks in a plan for walks to so many related records that reading them side by side pays off, or
/// one pass over all of them.
struct RelatedChoice {
  private let database: Database
  private let query: BoundQuery
  /// Makes the plan of the records of an entity that meet a condition.
  private let plan: (EntityID, BoundExpression?) -> Plan?
  private(set) var clusterings: [Clustering] = []
  private(set) var passes: [RelatedPass] = []

  init(
    _ database: Database, _ query: BoundQuery,
    plan: @escaping (EntityID, BoundExpression?) -> Plan?
  ) {
    self.database = database
    self.query = query
    self.plan = plan
  }

  /// The share of an entity's records read from which it pays to cluster them.
  private static let builtShare = 0.5
  /// The share from which it pays to read them clustered when they are.
  private static let usedShare = 0.02

  /// Looks at the walks of a plan, from the source up.
  mutating func visit(_ plan: Plan) {
    for input in plan.inputs { visit(input) }
    let rowCount = plan.inputs.first?.estimatedRowCount ?? plan.estimatedRowCount
    switch plan.step {
    case .clusteredScan(let entity, let reference, let fields):
      cluster(entity, reference, fields)
    case .filter(let conditions):
      var left = rowCount
      for condition in conditions {
        visit(condition.expression, rowCount: left)
        left *= condition.selectivity
      }
    case .rank(let indexes):
      for index in indexes {
        visit(query.perRow[index].argument, rowCount: rowCount)
        for part in query.perRow[index].per { visit(part, rowCount: rowCount) }
      }
    case .analyze(let analysis, _):
      for events in analysis.events {
        guard let path = events.path else { continue }
        chooseClustering(path, reading: events.expressions, rowCount: rowCount)
      }
      for value in analysis.values { visit(value, rowCount: rowCount) }
    default:
      for expression in plan.step.expressions { visit(expression, rowCount: rowCount) }
    }
  }

  private mutating func visit(_ expression: BoundExpression, rowCount: Double) {
    for related in expression.relateds where !passes.contains(where: { $0.related == related }) {
      if let pass = pass(for: related, rowCount: rowCount) {
        passes.append(pass)
      } else {
        chooseClustering(related.path, reading: related.expressions, rowCount: rowCount)
      }
    }
  }

  /// One pass over all related records, where it costs less than the walks of so many rows.
  private func pass(for related: BoundRelated, rowCount: Double) -> RelatedPass? {
    guard case .down(let entity, let reference)? = related.path.steps.last,
      related.path.steps.dropLast().allSatisfy({ !$0.isDown }),
      related.expressions.allSatisfy(\.isOfOneRow)
    else { return nil }
    let parentCount = Double(max(1, parentCount(of: reference, in: entity)))
    let childCount = Double(database.table(entity).liveRowCount)
    let condition = related.filter.map(Cost.of) ?? 0
    let value = Cost.aggregate + (related.aggregate.argument.map(Cost.of) ?? 0)
    let walk =
      rowCount * (Cost.expressionNode + childCount / parentCount * (Cost.child + condition + value))
    // A plan of its own is only made where it may pay off.
    guard walk > parentCount * Cost.parent, let plan = plan(entity, related.filter) else {
      return nil
    }
    let pass =
      Cost.nanoseconds(of: plan) + plan.estimatedRowCount * (Cost.hop + value)
      + parentCount * Cost.parent
    return pass < walk ? RelatedPass(related: related, plan: plan) : nil
  }

  private mutating func chooseClustering(
    _ path: RelatedPath, reading expressions: [BoundExpression], rowCount: Double
  ) {
    guard case .down(let entity, let reference)? = path.steps.last,
      let fields = Self.fields(of: expressions), !fields.isEmpty
    else { return }
    let table = database.table(entity)
    guard fields.allSatisfy(table.canCluster) else { return }
    let parentCount = Double(max(1, parentCount(of: reference, in: entity)))
    let isBuilt = table.isClustered(fields, by: reference)
    guard rowCount / parentCount >= (isBuilt ? Self.usedShare : Self.builtShare) else { return }
    cluster(entity, reference, fields)
  }

  private mutating func cluster(
    _ entity: EntityID, _ reference: FieldID, _ fields: [FieldID]
  ) {
    let place = clusterings.firstIndex { $0.entity == entity && $0.reference == reference }
    if let place {
      let known = clusterings[place].fields
      clusterings[place].fields += fields.filter { !known.contains($0) }
    } else {
      clusterings.append(Clustering(entity: entity, reference: reference, fields: fields))
    }
  }

  private func parentCount(of reference: FieldID, in entity: EntityID) -> Int {
    guard case .reference(let target) = database.catalog[entity][reference].type else { return 1 }
    return database.table(target).liveRowCount
  }

  /// The stored fields that expressions read of the records themselves; nil where they read what has
  /// no copy: their own related records, or values that depend on all rows.
  static func fields(of expressions: [BoundExpression]) -> [FieldID]? {
    var fields: [FieldID] = []
    for expression in expressions where !collect(expression, into: &fields) { return nil }
    return fields
  }

  private static func collect(
    _ expression: BoundExpression, into fields: inout [FieldID]
  ) -> Bool {
    switch expression {
    case .related, .perRow: return false
    case .outer: return true
    case .field(let path):
      let field = path.hops.first?.field ?? path.field
      if !fields.contains(field) { fields.append(field) }
      return true
    default: return expression.children.allSatisfy { collect($0, into: &fields) }
    }
  }
}

extension BoundExpression {
  /// Whether it reads stored fields of its own record alone, and of those that record refers to.
  fileprivate var isOfOneRow: Bool {
    switch self {
    case .related, .perRow, .outer: false
    default: children.allSatisfy(\.isOfOneRow)
    }
  }
}
