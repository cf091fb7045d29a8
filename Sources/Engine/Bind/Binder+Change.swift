import Store
import Syntax

// The statements that change records: what each names is found here, and every value is typed
// opposite its field.

extension Binder {
  /// Binds `add customer name = "Acme", …`.
  func bindAdd(_ statement: AddStatement) throws(Failure) -> BoundAdd {
    var binder = self
    let entity = binder.bindEntity(statement.entity, isOne: true)
    var assignments: [BoundAssignment] = []
    var key: (Scalar, SourceRange)?
    if let entity {
      binder.scope = Scope(.newRecord(entity))
      (assignments, key) = binder.bindNewValues(statement.assignments, of: entity)
    }
    let bound = entity.map {
      BoundAdd(
        entity: $0, assignments: assignments, key: key,
        tracked: TrackedField(of: $0, in: catalog), notes: binder.query.notes,
        range: statement.entity.range)
    }
    return try binder.finished(bound)
  }

  /// Binds `update customers where … set f = V, …`.
  func bindUpdate(_ statement: UpdateStatement, at range: SourceRange) throws(Failure)
    -> BoundUpdate
  {
    var binder = self
    let target = binder.bindTarget(statement.target)
    let notesOfTarget = binder.query.notes.count
    var bound: BoundUpdate?
    if let target {
      binder.scope = Scope(.records(target.entity, hops: [], prefix: ""))
      let assignments = binder.bindSet(statement, of: target.entity, at: range)
      bound = BoundUpdate(
        target: target, assignments: assignments,
        notes: Array(binder.query.notes.dropFirst(notesOfTarget)))
    }
    return try binder.finished(bound)
  }

  /// Binds `move customers where … to intensive_care because "…" anyway`.
  func bindMove(_ statement: MoveStatement) throws(Failure) -> BoundMove {
    var binder = self
    let target = binder.bindTarget(statement.target)
    var bound: BoundMove?
    if let target {
      let plural = catalog[target.entity].name
      if let tracked = TrackedField(of: target.entity, in: catalog) {
        let to = binder.bindDestination(statement.to, tracked)
        let because = binder.bindBecause(statement.because)
        bound = BoundMove(
          target: target, tracked: tracked, to: to ?? 0, because: because,
          isAnyway: statement.anywayRange != nil, toRange: statement.to.range)
      } else {
        let place = statement.target.entity?.range ?? statement.target.range
        binder.report(change: .notTracked(plural: plural), at: place)
      }
    }
    return try binder.finished(bound)
  }

  /// Binds `delete customers where … with related`.
  func bindDelete(_ statement: DeleteStatement) throws(Failure) -> BoundDelete {
    var binder = self
    let target = binder.bindTarget(statement.target)
    return try binder.finished(
      target.map { BoundDelete(target: $0, isWithRelated: statement.isWithRelated) })
  }

  /// Binds `merge customer 42 into 41`.
  func bindMerge(_ statement: MergeStatement) throws(Failure) -> BoundMerge {
    var binder = self
    var bound: BoundMerge?
    if let entity = binder.bindEntity(statement.entity, isOne: true) {
      let from = binder.bindKey(statement.from, of: entity)
      let into = binder.bindKey(statement.into, of: entity)
      if let from, let into, from == into {
        binder.report(
          change: .mergeWithItself(RecordName(catalog[entity], key: from)),
          at: statement.from.range.union(statement.into.range))
      }
      bound = BoundMerge(
        entity: entity, from: (from ?? .unknown, statement.from.range),
        into: (into ?? .unknown, statement.into.range))
    }
    return try binder.finished(bound)
  }

  /// What was bound, or the mistakes. What is not there has been reported.
  private func finished<Bound>(_ bound: Bound?) throws(Failure) -> Bound {
    try finish()
    guard let bound else { preconditionFailure("what is not bound is reported") }
    return bound
  }

  // MARK: which records

  /// The entity of a statement that changes records, by what one or by what all of its records are
  /// called. A history is written by `move` alone.
  private mutating func bindEntity(_ name: Name, isOne: Bool) -> EntityID? {
    func named(_ isOne: Bool) -> Int? {
      catalog.entities.firstIndex { same(isOne ? $0.singular : $0.name, name.text) }
    }
    guard let index = named(isOne) else {
      reportEntity(name, isOne: isOne, other: named(!isOne))
      return nil
    }
    if let tracked = TrackedField(recordedBy: EntityID(index), in: catalog) {
      let owner = catalog[tracked.entity]
      report(
        change: .historyByHand(
          plural: catalog.entities[index].name, owner: owner.name,
          field: owner[tracked.field].name, choice: tracked.choices.names.first ?? ""),
        at: name.range)
      return nil
    }
    return EntityID(index)
  }

