/// Which columns of a table stand on a terminal, and how wide.
///
/// A table that is too wide first gives up the width of its long texts, then its details and its other
/// columns, the last first.
struct TableLayout {
  /// The narrowest a long text is cut to.
  static let cutWidthMin = 16
  /// The widest a text stays when the table is too wide.
  static let cutWidths = [60, 40, 28, 20, cutWidthMin]

  /// Positions of the shown columns and the width of each.
  private(set) var columns: [(index: Int, width: Int)]
  /// Positions of the columns left out.
  private(set) var hidden: [Int]

  /// Lays out columns of the given natural widths.
  ///
  /// - Parameters:
  ///   - isDetail: Which columns are given up before others; never the first.
  ///   - frame: Columns that the drawing takes: at both ends together, and between two columns.
  ///   - widthMax: The terminal's columns; nil is no limit.
  init(
    widths: [Int], headerWidths: [Int], isCuttable: [Bool], isDetail: [Bool],
    frame: (ends: Int, between: Int), widthMax: Int?
  ) {
    columns = widths.enumerated().map { (index: $0.offset, width: $0.element) }
    hidden = []
    guard let widthMax else { return }
    func total() -> Int {
      columns.reduce(frame.ends + frame.between * max(0, columns.count - 1)) { $0 + $1.width }
    }
    func cut(to cutWidth: Int) {
      for (position, column) in columns.enumerated() where isCuttable[column.index] {
        let least = max(cutWidth, min(headerWidths[column.index], widthMax))
        columns[position].width = min(widths[column.index], least)
      }
    }
    if total() <= widthMax { return }
    cut(to: Self.cutWidthMin)
    while columns.count > 1, total() > widthMax {
      let detail = columns.lastIndex { $0.index > 0 && isDetail[$0.index] }
      hidden.append(columns.remove(at: detail ?? columns.count - 1).index)
    }
    hidden.sort()
    // What the columns that are left can have, they get.
    for width in Self.cutWidths {
      cut(to: width)
      if total() <= widthMax {
        giveRoom(widthMax - total(), widths)
        return
      }
    }
    if let last = columns.indices.last { columns[last].width = max(1, widthMax - frame.ends) }
  }

  /// Gives what is left of the terminal to the texts that were cut, evenly.
  private mutating func giveRoom(_ room: Int, _ widths: [Int]) {
    var room = room
    while room > 0 {
      let cut = columns.indices.filter { columns[$0].width < widths[columns[$0].index] }
      guard !cut.isEmpty else { return }
      for position in cut.prefix(room) {
        columns[position].width += 1
        room -= 1
      }
    }
  }
}
