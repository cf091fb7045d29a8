import Engine
import Syntax

/// Marks the answers to a lesson's exercises.
///
/// The right answer to an exercise, and those that are typical and wrong, are worked out when one is
/// first marked, over data that no student has changed.
final class LessonMarking {
  /// What is said of an answer.
  enum Mark: Sendable {
    case right
    case wrong(ResultDifference)
  }

  private let exercises: [Lesson.Exercise]
  private let session: Session
  private var solutions: [Int: ResultSet] = [:]

  /// Makes the marking of a lesson.
  ///
  /// - Parameter session: One over the lesson's data, for itself alone.
  init(_ lesson: Lesson, in session: Session) {
    exercises = lesson.exercises
    self.session = session
  }

  /// Marks an answer to the exercise at `place`.
  ///
  /// - Throws: What its solution fails with, which a checked lesson's does not.
  func mark(_ result: ResultSet, at place: Int) throws(Failure) -> Mark {
    let difference = ResultComparison(
      wanted: try solution(at: place), found: result, wish: exercises[place].wish
    ).difference
    return difference.map(Mark.wrong) ?? .right
  }

  /// What the teacher says to whoever gives this very answer; empty for one of their own.
  func remark(on result: ResultSet, at place: Int) -> [LessonBlock] {
    let known = exercises[place].wrongAnswers.first { answer in
      // A wrong answer may be one that the language refuses.
      guard !answer.remark.isEmpty,
        let wrong = try? LessonRoom.answer(answer.code, in: session)
      else { return false }
      return ResultComparison(wanted: wrong, found: result, wish: exercises[place].wish)
        .difference == nil
    }
    return known?.remark ?? []
  }

  private func solution(at place: Int) throws(Failure) -> ResultSet {
    if let solution = solutions[place] { return solution }
    guard let code = exercises[place].solutions.first,
      let solution = try LessonRoom.answer(code, in: session)
    else {
      throw Failure(LessonReason.queryFails("the solution", why: "it is no question"), at: nil)
    }
    solutions[place] = solution
    return solution
  }
}
