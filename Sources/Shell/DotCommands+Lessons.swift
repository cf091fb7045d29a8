import Syntax

// The dot-commands of lessons.

extension DotCommand {
  /// Those that a lesson tells of itself.
  static let onlyInLessons: Set<String> = [".check", ".hint"]

  static let lessonCommands: [DotCommand] = [
    DotCommand(
      name: ".check", placeholder: "", summary: "in a lesson: mark the last answer",
      run: { shell, argument throws(Failure) in
        try refuse(argument, of: ".check")
        try shell.checkAnswer()
        return true
      }),
    DotCommand(
      name: ".hint", placeholder: "[solution]", summary: "in a lesson: a hint, or the solution",
      run: { shell, argument throws(Failure) in
        try shell.giveHint(argument.lowercased())
        return true
      }),
    DotCommand(
      name: ".lesson", placeholder: "[LESSON]", summary: "learn by doing; next, again, end",
      run: { shell, argument throws(Failure) in
        switch argument.lowercased() {
        case "": shell.listLessons()
        case "next": try shell.goOn()
        case "again": try shell.beginAgain()
        case "end":
          _ = try shell.openLesson(".lesson end")
          shell.endLesson()
          shell.tell(inWords: "back to " + (shell.storeInWords ?? "an empty store in memory"))
        default:
          if LessonLibrary.isFile(argument) { try shell.runner.permissions.check(argument) }
          try shell.beginLesson(try LessonLibrary.lesson(argument))
        }
        return true
      }),
  ]
}

extension Shell {
  /// A word that is a command without its dot: to whoever is learning, and `lesson` to all.
  func lessonCommand(_ text: String) -> String? {
    let words = text.lowercased().split(separator: " ").map(String.init)
    switch words.first {
    case "lesson" where words.count <= 2: return "." + text
    case "hint" where lesson != nil && words.count <= 2: return "." + text
    case "check" where lesson != nil && words.count == 1: return ".check"
    case "next" where lesson != nil && words.count == 1: return ".lesson next"
    case "again" where lesson != nil && words.count == 1: return ".lesson again"
    default: return nil
    }
  }

  /// The course with what is done of it.
  func listLessons() {
    let stream = output.isTerminal ? output : errors
    let style = Style(isOn: stream.isColored)
    for entry in LessonLibrary.course {
      let count = entry.lesson.exercises.count
      let done = min(count, lessonProgress.exercises(of: entry.lesson.name).count)
      let isDone = done == count
      let mark = isDone ? (stream.isUnicode ? "✓" : "*") : " "
      let left = DisplayWidth.pad(String(entry.number ?? 0), to: 3, isRight: true)
      let line = DisplayWidth.fit(
        "\(left) \(mark) \(done)/\(count)  \(entry.lesson.title)", in: stream.drawingWidth)
      tell(isDone ? style.good(line) : line)
    }
    if let lesson {
      tell(inWords: "Now: \(VisibleText.of(lesson.heading)), exercise \(lesson.exercise.number).")
      tell(inWords: ".lesson again asks it again; .lesson end leaves.")
    } else {
      tell("Begin one: .lesson 1")
    }
  }
}
