import CEdit
import Glibc

/// The editor at the prompt: libedit for keymaps, macros and drawing; history, statements over
/// several lines, paste, completion, colours and hints of our own. Nothing else imports CEdit but
/// the layout of its rows.
///
/// One text may hold several lines. It draws on standard output, or on standard error where only
/// that is a terminal.
final class LineEditor: LineSource {
  /// The terminal that is drawn on.
  let terminal: Output
  let assistant: any LineAssistant
  let editor: OpaquePointer
  /// Whether keys are those of vi, as `.editrc` asks for.
  let isVi: Bool

  /// Set by key functions for `read`: Ctrl-C was typed.
  var isInterrupted = false
  /// A paste with line ends is in the text.
  var isPasted = false
  /// Whether the characters that come are those of a paste.
  var isTakingPaste = false
  /// Where recall stands in the assistant's list; its count is the text being typed.
  var recallPosition = 0
  /// The text that was being typed when recall began.
  var draft = ""
  /// Inserted before the first key is read.
  var textToInsert = ""
  /// The search that runs.
  var search: HistorySearch?
  /// What Tab has offered, while the text is as Tab left it.
  var offer: Offer?
  /// What was cut last.
  var cutText = ""
  /// Columns of the hint that is on the screen.
  var hintWidth = 0
  /// What the text was before each change, and is.
  var snapshots: [Snapshot] = []
  var present = Snapshot()
  var isTypingWord = false

  private(set) var prompt = ""
  private var promptBuffer: UnsafeMutablePointer<CChar>?
  private(set) var promptWidth = 0

  /// Prepares the terminal; nil when there is none to draw on.
  init?(assistant: any LineAssistant, output: Output, errors: Output) {
    guard isatty(STDIN_FILENO) == 1, output.isTerminal || errors.isTerminal else { return nil }
    Self.chooseEncoding()
    TerminalRescue.begin()
    guard let editor = ce_init("rapport", output.isTerminal ? 0 : 1) else { return nil }
    self.editor = editor
    self.assistant = assistant
    self.terminal = output.isTerminal ? output : errors
    ce_editor(editor, "emacs")
    // `bind -v` in it takes every binding away, so ours come after it.
    let lines = EditorFile.load(into: editor)
    isVi = ce_is_vi(editor) == 1
    ce_set_client(editor, Unmanaged.passUnretained(self).toOpaque())
    ce_set_int(editor, EL_SIGNAL, 0)
    ce_prompt(editor, { editor in editor.flatMap { LineEditor.of($0).promptBuffer } }, 1)
    ce_getcfn(editor) { editor, result in
      guard let editor, let result else { return -1 }
      return LineEditor.of(editor).readKey(result)
    }
    // Ctrl-C, Ctrl-Z and Ctrl-S are keys while typing; while a statement runs the keys typed ahead
    // wait unseen and Ctrl-C is a signal.
    ce_setty(editor, "-d", "-isig")
    ce_setty(editor, "-d", "-ixon")
    ce_setty(editor, "-x", "-icanon")
    ce_setty(editor, "-x", "-echo")
    bindKeys()
    EditorFile.bindAgain(lines, in: editor)
  }

  deinit {
    el_end(editor)
    free(promptBuffer)
    TerminalRescue.end()
  }

  static func of(_ editor: OpaquePointer) -> LineEditor {
    guard let client = ce_client(editor) else { preconditionFailure("the editor has its client") }
    return Unmanaged<LineEditor>.fromOpaque(client).takeUnretainedValue()
  }

