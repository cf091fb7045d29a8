import Store

/// Draws rows as a table: clean columns, or framed by lines.
struct TablePrinter {
  /// The two drawings.
  enum Frame {
    /// Two spaces between columns.
    case clean
    /// Lines around every cell.
    case box
  }

  /// Which drawing.
  let frame: Frame
  /// The colours.
  let style: Style
  /// The terminal's width; nil is no limit.
  let widthMax: Int?

  /// Prints the rows and gives the names of the columns that did not fit; nil, having printed
  /// nothing, when a single row does not fit.
  func print(_ rows: ShownRows, to output: Output) -> [String]? {
    let layout = self.layout(of: rows)
    if rows.count == 1, !layout.hidden.isEmpty { return nil }
    let headers = rows.columns.map { VisibleText.of($0.name) }
    writeEdge(layout, "┌", "┬", "┐", to: output)
    write(layout, to: output) { index, width in
      let header = DisplayWidth.fit(headers[index], in: width)
      return (header, style.bold(header), rows.columns[index].isRightAligned)
    }
    writeEdge(layout, "├", "┼", "┤", to: output)
    for row in 0..<rows.count {
      if row == rows.gap {
        write(layout, to: output) { index, _ in
          ("⋮", style.dim("⋮"), rows.columns[index].isRightAligned)
        }
      }
      write(layout, to: output) { index, width in
        let isRight = rows.columns[index].isRightAligned
        guard let text = rows.text(row, index) else {
          return (ValueText.unknown, style.dim(ValueText.unknown), isRight)
        }
        let fitted = widthMax == nil ? text : DisplayWidth.fit(text, in: width)
        return (fitted, fitted, isRight)
      }
      if output.isBroken { return [] }
    }
    writeEdge(layout, "└", "┴", "┘", to: output)
    return layout.hidden.map { headers[$0] }
  }

  private func layout(of rows: ShownRows) -> TableLayout {
    let headerWidths = rows.columns.map { DisplayWidth.of(VisibleText.of($0.name)) }
    var widths = headerWidths
    for row in 0..<rows.count {
      for index in rows.columns.indices {
        widths[index] = max(widths[index], rows.text(row, index).map(DisplayWidth.of) ?? 1)
      }
    }
    return TableLayout(
      widths: widths, headerWidths: headerWidths, isCuttable: rows.columns.map(\.isCuttable),
      isDetail: rows.columns.indices.map { index in
        // A column that says nothing is one too.
        rows.columns[index].isDetail
          || (rows.count > 1 && (0..<rows.count).allSatisfy { rows.text($0, index) == nil })
      },
      frame: frame == .box ? (ends: 4, between: 3) : (ends: 0, between: 2), widthMax: widthMax)
  }

  /// Writes one line; `cell` gives a cell's plain text, the same with its colour, and its side.
  private func write(
    _ layout: TableLayout, to output: Output,
    cell: (_ index: Int, _ width: Int) -> (plain: String, colored: String, isRight: Bool)
  ) {
    var line = frame == .box ? "│ " : ""
    for (position, column) in layout.columns.enumerated() {
      let (plain, colored, isRight) = cell(column.index, column.width)
      let fill = String(repeating: " ", count: max(0, column.width - DisplayWidth.of(plain)))
      let isLast = position == layout.columns.count - 1
      if isRight { line += fill }
      line += colored
      if !isRight, frame == .box || !isLast { line += fill }
      if !isLast { line += frame == .box ? " │ " : "  " }
    }
    output.writeLine(line + (frame == .box ? " │" : ""))
  }

  private func writeEdge(
    _ layout: TableLayout, _ left: String, _ middle: String, _ right: String, to output: Output
  ) {
    guard frame == .box else { return }
    let lines = layout.columns.map { String(repeating: "─", count: $0.width + 2) }
    output.writeLine(left + lines.joined(separator: middle) + right)
  }
}

extension OutputColumn {
  /// Whether a value may be shown cut: part of a text still reads, part of an amount misleads.
  fileprivate var isCuttable: Bool {
    switch type {
    case .text, .reference, .choice: true
    case .money, .number, .integer, .date, .time, .flag: false
    }
  }
}
