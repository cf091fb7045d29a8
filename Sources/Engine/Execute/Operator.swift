import Store

/// Some rows of a relation and which of them are in.
struct Batch {
  var rows: Rows
  var mask: Mask
}

extension Batch {
  /// Whether few of the rows are in.
  var isSparse: Bool { mask.countIn * 4 < rows.count }

  /// The same rows, those that are in alone where they are few.
  var compactedIfSparse: Batch {
    guard isSparse else { return self }
    let rows = rows.compacted(by: mask)
    return Batch(rows: rows, mask: Mask(count: rows.count))
  }
}

/// Puts the few rows that are in of several batches together: what loops over every row of a batch, or
/// costs as much for a batch of few rows as for one of many, then is spared most of it.
struct SparseBatches {
  /// A batch that is not sparse, behind rows that were given first.
  private var waiting: Batch?

  /// The next batch of an input, some rows of it out only where many are in.
  mutating func next(
    of input: () throws(StoreError) -> Batch?
  ) throws(StoreError) -> Batch? {
    if let batch = waiting.take() { return batch }
    var gathered: [Int32] = []
    while gathered.count < Limits.batchRowCount / 2, let batch = try input() {
      guard batch.isSparse else {
        if gathered.isEmpty { return batch }
        waiting = batch
        break
      }
      batch.rows.collect(in: batch.mask, into: &gathered)
    }
    guard !gathered.isEmpty else { return nil }
    return Batch(rows: .list(gathered), mask: Mask(count: gathered.count))
  }
}

/// A running step: gives batches of rows until there are none.
protocol Operator: AnyObject {
  /// The next batch with at least one row in, or nil at the end.
  func next() throws(StoreError) -> Batch?

  /// Whether the rows come in ascending order of their numbers.
  var isAscending: Bool { get }

  /// Is told before anything else that only rows that pass all these tests are wanted: of others, those
  /// that are known without a look may be left out.
  func narrow(to tests: [ColumnCondition])

  /// Two operators that give the first and the second half of what this one would, for two workers;
  /// nil when the rows cannot be halved. Valid before the first `next`.
  func split() throws(StoreError) -> (any Operator, any Operator)?
}

extension Operator {
  func narrow(to tests: [ColumnCondition]) {}

  func split() throws(StoreError) -> (any Operator, any Operator)? { nil }

  /// The rows that are in, in the order they come: what a step that must see all begins with.
  ///
  /// - Parameter claim: Covers the list; what holds the list holds it too.
  func collect(_ claim: BudgetClaim? = nil) throws(StoreError) -> [Int32] {
    var rows: [Int32] = []
    while let batch = try next() {
      batch.rows.collect(in: batch.mask, into: &rows)
      try claim?.cover(rows.capacity * MemoryLayout<Int32>.stride)
    }
    return rows
  }

  /// The same, ascending.
  func collectAscending(_ claim: BudgetClaim? = nil) throws(StoreError) -> [Int32] {
    let rows = try collect(claim)
    return isAscending ? rows : try RowOrder.sorted(rows: rows)
  }
}

/// Gives a list of rows in batches: what steps that have seen all rows hand on.
struct RowList {
  private let rows: [Int32]
  private let claim: BudgetClaim?
  private var position: Int

  /// - Parameter claim: What covers the list.
  init(_ rows: [Int32], _ claim: BudgetClaim? = nil) {
    self.rows = rows
    self.claim = claim
    self.position = 0
  }

  /// The next rows, at most a batch of them.
  mutating func next() throws(StoreError) -> Batch? {
    try Cancellation.check()
    guard position < rows.count else { return nil }
    let end = min(position + Limits.batchRowCount, rows.count)
    defer { position = end }
    return Batch(
      rows: .list(Array(rows[position..<end])), mask: Mask(count: end - position))
  }

  /// The same for the first and for the second half.
  func split() -> (RowList, RowList) {
    let middle = rows.count / 2
    return (RowList(Array(rows[..<middle]), claim), RowList(Array(rows[middle...]), claim))
  }
}
