import Engine
import Glibc
import Syntax

/// Replays the transcripts of a Markdown file and says where what is printed differs from what stands
/// there: `--verify FILE`.
struct Verification {
  /// The file.
  let path: String
  /// Where differences are written.
  let output: Output
  /// Builds the store and the session that arguments ask for.
  let makeSession: (Arguments) throws(Failure) -> Session

  /// Replays everything. Status 1 when an answer differs, 130 when it was stopped.
  ///
  /// Command lines run this program in the folder of the file, without a shell.
  func run() throws(Failure) -> ExitStatus {
    let file = TranscriptFile(try read())
    guard !file.steps.isEmpty else {
      throw Failure(ShellReason.notTranscript(path, isReplaced: false), at: nil)
    }
    let folder = Shell.folder(of: path)
    guard chdir(folder) == 0 else {
      throw Failure(ShellReason.scriptUnreadable(folder, reason: TextFile.lastProblem()), at: nil)
    }
    let typed = file.steps.filter { if case .typed = $0.kind { true } else { false } }
    var answers =
      typed.isEmpty
      ? [] : try TranscriptReplay(typed, file.head, makeSession: makeSession).printed[...]
    var (differing, leftOut) = (0, 0)
    for step in file.steps {
      if Signals.wantsStop { return .interrupted }
      switch step.kind {
      case .typed: if !compare(step, answers.popFirst() ?? []) { differing += 1 }
      case .command(let line):
        if let printed = printed(by: line) {
          if !compare(step, printed) { differing += 1 }
        } else {
          leftOut += 1
          let why =
            Self.isNested(line) ? "it is replayed by a replay itself" : "only a shell can run it"
          output.writeLine("\(place(step.line)): left out, as \(why)")
        }
      }
      output.flush()
    }
    writeSum(of: file.steps.count - leftOut, differing)
    return differing == 0 ? .success : .failed
  }

  private func read() throws(Failure) -> String {
    switch ScriptRunner.read(path) {
    case .success(let bytes):
      let text = String(decoding: bytes, as: UTF8.self)
      return String(text.unicodeScalars.drop { $0 == "\u{FEFF}" })
    case .failure(let problem): throw Failure(ScriptRunner.reason(problem, path: path), at: nil)
    }
  }

  /// Whether a step printed what stands below it; says where it did not.
  private func compare(_ step: TranscriptFile.Step, _ printed: [String]) -> Bool {
    guard let difference = LineDifference(from: step.answer, to: printed) else { return true }
    let style = Style(isOn: output.isColored)
    let said: String
    switch step.kind {
    case .command(let line): said = "$ " + line
    case .typed(let typed): said = TranscriptRecorder.prompts.first + typed
    }
    output.writeLine(
      style.bold("\(place(step.answerLine + difference.start)): ") + VisibleText.linesOf(said))
    for line in difference.lines {
      let text = "\(line.sign)\(VisibleText.of(line.text))"
      output.writeLine(
        line.sign == "-" ? style.error(text) : line.sign == "+" ? style.good(text) : text)
    }
    return false
  }

  private func place(_ line: Int) -> String { "\(VisibleText.of(path)):\(line)" }

  private func writeSum(of count: Int, _ differing: Int) {
    let answers = "\(ValueText.grouped(count)) \(count == 1 ? "answer" : "answers")"
    let end =
      differing == 0
      ? "\(answers), \(count == 1 ? "as it stands" : "all as they stand")"
      : "\(ValueText.grouped(differing)) of \(answers) \(differing == 1 ? "differs" : "differ")"
    output.writeLine("\(VisibleText.of(path)): \(end)")
    output.flush()
  }

  // MARK: command lines

  /// Set for the command lines that a replay runs, whose own replays run none that replay: a file may
  /// name itself.
  private static let isRunning = "RAPPORT_VERIFY"

  private static func isNested(_ line: String) -> Bool {
    Environment[isRunning] != nil && line.contains(" --verify")
  }

  /// What a command line of this program prints to both streams; nil when it is not run.
  private func printed(by line: String) -> [String]? {
    var scratch: String?
    defer { if let scratch { BriefFolder.remove(scratch) } }
    var line = line
    if line.contains(Self.newFolder), let folder = BriefFolder.make() {
      scratch = folder
      line = line.replacing(Self.newFolder, with: folder)
    }
    guard !Self.isNested(line), !CommandWords.needsShell(line),
      let words = CommandWords.split(line), let program = Program.own(words.dropFirst()),
      let pipe = Program.pipe()
    else { return nil }
    let silence = open("/dev/null", O_RDONLY | O_CLOEXEC)
    let process = program.start(
      streams: [silence, pipe.writing, pipe.writing], defaults: [Self.isRunning: "1"])
    _ = close(silence)
    _ = close(pipe.writing)
    guard let process else {
      _ = close(pipe.reading)
      return nil
    }
    let read = TextFile.bytes(ofDescriptor: pipe.reading, byteCountMax: ScriptRunner.byteCountMax)
    // Whoever prints more than is read has to learn that nobody reads on.
    _ = close(pipe.reading)
    _ = Program.wait(for: process)
    guard case .success(let bytes) = read else {
      return ["(more than \(ScriptRunner.byteCountMax >> 20) MiB)"]
    }
    return TranscriptText.lines(of: String(decoding: bytes, as: UTF8.self))
  }

  /// The one expansion of a shell that is known: a folder for a data file that is there for one line.
  private static let newFolder = "$(mktemp -d)"
}

extension Program {
  /// This program itself with other words.
  static func own(_ words: some Sequence<String>) -> Program? {
    var path = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink("/proc/self/exe", &path, path.count - 1)
    guard count > 0 else { return nil }
    let name = String(decoding: path[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return Program([name] + words)
  }
}
