/// A Markdown file with transcripts in it: `console` blocks whose lines are command lines after
/// `$ rapport` or statements after `rapport>`, each with what it prints below it.
struct TranscriptFile {
  /// One of them.
  struct Step {
    /// How it is replayed.
    enum Kind: Hashable {
      /// A command line, as after a shell's prompt.
      case command(String)
      /// What was typed at the prompt of rapport.
      case typed(String)
    }

    var kind: Kind
    /// The line that it begins on, counted from 1.
    var line: Int
    /// The line that its answer begins on.
    var answerLine: Int
    /// What stands below it, in lines without spaces at their ends.
    var answer: [String]
  }

  /// What statements at the prompt need; nil where nothing says it.
  private(set) var head: TranscriptHead?
  /// The steps in order.
  private(set) var steps: [Step] = []

  private static let commandStart = "$ rapport"

  /// Reads a file's text.
  init(_ text: String) {
    let lines = TranscriptText.split(text)
    var place = 0
    while place < lines.count {
      if head == nil, let found = TranscriptHead(lines[place]) { head = found }
      guard let fence = MarkdownFence(lines[place]) else {
        place += 1
        continue
      }
      let start = place + 1
      let end = lines[start...].firstIndex(where: fence.closes) ?? lines.count
      if fence.info.prefix(while: { $0 != " " }) == "console" {
        takeBlock(lines[start..<end], in: fence)
      }
      place = end + 1
    }
  }

  private mutating func takeBlock(_ block: ArraySlice<Substring>, in fence: MarkdownFence) {
    // Places in the block are those in the file.
    var lines = block
    for place in lines.indices { lines[place] = fence.content(of: lines[place]) }
    var place = lines.startIndex
    while place < lines.endIndex {
      let start = place
      guard let first = Self.kind(of: lines[place]) else {
        place += 1
        continue
      }
      place += 1
      var kind = first
      if case .typed(var typed) = first {
        while place < lines.endIndex, let more = Self.continuation(lines[place]) {
          typed += "\n" + more
          place += 1
        }
        kind = .typed(typed)
      }
      let answerStart = place
      while place < lines.endIndex, Self.kind(of: lines[place]) == nil { place += 1 }
      let answer = TranscriptText.lines(of: lines[answerStart..<place].joined(separator: "\n"))
      steps.append(
        Step(kind: kind, line: start + 1, answerLine: answerStart + 1, answer: answer))
    }
  }

  private static func kind(of line: Substring) -> Step.Kind? {
    let prompt = TranscriptRecorder.prompts.first
    if line.hasPrefix(prompt) { return .typed(String(line.dropFirst(prompt.count))) }
    guard line.hasPrefix(commandStart) else { return nil }
    let words = line.dropFirst(2)
    return words.dropFirst("rapport".count).first.map { $0 == " " } ?? true
      ? .command(String(words)) : nil
  }

  /// Whether a line would be read as what was typed.
  static func beginsStep(_ line: Substring) -> Bool {
    kind(of: line) != nil || continuation(line) != nil
  }

  private static func continuation(_ line: Substring) -> Substring? {
    let prompt = TranscriptRecorder.prompts.next
    if line.hasPrefix(prompt) { return line.dropFirst(prompt.count) }
    return line == prompt.dropLast() ? "" : nil
  }
}
