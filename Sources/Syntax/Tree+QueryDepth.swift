// How deep the trees of queries are, which stand in expressions too.

extension Query {
  /// The levels of the deepest expression in it.
  var depth: Int {
    let above = max(source.depth, window?.depth ?? 0, asOf?.day.depth ?? 0)
    return rounds.reduce(above) { max($0, $1.depth) }
  }
}

extension Source {
  /// The levels of the deepest expression in it.
  fileprivate var depth: Int {
    switch self {
    case .named, .it: 0
    case .query(let query): query.depth
    case .verb(let call):
      max(
        call.source.depth, call.events?.fields.depthMax ?? 0, call.asOf?.day.depth ?? 0,
        call.period?.depth ?? 0, call.filter?.condition.depth ?? 0, call.options.depth)
    }
  }
}

extension Round {
  /// The levels of the deepest expression in it.
  fileprivate var depth: Int {
    let named = (group?.keys ?? []) + (group?.across.map { [$0] } ?? []) + (show?.columns ?? [])
    let counts = [sample?.amount, sample?.seed, limit?.count, limit?.offset].compactMap { $0 }
    return max(
      filter?.condition.depth ?? 0, named.map(\.expression).depthMax, order?.depth ?? 0,
      counts.depthMax)
  }
}

extension OrderClause {
  /// The levels of the deepest expression in it.
  fileprivate var depth: Int {
    switch kind {
    case .by(let keys): keys.map(\.expression).depthMax
    case .ranked(_, let count, let measure, let per):
      max(count.depth, measure.depth, per.depthMax)
    }
  }
}

extension VerbOptions {
  /// The levels of the deepest expression in them.
  fileprivate var depth: Int {
    switch self {
    case .rfm(let bins, _, _): bins?.depth ?? 0
    case .pareto(let measure, let share): max(measure.depth, share?.depth ?? 0)
    case .cohort(let cohort): cohort.events?.condition?.depth ?? 0
    case .funnel(let steps, let length):
      max(steps.compactMap(\.relation.condition).depthMax, length?.depth ?? 0)
    case .moments(let key), .gap(let key): key?.depth ?? 0
    case .cover(let key): key.depth
    case .risk(let checked): checked?.day.depth ?? 0
    case .forecast(let forecast): max(forecast.over.depth, forecast.discount?.depth ?? 0)
    case .transitions, .ladder: 0
    }
  }
}
