import Engine
import Syntax

/// Proves that a lesson can be taught: its queries run, its solutions pass, and each of its wrong
/// answers fails with the words it is said to.
struct LessonChecker {
  /// What was found: a line for each exercise, and what is wrong.
  struct Report {
    var lines: [String] = []
    var problems: [LessonParser.Problem] = []
  }

  let session: Session
  let lesson: Lesson
  private(set) var report = Report()

  /// Checks a lesson whose form is right.
  ///
  /// - Parameter session: One over the lesson's data, which nobody has changed.
  static func check(_ lesson: Lesson, in session: Session) -> Report {
    var checker = LessonChecker(session: session, lesson: lesson)
    checker.checkWorkedQuestion()
    for exercise in lesson.exercises { checker.check(exercise) }
    return checker.report
  }

  private init(session: Session, lesson: Lesson) {
    self.session = session
    self.lesson = lesson
  }

  private mutating func add(_ reason: LessonReason, line: Int) {
    report.problems.append(LessonParser.Problem(line: line, reason: reason))
  }

  private mutating func checkWorkedQuestion() {
    for case .code(let code) in lesson.worked {
      guard let result = result(of: code, called: "the worked query") else { return }
      report.lines.append("the worked query: \(Self.counted(result))")
    }
  }

  private mutating func check(_ exercise: Lesson.Exercise) {
    guard let solution = exercise.solutions.first,
      let right = result(of: solution, called: "the solution")
    else { return }
    for other in exercise.solutions.dropFirst() {
      guard let result = result(of: other, called: "this solution") else { continue }
      if let difference = difference(of: result, from: right, exercise) {
        add(.solutionDiffers(difference.words), line: other.line)
      }
    }
    for wrong in exercise.wrongAnswers { check(wrong, of: exercise, right) }
    let count = exercise.wrongAnswers.count
    report.lines.append(
      "exercise \(exercise.number): \(Self.counted(right)); \(count) wrong answers")
  }

  private mutating func check(
    _ wrong: Lesson.WrongAnswer, of exercise: Lesson.Exercise, _ right: ResultSet
  ) {
    let said: String
    do throws(Failure) {
      guard let result = try LessonRoom.answer(wrong.code, in: session) else {
        return add(.queryFails("the wrong answer", why: "it is no question"), line: wrong.code.line)
      }
      guard let difference = difference(of: result, from: right, exercise) else {
        return add(.wrongAnswerPasses, line: wrong.code.line)
      }
      said = difference.words
    } catch {
      said = error.diagnostics.map { $0.message + ($0.hint.map { "; " + $0 } ?? "") }
        .joined(separator: "; ")
    }
    for words in wrong.words where !said.lowercased().contains(words.lowercased()) {
      add(.wordsNotSaid(words, said: said), line: wrong.code.line)
    }
  }

  private func difference(
    of result: ResultSet, from right: ResultSet, _ exercise: Lesson.Exercise
  ) -> ResultDifference? {
    ResultComparison(wanted: right, found: result, wish: exercise.wish).difference
  }

  /// What a query gives that has to give rows; nil when it does not, which is noted.
  private mutating func result(of code: LessonCode, called name: String) -> ResultSet? {
    do throws(Failure) {
      guard let result = try LessonRoom.answer(code, in: session) else {
        add(.queryFails(name, why: "it is no question"), line: code.line)
        return nil
      }
      if result.rowCount == 0 { add(.queryGivesNothing(name), line: code.line) }
      return result
    } catch {
      let why = error.diagnostics.first?.message ?? ""
      add(.queryFails(name, why: why), line: code.line)
      return nil
    }
  }

  private static func counted(_ result: ResultSet) -> String {
    var noun = ResultNoun()
    if case .records(let singular, let plural) = result.shape {
      noun = ResultNoun(one: singular, many: plural)
    }
    return "\(ValueText.grouped(result.rowCount)) \(result.rowCount == 1 ? noun.one : noun.many)"
  }
}
