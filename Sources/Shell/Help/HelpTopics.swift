import Syntax

/// What `.help TOPIC` finds in the reference: a section by its title, the rows of tables by the words
/// that they are about, and the examples in which these words stand.
struct HelpTopics: Sendable {
  /// What one topic has.
  struct Topic: Sendable {
    var name: String
    var rows: [Reference.Row] = []
    var section: Reference.Section?
    var examples: [Reference.Example] = []
  }

  /// Titles of sections by other names for them.
  static let aliases = [
    "clauses": "queries", "periods": "time", "windows": "time", "dates": "time",
    "verbs": "analytic verbs", "errors": "error codes", "operators": "conditions",
    "relations": "related records", "history": "the past", "commands": "dot-commands",
    "ranks": "over the rows", "aggregates": "related records", "parameters": "scripts",
    "formats": "files of other programs", "segments": "definitions", "options": "command line",
    "modes": "output modes",
  ]

  /// The topics of this program.
  static let whole = HelpTopics(.whole)

  private let reference: Reference
  private let rows: [String: [Reference.Row]]
  private let sections: [String: Reference.Section]

  init(_ reference: Reference) {
    self.reference = reference
    var rows: [String: [Reference.Row]] = [:]
    var sections: [String: Reference.Section] = [:]
    for section in reference.sections {
      sections[section.title.lowercased()] = section
      for case .row(let row) in section.parts {
        for name in Self.names(of: row) where rows[name]?.contains(row) != true {
          rows[name, default: []].append(row)
        }
      }
    }
    for (alias, title) in Self.aliases { sections[alias] = sections[title] }
    self.rows = rows
    self.sections = sections
  }

  /// Every name of a topic, sorted.
  var names: [String] { Set(rows.keys).union(sections.keys).sorted() }

  /// The titles of the sections, in the order of the reference, in small letters.
  var titles: [String] { reference.sections.dropFirst().map { $0.title.lowercased() } }

  /// What a topic has; nil when there is nothing of that name.
  func topic(_ words: String) -> Topic? {
    var name = words.lowercased().split(separator: " ").joined(separator: " ")
    if rows[name] == nil, name.hasPrefix("--") { name = String(name.dropFirst(2)) }
    let found = rows[name] ?? []
    let section = sections[name]
    if found.isEmpty, section == nil { return nil }
    // That a word is a word of the language says least of it.
    let telling = found.filter { row in row.cells.first?.head != "kind" }
    let kept = telling.isEmpty ? found : telling
    // A call by that name comes before what else the words are part of.
    let calls = kept.filter { row in row.cells.contains { $0.head == "call" } }
    var topic = Topic(
      name: name, rows: calls + kept.filter { !calls.contains($0) }, section: section)
    topic.examples = section == nil ? examples(of: name) : []
    return topic
  }

  /// The names near to a mistyped one.
  func near(_ words: String) -> [String] {
    Array(NearNames.nearest(to: words, among: names).prefix(4))
  }

  /// The two shortest examples in which the words stand.
  private func examples(of name: String) -> [Reference.Example] {
    let words = name.split(separator: " ").map(String.init)
    let found = reference.sections.flatMap(\.parts).compactMap { part in
      if case .example(let example) = part { example } else { nil }
    }.filter { example in
      example.answer.contains { $0.hasPrefix("error[\(name)]") }
        || Self.words(of: example.statement.joined(separator: " ")).contains(inOrder: words)
    }
    let sorted = found.enumerated().sorted { first, second in
      (first.element.answer.count, first.offset) < (second.element.answer.count, second.offset)
    }
    return sorted.prefix(2).map(\.element)
  }

  /// Words as the language has them, in small letters.
  private static func words(of text: String) -> [String] {
    text.lowercased().split { !($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") }
      .map(String.init)
  }

  /// The names under which a row is found: the words that its code begins with, and the first of them.
  static func names(of row: Reference.Row) -> Set<String> {
    var names: Set<String> = []
    for code in Markdown.code(in: row.subject) {
      if code.hasPrefix(".") || code.hasPrefix("-") {
        let option = code.prefix { $0 != " " && $0 != "=" && $0 != "," }
        names.formUnion([String(option), String(option.drop { $0 == "." || $0 == "-" })])
        continue
      }
      let words = code.split(separator: " ").map(String.init)
      let named = words.drop { !isName($0) }.prefix(while: isName)
      guard let first = named.first else {
        if let call = code.split(separator: "(").first.map(String.init), isName(call) {
          names.insert(call)
        }
        continue
      }
      names.insert(first)
      names.insert(named.joined(separator: " "))
    }
    return names.filter { $0.utf8.count > 1 }
  }

  /// Whether it is a word of the language or a code, rather than a place for something else.
  private static func isName(_ word: String) -> Bool {
    word.utf8.count > 1
      && word.utf8.allSatisfy {
        $0 >= UInt8(ascii: "a") && $0 <= UInt8(ascii: "z") || $0 == UInt8(ascii: "_")
          || $0 == UInt8(ascii: "-") || $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9")
      }
  }
}

extension [String] {
  /// Whether these words stand in it, one after the other.
  fileprivate func contains(inOrder words: [String]) -> Bool {
    indices.contains { place in self[place...].starts(with: words) }
  }
}
