import Store
import Syntax

// `funnel S through STEP, … [within DURATION]`

/// The steps of a funnel while they are bound: the events they share are read once.
private struct FunnelDraft {
  var steps: [Funnel.Step] = []
  var found: [FoundEvents] = []
  var moments: [Int?] = []
  /// The relation of each of `found`, nil for the history of stages.
  var relations: [Store.Relation?] = []
  var stages: FoundStages?
}

extension Binder {
  /// `funnel S through STEP, … [within DURATION]`
  mutating func bindFunnel(
    _ call: VerbCall, _ steps: [FunnelStep], within: Expression?
  ) -> BoundAnalysis? {
    guard steps.count <= Funnel.stepCountMax else {
      report(
        .optionOutOfRange(
          option: "through", found: "\(steps.count) steps",
          expected: "at most \(Funnel.stepCountMax) steps"),
        at: call.verbRange)
      return nil
    }
    var draft = FunnelDraft()
    let choices = stageChoices(of: call)
    var hasFailed = false
    for step in steps {
      if !bind(step.relation, of: call, choices, &draft) {
        if call.events != nil || draft.stages == nil, isStage(step.relation, choices) { return nil }
        hasFailed = true
      }
    }
    if hasFailed { return nil }
    guard bindConditions(steps, of: call, &draft) else { return nil }
    var limit: (months: Int, days: Int, text: String)?
    if let within {
      guard let (count, unit) = bindDuration(within), count >= 0, count <= 1_000_000 else {
        report(
          .optionOutOfRange(
            option: "within", found: text(within), expected: "a duration such as '90 days'"),
          at: within.range)
        return nil
      }
      let (months, days) = Periods.monthsAndDays(Int(count), unit)
      guard months <= 12 * 9_998 else {
        report(.dateOutOfRange(text: text(within)), at: within.range)
        return nil
      }
      limit = (months, days, "\(count) \(unit.rawValue)\(count == 1 ? "" : "s")")
    }
    let now = draft.stages?.now
    return folding(
      call,
      Funnel(
        steps: draft.steps, moments: draft.moments, within: limit,
        ways: draft.stages.map { StageWays($0.choices, usualMoves: $0.usualMoves) },
        hasSince: now?.since != nil, hasBegan: now?.began != nil),
      draft.found,
      values: now.map { [$0.stage, $0.since, $0.began].compactMap { $0 } } ?? [])
  }

  /// The stages that a step may be, without binding anything.
  private func stageChoices(of call: VerbCall) -> ChoiceList? {
    if let clause = call.events, let last = clause.fields.last {
      var binder = self
      let entity =
        catalog.relation(named: clause.name.text, of: query.entity)?.entity ?? query.entity
      binder.enter(entity)
      if case .choice(let choices)? = binder.bindValue(last)?.type { return choices }
      return nil
    }
    return
      (TrackedField(of: query.entity, in: catalog)
      ?? TrackedField(recordedBy: query.entity, in: catalog))?.choices
  }

  private func isStage(_ step: QualifiedRelation, _ choices: ChoiceList?) -> Bool {
    choices?.code(of: step.name.text) != nil
  }

