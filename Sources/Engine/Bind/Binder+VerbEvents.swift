import Store
import Syntax

// The events that an analytic verb reads: which they are, and what is read of each.

/// The events that a verb asks for.
struct EventNeed {
  /// What they mean.
  var role: EntityRole
  /// What they are called in messages: `purchases`.
  var what: String
  /// What is read of each beside the day.
  var fields: [EventField] = []
  /// Whether ties of a day are told apart by the time of day.
  var needsTime = false
  /// Whether the verb's period is told of each event, after `fields`, instead of leaving others out.
  var marksPeriod = false
  /// Whether the time of day is read as the last of the values, where events have one.
  var readsTime = false

  /// Something read of an event.
  enum EventField {
    /// What is added up: the money field of the events, or the second one after `by`.
    case amount
    /// The same where there is one.
    case amountIfAny
    /// A field by its name.
    case named(String)
    /// A choice: the next one after `by`; what it is, in messages.
    case choice(String)
    /// When it happened, a date or a time.
    case moment
    /// How a moment went: the field `outcome`, or the next one after `by`.
    case outcome
    /// A number given as an answer: the field of this name, or the next one after `by`.
    case answer(String)
  }
}

extension EventNeed.EventField {
  /// What stands for it after `by`, in messages; nil where it has its own name.
  var words: String? {
    switch self {
    case .amount, .amountIfAny: "an amount"
    case .named, .moment: nil
    case .choice(let what): what
    case .outcome: "an outcome"
    case .answer(let name): "an \(name)"
    }
  }
}

/// Where a verb's events come from.
struct FoundEvents {
  var events: BoundEvents
  /// Where the records that come in are the events: whose they are.
  var key: (expression: BoundExpression, column: AnalysisColumn)?
}

extension Binder {
  /// The events that a verb reads of its subjects: those named after `of`, the records that come in
  /// where these are such events themselves, else those of the one relation known as such.
  mutating func bindEvents(_ need: EventNeed, of call: VerbCall) -> FoundEvents? {
    let entity = query.entity
    if let clause = call.events { return bindNamedEvents(need, clause, of: call) }
    if catalog[entity].role == need.role {
      guard let key = owner(of: entity) else {
        reportNoEvents(need, of: call)
        return nil
      }
      return bindOwnEvents(need, of: call, key: key)
    }
    let relations = catalog.relations(of: entity).filter { catalog[$0.entity].role == need.role }
    guard let relation = relations.first else {
      reportNoEvents(need, of: call)
      return nil
    }
    guard relations.count == 1 else {
      let names = relations.map(\.name)
      report(
        .severalEvents(
          verb: call.verb, plural: catalog[entity].name, what: need.what, relations: names,
          example: example(need, of: call, relation)),
        at: sourceRange(of: call))
      return nil
    }
    return bindRelatedEvents(need, relation, of: call)
  }

  /// `of deals by closed_on, amount`
  private mutating func bindNamedEvents(
    _ need: EventNeed, _ clause: EventsClause, of call: VerbCall
  ) -> FoundEvents? {
    let entity = query.entity
    if let relation = catalog.relation(named: clause.name.text, of: entity) {
      return bindRelatedEvents(need, relation, of: call)
    }
    guard let field = catalog[entity].field(named: clause.name.text) else {
      let relations = catalog.relations(of: entity).map(\.name)
      let near = NearNames.nearest(
        to: clause.name.text, among: relations + catalog[entity].fields.map(\.name))
      report(
        .unknownEvents(
          plural: catalog[entity].name, name: clause.name.text, near: near, relations: relations),
        at: clause.name.range, fixes: fix(clause.name.range, near))
      return nil
    }
    mention(.field(entity, field), at: clause.name.range)
    return bindOwnEvents(need, of: call, key: field)
  }

  /// Events reached over a relation.
  mutating func bindRelatedEvents(
    _ need: EventNeed, _ relation: Store.Relation, of call: VerbCall
  ) -> FoundEvents? {
    enter(relation.entity)
    defer { leave() }
    let path = RelatedPath(
      steps: [.down(relation.entity, relation.field)], entity: relation.entity)
    return bindFields(need, of: call, entity: relation.entity, path: path).map {
      FoundEvents(events: $0)
    }
  }

  /// The records that come in as events of the values of one of their fields.
  mutating func bindOwnEvents(
    _ need: EventNeed, of call: VerbCall, key: FieldID
  ) -> FoundEvents? {
    let entity = query.entity
    let field = catalog[entity][key]
    guard let events = bindFields(need, of: call, entity: entity, path: nil) else { return nil }
    let path = FieldPath(field: key, type: field.type, text: field.name)
    return FoundEvents(
      events: events,
      key: (pinned(path, of: entity), AnalysisColumn(field.name, field.type)))
  }

