import Engine
import Store

/// Prints the sections of `explain`: sentences, the funnel of rows, the plan, a statement of SQL.
struct ExplainPrinter {
  /// The colours.
  let style: Style
  /// The terminal's width; nil is no limit.
  let widthMax: Int?
  /// Whether bars are drawn.
  let hasBars: Bool

  /// Prints the rows of a section in the way of its kind.
  func print(_ rows: ShownRows, _ hint: Section.DisplayHint, to output: Output) {
    switch hint {
    case .plan: PlanPrinter(style: style, widthMax: widthMax).print(rows, to: output)
    case .funnel:
      FunnelPrinter(style: style, widthMax: widthMax, hasBars: hasBars).print(rows, to: output)
    case .sentences, .statement:
      // What is to be copied stays as it is.
      let widthMax = hint == .sentences ? widthMax : nil
      for row in 0..<rows.count {
        for line in BrokenText.lines(rows.text(row, 0) ?? "", widthMax: widthMax) {
          output.writeLine(line)
        }
      }
    case .table, .drawing, .profile: preconditionFailure("'explain' has no such section")
    }
  }
}

extension Section.DisplayHint {
  /// Whether it is a section of `explain`, which is shown whole.
  var isOfExplain: Bool {
    switch self {
    case .plan, .sentences, .funnel, .statement: true
    case .table, .drawing, .profile: false
    }
  }
}
