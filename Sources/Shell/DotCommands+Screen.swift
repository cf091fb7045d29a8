import Engine
import Glibc
import Syntax

// The dot-commands about what stands on the screen: the answer before, and what long ones are read in.

extension DotCommand {
  static let screenCommands: [DotCommand] = [
    DotCommand(
      name: ".back", placeholder: "", summary: "the answer before the last one, to go on from",
      run: { shell, argument throws(Failure) in
        try refuse(argument, of: ".back")
        if shell.runner.goBack() == nil {
          throw Failure(ShellReason.nothingBefore(hasAnswer: shell.session.hasLastAnswer), at: nil)
        }
        return true
      }),
    DotCommand(
      name: ".mask", placeholder: "[on|off]",
      summary: "stand-ins for names, mail, phones and free text",
      run: { shell, argument throws(Failure) in
        switch argument {
        case "": shell.session.masksPersons.toggle()
        case "on": shell.session.masksPersons = true
        case "off": shell.session.masksPersons = false
        default: throw mistake(".mask", argument, "on or off")
        }
        shell.tell("masking is \(shell.session.masksPersons ? "on" : "off")")
        return true
      }),
    DotCommand(
      name: ".pager", placeholder: "[on|off|COMMAND]",
      summary: "what answers taller than the screen are read in",
      run: { shell, argument throws(Failure) in try shell.setPager(argument) }),
    DotCommand(
      name: ".record", placeholder: "[FILE]",
      summary: "write what is asked and answered to FILE; alone: end it",
      run: { shell, argument throws(Failure) in try shell.record(argument) }),
    DotCommand(
      name: ".verify", placeholder: "FILE", summary: "replay a transcript and show what differs",
      run: { shell, argument throws(Failure) in
        guard !argument.isEmpty else { throw mistake(".verify", "", "the name of a transcript") }
        return try shell.verify(argument)
      }),
  ]
}

extension Shell {
  fileprivate func setPager(_ argument: String) throws(Failure) -> Bool {
    var pager = runner.pager
    switch argument {
    case "": break
    case "on": pager.isOn = true
    case "off": pager.isOn = false
    default:
      pager.command = argument
      pager.isOn = true
    }
    if pager.isOn, !argument.isEmpty {
      guard runner.mayRunPrograms, pager.program != nil else {
        throw DotCommand.mistake(".pager", argument, "on, off or a program that can be run")
      }
    }
    runner.pager = pager
    tell(
      inWords: pager.isOn
        ? "answers taller than the screen are read in '\(VisibleText.of(pager.command))'"
        : "the pager is off")
    return true
  }

  fileprivate func record(_ path: String) throws(Failure) -> Bool {
    guard recorder != nil || !path.isEmpty else {
      throw DotCommand.mistake(".record", "", "the name of a file")
    }
    endRecording()
    if path.isEmpty { return true }
    try runner.permissions.check(path)
    recorder = try TranscriptRecorder(
      path: path, head: transcriptHead(inFolder: Self.folder(of: path)))
    recorder?.earlier = session.lastQueryText
    tell(inWords: "recording in '\(VisibleText.of(path))'; '.record' ends it")
    if session.renewStandIns() { runner.warn("stand-ins begin anew, as they do in a replay") }
    if session.hasUnsavedChanges {
      runner.warn("a replay knows nothing of what was changed before: save first")
    }
    return true
  }

  /// Ends a transcript and says what is in it.
  func endRecording() {
    guard let recorder else { return }
    self.recorder = nil
    if let problem = recorder.problem {
      runner.report(.cannotWrite(recorder.path, reason: problem))
      return
    }
    let count = recorder.statementCount
    tell(
      inWords: "recorded \(ValueText.grouped(count)) \(count == 1 ? "statement" : "statements") in"
        + " '\(VisibleText.of(recorder.path))'")
  }

  /// Runs what was typed, and records it where that is wanted.
  func recorded<Result>(_ typed: String, _ body: () -> Result) -> Result {
    guard let recorder else { return body() }
    recordEarlier(typed, in: recorder)
    return recorder.record(typed, [output, errors], body)
  }

  /// Records the question of an answer that stood there before the transcript began, where what is
  /// typed goes on from it: a replay has to ask it too.
  private func recordEarlier(_ typed: String, in recorder: TranscriptRecorder) {
    guard let earlier = recorder.earlier else { return }
    guard earlier == session.lastQueryText else {
      recorder.earlier = nil
      return
    }
    let isAbout = Self.aboutLastAnswer.contains(typed.prefix { !$0.isWhitespace }.lowercased())
    guard isAbout || session.goesOn(typed) else { return }
    recorder.earlier = nil
    let screen = Output(size: recorder.size, isColored: false, isUnicode: true) { _ in true }
    let runner = StatementRunner(
      session: session, arguments: arguments, output: screen, errors: screen)
    runner.mode = self.runner.mode
    runner.isQuiet = self.runner.isQuiet
    runner.mayRunPrograms = false
    runner.showsTiming = false
    recorder.record(earlier, [screen]) { _ = runner.repeatLast(showsAllRows: false) }
  }

  private static let aboutLastAnswer: Set<String> = [".all", ".back", ".chart", ".query"]

  fileprivate func verify(_ path: String) throws(Failure) -> Bool {
    guard runner.mayRunPrograms, let program = Program.own(["--verify", path]) else {
      throw Failure(ShellReason.programsOff(".verify"), at: nil)
    }
    output.flush()
    errors.flush()
    Signals.ignoreInterrupts()
    defer { Signals.takeInterrupts() }
    if let process = program.start(streams: [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO]) {
      _ = Program.wait(for: process)
    }
    return true
  }
}
