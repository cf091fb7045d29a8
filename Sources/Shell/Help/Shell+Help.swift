import Syntax

// `.help` in three depths: a screen, a topic, and the clause under the cursor.

extension Shell {
  /// `.help [TOPIC]`. Gives whether the prompt goes on, which it does.
  func help(about words: String) throws(Failure) -> Bool {
    var topic = words[...]
    while let last = topic.last, last == ";" || last == "?" { topic.removeLast() }
    let page = helpPage
    if topic.isEmpty {
      let commands = DotCommand.all.map(\.name).filter { !DotCommand.onlyInLessons.contains($0) }
      tell(HelpScreen.lines(width: page.width, commands: commands, style: page.style))
    } else if let found = HelpTopics.whole.topic(String(topic)) {
      tell(page.lines(of: found))
    } else if topic.lowercased() == "keys" {
      tell(Keys.helpLines(width: page.width))
    } else {
      throw Failure(
        ShellReason.unknownTopic(words, near: HelpTopics.whole.near(String(topic))), at: nil)
    }
    return true
  }

  /// What F1 shows below the text.
  func help(of text: String, at cursor: Int) -> [String] {
    if let question { return question.help }
    return ClauseHelp(topics: .whole, page: helpPage).lines(of: text, at: cursor)
  }

  private var helpPage: HelpPage {
    let stream = output.isTerminal ? output : errors
    return HelpPage(width: stream.width.map { $0 - 1 } ?? 79, style: Style(isOn: stream.isColored))
  }

  private func tell(_ lines: [String]) { tell(lines.joined(separator: "\n")) }
}
