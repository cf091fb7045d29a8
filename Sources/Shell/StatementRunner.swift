import Engine
import Glibc
import Store
import Syntax

/// Runs one statement and prints its answer or its errors.
///
/// Holds how answers are written and where they go, and what the last one was.
final class StatementRunner {
  /// How one statement ended.
  enum Outcome: Hashable {
    case done
    case failed(ExitStatus)
    /// Nobody reads the output any more.
    case unread
  }

  /// What statements run in; a lesson has a session of its own.
  var session: Session
  let errors: Output
  /// Where answers go; `.output` changes it.
  var output: Output
  /// Where the next answer goes, once; and the mode its name asks for.
  var once: OutputFile?
  var onceMode: OutputMode?
  /// The mode as asked for; nil follows from where answers go.
  var mode: OutputMode?
  /// The mode that the name of the output file asks for.
  var fileMode: OutputMode?
  var showsTiming: Bool
  var isQuiet: Bool
  /// The most seconds that a statement may take; nil is no limit.
  let secondsMax: Double?
  /// Which files may be named.
  let permissions: Permissions
  /// What answers taller than the screen are read in, at the prompt.
  var pager: Pager
  /// Whether nothing is drawn.
  private let isPlain: Bool
  /// Whether other programs may be run: an editor, pagers, and this one for `.verify`.
  var mayRunPrograms: Bool

  /// Rows of the last result; nil when there was none.
  private(set) var lastRowCount: Int?
  /// Records of the last answer, when it was one of records.
  private(set) var recordCount: Int?
  /// Statements that a dry run found right.
  private(set) var checkedCount = 0

  /// The text of the statement that ran last without an error; whoever wants to know empties it first.
  var lastStatement: String?

  /// The progress of the statement that runs, on a terminal.
  private(set) var progress: Progress?

  private var answerCount = 0

  init(
    session: Session, arguments: Arguments, output: Output, errors: Output
  ) {
    self.session = session
    self.output = output
    self.errors = errors
    self.mode = arguments.mode
    self.showsTiming = arguments.showsTiming
    self.isQuiet = arguments.isQuiet
    self.secondsMax = arguments.secondsMax
    self.permissions = arguments.permissions
    self.mayRunPrograms = permissions.mayRunPrograms
    self.isPlain = arguments.isPlain
    self.pager = Pager(isPlain: arguments.isPlain)
  }

  /// A stream that goes through the pager what is taller than the screen; nil where there is none.
  func paged(_ terminal: Output) -> PagedOutput? {
    guard mayRunPrograms, session.isAtPrompt, terminal.isTerminal else { return nil }
    return pager.program.flatMap { PagedOutput(terminal, $0) }
  }

  /// Where a statement comes from.
  struct Origin {
    /// The text that holds it.
    var source: SourceText
    /// Its bytes there.
    var range: Range<Int>
    /// Whether a bare clause word refines the last answer.
    var allowsBareRefinement = false
    /// What relative paths are relative to.
    var baseFolder: String?
    /// Whether somebody sits at a prompt.
    var isAtPrompt = false
    /// Whether every row is shown.
    var showsAllRows = false
  }

  /// Runs the statement that stands at `origin`.
  func run(_ origin: Origin) -> Outcome {
    let text = origin.source.text(origin.range)
    let outcome = run(origin) { [session] showsEveryField throws(Failure) in
      try session.run(
        text, allowsBareRefinement: origin.allowsBareRefinement, showsEveryField: showsEveryField,
        baseFolder: origin.baseFolder)
    }
    if outcome == .done { lastStatement = text }
    return outcome
  }

  /// Prints the last answer again, every row of it where that is wanted. Gives nil when there is none.
  func repeatLast(showsAllRows: Bool = true) -> Outcome? {
    guard let text = session.lastQueryText else { return nil }
    let source = SourceText(name: nil, text)
    let origin = Origin(
      source: source, range: 0..<source.bytes.count, isAtPrompt: true, showsAllRows: showsAllRows)
    return run(origin) { [session] showsEveryField throws(Failure) in
      try session.repeatLast(showsEveryField: showsEveryField) ?? Answer(sections: [])
    }
  }

