import Syntax
import Testing

@Suite("The lexer cuts text into tokens")
struct LexerTests {
  @Test(
    "Each text has its tokens and faults",
    arguments: [
      ("", "end"), ("find Å b2_c", "word word word end"),
      ("`a b` `é`", "quotedName quotedName end"),
      (
        "12000 12_000 12.5 12k 1.5m 20% 1.25K",
        "number number number number number number number end"
      ),
      (
        "1__0 1_ 12.5.1 3rd",
        "number number number number end bad-number bad-number bad-number bad-number"
      ),
      (
        "9223372036854775807 9223372036854775808 9999999999999999k",
        "number number number end number-out-of-range number-out-of-range"
      ),
      ("0.0000000000000000001", "number end number-out-of-range"),
      ("2026-01-31 2026-01 2026-01-31T14:30 2026-01-31t14:30:15", "date month date date end"),
      ("2026 - 1", "number minus number end"), ("2026-1", "date end bad-date"),
      ("12026-1", "number minus number end"),
      (
        "2024-02-29 2023-02-29 0000-01-01 2026-00",
        "date date date month end impossible-date impossible-date impossible-date"
      ),
      (
        "2026-01-31T24:00 2026-01-31T1:00 2026-01-31x",
        "date date date end impossible-date bad-date bad-date"
      ),
      ("1/2/2026 2026/1/2 1/2", "date date number slash number end bad-date bad-date"),
      (
        "= != < <= > >= + - * / ( ) , . ;",
        "equal notEqual less lessOrEqual greater greaterOrEqual plus minus star slash open close comma dot semicolon end"
      ),
      (
        "== <> =< => && || !",
        "doubleEqual lessGreater equalLess equalGreater doubleAmpersand doubleBar bang end"
      ),
      ("\"a\" 'b' “c” ‘d’ „e“ ”f”", "text text text text text text end"),
      ("\"a\"\"b\" 'it''s' \"\\\"\" '\\\\'", "text text text text end"),
      ("\"\" \"\"\"\"", "text text end"),
      ("\"a", "text end missing-quote"), ("'a\\'", "text end missing-quote"),
      ("\"\\", "text end missing-quote"),
      ("`a", "quotedName end missing-backtick"), ("`` ", "quotedName end empty-name"),
      ("$region $ $1", "parameter parameter parameter end bad-parameter bad-parameter"),
      ("a -- b\nc", "word word end"), ("#! x\na", "word end"),
      ("a #", "word invalid end unexpected-character"),
      ("a\u{A0}b\u{3000}c\u{FEFF}", "word word word end"), ("\u{FEFF}a", "word end"),
      ("\u{0}\u{0}a\u{7}", "invalid word invalid end control-character control-character"),
      ("\"a\u{0}\"", "text end control-character"),
      ("a – b", "word minus word end unexpected-character"),
      (
        "a:b & c | d ? % @",
        "word invalid word invalid word invalid word invalid invalid invalid end "
          + "unexpected-character unexpected-character unexpected-character unexpected-character unexpected-character"
      ),
      ("\u{FFFD}x 🎉", "word word end"),
    ])
  func tokens(_ text: String, _ expected: String) {
    let output = Lexer.scan(text)
    let found = output.tokens.map { "\($0.kind)" } + output.diagnostics.map(\.code)
    #expect(found.joined(separator: " ") == expected)
    var end = 0
    for token in output.tokens {
      #expect(token.range.lowerBound >= end && token.range.upperBound <= text.utf8.count)
      end = token.range.upperBound
    }
  }

  @Test("Keywords are found in any case, and only they")
  func keywords() {
    for keyword in Keyword.allCases {
      #expect(Keyword(word: keyword.rawValue.uppercased()) == keyword)
      #expect(Keyword(word: keyword.rawValue + "x") == nil)
    }
    #expect(Keyword(word: "") == nil && Keyword(word: "a_name_of_more_than_16_bytes") == nil)
  }

  @Test(
    "A number keeps its exact value",
    arguments: [
      ("12_000", 12000, 0), ("12.50", 1250, 2), ("12k", 12000, 0), ("1.5m", 1_500_000, 0),
      ("1.2345k", 12345, 1), ("20%", 20, 2), ("12.5%", 125, 3), ("0", 0, 0),
      ("0.000000000000000001", 1, 18),
    ] as [(String, Int64, Int)])
  func numbers(_ text: String, _ unscaled: Int64, _ decimals: Int) throws {
    let statement = try Parser.parse("calc \(text)")
    guard case .calc(let columns) = statement.kind,
      case .number(let literal) = columns[0].expression.kind
    else {
      Issue.record("no number")
      return
    }
    #expect(literal.unscaled == unscaled && literal.decimals == decimals)
    #expect(literal.spelling == text && literal.isPercent == text.hasSuffix("%"))
  }

  @Test("Any text can be quoted and read back")
  func quoting() throws {
    for text in [
      "", "a", "\"", "'", "\\", "\\\\", "\\n", "\n\n", "\\\"", "a\tb\r\n", "“x”", "\\“", "\\d+\\w",
      "x\\",
    ] {
      let statement = try Parser.parse("calc \(Formatter.quoted(text))")
      guard case .calc(let columns) = statement.kind,
        case .text(let read) = columns[0].expression.kind
      else {
        Issue.record("no text")
        continue
      }
      #expect(Array(read.utf8) == Array(text.utf8))
    }
  }
}
