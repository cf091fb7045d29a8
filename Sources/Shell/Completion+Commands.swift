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
    case ".help": offered = HelpTopics.whole.names.map { .init($0, .words, suffix: "") }
    case ".param": offered = session.parameterNames.map { .init($0, .parameters, suffix: "=") }
    case ".queries": offered = SavedQuery.all(permissions).map { .init($0.name, .files) }
    case ".schema":
      offered = session.database.catalog.entities.map { .init($0.name, .entities, suffix: "") }
    case ".chart": offered = Chart.Kind.allCases.map { .init($0.rawValue, .words) }
    case ".mode":
      offered = OutputMode.allCases.map { .init($0.rawValue, .words, suffix: "") }
    case ".theme": offered = Theme.all.map { .init($0.name, .words, suffix: "") }
    case ".timing", ".mask", ".pager":
      offered = ["on", "off"].map { .init($0, .words, suffix: "") }
    case ".lesson":
      offered =
        LessonLibrary.course.map { .init($0.lesson.name, .files, suffix: "") }
        + ["next", "again", "end"].map { .init($0, .words, suffix: "") }
    case ".hint": offered = [.init("solution", .words, suffix: "")]
    case ".read", ".record", ".verify", ".output", ".once", ".open", ".save", ".backup":
      offered = fileNames(argument, isInQuotes: true).map { candidate in
        .init(
          candidate.text, .files, suffix: candidate.suffix == "\" " ? "" : candidate.suffix)
      }
    default: offered = []
    }
    return Completions(start: start, candidates: matching(argument, offered))
  }

  /// Files where files may be named.
  func fileNames(_ typed: String, isInQuotes: Bool) -> [Completions.Candidate] {
    let folder = typed.lastIndex(of: "/").map { String(typed[...$0]) } ?? "."
    guard permissions.allows(folder) else { return [] }
    return FileNames.candidates(typed, isInQuotes: isInQuotes)
  }
}
