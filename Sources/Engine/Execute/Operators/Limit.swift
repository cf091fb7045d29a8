import Store

/// Some rows, after skipping some. Counts the rest without fetching them, for the footer.
final class Limit: Operator {
  private let input: any Operator
  private let execution: Execution
  private let reportsCut: Bool
  private var toSkip: Int
  private var toTake: Int
  private var rowCount = 0

  init(
    _ input: any Operator, count: Int, offset: Int, _ execution: Execution, reportsCut: Bool
  ) {
    self.input = input
    self.toTake = count
    self.toSkip = offset
    self.execution = execution
    self.reportsCut = reportsCut
  }

  var isAscending: Bool { input.isAscending }

  func next() throws(StoreError) -> Batch? {
    while let batch = try input.next() {
      var rows: [Int32] = []
      if toTake == 0 {
        rowCount += batch.mask.countIn
        if !reportsCut { return nil }
        continue
      }
      batch.rows.collect(in: batch.mask, into: &rows)
      rowCount += rows.count
      let skipped = min(toSkip, rows.count)
      toSkip -= skipped
      let taken = min(toTake, rows.count - skipped)
      guard taken > 0 else { continue }
      toTake -= taken
      return Batch(
        rows: .list(Array(rows[skipped..<(skipped + taken)])), mask: Mask(count: taken))
    }
    if reportsCut, execution.rowCountBeforeCut == nil { execution.rowCountBeforeCut = rowCount }
    return nil
  }
}
