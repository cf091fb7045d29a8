import Store
import Syntax

// Aggregates over related records: `sum(orders.amount in last 12 months where status = paid)`.

extension Binder {
  /// The one relation that the paths in an aggregate's argument lead over; nil when none does. Several
  /// relations are a mistake that is reported.
  private mutating func relation(
    of call: Call
  ) -> (names: [Name], path: RelatedPath)?? {
    var found: (names: [Name], path: RelatedPath)?
    var example = ""
    for names in call.arguments.first?.rowPaths ?? [] {
      guard let named = namedRelation(names) else { continue }
      let own = Array(names.prefix(named.nameCount))
      if let other = found, other.path != named.path {
        report(
          .relationsDiffer(
            function: call.name.text.lowercased(), first: example,
            second: names.map(\.text).joined(separator: ".")),
          at: own[0].range)
        return .some(nil)
      }
      mention(named.path, by: own)
      if found == nil { example = names.map(\.text).joined(separator: ".") }
      found = (own, named.path)
    }
    return found.map { .some(.some($0)) } ?? .none
  }

  /// Whether an aggregate is over related records, without a report.
  func isOverRelated(_ call: Call) -> Bool {
    (call.arguments.first?.rowPaths ?? []).contains { namedRelation($0) != nil }
  }

  /// Binds an aggregate over related records; `.none` when it is over rows.
  ///
  /// In the `show` and order of a group it is over all records related to the group's rows, each once;
  /// anywhere else it is one value a row.
  mutating func bindRelatedAggregate(
    _ name: AggregateName, _ call: Call, of expression: Expression
  ) -> BoundExpression?? {
    guard let relation = relation(of: call) else { return .none }
    guard let (names, path) = relation else { return .some(nil) }
    let written = text(expression)
    let isOfRecords = call.isOfRecords(of: names)
    guard !isOfRecords || (name == .count && !call.isDistinct) else {
      reportNeedsField(name, path, at: expression.range)
      return .some(nil)
    }
    let isOfGroup =
      grouping != nil && clause.takesGroups && !isInAggregate && frames.isEmpty && !isOutside
    let bound = bindRelated(
      path, call.window, call.filter, place: name.rawValue, text: written
    ) { binder in
      if isOfRecords { return BoundAggregate(kind: .count, argument: nil, type: .integer) }
      return binder.bindMeasure(name, call, of: expression, over: names)
    }
    guard let bound, case .related(let related) = bound else { return .some(nil) }
    guard isOfGroup else { return .some(bound) }
    if related.filter?.reachesOuter ?? false || related.aggregate.argument?.reachesOuter ?? false {
      report(.outerInGroup(text: written), at: expression.range)
      return .some(nil)
    }
    var aggregate = related.aggregate
    aggregate.related = path
    aggregate.filter = related.filter
    let position = add(aggregate, named: ColumnName.make(expression, Formatter.format))
    return .some(.perRow(-1 - position, aggregate.type))
  }

  /// `usual(EXPR before P)`: the median of the row's own related records, unknown under three.
  mutating func bindUsual(_ call: Call, of expression: Expression) -> BoundExpression? {
    guard call.arguments.count == 1, !call.isDistinct, call.per.isEmpty, call.window != nil,
      let relation = relation(of: call)
    else {
      report(.usualNeedsRelation, at: expression.range)
      return nil
    }
    guard let (names, path) = relation else { return nil }
    guard !call.isOfRecords(of: names) else {
      reportNeedsField(.median, path, at: expression.range)
      return nil
    }
    let usual = bindRelated(
      path, call.window, call.filter, place: "usual", text: text(expression), knownCountMin: 3
    ) { $0.bindMeasure(.median, call, of: expression, over: names) }
    if let usual {
      noteAside(
        .tooFew(text: text(expression)),
        .call(
          .choose,
          [.isKnown(usual), .constant(.word(0), .integer), .constant(.word(1), .integer)],
          .integer))
    }
    return usual
  }

  /// The aggregate of a call whose argument names the related records in scope by these names; other
  /// paths in it are those of the enclosing row.
  private mutating func bindMeasure(
    _ name: AggregateName, _ call: Call, of expression: Expression, over relation: [Name]
  ) -> BoundAggregate? {
    argumentRelation = relation
    defer { argumentRelation = nil }
    return bindMeasure(name, call, of: expression)
  }

  private mutating func reportNeedsField(
    _ name: AggregateName, _ path: RelatedPath, at range: SourceRange
  ) {
    let definition = catalog[path.entity]
    let field = definition.fields.dropFirst().first { $0.type.isNumeric }
    report(
      .calcNeedsField(
        function: name.rawValue, entity: definition.name,
        field: (field ?? definition.fields[0]).name),
      at: range)
  }
}

extension Call {
  /// Whether the argument is the related records themselves rather than a value of each.
  fileprivate func isOfRecords(of relation: [Name]) -> Bool {
    guard case .path(let names)? = arguments.first?.kind else { return false }
    return names.count == relation.count
  }
}

extension Expression {
  /// The paths in it that are read once a row: those inside other aggregates left out.
  var rowPaths: [[Name]] {
    switch kind {
    case .path(let names): [names]
    case .negation(let operand), .not(let operand), .knownTest(let operand, _),
      .windowTest(let operand, _):
      operand.rowPaths
    case .arithmetic(_, let left, let right), .comparison(_, let left, let right),
      .textTest(_, let left, let right):
      left.rowPaths + right.rowPaths
    case .membership(let tested, _, let items): tested.rowPaths + items.flatMap(\.rowPaths)
    case .between(let tested, let low, let high):
      tested.rowPaths + low.rowPaths + high.rowPaths
    case .logical(_, let operands): operands.flatMap(\.rowPaths)
    case .call(let call):
      call.isAggregate ? [] : call.arguments.flatMap(\.rowPaths)
    default: []
    }
  }
}

extension Call {
  /// Whether it makes one value of many.
  var isAggregate: Bool {
    let folded = name.text.lowercased()
    return AggregateName(rawValue: folded) != nil || folded == "usual"
  }
}
