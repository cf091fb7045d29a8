import Store

/// The first rows of a sorted index, or the first of them that meet a condition; where there is no
/// memory for the index, those that are found without.
final class IndexOrder: Operator {
  private let table: Table
  private let field: FieldID
  private let order: BoundOrder
  private let countMax: Int
  private let condition: Condition?
  private let execution: Execution
  private let reportsCut: Bool
  private let claim: BudgetClaim
  private var list: RowList?
  private var found: (any Operator)?

  init(
    _ table: Table, _ field: FieldID, _ order: BoundOrder, countMax: Int, _ condition: Condition?,
    _ execution: Execution, reportsCut: Bool
  ) {
    self.table = table
    self.field = field
    self.order = order
    claim = BudgetClaim(execution.database.budget)
    self.countMax = countMax
    self.condition = condition
    self.execution = execution
    self.reportsCut = reportsCut
  }

  let isAscending = false

  private var isDescending: Bool { order.keys[0].isDescending }

  func next() throws(StoreError) -> Batch? {
    if list == nil, found == nil {
      do throws(StoreError) {
        list = RowList(try look(), claim)
      } catch {
        guard case .memoryLimit = error else { throw error }
        found = search()
      }
    }
    if let found { return try found.next() }
    return try list?.next()
  }

  /// What finds the same rows without the index.
  private func search() -> TopN {
    let relation = Relation(table)
    var source: any Operator = Scan(relation)
    if let condition {
      source = Filter(source, [condition], execution, over: relation, countsUnknown: false)
    }
    return TopN(
      source, order, countMax: countMax, execution, over: relation, reportsCut: reportsCut,
      isShared: false)
  }

  private func look() throws(StoreError) -> [Int32] {
    if let condition, case .test(let field, let test) = condition.form {
      return try walk(field, test)
    }
    guard
      let found = try table.firstSortedRows(
        by: field, isDescending: isDescending, countMax: countMax)
    else { preconditionFailure("the optimizer asks only indexes that are there") }
    try claim.cover(found.rows.count * MemoryLayout<Int32>.stride)
    report(
      rowCount: table.liveRowCount, unknownCount: table.liveRowCount - found.knownCount,
      isTieCut: found.isTieCut)
    return found.rows
  }

  /// Walks the index until one row more than asked for has passed, which tells whether a tie is cut.
  private func walk(_ tested: FieldID, _ test: ColumnTest) throws(StoreError) -> [Int32] {
    let column = table.column(tested)
    let prepared = column.prepare(test)
    var width = 2 * Limits.batchRowCount
    while true {
      guard
        let rows = try table.sortedRows(by: field, isDescending: isDescending, countMax: width)
      else { preconditionFailure("the optimizer asks only indexes that are there") }
      try claim.cover(2 * rows.count * MemoryLayout<Int32>.stride)
      var list = RowList(rows)
      var passed: [Int32] = []
      while passed.count <= countMax, var batch = try list.next() {
        column.keep(prepared, of: batch.rows, in: &batch.mask)
        batch.rows.collect(in: batch.mask, into: &passed)
      }
      if passed.count > countMax || rows.count < width {
        report(
          rowCount: table.exactCount(of: test, on: tested) ?? passed.count, unknownCount: 0,
          isTieCut: isTieCut(passed))
        return Array(passed.prefix(countMax))
      }
      width *= 8
    }
  }

  private func isTieCut(_ passed: [Int32]) -> Bool {
    guard passed.count > countMax, countMax > 0 else { return false }
    let values = table.column(field)
    return values[Int(passed[countMax - 1])] == values[Int(passed[countMax])]
  }

  private func report(rowCount: Int, unknownCount: Int, isTieCut: Bool) {
    guard reportsCut else { return }
    execution.rowCountBeforeCut = rowCount
    execution.noteRanked(
      unknownCount: unknownCount,
      field: execution.database.catalog[table.entity][field].name, isTieCut: isTieCut)
  }
}
