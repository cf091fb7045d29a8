/// A pattern of `matches`, run by an automaton in linear time.
///
/// Takes literals, `. [] () | * + ? {m,n} ^ $ \d \w \s \b`; case-sensitive; nothing backtracks. It
/// is
/// found anywhere in the text unless `^` or `$` ties it to the start or the end.
/// - `.` is any character but a line feed.
/// - `[a-z_]`, `[^,;]`: one character of a set, or not of it; `\d \w \s` may stand inside.
/// - `{3}`, `{2,}`, `{2,5}`: at most 1,000 times.
/// - `\d` is 0–9, `\w` a letter or digit of any script or `_`, `\s` white space, `\b` the edge of a
///   run
///   of `\w`; `\D \W \S \B` are their opposites; `\n \t \r` as usual; before a sign `\` takes it as
/// it is.
/// - Two repeats in a row (`a+?`) are refused: elsewhere they mean something else.
/// - Source: Thompson: Regular expression search algorithm, CACM 11(6), 1968.
package struct Pattern: Sendable {
  /// What is wrong with a pattern, and at which of its UTF-8 offsets.
  package struct Problem: Error, Hashable, Sendable {
    /// In words: found and expected.
    package var message: String
    /// Offset in the pattern.
    package var offset: Int
  }

  /// The most steps an automaton may have.
  package static let stepCountMax = 131_072
  /// The most times `{m,n}` may ask for.
  package static let repeatCountMax = 1_000
  /// How deep brackets may nest.
  package static let depthMax = 200

  /// As written.
  package let source: String
  private let automaton: PatternAutomaton
  /// Where it stays small.
  private let table: PatternTable?

  /// Compiles a pattern.
  package init(_ source: String) throws(Problem) {
    self.source = source
    var parser = PatternParser(source)
    automaton = PatternAutomaton(try parser.parse())
    table = PatternTable(automaton)
  }

  /// Whether the pattern is found anywhere in the text.
  ///
  /// - Complexity: O(text) for ordinary patterns, else O(text × pattern).
  package func matches(_ bytes: Span<UInt8>) -> Bool {
    table.map { $0.matches(bytes) } ?? automaton.matches(bytes)
  }

  /// Whether the pattern is found in one text; for a constant or a test, never in a loop over rows.
  package func matches(_ text: String) -> Bool { matches(text.utf8.span) }
}

/// One node of a parsed pattern.
indirect enum PatternNode {
  case empty
  case set(PatternSet)
  case start, end
  /// The edge of a word, or with false its opposite.
  case edge(Bool)
  case sequence([PatternNode])
  case either([PatternNode])
  /// Nil: without end.
  case several(PatternNode, least: Int, most: Int?)

  /// Steps the automaton will need.
  var stepCount: Int {
    switch self {
    case .empty: return 0
    case .set, .start, .end, .edge: return 1
    case .sequence(let nodes): return nodes.reduce(0) { $0 + $1.stepCount }
    case .either(let nodes): return nodes.reduce(0) { $0 + $1.stepCount + 2 }
    case .several(let node, let least, let most):
      return (node.stepCount + 1) * max(most ?? least + 1, 1) + 1
    }
  }
}

/// A set of characters.
struct PatternSet: Sendable {
  /// Ranges of scalars.
  var ranges: [ClosedRange<UInt32>] = []
  var hasWords = false
  var hasNonWords = false
  var hasSpaces = false
  var hasNonSpaces = false
  var isNegated = false

  /// Whether a character is in.
  func contains(_ character: PatternCharacter) -> Bool { isListed(character) != isNegated }

  private func isListed(_ character: PatternCharacter) -> Bool {
    for range in ranges where range.contains(character.value) { return true }
    if hasWords || hasNonWords, character.isWord ? hasWords : hasNonWords { return true }
    if hasSpaces || hasNonSpaces, character.isSpace ? hasSpaces : hasNonSpaces { return true }
    return false
  }
}

/// A character as patterns see it.
struct PatternCharacter: Hashable, Sendable {
  let value: UInt32
  /// Whether `\w` takes it.
  let isWord: Bool
  /// Whether `\s` takes it.
  let isSpace: Bool
}

extension PatternCharacter {
  init(_ scalar: UTF8Scalar) {
    self.init(
      value: scalar.value, isWord: scalar.value == 0x5F || scalar.isLetterOrDigit,
      isSpace: scalar.isSpace)
  }
}