  /// Prints the answer before the last one again. Gives nil when there is none.
  func goBack() -> Outcome? {
    guard let text = session.earlierQueryText else { return nil }
    let source = SourceText(name: nil, text)
    let origin = Origin(source: source, range: 0..<source.bytes.count, isAtPrompt: true)
    return run(origin) { [session] showsEveryField throws(Failure) in
      try session.goBack(showsEveryField: showsEveryField) ?? Answer(sections: [])
    }
  }

  private func run(
    _ origin: Origin, answering: (_ showsEveryField: Bool) throws(Failure) -> Answer
  ) -> Outcome {
    guard let once else { return run(origin, to: output, as: fileMode, answering) }
    let outcome = run(origin, to: once.output, as: onceMode, answering)
    self.once = nil
    onceMode = nil
    guard let failure = once.finish(isKept: outcome == .done) else { return outcome }
    report(failure)
    return .failed(.failed)
  }

  private func run(
    _ origin: Origin, to target: Output, as fallback: OutputMode?,
    _ answering: (_ showsEveryField: Bool) throws(Failure) -> Answer
  ) -> Outcome {
    let start = Self.now()
    let (standing, recordCount) = (session.standing, self.recordCount)
    let mode = mode ?? fallback ?? (target.isTerminal ? .table : .csv)
    if let secondsMax { Signals.setTimer(seconds: secondsMax) }
    showProgress()
    let work = progress
    defer { endProgress() }
    do throws(Failure) {
      let answer = try answering(!mode.isHuman)
      if session.isDryRun {
        endProgress()
        endTimer()
        checkedCount += 1
        return .done
      }
      try print(answer, to: target, as: mode, origin: origin)
      try session.checkRead()
      endTimer()
    } catch {
      endProgress()
      target.flush()
      // What was not shown is not what 'then' goes on from.
      (session.standing, self.recordCount) = (standing, recordCount)
      if endTimer(), error.kind == .interrupted, Signals.terminationSignal == 0 {
        return stop(origin)
      }
      report(error, origin: origin)
      if error.kind == .interrupted { tellStop(since: start, at: work?.reachedInWords) }
      return .failed(Self.status(of: error))
    }
    if showsTiming { tellTime(since: start) }
    return finish(target)
  }

  /// Ends the limit on the time of a statement. Gives whether it was reached.
  @discardableResult private func endTimer() -> Bool {
    guard secondsMax != nil else { return false }
    Signals.setTimer(seconds: 0)
    return Signals.takeTimeOut()
  }

  /// A statement that has taken its time fails as one, and the next one may run.
  private func stop(_ origin: Origin) -> Outcome {
    Cancellation.reset()
    report(Failure(ShellReason.timeLimit(secondsMax ?? 0), at: nil), origin: origin)
    return .failed(.failed)
  }

  /// Carries out a dot-command that answers as a statement does; errors have no place in a text.
  func run(command line: String, _ body: () throws(Failure) -> Answer) -> Outcome {
    let source = SourceText(name: nil, line)
    let origin = Origin(source: source, range: 0..<source.bytes.count, isAtPrompt: true)
    return run(origin) { _ throws(Failure) in
      do throws(Failure) {
        return try body()
      } catch {
        var failure = error
        for place in failure.diagnostics.indices { failure.diagnostics[place].range = nil }
        throw failure
      }
    }
  }

  /// Forgets what the prompt carries of the last answer.
  func forgetAnswer() {
    recordCount = nil
    lastRowCount = nil
  }

  /// Has long work draw a bar; `endProgress` takes it away.
  func showProgress() {
    progress = Progress(errors: errors, isDrawn: !isPlain)
    session.progress = progress?.reportBytes
    session.rowProgress = progress?.reportRows
  }

  /// Takes the bar away and draws no more.
  func endProgress() {
    progress?.clear()
    progress = nil
    session.progress = nil
    session.rowProgress = nil
  }

  /// Whether what is said is read aloud: nothing is drawn, and places are told in words.
  var isReadAloud: Bool { isPlain || mode == .plain }

  private var printer: DiagnosticPrinter {
    DiagnosticPrinter(for: errors, isPlain: isReadAloud)
  }

  /// Prints errors of a statement.
  func report(_ failure: Failure, origin: Origin) {
    errors.write(printer.text(for: failure, in: origin.source, at: origin.range.lowerBound))
    errors.flush()
  }

  /// Prints an error without a place.
  func report(_ reason: ShellReason) { report(Failure(reason, at: nil)) }

