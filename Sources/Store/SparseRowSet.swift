/// A few rows of a table of many: a bitmap in pages, of which those without a row take no memory.
struct SparseRowSet {
  private static let pageBitCount = 12
  private static let pageRowCount = 1 << pageBitCount
  /// Empty where no row of the page is in.
  private var pages: [[UInt64]] = []
  /// Rows in the set.
  private(set) var count = 0

  /// Whether no row is in.
  var isEmpty: Bool { count == 0 }

  /// Whether the row is in.
  @inline(__always)
  func contains(_ row: Int32) -> Bool {
    let page = Int(row) >> Self.pageBitCount
    guard page < pages.count, !pages[page].isEmpty else { return false }
    let bit = Int(row) & (Self.pageRowCount - 1)
    return pages[page][bit >> 6] >> UInt64(bit & 63) & 1 != 0
  }

  /// Adds a row; false when it was in.
  @discardableResult
  mutating func insert(_ row: Int32) -> Bool {
    let page = Int(row) >> Self.pageBitCount
    while pages.count <= page { pages.append([]) }
    if pages[page].isEmpty {
      pages[page] = [UInt64](repeating: 0, count: Self.pageRowCount / 64)
    }
    let bit = Int(row) & (Self.pageRowCount - 1)
    let mask = UInt64(1) << UInt64(bit & 63)
    guard pages[page][bit >> 6] & mask == 0 else { return false }
    pages[page][bit >> 6] |= mask
    count += 1
    return true
  }

  /// Takes a row out.
  mutating func remove(_ row: Int32) {
    guard contains(row) else { return }
    let bit = Int(row) & (Self.pageRowCount - 1)
    pages[Int(row) >> Self.pageBitCount][bit >> 6] &= ~(1 << UInt64(bit & 63))
    count -= 1
  }

  /// The rows of a range that are in, ascending.
  func rows(in range: Range<Int>) -> [Int32] {
    var rows: [Int32] = []
    var base = range.lowerBound & ~63
    while base < range.upperBound {
      let page = base >> Self.pageBitCount
      guard page < pages.count else { break }
      guard !pages[page].isEmpty else {
        base = (page + 1) << Self.pageBitCount
        continue
      }
      var word = pages[page][(base & (Self.pageRowCount - 1)) >> 6]
      if base < range.lowerBound { word &= ~0 << UInt64(range.lowerBound & 63) }
      while word != 0 {
        let row = base + word.trailingZeroBitCount
        guard row < range.upperBound else { break }
        rows.append(Int32(truncatingIfNeeded: row))
        word &= word - 1
      }
      base += 64
    }
    return rows
  }

  /// All rows, ascending.
  var rows: [Int32] { rows(in: 0..<pages.count << Self.pageBitCount) }
}
