import Glibc
import TestSupport
import Testing

@testable import Shell

/// What a person sees while typing, in a pseudo-terminal: colours, hints, completion, search.
struct TypingTests {
  private let folder: TemporaryFolder

  init() throws { folder = try #require(TemporaryFolder()) }

  private func start(
    _ words: [String] = [], columns: Int = 80, rows: Int = 24, store: [String] = ["--demo", "100"],
    environment: [String: String] = [:]
  ) -> PTYProcess? {
    var variables = ["XDG_STATE_HOME": folder.path, "HOME": folder.path]
    variables.merge(environment) { $1 }
    let shell = PTYProcess(
      ChildProcess.built("rapport"), store + words, environment: variables, columns: columns,
      rows: rows)
    #expect(shell?.wait(forCursorLine: "rapport>") == true, "\(shell?.screen.text ?? "")")
    return shell
  }

  private func leave(_ shell: PTYProcess) {
    shell.send("\u{3}")
    shell.send("\u{4}")
    #expect(shell.exitStatus() == 0, "\(shell.screen.text)")
    #expect(shell.isCooked)
    #expect(!shell.screen.bracketsPastes)
  }

  /// What is typed, and the colours that parts of it then have.
  private static let colors: [(typed: String, styles: [(String, String)])] = [
    (
      "find customers where city = \"Oslo\" and value > 10k -- rich",
      [
        ("find", "1"), ("customers", "36"), ("where", "1"), ("city", "36"), ("\"Oslo\"", "32"),
        ("and", "1"), ("10k", "35"), ("-- rich", "2"), ("=", ""),
      ]
    ),
    (
      "find customers where stge = 5 order by value",
      [("stge", "4;31"), ("value", "36"), ("order", "1")]
    ),
    ("find custmers where ", [("custmers", "4;31")]),
    ("find customers where stage = intensive_care ", [("stage", "36"), ("intensive_care", "36")]),
    ("calc upper(\"x\") + $a ", [("calc", "1"), ("upper", "36"), ("\"x\"", "32"), ("$a", "35")]),
    (".timing on", [(".timing", "1")]), ("help", [("help", "1")]),
    ("count customers by 東京 ", [("count", "1"), ("東京", "4;31")]),
  ]

  @Test(arguments: [40, 80, 200])
  func `what is typed is coloured by what the parser makes of it`(columns: Int) throws {
    let shell = try #require(start(columns: columns))
    for (typed, styles) in Self.colors {
      shell.send(typed)
      for (part, style) in styles {
        #expect(
          shell.wait { $0.lastStyle(of: part) == style },
          "\(part) in \(typed): \(shell.screen.lastStyle(of: part) ?? "absent")\n\(shell.screen.text)"
        )
      }
      shell.send("\u{3}")
      #expect(shell.wait(forCursorLine: "rapport>"))
    }
    leave(shell)
  }

  @Test(arguments: [40, 80, 200])
  func `a word is no mistake while it is typed`(columns: Int) throws {
    let shell = try #require(start(columns: columns))
    shell.send("find customers where stg")
    #expect(shell.wait { $0.style(of: "stg") == "36" }, "\(shell.screen.text)")
    shell.send(" ")
    #expect(shell.wait { $0.style(of: "stg") == "4;31" }, "\(shell.screen.text)")
    shell.send("\u{1B}[D")
    #expect(shell.wait { $0.style(of: "stg") == "36" }, "\(shell.screen.text)")
    leave(shell)
  }

