import Engine

/// Draws an answer's drawing as lines of text that are never wider than the given width.
///
/// Without colour the lines hold no escapes, without Unicode nothing of ours beyond ASCII; names that
/// come from data stay as they are. Values that are no finite numbers are drawn as unknown.
struct DrawingPrinter {
  /// The narrowest a drawing is laid out for; a narrower width cuts its lines.
  static let widthMin = 20

  private let style: DrawingStyle
  private let widthMax: Int

  /// Makes a printer for that many columns.
  init(width: Int, isColoured: Bool, isUnicode: Bool) {
    widthMax = max(1, width)
    style = DrawingStyle(
      width: max(Self.widthMin, width), isColoured: isColoured, isUnicode: isUnicode)
  }

  /// The lines, without line ends.
  func lines(of drawing: Drawing) -> [String] {
    body(of: drawing).map { $0.text(in: style, widthMax: widthMax) }
  }

  private func body(of drawing: Drawing) -> [DrawingLine] {
    switch drawing {
    case .heatMap(let map): HeatMapPrinter(style: style).lines(of: map)
    case .bars(let bars): BarsPrinter(style: style).lines(of: bars)
    case .pyramid(let bars): PyramidPrinter(style: style).lines(of: bars)
    case .curve(let curve): CurvePrinter(style: style).lines(of: curve)
    case .scatter(let curve): ScatterPrinter(style: style).lines(of: curve)
    case .timeline(let timeline): TimelinePrinter(style: style).lines(of: timeline)
    }
  }
}
