import CEdit
import Glibc
import Store

/// Reading keys: UTF-8 by hand, window changes, signals, and pastes.
extension LineEditor {
  /// Milliseconds between two looks at the flags that signals set.
  private static let pollMilliseconds: Int32 = 200

  /// Reads one character for libedit: 1 when there is one, 0 at the end.
  func readKey(_ result: UnsafeMutablePointer<wchar_t>) -> Int32 {
    if !textToInsert.isEmpty {
      // Drawing again draws the prompt too, which stands there.
      eraseText()
      insert(textToInsert)
      textToInsert = ""
      ce_refresh(editor)
    }
    paintWhileIdle()
    defer { eraseHint() }
    guard let first = readByte() else { return 0 }
    if first == 0x1B, isVi || search != nil, !isMoreComing() {
      result.pointee = wchar_t(bitPattern: Self.loneEscape.value)
      return 1
    }
    let length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
    var bytes = [first]
    while bytes.count < length, let next = readByte() { bytes.append(next) }
    let scalar = String(decoding: bytes, as: UTF8.self).unicodeScalars.first ?? "\u{FFFD}"
    result.pointee = wchar_t(bitPattern: scalar.value)
    return 1
  }

  /// Whether another key comes at once, so that an Esc before it is the start of a sequence.
  private func isMoreComing() -> Bool {
    var waiting = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    return poll(&waiting, 1, Self.escapeMilliseconds) > 0
  }

  /// Milliseconds in which the rest of a key's sequence comes.
  private static let escapeMilliseconds: Int32 = 30

  /// Asks something below the text and reads the answer, a plain line, by itself: libedit's own
  /// reading has the bindings of statements.
  func ask(_ question: String) -> LineReply {
    tcflush(STDIN_FILENO, TCIFLUSH)
    let width = terminal.width ?? 80
    let lines = BrokenText.lines(question, margin: 0, widthMax: width - Self.answerRoomMin)
    let last = PlainText.withoutStyles(lines.last ?? "")
    let answerByteCountMax = min(Self.answerByteCountMax, width - 1 - DisplayWidth.of(last))
    show(lines.joined(separator: "\r\n"))
    defer { show("\r\n") }
    var typed: [UInt8] = []
    while true {
      guard let byte = readByte(stopsAtInterrupt: true) else {
        if Cancellation.isRequested, Signals.terminationSignal == 0 { return .declined }
        return .gone
      }
      switch byte {
      case 0x0A, 0x0D: return .line(String(decoding: typed, as: UTF8.self))
      case 0x03, 0x04: return .declined
      case 0x08, 0x7F:
        if typed.popLast() != nil { show("\u{8} \u{8}") }
      case 0x20..<0x7F where typed.count < answerByteCountMax:
        typed.append(byte)
        show(String(decoding: [byte], as: UTF8.self))
      default: continue
      }
    }
  }

  func askValue(_ question: String) -> LineReply {
    switch read(prompt: question, startingWith: "") {
    case .text(let typed, _): .line(typed)
    case .command(let line, let rest): .line(line + rest)
    case .end, .interrupted: Signals.terminationSignal == 0 ? .declined : .gone
    }
  }

  /// The longest answer to a question that is taken.
  private static let answerByteCountMax = 20
  /// Columns that are left behind a question at least.
  private static let answerRoomMin = 6

  /// The next byte; nil at the end of input, when the process is to end, or, where that is wanted,
  /// when Ctrl-C came as a signal.
  private func readByte(stopsAtInterrupt: Bool = false) -> UInt8? {
    while Signals.terminationSignal == 0 {
      if stopsAtInterrupt, Cancellation.isRequested { return nil }
      if !stopsAtInterrupt, Signals.takeResize() { redrawForNewSize() }
      var wanted = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
      guard poll(&wanted, 1, Self.pollMilliseconds) > 0 else { continue }
      var byte: UInt8 = 0
      let count = Glibc.read(STDIN_FILENO, &byte, 1)
      if count == 1 { return byte }
      if count == 0 || errno != EINTR && errno != EAGAIN { return nil }
    }
    return nil
  }

  private func redrawForNewSize() {
    hintWidth = 0
    eraseText()
    el_resize(editor)
    ce_refresh(editor)
    paintWhileIdle()
  }

  /// Takes prompt and text off the screen, the cursor where the prompt began.
  func eraseText() {
    let (row, _) = rowOfCursorAndEnd()
    show("\r" + (row > 0 ? "\u{1B}[\(row)A" : "") + "\u{1B}[J")
  }

  /// Goes to a new line below the text.
  func belowText() {
    let (row, end) = rowOfCursorAndEnd()
    show((end > row ? "\u{1B}[\(end - row)B" : "") + "\r\n")
  }

  /// The row of the cursor and of the text's end, counted from the prompt's.
  private func rowOfCursorAndEnd() -> (cursor: Int, end: Int) {
    let (scalars, cursor) = buffer
    let layout = TextLayout(scalars, promptWidth: promptWidth, width: terminal.width ?? 80)
    return (layout.place(at: cursor).row, layout.end.row)
  }

  /// Takes a bracketed paste into the text, line ends and all; nothing runs.
  func paste() -> UInt8 {
    var pasted = String.UnicodeScalarView()
    let end = Array("\u{1B}[201~".unicodeScalars)
    var matched = 0
    var character: wchar_t = 0
    isTakingPaste = true
    defer { isTakingPaste = false }
    while matched < end.count, el_wgetc(editor, &character) == 1 {
      let scalar = Unicode.Scalar(UInt32(bitPattern: character)) ?? "\u{FFFD}"
      if scalar == end[matched] {
        matched += 1
        continue
      }
      pasted.append(contentsOf: end[..<matched])
      matched = scalar == end[0] ? 1 : 0
      if matched == 0 { pasted.append(scalar) }
    }
    let text = Self.cleaned(pasted)
    if text.contains("\n") { isPasted = true }
    noteForUndo()
    insert(text)
    return Next.redraw
  }

  /// Pasted text with one kind of line end, without control characters.
  static func cleaned(_ pasted: String.UnicodeScalarView) -> String {
    var result = String.UnicodeScalarView()
    var last: Unicode.Scalar = " "
    for scalar in pasted {
      switch scalar {
      case "\r": result.append("\n")
      case "\n": if last != "\r" { result.append("\n") }
      case "\t": result.append(scalar)
      case "\0"..<" ", "\u{7F}"..<"\u{A0}": break
      // What turns the line around would show another text than the one that runs.
      case "\u{202A}"..."\u{202E}", "\u{2066}"..."\u{2069}": break
      default: result.append(scalar)
      }
      last = scalar
    }
    return String(result)
  }
}
