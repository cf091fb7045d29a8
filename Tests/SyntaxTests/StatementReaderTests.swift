import Syntax
import Testing

@Suite("A text is cut into statements")
struct StatementReaderTests {
  @Test(
    "A statement ends at ';', a blank line or a line end, unless something holds it open",
    arguments: [
      ("", []), ("\n \n\t\n", []), ("find a", ["find a"]),
      ("find a;find b ; ", ["find a", "find b"]),
      ("find a\nfind b\r\nfind c\r\n", ["find a", "find b", "find c"]),
      ("find a\n  where b\nshow c\n", ["find a\n  where b\nshow c"]),
      ("find a\nTHEN show b", ["find a\nTHEN show b"]),
      ("find a\n\nthen show b", ["find a", "then show b"]),
      ("find a;\nwhere b", ["find a", "where b"]), ("find a\n \nwhere b", ["find a", "where b"]),
      ("find a where b =\n1\nfind c", ["find a where b =\n1", "find c"]),
      ("find a show b,\nc", ["find a show b,\nc"]),
      ("find a where b and\nc", ["find a where b and\nc"]),
      ("find a where b and -- c\nd", ["find a where b and -- c\nd"]),
      ("find a where (b\nor c\n)\nfind d", ["find a where (b\nor c\n)", "find d"]),
      ("find a where b = \"x;\ny\"\nfind c", ["find a where b = \"x;\ny\"", "find c"]),
      ("find a where b = 'it''s; \\' x'; find c", ["find a where b = 'it''s; \\' x'", "find c"]),
      ("find a where b = “x;” ; find c", ["find a where b = “x;”", "find c"]),
      ("find a where b = \"x\n\nfind c", ["find a where b = \"x", "find c"]),
      ("find a where (b\n\nfind c", ["find a where (b", "find c"]),
      ("find a where (b; find c", ["find a where (b", "find c"]),
      ("find `a;b`; find c", ["find `a;b`", "find c"]),
      ("-- note; x\nfind a -- b; c\n-- d\n  where e", ["find a -- b; c\n-- d\n  where e"]),
      ("find a\n-- note\nfind b", ["find a\n-- note", "find b"]),
      ("#!/usr/bin/env rapport\nfind a", ["find a"]), ("-- only", []),
      (".mode csv\nfind a\n.mode table", [".mode csv", "find a", ".mode table"]),
      ("find a\n.5 + b", ["find a", ".5 + b"]), ("find a\nby b\nset c", ["find a\nby b\nset c"]),
      (
        "import a from \"f\"\n  on error skip\nmap \"b\" to c\nimport d from \"g\"",
        ["import a from \"f\"\n  on error skip\nmap \"b\" to c", "import d from \"g\""]
      ),
      (
        "update a where b\nset c = 1\nmove a 1\nto d\nbecause \"e\"\nanyway\nmerge a 1\ninto 2",
        [
          "update a where b\nset c = 1", "move a 1\nto d\nbecause \"e\"\nanyway",
          "merge a 1\ninto 2",
        ]
      ),
      (
        "begin\nadd a b = 1,\nc = 2\ndelete a 1\nwith related\ncommit\nundo\nsave",
        ["begin", "add a b = 1,\nc = 2", "delete a 1\nwith related", "commit", "undo", "save"]
      ),
      ("find a show contains\nfind b", ["find a show contains", "find b"]),
      ("find a\u{0}\nfind b", ["find a\u{0}", "find b"]),
      ("find a where b is\nknown", ["find a where b is\nknown"]),
    ] as [(String, [String])])
  func pieces(_ text: String, _ expected: [String]) {
    let pieces = StatementReader.pieces(of: text)
    #expect(pieces.map(\.text) == expected)
    let bytes = Array(text.utf8)
    for piece in pieces {
      let range = piece.range
      #expect(Array(piece.text.utf8) == Array(bytes[range.lowerBound..<range.upperBound]))
      let before = bytes[..<range.lowerBound]
      #expect(piece.line == before.count { $0 == 0x0A } + 1)
      let line = before.split(separator: 0x0A, omittingEmptySubsequences: false).last ?? []
      #expect(piece.column == String(decoding: line, as: UTF8.self).unicodeScalars.count + 1)
    }
  }

