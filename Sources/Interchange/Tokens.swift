import Store

/// Where one cell lies.
struct CellRange {
  /// The content, without the quotes around it; doubled quotes are still double.
  var content: Range<Int>
  /// The delimiter or newline that ends the cell.
  var end: Int
  /// Whether it stands in quotes.
  var isQuoted = false
  /// Whether a quote inside is doubled.
  var hasDoubledQuote = false
  /// Line ends inside the quotes.
  var lineCount = 0
  /// Whether something other than a delimiter or a line end follows the closing quote.
  var hasTail = false
}

/// Cuts records into cells by RFC 4180.
///
/// Quotes count only where a cell begins with one; elsewhere they are ordinary characters. A cell
/// always ends at `end`, so that a record ends where `bytes[end]` is the newline; a CR before an LF
/// belongs to the line end.
struct Tokens {
  /// The bytes, ended by the dialect's newline.
  let bytes: ByteView
  /// What separates cells and records.
  let dialect: Dialect
  /// The longest cell there may be.
  let cellByteCountMax = Limits.textByteCountMax

  /// Makes the tokens of a file.
  init(bytes: ByteView, dialect: Dialect) {
    self.bytes = bytes
    self.dialect = dialect
  }

  /// Where a cell that lies at `position` goes on when it ends there, or nil: for cells whose
  /// content was recognised by other means.
  @inline(__always)
  func end(at position: Int) -> Int? {
    let byte = bytes[position]
    if byte == dialect.delimiter || byte == dialect.newline { return position }
    if byte == Dialect.carriageReturn, bytes[position &+ 1] == Dialect.lineFeed,
      dialect.newline == Dialect.lineFeed, position &+ 1 <= bytes.count
    {
      return position &+ 1
    }
    return nil
  }

  /// Whether the record that ends at `end` is the last one of its line.
  @inline(__always)
  func endsRecord(_ end: Int) -> Bool { bytes[end] == dialect.newline }

  /// Where the record after a blank line begins, or nil when the line at `position` is not blank.
  @inline(__always)
  func endOfBlankLine(at position: Int) -> Int? {
    let byte = bytes[position]
    if byte == dialect.newline { return position &+ 1 }
    if byte == Dialect.carriageReturn, bytes[position &+ 1] == dialect.newline {
      return position &+ 2
    }
    return nil
  }

  /// The cell that begins at `position` without a quote.
  @inline(__always)
  func bareCell(at position: Int) -> CellRange {
    let end = bytes.firstPosition(of: dialect.delimiters, or: dialect.newlines, from: position)
    let isPair =
      bytes[end] == Dialect.lineFeed && end > position
      && bytes[end &- 1] == Dialect.carriageReturn && dialect.newline == Dialect.lineFeed
    return CellRange(content: position..<(isPair ? end &- 1 : end), end: end)
  }

  /// The cell that begins at `position`, or nil when its quote is never closed.
  @inline(__always)
  func cell(at position: Int) -> CellRange? {
    bytes[position] == Dialect.quote ? quotedCell(at: position) : bareCell(at: position)
  }

  /// The cell whose opening quote stands at `position`, or nil when it is never closed.
  func quotedCell(at position: Int) -> CellRange? {
    var from = position &+ 1
    var hasDoubledQuote = false
    while let quote = bytes.firstPosition(of: Dialect.quotes, from: from, before: bytes.count) {
      if quote &+ 1 < bytes.count, bytes[quote &+ 1] == Dialect.quote {
        hasDoubledQuote = true
        from = quote &+ 2
        continue
      }
      let content = (position &+ 1)..<quote
      var cell = CellRange(
        content: content, end: quote &+ 1, isQuoted: true, hasDoubledQuote: hasDoubledQuote,
        lineCount: bytes.count(of: dialect.newline, in: content))
      if let end = end(at: quote &+ 1) {
        cell.end = end
      } else {
        cell.end = bareCell(at: quote &+ 1).end
        cell.hasTail = true
      }
      return cell
    }
    return nil
  }

  /// How many cells the record at `position` has, where it ends, and how many lines it takes.
  func measure(recordAt position: Int) -> RecordShape? {
    var shape = RecordShape(cellCount: 0, end: position, lineCount: 1, tailColumn: nil)
    while true {
      guard let cell = cell(at: shape.end) else { return nil }
      shape.cellCount += 1
      shape.lineCount += cell.lineCount
      if cell.hasTail, shape.tailColumn == nil { shape.tailColumn = shape.cellCount }
      shape.end = cell.end + 1
      if endsRecord(cell.end) { return shape }
    }
  }
}

/// The outer measures of a record.
struct RecordShape {
  /// Cells, whether wanted or not.
  var cellCount: Int
  /// Where the next record begins.
  var end: Int
  /// Lines it takes in the file.
  var lineCount: Int
  /// The first column with text behind a closing quote, counted from 1.
  var tailColumn: Int?
}
