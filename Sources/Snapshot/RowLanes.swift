import Glibc
import Store

/// The cells of rows that were read, one lane a field, in room that is made beforehand and kept: a
/// cell is written by its row and costs no look at an array's owner.
final class RowLanes {
  /// Rows taken so far.
  private(set) var count = 0
  private var capacity: Int
  private let lanes: UnsafeMutablePointer<Lane>
  private let laneCount: Int

  /// Makes room for so many rows of a table; more is made when they come.
  init(_ layout: TableLayout, rowCount: Int) {
    precondition(!layout.fields.isEmpty, "a table without a column")
    capacity = max(16, rowCount)
    laneCount = layout.fields.count
    lanes = .allocate(capacity: laneCount)
    for (place, field) in layout.fields.enumerated() {
      (lanes + place).initialize(to: Lane(field.form, rowCount: capacity))
    }
  }

  deinit {
    for place in 0..<laneCount { lanes[place].free() }
    lanes.deallocate()
  }

  /// Takes the row on which the statement stands, whose columns are the fields; false when some cell
  /// is not what its field holds. Such a cell is unknown.
  @inline(__always)
  func take(_ statement: Statement) -> Bool {
    let row = count
    if row == capacity { grow() }
    find(statement)
    var isSound = true
    let lanes = lanes
    for place in 0..<laneCount where !lanes[place].take(row) { isSound = false }
    count = row &+ 1
    return isSound
  }

  /// SQLite keeps the cells of a row side by side, and those of the next row where the last one had
  /// them. So they are looked up once, and the first and the last tell whether they still stand there.
  @inline(__always)
  private func find(_ statement: Statement) {
    let last = laneCount &- 1
    let isSame =
      count > 0 && lanes[0].cell == statement.cell(0) && lanes[last].cell == statement.cell(last)
    if isSame { return }
    for place in 0..<laneCount { lanes[place].cell = statement.cell(place) }
  }

  private func grow() {
    for place in 0..<laneCount { lanes[place].grow(count, to: 2 * capacity) }
    capacity *= 2
  }

  /// Whether a cell of a row taken is known.
  @inline(__always)
  func isKnown(_ row: Int, _ place: Int) -> Bool {
    precondition(row >= 0 && row < count && place >= 0 && place < laneCount, "no cell taken")
    return lanes[place].known[row] != 0
  }

  /// A known cell of a row taken as an integer, if its field has any but texts and numbers.
  @inline(__always)
  func word(_ row: Int, _ place: Int) -> Int64 {
    precondition(row >= 0 && row < count && place >= 0 && place < laneCount, "no cell taken")
    return lanes[place].words[row]
  }

  /// A cell of a row taken, for messages.
  func scalar(_ row: Int, _ place: Int) -> Scalar {
    guard isKnown(row, place) else { return .unknown }
    let lane = lanes[place]
    switch lane.form {
    case .text: return .text(lane.text(row))
    case .number: return .real(Double(bitPattern: UInt64(bitPattern: lane.words[row])))
    default: return .word(lane.words[row])
    }
  }

  /// The rows taken, one vector a lane; no row is left.
  func finish() -> [Vector] {
    let vectors = (0..<laneCount).map { lanes[$0].vector(count) }
    for place in 0..<laneCount { lanes[place].byteCount = 0 }
    count = 0
    return vectors
  }
}

/// The cells of one field.
private struct Lane {
  enum Form: UInt8 {
    case integer, text, money, date, choice, flag, number, time
  }

  /// A name of a choice; the bytes follow those of the others.
  struct Name {
    let prefix: UInt64
    let byteCount: Int
    let bytes: UnsafeMutablePointer<UInt8>
  }

  let form: Form
  /// Where SQLite has the cell of the present row.
  var cell = Cell.nowhere
  /// Integers, the bits of numbers, or where texts end; 0, or the end before, where unknown.
  private(set) var words: UnsafeMutablePointer<Int64>
  /// 0x80 or 0.
  private(set) var known: UnsafeMutablePointer<UInt8>
  private var bytes: UnsafeMutablePointer<UInt8>
  var byteCount = 0
  private var byteCapacity = 0
  private let names: UnsafeMutablePointer<Name>
  private let nameCount: Int

  init(_ form: StoredField.Form, rowCount: Int) {
    words = .allocate(capacity: rowCount)
    known = .allocate(capacity: rowCount)
    var all: [[UInt8]] = []
    switch form {
    case .integer, .reference(_, isText: false): self.form = .integer
    case .text, .reference(_, isText: true):
      self.form = .text
      byteCapacity = 16 * rowCount
    case .money: self.form = .money
    case .date: self.form = .date
    case .choice(let choice):
      self.form = .choice
      all = choice.names
    case .flag: self.form = .flag
    case .number: self.form = .number
    case .time: self.form = .time
    }
    bytes = .allocate(capacity: byteCapacity)
    nameCount = all.count
    names = .allocate(capacity: all.count)
    for (code, name) in all.enumerated() {
      let copy = UnsafeMutablePointer<UInt8>.allocate(capacity: name.count)
      copy.initialize(from: name, count: name.count)
      let cell = CellBytes(copy, count: name.count)
      (names + code).initialize(
        to: Name(prefix: cell.prefix, byteCount: name.count, bytes: copy))
    }
  }

