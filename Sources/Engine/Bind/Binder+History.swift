import Store
import Syntax

// What was: values of a tracked choice in the past. All of it is said in terms of the records that
// hold the changes, so that it runs, explains and translates like any value of related records.

/// A tracked choice as an expression names it.
struct TrackedValue {
  /// The field with a history.
  var tracked: TrackedField
  /// The field itself.
  var path: FieldPath
  /// The way to its changes.
  var changes: RelatedPath
}

extension Binder {
  // MARK: names

  /// The tracked choice that an expression names; nil when it names something else.
  func trackedValue(_ expression: Expression) -> TrackedValue? {
    guard case .path(let names) = expression.kind,
      case .records(let start, var hops, let prefix) = scope.relation,
      !scope.aliases.contains(where: { same($0.name, names[0].text) })
    else { return nil }
    var entity = start
    for name in names.dropLast() {
      guard let id = catalog[entity].field(named: name.text),
        case .reference(let target) = catalog[entity][id].type
      else { return nil }
      hops.append(FieldPath.Hop(field: id, target: target))
      entity = target
    }
    guard let last = names.last, let id = catalog[entity].field(named: last.text),
      let tracked = TrackedField(of: entity, in: catalog), tracked.field == id
    else { return nil }
    let written = (prefix.isEmpty ? [] : [prefix]) + names.map(\.text)
    return trackedValue(
      tracked,
      FieldPath(
        hops: hops, field: id, type: catalog[entity][id].type,
        text: written.joined(separator: ".")))
  }

  func trackedValue(_ tracked: TrackedField, _ path: FieldPath) -> TrackedValue {
    TrackedValue(
      tracked: tracked, path: path,
      changes: RelatedPath(
        steps: path.hops.map { .up($0) } + [.down(tracked.history.entity, tracked.history.record)],
        entity: tracked.history.entity))
  }

  /// The tracked choice that must stand here, or a report.
  private mutating func requireTracked(_ expression: Expression, word: String) -> TrackedValue? {
    if let value = trackedValue(expression) { return value }
    let known = catalog.entities.indices.compactMap { TrackedField(of: EntityID($0), in: catalog) }
    report(
      .noHistory(
        text: text(expression), word: word,
        tracked: known.map { "\(catalog[$0.entity].name).\(catalog[$0.entity][$0.field].name)" }),
      at: expression.range)
    return nil
  }

  // MARK: stage on D

  /// `stage on D`: `to` of the last change up to the end of the day, else `from` of the first later
  /// change, else the value there is.
  mutating func bindValueOn(
    _ value: TrackedValue, _ day: Expression, of expression: Expression
  ) -> BoundExpression? {
    guard let day = bindDay(day) else { return nil }
    noteOpening(value, on: day)
    return valueOn(value, day)
  }

  /// A date that may be one of each row.
  private mutating func bindDay(_ expression: Expression) -> BoundExpression? {
    guard let bound = bindValue(expression, expecting: .date) else { return nil }
    guard bound.type == .date || bound.type == .time, let day = converted(bound, to: .date) else {
      report(
        .pointExpected(text: text(expression), type: bound.type.name), at: expression.range)
      return nil
    }
    return day
  }

  /// The value at the end of a day.
  func valueOn(_ value: TrackedValue, _ day: BoundExpression) -> BoundExpression {
    let type = value.path.type
    let before = changes(of: value, .lessOrEqual, day)
    let after = changes(of: value, .greater, day)
    func isThere(_ filter: BoundExpression) -> BoundExpression {
      .comparison(
        .greaterOrEqual, count(of: value, filter), .constant(.word(1), .integer))
    }
    var choices = [
      isThere(before), end(of: value, .last, value.tracked.history.to, before),
      isThere(after), end(of: value, .first, value.tracked.history.from, after),
      .field(value.path),
    ]
    if case .constant = day {
    } else {
      // What was so on a day that is unknown is unknown.
      choices = [.not(.isKnown(day)), .constant(.unknown, type)] + choices
    }
    return .call(.choose, choices, type)
  }

  /// The changes before or after a day of the enclosing row.
  private func changes(
    of value: TrackedValue, _ sign: ComparisonOperator, _ day: BoundExpression
  ) -> BoundExpression {
    .comparison(sign, changeDay(value), outside(day))
  }

  /// The day of a change, over the changes.
  private func changeDay(_ value: TrackedValue) -> BoundExpression {
    let time = field(value.tracked.history.time, of: value.tracked.history.entity)
    return converted(time, to: .date) ?? time
  }

  private func field(_ id: FieldID, of entity: EntityID) -> BoundExpression {
    let field = catalog[entity][id]
    return .field(FieldPath(field: id, type: field.type, text: field.name))
  }

  /// An expression of the row as its related records see it.
  private func outside(_ expression: BoundExpression) -> BoundExpression {
    switch expression {
    case .constant, .scalar: expression
    default: .outer(expression)
    }
  }

