/// Cuts a statement's text into tokens, by hand, over its UTF-8 bytes.
///
/// It never stops at a fault: what no token begins with becomes an `.invalid` token and a
/// diagnostic, so that the parser goes on.
package struct Lexer {
  /// The tokens of a text; the last one is `.end`, and there is no other `.end`.
  package struct Output: Sendable {
    /// The tokens in the order of the text.
    package var tokens: [Token]
    /// The comments, which are no tokens.
    package var comments: [SourceRange]
    /// What no token could be made of, in the order of the text.
    package var diagnostics: [Diagnostic]
  }

  let bytes: [UInt8]
  var offset = 0
  var tokens: [Token] = []
  var comments: [SourceRange] = []
  var diagnostics: [Diagnostic] = []

  /// Cuts `text` into tokens.
  package static func scan(_ text: String) -> Output {
    scan(Array(text.utf8))
  }

  /// Cuts a text, given as UTF-8, into tokens.
  package static func scan(_ bytes: [UInt8]) -> Output {
    var lexer = Lexer(bytes: bytes)
    lexer.scanAll()
    return Output(
      tokens: lexer.tokens, comments: lexer.comments, diagnostics: lexer.diagnostics)
  }

  private init(bytes: [UInt8]) {
    self.bytes = bytes
    tokens.reserveCapacity(bytes.count / 5 + 4)
  }

  private mutating func scanAll() {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { offset = 3 }
    if byte(0) == UInt8(ascii: "#"), byte(1) == UInt8(ascii: "!") { skipLine() }
    while offset < bytes.count {
      scanOne()
    }
    add(.end, from: bytes.count)
  }

  private mutating func scanOne() {
    let start = offset
    let first = bytes[offset]
    switch Self.classes[Int(first)] {
    case .space: offset += 1
    case .name: scanWord()
    case .digit: scanNumber()
    case .symbol: scanSymbol(first)
    case .quote: scanText(.init(rawValue: first == UInt8(ascii: "\"") ? 0 : 1) ?? .double, 1)
    case .beyondASCII:
      if let (quote, length) = Quote.opening(in: bytes[...], at: offset) {
        scanText(quote, length)
      } else if let length = Self.spaceLength(in: bytes, at: offset) {
        offset += length
      } else if let sign = Self.typographicSign(in: bytes, at: offset) {
        offset += 3
        let range = SourceRange(start, offset)
        report(.typographicSign(spelling(range), sign.plain), at: range, [Fix(range, sign.plain)])
        add(sign.kind, from: start)
      } else {
        scanWord()
      }
    case .control: scanInvalid()
    }
  }

  private mutating func scanWord() {
    let start = offset
    while offset < bytes.count, Self.isNamePart(in: bytes, at: offset) { offset += 1 }
    let range = SourceRange(start, offset)
    let keyword = offset - start <= 16 ? Keyword(bytes[start..<offset]) : nil
    tokens.append(Token(.word, keyword: keyword, range: range))
  }

  private mutating func scanSymbol(_ first: UInt8) {
    let next = byte(1)
    switch (first, next) {
    case (UInt8(ascii: "-"), UInt8(ascii: "-")):
      let start = offset
      skipLine()
      comments.append(SourceRange(start, offset))
    case (UInt8(ascii: "="), UInt8(ascii: "=")): add(.doubleEqual, 2)
    case (UInt8(ascii: "="), UInt8(ascii: "<")): add(.equalLess, 2)
    case (UInt8(ascii: "="), UInt8(ascii: ">")): add(.equalGreater, 2)
    case (UInt8(ascii: "="), _): add(.equal, 1)
    case (UInt8(ascii: "!"), UInt8(ascii: "=")): add(.notEqual, 2)
    case (UInt8(ascii: "!"), _): add(.bang, 1)
    case (UInt8(ascii: "<"), UInt8(ascii: "=")): add(.lessOrEqual, 2)
    case (UInt8(ascii: "<"), UInt8(ascii: ">")): add(.lessGreater, 2)
    case (UInt8(ascii: "<"), _): add(.less, 1)
    case (UInt8(ascii: ">"), UInt8(ascii: "=")): add(.greaterOrEqual, 2)
    case (UInt8(ascii: ">"), _): add(.greater, 1)
    case (UInt8(ascii: "&"), UInt8(ascii: "&")): add(.doubleAmpersand, 2)
    case (UInt8(ascii: "|"), UInt8(ascii: "|")): add(.doubleBar, 2)
    case (UInt8(ascii: "+"), _): add(.plus, 1)
    case (UInt8(ascii: "-"), _): add(.minus, 1)
    case (UInt8(ascii: "*"), _): add(.star, 1)
    case (UInt8(ascii: "/"), _): add(.slash, 1)
    case (UInt8(ascii: "("), _): add(.open, 1)
    case (UInt8(ascii: ")"), _): add(.close, 1)
    case (UInt8(ascii: ","), _): add(.comma, 1)
    case (UInt8(ascii: "."), _): add(.dot, 1)
    case (UInt8(ascii: ";"), _): add(.semicolon, 1)
    case (UInt8(ascii: "`"), _): scanQuotedName()
    case (UInt8(ascii: "$"), _): scanParameter()
    default: scanInvalid()
    }
  }

  private mutating func scanQuotedName() {
    let start = offset
    offset += 1
    while offset < bytes.count, bytes[offset] != UInt8(ascii: "`"), bytes[offset] != 0x0A {
      offset += 1
    }
    guard offset < bytes.count, bytes[offset] == UInt8(ascii: "`") else {
      report(.missingBacktick, at: SourceRange(start, offset), missingBacktickFix(from: start))
      return add(.quotedName, from: start)
    }
    offset += 1
    add(.quotedName, from: start)
    if offset - start == 2 {
      report(.emptyName, at: SourceRange(start, offset))
    } else if bytes[start..<offset].contains(where: { $0 < 0x20 || $0 == 0x7F }) {
      report(.controlCharacterInName, at: SourceRange(start, offset))
    }
  }

  /// Closes the name before the next sign, else after its first word.
  private func missingBacktickFix(from start: Int) -> [Fix] {
    let rest = bytes[start + 1..<offset]
    let signs = Array("=<>!,)(+*/;".utf8)
    var end = start + 1
    if let sign = rest.firstIndex(where: signs.contains) {
      end = sign
      while end > start + 1, bytes[end - 1] <= 0x20 { end -= 1 }
    } else {
      while end < offset, Self.isNamePart(in: bytes, at: end) { end += 1 }
    }
    return end > start + 1 ? [Fix(SourceRange(end, end), "`")] : []
  }

  private mutating func scanParameter() {
    let start = offset
    offset += 1
    let begin = offset
    while offset < bytes.count, Self.isNamePart(in: bytes, at: offset) { offset += 1 }
    if offset == begin || Self.classes[Int(bytes[begin])] == .digit {
      report(.badParameter, at: SourceRange(start, offset))
    }
    add(.parameter, from: start)
  }

  private mutating func scanText(_ quote: Quote, _ length: Int) {
    let start = offset
    if let end = quote.end(in: bytes[...], from: offset + length) {
      offset = end
      if let zero = bytes[start..<end].firstIndex(of: 0) {
        report(.nulByte, at: SourceRange(zero, zero + 1))
      }
    } else {
      offset = bytes.count
      // A quote right behind a word, as in 'O'Brien', is one too many rather than one too few.
      let isBehindWord = start > 0 && Self.isNamePart(in: bytes, at: start - 1)
      let fixes = isBehindWord ? [] : [missingQuoteFix(quote, from: start)]
      report(
        .missingQuote, at: SourceRange(start, start + length), fixes
      )
    }
    add(.text, from: start)
  }

  private mutating func scanInvalid() {
    let start = offset
    let first = bytes[offset]
    offset += 1
    if first == 0 {
      while byte(0) == 0 { offset += 1 }
      report(.nulByte, at: SourceRange(start, offset))
    } else if first < 0x20 || first == 0x7F {
      report(.controlCharacter(first), at: SourceRange(start, offset))
    } else {
      let range = SourceRange(start, offset)
      report(.unexpectedCharacter(spelling(range)), at: range)
    }
    add(.invalid, from: start)
  }

  private mutating func skipLine() {
    while offset < bytes.count, bytes[offset] != 0x0A { offset += 1 }
  }

  private mutating func add(_ kind: Token.Kind, _ length: Int) {
    tokens.append(Token(kind, range: SourceRange(offset, offset + length)))
    offset += length
  }
}

