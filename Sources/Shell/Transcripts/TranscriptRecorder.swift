import Engine
import Glibc
import Syntax

/// Writes what is typed at the prompt and what it prints as Markdown: a transcript, which `--verify`
/// replays. What is there is in the file at once, so nothing is lost with the program.
final class TranscriptRecorder {
  /// Stands before the first line of a statement, and before its other lines.
  static let prompts = (first: "rapport> ", next: "   ...> ")
  /// What is not in a transcript: it says nothing of the data, or not the same another time.
  private static let leftOut: Set<String> = [
    ".record", ".verify", ".pager", ".history", ".exit", ".edit", ".timing", "exit", "quit",
  ]

  /// The file.
  let path: String
  /// Statements and dot-commands recorded so far.
  private(set) var statementCount = 0
  /// What is wrong with the file, in words; nil when nothing is.
  var problem: String? { file.failure.map(TextFile.problem) }
  /// The screen that it is laid out for.
  var size: ScreenSize { head.size }
  private let file: Output
  private let head: TranscriptHead
  /// The question of the answer that stood on the screen when it began, until it is known whether
  /// what is recorded goes on from it.
  var earlier: String?
  private var answer = ""
  /// Whether a statement is being recorded.
  private var isOpen = false

  /// Begins a transcript; an older one of that name is replaced, and nothing else.
  init(path: String, head: TranscriptHead) throws(Failure) {
    guard Self.mayReplace(path) else {
      throw Failure(ShellReason.notTranscript(path, isReplaced: true), at: nil)
    }
    guard let file = Output(creating: path) else {
      throw Failure(ShellReason.cannotWrite(path, reason: TextFile.lastProblem()), at: nil)
    }
    self.path = path
    self.file = file
    self.head = head
    file.writeLine(head.line)
    file.flush()
  }

  /// Whether nothing is lost but an older transcript when a file is written anew; what cannot be read
  /// may be anything.
  private static func mayReplace(_ path: String) -> Bool {
    switch TextFile.start(of: path, byteCount: headByteCountMax) {
    case .success(let bytes):
      let first = bytes.split(separator: 0x0A, maxSplits: 1).first ?? []
      return bytes.isEmpty || TranscriptHead(String(decoding: first, as: UTF8.self)) != nil
    case .failure(.notFound), .failure(.isFolder): return true
    case .failure: return false
    }
  }

  private static let headByteCountMax = 65_536

  /// Runs what was typed and records it with what `streams` are written meanwhile, which are laid out
  /// for the transcript's screen.
  func record<Result>(_ typed: String, _ streams: [Output], _ body: () -> Result) -> Result {
    let command = typed.prefix { !$0.isWhitespace }.lowercased()
    let isBlank = typed.allSatisfy(\.isWhitespace)
    if isBlank || Self.leftOut.contains(command) { return body() }
    answer = ""
    isOpen = true
    copy(streams, self)
    let result = body()
    copy(streams, nil)
    isOpen = false
    write(typed)
    return result
  }

  /// Records a question with its reply, which `ask` puts while nothing else is recorded.
  func record(_ question: String, _ streams: [Output], _ ask: () -> LineReply) -> LineReply {
    guard isOpen else { return ask() }
    copy(streams, nil)
    let reply = ask()
    copy(streams, self)
    answer += question + TranscriptReply.text(of: reply) + "\n"
    return reply
  }

  private func copy(_ streams: [Output], _ recorder: TranscriptRecorder?) {
    for stream in streams {
      stream.copy = recorder.map { recorder in { recorder.answer += $0 } }
      stream.fixedSize = recorder?.head.size
    }
  }

  private func write(_ typed: String) {
    statementCount += 1
    var lines: [String] = []
    for (place, line) in typed.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      lines.append((place == 0 ? Self.prompts.first : Self.prompts.next) + line)
    }
    while lines.count > 1, lines.last == Self.prompts.next { lines.removeLast() }
    lines += TranscriptText.lines(of: answer)
    // A fence that is longer than any in it.
    let longest = lines.map { $0.prefix { $0 == "`" }.count }.max() ?? 0
    let fence = String(repeating: "`", count: max(3, longest + 1))
    file.writeLine()
    file.writeLine(fence + "console")
    for line in lines { file.writeLine(line) }
    file.writeLine(fence)
    file.flush()
  }
}

/// How a reply to a question stands in a transcript.
enum TranscriptReply {
  /// The text of a reply.
  static func text(of reply: LineReply) -> String {
    switch reply {
    case .line(let line): line
    case .declined, .gone: "^C"
    }
  }

  /// The reply that a text stands for.
  static func reply(_ text: some StringProtocol) -> LineReply {
    text == "^C" ? .declined : .line(String(text))
  }
}

/// What was printed, as lines that can be compared.
enum TranscriptText {
  /// The lines without styles, without spaces at their ends, and without empty ones at the end. Data
  /// that looks like a prompt is no step: a backslash stands before it.
  static func lines(of text: String) -> [String] {
    var lines = split(PlainText.withoutStyles(text)).map { line in
      let isStep = TranscriptFile.beginsStep(line)
      var line = line
      while let last = line.last, last.isWhitespace { line.removeLast() }
      return (isStep ? "\\" : "") + line
    }
    while lines.last?.isEmpty == true { lines.removeLast() }
    return lines
  }

  /// The lines of a text, whose ends may be those of Windows: one character each.
  static func split(_ text: String) -> [Substring] {
    text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
  }
}
