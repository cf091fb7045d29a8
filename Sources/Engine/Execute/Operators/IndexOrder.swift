import Store

/// The first rows of a sorted index: `top` and `bottom` over a whole entity.
final class IndexOrder: Operator {
  private let table: Table
  private let field: FieldID
  private let isDescending: Bool
  private let countMax: Int
  private let execution: Execution
  private let reportsCut: Bool
  private var list: RowList?

  init(
    _ table: Table, _ field: FieldID, isDescending: Bool, countMax: Int, _ execution: Execution,
    reportsCut: Bool
  ) {
    self.table = table
    self.field = field
    self.isDescending = isDescending
    self.countMax = countMax
    self.execution = execution
    self.reportsCut = reportsCut
  }

  let isAscending = false

  func next() throws(StoreError) -> Batch? {
    if list == nil { list = try look() }
    return try list?.next()
  }

  private func look() throws(StoreError) -> RowList {
    guard
      let found = try table.firstSortedRows(
        by: field, isDescending: isDescending, countMax: countMax)
    else { preconditionFailure("the optimizer asks only indexes that are there") }
    if reportsCut {
      execution.rowCountBeforeCut = table.liveRowCount
      let left = table.liveRowCount - found.knownCount
      if left > 0 {
        execution.notes.append(
          .leftOutUnknown(
            count: left,
            field: execution.database.catalog[table.entity][field].name))
      }
      if found.isTieCut { execution.notes.append(.tieCut) }
    }
    return RowList(found.rows)
  }
}
