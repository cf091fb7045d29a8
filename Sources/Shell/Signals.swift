import Glibc
import Store
import Synchronization

/// The signals the shell takes: Ctrl-C asks the running statement to stop, a closed terminal or a
/// request to end sets a flag, and a broken pipe or a full file is an error of `write`, not an end.
enum Signals {
  private static let termination = Atomic<Int32>(0)
  private static let resized = Atomic<Bool>(false)
  private static let timedOut = Atomic<Bool>(false)

  /// The signal that asked the process to end, 0 for none.
  static var terminationSignal: Int32 { termination.load(ordering: .relaxed) }

  /// Whether somebody asked to stop what runs, by Ctrl-C or by a signal to end.
  static var wantsStop: Bool { Cancellation.isRequested || terminationSignal != 0 }

  /// Whether the window's size changed since the last call.
  static func takeResize() -> Bool { resized.exchange(false, ordering: .relaxed) }

  /// Starts the timer that asks the running statement to stop after some seconds, and again until it
  /// has; 0 stops the timer. Gives the seconds that were left of the last one.
  @discardableResult static func setTimer(seconds: Double) -> Double {
    let isSet = seconds > 0
    var timer = itimerval()
    timer.it_value.tv_sec = Int(seconds)
    timer.it_value.tv_usec = Int((seconds - seconds.rounded(.down)) * 1e6)
    timer.it_interval.tv_usec = isSet ? 100_000 : 0
    var last = itimerval()
    setitimer(__itimer_which_t(ITIMER_REAL.rawValue), &timer, &last)
    return Double(last.it_value.tv_sec) + Double(last.it_value.tv_usec) / 1e6
  }

  /// Whether the timer has run out since the last call.
  static func takeTimeOut() -> Bool { timedOut.exchange(false, ordering: .relaxed) }

  /// Installs the handlers, without restarting interrupted calls.
  static func install() {
    // The lazy globals are made here, outside any handler.
    Cancellation.reset()
    _ = terminationSignal
    _ = takeResize()
    _ = takeTimeOut()
    takeInterrupts()
    for signal in [SIGTERM, SIGHUP] {
      handle(signal) { number in
        Signals.termination.store(number, ordering: .relaxed)
        Cancellation.request()
      }
    }
    handle(SIGALRM) { _ in
      Signals.timedOut.store(true, ordering: .relaxed)
      Cancellation.request()
    }
    handle(SIGWINCH) { _ in Signals.resized.store(true, ordering: .relaxed) }
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
  }

  /// Leaves Ctrl-C to a program that has the terminal for a while.
  static func ignoreInterrupts() { signal(SIGINT, SIG_IGN) }

  /// Takes Ctrl-C again.
  static func takeInterrupts() { handle(SIGINT) { _ in Cancellation.request() } }

  private static func handle(_ signal: Int32, _ handler: @escaping @convention(c) (Int32) -> Void) {
    var action = sigaction()
    action.__sigaction_handler.sa_handler = handler
    sigemptyset(&action.sa_mask)
    action.sa_flags = 0
    sigaction(signal, &action, nil)
  }
}
