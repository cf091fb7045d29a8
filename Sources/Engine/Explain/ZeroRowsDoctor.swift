import Store
import Syntax

/// Finds out why an answer has no rows: what each condition left, what is nearest to the one that left
/// nothing, and which condition, left out alone, would let rows through.
///
/// It counts on all rows once for the funnel, once for what is nearest, and asks the question once
/// more for each condition; it gives up, without a word, where that takes long.
struct ZeroRowsDoctor {
  let database: Database
  let today: Int
  /// When on the `Stopwatch` it says what it has; nil goes by the expected costs alone.
  let deadline: Double?

  /// The most that counting may be expected to cost.
  private static let nanosecondsMax = 200e6
  /// The most conditions that are named as those without which there would be rows.
  private static let withoutCountMax = 3

  /// What there is to say about a query whose answer has no rows; nil where it is nothing.
  func examine(_ query: BoundQuery) -> EmptyAnswer? {
    let maker = RowFunnelMaker(database: database, today: today)
    guard query.rounds.contains(where: { !$0.conditions.isEmpty }),
      let cost = try? maker.nanoseconds(of: query), cost < Self.nanosecondsMax,
      let funnel = try? maker.count(query, until: deadline)
    else { return nil }
    let steps = funnel.steps.filter(\.part.changesRows)
    guard let end = steps.firstIndex(where: { $0.rowCount == 0 }) else { return nil }
    let words = RowFunnelWords(query, database.catalog)
    var answer = EmptyAnswer(
      steps: steps[...end].map {
        EmptyAnswer.Step(rowCount: $0.rowCount, text: words.words(for: $0.part))
      })
    guard end > 0 else { return answer }
    if let place = steps[end].place, case .condition(let condition) = steps[end].part {
      let rows = NearestValues(
        database: database, today: today, query: query, round: place.round,
        condition: place.condition, entity: steps[end].entity)
      answer.nearest = rows.nearest(to: condition, within: deadline)
    }
    answer.without = without(query, cost: cost, words)
    return answer
  }

  /// The conditions without one of which there would be rows, as many as time allows.
  private func without(
    _ query: BoundQuery, cost: Double, _ words: RowFunnelWords
  ) -> [EmptyAnswer.Step] {
    let places = query.rounds.indices.flatMap { round in
      query.rounds[round].conditions.enumerated().map { (round, $0.offset, $0.element) }
    }
    guard places.count > 1 else { return [] }
    var found: [EmptyAnswer.Step] = []
    var spent = cost
    for (round, place, condition) in places where condition.canBeLeftOut {
      var other = query
      other.rounds[round] = query.rounds[round].leavingOut(place)
      spent += cost
      guard spent < Self.nanosecondsMax, let rowCount = rowCount(of: other) else { break }
      if rowCount > 0 {
        found.append(EmptyAnswer.Step(rowCount: rowCount, text: words.words(for: condition)))
      }
      if found.count == Self.withoutCountMax { break }
    }
    return found
  }

  private func rowCount(of query: BoundQuery) -> Int? {
    guard let plan = try? Planner(database: database).plan(query) else { return nil }
    let planned = Optimizer(database: database).optimize(plan, of: query)
    return try? Executor(database: database, today: today)
      .measureSteps(planned, until: deadline).last?.rowCount
  }
}

extension BoundCondition {
  /// Whether it stands in the question in such a way that the question may be asked without it.
  fileprivate var canBeLeftOut: Bool {
    switch origin {
    case .filter, .window, nil: true
    case .segment, .presence, .last: false
    }
  }
}
