import FoundationEssentials
import TestSupport
import Testing

@testable import Shell

/// The course: each file of `examples/lessons` is sound, has what a lesson should, and is built in.
struct LessonTests {
  static let folder = SourceTree.root + "examples/lessons/"

  static var names: [String] {
    let files = try? FileManager.default.contentsOfDirectory(atPath: folder)
    return (files ?? []).filter { $0.hasSuffix(".md") }.sorted()
  }

  @Test(arguments: LessonTests.names)
  func `a lesson's solutions pass, and its wrong answers fail in the words it says`(
    _ name: String
  ) throws {
    let result = try #require(
      ChildProcess.run(
        ChildProcess.built("rapport"), ["--check-lesson", "examples/lessons/" + name],
        folder: SourceTree.root))
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.errors == "")
    #expect(result.output.hasSuffix("\(name): sound\n"), "\(result.output)")
  }

  /// Ten minutes each, by the measure of the course; what a screen of 80 × 24 holds.
  @Test(arguments: LessonTests.names)
  func `a lesson has an idea in few sentences, and three exercises`(_ name: String) throws {
    let text = try SourceTree.text(of: "examples/lessons/" + name)
    let (lesson, problems) = LessonParser.parse(text, name: name)
    #expect(problems == [])
    #expect(lesson.exercises.count == 3)
    #expect(lesson.exercises.allSatisfy { $0.hints.count == 3 && $0.wrongAnswers.count == 3 })
    #expect(lesson.exercises.allSatisfy { !$0.explanation.isEmpty })
    #expect(!lesson.summary.isEmpty)
    let layout = LessonText(style: Style(isOn: false), width: 80)
    // Five for the heading and the lines that follow, and two for the prompt.
    let screens = [lesson.preface, lesson.idea] + lesson.exercises.map(\.question)
    for screen in screens { #expect(layout.lines(of: screen).count <= 17, "\(screen)") }
    let idea = lesson.idea.map { block in
      if case .paragraph(let text) = block { text } else { "" }
    }
    let sentences = idea.joined(separator: " ").matches(of: /[a-z)`]([.?!])( |$)/).count
    #expect((4...7).contains(sentences), "\(sentences) sentences")
  }

  @Test func `the lessons that are built in are those of the folder`() throws {
    let texts = try Self.names.map { try SourceTree.text(of: "examples/lessons/" + $0) }
    #expect(LessonTexts.all.map(\.name) == Self.names.map { String($0.dropLast(3)) })
    #expect(LessonTexts.all.map(\.text) == texts)
  }
}
