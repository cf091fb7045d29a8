import Foundation
import Syntax
import TestSupport
import Testing

/// Every part of the grammar is used by a statement of the golden scripts that is carried out.
@Suite("The golden scripts use the whole grammar")
struct GrammarCoverageTests {
  /// Parts that no golden script can use, and why.
  static let exempt = [
    "explain: \"analyze\"": "prints times, which differ: a test of the engine"
  ]

  @Test("Each rule, branch and option is used by a statement that is carried out")
  func coverage() throws {
    var recognizer = GrammarRecognizer(try Grammar())
    var wrong: [String] = []
    for statement in try Self.statements() where !recognizer.recognizes(statement) {
      wrong.append("the rules do not allow: \(statement)")
    }
    let unused = recognizer.unused(except: Set(Self.exempt.keys))
    wrong += unused.filter { Self.exempt[$0] == nil }.map { "no script uses \($0)" }
    wrong += Self.exempt.keys.filter {
      recognizer.wholes[$0].map(recognizer.used.contains) ?? !unused.contains($0)
    }.sorted().map { "not exempt any more: \($0)" }
    #expect(wrong.isEmpty, "\(wrong.count):\n\(wrong.joined(separator: "\n"))")
  }

  /// The statements of all blocks that print no error.
  private static func statements() throws -> [String] {
    let folder = Grammar.root.appendingPathComponent("Tests/EndToEndTests/Scripts").path
    var statements: [String] = []
    for name in try FileManager.default.subpathsOfDirectory(atPath: folder)
    where name.hasSuffix(".crm.txt") {
      let text = try String(contentsOfFile: folder + "/" + name, encoding: .utf8)
      for block in try GoldenScript(text).blocks
      where !block.output.contains("error[") {
        for piece in Self.pieces(of: block) where !piece.isDotCommand {
          // At the prompt a bare clause refines, and a question may be answered by a line.
          let isParsed = (try? Parser.parse(piece.text)) != nil
          if isParsed || !block.tags.contains("prompt") { statements.append(piece.text) }
        }
      }
    }
    return statements
  }

  /// The statements of a block; of a command line, those after `-c`.
  private static func pieces(of block: GoldenScript.Block) -> [StatementReader.Piece] {
    guard block.tags.contains("run") else { return StatementReader.pieces(of: block.statement) }
    return block.statement.matches(of: #/-c '([^']*)'/#).flatMap {
      StatementReader.pieces(of: String($0.1))
    }
  }
}
