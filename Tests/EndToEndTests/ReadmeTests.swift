import FoundationEssentials
import TestSupport
import Testing

/// Every `console` block of the README is run as it stands, and prints what stands under it.
/// `UPDATE_SCRIPTS=1` writes what it prints into the README.
struct ReadmeTests {
  private static let path = SourceTree.root + "README.md"

  @Test func `the README's tour prints what it shows`() throws {
    var lines = try String(contentsOf: URL(filePath: Self.path), encoding: .utf8)
      .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    var place = 0
    var blockCount = 0
    while let start = lines[place...].firstIndex(of: "```console") {
      let end = try #require(lines[(start + 1)...].firstIndex(of: "```"), "an open block")
      let command = String(lines[start + 1].dropFirst(2))
      #expect(lines[start + 1].hasPrefix("$ rapport "), "the block runs rapport: \(command)")
      let printed = try Self.run(command)
      blockCount += 1
      if ProcessInfo.processInfo.environment["UPDATE_SCRIPTS"] == "1" {
        lines.replaceSubrange((start + 2)..<end, with: printed)
        place = start + 2 + printed.count
      } else {
        #expect(Array(lines[(start + 2)..<end]) == printed, "\(command)")
        place = end
      }
    }
    #expect(blockCount >= 4, "the tour has been taken out")
    if ProcessInfo.processInfo.environment["UPDATE_SCRIPTS"] == "1" {
      try lines.joined(separator: "\n").write(
        to: URL(filePath: Self.path), atomically: true, encoding: .utf8)
    }
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
