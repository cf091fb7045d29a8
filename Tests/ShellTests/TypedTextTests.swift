import Engine
import Store
import Syntax
import Testing

@testable import Shell

/// The colours and places of a text being typed, without a terminal.
struct TypedTextTests {
  private static func session() -> Session {
    Session(
      database: Database(catalog: .builtIn, budget: Budget(limit: nil)),
      files: FilePorts(
        openReader: { path, _ throws(StoreError) in throw .interrupted },
        openWriter: { path, _, _, _ throws(StoreError) in throw .interrupted }),
      clock: .fixed(20_634))
  }

  /// What is a mistake in a text, once it is about to run, or while the cursor stands at its end.
  private static let faults: [(text: String, atEnd: [String], typing: [String])] = [
    ("find customers where stge = 5", ["stge"], ["stge"]),
    ("find customers where stge", ["stge"], []),
    ("find custmers", ["custmers"], []), ("find custmers where ", ["custmers"], ["custmers"]),
    ("find customers where city = \"Oslo\" and ", [], []),
    ("find customers where valu > 5 and ", ["valu"], ["valu"]),
    ("find customers show sum(value) as total, count() as n order by total, ", [], []),
    (
      "find customers group by stage show count() as n then where n > 5 and stge = ", ["stge"],
      ["stge"]
    ),
    ("find orders where customer.ciy = \"x\" and ", ["ciy"], ["ciy"]),
    ("find orders where custmer.city = \"x\" and ", ["custmer"], ["custmer"]),
    ("find customers where has orders where amuont > 5 and ", ["amuont"], ["amuont"]),
    ("find customers where lenth(name) > 5 and ", ["lenth"], ["lenth"]),
    ("find customers where value > $limit and ", [], []),
    ("find customers where value > $limit", [], []),
    ("add customer name = \"x\", cty = ", ["cty"], ["cty"]),
    ("rfm customers then where r = 5 and city = ", [], []),
    ("rfm customers then where cel = ", ["cel"], ["cel"]),
    ("calc 12kg + 1", ["12kg"], ["12kg"]), ("calc 1 # 2", ["#"], ["#"]),
    (".hepl", [".hepl"], [".hepl"]), (".he", [], []), ("help", [], []),
    ("find customers; find custmers; count orders", ["custmers"], ["custmers"]),
    ("find it where value > ", [], []),
    ("define segment rich as customers where valu > 5 and ", ["valu"], ["valu"]),
    ("let x = ", [], []), ("find customers where `no such` = 1 and ", ["`no such`"], ["`no such`"]),
    ("find customers where stage was welcoming in last ", ["last"], []), ("", [], []),
    (";;", [], []),
  ]

  @Test func `mistakes are what is wrong and no longer typed`() {
    var wrong: [String] = []
    for (text, atEnd, typing) in Self.faults {
      for (cursor, expected) in [(nil, atEnd), (text.utf8.count, typing)] {
        let session = Self.session()
        var typed = TypedText(
          session: session, completion: Completion(session: session, lastQuery: nil))
        let bytes = Array(text.utf8)
        let found = typed.colors(of: text, cursor: cursor).filter { $0.role == .fault }
          .map { String(decoding: bytes[$0.range], as: UTF8.self) }
        if found != expected { wrong.append("\(text)|\(cursor ?? -1): \(found)") }
      }
    }
    #expect(wrong.isEmpty, "\(wrong.joined(separator: "\n"))")
  }

  @Test func `colours never overlap, whatever is typed`() {
    let texts =
      Self.faults.map(\.text) + [
        "-- a\nfind customers -- b\n-- c\n\n.mode csv\n  where", "find \"東京\" é\u{301} `", "((((",
        "\u{1B}[31m",
        "find customers where name = \"open\n\n. .", "--", "#! x\nfind customers",
      ]
    let session = Self.session()
    var typed = TypedText(
      session: session, completion: Completion(session: session, lastQuery: nil))
    for text in texts {
      let scalars = Array(text.unicodeScalars)
      for end in scalars.indices {
        let part = LineEditor.string(scalars[...end])
        var last = 0
        for color in typed.colors(of: part, cursor: part.utf8.count) {
          #expect(
            color.range.lowerBound >= last && color.range.upperBound <= part.utf8.count, "\(part)")
          last = color.range.upperBound
        }
      }
    }
  }

  /// Texts, and where their end stands on ten columns behind a prompt of four.
  private static let ends: [(text: String, row: Int, column: Int)] = [
    ("", 0, 4), ("abcdef", 1, 0), ("abcde", 0, 9), ("abcdefg", 1, 1), ("abcde東", 1, 2),
    ("abcdef\n", 2, 0), ("a\nb", 1, 1), ("\t", 0, 8), ("\t\t", 1, 0), ("e\u{301}x", 0, 6),
    ("\u{1B}[m", 0, 8), ("\u{85}", 0, 6), ("\u{202E}a", 0, 5), ("\n\n\n", 3, 0),
    ("東東東東", 1, 2),
  ]

  @Test func `characters are placed as libedit places them`() {
    LineEditor.chooseEncoding()
    for (text, row, column) in Self.ends {
      let layout = TextLayout(Array(text.unicodeScalars), promptWidth: 4, width: 10)
      #expect(layout.end == TextLayout.Place(row: row, column: column), "\(text.debugDescription)")
    }
  }

  @Test func `what is painted holds no control character of the text`() {
    LineEditor.chooseEncoding()
    let scalars = Array("a\u{1B}]0;x\u{7}b\u{9B}31m\u{202E}c".unicodeScalars)
    let layout = TextLayout(scalars, promptWidth: 4, width: 80)
    let painting = layout.painting(
      of: scalars, codes: Array(repeating: "", count: scalars.count), cursor: scalars.count,
      from: TextLayout.Place(row: 0, column: 4))
    #expect(painting == "\u{1B}7\r\u{1B}[4Ca^[]0;x^Gb^Û31mc\u{1B}8")
  }

  @Test func `a search finds what holds the letters, newest first`() {
    var search = HistorySearch(entries: ["Årsak one", "two", "årsak THREE"])
    for scalar in "ÅRSAK".unicodeScalars { search.extend(by: scalar) }
    #expect(search.match == "årsak THREE")
    #expect(search.found(in: "x årsak") == 2..<8)
    search.goOn(toNewer: false)
    #expect(search.match == "Årsak one" && !search.isAtEnd)
    search.goOn(toNewer: false)
    #expect(search.match == "Årsak one" && search.isAtEnd)
    search.goOn(toNewer: true)
    #expect(search.match == "årsak THREE")
    for _ in 0..<9 { search.shorten() }
    #expect(search.match == nil && search.pattern.isEmpty)
  }
}
