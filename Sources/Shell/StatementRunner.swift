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

  let session: Session
  let errors: Output
  /// Where answers go; `.output` changes it.
  var output: Output
  /// Where the next answer goes, once; and the mode its name asks for.
  var onceOutput: Output?
  var onceMode: OutputMode?
  /// The mode as asked for; nil follows from where answers go.
  var mode: OutputMode?
  /// The mode that the name of the output file asks for.
  var fileMode: OutputMode?
  var showsTiming: Bool
  var isQuiet: Bool

  /// The last query, composed, for `.query` and `.all`.
  private(set) var lastQuery: String?
  /// Rows of the last result; nil when there was none.
  private(set) var lastRowCount: Int?
  /// Records of the last answer, when it was one of records.
  private(set) var recordCount: Int?

  private let openWriter: OpenStreamWriter
  private var answerCount = 0

  init(
    session: Session, arguments: Arguments, output: Output, errors: Output,
    openWriter: @escaping OpenStreamWriter
  ) {
    self.session = session
    self.output = output
    self.errors = errors
    self.mode = arguments.mode
    self.showsTiming = arguments.showsTiming
    self.isQuiet = arguments.isQuiet
    self.openWriter = openWriter
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
    let start = Self.now()
    defer {
      onceOutput = nil
      onceMode = nil
    }
    let progress = Progress(errors: errors)
    session.progress = progress?.report
    defer { session.progress = nil }
    do throws(Failure) {
      let answer = try session.run(
        text, allowsBareRefinement: origin.allowsBareRefinement, baseFolder: origin.baseFolder)
      progress?.clear()
      try print(answer, text: text, origin: origin)
    } catch {
      progress?.clear()
      output.flush()
      report(error, origin: origin)
      return .failed(Self.status(of: error))
    }
    if showsTiming { tellTime(since: start) }
    return finishOutput()
  }

  /// Prints errors of a statement.
  func report(_ failure: Failure, origin: Origin) {
    let printer = DiagnosticPrinter(style: Style(isOn: errors.isColored))
    errors.write(printer.text(for: failure, in: origin.source, at: origin.range.lowerBound))
    errors.flush()
  }

  /// Prints an error without a place.
  func report(_ reason: ShellReason) {
    let printer = DiagnosticPrinter(style: Style(isOn: errors.isColored))
    errors.write(printer.text(for: Failure(reason, at: nil)))
    errors.flush()
  }

  /// The status a failure means for the whole run.
  static func status(of failure: Failure) -> ExitStatus {
    switch failure.kind {
    case .statement: .failed
    case .data: .data
    case .interrupted: .interrupted
    }
  }

  private func print(_ answer: Answer, text: String, origin: Origin) throws(Failure) {
    let target = onceOutput ?? output
    let fallback = onceOutput == nil ? fileMode : onceMode
    let mode = mode ?? fallback ?? (target.isTerminal ? .table : .csv)
    if origin.isAtPrompt, let composed = answer.composedQuery, !isQuiet {
      let stream = mode.isHuman && target.isTerminal ? target : errors
      stream.writeLine(Style(isOn: stream.isColored).dim(VisibleText.linesOf(composed)))
      stream.flush()
    }
    if mode.isHuman, answerCount > 0, !origin.isAtPrompt { target.writeLine() }
    answerCount += 1
    let isImport = Self.firstWord(of: text) == "import"
    if !isImport, answer.written == nil { lastQuery = answer.composedQuery ?? text }
    recordCount = nil
    lastRowCount = nil
    let catalog = session.database.catalog
    let printer = AnswerPrinter(
      mode: mode, output: target, errors: errors, isQuiet: isQuiet,
      isLimited: target.isTerminal && !origin.showsAllRows, isAtPrompt: origin.isAtPrompt,
      isEntity: { catalog.entity(named: $0) != nil }, openWriter: openWriter)
    let printed = try printer.print(answer)
    lastRowCount = isImport ? nil : printed.rowCount
    recordCount = session.hasLastAnswer ? printed.recordCount : nil
    target.flush()
  }

  private func finishOutput() -> Outcome {
    let target = onceOutput ?? output
    if let problem = target.failure {
      report(.cannotWrite("the output", reason: TextFile.problem(problem)))
      return .failed(.failed)
    }
    return target.isBroken ? .unread : .done
  }

  private func tellTime(since start: Double) {
    let milliseconds = ((Self.now() - start) * 1e4).rounded() / 10
    let stream = output.isTerminal ? output : errors
    stream.writeLine(
      Style(isOn: stream.isColored).dim("note: took \(ValueText.number(milliseconds)) ms"))
    stream.flush()
  }

  private static func firstWord(of text: String) -> String {
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
