import Store
import Syntax

/// The groups of the round being bound.
///
/// Until the round is closed its expressions are bound over the rows before the group, with an
/// aggregate standing as `.perRow` of a negative index; `lift` turns them into expressions over the
/// group's columns.
struct Grouping {
  var keys: [BoundExpression] = []
  var keyNames: [String] = []
  var keyTexts: [String] = []
  var aggregates: [BoundAggregate] = []
  var aggregateNames: [String] = []
  /// The key after `across`.
  var across: Int?
  /// Whether there was no `group by`: a `show` of only aggregates.
  var isKeyless = false
  /// Whether a key could not be bound: then any field may have been meant as one.
  var isBroken = false
  /// The edit that adds a key, for a field that stands beside aggregates.
  var addKey: Fix?
  /// The first aggregate as written.
  var example = ""
}

extension Binder {
  /// Binds an aggregate over the round's rows.
  mutating func bindAggregate(
    _ name: AggregateName, _ call: Call, of expression: Expression
  ) -> BoundExpression? {
    guard allows(call, name: name.rawValue, distinct: name == .count, rows: true) else {
      return nil
    }
    if let outer = call.overOuter {
      return bindOutside(at: expression.range) {
        $0.bindAggregate(name, outer, of: expression)
      }
    }
    if call.arguments.first?.holdsLastAnswer ?? false {
      return bindLastAggregate(name, call, of: expression)
    }
    if case .store = scope.relation {
      return bindStoreAggregate(name, overMembers(call), of: expression)
    }
    if let call = call.overStore {
      return bindStoreAggregate(name, overMembers(call), of: expression)
    }
    if let bound = bindRelatedAggregate(name, call, of: expression) { return bound }
    guard isResolved(call), isAggregateHere(expression) else { return nil }
    let outer = uses
    isInAggregate = true
    let aggregate = bindOverRows(name, call, of: expression)
    isInAggregate = false
    uses = outer
    guard let aggregate else { return nil }
    return .perRow(
      -1 - add(aggregate, named: ColumnName.make(expression, Formatter.format)), aggregate.type)
  }

  /// The position of an aggregate in the round's group, added if it is new.
  mutating func add(_ aggregate: BoundAggregate, named name: String) -> Int {
    guard var group = grouping else { preconditionFailure("an aggregate needs its group") }
    if let index = group.aggregates.firstIndex(of: aggregate) { return index }
    var names = ColumnNames()
    for taken in group.keyNames + group.aggregateNames { names.reserve(taken) }
    group.aggregates.append(aggregate)
    group.aggregateNames.append(names.unused(name))
    grouping = group
    return group.aggregates.count - 1
  }

  /// Whether the names in the argument lead somewhere; what an aggregate is over comes before where it
  /// may stand.
  private mutating func isResolved(_ call: Call) -> Bool {
    guard let entity = scope.entity, !scope.needsStorePrefix else { return true }
    for names in call.arguments.first?.rowPaths ?? [] where !canResolve(names[0]) {
      if let store = scope.storeEntity, same(catalog[store].name, names[0].text) { continue }
      reportUnknownField(names[0], in: entity, path: names[...], index: 0, orRelation: true)
      return false
    }
    return true
  }

  private mutating func isAggregateHere(_ expression: Expression) -> Bool {
    let written = text(expression)
    if isInAggregate {
      report(.aggregateNotHere(text: written, place: "inside another one"), at: expression.range)
      return false
    }
    if clause == .filter {
      reportInFilter(written, at: expression.range)
      return false
    }
    if clause == .key || grouping == nil {
      let place = clause.takesGroups ? "\(clause.place) without 'group by'" : clause.place
      report(.aggregateNotHere(text: written, place: place), at: expression.range)
      return false
    }
    return true
  }