  func read(prompt: String, startingWith text: String) -> LineEvent {
    setPrompt(prompt)
    isInterrupted = false
    isPasted = text.contains("\n")
    recallPosition = assistant.recallable.count
    draft = ""
    textToInsert = text
    offer = nil
    snapshots = []
    present = Snapshot()
    enterTerminal()
    var count: Int32 = 0
    let line = el_gets(editor, &count)
    leaveTerminal()
    guard let line, Signals.terminationSignal == 0 else { return .end }
    var typed = String(cString: line)
    if typed.hasSuffix("\n") { typed.removeLast() }
    if isInterrupted { return .interrupted(hadText: !typed.allSatisfy(\.isWhitespace)) }
    return Self.event(for: typed, isPasted: isPasted)
  }

  /// Takes the terminal for typing. Raw before the prompt is drawn: a key typed in between would be
  /// echoed, Ctrl-C would be a signal.
  func enterTerminal() {
    ce_set_int(editor, EL_PREP_TERM, 1)
    show("\u{1B}[?2004h")
  }

  /// Gives the terminal to what runs.
  func leaveTerminal() {
    show("\u{1B}[?2004l")
    ce_set_int(editor, EL_PREP_TERM, 0)
  }

  /// A typed text whose last line is a dot-command gives that; what a paste holds runs as a script.
  static func event(for typed: String, isPasted: Bool) -> LineEvent {
    var lines = typed.split(separator: "\n", omittingEmptySubsequences: false)
    while let last = lines.last, last.allSatisfy(\.isWhitespace), lines.count > 1 {
      lines.removeLast()
    }
    if !isPasted || lines.count == 1,
      let at = lines.lastIndex(where: { LineEvent.isCommand($0.drop(while: \.isWhitespace)) })
    {
      let command = lines.remove(at: at).drop(while: \.isWhitespace)
      // The statement around it comes back with the line that is being typed.
      if at == lines.count, !lines.isEmpty { lines.append("  ") }
      return .command(String(command), rest: lines.joined(separator: "\n"))
    }
    return .text(typed, isPasted: isPasted)
  }

  /// The text so far and the cursor, as scalars.
  var buffer: (scalars: [Unicode.Scalar], cursor: Int) {
    guard let line = el_wline(editor)?.pointee, let start = line.buffer else { return ([], 0) }
    let count = max(0, line.lastchar - start)
    let scalars = (0..<count).map { offset in
      Unicode.Scalar(UInt32(bitPattern: start[offset])) ?? "\u{FFFD}"
    }
    return (scalars, max(0, min(count, line.cursor - start)))
  }

  /// The text so far.
  var text: String { Self.string(buffer.scalars[...]) }

  /// Puts `text` in place of everything typed, the cursor at its end.
  func replaceAll(with text: String) {
    let (scalars, cursor) = buffer
    el_cursor(editor, Int32(scalars.count - cursor))
    el_deletestr(editor, Int32(scalars.count))
    insert(text)
  }

  /// Inserts `text` at the cursor.
  func insert(_ text: String) {
    guard !text.isEmpty else { return }
    el_insertstr(editor, text)
  }

  /// Writes to the terminal past libedit, which has drawn all of its own when a key is read.
  func show(_ text: String) {
    terminal.write(text)
    terminal.flush()
  }

  static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }

  func setPrompt(_ prompt: String) {
    self.prompt = prompt
    promptWidth = DisplayWidth.of(prompt)
    free(promptBuffer)
    // Escapes stand between marks; the last character may not be one.
    let code = Theme.current.code(of: .prompt)
    let isColored = terminal.isColored && prompt.hasSuffix(" ") && !code.isEmpty
    let drawn =
      isColored
      ? "\u{1}\u{1B}[\(code)m\u{1}\(prompt.dropLast())\u{1}\u{1B}[0m\u{1} " : prompt
    promptBuffer = strdup(drawn)
  }

  /// libedit reads and draws by the locale's encoding, which has to be UTF-8.
  static func chooseEncoding() {
    setlocale(LC_CTYPE, "")
    if let name = nl_langinfo(Int32(CODESET)), String(cString: name) == "UTF-8" { return }
    setlocale(LC_CTYPE, "C.UTF-8")
  }
}
