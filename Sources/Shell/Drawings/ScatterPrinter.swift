import Engine

/// Draws points alone within a frame, in braille.
struct ScatterPrinter {
  /// What may be used.
  let style: DrawingStyle

  /// The lines of a field of points.
  func lines(of curve: Drawing.Curve) -> [DrawingLine] {
    guard var frame = PlotFrame(curve, style) else { return PlotFrame.emptyLines(curve, style) }
    for dot in frame.dots { frame.field.set(dot.x, dot.y) }
    return frame.lines()
  }
}
