import Synchronization

/// The one flag that stops a running statement. A signal handler sets it; loops poll it once per
/// batch, per 64 Ki elements of a sort or merge, per 1 MiB of CSV and per step of a fit.
package enum Cancellation {
  private static let flag = Atomic<Bool>(false)

  /// Asks the running statement to stop. Async-signal-safe once `reset` has run.
  package static func request() { flag.store(true, ordering: .relaxed) }

  /// Forgets an earlier request; call before each statement.
  package static func reset() { flag.store(false, ordering: .relaxed) }

  /// Whether a stop was asked for.
  package static var isRequested: Bool { flag.load(ordering: .relaxed) }

  /// Throws `StoreError.interrupted` when a stop was asked for.
  package static func check() throws(StoreError) {
    if isRequested { throw .interrupted }
  }
}
