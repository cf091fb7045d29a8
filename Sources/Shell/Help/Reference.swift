import CTexts

/// `grammar/reference.md` as the program carries it: sections of paragraphs, tables and examples.
struct Reference: Sendable {
  /// One heading and what stands under it, without the headings below it.
  struct Section: Sendable {
    var title: String
    var parts: [Part] = []
  }

  /// One part of a section, in plain text.
  enum Part: Hashable, Sendable {
    case paragraph(String)
    /// One point of a list.
    case point(String)
    case row(Row)
    case example(Example)
  }

  /// One row of a table.
  struct Row: Hashable, Sendable {
    /// What the row is about, its first cell, as Markdown.
    var subject: String
    /// The other cells that are not empty, in plain text, with the heads of their columns.
    var cells: [Cell]

    /// The subject in plain text.
    var title: String { Markdown.plain(subject) }
  }

  /// One cell of a table.
  struct Cell: Hashable, Sendable {
    var head: String
    var text: String
  }

  /// A statement and its answer, as lines.
  struct Example: Hashable, Sendable {
    var statement: [String]
    var answer: [String]
  }

  /// In the order of the text.
  private(set) var sections: [Section] = []

  /// The reference of this program.
  static let whole = Reference(String(cString: rapport_reference_text()))

  /// Reads Markdown as the reference is written in it.
  init(_ text: String) {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)[...]
    while let line = lines.popFirst() {
      if line.hasPrefix("#") {
        let title = line.drop { $0 == "#" || $0 == " " }
        sections.append(Section(title: String(title)))
      } else if line.hasPrefix("```") {
        let block = lines.prefix { $0 != "```" }
        lines = lines.dropFirst(block.count + 1)
        add(line == "```rapport" ? Self.examples(in: block) : [])
      } else if line.hasPrefix("|") {
        let table = [line] + lines.prefix { $0.hasPrefix("|") }
        lines = lines.dropFirst(table.count - 1)
        add(Self.rows(of: table))
      } else if line.hasPrefix("- ") {
        add([.point(Markdown.plain(String(line.dropFirst(2))))])
      } else if !line.isEmpty {
        let rest = lines.prefix { !$0.isEmpty && !"#|-`".contains($0.prefix(1)) }
        lines = lines.dropFirst(rest.count)
        add([.paragraph(Markdown.plain(([line] + rest).joined(separator: " ")))])
      }
    }
  }

  private mutating func add(_ parts: [Part]) {
    guard !sections.isEmpty else { return }
    sections[sections.count - 1].parts += parts
  }

  /// The rows below the head and the line under it; a head that is full of values is a row too.
  private static func rows(of table: [Substring]) -> [Part] {
    let lines = table.map(Markdown.cells)
    guard let head = lines.first, lines.count >= 2 else { return [] }
    let isRow = head.dropFirst().contains { $0.contains("`") }
    return ((isRow ? [head] : []) + lines.dropFirst(2)).compactMap { cells in
      guard let subject = cells.first else { return nil }
      let others = zip(head, cells).dropFirst().filter { !$1.isEmpty }
      return .row(
        Row(
          subject: subject,
          cells: others.map { Cell(head: isRow ? "" : $0, text: Markdown.plain($1)) }))
    }
  }

  private static func examples(in block: ArraySlice<Substring>) -> [Part] {
    var examples: [Example] = []
    for line in block {
      if line.hasPrefix(">   "), examples.last?.answer.isEmpty == true {
        examples[examples.count - 1].statement.append(String(line.dropFirst(2)))
      } else if line.hasPrefix("> ") {
        examples.append(Example(statement: [String(line.dropFirst(2))], answer: []))
      } else if !examples.isEmpty, !line.isEmpty {
        examples[examples.count - 1].answer.append(String(line))
      }
    }
    return examples.map(Part.example)
  }
}

/// The little Markdown that the reference is written in.
enum Markdown {
  /// The cells of a table's line; `\|` is a bar inside one.
  static func cells(of line: Substring) -> [String] {
    var cells = [""]
    var isEscaped = false
    for character in line.dropFirst() {
      if isEscaped, character != "|" { cells[cells.count - 1].append("\\") }
      if character == "|", !isEscaped {
        cells.append("")
      } else if character != "\\" || isEscaped {
        cells[cells.count - 1].append(character)
      }
      isEscaped = character == "\\" && !isEscaped
    }
    return cells.dropLast().map { cell in
      var text = cell.drop { $0 == " " }
      while text.last == " " { text.removeLast() }
      return String(text)
    }
  }

  /// The text without its marks: code without backticks, links without addresses, nothing bold.
  static func plain(_ text: String) -> String {
    var result = ""
    for (part, isCode) in spans(of: text) {
      result += isCode ? part : unlinked(part.replacing("**", with: ""))
    }
    return result
  }

  /// What stands between backticks.
  static func code(in text: String) -> [String] {
    spans(of: text).filter(\.isCode).map(\.text)
  }

  private static func spans(of text: String) -> [(text: String, isCode: Bool)] {
    var spans: [(text: String, isCode: Bool)] = []
    var rest = text[...]
    while let start = rest.firstIndex(of: "`") {
      let fence = rest[start...].prefix { $0 == "`" }
      let inside = rest[fence.endIndex...]
      guard let end = inside.firstRange(of: String(fence)) else { break }
      spans.append((String(rest[..<start]), false))
      let code = inside[..<end.lowerBound]
      let isPadded = fence.count > 1 && code.first == " " && code.last == " "
      spans.append((String(isPadded ? code.dropFirst().dropLast() : code), true))
      rest = inside[end.upperBound...]
    }
    spans.append((String(rest), false))
    return spans
  }

  private static func unlinked(_ text: String) -> String {
    var result = ""
    var rest = text[...]
    while let open = rest.firstIndex(of: "["), let close = rest[open...].firstRange(of: "]("),
      let end = rest[close.upperBound...].firstIndex(of: ")")
    {
      result += rest[..<open] + rest[rest.index(after: open)..<close.lowerBound]
      rest = rest[rest.index(after: end)...]
    }
    return result + rest
  }
}
