import Engine
import Store

/// The aggregates over a list of rows, and the values that depend on all rows.
extension NaiveExpression {
  /// One aggregate over rows.
  func value(_ aggregate: BoundAggregate, _ rows: [NaiveRow]) -> Scalar {
    if let path = aggregate.related {
      var own = aggregate
      own.related = nil
      var found: [Int: NaiveRow] = [:]
      for record in rows.flatMap({ records(along: path, $0) }) { found[record.position] = record }
      return NaiveExpression(store: store, scalars: scalars, entity: path.entity)
        .value(own, found.values.sorted { $0.position < $1.position })
    }
    let rows = rows.filter { row in aggregate.filter.map { holds($0, row) } ?? true }
    guard let argument = aggregate.argument else { return .word(Int64(rows.count)) }
    let all = rows.map { value(argument, $0) }
    let known = all.filter(\.isKnown)
    let sorted = known.sorted { NaiveOrder.compare($0, $1) < 0 }
    switch aggregate.kind {
    case .count: return .word(Int64(aggregate.isDistinct ? Set(known).count : known.count))
    case .sum: return sum(known, as: argument.type)
    case .average:
      guard !known.isEmpty else { return .unknown }
      return half(sum(known, as: argument.type), of: known.count, as: argument.type)
    case .minimum: return sorted.first ?? .unknown
    case .maximum: return sorted.last ?? .unknown
    case .median:
      guard !sorted.isEmpty else { return .unknown }
      let (low, high) = (sorted[(sorted.count - 1) / 2], sorted[sorted.count / 2])
      if argument.type == .date || argument.type == .time { return low }
      return half(sum([low, high], as: argument.type), of: 2, as: argument.type)
    case .medianGap:
      let days = Set(sorted.map { day($0, argument.type) }).sorted()
      let gaps = zip(days, days.dropFirst()).map { $1 - $0 }.sorted()
      guard let low = gaps.dropFirst((gaps.count - 1) / 2).first else { return .unknown }
      return .real(Double(low + gaps[gaps.count / 2]) / 2)
    case .percentile(let share):
      guard !sorted.isEmpty else { return .unknown }
      // The shares tested are hundredths.
      let hundredths = Int((share * 100).rounded())
      let rank = max(1, (hundredths * sorted.count + 99) / 100)
      return sorted[rank - 1]
    case .mode:
      var best: (value: Scalar, count: Int) = (.unknown, 0)
      for candidate in sorted {
        let count = sorted.count { $0 == candidate }
        if count > best.count { best = (candidate, count) }
      }
      return best.value
    case .first, .last: return end(aggregate, rows, all)
    }
  }

  /// The day of a date or a time.
  private func day(_ value: Scalar, _ type: ValueType) -> Int {
    guard case .word(let word) = value else { return 0 }
    return type == .time ? Int((Double(word) / 86_400).rounded(.down)) : Int(word)
  }

  /// By the order's value, then by key; a record of unknown time is neither first nor last while
  /// there are others.
  private func end(_ aggregate: BoundAggregate, _ rows: [NaiveRow], _ all: [Scalar]) -> Scalar {
    guard !rows.isEmpty else { return .unknown }
    let times = rows.map { row in aggregate.order.map { value($0, row) } ?? .word(0) }
    var places = Array(rows.indices)
    if times.contains(where: \.isKnown) { places.removeAll { !times[$0].isKnown } }
    places.sort { a, b in
      let order = times[a].isKnown ? NaiveOrder.compare(times[a], times[b]) : 0
      return order == 0 ? isBefore(rows[a], rows[b]) : order < 0
    }
    return all[aggregate.kind == .first ? places[0] : places[places.count - 1]]
  }

  /// By key, or for groups by their keys.
  func isBefore(_ a: NaiveRow, _ b: NaiveRow) -> Bool {
    guard let entity else { return a.position < b.position }
    let key = store.catalog[entity].key.index
    return NaiveOrder.compare(a.cells[key], b.cells[key]) < 0
  }

  private func sum(_ values: [Scalar], as type: ValueType) -> Scalar {
    if type == .number {
      return .real(values.reduce(0) { if case .real(let real) = $1 { $0 + real } else { $0 } })
    }
    return .word(values.reduce(0) { if case .word(let word) = $1 { $0 + word } else { $0 } })
  }

  /// A sum divided: money half away from zero, integers to a number.
  private func half(_ sum: Scalar, of count: Int, as type: ValueType) -> Scalar {
    switch sum {
    case .word(let word) where type == .money:
      let (sign, size) = (word < 0 ? -1 : 1, Int(abs(word)))
      return .word(Int64(sign * ((2 * size + count) / (2 * count))))
    case .word(let word): return .real(Double(word) / Double(count))
    case .real(let real): return .real(real / Double(count))
    default: return .unknown
    }
  }

  // MARK: values that depend on all rows

  /// One value a row of the population, in the order of `rows`.
  func values(_ perRow: BoundPerRow, _ rows: [NaiveRow]) -> [Scalar] {
    let measures = rows.map { value(perRow.argument, $0) }
    if perRow.kind == .runningSum {
      var seen: [Scalar] = []
      return measures.map { measure in
        guard measure.isKnown else { return .unknown }
        seen.append(measure)
        return sum(seen, as: perRow.argument.type)
      }
    }
    let parts = rows.map { row in perRow.per.map { value($0, row) } }
    return rows.indices.map { row in
      guard measures[row].isKnown else {
        if case .inTop = perRow.kind { return .word(0) }
        return .unknown
      }
      let population = rows.indices.filter { parts[$0] == parts[row] && measures[$0].isKnown }
      let orders = population.map { NaiveOrder.compare(measures[$0], measures[row]) }
      let (worse, better) = (orders.count { $0 < 0 }, orders.count { $0 > 0 })
      func share(_ places: [Int]) -> Scalar {
        let all = number(sum(population.map { measures[$0] }, as: perRow.argument.type))
        let part = number(sum(places.map { measures[$0] }, as: perRow.argument.type))
        return all == 0 ? .unknown : .real(part / all)
      }
      switch perRow.kind {
      case .rank: return .word(Int64(better + 1))
      case .ntile(let n): return .word(Int64(min(n, 1 + n * worse / population.count)))
      case .percentileRank:
        return .real(population.count == 1 ? 0 : Double(worse) / Double(population.count - 1))
      case .share: return share([row])
      case .runningShare:
        return share(zip(population, orders).filter { $0.1 >= 0 }.map(\.0))
      case .inTop(let isTop, let numerator, let denominator):
        let beaten = Int64(isTop ? worse : better) * denominator
        return .word(beaten >= (denominator - numerator) * Int64(population.count) ? 1 : 0)
      case .runningSum, .stay, .analyzed: preconditionFailure("no ranking")
      }
    }
  }

  private func number(_ value: Scalar) -> Double {
    switch value {
    case .word(let word): Double(word)
    case .real(let real): real
    default: 0
    }
  }
}
