import Engine
import Glibc
import SampleData

/// What a replay needs to give equal answers: the data, the day, and how answers are written.
///
/// The first line of a transcript, which Markdown does not show:
/// `<!-- rapport transcript 80x24: rapport --demo 200 --today 2026-06-30 -m table -->`
struct TranscriptHead: Hashable {
  /// The screen that answers were laid out for.
  var size: ScreenSize
  /// The words after the program's name.
  var words: [String]

  private static let start = "<!-- rapport transcript "
  private static let middle = ": rapport "
  private static let end = "-->"

  /// Makes a head.
  init(size: ScreenSize, words: [String]) {
    self.size = size
    self.words = words
  }

  /// Reads the line; nil when it is none.
  init?(_ line: some StringProtocol) {
    guard line.hasPrefix(Self.start), line.hasSuffix(Self.end) else { return nil }
    let rest = line.dropFirst(Self.start.count).dropLast(Self.end.count)
    guard let colon = rest.firstIndex(of: ":"), rest[colon...].hasPrefix(Self.middle),
      let words = CommandWords.split(String(rest[colon...].dropFirst(Self.middle.count)))
    else { return nil }
    let sides = rest[..<colon].split(separator: "x").compactMap { Int($0) }
    guard sides.count == 2, (20...1_000).contains(sides[0]), (1...1_000).contains(sides[1]) else {
      return nil
    }
    self.init(size: ScreenSize(columns: sides[0], rows: sides[1]), words: words)
  }

  /// The line.
  var line: String {
    Self.start + "\(size.columns)x\(size.rows)" + Self.middle
      + words.map { CommandWords.quoted($0) + " " }.joined() + Self.end
  }
}

extension Shell {
  /// The head of a transcript that begins now in a file of that folder.
  func transcriptHead(inFolder folder: String) -> TranscriptHead {
    let stream = output.isTerminal ? output : errors
    var words: [String] = []
    if let path = session.file?.path {
      let real = TextFile.realPath(of: path)
      let isBeside = Self.folder(of: real) == TextFile.realPath(of: folder)
      words.append(isBeside ? TextFile.name(of: real) : real)
    } else if let count = arguments.demoCustomerCount {
      words += ["--demo", String(count)]
      if arguments.seed != SampleData.defaultSeed { words += ["--seed", String(arguments.seed)] }
    }
    words += ["--today", ValueText.date(session.clock.today)]
    words += ["-m", (runner.mode ?? .table).rawValue]
    if session.masksPersons { words.append("--mask") }
    if runner.isQuiet { words.append("-q") }
    for (name, value) in arguments.parameters { words += ["-p", "\(name)=\(value)"] }
    return TranscriptHead(
      size: ScreenSize(columns: stream.width ?? 80, rows: stream.height ?? 24), words: words)
  }

  /// The folder that a file lies in.
  static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
