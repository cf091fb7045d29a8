import Store

/// What the file says of the rows of one table, as far as that can be read.
struct SalvageSums {
  /// By chunk; nil for a void one.
  private(set) var recorded: [Int64: ChunkSum?] = [:]
  /// Whether all of them could be read.
  private(set) var isWhole = true

  /// What was recorded of a chunk against what is there.
  struct Comparison {
    /// Chunks whose sum is the one recorded.
    var provedCount = 0
    /// Chunks that have rows, or a void sum, and nothing that proves them.
    var unproved: [Int64] = []
    /// Chunks whose sum is another one.
    var changed: [Int64] = []
  }

  init(_ layout: TableLayout, in connection: Connection) throws(StoreError) {
    let statement = try SalvageReading.attempt { () throws(StoreError) in
      try connection.prepare(
        "SELECT chunk, rows, sum FROM \"_rapport_sums\" WHERE \"table\" = ? ORDER BY chunk")
    }
    guard let statement else {
      isWhole = false
      return
    }
    try statement.bind(layout.name, at: 0)
    while let isRow = try SalvageReading.attempt({ () throws(StoreError) in try statement.step() })
    {
      guard isRow else { return }
      let isVoid = statement.kind(1) == .null || statement.kind(2) == .null
      let sum = ChunkSum(
        rowCount: statement.integer(1), sum: UInt64(bitPattern: statement.integer(2)))
      recorded[statement.integer(0)] = .some(isVoid ? nil : sum)
    }
    isWhole = false
  }

  /// Compares with what was read.
  func compared(with found: ChunkSums) -> Comparison {
    var result = Comparison()
    for chunk in Set(recorded.keys).union(found.chunks.keys).sorted() {
      let sum = found.chunks[chunk] ?? ChunkSum()
      guard let known = recorded[chunk] ?? nil else {
        result.unproved.append(chunk)
        continue
      }
      if known == sum { result.provedCount += 1 } else { result.changed.append(chunk) }
    }
    return result
  }

  /// Rows of a chunk that are not among those found, at most.
  func missingCount(_ chunk: Int64, _ found: ChunkSums) -> Int64 {
    let count = found.chunks[chunk]?.rowCount ?? 0
    guard let known = recorded[chunk] ?? nil else { return .max }
    return max(0, known.rowCount.subtractingReportingOverflow(count).partialValue)
  }

  /// Row numbers among which the rows of a table are to be expected.
  func windows(_ layout: TableLayout) -> [ClosedRange<Int64>] {
    guard layout.isTextKeyed else {
      let windows = recorded.keys.compactMap { ChunkSums.keys(of: $0) }
      return isWhole ? windows : windows + [0...1 << 20]
    }
    let count = (recorded[0] ?? nil)?.rowCount ?? 0
    return [0...max(1 << 16, min(count, 1 << 40) * 2)]
  }
}

extension TableLayout {
  /// The keys of neighbouring chunks, in words; nil where chunks are not of keys.
  func keysText(of chunks: ClosedRange<Int64>) -> String? {
    guard !isTextKeyed, let first = ChunkSums.keys(of: chunks.lowerBound),
      let last = ChunkSums.keys(of: chunks.upperBound)
    else { return nil }
    return "\(first.lowerBound) to \(last.upperBound)"
  }

  /// Row numbers in words: they are the keys where these are integers.
  func text(of numbers: ClosedRange<Int64>) -> String {
    let words: String
    switch (numbers.lowerBound, numbers.upperBound) {
    case (.min, .max): words = "all"
    case (.min, let last): words = "up to \(last)"
    case (let first, .max): words = "from \(first) on"
    case (let first, let last): words = first == last ? "\(first)" : "\(first) to \(last)"
    }
    return isTextKeyed ? "row numbers " + words : words
  }
}

/// Numbers as runs of neighbours. They are ascending.
func runs(of numbers: [Int64]) -> [ClosedRange<Int64>] {
  var runs: [ClosedRange<Int64>] = []
  for number in numbers {
    if let last = runs.last, last.upperBound == number - 1 {
      runs[runs.count - 1] = last.lowerBound...number
    } else {
      runs.append(number...number)
    }
  }
  return runs
}
