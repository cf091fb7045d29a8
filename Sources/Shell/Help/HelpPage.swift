/// Lays out what the reference says of a topic: none of its lines is wider than the screen.
struct HelpPage {
  /// The most rows that are told one by one; of more only the names are listed.
  private static let rowCountMax = 60
  /// The most lines of an example's answer.
  private static let answerLineCountMax = 12
  /// Columns of what a row is about, before its meaning.
  private static let subjectWidth = 22
  /// The narrowest lines in which a meaning stands beside what it is of.
  private static let besideWidthMin = 59

  /// Columns of a line.
  let width: Int
  /// The colours.
  let style: Style

  /// The lines of a topic.
  func lines(of topic: HelpTopics.Topic) -> [String] {
    var lines: [String] = []
    for row in topic.rows { lines += self.lines(of: row) }
    if let section = topic.section {
      if !lines.isEmpty { lines.append("") }
      lines += self.lines(of: section)
    }
    for example in topic.examples { lines += [""] + self.lines(of: example) }
    return lines
  }

  /// A row by itself: what it is about, its meaning, then the other cells by their names.
  func lines(of row: Reference.Row) -> [String] {
    var lines = broken(row.call).map(style.bold)
    let meaning = row.meaning
    if let meaning { lines += broken(meaning.text, after: "  ") }
    for cell in row.cells where cell != meaning && !["call", "takes"].contains(cell.head) {
      let isExample = cell.head == "example"
      lines += broken(cell.text, after: "  \(cell.head): ", margin: 4)
        .map { isExample ? $0 : style.dim($0) }
    }
    return lines
  }

  /// A section: its paragraphs, its rows with their meaning alone, and its examples.
  private func lines(of section: Reference.Section) -> [String] {
    var lines = [style.bold(section.title)]
    let rows = section.parts.compactMap { part in
      if case .row(let row) = part { row } else { nil }
    }
    if rows.count > Self.rowCountMax {
      lines += [""] + CandidateList.inColumns(rows.map(\.title), width: width)
    }
    var wasRow = false
    for part in section.parts {
      switch part {
      case .paragraph(let text): lines += [""] + broken(text)
      case .point(let text): lines += broken(text, after: "- ")
      case .row(let row):
        if rows.count > Self.rowCountMax { continue }
        if !wasRow { lines.append("") }
        lines += briefLines(of: row)
      case .example(let example): lines += [""] + self.lines(of: example)
      }
      if case .row = part { wasRow = true } else { wasRow = false }
    }
    return lines
  }

  /// What a row is about, and beside it, or under it where it is long, what it means.
  func briefLines(of row: Reference.Row) -> [String] {
    let subject = row.call
    let meaning = row.meaning?.text ?? ""
    guard width >= Self.besideWidthMin, DisplayWidth.of(subject) <= Self.subjectWidth else {
      return broken(subject, after: "  ") + broken(meaning, after: "      ")
    }
    return broken(meaning, after: "  " + DisplayWidth.pad(subject, to: Self.subjectWidth) + "  ")
  }

  private func lines(of example: Reference.Example) -> [String] {
    let statement = example.statement.enumerated().map { place, line in
      (place == 0 ? "> " : "  ") + line
    }
    var answer = example.answer.prefix(Self.answerLineCountMax)
      .map { DisplayWidth.fit($0, in: max(1, width - 2)) }
    if example.answer.count > answer.count { answer.append("…") }
    return statement.flatMap { broken($0, margin: 4) }.map(style.good) + answer.map { "  " + $0 }
  }

  /// A text behind a head; its later lines stand at the margin, or else where the text began.
  private func broken(_ text: String, after head: String = "", margin: Int? = nil) -> [String] {
    BrokenText.lines(
      text, after: head, margin: margin ?? DisplayWidth.of(head), widthMax: width)
  }
}

extension Reference.Row {
  /// What it is about as it is written: a function or a dot-command with what it takes.
  var call: String {
    if let call = cells.first(where: { $0.head == "call" }) { return call.text }
    let takes = cells.first { $0.head == "takes" }
    return title + (takes.map { " " + $0.text } ?? "")
  }

  /// The cell that says what the subject means.
  var meaning: Reference.Cell? {
    let heads: Set<String> = [
      "meaning", "means", "does", "holds when", "use", "answers", "says", "shown when", "decides",
      "how", "",
    ]
    return cells.first { heads.contains($0.head) } ?? cells.last { $0.head != "example" }
  }
}
