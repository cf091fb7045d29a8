import Store
import Syntax

// Groups, what is shown, and what a round hands to the next.

extension Binder {
  // MARK: group by

  /// `group by K [as n], …`, or the one group of a `show` of only aggregates.
  mutating func bindGroup(_ round: Round) {
    guard scope.relation != .nothing else { return }
    let shown = round.show?.columns ?? []
    guard let group = round.group else {
      guard let example = shown.first(where: { holdsAggregate($0.expression) }) else { return }
      let fields = shown.filter { !holdsAggregate($0.expression) }.map { text($0.expression) }
      let start = round.show?.range.lowerBound ?? 0
      var grouping = Grouping(isKeyless: true)
      grouping.example = text(example.expression)
      grouping.addKey = Fix(
        SourceRange(start, start), "group by \(fields.joined(separator: ", ")) ")
      self.grouping = grouping
      return
    }
    clause = .key
    var grouping = Grouping()
    let end = group.range.upperBound
    grouping.addKey = Fix(SourceRange(end, end), "")
    var names = ColumnNames()
    for key in group.keys + (group.across.map { [$0] } ?? []) {
      uses = []
      guard let bound = bindValue(key.expression) else {
        markBroken(key)
        grouping.isBroken = true
        continue
      }
      if grouping.keys.contains(bound) {
        report(.duplicateKey(text: text(key.expression)), at: key.expression.range)
        continue
      }
      noteCutPeriod(bound, key.expression)
      let name = names.add(key, bound)
      if let duplicate = name.duplicate { report(.duplicateColumn(name: name.text), at: duplicate) }
      grouping.keys.append(bound)
      grouping.keyNames.append(name.text)
      grouping.keyTexts.append(text(key.expression))
      remember(bound, as: name.text, isAlias: key.alias != nil)
    }
    if group.across != nil { grouping.across = grouping.keys.count - 1 }
    self.grouping = grouping
  }

  /// Makes a name usable to the right and in later rounds.
  private mutating func remember(_ bound: BoundExpression, as name: String, isAlias: Bool) {
    let binding = Scope.Binding(name: name, expression: bound, nodeCount: bound.nodeCount)
    if isAlias { scope.aliases.append(binding) } else { scope.columns.append(binding) }
  }

  // MARK: show

  /// `show E [as n], …`; without it the keys and the count of a group, or what was shown before.
  mutating func bindShow(_ round: Round) -> [BoundColumn]? {
    clause = .show
    guard scope.relation != .nothing else { return nil }
    query.hasTotal = round.show?.totalRange != nil
    guard let show = round.show else { return grouping == nil ? nil : keysAndCount() }
    var columns = keyColumns()
    var names = ColumnNames()
    for column in columns { names.reserve(column.name) }
    names.reserveAliases(of: show.columns)
    for column in show.columns {
      uses = []
      guard let bound = bindValue(column.expression),
        let lifted = lift(bound, at: column.expression.range)
      else {
        markBroken(column)
        continue
      }
      let position = keyPosition(lifted)
      if let position, same(column.alias?.text ?? columns[position].name, columns[position].name) {
        continue
      }
      let name = names.add(column, bound)
      if let duplicate = name.duplicate { report(.duplicateColumn(name: name.text), at: duplicate) }
      if let position {
        columns[position].name = name.text
      } else {
        columns.append(
          BoundColumn(name: name.text, expression: lifted, display: display(of: lifted)))
      }
      remember(bound, as: name.text, isAlias: column.alias != nil)
    }
    return columns
  }

  /// The group's keys as columns.
  private func keyColumns() -> [BoundColumn] {
    guard let grouping else { return [] }
    return grouping.keys.indices.map { index in
      BoundColumn(
        name: grouping.keyNames[index],
        expression: .field(
          FieldPath(
            field: FieldID(index), type: grouping.keys[index].type,
            text: grouping.keyNames[index])))
    }
  }

