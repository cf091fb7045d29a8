/// Lays a lesson's text out for a screen: words in lines that fit, code as it stands.
///
/// What stands in backticks is typed, and is shown without them: a query has backticks of its own.
struct LessonText {
  let style: Style
  /// Columns of the screen.
  let width: Int

  /// The widest line of text, which is easier to read than one across a wide screen.
  static let widthMax = 78

  /// Blocks with an empty line between.
  func lines(of blocks: [LessonBlock]) -> [String] {
    var lines: [String] = []
    for block in blocks {
      if !lines.isEmpty { lines.append("") }
      switch block {
      case .paragraph(let text): lines += self.lines(of: text)
      case .list(let items):
        for item in items { lines += self.lines(of: item, indent: "  ") }
      case .code(let code): lines += self.lines(of: code)
      }
    }
    return lines
  }

  /// Statements, as they are typed.
  func lines(of code: LessonCode) -> [String] {
    code.text.split(separator: "\n", omittingEmptySubsequences: false).map {
      style.isOn ? "  " + style.bold(VisibleText.of(String($0))) : "  " + VisibleText.of(String($0))
    }
  }

  /// A paragraph; its later lines stand behind `indent`. What holds data has no markup.
  func lines(of text: String, indent: String = "", hasMarkup: Bool = true) -> [String] {
    var lines: [String] = []
    var line = ""
    var column = 0
    for word in hasMarkup ? words(of: text) : plainWords(of: text) {
      let needed = word.width + (column == 0 ? 0 : 1)
      if column > 0, column + needed > min(width - 1, Self.widthMax) {
        lines.append(line)
        line = indent
        column = indent.utf8.count
        line += word.shown
        column += word.width
      } else {
        line += (column == 0 ? "" : " ") + word.shown
        column += needed
      }
    }
    return line.isEmpty ? lines : lines + [line]
  }

  private struct Word {
    var shown: String
    var width: Int
  }

  private func plainWords(of text: String) -> [Word] {
    text.split(separator: " ").map { word in
      let visible = VisibleText.of(String(word))
      return Word(shown: visible, width: DisplayWidth.of(visible))
    }
  }

  /// The words of a text, those between backticks in bold, or where nothing is bold in quotes.
  private func words(of text: String) -> [Word] {
    var words: [Word] = []
    var current = Word(shown: "", width: 0)
    for (place, span) in text.split(separator: "`", omittingEmptySubsequences: false).enumerated() {
      let isCode = place % 2 == 1
      var part = isCode ? String(span) : String(span.replacing("**", with: ""))
      if isCode, !style.isOn { part = "'" + part + "'" }
      let pieces = part.split(separator: " ", omittingEmptySubsequences: false)
      for (number, piece) in pieces.enumerated() {
        if number > 0, current.width > 0 {
          words.append(current)
          current = Word(shown: "", width: 0)
        }
        let visible = VisibleText.of(String(piece))
        current.shown += isCode ? style.bold(visible) : visible
        current.width += DisplayWidth.of(visible)
      }
    }
    return current.width > 0 ? words + [current] : words
  }
}
