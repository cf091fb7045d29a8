/// What one owner has taken from a budget; given back when the claim ends.
package final class BudgetClaim {
  private let budget: Budget
  private var byteCount = 0

  /// A claim of nothing yet.
  package init(_ budget: Budget) { self.budget = budget }

  deinit { budget.give(back: byteCount) }

  /// Sees to it that `needed` bytes are taken. The first MiB is free, and from there on it asks for
  /// a quarter more, so that steady growth asks seldom.
  package func cover(_ needed: Int) throws(StoreError) {
    guard needed > max(byteCount, Budget.freeByteCount) else { return }
    let wanted = needed + needed / 4
    try budget.take(wanted - byteCount)
    byteCount = wanted
  }
}
