import Synchronization

/// How many rows the scans of a statement have read, of how many, by one worker or several.
package final class RowsRead: Sendable {
  private let done = Atomic<Int>(0)
  private let total = Atomic<Int>(0)
  private let report: @Sendable (_ done: Int, _ total: Int) -> Void

  /// Rows between two reports, a power of two.
  private static let stretch = 1 << 13

  /// Makes a count that is reported now and then.
  package init(report: @escaping @Sendable (_ done: Int, _ total: Int) -> Void) {
    self.report = report
  }

  /// A scan of so many rows begins.
  package func begin(_ count: Int) { total.add(count, ordering: .relaxed) }

  /// So many more rows were read.
  package func add(_ count: Int) {
    let now = done.wrappingAdd(count, ordering: .relaxed).newValue
    let total = total.load(ordering: .relaxed)
    guard now >= total || now / Self.stretch != (now - count) / Self.stretch else { return }
    report(now, total)
  }
}
