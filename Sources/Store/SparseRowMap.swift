/// A number for a few rows of a table of many, 0 for the others, in pages, of which those without a
/// number take no memory.
struct SparseRowMap {
  private static let pageBitCount = 12
  private static let pageRowCount = 1 << pageBitCount
  /// Empty where no row of the page has a number.
  private var pages: [[Int32]] = []
  private var usedPageCount = 0

  /// Bytes of the numbers.
  var byteCount: Int { usedPageCount * Self.pageRowCount * 4 }

  /// The number of a row; setting it for the first time in a page makes the page.
  subscript(_ row: Int32) -> Int32 {
    @inline(__always)
    get {
      let page = Int(row) >> Self.pageBitCount
      guard page < pages.count, !pages[page].isEmpty else { return 0 }
      return pages[page][Int(row) & (Self.pageRowCount - 1)]
    }
    set {
      let page = Int(row) >> Self.pageBitCount
      while pages.count <= page { pages.append([]) }
      if pages[page].isEmpty {
        pages[page] = [Int32](repeating: 0, count: Self.pageRowCount)
        usedPageCount += 1
      }
      pages[page][Int(row) & (Self.pageRowCount - 1)] = newValue
    }
  }

  /// Adds to a list how far from the start of a range each row of it stands that has a number.
  func collect(in range: Range<Int>, into offsets: inout [Int]) {
    var row = range.lowerBound
    while row < range.upperBound {
      let page = row >> Self.pageBitCount
      guard page < pages.count else { return }
      let end = min(range.upperBound, (page + 1) << Self.pageBitCount)
      if !pages[page].isEmpty {
        let numbers = pages[page]
        let base = page << Self.pageBitCount
        for next in row..<end where numbers[next - base] != 0 {
          offsets.append(next - range.lowerBound)
        }
      }
      row = end
    }
  }
}
