import Glibc
import TestSupport
import Testing

/// The prompt in a pseudo-terminal, driven by keys.
@Suite(.serialized)
struct PromptTests {
  private let folder: TemporaryFolder

  init() throws { folder = try #require(TemporaryFolder()) }

  private func start(
    _ words: [String] = [], columns: Int = 80, environment: [String: String] = [:]
  ) throws -> PTYProcess {
    // Without a pager, which tests of the screen have.
    var variables = ["XDG_STATE_HOME": folder.path, "RAPPORT_PAGER": ""]
    variables.merge(environment) { $1 }
    let shell = try #require(
      PTYProcess(
        ChildProcess.built("rapport"), ["--demo", "100"] + words, environment: variables,
        columns: columns))
    #expect(shell.wait(forCursorLine: "rapport>"), "\(shell.screen.text)")
    return shell
  }

  private func leave(_ shell: PTYProcess) {
    shell.send("\u{3}")
    shell.send("\u{4}")
    #expect(shell.exitStatus() == 0, "\(shell.screen.text)")
    #expect(shell.isCooked)
    let bracketsPastes = shell.screen.bracketsPastes
    #expect(!bracketsPastes)
  }

  @Test(arguments: [40, 80, 200])
  func `Enter runs a complete statement and the prompt carries the count`(columns: Int) throws {
    let shell = try start(columns: columns)
    #expect(shell.screen.words.contains("100 customers; today is 2026-06-30"))
    shell.send("find customers where id <= 2 order by value\r")
    #expect(shell.wait(forCursorLine: "rapport 2>"), "\(shell.screen.text)")
    #expect(shell.screen.text.contains("2 customers, by value, lowest first"))
    #expect(shell.screen.style(of: "2 customers") == "2")
    shell.send("where id > 1\r")
    #expect(shell.wait(forCursorLine: "rapport 1>"), "\(shell.screen.text)")
    #expect(shell.screen.words.contains("order by value then where id > 1"))
    shell.send("count customers by stage\r")
    #expect(shell.wait(for: "6 rows"))
    #expect(shell.wait(forCursorLine: "rapport>"))
    leave(shell)
  }

  @Test(arguments: [40, 80, 200])
  func `Enter opens a line while the statement wants more`(columns: Int) throws {
    let shell = try start(columns: columns)
    shell.send("find customers where\r")
    #expect(shell.wait { $0.cursor.column == 2 }, "\(shell.screen.text)")
    shell.send("id > 0 and\rid <= 2\r")
    #expect(shell.wait(forCursorLine: "rapport 2>"), "\(shell.screen.text)")
    shell.send("find customers where")
    shell.send("\r\r")
    #expect(shell.wait(for: "error["), "\(shell.screen.text)")
    #expect(shell.wait(forCursorLine: "rapport 2>"))
    shell.send("find customers\u{1B}\rwhere id <= 2\u{1B}\r")
    #expect(shell.wait { $0.cursor.column == 2 })
    shell.send("\r")
    #expect(shell.wait(for: "where id <= 2"))
    #expect(shell.wait(forCursorLine: "rapport 2>"))
    shell.send("calc 1 +;\r")
    #expect(shell.wait(for: "calc 1 +;\n"))
    leave(shell)
  }

  @Test(arguments: [40, 80, 200])
  func `a statement of several lines comes back whole, also in the next session`(columns: Int)
    throws
  {
    let shell = try start(columns: columns)
    shell.send("count customers where\rstage = welcoming\r")
    #expect(shell.wait(for: "1 row"), "\(shell.screen.text)")
    shell.send(" count employees\r")
    #expect(shell.wait { $0.text.components(of: "1 row") == 2 })
    shell.send("dra\u{1B}[A")
    #expect(shell.wait(forCursorLine: "  stage = welcoming"), "\(shell.screen.text)")
    shell.send("\u{1B}[B")
    #expect(shell.wait(forCursorLine: "rapport> dra"), "\(shell.screen.text)")
    shell.send("\u{15}")
    leave(shell)
    #expect(folder.read("rapport/history/demo") == "count customers where\\n  stage = welcoming\n")
    var status = stat()
    #expect(stat(folder.path + "/rapport/history/demo", &status) == 0)
    #expect(status.st_mode & 0o777 == 0o600)
    let next = try start(columns: columns)
    next.send("\u{1B}OA")
    #expect(next.wait(forCursorLine: "  stage = welcoming"))
    next.send("\r")
    #expect(next.wait(for: "1 row"))
    next.send("\u{4}")
    #expect(next.exitStatus() == 0)
  }

