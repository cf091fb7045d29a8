import Foundation

/// The rules of `grammar/rapport.ebnf`, read so that sentences can be made from them.
struct Grammar {
  indirect enum Node {
    case word(String)
    case terminal(String)
    case rule(String)
    case sequence([Node])
    case choice([Node])
    case optional(Node)
    case repeated(Node)
    case unordered([Node])
  }

  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  var rules: [(name: String, node: Node)] = []
  private var tokens: [String] = []
  private var place = 0

  init() throws {
    let file = Self.root.appendingPathComponent("grammar/rapport.ebnf")
    tokens = Self.tokens(of: try String(contentsOf: file, encoding: .utf8))
    while place < tokens.count {
      let name = next()
      precondition(next() == "=", "a rule has '='")
      rules.append((name, choice()))
      precondition(next() == ";", "a rule ends with ';'")
    }
  }

  func node(of rule: String) -> Node? {
    rules.first { $0.name == rule }?.node
  }

  private static func tokens(of text: String) -> [String] {
    var tokens: [String] = []
    var rest = Substring(text)
    while let first = rest.first {
      if rest.hasPrefix("(*"), let end = rest.range(of: "*)") {
        rest = rest[end.upperBound...]
      } else if first.isWhitespace {
        rest.removeFirst()
      } else if first == "\"" {
        let literal = rest.dropFirst().prefix { $0 != "\"" }
        tokens.append("\"\(literal)")
        rest = rest.dropFirst(literal.count + 2)
      } else if first.isLetter {
        let word = rest.prefix { $0.isLetter || $0.isNumber }
        tokens.append(String(word))
        rest = rest.dropFirst(word.count)
      } else {
        tokens.append(String(first))
        rest.removeFirst()
      }
    }
    return tokens
  }

  private mutating func next() -> String {
    defer { place += 1 }
    return place < tokens.count ? tokens[place] : ""
  }

  private mutating func accept(_ token: String) -> Bool {
    guard place < tokens.count, tokens[place] == token else { return false }
    place += 1
    return true
  }

  private mutating func choice() -> Node {
    var all = [sequence()]
    while accept("|") { all.append(sequence()) }
    return all.count == 1 ? all[0] : .choice(all)
  }

  private mutating func sequence() -> Node {
    var all = [item()]
    while accept(",") { all.append(item()) }
    return all.count == 1 ? all[0] : .sequence(all)
  }

  private mutating func item() -> Node {
    let token = next()
    switch token {
    case "[":
      defer { place += 1 }
      return .optional(choice())
    case "{":
      defer { place += 1 }
      return .repeated(choice())
    case "(":
      defer { place += 1 }
      return choice()
    case "unordered":
      place += 1
      return .unordered(unorderedParts())
    default:
      if token.hasPrefix("\"") { return .word(String(token.dropFirst())) }
      return token.allSatisfy(\.isUppercase) ? .terminal(token) : .rule(token)
    }
  }

  /// The parts of `unordered`: `a | b` is one part, and a literal begins one, which goes on up to
  /// the next literal.
  private mutating func unorderedParts() -> [Node] {
    var parts: [Node] = []
    while !accept(")") {
      if accept(",") { continue }
      if tokens[place].hasPrefix("\"") {
        var all = [item()]
        while accept(","), !tokens[place].hasPrefix("\"") { all.append(item()) }
        parts.append(.sequence(all))
      } else {
        var all = [item()]
        while accept("|") { all.append(item()) }
        parts.append(.choice(all))
      }
    }
    return parts
  }
}

/// Makes random sentences from a grammar.
struct SentenceMaker {
  let grammar: Grammar
  var random: SplitMix
  private var budget = 0

  init(_ grammar: Grammar, seed: UInt64) {
    self.grammar = grammar
    random = SplitMix(state: seed)
  }

  /// A sentence of about at most `size` rules.
  mutating func sentence(of rule: String = "statement", size: Int) -> [String] {
    budget = size
    var words: [String] = []
    if let node = grammar.node(of: rule) { make(node, depth: 0, into: &words) }
    return words
  }