  private func count(of value: TrackedValue, _ filter: BoundExpression?) -> BoundExpression {
    .related(
      BoundRelated(
        path: value.changes, filter: filter,
        aggregate: BoundAggregate(kind: .count, argument: nil, type: .integer),
        text: "changes of \(value.path.text)"))
  }

  private func end(
    of value: TrackedValue, _ kind: BoundAggregate.Kind, _ id: FieldID, _ filter: BoundExpression?
  ) -> BoundExpression {
    let history = value.tracked.history
    let argument = field(id, of: history.entity)
    return .related(
      BoundRelated(
        path: value.changes, filter: filter,
        aggregate: BoundAggregate(
          kind: kind, argument: argument, order: field(history.time, of: history.entity),
          type: argument.type),
        text: "\(kind == .last ? "last" : "first") change of \(value.path.text)"))
  }

  // MARK: stage was A

  /// `stage was A on D`, `stage was A in PERIOD`
  mutating func bindWas(
    _ tested: Expression, _ choice: Expression, _ window: Window, of expression: Expression
  ) -> BoundExpression? {
    guard let value = requireTracked(tested, word: "was") else { return nil }
    guard let code = bindChoice(choice, of: value) else { return nil }
    func isThen(_ day: BoundExpression) -> BoundExpression {
      .comparison(.equal, valueOn(value, day), code)
    }
    switch window.kind {
    case .on(let day):
      if case .period = day.kind {
        report(
          .wasOnPeriod(text: text(day)), at: window.range,
          fixes: [Fix(window.range, "in \(text(day))")])
        return nil
      }
      guard let day = bindDay(day) else { return nil }
      noteOpening(value, on: day)
      return isThen(day)
    case .inside:
      let time = field(value.tracked.history.time, of: value.tracked.history.entity)
      guard let inside = bindWindow(window, on: time, written: nil) else { return nil }
      guard let first = inside.firstDay else {
        return isThen(.constant(.word(Int64(today)), .date))
      }
      let moved = BoundExpression.comparison(
        .equal, field(value.tracked.history.to, of: value.tracked.history.entity), code)
      let start = BoundExpression.constant(.word(Int64(first)), .date)
      noteOpening(value, on: start)
      return .or([
        isThen(start),
        .comparison(
          .greaterOrEqual, count(of: value, .and([inside, moved])),
          .constant(.word(1), .integer)),
      ])
    default:
      report(.wasNeedsDay(text: text(tested)), at: window.range)
      return nil
    }
  }

  private mutating func bindChoice(
    _ expression: Expression, of value: TrackedValue
  ) -> BoundExpression? {
    guard let bound = bindValue(expression, expecting: value.path.type) else { return nil }
    guard bound.type == value.path.type, case .constant = bound else {
      report(
        .historyChoiceExpected(
          text: text(expression), field: value.path.text,
          choices: value.tracked.choices.names),
        at: expression.range)
      return nil
    }
    return bound
  }

  // MARK: stage changed

  /// `stage changed [from A] [to B] [window]`: moves, the opening of a history left out.
  mutating func bindChanged(_ test: ChangedTest, of expression: Expression) -> BoundExpression? {
    guard let value = requireTracked(test.subject, word: "changed") else { return nil }
    let history = value.tracked.history
    let from = field(history.from, of: history.entity)
    var conditions: [BoundExpression] = [.isKnown(from)]
    var hasFailed = false
    for (choice, side) in [(test.from, history.from), (test.to, history.to)] {
      guard let choice else { continue }
      guard let code = bindChoice(choice, of: value) else {
        hasFailed = true
        continue
      }
      conditions.append(.comparison(.equal, field(side, of: history.entity), code))
    }
    if let window = test.window {
      // The window is about the changes, and what it compares with about the row.
      enter(history.entity)
      let bound = ownTime(at: window.range).flatMap { bindWindow(window, on: $0, written: nil) }
      leave()
      guard let bound else { return nil }
      conditions.append(bound)
    } else if let asOf {
      conditions.append(
        .comparison(.lessOrEqual, changeDay(value), .constant(.word(Int64(asOf)), .date)))
    }
    if hasFailed { return nil }
    let filter = conditions.count > 1 ? BoundExpression.and(conditions) : conditions[0]
    return .comparison(
      .greaterOrEqual, count(of: value, filter), .constant(.word(1), .integer))
  }

  // MARK: days_in

  /// `days_in(stage)`: days of the current stay. `days_in(welcoming)`: days of all stays in it.
  mutating func bindDaysIn(_ call: Call, of expression: Expression) -> BoundExpression? {
    guard allows(call, name: "days_in"), hasArguments(call, 1...1, of: expression) else {
      return nil
    }
    let argument = call.arguments[0]
    if let value = trackedValue(argument) { return daysOfStay(value) }
    guard case .records(let entity, let hops, let prefix) = scope.relation,
      let tracked = TrackedField(of: entity, in: catalog)
    else {
      _ = requireTracked(argument, word: "days_in")
      return nil
    }
    let name = catalog[entity][tracked.field].name
    let value = trackedValue(
      tracked,
      FieldPath(
        hops: hops, field: tracked.field, type: catalog[entity][tracked.field].type,
        text: prefix.isEmpty ? name : "\(prefix).\(name)"))
    if case .path(let names) = argument.kind, case .choice(let choices) = value.path.type,
      choices.code(of: names[0].text) == nil, canResolve(names[0])
    {
      _ = requireTracked(argument, word: "days_in")
      return nil
    }
    guard let code = bindChoice(argument, of: value) else { return nil }
    return daysOfStays(value, in: code)
  }

