import Store

/// Where a schema stops being one we can read.
struct SchemaMistake: Error {
  /// Counted from 1.
  var line: Int
  /// What was expected and found, in words.
  var message: String
}

/// Cuts a schema into tokens: the words, names and texts of SQL, and those of its comments.
struct SchemaTokens {
  enum Token: Hashable {
    /// A bare word or number.
    case word(String)
    /// A name in double quotes, or in a comment a text.
    case name(String)
    /// A text in single quotes.
    case literal(String)
    case sign(UInt8)
    /// `--`; what follows up to `endOfLine` is its content.
    case comment
    /// The end of a comment's line.
    case endOfLine
    case end

    var words: String {
      switch self {
      case .word(let word): "'\(word)'"
      case .name(let name): CellRefusal.quoted(name)
      case .literal(let text): CellRefusal.quoted(text)
      case .sign(let byte): "'\(Unicode.Scalar(byte))'"
      case .comment: "a comment"
      case .endOfLine: "the end of the line"
      case .end: "the end"
      }
    }
  }

  private let bytes: [UInt8]
  private var position = 0
  private var isInComment = false
  /// The line of the next token, counted from 1.
  private(set) var line = 1
  /// The next token.
  private(set) var current = Token.end

  init(_ bytes: [UInt8]) throws(SchemaMistake) {
    self.bytes = bytes
    try advance()
  }

  /// Whether what comes after the current token is this.
  func isBefore(_ text: String) -> Bool {
    bytes[min(position, bytes.count)...].starts(with: text.utf8)
  }

  /// Goes to the next token.
  mutating func advance() throws(SchemaMistake) {
    while position < bytes.count, bytes[position] <= 0x20 {
      if bytes[position] == 0x0A {
        if isInComment {
          isInComment = false
          current = .endOfLine
          return
        }
        line += 1
      }
      position += 1
    }
    guard position < bytes.count else {
      current = isInComment ? .endOfLine : .end
      isInComment = false
      return
    }
    let byte = bytes[position]
    if byte == 0x2D, position + 1 < bytes.count, bytes[position + 1] == 0x2D, !isInComment {
      position += 2
      isInComment = true
      current = .comment
    } else if byte == 0x22 {
      current = .name(isInComment ? try commentText() : try doubled(byte))
    } else if byte == 0x27, !isInComment {
      current = .literal(try doubled(byte))
    } else if Self.isWord(byte)
      || byte == 0x2D && position + 1 < bytes.count
        && bytes[position + 1] &- 0x30 <= 9
    {
      let start = position
      position += 1
      while position < bytes.count, Self.isWord(bytes[position]) { position += 1 }
      current = .word(String(decoding: bytes[start..<position], as: UTF8.self))
    } else {
      position += 1
      current = .sign(byte)
    }
  }

  /// Skips the rest of a comment.
  mutating func skipComment() throws(SchemaMistake) {
    while position < bytes.count, bytes[position] != 0x0A { position += 1 }
    try advance()
  }

  func mistake(_ expected: String) -> SchemaMistake {
    SchemaMistake(line: line, message: "expected \(expected), found \(current.words)")
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F: true
    default: false
    }
  }

  /// The content of a name or text whose quote, doubled, stands for itself.
  private mutating func doubled(_ quote: UInt8) throws(SchemaMistake) -> String {
    let first = line
    var content: [UInt8] = []
    position += 1
    while position < bytes.count {
      let byte = bytes[position]
      if byte == quote {
        position += 1
        guard position < bytes.count, bytes[position] == quote else {
          return String(decoding: content, as: UTF8.self)
        }
      }
      if byte == 0x0A { line += 1 }
      content.append(byte)
      position += 1
    }
    throw SchemaMistake(line: first, message: "a quote is never closed")
  }

  /// The content of a JSON text in a comment.
  private mutating func commentText() throws(SchemaMistake) -> String {
    let rest = bytes[position...].prefix { $0 != 0x0A }
    guard let text = JSONTokens.text(at: Array(rest)) else {
      throw SchemaMistake(line: line, message: "a text in a comment is not as JSON writes it")
    }
    position += text.byteCount
    return text.content
  }
}

extension JSONTokens {
  /// The JSON text at the beginning of some bytes, and how many bytes it takes.
  static func text(at bytes: [UInt8]) -> (content: String, byteCount: Int)? {
    let store = ByteStore()
    let content = ByteStore()
    guard (try? store.append(bytes)) != nil else { return nil }
    store.terminate(with: 0)
    let tokens = JSONTokens(bytes: store.view, isLines: true)
    var place = JSONPlace(at: 0)
    guard let text = try? tokens.text(&place),
      (try? content.appendUnescaped(text.range, of: store.view)) != nil
    else { return nil }
    return (content.view.text(0..<content.count), place.position)
  }
}
