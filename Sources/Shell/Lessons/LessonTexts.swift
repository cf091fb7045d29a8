import CTexts

/// The text of each lesson of the course, which the program carries.
enum LessonTexts {
  /// The files' names without their ending, and their texts, in the order of the course.
  static let all: [(name: String, text: String)] = (0..<rapport_lesson_count()).map { place in
    (String(cString: rapport_lesson_name(place)), String(cString: rapport_lesson_text(place)))
  }
}