  @Test("An offset in a statement is a line and a column of the text")
  func place() {
    let pieces = StatementReader.pieces(of: "find a; find Å\n  where é = 1")
    #expect(pieces.count == 2)
    let place = pieces[1].place(of: "find Å\n  where é ".utf8.count)
    #expect(pieces[1].line == 1 && pieces[1].column == 9)
    #expect(place.line == 2 && place.column == 11)
  }

  @Test(
    "Enter runs what is complete, and the open statement says what it wants",
    arguments: [
      ("find a", nil), ("find a where (", .bracket), ("find a where b = \"x", .quote),
      ("find a where b =", .operand), ("find a show b,", .operand),
      ("find a where b = 1 and", .operand),
      ("find a where", .more(expected: "a condition after 'where'")),
      ("find a order by", .more(expected: "a field or an expression after 'order by'")),
      ("find a show x as", .more(expected: "a name after 'as'")),
      ("find a then", .more(expected: "a clause")), ("find a where;", nil),
      ("find a where (\n", nil),
      ("find", .more(expected: "the name of an entity or a query in brackets")),
      ("where b = 1", nil), ("", nil), ("fnd", nil), (".mode", nil),
      ("find a where b == 1 and c is", .operand),
      ("find a in last 30", .more(expected: "'days', 'weeks', 'months', 'years'")),
      ("import a from", .more(expected: "a file name in quotes after 'from'")),
      ("update customers", .more(expected: "'where' or a key")),
      ("update customers where a = 1", .more(expected: "'set'")),
      ("update customer 42 set", .more(expected: "the name of a field")),
      ("update customer 42 set a =", .operand), ("move customer 42", .more(expected: "'to'")),
      ("delete customer 42", nil), ("undo", nil), ("save", nil),
      ("find a where b has", .operand), ("find a where stage was x on 2025-01-01", nil),
      ("define segment vip", .more(expected: "'as'")),
      ("compare a", .more(expected: "'with' or 'since'")),
      ("backup", .more(expected: "'to'")), ("merge customer 42", .more(expected: "'into'")),
    ] as [(String, StatementReader.Want?)])
  func want(_ text: String, _ expected: StatementReader.Want?) {
    #expect(StatementReader.want(atPrompt: text) == expected)
  }
}

