import Engine
import Glibc
import Syntax

/// Types the statements of a transcript at a prompt of its own and keeps what each prints.
final class TranscriptReplay: LineSource {
  /// What was printed after each step, in lines.
  private(set) var printed: [[String]] = []
  private let steps: [TranscriptFile.Step]
  private var next = 0
  private var text = ""
  private var replies: [String] = []
  private var isOver = false

  /// Replays statements in a shell over the data that their head names.
  ///
  /// - Parameters:
  ///   - steps: Steps at the prompt.
  ///   - makeSession: Builds the store and the session that arguments ask for.
  init(
    _ steps: [TranscriptFile.Step], _ head: TranscriptHead?,
    makeSession: (Arguments) throws(Failure) -> Session
  ) throws(Failure) {
    self.steps = steps
    let arguments = try Arguments(head?.words ?? [])
    let copy = try StoreCopy(of: arguments, makeSession: makeSession)
    defer { copy?.remove() }
    var own = arguments
    own.databasePath = copy?.path ?? arguments.databasePath
    own.isReadOnly = false
    let output = Output(
      size: head?.size ?? ScreenSize(columns: 80, rows: 24), isColored: false, isUnicode: true
    ) { [weak self] in
      self?.text += String(decoding: $0, as: UTF8.self)
      return true
    }
    let shell = Shell(
      session: try makeSession(own), arguments: own, output: output, errors: output)
    shell.runner.mayRunPrograms = false
    try shell.openFirstStore()
    shell.session.sparesOtherFiles = true
    for (name, value) in own.parameters { shell.session.give(value, toParameter: name) }
    shell.converse(with: self)
    shell.session.leave()
  }

  func read(prompt: String, startingWith text: String) -> LineEvent {
    if next > 0 { printed.append(TranscriptText.lines(of: self.text)) }
    self.text = ""
    guard next < steps.count, !Signals.wantsStop, case .typed(let typed) = steps[next].kind else {
      isOver = true
      return .end
    }
    replies = steps[next].answer
    next += 1
    if LineEvent.isCommand(typed) { return .command(typed, rest: "") }
    return .text(typed, isPasted: typed.contains("\n"))
  }

  /// Answers as the transcript did, and declines where it knows no such question.
  func ask(_ question: String) -> LineReply {
    if isOver { return .gone }
    guard let place = replies.firstIndex(where: { ($0 + " ").hasPrefix(question) }) else {
      text += question + "\n"
      return .declined
    }
    let line = replies[place]
    replies.removeSubrange(...place)
    text += line + "\n"
    return TranscriptReply.reply(line.dropFirst(question.count))
  }

  func askValue(_ question: String) -> LineReply { ask(question) }
}

/// A copy of a data file in a folder of its own: what a replay changes is the copy.
private struct StoreCopy {
  let path: String
  private let folder: String

  /// Copies the file that arguments name; nil where they name none that is there.
  init?(
    of arguments: Arguments, makeSession: (Arguments) throws(Failure) -> Session
  ) throws(Failure) {
    guard let original = arguments.databasePath, access(original, F_OK) == 0 else { return nil }
    guard let folder = BriefFolder.make() else {
      throw Failure(ShellReason.cannotWrite("/tmp", reason: TextFile.lastProblem()), at: nil)
    }
    self.folder = folder
    path = folder + "/" + TextFile.name(of: original)
    let session = try makeSession(arguments)
    _ = try session.open(original)
    _ = try session.backUp(to: FileTarget(path: path, range: SourceRange(0, 0)))
    session.leave()
  }

  func remove() { BriefFolder.remove(folder) }
}

/// A folder that is there for a while.
enum BriefFolder {
  /// Makes an empty one; nil, with `errno` set, when that fails.
  static func make() -> String? {
    let parent = Environment["TMPDIR", default: "/tmp"]
    var template = Array("\(parent)/rapport-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { return nil }
    return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Takes away the folder and the files in it.
  static func remove(_ folder: String) {
    var found = glob_t()
    defer { globfree(&found) }
    if glob(folder + "/*", 0, nil, &found) == 0, let names = found.gl_pathv {
      for place in 0..<Int(found.gl_pathc) { _ = names[place].map { unlink($0) } }
    }
    _ = rmdir(folder)
  }
}
