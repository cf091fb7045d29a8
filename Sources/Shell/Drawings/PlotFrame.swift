import Engine

/// A frame for points: round values at its left and under it, titles over and under.
struct PlotFrame {
  /// The points that can be drawn, in dots of `field`, in the order given.
  private(set) var dots: [(x: Int, y: Int)] = []
  /// What is drawn within.
  var field: PlotField

  /// Lines of text within a frame.
  static let heightMax = 11
  /// The widest a frame gets.
  static let widthMax = 120
  /// The widest where a diagonal should look like one.
  static let squareWidthMax = 44

  private let style: DrawingStyle
  private let curve: Drawing.Curve
  private let across: DrawingAxis
  private let upwards: DrawingAxis
  private let left: Int

  /// Makes a frame; nil when there is no point that can be drawn.
  init?(_ curve: Drawing.Curve, _ style: DrawingStyle) {
    let points = curve.points.filter {
      DrawingNumber.isDrawable($0.x) && DrawingNumber.isDrawable($0.y)
    }
    guard !points.isEmpty else { return nil }
    self.style = style
    self.curve = curve
    upwards = DrawingAxis(points.map(\.y), curve.yForm, tickCountMax: 6, isHeight: true)
    let labelWidth = upwards.ticks.map(\.label.utf8.count).max() ?? 0
    left = min(labelWidth, style.width / 3) + 2
    let widthMax = curve.hasDiagonal ? Self.squareWidthMax : Self.widthMax
    let width = max(4, min(style.width - left - 1, widthMax))
    let labelRoom = curve.xForm == .date ? 12 : curve.xForm == .share ? 8 : 10
    across = DrawingAxis(points.map(\.x), curve.xForm, tickCountMax: max(2, width / labelRoom))
    field = PlotField(width: width, height: Self.heightMax, isUnicode: style.isUnicode)
    dots = points.map { point in
      (
        across.place(of: point.x, among: field.dotWidth),
        upwards.place(of: point.y, among: field.dotHeight)
      )
    }
  }

  /// The frame and what is in it.
  func lines() -> [DrawingLine] {
    var lines = Self.titleLines(curve, style)
    if !curve.yTitle.isEmpty { lines.append(DrawingLine(style.name(curve.yTitle), .faint)) }
    let labels = upwards.ticks.map { tick in
      (row: row(of: tick.value), label: tick.label)
    }
    for row in 0..<field.height {
      let label = labels.first { $0.row == row }?.label
      var line = DrawingLine(style.column(label ?? "", left - 2, isRight: true) + " ")
      line.add(
        style.isUnicode ? (label == nil ? "│" : "┤") : (label == nil ? "|" : "+"), .faint)
      field.add(row: row, to: &line)
      lines.append(line)
    }
    let ticks = across.ticks.map { tick in
      (column: across.place(of: tick.value, among: field.width), label: tick.label)
    }
    lines += AxisRule(left: left, width: field.width, style: style).lines(ticks, hasCorner: true)
    if !curve.xTitle.isEmpty {
      var line = DrawingLine()
      let text = style.name(curve.xTitle)
      line.fill(to: left + max(0, (field.width - DisplayWidth.of(text)) / 2))
      line.add(text, .faint)
      lines.append(line)
    }
    return lines
  }

  /// The heading, if there is one.
  static func titleLines(_ curve: Drawing.Curve, _ style: DrawingStyle) -> [DrawingLine] {
    curve.title.isEmpty ? [] : [DrawingLine(style.name(curve.title), .title)]
  }

  /// What stands in place of no points.
  static func emptyLines(_ curve: Drawing.Curve, _ style: DrawingStyle) -> [DrawingLine] {
    titleLines(curve, style) + [DrawingLine("nothing to draw", .faint)]
  }

  /// The line of text from the top that a value's dot is in.
  private func row(of value: Double) -> Int {
    let dot = upwards.place(of: value, among: field.dotHeight)
    return (field.dotHeight - 1 - dot) / (field.dotHeight / field.height)
  }
}
