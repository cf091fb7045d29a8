import Glibc
import TestSupport
import Testing

@testable import Shell

/// Files of lessons and of progress, whatever is in them.
struct LessonFileTests {
  /// Lines of a lesson in any order, some left out and some twice.
  @Test func `a lesson of any lines is read, and its mistakes lie in it`() {
    var random = SystemRandomNumberGenerator()
    let lines = LessonTexts.all[0].text.split(separator: "\n", omittingEmptySubsequences: false)
    for _ in 0..<100 {
      let count = Int.random(in: 0...lines.count, using: &random)
      let chosen = (0..<count).compactMap { _ in lines.randomElement(using: &random) }
      let (lesson, problems) = LessonParser.parse(chosen.joined(separator: "\n"), name: "any")
      #expect(problems.allSatisfy { (1...max(1, count)).contains($0.line) })
      #expect(problems.isEmpty == false || lesson.exercises.isEmpty == false)
    }
  }

  @Test func `a lesson with Windows line ends is the same lesson`() {
    let text = LessonTexts.all[0].text.replacing("\n", with: "\r\n")
    let (lesson, problems) = LessonParser.parse(text, name: "stages")
    #expect(problems == [])
    #expect(lesson.exercises.map(\.hints.count) == [3, 3, 3])
  }

  @Test func `every form of a name is the lesson's`() throws {
    for word in ["1", "stages", "01-stages", "STAGES"] {
      let entry = try LessonLibrary.lesson(word)
      #expect(entry.number == 1)
    }
    #expect(LessonLibrary.name(of: "/tmp/03-on-value.md") == "on-value")
    #expect(LessonLibrary.name(of: "2.md") == "2")
  }

  @Test func `progress is kept for two shells at a time, and damage is passed over`() throws {
    let folder = try #require(TemporaryFolder())
    let path = folder.path + "/deep/rapport/lessons"
    var one = LessonProgress(path: path)
    var other = LessonProgress(path: path)
    one.note(2, of: "stages")
    other.note(1, of: "stages")
    other.note(3, of: "a\nb")
    #expect(folder.read("deep/rapport/lessons") == "a\\nb\t3\nstages\t1 2\n")
    var status = stat()
    #expect(stat(path, &status) == 0)
    #expect(status.st_mode & 0o777 == 0o600)
    folder.write("bad", "stages\t1 x 3 -4\n\n\u{0}\t1\nvalue\n\tzero\n")
    let read = LessonProgress(path: folder.path + "/bad")
    #expect(read.exercises(of: "stages") == [1, 3])
    #expect(read.exercises(of: "value") == [])
    var nowhere = LessonProgress(path: "/proc/none/lessons")
    nowhere.note(1, of: "stages")
    #expect(nowhere.exercises(of: "stages") == [1])
  }

  @Test(arguments: ["~~~", "`````", "  ```", "   ~~~~"])
  func `a lesson with any fences of Markdown is the same lesson`(fence: String) {
    let indent = String(fence.prefix { $0 == " " })
    let text = LessonTexts.all[0].text
    let (lesson, _) = LessonParser.parse(text, name: "stages")
    var isCode = false
    var lines: [String] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("```") { isCode.toggle() }
      let isFence = line.hasPrefix("```")
      lines.append(
        isFence ? fence + line.dropFirst(3) : isCode ? indent + line : String(line))
    }
    let (other, problems) = LessonParser.parse(lines.joined(separator: "\n"), name: "stages")
    #expect(problems == [])
    #expect(other.worked == lesson.worked)
    #expect(other.exercises.map(\.solutions) == lesson.exercises.map(\.solutions))
    #expect(other.exercises.map(\.wrongAnswers.count) == lesson.exercises.map(\.wrongAnswers.count))
  }

  @Test func `a wrong answer that is told nothing is a mistake`() {
    let text = LessonTexts.all[0].text.replacing(/\n> .*/, with: "\n> ")
    let (_, problems) = LessonParser.parse(text, name: "stages")
    #expect(problems.count >= 9)
    #expect(problems.allSatisfy { $0.reason.code == "lesson-part" })
  }

  @Test func `pipes in the place of history and progress hold nobody up`() throws {
    let folder = try #require(TemporaryFolder())
    for name in ["history", "lessons"] { #expect(mkfifo(folder.path + "/" + name, 0o600) == 0) }
    let history = History(path: folder.path + "/history", earlier: folder.path + "/lessons")
    history.add("count customers")
    #expect(history.entries == ["count customers"])
    var progress = LessonProgress(path: folder.path + "/lessons")
    progress.note(1, of: "stages")
    #expect(progress.exercises(of: "stages") == [1])
    folder.write("queries/one.crm", "count customers\n")
    #expect(mkfifo(folder.path + "/queries/pipe.crm", 0o600) == 0)
    let run = ChildProcess.run(
      ChildProcess.built("rapport"), ["--demo", "100", "-f", "pipe.crm"], folder: folder.path)
    #expect(run?.errors == "error[script-not-found]: there is no script 'pipe.crm'\n")
  }
}
