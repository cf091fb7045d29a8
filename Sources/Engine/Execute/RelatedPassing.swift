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
    func aggregate(_ source: any Operator) throws(StoreError) -> RelatedAggregate {
      let evaluator = Evaluator(execution, over: relation)
      let aggregate = RelatedAggregate(
        pass.related.aggregate, knownCountMin: pass.related.knownCountMin, filter: nil,
        rowCount: parentCount + 1, budget: execution.database.budget)
      while let batch = try source.next() {
        let batch = batch.compactedIfSparse
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
    let column = Column(type: pass.related.aggregate.type, budget: execution.database.budget)
    column.expect(rowCount: parentCount + 1)
    try column.append(try aggregated.finish())
    return column
  }
}
