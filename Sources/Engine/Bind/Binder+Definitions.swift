import Store
import Syntax

// Definitions as they are made: each is bound as it would be where it is used.

/// What a definition turned out to be.
struct CheckedDefinition {
  /// Whose records it is about; nil for a standard.
  var entity: EntityID?
  /// The type of a computed field's values.
  var type: ValueType?
  /// What the names in its text stand for, by their place in the statement it was bound in.
  var mentions: [(range: SourceRange, mention: Mention)] = []
}

extension Binder {
  // MARK: the kinds

  /// Binds `vip as customers where …`. The catalog may have it already.
  func check(_ segment: SegmentDefinition) throws(Failure) -> CheckedDefinition {
    try check(.segment(Folding.fold(segment.name.text)), segment.name.text) { binder in
      guard let entity = binder.bindShape(of: segment) else { return nil }
      guard binder.bindMembers(segment.query, of: entity) != nil else { return nil }
      return CheckedDefinition(entity: entity)
    }
  }

  /// Binds `fast_fix as median(…) <= 5 by 2026-12-31 agreed "…"`.
  func check(_ standard: StandardDefinition) throws(Failure) -> CheckedDefinition {
    try check(.standard(Folding.fold(standard.name.text)), standard.name.text) { binder in
      let measure = binder.bindStored(standard.measure, expecting: nil)
      let target = binder.bindStored(standard.target, expecting: measure?.type)
      for (bound, expression) in [(measure, standard.measure), (target, standard.target)] {
        guard let bound, !bound.type.isMeasure else { continue }
        binder.report(
          .standardNeedsNumber(text: binder.text(expression), type: bound.type.name),
          at: expression.range)
      }
      if binder.day(of: standard) == nil, binder.diagnostics.isEmpty {
        binder.report(.targetNotFixed(text: binder.text(standard.by)), at: standard.by.range)
      }
      return CheckedDefinition()
    }
  }

  /// The day by which a standard is to be met.
  mutating func day(of standard: StandardDefinition) -> Int? {
    guard case .constant(.word(let day), .date)? = bindValue(standard.by, expecting: .date) else {
      return nil
    }
    return Int(day)
  }

  /// Binds `call_owner when … priority 1 say "…"`.
  func check(_ action: ActionDefinition) throws(Failure) -> CheckedDefinition {
    try check(.action(Folding.fold(action.name.text)), action.name.text) { binder in
      let name = action.entity ?? Name("customers", range: action.name.range)
      guard binder.bindEntity(name) else { return nil }
      if binder.priority(of: action) == nil {
        binder.report(
          .priorityOutOfRange(text: binder.text(action.priority)), at: action.priority.range)
      }
      let entity = binder.query.entity
      binder.population = (entity, nil)
      _ = binder.bindCondition(action.condition, place: "when")
      return CheckedDefinition(entity: entity)
    }
  }

  /// How urgent an action is; nil where that is no whole number.
  mutating func priority(of action: ActionDefinition) -> Int64? {
    guard let priority = bindCount(action.priority), priority >= 1 else { return nil }
    return priority
  }

  /// Binds `customers.margin as value - cost`, which the catalog has as `field`.
  func check(
    _ definition: ComputedFieldDefinition, as field: FieldID, of entity: EntityID
  ) throws(Failure) -> CheckedDefinition {
    let name = catalog[entity][field].name
    return try check(.field(entity, field), name) { binder in
      binder.mention(.entity(entity), at: definition.entity.range)
      binder.mention(.field(entity, field), at: definition.name.range)
      binder.scope = Scope(.records(entity, hops: [], prefix: ""))
      binder.query.entity = entity
      binder.clause = .definition
      guard let bound = binder.bindValue(definition.expression) else { return nil }
      return CheckedDefinition(entity: entity, type: bound.type)
    }
  }

