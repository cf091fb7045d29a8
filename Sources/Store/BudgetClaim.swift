import Synchronization

/// What one owner has taken from a budget; given back when the claim ends.
package final class BudgetClaim: Sendable {
  private let budget: Budget
  /// Bytes the owner holds, and those of them that were taken.
  private let held = Atomic<Int>(0)
  private let taken = Atomic<Int>(0)

  /// Claims nothing yet.
  package init(_ budget: Budget) { self.budget = budget }

  deinit { budget.give(back: taken.load(ordering: .relaxed)) }

  /// Sees to it that `needed` bytes are taken. The first MiB is free, and from there on it asks for
  /// a quarter more, if that is there, so that steady growth asks seldom. One thread at a time.
  ///
  /// - Throws: `memoryLimit`.
  package func cover(_ needed: Int) throws(StoreError) {
    let before = taken.load(ordering: .relaxed)
    guard needed > max(before, budget.freeByteCount) else { return }
    var wanted = needed + needed / 4
    do throws(StoreError) {
      try budget.take(wanted - before)
    } catch {
      wanted = needed
      try budget.take(wanted - before)
    }
    taken.store(wanted, ordering: .relaxed)
  }

  /// Sees to it that what the owner holds, and `added` bytes more, are taken. One thread at a time.
  ///
  /// - Throws: `memoryLimit`.
  package func add(_ added: Int) throws(StoreError) {
    let sum = held.wrappingAdd(added, ordering: .relaxed).newValue
    try cover(sum)
  }
}
