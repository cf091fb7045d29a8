import Store

// Which columns of an answer say something of persons: by the fields that they are made of.

extension BoundQuery {
  /// What the values of a shown expression say of persons; nil where they say nothing.
  func personalText(of expression: BoundExpression, catalog: Catalog) -> PersonalText? {
    PersonalColumns(query: self, catalog: catalog).text(of: expression, after: rounds[...], entity)
  }
}

/// Looks for the fields that an expression is made of, back through the rounds.
private struct PersonalColumns {
  let query: BoundQuery
  let catalog: Catalog

  /// What an expression over the rows after some rounds says of persons.
  func text(
    of expression: BoundExpression, after rounds: ArraySlice<BoundRound>, _ entity: EntityID
  ) -> PersonalText? {
    if case .reference(let target) = expression.type { return catalog.personalLabel(of: target) }
    switch expression {
    case .field(let path):
      if let hop = path.hops.last { return catalog[hop.target].personalText(of: path.field) }
      guard let last = rounds.lastIndex(where: \.makesRows) else {
        return catalog[entity].personalText(of: path.field)
      }
      return text(ofColumn: path, madeBy: rounds[last], after: rounds[..<last], entity)
    case .perRow(let index, _):
      let computation = query.perRow[index]
      // The texts of a verb's own columns are words of the house rules.
      if case .analyzed = computation.kind { return nil }
      return text(of: computation.argument, after: rounds, entity)
    case .scalar(let index, _):
      let scalar = query.scalars[index]
      return scalar.columns.lazy.compactMap { column in
        scalar.personalText(of: column.expression, catalog: catalog)
      }.first
    case .related(let related):
      return related.aggregate.argument.flatMap {
        text(of: $0, after: [], related.path.entity)
      }
    case .outer(let inner):
      // Which rows it is about is known outside only: any text may say something.
      return inner.type == .text ? .words : text(of: inner, after: rounds, entity)
    default:
      guard expression.type == .text else { return nil }
      return expression.children.lazy.compactMap { text(of: $0, after: rounds, entity) }.first
    }
  }

  /// The same of a column that a round has made of the rows before it.
  private func text(
    ofColumn path: FieldPath, madeBy round: BoundRound, after earlier: ArraySlice<BoundRound>,
    _ entity: EntityID
  ) -> PersonalText? {
    guard path.type == .text else { return nil }
    let place = path.field.index
    if let group = round.group {
      if group.keys.indices.contains(place) {
        return text(of: group.keys[place], after: earlier, entity)
      }
      let aggregate = place - group.keys.count
      guard group.aggregates.indices.contains(aggregate) else { return .words }
      let argument = group.aggregates[aggregate]
      let owner = argument.related?.entity
      return argument.argument.flatMap {
        text(of: $0, after: owner == nil ? earlier : [], owner ?? entity)
      }
    }
    guard let analysis = round.analysis else { return .words }
    var sources = analysis.values
    if case .keys(let key, _, _) = analysis.subjects { sources.append(key) }
    return sources.lazy.filter { $0.type == .text }
      .compactMap { text(of: $0, after: earlier, entity) }.first
  }
}

extension Catalog {
  /// What the labels of references to an entity say of persons; nil where they say nothing.
  func personalLabel(of entity: EntityID) -> PersonalText? {
    self[entity].labelField.flatMap { self[entity].personalText(of: $0) }
  }
}
