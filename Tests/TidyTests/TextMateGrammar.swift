import Engine
import FoundationEssentials
import Syntax

/// The colours of the language for editors that read TextMate grammars, made from the tables of
/// keywords and functions.
///
/// Reserved words and values are what they are everywhere. A word that is only a word at its place
/// (any field may have its name) is coloured where it is one: a statement's at the beginning, a
/// clause's at the beginning or before the word that goes with it, a function's before its bracket.
struct TextMateGrammar: Encodable {
  /// One colour and what gets it.
  struct Pattern: Encodable {
    var name: String
    var match: String?
    var begin: String?
    var end: String?
    var patterns: [Pattern]?
  }

  let comment = "Made from the tables of Sources/Syntax and Sources/Engine by a test."
  let name = "rapport"
  let scopeName = "source.rapport"
  let fileTypes = ["crm"]
  let patterns: [Pattern]

  /// Makes the grammar from the tables.
  init() {
    patterns =
      [
        Pattern(name: "comment.line.double-dash.rapport", match: "--.*$|\\A#!.*$"),
        Self.quoted("\"", "\"", "double"), Self.quoted("'", "'", "single"),
        Self.quoted("“", "”", "other"), Self.quoted("‘", "’", "other"),
        Pattern(name: "variable.other.rapport", match: "`[^`]*`"),
        Pattern(name: "variable.parameter.rapport", match: "\\$[A-Za-z_][A-Za-z0-9_]*"),
        Pattern(
          name: "constant.numeric.date.rapport",
          match: "\\b\\d{4}-\\d{2}(?:-\\d{2}(?:T\\d{2}:\\d{2}(?::\\d{2})?)?)?\\b"),
        Pattern(name: "constant.numeric.rapport", match: "\\b\\d[\\d_]*(?:\\.\\d+)?(?:[km]\\b|%)?"),
      ] + Self.words
      + [Pattern(name: "keyword.operator.rapport", match: "!=|<=|>=|[=<>+*/-]")]
  }

  /// The file's text.
  var text: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    }
  }

  private static var words: [Pattern] {
    let statements = Set(Parser.expectations(in: "", at: 0).words)
    let all = Keyword.allCases
    func word(_ kind: String, _ keywords: [Keyword], before: String = "(?<![.\\w])", after: String)
      -> Pattern
    {
      let words = keywords.map(\.rawValue).joined(separator: "|")
      return Pattern(name: "\(kind).rapport", match: "(?i)\(before)(?:\(words))\(after)")
    }
    let functions = Functions.all.map(\.name).joined(separator: "|")
    let units = all.filter { $0.unit != nil || $0.quarter != nil }
    let clauses = all.filter { $0.isClauseWord && !$0.isReserved }
    return [
      word("keyword.control", all.filter(\.isReserved), after: "\\b"),
      word("constant.language", all.filter(\.isValue), after: "\\b"),
      Pattern(
        name: "support.function.rapport", match: "(?i)(?<![.\\w])(?:\(functions))(?=\\s*\\()"),
      word(
        "keyword.other.statement", all.filter { statements.contains($0.rawValue) },
        before: "(?:(?<=^|;)\\s*)", after: "\\b(?!\\s*[=,.])"),
      word("keyword.other.clause", clauses, after: "\\b(?!\\s*(?:[=<>!,.)(]|$|in\\b|is\\b))"),
      word("constant.other.unit", units, before: "(?<=\\d |last |this |next |of )", after: "\\b"),
    ]
  }

  private static func quoted(_ opening: String, _ closing: String, _ kind: String) -> Pattern {
    Pattern(
      name: "string.quoted.\(kind).rapport", begin: opening, end: closing,
      patterns: [Pattern(name: "constant.character.escape.rapport", match: "\\\\.")])
  }
}
