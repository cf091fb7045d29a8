import Store

/// One column of an output batch, with its values in reach of a loop over rows.
struct ColumnView {
  /// The type whose form the values take: a reference's keys are integers or texts.
  let form: Form
  let known: UnsafePointer<UInt8>
  let words: UnsafePointer<Int64>?
  let reals: UnsafePointer<Double>?
  let ends: UnsafePointer<Int>?
  let bytes: ByteView

  /// How a value is written.
  enum Form {
    case text, choice, money, number, integer, date, time, flag
  }

  /// The word of a row; 0 where the column has none.
  @inline(__always)
  func word(_ row: Int) -> Int64 { words.map { $0[row] } ?? 0 }

  /// The number of a row.
  @inline(__always)
  func real(_ row: Int) -> Double { reals.map { $0[row] } ?? 0 }

  /// Where the text of a row lies in `bytes`.
  @inline(__always)
  func range(_ row: Int) -> Range<Int> {
    guard let ends else { return 0..<0 }
    return (row == 0 ? 0 : ends[row &- 1])..<ends[row]
  }

  static func form(of column: OutputColumn, _ values: Vector.Values) -> Form {
    switch (column.type, values) {
    case (_, .texts): .text
    case (_, .reals): .number
    case (.choice, _): .choice
    case (.money, _): .money
    case (.date, _): .date
    case (.time, _): .time
    case (.flag, _): .flag
    default: .integer
    }
  }
}

/// Calls `body` with a view of each column of a batch; the views live until it returns.
func withViews(
  of batch: OutputBatch, _ columns: [OutputColumn],
  _ body: ([ColumnView]) throws(StoreError) -> Void
) throws(StoreError) {
  var views: [ColumnView] = []
  views.reserveCapacity(columns.count)
  // Every vector's arrays are kept where they are until the innermost call returns.
  try addViews(batch, columns, &views, body)
}

private func addViews(
  _ batch: OutputBatch, _ columns: [OutputColumn], _ views: inout [ColumnView],
  _ body: ([ColumnView]) throws(StoreError) -> Void
) throws(StoreError) {
  let column = views.count
  if column == columns.count {
    try body(views)
    return
  }
  let vector = batch.vectors[column]
  precondition(vector.count >= batch.count, "a vector is as long as its batch")
  let form = ColumnView.form(of: columns[column], vector.values)
  let nothing: [UInt8] = [0]
  try vector.known.withUnsafeBufferPointer { known throws(StoreError) in
    try nothing.withUnsafeBufferPointer { empty throws(StoreError) in
      guard let known = known.baseAddress ?? empty.baseAddress, let empty = empty.baseAddress
      else { return }
      func add(
        words: UnsafePointer<Int64>? = nil, reals: UnsafePointer<Double>? = nil,
        ends: UnsafePointer<Int>? = nil, bytes: ByteView? = nil
      ) throws(StoreError) {
        views.append(
          ColumnView(
            form: form, known: known, words: words, reals: reals,
            ends: ends, bytes: bytes ?? ByteView(base: empty, count: 0)))
        try addViews(batch, columns, &views, body)
      }
      switch vector.values {
      case .words(let words):
        try words.withUnsafeBufferPointer { words throws(StoreError) in
          try add(words: words.baseAddress)
        }
      case .reals(let reals):
        try reals.withUnsafeBufferPointer { reals throws(StoreError) in
          try add(reals: reals.baseAddress)
        }
      case .texts(let texts):
        try texts.ends.withUnsafeBufferPointer { ends throws(StoreError) in
          try texts.bytes.withUnsafeBufferPointer { bytes throws(StoreError) in
            try add(
              ends: ends.baseAddress,
              bytes: ByteView(base: bytes.baseAddress ?? empty, count: bytes.count))
          }
        }
      }
    }
  }
}
