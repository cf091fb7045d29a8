import Glibc
import TestSupport
import Testing

/// The built program and its data files: the command line.
struct DataFileTests {
  private static let rapport = ChildProcess.built("rapport")
  private let folder: TemporaryFolder

  init() throws { folder = try #require(TemporaryFolder()) }

  private func run(_ words: [String], input: String? = nil) throws -> ChildProcess.Result {
    try #require(ChildProcess.run(Self.rapport, words, input: input, folder: folder.path))
  }

  @Test func `the first change creates the file, and what only reads does not`() throws {
    let add = "add customer name = \"Åsa O'Neil\", stage = welcoming"
    // The words, the status, what is told, and whether the file is there afterwards.
    let steps: [(words: [String], status: Int32, told: String, isThere: Bool)] = [
      (["t.rapport", "-c", "count customers"], 3, "error[store-not-found]: there is no", false),
      (["t.rapport", "-c", "describe customers"], 3, "a change creates it", false),
      (["t.rapport", "-c", "update all customers set city = \"x\""], 3, "there is no", false),
      (["t.rapport", "-c", "backup to \"b.rapport\""], 3, "there is no", false),
      (["t.rapport", "-c", "begin", "-c", add, "-c", "count customers"], 0, "taken", false),
      (["--read-only", "t.rapport", "-c", add], 3, "there is no data file", false),
      (["t.rapport", "-c", "calc 1 + 1 as n"], 0, "", false),
      (["t.rapport", "-c", add], 0, "added customer 1", true),
      (["t.raport", "-c", "count customers"], 3, "a close name is 't.rapport'", true),
      (["--read-only", "t.rapport", "-c", "count customers"], 0, "", true),
      (["--read-only", "t.rapport", "-c", "calc 1 + 1 as n"], 0, "", true),
      (["--read-only", "t.rapport", "-c", add], 1, "error[read-only]", true),
      (["--demo", "100", "t.rapport"], 3, "'t.rapport' exists; --demo fills a new file", true),
    ]
    for (words, status, told, isThere) in steps {
      let result = try run(words)
      #expect(result.status == status, "\(words): \(result.errors)")
      #expect(
        result.errors.contains(told == "taken" ? "still open: took back 1" : told),
        "\(words): \(result.errors)")
      #expect(folder.names == (isThere ? ["t.rapport"] : []), "\(words)")
    }
    let found = try run(["t.rapport", "-q", "-c", "find customers show id, name, stage"])
    #expect(found.output == "id,name,stage\n1,Åsa O'Neil,welcoming\n")
  }

  @Test func `a file that is no data file is refused and left as it is`() throws {
    folder.write("a.csv", "id,name\n1,Åsa\n")
    folder.write("empty.rapport", "")
    mkfifo(folder.path + "/pipe", 0o600)
    for (name, code) in [
      ("a.csv", "not-a-store"), ("empty.rapport", "file-is-empty"), (".", "file-is-directory"),
      ("pipe", "file-is-device"), ("no/t.rapport", "folder-not-found"),
    ] {
      let result = try run([name, "-c", "add customer name = \"x\""])
      #expect(result.status == 3, "\(name): \(result.errors)")
      #expect(result.errors.contains("error[\(code)]"), "\(name): \(result.errors)")
    }
    #expect(folder.read("a.csv") == "id,name\n1,Åsa\n")
    #expect(folder.read("empty.rapport") == "")
    #expect(folder.names == ["a.csv", "empty.rapport", "pipe"])
  }

