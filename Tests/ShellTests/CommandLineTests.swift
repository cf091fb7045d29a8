import Glibc
import TestSupport
import Testing

/// The built program, its streams as pipes: what it writes where, and its exit status.
struct CommandLineTests {
  private static let rapport = ChildProcess.built("rapport")

  private static func run(
    _ words: [String], input: String? = nil, folder: String? = nil
  ) throws -> ChildProcess.Result {
    try #require(ChildProcess.run(rapport, words, input: input, folder: folder))
  }

  @Test(
    arguments: [
      (["--demo", "100", "-c", "count customers"], nil, 0),
      (["--demo", "100", "-c", "count customers where stge = 1"], nil, 1),
      (
        ["--demo", "100", "-c", "find customers where name = \"nobody\"", "--fail-if-empty"], nil, 4
      ),
      (["--demo", "100", "-c", "find customers where name = \"nobody\""], nil, 0),
      (["--demo", "100", "-c", "count customers", "--fail-if-empty"], nil, 0),
      (["--cvs"], nil, 2),
      (["a.rapport", "b.rapport"], nil, 2),
      (["--demo", "100", "/tmp"], nil, 3),
      (["--demo", "100"], "count customers\n", 0),
      (["--demo", "100", "-f", "-"], "cuont customers\n", 1),
      (["-f", "/nonexistent/a.crm"], nil, 2),
      (["-f", "/"], nil, 2),
      (["-f", "/proc/self/exe"], nil, 2),
      (["--demo", "100", "-o", "/nonexistent/a.csv", "-c", "count customers"], nil, 2),
      (["--help"], nil, 0),
      (["--version"], nil, 0),
      ([], "", 0),
      (["--memory-limit", "1mb", "--demo", "20000"], nil, 1),
    ] as [([String], String?, Int32)])
  func `the exit status says how it went`(words: [String], input: String?, status: Int32) throws {
    let result = try Self.run(words, input: input)
    #expect(result.status == status, "\(words): \(result.errors)")
    #expect(result.errors.isEmpty || !result.errors.contains("\u{1B}"))
    let isWrong = [1, 2, 3].contains(status)
    #expect(result.errors.contains("error[") == isWrong, "\(words): \(result.errors)")
  }

  @Test func `numbers on standard input are no statement, and the place is told`() throws {
    let result = try Self.run(["-f", "-"], input: "1\n2\n3\n")
    #expect(result.status == 1)
    #expect(result.errors.hasPrefix("stdin:1:1: error["))
    #expect(result.output == "")
    #expect(!result.errors.contains("stdin:2"))
  }

  @Test func `inputs run in the order given, and the first failure stops them`() throws {
    let words = [
      "--demo", "100", "-q", "--csv", "-c", "count customers", "-f", "-", "-c", "count employees",
    ]
    let good = try Self.run(words, input: "calc 1 + 1 as two\n")
    #expect(good.status == 0)
    #expect(good.errors == "")
    let lines = good.output.split(separator: "\n")
    #expect(lines.prefix(4) == ["count", "100", "two", "2"])
    let bad = try Self.run(words, input: "calc 1 +* 1\ncalc 5 as five")
    #expect(bad.status == 1)
    #expect(bad.output == "count\n100\n")
    let kept = try Self.run(["--keep-going"] + words, input: "calc 1 +* 1\ncalc 5 as five\n")
    #expect(kept.status == 1)
    #expect(kept.output.hasPrefix("count\n100\nfive\n5\ncount\n"))
  }

