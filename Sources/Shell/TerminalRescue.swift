import Glibc

/// Puts the terminal back as it was when the process dies of a fatal signal, such as a trap of our
/// own: cooked, and without marks around pastes.
///
/// Everything that the handler touches stands ready before a signal can come; it calls only what may
/// be called from a handler, and then lets the signal do what it would have done.
enum TerminalRescue {
  private static let fatal = [SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGABRT, SIGQUIT]

  nonisolated(unsafe) private static var modes = termios()
  nonisolated(unsafe) private static var isArmed = false
  private static let farewell: [UInt8] = Array("\u{1B}[?2004l\u{1B}[0m\r\n".utf8)
  /// What the handler writes, in memory that never moves.
  nonisolated(unsafe) private static let words = UnsafeMutableBufferPointer<UInt8>.allocate(
    capacity: farewell.count)
  /// What each signal did before, by its number.
  nonisolated(unsafe) private static let old = UnsafeMutableBufferPointer<sigaction>.allocate(
    capacity: 65)

  /// Remembers how the terminal is, and takes the fatal signals.
  static func begin() {
    guard tcgetattr(STDIN_FILENO, &modes) == 0, !isArmed else { return }
    _ = words.initialize(from: farewell)
    old.initialize(repeating: sigaction())
    useOwnStack()
    for signal in fatal {
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { TerminalRescue.die(of: $0) }
      sigemptyset(&action.sa_mask)
      action.sa_flags = SA_ONSTACK
      sigaction(signal, &action, &old[Int(signal)])
    }
    isArmed = true
  }

  /// Gives the signals back; whatever ends now has a sound terminal.
  static func end() {
    guard isArmed else { return }
    isArmed = false
    for signal in fatal { sigaction(signal, &old[Int(signal)], nil) }
  }

  /// Puts the terminal back as it was before the prompt, for another program; what it was in between
  /// comes back with the result's call.
  static func lend() -> () -> Void {
    var typing = termios()
    guard isArmed, tcgetattr(STDIN_FILENO, &typing) == 0 else { return {} }
    tcsetattr(STDIN_FILENO, TCSADRAIN, &modes)
    return { tcsetattr(STDIN_FILENO, TCSADRAIN, &typing) }
  }

  private static func die(of signal: Int32) {
    tcsetattr(STDIN_FILENO, TCSANOW, &modes)
    _ = write(STDOUT_FILENO, words.baseAddress, words.count)
    sigaction(signal, &old[Int(signal)], nil)
    raise(signal)
  }

  /// A stack that has overflowed cannot hold the handler's frame.
  private static func useOwnStack() {
    var stack = stack_t()
    sigaltstack(nil, &stack)
    guard stack.ss_sp == nil else { return }
    stack.ss_size = 65_536
    stack.ss_sp = UnsafeMutableRawPointer.allocate(byteCount: stack.ss_size, alignment: 16)
    stack.ss_flags = 0
    sigaltstack(&stack, nil)
  }
}