  /// Today less the day of the last change, else less the date the field is known to hold since.
  private func daysOfStay(_ value: TrackedValue) -> BoundExpression? {
    let day = end(of: value, .last, value.tracked.history.time, known(value))
    guard let changed = converted(day, to: .date) else { return nil }
    var since = changed
    if let id = value.tracked.since {
      let field = catalog[value.tracked.entity][id]
      let path = FieldPath(
        hops: value.path.hops, field: id, type: field.type,
        text: (value.path.text.split(separator: ".").dropLast() + [Substring(field.name)])
          .joined(separator: "."))
      since = .call(.firstKnown, [changed, pinned(path, of: value.tracked.entity)], .date)
    }
    return .arithmetic(.subtractDates, .constant(.word(Int64(today)), .date), since)
  }

  /// The changes that are there on the day asked about.
  private func known(_ value: TrackedValue) -> BoundExpression? {
    asOf.map { .comparison(.lessOrEqual, changeDay(value), .constant(.word(Int64($0)), .date)) }
  }

  /// The days of the stays that have ended, and of the one that lasts.
  private mutating func daysOfStays(
    _ value: TrackedValue, in code: BoundExpression
  ) -> BoundExpression? {
    let history = value.tracked.history
    enter(history.entity)
    let stay = stay(of: history)
    leave()
    let left = BoundExpression.comparison(.equal, field(history.from, of: history.entity), code)
    let ended = BoundExpression.related(
      BoundRelated(
        path: value.changes, filter: known(value).map { .and([left, $0]) } ?? left,
        aggregate: BoundAggregate(kind: .sum, argument: stay, type: .integer),
        text: "stays in \(value.path.text)"))
    guard let lasting = daysOfStay(value) else { return nil }
    let current: BoundExpression =
      asOf.map { valueOn(value, .constant(.word(Int64($0)), .date)) } ?? .field(value.path)
    let isThere = BoundExpression.comparison(.equal, current, code)
    return .arithmetic(
      .addIntegers, ended,
      .call(
        .choose,
        [
          isThere, .call(.firstKnown, [lasting, .constant(.word(0), .integer)], .integer),
          .constant(.word(0), .integer),
        ], .integer))
  }

  /// The days between a change and the one before it of the same record, over the changes.
  mutating func stay(of history: StageHistory) -> BoundExpression {
    place(
      BoundPerRow(
        kind: .stay, argument: field(history.time, of: history.entity),
        per: [field(history.record, of: history.entity)], type: .integer, text: "stay",
        population: .all(history.entity, nil)))
  }

  /// Remembers that an answer asks for a value on a day, so that it can say for how many records it
  /// is not known.
  mutating func noteOpening(_ value: TrackedValue, on day: BoundExpression) {
    guard case .constant(.word(let number), _) = day, value.path.hops.isEmpty else { return }
    noteAside(
      .unknownPast(field: value.path.text, day: Int(number)),
      .call(
        .choose,
        [
          .isKnown(valueOn(value, day)), .constant(.word(0), .integer),
          .constant(.word(1), .integer),
        ], .integer))
  }

  /// Remembers what a footer counts beside the answer, for the records of the query's source.
  mutating func noteAside(_ kind: BoundAside.Kind, _ count: BoundExpression) {
    guard frames.isEmpty, !isInField, query.rounds.isEmpty,
      !query.asides.contains(where: { $0.kind == kind })
    else { return }
    query.asides.append(BoundAside(kind: kind, count: count))
  }
}

/// What a footer counts beside the answer.
package struct BoundAside: Sendable {
  /// What is counted.
  package enum Kind: Hashable, Sendable {
    /// Records whose value on a day is not known.
    case unknownPast(field: String, day: Int)
    /// Pairs of a sequence that fall on one day, where only days are known.
    case sameDay(text: String)
    /// Records whose time for something to follow has not passed yet.
    case undecided(text: String)
    /// Rows with too few records of their own for what is usual.
    case tooFew(text: String)
  }

  /// What is counted.
  package var kind: Kind
  /// How many each record of the source brings, an integer.
  package var count: BoundExpression
}

extension BoundExpression {
  /// The first day that a window lets through; nil when it is open.
  fileprivate var firstDay: Int? {
    switch self {
    case .between(_, .word(let from), _): Int(from)
    case .comparison(.equal, _, .constant(.word(let day), _)),
      .comparison(.greaterOrEqual, _, .constant(.word(let day), _)):
      Int(day)
    default: nil
    }
  }
}
