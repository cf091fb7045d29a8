import CEdit
import Glibc

/// The keys, and what each does.
extension LineEditor {
  typealias KeyFunction = @convention(c) (OpaquePointer?, wint_t) -> UInt8

  /// What a key function tells libedit to do next.
  enum Next {
    static let nothing = UInt8(CC_NORM)
    static let redraw = UInt8(CC_REFRESH)
    static let beep = UInt8(CC_REFRESH_BEEP)
    static let end = UInt8(CC_EOF)
  }

  /// A key that nobody types, bound to the built-in function that ends a text.
  private static let acceptKey = "\u{1E}"

  func bindKeys() {
    for (name, help, function, keys) in Self.functions {
      ce_addfn(editor, name, help, function)
      for key in keys { ce_bind(editor, key, name) }
    }
    for (key, function) in Self.builtIns { ce_bind(editor, key, function) }
  }

  static let functions: [(String, String, KeyFunction, [String])] = [
    ("rapport-enter", "Run or open a line", { e, _ in with(e) { $0.enter() } }, ["^M", "^J"]),
    (
      "rapport-new-line", "Open a line", { e, _ in with(e) { $0.openLine() } },
      ["\\e\\r", "\\e\\n"]
    ),
    ("rapport-interrupt", "Drop the text", { e, _ in with(e) { $0.interrupt() } }, ["^C"]),
    ("rapport-delete", "Delete or leave", { e, _ in with(e) { $0.deleteOrEnd() } }, ["^D"]),
    ("rapport-suspend", "Stop the process", { e, _ in with(e) { $0.suspend() } }, ["^Z"]),
    ("rapport-complete", "Complete", { e, _ in with(e) { $0.complete() } }, ["^I"]),
    (
      "rapport-help", "Help for the clause", { e, _ in with(e) { $0.help() } },
      ["\\eOP", "\\e[11~", "\\e[[A"]
    ),
    ("rapport-paste", "Take a paste", { e, _ in with(e) { $0.paste() } }, ["\\e[200~"]),
    (
      "rapport-up", "Line above or older", { e, _ in with(e) { $0.up() } },
      ["^P", "\\e[A", "\\eOA"]
    ),
    (
      "rapport-down", "Line below or newer", { e, _ in with(e) { $0.down() } },
      ["^N", "\\e[B", "\\eOB"]
    ),
    (
      "rapport-line-start", "Start of the line", { e, _ in with(e) { $0.toLineStart() } },
      ["^A", "\\e[H", "\\eOH", "\\e[1~"]
    ),
    ("rapport-kill", "Drop to the start", { e, _ in with(e) { $0.killToLineStart() } }, ["^U"]),
    (
      "rapport-line-end", "End of the line", { e, _ in with(e) { $0.toLineEnd() } },
      ["^E", "\\e[F", "\\eOF", "\\e[4~"]
    ),
  ]

  private static let builtIns = [
    (acceptKey, "ed-newline"), ("\\e[C", "ed-next-char"), ("\\eOC", "ed-next-char"),
    ("\\e[D", "ed-prev-char"), ("\\eOD", "ed-prev-char"), ("\\e[3~", "ed-delete-next-char"),
    ("\\e[1;5C", "em-next-word"), ("\\e[1;5D", "ed-prev-word"),
  ]

  private static func with(_ editor: OpaquePointer?, _ run: (LineEditor) -> UInt8) -> UInt8 {
    guard let editor else { return Next.end }
    return run(of(editor))
  }

  /// Enter: runs a complete text, else opens a new line.
  private func enter() -> UInt8 {
    let (scalars, cursor) = buffer
    let text = Self.string(scalars[...])
    let line = scalars[lineStart(scalars, cursor)..<lineEnd(scalars, cursor)]
    let isBlank = line.allSatisfy { $0 == " " || $0 == "\t" }
    let isCommand = LineEvent.isCommand(Self.string(line.drop { $0 == " " || $0 == "\t" }))
    if isBlank && cursor == scalars.count || isCommand || assistant.isComplete(text) {
      return accept()
    }
    return openLine()
  }

  private func accept() -> UInt8 {
    let (scalars, cursor) = buffer
    el_cursor(editor, Int32(scalars.count - cursor))
    el_push(editor, Self.acceptKey)
    return Next.redraw
  }

  private func openLine() -> UInt8 {
    insert("\n  ")
    return Next.redraw
  }

  private func interrupt() -> UInt8 {
    show("^C")
    isInterrupted = true
    el_push(editor, Self.acceptKey)
    return Next.nothing
  }

  private func deleteOrEnd() -> UInt8 {
    let (scalars, cursor) = buffer
    if scalars.isEmpty { return Next.end }
    guard cursor < scalars.count else { return Next.beep }
    el_cursor(editor, 1)
    el_deletestr(editor, 1)
    return Next.redraw
  }

  private func suspend() -> UInt8 {
    show("\u{1B}[?2004l\r\n")
    ce_set_int(editor, EL_PREP_TERM, 0)
    kill(0, SIGTSTP)
    ce_set_int(editor, EL_PREP_TERM, 1)
    show("\u{1B}[?2004h")
    ce_refresh(editor)
    return Next.nothing
  }

  private func up() -> UInt8 {
    let (scalars, cursor) = buffer
    let start = lineStart(scalars, cursor)
    guard start > 0 else { return recall(recallPosition - 1) }
    let above = lineStart(scalars, start - 1)
    el_cursor(editor, Int32(min(above + cursor - start, start - 1) - cursor))
    return Next.redraw
  }

  private func down() -> UInt8 {
    let (scalars, cursor) = buffer
    let end = lineEnd(scalars, cursor)
    guard end < scalars.count else { return recall(recallPosition + 1) }
    let column = cursor - lineStart(scalars, cursor)
    el_cursor(editor, Int32(min(end + 1 + column, lineEnd(scalars, end + 1)) - cursor))
    return Next.redraw
  }

  /// Puts a whole earlier text in place of the present one, or the one being typed at the end.
  private func recall(_ position: Int) -> UInt8 {
    let entries = assistant.recallable
    guard position >= 0, position <= entries.count, position != recallPosition else {
      return Next.beep
    }
    if recallPosition == entries.count { draft = text }
    recallPosition = position
    let recalled = position == entries.count ? draft : entries[position]
    replaceAll(with: recalled)
    isPasted = false
    return Next.redraw
  }

  private func toLineStart() -> UInt8 {
    let (scalars, cursor) = buffer
    el_cursor(editor, Int32(lineStart(scalars, cursor) - cursor))
    return Next.redraw
  }

  private func killToLineStart() -> UInt8 {
    let (scalars, cursor) = buffer
    el_deletestr(editor, Int32(cursor - lineStart(scalars, cursor)))
    return Next.redraw
  }

  private func toLineEnd() -> UInt8 {
    let (scalars, cursor) = buffer
    el_cursor(editor, Int32(lineEnd(scalars, cursor) - cursor))
    return Next.redraw
  }

  private func lineStart(_ scalars: [Unicode.Scalar], _ offset: Int) -> Int {
    scalars[..<offset].lastIndex(of: "\n").map { $0 + 1 } ?? 0
  }

  private func lineEnd(_ scalars: [Unicode.Scalar], _ offset: Int) -> Int {
    scalars[offset...].firstIndex(of: "\n") ?? scalars.count
  }
}
