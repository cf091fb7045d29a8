import Store
import Syntax

/// Groups the rows and computes each group's aggregates; gives the groups, ordered by their keys.
final class Group: Operator {
  private let input: any Operator
  private let group: BoundGroup
  private let execution: Execution
  private let relation: Relation
  private let result: Relation
  private let isShared: Bool
  private var output: Scan?

  /// - Parameters:
  ///   - relation: What the input's rows belong to.
  ///   - result: Filled with the groups.
  ///   - isShared: Whether the work is worth two workers.
  init(
    _ input: any Operator, _ group: BoundGroup, _ execution: Execution, over relation: Relation,
    into result: Relation, isShared: Bool
  ) {
    self.input = input
    self.group = group
    self.execution = execution
    self.relation = relation
    self.result = result
    self.isShared = isShared
  }

  let isAscending = true

  func next() throws(StoreError) -> Batch? {
    if output == nil {
      try fill(try run())
      output = Scan(result)
    }
    return try output?.next()
  }

  private func run() throws(StoreError) -> GroupState {
    let state = try GroupState(group, execution, over: relation)
    guard isShared, let (first, second) = input.split() else {
      try state.consume(input)
      return state
    }
    let other = try GroupState(group, execution, over: relation)
    _ = try onBothHalves(
      { () throws(StoreError) in try state.consume(first) },
      { () throws(StoreError) in try other.consume(second) })
    try state.merge(other)
    return state
  }

  /// Orders the groups by their keys and hands them to the result.
  private func fill(_ state: GroupState) throws(StoreError) {
    let budget = execution.database.budget
    let keys = state.keys()
    let aggregates = try state.finish()
    let order = try RowOrder.sorted(
      count: state.table.groupCount, by: try zip(keys, group.keys).map(sortKey))
    noteGroupsThatDifferByCase(keys)
    try result.fill(
      (keys + aggregates).map { $0.gathered(order) },
      types: group.keys.map(\.type) + group.aggregates.map(\.type), budget: budget)
  }

  /// Groups come by their keys; a reference's key is that of its record.
  private func sortKey(_ values: Vector, _ key: BoundExpression) throws(StoreError) -> SortKey {
    guard case .reference(let target) = key.type else { return SortKey(values) }
    let field = execution.database.catalog[target].key
    return SortKey(
      execution.database.table(target).column(field).load(Rows(following: values)))
  }

  private func noteGroupsThatDifferByCase(_ keys: [Vector]) {
    for (values, key) in zip(keys, group.keys) where key.type == .text {
      guard keys.count == 1, values.count <= 10_000, case .texts(let texts) = values.values else {
        continue
      }
      var seen: [Scalar: String] = [:]
      for offset in 0..<texts.count where values.known[offset] != 0 {
        let text = texts[offset]
        let folded = Scalar.text(Folding.fold(text))
        if let other = seen[folded] {
          execution.notes.append(
            .groupsDifferByCase(
              field: group.names.first ?? "", example: other, other: text))
          return
        }
        seen[folded] = text
      }
    }
  }
}

/// One worker's groups and accumulators.
private final class GroupState {
  let table: GroupTable
  private let group: BoundGroup
  private let evaluator: Evaluator
  private let keySources: [KeySource]
  private let slots: [AccumulatorSlot]
  private let accumulators: [Accumulator]
  /// Which accumulator each aggregate is read from, and as what.
  private let results: [(slot: Int, kind: Accumulator.Kind)]
  /// The distinct arguments, each computed once a batch.
  private let arguments: [BoundExpression]
  /// For `first` and `last` over records that do not stand in the order of their keys: the place of
  /// each by its key, by which ties go.
  private let keyPlaces: [Int32]?

  init(
    _ group: BoundGroup, _ execution: Execution, over relation: Relation
  ) throws(StoreError) {
    self.group = group
    let budget = execution.database.budget
    let hasEnds = group.aggregates.contains { $0.kind == .first || $0.kind == .last }
    keyPlaces = hasEnds ? try Self.keyPlaces(of: relation.table, execution) : nil
    keySources = group.keys.map { KeySource($0, relation) }
    table = GroupTable(
      keyTypes: keySources.map(\.type), domains: keySources.map(\.domain), budget: budget)
    evaluator = Evaluator(execution, over: relation)
    var arguments: [BoundExpression] = []
    var slots: [AccumulatorSlot] = []
    results = group.aggregates.map { aggregate in
      let slot = AccumulatorSlot(aggregate, among: group.aggregates, arguments: &arguments)
      let place = slots.firstIndex(of: slot) ?? slots.count
      if place == slots.count { slots.append(slot) }
      return (place, AccumulatorSlot.kind(aggregate))
    }
    self.slots = slots
    self.arguments = arguments
    accumulators = slots.map {
      Accumulator($0.kind, of: $0.argument.map { arguments[$0].type } ?? .integer, budget: budget)
    }
  }

  func consume(_ input: any Operator) throws(StoreError) {
    while let batch = try input.next() { try add(batch) }
  }

