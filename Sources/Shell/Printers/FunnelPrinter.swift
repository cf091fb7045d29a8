import Store

/// Draws the rows left after each step of a query: how many, the time it took, a bar, and the step.
///
/// ```
/// 2,000  0.01 ms  ████████████████  customers
///    58  0.02 ms  ▌                 where stage = intensive_care
/// ```
struct FunnelPrinter {
  /// The colours.
  let style: Style
  /// The terminal's width; nil is no limit.
  let widthMax: Int?
  /// Whether bars are drawn.
  let hasBars: Bool

  /// Columns of the longest bar on screens of at least these widths; narrower ones have none.
  private static let barWidths = [
    (screen: 100, bar: 24), (screen: 60, bar: 16), (screen: 48, bar: 8),
  ]

  /// Prints the rows, which hold rows, step and time_ms; the rows without times are estimates.
  func print(_ rows: ShownRows, to output: Output) {
    let counts = (0..<rows.count).map { row -> Double in
      if case .word(let count) = rows.value(row, 0) { Double(count) } else { 0 }
    }
    let times = (0..<rows.count).map { row -> String in
      guard case .real(let milliseconds) = rows.value(row, 2) else { return "" }
      // Hundredths with two decimals are written as amounts are.
      return ValueText.money(Int64((milliseconds * 100).rounded())) + " ms"
    }
    let figures = (0..<rows.count).map { row in
      (times[row].isEmpty ? "~" : "") + (rows.text(row, 0) ?? "")
    }
    let widths = [figures, times].map { $0.map(DisplayWidth.of).max() ?? 0 }
    let fitting = Self.barWidths.first { widthMax ?? 80 >= $0.screen }?.bar
    let barWidth = hasBars ? fitting ?? 0 : 0
    let scale = BarScale(counts, room: barWidth)
    let drawing = DrawingStyle(
      width: barWidth, isColoured: style.isOn, isUnicode: output.isUnicode)
    for row in 0..<rows.count {
      let bar = Blocks.bar(eighths: scale.eighths(counts[row]), drawing)
      let time = widths[1] == 0 ? "" : DisplayWidth.pad(times[row], to: widths[1], isRight: true)
      let head = [
        DisplayWidth.pad(figures[row], to: widths[0], isRight: true), time,
        DisplayWidth.pad(bar, to: barWidth),
      ].filter { !$0.isEmpty }.joined(separator: "  ")
      let lines = BrokenText.lines(
        rows.text(row, 1) ?? "", after: head + "  ", widthMax: widthMax)
      for line in lines { output.writeLine(line) }
    }
  }
}
