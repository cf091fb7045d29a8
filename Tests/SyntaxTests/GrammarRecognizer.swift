import Syntax

/// Tells which parts of the grammar a statement is made of, from the rules alone.
///
/// It finds all the places where a part that begins at a token can end, and keeps them; the first
/// derivation in the order of the branches, with its parts as long as they can be, is the one that
/// counts. The rules have no left recursion.
struct GrammarRecognizer {
  /// One part of a rule: a node that knows its rule and the node around it.
  struct Part {
    enum Kind {
      case word(String)
      case terminal(String)
      case rule(String)
      case sequence([Int])
      case choice([Int])
      case optional(Int)
      case repeated(Int)
      case unordered([Int])
    }
    var kind: Kind
    /// The rule it stands in.
    var rule: String
    /// The part around it; nil is the whole rule.
    var outer: Int?
  }

  private(set) var parts: [Part] = []
  /// The part that is each rule's whole.
  private(set) var wholes: [String: Int] = [:]
  /// The parts that a statement was made of.
  private(set) var used: Set<Int> = []
  private var tokens: [Token] = []
  private var words: [String] = []
  private var ends: [Int: [Int]] = [:]

  init(_ grammar: Grammar) {
    for rule in grammar.rules { wholes[rule.name] = add(rule.node, rule: rule.name, outer: nil) }
  }

  /// Whether the text is one statement; if so, its parts are added to those used.
  mutating func recognizes(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    tokens = Lexer.scan(bytes).tokens.filter { $0.kind != .end && $0.kind != .semicolon }
    words = tokens.map {
      String(decoding: bytes[$0.range.lowerBound..<$0.range.upperBound], as: UTF8.self)
        .lowercased()
    }
    ends = [:]
    guard let whole = wholes["statement"], reached(from: 0, by: whole).contains(tokens.count) else {
      return false
    }
    use(whole, from: 0, to: tokens.count)
    return true
  }

  /// The outermost parts that no statement was made of, except those of the rules given, as text.
  func unused(except exempt: Set<String>) -> [String] {
    parts.indices.compactMap { part in
      let rule = parts[part].rule
      guard !used.contains(part), !exempt.contains(rule), !names(part, anyOf: exempt) else {
        return nil
      }
      if let outer = parts[part].outer {
        return used.contains(outer) ? "\(rule): \(text(of: part))" : nil
      }
      return rule
    }
  }

  // MARK: the rules

  private mutating func add(_ node: Grammar.Node, rule: String, outer: Int?) -> Int {
    let number = parts.count
    parts.append(Part(kind: .sequence([]), rule: rule, outer: outer))
    func all(_ nodes: [Grammar.Node], _ grammar: inout Self) -> [Int] {
      nodes.map { grammar.add($0, rule: rule, outer: number) }
    }
    switch node {
    case .word(let word): parts[number].kind = .word(word)
    case .terminal(let name): parts[number].kind = .terminal(name)
    case .rule(let name): parts[number].kind = .rule(name)
    case .sequence(let nodes): parts[number].kind = .sequence(all(nodes, &self))
    case .choice(let nodes): parts[number].kind = .choice(all(nodes, &self))
    case .optional(let node): parts[number].kind = .optional(all([node], &self)[0])
    case .repeated(let node): parts[number].kind = .repeated(all([node], &self)[0])
    case .unordered(let nodes): parts[number].kind = .unordered(all(nodes, &self))
    }
    return number
  }

  /// Whether a part is a rule of those given, or begins with one.
  private func names(_ part: Int, anyOf exempt: Set<String>) -> Bool {
    switch parts[part].kind {
    case .rule(let name): exempt.contains(name)
    case .sequence(let inner): inner.contains { names($0, anyOf: exempt) }
    case .choice(let inner): inner.allSatisfy { names($0, anyOf: exempt) }
    default: false
    }
  }

  private func text(of part: Int) -> String {
    switch parts[part].kind {
    case .word(let word): "\"\(word)\""
    case .terminal(let name), .rule(let name): name
    case .sequence(let inner): inner.map(text).joined(separator: " , ")
    case .choice(let inner): "( " + inner.map(text).joined(separator: " | ") + " )"
    case .optional(let inner): "[ " + text(of: inner) + " ]"
    case .repeated(let inner): "{ " + text(of: inner) + " }"
    case .unordered(let inner): "unordered(" + inner.map(text).joined(separator: ", ") + ")"
    }
  }

  // MARK: ends

  /// Where a part that begins at a token can end, the farthest first.
  private mutating func reached(from place: Int, by part: Int) -> [Int] {
    let key = part * (tokens.count + 1) + place
    if let known = ends[key] { return known }
    let found = Set(compute(from: place, by: part)).sorted(by: >)
    ends[key] = found
    return found
  }

