import Store
import Syntax

// Order, `top`, `sample` and `limit`.

extension Binder {
  /// `order by …`, `top|bottom N by … per …`
  mutating func bindOrder(_ order: OrderClause) {
    clause = .order
    switch order.kind {
    case .by(let keys):
      let bound = keys.compactMap { key in
        bindKey(key.expression, isDescending: key.isDescending)
      }
      if !bound.isEmpty { round.order = BoundOrder(keys: bound) }
    case .ranked(let isTop, let count, let by, let per):
      let word = isTop ? "top" : "bottom"
      let countMax = bindCount(count, of: word)
      let key = bindKey(by, isDescending: isTop, ranking: word)
      let groups = per.compactMap { bindKey($0, isDescending: false) }
      guard let countMax, let key else { return }
      round.order = BoundOrder(keys: [key], countMax: countMax, per: groups)
    }
  }

  private mutating func bindKey(
    _ expression: Expression, isDescending: Bool, ranking: String? = nil
  ) -> BoundOrder.Key? {
    uses = []
    guard let bound = bindValue(expression), let lifted = lift(bound, at: expression.range) else {
      return nil
    }
    if lifted.perRowIndices.contains(where: round.perRowAfterOrder.contains) {
      report(.runningSumNotHere(place: "in the order it goes by"), at: expression.range)
      return nil
    }
    var key = lifted
    if let ranking {
      guard let ordered = orderable(lifted, expression, operation: ranking) else { return nil }
      key = ordered
    } else if case .reference(let entity) = lifted.type {
      guard let ordered = converted(lifted, to: keyType(of: entity)) else { return nil }
      key = ordered
    }
    return BoundOrder.Key(key, isDescending: isDescending, text: text(expression))
  }

  /// `sample N|P% [seed S]`
  mutating func bindSample(_ sample: SampleClause) {
    let amount = bindAmount(sample.amount)
    guard let seed = sample.seed else {
      note(.seed(drawnSeed))
      if let amount { round.sample = BoundSample(amount: amount, seed: drawnSeed) }
      return
    }
    guard let (literal, isNegative) = numberLiteral(seed), !isNegative, literal.decimals == 0 else {
      reportCount(seed, of: "seed")
      return
    }
    if let amount {
      round.sample = BoundSample(amount: amount, seed: UInt64(literal.unscaled))
    }
  }

  private mutating func bindAmount(_ expression: Expression) -> BoundSample.Amount? {
    guard let (literal, isNegative) = numberLiteral(expression), literal.isPercent, !isNegative
    else { return bindCount(expression, of: "sample").map { .rows($0) } }
    let share = Self.real(literal.unscaled, literal.decimals)
    guard share <= 1 else {
      report(.sampleTooLarge(text: literal.spelling), at: expression.range)
      return nil
    }
    return .share(share)
  }

  /// `limit N [offset M]`
  mutating func bindLimit(_ limit: LimitClause) {
    let count = bindCount(limit.count, of: "limit")
    let offset = limit.offset.map { bindCount($0, of: "offset") } ?? 0
    guard let count, let offset else { return }
    round.limit = (count, offset)
  }

  /// A whole number from 0 to the largest row count.
  private mutating func bindCount(_ expression: Expression, of word: String) -> Int? {
    guard let (literal, isNegative) = numberLiteral(expression), !isNegative, !literal.isPercent,
      let count = whole(literal)
    else {
      reportCount(expression, of: word)
      return nil
    }
    guard count <= Int64(Int32.max) else {
      report(.countTooLarge(word: word, countMax: Int(Int32.max)), at: expression.range)
      return nil
    }
    return Int(count)
  }

  private func whole(_ literal: NumberLiteral) -> Int64? {
    var (unscaled, decimals) = (literal.unscaled, literal.decimals)
    while decimals > 0, unscaled % 10 == 0 {
      unscaled /= 10
      decimals -= 1
    }
    return decimals == 0 ? unscaled : nil
  }

  private mutating func reportCount(_ expression: Expression, of word: String) {
    if case .parameter(let name) = expression.kind {
      reportParameter(name, isNo: "a whole number", at: expression.range)
    } else {
      report(.countExpected(word: word, found: text(expression)), at: expression.range)
    }
  }
}
