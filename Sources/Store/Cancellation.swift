import Synchronization

/// The one flag that stops a running statement. A signal handler sets it; loops poll it once per
/// batch, per 64 Ki elements of a sort or merge, per 1 MiB of CSV and per step of a fit.
package enum Cancellation {
  private static let running: UInt8 = 0
  private static let stopping: UInt8 = 1
  private static let counting: UInt8 = 2

  private static let state = Atomic<UInt8>(running)
  /// The polls of a statement, while they are counted.
  private static let polls = Atomic<Int>(0)
  /// The poll at which a counted statement is stopped; 0 while polls are not counted.
  private static let lastPoll = Atomic<Int>(0)

  /// Asks the running statement to stop. Async-signal-safe once `reset` has run.
  package static func request() { state.store(stopping, ordering: .relaxed) }

  /// Forgets an earlier request; call before each statement.
  package static func reset() {
    polls.store(0, ordering: .relaxed)
    let isCounted = lastPoll.load(ordering: .relaxed) > 0
    state.store(isCounted ? counting : running, ordering: .relaxed)
  }

  /// Whether a stop was asked for.
  package static var isRequested: Bool {
    let now = state.load(ordering: .relaxed)
    return now != running && isStopped(now)
  }

  /// Throws `StoreError.interrupted` when a stop was asked for.
  package static func check() throws(StoreError) {
    if isRequested { throw .interrupted }
  }

  /// Calls `body` for stretches of at most 65,536 of a range, one after the other, and polls before
  /// each: how a loop over all rows is written.
  @inline(__always)
  package static func forEachChunk(
    of range: Range<Int>, _ body: (Range<Int>) throws(StoreError) -> Void
  ) throws(StoreError) {
    var start = range.lowerBound
    while start < range.upperBound {
      try check()
      let end = min(start + Limits.chunkRowCount, range.upperBound)
      try body(start..<end)
      start = end
    }
  }

  /// Counts the polls of the statements that follow, and stops each of them at one: for tests, which
  /// thus stop a statement wherever it can be. Nil counts no more.
  package static func countPolls(stoppingAt poll: Int? = .max) {
    lastPoll.store(poll ?? 0, ordering: .relaxed)
    reset()
  }

  /// The polls since the last statement began, while they are counted.
  package static var pollCount: Int { polls.load(ordering: .relaxed) }

  @inline(never)
  private static func isStopped(_ now: UInt8) -> Bool {
    if now == stopping { return true }
    let poll = polls.wrappingAdd(1, ordering: .relaxed).newValue
    guard poll >= lastPoll.load(ordering: .relaxed) else { return false }
    request()
    return true
  }
}
