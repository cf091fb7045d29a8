import CEdit
import Glibc

/// Tab: inserts what all candidates share, or lists them under the text.
extension LineEditor {
  /// The most candidates that are listed.
  private static let listCountMax = 60

  func complete() -> UInt8 {
    let (scalars, cursor) = buffer
    let text = Self.string(scalars[...])
    let before = Self.string(scalars[..<cursor])
    let completions = assistant.completions(of: text, at: before.utf8.count)
    guard let first = completions.candidates.first else { return Next.beep }
    let typed = String(decoding: before.utf8.dropFirst(completions.start), as: UTF8.self)
    if completions.candidates.count == 1 {
      replace(typed, with: first.text + first.suffix)
      return Next.redraw
    }
    let shared = Self.sharedPrefix(completions.candidates.map(\.text))
    if shared.utf8.count > typed.utf8.count {
      replace(typed, with: shared)
      return Next.redraw
    }
    list(completions.candidates)
    return Next.nothing
  }

  private func replace(_ typed: String, with text: String) {
    el_deletestr(editor, Int32(typed.unicodeScalars.count))
    insert(text)
  }

  private func list(_ candidates: [Completions.Candidate]) {
    let width = terminal.width ?? 80
    var lines = CandidateList.lines(for: candidates.prefix(Self.listCountMax), width: width)
    if candidates.count > Self.listCountMax {
      lines.append("and \(ValueText.grouped(candidates.count - Self.listCountMax)) more")
    }
    showBelow(lines)
  }

  /// F1: tells about the clause that the cursor stands in.
  func help() -> UInt8 {
    let (scalars, cursor) = buffer
    let before = Self.string(scalars[..<cursor])
    showBelow(assistant.help(of: Self.string(scalars[...]), at: before.utf8.count))
    return Next.nothing
  }

  /// Writes lines below the text, and the text, as it is, below them.
  private func showBelow(_ lines: [String]) {
    let (row, end) = rowOfCursorAndEnd()
    show(end > row ? "\u{1B}[\(end - row)B\r\n" : "\r\n")
    show(lines.map { $0 + "\r\n" }.joined())
    ce_refresh(editor)
  }

  /// What all texts begin with, by the first one's spelling; case does not matter.
  static func sharedPrefix(_ texts: [String]) -> String {
    guard let first = texts.first else { return "" }
    var shared = Array(first)
    for text in texts.dropFirst() {
      let same = zip(shared, text).prefix { $0.lowercased() == $1.lowercased() }.count
      shared = Array(shared.prefix(same))
    }
    return String(shared)
  }
}

/// How candidates are listed: words in columns, values with their counts in a row.
enum CandidateList {
  /// The lines, none wider than `width`.
  static func lines(for candidates: some Collection<Completions.Candidate>, width: Int) -> [String]
  {
    let hasCounts = candidates.contains { $0.count != nil }
    let words = candidates.map { candidate in
      DisplayWidth.fit(
        VisibleText.of(candidate.text)
          + (candidate.count.map { " \(ValueText.grouped($0))" } ?? ""),
        in: max(1, width - 1))
    }
    return hasCounts ? filled(words, width: width) : inColumns(words, width: width)
  }

  private static func filled(_ words: [String], width: Int) -> [String] {
    var lines: [String] = []
    for word in words {
      if let last = lines.last, DisplayWidth.of(last) + 3 + DisplayWidth.of(word) < width {
        lines[lines.count - 1] = last + " · " + word
      } else {
        lines.append(word)
      }
    }
    return lines
  }

  private static func inColumns(_ words: [String], width: Int) -> [String] {
    let cell = (words.map(DisplayWidth.of).max() ?? 0) + 2
    let columnCount = max(1, (width + 1) / cell)
    let rowCount = (words.count + columnCount - 1) / columnCount
    return (0..<rowCount).map { row in
      let inRow = stride(from: row, to: words.count, by: rowCount).map { words[$0] }
      return inRow.dropLast().map { DisplayWidth.pad($0, to: cell) }.joined() + (inRow.last ?? "")
    }
  }
}
