/// A golden script: statements and the output each gives, in a file that people read and review.
///
/// ```
/// -- Sorts by an amount after an index lookup on a choice.
/// data: shop
/// today: 2026-06-30
///
/// -- A comment for the next block.
/// [plan, format]> find customers
///   where stage = intensive_care
/// ---
/// the output, to the blank line before the next block
/// ```
///
/// - The head is everything before the first block: comments and settings, `name: value`.
/// - A block begins with a line `> ` or `[tag, tag]> `; its statement goes on to the line `---`. It
///   may hold several statements, which run as a script does, to the first that fails.
/// - The output ends before a blank line that is followed by a block, a comment or the end.
///
/// Tags: `plan` (the plan before the rows, without figures), `format` (the formatted statement
/// first), a mode's name (`csv`, `json`, …; `table` without), `file NAME` (what the file holds
/// afterwards), `prompt` (typed at the prompt, statement by statement), `run` (a command line, split at
/// spaces outside quotes: standard output, standard error, the status when it is not 0).
package struct GoldenScript {
  /// One block.
  package struct Block {
    /// The tags between the brackets.
    package var tags: [String]
    /// The statement's lines, joined.
    package var statement: String
    /// The output's lines, joined.
    package var output: String
    /// The line its statement begins on, counted from 1.
    package var line: Int
    /// Comment lines and blank lines before it.
    fileprivate var lead: [String]
  }

  /// What is wrong with the file itself.
  package struct Mistake: Error, CustomStringConvertible {
    /// Line and words.
    package let description: String

    /// Makes a mistake.
    package init(description: String) { self.description = description }
  }

  /// `name: value` lines of the head.
  package private(set) var settings: [String: String] = [:]
  /// The blocks in order.
  package private(set) var blocks: [Block] = []
  private var head: [String] = []
  private var tail: [String] = []

  /// Reads a script's text.
  package init(_ text: String) throws {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)[...]
    if lines.last == "" { lines.removeLast() }
    var lead: [String] = []
    while let line = lines.first {
      guard let (tags, first) = Self.opening(line) else {
        lines.removeFirst()
        if blocks.isEmpty, let (name, value) = Self.setting(line) {
          head += lead + [line]
          lead = []
          settings[name] = value
        } else if line.isEmpty || line.hasPrefix("--") {
          lead.append(line)
        } else {
          throw Mistake(description: "line \(lines.startIndex): neither a block nor a comment")
        }
        continue
      }
      let number = lines.startIndex + 1
      guard let rule = lines.firstIndex(of: "---") else {
        throw Mistake(description: "line \(number): a statement without '---' after it")
      }
      let statement = [first] + lines[lines.startIndex + 1..<rule]
      lines = lines[(rule + 1)...]
      let end = Self.end(of: lines)
      blocks.append(
        Block(
          tags: tags, statement: statement.joined(separator: "\n"),
          output: lines[..<end].joined(separator: "\n"), line: number, lead: lead))
      lines = lines[end...]
      lead = []
    }
    tail = lead
  }

  /// The script's text with other outputs.
  package func text(outputs: [String]) -> String {
    var lines = head
    for (block, output) in zip(blocks, outputs) {
      lines += block.lead
      lines.append(
        (block.tags.isEmpty ? "" : "[\(block.tags.joined(separator: ", "))]") + "> "
          + block.statement)
      lines.append("---")
      if !output.isEmpty { lines.append(output) }
    }
    return (lines + tail).joined(separator: "\n") + "\n"
  }

  private static func opening(_ line: String) -> (tags: [String], first: String)? {
    if line.hasPrefix("> ") { return ([], String(line.dropFirst(2))) }
    guard line.hasPrefix("["), let close = line.firstIndex(of: "]"),
      line[close...].hasPrefix("]> ")
    else { return nil }
    let tags = line[line.index(after: line.startIndex)..<close].split(separator: ",")
    return (tags.map(trimmed), String(line[close...].dropFirst(3)))
  }

  private static func setting(_ line: String) -> (name: String, value: String)? {
    guard let colon = line.firstIndex(of: ":"), line.first?.isLowercase == true else { return nil }
    return (String(line[..<colon]), trimmed(line[line.index(after: colon)...]))
  }

  /// Where an output ends that begins at the first of `lines`.
  private static func end(of lines: ArraySlice<String>) -> Int {
    for (index, line) in zip(lines.indices, lines) where line.isEmpty {
      guard let next = lines[index...].first(where: { !$0.isEmpty }) else { return index }
      if next.hasPrefix("--") || opening(next) != nil { return index }
    }
    return lines.endIndex
  }

  private static func trimmed(_ text: some StringProtocol) -> String {
    let text = text.drop { $0 == " " }
    return String(text.reversed().drop { $0 == " " }.reversed())
  }
}