  /// Prints errors without a place.
  func report(_ failure: Failure) {
    errors.write(printer.text(for: failure))
    errors.flush()
  }

  /// Says something that has to be known, also with `--quiet`.
  func warn(_ text: String) {
    let style = Style(isOn: errors.isColored)
    for line in BrokenText.lines("note: " + text, widthMax: errors.width) {
      errors.writeLine(style.dim(line))
    }
    errors.flush()
  }

  /// Takes back the transaction that is still open where a script ends or fails, and says so.
  func rollBackTransaction() {
    guard let note = session.rollBackOpenTransaction() else { return }
    if note == .rolledBack(statementCount: 0) { return }
    output.flush()
    warn("the transaction was still open: " + NotePrinter.words(for: note))
  }

  /// The status a failure means for the whole run.
  static func status(of failure: Failure) -> ExitStatus {
    switch failure.kind {
    case .statement: .failed
    case .data: .data
    case .interrupted: .interrupted
    }
  }

  private func print(
    _ answer: Answer, to target: Output, as mode: OutputMode, origin: Origin
  ) throws(Failure) {
    if origin.isAtPrompt, let composed = answer.composedQuery, !isQuiet {
      let stream = mode.isHuman && target.isTerminal ? target : errors
      stream.writeLine(Style(isOn: stream.isColored).dim(VisibleText.linesOf(composed)))
      stream.flush()
    }
    let isSilent = answer.sections.isEmpty && answer.notes.isEmpty
    if mode.isHuman, answerCount > 0, !origin.isAtPrompt, !isSilent { target.writeLine() }
    if !isSilent { answerCount += 1 }
    let kind = Self.firstWord(of: origin.source.text(origin.range))
    let isAside =
      ["describe", "explain", "calc", "sql", ".chart"].contains(kind)
      || answer.sections.first?.hint == .profile
    if !isAside { recordCount = nil }
    lastRowCount = nil
    let catalog = session.database.catalog
    let paged = origin.isAtPrompt && mode.isHuman ? self.paged(target) : nil
    defer { paged?.finish() }
    let printer = AnswerPrinter(
      mode: mode, output: paged?.output ?? target, errors: errors, isQuiet: isQuiet,
      isLimited: target.isTerminal && !origin.showsAllRows, isAtPrompt: origin.isAtPrompt,
      isEntity: { catalog.entity(named: $0) != nil }, willWrite: { [self] in endProgress() })
    let printed = try printer.print(answer)
    if !Self.givesNoRows(kind, answer) { lastRowCount = printed.rowCount }
    if !isAside { recordCount = printed.recordCount }
    target.flush()
  }

  private func finish(_ target: Output) -> Outcome {
    if let problem = target.failure {
      report(.cannotWrite("the output", reason: TextFile.problem(problem)))
      return .failed(.failed)
    }
    return target.isBroken ? .unread : .done
  }

  private func tellStop(since start: Double, at reached: String?) {
    let seconds = ((Self.now() - start) * 10).rounded() / 10
    let place = reached.map { ", at \($0)" } ?? ""
    errors.writeLine(
      Style(isOn: errors.isColored).dim(
        "note: stopped after \(ValueText.number(seconds)) s\(place)"))
    errors.flush()
  }

  private func tellTime(since start: Double) {
    let milliseconds = ((Self.now() - start) * 1e4).rounded() / 10
    let stream = output.isTerminal ? output : errors
    stream.writeLine(
      Style(isOn: stream.isColored).dim("note: took \(ValueText.number(milliseconds)) ms"))
    stream.flush()
  }

  /// Whether a statement is no question: its answer is no result that could be empty.
  private static func givesNoRows(_ firstWord: String, _ answer: Answer) -> Bool {
    let writesFile = answer.notes.contains { if case .wroteFile = $0 { true } else { false } }
    return answer.sections.isEmpty && !(writesFile && firstWord != "export")
  }

  /// The word that a statement begins with, in small letters.
  static func firstWord(of text: String) -> String {
    for line in text.split(whereSeparator: \.isNewline) {
      let line = line.drop(while: \.isWhitespace)
      if line.isEmpty || line.hasPrefix("--") || line.hasPrefix("#!") { continue }
      return line.prefix { !$0.isWhitespace }.lowercased()
    }
    return ""
  }

  /// Seconds on a clock that only goes forward.
  static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
