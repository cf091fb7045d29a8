import Store
import Syntax

// Values of related records: `has`, and aggregates over a path with a to-many step.

/// What the binder left to bind an expression over related records.
struct Frame {
  var scope: Scope
  var clause: Clause
  var isInAggregate: Bool
  var grouping: Grouping?
  var movableFilter: (filter: FilterClause, isGrouped: Bool, end: Int)?
  var sourceWindow: (days: DayRange, period: Period?)?
  var argumentRelation: [Name]?
  /// The window of the related records, the population of what ranks all of them.
  var window: BoundExpression?
}

/// Which of the related records count.
struct RelatedCondition {
  /// Their window and condition; nil for all of them.
  var filter: BoundExpression?
}

/// A relation as a path names it.
struct NamedRelation {
  /// The way to its records.
  var path: RelatedPath
  /// How many of the written names lead there; the rest is a path from the records.
  var nameCount: Int
}

extension Binder {
  // MARK: has

  /// `has [no | at least N | …] RELATION [window] [where C]`
  mutating func bindHas(_ test: HasTest, of expression: Expression) -> BoundExpression? {
    if let next = test.next {
      return bindSequence(test, next, of: expression)
    }
    let bounds = test.quantity.count.map { bindCount($0) }
    let counted = bindRelatedCount(test.first, text: text(expression))
    guard let counted else { return nil }
    func compared(_ sign: ComparisonOperator, _ count: Int64) -> BoundExpression {
      .comparison(sign, counted, .constant(.word(count), .integer))
    }
    switch (test.quantity, bounds ?? nil) {
    case (.some, _): return compared(.greaterOrEqual, 1)
    case (.none, _): return .not(compared(.greaterOrEqual, 1))
    case (.atLeast, let count?): return compared(.greaterOrEqual, count)
    case (.atMost, let count?): return compared(.lessOrEqual, count)
    case (.exactly, let count?): return compared(.equal, count)
    case (.moreThan, let count?): return compared(.greater, count)
    case (.fewerThan, let count?): return compared(.less, count)
    default: return nil
    }
  }

  /// How many of the related records there are.
  mutating func bindRelatedCount(_ records: RelatedRecords, text: String) -> BoundExpression? {
    guard let path = relation(records) else { return nil }
    mention(path, by: records.path)
    return bindRelated(path, records.window, records.filter, place: "has", text: text) { _ in
      BoundAggregate(kind: .count, argument: nil, type: .integer)
    }
  }

  /// The relation that `has` names.
  mutating func relation(_ records: RelatedRecords) -> RelatedPath? {
    guard let named = namedRelation(records.path) else {
      reportUnknownRelation(records.path, at: records.range)
      return nil
    }
    guard named.nameCount == records.path.count else {
      let rest = records.path[named.nameCount]
      report(
        .notARelation(
          text: records.path.map(\.text).joined(separator: "."),
          relation: records.path.prefix(named.nameCount).map(\.text).joined(separator: "."),
          field: rest.text),
        at: rest.range)
      return nil
    }
    return named.path
  }

  /// Remembers what the names of a relation stand for.
  mutating func mention(_ path: RelatedPath, by names: [Name]) {
    guard case .records(var entity, let hops, _) = scope.relation else { return }
    let prefixCount = scope.verb.map { same($0.record, names[0].text) } == true ? 1 : 0
    for (step, name) in zip(path.steps.dropFirst(hops.count), names.dropFirst(prefixCount)) {
      switch step {
      case .up(let hop):
        mention(.field(entity, hop.field), at: name.range)
        entity = hop.target
      case .down(let target, _):
        if catalog.relation(named: name.text, of: entity)?.name == catalog[target].name {
          mention(.entity(target), at: name.range)
        }
        entity = target
      }
    }
  }

  // MARK: the records

  /// A value made of the records that a path leads to.
  ///
  /// - Parameters:
  ///   - place: What needs the condition, in messages.
  ///   - make: Binds what is made of them; called with the records in scope.
  mutating func bindRelated(
    _ path: RelatedPath, _ window: Window?, _ filter: Expression?, place: String, text: String,
    knownCountMin: Int = 0, make: (inout Binder) -> BoundAggregate?
  ) -> BoundExpression? {
    enter(path.entity)
    let condition = bindRelatedCondition(window, filter, place: place)
    let aggregate = make(&self)
    leave()
    guard let condition, let aggregate else { return nil }
    return .related(
      BoundRelated(
        path: path, filter: condition.filter, aggregate: aggregate, knownCountMin: knownCountMin,
        text: text))
  }

  /// Window and condition of the related records in scope; nil when one could not be bound.
  mutating func bindRelatedCondition(
    _ window: Window?, _ filter: Expression?, place: String
  ) -> RelatedCondition? {
    var conditions: [BoundExpression] = presence
    var hasFailed = false
    if let window {
      let bound = ownTime(at: window.range).flatMap { bindWindow(window, on: $0, written: nil) }
      if let bound { conditions.append(bound) } else { hasFailed = true }
      frames[frames.count - 1].window = bound
    }
    if let filter {
      let bound = bindCondition(filter, place: "\(place)(… where)")
      if let bound { conditions.append(bound) } else { hasFailed = true }
    }
    if hasFailed { return nil }
    return RelatedCondition(filter: conditions.count > 1 ? .and(conditions) : conditions.first)
  }

