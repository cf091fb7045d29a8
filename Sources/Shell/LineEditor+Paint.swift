import CEdit
import Glibc

/// Colours and hints: painted over what libedit has drawn, before a key is waited for.
///
/// libedit knows glyphs, not colours: the same glyphs again leave its picture of the screen right,
/// and the hint is gone before it draws the next time.
extension LineEditor {
  /// Whether anything is painted.
  var paints: Bool {
    terminal.isColored && !assistant.isPlain && Environment["TERM", default: "dumb"] != "dumb"
  }

  /// Paints, unless the next key is there already: then its turn will come.
  func paintWhileIdle() {
    var waiting = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    guard !isTakingPaste, poll(&waiting, 1, 0) == 0 else { return }
    noteForUndo()
    paint(isFinal: false)
  }

  /// Paints the text; also the hint, unless it is about to run.
  func paint(isFinal: Bool) {
    guard paints else { return }
    let (width, height) = (terminal.width ?? 80, terminal.height ?? 24)
    let (scalars, cursor) = buffer
    guard !scalars.isEmpty, scalars.count <= width * height else { return }
    let start = TextLayout([], promptWidth: promptWidth, width: width).end
    let layout = TextLayout(scalars, promptWidth: promptWidth, width: width)
    guard layout.end.row < height else { return }
    let text = Self.string(scalars[...])
    let codes = codes(of: scalars, text, cursor: isFinal ? nil : cursor)
    var painting = layout.painting(of: scalars, codes: codes, cursor: cursor, from: start)
    if !isFinal, search == nil, cursor == scalars.count {
      painting += hintPainting(after: text, room: width - layout.end.column - 1)
    }
    show(painting)
  }

  /// Takes the hint off the screen.
  func eraseHint() {
    guard hintWidth > 0 else { return }
    show("\u{1B}7" + String(repeating: " ", count: hintWidth) + "\u{1B}8")
    hintWidth = 0
  }

  /// The parameters of each character's escape.
  private func codes(of scalars: [Unicode.Scalar], _ text: String, cursor: Int?) -> [String] {
    let theme = Theme.current
    let before = cursor.map { Self.string(scalars[..<$0]).utf8.count }
    var codes = [String](repeating: "", count: text.utf8.count + 1)
    for color in assistant.colors(of: text, cursor: before) {
      let code = theme.code(of: color.role)
      for offset in color.range where offset < codes.count { codes[offset] = code }
    }
    if let found = search?.found(in: text) {
      for offset in found where offset < codes.count { codes[offset] = theme.code(of: .found) }
    }
    var offset = 0
    return scalars.map { scalar in
      defer { offset += UTF8.width(scalar) }
      return codes[offset]
    }
  }

  private func hintPainting(after text: String, room: Int) -> String {
    let words: String
    switch assistant.hint(after: text) {
    case .rest(let rest):
      let lines = rest.split(separator: "\n", omittingEmptySubsequences: false)
      let more = lines.count > 1 ? (terminal.isUnicode ? " …" : " ...") : ""
      words = VisibleText.of(String(lines.first ?? "")) + more
    case .want(let want): words = VisibleText.of(want)
    case nil: return ""
    }
    let fitted = Self.fitted(words, in: room, isUnicode: terminal.isUnicode)
    hintWidth = DisplayWidth.of(fitted)
    guard hintWidth > 0 else { return "" }
    let code = Theme.current.code(of: .hint)
    return "\u{1B}7\u{1B}[\(code)m" + fitted + "\u{1B}[0m\u{1B}8"
  }

  private static func fitted(_ words: String, in room: Int, isUnicode: Bool) -> String {
    guard room > 1 else { return "" }
    if DisplayWidth.of(words) <= room { return words }
    let cut = DisplayWidth.fit(words, in: room)
    return isUnicode ? cut : String(cut.dropLast())
  }

  /// What Right takes where the text ends at the cursor; nil where there is no such hint.
  var offered: String? {
    let (scalars, cursor) = buffer
    guard paints, !scalars.isEmpty, cursor == scalars.count,
      case .rest(let rest)? = assistant.hint(after: Self.string(scalars[...]))
    else { return nil }
    return rest
  }
}