  @Test func `demo data fills a new file, and a script saves and copies its own`() throws {
    #expect(try run(["--demo", "100", "d.rapport"]).status == 0)
    let opened = try run(["d.rapport", "-q", "-c", "count customers"])
    #expect(opened.output == "count\n100\n")
    let script = """
      add customer name = "Brix"
      save "s.rapport"
      add customer name = "Cato"
      backup to "b.rapport"
      add customer name = "Dorn"
      undo
      """
    let result = try run(["-f", "-"], input: script)
    #expect(result.status == 0, "\(result.errors)")
    #expect(!result.errors.contains("in memory"), "\(result.errors)")
    #expect(folder.names == ["b.rapport", "d.rapport", "s.rapport"])
    for name in ["s.rapport", "b.rapport"] {
      let found = try run([name, "-q", "-c", "find customers show name"])
      #expect(found.output == "name\nBrix\nCato\n", "\(name)")
    }
    let again = try run(["s.rapport", "-c", "save \"b.rapport\"", "-c", "count customers"])
    #expect(again.status == 3 && again.errors.contains("error[file-exists]"), "\(again.errors)")
    #expect(try run(["s.rapport", "-c", "save \"b.rapport\" replace"]).status == 0)
  }

  @Test func `the open file is not replaced by itself, however its path is spelled`() throws {
    let (acme, brix) = ("add customer name = \"Acme\"", "add customer name = \"Brix\"")
    #expect(try run(["s.rapport", "-c", acme]).status == 0)
    symlink("s.rapport", folder.path + "/link")
    let paths = ["s.rapport", "./s.rapport", "\(folder.path)/s.rapport", "link"]
    for (opened, saved) in paths.map({ ("s.rapport", $0) }) + [("link", "s.rapport")] {
      let save = "save \"\(saved)\" replace"
      let result = try run([opened, "-c", brix, "-c", save, "-c", "undo"])
      let words = "saved '\(opened)'"
      #expect(result.status == 0 && result.errors.contains(words), "\(saved): \(result.errors)")
      let refused = try run(["--read-only", opened, "-c", save])
      #expect(refused.errors.contains("error[read-only]"), "\(saved): \(refused.errors)")
      let copied = try run([opened, "-c", "backup to \"\(saved)\" replace"])
      #expect(copied.errors.contains("error[file-is-data-file]"), "\(saved): \(copied.errors)")
      #expect(folder.names == ["link", "s.rapport"])
    }
    let found = try run(["link", "-q", "-c", "find customers show id, name"])
    #expect(found.output == "id,name\n1,Acme\n")
  }

  @Test func `a first import may give an entity of a file keys of text`() throws {
    folder.write("c.csv", "id,name,referred_by\nA-1,Ann,\nit's,Bob,A-1\n")
    #expect(try run(["t.rapport", "-c", "add product name = \"x\""]).status == 0)
    let imported = try run(["t.rapport", "-c", "import customers from \"c.csv\""])
    #expect(imported.status == 0, "\(imported.errors)")
    let found = try run([
      "t.rapport", "-q", "-c", "find customers show id, referred_by.name", "-c",
      "count products",
    ])
    #expect(found.output == "id,referred_by_name\nA-1,\nit's,Ann\ncount\n1\n")
    #expect(try run(["--check", "t.rapport"]).status == 0)
  }

