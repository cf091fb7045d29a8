import Syntax

/// The manual page, made from the tables that the options, modes and dot-commands are made from.
enum ManPage {
  /// The page for `man -l`, in the language of roff.
  static var text: String {
    var lines = [
      ".TH RAPPORT 1 \"\" \"rapport \(Version.text)\" \"User Commands\"",
      ".SH NAME", "rapport \\- answers questions of customer data",
      ".SH SYNOPSIS",
      ".B rapport", roff("[DATABASE] [-c TEXT]… [-f SCRIPT]… [OPTION]…"), ".br",
      ".B rapport", roff("--demo [CUSTOMERS] [NEW DATABASE]"), ".br",
      ".B rapport", roff("completions bash|zsh|fish"), ".br",
      ".B rapport", "man",
      ".SH DESCRIPTION",
      roff(
        "Runs what -c and -f give, in that order. Without them it is a prompt, or, where standard "
          + "input is no terminal, it runs that as a script. Answers go to standard output, words "
          + "to standard error. At the prompt, .help tells more."),
      ".SH OPTIONS",
    ]
    for option in Option.all {
      lines += [".TP", ".B " + roff(option.words), roff(sentence(option.detail))]
    }
    lines.append(".SH DOT-COMMANDS")
    for command in DotCommand.all {
      let words = command.placeholder.isEmpty ? [] : [command.placeholder]
      lines += [
        ".TP", ".B " + roff(([command.name] + words).joined(separator: " ")),
        roff(sentence(command.summary)),
      ]
    }
    lines.append(".SH EXIT STATUS")
    for (status, meaning) in statuses {
      lines += [".TP", ".B \(status)", roff(meaning)]
    }
    lines.append(".SH FILES")
    for (path, meaning) in files { lines += [".TP", ".I " + roff(path), roff(meaning)] }
    lines.append(".SH ENVIRONMENT")
    for (name, meaning) in variables { lines += [".TP", ".B " + name, roff(meaning)] }
    lines += [
      ".SH EXAMPLES", ".nf",
      roff("rapport --demo -c \"count customers by stage\""),
      roff("rapport shop.rapport -f weekly.crm -p region=north --fail-if-empty"),
      roff("rapport shop.rapport -c \"find customers where value > 10k\" --json"), ".fi",
    ]
    return lines.map { $0 + "\n" }.joined()
  }

  private static let statuses: [(ExitStatus.RawValue, String)] = [
    (ExitStatus.success.rawValue, "All ran."),
    (ExitStatus.failed.rawValue, "A statement or an expectation failed."),
    (ExitStatus.usage.rawValue, "Wrong usage, or a question that nobody could be asked."),
    (ExitStatus.data.rawValue, "Data that cannot be opened, is damaged, or is busy."),
    (ExitStatus.empty.rawValue, "With --fail-if-empty, the last result is empty."),
    (ExitStatus.interrupted.rawValue, "Interrupted."),
  ]

  private static let files = [
    ("$XDG_CONFIG_HOME/rapport/rc", "Dot-commands that the prompt begins with."),
    ("$XDG_STATE_HOME/rapport/history", "What was typed, for its owner alone."),
    ("$XDG_DATA_HOME/rapport/queries/*.crm", "Saved queries, beside those in ./queries."),
  ]

  private static let variables = [
    ("NO_COLOR", "Where it is set to something, nothing is coloured by itself."),
    ("TERM", "Where it is dumb, nothing is coloured by itself."),
  ]

  /// A line of text in which nothing is a request or an escape.
  static func roff(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "\\": result += "\\e"
      case "-": result += "\\-"
      case "'": result += "\\(aq"
      case "\"": result += "\\(dq"
      case "…": result += "..."
      default: result.append(character)
      }
    }
    return result.hasPrefix(".") ? "\\&" + result : result
  }

  private static func sentence(_ text: String) -> String {
    guard let first = text.first else { return "" }
    return first.uppercased() + text.dropFirst() + "."
  }
}
