import Engine
import Syntax

/// `--check-lesson`: proves files of lessons, and nothing else is done.
struct LessonCheck {
  /// What reads and writes files, over no data.
  let session: Session
  let memoryLimit: Int?
  let isPlain: Bool
  let output: Output
  let errors: Output

  /// Checks every file that the arguments name; nil when they name none.
  static func run(
    _ arguments: Arguments, output: Output, errors: Output,
    makeSession: (Arguments) throws(Failure) -> Session
  ) throws(Failure) -> ExitStatus? {
    if arguments.lessonPaths.isEmpty { return nil }
    let check = LessonCheck(
      session: try makeSession(arguments), memoryLimit: arguments.memoryLimitByteCount,
      isPlain: arguments.isPlain, output: output, errors: errors)
    var status = ExitStatus.success
    for path in arguments.lessonPaths {
      let next = try check.check(path)
      if status == .success { status = next }
    }
    return output.failure == nil ? status : .failed
  }

  /// Checks one file: a line for each of its queries, then whether it is sound.
  private func check(_ path: String) throws(Failure) -> ExitStatus {
    let text: String
    do throws(Failure) {
      text = try LessonLibrary.text(of: path)
    } catch {
      report(error, in: SourceText(name: nil, ""))
      return .usage
    }
    let name = LessonLibrary.name(of: path)
    var (lesson, problems) = LessonParser.parse(text, name: name)
    output.writeLine(VisibleText.of("\(path): \(lesson.title)"))
    if problems.isEmpty {
      let room = try LessonRoom.make(for: lesson.data, beside: session, memoryLimit: memoryLimit)
      let report = LessonChecker.check(lesson, in: room)
      for line in report.lines { output.writeLine("  " + line) }
      problems = report.problems
    }
    output.flush()
    let source = SourceText(name: path, text)
    for problem in problems { report(problem, in: source) }
    let count = problems.count
    let end = count == 0 ? "sound" : count == 1 ? "1 mistake" : "\(count) mistakes"
    output.writeLine(VisibleText.of("\(path): \(end)"))
    output.flush()
    return count == 0 ? .success : .failed
  }

  private func report(_ problem: LessonParser.Problem, in source: SourceText) {
    let line = source.range(ofLine: problem.line)
    report(
      Failure(problem.reason, at: SourceRange(line.lowerBound, line.upperBound)), in: source)
  }

  private func report(_ failure: Failure, in source: SourceText) {
    let printer = DiagnosticPrinter(for: errors, isPlain: isPlain)
    errors.write(printer.text(for: failure, in: source, at: 0))
    errors.flush()
  }
}

extension SourceText {
  /// The bytes of a line, counted from 1, without its line end.
  fileprivate func range(ofLine line: Int) -> Range<Int> {
    var start = 0
    for _ in 1..<max(1, line) {
      guard let end = bytes[start...].firstIndex(of: 0x0A) else { break }
      start = end + 1
    }
    let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
    return start..<end
  }
}