  private mutating func keysAndCount() -> [BoundColumn] {
    let aggregate = BoundAggregate(kind: .count, argument: nil, type: .integer)
    var names = ColumnNames()
    for name in grouping?.keyNames ?? [] { names.reserve(name) }
    let name = names.unused("count")
    let marker = BoundExpression.perRow(-1 - add(aggregate, named: name), .integer)
    let nowhere = SourceRange(0, 0)
    guard let lifted = lift(marker, at: nowhere) else { return keyColumns() }
    remember(marker, as: name, isAlias: false)
    return keyColumns() + [BoundColumn(name: name, expression: lifted)]
  }

  /// Which key an expression over the group's columns is, if it is nothing else.
  private func keyPosition(_ lifted: BoundExpression) -> Int? {
    guard let grouping, case .field(let path) = lifted, path.field.index < grouping.keys.count
    else { return nil }
    return path.field.index
  }

  private func display(of expression: BoundExpression) -> OutputColumn.Display {
    guard case .perRow(let index, _) = expression else { return .plain }
    switch query.perRow[index].kind {
    case .share, .runningShare, .percentileRank: return .percent
    case .analyzed(let display): return display
    default: return .plain
    }
  }

  // MARK: The end of a round

  /// Puts the round into the query, and makes of it what the next one sees.
  mutating func closeRound(_ columns: [BoundColumn]?) {
    if let grouping {
      if !perRowBeforeGroup.isEmpty { splitBeforeGroup() }
      let names = grouping.keyNames + grouping.aggregateNames
      round.group = BoundGroup(
        keys: grouping.keys, aggregates: grouping.aggregates, names: names)
      query.across = grouping.across
      leaveGroup(columns ?? [])
    }
    if let columns { shown = columns }
    // Only the last round's group is spread and summed up.
    if grouping == nil {
      query.across = nil
      query.hasTotal = false
    }
    query.rounds.append(round)
    round = BoundRound()
    grouping = nil
    perRowBeforeGroup = []
  }

  /// Keys and aggregates that need a per-row computation get a round of their own before the group,
  /// so that its population are the rows that passed `where`.
  private mutating func splitBeforeGroup() {
    var before = BoundRound()
    before.window = round.window
    before.windowParts = round.windowParts
    before.perRowBeforeFilter = round.perRowBeforeFilter
    before.filter = round.filter
    before.filterOrigin = round.filterOrigin
    before.perRowAfterFilter = perRowBeforeGroup
    query.rounds.append(before)
    round.window = nil
    round.windowParts = []
    round.perRowBeforeFilter = []
    round.filter = nil
    round.filterOrigin = nil
  }

  /// After a group there are only its columns.
  private mutating func leaveGroup(_ columns: [BoundColumn]) {
    scope = Scope(.columns)
    for column in columns {
      scope.columns.append(
        Scope.Binding(
          name: column.name, expression: column.expression,
          nodeCount: column.expression.nodeCount))
    }
    sourceWindow = nil
  }

  /// What bare names would mean in one more round; nil when the query cannot be bound.
  func names(after query: Query) -> RoundNames? {
    var binder = self
    binder.bindSource(query)
    guard binder.diagnostics.isEmpty, binder.scope.relation != .nothing else { return nil }
    let scope = binder.scope
    let bindings = (scope.verb?.columns ?? []) + scope.aliases + scope.columns
    return RoundNames(
      columns: bindings.map { ($0.name, $0.expression.type) },
      entity: scope.entity.map { catalog[$0].name }, record: scope.verb?.record)
  }

  // MARK: The columns of the answer

  /// What is shown in the end.
  ///
  /// - Parameter showsEveryField: Whether records of which nothing is shown by name show every stored
  ///   field rather than those that a terminal shows; into a file they do anyway.
  mutating func bindColumns(showsEveryField: Bool) {
    guard scope.relation != .nothing else { return }
    if let shown {
      query.columns = shown
      query.isShown = true
      return
    }
    let definition = catalog[query.entity]
    func column(_ id: FieldID) -> BoundColumn {
      let field = definition[id]
      return BoundColumn(
        name: field.name,
        expression: pinned(
          FieldPath(field: id, type: field.type, text: field.name), of: query.entity))
    }
    if showsEveryField || query.into != nil {
      query.columns = definition.fields.indices.map(FieldID.init)
        .filter { !definition[$0].isComputed }.map(column)
      return
    }
    var names = ColumnNames()
    for id in definition.defaultFields where !definition[id].isComputed {
      query.columns.append(column(id))
      names.reserve(definition[id].name)
    }
    for named in namedFields
    where !query.columns.contains(where: { $0.expression == named.expression }) {
      query.columns.append(
        BoundColumn(name: names.unused(named.name), expression: named.expression))
    }
  }
}

