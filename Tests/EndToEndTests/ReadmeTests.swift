import FoundationEssentials
import TestSupport
import Testing

/// The README's tour is a transcript, and so are some examples of the reference: every `console`
/// block prints what stands under it. `UPDATE_SCRIPTS=1` writes what it prints into the files.
struct ReadmeTests {
  @Test(arguments: [("README.md", 8), ("grammar/reference.md", 2)])
  func `the tour replays`(name: String, countMin: Int) throws {
    let path = SourceTree.root + name
    if ProcessInfo.processInfo.environment["UPDATE_SCRIPTS"] == "1" { try Self.update(path) }
    let result = try #require(ChildProcess.run(ChildProcess.built("rapport"), ["--verify", path]))
    #expect(result.status == 0, "\(result.output)\(result.errors)")
    let count = result.output.wholeMatch(of: /.*: (\d+) answers, all as they stand\n/)?.1
    #expect(count.flatMap { Int($0) } ?? 0 >= countMin, "the tour is gone: \(result.output)")
  }

  private static func update(_ path: String) throws {
    var lines = try String(contentsOf: URL(filePath: path), encoding: .utf8)
      .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    var place = 0
    while let start = lines[place...].firstIndex(of: "```console") {
      let end = try #require(lines[(start + 1)...].firstIndex(of: "```"), "an open block")
      let command = String(lines[start + 1].dropFirst(2))
      let printed = try Self.run(command)
      lines.replaceSubrange((start + 2)..<end, with: printed)
      place = start + 2 + printed.count
    }
    try lines.joined(separator: "\n").write(
      to: URL(filePath: path), atomically: true, encoding: .utf8)
  }

  /// What the command prints to both streams, run by a shell in the top folder.
  private static func run(_ command: String) throws -> [String] {
    let program = ChildProcess.built("rapport")
    let absolute = program.hasPrefix("/") ? program : SourceTree.root + program
    let folder = absolute.dropLast("/rapport".count)
    let script = "cd '\(SourceTree.root)' && PATH='\(folder)':\"$PATH\" && \(command) 2>&1"
    let result = try #require(ChildProcess.run("/bin/sh", ["-c", script]))
    var lines = result.output
      .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    while lines.last == "" { lines.removeLast() }
    return lines
  }
}