  private func check(
    _ subject: OpenName.Subject, _ name: String,
    _ bind: (inout Binder) -> CheckedDefinition?
  ) throws(Failure) -> CheckedDefinition {
    var binder = self
    binder.openNames = [OpenName(subject: subject, name: name, range: nil)]
    var checked = bind(&binder)
    try binder.finish()
    checked?.mentions = binder.mentions
    guard let checked else { preconditionFailure("what is not bound is reported") }
    return checked
  }

  // MARK: segments

  /// The entity of a segment's records; what more than a window and a condition stands there is
  /// reported.
  private mutating func bindShape(of segment: SegmentDefinition) -> EntityID? {
    let query = segment.query
    if let extra = query.clauseBeyondCondition {
      report(
        .tooMuchForSegment(clause: extra.word, example: frozen(segment)),
        at: extra.range ?? query.range)
      return nil
    }
    guard case .named(let name) = query.source else { return nil }
    if catalog.entity(named: name.text) == nil,
      let base = catalog.definition(.segment, named: name.text)
    {
      return base.entity.flatMap(catalog.entity(named:))
    }
    return bindEntity(name) ? self.query.entity : nil
  }

  /// The statement that keeps the records of what is no segment; nil where it gives no records.
  private func frozen(_ segment: SegmentDefinition) -> String? {
    var query = segment.query
    let isPlain =
      query.window == nil && query.asOf == nil && query.rounds.count == 1
      && query.rounds[0].filter == nil && query.rounds[0].order == nil
    if case .query(let inner) = query.source, isPlain { query = inner }
    guard query.rounds.allSatisfy({ $0.group == nil && $0.show == nil }) else { return nil }
    return "freeze (\(Formatter.format(query))) as \(spelled(segment.name.text))"
  }

  // MARK: standards

  /// `standard fast_fix`: its target.
  mutating func bindStandard(_ name: Name, expecting: ValueType?) -> BoundExpression? {
    guard let definition = catalog.definition(.standard, named: name.text) else {
      let names = catalog.definitions(of: .standard).map(\.name)
      let near = NearNames.nearest(to: name.text, among: names)
      report(
        .unknownStandard(name: name.text, near: near, hasAny: !names.isEmpty), at: name.range,
        fixes: fix(name.range, near))
      return nil
    }
    let folded = Folding.fold(definition.name)
    mention(.standard(folded), at: name.range)
    let place = inliningRange ?? name.range
    guard !isOpen(.standard(folded), definition.name, at: place) else { return nil }
    guard case .standard(let standard)? = try? definition.parsed() else { return nil }
    openNames.append(
      OpenName(subject: .standard(folded), name: definition.name, range: place))
    defer { openNames.removeLast() }
    return bindStored(standard.target, expecting: expecting)
  }

  /// Binds an expression over the whole store, wherever it stands.
  private mutating func bindStored(
    _ expression: Expression, expecting: ValueType?
  ) -> BoundExpression? {
    apart(from: query.entity) { binder in
      binder.scope = Scope(.store)
      binder.clause = .store
      return binder.bindValue(expression, expecting: expecting)
    }
  }
}

extension ValueType {
  /// Whether it can be measured: a number of some kind.
  var isMeasure: Bool { self == .number || self == .integer || self == .money }
}

extension Query {
  /// The first clause that is neither a window nor a condition, or a source in brackets.
  fileprivate var clauseBeyondCondition: (word: String, range: SourceRange?)? {
    if let asOf { return ("as of", asOf.range) }
    if case .query = source { return ("(…)", nil) }
    if case .verb(let call) = source { return (call.verb.rawValue, call.verbRange) }
    if case .it(let range) = source { return ("it", range) }
    guard let round = rounds.first else { return nil }
    if let group = round.group { return ("group by", group.range) }
    if let show = round.show { return ("show", show.range) }
    if let order = round.order {
      switch order.kind {
      case .by: return ("order by", order.range)
      case .ranked(let isTop, _, _, _): return (isTop ? "top" : "bottom", order.range)
      }
    }
    if let sample = round.sample { return ("sample", sample.range) }
    if let limit = round.limit { return ("limit", limit.range) }
    if let into = round.into { return ("into", into.range) }
    return rounds.count > 1 ? ("then", nil) : nil
  }
}
