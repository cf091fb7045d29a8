import Store

/// A random part of the rows, the same for the same seed.
final class Sample: Operator {
  private let input: any Operator
  private let sample: BoundSample
  private let execution: Execution
  private let reportsCut: Bool
  private let claim: BudgetClaim
  private var list: RowList?

  init(
    _ input: any Operator, _ sample: BoundSample, _ execution: Execution, reportsCut: Bool
  ) {
    self.input = input
    self.sample = sample
    self.execution = execution
    self.reportsCut = reportsCut
    claim = BudgetClaim(execution.database.budget)
  }

  var isAscending: Bool { input.isAscending }

  func next() throws(StoreError) -> Batch? {
    if list == nil { list = RowList(try run(), claim) }
    return try list?.next()
  }

  private func run() throws(StoreError) -> [Int32] {
    let rows = try input.collect(claim)
    if reportsCut { execution.rowCountBeforeCut = rows.count }
    switch sample.amount {
    case .rows(let count):
      return RowSelection.sample(rows, count: count, seed: sample.seed)
    case .share(let share):
      return RowSelection.sample(rows, share: share, seed: sample.seed)
    }
  }
}
