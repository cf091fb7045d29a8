import Store
import Syntax

// Segments: what stands for one is inlined wherever it is named, on the day that is `today` there.

extension Binder {
  // MARK: conditions

  /// `in segment vip` and its kin, of the row or of the record a reference names.
  mutating func bindSegmentTest(
    _ test: SegmentTest, of expression: Expression
  ) -> BoundExpression? {
    guard let definition = segment(test.segment) else { return nil }
    if let subject = test.subject, case .outer(let names) = subject.kind {
      var inner = test
      inner.subject = Expression(.path(names), range: subject.range)
      return bindOutside(at: subject.range) { $0.bindSegmentTest(inner, of: expression) }
    }
    guard let hops = hops(of: test, to: definition) else { return nil }
    let condition: BoundExpression?
    switch test.kind {
    case .member: condition = members(of: definition, at: test.segment.range)
    case .was(let day): condition = bindWasMember(of: definition, on: day, test)
    case .entered(let window):
      condition = bindTurned(window, definition, test, word: "entered", isEntering: true)
    case .left(let window):
      condition = bindTurned(window, definition, test, word: "left", isEntering: false)
    }
    guard let condition else { return nil }
    return hops.isEmpty ? condition : carried(condition, over: hops, text: text(expression))
  }

  /// The segment of that name, or a report that there is none.
  mutating func segment(_ name: Name) -> Definition? {
    if let definition = catalog.definition(.segment, named: name.text) {
      mention(.segment(Folding.fold(definition.name)), at: name.range)
      return definition
    }
    let names = catalog.definitions(of: .segment).map(\.name)
    let near = NearNames.nearest(to: name.text, among: names)
    report(
      .unknownSegment(name: name.text, near: near, hasAny: !names.isEmpty), at: name.range,
      fixes: fix(name.range, near))
    return nil
  }

  /// The references from the row to the record that is in the segment or not.
  private mutating func hops(
    of test: SegmentTest, to definition: Definition
  ) -> [FieldPath.Hop]? {
    let plural = definition.entity ?? ""
    guard let entity = catalog.entity(named: plural) else { return nil }
    guard case .records(let row, let hops, _) = scope.relation else {
      if scope.relation == .columns {
        report(.segmentInGroup(name: definition.name), at: test.range)
      } else if scope.relation != .nothing {
        report(
          .segmentOfOthers(
            name: definition.name, plural: plural, row: "the whole store", example: nil),
          at: test.range)
      }
      return nil
    }
    guard let subject = test.subject else {
      if row == entity { return hops }
      let path = catalog[row].fields.first { $0.type == .reference(entity) }?.name
      report(
        .segmentOfOthers(
          name: definition.name, plural: plural, row: catalog[row].name, example: path),
        at: test.segment.range)
      return nil
    }
    guard let bound = bindValue(subject) else { return nil }
    guard let path = bound.referencePath, path.type == .reference(entity) else {
      report(
        .segmentSubject(text: text(subject), name: definition.name, plural: plural),
        at: subject.range)
      return nil
    }
    return path.hops + [FieldPath.Hop(field: path.field, target: entity)]
  }

  /// A condition on the record that references lead to; it does not hold where there is none.
  private func carried(
    _ condition: BoundExpression, over hops: [FieldPath.Hop], text: String
  ) -> BoundExpression {
    guard let target = hops.last?.target else { return condition }
    return .comparison(
      .equal,
      .related(
        BoundRelated(
          path: RelatedPath(steps: hops.map { .up($0) }, entity: target),
          aggregate: BoundAggregate(kind: .first, argument: condition, type: .flag), text: text)),
      .constant(.word(1), .flag))
  }

  // MARK: on another day

  private mutating func bindWasMember(
    of definition: Definition, on day: Expression, _ test: SegmentTest
  ) -> BoundExpression? {
    guard let bound = bindValue(day, expecting: .date) else { return nil }
    guard case .constant(.word(let number), .date) = bound else {
      report(.segmentDay(text: text(day)), at: day.range)
      return nil
    }
    return members(of: definition, on: Int(number), at: test.segment.range)
  }

