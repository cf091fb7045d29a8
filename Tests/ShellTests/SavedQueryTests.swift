import Glibc
import TestSupport
import Testing

@testable import Shell

/// Saved queries, their parameters, the rc file, and the documents the program prints of itself.
struct SavedQueryTests {
  private static let rapport = ChildProcess.built("rapport")
  private static let late = """
    #!/usr/bin/env -S rapport -f
    -- Customers of a country who are worth something.
    -- $country text: the country
    -- $least money = 100: the least value
    find customers where country = $country and value >= $least show name order by name

    """

  private let folder: TemporaryFolder
  private let home: TemporaryFolder

  init() throws {
    folder = try #require(TemporaryFolder())
    mkdir(folder.path + "/queries", 0o755)
    folder.write("queries/worth.crm", Self.late)
    home = try #require(TemporaryFolder())
    mkdir(home.path + "/rapport", 0o755)
    mkdir(home.path + "/rapport/queries", 0o755)
    home.write("rapport/queries/all.crm", "-- Everyone.\ncount customers\n")
    home.write("rapport/queries/worth.crm", "count nothing")
  }

  private func run(_ words: [String], input: String? = nil) throws -> ChildProcess.Result {
    try #require(
      ChildProcess.run(
        Self.rapport, words, input: input, folder: folder.path,
        environment: ["XDG_CONFIG_HOME": home.path, "XDG_DATA_HOME": home.path]))
  }

  /// Words behind `rapport --demo 100 -q -f`, the status, and a piece of what is printed.
  @Test(
    arguments: [
      ("worth -p country=ES", 0, "name\n"),
      ("worth.crm -p country=ES -p least=1000000 --fail-if-empty", 4, "name\n"),
      ("queries/worth.crm -p country=PT", 0, "name\n"),
      ("all", 0, "count\n100\n"),
      ("worth", 2, "error[parameter-missing]: 'queries/worth.crm' needs a value for $country"),
      ("worth -p country=ES -p least=much", 2, "hint: --param least=1200.50"),
      ("worht", 2, "error[script-not-found]: there is no script 'worht'"),
      ("all --safe", 2, "error[script-not-found]"),
      ("worth -p country=ES --safe", 0, "name\n"),
    ] as [(String, Int32, String)])
  func `a saved query runs by its name`(words: String, status: Int32, told: String) throws {
    let result = try run(
      ["--demo", "100", "-q", "-f"] + words.split(separator: " ").map(String.init))
    #expect(result.status == status, "\(result.errors)")
    #expect((result.output + result.errors).contains(told), "\(result.output)\(result.errors)")
  }

  @Test func `a script is a program of its own`() throws {
    chmod(folder.path + "/queries/worth.crm", 0o755)
    let path = Self.rapport.prefix { _ in true }
    let slash = try #require(path.lastIndex(of: "/"))
    let result = try #require(
      ChildProcess.run(
        "/usr/bin/env",
        [
          "PATH=\(path[..<slash]):/usr/bin:/bin", "./queries/worth.crm", "-p", "country=ES",
          "--demo", "100", "-q",
        ], folder: folder.path))
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.hasPrefix("name\n"))
  }

  // MARK: at the prompt

  private func prompt(_ words: [String] = [], columns: Int = 80, rows: Int = 24) -> PTYProcess? {
    PTYProcess(
      "/usr/bin/env", ["-C", folder.path, Self.rapport, "--demo", "100"] + words,
      environment: [
        "XDG_STATE_HOME": home.path, "XDG_CONFIG_HOME": home.path, "XDG_DATA_HOME": home.path,
        "RAPPORT_PAGER": "",
      ], columns: columns, rows: rows)
  }

  @Test(arguments: [40, 80, 200])
  func `saved queries are listed, run, and ask for what is missing`(columns: Int) throws {
    let shell = try #require(prompt(columns: columns))
    #expect(shell.wait(forCursorLine: "rapport>"), "\(shell.screen.text)")
    shell.send(".queries\r")
    #expect(shell.wait(for: "worth $country $least=100"), "\(shell.screen.text)")
    #expect(shell.screen.words.contains("Customers of a country who are worth something."))
    #expect(shell.screen.text.contains("all\n  Everyone."))
    shell.send(".queries worth\r")
    #expect(shell.wait(forWords: "the country: text"), "\(shell.screen.text)")
    #expect(shell.wait(forCursorLine: "$country ="))
    shell.send("\t")
    #expect(shell.wait(for: "ES "), "\(shell.screen.text)")
    shell.send("e\t")
    #expect(shell.wait(forCursorLine: "$country = ES"), "\(shell.screen.text)")
    shell.send("\r")
    #expect(
      shell.wait(forWords: "the least value: money, 100 if left empty"), "\(shell.screen.text)")
    shell.send("much\r")
    #expect(shell.wait(forWords: "$least takes a value of type money, found 'much'"))
    shell.send("0\r")
    #expect(shell.wait(for: "customers, by name"), "\(shell.screen.text)")
    shell.send(".queries worth country=PT\r")
    #expect(shell.wait(forCursorLine: "$least ="), "\(shell.screen.text)")
    shell.send("\u{3}")
    #expect(shell.wait { $0.cursorLine.hasPrefix("rapport") }, "\(shell.screen.text)")
    for (command, told) in [
      (".queries worth contry=ES", "a close name is 'country'"),
      (".queries worth ES", "takes name=value"), (".queries wroth", "a close name is 'worth'"),
      (".param", "no parameter has a value"), (".param least=7", "$least = 7"),
      (".param lest", "a close name is 'least'"), (".param least=", "$least has no value"),
      (".param 1x=2", "takes NAME or NAME=VALUE"), (".schema", "customers (id integer"),
      (".schema orders", "revenue"), (".schema ordrs", "a close name is 'orders'"),
      (".read all", "100"), (".help saved queries", "first line of comment"),
    ] {
      shell.send(command + "\r")
      #expect(shell.wait(forWords: told), "\(command): \(shell.screen.text)")
    }
    shell.send("\u{4}")
    #expect(shell.exitStatus() == 0)
  }

  @Test(arguments: [40, 80, 200])
  func `values that were asked for, in any script, stand in a transcript, which replays`(
    columns: Int
  ) throws {
    let path = folder.path + "/t.md"
    let shell = try #require(prompt(columns: columns))
    #expect(shell.wait(forCursorLine: "rapport>"), "\(shell.screen.text)")
    shell.send(".record t.md\r")
    #expect(shell.wait(forWords: "recording in"), "\(shell.screen.text)")
    shell.send(".queries worth\r")
    #expect(shell.wait(forCursorLine: "$country ="))
    shell.send(".help\r")
    #expect(shell.wait(forWords: "'.help' is no value"), "\(shell.screen.text)")
    shell.send("ES\r")
    #expect(shell.wait(forCursorLine: "$least ="))
    shell.send("\r")
    #expect(shell.wait(forWords: "customers, by name"), "\(shell.screen.text)")
    shell.send("count customers where city = $town and stage = $stage\r")
    #expect(shell.wait(forCursorLine: "$town ="), "\(shell.screen.text)")
    shell.send("東京\r")
    #expect(shell.wait(forCursorLine: "$stage ="), "\(shell.screen.text)")
    shell.send("acc\t\r")
    #expect(shell.wait(for: "1 row"), "\(shell.screen.text)")
    shell.send(".record\r")
    #expect(shell.wait(forWords: "recorded 2 statements"), "\(shell.screen.text)")
    shell.send("\u{4}")
    #expect(shell.exitStatus() == 0)
    let text = try #require(folder.read("t.md"))
    for line in ["$country = .help", "$country = ES", "$least =", "$town = 東京"] {
      #expect(text.contains("\n\(line)\n"), "\(text)")
    }
    #expect(text.contains("\n$stage = account_management"), "\(text)")
    let result = try run(["--verify", path])
    #expect(result.status == 0, "\(result.output)\(result.errors)")
  }

  @Test func `F1 tells of the clause below the text, and leaves the text`() throws {
    for (key, columns) in [("\u{1B}OP", 80), ("\u{1B}[11~", 40), ("\u{1B}[[A", 200)] {
      let shell = try #require(prompt(columns: columns))
      #expect(shell.wait(forCursorLine: "rapport>"))
      shell.send("find customers where " + key)
      #expect(shell.wait(for: "keeps the rows for which C holds"), "\(shell.screen.text)")
      // A hint from the history may stand behind it.
      #expect(
        shell.wait { $0.cursorLine.hasPrefix("rapport> find customers where") },
        "\(shell.screen.text)")
      shell.send("id = 1\r")
      #expect(shell.wait(forCursorLine: "rapport 1>"), "\(shell.screen.text)")
      shell.send("\u{4}")
      #expect(shell.exitStatus() == 0)
    }
  }

  @Test(arguments: [40, 80, 200])
  func `the help screen fits an empty screen`(columns: Int) throws {
    let shell = try #require(prompt(columns: columns))
    #expect(shell.wait(forCursorLine: "rapport>"))
    shell.send(".help\r")
    #expect(shell.wait(for: ".help TOPIC tells more"), "\(shell.screen.text)")
    #expect(shell.wait(forCursorLine: "rapport>"))
    shell.send("\u{4}")
    #expect(shell.exitStatus() == 0)
  }

  // MARK: rc

  @Test func `the prompt begins with the rc file, and goes on behind what is wrong in it`() throws {
    home.write(
      "rapport/rc", "-- mine\n.mode csv\n\n.mdoe box\ncount customers\n.exit\n  .timing on\n")
    let shell = try #require(prompt())
    #expect(shell.wait(forCursorLine: "rapport>"), "\(shell.screen.text)")
    let text = shell.screen.words
    #expect(text.contains("/rapport/rc:4: there is no dot-command '.mdoe'"), "\(text)")
    #expect(text.contains("/rapport/rc:5: only dot-commands and comments stand here"))
    #expect(text.contains("/rapport/rc:6: '.exit' has no place here"))
    #expect(!text.contains("answers are written as"))
    shell.send("count customers\r")
    #expect(shell.wait(for: "count\n100\n"), "\(shell.screen.text)")
    #expect(shell.wait(for: "note: took"))
    shell.send("\u{4}")
    #expect(shell.exitStatus() == 0)
    let bare = try #require(prompt(["--no-rc"]))
    #expect(bare.wait(forCursorLine: "rapport>"))
    #expect(!bare.screen.text.contains("note:"))
    bare.send("\u{4}")
    folder.write("class.rc", ".mode box")
    let other = try #require(prompt(["--rc", "class.rc"]))
    #expect(other.wait(forCursorLine: "rapport>"))
    other.send(".mode\r")
    #expect(other.wait(for: "answers are written as box"), "\(other.screen.text)")
    other.send("\u{4}")
    let gone = try #require(prompt(["--rc", "gone.rc"]))
    #expect(gone.exitStatus() == 2)
    let script = try run(["--demo", "100", "-q", "-c", "count customers"])
    #expect(script.output == "count\n100\n" && script.errors == "")
  }

  // MARK: --safe and files at the prompt

  @Test func `dot-commands keep to the folder too, and files of answers are whole`() throws {
    let shell = try #require(prompt(["--safe"]))
    #expect(shell.wait(forCursorLine: "rapport>"), "\(shell.screen.text)")
    for command in [
      ".output /tmp/x.csv", ".once ../x.csv", ".read /etc/passwd", ".open ../x.rapport",
      ".save /tmp/x.rapport", ".backup ../y.rapport",
    ] {
      let count = shell.screen.text.ranges(of: "outside-folder").count
      shell.send(command + "\r")
      #expect(
        shell.wait { $0.text.ranges(of: "outside-folder").count == count + 1 },
        "\(command): \(shell.screen.text)")
    }
    folder.write("kept.csv", "old")
    shell.send(".once once.csv\rcount customers\r")
    #expect(shell.wait { _ in folder.read("once.csv") == "count\n100\n" })
    shell.send(".once kept.csv\rcount nothing\r")
    #expect(shell.wait(for: "error[unknown-entity]"))
    #expect(folder.read("kept.csv") == "old")
    shell.send(".output kept.csv\rcount customers\rcount employees\r")
    #expect(shell.wait(for: "answers go to 'kept.csv'"), "\(shell.screen.text)")
    #expect(folder.read("kept.csv") == "old")
    shell.send(".output\r")
    #expect(shell.wait(for: "answers go here"))
    #expect(folder.read("kept.csv") == "count\n100\ncount\n8\n")
    shell.send(".output kept.csv\rcount customers\r")
    #expect(shell.wait { $0.text.ranges(of: "answers go to 'kept.csv'").count == 2 })
    shell.signal(SIGTERM)
    #expect(shell.exitStatus() == 128 + SIGTERM)
    #expect(folder.read("kept.csv") == "count\n100\ncount\n8\n")
    #expect(folder.names.filter { $0.hasSuffix(".tmp") } == [])
  }

  // MARK: documents

  @Test(arguments: CompletionScript.allCases)
  func `a shell reads its completion`(shell: CompletionScript) throws {
    let result = try run(["completions", shell.rawValue])
    #expect(result.status == 0 && result.output == shell.text)
    let missing = Option.all.flatMap(\.names).filter { name in
      let spelled = shell == .fish ? name.drop { $0 == "-" } : name[...]
      return !result.output.contains(spelled)
    }
    #expect(missing == [])
    folder.write("script", result.output)
    let path = "/usr/bin/" + shell.rawValue
    guard access(path, X_OK) == 0 else { return }
    let read = try #require(ChildProcess.run(path, ["-n", folder.path + "/script"]))
    #expect(read.status == 0 && read.errors == "", "\(read.errors)")
  }

  @Test(arguments: [
    ("rapport --mo", 1, "--mode"), ("rapport --mode ", 2, "csv"), ("rapport -f q", 2, "queries"),
    ("rapport completions ", 2, "fish"), ("rapport ma", 1, "man"),
    ("rapport --color a", 2, "always"),
  ])
  func `bash completes by it`(line: String, place: Int, word: String) throws {
    folder.write("script", CompletionScript.bash.text)
    let words = line.split(separator: " ", omittingEmptySubsequences: false)
    let program = """
      source ./script; COMP_WORDS=(\(words.map { "'\($0)'" }.joined(separator: " "))); \
      COMP_CWORD=\(place); _rapport; echo "${COMPREPLY[@]}"
      """
    let result = try #require(
      ChildProcess.run("/usr/bin/bash", ["-c", program], folder: folder.path))
    #expect(result.output.split(separator: " ").contains { $0.hasPrefix(word) }, "\(result)")
  }

  @Test func `the manual page is one, and names all there is`() throws {
    let result = try run(["man"])
    #expect(result.status == 0 && result.output == ManPage.text)
    for section in ["NAME", "SYNOPSIS", "OPTIONS", "DOT-COMMANDS", "EXIT STATUS", "FILES"] {
      #expect(result.output.contains("\n.SH \(section)\n"))
    }
    let names = Option.all.flatMap(\.names) + DotCommand.all.map(\.name)
    #expect(names.filter { !result.output.contains(ManPage.roff($0)) } == [])
    guard access("/usr/bin/groff", X_OK) == 0 else { return }
    folder.write("rapport.1", result.output)
    let page = try #require(
      ChildProcess.run(
        "/usr/bin/groff", ["-man", "-ww", "-Tutf8", "-P-cbou", folder.path + "/rapport.1"]))
    #expect(page.status == 0 && page.errors == "", "\(page.errors)")
    #expect(page.output.contains("EXIT STATUS"))
  }

  @Test(arguments: ["completions", "completions tcsh", "completions bash zsh", "man x y"])
  func `other words are refused`(words: String) throws {
    let result = try run(words.split(separator: " ").map(String.init))
    #expect(result.status == 2)
    #expect(result.errors.hasPrefix("error["))
  }
}
