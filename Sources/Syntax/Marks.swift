/// What a stretch of a text is, as the parser has read it: the ground of colouring.
package struct Mark: Hashable, Sendable {
  /// The kinds of stretch.
  package enum Kind: Sendable {
    /// A word of the language.
    case keyword
    /// The name of something in the data.
    case name
    /// The name of a function or an aggregate, before its bracket.
    case function
    /// `"…"`
    case text
    /// A number, a date, a month, or a word that is a value: `yes`, `today`.
    case value
    /// `$name`
    case parameter
    /// An operator, a comma or a bracket.
    case sign
    /// `-- …`
    case comment
    /// A word that was not read, since something before it is wrong.
    case unread
  }

  /// What it is.
  package var kind: Kind
  /// Where it stands, quotes included.
  package var range: SourceRange
}

/// A statement's text with what each part of it is, whether or not it is whole and right.
package struct MarkedText: Sendable {
  /// The stretches in the order of the text; none overlaps another.
  package var marks: [Mark]
  /// What is wrong by its form alone. What is missing at the very end is nothing wrong yet.
  package var faults: [Diagnostic]
  /// The statement, when it is whole and right by its form.
  package var statement: Statement?
}

extension Parser {
  /// Reads one statement's text for its colours.
  ///
  /// - Parameter allowsBareRefinement: Whether a clause word may begin it.
  /// - Complexity: O(*n*) in the bytes of the text.
  package static func marks(in text: String, allowsBareRefinement: Bool) -> MarkedText {
    let output = Lexer.scan(text)
    var parser = Parser(Array(text.utf8), output)
    parser.wordKinds = [:]
    let statement = parser.readStatement(allowsBareRefinement: allowsBareRefinement)
    var marks = output.tokens.enumerated().compactMap { place, token in
      parser.kind(of: token, at: place).map { Mark(kind: $0, range: token.range) }
    }
    marks += output.comments.map { Mark(kind: .comment, range: $0) }
    marks.sort { $0.range.lowerBound < $1.range.lowerBound }
    let faults = parser.diagnostics.filter {
      $0.range.map { $0.lowerBound < $0.upperBound } ?? false
    }
    return MarkedText(
      marks: marks, faults: faults,
      statement: parser.diagnostics.isEmpty ? statement : nil)
  }

  /// Notes what the word at a token is, where somebody asks.
  mutating func noteWord(_ kind: Mark.Kind, at place: Int) {
    if wordKinds != nil { wordKinds?[place] = kind }
  }

  private func kind(of token: Token, at place: Int) -> Mark.Kind? {
    switch token.kind {
    case .word:
      if let kind = wordKinds?[place] { return kind }
      guard let keyword = token.keyword else { return place < index ? .keyword : .unread }
      return keyword.isValue && keyword != .it ? .value : .keyword
    case .quotedName: return .name
    case .number, .date, .month: return .value
    case .text: return .text
    case .parameter: return .parameter
    case .end: return nil
    default: return .sign
    }
  }
}
