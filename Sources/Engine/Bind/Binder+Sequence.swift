import Store
import Syntax

// `has A … followed by B …`: an A for which there is, or is not, a later B of the same row. It is said
// as related records of related records: from the row to its A, back up, and down to the B.

extension Binder {
  /// `has A [window] [where C] [not] followed by B [window] [where C] [within T]`
  mutating func bindSequence(
    _ test: HasTest, _ next: FollowedBy, of expression: Expression
  ) -> BoundExpression? {
    guard let first = relation(test.first), let second = relation(next.records) else { return nil }
    guard let way = way(from: first, to: second) else {
      report(
        .sequenceOverReference(text: test.first.path.map(\.text).joined(separator: ".")),
        at: test.first.range)
      return nil
    }
    let length = next.within.map { bindLength($0) }
    if case .some(nil) = length { return nil }
    let isOnDays = !isTimed(first.entity) || !isTimed(second.entity)

    enter(first.entity)
    let earlier = bindRelatedCondition(test.first.window, test.first.filter, place: "has")
    let start = sequenceTime(at: test.first.range, isOnDays)
    leave()
    enter(second.entity)
    let later = bindRelatedCondition(
      next.records.window, next.records.filter, place: "followed by")
    let end = sequenceTime(at: next.records.range, isOnDays)
    leave()
    guard let earlier, let later, let start, let end else { return nil }

    var conditions = [BoundExpression.comparison(.greater, end, .outer(start))]
    let limit = (length ?? nil).map { length in
      BoundExpression.shift(start, months: length.months, days: length.days)
    }
    if let limit { conditions.append(.comparison(.lessOrEqual, end, .outer(limit))) }
    let moved = later.filter.map { $0.seenOver(way.hops) }
    if case .some(nil) = moved {
      report(.outerWithoutRow, at: next.records.range)
      return nil
    }
    let wantedLater = (moved ?? nil).map { [$0] } ?? []
    conditions += wantedLater
    let followed = BoundExpression.comparison(
      .greaterOrEqual,
      .related(
        BoundRelated(
          path: way.path, filter: conditions.count > 1 ? .and(conditions) : conditions[0],
          aggregate: BoundAggregate(kind: .count, argument: nil, type: .integer),
          text: Formatter.format(expression))),
      .constant(.word(1), .integer))

    noteSequence(
      next, from: first, over: way.path, earlier: earlier.filter, later: wantedLater,
      start: start, end: end, limit: limit, isOnDays: isOnDays, text: text(expression))
    var wanted = earlier.filter.map { [$0] } ?? []
    if next.isNegated, let limit {
      let day = converted(limit, to: .date) ?? limit
      wanted.append(.comparison(.lessOrEqual, day, .constant(.word(Int64(today)), .date)))
    }
    wanted.append(next.isNegated ? .not(followed) : followed)
    return .comparison(
      .greaterOrEqual,
      .related(
        BoundRelated(
          path: first, filter: wanted.count > 1 ? .and(wanted) : wanted[0],
          aggregate: BoundAggregate(kind: .count, argument: nil, type: .integer),
          text: text(expression))),
      .constant(.word(1), .integer))
  }

