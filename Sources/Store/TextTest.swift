/// A test of a text, prepared once a statement and run on bytes.
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

  /// Prepares a test: folds the constant, builds its search.
  package init(_ kind: Kind) { self.kind = kind }

  /// Whether one text, given as bytes, passes.
  package func passes(_ bytes: UnsafeRawBufferPointer) -> Bool { passes(Span(_bytes: bytes.bytes)) }

  /// Whether one text, given as a span of its bytes, passes.
  package func passes(_ bytes: Span<UInt8>) -> Bool { preconditionFailure("contract only") }

  /// Whether one text passes; for a constant or a test, never in a loop over rows.
  package func passes(_ text: String) -> Bool { preconditionFailure("contract only") }
}

/// A pattern of `matches`, run by an automaton in linear time.
///
/// Takes literals, `. [] () | * + ? {m,n} ^ $ \d \w \s \b`; case-sensitive; nothing backtracks.
/// - Source: Thompson: Regular expression search algorithm, CACM 11(6), 1968.
package struct Pattern: Sendable {
  /// What is wrong with a pattern, and at which of its UTF-8 offsets.
  package struct Problem: Error, Hashable, Sendable {
    /// In words: found and expected.
    package var message: String
    /// Offset in the pattern.
    package var offset: Int
  }

  /// As written.
  package let source: String

  /// Compiles a pattern.
  package init(_ source: String) throws(Problem) {
    self.source = source
    preconditionFailure("contract only")
  }
}
