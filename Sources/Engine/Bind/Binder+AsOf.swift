import Store
import Syntax

// `as of D`: `today` is D, and every record reached is seen as it was then. All of it is said in the
// bound expressions, so nothing that runs or translates them knows of it.

extension Binder {
  /// `as of D` of the first round.
  mutating func bindAsOf(_ clause: AsOfClause) {
    guard let bound = bindValue(clause.day, expecting: .date) else { return }
    guard case .constant(.word(let day), .date) = bound else {
      report(.asOfNeedsDay(text: text(clause.day)), at: clause.day.range)
      return
    }
    asOf = Int(day)
    today = Int(day)
    note(.asOf(day: Int(day)))
  }

  /// Remembers that the tracked field of the source is seen on the day of `as of`, if the query does.
  mutating func noteTrackedAsOf() {
    guard let asOf, let tracked = TrackedField(of: query.entity, in: catalog),
      query.relatedPaths().contains(where: { $0.entity == tracked.history.entity })
    else { return }
    let name = catalog[query.entity][tracked.field].name
    let path = FieldPath(
      field: tracked.field, type: catalog[query.entity][tracked.field].type, text: name)
    let day = BoundExpression.constant(.word(Int64(asOf)), .date)
    let value = valueOn(trackedValue(tracked, path), day)
    let kind = BoundAside.Kind.unknownPast(field: name, day: asOf)
    guard !query.asides.contains(where: { $0.kind == kind }) else { return }
    query.asides.append(
      BoundAside(
        kind: kind,
        count: .call(
          .choose,
          [.isKnown(value), .constant(.word(0), .integer), .constant(.word(1), .integer)],
          .integer)))
  }

  /// Leaves out of the source what was not there yet.
  mutating func bindPresence() {
    guard query.rounds.isEmpty, let asOf, let present = presence.first else { return }
    round.window = round.window.map { .and([$0, present]) } ?? present
    round.windowParts.append(
      BoundCondition(origin: .presence(day: asOf), expression: present))
  }

  /// The condition that a record of an entity was there: its own time field is not later. Records
  /// without a time count as there.
  func isPresent(_ entity: EntityID, over hops: [FieldPath.Hop] = []) -> BoundExpression? {
    guard let asOf, let id = catalog[entity].timeField else { return nil }
    let field = catalog[entity][id]
    let path = FieldPath(hops: hops, field: id, type: field.type, text: field.name)
    let time = converted(.field(path), to: .date) ?? .field(path)
    return .not(.comparison(.greater, time, .constant(.word(Int64(asOf)), .date)))
  }

  /// The condition on the records in scope that they were there; none without `as of`.
  var presence: [BoundExpression] {
    guard let entity = scope.entity, let present = isPresent(entity) else { return [] }
    return [present]
  }

  /// A stored field as it was: unknown where the record it is read from was not there yet, or what it
  /// dates had not happened; a tracked choice by its history.
  func pinned(_ path: FieldPath, of entity: EntityID) -> BoundExpression {
    guard let asOf else { return .field(path) }
    let field = catalog[entity][path.field]
    let day = BoundExpression.constant(.word(Int64(asOf)), .date)
    var value = BoundExpression.field(path)
    if let tracked = TrackedField(of: entity, in: catalog), tracked.field == path.field {
      value = valueOn(trackedValue(tracked, path), day)
    } else if field.isEvent, field.type == .date || field.type == .time {
      let happened = converted(value, to: .date) ?? value
      value = .call(
        .choose,
        [.comparison(.lessOrEqual, happened, day), value, .constant(.unknown, field.type)],
        field.type)
    }
    var conditions: [BoundExpression] = []
    var hops: [FieldPath.Hop] = []
    for hop in path.hops {
      hops.append(hop)
      if let present = isPresent(hop.target, over: hops) { conditions.append(present) }
    }
    guard !conditions.isEmpty else { return value }
    return .call(
      .choose,
      [
        conditions.count > 1 ? .and(conditions) : conditions[0], value,
        .constant(.unknown, value.type),
      ], value.type)
  }
}