  /// What is read of the events in scope.
  mutating func bindFields(
    _ need: EventNeed, of call: VerbCall, entity: EntityID, path: RelatedPath?
  ) -> BoundEvents? {
    let written = call.events?.fields
    var fields = written ?? []
    var day: BoundExpression?
    if fields.isEmpty, written == nil {
      guard let own = ownTime(at: sourceRange(of: call)) else { return nil }
      day = own
    } else {
      guard let first = fields.first else { return nil }
      fields.removeFirst()
      day = bindDay(first)
    }
    guard let own = day, let day = own.type == .date ? own : converted(own, to: .date) else {
      return nil
    }
    var values: [BoundExpression] = []
    for field in need.fields {
      if case .moment = field {
        values.append(own)
        continue
      }
      if case .amountIfAny = field, written == nil ? money(of: entity) == nil : fields.isEmpty {
        continue
      }
      guard
        let value = bindField(
          field, &fields, need, of: call, entity: entity, isWritten: written != nil)
      else { return nil }
      values.append(value)
    }
    if let extra = fields.first {
      report(
        .eventFields(
          verb: call.verb, found: (written?.count ?? 0), expected: expectedFields(of: need)),
        at: extra.range)
      return nil
    }
    var events = BoundEvents(
      path: path, entity: entity, day: day, isByOwnTime: written == nil && path != nil,
      values: values)
    if need.needsTime, own.type == .time, !events.isByOwnTime { events.time = own }
    if need.readsTime, own.type == .time { events.values.append(own) }
    if let valid = catalog[entity].validWhen {
      let name = Name(valid, range: call.range)
      events.valid = bindCondition(
        Expression(.path([name]), range: call.range), place: "valid when")
    }
    if let period = call.period {
      guard let bound = bindWindow(period, on: own, written: nil) else { return nil }
      if need.marksPeriod { events.values.append(bound) } else { events.filter = bound }
    }
    return events
  }

  private mutating func bindDay(_ expression: Expression) -> BoundExpression? {
    guard let bound = bindValue(expression) else { return nil }
    guard bound.type == .date || bound.type == .time else {
      report(.dayExpected(text: text(expression), type: bound.type.name), at: expression.range)
      return nil
    }
    return bound
  }

  private mutating func bindField(
    _ field: EventNeed.EventField, _ written: inout [Expression], _ need: EventNeed,
    of call: VerbCall, entity: EntityID, isWritten: Bool
  ) -> BoundExpression? {
    switch field {
    case .named(let name):
      guard let id = catalog[entity].field(named: name) else {
        report(
          .noEventField(verb: call.verb, plural: catalog[entity].name, field: name),
          at: sourceRange(of: call))
        return nil
      }
      return bindPath([Name(catalog[entity][id].name, range: call.range)], at: call.range)
    case .moment: return nil
    case .choice:
      guard let expression = takeWritten(&written, need, of: call) else { return nil }
      return bindEventChoice(expression)
    case .amount, .amountIfAny:
      if isWritten {
        return takeWritten(&written, need, of: call).flatMap { bindEventAmount($0) }
      }
      guard let id = money(of: entity) else {
        report(
          .noEventField(verb: call.verb, plural: catalog[entity].name, field: "amount"),
          at: sourceRange(of: call))
        return nil
      }
      return pinned(
        FieldPath(field: id, type: .money, text: catalog[entity][id].name), of: entity)
    case .outcome:
      return bindNext(&written, or: "outcome", need, of: call, entity).flatMap { bindOutcome($0) }
    case .answer(let name):
      return bindNext(&written, or: name, need, of: call, entity).flatMap { bindAnswer($0) }
    }
  }

  /// The next field after `by`, or a report of what is expected there.
  private mutating func takeWritten(
    _ written: inout [Expression], _ need: EventNeed, of call: VerbCall
  ) -> Expression? {
    if !written.isEmpty { return written.removeFirst() }
    report(
      .eventFields(
        verb: call.verb, found: call.events?.fields.count ?? 0, expected: expectedFields(of: need)),
      at: call.events?.range ?? call.range)
    return nil
  }

  /// What the records of an entity are worth: their field `amount`, else their first of money.
  private func money(of entity: EntityID) -> FieldID? {
    let named = catalog[entity].field(named: "amount").flatMap {
      catalog[entity][$0].type == .money ? $0 : nil
    }
    return named
      ?? catalog[entity].fields.firstIndex { $0.type == .money && !$0.isComputed }
      .map(FieldID.init)
  }

  private mutating func bindEventChoice(_ expression: Expression) -> BoundExpression? {
    guard let bound = bindValue(expression) else { return nil }
    if case .choice = bound.type { return bound }
    report(.stageExpected(text: text(expression), type: bound.type.name), at: expression.range)
    return nil
  }

