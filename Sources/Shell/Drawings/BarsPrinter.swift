import Engine

/// Draws horizontal bars to an eighth of a column, each behind its label, value and remark.
///
/// Bars below zero go to the left of a zero line; there they are drawn to the nearest of an eighth,
/// a half and a whole column, as there are no other blocks that begin at the right.
struct BarsPrinter {
  /// What may be used.
  let style: DrawingStyle

  /// The widest a bar gets.
  static let barWidthMax = 72

  /// The lines of some bars.
  func lines(of bars: Drawing.Bars) -> [DrawingLine] {
    let rows = BarRows(bars, style)
    guard !bars.bars.isEmpty else { return rows.titleLines + rows.emptyLines }
    let room = min(style.width - rows.left, Self.barWidthMax)
    let scale = BarScale(bars.bars.compactMap(\.value.drawable), room: room)
    let barLines = bars.bars.indices.map { row in
      var line = rows.head(of: row)
      guard room > 0 else { return line }
      line.fill(to: rows.left)
      draw(bars.bars[row].value.drawable, scale, on: &line)
      return line
    }
    return rows.titleLines + barLines
  }

  private func draw(_ value: Double?, _ scale: BarScale, on line: inout DrawingLine) {
    let eighths = value.map(scale.eighths) ?? 0
    if scale.leftWidth > 0 {
      let bar = eighths < 0 ? Blocks.barToLeft(eighths: -eighths, style) : ""
      line.fill(to: line.width + scale.leftWidth - DisplayWidth.of(bar))
      line.add(bar, .loss)
      line.add(style.isUnicode ? "│" : "|", .faint)
    }
    if eighths > 0 { line.add(Blocks.bar(eighths: eighths, style), .mark) }
  }
}

/// How long bars are: one scale on both sides of the zero line.
struct BarScale {
  /// Columns left of the zero line; 0 when there is none.
  let leftWidth: Int
  private let largest: Double
  /// The length of the largest value's bar. Lengths are shares of it: a length for one unit would be
  /// infinite where all values are tiny.
  private let eighthsMax: Double

  /// Fits values into `room` columns.
  init(_ values: [Double], room: Int) {
    let above = max(0, values.max() ?? 0)
    let below = max(0, -(values.min() ?? 0))
    largest = max(above, below)
    guard largest > 0, room > 2 else {
      leftWidth = 0
      eighthsMax = 0
      return
    }
    if below == 0 {
      leftWidth = 0
      eighthsMax = Double(room * 8)
      return
    }
    let both = above / largest + below / largest
    let left = max(1, Int((Double(room - 1) * (below / largest / both)).rounded()))
    leftWidth = above > 0 ? min(left, room - 2) : left
    let onLeft = Double(leftWidth * 8) * (largest / below)
    let onRight = above > 0 ? Double((room - 1 - leftWidth) * 8) * (largest / above) : onLeft
    eighthsMax = min(onLeft, onRight)
  }

  /// The length of a value's bar; at least one eighth for what is not zero.
  func eighths(_ value: Double) -> Int {
    guard value != 0, eighthsMax > 0 else { return 0 }
    let length = max(1, Int((abs(value) / largest * eighthsMax).rounded()))
    return value < 0 ? -length : length
  }
}

/// Bars made of block characters, or of `#`.
enum Blocks {
  private static let eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]

  /// A bar that begins at the left.
  static func bar(eighths: Int, _ style: DrawingStyle) -> String {
    guard style.isUnicode else { return ascii(eighths) }
    return String(repeating: "█", count: eighths / 8) + self.eighths[eighths % 8]
  }

  /// A bar that begins at the right.
  static func barToLeft(eighths: Int, _ style: DrawingStyle) -> String {
    guard style.isUnicode else { return ascii(eighths) }
    let whole = eighths / 8
    return switch eighths % 8 {
    case 0: String(repeating: "█", count: whole)
    case 1, 2: "▕" + String(repeating: "█", count: whole)
    case 7: String(repeating: "█", count: whole + 1)
    default: "▐" + String(repeating: "█", count: whole)
    }
  }

  private static func ascii(_ eighths: Int) -> String {
    let whole = (eighths + 4) / 8
    return whole == 0 && eighths > 0 ? ":" : String(repeating: "#", count: whole)
  }
}
