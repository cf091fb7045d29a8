// Where a quote that was left out most likely belongs.

extension Lexer {
  /// The edit that closes a text begun at `start`: before the next clause or closing bracket, else
  /// at the end.
  func missingQuoteFix(_ quote: Quote, from start: Int) -> Fix {
    var end = bytes.count
    var place = start + 1
    while place < bytes.count {
      if place > start + 1, beginsClause(at: place) {
        end = place
        break
      }
      place += 1
    }
    while end > start + 1, bytes[end - 1] <= 0x20 || bytes[end - 1] == UInt8(ascii: ";") {
      end -= 1
    }
    if end == bytes.count || bytes[end..<bytes.count].allSatisfy({ $0 <= 0x20 }) {
      let opened = tokens.reduce(0) { $0 + ($1.kind == .open ? 1 : $1.kind == .close ? -1 : 0) }
      var open = opened
      while open > 0, end > start + 1, bytes[end - 1] == UInt8(ascii: ")") {
        end -= 1
        open -= 1
      }
    }
    return Fix(SourceRange(end, end), quote.closing)
  }

  private func beginsClause(at place: Int) -> Bool {
    guard bytes[place - 1] <= 0x20, Self.isNamePart(in: bytes, at: place) else { return false }
    let first = word(at: place)
    guard let keyword = Keyword(first) else { return false }
    var next = first.endIndex
    while next < bytes.count, bytes[next] <= 0x20 { next += 1 }
    guard next < bytes.count else { return false }
    switch keyword {
    case .group, .order: return Keyword(word(at: next)) == .by
    case .top, .bottom, .limit, .sample: return bytes[next].isASCIIDigit
    case .where, .show, .then: return true
    default: return false
    }
  }

  private func word(at place: Int) -> ArraySlice<UInt8> {
    var end = place
    while end < bytes.count, Self.isNamePart(in: bytes, at: end) { end += 1 }
    return bytes[place..<end]
  }
}
