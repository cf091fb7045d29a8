import Foundation
import Syntax
import Testing

@Suite("The grammar of record is what the parser reads")
struct GrammarTests {
  @Test("Each rule has its parse function, and each parse function its rule")
  func rulesAndFunctions() throws {
    let rules = Set(try Grammar().rules.map(\.name))
    let folder = Grammar.root.appendingPathComponent("Sources/Syntax")
    var functions: Set<String> = []
    for file in try FileManager.default.contentsOfDirectory(atPath: folder.path)
    where file.hasPrefix("Parser") {
      let text = try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
      for match in text.matches(of: #/func parse([A-Z][A-Za-z]*)\(/#) {
        functions.insert(match.1.prefix(1).lowercased() + match.1.dropFirst())
      }
    }
    #expect(rules == functions)
    let used = try usedRules()
    #expect(used == rules.subtracting(["statement"]))
  }

  private func usedRules() throws -> Set<String> {
    let file = Grammar.root.appendingPathComponent("grammar/rapport.ebnf")
    let text = try String(contentsOf: file, encoding: .utf8)
      .replacing(#/\(\*(?s:.)*?\*\)/#, with: "").replacing(#/"[^"]*"/#, with: "")
    var used: Set<String> = []
    for rule in text.split(separator: ";") {
      guard let equals = rule.firstIndex(of: "=") else { continue }
      for word in rule[equals...].matches(of: #/[a-z][A-Za-z]*/#) where word.0 != "unordered" {
        used.insert(String(word.0))
      }
    }
    return used
  }

  @Test("Sentences made from the grammar are accepted and stable under formatting")
  func sentences() throws {
    var wrong: [String] = []
    let grammar = try Grammar()
    for seed in 0..<3000 as Range<UInt64> {
      var maker = SentenceMaker(grammar, seed: seed)
      let sentence = maker.sentence(size: 10 + Int(seed % 60)).joined(separator: " ")
      let once = formatted(sentence)
      if once.hasPrefix("error") {
        if once.hasPrefix("error[too-deep]") || once.contains("'with total' without") { continue }
        wrong.append("seed \(seed): \(sentence)\n  \(once)")
      } else if formatted(once) != once {
        wrong.append("seed \(seed): \(sentence)\n  \(once)\n  \(formatted(once))")
      }
    }
    #expect(wrong.isEmpty, "\(wrong.count): \(wrong.prefix(12).joined(separator: "\n"))")
  }

  @Test("Mutated sentences are accepted or refused, and never a trap")
  func mutations() throws {
    let grammar = try Grammar()
    var refusedCount = 0
    for seed in 0..<3000 as Range<UInt64> {
      var maker = SentenceMaker(grammar, seed: seed &+ 1_000_000)
      var bytes = Array(maker.sentence(size: 30).joined(separator: " ").utf8)
      for _ in 0...maker.random.below(3) where !bytes.isEmpty {
        mutate(&bytes, &maker.random)
      }
      let text = String(decoding: bytes, as: UTF8.self)
      let cursor = maker.random.below(text.utf8.count + 1)
      _ = Parser.expectations(in: text, at: cursor)
      _ = StatementReader.pieces(of: text)
      _ = StatementReader.want(atPrompt: text)
      do {
        let once = Formatter.format(try Parser.parse(text, allowsBareRefinement: true))
        #expect(formatted(once) == once, "seed \(seed): \(text)")
      } catch {
        refusedCount += 1
        let isSound = error.diagnostics.allSatisfy { diagnostic in
          let ranges = [diagnostic.range].compactMap { $0 } + diagnostic.fixes.map(\.range)
          return ranges.allSatisfy {
            $0.lowerBound >= 0 && $0.lowerBound <= $0.upperBound && $0.upperBound <= text.utf8.count
          }
        }
        #expect(isSound && (1...5).contains(error.diagnostics.count), "seed \(seed): \(text)")
        for diagnostic in error.diagnostics { _ = diagnostic.fixes.applied(to: text) }
      }
    }
    #expect(refusedCount > 1500)
  }

  private func mutate(_ bytes: inout [UInt8], _ random: inout SplitMix) {
    let place = random.below(bytes.count)
    switch random.below(5) {
    case 0: bytes.remove(at: place)
    case 1: bytes.insert(bytes[place], at: place)
    case 2: bytes.swapAt(place, random.below(bytes.count))
    case 3: bytes.insert(UInt8(random.below(256)), at: place)
    default:
      let signs = Array("()\"'`;,.=<>!&|-+*/%$@\u{0}\n#“”".utf8)
      bytes.insert(random.pick(signs), at: place)
    }
  }
}
