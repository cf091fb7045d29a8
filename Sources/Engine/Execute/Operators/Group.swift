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
    let halves = isShared ? try input.split() : nil
    let state = try GroupState(group, execution, over: relation)
    guard let (first, second) = halves else {
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
    let (keys, aggregates) = try state.finish()
    let claim = BudgetClaim(budget)
    try claim.cover(
      2 * (keys + aggregates).reduce(0) { $0 + $1.byteCount }
        + (keys.first?.count ?? 1) * RowOrder.byteCountPerRow)
    let order = try RowOrder.sorted(
      count: keys.first?.count ?? 1, by: try zip(keys, group.keys).map(sortKey))
    noteGroupsThatDifferByCase(keys)
    var ordered: [Vector] = []
    for vector in keys + aggregates { ordered.append(try vector.gatheredInChunks(order)) }
    try result.fill(
      ordered,
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
