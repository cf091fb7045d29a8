import Engine
import Store
import Syntax

/// A command to the shell rather than to the data: a full word after a dot.
struct DotCommand: Sendable {
  /// With its dot.
  let name: String
  /// What may follow, for `.help`.
  let placeholder: String
  /// What it does, for `.help`.
  let summary: String
  /// Runs it with the words after its name, trimmed. Gives whether the prompt goes on.
  let run: @Sendable (Shell, String) throws(Failure) -> Bool

  /// All there are, in alphabetical order.
  static let all: [DotCommand] =
    (answerCommands + storeCommands + programCommands + promptCommands + screenCommands
    + lessonCommands)
    .sorted { $0.name < $1.name }

  private static let answerCommands: [DotCommand] = [
    DotCommand(
      name: ".all", placeholder: "", summary: "the last answer again, every row",
      run: { shell, argument throws(Failure) in
        try refuse(argument, of: ".all")
        return try shell.showAll()
      }),
    DotCommand(
      name: ".chart", placeholder: "KIND [NAME]…",
      summary: "draw the last answer: bar, line, histogram, scatter",
      run: { shell, argument throws(Failure) in try shell.drawChart(argument) }),
    DotCommand(
      name: ".exit", placeholder: "", summary: "leave, as Ctrl-D does",
      run: { _, argument throws(Failure) in
        try refuse(argument, of: ".exit")
        return false
      }),
    DotCommand(
      name: ".help", placeholder: "[TOPIC]", summary: "help; about a word, a command, an error",
      run: { shell, topic throws(Failure) in try shell.help(about: topic) }),
    DotCommand(
      name: ".history", placeholder: "[N]", summary: "the last 20, or N, statements",
      run: { shell, argument throws(Failure) in
        let count = argument.isEmpty ? 20 : Int(argument)
        guard let count, count > 0 else {
          throw mistake(".history", argument, "a count")
        }
        let entries = shell.history.entries.suffix(count).map(shell.session.seen(statement:))
        shell.tell(entries.map(VisibleText.linesOf).joined(separator: "\n"))
        return true
      }),
    DotCommand(
      name: ".mode", placeholder: "[MODE]", summary: "how answers are written: table, csv, json …",
      run: { shell, argument throws(Failure) in try shell.setMode(argument) }),
    DotCommand(
      name: ".once", placeholder: "FILE", summary: "write the next answer to FILE",
      run: { shell, argument throws(Failure) in
        guard !argument.isEmpty else { throw mistake(".once", "", "the name of a file") }
        try shell.setOnce(argument)
        return true
      }),
    DotCommand(
      name: ".output", placeholder: "[FILE]", summary: "write answers to FILE; alone: here again",
      run: { shell, argument throws(Failure) in
        try shell.setOutput(argument)
        return true
      }),
    DotCommand(
      name: ".query", placeholder: "", summary: "the whole query behind the last answer",
      run: { shell, argument throws(Failure) in
        try refuse(argument, of: ".query")
        guard let query = shell.session.lastQueryText else {
          throw Failure(ShellReason.noLastQuery, at: nil)
        }
        shell.tell(VisibleText.linesOf(query))
        return true
      }),
    DotCommand(
      name: ".read", placeholder: "SCRIPT", summary: "run a script",
      run: { shell, argument throws(Failure) in
        guard !argument.isEmpty else { throw mistake(".read", "", "the name of a script") }
        try shell.readScript(argument)
        return true
      }),
    DotCommand(
      name: ".timing", placeholder: "[on|off]", summary: "tell how long each statement took",
      run: { shell, argument throws(Failure) in
        switch argument {
        case "": shell.runner.showsTiming.toggle()
        case "on": shell.runner.showsTiming = true
        case "off": shell.runner.showsTiming = false
        default: throw mistake(".timing", argument, "on or off")
        }
        shell.tell("timing is \(shell.runner.showsTiming ? "on" : "off")")
        return true
      }),
    DotCommand(
      name: ".today", placeholder: "[DATE|live]", summary: "what today is, or to set it",
      run: { shell, argument throws(Failure) in try shell.setToday(argument) }),
  ]

  /// The command of that name.
  static func named(_ name: String) throws(Failure) -> DotCommand {
    if let command = all.first(where: { $0.name == name.lowercased() }) { return command }
    let near = NearNames.nearest(to: name, among: all.map(\.name))
    throw Failure(ShellReason.unknownCommand(name, near: near), at: nil)
  }

  static func mistake(_ command: String, _ argument: String, _ expected: String) -> Failure {
    Failure(
      ShellReason.badCommandArgument(command: command, argument: argument, expected: expected),
      at: nil)
  }

