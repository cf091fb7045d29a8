import Glibc

/// Another program that is run, as a shell would find it.
struct Program {
  /// The file that is run.
  let path: String
  /// Its name and the words after it.
  let words: [String]

  /// Finds the program that the first of the words names, by `PATH` where it has no slash; nil when
  /// there is none that may be run.
  init?(_ words: [String]) {
    guard let name = words.first, !name.isEmpty else { return nil }
    let folders = name.contains("/") ? [""] : Self.folders
    let found = folders.map { $0 + name }.first { path in
      var status = stat()
      return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        && access(path, X_OK) == 0
    }
    guard let found else { return nil }
    path = found
    self.words = words
  }

  private static var folders: [String] {
    Environment["PATH", default: "/usr/local/bin:/usr/bin:/bin"]
      .split(separator: ":", omittingEmptySubsequences: false)
      .map { $0.isEmpty ? "./" : $0 + "/" }
  }

  /// Starts it.
  ///
  /// - Parameters:
  ///   - streams: Descriptors that become its standard input, output and error, in this order.
  ///   - variables: Added to this process's environment, where a variable is not set there.
  /// - Returns: The process; nil, with `errno` set, when it cannot be started.
  func start(
    streams: [Int32], defaults variables: [String: String] = [:]
  ) -> pid_t? {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for (place, descriptor) in streams.enumerated() {
      posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(place))
    }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
    var signals = sigset_t()
    sigemptyset(&signals)
    for signal in [SIGINT, SIGQUIT, SIGPIPE, SIGXFSZ, SIGTERM, SIGHUP] {
      sigaddset(&signals, signal)
    }
    posix_spawnattr_setsigdefault(&attributes, &signals)

    var arguments = words.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    let added = variables.filter { Environment[$0.key] == nil }.map { "\($0.key)=\($0.value)" }
    var environment = (Environment.all + added).map { strdup($0) } + [nil]
    defer { for variable in environment { free(variable) } }
    var process: pid_t = 0
    let code = posix_spawn(&process, path, &actions, &attributes, &arguments, &environment)
    errno = code
    return code == 0 ? process : nil
  }

  /// A pipe of which other programs inherit neither end; nil, with `errno` set, when there is none.
  static func pipe() -> (reading: Int32, writing: Int32)? {
    var ends: [Int32] = [-1, -1]
    guard Glibc.pipe(&ends) == 0 else { return nil }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
  }

  /// Waits for the end of a process and gives its exit status, 128 + the number of a signal that
  /// ended it.
  static func wait(for process: pid_t) -> Int32 {
    var code: Int32 = 0
    while waitpid(process, &code, 0) < 0, errno == EINTR {}
    let signal = code & 0x7F
    return signal == 0 ? code >> 8 & 0xFF : 128 + signal
  }
}
