import FoundationEssentials
import TestSupport
import Testing

/// Every `rapport` block of the reference is run over the demo data of 100 customers, and prints what
/// stands under each statement. `UPDATE_SCRIPTS=1` writes what it prints into the reference.
///
/// A line that begins `> ` is a statement, which lines that begin `>   ` go on; the lines below are
/// its answer. The blocks run in order in one session, so what a block changes it also undoes.
struct ReferenceExampleTests {
  private static let path = SourceTree.root + "grammar/reference.md"

  @Test func `the examples of the reference print what stands under them`() throws {
    var lines = try SourceTree.text(of: "grammar/reference.md")
      .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let session = try GoldenSession(settings: ["data": "demo 100"])
    var place = 0
    var blockCount = 0
    while let start = lines[place...].firstIndex(of: "```rapport") {
      let end = try #require(lines[(start + 1)...].firstIndex(of: "```"), "an open block")
      let shown = Array(lines[(start + 1)..<end])
      let printed = try Self.printed(shown, session)
      if GoldenTests.isUpdating {
        lines.replaceSubrange((start + 1)..<end, with: printed)
      } else {
        #expect(shown == printed, "line \(start + 1): \(shown.first ?? "")")
      }
      blockCount += 1
      place = start + 1 + printed.count
    }
    #expect(blockCount >= 8, "the examples have been taken out")
    if GoldenTests.isUpdating {
      try lines.joined(separator: "\n").write(toFile: Self.path, atomically: true, encoding: .utf8)
    }
  }

  /// The block's statements, each with what it prints.
  private static func printed(_ block: [String], _ session: GoldenSession) throws -> [String] {
    var printed: [String] = []
    var rest = block[...]
    while let first = rest.first {
      guard first.hasPrefix("> ") else {
        rest.removeFirst()
        continue
      }
      let statement = [first] + rest.dropFirst().prefix { $0.hasPrefix(">   ") }
      rest = rest.dropFirst(statement.count)
      let text = statement.map { $0.dropFirst(2) }.joined(separator: "\n")
      let script = try GoldenScript("> \(text)\n---\n")
      if !printed.isEmpty { printed.append("") }
      printed += statement
      for block in script.blocks {
        printed += try session.output(of: block).split(
          separator: "\n", omittingEmptySubsequences: false
        ).map(String.init)
      }
      if printed.last?.isEmpty == true { printed.removeLast() }
    }
    return printed
  }
}
