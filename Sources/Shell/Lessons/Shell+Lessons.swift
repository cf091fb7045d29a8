import Engine
import Glibc
import Syntax

// Lessons at the prompt: one is begun on data of its own, statements answer its exercises, and the
// data that was open comes back when it ends.

extension Shell {
  /// The session with the data that was opened, also while a lesson is over data of its own.
  var ownSession: Session { lesson?.ownSession ?? session }

  // MARK: beginning and ending

  /// Begins a lesson, in the place of one that is open.
  func beginLesson(_ entry: LessonLibrary.Entry) throws(Failure) {
    let limit = arguments.memoryLimitByteCount
    let data = entry.lesson.data
    let marking = LessonMarking(
      entry.lesson, in: try LessonRoom.make(for: data, beside: ownSession, memoryLimit: limit))
    let room = try LessonRoom.make(for: data, beside: ownSession, memoryLimit: limit)
    let run = LessonRun(
      entry, marking: marking, ownSession: ownSession,
      done: lessonProgress.exercises(of: entry.lesson.name))
    converse(over: room)
    lesson = run
    teach()
  }

  /// Goes back to the data that was open.
  func endLesson() {
    guard let run = lesson else { return }
    lesson = nil
    converse(over: run.ownSession)
  }

  /// The same exercise once more, over data that nobody has changed.
  func beginAgain() throws(Failure) {
    let run = try openLesson(".lesson again")
    converse(
      over: try LessonRoom.make(
        for: run.lesson.data, beside: ownSession, memoryLimit: arguments.memoryLimitByteCount))
    run.go(to: run.place)
    tellExercise()
  }

  /// The next exercise; after the last one, or outside a lesson, the next lesson.
  func goOn() throws(Failure) {
    if let lesson, lesson.place + 1 < lesson.lesson.exercises.count {
      lesson.go(to: lesson.place + 1)
      tellExercise()
    } else if let next = nextLesson {
      try beginLesson(next)
    } else {
      tell(inWords: "This was the last lesson. .lesson lists them all.")
    }
  }

  private var nextLesson: LessonLibrary.Entry? {
    if let lesson {
      return lesson.number.flatMap { number in
        LessonLibrary.course.first { $0.number == number + 1 }
      }
    }
    return LessonLibrary.course.first { entry in
      lessonProgress.exercises(of: entry.lesson.name).count < entry.lesson.exercises.count
    }
  }

  /// Goes on with another store, for statements and whatever asks about them.
  private func converse(over session: Session) {
    // A mask that was put on stays on.
    session.masksPersons = self.session.masksPersons
    self.session = session
    runner.session = session
    runner.forgetAnswer()
    if let asked { beginAsking(asked) }
  }

  /// The lesson that a command is about.
  func openLesson(_ command: String) throws(Failure) -> LessonRun {
    guard let lesson else { throw Failure(LessonReason.noLesson(command), at: nil) }
    return lesson
  }

  /// Refuses what would leave a lesson's data without ending it.
  func refuseInLesson(_ command: String) throws(Failure) {
    if lesson != nil { throw Failure(LessonReason.notInLesson(command), at: nil) }
  }

  // MARK: teaching

  private var lessonText: LessonText {
    let stream = output.isTerminal ? output : errors
    return LessonText(style: Style(isOn: stream.isColored), width: stream.drawingWidth)
  }

  /// Says the idea, runs the worked question, asks the exercise: a screen each.
  private func teach() {
    guard let lesson else { return }
    let text = lessonText
    let worked = lesson.lesson.worked
    let code = worked.firstIndex(where: \.isCode) ?? worked.endIndex
    let preface = lesson.lesson.preface
    var pages = preface.isEmpty ? [] : [text.lines(of: preface)]
    pages.append(heading("The idea", text) + text.lines(of: lesson.lesson.idea))
    pages[0].insert(contentsOf: heading(lesson.heading, text), at: 0)
    for page in pages {
      guard tell(page: page), pause() else { return tellExercise() }
    }
    let question = text.lines(of: Array(worked[..<min(code + 1, worked.count)]))
    _ = tell(page: heading("A worked question", text) + question + [""])
    if code < worked.count, case .code(let query) = worked[code] { runWorked(query) }
    let rest = Array(worked.dropFirst(code + 1))
    if !rest.isEmpty { _ = tell(page: [""] + text.lines(of: rest)) }
    _ = pause()
    tellExercise()
  }

  private func heading(_ words: String, _ text: LessonText) -> [String] {
    [text.style.bold(VisibleText.of(words)), ""]
  }

  private func runWorked(_ query: LessonCode) {
    let manner = ScriptRunner.Manner(isAtPrompt: true, transaction: .keeps)
    let isQuiet = runner.isQuiet
    runner.isQuiet = isQuiet || lesson?.lesson.showsNotes == false
    defer { runner.isQuiet = isQuiet }
    _ = withoutQuestions {
      ScriptRunner(runner: runner, keepsGoing: false)
        .run(SourceText(name: nil, query.text), manner: manner)
    }
    runner.forgetAnswer()
  }

  /// Says the question of the exercise that is being done, and which commands help.
  func tellExercise() {
    guard let lesson else { return }
    let text = lessonText
    let count = lesson.lesson.exercises.count
    var page = heading("Exercise \(lesson.exercise.number) of \(count)", text)
    page += text.lines(of: lesson.exercise.question)
    page.append("")
    let help = "Type a query and press Enter. .hint helps, .check marks your last answer."
    page += text.lines(of: help).map(text.style.dim)
    _ = tell(page: page)
  }

  /// Says lines, a screen at a time. Gives whether the reader wants to go on.
  private func tell(page: [String]) -> Bool {
    let stream = output.isTerminal ? output : errors
    let height = max(4, (stream.height ?? .max) - 2)
    var rest = page[...]
    while !rest.isEmpty {
      for line in rest.prefix(height) { stream.writeLine(line) }
      stream.flush()
      rest = rest.dropFirst(height)
      if !rest.isEmpty, !pause() { return false }
    }
    return true
  }

  /// Waits for Enter where somebody reads. Gives whether the reader wants to go on.
  private func pause() -> Bool {
    let stream = output.isTerminal ? output : errors
    guard stream.isTerminal, asked != nil else {
      stream.writeLine()
      return true
    }
    stream.writeLine()
    switch ask(lessonText.style.dim("Press Enter to go on.") + " ") {
    case .line:
      stream.writeLine()
      return true
    case .declined, .gone:
      stream.writeLine()
      return false
    }
  }
}
