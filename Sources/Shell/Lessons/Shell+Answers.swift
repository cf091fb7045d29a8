import Engine
import Syntax

// How answers to a lesson's exercises are heard, marked and helped.

extension Shell {
  /// Hears of what was typed and run. A right answer is told at once; of another one only, and once
  /// an exercise, that `.check` says how it differs.
  func hearAnswer(_ end: ScriptRunner.End) {
    guard let lesson else { return }
    guard end.status == .success, let text = runner.lastStatement else {
      if end.status == .failed { comfort(lesson) }
      return
    }
    guard let result = try? unmasked({ try ResultSet(of: text, in: session) }) else { return }
    lesson.answer = result
    switch try? lesson.marking.mark(result, at: lesson.place) {
    case .right: praise(lesson)
    case nil: return
    case .wrong:
      if lesson.knowsOfCheck { return }
      lesson.knowsOfCheck = true
      say("This is not yet the answer to exercise \(lesson.exercise.number): .check tells why.")
    }
  }

  /// Runs what compares answers, not what shows them: the solution has no stand-ins.
  private func unmasked<Result>(_ body: () throws -> Result) rethrows -> Result {
    let isMasked = session.masksPersons
    session.masksPersons = false
    defer { session.masksPersons = isMasked }
    return try body()
  }

  /// Marks the last answer.
  func checkAnswer() throws(Failure) {
    let lesson = try openLesson(".check")
    guard let answer = lesson.answer else { throw Failure(LessonReason.nothingToCheck, at: nil) }
    switch try lesson.marking.mark(answer, at: lesson.place) {
    case .right: praise(lesson)
    case .wrong(let difference):
      lesson.knowsOfCheck = true
      let text = answerText
      let remark = lesson.marking.remark(on: answer, at: lesson.place)
      tellLines(text.lines(of: "Not yet. " + difference.words, hasMarkup: false))
      tellLines(text.lines(of: remark))
    }
  }

  /// Gives the next hint, or the solution.
  func giveHint(_ argument: String) throws(Failure) {
    let lesson = try openLesson(".hint")
    let exercise = lesson.exercise
    let text = answerText
    if argument == "solution" {
      guard let solution = exercise.solutions.first else { return }
      tellLines(text.lines(of: [.code(solution)] + exercise.explanation))
      say("Type it yourself to see the answer and to go on; Tab and Up save typing.")
    } else if !argument.isEmpty {
      throw DotCommand.mistake(".hint", argument, "nothing, or the word solution")
    } else if lesson.hintCount < exercise.hints.count {
      lesson.hintCount += 1
      let head = "Hint \(lesson.hintCount) of \(exercise.hints.count): "
      tellLines(text.lines(of: head + exercise.hints[lesson.hintCount - 1]))
    } else {
      say("There are no more hints. .hint solution shows the solution.")
    }
  }

  // MARK: what is said

  private func praise(_ lesson: LessonRun) {
    let stream = output.isTerminal ? output : errors
    let style = answerText.style
    let mark = stream.isUnicode ? "✓ " : ""
    tell("")
    tell(style.good("\(mark)Right: exercise \(lesson.exercise.number) is done."))
    lessonProgress.note(lesson.exercise.number, of: lesson.lesson.name)
    if !lesson.exercise.explanation.isEmpty {
      tellLines(answerText.lines(of: lesson.exercise.explanation))
    }
    tell("")
    let done = lessonProgress.exercises(of: lesson.lesson.name)
    let numbers = lesson.lesson.exercises.map(\.number)
    let rest = numbers[lesson.place...] + numbers[..<lesson.place]
    if let next = rest.first(where: { !done.contains($0) }) {
      lesson.go(to: next - 1)
      tellExercise()
    } else {
      conclude(lesson)
    }
  }

  private func conclude(_ lesson: LessonRun) {
    tellLines(answerText.lines(of: lesson.lesson.summary))
    if !lesson.lesson.summary.isEmpty { tell("") }
    let next = LessonLibrary.course.first { $0.number == lesson.number.map { $0 + 1 } }
    var words = "All \(lesson.lesson.exercises.count) exercises of this lesson are done."
    if lesson.number != nil, let next {
      words += " .lesson next begins lesson \(next.number ?? 0), \(next.lesson.title)."
    }
    say(words + " .lesson end goes back to the data that was open.")
    lesson.go(to: lesson.place)
  }

  /// What an error means, to somebody who sees the first one.
  private func comfort(_ lesson: LessonRun) {
    if lesson.knowsOfErrors { return }
    lesson.knowsOfErrors = true
    let place = runner.isReadAloud ? "the next one where" : "the ^ stands where it is"
    say(
      "Nothing is broken: the first line says what is wrong, and \(place). Up brings yours back to "
        + "be mended; Ctrl-C drops it.")
  }

  private var answerText: LessonText {
    let stream = output.isTerminal ? output : errors
    return LessonText(style: Style(isOn: stream.isColored), width: stream.drawingWidth)
  }

  private func tellLines(_ lines: [String]) {
    for line in lines { tell(line) }
  }

  /// Says something beside the lesson's own text.
  private func say(_ words: String) {
    let text = answerText
    for line in LessonText(style: Style(isOn: false), width: text.width).lines(of: words) {
      tell(text.style.dim(line))
    }
  }
}
