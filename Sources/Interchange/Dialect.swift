/// How a file separates cells and records.
struct Dialect {
  /// What stands between two cells.
  let delimiter: UInt8
  /// The last byte of a line end: LF, or CR in a file without LF.
  let newline: UInt8
  /// The same, sixteen times, for searches.
  let delimiters: SIMD16<UInt8>
  let newlines: SIMD16<UInt8>

  static let quote: UInt8 = 0x22
  static let quotes = SIMD16<UInt8>(repeating: 0x22)
  static let lineFeed: UInt8 = 0x0A
  static let carriageReturn: UInt8 = 0x0D

  /// Makes a dialect.
  init(delimiter: UInt8, newline: UInt8) {
    self.delimiter = delimiter
    self.newline = newline
    delimiters = SIMD16(repeating: delimiter)
    newlines = SIMD16(repeating: newline)
  }
}

extension Dialect {
  private static let sampleByteCount = 65_536
  private static let sampleRecordCount = 32
  private static let candidates: [UInt8] = [0x2C, 0x3B, 0x09, 0x7C]

  /// The dialect that the first records agree on, and where the first record begins: after a line
  /// `sep=;`, which names the delimiter, if there is one.
  ///
  /// A delimiter fits when records have as many cells as the header, more than one. Most records
  /// that fit win, then most cells, then the order `,` `;` tab `|`.
  static func sniffed(in view: ByteView, from start: Int) -> (dialect: Dialect, start: Int) {
    let newline = newline(in: view, from: start)
    if view.count - start >= 6, view.equals(start..<start + 4, ignoringCaseOf: "SEP=") {
      let end = start + 5
      if view[end] == lineFeed || view[end] == carriageReturn {
        let isPair = view[end] == carriageReturn && end + 1 < view.count
        return (
          Dialect(delimiter: view[start + 4], newline: newline),
          end + (isPair && view[end + 1] == lineFeed ? 2 : 1)
        )
      }
    }
    var best = (fitting: 0, cells: 1, delimiter: candidates[0])
    for delimiter in candidates {
      let counts = cellCounts(in: view, from: start, delimiter, newline)
      guard let header = counts.first, header > 1 else { continue }
      let fitting = counts.count { $0 == header }
      if (fitting, header) > (best.fitting, best.cells) { best = (fitting, header, delimiter) }
    }
    return (Dialect(delimiter: best.delimiter, newline: newline), start)
  }

  /// CR when a CR comes first, without LF, and no LF stands in the sample; else LF.
  private static func newline(in view: ByteView, from start: Int) -> UInt8 {
    var hasReturn = false
    for position in start..<min(view.count, start + sampleByteCount) {
      if view[position] == lineFeed { return lineFeed }
      if view[position] == carriageReturn { hasReturn = true }
    }
    return hasReturn ? carriageReturn : lineFeed
  }

  private static func cellCounts(
    in view: ByteView, from start: Int, _ delimiter: UInt8, _ newline: UInt8
  ) -> [Int] {
    let end = min(view.count, start + sampleByteCount)
    var counts: [Int] = []
    var cells = 1
    var isAtStart = true
    var isInQuotes = false
    var lineStart = start
    var position = start
    while position < end, counts.count < sampleRecordCount {
      let byte = view[position]
      if isInQuotes {
        if byte == quote { isInQuotes = false }
      } else if byte == quote, isAtStart || view[max(position - 1, start)] == quote {
        isInQuotes = true
      } else if byte == delimiter {
        cells += 1
      } else if byte == newline {
        let length = position - lineStart
        if length > 1 || length == 1 && view[lineStart] != carriageReturn { counts.append(cells) }
        cells = 1
        lineStart = position + 1
      }
      isAtStart = !isInQuotes && (byte == delimiter || byte == newline)
      position += 1
    }
    // A record that the sample cuts says nothing, unless it is the only one or the last.
    if position > lineStart, position == view.count || counts.isEmpty { counts.append(cells) }
    return counts
  }
}
