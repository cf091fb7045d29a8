import Syntax

/// Why the shell itself refuses: the command line, scripts, dot-commands and files of output.
enum ShellReason: Reason, Hashable, Sendable {
  /// An option that there is not, and the near ones.
  case unknownOption(String, near: [String])
  /// An option without its value: what it takes.
  case optionNeedsValue(String, value: String)
  /// A value given to an option that takes none.
  case optionTakesNoValue(String)
  /// A value that an option cannot take, and what it takes.
  case badOptionValue(option: String, value: String, expected: String)
  /// Two options that exclude each other.
  case optionsExclude(String, String)
  /// Nothing, or `-`, in the place of the data file.
  case noFileName(String)
  /// A second data file.
  case secondDatabase(String, first: String)
  /// `--demo` with a data file that is there already.
  case demoFileExists(String)
  /// `--salvage` without the new file.
  case salvageWhere
  /// A script that does not exist, is a folder, is no text, is too large, or cannot be read.
  case scriptNotFound(String)
  case scriptIsFolder(String)
  case scriptNotText(String, line: Int)
  case scriptTooLarge(String, byteCountMax: Int)
  case scriptUnreadable(String, reason: String)
  /// Output that cannot be written.
  case cannotWrite(String, reason: String)
  /// A dot-command that there is not, and the near ones.
  case unknownCommand(String, near: [String])
  /// A dot-command with an argument it does not take, or without one it needs.
  case badCommandArgument(command: String, argument: String, expected: String)
  /// A dot-command in a script.
  case commandInScript(String)
  /// A script's parameter without a value, or with one of another type than declared.
  case parameterMissing(String, script: String, meaning: String?)
  case parameterType(String, value: String, type: String)
  /// A type that parameters do not have, and the near ones.
  case unknownParameterType(String, near: [String])
  /// A word behind the type of a parameter that a script declares.
  case parameterWord(String)
  /// A script that includes itself, by whatever way.
  case includeCycle([String])
  /// Nothing was asked yet, so there is nothing to show again.
  case noLastQuery
  /// An answer without the columns that a kind of chart needs.
  case noChartColumn(kind: String, needs: String)
  /// A column of a type that a kind of chart cannot draw.
  case chartColumnType(String, kind: String, needs: String)
  /// A name that is no column of the last answer, the near ones, and all.
  case unknownColumn(String, near: [String], all: [String])
  /// Stopped by Ctrl-C while an answer was written.
  case stopped
  /// A word that help knows nothing about, and the near ones.
  case unknownTopic(String, near: [String])
  /// A statement that took longer than it may, in seconds.
  case timeLimit(Double)
  /// A saved query that there is not, and the near ones.
  case unknownQuery(String, near: [String])
  /// A parameter that a saved query does not take, or that has no value; the near ones, and all.
  case noSuchParameter(String, script: String?, near: [String], all: [String])
  /// No editor is named, and one that failed.
  case noEditor
  case editorFailed(String, status: Int32)
  /// There is no answer before the last one, or none at all.
  case nothingBefore(hasAnswer: Bool)
  /// A file that holds no transcript, where one is replayed or replaced.
  case notTranscript(String, isReplaced: Bool)
  /// A dot-command that runs a program where none may be run.
  case programsOff(String)

  var code: String {
    switch self {
    case .unknownOption: "unknown-option"
    case .optionNeedsValue: "option-needs-value"
    case .optionTakesNoValue: "option-takes-no-value"
    case .badOptionValue: "bad-option-value"
    case .optionsExclude: "options-exclude"
    case .noFileName: "no-file-name"
    case .secondDatabase: "second-database"
    case .demoFileExists: "file-exists"
    case .salvageWhere: "option-needs-value"
    case .scriptNotFound: "script-not-found"
    case .scriptIsFolder: "script-is-folder"
    case .scriptNotText: "script-not-text"
    case .scriptTooLarge: "script-too-large"
    case .scriptUnreadable: "script-unreadable"
    case .cannotWrite: "cannot-write"
    case .unknownCommand: "unknown-command"
    case .badCommandArgument: "bad-command-argument"
    case .commandInScript: "command-in-script"
    case .parameterMissing: "parameter-missing"
    case .parameterType: "parameter-type"
    case .unknownParameterType: "unknown-word"
    case .parameterWord: "unexpected"
    case .includeCycle: "include-cycle"
    case .noLastQuery: "no-last-query"
    case .noChartColumn, .chartColumnType: "chart-column"
    case .unknownColumn: "unknown-column"
    case .stopped: "interrupted"
    case .unknownTopic: "unknown-topic"
    case .timeLimit: "time-limit"
    case .unknownQuery: "unknown-query"
    case .noSuchParameter: "unknown-parameter"
    case .noEditor: "no-editor"
    case .editorFailed: "editor-failed"
    case .nothingBefore: "nothing-before"
    case .notTranscript: "not-a-transcript"
    case .programsOff: "programs-off"
    }
  }

