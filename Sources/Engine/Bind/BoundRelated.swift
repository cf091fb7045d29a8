import Store

/// A value made of records related to a row: how they are reached, which of them count, and what is
/// made of them. It never multiplies rows: one value a row.
package struct BoundRelated: Hashable, Sendable {
  /// How the records are reached.
  package var path: RelatedPath
  /// Which of them count: their window and condition, over the entity the path leads to.
  package var filter: BoundExpression?
  /// What is made of them, over the same entity; its own filter is nil.
  package var aggregate: BoundAggregate
  /// Records with a known argument below which the value is unknown: 3 for `usual`, else 0.
  package var knownCountMin: Int
  /// As written, for notes and `explain`.
  package var text: String

  /// Makes a value of related records.
  package init(
    path: RelatedPath, filter: BoundExpression? = nil, aggregate: BoundAggregate,
    knownCountMin: Int = 0, text: String
  ) {
    self.path = path
    self.filter = filter
    self.aggregate = aggregate
    self.knownCountMin = knownCountMin
    self.text = text
  }
}

extension BoundRelated {
  /// Whether its text is a whole condition: `has at least 3 orders`.
  var isQuantity: Bool { text.hasPrefix("has ") }
  /// What is read of each record.
  var expressions: [BoundExpression] {
    [filter, aggregate.argument, aggregate.order].compactMap { $0 }
  }
  /// Whether its text says that there are none.
  var isAbsence: Bool { text.hasPrefix("has no ") }
}

/// The way from a row to related records.
package struct RelatedPath: Hashable, Sendable {
  /// One step.
  package enum Step: Hashable, Sendable {
    /// To the record a reference names.
    case up(FieldPath.Hop)
    /// To the records of an entity that name this one in a reference field.
    case down(EntityID, FieldID)
  }

  /// The steps in order. But for a computation carried over references alone, the last is a `down`.
  package var steps: [Step]
  /// The entity of the records reached.
  package var entity: EntityID

  /// Makes a path.
  package init(steps: [Step], entity: EntityID) {
    self.steps = steps
    self.entity = entity
  }

  /// Whether one row may reach a record twice: a reference is followed after a relation.
  package var mayRepeat: Bool {
    guard let first = steps.firstIndex(where: \.isDown) else { return false }
    return steps[first...].contains { !$0.isDown }
  }

  /// Whether two rows may reach the same record: a reference is followed.
  package var mayShare: Bool { steps.contains { !$0.isDown } }
}

extension RelatedPath.Step {
  /// Whether it leads to several records.
  var isDown: Bool { if case .down = self { true } else { false } }
}

extension BoundExpression {
  /// The values of related records in it, outermost first, those inside others included.
  var relateds: [BoundRelated] {
    var found: [BoundRelated] = []
    collectRelateds(into: &found)
    return found
  }

  fileprivate func collectRelateds(into found: inout [BoundRelated]) {
    switch self {
    case .field, .constant, .perRow, .scalar: return
    case .related(let related):
      found.append(related)
      related.filter?.collectRelateds(into: &found)
      related.aggregate.argument?.collectRelateds(into: &found)
    case .outer(let expression): expression.collectRelateds(into: &found)
    default: for child in children { child.collectRelateds(into: &found) }
    }
  }
}

extension BoundQuery {
  /// Every expression of the query's rounds and columns, those of scalars left out.
  var expressions: [BoundExpression] {
    var all: [BoundExpression] = []
    visitExpressions { all.append($0) }
    return all
  }

  private func visitExpressions(_ visit: (BoundExpression) -> Void) {
    for column in columns { visit(column.expression) }
    for computation in perRow {
      visit(computation.argument)
      for part in computation.per { visit(part) }
    }
    for round in rounds {
      if let window = round.window { visit(window) }
      if let filter = round.filter { visit(filter) }
      for key in round.order.map({ $0.keys + $0.per }) ?? [] { visit(key.expression) }
      for expression in round.analysis?.expressions ?? [] { visit(expression) }
      guard let group = round.group else { continue }
      for key in group.keys { visit(key) }
      for aggregate in group.aggregates {
        for part in [aggregate.argument, aggregate.filter, aggregate.order] {
          if let part { visit(part) }
        }
      }
    }
  }

  /// The ways to related records that the query goes.
  ///
  /// - Parameter others: Values of related records whose ways are left out.
  func relatedPaths(but others: Set<BoundRelated> = []) -> [RelatedPath] {
    var relateds: [BoundRelated] = []
    visitExpressions { $0.collectRelateds(into: &relateds) }
    return relateds.filter { !others.contains($0) }.map(\.path)
      + rounds.flatMap { $0.group?.aggregates ?? [] }.compactMap(\.related)
      + rounds.flatMap { $0.analysis?.relatedPaths ?? [] }
  }
}
