import Engine

/// Draws bars centred one above the other, to half a column at both ends.
struct PyramidPrinter {
  /// What may be used.
  let style: DrawingStyle

  /// The lines of a pyramid. Values below zero have no bar.
  func lines(of bars: Drawing.Bars) -> [DrawingLine] {
    let rows = BarRows(bars, style)
    guard !bars.bars.isEmpty else { return rows.titleLines + rows.emptyLines }
    let values = bars.bars.map { max(0, $0.value.drawable ?? 0) }
    let largest = values.max() ?? 0
    let side = min(style.width - rows.left, BarsPrinter.barWidthMax) / 2
    let barLines = bars.bars.indices.map { row in
      var line = rows.head(of: row)
      guard side > 0, values[row] > 0 else { return line }
      let halves = max(1, Int((values[row] / largest * Double(side * 2)).rounded()))
      let bar = bar(halves: halves)
      line.fill(to: rows.left + side - DisplayWidth.of(bar) / 2)
      line.add(bar, .mark)
      return line
    }
    return rows.titleLines + barLines
  }

  /// A bar of so many half columns at each side of the middle.
  private func bar(halves: Int) -> String {
    guard style.isUnicode else { return String(repeating: "#", count: (halves + 1) / 2 * 2) }
    let body = String(repeating: "█", count: halves / 2 * 2)
    return halves % 2 == 0 ? body : "▐" + body + "▌"
  }
}
