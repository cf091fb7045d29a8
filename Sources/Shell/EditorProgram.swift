import Engine
import Glibc
import Store
import Syntax

/// Hands a text to the reader's own editor, in a file that only they can read.
enum EditorProgram {
  /// The text as the editor left it, without line ends at its end.
  static func edited(_ text: String) throws(Failure) -> String {
    let names = ["VISUAL", "EDITOR"]
    guard
      let program = names.lazy.map({ Environment[$0, default: ""] }).first(where: { !$0.isEmpty })
    else { throw Failure(ShellReason.noEditor, at: nil) }
    let path = try write(text)
    defer { _ = unlink(path) }
    let status = run(program, path)
    Cancellation.reset()
    guard status == 0 else {
      throw Failure(ShellReason.editorFailed(program, status: status), at: nil)
    }
    guard case .success(let bytes) = TextFile.bytes(of: path, byteCountMax: byteCountMax) else {
      throw Failure(ShellReason.scriptUnreadable(path, reason: TextFile.lastProblem()), at: nil)
    }
    if let offset = ScriptRunner.firstOffsetNotText(in: bytes) {
      let line = bytes[..<offset].count { $0 == 0x0A } + 1
      throw Failure(ShellReason.scriptNotText(path, line: line), at: nil)
    }
    var edited = String(decoding: bytes, as: UTF8.self)
    while let last = edited.unicodeScalars.last, last == "\n" || last == "\r" {
      edited.unicodeScalars.removeLast()
    }
    return edited
  }

  /// The largest text that is taken back.
  private static let byteCountMax = 1_024 * 1_024

  private static func write(_ text: String) throws(Failure) -> String {
    let folder = Environment["TMPDIR", default: "/tmp"]
    let ending = ".crm"
    var template = Array("\(folder)/rapport-XXXXXX\(ending)".utf8CString)
    let file = mkstemps(&template, Int32(ending.utf8.count))
    let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    guard file >= 0 else {
      throw Failure(ShellReason.cannotWrite(path, reason: TextFile.lastProblem()), at: nil)
    }
    let output = Output(descriptor: file)
    output.writeLine(text)
    output.flush()
    _ = close(file)
    if let problem = output.failure {
      _ = unlink(path)
      throw Failure(
        ShellReason.cannotWrite(path, reason: TextFile.problem(problem)), at: nil)
    }
    return path
  }

  /// Runs the program, which may be a name with options, on the terminal; gives its exit status.
  private static func run(_ program: String, _ path: String) -> Int32 {
    let giveBack = TerminalRescue.lend()
    defer { giveBack() }
    guard
      let shell = Program(["/bin/sh", "-c", program + " \"$1\"", "sh", path]),
      let process = shell.start(streams: [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO])
    else { return 127 }
    return Program.wait(for: process)
  }
}

extension Shell {
  func edit(_ text: String) -> String? {
    do throws(Failure) {
      return try editedText(text)
    } catch {
      runner.report(error)
      return nil
    }
  }

  /// What the reader's editor makes of a text; of the last statement where there is none.
  func editedText(_ text: String) throws(Failure) -> String {
    if !mayRunPrograms { throw Failure(ShellReason.programsOff(".edit"), at: nil) }
    let isBlank = text.allSatisfy(\.isWhitespace)
    let last = recallable.last { !LineEvent.isCommand($0) } ?? ""
    return try EditorProgram.edited(isBlank ? last : text)
  }
}
