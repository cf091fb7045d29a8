import Engine
import Glibc
import Store
import Syntax
import Testing

@testable import Shell

/// The words for notes and errors.
struct WordsTests {
  @Test(arguments: [
    (Note.rowCount(1, of: 1, singular: "customer", plural: "customers"), "1 customer"),
    (.rowCount(0, of: 0, singular: "customer", plural: "customers"), "no customers"),
    (.rowCount(20, of: 1_204, singular: "order", plural: "orders"), "20 of 1,204 orders"),
    (.order([.init(text: "value", isDescending: true)]), "by value, highest first"),
    (
      .order([
        .init(text: "stage", isDescending: false), .init(text: "value", isDescending: true),
      ]), "by stage, lowest first, then value, highest first"
    ),
    (.tieCut, "others equal the last"),
    (.rewrites([]), "rewrites: none"),
    (.rewrites(["index lookup", "top-N"]), "rewrites: index lookup, top-N"),
    (.updatedRecords(count: 1_000, entity: "customers"), "updated 1,000 rows of customers"),
    (
      .resolved(text: "last 30 days", from: 20_605, through: 20_634),
      "last 30 days: 2026-06-01 to 2026-06-30"
    ),
    (.resolved(text: "today", from: 20_634, through: 20_634), "today: 2026-06-30"),
    (.resolved(text: "x", from: 0, through: nil), "x: from 1970-01-01 on"),
    (.resolved(text: "x", from: nil, through: 0), "x: up to 1970-01-01"),
    (
      .includesUnknown(count: 14, fields: ["region", "city"], plural: "customers"),
      "includes 14 customers whose region or city is unknown"
    ),
    (
      .includesUnknown(count: 1, fields: ["region"], plural: "customers"),
      "includes 1 of the customers, whose region is unknown"
    ),
    (
      .emptied(
        EmptyAnswer(
          steps: [
            .init(rowCount: 2_000, text: "customers"), .init(rowCount: 0, text: "where a = \u{1B}"),
          ],
          nearest: .values(text: "value", type: .money, below: .word(691_188), above: .unknown),
          without: [.init(rowCount: 1_058, text: "a = \u{1B}"), .init(rowCount: 1, text: "b")])),
      "2,000 customers → 0 where a = ␛; the highest 'value' there is 6,911.88;"
        + " without 'a = ␛': 1,058, without 'b': 1"
    ),
    (
      .emptied(
        EmptyAnswer(
          steps: [.init(rowCount: 0, text: "customers")],
          nearest: .commonest(
            text: "country", type: .text,
            values: [
              .init(value: .text("E\u{7}S"), rowCount: 58), .init(value: .text("PT"), rowCount: 40),
            ], otherCount: 1_200))),
      "0 customers; the 'country' there: 'E␇S' 58, 'PT' 40, others 1,200"
    ),
    (
      .emptied(
        EmptyAnswer(
          steps: [], nearest: .values(text: "at", type: .date, below: .word(0), above: .word(1)))),
      "; the nearest 'at' there are 1970-01-01 and 1970-01-02"
    ),
    (
      .emptied(EmptyAnswer(steps: [], nearest: .days(singular: "order", before: nil, after: 1))),
      "; the earliest order is of 1970-01-02"
    ),
    (
      .emptied(
        EmptyAnswer(steps: [], nearest: .fewest(singular: "order", plural: "orders", count: 1))),
      "; each there has at least 1 such order"
    ),
    (
      .emptied(
        EmptyAnswer(steps: [], nearest: .most(singular: "order", plural: "orders", count: 27))),
      "; none there has more than 27 such orders"
    ),
    (.leftOutUnknown(count: 1_000, field: "value"), "leaves out 1,000 whose value is unknown"),
    (
      .tookShare(text: "top 20% by count(complaints)", taken: 150, of: 1_000, hasTies: true),
      "top 20% by count(complaints) = 150 of 1,000 (15.0%): ties"
    ),
    (
      .population(text: "rank(value)", count: 1_204, plural: "customers"),
      "rank(value) is over 1,204 customers"
    ),
    (
      .valueNotFound(
        plural: "customers", field: "country", literal: "Spain", others: ["ES", "PT"]),
      "no customers have country 'Spain'; there are 'ES', 'PT'"
    ),
    (
      .valueNotFound(plural: "customers", field: "city", literal: "\u{1B}x", others: []),
      "no customers have city '␛x'"
    ),
    (
      .groupsDifferByCase(field: "region", example: "North", other: "north"),
      "groups of region differ only by case: 'North' and 'north'"
    ),
    (
      .cutPeriod(group: "month_of(date)", offered: "in last 3 whole months"),
      "the window cuts a group of month_of(date); 'in last 3 whole months' would not"
    ),
    (.seed(42), "drawn with seed 42"),
    (
      .imported(count: 1_204, entity: "customers", isNew: false),
      "imported 1,204 rows into customers"
    ),
    (
      .imported(count: 1, entity: "visits", isNew: true),
      "imported 1 row into the new entity visits"
    ),
    (
      .importedColumn(header: "E-mail", field: "email", type: "text", unknownCount: 3),
      "column 'E-mail' is email, text, 3 unknown"
    ),
    (.unknownMarks(header: "v", count: 1), "1 mark such as N/A in column 'v' became unknown"),
    (.unknownMarks(header: "v", count: 12), "12 marks such as N/A in column 'v' became unknown"),
    (.rejected(count: 2, path: "r.csv"), "left out 2 rows, listed in 'r.csv'"),
    (
      .addedRecords(count: 1, entity: "customers"),
      "added 1 row to customers for keys only referred to"
    ),
    (.unusedColumn(header: "X"), "no field takes column 'X'"),
    (
      .countsInvalid(plural: "orders", field: "revenue"),
      "orders here include cancelled and returned ones; orders.revenue leaves them out"
    ),
    (.wroteFile(path: "a.csv", rowCount: 2_000), "wrote 2,000 rows to 'a.csv'"),
  ])
  func `each note has its words`(note: Note, words: String) {
    #expect(NotePrinter.words(for: note) == words)
  }

