import Engine
import Syntax

/// What F1 tells: about the clause, or the call, that the cursor stands in.
struct ClauseHelp {
  /// The most lines that are told.
  static let lineCountMax = 9

  let topics: HelpTopics
  let page: HelpPage

  /// The lines for byte `cursor` of `text`.
  func lines(of text: String, at cursor: Int) -> [String] {
    let name = Self.topic(of: text, at: cursor)
    guard let name, let topic = topics.topic(name) else {
      return [
        "A statement begins with a word such as find, count, describe, rfm or add.",
        "Tab lists what can stand here; .help tells more.",
      ]
    }
    var lines = topic.rows.flatMap(page.lines)
    if lines.isEmpty { lines = page.lines(of: topic) }
    if lines.count >= Self.lineCountMax { lines = Array(lines.prefix(Self.lineCountMax - 1)) }
    return lines + [page.style.dim("more: .help \(name)")]
  }

  /// The topic of the place: a dot-command, the innermost call, or else the clause or statement.
  static func topic(of text: String, at cursor: Int) -> String? {
    let before = Array(text.utf8.prefix(cursor))
    let lineStart = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    let line = String(decoding: before[lineStart...], as: UTF8.self)
    if LineEvent.isCommand(line) { return String(line.prefix { $0 != " " }) }
    var place = Place()
    for token in Lexer.scan(before).tokens { place.take(token, before) }
    return place.topic
  }

  /// Where in a statement a token stands: clauses, and calls in their brackets.
  private struct Place {
    /// One for each open bracket, the statement itself first: the clause there, and the call.
    private var levels: [(clause: String?, call: String?)] = [(nil, nil)]
    private var lastWord: String?

    var topic: String? {
      for level in levels.reversed() {
        if let topic = level.clause ?? level.call { return topic }
      }
      return nil
    }

    mutating func take(_ token: Token, _ bytes: [UInt8]) {
      switch token.kind {
      case .open:
        let name = lastWord.flatMap { word in
          Functions.all.contains { $0.name == word } ? word : nil
        }
        levels.append((nil, name))
      case .close:
        if levels.count > 1 { levels.removeLast() }
      case .semicolon: levels = [(nil, nil)]
      default: break
      }
      guard token.kind == .word else {
        lastWord = nil
        return
      }
      let range = token.range.lowerBound..<token.range.upperBound
      let word = String(decoding: bytes[range], as: UTF8.self).lowercased()
      take(word, after: lastWord)
      lastWord = word
    }

    private mutating func take(_ word: String, after last: String?) {
      let level = levels.count - 1
      let keyword = Keyword(word: word)
      if keyword == .of, last == "as" {
        levels[level].clause = "as of"
      } else if let keyword, keyword.isClauseWord, !Self.joining.contains(keyword) {
        levels[level].clause = keyword == .group || keyword == .order ? word + " by" : word
      } else if level == 0, levels[0].clause == nil {
        levels[0].clause = word
      }
    }

    /// Clause words that stand inside other clauses too.
    private static let joining: Set<Keyword> = [.as, .by, .on, .to, .with, .forWord, .say]
  }
}
