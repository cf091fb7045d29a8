import Store

/// Walks from rows to their related records and makes one value a row of them.
///
/// Each evaluator has a walk of its own, which holds what is prepared for the records it reaches.
final class RelatedWalk {
  private let execution: Execution
  /// Evaluators over the relations reached, made at first use.
  private var evaluators: [EvaluatorKey: Evaluator] = [:]

  private struct EvaluatorKey: Hashable {
    let entity: EntityID
    let clustered: ObjectIdentifier?
  }

  init(_ execution: Execution) { self.execution = execution }

  // MARK: one value a row

  /// A value of the related records of each row that is in.
  ///
  /// - Parameter outside: Evaluates what a condition says of the row itself.
  func values(
    of related: BoundRelated, _ rows: Rows, in mask: Mask, from relation: Relation,
    outside: Evaluator
  ) throws(StoreError) -> Vector {
    if let values = try countedAtOnce(related, rows, in: mask) { return values }
    let found = try records(
      along: related.path, reading: related.expressions, rows, in: mask, from: relation)
    if related.path.steps.allSatisfy({ !$0.isDown }) {
      return try carried(related, found, rowCount: rows.count, outside: (outside, rows))
    }
    let aggregates = RelatedAggregate(
      related.aggregate, knownCountMin: related.knownCountMin, filter: related.filter,
      rowCount: rows.count, budget: execution.database.budget)
    try batches(of: found, outside: (outside, rows)) {
      batch, owners, evaluator throws(StoreError) in
      try aggregates.add(batch, owners, evaluator)
    }
    return try aggregates.finish()
  }

  /// How many related records of each row surely meet the condition, and how many may, whatever
  /// values are unknown.
  func countBounds(
    of related: BoundRelated, _ rows: Rows, in mask: Mask, from relation: Relation,
    outside: Evaluator
  ) throws(StoreError) -> (least: [Int64], most: [Int64]) {
    let found = try records(along: related.path, reading: nil, rows, in: mask, from: relation)
    var least = [Int64](repeating: 0, count: rows.count)
    var most = least
    try batches(of: found, outside: (outside, rows)) {
      batch, owners, evaluator throws(StoreError) in
      var sure = batch.mask
      var never = Mask(count: 0)
      if let filter = related.filter {
        never = batch.mask
        try evaluator.keepSurely(filter, isTrue: true, batch.rows, in: &sure)
        try evaluator.keepSurely(filter, isTrue: false, batch.rows, in: &never)
      }
      for offset in owners.indices {
        if sure.bytes[offset] != 0 { least[Int(owners[offset])] += 1 }
        if never.count == 0 || never.bytes[offset] == 0 { most[Int(owners[offset])] += 1 }
      }
    }
    return (least, most)
  }

  /// How many children each row has, where nothing else is asked.
  private func countedAtOnce(
    _ related: BoundRelated, _ rows: Rows, in mask: Mask
  ) throws(StoreError) -> Vector? {
    guard related.filter == nil, related.aggregate.kind == .count,
      related.aggregate.argument == nil, related.path.steps.count == 1,
      case .down(let entity, let field) = related.path.steps[0]
    else { return nil }
    let adjacency = try execution.database.table(entity).adjacency(of: field)
    return Vector(words: adjacency.childCounts(of: rows, in: mask))
  }

  /// A value of the one record that references lead to.
  private func carried(
    _ related: BoundRelated, _ found: ReachedRecords, rowCount: Int, outside: (Evaluator, Rows)
  ) throws(StoreError) -> Vector {
    guard let argument = related.aggregate.argument else {
      preconditionFailure("what is carried over references is a value")
    }
    var values = Vector(unknown: argument.type, count: 0)
    var places = [Int32](repeating: -1, count: rowCount)
    try batches(of: found, outside: outside) {
      batch, owners, evaluator throws(StoreError) in
      for (offset, owner) in owners.enumerated() {
        places[Int(owner)] = Int32(truncatingIfNeeded: values.count + offset)
      }
      values.append(try evaluator.values(of: argument, batch.rows, in: batch.mask))
    }
    return values.gathered(places)
  }

  // MARK: the records

  /// The records that a path leads to from each row that is in, each once.
  ///
  /// - Parameter expressions: What is to be read of them, so that they may be read clustered; nil
  ///   where their own rows are wanted.
  func records(
    along path: RelatedPath, reading expressions: [BoundExpression]?, _ rows: Rows, in mask: Mask,
    from relation: Relation
  ) throws(StoreError) -> ReachedRecords {
    let clustered = expressions.flatMap { self.clustered(path, reading: $0) }
    var found = Neighbours(rows, in: mask)
    var isClustered = false
    var column: (FieldID) -> Column = relation.column
    for (index, step) in path.steps.enumerated() {
      switch step {
      case .up(let hop):
        found.follow(column(hop.field))
        column = execution.database.table(hop.target).column
      case .down(let entity, let field):
        let table = execution.database.table(entity)
        let adjacency = try table.adjacency(of: field)
        let parents = index == 0 ? rows : .list(found.rows)
        let isIn = index == 0 ? mask : Mask(count: found.count)
        var next = Neighbours()
        if clustered != nil, index == path.steps.count - 1 {
          isClustered = adjacency.appendPlaces(of: parents, in: isIn, to: &next)
        }
        if !isClustered { adjacency.appendChildren(of: parents, in: isIn, to: &next) }
        if index > 0 { next.takeOwners(from: found) }
        found = next
        column = table.column
      }
    }
    if path.mayRepeat { found.removeRepeats() }
    return ReachedRecords(
      list: found, relation: isClustered ? clustered : nil, entity: path.entity)
  }

  /// The relation in which the records a path leads to can be read side by side.
  private func clustered(
    _ path: RelatedPath, reading expressions: [BoundExpression]
  ) -> Relation? {
    guard let last = path.steps.last, let clustered = execution.clustered[last],
      let fields = ClusteringChoice.fields(of: expressions),
      fields.allSatisfy(clustered.fields.contains)
    else { return nil }
    return clustered.relation
  }

  /// Gives the records in batches, with the offset of the row that each is related to.
  func batches(
    of found: ReachedRecords, outside: (Evaluator, Rows),
    _ body: (Batch, [Int32], Evaluator) throws(StoreError) -> Void
  ) throws(StoreError) {
    let evaluator = evaluator(over: found)
    defer { evaluator.outside = nil }
    let list = found.list
    var position = 0
    while position < list.count {
      try Cancellation.check()
      let end = min(position + Limits.batchRowCount, list.count)
      let owners = Array(list.owners[position..<end])
      evaluator.outside = (outside.0, outside.1, owners)
      try body(
        Batch(rows: Rows(list.rows[position..<end]), mask: Mask(count: end - position)), owners,
        evaluator)
      position = end
    }
  }

  private func evaluator(over found: ReachedRecords) -> Evaluator {
    let key = EvaluatorKey(
      entity: found.entity, clustered: found.relation.map { ObjectIdentifier($0) })
    if let evaluator = evaluators[key] { return evaluator }
    let relation = found.relation ?? Relation(execution.database.table(found.entity))
    let evaluator = Evaluator(execution, over: relation)
    evaluators[key] = evaluator
    return evaluator
  }
}

/// Records that a walk has reached.
struct ReachedRecords {
  /// Their rows, in the table or in the clustered relation.
  var list: Neighbours
  /// The clustered relation; nil where the rows are those of the table.
  var relation: Relation?
  /// Their entity.
  var entity: EntityID
}

/// One aggregate over the related records of each row of a batch.
private final class RelatedAggregate {
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
