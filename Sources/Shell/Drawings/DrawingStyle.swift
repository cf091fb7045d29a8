/// What a drawing may use: so many columns, colour or not, Unicode or ASCII.
struct DrawingStyle: Sendable {
  /// Columns there are.
  let width: Int
  /// Whether escapes for colour are written.
  let isColoured: Bool
  /// Whether block, line and braille characters are written.
  let isUnicode: Bool

  /// A value that is not known.
  var unknown: String { isUnicode ? "–" : "-" }
  /// A cell that cannot be known.
  var blank: String { isUnicode ? "·" : "." }
  /// What cut text ends in.
  var cut: String { isUnicode ? "…" : "..." }

  /// A name made safe to print.
  func name(_ text: String) -> String { VisibleText.of(text) }

  /// `text` cut to `width` columns.
  func fit(_ text: String, in width: Int) -> String {
    if DisplayWidth.of(text) <= width { return text }
    guard width > 0 else { return "" }
    if isUnicode { return DisplayWidth.fit(text, in: width) }
    let kept = String(DisplayWidth.fit(text, in: max(1, width - 2)).dropLast())
    return kept + String(cut.prefix(width - DisplayWidth.of(kept)))
  }

  /// `text` cut or filled to `width` columns.
  func column(_ text: String, _ width: Int, isRight: Bool = false) -> String {
    DisplayWidth.pad(fit(text, in: width), to: width, isRight: isRight)
  }
}

/// One line of a drawing: pieces of text, each with its paint.
struct DrawingLine {
  /// How a piece is coloured where there is colour.
  enum Paint: Hashable {
    case plain, title, faint
    /// A bar or a curve.
    case mark
    /// A bar below zero.
    case loss
    /// The background of a cell: a step of `Ramp`.
    case cell(step: Int)
  }

  /// Columns taken so far.
  private(set) var width = 0
  private var pieces: [(text: String, paint: Paint)] = []

  /// Makes an empty line, or one of one piece.
  init(_ text: String = "", _ paint: Paint = .plain) { add(text, paint) }

  /// Adds text at the end.
  mutating func add(_ text: String, _ paint: Paint = .plain) {
    guard !text.isEmpty else { return }
    width += DisplayWidth.of(text)
    if let last = pieces.indices.last, pieces[last].paint == paint {
      pieces[last].text += text
    } else {
      pieces.append((text, paint))
    }
  }

  /// Adds spaces up to a column.
  mutating func fill(to column: Int) {
    if column > width { add(String(repeating: " ", count: column - width)) }
  }

  /// The line as it is printed: cut to `widthMax`, without spaces at its end.
  func text(in style: DrawingStyle, widthMax: Int) -> String {
    var pieces = pieces
    if width > widthMax {
      pieces = []
      var room = widthMax
      for (text, paint) in self.pieces where room > 0 {
        let fitted = style.fit(text, in: room)
        pieces.append((fitted, paint))
        room = fitted == text ? room - DisplayWidth.of(fitted) : 0
      }
    }
    while let last = pieces.indices.last {
      if case .cell = pieces[last].paint, style.isColoured { break }
      while pieces[last].text.last == " " { pieces[last].text.removeLast() }
      if !pieces[last].text.isEmpty { break }
      pieces.removeLast()
    }
    guard style.isColoured else { return pieces.map(\.text).joined() }
    return pieces.map { Self.painted($0.text, $0.paint) }.joined()
  }

  /// Foregrounds are of middle luminance, so that they read on dark and on light.
  private static func painted(_ text: String, _ paint: Paint) -> String {
    let code: String
    switch paint {
    case .plain: return text
    case .title: code = "1"
    case .faint: code = "2"
    case .mark: code = "38;5;32"
    case .loss: code = "38;5;166"
    case .cell(let step):
      let color = Ramp.colors[min(max(0, step), Ramp.colors.count - 1)]
      code = "38;5;\(color.isLight ? 16 : 231);48;5;\(color.code)"
    }
    return "\u{1B}[\(code)m\(text)\u{1B}[0m"
  }
}

/// The backgrounds of cells, from a little to a lot, by rising luminance.
///
/// Each carries black or white text, whichever stands out at least 4.5 to 1; so the cells read the
/// same on a dark and on a light terminal, which is never asked what it is.
enum Ramp {
  /// Colours of the palette of 256, and whether text on them is black.
  static let colors: [(code: Int, isLight: Bool)] = [
    (18, false), (24, false), (30, true), (36, true), (78, true), (120, true), (191, true),
    (228, true),
  ]

  /// The step for a drawable value between two others; the middle one where all are equal.
  static func step(_ value: Double, from low: Double, to high: Double) -> Int {
    guard high > low else { return colors.count / 2 }
    let share = (value - low) / (high - low)
    return Int((min(max(share, 0), 1) * Double(colors.count - 1)).rounded())
  }
}
