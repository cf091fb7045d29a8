import Store
import Syntax

// `calc`: expressions over the whole store. Each aggregate names its entity and becomes a query of
// one row.

extension Binder {
  /// Binds `calc EXPR [as n], …`.
  ///
  /// - Throws: `Failure` with one to five diagnostics in the order of the text.
  package func bindCalc(_ columns: [NamedExpression]) throws(Failure) -> BoundCalc {
    var binder = self
    let bound = binder.bindStoreColumns(columns)
    try binder.finish()
    return BoundCalc(
      columns: bound, scalars: binder.query.scalars, notes: binder.query.notes)
  }

  private mutating func bindStoreColumns(_ columns: [NamedExpression]) -> [BoundColumn] {
    scope = Scope(.store)
    clause = .store
    var names = ColumnNames()
    names.reserveAliases(of: columns)
    var bound: [BoundColumn] = []
    for column in columns {
      guard let value = bindValue(column.expression) else { continue }
      let name = names.add(column, value)
      if let duplicate = name.duplicate { report(.duplicateColumn(name: name.text), at: duplicate) }
      bound.append(BoundColumn(name: name.text, expression: value))
      if column.alias != nil {
        scope.aliases.append(
          Scope.Binding(name: name.text, expression: value, nodeCount: value.nodeCount))
      }
    }
    return bound
  }

  /// An aggregate of `calc`: a query over the entity that its argument names.
  mutating func bindStoreAggregate(
    _ name: AggregateName, _ call: Call, of expression: Expression
  ) -> BoundExpression? {
    guard let (entity, word) = storeEntity(name, call, of: expression) else { return nil }
    var inner = Binder(
      catalog: catalog, today: today, drawnSeed: drawnSeed, parameters: parameters,
      lastAnswer: lastAnswer)
    inner.asOf = asOf
    inner.openNames = openNames
    inner.query.entity = entity
    inner.scope = Scope(.records(entity, hops: [], prefix: ""))
    inner.scope.storeEntity = entity
    let column = inner.bindStoreQuery(name, call, isOfRecords: word != nil, of: expression)
    diagnostics += inner.diagnostics
    mentions += inner.mentions
    for fact in inner.query.notes { note(fact) }
    guard let column else { return nil }
    inner.query.columns = [column]
    inner.query.isShown = true
    query.scalars.append(inner.query)
    return .scalar(query.scalars.count - 1, column.expression.type)
  }

  /// `count(it)`, `max(it.value)`: an aggregate over the last answer.
  mutating func bindLastAggregate(
    _ name: AggregateName, _ call: Call, of expression: Expression
  ) -> BoundExpression? {
    var inner = Binder(
      catalog: catalog, today: today, drawnSeed: drawnSeed, parameters: parameters,
      lastAnswer: lastAnswer)
    guard inner.bindLastAnswer(at: expression.range) else {
      diagnostics += inner.diagnostics
      return nil
    }
    inner.isOverLast = true
    var isWhole = false
    if case .it(let names)? = call.arguments.first?.kind { isWhole = names.isEmpty }
    let column = inner.bindStoreQuery(
      name, call, isOfRecords: isWhole, needsPrefix: false, of: expression)
    diagnostics += inner.diagnostics
    guard let column else { return nil }
    inner.query.columns = [column]
    inner.query.isShown = true
    query.scalars.append(inner.query)
    return .scalar(query.scalars.count - 1, column.expression.type)
  }

  /// `(rfm customers summary).purchasers`: a column of a query that gives one row.
  mutating func bindColumn(
    _ name: Name, of inner: Query, at range: SourceRange
  ) -> BoundExpression? {
    var bound: BoundQuery
    do {
      bound = try Binder(
        catalog: catalog, today: today, drawnSeed: drawnSeed, parameters: parameters,
        lastAnswer: lastAnswer
      ).bind(inner)
    } catch {
      diagnostics += error.diagnostics
      return nil
    }
    guard let column = bound.columns.first(where: { same($0.name, name.text) }) else {
      let names = bound.columns.map(\.name)
      let near = NearNames.nearest(to: name.text, among: names)
      report(
        .unknownColumn(name: name.text, near: near, columns: names), at: name.range,
        fixes: fix(name.range, near))
      return nil
    }
    bound.columns = [column]
    bound.isShown = true
    bound.oneRowRange = range
    query.scalars.append(bound)
    return .scalar(query.scalars.count - 1, column.expression.type)
  }

  /// `sum(vip.value)` over the segment's entity: its members' values.
  func overMembers(_ call: Call) -> Call {
    guard let argument = call.arguments.first, let first = argument.paths.first?.first,
      catalog.entity(named: first.text) == nil,
      let segment = catalog.definition(.segment, named: first.text),
      let entity = catalog.entity(named: segment.entity ?? "")
    else { return call }
    let isMember = Expression(
      .segmentTest(
        SegmentTest(subject: nil, kind: .member, segment: first, range: first.range)),
      range: first.range)
    var call = call
    call.arguments[0] = argument.named(catalog[entity].name, for: first)
    call.filter =
      call.filter.map {
        Expression(.logical(.and, [isMember, $0]), range: $0.range)
      } ?? isMember
    return call
  }