  /// `entered`: not in it the day before the window, in it at the end of its last day, or today if
  /// that is yet to come. `left` is the reverse.
  private mutating func bindTurned(
    _ window: Window, _ definition: Definition, _ test: SegmentTest, word: String,
    isEntering: Bool
  ) -> BoundExpression? {
    let anyDay = BoundExpression.field(FieldPath(field: FieldID(0), type: .date, text: ""))
    guard let bound = bindWindow(window, on: anyDay, written: nil) else { return nil }
    let days = bound.windowDays
    guard let first = days.from else {
      report(.segmentWindow(word: word), at: window.range)
      return nil
    }
    let last = min(days.through ?? today, max(today, first))
    guard let before = members(of: definition, on: first - 1, at: test.segment.range),
      let after = members(of: definition, on: last, at: test.segment.range)
    else { return nil }
    return isEntering ? .and([after, .not(before)]) : .and([before, .not(after)])
  }

  /// The condition that a record was in the segment on a day: as of that day.
  private mutating func members(
    of definition: Definition, on day: Int, at range: SourceRange
  ) -> BoundExpression? {
    let present = (asOf, today)
    (asOf, today) = (day, day)
    defer { (asOf, today) = present }
    return members(of: definition, at: range)
  }

  // MARK: what stands for it

  /// The condition that a record of the segment's entity is in it, over the record itself.
  mutating func members(of definition: Definition, at range: SourceRange) -> BoundExpression? {
    guard let entity = catalog.entity(named: definition.entity ?? "") else { return nil }
    if let keys = definition.members {
      let key = catalog[entity][catalog[entity].key]
      let isMember = BoundExpression.membership(
        .field(FieldPath(field: catalog[entity].key, type: key.type, text: key.name)),
        keys.scalars)
      return isPresent(entity).map { .and([$0, isMember]) } ?? isMember
    }
    let subject = OpenName.Subject.segment(Folding.fold(definition.name))
    let place = inliningRange ?? range
    guard !isOpen(subject, definition.name, at: place) else { return nil }
    let query: Query
    do {
      guard case .segment(let segment) = try definition.parsed() else { return nil }
      query = segment.query
    } catch {
      report(
        .brokenDefinition(name: definition.name, problem: error.diagnostics[0].message), at: place)
      return nil
    }
    openNames.append(OpenName(subject: subject, name: definition.name, range: place))
    defer { openNames.removeLast() }
    return bindMembers(query, of: entity)
  }

  /// The condition that `ENTITY [window] [where C]` or `SEGMENT [window] [where C]` stands for.
  mutating func bindMembers(_ query: Query, of entity: EntityID) -> BoundExpression? {
    apart(from: entity) { binder in
      var conditions: [BoundExpression] = []
      var hasFailed = false
      if case .named(let name) = query.source, binder.catalog.entity(named: name.text) == nil {
        let base = binder.segment(name).flatMap { binder.members(of: $0, at: name.range) }
        if let base { conditions.append(base) } else { hasFailed = true }
      }
      var population = binder.presence
      if let window = query.window {
        let bound = binder.ownTime(at: window.range)
          .flatMap { binder.bindWindow(window, on: $0, written: nil) }
        if let bound { population.append(bound) } else { hasFailed = true }
      }
      conditions += population
      if let filter = query.rounds.first?.filter {
        binder.population = (
          entity, population.count > 1 ? .and(population) : population.first
        )
        let bound = binder.bindCondition(filter.condition, place: "where")
        if let bound { conditions.append(bound) } else { hasFailed = true }
      }
      if hasFailed { return nil }
      switch conditions.count {
      case 0: return .comparison(.equal, .constant(.word(1), .flag), .constant(.word(1), .flag))
      case 1: return conditions[0]
      default: return .and(conditions)
      }
    }
  }

  /// Binds something about the records of an entity that sees nothing of what is around it.
  mutating func apart(
    from entity: EntityID, _ bind: (inout Binder) -> BoundExpression?
  ) -> BoundExpression? {
    let outer = (uses, population)
    enter(entity)
    let around = frames
    frames = []
    population = nil
    let bound = bind(&self)
    frames = around
    leave()
    (uses, population) = outer
    return bound
  }
}

extension BoundExpression {
  /// The reference that is read, also where it is read as it was.
  var referencePath: FieldPath? {
    switch self {
    case .field(let path): path
    case .call(.choose, let operands, _) where operands.count == 3: operands[1].referencePath
    default: nil
    }
  }
}
