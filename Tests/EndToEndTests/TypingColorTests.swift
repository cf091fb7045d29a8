import TestSupport
import Testing

/// While a statement that is right is typed, nothing in it looks wrong.
struct TypingColorTests {
  @Test func `no word of a right statement is coloured as a mistake on the way to it`() throws {
    let lines = try SourceTree.text(of: "grammar/reference.md")
      .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let session = try GoldenSession(settings: ["data": "demo 100"])
    var wrong: [String] = []
    var statementCount = 0
    for (place, line) in lines.enumerated() where line.hasPrefix("> ") && !line.hasPrefix("> .") {
      let more = lines[(place + 1)...].prefix { $0.hasPrefix(">   ") }
      guard !line.hasPrefix(">   ") else { continue }
      let text = ([line] + more).map { $0.dropFirst(2) }.joined(separator: "\n")
      var found: [String] = []
      for end in text.indices where text[end] == " " {
        let part = String(text[...end])
        found += session.mistakes(typing: part).map { "\(part)| \($0)" }
      }
      let printed = try GoldenScript("> \(text)\n---\n").blocks.map(session.output).joined()
      if printed.contains("error[") { continue }
      statementCount += 1
      wrong += found
    }
    #expect(wrong.isEmpty, "\(wrong.joined(separator: "\n"))")
    #expect(statementCount > 50)
  }
}
