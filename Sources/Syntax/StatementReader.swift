/// Cuts a script or a prompt's buffer into statements, line by line, by the rules of
/// "A statement ends": at `;`, at a blank line, or at a line end, unless a bracket or quote is open,
/// the line ends in an operator or comma, or the next line is indented or begins with a clause word.
///
/// A blank line ends a statement even where a bracket or quote is open, so that one missing quote
/// does not swallow the rest of a script. It looks at each byte once.
package struct StatementReader {
  /// One statement, or one dot-command, of a text.
  package struct Piece: Hashable, Sendable {
    /// Its text, from its first token on, without the `;`; comments behind it may follow.
    package var text: String
    /// Where it stands in the whole text.
    package var range: SourceRange
    /// The line it begins on, from 1.
    package var line: Int
    /// The column it begins at, in characters, from 1.
    package var column: Int
    /// Whether it is a line that begins with `.` and a letter.
    package var isDotCommand: Bool
    /// Whether `;` or a blank line ended it, whatever it still wants.
    package var isForced: Bool

    /// The line and column, from 1 and in characters, of a UTF-8 offset in `text`.
    package func place(of offset: Int) -> (line: Int, column: Int) {
      var (line, column) = (self.line, self.column)
      for byte in text.utf8.prefix(offset) {
        if byte == 0x0A {
          line += 1
          column = 1
        } else if byte & 0xC0 != 0x80 {
          column += 1
        }
      }
      return (line, column)
    }
  }

  /// What an open statement still wants.
  package enum Want: Hashable, Sendable {
    /// A closing bracket.
    case bracket
    /// A closing quote.
    case quote
    /// Something after the operator or comma the text ends in.
    case operand
    /// What the parser expects where the text ends, in words.
    case more(expected: String)
  }

  private var state = LineState()
  private var open: Piece?
  private var openBytes: [UInt8] = []
  private var offset = 0
  private var line = 0
  /// How far the characters of the line have been counted, and how many there were.
  private var counted = (place: 0, count: 0)

  /// Makes a reader at the start of a text.
  package init() {}

  /// Cuts a whole text.
  package static func pieces(of text: String) -> [Piece] {
    var reader = StatementReader()
    var pieces: [Piece] = []
    let bytes = Array(text.utf8)
    var start = 0
    while start < bytes.count {
      var end = start
      while end < bytes.count, bytes[end] != 0x0A { end += 1 }
      let next = min(end + 1, bytes.count)
      pieces += reader.read(line: bytes[start..<next])
      start = next
    }
    return pieces + reader.finish()
  }

  /// Takes the next line, as UTF-8 with its line end, and gives the statements that are now known
  /// to be complete: often the one before it, as a line may be continued by the next.
  package mutating func read(line bytes: ArraySlice<UInt8>) -> [Piece] {
    line += 1
    counted = (bytes.startIndex, 0)
    defer { offset += bytes.count }
    if line == 1, bytes.starts(with: Array("#!".utf8)) { return [] }
    var pieces: [Piece] = []
    let start = bytes.firstIndex { !$0.isBlank } ?? bytes.endIndex
    if start == bytes.endIndex {
      close(isForced: true, into: &pieces)
      return pieces
    }
    if state.quote == nil, bytes[start...].starts(with: Array("--".utf8)) {
      if open != nil { openBytes += bytes }
      return []
    }
    if open != nil, !state.continues, !Self.continues(bytes, from: start) {
      close(isForced: false, into: &pieces)
    }
    if open == nil, Self.isDotCommand(bytes) {
      pieces.append(dotCommand(bytes))
      return pieces
    }
    scan(bytes, from: open == nil ? start : bytes.startIndex, into: &pieces)
    return pieces
  }

  /// Ends the text; gives the statement that was open.
  package mutating func finish() -> [Piece] {
    var pieces: [Piece] = []
    close(isForced: false, into: &pieces)
    return pieces
  }

  /// What the lines read so far still want by their signs alone; nil when the open statement may
  /// end here, or none is open.
  package var want: Want? {
    guard open != nil else { return nil }
    if state.quote != nil { return .quote }
    if state.bracketCount > 0 { return .bracket }
    return state.endsInOperator ? .operand : nil
  }

  /// What the text at a prompt still wants before Enter runs it; nil when it is complete.
  ///
  /// After `;` or a blank line nothing is wanted. Otherwise a text wants more where its signs say
  /// so, or where the parser finds something missing exactly at its end.
  package static func want(atPrompt text: String) -> Want? {
    var reader = StatementReader()
    var pieces: [Piece] = []
    for line in text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false) {
      pieces = reader.read(line: Array(line)[...])
    }
    if let want = reader.want { return want }
    pieces = reader.finish()
    guard let last = pieces.last, !last.isForced, !last.isDotCommand else { return nil }
    return Parser.wantAtEnd(of: last.text).map { .more(expected: $0) }
  }
}

extension StatementReader {
  private mutating func scan(
    _ bytes: ArraySlice<UInt8>, from start: Int, into pieces: inout [Piece]
  ) {
    var from = start
    while true {
      if open == nil {
        while from < bytes.endIndex, bytes[from].isBlank || bytes[from] == UInt8(ascii: ";") {
          from += 1
        }
        guard from < bytes.endIndex else { return }
        if bytes[from...].starts(with: Array("--".utf8)) { return }
        begin(bytes, at: from)
      }
      guard let end = state.scan(bytes, from: from) else {
        openBytes += bytes[from...]
        return
      }
      openBytes += bytes[from..<end]
      close(isForced: true, into: &pieces)
      from = end + 1
    }
  }

