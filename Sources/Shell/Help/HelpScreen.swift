/// The text of `.help` alone, for a screen of 80 columns and 24 rows; narrower ones break its lines.
enum HelpScreen {
  private static let questions = [
    ("ask", ["find customers where value > 10k", "count customers by stage"]),
    ("narrow", ["where stage = welcoming", "show name, value", "top 10 by value"]),
    ("look into", ["describe customers", "rfm customers", "profile customer 42"]),
    ("take in", ["import customers from \"new.csv\"", "add customer name = \"Acme\""]),
    ("keep", ["define segment vip as customers where value >= 10k", "undo"]),
  ]

  private static let keys =
    "Tab completes, F1 explains the clause, Alt-Enter opens a line, Ctrl-C drops the text, "
    + "Ctrl-D leaves. A question ends with Enter."

  private static let topics =
    ".help TOPIC tells more, with examples; a topic is a word of the language, a function, a verb, "
    + "a dot-command, the code of an error, or: clauses, conditions, functions, periods, values, "
    + "relations, verbs, changes, definitions, import options, scripts, saved queries, modes, keys, "
    + "commands, options, errors"

  /// The lines, none wider than `width`.
  static func lines(width: Int, commands: [String], style: Style) -> [String] {
    var lines: [String] = []
    for (what, examples) in questions {
      let head = DisplayWidth.pad(what, to: 11)
      let inOne = examples.joined(separator: "    ")
      if DisplayWidth.of(head + inOne) <= width {
        lines.append(style.bold(head) + inOne)
      } else {
        lines.append(style.bold(what))
        lines += examples.flatMap { BrokenText.lines($0, after: "  ", widthMax: width) }
      }
    }
    lines.append("")
    lines += BrokenText.lines(keys, margin: 0, widthMax: width)
    lines += [""]
    lines += BrokenText.lines(
      "Dot-commands, of which .help commands tells more:", widthMax: width)
    lines += CandidateList.inColumns(commands, width: width)
    lines += [""]
    lines += BrokenText.lines(topics, margin: 0, widthMax: width)
    return lines
  }
}
