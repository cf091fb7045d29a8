import Store

/// Writes one JSON array of objects, or one object a line (jsonl).
///
/// Unknown is `null`, money a number with two decimals, dates and times texts, flags `true` and
/// `false`. An array without objects is `[]`.
final class JSONWriter: RecordWriter {
  private let buffer: OutputBuffer
  private let isLines: Bool
  /// Whether objects stand before the first one written here.
  private var hasObjects: Bool
  private let isAppending: Bool
  private var columns: [OutputColumn] = []
  /// For each column, what stands before its value: `{"id":` or `,"name":`.
  private var labels: [[UInt8]] = []
  private var choiceNames: [[[UInt8]]] = []

  /// Makes a writer; `isAppending` when the sink has an open array already, with `hasObjects` in it.
  init(_ sink: any ByteSink, isLines: Bool, isAppending: Bool, hasObjects: Bool) {
    buffer = OutputBuffer(sink)
    self.isLines = isLines
    self.isAppending = isAppending
    self.hasObjects = hasObjects
  }

  func begin(_ columns: [OutputColumn]) throws(StoreError) {
    self.columns = columns
    labels = columns.enumerated().map { offset, column in
      [offset == 0 ? 0x7B : 0x2C] + Self.quoted(column.name) + [0x3A]
    }
    choiceNames = columns.map { column in
      guard case .choice(let list) = column.type else { return [] }
      return list.names.map(Self.quoted)
    }
    if !isLines, !isAppending { try buffer.put(0x5B) }
  }

  func write(_ batch: OutputBatch) throws(StoreError) {
    try withViews(of: batch, columns) { views throws(StoreError) in
      for row in 0..<batch.count {
        if !isLines {
          if hasObjects { try buffer.put(0x2C) }
          try buffer.put(0x0A)
        }
        hasObjects = true
        if views.isEmpty { try buffer.put(0x7B) }
        for column in views.indices {
          try buffer.put(labels[column])
          try writeValue(views[column], column, row)
        }
        try buffer.put(0x7D)
        if isLines { try buffer.put(0x0A) }
      }
    }
  }

  func finish() throws(StoreError) {
    if !isLines {
      if hasObjects { try buffer.put(0x0A) }
      try buffer.put(0x5D)
      try buffer.put(0x0A)
    }
    try buffer.finish()
  }

  @inline(__always)
  private func writeValue(_ view: ColumnView, _ column: Int, _ row: Int) throws(StoreError) {
    guard view.known[row] != 0 else {
      try buffer.put(Self.null)
      return
    }
    switch view.form {
    case .integer: try buffer.put { $0.put(integer: view.word(row)) }
    case .money: try buffer.put { $0.put(money: view.word(row)) }
    case .date:
      try buffer.put {
        $0.put(byte: 0x22)
        $0.put(date: view.word(row))
        $0.put(byte: 0x22)
      }
    case .time:
      try buffer.put {
        $0.put(byte: 0x22)
        $0.put(time: view.word(row))
        $0.put(byte: 0x22)
      }
    case .number:
      let number = view.real(row)
      if number.isFinite {
        try buffer.put { $0.put(number: number) }
      } else {
        try buffer.put(Self.null)
      }
    case .flag: try buffer.put(view.word(row) != 0 ? Self.yes : Self.no)
    case .choice:
      let code = Int(view.word(row))
      try buffer.put(
        choiceNames[column].indices.contains(code) ? choiceNames[column][code] : Self.null)
    case .text:
      try buffer.put(0x22)
      try buffer.put(view.bytes, view.range(row), escaped: .json)
      try buffer.put(0x22)
    }
  }

  private static func quoted(_ text: String) -> [UInt8] {
    [0x22] + Escapes.json.applied(to: Array(text.utf8)) + [0x22]
  }

  private static let null = Array("null".utf8)
  private static let yes = Array("true".utf8)
  private static let no = Array("false".utf8)
}
