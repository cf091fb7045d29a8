import Engine

/// Draws lanes of events over one axis of dates: a dot is one event, a figure several, `+` ten or more.
struct TimelinePrinter {
  /// What may be used.
  let style: DrawingStyle

  /// The widest a lane gets.
  static let widthMax = 120

  /// The lines of a timeline.
  func lines(of timeline: Drawing.Timeline) -> [DrawingLine] {
    let title =
      timeline.title.isEmpty ? [] : [DrawingLine(style.name(timeline.title), .title)]
    guard !timeline.lanes.isEmpty else { return title + [DrawingLine("nothing to draw", .faint)] }
    let names = timeline.lanes.map { style.name($0.label) }
    let counts = timeline.lanes.map { ValueText.grouped($0.days.count) }
    let labelWidth = min(names.map(DisplayWidth.of).max() ?? 0, style.width / 3)
    let countWidth = counts.map(\.utf8.count).max() ?? 0
    let left = labelWidth + 2 + countWidth + 2
    let width = max(4, min(style.width - left, Self.widthMax))
    let lanes = timeline.lanes.indices.map { lane in
      var line = DrawingLine(style.column(names[lane], labelWidth) + "  ")
      line.add(DisplayWidth.pad(counts[lane], to: countWidth, isRight: true) + "  ")
      draw(timeline.lanes[lane].days, of: timeline.days, width, on: &line)
      return line
    }
    let (low, high) = (Double(timeline.days.lowerBound), Double(timeline.days.upperBound))
    let ticks = DateTicks.ticks(from: low, through: high, countMax: max(2, width / 12)).map {
      (column: Self.column(of: Int($0.value), in: timeline.days, width), label: $0.label)
    }
    return title + lanes
      + AxisRule(left: left, width: width, style: style).lines(ticks, hasCorner: false)
  }

  private func draw(
    _ days: [Int], of range: ClosedRange<Int>, _ width: Int, on line: inout DrawingLine
  ) {
    var counts = [Int](repeating: 0, count: width)
    for day in days where range.contains(day) {
      counts[Self.column(of: day, in: range, width)] += 1
    }
    for count in counts {
      switch count {
      case 0: line.add(style.isUnicode ? "·" : ".", .faint)
      case 1: line.add(style.isUnicode ? "●" : "o", .mark)
      case 2...9: line.add(String(count), .mark)
      default: line.add("+", .mark)
      }
    }
  }

  /// The column that a day of the range falls in.
  static func column(of day: Int, in range: ClosedRange<Int>, _ width: Int) -> Int {
    let share =
      (Double(day) - Double(range.lowerBound))
      / (Double(range.upperBound) - Double(range.lowerBound) + 1)
    return min(width - 1, max(0, Int(share * Double(width))))
  }
}
