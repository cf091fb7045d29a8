import FoundationEssentials
import TestSupport
import Testing

/// `grammar/rapport.tmLanguage.json` is what the tables make. `UPDATE_SCRIPTS=1` rewrites it.
struct TextMateTests {
  @Test func `the colours of editors follow the tables`() throws {
    let path = SourceTree.root + "grammar/rapport.tmLanguage.json"
    let made = try TextMateGrammar().text
    if ProcessInfo.processInfo.environment["UPDATE_SCRIPTS"] == "1" {
      try made.write(toFile: path, atomically: true, encoding: .utf8)
    }
    #expect(made == (try String(contentsOfFile: path, encoding: .utf8)))
  }
}
