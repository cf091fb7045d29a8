import Engine
import Glibc
import Store
import Syntax

/// Runs texts of several statements: `-c`, scripts, standard input, and what is pasted.
struct ScriptRunner {
  /// The most bytes a script may have.
  static let byteCountMax = 64 * 1_024 * 1_024

  let runner: StatementRunner
  /// Whether a failed statement is not the last one.
  let keepsGoing: Bool

  /// How statements of a text are run.
  struct Manner {
    /// What relative paths are relative to.
    var baseFolder: String?
    /// Whether somebody sits at a prompt.
    var isAtPrompt = false
    /// Whether the first statement may refine with a bare clause word.
    var allowsBareRefinement = false
    /// What becomes of a transaction that is open.
    var transaction = TransactionRule.endsWithRun
    /// The scripts that are being run, outermost first, by their real paths.
    var scripts: [String] = []
    /// Runs a dot-command; nil refuses it. Gives whether to go on.
    var command: ((String) -> Bool)?
  }

  /// What becomes of an open transaction when the text ends, or a statement of it fails.
  enum TransactionRule: Hashable {
    /// It stays: somebody at the prompt decides.
    case keeps
    /// `-c`: a failure takes it back; the end does not, as another `-c` may commit it.
    case endsWithRun
    /// A script: both take it back, if it was begun there.
    case endsWithScript
  }

  /// How a text ended.
  struct End: Hashable {
    /// The first failure's status, or success.
    var status = ExitStatus.success
    /// Whether nothing may run after it: a failure without `--keep-going`, Ctrl-C, no reader.
    var isFinal = false
  }

  /// Runs every statement of `source`.
  func run(_ source: SourceText, manner: Manner) -> End {
    let isInside = runner.session.isInTransaction
    let end = runStatements(of: source, manner: manner)
    if manner.transaction == .endsWithScript, !isInside { runner.rollBackTransaction() }
    return end
  }

  private func runStatements(of source: SourceText, manner: Manner) -> End {
    var end = End()
    var isFirst = true
    for piece in StatementReader.pieces(of: source.text(0..<source.bytes.count)) {
      if Signals.wantsStop { return End(status: .interrupted, isFinal: true) }
      let range = piece.range.lowerBound..<piece.range.upperBound
      var outcome = StatementRunner.Outcome.done
      if piece.isDotCommand, let command = manner.command {
        if !command(piece.text) { return End(status: end.status, isFinal: true) }
      } else if piece.isDotCommand {
        outcome = refuse(range, in: source)
      } else if let path = Self.included(piece.text) {
        let inner = include(path, at: range, in: source, manner)
        if inner.isFinal { return inner }
        if inner.status != .success { outcome = .failed(inner.status) }
      } else {
        outcome = runner.run(
          StatementRunner.Origin(
            source: source, range: range,
            allowsBareRefinement: manner.allowsBareRefinement && isFirst,
            baseFolder: manner.baseFolder, isAtPrompt: manner.isAtPrompt))
      }
      isFirst = false
      switch outcome {
      case .done: continue
      case .unread: return End(status: end.status, isFinal: true)
      case .failed(.interrupted): return End(status: .interrupted, isFinal: true)
      case .failed(let status):
        if manner.transaction != .keeps, !runner.session.isAtPrompt { runner.rollBackTransaction() }
        if !keepsGoing { return End(status: status, isFinal: true) }
        end.status = .failed
      }
    }
    return end
  }

  /// Reads and runs an input of the command line.
  func run(_ input: Arguments.Input) -> End {
    switch input {
    case .text(let text): return run(SourceText(name: "-c", text), manner: Manner())
    case .file(let named):
      let path = SavedQuery.path(of: named, runner.permissions)
      switch Self.read(path) {
      case .failure(.interrupted): return End(status: .interrupted, isFinal: true)
      case .failure(let problem):
        runner.report(Self.reason(problem, path: Self.name(of: path)))
        return End(status: .usage, isFinal: !keepsGoing)
      case .success(let bytes):
        let manner = Manner(transaction: .endsWithScript)
        guard let (source, manner) = prepare(bytes, path: path, manner) else {
          return End(status: .usage, isFinal: !keepsGoing)
        }
        return run(source, manner: manner)
      }
    }
  }

  /// The file that an `include` names; nil for any other statement.
  private static func included(_ text: String) -> FileTarget? {
    guard StatementRunner.firstWord(of: text) == "include",
      let statement = try? Parser.parse(text), case .include(let target) = statement.kind
    else { return nil }
    return target
  }

