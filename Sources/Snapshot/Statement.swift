import CSQLite
import Glibc
import Store

/// A prepared statement: bound, stepped, read, reset. Columns and parameters count from 0.
final class Statement {
  /// What a cell of the present row holds.
  enum Kind {
    case null, integer, real, text, blob
  }

  private let handle: OpaquePointer
  private unowned let connection: Connection
  /// Where bound texts stand until the next reset, so that SQLite need not copy each of them.
  private let scratch = UnsafeMutablePointer<UInt8>.allocate(capacity: Statement.scratchByteCount)
  private var scratchUsed = 0
  private static let scratchByteCount = 16_384

  init(_ handle: OpaquePointer, of connection: Connection) {
    self.handle = handle
    self.connection = connection
  }

  deinit {
    sqlite3_finalize(handle)
    scratch.deallocate()
  }

  // MARK: running

  /// Goes on to the next row; false at the end, and then the statement can be bound again.
  func step() throws(StoreError) -> Bool {
    let code = sqlite3_step(handle)
    if code == SQLITE_ROW { return true }
    guard code == SQLITE_DONE else {
      let failure = connection.failure(code)
      reset()
      throw failure
    }
    reset()
    return false
  }

  /// Runs a statement that gives no rows.
  func run() throws(StoreError) {
    while try step() {}
  }

  /// Ends a run; what was bound stays bound but for texts, which have to be bound again.
  func reset() {
    sqlite3_reset(handle)
    scratchUsed = 0
  }

  // MARK: binding

  /// Binds an integer.
  func bind(_ value: Int64, at parameter: Int) throws(StoreError) {
    try check(sqlite3_bind_int64(handle, Int32(truncatingIfNeeded: parameter + 1), value))
  }

  /// Binds a number.
  func bind(_ value: Double, at parameter: Int) throws(StoreError) {
    try check(sqlite3_bind_double(handle, Int32(truncatingIfNeeded: parameter + 1), value))
  }

  /// Binds a text, or NULL.
  func bind(_ text: String?, at parameter: Int) throws(StoreError) {
    guard let text else { return try bindNull(at: parameter) }
    let bytes = Array(text.utf8)
    try bind(bytes, 0..<bytes.count, at: parameter)
  }

  /// Binds an integer, or NULL.
  func bind(_ value: Int64?, at parameter: Int) throws(StoreError) {
    guard let value else { return try bindNull(at: parameter) }
    try bind(value, at: parameter)
  }

  /// Binds NULL.
  func bindNull(at parameter: Int) throws(StoreError) {
    try check(sqlite3_bind_null(handle, Int32(truncatingIfNeeded: parameter + 1)))
  }

  /// Binds a text that is a part of some bytes.
  func bind(_ bytes: [UInt8], _ range: Range<Int>, at parameter: Int) throws(StoreError) {
    let place = Int32(truncatingIfNeeded: parameter + 1)
    let code = bytes.withUnsafeBufferPointer { source -> Int32 in
      let part = UnsafeBufferPointer(rebasing: source[range])
      guard part.count <= Self.scratchByteCount - scratchUsed else {
        return sqlite3_bind_text64(
          handle, place, part.baseAddress, UInt64(part.count), cs_transient(), UInt8(SQLITE_UTF8))
      }
      let start = scratch + scratchUsed
      if let from = part.baseAddress { memcpy(start, from, part.count) }
      scratchUsed += part.count
      return sqlite3_bind_text64(
        handle, place, start, UInt64(part.count), cs_static(), UInt8(SQLITE_UTF8))
    }
    try check(code)
  }

  /// Runs the statement once for each row of some cells, one parameter a column.
  ///
  /// - Parameter afterEach: Called after each row.
  func run(
    rowCount: Int, _ columns: [ParameterCells], afterEach: () throws(StoreError) -> Void
  ) throws(StoreError) {
    let reaches = columns.map(\.reach)
    // Texts are read where they stand, so they have to stay until the last row is in.
    defer {
      sqlite3_clear_bindings(handle)
      withExtendedLifetime(columns) {}
    }
    for row in 0..<rowCount {
      for place in 0..<reaches.count {
        let code = reaches[place].bind(row, handle, Int32(truncatingIfNeeded: place &+ 1))
        if code != SQLITE_OK { throw connection.failure(code) }
      }
      let code = sqlite3_step(handle)
      guard code == SQLITE_DONE else {
        let failure = connection.failure(code)
        reset()
        throw failure
      }
      sqlite3_reset(handle)
      try afterEach()
    }
  }