  @Test(arguments: [40, 80, 200])
  func `a dim hint shows the rest and Right takes it`(columns: Int) throws {
    let shell = try #require(start(columns: columns))
    shell.send("find cust")
    #expect(shell.wait(forCursorLine: "rapport> find customers"), "\(shell.screen.text)")
    #expect(shell.screen.lastStyle(of: "omers") == "2")
    #expect(shell.screen.cursor.column == 18)
    shell.send("\u{1B}[C")
    #expect(shell.wait { $0.cursor.column == 23 }, "\(shell.screen.text)")
    shell.send(" top 3 by id\r")
    #expect(shell.wait(forCursorLine: "rapport 3>"), "\(shell.screen.text)")
    shell.send("fi")
    #expect(
      shell.wait { $0.cursorLine == "rapport 3> find customers top 3 by id" },
      "\(shell.screen.text)")
    #expect(shell.screen.cursor.column == 13)
    shell.send("\u{1B}[1;5C\u{1B}f")
    #expect(shell.wait { $0.cursor.column == 25 }, "\(shell.screen.text)")
    shell.send("\u{5}")
    #expect(shell.wait { $0.cursor.column == 37 }, "\(shell.screen.text)")
    shell.send("\u{15}zz")
    #expect(shell.wait(forCursorLine: "rapport 3> zz"), "no hint is left over")
    leave(shell)
  }

  @Test func `a hint is cut at the edge and never wraps`() throws {
    folder.write("rapport/history/demo", "find customers where name = \"東京東京東京東京\" show name\n")
    let shell = try #require(start(columns: 40, rows: 10))
    shell.send("find")
    #expect(shell.wait { $0.cursorLine.hasSuffix("…") }, "\(shell.screen.text)")
    shell.send("\u{1B}[F")
    #expect(shell.wait(for: "東京\" show name"), "\(shell.screen.text)")
    leave(shell)
  }

  @Test(arguments: [40, 80, 200])
  func `after Enter an open statement says what it wants`(columns: Int) throws {
    let shell = try #require(start(columns: columns))
    for (typed, wanted) in [
      ("find customers where", "a condition"), ("find customers show id,", "operator or comma"),
      ("calc (1 + 2", "')'"), ("calc \"x", "quote"),
    ] {
      shell.send(typed + "\r")
      #expect(shell.wait { $0.cursorLine.contains(wanted) }, "\(typed): \(shell.screen.text)")
      #expect(shell.screen.cursor.column == 2)
      shell.send("1")
      #expect(shell.wait(forCursorLine: "  1"), "\(shell.screen.text)")
      shell.send("\u{3}")
      #expect(shell.wait(forCursorLine: "rapport>"))
    }
    leave(shell)
  }

  @Test(arguments: [
    (["--plain"], [:]), ([], ["NO_COLOR": "1"]), (["--color", "never"], [:]),
    (["--color", "always"], ["TERM": "dumb"]),
  ])
  func `where colours are not wanted nothing is painted`(
    words: [String], environment: [String: String]
  ) throws {
    let shell = try #require(start(words, environment: environment))
    shell.send("find cust")
    #expect(shell.wait { $0.cursorLine.hasPrefix("rapport> find cust") })
    usleep(100_000)
    shell.send("\u{1B}[Co")
    #expect(shell.wait(forCursorLine: "rapport> find custo"), "\(shell.screen.text)")
    #expect(shell.screen.style(of: "find") == "")
    leave(shell)
  }

  @Test(arguments: [40, 80, 200])
  func `Tab lists by groups, pages, and puts candidates in one by one`(columns: Int) throws {
    let shell = try #require(start(columns: columns, rows: columns == 200 ? 6 : 10))
    shell.send("find customers where \t")
    #expect(shell.wait(for: "more lines: Tab"), "\(shell.screen.text)")
    #expect(shell.screen.text.contains("\nfields\n"), "\(shell.screen.text)")
    shell.send("\t\t\t\t\t")
    #expect(shell.wait { $0.text.contains("\nkeywords\n") }, "\(shell.screen.text)")
    shell.send("\u{15}find customers where stage = \t")
    #expect(shell.wait(for: "values\n"), "\(shell.screen.text)")
    shell.send("\t")
    #expect(
      shell.wait(forCursorLine: "rapport> find customers where stage = account_management"),
      "\(shell.screen.text)")
    shell.send("\t\u{1B}[Z\u{1B}[Z")
    #expect(shell.wait { $0.cursorLine.hasSuffix("= intensive_care") }, "\(shell.screen.text)")
    shell.send("\r")
    #expect(shell.wait(forCursorLine: "rapport 1>"), "\(shell.screen.text)")
    leave(shell)
  }

  @Test(arguments: [40, 80, 200])
  func `Ctrl-R searches older and newer, and Esc brings the text back`(columns: Int) throws {
    folder.write(
      "rapport/history/demo",
      "count customers\nfind customers top 2 by id\ncount orders\nfind orders\\n  top 1 by id\n")
    let shell = try #require(start(columns: columns))
    shell.send("dra")
    shell.send("\u{12}COUNT")
    #expect(shell.wait(forCursorLine: "search: COUNT › count orders"), "\(shell.screen.text)")
    #expect(shell.wait { $0.lastStyle(of: "count orders") == "7" }, "\(shell.screen.text)")
    shell.send("\u{12}")
    #expect(shell.wait(forCursorLine: "search: COUNT › count customers"), "\(shell.screen.text)")
    shell.send("\u{12}")
    #expect(shell.wait(for: "COUNT (no more) › count customers"), "\(shell.screen.text)")
    shell.send("\u{13}")
    #expect(shell.wait(forCursorLine: "search: COUNT › count orders"), "\(shell.screen.text)")
    shell.send("zz")
    #expect(shell.wait(for: "COUNTzz (no more)"), "\(shell.screen.text)")
    shell.send("\u{7F}\u{7F}\u{1B}")
    #expect(shell.wait(forCursorLine: "rapport> dra"), "\(shell.screen.text)")
    shell.send("\u{12}xyzzy")
    #expect(shell.wait(for: "xyzzy (not found)"), "\(shell.screen.text)")
    shell.send("\u{7}")
    #expect(shell.wait(forCursorLine: "rapport> dra"), "\(shell.screen.text)")
    shell.send("\u{15}\u{12}top\u{1B}[D")
    #expect(shell.wait(forCursorLine: "  top 1 by id"), "\(shell.screen.text)")
    #expect(shell.wait { $0.text.contains("rapport> find orders\n") }, "\(shell.screen.text)")
    shell.send("\u{3}\u{12}mers top\r")
    #expect(shell.wait(forCursorLine: "rapport 2>"), "\(shell.screen.text)")
    leave(shell)
  }

  @Test func `each data file has its own history, and the old one begins them all`() throws {
    folder.write("rapport/history", "calc 1 as old\n")
    let first = try #require(start(store: ["--demo", "100", folder.path + "/a.rapport"]))
    first.send("calc 2 as mine\r")
    #expect(first.wait(for: "mine"))
    leave(first)
    let second = try #require(start(store: ["--demo", "100", folder.path + "/b.rapport"]))
    second.send("\u{1B}[A")
    #expect(second.wait(forCursorLine: "rapport> calc 1 as old"), "\(second.screen.text)")
    second.send("\u{15} calc 4 as hidden\r")
    #expect(second.wait(for: "hidden"))
    second.send(".open \(folder.path)/a.rapport\r")
    #expect(second.wait(for: "a.rapport, 100 customers"), "\(second.screen.text)")
    second.send("\u{1B}[A")
    #expect(second.wait(forCursorLine: "rapport> calc 2 as mine"), "\(second.screen.text)")
    leave(second)
    #expect(folder.read("rapport/history/earlier") == "calc 1 as old\n")
  }

  @Test(arguments: [40, 80, 200])
  func `the editor gets the text and gives it back, not run`(columns: Int) throws {
    folder.write(
      "ed.sh", "#!/bin/sh\nstat -c %a \"$1\" >&2\nsed -i s/11/12/ \"$1\"\necho '-- two' >> \"$1\"\n"
    )
    chmod(folder.path + "/ed.sh", 0o755)
    let shell = try #require(
      start(columns: columns, environment: ["VISUAL": folder.path + "/ed.sh"]))
    shell.send("calc 11 * 11\u{18}\u{5}")
    #expect(shell.wait(for: "600"), "\(shell.screen.text)")
    #expect(shell.wait(forCursorLine: "-- two"), "\(shell.screen.text)")
    #expect(shell.screen.text.contains("rapport> calc 12 * 11"), "\(shell.screen.text)")
    shell.send("\r")
    #expect(shell.wait(for: "132"), "\(shell.screen.text)")
    shell.send("calc 11 +\r.edit\r")
    #expect(shell.wait { $0.text.contains("rapport> calc 12 +") }, "\(shell.screen.text)")
    shell.send("\u{3}")
    #expect(shell.wait(forCursorLine: "rapport>"), "\(shell.screen.text)")
    shell.send(".edit\r")
    #expect(shell.wait(forCursorLine: "-- two"), "the last statement")
    leave(shell)
    for (editor, error) in [
      ("", "no-editor"), ("false", "editor-failed"), ("/nonexistent", "cannot be run"),
    ] {
      let shell = try #require(start(environment: ["VISUAL": editor, "EDITOR": ""]))
      shell.send("calc 1\u{18}\u{5}")
      #expect(shell.wait(for: error), "\(shell.screen.text)")
      #expect(
        shell.wait { $0.cursorLine.hasPrefix("rapport> calc 1") }, "\(shell.screen.text)")
      leave(shell)
    }
  }

  @Test(arguments: [40, 80, 200])
  func `a theme colours what is typed and what is told`(columns: Int) throws {
    let shell = try #require(start(columns: columns))
    shell.send(".theme\r")
    #expect(shell.wait(for: "* default"), "\(shell.screen.text)")
    shell.send(".theme dark\rfind customers ")
    #expect(shell.wait { $0.lastStyle(of: "find") == "1;94" }, "\(shell.screen.text)")
    shell.send("\u{3}.theme mono\rfind customers ")
    #expect(shell.wait { $0.lastStyle(of: "customers") == "" }, "\(shell.screen.text)")
    shell.send("\u{3}.theme pink\r")
    #expect(shell.wait(forWords: "takes one of default, dark, light, mono"), "\(shell.screen.text)")
    leave(shell)
  }
}
