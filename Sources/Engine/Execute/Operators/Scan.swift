import Store

/// Every live row of a table, or every group, in runs of at most a batch.
final class Scan: Operator {
  private let relation: Relation
  /// What is still to be read, ascending.
  private var ranges: [Range<Int>]
  private let rowsRead: RowsRead?

  /// Scans all rows that the relation has now.
  ///
  /// - Parameter rowsRead: Counts what is read.
  convenience init(_ relation: Relation, rowsRead: RowsRead? = nil) {
    self.init(relation, ranges: [0..<relation.rowCount], rowsRead: rowsRead)
    rowsRead?.begin(relation.rowCount)
  }

  private init(_ relation: Relation, ranges: [Range<Int>], rowsRead: RowsRead?) {
    self.relation = relation
    self.ranges = ranges.reversed()
    self.rowsRead = rowsRead
  }

  let isAscending = true

  func next() throws(StoreError) -> Batch? {
    try Cancellation.check()
    while let range = ranges.popLast() {
      let rows = Rows.run(
        base: range.lowerBound, count: min(Limits.batchRowCount, range.count))
      if rows.count < range.count { ranges.append(range.dropFirst(rows.count)) }
      var mask = Mask(count: rows.count)
      relation.table?.keepLive(rows, in: &mask)
      rowsRead?.add(rows.count)
      if !mask.isNoneIn { return Batch(rows: rows, mask: mask) }
    }
    return nil
  }

  /// Leaves out the chunks of whose statistics one of the tests says that no row passes.
  func narrow(to tests: [ColumnCondition]) {
    let rowCount = ranges.rowCount
    var kept: [Range<Int>] = []
    for range in ranges.reversed() {
      for chunk in range.lowerBound / Limits.chunkRowCount..<range.chunkEnd
      where tests.allSatisfy({ $0.mayPass(inChunk: chunk) }) {
        let start = chunk * Limits.chunkRowCount
        let part = range.clamped(to: start..<start + Limits.chunkRowCount)
        if let last = kept.last, last.upperBound == part.lowerBound {
          kept[kept.count - 1] = last.lowerBound..<part.upperBound
        } else {
          kept.append(part)
        }
      }
    }
    ranges = kept.reversed()
    let leftOutCount = rowCount - ranges.rowCount
    if leftOutCount > 0 { rowsRead?.add(leftOutCount) }
  }

  /// Parts what is to be read, so that both workers have as many rows.
  func split() throws(StoreError) -> (any Operator, any Operator)? {
    var left = ranges.rowCount / Limits.batchRowCount / 2 * Limits.batchRowCount
    var middle = 0
    for range in ranges.reversed() {
      middle = range.lowerBound + min(left, range.count)
      left -= min(left, range.count)
      if left == 0 { break }
    }
    let end = ranges.first?.upperBound ?? 0
    middle = min(end, relation.boundary(from: middle))
    return (part(0..<middle), part(middle..<end))
  }

  private func part(_ rows: Range<Int>) -> Scan {
    let parts = ranges.reversed().map { $0.clamped(to: rows) }.filter { !$0.isEmpty }
    return Scan(relation, ranges: parts, rowsRead: rowsRead)
  }
}

extension [Range<Int>] {
  fileprivate var rowCount: Int { reduce(0) { $0 + $1.count } }
}

extension Range<Int> {
  /// Behind the last chunk that holds some of the rows.
  fileprivate var chunkEnd: Int {
    isEmpty ? lowerBound / Limits.chunkRowCount : (upperBound - 1) / Limits.chunkRowCount + 1
  }
}
