import Store
import Syntax

/// One worker's groups and accumulators.
final class GroupState {
  private let numbering: GroupNumbering
  private let evaluator: Evaluator
  private let relation: Relation
  private let slots: [AccumulatorSlot]
  private let accumulators: [Accumulator]
  /// Which accumulator each aggregate is read from, and as what; behind them, where groups may be
  /// empty, the count of rows.
  private let results: [(slot: Int, kind: Accumulator.Kind)]
  /// The distinct arguments, each computed once a batch.
  private let arguments: [BoundExpression]
  /// For `first` and `last` over records that do not stand in the order of their keys: the place of
  /// each by its key, by which ties go.
  private let keyPlaces: [Int32]?
  private let walk: RelatedWalk
  /// Whether neither keys nor aggregates read anything of the rows.
  private let readsNothing: Bool
  /// For each accumulator over related records that two rows may share: which each group has had.
  private var seen: [SeenRecords]
  private let claim: BudgetClaim

  init(
    _ group: BoundGroup, _ execution: Execution, over relation: Relation
  ) throws(StoreError) {
    let budget = execution.database.budget
    claim = BudgetClaim(budget)
    let hasEnds = group.aggregates.contains { $0.kind == .first || $0.kind == .last }
    keyPlaces = hasEnds ? try Self.keyPlaces(of: relation.table, execution) : nil
    try claim.cover((keyPlaces?.count ?? 0) * MemoryLayout<Int32>.stride)
    self.relation = relation
    numbering = GroupNumbering(group.keys, over: relation, execution)
    evaluator = Evaluator(execution, over: relation)
    var arguments: [BoundExpression] = []
    var slots: [AccumulatorSlot] = []
    var wanted = group.aggregates
    if numbering.hasEmptyGroups {
      wanted.append(BoundAggregate(kind: .count, argument: nil, type: .integer))
    }
    let counted = wanted.map { aggregate in
      Self.counted(aggregate, with: group.aggregates, over: relation)
    }
    results = counted.map { aggregate in
      let slot = AccumulatorSlot(aggregate, among: counted, arguments: &arguments)
      let place = slots.firstIndex(of: slot) ?? slots.count
      if place == slots.count { slots.append(slot) }
      return (place, AccumulatorSlot.kind(aggregate))
    }
    self.slots = slots
    self.arguments = arguments
    walk = RelatedWalk(execution)
    readsNothing =
      group.keys.isEmpty
      && group.aggregates.allSatisfy {
        $0.kind == .count && $0.argument == nil && $0.filter == nil && $0.related == nil
      }
    seen = slots.map { _ in SeenRecords() }
    let domains = WordDomains(relation, execution)
    accumulators = slots.map { slot in
      let argument = slot.argument.map { arguments[$0] }
      let isOver = slot.related == nil ? argument : nil
      return Accumulator(
        slot.kind, of: argument?.type ?? .integer,
        domain: isOver.flatMap { domains.domain(of: $0) },
        isClustered: isOver?.plainField != nil && isOver?.plainField == relation.clusteredBy,
        budget: budget)
    }
  }

  /// A count of rows as one of the values that are summed up anyway, where none of these is unknown.
  private static func counted(
    _ aggregate: BoundAggregate, with others: [BoundAggregate], over relation: Relation
  ) -> BoundAggregate {
    guard aggregate.kind == .count, aggregate.argument == nil, aggregate.related == nil else {
      return aggregate
    }
    let summed = others.first { other in
      guard other.kind == .sum || other.kind == .average, other.related == nil,
        other.filter == aggregate.filter, let argument = other.argument, argument.type.isExact
      else { return false }
      return relation.plainColumn(argument).map { !$0.hasUnknown } ?? false
    }
    guard let summed else { return aggregate }
    var counted = aggregate
    counted.argument = summed.argument
    return counted
  }

  func consume(_ input: any Operator) throws(StoreError) {
    if readsNothing {
      while let batch = try input.next() {
        for accumulator in accumulators { accumulator.add(rowCount: batch.mask.countIn) }
      }
      return
    }
    var sparse = SparseBatches()
    while let batch = try sparse.next(of: input.next) { try add(batch) }
  }

