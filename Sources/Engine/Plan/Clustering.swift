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

/// Looks in a plan for walks over so many related records that reading them side by side pays off.
struct ClusteringChoice {
  private let database: Database
  private let query: BoundQuery
  private var found: [Clustering] = []

  init(_ database: Database, _ query: BoundQuery) {
    self.database = database
    self.query = query
  }

  /// The clusterings that are worth building, or are there, for the walks of a plan.
  mutating func clusterings(for plan: Plan) -> [Clustering] {
    visit(plan)
    return found
  }

  /// The share of an entity's records read from which it pays to cluster them.
  private static let builtShare = 0.5
  /// The share from which it pays to read them clustered when they are.
  private static let usedShare = 0.02

  private mutating func visit(_ plan: Plan) {
    for input in plan.inputs { visit(input) }
    let rowCount = plan.inputs.first?.estimatedRowCount ?? plan.estimatedRowCount
    switch plan.step {
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
        visit(path, reading: events.expressions, rowCount: rowCount)
      }
      for value in analysis.values { visit(value, rowCount: rowCount) }
    default:
      for expression in plan.step.expressions { visit(expression, rowCount: rowCount) }
    }
  }

  private mutating func visit(_ expression: BoundExpression, rowCount: Double) {
    for related in expression.relateds {
      visit(related.path, reading: related.expressions, rowCount: rowCount)
    }
  }

  private mutating func visit(
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
    if let place = found.firstIndex(where: { $0.entity == entity && $0.reference == reference }) {
      found[place].fields += fields.filter { !found[place].fields.contains($0) }
    } else {
      found.append(Clustering(entity: entity, reference: reference, fields: fields))
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
