import Engine
import Glibc
import Store
import Syntax
import Testing

@testable import Shell

/// Answers made by hand, and what each drawing makes of them.
struct PrinterTests {
  @Test func `a table has right-aligned figures and names what is unknown`() throws {
    let text = try Self.drawn(Self.customers, .table)
    #expect(
      text == """
        id  name         stage               value  owner       share  joined
        42  Nordlys AS   intensive_care  12,400.00  7 Ana Ruiz  12.3%  2024-03-01
         7  東京 ␛[31mX  –                   -0.05  –               –  –
         8  Zoë          welcoming               –  9            0.0%  1969-12-31
        3 customers, by value, lowest first
        note: includes 2 customers whose stage is unknown

        """)
  }

  @Test func `a box has lines around its cells`() throws {
    let text = try Self.drawn(Self.small, .box)
    #expect(
      text == """
        ┌──────┬────┐
        │ city │  n │
        ├──────┼────┤
        │ 東京 │  1 │
        │ Zoe\u{301}  │ 20 │
        └──────┴────┘

        """)
  }

  @Test func `a line is a field and its value`() throws {
    #expect(
      try Self.drawn(Self.small, .line) == "city  東京\nn     1\n\ncity  Zoe\u{301}\nn     20\n")
  }

  @Test func `an empty answer says so`() throws {
    let section = Section(
      columns: [OutputColumn(name: "n", type: .integer)],
      cursor: FixedCursor(OutputBatch(vectors: [Vector(words: [])], labels: [nil], count: 0)))
    #expect(try Self.drawn(section, .table) == "no rows\n")
    #expect(try Self.drawn(section, .line) == "no rows\n")
  }

  @Test func `a long answer keeps its ends and counts the rest`() throws {
    let text = try Self.drawn(Self.numbers(1_204), .table, isLimited: true)
    let lines = text.split(separator: "\n")
    #expect(lines.count == 43)
    #expect(lines[20...23] == ["   20", "    ⋮", "1,185", "1,186"][...])
    #expect(lines.last == "40 of 1,204 shown; .all for the rest")
    let whole = try Self.drawn(Self.numbers(40), .table, isLimited: true)
    #expect(whole.split(separator: "\n").count == 41)
    #expect(try Self.drawn(Self.numbers(1_204), .table).split(separator: "\n").count == 1_205)
    #expect(try Self.drawn(Self.numbers(2_500), .line, isLimited: true).contains("⋮\n\nn  2,481\n"))
  }

  @Test func `columns that do not fit are named, and a single wide row becomes lines`() throws {
    let wide = Self.wide(rows: 2)
    let rows = try ShownRows(wide, isLimited: true)
    var hidden: [String]?
    let text = Self.captured { output in
      hidden = TablePrinter(frame: .clean, style: Style(isOn: false), widthMax: 36)
        .print(rows, to: output)
    }
    #expect(hidden == ["c2", "c3"])
    #expect(text.split(separator: "\n").allSatisfy { DisplayWidth.of(String($0)) <= 36 })
    #expect(text.contains("…"))
    let one = try ShownRows(Self.wide(rows: 1), isLimited: true)
    let nothing = Self.captured { output in
      hidden = TablePrinter(frame: .clean, style: Style(isOn: false), widthMax: 36)
        .print(one, to: output)
    }
    #expect(hidden == nil)
    #expect(nothing == "")
  }

  @Test func `a plan is a tree with its figures at the right`() throws {
    let batch = OutputBatch(
      vectors: [
        Vector(words: [0, 1, 2, 2, 3]),
        Vector(texts: TextBlock(["sort", "filter", "scan", "join", "scan"])),
        Vector(texts: TextBlock(["value", "", "customers", "x", "orders"])),
        Vector(words: [1, 42, 2000, 3, 4]),
        Vector(words: [1, 40, 0, 3, 4], known: [128, 128, 0, 128, 128]),
      ], labels: Array(repeating: nil, count: 5), count: 5)
    let section = Section(
      columns: [
        OutputColumn(name: "depth", type: .integer), OutputColumn(name: "step", type: .text),
        OutputColumn(name: "detail", type: .text),
        OutputColumn(name: "estimated_rows", type: .integer),
        OutputColumn(name: "rows", type: .integer),
      ], hint: .plan, cursor: FixedCursor(batch))
    let text = try Self.drawn(section, .table)
    #expect(
      text == """
        sort value                 ~1 row    1 row
        └─ filter                ~42 rows  40 rows
           ├─ scan customers  ~2,000 rows
           └─ join x              ~3 rows   3 rows
              └─ scan orders      ~4 rows   4 rows

        """)
  }

  @Test func `a plan that is too wide is broken under its steps`() throws {
    let batch = OutputBatch(
      vectors: [
        Vector(words: [0, 1]), Vector(texts: TextBlock(["filter", "scan"])),
        Vector(
          texts: TextBlock(["has no orders in last 30 days; walks orders by customer", "customers"])
        ),
        Vector(words: [9, 2000]),
      ], labels: Array(repeating: nil, count: 4), count: 2)
    let section = Section(
      columns: [
        OutputColumn(name: "depth", type: .integer), OutputColumn(name: "step", type: .text),
        OutputColumn(name: "detail", type: .text),
        OutputColumn(name: "estimated_rows", type: .integer),
      ], hint: .plan, cursor: FixedCursor(batch))
    let rows = try ShownRows(section, isLimited: false)
    let text = Self.captured { output in
      PlanPrinter(style: Style(isOn: false), widthMax: 50).print(rows, to: output)
    }
    #expect(
      text == """
        filter has no orders in last 30 days;      ~9 rows
          walks orders by customer
        └─ scan customers                      ~2,000 rows

        """)
  }

  @Test func `texts that are cut share the room that is left`() throws {
    let layout = TableLayout(
      widths: [30, 5, 50], headerWidths: [4, 5, 4], isCuttable: [true, false, true],
      isDetail: [false, false, false], frame: (ends: 0, between: 2), widthMax: 60)
    #expect(layout.columns.map(\.width) == [26, 5, 25])
    #expect(layout.hidden == [])
  }

  /// Which columns of four are details, and which are hidden where two have no room.
  static let details: [([Bool], [Int])] = [
    ([false, false, false, false], [2, 3]), ([false, true, true, false], [1, 2]),
    ([false, true, false, false], [1, 3]), ([true, true, true, true], [2, 3]),
    ([true, false, false, false], [2, 3]),
  ]

  @Test(arguments: details)
  func `details give way before other columns`(_ isDetail: [Bool], _ hidden: [Int]) {
    let layout = TableLayout(
      widths: [10, 10, 10, 10], headerWidths: [4, 4, 4, 4],
      isCuttable: [false, false, false, false], isDetail: isDetail, frame: (ends: 0, between: 2),
      widthMax: 24)
    #expect(layout.hidden == hidden)
  }

  // MARK: What is printed

  static var customers: Section {
    Section(
      columns: [
        OutputColumn(name: "id", type: .integer), OutputColumn(name: "name", type: .text),
        OutputColumn(name: "stage", type: .choice(ChoiceList(["welcoming", "intensive_care"]))),
        OutputColumn(name: "value", type: .money),
        OutputColumn(name: "owner", type: .reference(EntityID(2)), keyType: .integer),
        OutputColumn(name: "share", type: .number, display: .percent),
        OutputColumn(name: "joined", type: .date),
      ],
      cursor: FixedCursor(
        OutputBatch(
          vectors: [
            Vector(words: [42, 7, 8]),
            Vector(texts: TextBlock(["Nordlys AS", "東京 \u{1B}[31mX", "Zoë"])),
            Vector(words: [1, 0, 0], known: [128, 0, 128]),
            Vector(words: [1_240_000, -5, 0], known: [128, 128, 0]),
            Vector(words: [7, 0, 9], known: [128, 0, 128]),
            Vector(reals: [0.1234, 0, 0], known: [128, 0, 128]),
            Vector(words: [19_783, 0, -1], known: [128, 0, 128]),
          ],
          labels: [
            nil, nil, nil, nil,
            Vector(texts: TextBlock(["Ana Ruiz", "", ""]), known: [128, 0, 0]), nil, nil,
          ], count: 3),
        notes: [
          .includesUnknown(count: 2, fields: ["stage"], plural: "customers"),
          .order([Note.OrderFact(text: "value", isDescending: false)]),
          .rowCount(3, of: 3, singular: "customer", plural: "customers"),
        ]))
  }

  static var small: Section {
    Section(
      columns: [
        OutputColumn(name: "city", type: .text), OutputColumn(name: "n", type: .integer),
      ],
      cursor: FixedCursor(
        OutputBatch(
          vectors: [Vector(texts: TextBlock(["東京", "Zoe\u{301}"])), Vector(words: [1, 20])],
          labels: [nil, nil], count: 2)))
  }

  static func numbers(_ count: Int) -> Section {
    Section(
      columns: [OutputColumn(name: "n", type: .integer)],
      cursor: BatchesCursor(
        stride(from: 1, through: count, by: 100).map { first in
          let words = (first...min(count, first + 99)).map(Int64.init)
          return OutputBatch(vectors: [Vector(words: words)], labels: [nil], count: words.count)
        }))
  }

  static func wide(rows: Int) -> Section {
    let text = String(repeating: "long words ", count: 10)
    let column = Vector(texts: TextBlock(Array(repeating: text, count: rows)))
    return Section(
      columns: (0..<4).map { OutputColumn(name: "c\($0)", type: .text) },
      cursor: FixedCursor(
        OutputBatch(
          vectors: Array(repeating: column, count: 4), labels: Array(repeating: nil, count: 4),
          count: rows)))
  }

  // MARK: Printing

  static func drawn(_ section: Section, _ mode: OutputMode, isLimited: Bool = false) throws
    -> String
  {
    try captured { output in
      let printer = AnswerPrinter(
        mode: mode, output: output, errors: output, isQuiet: false, isLimited: isLimited,
        isAtPrompt: true, isEntity: { $0 == "customers" })
      _ = try printer.print(Answer(sections: [section]))
    }
  }

  /// What `body` writes, by way of a file.
  static func captured(
    isUnicode: Bool = true, _ body: (Output) throws -> Void
  ) rethrows -> String {
    let path = "/tmp/rapport-printer-\(getpid())-\(UInt64.random(in: 0 ... .max))"
    defer { _ = unlink(path) }
    guard let output = Output(creating: path, isUnicode: isUnicode) else {
      return "cannot open \(path)"
    }
    try body(output)
    output.flush()
    guard case .success(let bytes) = TextFile.bytes(of: path, byteCountMax: .max) else { return "" }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// Gives some batches, one after the other.
final class BatchesCursor: Cursor {
  private var batches: ArraySlice<OutputBatch>
  let notes: [Note] = []

  init(_ batches: [OutputBatch]) { self.batches = batches[...] }

  func next() throws(Failure) -> OutputBatch? { batches.popFirst() }
}
