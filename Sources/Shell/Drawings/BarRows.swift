import Engine

/// What stands before bars, in columns: label, value, remark.
struct BarRows {
  /// Columns before the bars.
  private(set) var left = 0

  private let style: DrawingStyle
  private let title: String
  private var labels: [String]
  private var values: [String] = []
  private var remarks: [String] = []
  private var labelWidth = 0
  private var valueWidth = 0
  private var remarkWidth = 0

  /// Writes values as long as a third of the width stays for the bars.
  init(_ bars: Drawing.Bars, _ style: DrawingStyle) {
    self.style = style
    title = bars.title
    labels = bars.bars.map { style.name($0.label) }
    labelWidth = min(labels.map(DisplayWidth.of).max() ?? 0, style.width * 2 / 5)
    for length in DrawingNumber.Length.allCases {
      write(bars, length)
      if style.width - left >= style.width / 3 { return }
    }
    if style.width - left < 4 { labelWidth = max(4, labelWidth - 4 + style.width - left) }
    left = leftWidth
  }

  /// The heading, if there is one.
  var titleLines: [DrawingLine] {
    title.isEmpty ? [] : [DrawingLine(style.name(title), .title)]
  }

  /// What stands in place of no bars.
  var emptyLines: [DrawingLine] { [DrawingLine("nothing to draw", .faint)] }

  /// What stands before the bar of a row.
  func head(of row: Int) -> DrawingLine {
    var line = DrawingLine(style.column(labels[row], labelWidth))
    line.add("  ")
    let isUnknown = values[row] == style.unknown
    line.add(
      DisplayWidth.pad(values[row], to: valueWidth, isRight: true), isUnknown ? .faint : .plain)
    if remarkWidth > 0 {
      line.add("  " + DisplayWidth.pad(remarks[row], to: remarkWidth, isRight: true))
    }
    return line
  }

  private var leftWidth: Int {
    labelWidth + 2 + valueWidth + (remarkWidth > 0 ? 2 + remarkWidth : 0) + 2
  }

  private mutating func write(_ bars: Drawing.Bars, _ length: DrawingNumber.Length) {
    values = bars.bars.map { bar in
      bar.value.drawable.map { DrawingNumber.text($0, bars.form, length) } ?? style.unknown
    }
    remarks = bars.bars.map { bar in
      guard let (value, form) = bar.remark else { return "" }
      return Double?(value).drawable.map { DrawingNumber.text($0, form, length) } ?? style.unknown
    }
    valueWidth = values.map(DisplayWidth.of).max() ?? 0
    remarkWidth = remarks.map(DisplayWidth.of).max() ?? 0
    left = leftWidth
  }
}