  /// An aggregate in `where`: behind the group it may stand.
  private mutating func reportInFilter(_ written: String, at range: SourceRange) {
    guard let (filter, isGrouped, end) = movableFilter else {
      report(.aggregateInFilter(text: written, isGrouped: false), at: range)
      return
    }
    let moved = Formatter.format(filter.condition)
    let isLast = filter.range.upperBound >= end
    let fixes =
      isLast
      ? [Fix(filter.range, "then where \(moved)")]
      : [
        Fix(SourceRange(filter.range.lowerBound, filter.range.upperBound + 1), ""),
        Fix(SourceRange(end, end), " then where \(moved)"),
      ]
    report(
      .aggregateInFilter(text: written, isGrouped: isGrouped), at: range,
      fixes: isGrouped ? fixes : [])
  }

  /// Argument, window and condition of an aggregate, over the rows in scope.
  mutating func bindOverRows(
    _ name: AggregateName, _ call: Call, of expression: Expression
  ) -> BoundAggregate? {
    var conditions: [BoundExpression] = []
    var hasFailed = false
    if let window = call.window {
      let bound = ownTime(at: window.range).flatMap { bindWindow(window, on: $0, written: nil) }
      if let bound { conditions.append(bound) } else { hasFailed = true }
    }
    if let filter = call.filter {
      let bound = bindCondition(filter, place: "\(name.rawValue)(… where)")
      if let bound { conditions.append(bound) } else { hasFailed = true }
    }
    guard var aggregate = bindMeasure(name, call, of: expression), !hasFailed else { return nil }
    aggregate.filter = conditions.count > 1 ? .and(conditions) : conditions.first
    return aggregate
  }

  /// The aggregate itself and its argument.
  mutating func bindMeasure(
    _ name: AggregateName, _ call: Call, of expression: Expression
  ) -> BoundAggregate? {
    let counts =
      switch name {
      case .count: call.isDistinct ? 1...1 : 0...1
      case .percentile: 2...2
      default: 1...1
      }
    guard hasArguments(call, counts, of: expression) else { return nil }
    guard let argument = call.arguments.first else {
      return BoundAggregate(kind: .count, argument: nil, type: .integer)
    }
    guard let bound = bindValue(argument) else { return nil }
    return measure(name, bound, call)
  }

  private mutating func measure(
    _ name: AggregateName, _ bound: BoundExpression, _ call: Call
  ) -> BoundAggregate? {
    let type = bound.type
    let argument = call.arguments[0]
    func make(_ kind: BoundAggregate.Kind, _ type: ValueType) -> BoundAggregate {
      BoundAggregate(kind: kind, argument: bound, isDistinct: call.isDistinct, type: type)
    }
    switch name {
    case .count: return make(.count, .integer)
    case .sum, .avg:
      guard type.isNumeric else { break }
      return name == .sum
        ? make(.sum, type) : make(.average, type == .integer ? .number : type)
    case .median:
      guard type.isNumeric || type == .date || type == .time else { break }
      return make(.median, type == .integer ? .number : type)
    case .medianGap:
      guard type == .date || type == .time else {
        reportArgument(call, "a date", bound, argument)
        return nil
      }
      return make(.medianGap, .number)
    case .percentile:
      guard type.isNumeric || type == .date || type == .time else { break }
      guard let share = bindShare(call.arguments[1]) else { return nil }
      return make(.percentile(Double(share.numerator) / Double(share.denominator)), type)
    case .min, .max:
      guard let bound = orderable(bound, argument, operation: name.rawValue) else { return nil }
      return BoundAggregate(
        kind: name == .min ? .minimum : .maximum, argument: bound, type: bound.type)
    case .mode: return make(.mode, type)
    case .first, .last:
      var aggregate = make(name == .first ? .first : .last, type)
      if case .records(let entity, _, _) = scope.relation, catalog[entity].timeField != nil {
        aggregate.order = ownTime(at: argument.range)
      }
      return aggregate
    }
    reportArgument(
      call, name == .sum || name == .avg ? "a number or money" : "a number, money or a date",
      bound, argument)
    return nil
  }

