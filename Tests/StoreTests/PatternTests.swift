import Store
import Testing

@Suite struct PatternTests {
  @Test(arguments: [
    ("", ["", "x"], []), ("abc", ["xabcx"], ["ab", "ABC"]),
    ("a.c", ["abc", "aéc", "a株c"], ["ac", "a\nc"]),
    ("^a|b$", ["ax", "xb", "ab"], ["xa", "bx", ""]), ("[abc]+d", ["xbad"], ["d", "ed"]),
    ("[^,;]{2}", ["ab", ",ab"], [",a,b", "a"]), ("[a-zé-í]$", ["é", "ì", "z"], ["É", "0"]),
    ("[]a]", [], []), ("a{2,3}b", ["aab", "aaaab"], ["ab"]), ("^a{2}$", ["aa"], ["a", "aaa"]),
    ("^a{2,}$", ["aa", "aaaa"], ["a"]), ("^(ab|a)(bc|c)?$", ["abc", "ab", "a", "abbc"], ["abcc"]),
    ("\\d\\d", ["a12"], ["1a2", "١٢"]), ("^\\w+$", ["aZ_9é株"], ["a b", "", "-"]),
    ("\\s", ["a b", "a\tb", "\u{3000}"], ["ab"]), ("^\\S+\\D\\W$", ["ax."], ["a1.", "axx"]),
    ("\\bcat\\b", ["a cat.", "cat"], ["cats", "écat", "_cat"]), ("\\Bat", ["cat"], ["at", " at"]),
    ("a\\.b\\*", ["a.b*"], ["axb*"]), ("[\\d.-]+$", ["1.2-"], ["a"]),
    ("[\\]\\\\]", ["]", "\\"], ["a"]),
    ("()", [""], []), ("(a*)*b", ["b", "aab"], ["a"]), ("(a|b|)c", ["c", "ac"], ["a"]),
    ("^$", [""], ["x"]), ("a^b", [], ["ab", "a^b"]), ("x{0}y", ["y"], ["x"]), ("}]", ["}]"], ["}"]),
    ("(^a|\\b)é", ["aé", "é"], ["bé", "aaé"]), ("a\\nb", ["a\nb"], ["anb"]),
  ])
  func `patterns are found where they should be`(
    row: (pattern: String, found: [String], missed: [String])
  ) throws {
    guard row.pattern != "[]a]" else {
      #expect(throws: Pattern.Problem.self) { try Pattern(row.pattern) }
      return
    }
    let pattern = try Pattern(row.pattern)
    for text in row.found { #expect(pattern.matches(text), "'\(text)'") }
    for text in row.missed { #expect(!pattern.matches(text), "'\(text)'") }
  }

  @Test(arguments: [
    ("(a", 0), ("a)", 1), ("ab[c", 2), ("[]", 0), ("[^]", 0), ("*a", 0), ("a|+", 2), ("a{", 1),
    ("a{x}", 1),
    ("a{2", 1), ("a{3,2}", 1), ("a{1001}", 1), ("a{99999999999999999999}", 1), ("a+?", 2),
    ("a**", 2),
    ("a\\", 1), ("é\\q", 2), ("\\é", 0), ("[z-a]", 1), ("[a-\\d]", 1), ("(?:a)", 1), ("{2}", 0),
    ("(a{1000}){1000}", 0),
  ])
  func `a bad pattern is refused where it is bad`(row: (pattern: String, offset: Int)) {
    let problem = #expect(throws: Pattern.Problem.self) { try Pattern(row.pattern) }
    #expect(problem?.offset == row.offset, "\(problem?.message ?? "")")
  }

  @Test func `hostile patterns stay linear and shallow`() throws {
    let long = String(repeating: "a", count: 20_000)
    #expect(try !Pattern("(a*)*b").matches(long))
    #expect(try !Pattern("(a|a)*b$").matches(long))
    #expect(try !Pattern("(a?){30}a{30}b").matches(String(long.prefix(2_000))))
    #expect(
      try !Pattern("(((((((((a*)*)*)*)*)*)*)*)*)*é").matches(String(long.prefix(2_000))))
    let many = (0..<10_000).map { "w\($0)x" }.joined(separator: "|")
    let wide = try Pattern(many)
    #expect(wide.matches("say w9999x"))
    #expect(!wide.matches("say w10000x"))
    let deep = String(repeating: "(", count: 100_000)
    #expect(throws: Pattern.Problem.self) { try Pattern(deep) }
    let nested = String(repeating: "(", count: 200) + "a" + String(repeating: ")*", count: 200)
    #expect(try Pattern(nested).matches(""))
    #expect(throws: Pattern.Problem.self) { try Pattern("((a{100}){100}){100}") }
    #expect(throws: Pattern.Problem.self) { try Pattern(String(repeating: "a", count: 200_000)) }
  }

  @Test func `random patterns agree with a small backtracker`() throws {
    let seed: UInt64 = 7
    var random = SeededGenerator(seed: seed)
    for _ in 0..<1_500 {
      let tree = Tree.random(depth: 3, using: &random)
      let pattern = try Pattern(tree.source)
      // Too long for a table of states, so that all states are followed at once.
      let long = try Pattern("(\(tree.source))|z{1000}z{1000}")
      for _ in 0..<6 {
        let length = Int.random(in: 0...6, using: &random)
        let scalars = (0..<length).map { _ in
          Tree.alphabet[Int.random(in: 0..<Tree.alphabet.count, using: &random)]
        }
        var text = ""
        for scalar in scalars { text.unicodeScalars.append(scalar) }
        let expected = (0...length).contains { start in
          tree.ends(scalars, from: start).isEmpty == false
        }
        #expect(
          pattern.matches(text) == expected && long.matches(text) == expected,
          "seed \(seed): '\(tree.source)' '\(text)'")
      }
    }
  }
}

