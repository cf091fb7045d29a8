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

  /// `UPDATE_SCRIPTS=1` writes the sources anew.
  @Test func `the lessons that are built in are those of the folder`() throws {
    var sources: [(path: String, text: String)] = []
    var list = ""
    for name in Self.names {
      let words = LessonLibrary.name(of: name).split(separator: "-").map(String.init)
      let capitals = words.map { $0.prefix(1).uppercased() + $0.dropFirst() }
      let variable = words[0] + capitals.dropFirst().joined()
      list += "    (\"\(name.dropLast(3))\", \(variable)),\n"
      let text = try SourceTree.text(of: "examples/lessons/" + name)
      sources.append(
        (
          "Texts/LessonTexts+\(capitals.joined()).swift",
          """
          // swift-format-ignore-file
          // Made from examples/lessons/\(name): UPDATE_SCRIPTS=1 swift test --filter LessonTests

          extension LessonTexts {
            static let \(variable) = #\"""
          \(text)\"""#
          }

          """
        ))
    }
    sources.append(("LessonTexts.swift", Self.listSource(of: list)))
    let folder = SourceTree.root + "Sources/Shell/Lessons/"
    if GoldenTests.isUpdating {
      for (path, text) in sources {
        try text.write(toFile: folder + path, atomically: true, encoding: .utf8)
      }
    }
    for (path, text) in sources {
      #expect(try String(contentsOfFile: folder + path, encoding: .utf8) == text, "\(path)")
    }
    let files = try FileManager.default.contentsOfDirectory(atPath: folder + "Texts")
    #expect(files.count == Self.names.count)
  }

  private static func listSource(of list: String) -> String {
    """
    // swift-format-ignore-file
    // Made from examples/lessons: UPDATE_SCRIPTS=1 swift test --filter LessonTests

    /// The text of each lesson of the course, so that the program needs no files.
    enum LessonTexts {
      /// The files' names without their ending, and their texts, in the order of the course.
      static let all: [(name: String, text: String)] = [
    \(list)  ]
    }

    """
  }
}
