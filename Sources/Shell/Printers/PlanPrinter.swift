import Store

/// Draws the rows of `explain` as a tree, the estimates and figures in columns at its right, or on a
/// narrow screen under each step.
///
/// ```
/// sort value ascending                              ~42 rows
/// └─ index lookup customers.stage = intensive_care  ~42 rows
/// ```
struct PlanPrinter {
  /// The colours.
  let style: Style
  /// The terminal's width; nil is no limit.
  let widthMax: Int?

  /// The narrowest that the tree is made for figures at its right.
  private static let treeWidthMin = 26

  /// Prints the rows, which hold depth, step, detail, estimated_rows and maybe rows and time_ms.
  func print(_ rows: ShownRows, to output: Output) {
    let depths = (0..<rows.count).map { depth(of: $0, in: rows) }
    let figures = depths.indices.map { self.figures(of: $0, in: rows) }
    let figureWidths = (0..<3).map { column in
      figures.map { DisplayWidth.of($0[column]) }.max() ?? 0
    }
    let figureWidth = figureWidths.filter { $0 > 0 }.reduce(0) { $0 + $1 + 2 }
    let isNarrow = widthMax.map { $0 - figureWidth < Self.treeWidthMin } ?? false
    let limit = widthMax.map { isNarrow ? $0 : $0 - figureWidth }
    let steps = depths.indices.map { row in
      BrokenText.lines(
        [text("step", row, rows), text("detail", row, rows)]
          .filter { !$0.isEmpty }.joined(separator: " "),
        after: Self.branch(at: row, depths: depths, isUnicode: output.isUnicode),
        widthMax: limit)
    }
    let width = steps.joined().map(DisplayWidth.of).max() ?? 0
    for (lines, figure) in zip(steps, figures) {
      if isNarrow {
        for line in lines { output.writeLine(line) }
        let told = figure.filter { !$0.isEmpty }.joined(separator: "  ")
        if !told.isEmpty {
          output.writeLine(style.dim(DisplayWidth.pad(told, to: figureWidth, isRight: true)))
        }
        continue
      }
      var right = zip(figure, figureWidths).filter { $0.1 > 0 }
        .map { DisplayWidth.pad($0.0, to: $0.1, isRight: true) }.joined(separator: "  ")
      while right.last == " " { right.removeLast() }
      let first = lines.first ?? ""
      let left = right.isEmpty ? first : DisplayWidth.pad(first, to: width) + "  "
      output.writeLine(left + style.dim(right))
      for line in lines.dropFirst() { output.writeLine(line) }
    }
  }

  /// The lines that lead to a step: `│  └─ `.
  private static func branch(at row: Int, depths: [Int], isUnicode: Bool) -> String {
    let depth = depths[row]
    guard depth > 0 else { return "" }
    func hasSibling(_ level: Int) -> Bool {
      for later in depths[(row + 1)...] {
        if later < level { return false }
        if later == level { return true }
      }
      return false
    }
    let lines = isUnicode ? ["│  ", "├─ ", "└─ "] : ["|  ", "|- ", "`- "]
    let lead = (1..<depth).map { hasSibling($0) ? lines[0] : "   " }.joined()
    return lead + (hasSibling(depth) ? lines[1] : lines[2])
  }

  private func depth(of row: Int, in rows: ShownRows) -> Int {
    guard let column = rows.columns.firstIndex(where: { $0.name == "depth" }),
      case .word(let depth) = rows.value(row, column)
    else { return 0 }
    return max(0, Int(depth))
  }

  private func text(_ name: String, _ row: Int, _ rows: ShownRows) -> String {
    guard let column = rows.columns.firstIndex(where: { $0.name == name }) else { return "" }
    return rows.text(row, column) ?? ""
  }

  private func figures(of row: Int, in rows: ShownRows) -> [String] {
    let estimated = text("estimated_rows", row, rows)
    let counted = text("rows", row, rows)
    let time = text("time_ms", row, rows)
    return [
      estimated.isEmpty ? "" : "~\(estimated) \(estimated == "1" ? "row" : "rows")",
      counted.isEmpty ? "" : "\(counted) \(counted == "1" ? "row" : "rows")",
      time.isEmpty ? "" : "\(time) ms",
    ]
  }
}
