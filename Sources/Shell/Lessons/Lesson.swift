import SampleData
import Store

/// One lesson: an idea, a question that is answered, and exercises.
///
/// It is written as Markdown; `LessonParser` reads it, and the reference says how.
struct Lesson: Sendable {
  /// What it is called at the prompt: its file's name without number and ending.
  var name: String
  /// Its first heading.
  var title = ""
  /// The data that it is about.
  var data = LessonData()
  /// What is good to know before: which keys do what.
  var preface: [LessonBlock] = []
  /// The idea.
  var idea: [LessonBlock] = []
  /// A question, its query as the one block of code, and what the answer says.
  var worked: [LessonBlock] = []
  /// Whether the lines under its answer are shown, which some verbs have many of.
  var showsNotes = true
  /// The exercises, at least one.
  var exercises: [Exercise] = []
  /// What is said when all are done.
  var summary: [LessonBlock] = []

  /// A question to the student.
  struct Exercise: Sendable {
    /// Counted from 1.
    var number: Int
    /// The line of its heading.
    var line: Int
    /// The question.
    var question: [LessonBlock] = []
    /// What is asked of an answer beside its rows.
    var wish: ResultWish = []
    /// Three, each plainer than the one before.
    var hints: [String] = []
    /// The solution, and others that are as right.
    var solutions: [LessonCode] = []
    /// What is said of the solution.
    var explanation: [LessonBlock] = []
    /// Typical wrong answers, at least three.
    var wrongAnswers: [WrongAnswer] = []
  }

  /// An answer that students give, and what is said of it.
  struct WrongAnswer: Sendable {
    var code: LessonCode
    /// What `.check` says of it by itself has these words.
    var words: [String] = []
    /// What the teacher adds for whoever gives this answer.
    var remark: [LessonBlock] = []
  }
}

/// Statements of a lesson, and the line on which they begin.
struct LessonCode: Equatable, Sendable {
  var text: String
  var line: Int
}

/// A part of a lesson's text.
enum LessonBlock: Equatable, Sendable {
  case paragraph(String)
  /// The lines of a list, each with its mark.
  case list([String])
  case code(LessonCode)
}

/// The demo data that a lesson is about.
struct LessonData: Equatable, Sendable {
  var customerCount = SampleData.defaultCustomerCount
  var seed = SampleData.defaultSeed
  /// Day number of `today`.
  var today = SampleData.lastDay
}