  @Test func `a footer begins with the count and its order`() {
    let lines = NotePrinter.lines(for: [
      .seed(1), .tieCut, .order([.init(text: "value", isDescending: true)]),
      .rowCount(20, of: 100, singular: "customer", plural: "customers"), .unusedColumn(header: "x"),
      .order([]),
    ])
    #expect(
      lines.map { ($0.isWarning ? "! " : "") + $0.text } == [
        "20 of 100 customers, by value, highest first, others equal the last", "drawn with seed 1",
        "! no field takes column 'x'",
      ])
  }

  private struct Fact: Reason {
    var code = "unknown-field"
    var message = "customers have no field 'stge'"
    var hint: String? = "a close name is 'stage'"
  }

  @Test func `an error shows its line, a caret, a hint and the corrected line`() {
    let text = "find customers where stge = intensive_care"
    let failure = Failure(
      Fact(), at: SourceRange(21, 25), fixes: [Fix(SourceRange(21, 25), "stage")])
    let printer = DiagnosticPrinter(style: Style(isOn: false))
    let body = """
      error[unknown-field]: customers have no field 'stge'
        find customers where stge = intensive_care
                             ^^^^
      hint: a close name is 'stage'
        find customers where stage = intensive_care

      """
    #expect(printer.text(for: failure, in: SourceText(name: nil, text), at: 0) == body)
    let script = SourceText(name: "a.crm", "-- é\r\nfind 東京; " + text + "\r\nnext")
    let moved = printer.text(for: failure, in: script, at: 20)
    #expect(
      moved == """
        a.crm:2:31: error[unknown-field]: customers have no field 'stge'
          find 東京; find customers where stge = intensive_care
                                          ^^^^
        hint: a close name is 'stage'
          find 東京; find customers where stage = intensive_care

        """)
  }

  @Test func `errors stand in any text without harm`() {
    let printer = DiagnosticPrinter(style: Style(isOn: false))
    func text(_ source: String, _ from: Int, _ to: Int, _ fixes: [Fix] = []) -> String {
      printer.text(
        for: Failure(Fact(hint: nil), at: SourceRange(from, to), fixes: fixes),
        in: SourceText(name: "f", source), at: 0)
    }
    #expect(text("", 0, 0) == "f:1:1: error[unknown-field]: \(Fact().message)\n  \n  ^\n")
    #expect(text("ab", 9, 12).hasSuffix("  ab\n    ^\n"))
    #expect(text("\tx\u{1B}y", 1, 2).hasSuffix("   x␛y\n   ^\n"))
    #expect(text("a b\nc d", 2, 7).hasSuffix("  a b\n    ^\n"))
    #expect(
      text("a = 1\nb", 0, 1, [Fix(SourceRange(6, 7), "c"), Fix(SourceRange(0, 1), "x")])
        .hasSuffix("  x = 1\n  c\n"))
    let long = text(String(repeating: "x", count: 100_000) + " here", 100_001, 100_005)
    let lines = long.split(separator: "\n")
    #expect(lines[1].hasSuffix("x here"))
    #expect(lines[1].count < 110)
    #expect(lines[2].last == "^")
    #expect(printer.text(for: Failure(ShellReason.noLastQuery, at: nil)).hasPrefix("error[no-last"))
    let colored = DiagnosticPrinter(style: Style(isOn: true))
    #expect(colored.text(for: Failure(Fact(), at: nil)).hasPrefix("\u{1B}[1;31merror"))
  }

  /// Where a mistake stands in a long line: how many characters before, in, and after it.
  @Test(arguments: [(0, 4, 0), (60, 4, 60), (200, 4, 0), (0, 300, 9), (90, 90, 90), (5, 0, 80)])
  func `an error keeps to a narrow screen, its caret under what it means`(
    before: Int, marked: Int, after: Int
  ) throws {
    for letter in ["a", "東"] {
      let wrong = String(repeating: "x", count: marked)
      let start = String(repeating: letter, count: before)
      let text = start + wrong + String(repeating: letter, count: after)
      let range = SourceRange(start.utf8.count, start.utf8.count + marked)
      let failure = Failure(Fact(), at: range)
      for width in [20, 40, 80] {
        let printer = DiagnosticPrinter(style: Style(isOn: false), widthMax: width)
        let lines = printer.text(for: failure, in: SourceText(name: nil, text), at: 0)
          .split(separator: "\n").map(String.init)
        let caret = try #require(lines.firstIndex { $0.contains("^") })
        #expect(lines[(caret - 1)...caret].filter { DisplayWidth.of($0) > width } == [])
        let lead = lines[caret].prefix { $0 == " " }.count
        let carets = lines[caret].count - lead
        var column = 0
        let under = lines[caret - 1].filter { grapheme in
          defer { column += DisplayWidth.of(grapheme) }
          return (lead..<lead + carets).contains(column)
        }
        #expect(marked == 0 || wrong.hasPrefix(under.filter { $0 == "x" }) && under.contains("x"))
        #expect(under.allSatisfy { $0 == "x" || $0 == "…" } || marked == 0, "\(lines)")
      }
    }
  }
}