  /// What the footer counts: pairs that fall on one day, and records whose time has not passed.
  private mutating func noteSequence(
    _ next: FollowedBy, from first: RelatedPath, over way: RelatedPath,
    earlier: BoundExpression?, later wantedLater: [BoundExpression], start: BoundExpression,
    end: BoundExpression, limit: BoundExpression?, isOnDays: Bool, text: String
  ) {
    if isOnDays {
      var conditions = [.comparison(.equal, end, .outer(start))] + wantedLater
      if first.entity == way.entity {
        // A record is no pair with itself.
        let definition = catalog[way.entity]
        let key = BoundExpression.field(
          FieldPath(
            field: definition.key, type: definition[definition.key].type,
            text: definition[definition.key].name))
        conditions.append(.not(.comparison(.equal, key, .outer(key))))
      }
      let pairs = BoundExpression.related(
        BoundRelated(
          path: way, filter: conditions.count > 1 ? .and(conditions) : conditions[0],
          aggregate: BoundAggregate(kind: .count, argument: nil, type: .integer), text: text))
      noteAside(
        .sameDay(text: text),
        .related(
          BoundRelated(
            path: first, filter: earlier,
            aggregate: BoundAggregate(kind: .sum, argument: pairs, type: .integer), text: text)))
    }
    if next.isNegated, let limit {
      let day = converted(limit, to: .date) ?? limit
      let later = BoundExpression.comparison(
        .greater, day, .constant(.word(Int64(today)), .date))
      noteAside(
        .undecided(text: text),
        .related(
          BoundRelated(
            path: first, filter: earlier.map { .and([$0, later]) } ?? later,
            aggregate: BoundAggregate(kind: .count, argument: nil, type: .integer), text: text)))
    }
  }

  /// The way from the records of one relation back to their row and on to another's; the references
  /// that lead to the row.
  private func way(
    from first: RelatedPath, to second: RelatedPath
  ) -> (path: RelatedPath, hops: [FieldPath.Hop])? {
    // References before the relations are those of a computed field read over them: the row there is
    // what they lead to.
    let shared = first.steps.prefix { !$0.isDown }
    guard second.steps.starts(with: shared) else { return nil }
    var hops: [FieldPath.Hop] = []
    for step in first.steps.dropFirst(shared.count).reversed() {
      guard case .down(let entity, let field) = step,
        case .reference(let target) = catalog[entity][field].type
      else { return nil }
      hops.append(FieldPath.Hop(field: field, target: target))
    }
    let steps = hops.map { RelatedPath.Step.up($0) } + second.steps.dropFirst(shared.count)
    return (RelatedPath(steps: steps, entity: second.entity), hops)
  }

  /// Whether an entity's own time field has times, not only days.
  private func isTimed(_ entity: EntityID) -> Bool {
    catalog[entity].timeField.map { catalog[entity][$0].type == .time } ?? false
  }

  /// The own time of the records in scope, as days where either side has only those.
  private mutating func sequenceTime(
    at range: SourceRange, _ isOnDays: Bool
  ) -> BoundExpression? {
    guard let time = ownTime(at: range) else { return nil }
    return isOnDays ? converted(time, to: .date) : time
  }

  /// The months and days of `within T`.
  private mutating func bindLength(_ expression: Expression) -> (months: Int, days: Int)? {
    guard let (count, unit) = bindDuration(expression), (0...1_000_000).contains(count) else {
      reportLength(expression, after: "within")
      return nil
    }
    let number = Int(count)
    switch unit {
    case .day: return (0, number)
    case .week: return (0, 7 * number)
    case .month: return (number, 0)
    case .quarter: return (3 * number, 0)
    case .year: return (12 * number, 0)
    }
  }
}

extension BoundExpression {
  /// What a condition over related records says, seen from records that lead to the same row over
  /// references: what it reads of the row is read over these. Nil where a value of the row cannot be.
  fileprivate func seenOver(_ hops: [FieldPath.Hop]) -> BoundExpression? {
    switch self {
    case .outer(let expression): return expression.readOver(hops).map { .outer($0) }
    // Inside it, `outer` is this condition's own record.
    case .related: return self
    default: return mapChildren { $0.seenOver(hops) }
    }
  }

  /// The same expression, read from a record that leads to the row over references.
  private func readOver(_ hops: [FieldPath.Hop]) -> BoundExpression? {
    switch self {
    case .field(var path):
      path.hops = hops + path.hops
      return .field(path)
    case .related(var related):
      related.path.steps = hops.map { .up($0) } + related.path.steps
      return .related(related)
    case .perRow, .outer: return nil
    default: return mapChildren { $0.readOver(hops) }
    }
  }
}
