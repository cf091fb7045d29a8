import Engine
import FoundationEssentials
import Store
import Syntax
import TestSupport
import Testing

@testable import Shell

/// The reference and the README say what the code does.
struct DocumentTests {
  /// The tables of `grammar/reference.md`, and what each must list.
  static var tables: [(heading: String, names: Set<String>)] {
    [
      ("Keywords", Set(Keyword.allCases.map(\.rawValue))),
      ("Functions", Set(Functions.all.map(\.name))),
      ("Dot-commands", Set(DotCommand.all.map(\.name))),
      ("Output modes", Set(OutputMode.allCases.map(\.rawValue))),
      ("Error codes", SourceTree.errorCodes()),
    ]
  }

  /// The rows of a table of house rules, as the code has them.
  private static var rules: [String] {
    Setting.allCases.map {
      let value = ValueText.number($0.defaultValue)
      return "| `\($0.rawValue)` | \(value) | \($0.unit) | \($0.meaning) |"
    }
      + HouseRules.standard.groups.enumerated().map {
        "| \($0 + 1) | `\($1.name)` | `\($1.condition)` |"
      }
      + HouseRules.standard.rungs.map { "| \($0.position) | `\($0.name)` | `\($0.condition)` |" }
  }

  @Test func `the reference lists the house rules of a new store, and no others`() throws {
    let lines = try SourceTree.text(of: "grammar/reference.md").split(separator: "\n")
    let start = try #require(lines.firstIndex(of: "## House rules"))
    let listed = lines[(start + 1)...].prefix { !$0.hasPrefix("## ") }
      .filter { $0.contains(/^\| (`|\d)/) }.map(String.init)
    CodeTests.expectNone(
      Self.rules.filter { !listed.contains($0) }.map { "House rules lacks \($0)" }
        + listed.filter { !Self.rules.contains($0) }.map { "House rules has \($0)" })
  }

  @Test func `the reference lists each keyword, function, dot-command and error code`() throws {
    var wrong: [String] = []
    for (heading, names) in Self.tables {
      let listed = try SourceTree.referenceTable(heading)
      for name in names.subtracting(listed).sorted() { wrong.append("\(heading) lacks \(name)") }
      for name in Set(listed).subtracting(names).sorted() {
        wrong.append("\(heading) has \(name), which is not there")
      }
      for name in Set(listed) where listed.count(where: { $0 == name }) > 1 {
        wrong.append("\(heading) has \(name) twice")
      }
    }
    CodeTests.expectNone(wrong)
  }

  @Test func `every path that a document names is there`() throws {
    var wrong: [String] = []
    for document in ["README.md", "grammar/reference.md", "examples/data/README.md"] {
      guard let text = try? SourceTree.text(of: document) else {
        wrong.append("there is no \(document)")
        continue
      }
      let path = /\b((?:Sources|Tests|examples|grammar|\.ci)\/[A-Za-z0-9_+.\/-]*[A-Za-z0-9_\/])/
      for match in text.matches(of: path)
      where !FileManager.default.fileExists(atPath: SourceTree.root + match.1) {
        wrong.append("\(document) names \(match.1)")
      }
    }
    CodeTests.expectNone(wrong)
  }
}