  @Test func `rows go to standard output and words to standard error`() throws {
    let query = "find customers order by id limit 2"
    let csv = try Self.run(["--demo", "100", "-c", query + " show id, name"])
    #expect(csv.output.split(separator: "\n").count == 3)
    #expect(csv.errors.hasPrefix("note: 2 of 100 customers"))
    let quiet = try Self.run(["--demo", "100", "-q", "-c", query])
    #expect(quiet.errors == "")
    #expect(quiet.output.hasPrefix("id,name,kind,email,"))
    let table = try Self.run(["--demo", "100", "-m", "table", "-c", query])
    #expect(table.errors == "")
    #expect(table.output.hasPrefix("id  name"))
    #expect(table.output.contains("\n2 of 100 customers, by id, lowest first\n"))
    #expect(!table.output.contains("\u{1B}"))
    let colored = try Self.run(["--demo", "100", "-m", "box", "--color", "always", "-c", query])
    #expect(colored.output.contains("\u{1B}[1mid"))
    let empty = try Self.run(
      ["--demo", "100", "-q", "--json", "-c", "find customers where id = 0"])
    #expect(empty.output == "[]\n")
    let all = try Self.run(["--demo", "100", "-m", "table", "-c", "find customers"])
    #expect(all.output.split(separator: "\n").count == 102)
  }

  @Test func `an output file is replaced whole or not at all`() throws {
    let folder = try #require(TemporaryFolder())
    let path = folder.path + "/a.json"
    let good = try Self.run(["--demo", "100", "-o", path, "-c", "count customers"])
    #expect(good.status == 0)
    #expect(good.output == "")
    #expect(folder.read("a.json") == "[\n{\"count\":100}\n]\n")
    let bad = try Self.run(
      ["--demo", "100", "-o", path, "-c", "find customers", "-c", "find nothing"])
    #expect(bad.status == 1)
    #expect(folder.read("a.json") == "[\n{\"count\":100}\n]\n")
    #expect(folder.names == ["a.json"])
    let device = try Self.run(["--demo", "100", "-o", "/dev/null", "-c", "count customers"])
    #expect(device.status == 0)
  }

  @Test func `a script finds its files beside itself and names its lines`() throws {
    let folder = try #require(TemporaryFolder())
    folder.write(
      "visits.crm",
      "\u{FEFF}-- first\n\nimport visits from \"visits.csv\"\ncount visits\n\n  find visits\n  where nme = 1\n"
    )
    folder.write("visits.csv", "id,name\n1,Åse\n2,東京\n")
    let result = try Self.run(["-f", folder.path + "/visits.crm"])
    #expect(result.status == 1)
    #expect(result.output == "count\n2\n")
    #expect(result.errors.contains("note: imported 2 rows into the new entity visits"))
    #expect(result.errors.contains("/visits.crm:7:9: error[unknown-field]"))
    #expect(result.errors.contains("\n    where nme = 1\n          ^^^\n"))
    folder.write("binary.crm", "find customers\nfind \0")
    let binary = try Self.run(["-f", "binary.crm"], folder: folder.path)
    #expect(binary.status == 2)
    #expect(binary.errors.contains("'binary.crm' is not UTF-8 text, see its line 2"))
    folder.write("dot.crm", "count customers;\n.mode csv\n")
    let command = try Self.run(["-f", "dot.crm"], folder: folder.path)
    #expect(command.status == 1)
    #expect(command.errors.contains("dot.crm:2:1: error[command-in-script]"))
  }

  @Test func `a reader that goes away ends the run in silence`() throws {
    let result = try #require(
      ChildProcess.run(
        Self.rapport, ["--demo", "5000", "-q", "-c", "find interactions", "-c", "find nothing"],
        closesOutputAfter: 1))
    #expect(result.errors == "")
    #expect(result.status == 0)
  }

  @Test func `today is fixed for a run and can be set`() throws {
    let demo = try Self.run(["--demo", "100", "-q", "-c", "calc today as t"])
    #expect(demo.output == "t\n2026-06-30\n")
    let set = try Self.run([
      "--demo", "100", "--today", "2025-02-28", "-q", "-c", "calc today as t",
    ])
    #expect(set.output == "t\n2025-02-28\n")
  }

  @Test func `the same seed gives the same customers`() throws {
    let words = ["--demo", "100", "-q", "-c", "find customers"]
    let first = try Self.run(words)
    #expect(try Self.run(words) == first)
    #expect(try Self.run(["--seed", "5"] + words).output != first.output)
  }
}