/// The names of one answer's columns, each once.
struct ColumnNames {
  private var taken = Set<String>()
  private var waiting = Set<String>()
  /// Keeps a name from being given again.
  mutating func reserve(_ name: String) { taken.insert(Folding.fold(name)) }

  /// Keeps the names after `as` from being given to columns that have none.
  mutating func reserveAliases(of columns: [NamedExpression]) {
    for column in columns {
      if let alias = column.alias { waiting.insert(Folding.fold(alias.text)) }
    }
  }

  /// The name of a column, and where it is a second one of that name by `as`.
  mutating func add(
    _ column: NamedExpression, _ bound: BoundExpression
  ) -> (text: String, duplicate: SourceRange?) {
    guard let alias = column.alias else { return (unused(base(column.expression, bound)), nil) }
    let isNew = taken.insert(Folding.fold(alias.text)).inserted
    return (alias.text, isNew ? nil : alias.range)
  }

  /// The name itself, or with the first number behind it that makes it new.
  mutating func unused(_ base: String) -> String {
    var name = base
    var number = 2
    while waiting.contains(Folding.fold(name)) || !taken.insert(Folding.fold(name)).inserted {
      name = "\(base)_\(number)"
      number += 1
    }
    return name
  }

  /// The words of the expression; a field by the name it was declared with.
  private func base(_ expression: Expression, _ bound: BoundExpression) -> String {
    let words = ColumnName.make(expression, Formatter.format)
    guard case .path = expression.kind, case .field(let path) = bound else { return words }
    let declared = String(path.text.map { $0 == "." ? "_" : $0 })
    let isSame = Folding.fold(declared).utf8.elementsEqual(Folding.fold(words).utf8)
    return isSame ? declared : words
  }
}

extension BoundExpression {
  /// Nodes in all.
  var nodeCount: Int {
    switch self {
    case .related(let related):
      (related.filter?.nodeCount ?? 0) + (related.aggregate.argument?.nodeCount ?? 0) + 1
    case .outer(let expression): expression.nodeCount + 1
    default: children.reduce(1) { $0 + $1.nodeCount }
    }
  }
}

extension Binder {
  /// Whether an aggregate over rows stands in an expression: one over related records is a value of
  /// each row.
  func holdsAggregate(_ expression: Expression) -> Bool {
    switch expression.kind {
    case .number, .text, .date, .duration, .flag, .unknown, .point, .period, .parameter, .path,
      .has, .outer, .it, .all, .standard, .counted, .changed, .segmentTest,
      .columnOfQuery:
      return false
    case .negation(let operand), .not(let operand), .knownTest(let operand, _),
      .windowTest(let operand, _):
      return holdsAggregate(operand)
    case .arithmetic(_, let left, let right), .comparison(_, let left, let right),
      .textTest(_, let left, let right), .was(let left, let right, _):
      return holdsAggregate(left) || holdsAggregate(right)
    case .membership(let tested, _, let items):
      return holdsAggregate(tested) || items.contains(where: holdsAggregate)
    case .between(let tested, let low, let high):
      return holdsAggregate(tested) || holdsAggregate(low) || holdsAggregate(high)
    case .rankTest(let test): return holdsAggregate(test.by)
    case .logical(_, let operands): return operands.contains(where: holdsAggregate)
    case .call(let call):
      if case .all? = call.arguments.first?.kind { return false }
      let isAggregate = AggregateName(rawValue: call.name.text.lowercased()) != nil
      if isAggregate || call.isAggregate, isOverRelated(call) { return false }
      return isAggregate || call.arguments.contains(where: holdsAggregate)
    }
  }
}
