import Store
import Syntax

/// Finds, among the rows that come to a condition which none of them meets, the values nearest to
/// meeting it.
struct NearestValues {
  let database: Database
  let today: Int
  let query: BoundQuery
  /// Where the condition stands: the round, and the place in its `conditions`.
  let round: Int
  let condition: Int
  /// The entity of the rows; nil for groups and a verb's own rows.
  let entity: EntityID?

  /// The most distinct values of which the commonest are worth naming.
  private static let distinctCountMax = 64
  /// The most values named.
  private static let namedCountMax = 3

  /// What is nearest; nil where nothing can be said.
  func nearest(to condition: BoundCondition, within deadline: Double?) -> EmptyAnswer.Nearest? {
    if let deadline, Stopwatch.seconds > deadline { return nil }
    switch condition.origin {
    case .window:
      guard let entity,
        case .values(_, let type, let below, let above) = nearest(to: condition.expression, "")
      else { return nil }
      return .days(
        singular: database.catalog[entity].singular, before: Self.day(below, type),
        after: Self.day(above, type))
    case .filter(let written):
      guard let subject = written.subject else { return nil }
      return nearest(to: condition.expression, Formatter.format(subject))
    case .segment, .presence, .last, nil: return nil
    }
  }

  /// The day of a date or of a time.
  private static func day(_ value: Scalar, _ type: ValueType) -> Int? {
    guard case .word(let word) = value else { return nil }
    return type == .time ? Int((Double(word) / 86_400).rounded(.down)) : Int(word)
  }

  /// - Parameter text: What is tested, as written.
  private func nearest(
    to condition: BoundExpression, _ text: String
  ) -> EmptyAnswer.Nearest? {
    switch condition {
    case .comparison(let sign, .related(let related), .constant(.word, _))
    where related.isQuantity:
      switch sign {
      case .greater, .greaterOrEqual, .equal: return most(related)
      case .less, .lessOrEqual, .notEqual: return fewest(related)
      }
    case .not(.comparison(_, .related(let related), _)) where related.isAbsence:
      return fewest(related)
    case .comparison(.equal, let subject, .constant(_, _)) where !subject.type.isMeasured,
      .not(.comparison(.equal, let subject, .constant(_, _))) where !subject.type.isMeasured:
      return commonest(subject, text)
    case .membership(let subject, _) where !subject.type.isMeasured,
      .not(.membership(let subject, _)) where !subject.type.isMeasured,
      .textTest(_, let subject, _):
      return commonest(subject, text)
    case .comparison(let sign, let subject, .constant(let value, _)):
      switch sign {
      case .greater, .greaterOrEqual: return beside(subject, text, isBelow: true, isAbove: false)
      case .less, .lessOrEqual: return beside(subject, text, isBelow: false, isAbove: true)
      case .equal, .notEqual: return beside(subject, text, below: value, above: value)
      }
    case .between(let subject, let lower, let upper):
      return beside(subject, text, below: lower, above: upper)
    case .and(let sides):
      guard let (subject, lower, upper) = Self.bounds(sides) else { return nil }
      return beside(subject, text, below: lower, above: upper)
    default: return nil
    }
  }

  /// What two comparisons of one expression with constants leave between them.
  private static func bounds(
    _ sides: [BoundExpression]
  ) -> (subject: BoundExpression, lower: Scalar, upper: Scalar)? {
    guard sides.count == 2,
      case .comparison(let first, let subject, .constant(let lower, _)) = sides[0],
      case .comparison(let second, subject, .constant(let upper, _)) = sides[1],
      first == .greater || first == .greaterOrEqual, second == .less || second == .lessOrEqual
    else { return nil }
    return (subject, lower, upper)
  }

  // MARK: values with an order

  private func beside(
    _ subject: BoundExpression, _ text: String, below: Scalar, above: Scalar
  ) -> EmptyAnswer.Nearest? {
    func side(_ sign: ComparisonOperator, _ bound: Scalar) -> BoundExpression {
      .comparison(sign, subject, .constant(bound, subject.type))
    }
    return beside(
      subject, text, isBelow: true, isAbove: true,
      filters: (side(.less, below), side(.greater, above)))
  }

  private func beside(
    _ subject: BoundExpression, _ text: String, isBelow: Bool, isAbove: Bool,
    filters: (below: BoundExpression?, above: BoundExpression?) = (nil, nil)
  ) -> EmptyAnswer.Nearest? {
    guard subject.type.isMeasured || subject.type.isOrderedChoice,
      let found = aggregates([
        aggregate(.maximum, of: subject, where: filters.below),
        aggregate(.minimum, of: subject, where: filters.above),
      ])
    else { return nil }
    let below = isBelow ? found[0] : .unknown
    let above = isAbove ? found[1] : .unknown
    if !below.isKnown && !above.isKnown { return .unknown(text: text) }
    return .values(text: text, type: subject.type, below: below, above: above)
  }

  // MARK: values without an order