  private mutating func make(_ node: Grammar.Node, depth: Int, into words: inout [String]) {
    switch node {
    case .word(let word): words.append(random.below(8) == 0 ? word.uppercased() : word)
    case .terminal(let name): words.append(terminal(name))
    case .rule(let name):
      budget -= 1
      if name == "day" { return words.append(random.pick(Self.days)) }
      if name == "has" { return makeBracketed(name, depth: depth, into: &words) }
      // A rank test would take the `per` of what stands around it.
      if name == "rankTest" { return makeBracketed(name, depth: depth, into: &words) }
      if let node = grammar.node(of: name) { make(node, depth: depth + 1, into: &words) }
    case .sequence(let parts):
      for part in parts { make(part, depth: depth, into: &words) }
    case .choice(let parts):
      make(
        budget < 0 || depth > 60 ? simplest(parts) : random.pick(parts), depth: depth, into: &words)
    case .optional(let part):
      if budget > 0, random.below(2) == 0 { make(part, depth: depth, into: &words) }
    case .repeated(let part):
      while budget > 0, random.below(3) == 0 { make(part, depth: depth, into: &words) }
    case .unordered(let parts):
      let count = budget > 0 ? 1 + random.below(parts.count) : 1
      for part in random.shuffled(parts).prefix(count) { make(part, depth: depth, into: &words) }
    }
  }

  /// A rule whose end could take what stands around it, in brackets.
  private mutating func makeBracketed(
    _ rule: String, depth: Int, into words: inout [String]
  ) {
    words.append("(")
    if let node = grammar.node(of: rule) { make(node, depth: depth + 1, into: &words) }
    words.append(")")
  }

  /// Days; any other value but a year and a period is one as well.
  private static let days = [
    "2026-01-31", "today", "start of month", "`closed on` - 3 days", "$d", "2 weeks ago", "date",
  ]

  /// The choice that ends soonest: a terminal or path, else the last.
  private func simplest(_ parts: [Grammar.Node]) -> Grammar.Node {
    for part in parts {
      switch part {
      case .terminal, .word: return part
      default: continue
      }
    }
    return parts.first { if case .rule("name") = $0 { true } else { false } }
      ?? parts[parts.count - 1]
  }

  private mutating func terminal(_ name: String) -> String {
    switch name {
    case "WORD":
      random.pick([
        "customers", "value", "owner", "stage", "Å_名", "limit", "top", "order", "group", "last",
        "per", "count", "day", "from", "start", "q1", "contains", "since", "distinct", "desc",
        "set", "to", "with", "because", "anyway", "related", "update", "delete", "segment", "at",
        "left", "changed", "standard", "within", "across", "total", "list", "when", "date",
        "rfm", "risk", "gap", "summary", "check", "through", "over", "profile",
      ])
    case "PLAIN": random.pick(["customers", "fast_fix", "Å"])
    case "QUOTED": random.pick(["`unit price`", "`in`", "`today`", "`a-b`"])
    case "NUMBER": random.pick(["0", "12_000", "12.5", "12k", "1.5m", "20%", "2025"])
    case "COUNT": random.pick(["1", "20", "1_000"])
    case "PLURAL": random.pick(["2", "30", "0"])
    case "PERCENT": random.pick(["20%", "2.5%"])
    case "YEAR": random.pick(["2025", "1999"])
    case "TEXT": random.pick(["\"a\"", "'it''s'", "“x y”", "\"\\\"\"", "\"\""])
    case "DATE": random.pick(["2026-01-31", "2024-02-29T14:30", "2026-06-30T00:00:15"])
    case "MONTH": random.pick(["2026-01", "1999-12"])
    case "PARAMETER": random.pick(["$region", "$n1"])
    case "AGGREGATE": random.pick(["count", "sum", "MAX", "percentile", "first"])
    case "FUNCTION": random.pick(["if", "rank", "days_since", "share"])
    default: preconditionFailure("no terminal \(name)")
    }
  }
}

/// Seeded randomness.
struct SplitMix {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }

  mutating func pick<Element>(_ all: [Element]) -> Element { all[below(all.count)] }

  mutating func shuffled<Element>(_ all: [Element]) -> [Element] {
    var all = all
    for place in all.indices.reversed() { all.swapAt(place, below(place + 1)) }
    return all
  }
}
