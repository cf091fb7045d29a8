import Store
import Syntax

extension Binder {
  /// Binds a function of a row that depends on all rows of a population.
  mutating func bindPerRow(
    _ name: PerRowName, _ call: Call, of expression: Expression
  ) -> BoundExpression? {
    guard allows(call, name: name.rawValue, per: true),
      hasArguments(call, name == .ntile ? 2...2 : 1...1, of: expression),
      isPerRowHere(name.rawValue, at: expression.range)
    else { return nil }
    if name == .runningSum, clause != .show || isInAggregate {
      report(
        .runningSumNotHere(place: isInAggregate ? "inside an aggregate" : clause.place),
        at: expression.range)
      return nil
    }
    guard let argument = bindRanked(name, call),
      let kind = perRowKind(name, call),
      let per = bindPer(call.per)
    else { return nil }
    let type: ValueType =
      switch name {
      case .rank, .ntile, .quintile, .decile: .integer
      case .percentileRank, .share, .runningShare: .number
      case .runningSum: argument.type
      }
    return place(
      BoundPerRow(kind: kind, argument: argument, per: per, type: type, text: text(expression)))
  }

  /// What is ranked or summed, over the population's relation.
  private mutating func bindRanked(_ name: PerRowName, _ call: Call) -> BoundExpression? {
    let argument = call.arguments[0]
    let bound: BoundExpression? =
      switch name {
      case .share, .runningShare, .runningSum: bindNumeric(call)
      default: bindValue(argument)
      }
    guard let bound, let lifted = liftPopulation(bound, at: argument.range) else { return nil }
    return orderable(lifted, argument, operation: name.rawValue)
  }

  /// `in top|bottom P% by x [per K]`
  mutating func bindRankTest(_ test: RankTest, of expression: Expression) -> BoundExpression? {
    let word = test.isTop ? "in top" : "in bottom"
    guard isPerRowHere(word, at: expression.range) else { return nil }
    let share = bindShare(test.share)
    guard let bound = bindValue(test.by), let lifted = liftPopulation(bound, at: test.by.range),
      let argument = orderable(lifted, test.by, operation: word), let per = bindPer(test.per),
      let share
    else { return nil }
    return place(
      BoundPerRow(
        kind: .inTop(
          isTop: test.isTop, numerator: share.numerator, denominator: share.denominator),
        argument: argument, per: per, type: .flag, text: text(expression)))
  }

  private mutating func isPerRowHere(_ word: String, at range: SourceRange) -> Bool {
    if case .store = scope.relation {
      report(.perRowNotHere(function: word, place: "in 'calc'"), at: range)
      return false
    }
    if openNames.contains(where: \.isField) {
      report(.perRowNotHere(function: word, place: "in a computed field"), at: range)
      return false
    }
    if clause == .set || clause == .add {
      report(.perRowNotHere(function: word, place: clause.place), at: range)
      return false
    }
    return true
  }

  private mutating func bindPer(_ keys: [Expression]) -> [BoundExpression]? {
    let bound = keys.map { key in
      bindValue(key).flatMap { liftPopulation($0, at: key.range) }
    }
    let known = bound.compactMap { $0 }
    return known.count == keys.count ? known : nil
  }

  /// In `show` and `order by` of a group the population are the groups. A running sum of this round
  /// is not there yet when its rows are ranked.
  private mutating func liftPopulation(
    _ bound: BoundExpression, at range: SourceRange
  ) -> BoundExpression? {
    if bound.perRowIndices.contains(where: round.perRowAfterOrder.contains) {
      report(.runningSumNotHere(place: "inside another function of all rows"), at: range)
      return nil
    }
    let isOfGroups = !isInAggregate && (clause == .show || clause == .order)
    return isOfGroups ? lift(bound, at: range) : bound
  }

  private mutating func perRowKind(_ name: PerRowName, _ call: Call) -> BoundPerRow.Kind? {
    switch name {
    case .rank: return .rank
    case .quintile: return .ntile(5)
    case .decile: return .ntile(10)
    case .percentileRank: return .percentileRank
    case .share: return .share
    case .runningShare: return .runningShare
    case .runningSum: return .runningSum
    case .ntile:
      guard let (literal, isNegative) = numberLiteral(call.arguments[1]), !isNegative,
        !literal.isPercent, literal.decimals == 0, (1...1_000_000).contains(literal.unscaled)
      else {
        report(
          .argumentNotConstant(
            function: "ntile", expected: "a count of groups from 1 to 1,000,000",
            example: "ntile(\(text(call.arguments[0])), 4)"),
          at: call.arguments[1].range)
        return nil
      }
      return .ntile(Int(literal.unscaled))
    }
  }

  /// Puts a computation where its population is: what the round reads for `where`, what passed it
  /// for `show` and order, what is shown for running sums.
  mutating func place(_ perRow: BoundPerRow) -> BoundExpression {
    if case .all = perRow.population {
      return .perRow(index(of: perRow, in: Array(query.perRow.indices)).0, perRow.type)
    }
    if frames.isEmpty, let population {
      var perRow = perRow
      perRow.population = .all(population.entity, population.window)
      return place(perRow)
    }
    if let frame = frames.last, let entity = scope.entity {
      // Over related records the population are all of them, within the window.
      var perRow = perRow
      perRow.population = .all(entity, frame.window)
      return place(perRow)
    }
    let index: Int
    if isInAggregate || clause == .key {
      index = add(perRow, to: \.perRowBeforeGroup)
    } else if clause == .filter {
      index = add(perRow, to: \.round.perRowBeforeFilter)
    } else if case .runningSum = perRow.kind {
      index = add(perRow, to: \.round.perRowAfterOrder)
    } else {
      index = add(perRow, to: \.round.perRowAfterFilter)
    }
    return .perRow(index, perRow.type)
  }

  private mutating func add(
    _ perRow: BoundPerRow, to list: WritableKeyPath<Binder, [Int]>
  ) -> Int {
    let (index, isNew) = index(of: perRow, in: self[keyPath: list])
    if isNew { self[keyPath: list].append(index) }
    return index
  }

  private mutating func index(of perRow: BoundPerRow, in list: [Int]) -> (Int, isNew: Bool) {
    if let index = list.first(where: { query.perRow[$0] == perRow }) { return (index, false) }
    query.perRow.append(perRow)
    return (query.perRow.count - 1, true)
  }
}

extension BoundExpression {
  /// The per-row computations it uses, aggregates left out.
  var perRowIndices: [Int] {
    if case .perRow(let index, _) = self { return index >= 0 ? [index] : [] }
    return children.flatMap(\.perRowIndices)
  }
}
