import Glibc

/// A program in a pseudo-terminal, its keyboard and its screen.
///
/// Waits poll until what is waited for is there or a generous time is over; nothing sleeps blindly.
package final class PTYProcess {
  /// Milliseconds after which a wait gives up.
  package static let patienceMilliseconds = 30_000

  /// What a person sees.
  package private(set) var screen: PTYScreen
  /// All bytes that came for it.
  package private(set) var received: [UInt8] = []
  private let master: Int32
  private let process: pid_t
  private var status: Int32?

  /// Starts `program` with these words after its name. `environment` adds to a small one of its own.
  ///
  /// Returns nil when no pseudo-terminal or process can be had.
  package init?(
    _ program: String, _ words: [String], environment: [String: String] = [:],
    columns: Int = 80, rows: Int = 24
  ) {
    screen = PTYScreen(columns: columns, rows: rows)
    let started = ChildProcess.starting.withLock { _ in
      Self.start(
        program, words, ChildProcess.environment(adding: environment), columns: columns, rows: rows)
    }
    guard let started else { return nil }
    (master, process) = started
  }

  private static func start(
    _ program: String, _ words: [String], _ environment: [String], columns: Int, rows: Int
  ) -> (master: Int32, process: pid_t)? {
    var master: Int32 = -1
    var slave: Int32 = -1
    var name = [CChar](repeating: 0, count: 256)
    var size = winsize(
      ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
    guard openpty(&master, &slave, &name, nil, &size) == 0 else { return nil }
    _ = fcntl(master, F_SETFD, FD_CLOEXEC)
    _ = fcntl(slave, F_SETFD, FD_CLOEXEC)
    _ = fcntl(master, F_SETFL, O_NONBLOCK)

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    // 0x80 is POSIX_SPAWN_SETSID, which Swift does not see: opening the terminal by its name after
    // it makes it the controlling one, so that Ctrl-C is a signal.
    posix_spawnattr_setflags(
      &attributes, Int16(0x80 | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigaddset(&signals, SIGINT)
    sigaddset(&signals, SIGTERM)
    sigaddset(&signals, SIGHUP)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawn_file_actions_addopen(&actions, 0, &name, O_RDWR, 0)
    posix_spawn_file_actions_adddup2(&actions, 0, 1)
    posix_spawn_file_actions_adddup2(&actions, 0, 2)
    var process: pid_t = 0
    let code = ChildProcess.spawn(
      &process, program, words, environment, &actions, &attributes)
    posix_spawn_file_actions_destroy(&actions)
    posix_spawnattr_destroy(&attributes)
    _ = close(slave)
    guard code == 0 else {
      _ = close(master)
      return nil
    }
    return (master, process)
  }

  deinit {
    if status == nil {
      kill(process, SIGKILL)
      waitpid(process, nil, 0)
    }
    _ = close(master)
  }

  /// Types.
  package func send(_ text: String) {
    var bytes = Array(text.utf8)[...]
    let start = ChildProcess.milliseconds()
    while !bytes.isEmpty, ChildProcess.milliseconds() - start < Self.patienceMilliseconds {
      let part = Array(bytes.prefix(1_024))
      let count = write(master, part, part.count)
      if count > 0 { bytes = bytes.dropFirst(count) } else { read(milliseconds: 10) }
    }
  }

  /// Sends the whole process group a signal, as a terminal that closes does.
  package func signal(_ number: Int32) { kill(process, number) }

  /// Changes the window's size.
  package func resize(columns: Int, rows: Int) {
    var size = winsize(
      ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
    screen.resize(columns: columns, rows: rows)
    _ = ioctl(master, UInt(TIOCSWINSZ), &size)
  }

  /// Waits until the screen is as wanted; false when it does not become so.
  package func wait(until isSo: (PTYScreen) -> Bool) -> Bool {
    let start = ChildProcess.milliseconds()
    while !isSo(screen) {
      if ChildProcess.milliseconds() - start > Self.patienceMilliseconds { return false }
      if !read(milliseconds: 50), exitStatus(waits: false) != nil {
        while read(milliseconds: 0) {}
        return isSo(screen)
      }
    }
    return true
  }

  /// Waits until the text stands somewhere on the screen or above it.
  package func wait(for text: String) -> Bool { wait { $0.text.contains(text) } }

  /// Waits until the text stands there, whatever the places where its lines break.
  package func wait(forWords text: String) -> Bool {
    let words = PTYScreen.words(of: text)
    return wait { $0.words.contains(words) }
  }

  /// Waits until the cursor's line is this, spaces at its end left out.
  package func wait(forCursorLine line: String) -> Bool { wait { $0.cursorLine == line } }

  /// The exit status, 128 + the number of the signal that ended it; nil while it runs.
  package func exitStatus(waits: Bool = true) -> Int32? {
    let start = ChildProcess.milliseconds()
    while status == nil {
      var code: Int32 = 0
      if waitpid(process, &code, WNOHANG) == process {
        status = ChildProcess.exitStatus(code)
        while read(milliseconds: 0) {}
        break
      }
      if !waits || ChildProcess.milliseconds() - start > Self.patienceMilliseconds { break }
      if !read(milliseconds: 20) { usleep(2_000) }
    }
    return status
  }

  /// Whether the terminal echoes and reads lines, as a program has to leave it.
  package var isCooked: Bool {
    var modes = termios()
    guard tcgetattr(master, &modes) == 0 else { return false }
    let wanted = tcflag_t(ICANON | ECHO | ISIG)
    return modes.c_lflag & wanted == wanted
  }

  @discardableResult
  private func read(milliseconds: Int32) -> Bool {
    var wanted = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
    guard poll(&wanted, 1, milliseconds) > 0 else { return false }
    var bytes = [UInt8](repeating: 0, count: 65_536)
    let count = Glibc.read(master, &bytes, bytes.count)
    guard count > 0 else { return false }
    received += bytes[..<count]
    screen.take(bytes[..<count])
    return true
  }
}
