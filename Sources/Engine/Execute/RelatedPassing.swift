import Store

/// Computes a value of related records for all records at once.
struct RelatedPassing {
  private let execution: Execution

  init(_ execution: Execution) { self.execution = execution }

  /// The values by row of the records that the related ones refer to; behind the last the value of one
  /// without related records.
  func run(_ pass: RelatedPass) throws(StoreError) -> Column {
    guard case .down(let entity, let field)? = pass.related.path.steps.last,
      case .reference(let target) = execution.database.catalog[entity][field].type
    else { preconditionFailure("the last step of a pass leads down") }
    let parentCount = execution.database.table(target).rowCount
    var builder = OperatorBuilder(execution: execution, isMeasured: false)
    // What is unknown there is counted where the value is tested.
    builder.countsUnknown = false
    let (source, relation) = builder.operators(of: pass.plan)
    let isShared = Cost.nanoseconds(of: pass.plan) > Cost.parallelNanoseconds
    let references = relation.column(field)
    let aggregate = pass.related.aggregate
    if aggregate.kind == .count, aggregate.argument == nil {
      return try count(source, by: references, rowCount: parentCount, isShared: isShared)
    }
    return try self.aggregate(
      pass.related, source, by: references, of: relation, rowCount: parentCount,
      isShared: isShared)
  }

  /// How many records refer to each row.
  private func count(
    _ source: any Operator, by references: Column, rowCount: Int, isShared: Bool
  ) throws(StoreError) -> Column {
    let budget = execution.database.budget
    func count(_ source: any Operator) throws(StoreError) -> ChildCounts {
      var counts = try ChildCounts(rowCount: rowCount, budget: budget)
      var sparse = SparseBatches()
      while let batch = try sparse.next(of: source.next) {
        counts.add(references.load(batch.rows), in: batch.mask)
      }
      return counts
    }
    guard isShared, let (first, second) = try source.split() else {
      return try count(source).column(budget: budget)
    }
    var (counts, others) = try onBothHalves(
      { () throws(StoreError) in try count(first) },
      { () throws(StoreError) in try count(second) })
    counts.merge(others)
    return try counts.column(budget: budget)
  }

  /// An aggregate of the records that refer to each row.
  private func aggregate(
    _ related: BoundRelated, _ source: any Operator, by references: Column, of relation: Relation,
    rowCount: Int, isShared: Bool
  ) throws(StoreError) -> Column {
    func aggregate(_ source: any Operator) throws(StoreError) -> RelatedAggregate {
      let evaluator = Evaluator(execution, over: relation)
      let aggregate = RelatedAggregate(
        related.aggregate, knownCountMin: related.knownCountMin, filter: nil,
        rowCount: rowCount + 1, budget: execution.database.budget)
      var sparse = SparseBatches()
      while let batch = try sparse.next(of: source.next) {
        let named = references.load(batch.rows)
        var mask = batch.mask
        mask.formAnd(Mask(knownIn: named))
        let owners = named.words.map { Int32(truncatingIfNeeded: $0) }
        try aggregate.add(Batch(rows: batch.rows, mask: mask), owners, evaluator)
      }
      return aggregate
    }
    var aggregated: RelatedAggregate
    if isShared, let (first, second) = try source.split() {
      let both = try onBothHalves(
        { () throws(StoreError) in try aggregate(first) },
        { () throws(StoreError) in try aggregate(second) })
      aggregated = both.0
      try aggregated.merge(both.1)
    } else {
      aggregated = try aggregate(source)
    }
    let column = Column(type: related.aggregate.type, budget: execution.database.budget)
    column.expect(rowCount: rowCount + 1)
    try column.append(try aggregated.finish())
    return column
  }
}