@Suite("The parser says what it expects")
struct ExpectationsTests {
  @Test("The words and names that may stand at the cursor come from the parser")
  func expectations() {
    // The cursor is at the bar; what must be offered, and what must not.
    let table: [(String, [String], [Expectations.Place], [String])] = [
      ("|", ["find", "count", "import", "then", "where"], [], ["and"]),
      ("find |", [], [.entity], ["where"]),
      ("find cus|", [], [.entity], []),
      ("find customers |", ["where", "order by", "in", "since", "then", "limit"], [], ["and"]),
      ("find customers wh|", ["where"], [], []),
      (
        "find customers where |", ["not", "yes"], [.field(of: "customers", prefix: []), .function],
        ["where"]
      ),
      (
        "find customers where stage |", ["=", "in", "contains", "is known", "and", "show", "+"], [],
        []
      ),
      ("find customers where stage = |", [], [.choiceValue(of: ["stage"])], ["="]),
      (
        "find customers where owner.region in (\"a\", |", [],
        [.choiceValue(of: ["owner", "region"])], []
      ),
      ("find customers where stage = \"int|", [], [.choiceValue(of: ["stage"])], []),
      (
        "find customers where owner.na|", [], [.field(of: "customers", prefix: ["owner"])],
        ["where"]
      ),
      ("find customers where a = 1 |", ["and", "or", "show", "group by"], [], ["where", "="]),
      ("find customers where a is |", ["known", "unknown"], [], []),
      ("find customers where joined in last |", ["month", "year"], [], []),
      ("find customers where joined in last 3 |", ["whole", "days", "quarters"], [], ["day"]),
      ("find customers top |", [], [], []),
      ("find customers top 5 |", ["by"], [], []),
      ("find customers order by name |", ["desc", "limit", "then"], [], ["top"]),
      ("find customers into |", [], [.file], []),
      ("find customers into \"a|", [], [.file], []),
      (
        "find customers show sum(|", ["distinct", "where"], [.field(of: "customers", prefix: [])],
        []
      ),
      ("find customers show sum(value |", ["where", "in", "since", "per"], [], ["show"]),
      ("calc sum(|", [], [.entity], []),
      ("count customers |", ["by", "where"], [], ["show"]),
      ("describe |", ["functions"], [.entity], []),
      ("import customers |", ["from"], [], []),
      ("import customers from \"f\" |", ["matching", "map", "on", "encoding"], [], []),
      ("import customers from \"f\" matching a |", ["map"], [], ["matching"]),
      ("explain |", ["analyze", "in", "find", "count", "update"], [], []),
      ("explain in |", ["sql"], [], ["find"]),
      ("explain in sql |", ["for", "find"], [], ["update"]),
      ("|", ["add", "update", "move", "delete", "undo", "begin", "save", "export"], [], ["set"]),
      ("add |", [], [.record], []),
      ("add customer |", [], [.storedField(of: "customer", isNew: true)], []),
      ("add customer stage = |", ["unknown"], [.choiceValue(of: ["stage"])], []),
      ("add customer stage = welcoming, |", [], [.storedField(of: "customer", isNew: true)], []),
      ("update |", ["all"], [.entity, .record], []), ("update all |", [], [.entity], []),
      ("update customers |", ["where"], [], ["set"]),
      ("update customers where |", ["not"], [.field(of: "customers", prefix: [])], []),
      ("update customers where stage = |", [], [.choiceValue(of: ["stage"])], []),
      ("update customers where a = 1 |", ["set", "and", "or"], [], []),
      ("update customer 42 |", ["set"], [], []),
      ("update all customers set va|", [], [.storedField(of: "customers", isNew: false)], []),
      ("move customer 42 |", ["to"], [], []),
      ("move customers where a to |", [], [.trackedChoice(of: "customers")], []),
      ("move customer 42 to x |", ["because", "anyway"], [], []),
      ("move customer 42 to x anyway |", ["because"], [], ["anyway"]),
      ("delete customers where a = 1 |", ["with", "and"], [], []),
      ("delete customer 42 with |", ["related"], [], []),
      ("merge |", [], [.record], []), ("merge customer 42 |", ["into"], [], []),
      ("save |", [], [.file], []), ("backup to |", [], [.file], []),
      ("import |", ["all"], [.entity], []), ("import all |", ["from"], [], []),
      ("export |", ["all"], [], []), ("export all to \"|", [], [.file], []),
      ("save \"f\" |", ["replace"], [], []),
      ("find (customers |", ["where"], [], ["into", "as of"]),
      ("find |", ["it"], [.defined(.segment)], []),
      ("find customers |", ["as of"], [], []), ("find customers then |", [], [], ["as of"]),
      ("find customers where |", ["has", "in", "not"], [.parameter], []),
      (
        "find customers where has |", ["no", "at least", "more than"],
        [.relation(of: "customers", prefix: [])], ["where"]
      ),
      ("find customers where has at |", ["least", "most"], [], []),
      (
        "find customers where has customer.|", [],
        [.relation(of: "customers", prefix: ["customer"])], []
      ),
      (
        "find customers where has orders |",
        ["where", "in", "since", "followed by", "not followed by", "and", "show"], [], ["="]
      ),
      ("find customers where has orders where |", [], [.field(of: "orders", prefix: [])], []),
      (
        "find customers where has orders where outer.|", [],
        [.field(of: "customers", prefix: [])], []
      ),
      (
        "find customers where has orders followed by |", [],
        [.relation(of: "customers", prefix: [])], []
      ),
      ("find customers where in |", ["segment", "top"], [], []),
      ("find customers where in segment |", [], [.defined(.segment)], []),
      ("find customers where stage |", ["was", "changed", "in segment"], [], []),
      ("find customers where stage was |", [], [.choiceValue(of: ["stage"])], []),
      ("find customers where stage was x |", ["on", "in"], [], []),
      ("find customers where stage changed |", ["from", "to", "in"], [], []),
      ("find customers where stage on 2025-12-31 = |", [], [.choiceValue(of: ["stage"])], []),
      ("find customers where a > standard |", [], [.defined(.standard)], []),
      ("find customers where entered segment vip |", ["in", "since"], [], []),
      ("find customers group by a |", ["across"], [], []),
      ("find customers group by a show b |", ["with total"], [], []),
      ("define |", ["segment", "field", "entity"], [], []),
      ("define segment vip |", ["as"], [], []), ("define segment vip as |", [], [.entity], []),
      ("define field customers.a |", ["as", "text", "choice"], [], []),
      ("define action a |", ["for", "when"], [], []),
      ("define action a when |", [], [.field(of: "customers", prefix: [])], []),
      ("drop |", ["segment"], [], []), ("drop standard |", [], [.defined(.standard)], []),
      ("rename action |", [], [.defined(.action)], []),
      ("describe |", ["segment"], [], []), ("describe segment |", [], [.defined(.segment)], []),
      ("list |", ["segments", "entities"], [], []), ("list segments |", ["of"], [], []),
      ("freeze |", ["segment", "it"], [], []), ("compare vip |", ["with", "since"], [], []),
      ("suggest |", ["actions"], [], []), ("suggest actions |", ["for", "into"], [], []),
      ("check standards |", ["into"], [], []), ("check standards into |", [], [.file], []),
      ("check |", ["standards"], [], []), ("expect count(a) |", [">="], [], []),
      ("expect count(a) = 5 |", ["because"], [], []), ("sql |", ["for", "find"], [], []),
      ("sql for |", ["duckdb"], [], []), ("include |", [], [.file], []),
      ("|", ["define", "let", "expect", "sql"], [], []), ("update |", ["it"], [], []),
      ("find c where a = 1 -- x |", [], [], ["and"]),
    ]
    var wrong: [String] = []
    for (marked, words, places, absent) in table {
      let cursor = marked.utf8.prefix { $0 != UInt8(ascii: "|") }.count
      let found = Parser.expectations(in: marked.filter { $0 != "|" }, at: cursor)
      let missing = words.filter { !found.words.contains($0) && $0 != "+" }
      let unmet = places.filter { !found.places.contains($0) }
      let extra = absent.filter(found.words.contains)
      if !missing.isEmpty || !unmet.isEmpty || !extra.isEmpty {
        wrong.append("\(marked): missing \(missing) \(unmet), extra \(extra); found \(found)")
      }
    }
    #expect(wrong.isEmpty, "\(wrong.joined(separator: "\n"))")
    let typed = Parser.expectations(in: "find customers where owner.na", at: 29)
    #expect(typed.range == SourceRange(27, 29) && typed.source == "customers")
    let quoted = Parser.expectations(in: "find c where a = \"x y", at: 21)
    #expect(quoted.range == SourceRange(18, 21) && quoted.isInQuotes)
    let aliases = Parser.expectations(in: "find c show a + 1 as b order by ", at: 32)
    #expect(aliases.aliases == ["b"])
  }

  @Test("Any place of any text has expectations, and none is a trap")
  func anywhere() {
    let text =
      "find `a b` in 2025 where (x = \"é\" or not y in (1, 2)) top 5 by f(x, 2 per k) into \"f\""
    for offset in -1...text.utf8.count + 1 {
      _ = Parser.expectations(in: text, at: offset)
    }
  }
}