  private func add(_ batch: Batch) throws(StoreError) {
    var keys: [Vector] = []
    for source in keySources { keys.append(try source.values(batch, evaluator)) }
    let ids = try table.ids(of: keys, in: batch.mask)
    var values: [Vector] = []
    for argument in arguments {
      values.append(try evaluator.values(of: argument, batch.rows, in: batch.mask))
    }
    let rows = keyPlaces.map { places in
      Rows.list((0..<batch.rows.count).map { places[batch.rows[$0]] })
    }
    for (slot, accumulator) in zip(slots, accumulators) {
      var ownIDs = ids
      if let filter = slot.filter {
        var mask = batch.mask
        try evaluator.keep(filter, batch.rows, in: &mask)
        ownIDs = RowSelection.masked(ids, by: mask)
      }
      var order: Vector?
      if let expression = slot.order {
        order = try evaluator.values(of: expression, batch.rows, in: batch.mask)
      }
      try accumulator.add(
        slot.argument.map { values[$0] }, order: order, rows: rows ?? batch.rows, ids: ownIDs,
        groupCount: table.groupCount)
    }
  }

  /// The keys of all groups, as values of the group's own types.
  func keys() -> [Vector] {
    zip(table.keys(), keySources).map { values, source in source.restored(values) }
  }

  func merge(_ other: GroupState) throws(StoreError) {
    let mapping = try table.merge(other.table)
    for (mine, theirs) in zip(accumulators, other.accumulators) {
      try mine.merge(theirs, mapping: mapping, groupCount: table.groupCount)
    }
  }

  func finish() throws(StoreError) -> [Vector] {
    var vectors: [Vector] = []
    for result in results {
      vectors.append(
        try accumulators[result.slot].finish(groupCount: table.groupCount, as: result.kind))
    }
    return vectors
  }

  private static func keyPlaces(
    of table: Table?, _ execution: Execution
  ) throws(StoreError) -> [Int32]? {
    guard let table, !table.isInKeyOrder else { return nil }
    let key = execution.database.catalog[table.entity].key
    let keys = table.column(key).load(.run(base: 0, count: table.rowCount))
    var places = [Int32](repeating: 0, count: table.rowCount)
    let order = try RowOrder.sorted(count: places.count, by: [SortKey(keys)])
    for (place, row) in order.enumerated() { places[Int(row)] = Int32(place) }
    return places
  }
}

/// What one accumulator takes in. Aggregates that read the same things share it: an average of words
/// holds the sum and the count of its argument too.
private struct AccumulatorSlot: Equatable {
  let kind: Accumulator.Kind
  /// Index of the argument; nil for `count()`.
  let argument: Int?
  let filter: BoundExpression?
  let order: BoundExpression?

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
    let own = Self.kind(aggregate)
    let isPart = own == .sum || own == .countKnown
    let isShared =
      isPart && aggregate.argument?.type.isExact == true
      && all.contains {
        $0.kind == .average && $0.argument == aggregate.argument && $0.filter == aggregate.filter
      }
    kind = isShared ? .average : own
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

/// Where a key's values come from: the codes of a text column's dictionary, or the evaluator.
private struct KeySource {
  /// The type of the values given to the group table.
  let type: ValueType
  /// The small range they lie in, when one is known.
  let domain: ClosedRange<Int64>?
  private let expression: BoundExpression
  private let coded: Column?

  init(_ expression: BoundExpression, _ relation: Relation) {
    self.expression = expression
    if case .field(let path) = expression, path.hops.isEmpty, path.type == .text,
      relation.table != nil, let textCount = relation.column(path.field).dictionaryCount,
      textCount > 0
    {
      coded = relation.column(path.field)
      type = .integer
      domain = 0...Int64(textCount - 1)
    } else {
      coded = nil
      type = expression.type
      domain = Self.domain(of: expression, relation)
    }
  }

  /// The values of a batch, or their codes.
  func values(_ batch: Batch, _ evaluator: Evaluator) throws(StoreError) -> Vector {
    if let coded { return coded.loadCodes(batch.rows) }
    return try evaluator.values(of: expression, batch.rows, in: batch.mask)
  }

  /// The keys that the group table gives, codes turned into their texts.
  func restored(_ keys: Vector) -> Vector {
    guard let coded, let texts = coded.dictionary, case .words(let codes) = keys.values else {
      return keys
    }
    let offsets = codes.indices.map { keys.known[$0] == 0 ? -1 : Int32(codes[$0]) }
    return Vector(texts: texts).gathered(offsets)
  }

  /// The small range a key's words lie in, when the statistics or the type know one.
  private static func domain(
    of key: BoundExpression, _ relation: Relation
  ) -> ClosedRange<Int64>? {
    switch key {
    case .call(.monthOf, let operands, _), .call(.weekOf, let operands, _),
      .call(.quarterOf, let operands, _):
      guard let bounds = operands.first.flatMap({ domain(of: $0, relation) }) else { return nil }
      // The first day of a quarter lies at most 91 days before a date in it.
      return (bounds.lowerBound - 92)...bounds.upperBound
    case .convert(.timeToDate, let operand):
      guard let bounds = domain(of: operand, relation) else { return nil }
      return (bounds.lowerBound / 86_400 - 1)...(bounds.upperBound / 86_400 + 1)
    case .field(let path)
    where path.hops.isEmpty && path.type != .text && path.type != .number && relation.table != nil:
      return relation.column(path.field).wordBounds
    default:
      switch key.type {
      case .choice(let list): return 0...Int64(max(1, list.names.count) - 1)
      case .flag: return 0...1
      default: return nil
      }
    }
  }
}
