import Glibc
import TestSupport
import Testing

@testable import Shell

/// What stands on the screen at the prompt, in a pseudo-terminal: long answers, the answer before,
/// masks and transcripts.
@Suite(.serialized)
struct ScreenTests {
  private let folder: TemporaryFolder

  init() throws { folder = try #require(TemporaryFolder()) }

  private func start(
    _ words: [String] = ["--demo", "100"], columns: Int = 80, rows: Int = 24,
    pager: String? = "less -FRSX", environment: [String: String] = [:]
  ) throws -> PTYProcess {
    var variables = ["XDG_STATE_HOME": folder.path]
    variables["RAPPORT_PAGER"] = pager
    variables.merge(environment) { $1 }
    let shell = try #require(
      PTYProcess(
        ChildProcess.built("rapport"), words, environment: variables, columns: columns, rows: rows))
    #expect(shell.wait { $0.cursorLine.hasSuffix("rapport>") }, "\(shell.screen.text)")
    return shell
  }

  private func leave(_ shell: PTYProcess) {
    shell.send("\u{3}\u{4}")
    #expect(shell.exitStatus() == 0, "\(shell.screen.text)")
    #expect(shell.isCooked)
  }

  // MARK: back

  @Test(arguments: [40, 80, 200])
  func `then narrows, and back widens to the answer and the count before`(columns: Int) throws {
    let shell = try start(columns: columns)
    shell.send(".back\r")
    #expect(
      shell.wait(forWords: "error[nothing-before]: there is no answer to go back to hint: find"))
    shell.send("find customers\r")
    #expect(shell.wait(forCursorLine: "rapport 100>"), "\(shell.screen.text)")
    shell.send("then where value > 1k\r")
    #expect(shell.wait { $0.cursorLine.hasPrefix("rapport 1") && !$0.cursorLine.contains("100") })
    let narrow = shell.screen.cursorLine
    shell.send("top 2 by value\r")
    #expect(shell.wait(forCursorLine: "rapport 2>"), "\(shell.screen.text)")
    shell.send("calc 1 as n\r.back\r")
    #expect(shell.wait(forCursorLine: narrow), "\(shell.screen.text)")
    shell.send(".query\r")
    #expect(shell.wait { $0.text.hasSuffix("then where value > 1k\n" + narrow) })
    shell.send(".back\r")
    #expect(shell.wait(forCursorLine: "rapport 100>"), "\(shell.screen.text)")
    shell.send(".back\r")
    #expect(shell.wait(forWords: "there is no answer before this one"), "\(shell.screen.text)")
    shell.send(".back 2\r")
    #expect(shell.wait(forWords: "'.back' takes nothing after it, found '2'"))
    leave(shell)
  }

  @Test func `it means the answer that back went to`() throws {
    let shell = try start()
    shell.send("find customers where id <= 3 show id\rthen where id = 1\r.back\r")
    #expect(shell.wait(forCursorLine: "rapport 3>"), "\(shell.screen.text)")
    shell.send("find it where id > 1\r")
    #expect(shell.wait(forCursorLine: "rapport 2>"), "\(shell.screen.text)")
    leave(shell)
  }

  // MARK: the pager

  @Test(arguments: [40, 80, 200])
  func `an answer taller than the screen goes to the pager, and comes back`(columns: Int) throws {
    let shell = try start(columns: columns)
    shell.send("find customers show id, name\r")
    #expect(shell.wait(for: "18 of 100 shown; .all for the rest"), "\(shell.screen.text)")
    #expect(shell.wait(forCursorLine: "rapport 100>"))
    shell.send(".all\r")
    #expect(shell.wait(forCursorLine: ":"), "\(shell.screen.text)")
    #expect(!shell.screen.text.contains("\n 60  "))
    // Ctrl-C is the pager's, and takes with it what was typed before.
    shell.send("\u{3}")
    #expect(
      shell.wait { screen in
        let isAtEnd = screen.cursorLine.hasPrefix("(END)")
        if !isAtEnd { shell.send("G") }
        return isAtEnd
      }, "\(shell.screen.text)")
    #expect(shell.screen.text.contains("100 customers\n"))
    shell.send("q")
    #expect(shell.wait(forCursorLine: "rapport 100>"), "\(shell.screen.text)")
    shell.send(".all\r")
    #expect(shell.wait(forCursorLine: ":"), "\(shell.screen.text)")
    shell.send("qcalc 6 * 7 as n\r")
    #expect(shell.wait(for: "\n42"), "\(shell.screen.text)")
    #expect(!shell.screen.text.contains("error"))
    shell.send(".pager off\r.all\r")
    #expect(shell.wait(for: "the pager is off"))
    #expect(shell.wait { $0.text.contains("\n 60  ") && $0.cursorLine == "rapport 100>" })
    leave(shell)
  }

  @Test func `any program may be the pager, and one that cannot be run is none`() throws {
    let shell = try start(pager: "/nonexistent/pager")
    shell.send("find customers show id\r.all\r")
    #expect(shell.wait { $0.text.contains("\n 50\n") }, "\(shell.screen.text)")
    shell.send(".pager /nonexistent/pager\r")
    #expect(shell.wait(forWords: "takes on, off or a program that can be run"))
    shell.send(".pager head -n 3\r")
    #expect(shell.wait(for: "read in 'head -n 3'"), "\(shell.screen.text)")
    shell.send(".all\r")
    #expect(shell.wait(for: ".all\n id\n  1\n  2\nrapport 100>"), "\(shell.screen.text)")
    shell.send("find customers where id <= 2 show id\r")
    #expect(shell.wait(for: " 2\n2 customers\n"), "a short answer goes past it")
    leave(shell)
  }

  @Test(arguments: [("dumb", []), ("xterm", ["--plain"])])
  func `neither a dumb terminal nor --plain has a pager`(terminal: String, words: [String]) throws {
    let shell = try start(["--demo", "100"] + words, environment: ["TERM": terminal])
    shell.send("find customers show id\r.all\r")
    #expect(shell.wait { $0.text.contains("50\n") && $0.cursorLine.hasSuffix("rapport 100>") })
    shell.send(".exit\r")
    #expect(shell.exitStatus() == 0)
  }

  // MARK: words

  @Test(arguments: [40, 80, 200])
  func `what is told keeps to the screen, broken between words`(columns: Int) throws {
    let shell = try start(columns: columns, pager: "")
    for (statement, told) in [
      (
        "find customers where value > 100k and city = \"Olso\"", "there is 'Oslo' 100 customers → 0"
      ),
      ("explain analyze find customers where value > 1k order by name", "order by name"),
      ("find customers where vlue > 10k and stage = welcoming", "hint: a close name is 'value'"),
      (".help", ".help TOPIC tells more, with examples"), (".help where", "for which C holds"),
      (".help keys", "Ctrl-_ takes the last change of the text back"),
      (".help commands", "draw the last answer: bar, line, histogram, scatter"),
      (".lesson", "Begin one: .lesson 1"), ("profile customer 42", "Tommasa D'Angelo"),
      ("rfm customers", "rfm over 100 customers"),
    ] {
      shell.send(statement + "\r")
      #expect(
        shell.wait { screen in
          let lines = screen.text.split(separator: "\n")
          let place = lines.lastIndex { $0.hasSuffix("> " + statement) }
          return place != nil && place != lines.count - 1 && lines.last?.last == ">"
        }, "\(shell.screen.text)")
      #expect(shell.screen.words.contains(told), "\(statement): \(shell.screen.text)")
      let lines = shell.screen.text.split(separator: "\n")
      let start = try #require(lines.lastIndex { $0.hasSuffix("> " + statement) })
      // A corrected statement is to be copied, and goes on below as what is typed does.
      let wide = lines[(start + 1)...].filter {
        DisplayWidth.of(String($0)) > columns && !$0.hasPrefix("  find customers")
      }
      #expect(wide == [], "\(statement)")
    }
    leave(shell)
  }

  // MARK: plain

  @Test(arguments: [40, 80, 200])
  func `--plain says a field a line, without colour or drawing`(columns: Int) throws {
    let shell = try start(["--demo", "100", "--plain"], columns: columns)
    shell.send("find customers where id <= 2 show id, left_because\r")
    #expect(shell.wait(forCursorLine: "rapport 2>"), "\(shell.screen.text)")
    #expect(
      shell.screen.text.contains("id: 1\nleft_because: moved away\n\nid: 2\n"),
      "\(shell.screen.text)")
    #expect(shell.screen.style(of: "2 customers") == "")
    #expect(shell.screen.style(of: "rapport 2>") == "")
    shell.send("ladder customers\r")
    #expect(shell.wait(for: "rung: "), "\(shell.screen.text)")
    shell.send("profile customer 42\r")
    #expect(shell.wait(for: "\nvalue: "), "\(shell.screen.text)")
    #expect(!shell.screen.text.contains("█") && !shell.screen.text.contains("·"))
    leave(shell)
  }

  // MARK: masks

  @Test(arguments: [40, 80, 200])
  func `a mask hides persons from every output, and filters still know them`(columns: Int) throws {
    let shell = try start(columns: columns)
    shell.send("find customers where id = 42 show name, email, phone, city, owner\r")
    #expect(shell.wait(for: "tommasa.dangelo"), "\(shell.screen.text)")
    shell.send(".mask on\r")
    #expect(shell.wait(for: "masking is on"))
    shell.send("where name = \"Tommasa D'Angelo\"\r")
    #expect(shell.wait { $0.text.components(of: "Alba Ashford") == 1 }, "\(shell.screen.text)")
    #expect(shell.screen.text.contains("person1@example.com"))
    #expect(shell.wait(for: "Bergamo"), "a city sorts, and says nothing of a person")
    shell.send("then group by name show count()\r.chart bar\rprofile customer 42\r")
    #expect(shell.wait { $0.text.components(of: "Alba Ashford") >= 4 }, "\(shell.screen.text)")
    shell.send(".once \(folder.path)/one.csv\rfind customers where id = 42 show name, email\r")
    shell.send("find customers where id = 42 show name into \"\(folder.path)/two.json\"\r")
    #expect(shell.wait(for: "wrote 1 row"), "\(shell.screen.text)")
    #expect(folder.read("one.csv") == "name,email\nAlba Ashford,person1@example.com\n")
    #expect(folder.read("two.json")?.contains("Alba Ashford") == true)
    shell.send("find customers where name = \"\t\t")
    #expect(
      shell.wait { $0.cursorLine.hasSuffix("> find customers where name = \"") },
      "\(shell.screen.text)")
    shell.send("\u{3}.history 3\r")
    #expect(shell.wait(for: "show name into \"…\"\n"), "\(shell.screen.text)")
    shell.send("export all to \"\(folder.path)/all\"\r")
    #expect(shell.wait(for: "error[masked]"), "\(shell.screen.text)")
    shell.send(".mask off\rfind customers where id = 42 show email\r")
    #expect(shell.wait { $0.text.components(of: "tommasa.dangelo") == 2 })
    leave(shell)
  }

  // MARK: transcripts

  @Test(arguments: [40, 80, 200])
  func `what is recorded replays, and what differs is shown with its line`(columns: Int) throws {
    let path = folder.path + "/class.md"
    let shell = try start(columns: columns, pager: nil)
    shell.send(".record \(path)\r")
    #expect(shell.wait(for: "recording in"), "\(shell.screen.text)")
    shell.send("find customers\rwhere value > 1k\r.back\r")
    #expect(shell.wait { $0.text.components(of: "rapport 100>") == 2 }, "\(shell.screen.text)")
    for answer in ["y", "n", "\u{3}"] {
      shell.send("update customers where id <= 3 set city = \"Hov\"\r")
      #expect(shell.wait { $0.cursorLine.hasSuffix("[y/N]") })
      shell.send(answer + "\r")
      #expect(shell.wait { $0.cursorLine.hasSuffix(">") })
    }
    shell.send(".all\r")
    #expect(shell.wait(forCursorLine: ":"), "\(shell.screen.text)")
    shell.send("q")
    shell.send("count customers where\rid <= 3\rfind nothing\r")
    #expect(shell.wait(for: "error[unknown-entity]"), "\(shell.screen.text)")
    shell.send(".record\r")
    #expect(shell.wait(for: "recorded 9 statements"), "\(shell.screen.text)")
    shell.send(".verify \(path)\r")
    #expect(shell.wait(for: "9 answers, all as they stand"), "\(shell.screen.text)")
    shell.send("\u{4}y\r")
    _ = shell.wait(for: "Leave?")
    shell.send("y\r")
    #expect(shell.exitStatus() == 0)
    let text = try #require(folder.read("class.md"))
    #expect(text.contains("rapport> count customers where\n   ...>   id <= 3\n"))
    folder.write("class.md", text.replacing("updated 3 customers", with: "updated 4 customers"))
    let result = try #require(ChildProcess.run(ChildProcess.built("rapport"), ["--verify", path]))
    #expect(result.status == 1)
    #expect(result.output.contains("-updated 4 customers\n+updated 3 customers\n"))
    #expect(result.output.contains(/class\.md:\d+: rapport> update/))
    #expect(result.output.hasSuffix("1 of 9 answers differs\n"), "\(result.output)")
  }

  @Test func `only a transcript is replaced by one`() throws {
    folder.write("notes.md", "# Notes\n")
    let shell = try start()
    shell.send(".record \(folder.path)/notes.md\r")
    #expect(shell.wait(for: "error[not-a-transcript]"), "\(shell.screen.text)")
    shell.send(".record\r")
    #expect(shell.wait(for: "'.record' needs the name of a file"))
    shell.send(".record \(folder.path)/new.md\rcalc 1 as n\r.record \(folder.path)/new.md\r")
    #expect(shell.wait { $0.text.components(of: "recording in") == 2 }, "\(shell.screen.text)")
    leave(shell)
    #expect(folder.read("notes.md") == "# Notes\n")
    for (name, code) in [("notes.md", "not-a-transcript"), ("none.md", "script-not-found")] {
      let words = ["--verify", folder.path + "/" + name]
      let result = try #require(ChildProcess.run(ChildProcess.built("rapport"), words))
      #expect(result.status == 2)
      #expect(result.errors.hasPrefix("error[\(code)]"), "\(result.errors)")
    }
    #expect(folder.read("new.md")?.hasPrefix("<!-- rapport transcript 80x24: rapport ") == true)
  }
}

extension String {
  /// How often `part` stands in it.
  fileprivate func components(of part: String) -> Int { ranges(of: part).count }
}