/// A pattern as a tree, with all places where it may end found by trying.
private indirect enum Tree {
  static let alphabet: [Unicode.Scalar] = ["a", "b", "-", "é"]

  case literal(Unicode.Scalar)
  case any, word, notA, edge, start, end
  case both(Tree, Tree)
  case either(Tree, Tree)
  case several(Tree, Int, Int)

  static func random(depth: Int, using random: inout SeededGenerator) -> Tree {
    let kind = Int.random(in: 0..<(depth == 0 ? 8 : 14), using: &random)
    func child() -> Tree { .random(depth: depth - 1, using: &random) }
    switch kind {
    case 0...2: return .literal(alphabet[Int.random(in: 0..<4, using: &random)])
    case 3: return .any
    case 4: return .word
    case 5: return .notA
    case 6: return .edge
    case 7: return Bool.random(using: &random) ? .start : .end
    case 8, 9: return .both(child(), child())
    case 10, 11: return .either(child(), child())
    default:
      let least = Int.random(in: 0...2, using: &random)
      return .several(child(), least, least + Int.random(in: 0...2, using: &random))
    }
  }

  var source: String {
    switch self {
    case .literal(let scalar): String(Character(scalar))
    case .any: "."
    case .word: "\\w"
    case .notA: "[^a]"
    case .edge: "\\b"
    case .start: "^"
    case .end: "$"
    case .both(let a, let b): "(\(a.source))(\(b.source))"
    case .either(let a, let b): "(\(a.source)|\(b.source))"
    case .several(let a, let least, let most):
      most > 3 ? "(\(a.source)){\(least),}" : "(\(a.source)){\(least),\(most)}"
    }
  }

  func ends(_ text: [Unicode.Scalar], from start: Int) -> Set<Int> {
    let next = start < text.count ? text[start] : nil
    switch self {
    case .literal(let scalar): return next == scalar ? [start + 1] : []
    case .any: return next != nil ? [start + 1] : []
    case .word: return Self.isWord(next) ? [start + 1] : []
    case .notA: return next != nil && next != "a" ? [start + 1] : []
    case .edge:
      let before = start > 0 ? text[start - 1] : nil
      return Self.isWord(before) != Self.isWord(next) ? [start] : []
    case .start: return start == 0 ? [start] : []
    case .end: return start == text.count ? [start] : []
    case .both(let a, let b):
      return Set(a.ends(text, from: start).flatMap { b.ends(text, from: $0) })
    case .either(let a, let b): return a.ends(text, from: start).union(b.ends(text, from: start))
    case .several(let a, let least, let most):
      var reached: Set<Int> = [start]
      var all: Set<Int> = least == 0 ? [start] : []
      for round in 1...max(most > 3 ? 12 : most, 1) where most > 0 {
        reached = Set(reached.flatMap { a.ends(text, from: $0) })
        if round >= least { all.formUnion(reached) }
      }
      return all
    }
  }

  private static func isWord(_ scalar: Unicode.Scalar?) -> Bool {
    guard let scalar else { return false }
    return scalar != "-"
  }
}
