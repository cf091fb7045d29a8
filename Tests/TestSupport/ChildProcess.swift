import Glibc
import Synchronization

/// Runs a program to its end with pipes for its streams.
package enum ChildProcess {
  /// How a program ended.
  package struct Result: Equatable, Sendable {
    /// The exit status, or 128 + the number of the signal that ended it.
    package var status: Int32
    /// What it wrote to standard output.
    package var output: String
    /// What it wrote to standard error.
    package var errors: String
  }

  /// Held while descriptors are made and a process starts, so that no other child inherits them.
  static let starting = Mutex<Void>(())

  /// The path of a program built beside the tests.
  package static func built(_ name: String) -> String {
    // Under SwiftPM the tests run in a helper, whose arguments name the test bundle.
    for word in CommandLine.arguments where word.contains("/") {
      guard let slash = word.lastIndex(of: "/") else { continue }
      let path = word[...slash] + name
      if access(String(path), X_OK) == 0 { return String(path) }
    }
    return ".build/debug/" + name
  }

  /// Runs `program` and waits for its end.
  ///
  /// - Parameters:
  ///   - input: What it reads from standard input; nil is `/dev/null`.
  ///   - folder: Its working directory.
  ///   - closesOutputAfter: Closes standard output's reading end after that many bytes.
  ///   - killedAfter: Ends it with SIGKILL after that many microseconds.
  package static func run(
    _ program: String, _ words: [String], input: String? = nil, folder: String? = nil,
    environment: [String: String] = [:], closesOutputAfter byteCountMax: Int = .max,
    killedAfter microseconds: Int? = nil
  ) -> Result? {
    if let folder {
      return run(
        "/usr/bin/env", ["-C", folder, program] + words, input: input, environment: environment,
        closesOutputAfter: byteCountMax, killedAfter: microseconds)
    }
    guard let started = starting.withLock({ _ in start(program, words, input, environment) }) else {
      return nil
    }
    let killer = microseconds.map { Killer(started.process, after: $0) }
    let (written, told) = exchange(
      input: Array((input ?? "").utf8), started.input, started.output, started.errors, byteCountMax)
    killer?.finish()
    var status: Int32 = 0
    while waitpid(started.process, &status, 0) < 0, errno == EINTR {}
    return Result(status: exitStatus(status), output: written, errors: told)
  }

  /// A thread that ends a process with SIGKILL when its time has come. The process is not waited for
  /// before `finish`, so its number is still its own.
  private final class Killer {
    private var thread = pthread_t()

    init(_ process: pid_t, after microseconds: Int) {
      let order = UnsafeMutablePointer<(pid_t, Int)>.allocate(capacity: 1)
      order.initialize(to: (process, microseconds))
      pthread_create(
        &thread, nil,
        { argument in
          guard let order = argument?.assumingMemoryBound(to: (pid_t, Int).self) else { return nil }
          usleep(UInt32(order.pointee.1))
          kill(order.pointee.0, SIGKILL)
          order.deallocate()
          return nil
        }, order)
    }

    func finish() { pthread_join(thread, nil) }
  }

  private struct Started {
    var process: pid_t
    var input: Pipe
    var output: Pipe
    var errors: Pipe
  }

  private static func start(
    _ program: String, _ words: [String], _ input: String?, _ environment: [String: String]
  ) -> Started? {
    guard let standardInput = Pipe(), let output = Pipe(), let errors = Pipe() else { return nil }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    if input == nil {
      posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    } else {
      posix_spawn_file_actions_adddup2(&actions, standardInput.reading, 0)
    }
    posix_spawn_file_actions_adddup2(&actions, output.writing, 1)
    posix_spawn_file_actions_adddup2(&actions, errors.writing, 2)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigaddset(&signals, SIGPIPE)
    sigaddset(&signals, SIGINT)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    var process: pid_t = 0
    let code = spawn(
      &process, program, words, Self.environment(adding: environment), &actions, &attributes)
    posix_spawn_file_actions_destroy(&actions)
    posix_spawnattr_destroy(&attributes)
    standardInput.closeReading()
    output.closeWriting()
    errors.closeWriting()
    guard code == 0 else { return nil }
    return Started(process: process, input: standardInput, output: output, errors: errors)
  }

  /// Feeds and drains the pipes until both outputs end.
  private static func exchange(
    input: [UInt8], _ standardInput: Pipe, _ output: Pipe, _ errors: Pipe, _ byteCountMax: Int
  ) -> (output: String, errors: String) {
    var input = input[...]
    var written: [UInt8] = []
    var told: [UInt8] = []
    _ = fcntl(standardInput.writing, F_SETFL, O_NONBLOCK)
    if input.isEmpty { standardInput.closeWriting() }
    while output.reading >= 0 || errors.reading >= 0 {
      var wanted = [
        pollfd(fd: output.reading, events: Int16(POLLIN), revents: 0),
        pollfd(fd: errors.reading, events: Int16(POLLIN), revents: 0),
        pollfd(fd: standardInput.writing, events: Int16(POLLOUT), revents: 0),
      ]
      guard poll(&wanted, 3, 60_000) > 0 else { break }
      if wanted[0].revents != 0 { output.drain(into: &written) }
      if written.count >= byteCountMax { output.closeReading() }
      if wanted[1].revents != 0 { errors.drain(into: &told) }
      if wanted[2].revents != 0 {
        let part = Array(input.prefix(65_536))
        let count = write(standardInput.writing, part, part.count)
        if count > 0 { input = input.dropFirst(count) }
        if input.isEmpty || count < 0 && errno != EAGAIN { standardInput.closeWriting() }
      }
    }
    return (String(decoding: written, as: UTF8.self), String(decoding: told, as: UTF8.self))
  }

  /// Starts a program, its words and environment as C strings.
  static func spawn(
    _ process: inout pid_t, _ program: String, _ words: [String], _ environment: [String],
    _ actions: inout posix_spawn_file_actions_t, _ attributes: inout posix_spawnattr_t
  ) -> Int32 {
    var arguments: [UnsafeMutablePointer<CChar>?] = ([program] + words).map { strdup($0) }
    arguments.append(nil)
    var variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup($0) }
    variables.append(nil)
    defer {
      for word in arguments + variables { free(word) }
    }
    return posix_spawn(&process, program, &actions, &attributes, arguments, variables)
  }

  /// A small environment, with what coverage and sanitizers need from ours.
  static func environment(adding more: [String: String]) -> [String] {
    var variables = ["TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "HOME": "/nonexistent"]
    for name in ["PATH", "LLVM_PROFILE_FILE", "ASAN_OPTIONS", "LD_LIBRARY_PATH"] {
      if let value = getenv(name) { variables[name] = String(cString: value) }
    }
    variables.merge(more) { $1 }
    return variables.map { "\($0.key)=\($0.value)" }
  }

  static func exitStatus(_ code: Int32) -> Int32 {
    code & 0x7F == 0 ? code >> 8 & 0xFF : 128 + (code & 0x7F)
  }

  static func milliseconds() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1_000 + time.tv_nsec / 1_000_000
  }

  /// A pipe whose ends are closed once.
  private final class Pipe {
    private(set) var reading: Int32
    private(set) var writing: Int32

    init?() {
      var ends: [Int32] = [0, 0]
      guard pipe(&ends) == 0 else { return nil }
      for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
      (reading, writing) = (ends[0], ends[1])
    }

    deinit {
      closeReading()
      closeWriting()
    }

    func closeReading() {
      if reading >= 0 { _ = close(reading) }
      reading = -1
    }

    func closeWriting() {
      if writing >= 0 { _ = close(writing) }
      writing = -1
    }

    func drain(into bytes: inout [UInt8]) {
      var part = [UInt8](repeating: 0, count: 65_536)
      let count = read(reading, &part, part.count)
      if count > 0 { bytes += part[..<count] } else if count == 0 { closeReading() }
    }
  }
}
