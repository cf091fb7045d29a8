import Engine

/// Draws points joined by a line within a frame, in braille.
struct CurvePrinter {
  /// What may be used.
  let style: DrawingStyle

  /// The lines of a curve; one of equal shares, dotted, where it is asked for.
  func lines(of curve: Drawing.Curve) -> [DrawingLine] {
    guard var frame = PlotFrame(curve, style) else { return PlotFrame.emptyLines(curve, style) }
    if curve.hasDiagonal {
      let corner = (x: frame.field.dotWidth - 1, y: frame.field.dotHeight - 1)
      frame.field.join((x: 0, y: 0), corner, every: style.isUnicode ? 3 : 2, isAid: true)
    }
    for (from, to) in zip(frame.dots, frame.dots.dropFirst()) { frame.field.join(from, to) }
    for dot in frame.dots { frame.field.set(dot.x, dot.y) }
    return frame.lines()
  }
}
