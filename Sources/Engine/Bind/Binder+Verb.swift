import Store
import Syntax

// Analytic verbs as sources: whom they judge, and what names mean after them.
// How each verb binds its options is in Analyze, one file a verb.

/// What names mean after a verb that judges records: its columns, and the record by its entity's name.
struct VerbScope {
  var verb: Verb
  /// The entity's singular, under which the record stands.
  var record: String
  var columns: [Scope.Binding]

  /// Whether the first name of a path means something by it.
  func explains(_ name: String, same: (String, String) -> Bool) -> Bool {
    same(name, verb.rawValue) || same(name, record) || columns.contains { same($0.name, name) }
  }
}

extension Verb {
  /// The columns that it gives of each record, for messages before it is bound.
  fileprivate var columnNames: [String] {
    switch self {
    case .rfm: ["recency", "frequency", "monetary", "r", "f", "m", "cell", "rfm_group"]
    case .pareto: ["measure", "share", "running_share", "class"]
    case .risk: RiskSignal.allCases.map(\.name) + ["signals", "score"]
    case .forecast:
      [
        "repeat_orders", "age_at_last", "age", "p_alive", "expected_orders", "next_order",
        "expected_value", "clv",
      ]
    default: []
    }
  }
}

extension VerbCall {
  /// The `as of` by which everything is seen: a back-test's, else the call's own.
  var pinning: AsOfClause? {
    if case .risk(let checked?) = options { return checked }
    return asOf
  }
}

extension Binder {
  /// Binds a verb and what it judges as the source of a query.
  mutating func bindVerb(_ call: VerbCall) -> Bool {
    if let clause = call.pinning, asOf != nil {
      report(.asOfTwice, at: clause.range)
      return false
    }
    var round = Round()
    round.filter = call.filter
    let outerVerb = verbAhead
    verbAhead = call.verb
    bindSource(
      Query(
        source: call.source, window: nil, asOf: call.pinning, rounds: [round], range: call.range))
    verbAhead = outerVerb
    guard scope.relation != .nothing else { return false }
    guard let entity = scope.entity else {
      report(.recordsExpected(verb: call.verb), at: call.verbRange)
      return false
    }
    scope = Scope(.records(entity, hops: [], prefix: ""))
    shown = nil
    namedFields = []
    clause = .show
    guard let bound = bindOptions(of: call) else {
      scope = Scope(.nothing)
      return false
    }
    close(bound, of: entity)
    return true
  }

  private mutating func bindOptions(of call: VerbCall) -> BoundAnalysis? {
    switch call.options {
    case .rfm(let bins, let nested, let counting):
      bindRFM(call, bins: bins, isNested: nested != nil, isCountingOrders: counting != nil)
    case .pareto(let by, let share): bindPareto(call, by: by, at: share)
    case .cohort(let options): bindCohort(call, options)
    case .funnel(let steps, let within): bindFunnel(call, steps, within: within)
    case .transitions: bindTransitions(call)
    case .moments(let by): bindMoments(call, by: by)
    case .risk(let checked): bindRisk(call, checkedAsOf: checked)
    case .ladder: bindLadder(call)
    case .forecast(let options): bindForecast(call, options)
    case .gap(let by): bindGap(call, by: by)
    case .cover(let by): bindCover(call, by: by)
    }
  }

  // MARK: the end of a verb

  /// A verb that judges each subject: the records that come in, or the values of a field of theirs.
  mutating func judging(
    _ call: VerbCall, _ analysis: any Analysis, _ found: [FoundEvents] = [],
    values: [BoundExpression] = []
  ) -> BoundAnalysis {
    let subjects: BoundAnalysis.Subjects
    if let key = found.lazy.compactMap(\.key).first {
      subjects = .keys(key.expression, key.column, isFolded: false)
    } else {
      let record = AnalysisColumn(
        catalog[query.entity].singular, .reference(query.entity))
      let isSummary = call.summaryRange != nil
      subjects = .records(
        perRow: isSummary ? [] : ([record] + analysis.columns).map { allot($0) })
    }
    return make(call, analysis, subjects, found, values)
  }

  /// A verb that makes rows of its own out of all its subjects.
  mutating func folding(
    _ call: VerbCall, _ analysis: any Analysis, _ found: [FoundEvents] = [],
    values: [BoundExpression] = []
  ) -> BoundAnalysis {
    let key = found.lazy.compactMap(\.key).first
    let subjects: BoundAnalysis.Subjects =
      key.map { .keys($0.expression, $0.column, isFolded: true) } ?? .folded
    return make(call, analysis, subjects, found, values)
  }

  private func make(
    _ call: VerbCall, _ analysis: any Analysis, _ subjects: BoundAnalysis.Subjects,
    _ found: [FoundEvents], _ values: [BoundExpression]
  ) -> BoundAnalysis {
    let names = names(of: found.lazy.compactMap(\.key).first?.column)
    return BoundAnalysis(
      verb: call.verb, analysis: analysis, subjects: subjects, events: found.map(\.events),
      values: values, isSummary: call.summaryRange != nil, plural: names.plural,
      subjectsName: names.column, asOf: today, staleDays: Int(catalog.rules.setting(.staleDays)))
  }