extension Lexer {
  /// Appends the token that ends where scanning has come to.
  mutating func add(_ kind: Token.Kind, from start: Int) {
    tokens.append(Token(kind, range: SourceRange(start, offset)))
  }

  /// Notes a fault, up to the largest number that is ever shown.
  mutating func report(_ reason: SyntaxReason, at range: SourceRange, _ fixes: [Fix] = []) {
    guard diagnostics.count < Failure.diagnosticCountMax else { return }
    diagnostics.append(Diagnostic(reason, at: range, fixes: fixes))
  }

  /// The byte `distance` after the place scanning has come to, if there is one.
  func byte(_ distance: Int) -> UInt8? {
    offset + distance < bytes.count ? bytes[offset + distance] : nil
  }

  /// The text of a range.
  func spelling(_ range: SourceRange) -> String {
    String(decoding: bytes[range.lowerBound..<range.upperBound], as: UTF8.self)
  }
}

extension Lexer {
  private enum ByteClass: UInt8 {
    case space, name, digit, symbol, quote, beyondASCII, control
  }

  private static let classes: [ByteClass] = (0..<256).map { value -> ByteClass in
    switch UInt8(value) {
    case 0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x20: return .space
    case 0x00..<0x20, 0x7F: return .control
    case 0x80...: return .beyondASCII
    case UInt8(ascii: "0")...UInt8(ascii: "9"): return .digit
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "_"):
      return .name
    case UInt8(ascii: "\""), UInt8(ascii: "'"): return .quote
    default: return .symbol
    }
  }

  /// Whether the byte at `offset` belongs to a name: a letter, a digit, `_`, or part of a character
  /// beyond ASCII that is neither a space, a quote nor a typographic sign.
  static func isNamePart(in bytes: [UInt8], at offset: Int) -> Bool {
    switch classes[Int(bytes[offset])] {
    case .name, .digit: return true
    case .beyondASCII:
      if bytes[offset] == 0xE2 {
        return Quote.opening(in: bytes[...], at: offset) == nil
          && spaceLength(in: bytes, at: offset) == nil
          && typographicSign(in: bytes, at: offset) == nil
      }
      return spaceLength(in: bytes, at: offset) == nil
    default: return false
    }
  }

  /// Whether `name` can stand without backticks, keywords aside.
  static func isPlainName(_ name: String) -> Bool {
    let bytes = Array(name.utf8)
    guard let first = bytes.first, classes[Int(first)] != .digit else { return false }
    return bytes.indices.allSatisfy { isNamePart(in: bytes, at: $0) }
  }

  /// The length of the space beyond ASCII at `offset`: no-break spaces, those of typesetting and
  /// East Asian text, and a byte order mark.
  private static func spaceLength(in bytes: [UInt8], at offset: Int) -> Int? {
    guard offset + 1 < bytes.count else { return nil }
    let second = bytes[offset + 1]
    if bytes[offset] == 0xC2 { return second == 0xA0 || second == 0x85 ? 2 : nil }
    guard offset + 2 < bytes.count else { return nil }
    switch (bytes[offset], second, bytes[offset + 2]) {
    case (0xE2, 0x80, 0x80...0x8B), (0xE2, 0x80, 0xA8), (0xE2, 0x80, 0xA9), (0xE2, 0x80, 0xAF),
      (0xE2, 0x81, 0x9F), (0xE3, 0x80, 0x80), (0xEF, 0xBB, 0xBF):
      return 3
    default: return nil
    }
  }

  /// The sign that word processors put for one of ours.
  private static func typographicSign(
    in bytes: [UInt8], at offset: Int
  ) -> (kind: Token.Kind, plain: String)? {
    guard offset + 2 < bytes.count, bytes[offset] == 0xE2 else { return nil }
    switch (bytes[offset + 1], bytes[offset + 2]) {
    case (0x80, 0x93), (0x80, 0x94), (0x88, 0x92): return (.minus, "-")
    case (0x89, 0xA0): return (.notEqual, "!=")
    case (0x89, 0xA4): return (.lessOrEqual, "<=")
    case (0x89, 0xA5): return (.greaterOrEqual, ">=")
    default: return nil
    }
  }
}
