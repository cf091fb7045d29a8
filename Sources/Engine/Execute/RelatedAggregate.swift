import Store

/// One aggregate over the related records of each row of a batch.
final class RelatedAggregate {
  private let aggregate: BoundAggregate
  private let filter: BoundExpression?
  private let rowCount: Int
  private let knownCountMin: Int
  private let accumulator: Accumulator
  private let counter: Accumulator?
  /// Rows are taken out of a batch where less than one in so many is left.
  private static let compactedPart = 4

  init(
    _ aggregate: BoundAggregate, knownCountMin: Int, filter: BoundExpression?, rowCount: Int,
    budget: Budget
  ) {
    self.aggregate = aggregate
    self.filter = filter
    self.rowCount = rowCount
    self.knownCountMin = knownCountMin
    let type = aggregate.argument?.type ?? .integer
    accumulator = Accumulator(AccumulatorSlot.kind(aggregate), of: type, budget: budget)
    counter = knownCountMin > 0 ? Accumulator(.countKnown, of: type, budget: budget) : nil
  }

  func add(
    _ batch: Batch, _ owners: [Int32], _ evaluator: Evaluator
  ) throws(StoreError) {
    var (rows, mask, owners) = (batch.rows, batch.mask, owners)
    if let filter { try evaluator.keep(filter, rows, in: &mask) }
    let count = mask.countIn
    if count == 0 { return }
    if count < mask.count / Self.compactedPart {
      // So few that what is read of the others would be most of the work.
      owners = mask.offsets.map { owners[Int($0)] }
      rows = rows.compacted(by: mask)
      mask = Mask(count: count)
      evaluator.outside?.owners = owners
    }
    let ids = RowSelection.masked(owners.map { $0 &+ 1 }, by: mask)
    var values: Vector?
    if let argument = aggregate.argument {
      values = try evaluator.values(of: argument, rows, in: mask)
    }
    var order: Vector?
    if let expression = aggregate.order {
      order = try evaluator.values(of: expression, rows, in: mask)
    }
    try accumulator.add(values, order: order, rows: rows, ids: ids, groupCount: rowCount)
    try counter?.add(values, ids: ids, groupCount: rowCount)
  }

  /// Takes in what another worker has aggregated for the same rows.
  func merge(_ other: RelatedAggregate) throws(StoreError) {
    let same = [Int32](0...Int32(truncatingIfNeeded: rowCount))
    try accumulator.merge(other.accumulator, mapping: same, groupCount: rowCount)
    if let counter, let others = other.counter {
      try counter.merge(others, mapping: same, groupCount: rowCount)
    }
  }

  func finish() throws(StoreError) -> Vector {
    var values = try accumulator.finish(groupCount: rowCount)
    guard let counter else { return values }
    var isEnough = Mask(count: rowCount)
    try counter.finish(groupCount: rowCount)
      .keep(.words(Int64(knownCountMin)...Int64.max), in: &isEnough)
    values = Vector.select(
      isEnough, then: values, otherwise: Vector(unknown: aggregate.type, count: rowCount))
    return values
  }
}
