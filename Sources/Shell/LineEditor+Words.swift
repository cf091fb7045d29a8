import CEdit

/// Moving, cutting and putting back, by characters, words and lines.
extension LineEditor {
  func right() -> UInt8 {
    if let offered {
      noteForUndo()
      insert(offered)
      return Next.redraw
    }
    let (scalars, cursor) = buffer
    guard cursor < scalars.count else { return Next.beep }
    el_cursor(editor, 1)
    return Next.redraw
  }

  func wordRight() -> UInt8 {
    if let offered {
      noteForUndo()
      let scalars = Array(offered.unicodeScalars)
      insert(Self.string(scalars[..<Self.wordEnd(scalars, 0)]))
      return Next.redraw
    }
    let (scalars, cursor) = buffer
    el_cursor(editor, Int32(Self.wordEnd(scalars, cursor) - cursor))
    return Next.redraw
  }

  func wordLeft() -> UInt8 {
    let (scalars, cursor) = buffer
    el_cursor(editor, Int32(Self.wordStart(scalars, cursor) - cursor))
    return Next.redraw
  }

  func toLineStart() -> UInt8 {
    let (scalars, cursor) = buffer
    el_cursor(editor, Int32(lineStart(scalars, cursor) - cursor))
    return Next.redraw
  }

  func toLineEnd() -> UInt8 {
    if let offered {
      noteForUndo()
      insert(offered)
      return Next.redraw
    }
    let (scalars, cursor) = buffer
    el_cursor(editor, Int32(lineEnd(scalars, cursor) - cursor))
    return Next.redraw
  }

  func cutWordLeft() -> UInt8 {
    let (scalars, cursor) = buffer
    return cut(Self.wordStart(scalars, cursor)..<cursor)
  }

  func cutWordRight() -> UInt8 {
    let (scalars, cursor) = buffer
    return cut(cursor..<Self.wordEnd(scalars, cursor))
  }

  func cutLeft() -> UInt8 {
    let (scalars, cursor) = buffer
    return cut(lineStart(scalars, cursor)..<cursor)
  }

  /// At the end of a line its line end is cut.
  func cutRight() -> UInt8 {
    let (scalars, cursor) = buffer
    let end = lineEnd(scalars, cursor)
    return cut(cursor..<(end == cursor ? min(end + 1, scalars.count) : end))
  }

  func putBack() -> UInt8 {
    guard !cutText.isEmpty else { return Next.beep }
    noteForUndo()
    insert(cutText)
    return Next.redraw
  }

  private func cut(_ range: Range<Int>) -> UInt8 {
    guard !range.isEmpty else { return Next.beep }
    noteForUndo()
    let (scalars, cursor) = buffer
    cutText = Self.string(scalars[range])
    el_cursor(editor, Int32(range.upperBound - cursor))
    el_deletestr(editor, Int32(range.count))
    return Next.redraw
  }

  func lineStart(_ scalars: [Unicode.Scalar], _ offset: Int) -> Int {
    scalars[..<offset].lastIndex(of: "\n").map { $0 + 1 } ?? 0
  }

  func lineEnd(_ scalars: [Unicode.Scalar], _ offset: Int) -> Int {
    scalars[offset...].firstIndex(of: "\n") ?? scalars.count
  }

  private static func wordStart(_ scalars: [Unicode.Scalar], _ offset: Int) -> Int {
    var place = offset
    while place > 0, !isWordPart(scalars[place - 1]) { place -= 1 }
    while place > 0, isWordPart(scalars[place - 1]) { place -= 1 }
    return place
  }

  private static func wordEnd(_ scalars: [Unicode.Scalar], _ offset: Int) -> Int {
    var place = offset
    while place < scalars.count, !isWordPart(scalars[place]) { place += 1 }
    while place < scalars.count, isWordPart(scalars[place]) { place += 1 }
    return place
  }

  private static func isWordPart(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "_" || scalar.properties.isAlphabetic || scalar.properties.numericType != nil
      || scalar.properties.canonicalCombiningClass != .notReordered
  }
}

/// Taking changes of the text back.
extension LineEditor {
  /// The text and the cursor at one moment.
  struct Snapshot {
    var scalars: [Unicode.Scalar] = []
    var cursor = 0
  }

  /// The changes that can be taken back.
  private static let snapshotCountMax = 200

  /// Keeps what the text was before it changed. Letters typed one by one are one change.
  func noteForUndo() {
    let (scalars, cursor) = buffer
    guard scalars != present.scalars else {
      if cursor != present.cursor { isTypingWord = false }
      present.cursor = cursor
      return
    }
    let isLetter =
      scalars.count == present.scalars.count + 1 && cursor == present.cursor + 1
      && Self.isWordPart(scalars[cursor - 1])
    if !(isLetter && isTypingWord) { snapshots.append(present) }
    if snapshots.count > Self.snapshotCountMax { snapshots.removeFirst() }
    isTypingWord = isLetter
    present = Snapshot(scalars: scalars, cursor: cursor)
  }

  func undo() -> UInt8 {
    noteForUndo()
    guard let last = snapshots.popLast() else { return Next.beep }
    replaceAll(with: Self.string(last.scalars[...]))
    el_cursor(editor, Int32(last.cursor - last.scalars.count))
    present = last
    isTypingWord = false
    return Next.redraw
  }
}
