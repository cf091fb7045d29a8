import FoundationEssentials
import Glibc
import TestSupport
import Testing

/// Disks that take no more, and files that others keep for themselves: a clear error that says what to
/// do, exit status 3, and all that was there as it was.
struct DiskTests {
  private static let program = ChildProcess.built("rapport")

  private static func fill(_ path: String) -> ChildProcess.Result? {
    let adds = (1...5).map { "add customer name = \"n\($0)\", value = \($0).50\n" }.joined()
    return ChildProcess.run(program, [path, "-q", "-f", "-"], input: adds + "save\n")
  }

  @Test func `a disk that takes no more keeps what it had, and no half of a file`() throws {
    let folder = try #require(TemporaryFolder())
    let big = folder.path + "/big.csv"
    let long = String(repeating: "x", count: 250)
    folder.write("big.csv", "id,note\n" + (1...8_000).map { "\($0),\(long)\n" }.joined())
    folder.write(
      "big.crm",
      "update customer 1 set left_because = \"\(String(repeating: "y", count: 1_500_000))\"\n")
    let whole = folder.path + "/big.rapport"
    let made = ChildProcess.run(Self.program, [whole, "-q", "-c", "import notes from \"\(big)\""])
    #expect(made?.status == 0, "\(made?.errors ?? "")")

    let disk = try #require(SmallDisk())
    let (path, new) = (disk.path + "/t.rapport", disk.path + "/new.rapport")
    #expect(Self.fill(path)?.status == 0)
    let before = try Data(contentsOf: URL(filePath: path))
    let cases: [(what: String, words: [String])] = [
      ("a store is saved", ["-c", "import notes from \"\(big)\"", "-c", "save \"\(new)\""]),
      ("a file is imported", [path, "-c", "import notes from \"\(big)\""]),
      ("a record is changed", [path, "-f", folder.path + "/big.crm"]),
      ("a copy is made", [whole, "-c", "backup to \"\(new)\""]),
      ("a copy replaces", [whole, "-c", "backup to \"\(path)\" replace"]),
      ("a store replaces", [whole, "-c", "save \"\(path)\" replace"]),
      ("demo data fill a file", ["--demo", "2000", new]),
    ]
    for (what, words) in cases {
      let result = try #require(disk.run(Self.program, ["-q"] + words))
      #expect(result.status == 3, "\(what): \(result.errors.suffix(400))")
      #expect(
        result.errors.contains("error[disk-full]") && result.errors.contains("hint:"),
        "\(what): \(result.errors.suffix(400))")
      #expect(disk.names == ["t.rapport"], "\(what)")
      #expect(try Data(contentsOf: URL(filePath: path)) == before, "\(what): the file has changed")
      let check = ChildProcess.run(Self.program, ["--check", path])
      #expect(check?.status == 0, "\(what): \(check?.errors ?? "")\(check?.output ?? "")")
    }
    let after = ChildProcess.run(Self.program, [path, "-q", "-c", "add customer name = \"n6\""])
    #expect(after?.status == 0, "\(after?.errors ?? "")")
  }

  @Test func `answers that find no room leave the old file`() throws {
    let disk = try #require(SmallDisk())
    let path = disk.path + "/o.csv"
    let made = ChildProcess.run(
      Self.program, ["--demo", "100", "-q", "-o", path, "-c", "count customers"])
    #expect(made?.status == 0, "\(made?.errors ?? "")")
    let question = "find interactions"
    for words in [
      ["-o", path, "-c", question], ["-c", "\(question) into \"\(path)\" replace"],
    ] {
      let result = try #require(disk.run(Self.program, ["--demo", "5000", "-q"] + words))
      #expect(result.status != 0)
      #expect(result.errors.contains("error["), "\(result.errors)")
      #expect(disk.names == ["o.csv"])
      #expect(try String(contentsOfFile: path, encoding: .utf8) == "count\n100\n")
    }
  }

  @Test func `a limit on the length of files is told as one`() throws {
    let folder = try #require(TemporaryFolder())
    let path = folder.path + "/t.rapport"
    #expect(Self.fill(path)?.status == 0)
    for command in ["backup to \"\(folder.path)/copy\"", "save \"\(folder.path)/copy\""] {
      let limited = "ulimit -f 64; exec \"$0\" \"$1\" -q -c \"$2\""
      let result = try #require(
        ChildProcess.run("/bin/bash", ["-c", limited, Self.program, path, command]))
      #expect(result.status == 3, "\(command): \(result.errors)")
      #expect(result.errors.contains("error[disk-full]"), "\(command): \(result.errors)")
      #expect(folder.names == ["t.rapport"], "\(command)")
    }
  }

  /// The modes of a file and of its folder, what another user tries, and the code of the error; nil
  /// where that user may.
  static let permissions: [(file: mode_t, folder: mode_t, command: String, code: String?)] = [
    (0o644, 0o755, "count customers", nil), (0o600, 0o755, "count customers", "file-not-permitted"),
    (0o644, 0o755, "add customer name = \"x\"", "cannot-write"),
    (0o666, 0o755, "add customer name = \"x\"", "cannot-write"),
    (0o644, 0o777, "update all customers set city = \"x\"", "cannot-write"),
    (0o600, 0o755, "add customer name = \"x\"", "file-not-permitted"),
    (0o644, 0o755, "backup to \"FOLDER/copy\"", "cannot-write"),
    (0o644, 0o755, "save \"FOLDER/copy\"", "cannot-write"),
    (0o644, 0o755, "save", "cannot-write"),
    (0o644, 0o700, "count customers", "file-not-permitted"),
  ]

  @Test func `whoever has no permission is told so and changes nothing`() throws {
    let folder = try #require(TemporaryFolder())
    let path = folder.path + "/t.rapport"
    #expect(Self.fill(path)?.status == 0)
    let before = try Data(contentsOf: URL(filePath: path))
    // Root may do all, so somebody else tries.
    let another = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    let prefix = geteuid() == 0 ? another : []
    guard ChildProcess.run("/usr/bin/env", prefix + ["true"])?.status == 0 else {
      print("no other user can be tried here: what permissions forbid is not tested")
      return
    }
    for (fileMode, folderMode, command, code) in Self.permissions {
      chmod(path, fileMode)
      chmod(folder.path, folderMode)
      let text = command.replacing("FOLDER", with: folder.path)
      let result = try #require(
        ChildProcess.run(
          "/usr/bin/env", prefix + [Self.program, path, "-q", "--csv", "-c", text]))
      let place = "\(command), \(String(fileMode, radix: 8)) in \(String(folderMode, radix: 8))"
      #expect(result.status == (code == nil ? 0 : 3), "\(place): \(result.errors)")
      if let code {
        #expect(
          result.errors.contains("error[\(code)]") && result.errors.contains("hint:"),
          "\(place): \(result.errors)")
      } else {
        #expect(result.output == "count\n5\n", "\(place): \(result.errors)")
      }
      chmod(folder.path, 0o755)
      #expect(folder.names == ["t.rapport"], "\(place)")
      #expect(try Data(contentsOf: URL(filePath: path)) == before, "\(place)")
    }
  }
}
