/// A small model of a terminal's screen: takes what a program writes, and holds what a person sees.
///
/// Knows the sequences that libedit and rapport write: CSI A–H J K P @ m and d, ESC 7/8, wrap at the
/// last column, scrolling, and the width of wide characters.
package struct PTYScreen {
  /// One place of the screen.
  package struct Cell: Equatable, Sendable {
    /// What stands there; empty right of a wide character.
    package var text = " "
    /// The codes of its colours.
    package var style = ""
  }

  /// One row of the screen.
  private struct Row {
    var cells: [Cell]
    /// Whether it goes on with the line of the row above, which came to the screen's edge.
    var isContinued = false

    init(columns: Int) { cells = Array(repeating: Cell(), count: columns) }

    var text: String { cells.map(\.text).joined() }
  }

  /// Columns.
  package private(set) var columns: Int
  /// Rows.
  package private(set) var rows: Int
  /// The cursor's place, from 0.
  package private(set) var cursor = (row: 0, column: 0)
  /// Whether the program asked for pastes to be bracketed.
  package private(set) var bracketsPastes = false
  /// Control characters and sequences that came and are none of those that it knows.
  package private(set) var strays: Set<String> = []

  /// Lines that scrolled out at the top, without spaces at their ends unless the last goes on.
  private var scrolledOut: [String] = []
  private var grid: [Row]
  private var style = ""
  private var saved = (row: 0, column: 0)
  private var wrapsNext = false
  private var pending: [UInt8] = []

  /// Makes an empty screen.
  package init(columns: Int, rows: Int) {
    self.columns = columns
    self.rows = rows
    grid = Array(repeating: Row(columns: columns), count: rows)
  }

  /// The visible rows, without spaces at their ends.
  package var lines: [String] { grid.map { Self.trimmed($0.text) } }

  /// Everything that was ever a line, the visible ones last, without empty lines at the end. A line
  /// that came to the screen's edge and went on below is one.
  package var text: String {
    var all = scrolledOut
    let visible = linesOfCells.map { $0.map(\.text).joined() }
    if grid[0].isContinued, let open = all.popLast() {
      all.append(Self.trimmed(open + visible[0]))
      all += visible.dropFirst().map(Self.trimmed)
    } else {
      all += visible.map(Self.trimmed)
    }
    while all.last == "" { all.removeLast() }
    return all.joined(separator: "\n")
  }

  /// The text with single spaces for all line ends and spaces: words, however their lines broke.
  package var words: String { Self.words(of: text) }

  /// A text with single spaces between its words.
  package static func words(of text: String) -> String {
    text.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
  }

  /// The line with the cursor, in all its rows.
  package var cursorLine: String {
    var start = cursor.row
    while start > 0, grid[start].isContinued { start -= 1 }
    var text = grid[start].text
    for row in grid[(start + 1)...].prefix(while: \.isContinued) { text += row.text }
    return Self.trimmed(text)
  }

  /// The style of the first place where `text` stands in a visible line.
  package func style(of text: String) -> String? {
    for line in linesOfCells {
      if let found = line.indices.first(where: { Self.stands(text, in: line[$0...]) }) {
        return line[found].style
      }
    }
    return nil
  }

  /// The style of the last place where `text` stands in a visible line.
  package func lastStyle(of text: String) -> String? {
    for line in linesOfCells.reversed() {
      if let found = line.indices.last(where: { Self.stands(text, in: line[$0...]) }) {
        return line[found].style
      }
    }
    return nil
  }

  /// The cells of each visible line, in all its rows.
  private var linesOfCells: [[Cell]] {
    var lines: [[Cell]] = []
    for row in grid {
      if row.isContinued, !lines.isEmpty {
        lines[lines.count - 1] += row.cells
      } else {
        lines.append(row.cells)
      }
    }
    return lines
  }

  private static func stands(_ text: String, in cells: ArraySlice<Cell>) -> Bool {
    var rest = text[...]
    for cell in cells where !rest.isEmpty {
      guard rest.hasPrefix(cell.text) else { return false }
      rest = rest.dropFirst(cell.text.count)
    }
    return rest.isEmpty
  }

  /// Takes what the program wrote; a sequence cut in two waits for its rest.
  package mutating func take(_ bytes: some Sequence<UInt8>) {
    pending += bytes
    var place = 0
    while place < pending.count {
      guard let next = step(at: place) else { break }
      place = next
    }
    pending.removeFirst(place)
  }

  /// Changes the size, as a terminal without reflow does.
  package mutating func resize(columns: Int, rows: Int) {
    while cursor.row >= rows { scrollUp() }
    for row in grid.indices {
      let cells = grid[row].cells.prefix(columns)
      grid[row].cells = cells + Array(repeating: Cell(), count: columns - cells.count)
    }
    grid = Array(grid.prefix(rows))
    while grid.count < rows { grid.append(Row(columns: columns)) }
    (self.columns, self.rows) = (columns, rows)
    cursor.column = min(cursor.column, columns - 1)
    wrapsNext = false
  }

  /// Handles what stands at `place`; gives the place after it, or nil when its end has not come.
  private mutating func step(at place: Int) -> Int? {
    let byte = pending[place]
    switch byte {
    case 0x1B: return escape(at: place)
    case 0x0D:
      cursor.column = 0
      wrapsNext = false
    case 0x0A: lineFeed()
    case 0x08:
      cursor.column = max(0, cursor.column - 1)
      wrapsNext = false
    case 0x09: cursor.column = min(columns - 1, (cursor.column / 8 + 1) * 8)
    case 0x07: break
    case 0..<0x20, 0x7F: strays.insert(String(Unicode.Scalar(byte)))
    default:
      let length = byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
      guard place + length <= pending.count else { return nil }
      put(String(decoding: pending[place..<place + length], as: UTF8.self))
      return place + length
    }
    return place + 1
  }

  private mutating func escape(at place: Int) -> Int? {
    guard place + 1 < pending.count else { return nil }
    switch pending[place + 1] {
    case UInt8(ascii: "["):
      guard let end = pending[(place + 2)...].firstIndex(where: { $0 >= 0x40 && $0 <= 0x7E })
      else { return nil }
      control(String(decoding: pending[place + 2..<end], as: UTF8.self), pending[end])
      return end + 1
    case UInt8(ascii: "7"): saved = cursor
    case UInt8(ascii: "8"): cursor = saved
    case UInt8(ascii: "M"): cursor.row = max(0, cursor.row - 1)
    case UInt8(ascii: "="), UInt8(ascii: ">"): break
    default: strays.insert(String(decoding: pending[place...].prefix(8), as: UTF8.self))
    }
    return place + 2
  }

  private mutating func control(_ parameters: String, _ final: UInt8) {
    if parameters.hasPrefix("?") {
      if parameters == "?2004" { bracketsPastes = final == UInt8(ascii: "h") }
      return
    }
    let numbers = parameters.split(separator: ";", omittingEmptySubsequences: false).map {
      Int($0) ?? 0
    }
    let count = max(1, numbers.first ?? 1)
    wrapsNext = false
    switch Character(Unicode.Scalar(final)) {
    case "A": cursor.row = max(0, cursor.row - count)
    case "B": cursor.row = min(rows - 1, cursor.row + count)
    case "C": cursor.column = min(columns - 1, cursor.column + count)
    case "D": cursor.column = max(0, cursor.column - count)
    case "G": cursor.column = min(columns - 1, count - 1)
    case "d": cursor.row = min(rows - 1, count - 1)
    case "H":
      cursor.row = min(rows - 1, count - 1)
      cursor.column = min(columns - 1, max(1, numbers.count > 1 ? numbers[1] : 1) - 1)
    case "J": eraseScreen(numbers.first ?? 0)
    case "K": eraseLine(numbers.first ?? 0)
    case "P":
      grid[cursor.row].cells.removeSubrange(
        cursor.column..<min(columns, cursor.column + count))
      while grid[cursor.row].cells.count < columns { grid[cursor.row].cells.append(Cell()) }
    case "@":
      grid[cursor.row].cells.insert(
        contentsOf: Array(repeating: Cell(), count: count), at: cursor.column)
      grid[cursor.row].cells = Array(grid[cursor.row].cells.prefix(columns))
    case "m": style = parameters == "0" || parameters.isEmpty ? "" : parameters
    default: strays.insert("\u{1B}[" + parameters + String(Unicode.Scalar(final)))
    }
  }

  private mutating func put(_ text: String) {
    if let scalar = text.unicodeScalars.first, (0x80..<0xA0).contains(scalar.value) {
      strays.insert(text)
    }
    let width = Self.width(text)
    if width == 0 {
      let column = wrapsNext ? cursor.column : max(0, cursor.column - 1)
      grid[cursor.row].cells[column].text += text
      return
    }
    if wrapsNext || cursor.column + width > columns {
      cursor.column = 0
      lineFeed()
      grid[cursor.row].isContinued = true
      wrapsNext = false
    }
    grid[cursor.row].cells[cursor.column] = Cell(text: text, style: style)
    if width == 2 { grid[cursor.row].cells[cursor.column + 1] = Cell(text: "", style: style) }
    cursor.column += width
    if cursor.column >= columns {
      cursor.column = columns - 1
      wrapsNext = true
    }
  }

  private mutating func lineFeed() {
    if cursor.row + 1 < rows { cursor.row += 1 } else { scrollUp(keepingCursor: true) }
  }

  private mutating func scrollUp(keepingCursor: Bool = false) {
    let row = grid.removeFirst()
    let start = row.isContinued ? scrolledOut.popLast() ?? "" : ""
    let goesOn = grid.first?.isContinued == true
    scrolledOut.append(goesOn ? start + row.text : Self.trimmed(start + row.text))
    grid.append(Row(columns: columns))
    if !keepingCursor { cursor.row = max(0, cursor.row - 1) }
  }

  private mutating func eraseScreen(_ mode: Int) {
    switch mode {
    case 0:
      eraseLine(0)
      for row in grid.indices where row > cursor.row { grid[row] = Row(columns: columns) }
    case 1:
      eraseLine(1)
      for row in grid.indices where row < cursor.row { grid[row] = Row(columns: columns) }
    default: grid = Array(repeating: Row(columns: columns), count: rows)
    }
  }

  private mutating func eraseLine(_ mode: Int) {
    let from = mode == 0 ? cursor.column : 0
    let through = mode == 1 ? cursor.column : columns - 1
    guard from <= through else { return }
    for column in from...through { grid[cursor.row].cells[column] = Cell() }
    if from == 0 { grid[cursor.row].isContinued = false }
  }

  private static func trimmed(_ text: String) -> String {
    var text = text
    while text.last == " " { text.removeLast() }
    return text
  }

  private static func width(_ text: String) -> Int {
    guard let scalar = text.unicodeScalars.first else { return 0 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF,
      0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1FAFF,
      0x20000...0x3FFFD:
      return 2
    default: return 1
    }
  }
}

extension String {
  fileprivate func range(of text: String) -> Range<String.Index>? { firstRange(of: text) }
}