  /// A percentage from 0% to 100%, exact.
  mutating func bindShare(_ expression: Expression) -> (numerator: Int64, denominator: Int64)? {
    guard let (literal, isNegative) = numberLiteral(expression), literal.isPercent, !isNegative,
      literal.decimals <= 18
    else {
      if case .parameter(let name) = expression.kind {
        reportParameter(name, isNo: "a percentage", at: expression.range)
      } else {
        report(
          .shareExpected(text: text(expression)), at: expression.range, fixes: shareFix(expression))
      }
      return nil
    }
    var denominator: Int64 = 1
    for _ in 0..<literal.decimals { denominator *= 10 }
    guard literal.unscaled <= denominator else {
      report(.shareExpected(text: text(expression)), at: expression.range)
      return nil
    }
    let divisor = max(1, Self.commonDivisor(literal.unscaled, denominator))
    return (literal.unscaled / divisor, denominator / divisor)
  }

  /// `90` where `90%` is meant.
  private func shareFix(_ expression: Expression) -> [Fix] {
    guard let (literal, isNegative) = numberLiteral(expression), !isNegative,
      literal.decimals == 0, literal.unscaled <= 100
    else { return [] }
    return [Fix(expression.range, "\(literal.spelling)%")]
  }

  private static func commonDivisor(_ a: Int64, _ b: Int64) -> Int64 {
    var (a, b) = (a, b)
    while b != 0 { (a, b) = (b, a % b) }
    return a
  }

  // MARK: From rows to groups

  /// The expression over the group's columns; in a round without a group the expression itself.
  mutating func lift(_ expression: BoundExpression, at range: SourceRange) -> BoundExpression? {
    guard let grouping else { return expression }
    if let index = grouping.keys.firstIndex(of: expression) {
      return .field(
        FieldPath(
          field: FieldID(index), type: expression.type, text: grouping.keyNames[index]))
    }
    switch expression {
    case .perRow(let index, let type) where index < 0:
      let position = -1 - index
      return .field(
        FieldPath(
          field: FieldID(grouping.keys.count + position), type: type,
          text: grouping.aggregateNames[position]))
    case .perRow(let index, _):
      if round.perRowAfterFilter.contains(index) || round.perRowAfterOrder.contains(index) {
        return expression
      }
      reportNotInGroup(query.perRow[index].text, at: range)
      return nil
    case .field(let path):
      let use = uses.last { $0.path == path }
      reportNotInGroup(use?.name ?? path.text, at: use?.range ?? range)
      return nil
    default:
      return expression.mapChildren { lift($0, at: range) }
    }
  }

  private mutating func reportNotInGroup(_ name: String, at range: SourceRange) {
    guard let grouping, !grouping.isBroken else { return }
    if grouping.isKeyless {
      report(
        .aggregateNeedsGroup(field: name, aggregate: grouping.example), at: range,
        fixes: grouping.addKey.map { [$0] } ?? [])
    } else {
      let fixes = grouping.addKey.map { [Fix($0.range, ", \(name)")] } ?? []
      report(.notInGroup(name: name, keys: grouping.keyTexts), at: range, fixes: fixes)
    }
  }
}

extension Call {
  /// `avg(outer.orders.amount)` as the enclosing row has it.
  fileprivate var overOuter: Call? {
    guard let argument = arguments.first, case .outer(let names) = argument.kind else {
      return nil
    }
    var call = self
    call.arguments[0] = Expression(.path(names), range: argument.range)
    return call
  }

  /// `median(all customers.value)` as `calc` writes it: an aggregate over the whole store.
  fileprivate var overStore: Call? {
    guard let argument = arguments.first, case .all(let entity, let names) = argument.kind else {
      return nil
    }
    var call = self
    call.arguments[0] = Expression(.path([entity] + names), range: argument.range)
    return call
  }
}

extension ValueType {
  /// Whether it has a sum.
  var isNumeric: Bool {
    switch self {
    case .integer, .number, .money: true
    default: false
    }
  }
}
