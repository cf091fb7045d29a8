/// One aggregate for every group of a `GroupTable`.
///
/// "Sum" and "count" of nothing are 0, other aggregates of nothing unknown. All but `first` and
/// `last`
/// skip unknown values.
package final class Accumulator {
  /// The aggregates.
  package enum Kind: Hashable, Sendable {
    case countRows, countKnown
    /// Distinct known values; texts by their exact bytes.
    case countDistinct
    case sum, average, min, max
    /// The mean of the middle two; of dates, times and choices the earlier.
    case median
    /// Of days: the median of the days between one and the next later one; unknown of fewer than two.
    case medianGap
    /// The commonest value, of several the smallest.
    case mode
    /// The value of the first or last row, unknown or not.
    case first, last
    /// The nearest rank.
    case percentile(Ratio)
  }

  fileprivate let kind: Kind
  private let type: ValueType
  fileprivate let aggregate: any GroupAggregate
  fileprivate let claim: BudgetClaim

  /// Makes an accumulator over values of one type; any type for `countRows`.
  ///
  /// - Parameters:
  ///   - domain: The range in which words lie, where it is known.
  ///   - isClustered: Whether all rows of one value follow one another.
  package init(
    _ kind: Kind, of type: ValueType, domain: ClosedRange<Int64>? = nil,
    isClustered: Bool = false, budget: Budget
  ) {
    self.kind = kind
    self.type = type
    claim = BudgetClaim(budget)
    aggregate =
      switch kind {
      case .countRows: CountAggregate(isOfKnown: false)
      case .countKnown: CountAggregate(isOfKnown: true)
      case .countDistinct where isClustered: ClusteredDistinctAggregate()
      case .countDistinct: DistinctAggregate(type, domain: domain, budget: budget)
      case .sum where type == .number: RealSumAggregate(isAverage: false)
      case .average where type == .number: RealSumAggregate(isAverage: true)
      case .sum: WordSumAggregate(type, isAverage: false)
      case .average: WordSumAggregate(type, isAverage: true)
      case .min where type == .text: TextExtremeAggregate(isMin: true)
      case .max where type == .text: TextExtremeAggregate(isMin: false)
      case .min: ExtremeAggregate(type, isMin: true)
      case .max: ExtremeAggregate(type, isMin: false)
      case .first: EndAggregate(type, isFirst: true)
      case .last: EndAggregate(type, isFirst: false)
      case .median: CollectedAggregate(.median, of: type, budget: budget)
      case .medianGap: CollectedAggregate(.medianGap, of: type, budget: budget)
      case .percentile(let share): CollectedAggregate(.percentile(share), of: type, budget: budget)
      case .mode: CollectedAggregate(.mode, of: type, budget: budget)
      }
  }

  /// The type of what `finish` gives.
  package var resultType: ValueType { Self.resultType(of: kind, over: type) }

  /// The type of an aggregate over values of a type.
  package static func resultType(of kind: Kind, over type: ValueType) -> ValueType {
    switch kind {
    case .countRows, .countKnown, .countDistinct: .integer
    case .average: type == .money ? .money : .number
    case .median: type == .integer ? .number : type
    case .medianGap: .number
    case .sum, .min, .max, .mode, .first, .last, .percentile: type
    }
  }

  /// Takes one batch in. `ids` are those of `GroupTable.ids`; slot 0 is thrown away.
  ///
  /// - Parameters:
  ///   - values: nil for `countRows`.
  ///   - order: For `first` and `last`: words that decide before the row number does; an unknown
  /// one
  ///     comes after every known one. Nil: the row alone.
  ///   - rows: For `first` and `last`: the rows' numbers.
  ///   - groupCount: Groups seen so far, this batch included.
  /// - Throws: `memoryLimit`.
  package func add(
    _ values: Vector?, order: Vector? = nil, rows: Rows? = nil, ids: [Int32], groupCount: Int
  ) throws(StoreError) {
    try claim.cover(groupCount * 32)
    aggregate.grow(to: groupCount + 1)
    let batch = AggregateBatch(values: values, order: order, rows: rows, ids: ids)
    try aggregate.add(batch)
  }

  /// Takes in so many rows of the one group there is: for `countRows`, which reads nothing of them.
  package func add(rowCount: Int) {
    guard let counts = aggregate as? CountAggregate else {
      preconditionFailure("only a count needs nothing of its rows")
    }
    counts.grow(to: 2)
    counts.add(rowCount: rowCount)
  }

  /// Takes another worker's accumulator in, which may not be used after.
  ///
  /// - Parameters:
  ///   - mapping: From `GroupTable.merge`.
  ///   - groupCount: Groups here after that merge.
  /// - Throws: `memoryLimit`.
  package func merge(
    _ other: Accumulator, mapping: [Int32], groupCount: Int
  ) throws(StoreError) {
    precondition(kind == other.kind && type == other.type, "only alike accumulators merge")
    try Cancellation.check()
    try claim.cover(groupCount * 32)
    aggregate.grow(to: groupCount + 1)
    other.aggregate.grow(to: mapping.count)
    try aggregate.merge(other.aggregate, mapping: mapping)
  }

  /// Forgets all groups, but keeps their memory: for groups that are few and many times others.
  package func reset() { aggregate.reset() }

  /// The result of each group.
  /// - Throws: `integerOverflow` and `amountOutOfRange` for a sum out of its range.
  package func finish(groupCount: Int) throws(StoreError) -> Vector {
    try Cancellation.check()
    aggregate.grow(to: groupCount + 1)
    return try aggregate.finish(groupCount: groupCount)
  }
}