  @Test func `a script says what is not saved, and takes back what it left open`() throws {
    folder.write("c.csv", "name\nBrix\n")
    let imports = "import customers from \"c.csv\""
    let add = "add customer name = \"Acme\""
    folder.write("open.crm", "begin\n\(add)\n")
    // What is run, and what is told of memory and of a transaction.
    let runs: [(words: [String], isGone: Bool, takenBack: Int)] = [
      (["-c", imports], true, 0), (["-c", imports, "-c", "count customers"], false, 0),
      (["-c", add, "-c", "count customers"], true, 0), (["-q", "-c", add], false, 0),
      (["-c", imports, "-c", "save \"t.rapport\""], false, 0),
      (["t.rapport", "-c", "begin", "-c", add], false, 1),
      (["t.rapport", "-c", "begin", "-c", add, "-c", add, "-c", "commit"], false, 0),
      (["t.rapport", "-f", "open.crm", "-c", "commit"], false, 1),
      (["t.rapport", "-c", "begin", "-f", "open.crm"], false, 0),
      (["t.rapport", "-c", "begin; \(add); \(add)", "-c", "find nothing"], false, 2),
      (["--keep-going", "t.rapport", "-c", "begin; \(add); find nothing; commit"], false, 1),
      (["t.rapport", "-c", "begin; find customers"], false, 0),
    ]
    for (words, isGone, takenBack) in runs {
      let result = try run(words)
      #expect(
        result.errors.contains("in memory and are gone") == isGone, "\(words): \(result.errors)")
      let told = takenBack == 1 ? "took back 1 statement\n" : "took back \(takenBack) statements\n"
      #expect(
        result.errors.contains("still open: ") == (takenBack > 0)
          && (takenBack == 0 || result.errors.contains(told)), "\(words): \(result.errors)")
    }
    let found = try run(["t.rapport", "-q", "-c", "find customers show name order by id"])
    #expect(found.output == "name\nBrix\nAcme\nAcme\n")
  }

  @Test func `a full disk is an error, not an end, and nothing of the change is there`() throws {
    #expect(try run(["t.rapport", "-c", "add customer name = \"Acme\""]).status == 0)
    let long = String(repeating: "x", count: 400_000)
    folder.write("big.crm", "update customer 1 set left_because = \"\(long)\"\n")
    let result = try #require(
      ChildProcess.run(
        "/bin/sh", ["-c", "ulimit -f 300; exec '\(Self.rapport)' t.rapport -f big.crm"],
        folder: folder.path))
    #expect(result.status == 3, "\(result.status) \(result.errors.suffix(300))")
    #expect(result.errors.contains("error[disk-full]"), "\(result.errors.suffix(300))")
    let found = try run(["t.rapport", "-q", "-c", "find customers show name, left_because"])
    #expect(found.output == "name,left_because\nAcme,\n")
  }
}

/// A data file at the prompt.
struct DataFilePromptTests {
  private static let rapport = ChildProcess.built("rapport")
  private let folder: TemporaryFolder

  init() throws {
    folder = try #require(TemporaryFolder())
    let words = ["--demo", "100", "shop.rapport"]
    let made = try #require(ChildProcess.run(Self.rapport, words, folder: folder.path))
    #expect(made.status == 0, "\(made.errors)")
  }

