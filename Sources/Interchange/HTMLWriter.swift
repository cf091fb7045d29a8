import Store

/// Writes a small HTML document with one table: every text escaped, control characters made
/// visible, numbers aligned right, unknown empty.
final class HTMLWriter: RecordWriter {
  private let buffer: OutputBuffer
  private let isAppending: Bool
  private var columns: [OutputColumn] = []
  /// For each column, what stands before its value.
  private var openings: [[UInt8]] = []

  init(_ sink: any ByteSink, isAppending: Bool) {
    buffer = OutputBuffer(sink)
    self.isAppending = isAppending
  }

  func begin(_ columns: [OutputColumn]) throws(StoreError) { try begin(columns, of: "result") }

  func begin(_ columns: [OutputColumn], of name: String) throws(StoreError) {
    self.columns = columns
    openings = columns.map { Array(($0.isNumeric ? "<td class=\"number\">" : "<td>").utf8) }
    if !isAppending { try buffer.put(Self.head(columns, title: name)) }
  }

  func write(_ batch: OutputBatch) throws(StoreError) {
    var line: [UInt8] = []
    var value: [UInt8] = []
    for row in 0..<batch.count {
      line.removeAll(keepingCapacity: true)
      line += Self.rowStart
      for (column, vector) in batch.vectors.enumerated() {
        line += openings[column]
        if case .text(let text) = vector[row] {
          Self.append(text, to: &line)
        } else {
          value.removeAll(keepingCapacity: true)
          CellText.append(vector[row], columns[column].type, to: &value)
          Self.append(String(decoding: value, as: UTF8.self), to: &line)
        }
        line += Self.cellEnd
      }
      line += Self.rowEnd
      try buffer.put(line)
    }
  }

  func finish() throws(StoreError) {
    try buffer.put(Self.foot)
    try buffer.finish()
  }

  /// Everything before the first row.
  static func head(_ columns: [OutputColumn], title: String) -> [UInt8] {
    var head = Array(
      """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <title>
      """.utf8)
    append(title, to: &head)
    head += Array(
      """
      </title>
      <style>
      table { border-collapse: collapse; font-family: sans-serif; }
      th, td { border: 1px solid #ccc; padding: 0.2em 0.6em; text-align: left; }
      .number { text-align: right; font-variant-numeric: tabular-nums; }
      </style>
      </head>
      <body>
      <table>
      <thead>
      <tr>
      """.utf8)
    for column in columns {
      head += Array((column.isNumeric ? "<th class=\"number\">" : "<th>").utf8)
      append(column.name, to: &head)
      head += Array("</th>".utf8)
    }
    return head + Array("</tr>\n</thead>\n<tbody>\n".utf8)
  }

  /// Everything behind the last row.
  static let foot = Array("</tbody>\n</table>\n</body>\n</html>\n".utf8)
  private static let rowStart = Array("<tr>".utf8)
  private static let rowEnd = Array("</tr>\n".utf8)
  private static let cellEnd = Array("</td>".utf8)

  private static func append(_ text: String, to line: inout [UInt8]) {
    var isAfterReturn = false
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": line += Array("&amp;".utf8)
      case "<": line += Array("&lt;".utf8)
      case ">": line += Array("&gt;".utf8)
      case "\"": line += Array("&quot;".utf8)
      case "\n": if !isAfterReturn { line += Array("<br>".utf8) }
      case "\r": line += Array("<br>".utf8)
      default: CellText.append(visible: scalar, to: &line)
      }
      isAfterReturn = scalar == "\r"
    }
  }
}
