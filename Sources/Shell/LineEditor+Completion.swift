import CEdit
import Glibc

/// Tab: inserts what all candidates share, or lists them under the text; again, the rest of a long
/// list, and then one candidate after the other.
extension LineEditor {
  /// What Tab has offered.
  struct Offer {
    var candidates: [Completions.Candidate]
    /// UTF-8 offset of what a candidate replaces.
    var start: Int
    /// The lines of the list, and how many of them were shown.
    var lines: [String]
    var shownCount = 0
    /// The candidate that stands in the text.
    var choice: Int?
    /// The text before the cursor, as Tab left it.
    var before: String
  }

  private var textBeforeCursor: String {
    let (scalars, cursor) = buffer
    return Self.string(scalars[..<cursor])
  }

  func complete() -> UInt8 {
    let before = textBeforeCursor
    if let offer, offer.before == before { return goOn(offer) }
    let completions = assistant.completions(of: text, at: before.utf8.count)
    guard let first = completions.candidates.first else { return Next.beep }
    let typed = String(decoding: before.utf8.dropFirst(completions.start), as: UTF8.self)
    if completions.candidates.count == 1 {
      replace(typed, with: first.text + first.suffix)
      return Next.redraw
    }
    let shared = Self.sharedPrefix(completions.candidates.map(\.text))
    let isLonger = shared.utf8.count > typed.utf8.count
    if isLonger, !typed.isEmpty {
      replace(typed, with: shared)
      return Next.redraw
    }
    let list = CandidateList(
      style: Style(isOn: terminal.isColored), width: terminal.width ?? 80)
    let offer = Offer(
      candidates: completions.candidates, start: completions.start,
      lines: list.lines(for: completions.candidates), before: before)
    // Where nothing was typed what they share says little, such as a quote: they are listed too.
    return listMore(offer, inserting: isLonger ? shared : "")
  }

  /// Shift-Tab: the candidate before the one that Tab has put in.
  func completeBack() -> UInt8 {
    guard let offer, offer.before == textBeforeCursor else { return Next.beep }
    return choose((offer.choice ?? 0) - 1, of: offer)
  }

  private func goOn(_ offer: Offer) -> UInt8 {
    if offer.choice == nil, offer.shownCount < offer.lines.count { return listMore(offer) }
    return choose((offer.choice ?? -1) + 1, of: offer)
  }

  /// Puts a candidate in the place of the one before it.
  private func choose(_ place: Int, of offer: Offer) -> UInt8 {
    var offer = offer
    let count = offer.candidates.count
    let choice = (place + count) % count
    let candidate = offer.candidates[choice]
    let typed = String(decoding: offer.before.utf8.dropFirst(offer.start), as: UTF8.self)
    // The space behind it is the reader's to type: it says that this is the one.
    let suffix = candidate.suffix.last == " " ? candidate.suffix.dropLast() : candidate.suffix[...]
    replace(typed, with: candidate.text + suffix)
    offer.choice = choice
    offer.before = textBeforeCursor
    self.offer = offer
    return Next.redraw
  }

  private func replace(_ typed: String, with text: String) {
    noteForUndo()
    el_deletestr(editor, Int32(typed.unicodeScalars.count))
    insert(text)
  }

  /// Shows the next lines of a list, as many as the screen has beside the text.
  private func listMore(_ offer: Offer, inserting text: String = "") -> UInt8 {
    var offer = offer
    let textRows =
      TextLayout(
        buffer.scalars, promptWidth: promptWidth, width: terminal.width ?? 80
      ).end.row + 1
    let room = max(3, (terminal.height ?? 24) - textRows - 2)
    let rest = offer.lines.count - offer.shownCount
    let count = rest <= room + 1 ? rest : room
    belowText()
    insert(text)
    offer.before += text
    var lines = offer.lines[offer.shownCount..<offer.shownCount + count]
    offer.shownCount += count
    if offer.shownCount < offer.lines.count {
      let left = offer.lines.count - offer.shownCount
      lines.append(
        Style(isOn: terminal.isColored)
          .dim("\(ValueText.grouped(left)) more lines: Tab"))
    }
    show(lines.map { $0 + "\r\n" }.joined())
    ce_refresh(editor)
    self.offer = offer
    return Next.nothing
  }

  /// F1: tells, below the text, about the clause that the cursor stands in.
  func help() -> UInt8 {
    let lines = assistant.help(of: text, at: textBeforeCursor.utf8.count)
    belowText()
    show(lines.map { $0 + "\r\n" }.joined())
    ce_refresh(editor)
    return Next.nothing
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

/// How candidates are listed: each group under its heading, words in columns, values with their
/// counts in a row.
struct CandidateList {
  let style: Style
  let width: Int

  /// The lines, none wider than the terminal.
  func lines(for candidates: [Completions.Candidate]) -> [String] {
    var lines: [String] = []
    for group in Completions.Group.allCases {
      let members = candidates.filter { $0.group == group }
      guard !members.isEmpty else { continue }
      if members.count < candidates.count || group.isTold {
        lines.append(style.dim(DisplayWidth.fit(group.heading, in: width)))
      }
      lines +=
        members.contains { $0.count != nil } ? filled(members) : inColumns(members)
    }
    return lines
  }

  private func filled(_ members: [Completions.Candidate]) -> [String] {
    var lines: [String] = []
    var used = 0
    for member in members {
      let count = member.count.map { " " + ValueText.grouped($0) } ?? ""
      let word = DisplayWidth.fit(VisibleText.of(member.text), in: max(1, width - 1 - count.count))
      let wide = DisplayWidth.of(word) + count.count
      if !lines.isEmpty, used + 3 + wide < width {
        lines[lines.count - 1] += " · " + word + style.dim(count)
        used += 3 + wide
      } else {
        lines.append(word + style.dim(count))
        used = wide
      }
    }
    return lines
  }

  private func inColumns(_ members: [Completions.Candidate]) -> [String] {
    Self.inColumns(members.map(\.text), width: width)
  }

  /// Words in columns, no line wider than `width`.
  static func inColumns(_ words: [String], width: Int) -> [String] {
    let words = words.map { DisplayWidth.fit(VisibleText.of($0), in: max(1, width - 1)) }
    let cell = (words.map(DisplayWidth.of).max() ?? 0) + 2
    let columnCount = max(1, (width + 1) / cell)
    let rowCount = (words.count + columnCount - 1) / columnCount
    return (0..<rowCount).map { row in
      let inRow = stride(from: row, to: words.count, by: rowCount).map { words[$0] }
      return inRow.dropLast().map { DisplayWidth.pad($0, to: cell) }.joined() + (inRow.last ?? "")
    }
  }
}

extension Completions.Group {
  /// As a list has it.
  fileprivate var heading: String { self == .words ? "keywords" : rawValue }

  /// Whether it is named even where there is no other.
  fileprivate var isTold: Bool { self != .files && self != .commands && self != .words }
}
