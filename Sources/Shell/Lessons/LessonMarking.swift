import Engine
import Syntax

/// Marks the answers to a lesson's exercises. The right ones, and those that are typical and wrong,
/// are worked out once, over data that no student has changed.
struct LessonMarking {
  /// What is said of an answer.
  enum Mark: Sendable {
    case right
    /// In what it differs, and what the teacher says to whoever gives this very answer.
    case wrong(ResultDifference, remark: [LessonBlock])
  }

  private struct Exercise {
    var wish: ResultWish
    var right: ResultSet
    var wrong: [(result: ResultSet, remark: [LessonBlock])]
  }

  private let exercises: [Exercise]

  /// Works out the answers to the exercises of a sound lesson.
  init(_ lesson: Lesson, in session: Session) throws(Failure) {
    var exercises: [Exercise] = []
    for exercise in lesson.exercises {
      guard let solution = exercise.solutions.first,
        let right = try LessonRoom.answer(solution, in: session)
      else { continue }
      var wrong: [(ResultSet, [LessonBlock])] = []
      for answer in exercise.wrongAnswers where !answer.remark.isEmpty {
        // A wrong answer may be one that the language refuses.
        guard let result = try? LessonRoom.answer(answer.code, in: session) else { continue }
        wrong.append((result, answer.remark))
      }
      exercises.append(Exercise(wish: exercise.wish, right: right, wrong: wrong))
    }
    self.exercises = exercises
  }

  /// Marks an answer to the exercise at `place`.
  func mark(_ result: ResultSet, at place: Int) -> Mark {
    guard exercises.indices.contains(place) else { return .right }
    let exercise = exercises[place]
    guard let difference = compare(exercise.right, result, exercise.wish) else { return .right }
    let known = exercise.wrong.first { compare($0.result, result, exercise.wish) == nil }
    return .wrong(difference, remark: known?.remark ?? [])
  }

  private func compare(
    _ wanted: ResultSet, _ found: ResultSet, _ wish: ResultWish
  ) -> ResultDifference? {
    ResultComparison(wanted: wanted, found: found, wish: wish).difference
  }
}
