import Store

/// Draws each row as lines of field and value, a blank line between rows.
struct LinePrinter {
  /// The colours.
  let style: Style

  /// Prints the rows.
  func print(_ rows: ShownRows, to output: Output) {
    let headers = rows.columns.map { VisibleText.of($0.name) }
    let width = headers.map(DisplayWidth.of).max() ?? 0
    for row in 0..<rows.count {
      if row > 0 { output.writeLine() }
      if row == rows.gap {
        output.writeLine(style.dim("⋮"))
        output.writeLine()
      }
      for index in rows.columns.indices {
        let text = rows.text(row, index) ?? style.dim(ValueText.unknown)
        let name = style.bold(headers[index])
        let fill = String(repeating: " ", count: width - DisplayWidth.of(headers[index]) + 2)
        output.writeLine(text.isEmpty ? name : name + fill + text)
      }
      if output.isBroken { return }
    }
  }
}
