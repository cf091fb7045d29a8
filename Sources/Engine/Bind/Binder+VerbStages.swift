import Store
import Syntax

// What cohort, funnel and transitions read: relations that options name, and histories of stages.

/// The recorded changes of a choice that a verb reads.
struct FoundStages {
  /// The changes; the values of each are the code before, the code after, and when it happened.
  var found: FoundEvents
  /// The stages.
  var choices: ChoiceList
  /// The moves that need no `anyway`, by code, where the field has a list of them.
  var usualMoves: [UInt8: Set<UInt8>]?
  /// Of a subject: its stage, since when it has it, and when the subject itself began; nil for what
  /// it has not.
  var now: (stage: BoundExpression, since: BoundExpression?, began: BoundExpression?)?
}

extension Binder {
  // MARK: relations

  /// The records of a relation of the source, those that a condition keeps, at their own time.
  ///
  /// Records that their entity says do not count are left out, unless the condition itself speaks of
  /// what decides that.
  mutating func bindEvents(
    _ need: EventNeed, over named: QualifiedRelation, of call: VerbCall
  ) -> FoundEvents? {
    if let clause = call.events {
      report(
        .eventsTwice(verb: call.verb, name: clause.name.text, over: named.name.text),
        at: clause.range)
      return nil
    }
    let entity = query.entity
    guard let relation = catalog.relation(named: named.name.text, of: entity) else {
      let relations = catalog.relations(of: entity).map(\.name)
      let near = NearNames.nearest(to: named.name.text, among: relations)
      report(
        .unknownEvents(
          plural: catalog[entity].name, name: named.name.text, near: near, relations: relations),
        at: named.name.range, fixes: fix(named.name.range, near))
      return nil
    }
    guard var found = bindRelatedEvents(need, relation, of: call) else { return nil }
    if let condition = named.condition {
      guard let bound = bindRelated(condition, in: relation.entity) else { return nil }
      found.events.filter = bound
      if let valid = found.events.valid, decides(bound, valid) { found.events.valid = nil }
    }
    return found
  }

  /// A condition on the records of an entity.
  mutating func bindRelated(_ condition: Expression, in entity: EntityID) -> BoundExpression? {
    enter(entity)
    defer { leave() }
    return bindCondition(condition, place: "where")
  }

  /// Whether a condition speaks of a field on which it depends whether a record counts.
  func decides(_ condition: BoundExpression, _ valid: BoundExpression) -> Bool {
    !condition.ownFields.isDisjoint(with: valid.ownFields)
  }

  /// A relation with its condition as written.
  func text(_ relation: QualifiedRelation) -> String {
    let name = spelled(relation.name.text)
    return relation.condition.map { "\(name) where (\(text($0)))" } ?? name
  }

  // MARK: stages

  /// The history that a verb reads: named after `of`, of the source's tracked choice, or the source
  /// itself where it records one.
  mutating func bindStages(_ call: VerbCall, marksPeriod: Bool = false) -> FoundStages? {
    let entity = query.entity
    if call.events != nil { return bindNamedStages(call, marksPeriod) }
    if let tracked = TrackedField(of: entity, in: catalog) {
      let history = tracked.history
      let relation = catalog.relations(of: entity).first {
        $0.entity == history.entity && $0.field == history.record
      }
      guard let relation,
        let found = bindRelatedEvents(
          need(of: history, marksPeriod), relation, of: call)
      else { return nil }
      return FoundStages(
        found: found, choices: tracked.choices,
        usualMoves: catalog[entity][tracked.field].usualMoves, now: now(of: tracked))
    }
    if let tracked = TrackedField(recordedBy: entity, in: catalog) {
      let history = tracked.history
      guard
        let found = bindOwnEvents(need(of: history, marksPeriod), of: call, key: history.record)
      else { return nil }
      return FoundStages(
        found: found, choices: tracked.choices,
        usualMoves: catalog[tracked.entity][tracked.field].usualMoves)
    }
    reportNoStages(call)
    return nil
  }

  /// `of deal_changes by at, before, after`
  private mutating func bindNamedStages(_ call: VerbCall, _ marksPeriod: Bool) -> FoundStages? {
    let need = EventNeed(
      role: .stageHistory, what: "changes",
      fields: [.choice("the stage before"), .choice("the stage after"), .moment],
      needsTime: true, marksPeriod: marksPeriod)
    guard let found = bindEvents(need, of: call) else { return nil }
    let (from, to) = (found.events.values[0], found.events.values[1])
    guard from.type == to.type, case .choice(let choices) = to.type else {
      let fields = call.events?.fields.dropFirst().map { text($0) } ?? []
      report(
        .stagesDiffer(from: fields.first ?? "", to: fields.last ?? ""),
        at: call.events?.range ?? call.range)
      return nil
    }
    // A history that a field is tracked by has that field's usual moves.
    let tracked = TrackedField(recordedBy: found.events.entity, in: catalog)
    let field = tracked.flatMap { $0.choices == choices ? catalog[$0.entity][$0.field] : nil }
    return FoundStages(found: found, choices: choices, usualMoves: field?.usualMoves)
  }

  private func need(of history: StageHistory, _ marksPeriod: Bool) -> EventNeed {
    let definition = catalog[history.entity]
    return EventNeed(
      role: .stageHistory, what: "changes",
      fields: [
        .named(definition[history.from].name), .named(definition[history.to].name), .moment,
      ],
      needsTime: true, marksPeriod: marksPeriod)
  }

  /// What the records in scope say themselves of their stage.
  private func now(
    of tracked: TrackedField
  ) -> (stage: BoundExpression, since: BoundExpression?, began: BoundExpression?) {
    func value(_ id: FieldID) -> BoundExpression {
      let field = catalog[tracked.entity][id]
      return pinned(
        FieldPath(field: id, type: field.type, text: field.name), of: tracked.entity)
    }
    let began = catalog[tracked.entity].timeField.map(value)
    return (
      value(tracked.field), tracked.since.map(value),
      began.flatMap { converted($0, to: .date) ?? $0 }
    )
  }

  private mutating func reportNoStages(_ call: VerbCall) {
    let entity = query.entity
    var example: String?
    for relation in catalog.relations(of: entity) where example == nil {
      let fields = catalog[relation.entity].fields.filter { !$0.isComputed }
      let choices = fields.filter { if case .choice = $0.type { true } else { false } }
      guard let day = fields.first(where: { $0.type == .date || $0.type == .time }),
        let from = choices.first,
        let to = choices.dropFirst().first(where: { $0.type == from.type })
      else { continue }
      let names = [relation.name, day.name, from.name, to.name].map(spelled)
      example =
        "\(call.verb.rawValue) \(spelled(catalog[entity].name)) of \(names[0]) by "
        + names.dropFirst().joined(separator: ", ")
    }
    let tracked = catalog.entities.indices.compactMap {
      TrackedField(of: EntityID($0), in: catalog)
    }.first
    report(
      .noStages(
        verb: call.verb, plural: catalog[entity].name,
        example: example
          ?? tracked.map { "\(call.verb.rawValue) \(spelled(catalog[$0.entity].name))" }),
      at: sourceRange(of: call))
  }
}

extension BoundExpression {
  /// The fields of the row itself that it depends on.
  fileprivate var ownFields: Set<FieldPath> {
    if case .field(let path) = self {
      var path = path
      path.text = ""
      return [path]
    }
    return children.reduce(into: []) { $0.formUnion($1.ownFields) }
  }
}