  /// Binds a blob, which SQLite copies.
  func bind(blob bytes: [UInt8], at parameter: Int) throws(StoreError) {
    let place = Int32(truncatingIfNeeded: parameter + 1)
    let code = bytes.withUnsafeBufferPointer { source -> Int32 in
      guard let start = source.baseAddress, source.count > 0 else {
        return sqlite3_bind_zeroblob(handle, place, 0)
      }
      return sqlite3_bind_blob64(handle, place, start, UInt64(source.count), cs_transient())
    }
    try check(code)
  }

  private func check(_ code: Int32) throws(StoreError) {
    guard code == SQLITE_OK else { throw connection.failure(code) }
  }

  // MARK: reading

  /// How many columns a row has.
  var columnCount: Int { Int(sqlite3_column_count(handle)) }

  /// What the cell holds.
  func kind(_ column: Int) -> Kind {
    Self.kind(sqlite3_column_type(handle, Int32(truncatingIfNeeded: column)))
  }

  @inline(__always)
  fileprivate static func kind(_ code: Int32) -> Kind {
    switch code {
    case SQLITE_INTEGER: .integer
    case SQLITE_FLOAT: .real
    case SQLITE_TEXT: .text
    case SQLITE_BLOB: .blob
    default: .null
    }
  }

  /// The cell as an integer.
  @inline(__always)
  func integer(_ column: Int) -> Int64 {
    sqlite3_column_int64(handle, Int32(truncatingIfNeeded: column))
  }

  /// The cell as a number.
  @inline(__always)
  func real(_ column: Int) -> Double {
    sqlite3_column_double(handle, Int32(truncatingIfNeeded: column))
  }

  /// The cell, looked up once; good until the next step.
  @inline(__always)
  func cell(_ column: Int) -> Cell {
    // Reading on from the value is safe for who is alone with the connection.
    Cell(sqlite3_column_value(handle, Int32(truncatingIfNeeded: column)))
  }

  /// The bytes of a text or blob, good until the next step.
  @inline(__always)
  func bytes(_ column: Int) -> CellBytes {
    let column = Int32(truncatingIfNeeded: column)
    let start = sqlite3_column_blob(handle, column)
    return CellBytes(
      UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column))))
  }

  /// The cell as text, mended where it is not UTF-8; nil for NULL.
  func text(_ column: Int) -> String? {
    kind(column) == .null ? nil : bytes(column).string
  }
}

/// A cell of the row on which a statement stands.
struct Cell: Equatable {
  /// The place of no cell.
  static var nowhere: Cell { Cell(nil) }

  private let value: OpaquePointer?

  fileprivate init(_ value: OpaquePointer?) { self.value = value }

  /// What it holds.
  @inline(__always)
  var kind: Statement.Kind { Statement.kind(sqlite3_value_type(value)) }

  /// The cell as an integer.
  @inline(__always)
  var integer: Int64 { sqlite3_value_int64(value) }

  /// The cell as a number.
  @inline(__always)
  var real: Double { sqlite3_value_double(value) }

  /// The bytes of a text or blob.
  @inline(__always)
  var bytes: CellBytes {
    let start = sqlite3_value_blob(value)
    return CellBytes(
      UnsafeRawBufferPointer(start: start, count: Int(sqlite3_value_bytes(value))))
  }
}

/// The bytes of a cell, as SQLite holds them until the next step.
struct CellBytes {
  private let bytes: UnsafeRawBufferPointer

  fileprivate init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// Bytes that stand elsewhere as if they were a cell's.
  init(_ start: UnsafePointer<UInt8>, count: Int) {
    bytes = UnsafeRawBufferPointer(start: start, count: count)
  }

  /// How many.
  @inline(__always)
  var count: Int { bytes.count }

  /// One byte, checked.
  @inline(__always)
  subscript(_ offset: Int) -> UInt8 {
    precondition(offset >= 0 && offset < bytes.count, "a byte outside the cell")
    return bytes[offset]
  }

  /// The first eight bytes as a little-endian word, zeros where there are fewer.
  @inline(__always)
  var prefix: UInt64 { bytes.count >= 8 ? word(at: 0) : shortPrefix }

  /// Fewer than eight bytes by two loads that overlap.
  @inline(__always)
  private var shortPrefix: UInt64 {
    let count = bytes.count
    if count >= 4 {
      let first = UInt64(bytes.loadUnaligned(as: UInt32.self))
      let last = bytes.loadUnaligned(fromByteOffset: count &- 4, as: UInt32.self)
      return first | UInt64(last) &<< UInt64(truncatingIfNeeded: 8 &* (count &- 4))
    }
    var word: UInt64 = 0
    for offset in 0..<count { word |= UInt64(bytes[offset]) << UInt64(8 * offset) }
    return word
  }

  @inline(__always)
  private func word(at offset: Int) -> UInt64 {
    bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
  }

