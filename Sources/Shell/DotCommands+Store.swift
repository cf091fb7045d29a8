import Engine
import Syntax

// The dot-commands about the data file and its changes. Each statement of that name does the same.

extension DotCommand {
  static let storeCommands: [DotCommand] = [
    DotCommand(
      name: ".backup", placeholder: "FILE", summary: "write a copy of the data file",
      run: { shell, argument throws(Failure) in
        guard let file = target(argument) else {
          throw mistake(".backup", "", "the name of a file")
        }
        return shell.carryOut(".backup") { session throws(Failure) in try session.backUp(to: file) }
      }),
    DotCommand(
      name: ".changes", placeholder: "", summary: "what was changed, and what undo takes back",
      run: { shell, argument throws(Failure) in
        try refuse(argument, of: ".changes")
        shell.tell(
          ChangeListPrinter.text(
            of: shell.session.changeHistory, seen: shell.session.seen(statement:)))
        return true
      }),
    DotCommand(
      name: ".open", placeholder: "[FILE]", summary: "go on with another data file",
      run: { shell, argument throws(Failure) in
        if argument.isEmpty {
          shell.tell(inWords: shell.storeInWords ?? "an empty store in memory")
        } else {
          try shell.openStore(argument)
        }
        return true
      }),
    DotCommand(
      name: ".reload", placeholder: "", summary: "take in what other programs changed in the file",
      run: { shell, argument throws(Failure) in
        try refuse(argument, of: ".reload")
        return shell.carryOut(".reload") { session throws(Failure) in try session.reloadFile() }
      }),
    DotCommand(
      name: ".save", placeholder: "[FILE]", summary: "put the file in order; or name one to keep",
      run: { shell, argument throws(Failure) in
        try shell.refuseInLesson(".save")
        return shell.carryOut(".save") { session throws(Failure) in
          try session.save(target(argument), at: nil)
        }
      }),
    DotCommand(
      name: ".undo", placeholder: "", summary: "take the last change back",
      run: { shell, argument throws(Failure) in
        try refuse(argument, of: ".undo")
        return shell.carryOut(".undo") { session throws(Failure) in try session.undo() }
      }),
  ]

  /// The file an argument names: its path, in quotes or not, or in quotes with `replace` behind it.
  private static func target(_ argument: String) -> FileTarget? {
    if argument.isEmpty { return nil }
    let place = SourceRange(0, 0)
    let end = " replace"
    if argument.first == "\"" || argument.first == "'", argument.hasSuffix(end) {
      let path = Shell.unquoted(String(argument.dropLast(end.count)))
      return FileTarget(path: path, range: place, isReplacing: true)
    }
    return FileTarget(path: argument, range: place)
  }
}

extension Shell {
  /// Carries out what a statement could do as well. The prompt goes on whatever comes of it.
  fileprivate func carryOut(
    _ command: String, _ body: (Session) throws(Failure) -> Answer
  ) -> Bool {
    _ = runner.run(command: command) { () throws(Failure) in try body(session) }
    return true
  }
}
