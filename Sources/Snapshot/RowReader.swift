import Store

/// Takes the rows of a statement into vectors. The statement's columns are the layout's fields, in
/// order. It can be used again after `finish`, and keeps its room.
final class RowReader {
  /// A cell that holds what its field cannot.
  struct BadCell {
    /// Which row of those read.
    var row: Int
    /// The place of its field in the layout; the key's when the key itself is none.
    var field: Int
    /// What was found, in words.
    var found: String
  }

  private let layout: TableLayout
  private let lanes: RowLanes
  /// The cells that could not be taken; they are unknown in the vectors.
  private(set) var badCells: [BadCell] = []

  /// Makes a reader that expects about so many rows.
  init(_ layout: TableLayout, expecting rowCount: Int) {
    self.layout = layout
    lanes = RowLanes(layout, rowCount: rowCount)
  }

  /// Rows taken so far.
  @inline(__always)
  var count: Int { lanes.count }

  /// Takes the row on which the statement stands; false when it has bad cells.
  @inline(__always)
  @discardableResult
  func take(_ statement: Statement) -> Bool {
    let isSound = lanes.take(statement)
    if isSound, lanes.isKnown(lanes.count &- 1, layout.key) { return true }
    noteBadCells(statement)
    return false
  }

  /// The rows taken, and none are left here.
  func finish() -> StoredRows {
    let count = count
    badCells = []
    return StoredRows(count: count, cells: lanes.finish())
  }

  /// Forgets the rows taken.
  func clear() {
    badCells = []
    _ = lanes.finish()
  }

  /// The integer key of the row taken last; nil when it has none.
  @inline(__always)
  var lastKey: Int64? {
    let row = lanes.count &- 1
    guard !layout.isTextKeyed, lanes.isKnown(row, layout.key) else { return nil }
    return lanes.word(row, layout.key)
  }

  /// The key of a row taken, for messages.
  func key(_ row: Int) -> String {
    switch lanes.scalar(row, layout.key) {
    case .unknown: "NULL"
    case .text(let text): "'" + text.shortened + "'"
    case .word(let word): String(word)
    case .real(let real): String(real)
    }
  }

  @inline(never)
  private func noteBadCells(_ statement: Statement) {
    let row = count - 1
    for place in layout.fields.indices
    where !lanes.isKnown(row, place) && statement.kind(place) != .null {
      note(place, row, statement)
    }
    if !lanes.isKnown(row, layout.key) { note(layout.key, row, statement) }
  }

  private func note(_ place: Int, _ row: Int, _ statement: Statement) {
    if badCells.last?.row == row, badCells.last?.field == place { return }
    let found =
      switch statement.kind(place) {
      case .null: "NULL"
      case .integer: String(statement.integer(place))
      case .real: String(statement.real(place))
      case .text: "'" + statement.bytes(place).string.shortened + "'"
      case .blob: "a blob"
      }
    badCells.append(BadCell(row: row, field: place, found: found))
  }
}

extension String {
  /// At most 40 characters, in one line.
  fileprivate var shortened: String {
    let line = String(prefix(40).map { $0.isNewline ? " " : $0 })
    return utf8.count > line.utf8.count ? line + "…" : line
  }
}
