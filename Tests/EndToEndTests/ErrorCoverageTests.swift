import FoundationEssentials
import TestSupport
import Testing

/// Every error code has a script of `Scripts/errors` that provokes it.
struct ErrorCoverageTests {
  /// Codes that no script can provoke, and why.
  static let exempt: [String: String] = [
    "broken-field": "a statement after which a computed field does not hold is refused",
    "empty-statement": "a script is cut into statements that are not empty",
    "stray-semicolon": "a script is cut at ';' before its statements are parsed",
    "not-a-query": "the parser refuses it first",
    "include-here": "the shell runs the included script itself",
    "interrupted": "needs Ctrl-C: a test of the prompt",
    "no-editor": "needs the environment of a person: a test of the prompt",
    "editor-failed": "needs an editor: a test of the prompt",
    "broken-pipe": "needs a reader that goes away: a test of the command line",
    "changed-elsewhere": "needs another program at the right moment, twice",
    "conflict": "needs another program at the right moment: a test of the prompt",
    "disk-full": "needs a full disk",
    "bad-value": "needs another program's write: a test of data files",
    "busy": "needs another program's lock: a test of data files",
    "damaged": "needs a damaged file: a test of data files",
    "dangling-reference": "needs another program's write: a test of data files",
    "file-replaced": "needs another program at the right moment: a test of data files",
    "file-vanished": "needs another program at the right moment: a test of data files",
    "newer-store": "needs a file of a version to come: a test of data files",
    "too-many-fields": "needs 2,000 fields: a test of data files",
    "file-changed": "needs another program at the right moment",
    "file-not-permitted": "the tests may run as root, who may read and write everything",
    "not-a-transcript": "needs a file that is there: a test of the prompt",
    "programs-off": "needs a prompt where no program may be run",
    "file-not-readable": "needs a failing disk",
    "file-not-writable": "needs a failing disk",
    "text-too-long": "needs a text of 16 MiB: a test of changes",
    "field-too-long": "needs a cell of 16 MiB: a test of the reader",
    "script-too-large": "needs a script of 64 MiB",
    "script-unreadable": "needs a failing disk",
  ]

  @Test func `each error code has a script that provokes it`() throws {
    let folder = GoldenTests.folder + "errors/"
    var shown: Set<String> = []
    for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
      let text = try String(contentsOfFile: folder + name, encoding: .utf8)
      for match in text.matches(of: /error\[([a-z-]+)\]/) { shown.insert(String(match.1)) }
    }
    let codes = SourceTree.errorCodes()
    #expect(codes.subtracting(shown).subtracting(Self.exempt.keys).sorted() == [])
    #expect(shown.subtracting(codes).sorted() == [])
    #expect(Set(Self.exempt.keys).subtracting(codes).sorted() == [], "no longer a code")
    #expect(shown.intersection(Self.exempt.keys).sorted() == [], "has a script after all")
  }
}
