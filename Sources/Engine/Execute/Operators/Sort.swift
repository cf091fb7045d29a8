import Store

/// All rows in order, or the first of each part for `top N by … per …`. Ties go by row.
final class Sort: Operator {
  private let input: any Operator
  private let order: BoundOrder
  private let execution: Execution
  private let relation: Relation
  private let reportsCut: Bool
  private let claim: BudgetClaim
  private var list: RowList?

  init(
    _ input: any Operator, _ order: BoundOrder, _ execution: Execution, over relation: Relation,
    reportsCut: Bool
  ) {
    self.input = input
    self.order = order
    self.execution = execution
    self.relation = relation
    self.reportsCut = reportsCut
    claim = BudgetClaim(execution.database.budget)
  }

  let isAscending = false

  func next() throws(StoreError) -> Batch? {
    if list == nil { list = RowList(try run(), claim) }
    return try list?.next()
  }

  private func run() throws(StoreError) -> [Int32] {
    let rows = try input.collectAscending(claim)
    let evaluator = Evaluator(execution, over: relation)
    let sorting = BudgetClaim(execution.database.budget)
    try sorting.cover(rows.count * RowOrder.byteCountPerRow)
    var keys: [SortKey] = []
    for key in order.per + order.keys {
      keys.append(
        SortKey(
          try evaluator.values(of: key.expression, at: rows), isDescending: key.isDescending))
    }
    if let key = try keyOrder(rows, evaluator) { keys.append(key) }
    let offsets = try RowOrder.sorted(
      count: rows.count, by: keys,
      isTieDescending: order.countMax != nil && order.isTieDescending)
    guard let countMax = order.countMax else { return RowSelection.rows(rows, at: offsets) }
    return try firstOfEach(countMax, rows, offsets, keys)
  }

  /// Ties go by key; rows stand by key already, or the key is one more thing to sort by.
  private func keyOrder(_ rows: [Int32], _ evaluator: Evaluator) throws(StoreError) -> SortKey? {
    guard let table = relation.table, !table.isInKeyOrder else { return nil }
    let entity = execution.database.catalog[table.entity]
    let field = entity[entity.key]
    let path = FieldPath(field: entity.key, type: field.type, text: field.name)
    return SortKey(
      try evaluator.values(of: .field(path), at: rows),
      isDescending: order.countMax != nil && order.isTieDescending)
  }

  private func firstOfEach(
    _ countMax: Int, _ rows: [Int32], _ offsets: [Int32], _ keys: [SortKey]
  ) throws(StoreError) -> [Int32] {
    let parts = GroupTable(
      keyTypes: order.per.map(\.expression.type), domains: order.per.map { _ in nil },
      budget: execution.database.budget)
    let mask = Mask(count: rows.count)
    let ids = try parts.ids(of: keys.prefix(order.per.count).map(\.values), in: mask)
    let values = keys[order.per.count].values
    let (kept, tieCount) = try RowSelection.first(
      countMax, of: offsets, parts: ids, partCount: parts.groupCount, values: values)
    if reportsCut {
      execution.rowCountBeforeCut = rows.count
      execution.noteRanked(
        unknownCount: rows.count - Mask(knownIn: values).countIn,
        field: order.keys[0].text, isTieCut: tieCount > 0)
    }
    return RowSelection.rows(rows, at: kept)
  }
}

extension Execution {
  /// Notes what `top` and `bottom` left out.
  func noteRanked(unknownCount: Int, field: String, isTieCut: Bool) {
    if unknownCount > 0 { notes.append(.leftOutUnknown(count: unknownCount, field: field)) }
    if isTieCut { notes.append(.tieCut) }
  }
}
