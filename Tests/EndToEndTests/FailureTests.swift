import Glibc
import TestSupport
import Testing

/// What a person sees when a data file cannot be used: a clear error that says what to do, exit status
/// 3, and the file as it was.
struct FailureTests {
  private static let program = ChildProcess.built("rapport")

  /// A file that holds five customers, made by rapport.
  private static func sample(_ folder: TemporaryFolder, _ name: String = "t.rapport") -> String {
    let path = folder.path + "/" + name
    let adds = (1...5).map { "add customer name = \"n\($0)\", value = \($0).50\n" }.joined()
    _ = ChildProcess.run(program, [path, "-f", "-"], input: adds + "save\n")
    return path
  }

  private static func bytes(_ path: String) -> [UInt8] {
    guard let file = fopen(path, "r") else { return [] }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 65_536)
    while case let count = fread(&part, 1, part.count, file), count > 0 { bytes += part[..<count] }
    return bytes
  }

  private static func write(_ path: String, _ bytes: [UInt8]) {
    guard let file = fopen(path, "w") else { return }
    fwrite(bytes, 1, bytes.count, file)
    fclose(file)
  }

  /// What stands at the path, and the code and a word of the error it gives.
  static let places: [(name: String, make: @Sendable (String) -> Void, code: String)] = [
    ("is not there", { _ in }, "store-not-found"),
    ("is a folder", { _ = mkdir($0, 0o755) }, "file-is-directory"),
    ("is a FIFO", { _ = mkfifo($0, 0o644) }, "file-is-device"),
    ("is text", { write($0, Array("id,name\n1,a\n".utf8)) }, "not-a-store"),
    ("is a foreign database", { _ = SQLiteFile($0)?.run("create table t (a)") }, "foreign-store"),
    ("is half a file", { write($0, Array(bytes($0).prefix(6_000))) }, "damaged"),
    (
      "is of a newer version", { _ = SQLiteFile($0)?.run("pragma user_version = 99") },
      "newer-store"
    ),
  ]

  @Test(arguments: places.indices) func `a file that cannot be opened is left alone`(
    _ index: Int
  ) throws {
    let place = Self.places[index]
    let folder = try #require(TemporaryFolder())
    let path: String
    switch place.code {
    case "damaged", "newer-store": path = Self.sample(folder)
    default: path = folder.path + "/t.rapport"
    }
    place.make(path)
    let before = place.name == "is a FIFO" ? [] : Self.bytes(path)
    let names = folder.names
    for command in ["count customers", "add customer name = \"x\""] {
      if place.code == "store-not-found", command.hasPrefix("add") { continue }
      let result = try #require(ChildProcess.run(Self.program, [path, "-c", command]))
      #expect(result.status == 3, "\(place.name), \(command): \(result.errors)")
      #expect(
        result.errors.contains("error[\(place.code)]") && result.errors.contains("hint:"),
        "\(place.name), \(command): \(result.errors)")
      #expect(result.output.isEmpty, "\(place.name): \(result.output)")
    }
    #expect(folder.names == names, "\(place.name): something was left beside it")
    if place.name != "is a FIFO" { #expect(Self.bytes(path) == before, "\(place.name)") }
  }

  @Test func `a disk that is full loses nothing acknowledged`() throws {
    let folder = try #require(TemporaryFolder())
    let path = Self.sample(folder)
    let adds = (1...400).map {
      "add customer name = \"full \($0) \(String(repeating: "x", count: 500))\""
    }
    let input = adds.map { $0 + "\ncount customers\n" }.joined()
    // No file may grow beyond 256 KiB.
    let result = try #require(
      ChildProcess.run(
        "/bin/bash", ["-c", "ulimit -f 256; exec \"$0\" \"$1\" -f - --csv", Self.program, path],
        input: input))
    #expect(result.status == 3, "\(result.errors)")
    #expect(result.errors.contains("error[disk-full]"), "\(result.errors)")
    let counts = result.output.split(separator: "\n").compactMap { Int($0) }
    let last = try #require(counts.last)
    let check = try #require(ChildProcess.run(Self.program, ["--check", path]))
    #expect(check.status == 0, "\(check.errors)\(check.output)")
    #expect(SQLiteFile(path)?.rows("select count(*) from customers") == ["\(last)"])
    // Nor is a copy left half-written.
    let backup = ChildProcess.run(
      "/bin/bash",
      [
        "-c", "ulimit -f 16; exec \"$0\" \"$1\" -c 'backup to \"\(folder.path)/copy\"'",
        Self.program, path,
      ])
    #expect(backup?.status == 3, "\(backup?.errors ?? "")")
    #expect(folder.names.allSatisfy { !$0.hasPrefix("copy") }, "\(folder.names)")
  }

  @Test func `a file that vanishes is not written to silently`() throws {
    let folder = try #require(TemporaryFolder())
    let path = Self.sample(folder)
    let shell = try #require(
      PTYProcess(Self.program, [path, "-q"], environment: ["HOME": folder.path]))
    #expect(shell.wait(forCursorLine: "rapport>"))
    for name in folder.names where name.hasPrefix("t.rapport") { unlink(folder.path + "/" + name) }
    shell.send("add customer name = \"lost?\"\r")
    #expect(shell.wait(for: "error[file-vanished]"), "\(shell.screen.text)")
    shell.send("\u{4}")
    #expect(shell.exitStatus() == 0)
  }

  @Test func `a read-only run refuses every change`() throws {
    let folder = try #require(TemporaryFolder())
    let path = Self.sample(folder)
    let before = Self.bytes(path)
    let changes = [
      "add customer name = \"x\"", "update all customers set city = \"x\"", "delete customer 1",
      "move customer 1 to welcoming", "merge customer 1 into 2", "begin", "save",
      "import customers from \"none.csv\"",
    ]
    for change in changes {
      let result = try #require(
        ChildProcess.run(Self.program, ["--read-only", path, "-c", change]))
      #expect(
        result.status == 1 && result.errors.contains("error[read-only]"),
        "\(change): \(result.status) \(result.errors)")
    }
    let read = ChildProcess.run(
      Self.program, ["--read-only", path, "-c", "count customers", "--csv"])
    #expect(read?.output == "count\n5\n")
    #expect(Self.bytes(path) == before)
    #expect(folder.names == ["t.rapport"], "\(folder.names)")
  }

  @Test func `no flipped bit and no cut changes an answer silently`() throws {
    let folder = try #require(TemporaryFolder())
    let path = Self.sample(folder)
    let whole = Self.bytes(path)
    let question = ["-c", "find customers show id, name, value", "--csv", "-q"]
    let right = try #require(ChildProcess.run(Self.program, [path] + question)).output
    #expect(right.split(separator: "\n").count == 6)
    let broken = folder.path + "/broken.rapport"
    for step in 0..<24 {
      var bytes = whole
      let place = step * 7_919 % bytes.count
      if step % 4 == 3 { bytes = Array(bytes[..<place]) } else { bytes[place] ^= 1 << (step % 8) }
      Self.write(broken, bytes)
      let result = try #require(ChildProcess.run(Self.program, [broken] + question))
      #expect(
        result.status == 3 && result.output.isEmpty || result.output == right,
        "byte \(place): \(result.status) \(result.output) \(result.errors)")
      #expect(Self.bytes(broken) == bytes, "byte \(place): the file was written to")
      unlink(broken)
    }
  }
}
