import Engine
import Store
import Testing

@testable import Shell

/// The sections of `explain` on screens of several widths.
struct ExplainPrinterTests {
  @Test(
    "The funnel shows rows, times, bars and steps, as far as there is room",
    arguments: [
      (
        40,
        """
        2,000  0.11 ms  customers
           58  0.25 ms  where stage =
                          intensive_care
            0  7.00 ms  where has no orders in
                          last 60 days and ␛[31m

        """
      ),
      (
        80,
        """
        2,000  0.11 ms  ████████████████  customers
           58  0.25 ms  ▌                 where stage = intensive_care
            0  7.00 ms                    where has no orders in last 60 days and ␛[31m

        """
      ),
      (
        200,
        """
        2,000  0.11 ms  ████████████████████████  customers
           58  0.25 ms  ▊                         where stage = intensive_care
            0  7.00 ms                            where has no orders in last 60 days and ␛[31m

        """
      ),
    ])
  func funnel(_ width: Int, _ expected: String) throws {
    let section = Self.funnel(times: [0.000_11, 0.000_252, 0.007])
    #expect(try Self.printed(section, width: width) == expected)
  }

  @Test func `estimates are marked, and ASCII has bars too`() throws {
    #expect(
      try Self.printed(Self.funnel(times: []), width: 80, isUnicode: false) == """
        ~2,000  ################  customers
           ~58  #                 where stage = intensive_care
            ~0                    where has no orders in last 60 days and ␛[31m

        """)
  }

  @Test func `sentences are broken at spaces, and SQL is not`() throws {
    let text = "Take the customers of 東京 whose name contains \u{1B}[31m."
    func section(_ hint: Section.DisplayHint) -> Section {
      Section(
        columns: [OutputColumn(name: "sentence", type: .text)], hint: hint,
        cursor: FixedCursor(
          OutputBatch(vectors: [Vector(texts: TextBlock([text]))], labels: [nil], count: 1)))
    }
    #expect(
      try Self.printed(section(.sentences), width: 40) == """
        Take the customers of 東京 whose name
          contains ␛[31m.

        """)
    #expect(
      try Self.printed(section(.statement), width: 40)
        == "Take the customers of 東京 whose name contains ␛[31m.\n")
  }

  private static func funnel(times: [Double]) -> Section {
    let steps = [
      "customers", "where stage = intensive_care",
      "where has no orders in last 60 days and \u{1B}[31m",
    ]
    let milliseconds =
      times.isEmpty
      ? Vector(unknown: .number, count: 3) : Vector(reals: times.map { $0 * 1_000 })
    return Section(
      columns: [
        OutputColumn(name: "rows", type: .integer), OutputColumn(name: "step", type: .text),
        OutputColumn(name: "time_ms", type: .number),
      ], hint: .funnel,
      cursor: FixedCursor(
        OutputBatch(
          vectors: [Vector(words: [2_000, 58, 0]), Vector(texts: TextBlock(steps)), milliseconds],
          labels: [nil, nil, nil], count: 3)))
  }

  private static func printed(
    _ section: Section, width: Int, isUnicode: Bool = true
  ) throws -> String {
    let rows = try ShownRows(section, isLimited: false)
    return PrinterTests.captured(isUnicode: isUnicode) { output in
      ExplainPrinter(style: Style(isOn: false), widthMax: width, hasBars: true)
        .print(rows, section.hint, to: output)
    }
  }
}
