import Engine
import Store
import Syntax
import Testing

@testable import Shell

/// What `.chart` takes of an answer, where drawings are printed, and in which characters.
struct ChartTests {
  /// Numbers, how they are written, whether they are whole, and their bins.
  static let histograms: [(values: [Double], form: Drawing.Form, isWhole: Bool, bins: [String])] = [
    ([], .count, true, []), ([7], .count, true, ["7: 1"]), ([3, 3], .number, false, ["3 to 4: 2"]),
    ([1, 2, 2, 5], .count, true, ["1: 1", "2: 2", "3: 0", "4: 0", "5: 1"]),
    (
      [0, 24, 25, 99], .count, true,
      [" 0 to 19: 1", "20 to 39: 2", "40 to 59: 0", "60 to 79: 0", "80 to 99: 1"]
    ),
    (
      [0, 50_000, 100_000], .money, false,
      [
        "  0 to   200: 1", "200 to   400: 0", "400 to   600: 1", "600 to   800: 0",
        "800 to 1,000: 1",
      ]
    ),
    (
      [0, 0.1, 0.5, 1], .share, false,
      [
        " 0.0% to  20.0%: 2", "20.0% to  40.0%: 0", "40.0% to  60.0%: 1", "60.0% to  80.0%: 0",
        "80.0% to 100.0%: 1",
      ]
    ),
    (
      [-1, 1], .number, false,
      ["  -1 to -0.5: 1", "-0.5 to    0: 0", "   0 to  0.5: 0", " 0.5 to    1: 1"]
    ),
    ([19_783, 19_785], .date, false, ["2024-03-01: 1", "2024-03-02: 0", "2024-03-03: 1"]),
    (
      [19_723, 19_750, 19_783], .date, false, ["2024-01: 2", "2024-02: 0", "2024-03: 1"]
    ),
    (
      [18_262, 20_089], .date, false,
      ["2020: 1", "2021: 0", "2022: 0", "2023: 0", "2024: 0", "2025: 1"]
    ),
    ([1e15, 1e15 + 1], .number, false, ["1,000,000,000,000,000: 2"]),
  ]

  @Test func `a histogram has round borders and counts every number`() {
    for (values, form, isWhole, bins) in Self.histograms {
      let made = Histogram(values, form, isWhole: isWhole).bins
      #expect(made.map { "\($0.label): \($0.count)" } == bins)
      #expect(made.reduce(0) { $0 + $1.count } == values.count)
    }
  }

  /// What follows `.chart`, and the columns of the section it gives, or the code of the error.
  static let choices: [(argument: String, columns: String)] = [
    ("bar", "name value"), ("BAR", "name value"), ("bar stage", "stage value"),
    ("bar share", "name share"), ("bar stage share", "stage share"),
    ("bar `sum of orders`", "name sum of orders"), ("bar sum of orders", "name sum of orders"),
    ("bar Stage, Sum Of Orders", "stage sum of orders"), ("line", "joined value"),
    ("line id value", "id value"), ("line value", "joined value"), ("histogram", "value count"),
    ("histogram joined", "joined count"), ("scatter", "value share"),
    ("scatter share value", "share value"), ("pie", "bad-command-argument"),
    ("", "bad-command-argument"), ("bar stge", "unknown-column"),
    ("bar name stage", "chart-column"), ("histogram name", "chart-column"),
    ("scatter name", "chart-column"), ("line name value", "chart-column"),
    ("bar name value share", "bad-command-argument"),
    ("histogram value share", "bad-command-argument"),
  ]

  @Test func `a chart takes the columns that are named, else the first that suit`() {
    for (argument, expected) in Self.choices {
      var columns = ""
      do throws(Failure) {
        columns = try Chart(argument).section(of: Self.customers()).columns.map(\.name)
          .joined(separator: " ")
      } catch {
        columns = error.diagnostics.first?.code ?? "no diagnostic"
      }
      #expect(columns == expected, "\(argument)")
    }
  }