  private mutating func begin(_ bytes: ArraySlice<UInt8>, at start: Int) {
    state = LineState()
    openBytes = []
    for byte in bytes[counted.place..<start] where byte & 0xC0 != 0x80 { counted.count += 1 }
    counted.place = start
    let place = offset + start - bytes.startIndex
    open = Piece(
      text: "", range: SourceRange(place, place), line: line, column: counted.count + 1,
      isDotCommand: false, isForced: false)
  }

  private mutating func close(isForced: Bool, into pieces: inout [Piece]) {
    guard var piece = open else { return }
    open = nil
    while let last = openBytes.last, last.isBlank { openBytes.removeLast() }
    piece.text = String(decoding: openBytes, as: UTF8.self)
    piece.range.upperBound = piece.range.lowerBound + openBytes.count
    piece.isForced = isForced
    openBytes = []
    state = LineState()
    pieces.append(piece)
  }

  private func dotCommand(_ bytes: ArraySlice<UInt8>) -> Piece {
    var text = bytes
    while let last = text.last, last.isBlank { text.removeLast() }
    return Piece(
      text: String(decoding: text, as: UTF8.self),
      range: SourceRange(offset, offset + text.count), line: line, column: 1, isDotCommand: true,
      isForced: true)
  }

  private static func isDotCommand(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard bytes.count > 1, bytes.first == UInt8(ascii: ".") else { return false }
    let next = bytes[bytes.startIndex + 1] | 0x20
    return next >= UInt8(ascii: "a") && next <= UInt8(ascii: "z")
  }

  /// Whether a line continues the statement before it: it is indented or begins with a clause word.
  private static func continues(_ bytes: ArraySlice<UInt8>, from start: Int) -> Bool {
    if start > bytes.startIndex { return true }
    var end = start
    while end < bytes.endIndex, bytes[end].isWordPart { end += 1 }
    return Keyword(bytes[start..<end])?.isClauseWord ?? false
  }
}

/// What the lines of an open statement leave behind: open brackets and quotes, and whether the last
/// sign is an operator or a comma.
private struct LineState {
  var bracketCount = 0
  var quote: Quote?
  var endsInOperator = false

  /// Whether the next line belongs to the statement whatever it begins with.
  var continues: Bool { bracketCount > 0 || quote != nil || endsInOperator }

  /// Reads a line from `start` on; gives the place of the `;` that ends the statement.
  mutating func scan(_ bytes: ArraySlice<UInt8>, from start: Int) -> Int? {
    var place = start
    while place < bytes.endIndex {
      if let open = quote {
        guard let end = open.end(in: bytes, from: place) else { return nil }
        quote = nil
        place = end
        continue
      }
      let byte = bytes[place]
      if let (opened, length) = Quote.opening(in: bytes, at: place) {
        quote = opened
        endsInOperator = false
        place += length
        continue
      }
      switch byte {
      case UInt8(ascii: ";"): return place
      case UInt8(ascii: "-") where bytes[place...].starts(with: [byte, byte]): return nil
      case UInt8(ascii: "`"):
        place += 1
        while place < bytes.endIndex, bytes[place] != byte, bytes[place] != 0x0A { place += 1 }
        endsInOperator = false
        place += 1
      case UInt8(ascii: "("):
        bracketCount += 1
        endsInOperator = false
        place += 1
      case UInt8(ascii: ")"):
        bracketCount = max(0, bracketCount - 1)
        endsInOperator = false
        place += 1
      case _ where byte.isBlank: place += 1
      case _ where byte.isWordPart:
        var end = place
        while end < bytes.endIndex, bytes[end].isWordPart { end += 1 }
        endsInOperator = Self.isOperatorWord(bytes[place..<end])
        place = end
      default:
        endsInOperator = Self.isOperatorSign(byte)
        place += 1
      }
    }
    return nil
  }

  private static func isOperatorSign(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: ","), UInt8(ascii: "="), UInt8(ascii: "<"), UInt8(ascii: ">"),
      UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "*"), UInt8(ascii: "/"),
      UInt8(ascii: "!"), UInt8(ascii: "&"), UInt8(ascii: "|"):
      return true
    default: return false
    }
  }

  /// Whether a word is an operator: only the reserved ones, as any other may be a field's name.
  private static func isOperatorWord(_ word: ArraySlice<UInt8>) -> Bool {
    switch Keyword(word) {
    case .and, .or, .not, .in, .is, .has, .between: true
    default: false
    }
  }
}

extension UInt8 {
  /// Whether the byte is a space, a tab or a line end.
  fileprivate var isBlank: Bool { self == 0x20 || self >= 0x09 && self <= 0x0D }

  /// Whether the byte is part of a word.
  fileprivate var isWordPart: Bool {
    isASCIIDigit || self == UInt8(ascii: "_") || self >= 0x80
      || self | 0x20 >= UInt8(ascii: "a") && self | 0x20 <= UInt8(ascii: "z")
  }
}

extension Parser {
  /// What is missing exactly where the text ends, in words; nil when nothing is, or something else
  /// is wrong before.
  static func wantAtEnd(of text: String) -> String? {
    var parser = Parser(Array(text.utf8), Lexer.scan(text))
    guard parser.diagnostics.isEmpty else { return nil }
    do {
      _ = try parser.readAll(allowsBareRefinement: true)
      return nil
    } catch {
      return parser.diagnostics.count == 1 ? parser.expectedAtEnd : nil
    }
  }
}
