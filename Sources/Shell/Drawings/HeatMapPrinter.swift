import Engine

/// Draws a field of cells, the number in each: what colour says, the number says too.
///
/// What does not fit is first written shorter, then its last columns are left out and counted.
struct HeatMapPrinter {
  /// What may be used.
  let style: DrawingStyle

  /// The lines of a field.
  func lines(of map: Drawing.HeatMap) -> [DrawingLine] {
    let layout = HeatMapLayout(map, style)
    var lines: [DrawingLine] = []
    if !map.title.isEmpty { lines.append(DrawingLine(style.name(map.title), .title)) }
    guard layout.rowCount > 0, layout.columnCount > 0 else {
      return lines + [DrawingLine("nothing to draw", .faint)]
    }
    if !map.columnTitle.isEmpty {
      var line = DrawingLine()
      let text = style.name(map.columnTitle)
      line.fill(to: min(layout.left + layout.lead, max(0, style.width - DisplayWidth.of(text))))
      line.add(text, .faint)
      lines.append(line)
    }
    lines.append(header(map, layout))
    let scale = HeatScale(map)
    for row in 0..<layout.rowCount { lines.append(line(row, map, layout, scale)) }
    return lines + notes(map, layout)
  }

  private func header(_ map: Drawing.HeatMap, _ layout: HeatMapLayout) -> DrawingLine {
    var line = DrawingLine(style.fit(style.name(map.rowTitle), in: layout.labelWidth), .faint)
    line.fill(to: layout.labelWidth)
    if layout.countWidth > 0 {
      line.add(
        " " + style.column(style.name(map.countTitle), layout.countWidth, isRight: true), .faint)
    }
    line.fill(to: layout.left)
    for column in 0..<layout.shownCount {
      let label = map.columnLabels.indices.contains(column) ? map.columnLabels[column] : ""
      line.add(style.column(style.name(label), layout.cellWidth + layout.lead, isRight: true))
      line.add(" ")
    }
    return line
  }

  private func line(
    _ row: Int, _ map: Drawing.HeatMap, _ layout: HeatMapLayout, _ scale: HeatScale
  ) -> DrawingLine {
    let label = map.rowLabels.indices.contains(row) ? map.rowLabels[row] : ""
    var line = DrawingLine(style.column(style.name(label), layout.labelWidth))
    if layout.countWidth > 0 {
      let count = map.rowCounts.indices.contains(row) ? ValueText.grouped(map.rowCounts[row]) : ""
      line.add(" " + style.column(count, layout.countWidth, isRight: true))
    }
    line.fill(to: layout.left)
    for column in 0..<layout.shownCount {
      let width = layout.cellWidth + layout.lead
      guard let value = map.value(row, column) else {
        line.add(DisplayWidth.pad(style.blank, to: width, isRight: true) + " ", .faint)
        continue
      }
      let text = DrawingNumber.text(value, map.form, layout.length)
      line.add(
        style.column(text, width, isRight: true)
          + (map.partial.contains([row, column]) ? "*" : " "),
        .cell(step: scale.step(value)))
    }
    return line
  }

  private func notes(_ map: Drawing.HeatMap, _ layout: HeatMapLayout) -> [DrawingLine] {
    var notes: [DrawingLine] = []
    if layout.shownCount < layout.columnCount {
      var text = "\(layout.shownCount) of \(layout.columnCount) columns shown"
      if let first = map.columnLabels.dropFirst(layout.shownCount).first,
        let last = map.columnLabels.last
      {
        text += "; left out: " + style.name(first)
        if layout.columnCount - layout.shownCount > 1 { text += " to " + style.name(last) }
      }
      notes.append(DrawingLine(text, .faint))
    }
    let isMarked = map.partial.contains { place in
      place.count == 2 && place[1] < layout.shownCount && map.value(place[0], place[1]) != nil
    }
    if isMarked { notes.append(DrawingLine("* not final yet", .faint)) }
    return notes
  }
}

