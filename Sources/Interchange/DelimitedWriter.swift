import Store

/// Writes CSV by RFC 4180, with LF, or TSV.
///
/// Unknown is empty; in CSV empty text is `""`. A CSV cell stands in quotes when it contains a
/// comma, a quote or a line end; in TSV tabs, line ends and backslashes are `\t`, `\n`, `\r`, `\\`.
/// Bytes are kept exactly.
final class DelimitedWriter: RecordWriter {
  private let buffer: OutputBuffer
  private let isTSV: Bool
  private let delimiter: UInt8
  /// Whether a text that a spreadsheet would take for a formula gets an apostrophe before it.
  private let isGuarding: Bool
  /// Whether the file has its header already.
  private let isAppending: Bool
  private var columns: [OutputColumn] = []
  /// For each column of a choice, its names as written.
  private var choiceNames: [[[UInt8]]] = []

  init(_ sink: any ByteSink, isTSV: Bool, isGuarding: Bool, isAppending: Bool) {
    buffer = OutputBuffer(sink)
    self.isTSV = isTSV
    delimiter = isTSV ? 0x09 : 0x2C
    self.isGuarding = isGuarding
    self.isAppending = isAppending
  }

  func begin(_ columns: [OutputColumn]) throws(StoreError) {
    self.columns = columns
    choiceNames = columns.map { column in
      guard case .choice(let list) = column.type else { return [] }
      return list.names.map { Self.cell($0, isTSV: isTSV, isGuarding: isGuarding) }
    }
    guard !isAppending else { return }
    try buffer.put(Self.header(columns.map(\.name), isTSV: isTSV, isGuarding: isGuarding))
  }

  /// The header line, line end included.
  static func header(_ names: [String], isTSV: Bool, isGuarding: Bool) -> [UInt8] {
    var line: [UInt8] = []
    for (offset, name) in names.enumerated() {
      if offset > 0 { line.append(isTSV ? 0x09 : 0x2C) }
      line += cell(name, isTSV: isTSV, isGuarding: isGuarding)
    }
    line.append(0x0A)
    return line
  }

  func write(_ batch: OutputBatch) throws(StoreError) {
    try withViews(of: batch, columns) { views throws(StoreError) in
      let last = views.count - 1
      for row in 0..<batch.count {
        for column in 0...max(last, 0) where last >= 0 {
          if views[column].known[row] != 0 { try writeCell(views[column], column, row) }
          if column < last { try buffer.put(delimiter) }
        }
        try buffer.put(0x0A)
      }
    }
  }

  func finish() throws(StoreError) { try buffer.finish() }

  @inline(__always)
  private func writeCell(_ view: ColumnView, _ column: Int, _ row: Int) throws(StoreError) {
    switch view.form {
    case .integer: try buffer.put { $0.put(integer: view.word(row)) }
    case .money: try buffer.put { $0.put(money: view.word(row)) }
    case .date: try buffer.put { $0.put(date: view.word(row)) }
    case .time: try buffer.put { $0.put(time: view.word(row)) }
    case .number:
      let number = view.real(row)
      if number.isFinite { try buffer.put { $0.put(number: number) } }
    case .flag: try buffer.put(view.word(row) != 0 ? Self.yes : Self.no)
    case .choice:
      let code = Int(view.word(row))
      if choiceNames[column].indices.contains(code) { try buffer.put(choiceNames[column][code]) }
    case .text: try writeText(view.bytes, view.range(row))
    }
  }

  private func writeText(_ bytes: ByteView, _ range: Range<Int>) throws(StoreError) {
    if isGuarding, let first = range.first, Self.isFormulaStart(bytes[first]) {
      var text: [UInt8] = [0x27]
      text += bytes.copy(range)
      try buffer.put(isTSV ? Escapes.tsv.applied(to: text) : Self.quoted(text))
    } else if isTSV {
      try buffer.put(bytes, range, escaped: .tsv)
    } else if range.isEmpty {
      try buffer.put(Self.emptyText)
    } else if Self.needsQuotes(bytes, range) {
      try buffer.put(0x22)
      var position = range.lowerBound
      while let quote = bytes.firstQuote(position..<range.upperBound) {
        try buffer.put(bytes, position..<quote &+ 1)
        try buffer.put(0x22)
        position = quote &+ 1
      }
      try buffer.put(bytes, position..<range.upperBound)
      try buffer.put(0x22)
    } else {
      try buffer.put(bytes, range)
    }
  }

  /// One text as a cell.
  private static func cell(_ text: String, isTSV: Bool, isGuarding: Bool) -> [UInt8] {
    var bytes = Array(text.utf8)
    if isGuarding, let first = bytes.first, isFormulaStart(first) { bytes.insert(0x27, at: 0) }
    return isTSV ? Escapes.tsv.applied(to: bytes) : quoted(bytes)
  }

  /// One text as a CSV cell, in quotes where it needs them.
  private static func quoted(_ text: [UInt8]) -> [UInt8] {
    if text.isEmpty { return emptyText }
    guard text.contains(where: { isSpecial($0) }) else { return text }
    return [0x22] + text.flatMap { $0 == 0x22 ? [0x22, 0x22] : [$0] } + [0x22]
  }

  @inline(__always)
  private static func needsQuotes(_ bytes: ByteView, _ range: Range<Int>) -> Bool {
    for position in range where isSpecial(bytes[position]) { return true }
    return false
  }

  @inline(__always)
  private static func isSpecial(_ byte: UInt8) -> Bool {
    byte <= 0x2C && (byte == 0x2C || byte == 0x22 || byte == 0x0A || byte == 0x0D)
  }

  private static func isFormulaStart(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x3D, 0x2B, 0x2D, 0x40, 0x09, 0x0D: true
    default: false
    }
  }

  private static let yes = Array("yes".utf8)
  private static let no = Array("no".utf8)
  private static let emptyText = Array("\"\"".utf8)
}

extension ByteView {
  /// The first quote in `range`; no byte past it is read.
  fileprivate func firstQuote(_ range: Range<Int>) -> Int? {
    for position in range where self[position] == 0x22 { return position }
    return nil
  }
}
