import Engine

/// A lesson that is being taken: where the student is, and the data that waits meanwhile.
final class LessonRun {
  let lesson: Lesson
  /// Its place in the course; nil for a file.
  let number: Int?
  /// What the exercises' answers are.
  let marking: LessonMarking
  /// The conversation with the data that was open before, untouched.
  let ownSession: Session

  /// The exercise, counted from 0.
  var place = 0
  /// Hints given for it.
  var hintCount = 0
  /// The last answer given to it.
  var answer: ResultSet?
  /// Whether it was told that an answer is not the one asked for.
  var knowsOfCheck = false
  /// Whether it was told what an error means.
  var knowsOfErrors = false

  /// Begins at the first exercise that is not done.
  init(
    _ entry: LessonLibrary.Entry, marking: LessonMarking, ownSession: Session, done: Set<Int>
  ) {
    lesson = entry.lesson
    number = entry.number
    self.marking = marking
    self.ownSession = ownSession
    place = lesson.exercises.firstIndex { !done.contains($0.number) } ?? 0
  }

  /// The exercise that is being done.
  var exercise: Lesson.Exercise { lesson.exercises[place] }

  /// Goes to an exercise, or to the same one again.
  func go(to place: Int) {
    self.place = place
    hintCount = 0
    answer = nil
    knowsOfCheck = false
  }

  /// `exercise 2> `, or `exercise 2 [58]> ` after an answer of 58 records.
  func promptText(count: Int?, isInTransaction: Bool) -> String {
    let name = "exercise \(exercise.number)" + (isInTransaction ? "*" : "")
    return count.map { "\(name) [\(ValueText.grouped($0))]> " } ?? name + "> "
  }

  /// `Lesson 3: Value`, or the title of a lesson in a file.
  var heading: String {
    number.map { "Lesson \($0): \(lesson.title)" } ?? "Lesson: \(lesson.title)"
  }
}
