import Engine

// What may follow in the line of a dot-command.

extension Completion {
  func commandCompletions(_ line: String, lineStart: Int) -> Completions {
    guard let space = line.firstIndex(of: " ") else {
      let names = DotCommand.all.map { command in
        Completions.Candidate(
          command.name, .commands, suffix: command.placeholder.isEmpty ? "" : " ")
      }
      return Completions(start: lineStart, candidates: matching(line, names))
    }
    let argument = String(line[line.index(after: space)...])
    let start = lineStart + line.utf8.count - argument.utf8.count
    let offered: [Completions.Candidate]
    switch line[..<space] {
    case ".chart": offered = Chart.Kind.allCases.map { .init($0.rawValue, .words) }
    case ".mode":
      offered = OutputMode.allCases.map { .init($0.rawValue, .words, suffix: "") }
    case ".theme": offered = Theme.all.map { .init($0.name, .words, suffix: "") }
    case ".timing": offered = ["on", "off"].map { .init($0, .words, suffix: "") }
    case ".read", ".output", ".once", ".open", ".save", ".backup":
      offered = FileNames.candidates(argument, isInQuotes: true).map { candidate in
        .init(
          candidate.text, .files, suffix: candidate.suffix == "\" " ? "" : candidate.suffix)
      }
    default: offered = []
    }
    return Completions(start: start, candidates: matching(argument, offered))
  }
}
