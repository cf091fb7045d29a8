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

  /// Whether the pattern is found anywhere in the text.
  package func matches(_ bytes: Span<UInt8>) -> Bool { preconditionFailure("contract only") }
}