  /// Finds what a step is; the conditions of relations come later, all of a relation together.
  private mutating func bind(
    _ step: QualifiedRelation, of call: VerbCall, _ choices: ChoiceList?, _ draft: inout FunnelDraft
  ) -> Bool {
    let entity = query.entity
    let relation =
      call.events == nil || catalog.relation(named: call.events?.name.text ?? "", of: entity) != nil
      ? catalog.relation(named: step.name.text, of: entity) : nil
    let code = choices?.code(of: step.name.text)
    switch (code, relation) {
    case (_?, _?) where step.condition == nil:
      report(.stageOrRelation(name: step.name.text), at: step.range)
      return false
    case (_, let relation?) where code == nil || step.condition != nil:
      if let place = draft.relations.firstIndex(of: relation) {
        draft.steps.append(Funnel.Step(text: text(step), list: place))
        return true
      }
      let need = EventNeed(
        role: .contacts, what: "events", fields: [.moment], needsTime: true)
      var own = call
      own.events = nil
      guard let found = bindRelatedEvents(need, relation, of: own) else { return false }
      draft.moments.append(found.events.values[0].type == .time ? 0 : nil)
      draft.steps.append(Funnel.Step(text: text(step), list: draft.found.count))
      draft.found.append(found)
      draft.relations.append(relation)
      return true
    case (let code?, _):
      guard step.condition == nil else {
        report(
          .stageCondition(name: step.name.text, plural: catalog[entity].name), at: step.range)
        return false
      }
      return bindStage(code, step, of: call, &draft)
    default:
      if choices == nil, catalog.relations(of: entity).isEmpty { return bindNoStage(call) }
      let stages = choices?.names ?? []
      let relations = catalog.relations(of: entity).map(\.name)
      let near = NearNames.nearest(to: step.name.text, among: stages + relations)
      report(
        .unknownStep(
          name: step.name.text, plural: catalog[entity].name, near: near, stages: stages,
          relations: relations),
        at: step.name.range, fixes: fix(step.name.range, near))
      return false
    }
  }

  /// A source without stages and relations: says what is looked for.
  private mutating func bindNoStage(_ call: VerbCall) -> Bool {
    _ = bindStages(call)
    return false
  }

  private mutating func bindStage(
    _ code: UInt8, _ step: QualifiedRelation, of call: VerbCall, _ draft: inout FunnelDraft
  ) -> Bool {
    if draft.stages == nil {
      guard let stages = bindStages(call) else { return false }
      draft.stages = stages
      draft.found.append(stages.found)
      draft.relations.append(nil)
      draft.moments.append(stages.found.events.values[2].type == .time ? 2 : nil)
    }
    guard let stages = draft.stages, let list = draft.relations.firstIndex(of: nil) else {
      return false
    }
    draft.steps.append(
      Funnel.Step(text: stages.choices.names[Int(code)], list: list, stage: code))
    return true
  }

  /// Binds the conditions of the relations' steps, and reads no more records than may be one of them.
  private mutating func bindConditions(
    _ steps: [FunnelStep], of call: VerbCall, _ draft: inout FunnelDraft
  ) -> Bool {
    for (list, relation) in draft.relations.enumerated() {
      guard let relation else { continue }
      let own = draft.steps.indices.filter { draft.steps[$0].list == list }
      var conditions: [BoundExpression?] = []
      for step in own {
        guard let condition = steps[step].relation.condition else {
          conditions.append(nil)
          continue
        }
        guard let bound = bindRelated(condition, in: relation.entity) else { return false }
        conditions.append(bound)
      }
      keep(conditions, of: own, list, &draft)
    }
    return true
  }

  /// Puts the conditions of one relation's steps into its events.
  private func keep(
    _ conditions: [BoundExpression?], of own: [Int], _ list: Int, _ draft: inout FunnelDraft
  ) {
    var conditions = conditions
    let valid = draft.found[list].events.valid
    // A condition that speaks of what makes records count decides that for its step.
    if let valid, conditions.contains(where: { $0.map { decides($0, valid) } ?? false }) {
      draft.found[list].events.valid = nil
      conditions = conditions.map { condition in
        guard let condition else { return valid }
        return decides(condition, valid) ? condition : .and([condition, valid])
      }
    }
    let written = conditions.compactMap { $0 }
    if written.count == conditions.count {
      draft.found[list].events.filter = written.count > 1 ? .or(written) : written[0]
    }
    guard own.count > 1 else { return }
    for (step, condition) in zip(own, conditions) {
      guard let condition else { continue }
      draft.steps[step].flag = draft.found[list].events.values.count
      draft.found[list].events.values.append(condition)
    }
  }
}
