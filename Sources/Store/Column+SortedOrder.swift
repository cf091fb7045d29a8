/// The known rows of a stretch of a column in ascending order of their values, ties by row.
///
/// Values are read from the column. Of a row edited since, the order keeps the key it was sorted by,
/// so that it remains an order; who asks leaves such rows out.
final class SortedOrder {
  private let covered: Range<Int>
  private let column: Column
  /// Nil when the rows themselves stand in that order.
  private let permutation: Memory<Int32>?
  /// The keys of rows edited since they were sorted.
  private var keysBefore: [Int32: UInt64] = [:]
  private var isEdited = false

  /// Sorts the covered rows, about 10 ns each, and with them some rows below, which ascend.
  init(
    _ column: Column, covering covered: Range<Int>, and others: [Int32] = []
  ) throws(StoreError) {
    self.column = column
    self.covered = covered
    permutation =
      column.isAscending && others.isEmpty
      ? nil : try column.sortedPermutation(of: covered, and: others)
  }

  /// Keeps the key that an edited row was sorted by.
  func keepKey(of row: Int32, value: Scalar) {
    switch value {
    case .word(let word): keysBefore[row] = Column.sortKey(word)
    case .real(let real): keysBefore[row] = Column.sortKey(real)
    case .unknown, .text: return
    }
    isEdited = true
  }

  /// Rows in the order.
  var count: Int { permutation?.count ?? covered.count }

  /// Whether row order is the order.
  var isRowOrder: Bool { permutation == nil }

  /// The row at a place.
  @inline(__always)
  func row(_ place: Int) -> Int32 {
    permutation?.elements[place] ?? Int32(truncatingIfNeeded: covered.lowerBound + place)
  }

  /// The key of the row at a place: compares as the values do.
  @inline(__always)
  func key(_ place: Int) -> UInt64 {
    let row = row(place)
    return isEdited ? keyBefore(row) : column.sortKey(Int(row))
  }

  private func keyBefore(_ row: Int32) -> UInt64 { keysBefore[row] ?? column.sortKey(Int(row)) }

  /// The first place whose key is not below `key`.
  func firstPlace(notBelow key: UInt64) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if self.key(middle) < key { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The places whose keys lie in `lower ... upper`.
  func places(from lower: UInt64, to upper: UInt64) -> Range<Int> {
    let start = firstPlace(notBelow: lower)
    let end = upper == .max ? count : firstPlace(notBelow: upper + 1)
    return start..<max(start, end)
  }

  /// The rows at some places.
  func rows(at places: Range<Int>) -> [Int32] {
    if let permutation {
      return Array(UnsafeBufferPointer(rebasing: permutation.elements[places]))
    }
    let first = Int32(truncatingIfNeeded: covered.lowerBound)
    return places.map { first + Int32(truncatingIfNeeded: $0) }
  }
}

/// Walks the rows of an order one by one, ties by row ascending whichever the direction.
struct OrderCursor {
  private let order: SortedOrder
  private let isDescending: Bool
  private var place: Int
  /// Descending: where the run of equal values now walked ends, and where the one before it does.
  private var groupEnd: Int
  private var groupStart: Int

  /// Stands at the first row.
  init(_ order: SortedOrder, isDescending: Bool) {
    self.order = order
    self.isDescending = isDescending
    place = 0
    groupEnd = order.count
    groupStart = order.count
    if isDescending { enterGroupBefore() }
  }

  /// The row stood at, nil at the end.
  var row: Int32? { place < groupEnd ? order.row(place) : nil }

  /// The key of the row stood at.
  var key: UInt64 { order.key(place) }

  /// Goes to the next row.
  mutating func advance() {
    place += 1
    if isDescending && place == groupEnd { enterGroupBefore() }
  }

  private mutating func enterGroupBefore() {
    groupEnd = groupStart
    guard groupEnd > 0 else {
      place = 0
      return
    }
    // Most groups are small: look back a few places before searching.
    let key = order.key(groupEnd - 1)
    groupStart = groupEnd - 1
    while groupStart > 0, groupEnd - groupStart < 8, order.key(groupStart - 1) == key {
      groupStart -= 1
    }
    if groupEnd - groupStart == 8 { groupStart = order.firstPlace(notBelow: key) }
    place = groupStart
  }
}

extension Column {
  /// A key that compares as the row's value does.
  @inline(__always)
  func sortKey(_ row: Int) -> UInt64 {
    if case .reals(let memory) = storage { return Self.sortKey(memory.elements[row]) }
    return Self.sortKey(word(row))
  }

  /// The key of a word.
  @inline(__always)
  static func sortKey(_ word: Int64) -> UInt64 { UInt64(bitPattern: word) ^ (1 << 63) }

  /// The key of a number.
  @inline(__always)
  static func sortKey(_ real: Double) -> UInt64 {
    let bits = (real + 0).bitPattern
    return bits >> 63 == 0 ? bits | 1 << 63 : ~bits
  }