  /// Whether they are as many that stand there.
  @inline(__always)
  func equals(_ other: UnsafePointer<UInt8>) -> Bool {
    guard let start = bytes.baseAddress else { return true }
    return memcmp(start, other, bytes.count) == 0
  }

  /// What a body makes of them.
  @inline(__always)
  func withSpan<Result>(_ body: (RawSpan) -> Result) -> Result { body(bytes.bytes) }

  /// Adds them at the end of `target`.
  func append(to target: inout [UInt8]) { target.append(contentsOf: bytes) }

  /// Copies them to where there is room; false when they are not UTF-8, and then what is there is
  /// not defined.
  @inline(__always)
  func copyIfUTF8(to target: UnsafeMutablePointer<UInt8>) -> Bool {
    let target = UnsafeMutableRawPointer(target)
    let count = bytes.count
    var all: UInt64 = 0
    if count >= 8 {
      var offset = 0
      while offset &+ 8 < count {
        all |= word(at: offset)
        target.storeBytes(of: word(at: offset), toByteOffset: offset, as: UInt64.self)
        offset &+= 8
      }
      // The last eight overlap those before them.
      let last = word(at: count &- 8)
      all |= last
      target.storeBytes(of: last, toByteOffset: count &- 8, as: UInt64.self)
    } else {
      for offset in 0..<count {
        all |= UInt64(bytes[offset])
        target.storeBytes(of: bytes[offset], toByteOffset: offset, as: UInt8.self)
      }
    }
    return all & 0x8080_8080_8080_8080 == 0 || isUTF8BeyondASCII
  }

  @inline(never)
  private var isUTF8BeyondASCII: Bool {
    let text = bytes.assumingMemoryBound(to: UInt8.self)
    return (try? UTF8Span(validating: text.span)) != nil
  }

  /// The text, mended where it is not UTF-8.
  var string: String { String(decoding: bytes, as: UTF8.self) }
}

/// The cells of one parameter for many rows, laid out so that binding them costs nothing else.
final class ParameterCells {
  fileprivate struct Reach {
    enum Kind {
      case integer, real, text
    }

    let kind: Kind
    /// Integers, the bits of numbers, or where texts end.
    let words: UnsafeMutablePointer<Int64>
    /// Where texts begin.
    let starts: UnsafeMutablePointer<Int64>
    let bytes: UnsafeMutablePointer<UInt8>
    let known: UnsafeMutablePointer<UInt8>

    @inline(__always)
    func bind(_ row: Int, _ statement: OpaquePointer, _ parameter: Int32) -> Int32 {
      guard known[row] != 0 else { return sqlite3_bind_null(statement, parameter) }
      switch kind {
      case .integer: return sqlite3_bind_int64(statement, parameter, words[row])
      case .real:
        let real = Double(bitPattern: UInt64(bitPattern: words[row]))
        return sqlite3_bind_double(statement, parameter, real)
      case .text:
        let start = Int(starts[row])
        return sqlite3_bind_text64(
          statement, parameter, bytes + start, UInt64(Int(words[row]) - start), cs_static(),
          UInt8(SQLITE_UTF8))
      }
    }
  }

  fileprivate let reach: Reach

  /// Integers.
  convenience init(integers: [Int64], known: [UInt8]) {
    self.init(.integer, words: integers, starts: [], bytes: [], known)
  }

  /// Numbers.
  convenience init(reals: [Double], known: [UInt8]) {
    let words = reals.map { Int64(bitPattern: $0.bitPattern) }
    self.init(.real, words: words, starts: [], bytes: [], known)
  }

  /// Texts: row *i* is `bytes[starts[i] ..< ends[i]]`.
  convenience init(bytes: [UInt8], starts: [Int64], ends: [Int64], known: [UInt8]) {
    precondition(
      starts.count == known.count && zip(starts, ends).allSatisfy { 0 <= $0 && $0 <= $1 }
        && ends.allSatisfy { $0 <= bytes.count }, "texts outside their bytes")
    self.init(.text, words: ends, starts: starts, bytes: bytes, known)
  }

  private init(
    _ kind: Reach.Kind, words: [Int64], starts: [Int64], bytes: [UInt8], _ known: [UInt8]
  ) {
    precondition(words.count == known.count, "one cell a row")
    func copied<Element>(_ source: [Element]) -> UnsafeMutablePointer<Element> {
      // Never empty: an empty text, too, has to stand somewhere, or it would be NULL.
      let target = UnsafeMutablePointer<Element>.allocate(capacity: source.count + 1)
      target.initialize(from: source, count: source.count)
      return target
    }
    reach = Reach(
      kind: kind, words: copied(words), starts: copied(starts), bytes: copied(bytes),
      known: copied(known))
  }

  deinit {
    reach.words.deallocate()
    reach.starts.deallocate()
    reach.bytes.deallocate()
    reach.known.deallocate()
  }
}
