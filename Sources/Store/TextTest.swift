/// A test of a text, prepared once a statement and run on bytes.
///
/// Folding allocates only where text and constant both go beyond ASCII.
package struct TextTest: Sendable {
  /// The tests. All but `matches` and `equalsExactly` fold case.
  package enum Kind: Sendable {
    /// `= "x"`
    case equals(String)
    /// The same bytes: keys.
    case equalsExactly(String)
    /// `in ("x", "y")`
    case isOneOf([String])
    case contains(String)
    case startsWith(String)
    case endsWith(String)
    /// The word stands between characters that are not letters or digits.
    case hasWord(String)
    /// `*` is any run, `?` one character.
    case like(String)
    /// `matches`: see `Pattern`. Case-sensitive.
    case matches(Pattern)
    /// `< <= > >=` a text in the order of texts: A–Z folded bytes, then bytes.
    case ordered(ComparisonSign, String)
  }

  /// Which side of the constant passes.
  package enum ComparisonSign: Sendable {
    case less, lessOrEqual, greater, greaterOrEqual
  }

  /// What is tested.
  package let kind: Kind
  /// The kind without what it holds, so that a test per row copies nothing.
  private let method: Method
  private let pattern: Pattern?
  /// The constant's bytes, folded where the test folds.
  private let needle: [UInt8]
  private let isNeedleASCII: Bool
  /// For `isOneOf`: the folded texts, in the order of `TextTest.isBefore`.
  private let choices: [[UInt8]]

  /// Prepares a test: folds the constant, builds its search.
  package init(_ kind: Kind) {
    self.kind = kind
    var needle: [UInt8] = []
    var choices: [[UInt8]] = []
    method = Method(kind)
    switch kind {
    case .equals(let text), .contains(let text), .startsWith(let text), .endsWith(let text),
      .hasWord(let text), .like(let text):
      Folding.fold(text.utf8.span, into: &needle)
    case .equalsExactly(let text), .ordered(_, let text): needle = Array(text.utf8)
    case .matches: break
    case .isOneOf(let texts):
      choices = texts.map { text in
        var folded: [UInt8] = []
        Folding.fold(text.utf8.span, into: &folded)
        return folded
      }
      choices.sort { Self.order($0.span, $1.span) < 0 }
    }
    pattern = if case .matches(let pattern) = kind { pattern } else { nil }
    self.needle = needle
    self.choices = choices
    isNeedleASCII =
      choices.isEmpty
      ? Folding.isASCII(needle.span) : choices.allSatisfy { Folding.isASCII($0.span) }
  }

  /// Whether one text, given as bytes, passes.
  package func passes(_ bytes: UnsafeRawBufferPointer) -> Bool {
    passes(Span(_bytes: bytes.bytes))
  }

  /// Whether one text passes; for a constant or a test, never in a loop over rows.
  package func passes(_ text: String) -> Bool { passes(text.utf8.span) }

  /// Whether one text, given as a span of its bytes, passes.
  package func passes(_ bytes: Span<UInt8>) -> Bool {
    switch method {
    case .equalsExactly:
      return bytes.count == needle.count && TextSearch.isAt(0, in: bytes, exactly: needle.span)
    case .equals: return Folding.foldedEqual(bytes, needle.span)
    case .matches: return pattern?.matches(bytes) ?? false
    case .less: return TextOrder.compare(bytes, needle.span) < 0
    case .lessOrEqual: return TextOrder.compare(bytes, needle.span) <= 0
    case .greater: return TextOrder.compare(bytes, needle.span) > 0
    case .greaterOrEqual: return TextOrder.compare(bytes, needle.span) >= 0
    case .isOneOf, .contains, .startsWith, .endsWith, .hasWord, .like:
      if isNeedleASCII || Folding.isASCII(bytes) { return passesFolded(bytes) }
      var folded: [UInt8] = []
      Folding.fold(bytes, into: &folded)
      return passesFolded(folded.span)
    }
  }

  /// The text may still have ASCII capitals; beyond ASCII it is folded, or the constant has no such
  /// character.
  private func passesFolded(_ bytes: Span<UInt8>) -> Bool {
    let word = needle.span
    switch method {
    case .isOneOf: return isChoice(bytes)
    case .contains: return TextSearch.firstOffset(of: word, in: bytes, from: 0) != nil
    case .startsWith: return TextSearch.isAt(0, in: bytes, word)
    case .endsWith: return TextSearch.isAt(bytes.count - word.count, in: bytes, word)
    case .hasWord: return TextSearch.hasWord(word, in: bytes)
    case .like: return TextSearch.isLike(word, bytes)
    default: return false
    }
  }

  private enum Method: Sendable {
    case equals, equalsExactly, isOneOf, contains, startsWith, endsWith, hasWord, like, matches
    case less, lessOrEqual, greater, greaterOrEqual

    init(_ kind: Kind) {
      self =
        switch kind {
        case .equals: .equals
        case .equalsExactly: .equalsExactly
        case .isOneOf: .isOneOf
        case .contains: .contains
        case .startsWith: .startsWith
        case .endsWith: .endsWith
        case .hasWord: .hasWord
        case .like: .like
        case .matches: .matches
        case .ordered(.less, _): .less
        case .ordered(.lessOrEqual, _): .lessOrEqual
        case .ordered(.greater, _): .greater
        case .ordered(.greaterOrEqual, _): .greaterOrEqual
        }
    }
  }

  private func isChoice(_ bytes: Span<UInt8>) -> Bool {
    var (lower, upper) = (0, choices.count)
    while lower < upper {
      let middle = (lower + upper) / 2
      let choice = choices[middle]
      let order = Self.order(choice.span, bytes)
      if order == 0 { return true }
      if order < 0 { lower = middle + 1 } else { upper = middle }
    }
    return false
  }

  /// Shorter first, then by folded bytes: cheap, and total on folded texts.
  private static func order(_ a: Span<UInt8>, _ b: Span<UInt8>) -> Int {
    guard a.count == b.count else { return a.count - b.count }
    for i in a.indices {
      let difference = Int(Folding.smallLetter(a[i])) - Int(Folding.smallLetter(b[i]))
      if difference != 0 { return difference }
    }
    return 0
  }
}
