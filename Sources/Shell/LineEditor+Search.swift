import CEdit
import Glibc
import Store

/// A search through what was typed before, as its letters come.
struct HistorySearch {
  /// What is looked for; case does not matter.
  private(set) var pattern = ""
  /// Where the entry shown stands; the count where none is.
  private(set) var position: Int
  /// Whether nothing more was found in the last step.
  private(set) var isAtEnd = false
  private let entries: [String]
  private let folded: [String]

  init(entries: [String]) {
    self.entries = entries
    folded = entries.map { Folding.fold($0) }
    position = entries.count
  }

  /// The entry found.
  var match: String? { position < entries.count ? entries[position] : nil }

  /// Where the pattern stands in a text, in UTF-8 offsets.
  func found(in text: String) -> Range<Int>? {
    let wanted = Folding.fold(pattern)
    guard !wanted.isEmpty, let range = Folding.fold(text).firstRange(of: wanted) else { return nil }
    let folded = Folding.fold(text).utf8
    let start = folded.distance(from: folded.startIndex, to: range.lowerBound)
    return start..<start + wanted.utf8.count
  }

  /// Takes one more character, or one less, and looks again: on from here, or from the newest.
  mutating func extend(by scalar: Unicode.Scalar) {
    pattern.unicodeScalars.append(scalar)
    find(from: min(position, entries.count - 1), step: -1)
  }

  mutating func shorten() {
    guard !pattern.isEmpty else { return }
    pattern.unicodeScalars.removeLast()
    position = entries.count
    if pattern.isEmpty { isAtEnd = false } else { find(from: entries.count - 1, step: -1) }
  }

  /// Goes on to the next older entry, or newer one, with another text.
  mutating func goOn(toNewer: Bool) {
    find(from: position + (toNewer ? 1 : -1), step: toNewer ? 1 : -1)
  }

  private mutating func find(from start: Int, step: Int) {
    let wanted = Folding.fold(pattern)
    var place = start
    while entries.indices.contains(place) {
      if wanted.isEmpty || folded[place].contains(wanted) {
        position = place
        isAtEnd = false
        return
      }
      place += step
    }
    isAtEnd = true
  }
}

extension LineEditor {
  /// Ctrl-R: reads keys of its own until one ends the search.
  func searchHistory() -> UInt8 {
    let (before, cursor) = buffer
    let typed = prompt
    search = HistorySearch(entries: assistant.recallable)
    defer {
      search = nil
      eraseText()
      setPrompt(typed)
      ce_refresh(editor)
    }
    while true {
      showSearch(typed: before)
      var key: wchar_t = 0
      guard el_wgetc(editor, &key) == 1,
        let scalar = Unicode.Scalar(UInt32(bitPattern: key))
      else { return Next.end }
      switch scalar {
      case "\u{12}", "\u{10}": search?.goOn(toNewer: false)
      case "\u{13}", "\u{E}": search?.goOn(toNewer: true)
      case "\u{7F}", "\u{8}": search?.shorten()
      case "\u{7}", "\u{3}", Self.loneEscape:
        eraseText()
        replaceAll(with: Self.string(before[...]))
        el_cursor(editor, Int32(cursor - before.count))
        ce_refresh(editor)
        return Next.redraw
      case "\r", "\n":
        noteRecall()
        return accept()
      case " "...:
        search?.extend(by: scalar)
      default:
        noteRecall()
        var keys = [key, 0]
        el_wpush(editor, &keys)
        return Next.redraw
      }
    }
  }

  /// Up and Down go on from the entry that was found.
  private func noteRecall() {
    isPasted = false
    guard let search, search.match != nil else { return }
    recallPosition = search.position
  }

  /// Columns of the words around what is looked for.
  private static let searchWordsWidth = 24

  private func showSearch(typed: [Unicode.Scalar]) {
    guard let search else { return }
    let room = (terminal.width ?? 80) - Self.searchWordsWidth
    let pattern = DisplayWidth.fit(VisibleText.of(search.pattern), in: max(4, min(24, room)))
    let state = search.isAtEnd ? (search.match == nil ? " (not found)" : " (no more)") : ""
    eraseText()
    setPrompt("search: \(pattern)\(state) \(terminal.isUnicode ? "›" : ">") ")
    replaceAll(with: search.match ?? Self.string(typed[...]))
    ce_refresh(editor)
  }
}