  /// One record by what one is called and its key.
  mutating func bindRecord(_ name: Name, _ key: Expression) -> (EntityID, key: Scalar)? {
    guard let index = catalog.entities.firstIndex(where: { same($0.singular, name.text) }) else {
      reportEntity(
        name, isOne: true, other: catalog.entities.firstIndex { same($0.name, name.text) })
      return nil
    }
    return bindKey(key, of: EntityID(index)).map { (EntityID(index), $0) }
  }

  private mutating func reportEntity(_ name: Name, isOne: Bool, other: Int?) {
    if let other {
      let entity = catalog.entities[other]
      let mend = [Fix(name.range, spelled(isOne ? entity.singular : entity.name))]
      report(
        change: isOne
          ? .manyForOne(name: name.text, singular: entity.singular)
          : .oneForMany(name: name.text, plural: entity.name),
        at: name.range, fixes: mend)
      return
    }
    let names = catalog.entities.map { isOne ? $0.singular : $0.name }
    let near = NearNames.nearest(to: name.text, among: names)
    report(
      .unknownEntity(name: name.text, near: near), at: name.range, fixes: fix(name.range, near))
  }

  private mutating func bindTarget(_ target: ChangeTarget) -> BoundTarget? {
    switch target.kind {
    case .key(let name, let key):
      guard let entity = bindEntity(name, isOne: true) else { return nil }
      let value = bindKey(key, of: entity)
      return BoundTarget(entity: entity, selection: .key(value ?? .unknown, key.range))
    case .it:
      guard let entity = bindLastRecords(at: target.range) else { return nil }
      return BoundTarget(entity: entity, selection: .query(query))
    case .all(let name): return bindTarget(name, filter: nil, at: target.range)
    case .matching(let name, let filter): return bindTarget(name, filter: filter, at: target.range)
    }
  }

  /// The records of a condition, as a query of one round.
  private mutating func bindTarget(
    _ name: Name, filter: FilterClause?, at range: SourceRange
  ) -> BoundTarget? {
    guard let entity = bindEntity(name, isOne: false) else { return nil }
    var round = Round()
    round.filter = filter
    let source = Name(catalog[entity].name, range: name.range)
    bindSource(Query(source: .named(source), window: nil, rounds: [round], range: range))
    return BoundTarget(entity: entity, selection: .query(query))
  }

  /// The key of a record, a literal of the key's type.
  mutating func bindKey(_ literal: Expression, of entity: EntityID) -> Scalar? {
    let definition = catalog[entity]
    let field = definition[definition.key]
    let outer = scope
    scope = Scope(.newRecord(entity))
    defer { scope = outer }
    let key = Expression(
      .path([Name(field.name, range: literal.range)]), range: literal.range)
    let typed = BoundExpression.field(
      FieldPath(field: definition.key, type: field.type, text: field.name))
    guard let bound = bindOpposite(literal, typed, key) else { return nil }
    guard case .constant(let value, let type) = bound, type == field.type else {
      reportMismatch(bound, literal, field, typed, key)
      return nil
    }
    if !value.isKnown {
      report(
        change: .missingKey(field: field.name, singular: definition.singular, example: nil),
        at: literal.range)
      return nil
    }
    return value
  }

  // MARK: moves

  /// The choice that records move to.
  private mutating func bindDestination(
    _ expression: Expression, _ tracked: TrackedField
  ) -> UInt8? {
    let field = catalog[tracked.entity][tracked.field]
    let typed = BoundExpression.field(
      FieldPath(field: tracked.field, type: field.type, text: field.name))
    let place = Expression(
      .path([Name(field.name, range: expression.range)]), range: expression.range)
    guard let bound = bindOpposite(expression, typed, place) else { return nil }
    guard case .constant(.word(let code), field.type) = bound else {
      reportMismatch(bound, expression, field, typed, place)
      return nil
    }
    return UInt8(code)
  }

  /// The text after `because`.
  private mutating func bindBecause(_ expression: Expression?) -> String? {
    guard let expression, let bound = bindValue(expression, expecting: .text) else { return nil }
    guard case .constant(.text(let text), _) = bound else {
      report(
        .wrongArgument(
          function: "because", expected: "text", found: bound.type.name,
          hint: "write \"\(text(expression))\""),
        at: expression.range)
      return nil
    }
    return text
  }
}