  /// The next field after `by`; the entity's field of that name where nothing is written.
  private mutating func bindNext(
    _ written: inout [Expression], or name: String, _ need: EventNeed, of call: VerbCall,
    _ entity: EntityID
  ) -> Expression? {
    if !written.isEmpty { return written.removeFirst() }
    let range = sourceRange(of: call)
    if let id = catalog[entity].field(named: name) {
      return Expression(.path([Name(catalog[entity][id].name, range: range)]), range: range)
    }
    let relation = catalog.relations(of: query.entity).first { $0.entity == entity }
    let key = owner(of: entity).map { catalog[entity][$0].name }
    report(
      .eventFieldNeeded(
        verb: call.verb, plural: catalog[entity].name, field: name,
        written: example(
          need, of: call,
          named: call.events?.name.text ?? relation?.name ?? key ?? catalog[entity].name, entity)),
      at: call.events?.range ?? range)
    return nil
  }

  /// What is added up, as money: whole numbers are whole units, others are rounded to cents.
  mutating func bindEventAmount(_ expression: Expression) -> BoundExpression? {
    guard let bound = bindValue(expression) else { return nil }
    switch bound.type {
    case .money: return bound
    case .integer: return .convert(.integerToMoney, bound)
    case .number:
      note(.verb(.roundedAmounts(text: text(expression))))
      return .arithmetic(.multiplyMoney, .constant(.word(100), .money), bound)
    default:
      report(.amountExpected(text: text(expression), type: bound.type.name), at: expression.range)
      return nil
    }
  }

  private func expectedFields(of need: EventNeed) -> [String] {
    ["a date"] + need.fields.compactMap(\.words)
  }

  /// Whose events the records of an entity are: their first reference.
  func owner(of entity: EntityID) -> FieldID? {
    catalog[entity].fields.firstIndex {
      if case .reference = $0.type { !$0.isComputed } else { false }
    }.map(FieldID.init)
  }

  /// Where a verb's source stands.
  func sourceRange(of call: VerbCall) -> SourceRange {
    switch call.source {
    case .named(let name): name.range
    case .it(let range): range
    case .query(let query): query.range
    case .verb(let inner): inner.range
    }
  }

  private mutating func reportNoEvents(_ need: EventNeed, of call: VerbCall) {
    let candidate = catalog.relations(of: query.entity).first { offers(need, of: $0.entity) }
    report(
      .noEvents(
        verb: call.verb, plural: catalog[query.entity].name, what: need.what,
        candidate: candidate.map { example(need, of: call, $0) }),
      at: sourceRange(of: call))
  }

  /// Whether the records of an entity have a day, and fields for all that is read of events.
  private func offers(_ need: EventNeed, of events: EntityID) -> Bool {
    let entity = catalog[events]
    let hasDay = entity.fields.contains { $0.type == .date || $0.type == .time }
    return hasDay
      && need.fields.allSatisfy { field in
        switch field {
        case .amount: amount(of: events) != nil
        case .named(let name), .answer(let name): entity.field(named: name) != nil
        case .outcome: entity.field(named: "outcome") != nil
        case .choice: entity.fields.contains { if case .choice = $0.type { true } else { false } }
        case .amountIfAny, .moment: true
        }
      }
  }

  /// What could be added up of an entity: money, else a number that is not its key.
  private func amount(of events: EntityID) -> FieldID? {
    let entity = catalog[events]
    let numbers = entity.fields.indices.map(FieldID.init).filter {
      $0 != entity.key && (entity[$0].type == .number || entity[$0].type == .integer)
    }
    return money(of: events) ?? numbers.first
  }

  /// A call that names a relation and its fields.
  private func example(
    _ need: EventNeed, of call: VerbCall, _ relation: Store.Relation
  ) -> String {
    example(need, of: call, named: relation.name, relation.entity)
  }

  private func example(
    _ need: EventNeed, of call: VerbCall, named name: String, _ events: EntityID
  ) -> String {
    let entity = catalog[events]
    var fields = [
      entity.timeField.map { entity[$0].name }
        ?? entity.fields.first { $0.type == .date || $0.type == .time }?.name ?? "date"
    ]
    for field in need.fields {
      switch field {
      case .amount, .amountIfAny:
        fields.append(amount(of: events).map { entity[$0].name } ?? "amount")
      case .outcome: fields.append("outcome")
      case .answer(let name): fields.append(name)
      case .choice(let what): fields.append(what)
      case .named, .moment: break
      }
    }
    let names = ([name] + fields).map(spelled)
    return "\(call.verb.rawValue) \(spelled(catalog[query.entity].name)) of \(names[0]) by "
      + names.dropFirst().joined(separator: ", ")
  }
}