  /// Puts the records of an entity in scope.
  mutating func enter(_ entity: EntityID) {
    frames.append(
      Frame(
        scope: scope, clause: clause, isInAggregate: isInAggregate, grouping: grouping,
        movableFilter: movableFilter, sourceWindow: sourceWindow,
        argumentRelation: argumentRelation))
    scope = Scope(.records(entity, hops: [], prefix: ""))
    clause = .filter
    isInAggregate = false
    grouping = nil
    movableFilter = nil
    sourceWindow = nil
    argumentRelation = nil
  }

  /// Takes them out of scope.
  mutating func leave() {
    guard let frame = frames.popLast() else { preconditionFailure("entered before") }
    restore(frame)
  }

  private mutating func restore(_ frame: Frame) {
    scope = frame.scope
    clause = frame.clause
    isInAggregate = frame.isInAggregate
    grouping = frame.grouping
    movableFilter = frame.movableFilter
    sourceWindow = frame.sourceWindow
    argumentRelation = frame.argumentRelation
  }

  // MARK: the enclosing row

  /// `outer.x`: a field of the row that the records are related to.
  mutating func bindOuter(_ names: [Name], at range: SourceRange) -> BoundExpression? {
    bindOutside(at: range) { binder in binder.bindPath(names, at: range) }
  }

  /// Binds something over the enclosing row.
  mutating func bindOutside(
    at range: SourceRange, _ bind: (inout Binder) -> BoundExpression?
  ) -> BoundExpression? {
    guard let frame = frames.popLast() else {
      report(.outerWithoutRow, at: range)
      return nil
    }
    let inner = frames.count
    enter(query.entity)
    let own = frames.remove(at: inner)
    restore(frame)
    let wasOutside = isOutside
    isOutside = true
    let bound = bind(&self)
    isOutside = wasOutside
    restore(own)
    frames.append(frame)
    guard let bound else { return nil }
    if case .constant = bound { return bound }
    if case .scalar = bound { return bound }
    if bound.reachesOuter {
      report(.outerWithoutRow, at: range)
      return nil
    }
    return .outer(bound)
  }

  // MARK: names

  /// The relation that the first names of a path lead to; nil when no name of it is one.
  func namedRelation(_ names: [Name]) -> NamedRelation? {
    guard case .records(let start, let hops, _) = scope.relation,
      !scope.aliases.contains(where: { same($0.name, names[0].text) }) || names.count > 1
    else { return nil }
    var steps = hops.map { RelatedPath.Step.up($0) }
    var entity = start
    var found: NamedRelation?
    // After a verb `customer.orders` is the record's relation.
    let prefixCount = scope.verb.map { same($0.record, names[0].text) } == true ? 1 : 0
    for (index, name) in names.enumerated().dropFirst(prefixCount) {
      if let id = catalog[entity].field(named: name.text) {
        guard index + 1 < names.count, case .reference(let target) = catalog[entity][id].type,
          !catalog[entity][id].isComputed
        else { return found }
        steps.append(.up(FieldPath.Hop(field: id, target: target)))
        entity = target
      } else if let relation = catalog.relation(named: name.text, of: entity) {
        steps.append(.down(relation.entity, relation.field))
        entity = relation.entity
        found = NamedRelation(
          path: RelatedPath(steps: steps, entity: entity), nameCount: index + 1)
      } else {
        return found
      }
    }
    return found
  }

  /// Says that there is no such relation, and what comes near.
  mutating func reportUnknownRelation(_ names: [Name], at range: SourceRange) {
    guard case .records(let start, _, _) = scope.relation else {
      if scope.relation == .columns { report(.relationInGroup, at: range) }
      return
    }
    var entity = start
    for (index, name) in names.enumerated() {
      if let id = catalog[entity].field(named: name.text) {
        if case .reference(let target) = catalog[entity][id].type, index + 1 < names.count {
          entity = target
          continue
        }
        let relations = catalog.relations(of: entity).map(\.name)
        report(
          .fieldAsRelation(
            plural: catalog[entity].name, name: name.text, relations: relations),
          at: name.range)
        return
      }
      if let relation = catalog.relation(named: name.text, of: entity) {
        entity = relation.entity
        continue
      }
      let known = catalog.relations(of: entity)
      let relations = known.map(\.name)
      let nearest = NearNames.nearest(
        to: name.text, among: relations + known.map(\.singular))
      let near = known.filter { nearest.contains($0.name) || nearest.contains($0.singular) }
        .map(\.name)
      report(
        .unknownRelation(
          plural: catalog[entity].name, name: name.text, near: near, relations: relations),
        at: name.range, fixes: fix(name.range, near))
      return
    }
  }

  /// A whole number of a quantity, from a literal or a parameter.
  mutating func bindCount(_ expression: Expression) -> Int64? {
    if let (literal, isNegative) = numberLiteral(expression), !isNegative, !literal.isPercent,
      literal.decimals == 0
    {
      return literal.unscaled
    }
    var found: BoundExpression?
    if case .parameter = expression.kind {
      found = bindValue(expression, expecting: .integer)
      if found == nil { return nil }
    }
    guard case .constant(.word(let count), .integer)? = found, count >= 0 else {
      report(.quantityExpected(text: text(expression)), at: expression.range)
      return nil
    }
    return count
  }
}

extension BoundExpression {
  /// Whether it reads a row outside the values of related records in it.
  var reachesOuter: Bool {
    switch self {
    case .outer: true
    case .related: false
    default: children.contains(where: \.reachesOuter)
    }
  }
}
