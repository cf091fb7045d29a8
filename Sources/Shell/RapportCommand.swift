import Engine
import Glibc
import Syntax

/// The whole program: arguments → session → shell → exit status.
package enum RapportCommand {
  /// Runs the program for the words after its name.
  ///
  /// - Parameters:
  ///   - care: How data files are checked and salvaged.
  ///   - makeSession: Builds the store and the session that the arguments ask for.
  package static func run(
    _ words: [String], care: StoreCare,
    makeSession: @escaping (Arguments) throws(Failure) -> Session
  ) -> Int32 {
    Signals.install()
    do throws(Failure) {
      if let text = try document(words) { return show(text) }
      let arguments = try Arguments(words)
      if arguments.showsHelp { return show(Arguments.helpText) }
      if arguments.showsVersion { return show("rapport \(Version.text)\n") }
      do throws(Failure) {
        let output = Output(descriptor: STDOUT_FILENO)
        let errors = Output(descriptor: STDERR_FILENO, color: arguments.color)
        if let status = try care.run(arguments, output: output, errors: errors) {
          return status.rawValue
        }
        let lessons = try LessonCheck.run(
          arguments, output: output, errors: errors, makeSession: makeSession)
        if let lessons { return lessons.rawValue }
        if let path = arguments.verifyPath {
          return verify(path, output, makeSession)
        }
        try refuseToFill(arguments)
        return Shell(session: try makeSession(arguments), arguments: arguments).run()
      } catch {
        return refuse(error, status: StatementRunner.status(of: error), color: arguments.color)
      }
    } catch {
      return refuse(error, status: .usage, color: .auto)
    }
  }

  /// Replays a transcript. One that cannot be read is wrong usage.
  private static func verify(
    _ path: String, _ output: Output,
    _ makeSession: @escaping (Arguments) throws(Failure) -> Session
  ) -> Int32 {
    do throws(Failure) {
      return try Verification(path: path, output: output, makeSession: makeSession).run().rawValue
    } catch {
      return refuse(error, status: error.kind == .data ? .data : .usage, color: .auto)
    }
  }

  /// Demo data goes to a new file only; that is found out before it is made.
  private static func refuseToFill(_ arguments: Arguments) throws(Failure) {
    guard arguments.demoCustomerCount != nil, let path = arguments.databasePath,
      access(path, F_OK) == 0
    else { return }
    throw Failure(ShellReason.demoFileExists(path), at: nil, kind: .data)
  }

  /// What `completions SHELL` and `man` print; nil for any other words.
  private static func document(_ words: [String]) throws(Failure) -> String? {
    if words == ["man"] { return ManPage.text }
    guard words.first == "completions" else { return nil }
    let name = words.dropFirst().joined(separator: " ")
    guard let script = CompletionScript(rawValue: name) else {
      throw Failure(
        ShellReason.badOptionValue(
          option: "completions", value: name, expected: "bash, zsh or fish"), at: nil)
    }
    return script.text
  }

  private static func show(_ text: String) -> Int32 {
    let output = Output(descriptor: STDOUT_FILENO)
    output.write(text)
    output.flush()
    return output.failure == nil ? ExitStatus.success.rawValue : ExitStatus.failed.rawValue
  }

  private static func refuse(_ failure: Failure, status: ExitStatus, color: ColorChoice) -> Int32 {
    let errors = Output(descriptor: STDERR_FILENO, color: color)
    errors.write(DiagnosticPrinter(for: errors).text(for: failure))
    errors.flush()
    return status.rawValue
  }
}
