/// One token of a statement and where it stands.
package struct Token: Hashable, Sendable {
  /// The kinds of token.
  package enum Kind: UInt8, Sendable {
    /// A bare word: a keyword, a name or both.
    case word
    /// A name in backticks.
    case quotedName
    /// `12000 12_000 12.5 12k 1.5m 20%`
    case number
    /// `"…"`, `'…'` or in curly quotes.
    case text
    /// `2026-01-31`, `2026-01-31T14:30`
    case date
    /// `2026-01`
    case month
    /// `$name`
    case parameter
    case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual
    case plus, minus, star, slash
    case open, close, comma, dot, semicolon
    /// `==`, a slip for `=`.
    case doubleEqual
    /// `<>`, a slip for `!=`.
    case lessGreater
    /// `=<`, a slip for `<=`.
    case equalLess
    /// `=>`, a slip for `>=`.
    case equalGreater
    /// `&&`, a slip for `and`.
    case doubleAmpersand
    /// `||`, a slip for `or`.
    case doubleBar
    /// `!`, a slip for `not`.
    case bang
    /// What no token begins with; reported by the lexer.
    case invalid
    /// After the last token, empty.
    case end
  }

  /// What it is.
  package var kind: Kind
  /// The keyword that a bare word spells.
  package var keyword: Keyword?
  /// Where it stands, quotes included.
  package var range: SourceRange

  /// Makes a token.
  package init(_ kind: Kind, keyword: Keyword? = nil, range: SourceRange) {
    self.kind = kind
    self.keyword = keyword
    self.range = range
  }
}