  @Test func `the rows of a chart are what is drawn, lines in ascending order`() throws {
    let bars = try Chart("bar").section(of: Self.customers())
    #expect(try Self.printed(bars, .csv) == "name,value\na,12.50\n–,\nc,0.00\n")
    let line = try Chart("line").section(of: Self.customers())
    #expect(
      try Self.printed(line, .csv) == "joined,value\n1970-01-01,0.00\n1970-01-03,12.50\n")
  }

  @Test func `a drawing stands under its table or in its place, and in no file`() throws {
    let bars = Drawing.bars(
      Drawing.Bars(title: "n", bars: [.init(label: "a", value: 2)], form: .count))
    func section(_ hint: Section.DisplayHint, count: Int = 1) -> Section {
      Section(
        columns: [OutputColumn(name: "n", type: .integer)], hint: hint,
        cursor: FixedCursor(
          OutputBatch(
            vectors: [Vector(words: Array(repeating: 2, count: count))], labels: [nil],
            count: count),
          notes: [.tieCut], drawing: bars))
    }
    let bar = "a  2  " + String(repeating: "█", count: 72)
    let table = "n\n2\n"
    #expect(
      try Self.printed(section(.table), .table)
        == table + "\nn\n\(bar)\nothers equal the last\n")
    #expect(try Self.printed(section(.drawing), .table) == "n\n\(bar)\nothers equal the last\n")
    #expect(try Self.printed(section(.drawing), .box) == "n\n\(bar)\nothers equal the last\n")
    #expect(try Self.printed(section(.drawing), .line) == "n  2\nothers equal the last\n")
    #expect(
      try Self.printed(section(.drawing, count: 0), .table) == "no rows\nothers equal the last\n")
    for mode in OutputMode.allCases where !mode.isHuman {
      #expect(try !Self.printed(section(.drawing), mode).contains("█"))
    }
  }

  @Test func `the locale decides what drawings are made of`() {
    let locales: [([String?], Bool)] = [
      ([nil, nil, nil], true), ([nil, nil, "en_GB.UTF-8"], true),
      (["C", nil, "en_GB.UTF-8"], false),
      ([nil, "POSIX", "C.utf8"], false), (["", "", "sv_SE.ISO-8859-1"], false),
      (["C.UTF-8", "C", nil], true),
    ]
    for (values, isUnicode) in locales {
      #expect(Environment.isUnicode(locales: values) == isUnicode, "\(values)")
    }
  }

  private static func customers() -> Section {
    var id = OutputColumn(name: "id", type: .integer)
    id.isGrouped = false
    return Section(
      columns: [
        id, OutputColumn(name: "name", type: .text),
        OutputColumn(name: "stage", type: .choice(ChoiceList(["welcoming"]))),
        OutputColumn(name: "joined", type: .date), OutputColumn(name: "value", type: .money),
        OutputColumn(name: "share", type: .number, display: .percent),
        OutputColumn(name: "sum of orders", type: .integer),
      ],
      cursor: FixedCursor(
        OutputBatch(
          vectors: [
            Vector(words: [1, 2, 3]),
            Vector(texts: TextBlock(["a", "", "c"]), known: [128, 0, 128]),
            Vector(words: [0, 0, 0]), Vector(words: [2, 1, 0]),
            Vector(words: [1_250, 0, 0], known: [128, 0, 128]), Vector(reals: [0.5, 0.25, 0]),
            Vector(words: [1, 2, 3]),
          ], labels: Array(repeating: nil, count: 7), count: 3)))
  }

  private static func printed(_ section: Section, _ mode: OutputMode) throws -> String {
    try PrinterTests.captured { output in
      let printer = AnswerPrinter(
        mode: mode, output: output, errors: output, isQuiet: mode == .csv, isLimited: false,
        isAtPrompt: true, isEntity: { _ in false })
      _ = try printer.print(Answer(sections: [section]))
    }
  }
}