  /// Runs another script in the place of its `include`.
  private func include(
    _ target: FileTarget, at range: Range<Int>, in source: SourceText, _ manner: Manner
  ) -> End {
    let path =
      target.path.hasPrefix("/")
      ? target.path : (manner.baseFolder.map { $0 + "/" } ?? "") + target.path
    func refuse(_ failure: Failure) -> End {
      var failure = failure
      for place in failure.diagnostics.indices { failure.diagnostics[place].range = target.range }
      runner.report(failure, origin: StatementRunner.Origin(source: source, range: range))
      return End(status: .failed, isFinal: !keepsGoing)
    }
    func refuse(_ reason: ShellReason) -> End { refuse(Failure(reason, at: nil)) }
    do throws(Failure) {
      try runner.permissions.check(path)
    } catch {
      return refuse(error)
    }
    let real = TextFile.realPath(of: path)
    if manner.scripts.contains(real) {
      return refuse(.includeCycle((manner.scripts + [real]).map(TextFile.name)))
    }
    switch Self.read(path) {
    case .failure(.interrupted): return End(status: .interrupted, isFinal: true)
    case .failure(let problem): return refuse(Self.reason(problem, path: path))
    case .success(let bytes):
      guard let (source, manner) = prepare(bytes, path: path, manner) else {
        return End(status: .usage, isFinal: !keepsGoing)
      }
      return runStatements(of: source, manner: manner)
    }
  }

  /// A script ready to run: its text, and the manner in which its statements are run; nil, and the
  /// reason is reported, when it cannot be.
  private func prepare(
    _ bytes: [UInt8], path: String, _ outer: Manner
  ) -> (SourceText, Manner)? {
    let name = Self.name(of: path)
    if let offset = Self.firstOffsetNotText(in: bytes) {
      let line = bytes[..<offset].reduce(1) { $0 + ($1 == 0x0A ? 1 : 0) }
      runner.report(.scriptNotText(name, line: line))
      return nil
    }
    var text = String(decoding: bytes, as: UTF8.self)
    if text.unicodeScalars.first == "\u{FEFF}" { text.unicodeScalars.removeFirst() }
    let source = SourceText(name: name, text)
    do throws(Failure) {
      let parameters = try ScriptParameters(headOf: text)
      if let reason = parameters.give(to: runner.session, script: name) {
        runner.report(reason)
        return nil
      }
    } catch {
      let whole = 0..<source.bytes.count
      runner.report(error, origin: StatementRunner.Origin(source: source, range: whole))
      return nil
    }
    var manner = outer
    manner.baseFolder = Self.folder(of: path)
    manner.allowsBareRefinement = false
    if path != "-" { manner.scripts.append(TextFile.realPath(of: path)) }
    return (source, manner)
  }

  private func refuse(_ range: Range<Int>, in source: SourceText) -> StatementRunner.Outcome {
    let line = source.text(range)
    let command = String(line.prefix { !$0.isWhitespace })
    let failure = Failure(
      ShellReason.commandInScript(command), at: SourceRange(0, command.utf8.count))
    runner.report(failure, origin: StatementRunner.Origin(source: source, range: range))
    return .failed(.failed)
  }

  /// Reads the bytes of a script; `-` is standard input.
  static func read(_ path: String) -> Result<[UInt8], TextFile.Problem> {
    path == "-"
      ? TextFile.bytes(ofDescriptor: STDIN_FILENO, byteCountMax: byteCountMax)
      : TextFile.bytes(of: path, byteCountMax: byteCountMax)
  }

  /// What errors say about a script that cannot be read.
  static func reason(_ problem: TextFile.Problem, path: String) -> ShellReason {
    switch problem {
    case .notFound: .scriptNotFound(path)
    case .isFolder: .scriptIsFolder(path)
    case .isTooLarge: .scriptTooLarge(path, byteCountMax: byteCountMax)
    case .interrupted: .scriptUnreadable(path, reason: "interrupted")
    case .system(let reason): .scriptUnreadable(path, reason: reason)
    }
  }

  /// The first byte that is no part of UTF-8 text, a NUL included.
  static func firstOffsetNotText(in bytes: [UInt8]) -> Int? {
    if let zero = bytes.firstIndex(of: 0) { return zero }
    var decoder = UTF8()
    var iterator = bytes.makeIterator()
    var offset = 0
    while true {
      switch decoder.decode(&iterator) {
      case .scalarValue(let scalar): offset += UTF8.width(scalar)
      case .emptyInput: return nil
      case .error: return offset
      }
    }
  }

  /// The folder that a script's relative paths begin at; nil is the working directory.
  static func folder(of path: String) -> String? {
    guard path != "-", let slash = path.lastIndex(of: "/") else { return nil }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private static func name(of path: String) -> String { path == "-" ? "stdin" : path }
}
