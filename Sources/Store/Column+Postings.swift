/// The rows of each choice code or flag, ascending, and those whose value is unknown.
final class Postings {
  /// Rows covered: those below.
  let rowCount: Int
  private static let unknownCode = 256
  /// The rows of code *c* are `rows[starts[c] ..< starts[c + 1]]`.
  private var starts: [Int] = []
  private let rows: Memory<Int32>

  /// Covers the rows below `rowCount` of a column of bytes.
  init(_ column: Column, rowCount: Int) throws(StoreError) {
    self.rowCount = rowCount
    rows = Memory(budget: column.budget)
    try rows.reserve(rowCount)
    rows.setCount(rowCount)
    var counts = [Int](repeating: 0, count: Self.unknownCode + 2)
    var codes: [Int64] = []
    var known: [UInt8] = []
    let target = rows.elements
    // Counts first, then, from where each code's rows start, writes them.
    for isCounting in [true, false] {
      var base = 0
      while base < rowCount {
        try Cancellation.check()
        let part = Rows.run(base: base, count: min(Limits.chunkRowCount, rowCount - base))
        column.loadWords(part, into: &codes, known: &known)
        counts.withUnsafeMutableBufferPointer { counts in
          for offset in 0..<part.count {
            let code = known[offset] == 0 ? Self.unknownCode : Int(codes[offset])
            if isCounting {
              counts[code &+ 1] &+= 1
            } else {
              target[counts[code]] = Int32(truncatingIfNeeded: base &+ offset)
              counts[code] &+= 1
            }
          }
        }
        base += part.count
      }
      if isCounting { for code in 1..<counts.count { counts[code] += counts[code - 1] } }
      if isCounting { starts = counts }
    }
  }

  /// The rows of all codes for which `isWanted` holds, ascending.
  func rows(where isWanted: (Int64) -> Bool) -> [Int32] {
    let codes = (0..<Self.unknownCode).filter {
      starts[$0] < starts[$0 + 1] && isWanted(Int64($0))
    }
    return rows(of: codes)
  }

  /// The rows whose value is unknown, ascending.
  func unknownRows() -> [Int32] { rows(of: [Self.unknownCode]) }

  private func rows(of codes: [Int]) -> [Int32] {
    guard codes.count != 1 else {
      let places = starts[codes[0]]..<starts[codes[0] + 1]
      return Array(UnsafeBufferPointer(rebasing: rows.elements[places]))
    }
    var found = RowSet(rowCount: rowCount)
    for code in codes {
      for index in starts[code]..<starts[code + 1] { found.insert(rows.elements[index]) }
    }
    return found.rows()
  }
}

/// A set of rows as a bitmap: gives back in order what came in any.
package struct RowSet: Sendable {
  private var words: [UInt64]
  /// Rows in the set.
  package private(set) var count = 0

  /// Makes an empty set of rows below `rowCount`.
  package init(rowCount: Int) { words = [UInt64](repeating: 0, count: (rowCount + 63) / 64) }

  /// Adds a row that is not in the set.
  @inline(__always)
  mutating func insert(_ row: Int32) {
    words[Int(row >> 6)] |= 1 << UInt64(row & 63)
    count &+= 1
  }

  /// Whether a row is in the set.
  @inline(__always)
  package func contains(_ row: Int32) -> Bool {
    words[Int(row >> 6)] >> UInt64(row & 63) & 1 != 0
  }

  /// Adds rows, and gives those that were not in yet.
  package mutating func add(_ rows: [Int32]) -> [Int32] {
    var added: [Int32] = []
    for row in rows where !contains(row) {
      insert(row)
      added.append(row)
    }
    return added
  }

  /// Those of the rows that are not in the set.
  package func missing(_ rows: [Int32]) -> [Int32] { rows.filter { !contains($0) } }

  /// The rows, ascending.
  package func rows() -> [Int32] {
    [Int32](unsafeUninitializedCapacity: count) { rows, written in
      for (index, word) in words.enumerated() where word != 0 {
        var left = word
        while left != 0 {
          rows[written] = Int32(truncatingIfNeeded: index &* 64 &+ left.trailingZeroBitCount)
          written &+= 1
          left &= left &- 1
        }
      }
    }
  }
}