  private func add(_ batch: Batch) throws(StoreError) {
    let ids = try numbering.ids(batch, evaluator)
    let groupCount = numbering.groupCount
    let rows = keyPlaces.map { places in
      Rows.list((0..<batch.rows.count).map { places[batch.rows[$0]] })
    }
    var values = [Vector?](repeating: nil, count: arguments.count)
    for (place, (slot, accumulator)) in zip(slots, accumulators).enumerated() {
      if slot.related != nil {
        try addRelated(batch, ids, to: place, groupCount: groupCount)
        continue
      }
      var ownIDs = ids
      if let filter = slot.filter {
        var mask = batch.mask
        try evaluator.keep(filter, batch.rows, in: &mask)
        ownIDs = RowSelection.masked(ids, by: mask)
      }
      if let argument = slot.argument, case .run(let base, _) = batch.rows,
        let column = relation.plainColumn(arguments[argument]),
        try accumulator.add(column, from: base, ids: ownIDs, groupCount: groupCount)
      {
        continue
      }
      var order: Vector?
      if let expression = slot.order {
        order = try evaluator.values(of: expression, batch.rows, in: batch.mask)
      }
      if let argument = slot.argument, values[argument] == nil {
        values[argument] = try evaluator.values(
          of: arguments[argument], batch.rows, in: batch.mask)
      }
      try accumulator.add(
        slot.argument.flatMap { values[$0] }, order: order, rows: rows ?? batch.rows,
        ids: ownIDs, groupCount: groupCount)
    }
  }

  /// Takes in the records related to the rows, each once a group.
  private func addRelated(
    _ batch: Batch, _ ids: [Int32], to place: Int, groupCount: Int
  ) throws(StoreError) {
    let slot = slots[place]
    guard let path = slot.related else { return }
    let found = try walk.records(
      along: path, reading: nil, batch.rows, in: batch.mask, from: relation)
    try walk.batches(of: found, outside: (evaluator, batch.rows)) {
      batch, owners, evaluator throws(StoreError) in
      var mask = batch.mask
      if let filter = slot.filter { try evaluator.keep(filter, batch.rows, in: &mask) }
      var ownIDs = RowSelection.masked(owners.map { ids[Int($0)] }, by: mask)
      if path.mayShare || path.mayRepeat {
        seen[place].leaveFirst(of: batch.rows, in: &ownIDs)
        try claim.cover(
          (keyPlaces?.count ?? 0) * MemoryLayout<Int32>.stride
            + seen.reduce(0) { $0 + $1.byteCount })
      }
      var values: Vector?
      if let argument = slot.argument {
        values = try evaluator.values(of: arguments[argument], batch.rows, in: mask)
      }
      var order: Vector?
      if let expression = slot.order {
        order = try evaluator.values(of: expression, batch.rows, in: mask)
      }
      try accumulators[place].add(
        values, order: order, rows: batch.rows, ids: ownIDs, groupCount: groupCount)
    }
  }

  private static func keyPlaces(
    of table: Table?, _ execution: Execution
  ) throws(StoreError) -> [Int32]? {
    guard let table, !table.isInKeyOrder else { return nil }
    let claim = BudgetClaim(execution.database.budget)
    try claim.cover(table.rowCount * (RowOrder.byteCountPerRow + 3 * MemoryLayout<Int64>.stride))
    let key = execution.database.catalog[table.entity].key
    let keys = table.column(key).load(.run(base: 0, count: table.rowCount))
    var places = [Int32](repeating: 0, count: table.rowCount)
    let order = try RowOrder.sorted(count: places.count, by: [SortKey(keys)])
    for (place, row) in order.enumerated() { places[Int(row)] = Int32(place) }
    return places
  }

  func merge(_ other: GroupState) throws(StoreError) {
    let mapping = try numbering.merge(other.numbering)
    for (mine, theirs) in zip(accumulators, other.accumulators) {
      try mine.merge(theirs, mapping: mapping, groupCount: numbering.groupCount)
    }
  }

