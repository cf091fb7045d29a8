import Store

/// Takes the rows of a statement into vectors. The statement's columns are the layout's fields, in
/// order.
struct RowReader {
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
  private var lanes: [Lane]
  /// Rows taken so far.
  private(set) var count = 0
  /// The cells that could not be taken; they are unknown in the vectors.
  private(set) var badCells: [BadCell] = []

  /// Makes a reader that expects about so many rows.
  init(_ layout: TableLayout, expecting rowCount: Int) {
    self.layout = layout
    lanes = layout.fields.map { Lane($0.form, expecting: rowCount) }
  }

  /// Takes the row on which the statement stands.
  mutating func take(_ statement: Statement) {
    for place in lanes.indices {
      if !lanes[place].take(statement.cell(place)) { note(place, statement) }
    }
    if lanes[layout.key].isLastUnknown { note(layout.key, statement) }
    count &+= 1
  }

  /// The rows taken, and none are left here.
  mutating func finish() -> StoredRows {
    let rows = StoredRows(count: count, cells: lanes.indices.map { lanes[$0].finish() })
    count = 0
    badCells = []
    return rows
  }

  /// The key of a row taken, for messages.
  func key(_ row: Int) -> String { lanes[layout.key].text(row) }

  private mutating func note(_ place: Int, _ statement: Statement) {
    if badCells.last?.row == count, badCells.last?.field == place { return }
    let found =
      switch statement.kind(place) {
      case .null: "NULL"
      case .integer: String(statement.integer(place))
      case .real: String(statement.real(place))
      case .text: "'" + statement.bytes(place).string.shortened + "'"
      case .blob: "a blob"
      }
    badCells.append(BadCell(row: count, field: place, found: found))
  }
}

extension String {
  /// At most 40 characters, in one line.
  fileprivate var shortened: String {
    let line = String(prefix(40).map { $0.isNewline ? " " : $0 })
    return utf8.count > line.utf8.count ? line + "…" : line
  }
}

/// The cells of one field that were read so far.
private struct Lane {
  private let form: StoredField.Form
  private var words: [Int64] = []
  private var reals: [Double] = []
  private var texts = TextBlock()
  /// The rows whose cell is unknown.
  private var unknownRows: [Int] = []

  init(_ form: StoredField.Form, expecting rowCount: Int) {
    self.form = form
    switch form {
    case .text, .reference(_, isText: true): texts.ends.reserveCapacity(rowCount)
    case .number: reals.reserveCapacity(rowCount)
    default: words.reserveCapacity(rowCount)
    }
  }

  private var count: Int {
    switch form {
    case .text, .reference(_, isText: true): texts.ends.count
    case .number: reals.count
    default: words.count
    }
  }

  @inline(__always)
  var isLastUnknown: Bool { !unknownRows.isEmpty && unknownRows.last == count - 1 }

  /// Takes a cell; false, and the value is unknown, when it does not fit the field.
  @inline(__always)
  mutating func take(_ cell: Cell) -> Bool {
    let kind = cell.kind
    switch form {
    case .integer, .reference(_, isText: false):
      if kind == .integer { return takeWord(cell.integer) }
    case .text, .reference(_, isText: true):
      if kind == .text { return takeText(cell.bytes) }
    case .money:
      if kind == .real, let minor = Self.minor(cell.real) { return takeWord(minor) }
    case .date:
      if kind == .text, let day = ISOText.day(cell.bytes) { return takeWord(day) }
    case .choice(let names):
      if kind == .text, let code = names.code(of: cell.bytes) { return takeWord(code) }
    case .flag:
      if kind == .integer, case let flag = cell.integer, flag == 0 || flag == 1 {
        return takeWord(flag)
      }
    case .number:
      if kind == .real {
        reals.append(cell.real)
        return true
      }
    case .time:
      if kind == .text, let second = ISOText.second(cell.bytes) { return takeWord(second) }
    }
    takeUnknown()
    return kind == .null
  }

  @inline(__always)
  private mutating func takeWord(_ word: Int64) -> Bool {
    words.append(word)
    return true
  }

  @inline(__always)
  private mutating func takeText(_ cell: CellBytes) -> Bool {
    guard cell.count <= Limits.textByteCountMax, cell.isUTF8 else {
      takeUnknown()
      return false
    }
    cell.append(to: &texts.bytes)
    texts.ends.append(texts.bytes.count)
    return true
  }

  private mutating func takeUnknown() {
    unknownRows.append(count)
    switch form {
    case .text, .reference(_, isText: true): texts.ends.append(texts.bytes.count)
    case .number: reals.append(0)
    default: words.append(0)
    }
  }

  /// An amount in cents, if it is one: within a hundredth of a cent of two decimals, as sums that
  /// another program made with doubles may be.
  @inline(__always)
  static func minor(_ real: Double) -> Int64? {
    let rounded = (real * 100).rounded(.toNearestOrEven)
    guard abs(rounded) <= Double(Limits.moneyMinorMax), abs(real - rounded / 100) <= 0.0001 else {
      return nil
    }
    return Int64(rounded)
  }

  mutating func finish() -> Vector {
    var known = [UInt8](repeating: 0x80, count: count)
    for row in unknownRows { known[row] = 0 }
    defer {
      unknownRows = []
      words = []
      reals = []
      texts = TextBlock()
    }
    return switch form {
    case .text, .reference(_, isText: true): Vector(texts: texts, known: known)
    case .number: Vector(reals: reals, known: known)
    default: Vector(words: words, known: known)
    }
  }

  func text(_ row: Int) -> String {
    guard !unknownRows.contains(row) else { return "NULL" }
    return switch form {
    case .text, .reference(_, isText: true): "'" + texts[row].shortened + "'"
    default: String(words[row])
    }
  }
}