  /// The entity an aggregate is over; `word` is set when its argument is the entity itself.
  private mutating func storeEntity(
    _ name: AggregateName, _ call: Call, of expression: Expression
  ) -> (EntityID, word: Name?)? {
    let paths = call.arguments.first?.paths ?? []
    for path in paths {
      guard let entity = catalog.entity(named: path[0].text) else { continue }
      guard case .path(let names)? = call.arguments.first?.kind, names.count == 1 else {
        return (entity, nil)
      }
      if name == .count, !call.isDistinct {
        mention(.entity(entity), at: names[0].range)
        return (entity, names[0])
      }
      let definition = catalog[entity]
      let field = definition.fields.first {
        $0.type.isNumeric && $0.name != definition.fields[0].name
      }
      report(
        .calcNeedsField(
          function: name.rawValue, entity: definition.name,
          field: (field ?? definition.fields[0]).name),
        at: names[0].range)
      return nil
    }
    if let path = paths.first {
      let singular = catalog.entities.first { same($0.singular, path[0].text) }.map { [$0.name] }
      let holder = catalog.entities.first { $0.field(named: path[0].text) != nil }
      if let holder, singular == nil {
        let example = "\(name.rawValue)(\(holder.name).\(path[0].text))"
        report(
          .calcNeedsEntity(function: name.rawValue, example: example), at: path[0].range)
        return nil
      }
      let near = NearNames.nearest(to: path[0].text, among: catalog.entities.map(\.name))
      report(
        .unknownEntity(name: path[0].text, near: singular ?? near), at: path[0].range,
        fixes: fix(path[0].range, singular ?? near))
    } else {
      report(
        .calcNeedsEntity(
          function: name.rawValue,
          example: "\(name.rawValue)(\(catalog.entities.first?.name ?? "customers"))"),
        at: expression.range)
    }
    return nil
  }

  /// Window, condition and aggregate as a round of one group without keys.
  private mutating func bindStoreQuery(
    _ name: AggregateName, _ call: Call, isOfRecords: Bool, needsPrefix: Bool = true,
    of expression: Expression
  ) -> BoundColumn? {
    clause = .filter
    if let window = call.window, let time = ownTime(at: window.range) {
      round.window = bindWindow(window, on: time, written: nil)
      round.windowParts =
        round.window.map {
          [BoundCondition(origin: .window(window), expression: $0)]
        } ?? []
    }
    bindPresence()
    if let filter = call.filter {
      round.filter = bindCondition(filter, place: "\(name.rawValue)(… where)")
      round.filterOrigin = .filter(filter)
    }
    grouping = Grouping(isKeyless: true)
    isInAggregate = true
    scope.needsStorePrefix = needsPrefix
    var measured = call
    if isOfRecords { measured.arguments = [] }
    let aggregate = bindMeasure(name, measured, of: expression)
    isInAggregate = false
    guard let aggregate, diagnostics.isEmpty else { return nil }
    let column = ColumnName.make(expression, Formatter.format)
    let position = add(aggregate, named: column)
    guard let value = lift(.perRow(-1 - position, aggregate.type), at: expression.range) else {
      return nil
    }
    let bound = BoundColumn(name: column, expression: value)
    closeRound([bound])
    return bound
  }
}

extension Expression {
  /// The same with another name where paths begin with this one.
  fileprivate func named(_ name: String, for old: Name) -> Expression {
    func renamed(_ operand: Expression) -> Expression { operand.named(name, for: old) }
    switch kind {
    case .path(var names) where names[0].folded == old.folded:
      names[0].text = name
      return Expression(.path(names), range: range)
    case .negation(let operand): return Expression(.negation(renamed(operand)), range: range)
    case .arithmetic(let sign, let left, let right):
      return Expression(.arithmetic(sign, renamed(left), renamed(right)), range: range)
    case .call(var call):
      call.arguments = call.arguments.map(renamed)
      return Expression(.call(call), range: range)
    default: return self
    }
  }

  /// Whether `it` stands in it.
  var holdsLastAnswer: Bool {
    switch kind {
    case .it: true
    case .negation(let operand): operand.holdsLastAnswer
    case .arithmetic(_, let left, let right): left.holdsLastAnswer || right.holdsLastAnswer
    case .call(let call): call.arguments.contains(where: \.holdsLastAnswer)
    default: false
    }
  }

  /// The paths in it, in the order of the text, those inside aggregates' conditions left out.
  var paths: [[Name]] {
    switch kind {
    case .path(let names): [names]
    case .negation(let operand), .not(let operand), .knownTest(let operand, _),
      .windowTest(let operand, _):
      operand.paths
    case .arithmetic(_, let left, let right), .comparison(_, let left, let right),
      .textTest(_, let left, let right):
      left.paths + right.paths
    case .membership(let tested, _, let items): tested.paths + items.flatMap(\.paths)
    case .between(let tested, let low, let high): tested.paths + low.paths + high.paths
    case .logical(_, let operands): operands.flatMap(\.paths)
    case .call(let call): call.arguments.flatMap(\.paths)
    case .rankTest(let test): test.by.paths + test.per.flatMap(\.paths)
    case .has(let test): [test.first.path]
    case .was(let tested, let value, _): tested.paths + value.paths
    case .changed(let test):
      test.subject.paths + (test.from?.paths ?? []) + (test.to?.paths ?? [])
    case .segmentTest(let test): test.subject?.paths ?? []
    case .number, .text, .date, .duration, .flag, .unknown, .point, .period, .parameter, .outer,
      .it, .all, .standard, .counted, .columnOfQuery:
      []
    }
  }
}
