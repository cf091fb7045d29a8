import Glibc
import TestSupport
import Testing

/// A data file that two programs change at once: nothing is lost, nothing is overwritten, and a shell
/// left open blocks nobody.
struct OtherProgramsTests {
  /// Changes each program makes.
  static let changeCount = 1_000

  private static func adds(_ name: String) -> String {
    (1...changeCount).map { "add customer name = \"\(name) \($0)\"\n" }.joined()
  }

  private static func run(_ file: String, _ script: String) async -> ChildProcess.Result? {
    await Task.detached {
      ChildProcess.run(ChildProcess.built("rapport"), [file, "-q", "-f", "-"], input: script)
    }.value
  }

  @Test func `two rapports that make 1,000 changes each lose none`() async throws {
    let folder = try #require(TemporaryFolder())
    let file = folder.path + "/two.rapport"
    _ = await Self.run(file, "add employee name = \"Ana\"")
    async let one = Self.run(file, Self.adds("one"))
    async let other = Self.run(file, Self.adds("other"))
    for result in [await one, await other] {
      #expect(result?.status == 0, "\(result?.errors ?? "not started")")
    }
    let read = try #require(SQLiteFile(file))
    #expect(
      read.rows("select count(*), count(distinct name), max(id) from customers")
        == ["\(2 * Self.changeCount)|\(2 * Self.changeCount)|\(2 * Self.changeCount)"])
    #expect(ChildProcess.run(ChildProcess.built("rapport"), ["--check", file])?.status == 0)
  }

  @Test func `rapport and sqlite that make 1,000 changes each lose none`() async throws {
    let folder = try #require(TemporaryFolder())
    let file = folder.path + "/both.rapport"
    _ = await Self.run(file, "add customer name = \"first\"")
    async let changed = Self.run(file, Self.adds("ours"))
    let failures = await Task.detached {
      guard let other = SQLiteFile(file) else { return ["not opened"] }
      var failures: [String] = []
      for number in 1...Self.changeCount {
        let sql =
          number % 2 == 0
          ? "update customers set city = 'town \(number)' where id = 1"
          : "insert into employees (name) values ('theirs \(number)')"
        if !other.run(sql) { failures.append("\(number): \(other.message)") }
      }
      return failures
    }.value
    let result = await changed
    #expect(failures.isEmpty, "\(failures.prefix(3))")
    #expect(result?.status == 0, "\(result?.errors ?? "not started")")
    let read = try #require(SQLiteFile(file))
    #expect(
      read.rows("select count(*) from customers") == ["\(Self.changeCount + 1)"])
    #expect(read.rows("select count(*) from employees") == ["\(Self.changeCount / 2)"])
    #expect(
      read.rows("select city from customers where id = 1") == ["town \(Self.changeCount)"])
    #expect(ChildProcess.run(ChildProcess.built("rapport"), ["--check", file])?.status == 0)
  }

  @Test func `a lock that is held too long is told, and one given back in time is waited for`()
    async throws
  {
    let folder = try #require(TemporaryFolder())
    let file = folder.path + "/busy.rapport"
    let add = "add customer name = \"late\"\n"
    _ = await Self.run(file, "add customer name = \"first\"")
    let other = try #require(SQLiteFile(file))
    let shell = try #require(
      PTYProcess(
        ChildProcess.built("rapport"), [file, "-q"], environment: ["HOME": folder.path]))
    #expect(shell.wait(forCursorLine: "rapport>"))
    #expect(other.run("begin immediate"))
    shell.send("add customer name = \"late\"\r")
    async let script = Self.run(file, add)
    #expect(shell.wait(for: "error[busy]"), "\(shell.screen.text)")
    let refused = try #require(await script)
    #expect(refused.status == 3 && refused.errors.contains("error[busy]"), "\(refused.errors)")
    #expect(refused.errors.contains("hint: run the statement again"), "\(refused.errors)")
    #expect(other.rows("select name from customers") == ["first"])
    #expect(other.run("rollback"))
    // What was refused is not in memory either, and nothing stands in the way of the next.
    shell.send("add customer name = \"next\"; find customers show id, name\r")
    #expect(shell.wait { $0.text.contains(" 2  next") }, "\(shell.screen.text)")
    shell.send("\u{4}")
    #expect(shell.exitStatus() == 0)

    #expect(other.run("begin immediate"))
    async let waiting = Self.run(file, add)
    try await Task.sleep(for: .milliseconds(300))
    #expect(other.run("commit"))
    let done = try #require(await waiting)
    #expect(done.status == 0, "\(done.errors)")
    #expect(
      other.rows("select id, name from customers order by id")
        == ["1|first", "2|next", "3|late"])
  }

  @Test func `a shell left open blocks no script, and says that the file has changed`() throws {
    let folder = try #require(TemporaryFolder())
    let file = folder.path + "/open.rapport"
    let program = ChildProcess.built("rapport")
    _ = ChildProcess.run(program, [file, "-c", "add customer name = \"Åsa O'Neil\""])
    let shell = try #require(
      PTYProcess(program, [file], environment: ["HOME": folder.path]))
    #expect(shell.wait(forCursorLine: "rapport>"))
    shell.send("count customers\r")
    #expect(shell.wait(forCursorLine: "rapport>"), "\(shell.screen.text)")
    let script = ChildProcess.run(program, [file, "-c", "add customer name = \"Bo\""])
    #expect(script?.status == 0, "\(script?.errors ?? "")")
    shell.send("count customers\r")
    #expect(shell.wait(for: ".reload"), "\(shell.screen.text)")
    shell.send("add customer name = \"Cy\"\r")
    #expect(shell.wait(for: "customer 3"), "\(shell.screen.text)")
    shell.send("count customers\r")
    #expect(shell.wait { $0.text.contains("\n    3") }, "\(shell.screen.text)")
    shell.send("\u{4}")
    #expect(shell.exitStatus() == 0)
    #expect(
      SQLiteFile(file)?.rows("select name from customers order by id")
        == ["Åsa O'Neil", "Bo", "Cy"])
  }
}