  private mutating func compute(from place: Int, by part: Int) -> [Int] {
    switch parts[part].kind {
    case .word(let word):
      return place < tokens.count && words[place] == word && tokens[place].kind != .text
        ? [place + 1] : []
    case .terminal(let name):
      return place < tokens.count && isTerminal(name, place) ? [place + 1] : []
    case .rule(let name): return wholes[name].map { reached(from: place, by: $0) } ?? []
    case .sequence(let inner):
      var places: Set = [place]
      for next in inner { places = Set(places.flatMap { reached(from: $0, by: next) }) }
      return Array(places)
    case .choice(let inner): return inner.flatMap { reached(from: place, by: $0) }
    case .optional(let inner): return [place] + reached(from: place, by: inner)
    case .repeated(let inner):
      var places: Set = [place]
      var fresh = places
      while !fresh.isEmpty {
        fresh = Set(fresh.flatMap { reached(from: $0, by: inner) }).subtracting(places)
        places.formUnion(fresh)
      }
      return Array(places)
    case .unordered(let inner):
      return inner.indices.flatMap { index -> [Int] in
        let rest = inner.filter { $0 != inner[index] }
        return reached(from: place, by: inner[index]).filter { $0 > place }.flatMap {
          [$0] + reachedUnordered(rest, from: $0)
        }
      }
    }
  }

  private mutating func reachedUnordered(_ inner: [Int], from place: Int) -> [Int] {
    inner.flatMap { next -> [Int] in
      let rest = inner.filter { $0 != next }
      return reached(from: place, by: next).filter { $0 > place }.flatMap {
        [$0] + reachedUnordered(rest, from: $0)
      }
    }
  }

  // MARK: the derivation

  /// Notes the parts of the first derivation from one place to another, which there is.
  private mutating func use(_ part: Int, from place: Int, to end: Int) {
    used.insert(part)
    switch parts[part].kind {
    case .word, .terminal: return
    case .rule(let name):
      if let whole = wholes[name] { use(whole, from: place, to: end) }
    case .sequence(let inner): useSequence(inner[...], from: place, to: end)
    case .choice(let inner):
      if let branch = inner.first(where: { reached(from: place, by: $0).contains(end) }) {
        use(branch, from: place, to: end)
      }
    case .optional(let inner):
      if place < end { use(inner, from: place, to: end) }
    case .repeated(let inner):
      guard place < end else { return }
      let next = reached(from: place, by: inner).first { next in
        next > place && next <= end && reached(from: next, by: part).contains(end)
      }
      guard let next else { return }
      use(inner, from: place, to: next)
      use(part, from: next, to: end)
    case .unordered(let inner): useUnordered(inner, from: place, to: end)
    }
  }

  private mutating func useSequence(_ inner: ArraySlice<Int>, from place: Int, to end: Int) {
    guard let first = inner.first else { return }
    let rest = inner.dropFirst()
    guard let next = reached(from: place, by: first).first(where: { isReached(rest, $0, end) })
    else { return }
    use(first, from: place, to: next)
    useSequence(rest, from: next, to: end)
  }

  private mutating func isReached(_ inner: ArraySlice<Int>, _ place: Int, _ end: Int) -> Bool {
    var places: Set = [place]
    for next in inner { places = Set(places.flatMap { reached(from: $0, by: next) }) }
    return places.contains(end)
  }

  private mutating func useUnordered(_ inner: [Int], from place: Int, to end: Int) {
    guard place < end else { return }
    for next in inner {
      let rest = inner.filter { $0 != next }
      for middle in reached(from: place, by: next)
      where middle > place && (middle == end || reachedUnordered(rest, from: middle).contains(end))
      {
        use(next, from: place, to: middle)
        return useUnordered(rest, from: middle, to: end)
      }
    }
  }

  // MARK: tokens

  private func isTerminal(_ name: String, _ place: Int) -> Bool {
    let (token, word) = (tokens[place], words[place])
    let isName =
      token.kind == .word && token.keyword.map { !$0.isReserved && !$0.isValue } ?? true
    let isCount = token.kind == .number && word.wholeMatch(of: #/[0-9][0-9_]*[km]?/#) != nil
    return switch name {
    case "WORD": isName
    case "PLAIN": token.kind == .word && token.keyword == nil
    case "QUOTED": token.kind == .quotedName
    case "NUMBER": token.kind == .number
    case "COUNT": isCount
    case "PLURAL": isCount && word != "1"
    case "PERCENT": token.kind == .number && word.hasSuffix("%")
    case "YEAR": token.kind == .number && word.wholeMatch(of: #/[0-9]{4}/#) != nil
    case "TEXT": token.kind == .text
    case "DATE": token.kind == .date
    case "MONTH": token.kind == .month
    case "PARAMETER": token.kind == .parameter
    case "AGGREGATE": isName && Self.aggregates.contains(word)
    case "FUNCTION": isName && !Self.aggregates.contains(word) && word != "usual"
    default: preconditionFailure("no terminal \(name)")
    }
  }

  private static let aggregates: Set = [
    "count", "sum", "avg", "min", "max", "median", "median_gap", "percentile", "first",
    "last", "mode",
  ]
}
