import Foundation
import Syntax
import Testing

@Suite("The reference tells what the code knows")
struct ReferenceTests {
  private func firstColumn(of heading: String) throws -> [String] {
    let file = Grammar.root.appendingPathComponent("grammar/reference.md")
    let text = try String(contentsOf: file, encoding: .utf8)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard let start = lines.firstIndex(of: "## \(heading)") else { return [] }
    return lines[(start + 1)...].prefix { !$0.hasPrefix("## ") }.compactMap { line in
      line.prefixMatch(of: #/\| `([^`]+)` \|/#).map { String($0.1) }
    }
  }

  @Test("The table of keywords is the lexer's")
  func keywords() throws {
    #expect(try firstColumn(of: "Keywords").sorted() == Keyword.allCases.map(\.rawValue).sorted())
  }

  @Test("Each error code of the parser stands in the table")
  func codes() throws {
    let file = Grammar.root.appendingPathComponent("Sources/Syntax/SyntaxReason.swift")
    let text = try String(contentsOf: file, encoding: .utf8)
    let start = try #require(text.range(of: "package var code"))
    let end = try #require(text.range(of: "extension SyntaxReason"))
    let codes = text[start.upperBound..<end.lowerBound].matches(of: #/: "([a-z-]+)"/#).map {
      String($0.1)
    }
    let known = Set(try firstColumn(of: "Error codes"))
    #expect(codes.count > 30 && codes.filter { !known.contains($0) } == [])
  }
}
