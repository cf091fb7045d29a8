import Syntax

// The rc file: dot-commands that the prompt begins with.

extension Shell {
  /// Runs the rc file. What is wrong in it is noted, and the next line goes on.
  ///
  /// - Throws: `Failure` when the file that `--rc` names cannot be read.
  func runRC() throws(Failure) {
    guard arguments.readsRC, let path = arguments.rcPath ?? Self.usualRCPath else { return }
    switch ScriptRunner.read(path) {
    case .failure(.notFound) where arguments.rcPath == nil: return
    case .failure(let problem):
      let reason = ScriptRunner.reason(problem, path: path)
      if arguments.rcPath != nil { throw Failure(reason, at: nil) }
      note(reason.message, path)
    case .success(let bytes):
      let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
      isTelling = false
      defer { isTelling = true }
      for (offset, line) in lines.enumerated() {
        run(rcLine: String(decoding: line, as: UTF8.self), at: "\(path):\(offset + 1)")
      }
    }
  }

  /// `$XDG_CONFIG_HOME/rapport/rc`, else under the home folder.
  private static var usualRCPath: String? {
    Environment.folder("XDG_CONFIG_HOME", orHome: ".config").map { $0 + "/rapport/rc" }
  }

  private func run(rcLine text: String, at place: String) {
    var line = text.drop(while: \.isWhitespace)
    while let last = line.last, last.isWhitespace { line.removeLast() }
    if line.isEmpty || line.hasPrefix("--") { return }
    guard LineEvent.isCommand(line) else {
      return note("only dot-commands and comments stand here, found '\(line)'", place)
    }
    guard line != ".exit" else { return note("'.exit' has no place here", place) }
    do throws(Failure) {
      _ = try carryOut(command: String(line))
    } catch {
      let hint = error.diagnostics.first?.hint.map { "; " + $0 } ?? ""
      note((error.diagnostics.first?.message ?? "it cannot be run") + hint, place)
    }
  }

  private func note(_ message: String, _ place: String) {
    runner.warn(VisibleText.of("\(place): \(message)"))
  }
}
