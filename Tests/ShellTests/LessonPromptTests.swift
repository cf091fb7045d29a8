import Glibc
import TestSupport
import Testing

/// Lessons in a pseudo-terminal, taken as a student does.
@Suite(.serialized)
struct LessonPromptTests {
  private let folder: TemporaryFolder

  init() throws { folder = try #require(TemporaryFolder()) }

  private func start(
    columns: Int = 80, rows: Int = 24, environment: [String: String] = [:]
  ) throws -> PTYProcess {
    var variables = ["XDG_STATE_HOME": folder.path]
    variables.merge(environment) { $1 }
    let shell = try #require(
      PTYProcess(
        ChildProcess.built("rapport"), [], environment: variables, columns: columns, rows: rows))
    #expect(shell.wait(forCursorLine: "rapport>"), "\(shell.screen.text)")
    return shell
  }

  private func leave(_ shell: PTYProcess) {
    shell.send("\u{3}.exit\r")
    #expect(shell.exitStatus() == 0, "\(shell.screen.text)")
    #expect(shell.isCooked)
  }

  /// Sends a line and waits for the text that answers it.
  private func type(_ line: String, _ shell: PTYProcess, _ text: String) {
    shell.send(line + "\r")
    #expect(shell.wait(forWords: text), "\(line):\n\(shell.screen.text)")
  }

  /// Goes from page to page, each of which fits the screen, to the first exercise.
  private func read(_ shell: PTYProcess, headings: [String]) {
    for heading in headings {
      #expect(
        shell.wait { $0.cursorLine == "Press Enter to go on." && $0.text.contains(heading) },
        "\(shell.screen.text)")
      #expect(shell.screen.lines.contains { $0.contains(heading) }, "it scrolled out: \(heading)")
      shell.send("\r")
    }
    #expect(shell.wait(forCursorLine: "exercise 1>"), "\(shell.screen.text)")
  }

  @Test(arguments: [40, 80, 200])
  func `a student gets through the first lesson, and it is remembered`(columns: Int) throws {
    let shell = try start(columns: columns)
    type("lesson 1", shell, "Lesson 1: The stages of a relationship")
    read(shell, headings: ["Enter asks the question", "The idea", "A worked question"])
    #expect(shell.screen.lines.contains("Exercise 1 of 3"))

    // A slip, and what an error means.
    type("find customer where stage = wellcoming", shell, "Nothing is broken")
    #expect(shell.wait(forCursorLine: "exercise 1>"))
    // A wrong answer, told once; then why.
    type("find customers", shell, ".check tells why")
    #expect(shell.wait(forCursorLine: "exercise 1 [200]>"), "\(shell.screen.text)")
    type("check", shell, "whatever their stage")
    #expect(shell.screen.text.contains("190 are too many"))
    type("hint", shell, "Hint 1 of 3")
    // Tab as the hint says.
    shell.send("find cust\t")
    #expect(shell.wait { $0.cursorLine.hasSuffix("> find customers") }, "\(shell.screen.text)")
    shell.send("where stage = w\t\r")
    #expect(shell.wait(for: "Right: exercise 1 is done"), "\(shell.screen.text)")
    #expect(shell.wait(for: "Exercise 2 of 3"))

    type(
      "find customers where stage = account_management and value > 2k", shell,
      "Right: exercise 2 is done")
    type(
      "find customers where country = \"ES\" and stage = dissociation", shell,
      "Right: exercise 3 is done")
    #expect(shell.wait(for: ".lesson next begins lesson 2"), "\(shell.screen.text)")
    type(".lesson end", shell, "back to an empty store in memory")
    #expect(shell.wait(forCursorLine: "rapport>"))
    leave(shell)

    #expect(folder.read("rapport/lessons") == "stages\t1 2 3\n")
    var status = stat()
    #expect(stat(folder.path + "/rapport/lessons", &status) == 0)
    #expect(status.st_mode & 0o777 == 0o600)
    let next = try start()
    type(".lesson", next, "1 ✓ 3/3  The stages")
    #expect(next.wait(for: "2   0/3  Value"), "\(next.screen.text)")
    leave(next)
  }

  @Test func `the data that was open waits unharmed, also what is not saved`() throws {
    let shell = try start()
    type("add customer name = \"Mine\"", shell, "added customer 1")
    type("begin", shell, "rapport*>")
    type("add customer name = \"Open\"", shell, "added customer 2")
    shell.send("lesson 2\r")
    #expect(shell.wait(for: "Press Enter"))
    shell.send("\u{3}")
    #expect(shell.wait(forCursorLine: "exercise 1>"), "\(shell.screen.text)")
    shell.send("delete customers where stage = dissociation with related\r")
    #expect(shell.wait(for: "Go on? [y/N]"), "\(shell.screen.text)")
    shell.send("y\r")
    #expect(shell.wait(for: "deleted"))
    type(".open other.rapport", shell, "not-in-lesson")
    shell.send(".exit\r")
    #expect(shell.wait(for: "its statement would be taken back"), "\(shell.screen.text)")
    shell.send("n\r")
    type(".lesson end", shell, "back to in memory, 2 customers")
    #expect(shell.wait(forCursorLine: "rapport*>"), "\(shell.screen.text)")
    type("commit", shell, "committed")
    shell.send("\u{4}")
    #expect(shell.wait(for: "in memory are not saved"))
    shell.send("y\r")
    #expect(shell.exitStatus() == 0)
  }

  @Test(arguments: [40, 200])
  func `a lesson fits narrow and wide screens, without colour or Unicode`(columns: Int) throws {
    let shell = try start(
      columns: columns, environment: ["NO_COLOR": "1", "LC_ALL": "C", "TERM": "dumb"])
    type(".lesson 2", shell, "Lesson 2")
    let pause = "Press Enter to go on."
    for count in 1...9 {
      let isThere = shell.wait {
        $0.cursorLine == "exercise 1>" || $0.text.ranges(of: pause).count == count
      }
      #expect(isThere, "\(shell.screen.text)")
      if shell.screen.cursorLine == "exercise 1>" { break }
      shell.send("\r")
    }
    type("find customers top 10 by profit show name", shell, "Right: exercise 1 is done")
    #expect(!shell.screen.text.contains("✓"))
    leave(shell)
  }
}
