import CEdit
import Glibc

/// The functions that keys are bound to.
extension LineEditor {
  typealias KeyFunction = @convention(c) (OpaquePointer?, wint_t) -> UInt8

  /// What a key function tells libedit to do next.
  enum Next {
    static let nothing = UInt8(CC_NORM)
    static let redraw = UInt8(CC_REFRESH)
    static let beep = UInt8(CC_REFRESH_BEEP)
    static let end = UInt8(CC_EOF)
  }

  /// Keys that nobody types: one paints a text for the last time, one is bound to the built-in
  /// function that ends it.
  private static let acceptKey = "\u{1E}"
  private static let endKey = "\u{1C}"
  /// What stands for Esc when no other key follows it: `readKey` tells them apart.
  static let loneEscape: Unicode.Scalar = "\u{1D}"

  func bindKeys() {
    for (name, function) in Self.functions { ce_addfn(editor, name, name, function) }
    for (key, function) in [
      (Self.acceptKey, "rapport-accept"), (Self.endKey, "ed-newline"),
      ("\u{1B}[200~", "rapport-paste"),
    ] {
      ce_bind(editor, key, function)
      if isVi { ce_bind_command(editor, key, function) }
    }
    for key in Keys.all {
      for sequence in key.sequences {
        ce_bind(editor, sequence, key.function)
        // In vi's command mode a letter behind Esc is a command of its own.
        if isVi, !Self.isLetterBehindEscape(sequence) {
          ce_bind_command(editor, sequence, key.function)
        }
      }
      if isVi { for letter in key.commandLetters { ce_bind_command(editor, letter, key.function) } }
    }
    if isVi {
      ce_bind(editor, String(Self.loneEscape), "vi-command-mode")
      ce_bind_command(editor, String(Self.loneEscape), "ed-ignore")
    }
  }

  private static func isLetterBehindEscape(_ sequence: String) -> Bool {
    sequence.utf8.count == 2 && sequence.utf8.first == 0x1B
  }

  static let functions: [(name: String, function: KeyFunction)] = [
    ("rapport-enter", { e, _ in with(e) { $0.enter() } }),
    ("rapport-accept", { e, _ in with(e) { $0.end() } }),
    ("rapport-new-line", { e, _ in with(e) { $0.openLine() } }),
    ("rapport-interrupt", { e, _ in with(e) { $0.interrupt() } }),
    ("rapport-delete", { e, _ in with(e) { $0.deleteOrEnd() } }),
    ("rapport-suspend", { e, _ in with(e) { $0.suspend() } }),
    ("rapport-edit", { e, _ in with(e) { $0.editOutside() } }),
    ("rapport-complete", { e, _ in with(e) { $0.complete() } }),
    ("rapport-complete-back", { e, _ in with(e) { $0.completeBack() } }),
    ("rapport-help", { e, _ in with(e) { $0.help() } }),
    ("rapport-paste", { e, _ in with(e) { $0.paste() } }),
    ("rapport-up", { e, _ in with(e) { $0.up() } }),
    ("rapport-down", { e, _ in with(e) { $0.down() } }),
    ("rapport-search", { e, _ in with(e) { $0.searchHistory() } }),
    ("rapport-search-newer", { e, _ in with(e) { $0.searchHistory() } }),
    ("rapport-right", { e, _ in with(e) { $0.right() } }),
    ("rapport-word-right", { e, _ in with(e) { $0.wordRight() } }),
    ("rapport-word-left", { e, _ in with(e) { $0.wordLeft() } }),
    ("rapport-line-start", { e, _ in with(e) { $0.toLineStart() } }),
    ("rapport-line-end", { e, _ in with(e) { $0.toLineEnd() } }),
    ("rapport-cut-word-left", { e, _ in with(e) { $0.cutWordLeft() } }),
    ("rapport-cut-word-right", { e, _ in with(e) { $0.cutWordRight() } }),
    ("rapport-cut-left", { e, _ in with(e) { $0.cutLeft() } }),
    ("rapport-cut-right", { e, _ in with(e) { $0.cutRight() } }),
    ("rapport-put-back", { e, _ in with(e) { $0.putBack() } }),
    ("rapport-undo", { e, _ in with(e) { $0.undo() } }),
  ]

  private static func with(_ editor: OpaquePointer?, _ run: (LineEditor) -> UInt8) -> UInt8 {
    guard let editor else { return Next.end }
    return run(of(editor))
  }

  /// Enter: runs a complete text, else opens a new line.
  func enter() -> UInt8 {
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

  /// Ends the text; its colours are those that it runs in.
  func accept() -> UInt8 {
    let (scalars, cursor) = buffer
    el_cursor(editor, Int32(scalars.count - cursor))
    el_push(editor, Self.acceptKey)
    return Next.redraw
  }

  private func end() -> UInt8 {
    paint(isFinal: true)
    el_push(editor, Self.endKey)
    return Next.nothing
  }

  private func openLine() -> UInt8 {
    insert("\n  ")
    return Next.redraw
  }

  func interrupt() -> UInt8 {
    show("^C")
    isInterrupted = true
    el_push(editor, Self.endKey)
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
    belowText()
    leaveTerminal()
    kill(0, SIGTSTP)
    enterTerminal()
    ce_refresh(editor)
    return Next.nothing
  }

  private func editOutside() -> UInt8 {
    belowText()
    leaveTerminal()
    let edited = assistant.edit(text)
    enterTerminal()
    if let edited {
      replaceAll(with: Self.cleaned(edited.unicodeScalars))
      isPasted = edited.contains("\n")
    }
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
    noteForUndo()
    if recallPosition == entries.count { draft = text }
    recallPosition = position
    let recalled = position == entries.count ? draft : entries[position]
    replaceAll(with: recalled)
    isPasted = false
    return Next.redraw
  }
}
