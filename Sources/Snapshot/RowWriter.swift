import Store

/// Runs a statement once a row with cells from vectors.
struct RowWriter {
  private let columns: [ParameterCells]
  private let count: Int

  /// Prepares rows: parameter *i* of each gets the cells of `fields[i]`.
  init(_ cells: [Vector], of fields: [StoredField]) {
    columns = zip(cells, fields).map { Self.column($0, $1.form) }
    count = cells.first?.count ?? 0
  }

  /// Runs the statement for each row.
  ///
  /// - Parameter afterEach: Called after each row.
  func run(
    _ statement: Statement, afterEach: () throws(StoreError) -> Void = {}
  ) throws(StoreError) {
    try statement.run(rowCount: count, columns, afterEach: afterEach)
  }

  /// The cells in the form in which SQLite takes them.
  private static func column(_ cells: Vector, _ form: StoredField.Form) -> ParameterCells {
    switch (cells.values, form) {
    case (.words(let words), .money):
      // Cents within ±10¹⁵ are exact in a double, and their quotient is the double nearest to it.
      ParameterCells(reals: words.map { Double($0) / 100 }, known: cells.known)
    case (.words(let words), .date):
      texts(words, cells.known) { ISOText.append(day: $0, to: &$1) }
    case (.words(let words), .time):
      texts(words, cells.known) { ISOText.append(second: $0, to: &$1) }
    case (.words(let words), .choice(let choice)): names(words, cells.known, choice)
    case (.words(let words), _): ParameterCells(integers: words, known: cells.known)
    case (.reals(let reals), _): ParameterCells(reals: reals, known: cells.known)
    case (.texts(let texts), _):
      ParameterCells(
        bytes: texts.bytes, starts: [0] + texts.ends.dropLast().map(Int64.init),
        ends: texts.ends.map(Int64.init), known: cells.known)
    }
  }

  private static func texts(
    _ words: [Int64], _ known: [UInt8], _ write: (Int64, inout [UInt8]) -> Void
  ) -> ParameterCells {
    var bytes: [UInt8] = []
    var ends: [Int64] = []
    bytes.reserveCapacity(words.count * 20)
    ends.reserveCapacity(words.count)
    for row in words.indices {
      if known[row] != 0 { write(words[row], &bytes) }
      ends.append(Int64(bytes.count))
    }
    return ParameterCells(bytes: bytes, starts: [0] + ends.dropLast(), ends: ends, known: known)
  }

  /// Each name stands once.
  private static func names(
    _ codes: [Int64], _ known: [UInt8], _ choice: ChoiceNames
  ) -> ParameterCells {
    var bytes: [UInt8] = []
    var ends: [Int64] = [0]
    for name in choice.names {
      bytes += name
      ends.append(Int64(bytes.count))
    }
    // An unknown code is 0, and a list may be empty.
    ends.append(ends[ends.count - 1])
    return ParameterCells(
      bytes: bytes, starts: codes.map { ends[Int($0)] }, ends: codes.map { ends[Int($0) + 1] },
      known: known)
  }
}
