import Store

/// Writes a Markdown table: `|`, `\` and `<` escaped, line ends as `<br>`, control characters made
/// visible, numbers aligned right, unknown empty.
final class MarkdownWriter: RecordWriter {
  private let buffer: OutputBuffer
  private let isAppending: Bool
  private var columns: [OutputColumn] = []

  init(_ sink: any ByteSink, isAppending: Bool) {
    buffer = OutputBuffer(sink)
    self.isAppending = isAppending
  }

  func begin(_ columns: [OutputColumn]) throws(StoreError) {
    self.columns = columns
    if !isAppending { try buffer.put(Self.header(columns)) }
  }

  func write(_ batch: OutputBatch) throws(StoreError) {
    var line: [UInt8] = []
    for row in 0..<batch.count {
      line.removeAll(keepingCapacity: true)
      line.append(0x7C)
      for (column, vector) in zip(columns, batch.vectors) {
        line.append(0x20)
        if case .text(let text) = vector[row] {
          Self.append(text, to: &line)
        } else {
          var value: [UInt8] = []
          CellText.append(vector[row], column.type, to: &value)
          Self.append(String(decoding: value, as: UTF8.self), to: &line)
        }
        line.append(0x20)
        line.append(0x7C)
      }
      line.append(0x0A)
      try buffer.put(line)
    }
  }

  func finish() throws(StoreError) { try buffer.finish() }

  /// The header and the line below it.
  static func header(_ columns: [OutputColumn]) -> [UInt8] {
    var line: [UInt8] = [0x7C]
    for column in columns {
      line.append(0x20)
      append(column.name, to: &line)
      line += [0x20, 0x7C]
    }
    line += [0x0A, 0x7C]
    for column in columns { line += Array((column.isNumeric ? " ---: |" : " --- |").utf8) }
    line.append(0x0A)
    return line
  }

  private static func append(_ text: String, to line: inout [UInt8]) {
    var isAfterReturn = false
    for scalar in text.unicodeScalars {
      switch scalar {
      case "|", "\\", "<": line += [0x5C, UInt8(scalar.value)]
      case "\n": if !isAfterReturn { line += Array("<br>".utf8) }
      case "\r": line += Array("<br>".utf8)
      default: CellText.append(visible: scalar, to: &line)
      }
      isAfterReturn = scalar == "\r"
    }
  }
}

extension OutputColumn {
  /// Whether its values are numbers, which stand aligned to the right.
  var isNumeric: Bool {
    switch type {
    case .money, .number, .integer: true
    case .reference: keyType == .integer
    case .text, .choice, .date, .time, .flag: false
    }
  }
}
