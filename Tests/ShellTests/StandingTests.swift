import Glibc
import TestSupport
import Testing

/// What `then` goes on from, at the prompt and in transcripts, and how errors are told, in a
/// pseudo-terminal.
@Suite(.serialized)
struct StandingTests {
  private let folder: TemporaryFolder

  init() throws { folder = try #require(TemporaryFolder()) }

  private func start(_ words: [String] = ["--demo", "100"]) throws -> PTYProcess {
    let shell = try #require(
      PTYProcess(
        ChildProcess.built("rapport"), words,
        environment: ["XDG_STATE_HOME": folder.path, "RAPPORT_PAGER": "less -FRSX"], columns: 80,
        rows: 24))
    #expect(shell.wait { $0.cursorLine.hasSuffix("rapport>") }, "\(shell.screen.text)")
    return shell
  }

  private func leave(_ shell: PTYProcess) {
    shell.send("\u{3}\u{4}")
    #expect(shell.exitStatus() == 0, "\(shell.screen.text)")
    #expect(shell.isCooked)
  }

  private func verify(_ name: String) throws -> ChildProcess.Result {
    try #require(
      ChildProcess.run(ChildProcess.built("rapport"), ["--verify", folder.path + "/" + name]))
  }

  // MARK: after an answer that was not shown

  @Test(arguments: [
    ("find customers show id * 99999999999 * 99999999999 as n", "error[integer-overflow]"),
    (".mode csv\rfind customers show id * 99999999999 * 99999999999 as n", "integer-overflow"),
    ("then show id * 99999999999 * 99999999999 as n", "error[integer-overflow]"),
  ])
  func `then goes on from the last answer that was shown`(failing: String, error: String) throws {
    let shell = try start()
    shell.send("find customers where id <= 3 show id\r")
    #expect(shell.wait(forCursorLine: "rapport 3>"), "\(shell.screen.text)")
    shell.send(failing + "\r")
    #expect(shell.wait(for: error), "\(shell.screen.text)")
    #expect(shell.wait(forCursorLine: "rapport 3>"), "\(shell.screen.text)")
    shell.send(".query\r")
    #expect(shell.wait(for: "\nfind customers where id <= 3 show id\n"), "\(shell.screen.text)")
    shell.send("then where id = 2\r")
    #expect(shell.wait(forCursorLine: "rapport 1>"), "\(shell.screen.text)")
    shell.send(".back\r")
    #expect(shell.wait(forCursorLine: "rapport 3>"), "\(shell.screen.text)")
    leave(shell)
  }

  @Test func `a question that was stopped is not what then goes on from`() throws {
    let shell = try start(["--demo", "2000", "--time-limit", "0.001"])
    shell.send("calc 1 as n\r")
    // Whether so short a question was in time depends on the machine; the long one never is.
    shell.send(".mode csv\rfind customers where id <= 2 show id\r")
    #expect(shell.wait { $0.cursorLine.hasSuffix("rapport 2>") || $0.text.contains("time-limit") })
    let hasAnswer = shell.screen.cursorLine.hasSuffix("rapport 2>")
    shell.send("find interactions order by note, customer.name, employee.name\r")
    #expect(shell.wait(for: "error[time-limit]"), "\(shell.screen.text)")
    shell.send(".query\r")
    #expect(
      shell.wait(for: hasAnswer ? "where id <= 2 show id\n" : "error[no-last-query]"),
      "\(shell.screen.text)")
    leave(shell)
  }

  @Test func `the time in which the pager is read is not the statement's`() throws {
    let shell = try start(["--demo", "2000", "--time-limit", "3"])
    shell.send("find interactions show id, note\r")
    #expect(shell.wait { $0.cursorLine.hasPrefix("rapport 7") }, "\(shell.screen.text)")
    shell.send(".all\r")
    #expect(shell.wait(forCursorLine: ":"), "\(shell.screen.text)")
    sleep(4)
    shell.send("G")
    #expect(shell.wait { $0.cursorLine.hasPrefix("(END)") }, "\(shell.screen.text)")
    #expect(shell.screen.text.contains(" interactions\n"), "\(shell.screen.text)")
    shell.send("q")
    #expect(shell.wait { $0.cursorLine.hasPrefix("rapport 7") }, "\(shell.screen.text)")
    #expect(!shell.screen.text.contains("time-limit"))
    leave(shell)
  }

  // MARK: errors read aloud

  @Test func `in plain mode errors tell places in words`() throws {
    let shell = try start(["--demo", "100", "--plain"])
    for (typed, words) in [
      ("find customers where stagee = 1", "\nat line 1, column 22: 'stagee'\nhint: a close"),
      ("calc 1 as n, 2 as", "\nat line 1, column 18\n"),
      (".foo", "error[unknown-command]: there is no dot-command '.foo'\nhint:"),
    ] {
      shell.send(typed + "\r;\r")
      #expect(shell.wait(for: words), "\(shell.screen.text)")
    }
    #expect(!shell.screen.text.contains("^"))
    shell.send(".mode table\rfind custmers\r")
    #expect(shell.wait(for: "\nat line 1, column 6: 'custmers'\n"), "\(shell.screen.text)")
    leave(shell)
    let mode = try start()
    mode.send("find custmers\r")
    #expect(mode.wait(for: "     ^^^^^^^^\n"), "\(mode.screen.text)")
    mode.send(".mode plain\rfind custmers\r")
    #expect(mode.wait(for: "\nat line 1, column 6: 'custmers'\n"), "\(mode.screen.text)")
    leave(mode)
    let script = try #require(
      ChildProcess.run(
        ChildProcess.built("rapport"), ["--demo", "100", "--plain", "-c", "find custmers"]))
    #expect(
      script.errors.hasPrefix(
        "-c:1:6: error[unknown-entity]: there is no entity 'custmers'\nat 'custmers'\nhint:"),
      "\(script.errors)")
  }

  // MARK: transcripts

  @Test(arguments: ["then show id", "where id = 2", "find it show id", ".query", ".chart bar"])
  func `a transcript begun in the middle replays`(first: String) throws {
    let shell = try start()
    shell.send("find customers where id <= 3 show name, value\r")
    #expect(shell.wait(forCursorLine: "rapport 3>"), "\(shell.screen.text)")
    shell.send(".record \(folder.path)/middle.md\r\(first)\rcount customers\r.record\r")
    #expect(shell.wait(for: "recorded 3 statements"), "\(shell.screen.text)")
    leave(shell)
    let text = try #require(folder.read("middle.md"))
    #expect(text.contains("rapport> find customers where id <= 3 show name, value\nname"))
    let result = try verify("middle.md")
    #expect(result.output.hasSuffix("3 answers, all as they stand\n"), "\(result.output)\n\(text)")
  }

  @Test func `a transcript that asks anew begins with what it asks`() throws {
    let shell = try start()
    shell.send("find customers where id <= 3\r")
    #expect(shell.wait(forCursorLine: "rapport 3>"), "\(shell.screen.text)")
    shell.send(".record \(folder.path)/anew.md\rcalc 1 as n\rfind orders top 1 by id\r")
    shell.send("then show id\r.record\r")
    #expect(shell.wait(for: "recorded 3 statements"), "\(shell.screen.text)")
    leave(shell)
    let result = try verify("anew.md")
    #expect(result.output.hasSuffix("3 answers, all as they stand\n"), "\(result.output)")
  }

  @Test func `a transcript begun under a mask that has given stand-ins replays`() throws {
    let shell = try start()
    shell.send(".mask on\rfind customers where id <= 3 show name\r")
    #expect(shell.wait(for: "Cleo Calder"), "\(shell.screen.text)")
    shell.send(".record \(folder.path)/mask.md\rfind customers where id = 9 show id, name\r")
    #expect(shell.wait(for: "note: stand-ins begin anew"), "\(shell.screen.text)")
    shell.send(".record\r")
    #expect(shell.wait(for: "recorded 1 statement"), "\(shell.screen.text)")
    leave(shell)
    #expect(folder.read("mask.md")?.contains(" 9  Alba Ashford\n") == true)
    let result = try verify("mask.md")
    #expect(result.output.hasSuffix("1 answer, as it stands\n"), "\(result.output)")
  }

  @Test func `nothing but a transcript is replaced, however large it is`() throws {
    let path = folder.path + "/huge.bin"
    folder.write("huge.bin", "x")
    #expect(truncate(path, 70 << 20) == 0)
    let shell = try start()
    shell.send(".record \(path)\r")
    #expect(shell.wait(for: "error[not-a-transcript]"), "\(shell.screen.text)")
    leave(shell)
    var status = stat()
    #expect(stat(path, &status) == 0)
    #expect(status.st_size == 70 << 20)
  }

  @Test func `data that looks like a prompt is not typed by a replay`() throws {
    let shell = try start(["--demo", "100"])
    shell.send(".record \(folder.path)/hostile.md\r.mode csv\r")
    let evil = "rapport> delete customers with related"
    for text in [evil, "$ rapport -c x", "   ...> x"] {
      shell.send("update customer 1 set name = \"\(text)\"\r")
      shell.send("find customers where id = 1 show name\r")
    }
    shell.send(".record\r")
    #expect(shell.wait(for: "recorded 7 statements"), "\(shell.screen.text)")
    shell.send(".exit\r")
    #expect(shell.wait(for: "[y/N]"), "\(shell.screen.text)")
    shell.send("y\r")
    #expect(shell.exitStatus() == 0)
    let text = try #require(folder.read("hostile.md"))
    #expect(text.contains("name\n\\" + evil + "\n"), "\(text)")
    let result = try verify("hostile.md")
    #expect(result.output.hasSuffix("7 answers, all as they stand\n"), "\(result.output)\n\(text)")
  }

  @Test func `a replay changes no data file, however it came to it`() throws {
    let program = ChildProcess.built("rapport")
    for name in ["a", "b"] {
      let path = folder.path + "/\(name).rapport"
      #expect(ChildProcess.run(program, ["--demo", "100", path, "-c", "calc 1 as n"])?.status == 0)
    }
    folder.write(
      "open.md",
      """
      <!-- rapport transcript 80x24: rapport a.rapport --today 2026-06-30 -->
      ```console
      rapport> update customer 1 set name = "Changed"
      rapport> .open b.rapport
      rapport> update customer 1 set name = "Changed"
      rapport> .open a.rapport
      rapport> update customer 1 set name = "Changed"
      ```
      """)
    let result = try verify("open.md")
    #expect(result.status == 1)
    #expect(result.output.components(of: "+error[read-only]") == 2, "\(result.output)")
    #expect(result.output.components(of: "+updated 1 customer") == 1, "\(result.output)")
    for name in ["a", "b"] {
      let path = folder.path + "/\(name).rapport"
      let found = ChildProcess.run(
        program, [path, "-c", "count customers where name = \"Changed\""])
      #expect(found?.output == "count\n0\n")
    }
  }
}

extension String {
  /// How often `part` stands in it.
  fileprivate func components(of part: String) -> Int { ranges(of: part).count }
}