  static func refuse(_ argument: String, of command: String) throws(Failure) {
    if !argument.isEmpty { throw mistake(command, argument, "nothing after it") }
  }
}

/// What the dot-commands do to the shell.
extension Shell {
  /// Runs a dot-command's line. Gives whether the prompt goes on.
  func runCommand(_ line: String) -> Bool {
    do throws(Failure) {
      return try carryOut(command: line)
    } catch {
      runner.report(error)
      return true
    }
  }

  /// Carries out a dot-command's line. Gives whether the prompt goes on.
  func carryOut(command line: String) throws(Failure) -> Bool {
    var line = line[...]
    while let last = line.last, last.isWhitespace || last == ";" { line.removeLast() }
    let name = String(line.prefix { !$0.isWhitespace })
    let argument = line.dropFirst(name.count).drop(while: \.isWhitespace)
    return try DotCommand.named(name).run(self, Self.unquoted(String(argument)))
  }

  /// Says something to whoever sits at the prompt.
  func tell(_ text: String) {
    guard isTelling else { return }
    let stream = output.isTerminal ? output : errors
    let paged = text.utf8.contains(0x0A) ? runner.paged(stream) : nil
    (paged?.output ?? stream).writeLine(text)
    paged?.finish()
    stream.flush()
  }

  /// Says something in words, broken at spaces where the terminal is narrow.
  func tell(inWords words: String) {
    let width = (output.isTerminal ? output : errors).width
    let lines = words.split(separator: "\n", omittingEmptySubsequences: false).flatMap {
      BrokenText.lines(String($0), widthMax: width)
    }
    tell(lines.joined(separator: "\n"))
  }

  func showAll() throws(Failure) -> Bool {
    if runner.repeatLast() == nil { throw Failure(ShellReason.noLastQuery, at: nil) }
    return true
  }

  func drawChart(_ argument: String) throws(Failure) -> Bool {
    let chart = try Chart(argument)
    if session.lastQueryText == nil { throw Failure(ShellReason.noLastQuery, at: nil) }
    _ = runner.run(command: ".chart") { [session] () throws(Failure) in
      guard let section = try session.repeatLast()?.sections.first else {
        throw Failure(ShellReason.noLastQuery, at: nil)
      }
      return Answer(sections: [try chart.section(of: section)])
    }
    return true
  }

  func setMode(_ argument: String) throws(Failure) -> Bool {
    if !argument.isEmpty {
      guard let mode = OutputMode(rawValue: argument.lowercased()) else {
        throw DotCommand.mistake(".mode", argument, "one of \(OutputMode.allNames)")
      }
      runner.mode = mode
    }
    let name = (runner.mode ?? (runner.output.isTerminal ? .table : .csv)).rawValue
    tell("answers are written as \(name)")
    return true
  }

  func setOutput(_ path: String) throws(Failure) {
    let file = path.isEmpty ? nil : try open(path)
    try closeOutputFile()
    outputFile = file
    runner.output = file?.output ?? output
    runner.fileMode = path.isEmpty ? nil : OutputMode(pathEnding: path)
    tell(inWords: path.isEmpty ? "answers go here" : "answers go to '\(VisibleText.of(path))'")
  }

  func setOnce(_ path: String) throws(Failure) {
    runner.once = try open(path)
    runner.onceMode = OutputMode(pathEnding: path)
  }

  /// Puts the file that answers went to in its place, unless the process is told to end.
  func closeOutputFile() throws(Failure) {
    guard let file = outputFile else { return }
    outputFile = nil
    runner.output = output
    runner.fileMode = nil
    if let failure = file.finish(isKept: Signals.terminationSignal == 0) { throw failure }
  }

  func readScript(_ path: String) throws(Failure) {
    try arguments.permissions.check(SavedQuery.path(of: path, arguments.permissions))
    runScript(path)
  }

  func setToday(_ argument: String) throws(Failure) -> Bool {
    if argument == "live" {
      session.clock = .live
    } else if !argument.isEmpty {
      guard let day = Arguments.day(argument) else {
        throw DotCommand.mistake(".today", argument, "a date such as 2026-06-30, or live")
      }
      session.clock = .fixed(day)
    }
    tell("today is \(ValueText.date(session.clock.today))")
    return true
  }

  private func open(_ path: String) throws(Failure) -> OutputFile {
    try arguments.permissions.check(path)
    return try OutputFile(path: path)
  }

  static func unquoted(_ argument: String) -> String {
    guard argument.utf8.count >= 2, let first = argument.first, first == argument.last,
      first == "\"" || first == "'"
    else { return argument }
    return String(argument.dropFirst().dropLast())
  }
}