  func free() {
    words.deallocate()
    known.deallocate()
    bytes.deallocate()
    for code in 0..<nameCount { names[code].bytes.deallocate() }
    names.deallocate()
  }

  mutating func grow(_ count: Int, to capacity: Int) {
    words = Self.moved(words, count, to: capacity)
    known = Self.moved(known, count, to: capacity)
  }

  private static func moved<Element: BitwiseCopyable>(
    _ old: UnsafeMutablePointer<Element>, _ count: Int, to capacity: Int
  ) -> UnsafeMutablePointer<Element> {
    let new = UnsafeMutablePointer<Element>.allocate(capacity: capacity)
    new.initialize(from: old, count: count)
    old.deallocate()
    return new
  }

  // MARK: taking

  /// Takes the cell as that of a row; false, and it is unknown, when it does not fit the field.
  @inline(__always)
  mutating func take(_ row: Int) -> Bool {
    let kind = cell.kind
    let word: Int64? =
      switch form {
      case .integer: kind == .integer ? cell.integer : nil
      case .text: kind == .text ? taken(cell.bytes) : nil
      case .money: kind == .real ? Self.minor(cell.real) : nil
      case .date: kind == .text ? ISOText.day(cell.bytes) : nil
      case .choice: kind == .text ? code(of: cell.bytes) : nil
      case .flag: kind == .integer && (0...1).contains(cell.integer) ? cell.integer : nil
      case .number: kind == .real ? Int64(bitPattern: cell.real.bitPattern) : nil
      case .time: kind == .text ? ISOText.second(cell.bytes) : nil
      }
    guard let word else {
      words[row] = form == .text ? Int64(byteCount) : 0
      known[row] = 0
      return kind == .null
    }
    words[row] = word
    known[row] = 0x80
    return true
  }

  /// Adds a text, and tells where it ends.
  @inline(__always)
  private mutating func taken(_ cell: CellBytes) -> Int64? {
    guard cell.count <= Limits.textByteCountMax else { return nil }
    if byteCount &+ cell.count > byteCapacity { makeRoom(cell.count) }
    guard cell.copyIfUTF8(to: bytes + byteCount) else { return nil }
    byteCount &+= cell.count
    return Int64(byteCount)
  }

  @inline(never)
  private mutating func makeRoom(_ added: Int) {
    byteCapacity = max(byteCount + added, 2 * byteCapacity)
    bytes = Self.moved(bytes, byteCount, to: byteCapacity)
  }

  /// The code of a name, which is written exactly so.
  @inline(__always)
  private func code(of cell: CellBytes) -> Int64? {
    let prefix = cell.prefix
    for code in 0..<nameCount
    where names[code].prefix == prefix && names[code].byteCount == cell.count {
      if cell.count <= 8 || cell.equals(names[code].bytes) { return Int64(code) }
    }
    return nil
  }

  /// An amount in cents, if it is one: within a hundredth of a cent of two decimals, as sums that
  /// another program made with doubles may be.
  @inline(__always)
  private static func minor(_ real: Double) -> Int64? {
    let rounded = (real * 100).rounded(.toNearestOrEven)
    guard abs(rounded) <= Double(Limits.moneyMinorMax), abs(real - rounded / 100) <= 0.0001 else {
      return nil
    }
    return Int64(rounded)
  }

  // MARK: giving

  func vector(_ count: Int) -> Vector {
    let known = Array(UnsafeBufferPointer(start: known, count: count))
    switch form {
    case .text:
      var texts = TextBlock()
      texts.bytes = Array(UnsafeBufferPointer(start: bytes, count: byteCount))
      texts.ends = Self.copied(words, count, of: Int.self)
      return Vector(texts: texts, known: known)
    case .number: return Vector(reals: Self.copied(words, count, of: Double.self), known: known)
    default: return Vector(words: Self.copied(words, count, of: Int64.self), known: known)
    }
  }

  /// Words as another type of as many bits.
  private static func copied<Element: BitwiseCopyable>(
    _ words: UnsafeMutablePointer<Int64>, _ count: Int, of type: Element.Type
  ) -> [Element] {
    words.withMemoryRebound(to: type, capacity: count) {
      Array(UnsafeBufferPointer(start: $0, count: count))
    }
  }

  func text(_ row: Int) -> String {
    let start = row == 0 ? 0 : Int(words[row - 1])
    let text = UnsafeBufferPointer(start: bytes + start, count: Int(words[row]) - start)
    return String(decoding: text, as: UTF8.self)
  }
}
