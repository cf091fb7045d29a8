import Glibc
import TestSupport
import Testing

/// Scripts as programs: dry runs, classrooms, limits, and files that are whole or as they were.
struct ProgramTests {
  private static let rapport = ChildProcess.built("rapport")

  private static func run(
    _ words: [String], in folder: TemporaryFolder, input: String? = nil, killedAfter: Int? = nil
  ) throws -> ChildProcess.Result {
    try #require(
      ChildProcess.run(
        rapport, words, input: input, folder: folder.path,
        environment: ["XDG_CONFIG_HOME": folder.path, "XDG_DATA_HOME": folder.path],
        killedAfter: killedAfter))
  }

  // MARK: --dry-run

  @Test func `a dry run knows what earlier statements make, and writes nothing`() throws {
    let folder = try #require(TemporaryFolder())
    folder.write("visits.csv", "id,name,spent\n1,Åse,2.50\n2,東京,3.25\n")
    folder.write(
      "good.crm",
      """
      define segment vip as customers where value > 1k
      let n = 3
      import visits from "visits.csv"
      count visits by name
      update visits where id = 1 set name = "Ada"
      find vip top $n by value into "vip.csv"

      then where stage = intensive_care
      move it to dissociation because "gone" anyway
      begin
      add customer name = "Acme"
      commit
      expect count(vip) > 1000000 because "only bound"
      export all to "out"
      backup to "copy.rapport"
      save "shop.rapport"
      """)
    let words = ["--demo", "100", "--dry-run", "-f", "good.crm", "-o", "answers.csv"]
    let good = try Self.run(words, in: folder)
    #expect(good.status == 0, "\(good.errors)")
    #expect(good.output == "")
    #expect(good.errors == "note: 15 statements are right; nothing was run or written\n")
    #expect(folder.names == ["good.crm", "visits.csv"])
  }

  @Test(arguments: [
    ("count custmers", "script.crm:2:7: error[unknown-entity]", 1),
    ("find customers where stge = 1", "script.crm:2:22: error[unknown-field]", 1),
    ("find customers into \"/nonexistent/a.csv\"", "error[folder-not-found]", 1),
    ("find customers into \"script.crm.csv\"", "error[file-exists]", 1),
    ("expect nothing > 1 because \"x\"", "script.crm:2:8: error[", 1),
    ("include \"gone.crm\"", "script.crm:2:9: error[script-not-found]", 1),
    ("import visits from \"gone.csv\"", "error[file-not-found]", 1),
    ("explain analyze find customers where nme = 1", "error[unknown-field]", 1),
    ("find customers limit $n", "error[unknown-parameter]", 1),
  ])
  func `a dry run tells what is wrong and where`(
    statement: String, told: String, status: Int32
  ) throws {
    let folder = try #require(TemporaryFolder())
    folder.write("script.crm", "count customers\n\(statement)\n")
    folder.write("script.crm.csv", "old")
    let result = try Self.run(["--demo", "100", "--dry-run", "-f", "script.crm"], in: folder)
    #expect(result.status == status)
    #expect(result.errors.contains(told), "\(result.errors)")
    #expect(result.output == "")
    #expect(folder.names == ["script.crm", "script.crm.csv"])
  }

  @Test func `a dry run leaves a data file as it is`() throws {
    let folder = try #require(TemporaryFolder())
    _ = try Self.run(["--demo", "100", "shop.rapport", "-c", "count customers"], in: folder)
    let before = folder.names
    var old = stat()
    stat(folder.path + "/shop.rapport", &old)
    let result = try Self.run(
      ["shop.rapport", "--dry-run", "-c", "delete customers where id = 1 with related; save"],
      in: folder)
    #expect(result.status == 0, "\(result.errors)")
    var new = stat()
    stat(folder.path + "/shop.rapport", &new)
    #expect(old.st_mtim.tv_nsec == new.st_mtim.tv_nsec && old.st_size == new.st_size)
    #expect(folder.names == before)
    let refused = try Self.run(
      ["shop.rapport", "--dry-run", "--read-only", "-c", "update all customers set name = \"x\""],
      in: folder)
    #expect(refused.status == 1)
    let keys = try Self.run(
      ["shop.rapport", "--dry-run", "--keep-going", "-c", "count x; count customers; count y"],
      in: folder)
    #expect(keys.errors.contains("-c:1:7:") && keys.errors.contains("-c:1:33:"))
  }

  // MARK: --safe

  @Test(arguments: [
    "find customers into \"/tmp/rapport-q.csv\"", "find customers into \"link/q.csv\"",
    "find customers into \"../q.csv\"", "find customers into \"a/../../q.csv\"",
    "find customers into \"dangling.csv\"", "find customers into \"link/q.csv\" append",
    "import all from \"/etc\"", "import x from \"link/passwd\"", "import x from \"/dev/stdin\"",
    "backup to \"/tmp/rapport-b.rapport\"", "save \"../s.rapport\"", "export all to \"link/zz\"",
    "include \"/etc/passwd\"", "include \"link/x.crm\"",
    "calc 1 + 1 as two; compare customers since yesterday into \"../c.csv\"",
  ])
  func `a class reaches no file outside its folder`(statement: String) throws {
    let outside = try #require(TemporaryFolder())
    outside.write("x.crm", "count customers")
    outside.write("passwd", "id\n1\n")
    let folder = try #require(TemporaryFolder())
    symlink(outside.path, folder.path + "/link")
    symlink(outside.path + "/new.csv", folder.path + "/dangling.csv")
    let result = try Self.run(["--demo", "100", "--safe", "-c", statement], in: folder)
    #expect(result.status == 1, "\(result.errors)")
    #expect(result.errors.contains("error[outside-folder]"), "\(result.errors)")
    #expect(outside.names == ["passwd", "x.crm"])
  }

  @Test func `a class works in its folder, and with what the command line names`() throws {
    let outside = try #require(TemporaryFolder())
    outside.write("x.crm", "count customers")
    let folder = try #require(TemporaryFolder())
    let shop = outside.path + "/shop.rapport"
    let words = ["--safe", "-q", "-f", outside.path + "/x.crm"]
    _ = try Self.run(["--demo", "100", shop] + words, in: folder)
    let result = try Self.run(
      [
        shop, "-o", outside.path + "/o.csv", "-c", "find customers into \"./a.csv\"",
        "-c", "export all to \"out\"; import x from \"out/../a.csv\"; count customers",
      ] + words, in: folder)
    #expect(result.status == 0, "\(result.errors)")
    #expect(folder.names == ["a.csv", "out"])
    #expect(outside.read("o.csv") == "count\n100\ncount\n100\n")
    let typed = try Self.run(["--demo", "100", "--safe", "-i"], in: folder, input: "count x")
    #expect(typed.status == 1)
  }

  // MARK: time

  @Test func `a statement that takes too long fails, and with --keep-going the next one runs`()
    throws
  {
    let folder = try #require(TemporaryFolder())
    let words = [
      "--demo", "20000", "--time-limit", "0.01", "-c", "forecast customers over 12 months",
    ]
    let result = try Self.run(words, in: folder)
    #expect(result.status == 1)
    #expect(
      result.errors.contains(
        "-c:1:1: error[time-limit]: stopped after 0.01 s, the most that a statement may take here"))
    let kept = try Self.run(words + ["-c", "calc 1 + 1 as two", "--keep-going"], in: folder)
    #expect(kept.output == "two\n2\n")
    #expect(kept.status == 1)
  }

  // MARK: files are whole

  @Test func `a killed run leaves the old file, and a failed one too`() throws {
    let folder = try #require(TemporaryFolder())
    for name in ["o.csv", "i.csv"] { folder.write(name, "old") }
    let slow = Array(repeating: ["-c", "find interactions"], count: 40).flatMap(\.self)
    let killed = try Self.run(
      ["--demo", "20000", "-o", "o.csv"] + slow, in: folder, killedAfter: 900_000)
    #expect(killed.status == 128 + SIGKILL)
    #expect(folder.read("o.csv") == "old")
    let failed = try Self.run(
      [
        "--demo", "100", "-o", "o.csv", "-c", "find customers into \"i.csv\" replace", "-c",
        "nothing",
      ],
      in: folder)
    #expect(failed.status == 1)
    #expect(folder.read("o.csv") == "old")
    #expect(folder.read("i.csv")?.hasPrefix("id,name") == true)
    #expect(folder.names.filter { !$0.hasPrefix(".") } == ["i.csv", "o.csv"])
  }

  @Test(arguments: ["\u{3}", nil])
  func `a run that is interrupted leaves the old file, and no other`(key: String?) throws {
    let folder = try #require(TemporaryFolder())
    folder.write("o.csv", "old")
    let slow = Array(repeating: ["-c", "find interactions"], count: 400).flatMap(\.self)
    let shell = try #require(
      PTYProcess(
        "/usr/bin/env", ["-C", folder.path, Self.rapport, "--demo", "20000", "-o", "o.csv"] + slow))
    #expect(shell.wait(for: "note: "), "\(shell.screen.text)")
    if let key { shell.send(key) } else { shell.signal(SIGTERM) }
    #expect(shell.exitStatus() == (key == nil ? 128 + SIGTERM : 130), "\(shell.screen.text)")
    #expect(folder.read("o.csv") == "old")
    #expect(folder.names == ["o.csv"])
  }

  @Test func `a replaced file keeps its permissions, and a link stays a link`() throws {
    let folder = try #require(TemporaryFolder())
    folder.write("real.csv", "old")
    chmod(folder.path + "/real.csv", 0o640)
    symlink("real.csv", folder.path + "/link.csv")
    let result = try Self.run(
      ["--demo", "100", "-q", "-o", "link.csv", "-c", "count customers"], in: folder)
    #expect(result.status == 0, "\(result.errors)")
    #expect(folder.read("real.csv") == "count\n100\n")
    var status = stat()
    #expect(lstat(folder.path + "/link.csv", &status) == 0)
    #expect(status.st_mode & S_IFMT == S_IFLNK)
    #expect(stat(folder.path + "/real.csv", &status) == 0)
    #expect(status.st_mode & 0o777 == 0o640)
    #expect(folder.names == ["link.csv", "real.csv"])
  }

  @Test func `a stream is written as it is`() throws {
    let folder = try #require(TemporaryFolder())
    let words = ["--demo", "100", "-q", "-c", "count customers"]
    #expect(try Self.run(words + ["-o", "/dev/stdout"], in: folder).output == "count\n100\n")
    #expect(
      try Self.run(words + ["-o", "/dev/stderr", "--csv"], in: folder).errors == "count\n100\n")
    let into = try Self.run(
      [
        "--demo", "100", "-q", "-c",
        "count employees; count customers into \"/dev/stdout\" replace",
      ],
      in: folder)
    #expect(into.status == 1, "no format is known of it")
  }
}