  @Test(arguments: [40, 80, 200])
  func `a paste does not run by itself, and Enter runs all of it`(columns: Int) throws {
    let shell = try start(columns: columns)
    shell.send("\u{1B}[200~calc 11 * 11 as first\ncalc 12 * 12 as second\n\u{1B}[201~")
    #expect(shell.wait(for: "as second"), "\(shell.screen.text)")
    #expect(!shell.screen.text.contains("121"))
    shell.send("\r")
    #expect(shell.wait(for: "144"), "\(shell.screen.text)")
    #expect(shell.screen.text.contains("121"))
    let long = (1...200).map { "-- line \($0)\n" }.joined() + "calc 13 * 13 as third"
    shell.send("\u{1B}[200~\(long)\u{1B}[201~\r")
    #expect(shell.wait(for: "169"), "\(shell.screen.text)")
    leave(shell)
  }

  @Test(arguments: [40, 80, 200])
  func `Ctrl-C drops the text, hints on an empty line, and never leaves`(columns: Int) throws {
    let shell = try start(columns: columns)
    shell.send("find custo\u{3}")
    #expect(shell.wait(for: "find custo^C"), "\(shell.screen.text)")
    #expect(shell.wait(forCursorLine: "rapport>"))
    shell.send("\u{3}")
    #expect(shell.wait(for: "Ctrl-D or .exit leaves"))
    shell.send("xy\u{1B}[D\u{1B}[D\u{4}")
    #expect(shell.wait(forCursorLine: "rapport> y"), "\(shell.screen.text)")
    leave(shell)
  }

