/// A field of dots: eight a column in braille, one a column in ASCII.
struct PlotField {
  /// Columns of text.
  let width: Int
  /// Lines of text.
  let height: Int
  /// Dots side by side.
  var dotWidth: Int { isUnicode ? width * 2 : width }
  /// Dots above each other.
  var dotHeight: Int { isUnicode ? height * 4 : height }

  private let isUnicode: Bool
  private var marks: [UInt8]
  private var aids: [UInt8]

  /// The bit of each dot of a braille character: two columns of four.
  /// - Source: The Unicode Standard, Braille Patterns, U+2800.
  private static let bits: [[UInt8]] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]]

  /// Makes an empty field.
  init(width: Int, height: Int, isUnicode: Bool) {
    self.width = width
    self.height = height
    self.isUnicode = isUnicode
    marks = [UInt8](repeating: 0, count: width * height)
    aids = marks
  }

  /// Sets a dot; (0, 0) is at the lower left. An aid is a line for comparison.
  mutating func set(_ x: Int, _ y: Int, isAid: Bool = false) {
    guard (0..<dotWidth).contains(x), (0..<dotHeight).contains(y) else { return }
    let top = dotHeight - 1 - y
    let place = isUnicode ? top / 4 * width + x / 2 : top * width + x
    let bit = isUnicode ? Self.bits[x % 2][top % 4] : 1
    if isAid { aids[place] |= bit } else { marks[place] |= bit }
  }

  /// Sets the dots of a straight line, each `stepCount`-th of them.
  mutating func join(
    _ from: (x: Int, y: Int), _ to: (x: Int, y: Int), every stepCount: Int = 1, isAid: Bool = false
  ) {
    let length = max(abs(to.x - from.x), abs(to.y - from.y))
    for step in stride(from: 0, through: length, by: stepCount) {
      let share = length == 0 ? 0 : Double(step) / Double(length)
      set(
        from.x + Int((Double(to.x - from.x) * share).rounded()),
        from.y + Int((Double(to.y - from.y) * share).rounded()), isAid: isAid)
    }
  }

  /// Adds one line of text from the top.
  func add(row: Int, to line: inout DrawingLine) {
    for column in 0..<width {
      let (mark, aid) = (marks[row * width + column], aids[row * width + column])
      let paint: DrawingLine.Paint = mark != 0 ? .mark : aid != 0 ? .faint : .plain
      line.add(text(mark, aid), paint)
    }
  }

  private func text(_ mark: UInt8, _ aid: UInt8) -> String {
    if mark | aid == 0 { return " " }
    guard isUnicode else { return mark != 0 ? "*" : "." }
    return String(UnicodeScalar(0x2800 + UInt32(mark | aid)).map(Character.init) ?? " ")
  }
}
