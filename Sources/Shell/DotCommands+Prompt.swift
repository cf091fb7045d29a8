import Engine
import Syntax

// The dot-commands about the prompt itself.

extension DotCommand {
  static let promptCommands: [DotCommand] = [
    DotCommand(
      name: ".edit", placeholder: "", summary: "hand the text, or the last one, to your editor",
      run: { shell, argument throws(Failure) in
        try refuse(argument, of: ".edit")
        shell.nextText = try shell.editedText(shell.halfTyped)
        return true
      }),
    DotCommand(
      name: ".theme", placeholder: "[NAME]",
      summary: "the colours: " + Theme.all.map(\.name).joined(separator: ", "),
      run: { shell, argument throws(Failure) in
        if argument.isEmpty {
          shell.tell(shell.themeList)
        } else if let theme = Theme.named(argument) {
          Theme.current = theme
          shell.tell(shell.sample(of: theme))
        } else {
          let names = Theme.all.map(\.name).joined(separator: ", ")
          throw mistake(".theme", argument, "one of \(names)")
        }
        return true
      }),
  ]
}

extension Shell {
  /// Every theme with what it is good for, each in its own colours.
  fileprivate var themeList: String {
    let current = Theme.current
    defer { Theme.current = current }
    let lines = Theme.all.map { theme in
      let mark = theme.name == current.name ? "*" : " "
      let words = DisplayWidth.pad(theme.name, to: 9) + DisplayWidth.pad(theme.summary, to: 23)
      let hasRoom = output.drawingWidth >= 70
      return "\(mark) \(words)" + (hasRoom ? sample(of: theme) : "")
    }
    return lines.joined(separator: "\n")
  }

  /// A statement as a theme colours it.
  fileprivate func sample(of theme: Theme) -> String {
    let current = Theme.current
    Theme.current = theme
    defer { Theme.current = current }
    let stream = output.isTerminal ? output : errors
    let style = Style(isOn: stream.isColored)
    return [
      style.wrap("find", .keyword), style.wrap("customers", .name), style.wrap("where", .keyword),
      style.wrap("city", .name), "=", style.wrap("\"Oslo\"", .text),
    ].joined(separator: " ")
  }
}
