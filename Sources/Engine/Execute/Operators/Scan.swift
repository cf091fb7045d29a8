import Store

/// Every live row of a table, or every group, in runs of at most a batch.
final class Scan: Operator {
  private let relation: Relation
  private var position: Int
  private let end: Int
  private let rowsRead: RowsRead?

  /// Scans `range`, or all rows the relation has when the first batch is asked for.
  ///
  /// - Parameter rowsRead: Counts what a scan of all rows reads.
  init(_ relation: Relation, range: Range<Int>? = nil, rowsRead: RowsRead? = nil) {
    self.relation = relation
    self.position = range?.lowerBound ?? 0
    self.end = range?.upperBound ?? relation.rowCount
    self.rowsRead = rowsRead
    if range == nil { rowsRead?.begin(end) }
  }

  let isAscending = true

  func next() throws(StoreError) -> Batch? {
    try Cancellation.check()
    while position < end {
      let rows = Rows.run(base: position, count: min(Limits.batchRowCount, end - position))
      var mask = Mask(count: rows.count)
      relation.table?.keepLive(rows, in: &mask)
      position += rows.count
      rowsRead?.add(rows.count)
      if !mask.isNoneIn { return Batch(rows: rows, mask: mask) }
    }
    return nil
  }

  func split() throws(StoreError) -> (any Operator, any Operator)? {
    let batches = (end - position) / Limits.batchRowCount
    let middle = min(end, relation.boundary(from: position + batches / 2 * Limits.batchRowCount))
    return (
      Scan(relation, range: position..<middle, rowsRead: rowsRead),
      Scan(relation, range: middle..<end, rowsRead: rowsRead)
    )
  }
}
