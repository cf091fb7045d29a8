// swift-format-ignore-file
// Made from examples/lessons: UPDATE_SCRIPTS=1 swift test --filter LessonTests

/// The text of each lesson of the course, so that the program needs no files.
enum LessonTexts {
  /// The files' names without their ending, and their texts, in the order of the course.
  static let all: [(name: String, text: String)] = [
    ("01-stages", stages),
    ("02-value", value),
    ("03-acquisition", acquisition),
    ("04-complaints", complaints),
    ("05-cover", cover),
    ("06-pareto", pareto),
    ("07-win-back", winBack),
    ("08-moments", moments),
    ("09-service-gaps", serviceGaps),
    ("10-ladder", ladder),
    ("11-early-warning", earlyWarning),
    ("12-forecast", forecast),
  ]
}