  private func start(_ words: [String]) throws -> PTYProcess {
    let shell = try #require(
      PTYProcess(
        "/usr/bin/env", ["-C", folder.path, Self.rapport] + words,
        environment: ["XDG_STATE_HOME": folder.path]))
    #expect(shell.wait(forCursorLine: "rapport>"), "\(shell.screen.text)")
    return shell
  }

  private func end(_ shell: PTYProcess) {
    shell.send("\u{4}")
    #expect(shell.exitStatus() == 0, "\(shell.screen.text)")
  }

  @Test func `the banner names the file and what is in it, and leaving asks nothing`() throws {
    let shell = try start(["shop.rapport"])
    #expect(
      shell.screen.text.contains("rapport 0.1.0: shop.rapport, 100 customers,"),
      "\(shell.screen.text)")
    shell.send("find customers where stage = wel\t\r")
    #expect(shell.wait(for: "customers\n"), "\(shell.screen.text)")
    shell.send("find customers where stage = \t")
    #expect(shell.wait(for: "welcoming "), "\(shell.screen.text)")
    shell.send("\u{3}update customer 1 set city = \"Hov\"\r")
    #expect(shell.wait(for: "updated 1 customer"), "\(shell.screen.text)")
    end(shell)
    let later = try start(["--read-only", "shop.rapport"])
    #expect(later.screen.text.contains("shop.rapport (read only), 100 customers"))
    later.send("find customers where city = \"Hov\" show id\r")
    #expect(later.wait(for: "1 customer\n"), "\(later.screen.text)")
    later.send(".undo\rdelete customer 1\r")
    #expect(later.wait(for: "error[read-only]"), "\(later.screen.text)")
    end(later)
  }

  @Test func `a file that is not there yet comes with the first change`() throws {
    let shell = try start(["new.rapport"])
    #expect(
      shell.screen.text.contains("new.rapport, which the first change creates"),
      "\(shell.screen.text)")
    shell.send("count customers\r")
    #expect(shell.wait(for: "1 row"), "\(shell.screen.text)")
    #expect(!folder.names.contains("new.rapport"))
    shell.send("add customer name = \"Acme\"\r")
    #expect(shell.wait(for: "added customer 1"), "\(shell.screen.text)")
    #expect(folder.names.contains("new.rapport"))
    shell.send(".open\r")
    #expect(shell.wait(for: "new.rapport, 1 customer"), "\(shell.screen.text)")
    end(shell)
  }

  @Test func `dot-commands open, save, copy and take in what others changed`() throws {
    let shell = try start([])
    shell.send(".open sh\t\r")
    #expect(shell.wait(for: "shop.rapport, 100 customers"), "\(shell.screen.text)")
    shell.send(".backup copy.rapport\r.backup copy.rapport\r")
    #expect(shell.wait(for: "wrote a copy to 'copy.rapport'"), "\(shell.screen.text)")
    #expect(shell.wait(for: "error[file-exists]"))
    shell.send(".backup \"copy.rapport\" replace\r.save\r")
    #expect(shell.wait(for: "saved 'shop.rapport'"), "\(shell.screen.text)")
    shell.send("count customers\r")
    #expect(shell.wait(for: "1 row"))
    let other = try #require(
      ChildProcess.run(
        Self.rapport, ["shop.rapport", "-c", "add customer name = \"Acme\""], folder: folder.path))
    #expect(other.status == 0, "\(other.errors)")
    shell.send("count customers\r")
    #expect(shell.wait(for: "'shop.rapport' has changed: .reload"), "\(shell.screen.text)")
    shell.send(".reload\rcount customers\r")
    #expect(shell.wait(for: "  101\n"), "\(shell.screen.text)")
    shell.send("begin\r.open copy.rapport\r")
    #expect(shell.wait(for: "error[transaction-open]"), "\(shell.screen.text)")
    shell.send("rollback\r.open nix/a.rapport\radd customer name = \"x\"\r")
    #expect(shell.wait(for: "error[folder-not-found]"), "\(shell.screen.text)")
    shell.send(".open copy.rapport\r")
    #expect(shell.wait(for: "copy.rapport, 100 customers"), "\(shell.screen.text)")
    end(shell)
  }

  @Test func `a transaction that another program ran into is taken back and says so`() throws {
    let shell = try start(["shop.rapport"])
    shell.send("begin\radd customer name = \"Acme\"\r")
    #expect(shell.wait(for: "added customer 101"), "\(shell.screen.text)")
    let other = try #require(
      ChildProcess.run(
        Self.rapport, ["shop.rapport", "-c", "add customer name = \"Brix\""], folder: folder.path))
    #expect(other.status == 0, "\(other.errors)")
    shell.send("commit\r")
    #expect(shell.wait(for: "error[conflict]"), "\(shell.screen.text)")
    shell.send("add customer name = \"Cato\"\r")
    #expect(shell.wait(for: "added customer 102"), "\(shell.screen.text)")
    shell.send("find customers where id > 100 show name\r")
    #expect(shell.wait(for: "Brix\nCato\n2 customers"), "\(shell.screen.text)")
    end(shell)
  }

  @Test func `what is in memory is not left for another file without a question`() throws {
    let shell = try start([])
    shell.send("add customer name = \"Acme\"\r.open shop.rapport\r")
    #expect(shell.wait { $0.cursorLine.hasSuffix("Open another? [y/N]") }, "\(shell.screen.text)")
    shell.send("n\r")
    #expect(shell.wait(forCursorLine: "rapport>"))
    shell.send(".save mine.rapport\r")
    #expect(shell.wait(for: "saved 'mine.rapport'"), "\(shell.screen.text)")
    shell.send(".open shop.rapport\r")
    #expect(shell.wait(for: "shop.rapport, 100 customers"), "\(shell.screen.text)")
    end(shell)
  }
}
