import Store

/// The stored fields that a query reads, so that the other columns may stay in the data file.
///
/// What it reads beside what is written is among them: times by which related records stand in order,
/// labels of records shown. Nothing depends on the list being complete: a column that is missing here
/// is read when it is asked for.
struct ReadFields {
  private(set) var fields: [EntityID: Set<FieldID>] = [:]
  private let catalog: Catalog

  /// Collects those of a query and of the aggregates over the whole store in it.
  init(_ query: BoundQuery, _ catalog: Catalog) {
    self.catalog = catalog
    for query in [query] + query.scalars { add(query) }
  }

  /// Entity by entity.
  var list: [(EntityID, FieldID)] {
    fields.sorted { $0.key.index < $1.key.index }.flatMap { entity, fields in
      fields.sorted { $0.index < $1.index }.map { (entity, $0) }
    }
  }

  private mutating func add(_ query: BoundQuery) {
    // After a group, fields are the group's columns.
    var relation: EntityID? = query.entity
    for computation in query.perRow {
      var entity = query.entity
      if case .all(let population, let window) = computation.population {
        entity = population
        if let window { add(window, of: entity) }
      }
      for expression in [computation.argument] + computation.per { add(expression, of: entity) }
    }
    for round in query.rounds {
      for expression in [round.window, round.filter].compactMap({ $0 }) {
        add(expression, of: relation)
      }
      if let group = round.group {
        for key in group.keys { add(key, of: relation) }
        for aggregate in group.aggregates {
          if let path = aggregate.related { add(path, from: relation) }
          add(aggregate, of: aggregate.related?.entity ?? relation)
        }
        relation = nil
      }
      if let analysis = round.analysis {
        add(analysis, from: relation)
        if analysis.makesRows { relation = nil }
      }
      for key in (round.order.map { $0.keys + $0.per }) ?? [] { add(key.expression, of: relation) }
    }
    for aside in query.asides { add(aside.count, of: query.entity) }
    for column in query.columns {
      add(column.expression, of: relation)
      addLabel(of: column.expression.type)
    }
  }

  /// Adds a field, if it is a stored one.
  mutating func add(_ field: FieldID, of entity: EntityID) {
    let all = catalog[entity].fields
    guard field.index < all.count, !all[field.index].isComputed else { return }
    fields[entity, default: []].insert(field)
  }

  private mutating func add(_ expression: BoundExpression, of entity: EntityID?) {
    switch expression {
    case .field(let path):
      guard var entity else { return }
      for hop in path.hops {
        add(hop.field, of: entity)
        entity = hop.target
      }
      add(path.field, of: entity)
    case .related(let related):
      add(related.path, from: entity)
      for expression in related.expressions {
        add(expression, outer: entity, of: related.path.entity)
      }
      if related.aggregate.order == nil, let time = catalog[related.path.entity].timeField {
        add(time, of: related.path.entity)
      }
    default:
      for child in expression.children { add(child, of: entity) }
    }
  }

  /// An expression over related records, in which what stands outside is of another entity.
  private mutating func add(
    _ expression: BoundExpression, outer: EntityID?, of entity: EntityID
  ) {
    if case .outer(let inner) = expression { return add(inner, of: outer) }
    if expression.children.isEmpty { return add(expression, of: entity) }
    for child in expression.children { add(child, outer: outer, of: entity) }
  }

  private mutating func add(_ aggregate: BoundAggregate, of entity: EntityID?) {
    let parts = [aggregate.argument, aggregate.filter, aggregate.order]
    for expression in parts.compactMap({ $0 }) { add(expression, of: entity) }
  }

  /// What a verb reads of its subjects, of their events and of others; and the labels of what it groups
  /// these by.
  private mutating func add(_ analysis: BoundAnalysis, from entity: EntityID?) {
    for expression in analysis.values { add(expression, of: entity) }
    if case .keys(let key, _, _) = analysis.subjects {
      add(key, of: entity)
      addLabel(of: key.type)
    }
    for events in analysis.events {
      if let path = events.path { add(path, from: entity) }
      for expression in events.expressions {
        add(expression, outer: entity, of: events.entity)
        addLabel(of: expression.type)
      }
    }
    for others in analysis.others {
      for expression in others.expressions { add(expression, of: others.entity) }
    }
    for column in analysis.rowColumns { addLabel(of: column.type) }
  }

  /// The references of the way, and the times by which records stand in order below their parents.
  private mutating func add(_ path: RelatedPath, from entity: EntityID?) {
    guard var entity else { return }
    for step in path.steps {
      switch step {
      case .up(let hop):
        add(hop.field, of: entity)
        entity = hop.target
      case .down(let child, let field):
        add(field, of: child)
        if let time = catalog[child].timeField { add(time, of: child) }
        entity = child
      }
    }
  }

  private mutating func addLabel(of type: ValueType) {
    guard case .reference(let target) = type, let label = catalog[target].labelField else { return }
    add(label, of: target)
  }
}