  /// What the subjects are called in words and as a column: records, also those that the values of a
  /// field stand for, by their entity.
  private func names(of key: AnalysisColumn?) -> (plural: String, column: String) {
    switch key?.type {
    case nil: (catalog[query.entity].name, catalog[query.entity].name)
    case .reference(let target): (catalog[target].name, catalog[target].name)
    default: ("values of \(key?.name ?? "")", "values")
    }
  }

  /// A place for a column of the records that come in.
  private mutating func allot(_ column: AnalysisColumn) -> Int {
    query.perRow.append(
      BoundPerRow(
        kind: .analyzed(column.display), argument: .constant(.unknown, column.type), per: [],
        type: column.type, text: column.name))
    return query.perRow.count - 1
  }

  /// Puts the verb into the query as a round of its own, and makes of it what the next round sees.
  private mutating func close(_ bound: BoundAnalysis, of entity: EntityID) {
    var columns: [BoundColumn] = []
    if case .records(let places) = bound.subjects, !bound.isSummary {
      let record = AnalysisColumn(catalog[entity].singular, .reference(entity))
      for (place, column) in zip(places, [record] + bound.analysis.columns) {
        columns.append(
          BoundColumn(
            name: column.name, expression: .perRow(place, column.type), display: column.display,
            isDetail: column.isDetail))
      }
      scope = Scope(.records(entity, hops: [], prefix: ""))
      scope.verb = VerbScope(
        verb: bound.verb, record: catalog[entity].singular, columns: columns.map(binding))
    } else {
      for (place, column) in bound.rowColumns.enumerated() {
        let path = FieldPath(field: FieldID(place), type: column.type, text: column.name)
        columns.append(
          BoundColumn(
            name: column.name, expression: .field(path), display: column.display,
            isDetail: column.isDetail))
      }
      scope = Scope(.columns)
      scope.columns = columns.map(binding)
    }
    sourceWindow = nil
    shown = columns
    // What the verb's options rank over is what comes in, before the verb.
    let ranks = round.perRowAfterFilter + round.perRowAfterOrder
    round = BoundRound()
    round.perRowBeforeFilter = ranks
    round.analysis = bound
    if !bound.isSummary, !bound.analysis.order.isEmpty {
      round.order = BoundOrder(
        keys: bound.analysis.order.compactMap { key in
          columns.first { $0.name == key.column }.map {
            BoundOrder.Key($0.expression, isDescending: key.isDescending, text: key.column)
          }
        })
    }
    query.rounds.append(round)
    round = BoundRound()
  }

  private func binding(_ column: BoundColumn) -> Scope.Binding {
    Scope.Binding(name: column.name, expression: column.expression, nodeCount: 1)
  }

  // MARK: names after a verb

  /// Says that a name in a verb's own `where` is one of the columns it is about to make.
  mutating func reportColumnAhead(_ name: Name) -> Bool {
    guard let verb = verbAhead, frames.isEmpty,
      verb.columnNames.contains(where: { same($0, name.text) })
    else { return false }
    report(.columnAhead(name: name.text, verb: verb), at: name.range)
    return true
  }

  /// What a path means after a verb that judged the records in scope: `rfm.r`, `customer.value`, a
  /// column by its bare name; nil where it is a path like any other. A broken one is `.some(nil)`.
  mutating func bindVerbPath(_ names: [Name], at range: SourceRange) -> BoundExpression?? {
    guard let verb = scope.verb, let entity = scope.entity else { return nil }
    let column = verb.columns.first { same($0.name, names[names.count - 1].text) }
    if names.count == 2, same(names[0].text, verb.verb.rawValue), let column {
      return .some(column.expression)
    }
    if names.count > 1, same(names[0].text, verb.record),
      catalog[entity].field(named: names[0].text) == nil
    {
      return .some(follow(names.dropFirst(), of: entity, over: [], prefix: "", at: range))
    }
    guard names.count == 1, let column else { return nil }
    if catalog[entity].field(named: names[0].text) != nil {
      report(
        .fieldOrColumn(name: column.name, verb: verb.verb, record: verb.record), at: range)
      return .some(nil)
    }
    return .some(column.expression)
  }

  // MARK: options

  /// A whole number of an option within bounds.
  mutating func bindWhole(
    _ expression: Expression, option: String, in bounds: ClosedRange<Int>
  ) -> Int? {
    if let (literal, isNegative) = numberLiteral(expression), !isNegative, !literal.isPercent,
      literal.decimals == 0, bounds.contains(Int(literal.unscaled))
    {
      return Int(literal.unscaled)
    }
    report(
      .optionOutOfRange(
        option: option, found: text(expression),
        expected: "a whole number from \(bounds.lowerBound) to \(bounds.upperBound)"),
      at: expression.range)
    return nil
  }

  /// Whether the source has events of a kind: named ones are purchases.
  func hasEvents(_ role: EntityRole) -> Bool {
    catalog[query.entity].role == role
      || catalog.relations(of: query.entity).contains { catalog[$0.entity].role == role }
  }

  /// A share of an option, more than 0% and less than 100%.
  mutating func bindPart(_ expression: Expression, option: String) -> Ratio? {
    guard let (numerator, denominator) = bindShare(expression) else { return nil }
    guard numerator > 0, numerator < denominator else {
      report(
        .optionOutOfRange(
          option: option, found: text(expression), expected: "a share between 0% and 100%"),
        at: expression.range)
      return nil
    }
    return Ratio(numerator, denominator)
  }
}