  @Test(arguments: [40, 80, 200])
  func `Tab completes words, fields, and values with their counts`(columns: Int) throws {
    let shell = try start(columns: columns)
    shell.send("fi\tcustom\twhe\tstag\t")
    #expect(
      shell.wait(forCursorLine: "rapport> find customers where stage"), "\(shell.screen.text)")
    shell.send("\t")
    #expect(shell.wait(for: "stage_since"), "\(shell.screen.text)")
    shell.send(" = \t")
    #expect(
      shell.wait { $0.text.contains("account_management ") && $0.text.contains(" · ") },
      "\(shell.screen.text)")
    #expect(shell.wait(forCursorLine: "rapport> find customers where stage ="))
    shell.send("int\t")
    #expect(
      shell.wait(forCursorLine: "rapport> find customers where stage = intensive_care"),
      "\(shell.screen.text)")
    shell.send("\r")
    #expect(shell.wait(forCursorLine: "rapport 1>"), "\(shell.screen.text)")
    folder.write("people.csv", "id\n1\n")
    shell.send("import people from \"\(folder.path)/peo\t")
    #expect(shell.wait(for: "people.csv\""), "\(shell.screen.text)")
    shell.send("\u{3}.mo\t")
    #expect(shell.wait { $0.cursorLine.hasSuffix("> .mode") })
    shell.send("mark\t\r")
    #expect(shell.wait(for: "answers are written as markdown"))
    leave(shell)
  }

  @Test(arguments: [40, 80, 200])
  func `dot-commands act, also inside a half-typed statement`(columns: Int) throws {
    let shell = try start(columns: columns)
    shell.send("count customers where\r\u{15}.mode line\r")
    #expect(shell.wait(for: "answers are written as line"), "\(shell.screen.text)")
    #expect(shell.wait(for: "as line\nrapport> count customers where\n"), "\(shell.screen.text)")
    shell.send("id = 1\r")
    #expect(shell.wait(for: "count  1"), "\(shell.screen.text)")
    for (command, told) in [
      (".tining", "a close name is '.timing'"), (".timing on", "timing is on"),
      (".timing maybe", "'.timing' takes on or off, found 'maybe'"),
      (".today", "today is 2026-06-30"), (".today 2025-01-01", "today is 2025-01-01"),
      (".query", "count customers"), (".history", "id = 1"), (".once", "needs the name of a file"),
      (".xyzzy", "all dot-commands: .help"), (".read /nonexistent", "there is no script"),
      ("help", ".help TOPIC"), ("?", "Tab completes"), (".mode pie", "found 'pie'"),
    ] {
      shell.send(command + "\r")
      #expect(shell.wait(forWords: told), "\(command): \(shell.screen.text)")
    }
    shell.send("calc 1 as n\r")
    #expect(shell.wait(for: "took "))
    shell.send(".exit\r")
    #expect(shell.exitStatus() == 0)
    #expect(shell.isCooked)
  }

  @Test(arguments: [(40, "C.UTF-8"), (60, "C"), (80, "C.UTF-8"), (200, "en_GB.UTF-8")])
  func `a chart fits the terminal`(columns: Int, locale: String) throws {
    let drawn = try start(
      ["-q"], columns: columns, environment: ["NO_COLOR": "1", "LC_ALL": locale])
    drawn.send("count customers by stage\r.chart bar\r")
    let isUnicode = locale.hasSuffix("UTF-8")
    // The longest bar goes to the last column, or is as long as bars get.
    let room = min(columns - 25, 72)
    let bar = String(repeating: isUnicode ? "█" : "#", count: room)
    #expect(drawn.wait(for: bar + "\n"), "\(drawn.screen.text)")
    #expect(drawn.wait(for: "count by stage\nrecruitment "), "\(drawn.screen.text)")
    drawn.send("\u{4}")
    #expect(drawn.exitStatus() == 0)
  }

  @Test func `a chart is coloured where the terminal is`() throws {
    let shell = try start()
    shell.send("count customers by stage\r.chart bar\r")
    #expect(shell.wait(for: "count by stage"), "\(shell.screen.text)")
    #expect(shell.wait(for: "██"), "\(shell.screen.text)")
    #expect(shell.screen.style(of: "count by stage") == "1")
    #expect(shell.screen.style(of: "██") == "38;5;32")
    leave(shell)
  }

  @Test func `answers go to files and come back`() throws {
    let shell = try start()
    shell.send(".once \(folder.path)/one.csv\rcount customers\rcalc 7 * 6 as n\r")
    #expect(shell.wait(for: "42"), "\(shell.screen.text)")
    #expect(folder.read("one.csv") == "count\n100\n")
    shell.send(".output \(folder.path)/two.json\rcalc 2 as n\rcalc 3 as n\r.output\r")
    #expect(shell.wait(for: "answers go here"))
    #expect(folder.read("two.json") == "[\n{\"n\":2}\n]\n[\n{\"n\":3}\n]\n")
    folder.write("s.crm", "calc 21 * 2 as from_script\n")
    shell.send(".read \(folder.path)/s.crm\r")
    #expect(shell.wait(for: "from_script"))
    shell.send("quit\r")
    #expect(shell.exitStatus() == 0)
  }

  @Test(arguments: [40, 80, 200])
  func `a long answer shows its ends and .all the rest`(columns: Int) throws {
    let shell = try start(columns: columns)
    shell.send("find customers show id, name\r")
    #expect(shell.wait(for: "18 of 100 shown; .all for the rest"), "\(shell.screen.text)")
    #expect(!shell.screen.text.contains("\n50  "))
    shell.send(".all\r")
    #expect(shell.wait(for: "\n 50  "), "\(shell.screen.text)")
    shell.send("find customers where id = 1 show id, name, email, phone, country, region, city\r")
    #expect(shell.wait(for: "email  ") || shell.wait(for: "hidden"))
    leave(shell)
  }

  @Test(arguments: [40, 80, 200])
  func `a change of several records asks, and only yes changes them`(columns: Int) throws {
    let shell = try start(columns: columns)
    let change = "update customers where id <= 3 set city = \"Hov\"\r"
    let question = "This changes 3 customers. Go on? [y/N]"
    // What is typed ahead was typed before the question and is no answer to it.
    shell.send(change + "y\r")
    #expect(shell.wait { $0.words.hasSuffix(question) }, "\(shell.screen.text)")
    for (place, answer) in ["\r", "n\r", "\u{3}", "\u{4}", "yx\r", "x\u{7F}\u{1B}[Ano\r"]
      .enumerated()
    {
      shell.send(answer)
      #expect(
        shell.wait { $0.text.components(of: "nothing was changed") == place + 1 }, "\(answer)")
      #expect(shell.wait(forCursorLine: "rapport>"), "\(shell.screen.text)")
      shell.send(change)
      #expect(shell.wait { $0.words.hasSuffix(question) }, "\(shell.screen.text)")
    }
    shell.send("ny\u{7F}\u{7F}Y\r")
    #expect(shell.wait(forWords: question + " Y updated 3 customers"), "\(shell.screen.text)")
    shell.send(".undo\r")
    #expect(shell.wait(forWords: "took back: update customers where id <= 3 set city"))
    shell.send("update customer 1 set city = \"Hov\"\r")
    #expect(shell.wait(for: "updated 1 customer\n"), "\(shell.screen.text)")
    folder.write("s.crm", "update customers where id <= 4 set city = \"Hov\"\n")
    shell.send(".read \(folder.path)/s.crm\r")
    #expect(shell.wait(for: "updated 4 customers"), "\(shell.screen.text)")
    shell.send("\u{4}")
    #expect(shell.wait(forWords: "Leave? [y/N]"))
    shell.send("y\r")
    #expect(shell.exitStatus() == 0)
    #expect(shell.isCooked)
  }

  @Test(arguments: [40, 80, 200])
  func `a parameter without a value is asked for, once`(columns: Int) throws {
    let shell = try start(columns: columns)
    shell.send("find customers where id <= $most and id > 1 show id\r")
    #expect(shell.wait(forCursorLine: "$most ="), "\(shell.screen.text)")
    shell.send("3\r")
    #expect(shell.wait(forCursorLine: "rapport 2>"), "\(shell.screen.text)")
    shell.send("count customers where id <= $most\r")
    #expect(shell.wait(for: "1 row"), "\(shell.screen.text)")
    #expect(shell.wait(forCursorLine: "rapport>"))
    leave(shell)
  }

  @Test func `it is the records shown last, whatever changes`() throws {
    let shell = try start()
    shell.send("find customers show id top 3 by value\r")
    #expect(shell.wait(forCursorLine: "rapport 3>"), "\(shell.screen.text)")
    shell.send("update it set value = 1\r")
    #expect(shell.wait(for: "This changes 3 customers"), "\(shell.screen.text)")
    shell.send("y\r")
    #expect(shell.wait(for: "updated 3 customers"), "\(shell.screen.text)")
    shell.send("find it where value = 1\r")
    #expect(shell.wait(for: "3 customers"), "\(shell.screen.text)")
    shell.send("rollback\r")
    #expect(shell.wait(for: "no-transaction"), "\(shell.screen.text)")
    shell.send(".undo\r")
    #expect(shell.wait(for: "took back"), "\(shell.screen.text)")
    shell.signal(SIGTERM)
  }

  @Test(arguments: [40, 80, 200])
  func `leaving asks while changes are not saved or a transaction is open`(columns: Int) throws {
    let shell = try start(columns: columns)
    shell.send("begin\r")
    #expect(shell.wait(forCursorLine: "rapport*>"), "\(shell.screen.text)")
    shell.send("find customers where id = 1\r")
    #expect(shell.wait(forCursorLine: "rapport* 1>"), "\(shell.screen.text)")
    shell.send("add customer name = \"Acme\"\r")
    #expect(shell.wait(for: "added customer 101"), "\(shell.screen.text)")
    shell.send("find nothing\r")
    #expect(shell.wait(for: "error[unknown-entity]"))
    #expect(shell.wait(forCursorLine: "rapport*>"), "an error leaves it open")
    for (leaving, answer) in [("\u{4}", "\r"), (".exit\r", "\u{3}"), ("quit\r", "\u{4}")] {
      shell.send(leaving)
      #expect(
        shell.wait {
          $0.words.hasSuffix("Leave? [y/N]") && $0.words.contains("A transaction is")
        },
        "\(shell.screen.text)")
      shell.send(answer)
      #expect(shell.wait(forCursorLine: "rapport*>"), "\(shell.screen.text)")
    }
    shell.send("commit\r\u{4}")
    #expect(shell.wait(forWords: "are not saved; save"), "\(shell.screen.text)")
    shell.send("yes\r")
    #expect(shell.exitStatus() == 0)
    #expect(shell.isCooked)
  }

  @Test func `a signal to end leaves without a question`() throws {
    let shell = try start()
    shell.send("add customer name = \"Acme\"\r")
    #expect(shell.wait(for: "added customer 101"), "\(shell.screen.text)")
    shell.send("\u{4}")
    #expect(shell.wait(forWords: "Leave? [y/N]"))
    shell.signal(SIGTERM)
    #expect(shell.exitStatus() == 128 + SIGTERM)
    #expect(shell.isCooked)
  }

  @Test func `a window that changes its size keeps the text`() throws {
    let shell = try start()
    shell.send("find customers where id <= ")
    #expect(shell.wait(for: "id <="))
    shell.resize(columns: 60, rows: 20)
    #expect(shell.wait(forCursorLine: "rapport> find customers where id <="))
    shell.send("2\r")
    #expect(shell.wait(forCursorLine: "rapport 2>"), "\(shell.screen.text)")
    leave(shell)
  }

  @Test(arguments: [40, 80, 200])
  func `wide characters are edited as they stand`(columns: Int) throws {
    let shell = try start(columns: columns)
    shell.send("find customers where name = \"東京é")
    shell.send("\u{7F}\u{7F}x\"\r")
    #expect(shell.wait(for: "name = \"東x\""), "\(shell.screen.text)")
    #expect(shell.wait(for: "no customers"))
    leave(shell)
  }

  @Test func `a signal to end restores the terminal`() throws {
    let shell = try start()
    shell.send("find cust")
    #expect(shell.wait(for: "find cust"))
    shell.signal(SIGTERM)
    #expect(shell.exitStatus() == 128 + SIGTERM)
    #expect(shell.isCooked)
  }
}

extension String {
  fileprivate func components(of text: String) -> Int { ranges(of: text).count }
}