/// How wide the parts of a field are, and how its cells are written.
private struct HeatMapLayout {
  let rowCount: Int
  let columnCount: Int
  let labelWidth: Int
  let countWidth: Int
  /// Columns before the first cell.
  let left: Int
  private(set) var length = DrawingNumber.Length.short
  /// Columns of a cell's number.
  private(set) var cellWidth = 1
  /// Spaces before a cell's number, on its background.
  private(set) var lead = 0
  private(set) var shownCount = 1

  /// The widest that a column's label makes its cells.
  private static let cellWidthMax = 20

  init(_ map: Drawing.HeatMap, _ style: DrawingStyle) {
    rowCount = max(map.rowLabels.count, map.cells.count)
    columnCount = max(map.columnLabels.count, map.cells.map(\.count).max() ?? 0)
    let labels = (map.rowLabels + [map.rowTitle]).map { DisplayWidth.of(style.name($0)) }
    labelWidth = min(labels.max() ?? 0, style.width / 3)
    let counts = map.rowCounts.map { ValueText.grouped($0).utf8.count }.max() ?? 0
    let title = min(DisplayWidth.of(style.name(map.countTitle)), 10)
    countWidth = map.rowCounts.isEmpty ? 0 : min(max(counts, title), style.width / 3)
    left = labelWidth + (countWidth > 0 ? 1 + countWidth : 0) + 2
    let room = max(1, style.width - left)
    choose(map, room: room)
    shownCount = min(columnCount, max(1, room / (cellWidth + lead + 1)))
    let headings = map.columnLabels.prefix(shownCount).map { DisplayWidth.of(style.name($0)) }
    let wanted = min(headings.max() ?? 0, Self.cellWidthMax)
    let possible = room / max(1, shownCount) - 1 - lead
    cellWidth = max(cellWidth, min(wanted, possible))
    cellWidth = min(cellWidth, max(1, room - 1 - lead))
  }

  /// The longest numbers, the cells with room about them, that let all columns in.
  private mutating func choose(_ map: Drawing.HeatMap, room: Int) {
    for length in DrawingNumber.Length.allCases {
      let width = map.cells.indices.reduce(1) { widest, row in
        map.cells[row].indices.reduce(widest) { widest, column in
          map.value(row, column).map {
            max(widest, DrawingNumber.text($0, map.form, length).utf8.count)
          } ?? widest
        }
      }
      for lead in [1, 0] {
        self.length = length
        self.lead = lead
        cellWidth = width
        if columnCount * (width + lead + 1) <= room { return }
      }
    }
  }
}

/// The smallest and largest value that the ramp stretches over.
///
/// Amounts go by their square roots: one large cell would leave all others without contrast.
private struct HeatScale {
  private var low = Double.infinity
  private var high = -Double.infinity
  private var goesByRoot = false

  init(_ map: Drawing.HeatMap) {
    var hasWhole = false
    for row in map.cells.indices {
      for column in map.cells[row].indices {
        guard let value = map.value(row, column) else { continue }
        // The whole, such as a cohort's own first period, would leave the rest without contrast.
        if map.form == .share, value == 1 {
          hasWhole = true
          continue
        }
        low = min(low, value)
        high = max(high, value)
      }
    }
    if low > high, hasWhole { (low, high) = (1, 1) }
    goesByRoot = map.form != .share && low >= 0
  }

  func step(_ value: Double) -> Int {
    goesByRoot
      ? Ramp.step(value.squareRoot(), from: low.squareRoot(), to: high.squareRoot())
      : Ramp.step(value, from: low, to: high)
  }
}

extension Drawing.HeatMap {
  /// A cell's value; nil when it cannot be known or drawn, or is not there.
  fileprivate func value(_ row: Int, _ column: Int) -> Double? {
    guard cells.indices.contains(row), cells[row].indices.contains(column) else { return nil }
    return cells[row][column].drawable
  }
}
