import Glibc

/// The one helper thread beside the main one; no other file starts a thread.
package enum Workers {
  /// Runs `second` on the helper thread and `first` here; returns when both are done.
  ///
  /// Runs both here when the helper is busy or cannot be started, so a call inside a call is safe.
  /// The helper's stack has 16 MiB. The two closures must not touch the same state.
  package static func both(_ first: () -> Void, _ second: () -> Void) {
    withoutActuallyEscaping(second) { job in
      guard let helper = Helper.shared, helper.start(Job(run: job)) else {
        first()
        job()
        return
      }
      first()
      helper.waitUntilDone()
    }
  }
}

/// Runs the same work on both halves of something, on two workers.
///
/// - Throws: What the first half throws, else what the second does; both have run then.
package func onBothHalves<Left, Right>(
  _ first: () throws(StoreError) -> Left, _ second: () throws(StoreError) -> Right
) throws(StoreError) -> (Left, Right) {
  var left: Result<Left, StoreError>?
  var right: Result<Right, StoreError>?
  Workers.both({ left = capture(first) }, { right = capture(second) })
  guard let left, let right else { preconditionFailure("both halves have run") }
  return (try left.get(), try right.get())
}

private func capture<Value>(
  _ work: () throws(StoreError) -> Value
) -> Result<Value, StoreError> {
  do { return .success(try work()) } catch { return .failure(error) }
}

extension Workers {
  /// Values from which it pays to give half of a pass over them to the other thread.
  static let sharedCountMin = 1 << 17

  /// Makes parts on both threads and takes them in order: while one part is taken, the next is made.
  ///
  /// - Parameters:
  ///   - count: How many parts there are.
  ///   - make: Makes a part; the second argument, 0 or 1, tells the two threads apart. Runs on both
  ///     at once, so it must not change shared state.
  ///   - take: Takes the parts one after the other, in order, on whichever thread made them; false
  ///     ends the work.
  package static func inTurn<Part>(
    count: Int, make: (_ part: Int, _ worker: Int) -> Part, take: (Part) -> Bool
  ) {
    let turns = Turns(count: count)
    func work(_ worker: Int) {
      while let next = turns.claim() {
        let part = make(next, worker)
        guard turns.wait(for: next) else { return }
        turns.pass(goesOn: take(part))
      }
    }
    both({ work(0) }, { work(1) })
  }
}

/// Who makes which part, and whose turn it is to be taken. All state is read and written under
/// `lock`; what is done in a turn happens before the next.
private final class Turns: @unchecked Sendable {
  private let lock: UnsafeMutablePointer<pthread_mutex_t>
  private let changed: UnsafeMutablePointer<pthread_cond_t>
  private let count: Int
  private var claimedCount = 0
  private var takenCount = 0
  private var isOver = false

  init(count: Int) {
    lock = .allocate(capacity: 1)
    changed = .allocate(capacity: 1)
    pthread_mutex_init(lock, nil)
    pthread_cond_init(changed, nil)
    self.count = count
  }

  deinit {
    pthread_cond_destroy(changed)
    pthread_mutex_destroy(lock)
    changed.deallocate()
    lock.deallocate()
  }

  /// The next part that nobody makes yet; nil when there is none or the work is over.
  func claim() -> Int? {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    guard !isOver, claimedCount < count else { return nil }
    claimedCount += 1
    return claimedCount - 1
  }

  /// Waits until every part before this one has been taken; false when the work is over.
  func wait(for part: Int) -> Bool {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    while !isOver && takenCount < part { pthread_cond_wait(changed, lock) }
    return !isOver
  }

  /// Ends a turn.
  func pass(goesOn: Bool) {
    pthread_mutex_lock(lock)
    takenCount += 1
    isOver = isOver || !goesOn
    pthread_cond_broadcast(changed)
    pthread_mutex_unlock(lock)
  }
}

/// What the helper runs. Sent to it under the lock, and ended before `both` returns.
private struct Job: @unchecked Sendable {
  let run: () -> Void
}

/// A thread that waits on a condition variable. All state is read and written under `lock`.
private final class Helper: @unchecked Sendable {
  static let shared: Helper? = Helper()
  private static let stackByteCount = 16 * 1_024 * 1_024

  private let lock: UnsafeMutablePointer<pthread_mutex_t>
  private let changed: UnsafeMutablePointer<pthread_cond_t>
  private var job: Job?
  /// From `start` until `waitUntilDone` has seen the end.
  private var isTaken = false
  private var isDone = false

  private init?() {
    lock = .allocate(capacity: 1)
    changed = .allocate(capacity: 1)
    pthread_mutex_init(lock, nil)
    pthread_cond_init(changed, nil)
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    pthread_attr_setstacksize(&attributes, Self.stackByteCount)
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    defer { pthread_attr_destroy(&attributes) }
    // The helper lives as long as the process, signals go to the main thread.
    var all = sigset_t()
    var previous = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_SETMASK, &all, &previous)
    defer { pthread_sigmask(SIG_SETMASK, &previous, nil) }
    var thread = pthread_t()
    let retained = Unmanaged.passRetained(self)
    let status = pthread_create(
      &thread, &attributes,
      { argument in
        guard let argument else { return nil }
        Unmanaged<Helper>.fromOpaque(argument).takeUnretainedValue().serve()
        return nil
      }, retained.toOpaque())
    guard status == 0 else {
      retained.release()
      return nil
    }
  }

  /// Hands a job over, or says false when there is one already.
  func start(_ job: Job) -> Bool {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    if isTaken { return false }
    isTaken = true
    isDone = false
    self.job = job
    pthread_cond_broadcast(changed)
    return true
  }

  func waitUntilDone() {
    pthread_mutex_lock(lock)
    while !isDone { pthread_cond_wait(changed, lock) }
    isTaken = false
    pthread_mutex_unlock(lock)
  }

  private func serve() {
    pthread_mutex_lock(lock)
    while true {
      guard let next = job else {
        pthread_cond_wait(changed, lock)
        continue
      }
      job = nil
      pthread_mutex_unlock(lock)
      run(next)
      pthread_mutex_lock(lock)
      isDone = true
      pthread_cond_broadcast(changed)
    }
  }

  /// A function of its own so that the closure is released before the end is told.
  @inline(never)
  private func run(_ job: Job) { job.run() }
}
