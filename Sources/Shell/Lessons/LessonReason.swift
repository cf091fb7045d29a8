import Syntax

/// Why a lesson cannot be taught, or a command about lessons not be carried out.
enum LessonReason: Reason, Hashable, Sendable {
  /// A part that a lesson, or an exercise of it, has not.
  case partMissing(String, of: String)
  /// A heading that means nothing, or the title a second time.
  case unknownHeading(String)
  case secondTitle
  /// A part a second time, or one of an exercise before any exercise.
  case partTwice(String)
  case partOutsideExercise(String)
  /// An exercise whose number is not the next one.
  case exerciseNumber(String, expected: Int)
  /// A block of code without its end, without statements, or of another language.
  case openCode
  case emptyCode
  case codeTag(String)
  /// A second query in the worked question.
  case secondWorkedQuery
  /// A line that does not belong where it is: what does.
  case strayLine(String)
  /// A setting under the title that there is not, or with a value it does not take.
  case unknownSetting(String)
  case badSetting(String, String, expected: String)
  /// A word behind `check:` that asks for nothing.
  case unknownWish(String)
  /// A query of a lesson that fails, gives no rows, or is no question: what it is, and why.
  case queryFails(String, why: String)
  case queryGivesNothing(String)
  /// A further solution that is not right, in the words of `.check`.
  case solutionDiffers(String)
  /// A wrong answer that passes.
  case wrongAnswerPasses
  /// Words that a wrong answer should be told, and those that it is told.
  case wordsNotSaid(String, said: String)
  /// A lesson that there is not, or whose file cannot be read.
  case unknownLesson(String, near: [String])
  case unreadable(String, reason: String)
  /// A lesson with mistakes: how many, and the first.
  case brokenLesson(String, line: Int, first: String)
  /// A command that belongs to a lesson while there is none.
  case noLesson(String)
  /// Nothing was asked since the exercise began.
  case nothingToCheck
  /// A command that leaves the data of a lesson.
  case notInLesson(String)

  var code: String {
    switch self {
    case .partMissing: "lesson-part"
    case .unknownHeading, .secondTitle, .exerciseNumber: "lesson-heading"
    case .partTwice, .partOutsideExercise: "lesson-heading"
    case .openCode, .emptyCode, .codeTag, .secondWorkedQuery: "lesson-code"
    case .strayLine: "lesson-line"
    case .unknownSetting, .badSetting, .unknownWish: "lesson-setting"
    case .queryFails, .queryGivesNothing, .solutionDiffers: "lesson-solution"
    case .wrongAnswerPasses, .wordsNotSaid: "lesson-wrong-answer"
    case .unknownLesson: "unknown-lesson"
    case .unreadable: "lesson-unreadable"
    case .brokenLesson: "broken-lesson"
    case .noLesson: "no-lesson"
    case .nothingToCheck: "nothing-to-check"
    case .notInLesson: "not-in-lesson"
    }
  }

  var message: String {
    switch self {
    case .partMissing(let part, let whole): "\(whole) lacks \(part)"
    case .unknownHeading(let heading): "'\(heading)' is no heading of a lesson"
    case .secondTitle: "a lesson has one title"
    case .partTwice(let heading): "'\(heading)' stands here a second time"
    case .partOutsideExercise(let heading): "'\(heading)' stands before any exercise"
    case .exerciseNumber(let heading, let number):
      "the heading should be 'Exercise \(number)', found '\(heading)'"
    case .openCode: "the block of code has no end"
    case .emptyCode: "the block of code is empty"
    case .codeTag(let tag): "a block of code is tagged 'rapport', found '\(tag)'"
    case .secondWorkedQuery: "the worked question has one block of code, this is a second"
    case .strayLine(let rule): rule
    case .unknownSetting(let name): "'\(name)' is no setting of a lesson"
    case .badSetting(let name, let value, let expected):
      "'\(name)' takes \(expected), found '\(value)'"
    case .unknownWish(let word): "'\(word)' is nothing that 'check:' asks for"
    case .queryFails(let query, let why): "\(query) fails: \(why)"
    case .queryGivesNothing(let query): "\(query) gives no rows"
    case .solutionDiffers(let words): "this solution is not right: \(words)"
    case .wrongAnswerPasses: "this wrong answer passes"
    case .wordsNotSaid(let words, let said):
      "this wrong answer is not told '\(words)', but: \(said)"
    case .unknownLesson(let name, _): "there is no lesson '\(name)'"
    case .unreadable(let path, let reason): "'\(path)' cannot be read: \(reason)"
    case .brokenLesson(let path, let line, let first):
      "'\(path)' is no lesson yet: line \(line), \(first)"
    case .noLesson(let command): "'\(command)' belongs to a lesson, and none is open"
    case .nothingToCheck: "this exercise has no answer yet"
    case .notInLesson(let command): "'\(command)' would leave the lesson"
    }
  }

  var hint: String? {
    switch self {
    case .unknownHeading:
      "the headings: Before you begin, The idea, A worked question, Exercise 1, Hints, Solution, "
        + "Wrong answers, In short"
    case .codeTag: "```rapport"
    case .unknownSetting: "data: demo, customers: 2000, seed: 20260630, today: 2026-06-30"
    case .unknownWish: "check: order, columns, names"
    case .unknownLesson(_, let near):
      near.first.map { "a close name is '\($0)'" } ?? "all lessons: .lesson"
    case .brokenLesson(let path, _, _): "rapport --check-lesson \(path)"
    case .noLesson: ".lesson 1"
    case .nothingToCheck: "type a query, such as: find customers"
    case .notInLesson: ".lesson end goes back to the data that was open"
    default: nil
    }
  }
}