extension Accumulator {
  /// Takes a run of rows in, straight from the column that holds the values.
  ///
  /// - Returns: False, having done nothing, where values have to be loaded first.
  package func add(
    _ column: Column, from base: Int, ids: [Int32], groupCount: Int
  ) throws(StoreError) -> Bool {
    guard groupCount < 256, let sums = aggregate as? WordSumAggregate else { return false }
    try claim.cover(groupCount * 32)
    sums.grow(to: groupCount + 1)
    return sums.add(column, from: base, ids)
  }

  /// Says which results are going to be asked for, so that they are looked for together.
  package func expect(_ kinds: [Kind]) {
    (aggregate as? CollectedAggregate)?.expect(kinds.compactMap { CollectedAggregate.Kind($0) })
  }

  /// The results as those of another kind, for a query that asks for several: of an `average` over
  /// integers or money its sum or its count of known values, of a percentile or median another.
  /// - Throws: As `finish(groupCount:)`.
  package func finish(groupCount: Int, as other: Kind) throws(StoreError) -> Vector {
    guard other != kind else { return try finish(groupCount: groupCount) }
    try Cancellation.check()
    if let collected = aggregate as? CollectedAggregate, let kind = CollectedAggregate.Kind(other) {
      aggregate.grow(to: groupCount + 1)
      return try collected.finish(groupCount: groupCount, as: kind)
    }
    guard kind == .average, let sums = aggregate as? WordSumAggregate else {
      preconditionFailure("only an average of words holds other aggregates")
    }
    sums.grow(to: groupCount + 1)
    return try sums.finish(groupCount: groupCount, as: other)
  }
}

/// One batch as an aggregate sees it.
struct AggregateBatch {
  let values: Vector?
  let order: Vector?
  let rows: Rows?
  let ids: [Int32]

  /// The values and which are known.
  var argument: Vector {
    guard let values else { preconditionFailure("this aggregate needs values") }
    precondition(values.count == ids.count, "one batch, one length")
    return values
  }
}

/// The state of one aggregate over all groups; slot 0 of every array takes the rows that are out.
/// Called once a batch; the loops are inside.
protocol GroupAggregate: AnyObject {
  /// Sees to it that there are `slotCount` slots.
  func grow(to slotCount: Int)
  /// Takes all slots away, but keeps their memory.
  func reset()
  /// Takes a batch in.
  func add(_ batch: AggregateBatch) throws(StoreError)
  /// Takes in a state of the same class; slot *i* there is slot `mapping[i]` here.
  func merge(_ other: any GroupAggregate, mapping: [Int32]) throws(StoreError)
  /// The results of the groups.
  func finish(groupCount: Int) throws(StoreError) -> Vector
}

extension GroupAggregate {
  /// The other state as what it must be.
  func alike(_ other: any GroupAggregate) -> Self {
    guard let other = other as? Self else { preconditionFailure("only alike states merge") }
    return other
  }
}

extension Array {
  /// Adds `value` until there are `count` elements.
  mutating func grow(to count: Int, with value: Element) {
    if self.count < count { append(contentsOf: repeatElement(value, count: count - self.count)) }
  }
}