  /// The keys of all groups that have rows, and their aggregates in the order asked for.
  func finish() throws(StoreError) -> (keys: [Vector], aggregates: [Vector]) {
    let groupCount = numbering.groupCount
    var aggregates: [Vector] = []
    for (slot, accumulator) in accumulators.enumerated() {
      accumulator.expect(results.filter { $0.slot == slot }.map(\.kind))
    }
    for result in results {
      aggregates.append(
        try accumulators[result.slot].finish(groupCount: groupCount, as: result.kind))
    }
    let keys = try numbering.keys()
    guard numbering.hasEmptyGroups else { return (keys, aggregates) }
    var isUsed = Mask(count: groupCount)
    aggregates.removeLast().keep(.words(1 ... .max), in: &isUsed)
    return (
      keys.map { $0.compacted(by: isUsed) }, aggregates.map { $0.compacted(by: isUsed) }
    )
  }
}

/// The records that groups have had.
private struct SeenRecords {
  private var pairs: Set<UInt64> = []

  /// Bytes that they take, about.
  var byteCount: Int { pairs.capacity * 2 * MemoryLayout<UInt64>.stride }

  /// Takes out of `ids` the records that their group has had before.
  mutating func leaveFirst(of rows: Rows, in ids: inout [Int32]) {
    for offset in ids.indices where ids[offset] != 0 {
      let pair =
        UInt64(UInt32(bitPattern: ids[offset])) << 32
        | UInt64(UInt32(truncatingIfNeeded: rows[offset]))
      if !pairs.insert(pair).inserted { ids[offset] = 0 }
    }
  }
}

/// What one accumulator takes in. Aggregates that read the same things share it: an average of words
/// holds the sum and the count of its argument too.
struct AccumulatorSlot: Equatable {
  let kind: Accumulator.Kind
  /// Index of the argument; nil for `count()`.
  let argument: Int?
  let filter: BoundExpression?
  let order: BoundExpression?
  /// For an aggregate over related records, the way to them.
  let related: RelatedPath?

  init(
    _ aggregate: BoundAggregate, among all: [BoundAggregate], arguments: inout [BoundExpression]
  ) {
    argument = aggregate.argument.map { argument in
      if let known = arguments.firstIndex(of: argument) { return known }
      arguments.append(argument)
      return arguments.count - 1
    }
    filter = aggregate.filter
    order = aggregate.order
    related = aggregate.related
    let own = Self.kind(aggregate)
    let isPart = own == .sum || own == .countKnown
    let isShared =
      isPart && aggregate.argument?.type.isExact == true
      && all.contains {
        let other = Self.kind($0)
        return (other == .average || own != other && (other == .sum || other == .countKnown))
          && $0.argument == aggregate.argument && $0.filter == aggregate.filter
          && $0.related == aggregate.related
      }
    // Percentiles of the same values are read from the same collection.
    if case .percentile = own { kind = .median } else { kind = isShared ? .average : own }
  }

  static func kind(_ aggregate: BoundAggregate) -> Accumulator.Kind {
    switch aggregate.kind {
    case .count:
      aggregate.argument == nil ? .countRows : aggregate.isDistinct ? .countDistinct : .countKnown
    case .sum: .sum
    case .average: .average
    case .minimum: .min
    case .maximum: .max
    case .median: .median
    case .medianGap: .medianGap
    case .mode: .mode
    case .percentile(let share): .percentile(Ratio(share) ?? Ratio(1, 1))
    case .first: .first
    case .last: .last
    }
  }
}

extension ValueType {
  /// Whether sums are of whole units: integers and money.
  fileprivate var isExact: Bool { self == .integer || self == .money }
}

extension BoundExpression {
  /// The stored field of the relation itself that it is, or whose key; nil for others.
  var plainField: FieldID? {
    switch self {
    case .field(let path) where path.hops.isEmpty: path.field
    case .convert(.referenceToKey, let operand): operand.plainField
    default: nil
    }
  }
}
