import SampleData

// What a lesson must have, and the line of settings under its title.

extension LessonParser {
  /// Parts that a lesson has to have and this one has not; told at the line of what lacks them.
  static func missingParts(of lesson: Lesson) -> [Problem] {
    var problems: [Problem] = []
    func lack(_ part: String, _ isMissing: Bool) {
      guard isMissing else { return }
      problems.append(Problem(line: 1, reason: .partMissing(part, of: "the lesson")))
    }
    lack("# TITLE", lesson.title.isEmpty)
    lack("## The idea", lesson.idea.isEmpty)
    lack("## A worked question, with a query", !lesson.worked.contains(where: \.isCode))
    lack("## Exercise 1", lesson.exercises.isEmpty)
    return problems + lesson.exercises.flatMap(missingParts)
  }

  private static func missingParts(of exercise: Lesson.Exercise) -> [Problem] {
    var problems: [Problem] = []
    func lack(_ part: String, line: Int? = nil, _ isMissing: Bool) {
      guard isMissing else { return }
      let reason = LessonReason.partMissing(part, of: "exercise \(exercise.number)")
      problems.append(Problem(line: line ?? exercise.line, reason: reason))
    }
    lack("a question", exercise.question.isEmpty)
    let hintCount = exercise.hints.count
    lack(hintCount == 0 ? "### Hints" : "a third hint under ### Hints", hintCount < 3)
    lack("### Solution, with a query", exercise.solutions.isEmpty)
    let wrongCount = exercise.wrongAnswers.count
    lack(
      wrongCount == 0 ? "### Wrong answers" : "a third query under ### Wrong answers",
      wrongCount < 3)
    for answer in exercise.wrongAnswers {
      lack("a line '> WORDS' behind a wrong answer", line: answer.code.line, answer.words.isEmpty)
    }
    return problems
  }
}

extension LessonData {
  /// Takes a setting of the line under the title. Gives what is wrong with it, or nil.
  mutating func take(_ name: String, _ value: String) -> LessonReason? {
    let digits = value.filter { $0 != "_" }
    switch name.lowercased() {
    case "data":
      if value.lowercased() != "demo" { return .badSetting(name, value, expected: "demo") }
    case "customers":
      guard let count = Int(digits), SampleData.customerCounts.contains(count) else {
        return .badSetting(name, value, expected: "100 to 1000000")
      }
      customerCount = count
    case "seed":
      guard let number = UInt64(digits) else {
        return .badSetting(name, value, expected: "a whole number")
      }
      seed = number
    case "today":
      guard let day = Arguments.day(value) else {
        return .badSetting(name, value, expected: "a date such as 2026-06-30")
      }
      today = day
    default: return .unknownSetting(name)
    }
    return nil
  }
}