  private func commonest(
    _ subject: BoundExpression, _ text: String
  ) -> EmptyAnswer.Nearest? {
    guard isOfFewValues(subject), let batch = counts(of: subject) else { return nil }
    let counts = (0..<batch.count).compactMap { row -> EmptyAnswer.Count? in
      guard case .word(let count) = batch.vectors[1][row], batch.vectors[0][row].isKnown else {
        return nil
      }
      return EmptyAnswer.Count(value: batch.vectors[0][row], rowCount: Int(count))
    }
    if counts.isEmpty { return batch.count > 0 ? .unknown(text: text) : nil }
    let sorted = counts.enumerated()
      .sorted { ($1.element.rowCount, $0.offset) < ($0.element.rowCount, $1.offset) }
      .map(\.element)
    // Of names of which each stands once, none is worth naming.
    if subject.type == .text, sorted.count > 1, sorted[0].rowCount == 1 { return nil }
    return .commonest(
      text: text, type: subject.type, values: Array(sorted.prefix(Self.namedCountMax)),
      otherCount: sorted.dropFirst(Self.namedCountMax).reduce(0) { $0 + $1.rowCount })
  }

  /// Whether an expression has few values, known without counting.
  private func isOfFewValues(_ subject: BoundExpression) -> Bool {
    switch subject.type {
    case .choice, .flag: return true
    case .text:
      guard let entity, case .field(let path) = subject else { return false }
      let count = database.column(of: path, from: entity).dictionaryCount
      return count.map { $0 <= Self.distinctCountMax } ?? false
    default: return false
    }
  }

  private func counts(of subject: BoundExpression) -> OutputBatch? {
    let group = BoundGroup(
      keys: [subject], aggregates: [BoundAggregate(kind: .count, argument: nil, type: .integer)],
      names: ["value", "count"])
    return answer(group, types: [subject.type, .integer])
  }

  // MARK: related records

  private func most(_ related: BoundRelated) -> EmptyAnswer.Nearest? {
    let target = database.catalog[related.path.entity]
    var all = related
    all.filter = nil
    var latest: BoundRelated?
    if let time = target.timeField, related.filter?.reads(time) == true {
      let field = BoundExpression.field(
        FieldPath(field: time, type: target[time].type, text: target[time].name))
      latest = all
      latest?.aggregate = aggregate(.maximum, of: field)
    }
    guard
      let found = aggregates(
        [related, all].map { aggregate(.maximum, of: .related($0)) }
          + [latest].compactMap { $0.map { aggregate(.maximum, of: .related($0)) } }),
      case .word(let counted) = found[0], case .word(let any) = found[1]
    else { return nil }
    if counted > 0 {
      return .most(singular: target.singular, plural: target.name, count: Int(counted))
    }
    if any == 0 { return .noneRelated(plural: target.name) }
    guard let latest, let day = Self.day(found[2], latest.aggregate.type) else { return nil }
    return .latestRelated(singular: target.singular, day: day)
  }

  private func fewest(_ related: BoundRelated) -> EmptyAnswer.Nearest? {
    guard let found = aggregates([aggregate(.minimum, of: .related(related))]),
      case .word(let count) = found[0]
    else { return nil }
    let target = database.catalog[related.path.entity]
    return .fewest(singular: target.singular, plural: target.name, count: Int(count))
  }

  // MARK: asking

  private func aggregate(
    _ kind: BoundAggregate.Kind, of subject: BoundExpression, where filter: BoundExpression? = nil
  ) -> BoundAggregate {
    BoundAggregate(kind: kind, argument: subject, filter: filter, type: subject.type)
  }

  /// Aggregates over the rows that come to the condition.
  private func aggregates(_ aggregates: [BoundAggregate]) -> [Scalar]? {
    let group = BoundGroup(
      keys: [], aggregates: aggregates, names: aggregates.indices.map { "value_\($0)" })
    guard let batch = answer(group, types: aggregates.map(\.type)), batch.count == 1 else {
      return nil
    }
    return batch.vectors.map { $0[0] }
  }

  /// A group over the rows that come to the condition; nil when it cannot be made.
  private func answer(_ group: BoundGroup, types: [ValueType]) -> OutputBatch? {
    var asked = BoundQuery(entity: query.entity)
    asked.perRow = query.perRow
    asked.scalars = query.scalars
    var last = query.rounds[round].upTo(condition)
    last.group = group
    asked.rounds = query.rounds[..<round] + [last]
    asked.columns = types.enumerated().map { place, type in
      let path = FieldPath(field: FieldID(place), type: type, text: group.names[place])
      return BoundColumn(name: group.names[place], expression: .field(path))
    }
    guard let plan = try? Planner(database: database).plan(asked) else { return nil }
    let planned = Optimizer(database: database).optimize(plan, of: asked)
    return try? Executor(database: database, today: today).run(planned).next()
  }
}

extension Expression {
  /// What a condition tests; nil where it is not one value that could be another.
  fileprivate var subject: Expression? {
    switch kind {
    case .comparison(_, let tested, _), .textTest(_, let tested, _), .membership(let tested, _, _),
      .between(let tested, _, _), .windowTest(let tested, _):
      tested
    case .not(let tested): tested.subject
    case .path, .has: self
    default: nil
    }
  }
}

extension BoundExpression {
  /// Whether it reads a field of the records themselves.
  fileprivate func reads(_ field: FieldID) -> Bool {
    readPaths().contains { $0.hops.isEmpty && $0.field == field }
  }
}

extension ValueType {
  /// Whether the value next to another means something.
  fileprivate var isMeasured: Bool {
    switch self {
    case .money, .number, .integer, .date, .time: true
    case .text, .choice, .flag, .reference: false
    }
  }

  fileprivate var isOrderedChoice: Bool {
    if case .choice(let list) = self { list.isOrdered } else { false }
  }
}
