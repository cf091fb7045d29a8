import Engine
import Glibc
import Store
import Syntax

/// The shell: runs what the command line gives, then maybe the prompt: text → statement or dot-command.
package final class Shell {
  /// What statements run in; a lesson has a session of its own.
  var session: Session
  let arguments: Arguments
  let output: Output
  let errors: Output
  let runner: StatementRunner
  private(set) var history = History(path: nil)
  /// What is known of the names in the text being typed; nil after something was run.
  var typedText: TypedText?
  /// What stands at the next prompt: a text that came back from the editor.
  var nextText: String?
  /// The text around the dot-command that runs.
  private(set) var halfTyped = ""
  private var keepsHistory = false
  /// Who is asked before a change or before leaving; nil where nobody sits at a prompt.
  var asked: (any LineSource)?
  /// The value of a parameter that is being asked for.
  var question: ParameterQuestion?
  /// Whether what dot-commands say of themselves is said.
  var isTelling = true
  /// The file that answers go to since `.output`.
  var outputFile: OutputFile?
  /// The lesson that is being taken; nil outside one.
  var lesson: LessonRun?
  /// Which exercises were done.
  var lessonProgress = LessonProgress(path: nil)
  /// What writes a transcript; nil where none is wanted.
  var recorder: TranscriptRecorder?

  /// Makes a shell over a session; writes to standard output and standard error.
  package convenience init(session: Session, arguments: Arguments) {
    self.init(
      session: session, arguments: arguments,
      output: Output(descriptor: STDOUT_FILENO, color: arguments.color),
      errors: Output(descriptor: STDERR_FILENO, color: arguments.color))
  }

  /// Makes a shell that writes to the given streams.
  init(session: Session, arguments: Arguments, output: Output, errors: Output) {
    self.session = session
    self.arguments = arguments
    self.output = output
    self.errors = errors
    runner = StatementRunner(
      session: session, arguments: arguments, output: output, errors: errors)
    session.masksPersons = arguments.masksPersons
  }

  /// Runs everything the arguments ask for and gives the process's exit status.
  package func run() -> Int32 {
    var file: OutputFile?
    if let path = arguments.outputPath, !arguments.isDryRun {
      do throws(Failure) {
        let opened = try OutputFile(path: path)
        file = opened
        runner.output = opened.output
        runner.fileMode = OutputMode(pathEnding: path)
      } catch {
        runner.report(error)
        return ExitStatus.usage.rawValue
      }
    }
    let status = runInputsAndPrompt()
    session.leave()
    let isKept = status == .success || arguments.keepsGoing && status != .interrupted
    if let failure = file?.finish(isKept: isKept) {
      runner.report(failure)
      return ExitStatus.failed.rawValue
    }
    output.flush()
    errors.flush()
    if Signals.terminationSignal != 0 { return 128 + Signals.terminationSignal }
    return status.rawValue
  }

  private func runInputsAndPrompt() -> ExitStatus {
    do throws(Failure) {
      try openFirstStore()
    } catch {
      runner.report(error)
      return StatementRunner.status(of: error)
    }
    for (name, value) in arguments.parameters { session.give(value, toParameter: name) }
    var inputs = arguments.inputs
    var wantsPrompt = inputs.isEmpty || arguments.staysAtPrompt
    let canPrompt = isatty(STDIN_FILENO) == 1 && (output.isTerminal || errors.isTerminal)
    if wantsPrompt, !canPrompt || arguments.isDryRun {
      if !inputs.contains(.file("-")) { inputs.append(.file("-")) }
      wantsPrompt = false
    }
    let status = withOneToday { runAll(inputs) }
    runner.rollBackTransaction()
    if status == .success { tellDryRun() }
    if !wantsPrompt { warnOfUnsavedChanges() }
    if wantsPrompt, Signals.terminationSignal == 0 { return prompt() }
    if status == .success, arguments.failsIfEmpty, runner.lastRowCount == 0 { return .empty }
    return status
  }

  private func tellDryRun() {
    guard arguments.isDryRun, !arguments.isQuiet else { return }
    let count = runner.checkedCount
    runner.warn(
      "\(ValueText.grouped(count)) \(count == 1 ? "statement is" : "statements are") right; "
        + "nothing was run or written")
  }

  private func runAll(_ inputs: [Arguments.Input]) -> ExitStatus {
    let scripts = ScriptRunner(runner: runner, keepsGoing: arguments.keepsGoing)
    var status = ExitStatus.success
    for input in inputs {
      let end = scripts.run(input)
      if status == .success || end.isFinal { status = end.status }
      if end.isFinal { break }
    }
    return arguments.keepsGoing && status != .success && status != .interrupted ? .failed : status
  }

  /// Runs `body` with `today` taken once.
  func withOneToday<Result>(_ body: () -> Result) -> Result {
    let clock = session.clock
    session.clock = .fixed(clock.today)
    defer { session.clock = clock }
    return body()
  }

  private func prompt() -> ExitStatus {
    keepsHistory = true
    lessonProgress = LessonProgress(path: LessonProgress.defaultPath)
    guard let editor = LineEditor(assistant: self, output: output, errors: errors) else {
      return .success
    }
    do throws(Failure) {
      try runRC()
      converse(with: editor)
      try closeOutputFile()
      return .success
    } catch {
      runner.report(error)
      return .usage
    }
  }

  /// Reads and runs until the end: the loop of the prompt.
  func converse(with source: any LineSource) {
    if !arguments.isQuiet { tell(inWords: banner) }
    beginAsking(source)
    defer {
      endRecording()
      endLesson()
      endAsking()
    }
    var text = ""
    while true {
      keepHistory()
      typedText = nil
      let event = source.read(prompt: promptText, startingWith: text)
      text = ""
      Cancellation.reset()
      switch event {
      case .end:
        tell("")
        if mayLeave() { return }
      case .interrupted(let hadText):
        if !hadText { tell(Style(isOn: output.isColored).dim("Ctrl-D or .exit leaves")) }
      case .command(let line, let rest):
        text = rest
        halfTyped = rest
        history.add(line)
        if !recorded(line, { runCommand(line) }), mayLeave() { return }
        if let next = nextText { text = next }
        nextText = nil
        halfTyped = ""
      case .text(let typed, let isPasted):
        let goesOn = recorded(typed) { run(typed: typed, isPasted: isPasted) }
        if !goesOn, mayLeave() { return }
      }
      if Signals.terminationSignal != 0 { return }
    }
  }

  /// Goes on with the history of the data file that is open.
  private func keepHistory() {
    guard keepsHistory else { return }
    let path = HistoryFolder.standard?.path(for: historyStore)
    if history.path != path {
      history = History(path: path, earlier: HistoryFolder.standard?.earlierPath)
    }
  }

  /// Runs typed text. Gives whether the prompt goes on.
  private func run(typed: String, isPasted: Bool) -> Bool {
    var trimmed = typed[...]
    while let last = trimmed.last, last.isWhitespace { trimmed.removeLast() }
    history.add(String(trimmed))
    switch trimmed.drop(while: \.isWhitespace).lowercased() {
    case "": return true
    case "help", "?": return runCommand(".help")
    case "exit", "quit": return false
    default: break
    }
    if let command = lessonCommand(String(trimmed)) { return runCommand(command) }
    var goesOn = true
    let manner = ScriptRunner.Manner(
      isAtPrompt: true, allowsBareRefinement: true, transaction: .keeps,
      command: { [self] line in
        goesOn = runCommand(line)
        return goesOn
      })
    runner.lastStatement = nil
    let end = ScriptRunner(runner: runner, keepsGoing: false)
      .run(SourceText(name: nil, String(trimmed)), manner: manner)
    hearAnswer(end)
    return goesOn
  }

  /// `rapport> `, or `rapport 42> ` after an answer of 42 records; `rapport*> ` in a transaction.
  var promptText: String {
    let isInTransaction = session.isInTransaction
    if let lesson {
      return lesson.promptText(count: runner.recordCount, isInTransaction: isInTransaction)
    }
    let name = isInTransaction ? "rapport*" : "rapport"
    guard let count = runner.recordCount else { return "\(name)> " }
    return "\(name) \(ValueText.grouped(count))> "
  }

  private var banner: String {
    var first = "rapport \(Version.text)"
    if let store = storeInWords { first += ": " + store }
    if arguments.demoCustomerCount != nil {
      first += "; today is \(ValueText.date(session.clock.today))"
    }
    return first + "\nTry: find customers where stage = intensive_care   Help: .help   Leave: .exit"
  }
}

/// The version of rapport.
package enum Version {
  /// As `--version` prints it.
  package static let text = "0.1.0"
}