  /// The known rows of a stretch, and of some below it, in ascending order of value, ties by row.
  func sortedPermutation(
    of stretch: Range<Int>, and others: [Int32]
  ) throws(StoreError) -> Memory<Int32> {
    var rows = stride(from: 0, to: others.count, by: Limits.chunkRowCount).map {
      Rows.list(Array(others[$0..<min(others.count, $0 + Limits.chunkRowCount)]))
    }
    for base in stride(from: stretch.lowerBound, to: stretch.upperBound, by: Limits.chunkRowCount) {
      rows.append(.run(base: base, count: min(Limits.chunkRowCount, stretch.upperBound - base)))
    }
    let lower: UInt64
    let upper: UInt64
    if case .reals = storage {
      lower = Self.sortKey(statistics.total.lowerReal)
      upper = Self.sortKey(statistics.total.upperReal)
    } else {
      lower = Self.sortKey(statistics.total.lower)
      upper = Self.sortKey(statistics.total.upper)
    }
    guard unknownCount < rowCount, lower <= upper else { return Memory(budget: budget) }
    let bitCount = 64 - (upper - lower).leadingZeroBitCount
    if bitCount <= 32 {
      return try radixSorted(rows, bitCount: bitCount, from: 32) { key, row in
        (key &- lower) << 32 | UInt64(truncatingIfNeeded: row)
      } key: {
        $0
      } row: {
        Int32(truncatingIfNeeded: $0)
      }
    }
    return try radixSorted(rows, bitCount: bitCount, from: 0) { key, row in
      WidePair(key: key &- lower, row: Int32(truncatingIfNeeded: row))
    } key: {
      $0.key
    } row: {
      $0.row
    }
  }

  /// Sorts by `bitCount` bits of the key, the lowest digit first, 11 bits at a time.
  /// - Source: Knuth: The Art of Computer Programming, volume 3, 5.2.5.
  @inline(__always)
  private func radixSorted<Pair: BitwiseCopyable>(
    _ rows: [Rows], bitCount: Int, from firstBit: Int, pair: (UInt64, Int) -> Pair,
    key: (Pair) -> UInt64, row: (Pair) -> Int32
  ) throws(StoreError) -> Memory<Int32> {
    let first = Memory<Pair>(budget: budget)
    let second = Memory<Pair>(budget: budget)
    let rowCount = rows.reduce(0) { $0 + $1.count }
    try first.reserve(rowCount)
    try second.reserve(rowCount)
    var source = first.elements
    var target = second.elements
    let count = try fillPairs(rows, source, pair)
    var bit = UInt64(firstBit)
    while bit < UInt64(firstBit + bitCount) {
      try withUnsafeTemporaryAllocation(of: Int.self, capacity: 2_049) {
        starts throws(StoreError) in
        starts.initialize(repeating: 0)
        for index in 0..<count {
          starts[Int(truncatingIfNeeded: key(source[index]) >> bit) & 2_047 &+ 1] &+= 1
        }
        if starts.contains(count) { return }
        for digit in 1..<starts.count { starts[digit] &+= starts[digit - 1] }
        var index = 0
        while index < count {
          try Cancellation.check()
          let end = min(count, index + 65_536)
          while index < end {
            let digit = Int(truncatingIfNeeded: key(source[index]) >> bit) & 2_047
            target[starts[digit]] = source[index]
            starts[digit] &+= 1
            index &+= 1
          }
        }
        swap(&source, &target)
      }
      bit += 11
    }
    let sorted = Memory<Int32>(budget: budget)
    try sorted.reserve(count)
    let result = sorted.elements
    for index in 0..<count { result[index] = row(source[index]) }
    sorted.setCount(count)
    withExtendedLifetime((first, second)) {}
    return sorted
  }

  /// Writes a pair for each known row and returns how many there are.
  @inline(__always)
  private func fillPairs<Pair: BitwiseCopyable>(
    _ rows: [Rows], _ pairs: UnsafeMutableBufferPointer<Pair>, _ pair: (UInt64, Int) -> Pair
  ) throws(StoreError) -> Int {
    var count = 0
    var words: [Int64] = []
    var reals: [Double] = []
    var known: [UInt8] = []
    for part in rows {
      try Cancellation.check()
      if case .reals = storage {
        loadReals(part, into: &reals, known: &known)
        for offset in 0..<part.count {
          pairs[count] = pair(Self.sortKey(reals[offset]), part[offset])
          count &+= Int(known[offset] >> 7)
        }
      } else {
        loadWords(part, into: &words, known: &known)
        for offset in 0..<part.count {
          pairs[count] = pair(Self.sortKey(words[offset]), part[offset])
          count &+= Int(known[offset] >> 7)
        }
      }
    }
    return count
  }
}

private struct WidePair: BitwiseCopyable {
  var key: UInt64
  var row: Int32
}