  var message: String {
    switch self {
    case .unknownOption(let option, _): "there is no option '\(option)'"
    case .optionNeedsValue(let option, let value): "'\(option)' needs a value: \(option) \(value)"
    case .optionTakesNoValue(let option): "'\(option)' takes no value"
    case .badOptionValue(let option, let value, let expected):
      "'\(option)' takes \(expected), found '\(value)'"
    case .optionsExclude(let first, let second): "'\(first)' and '\(second)' exclude each other"
    case .noFileName(let text): "'\(text)' is not the name of a data file"
    case .secondDatabase(let path, let first):
      "'\(path)' is a second data file, after '\(first)'"
    case .demoFileExists(let path): "'\(path)' exists; --demo fills a new file"
    case .salvageWhere: "'--salvage' needs the new file: --salvage FILE -o NEW"
    case .scriptNotFound(let path): "there is no script '\(path)'"
    case .scriptIsFolder(let path): "'\(path)' is a folder, not a script"
    case .scriptNotText(let path, let line): "'\(path)' is not UTF-8 text, see its line \(line)"
    case .scriptTooLarge(let path, let byteCountMax):
      "'\(path)' is larger than the \(byteCountMax / 1_048_576) MiB a script may have"
    case .scriptUnreadable(let path, let reason): "'\(path)' cannot be read: \(reason)"
    case .cannotWrite(let path, let reason): "'\(path)' cannot be written: \(reason)"
    case .unknownCommand(let command, _): "there is no dot-command '\(command)'"
    case .badCommandArgument(let command, let argument, let expected):
      argument.isEmpty
        ? "'\(command)' needs \(expected)" : "'\(command)' takes \(expected), found '\(argument)'"
    case .commandInScript(let command): "'\(command)' works at the prompt only"
    case .parameterMissing(let name, let script, let meaning):
      "'\(script)' needs a value for $\(name)" + (meaning.map { ": \($0)" } ?? "")
    case .parameterType(let name, let value, let type):
      "$\(name) takes a value of type \(type), found '\(value)'"
    case .unknownParameterType(let type, _): "'\(type)' is not a type of a parameter"
    case .parameterWord(let word):
      "expected '=' and the default, or ':' and the meaning, found '\(word)'"
    case .includeCycle(let paths):
      "the scripts include each other: \(paths.joined(separator: " includes "))"
    case .noLastQuery: "nothing was asked yet"
    case .noChartColumn(let kind, let needs):
      "'.chart \(kind)' needs \(needs), which the answer lacks"
    case .chartColumnType(let name, let kind, let needs):
      "'.chart \(kind)' needs \(needs), and '\(name)' has none"
    case .unknownColumn(let name, _, _): "the answer has no column '\(name)'"
    case .stopped: "stopped while writing the answer"
    case .unknownTopic(let topic, _): "there is no help on '\(topic)'"
    case .timeLimit(let seconds):
      "stopped after \(ValueText.number(seconds)) s, the most that a statement may take here"
    case .unknownQuery(let name, _): "there is no saved query '\(name)'"
    case .noSuchParameter(let name, let script, _, _):
      script.map { "'\($0)' takes no parameter $\(name)" } ?? "$\(name) has no value"
    case .noEditor: "neither VISUAL nor EDITOR names an editor"
    case .editorFailed(let program, let status):
      status == 127
        ? "'\(program)' cannot be run" : "'\(program)' failed with status \(status)"
    case .nothingBefore(let hasAnswer):
      hasAnswer ? "there is no answer before this one" : "there is no answer to go back to"
    case .notTranscript(let path, let isReplaced):
      isReplaced
        ? "'\(path)' is there and is not a transcript" : "'\(path)' holds nothing to replay"
    case .programsOff(let command): "'\(command)' runs a program, and none may be run here"
    }
  }

  var hint: String? {
    switch self {
    case .unknownOption(_, let near): Self.nearHint(near) ?? "all options: rapport --help"
    case .unknownCommand(_, let near): Self.nearHint(near) ?? "all dot-commands: .help"
    case .unknownColumn(_, let near, let all):
      Self.nearHint(near) ?? "its columns: " + all.joined(separator: ", ")
    case .unknownParameterType(_, let near):
      Self.nearHint(near) ?? "the types: " + ScriptParameters.typeNames.joined(separator: ", ")
    case .parameterWord: "'-- $days integer = 90: how far back'"
    case .noFileName("-"): "standard input is a script: rapport -f -"
    case .demoFileExists(let path): "to open it: rapport \(path)"
    case .scriptNotText: "save it as UTF-8 text"
    case .commandInScript(let command):
      command == ".mode" ? "rapport --mode csv -f SCRIPT" : "rapport --help lists the options"
    case .parameterMissing(let name, _, _): "--param \(name)=VALUE"
    case .parameterType(let name, _, let type):
      "--param \(ScriptParameters.example(of: type, name: name))"
    case .unknownQuery(_, let near): Self.nearHint(near) ?? "all saved queries: .queries"
    case .noSuchParameter(_, _, let near, let all):
      Self.nearHint(near) ?? (all.isEmpty ? nil : "there are " + all.joined(separator: ", "))
    case .noLastQuery: "find customers"
    case .unknownTopic(_, let near): Self.nearHint(near) ?? "all topics: .help"
    case .noEditor: "EDITOR=nano rapport"
    case .nothingBefore(let hasAnswer):
      hasAnswer ? "then where …, and after it .back" : "find customers"
    case .notTranscript(_, isReplaced: true): "name a file that is not there yet"
    case .notTranscript: "'.record FILE.md' at the prompt writes one"
    default: nil
    }
  }

  private static func nearHint(_ names: [String]) -> String? {
    guard let last = names.last else { return nil }
    if names.count == 1 { return "a close name is '\(last)'" }
    let others = names.dropLast().map { "'\($0)'" }.joined(separator: ", ")
    return "close names are \(others) and '\(last)'"
  }
}
