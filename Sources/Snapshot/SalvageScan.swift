import Store

/// Reads all of a table's rows that can be read, whatever lies between them.
///
/// Each readable run of rows is read once, upwards from where it begins or downwards from where it
/// ends. What fails is cut in halves until it is narrowed down to single row numbers, or to as many
/// attempts as are worth it.
struct SalvageScan {
  /// Rows that were read, with the sums they have.
  struct Part {
    var rows: StoredRows
    /// The row number of each; the key, where keys are integers.
    var numbers: [Int64]
    /// By row of this part.
    var badCells: [RowReader.BadCell]
    var sums: ChunkSums
  }

  let layout: TableLayout
  /// Row numbers that could not be read, ascending and apart. There may never have been rows there.
  private(set) var gaps: [ClosedRange<Int64>] = []
  /// The row numbers of rows that stood out of order and were left out.
  private(set) var strays: [Int64] = []
  private let upwards: Statement
  private let downwards: Statement
  private var probeCount = 0
  /// Attempts since one last gave a row.
  private var vainCount = 0
  private var strayCount = 0

  private static let rowCountPerPart = 16_384
  /// Attempts to read from the middle of what failed.
  private static let probeCountMax = 50_000
  /// Attempts in vain, evenly spread, after which there is nothing to be found.
  private static let vainCountMax = 2_000
  /// Rows out of order after which it is not the rows that are wrong but their pages.
  private static let strayCountMax = 1_000

  /// Prepares the reading of a table.
  ///
  /// - Parameter columns: The names, folded, of the columns that are there; others are unknown.
  init(
    _ layout: TableLayout, columns: Set<[UInt8]>, in connection: Connection
  ) throws(StoreError) {
    self.layout = layout
    let names = layout.fields.map {
      columns.contains(SQLText.folded($0.column)) ? SQLText.name($0.column) : "NULL"
    }
    let query = """
      SELECT \(names.joined(separator: ",")),_rowid_ FROM \(SQLText.name(layout.name))
      WHERE _rowid_ BETWEEN ? AND ? ORDER BY _rowid_
      """
    upwards = try connection.prepare(query)
    downwards = try connection.prepare(query + " DESC")
  }

  /// Reads everything and hands it on, part by part, in no order.
  ///
  /// - Parameter windows: Where rows can be expected, to look there when something cannot be read.
  mutating func read(
    expecting windows: [ClosedRange<Int64>], _ take: (Part) throws(StoreError) -> Void
  ) throws(StoreError) {
    guard let rest = try sweepBoth(.min ... .max, take) else { return }
    var waiting: [ClosedRange<Int64>] = []
    var covered: Int64? = rest.lowerBound
    for window in windows.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      guard let first = covered, window.overlaps(rest) else { continue }
      let part = window.clamped(to: rest)
      if first < part.lowerBound { gaps.append(first...(part.lowerBound - 1)) }
      guard part.upperBound >= first else { continue }
      waiting.append(max(first, part.lowerBound)...part.upperBound)
      covered = part.upperBound == .max ? nil : part.upperBound + 1
    }
    if let first = covered, first <= rest.upperBound { gaps.append(first...rest.upperBound) }
    try narrow(waiting, take)
    joinGaps()
  }

  /// Halves all ranges, then the halves that fail, so that attempts are spread evenly when they end.
  private mutating func narrow(
    _ ranges: [ClosedRange<Int64>], _ take: (Part) throws(StoreError) -> Void
  ) throws(StoreError) {
    var waiting = ranges
    var next = 0
    while next < waiting.count {
      try Cancellation.check()
      let range = waiting[next]
      next += 1
      guard hasAttempts else {
        gaps.append(range)
        continue
      }
      probeCount += 1
      guard range.lowerBound < range.upperBound else {
        if let rest = try sweepUp(range, take) { gaps.append(rest) }
        continue
      }
      let middle = range.lowerBound + (range.upperBound - range.lowerBound) / 2
      let upper = (middle + 1)...range.upperBound
      let lower = range.lowerBound...middle
      if let rest = try sweepUp(upper, take) { waiting.append(rest) }
      if let rest = try sweepDown(lower, take) { waiting.append(rest) }
    }
  }

  private var hasAttempts: Bool {
    probeCount < Self.probeCountMax && vainCount < Self.vainCountMax
  }

  private mutating func joinGaps() {
    var joined: [ClosedRange<Int64>] = []
    for gap in gaps.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = joined.last, last.upperBound >= gap.lowerBound - 1 {
        joined[joined.count - 1] = last.lowerBound...max(last.upperBound, gap.upperBound)
      } else {
        joined.append(gap)
      }
    }
    gaps = joined
  }

  // MARK: one attempt

  /// Reads from both ends; what is left between them.
  private mutating func sweepBoth(
    _ range: ClosedRange<Int64>, _ take: (Part) throws(StoreError) -> Void
  ) throws(StoreError) -> ClosedRange<Int64>? {
    guard let rest = try sweepUp(range, take) else { return nil }
    return try sweepDown(rest, take)
  }

  private mutating func sweepUp(
    _ range: ClosedRange<Int64>, _ take: (Part) throws(StoreError) -> Void
  ) throws(StoreError) -> ClosedRange<Int64>? {
    let end = try sweep(range, by: upwards, isDescending: false, take)
    guard !end.isWhole else { return nil }
    guard let last = end.last else { return range }
    return last < range.upperBound ? (last + 1)...range.upperBound : nil
  }

  private mutating func sweepDown(
    _ range: ClosedRange<Int64>, _ take: (Part) throws(StoreError) -> Void
  ) throws(StoreError) -> ClosedRange<Int64>? {
    let end = try sweep(range, by: downwards, isDescending: true, take)
    guard !end.isWhole else { return nil }
    guard let last = end.last else { return range }
    return last > range.lowerBound ? range.lowerBound...(last - 1) : nil
  }

  /// Reads as far as it goes.
  private mutating func sweep(
    _ range: ClosedRange<Int64>, by statement: Statement, isDescending: Bool,
    _ take: (Part) throws(StoreError) -> Void
  ) throws(StoreError) -> (last: Int64?, isWhole: Bool) {
    var run = Run(layout, isDescending: isDescending)
    var isWhole = true
    defer { statement.reset() }
    try statement.bind(range.lowerBound, at: 0)
    try statement.bind(range.upperBound, at: 1)
    while true {
      guard
        let isRow = try SalvageReading.attempt({ () throws(StoreError) in
          try statement.step()
        })
      else {
        isWhole = false
        break
      }
      guard isRow else { break }
      let number = statement.integer(layout.fields.count)
      if run.take(statement, number) {
        if run.count >= Self.rowCountPerPart { try take(run.finish(&strays)) }
        continue
      }
      strays.append(number)
      strayCount += 1
      guard strayCount < Self.strayCountMax else {
        isWhole = false
        break
      }
    }
    vainCount = run.last == nil && !isWhole ? vainCount + 1 : 0
    if run.count > 0 { try take(run.finish(&strays)) }
    return (run.last, isWhole)
  }
}

/// Rows taken one after the other in one direction.
private struct Run {
  private let layout: TableLayout
  private let isDescending: Bool
  /// Made for the first row: most attempts give none.
  private var reader: RowReader?
  private var numbers: [Int64] = []
  /// Rows that were taken and turned out to be the ones that stand wrong.
  private var wrong: Set<Int> = []
  /// The number of the last row that stands right, and of the one before it.
  private(set) var last: Int64?
  private var lastButOne: Int64?

  init(_ layout: TableLayout, isDescending: Bool) {
    self.layout = layout
    self.isDescending = isDescending
  }

  var count: Int { numbers.count }

  /// Takes the row on which the statement stands; false when it stands out of order.
  ///
  /// Of two rows in the wrong order it is the first that is wrong if without it all is in order.
  mutating func take(_ statement: Statement, _ number: Int64) -> Bool {
    if let before = last, !isAfter(number, before) {
      guard let lastButOne, isAfter(number, lastButOne), numbers.last == before else {
        return false
      }
      wrong.insert(numbers.count - 1)
    } else {
      lastButOne = last
    }
    if reader == nil { reader = RowReader(layout, expecting: 64) }
    reader?.take(statement)
    numbers.append(number)
    last = number
    return true
  }

  private func isAfter(_ a: Int64, _ b: Int64) -> Bool { isDescending ? a < b : a > b }

  /// The rows taken since the last time, without those that stand wrong.
  mutating func finish(_ strays: inout [Int64]) -> SalvageScan.Part {
    var badCells = reader?.badCells ?? []
    var rows = reader?.finish() ?? StoredRows(count: 0, cells: [])
    if !wrong.isEmpty {
      strays += wrong.map { numbers[$0] }
      let kept = numbers.indices.filter { !wrong.contains($0) }
      let places = Dictionary(uniqueKeysWithValues: kept.enumerated().map { ($1, $0) })
      badCells = badCells.compactMap { cell in
        places[cell.row].map { RowReader.BadCell(row: $0, field: cell.field, found: cell.found) }
      }
      rows = rows.gathered(kept)
      numbers = kept.map { numbers[$0] }
    }
    var sums = ChunkSums()
    if rows.count > 0 { sums.add(rows.cells[layout.key], sums: rows.sums(layout), rowCountEach: 1) }
    defer {
      numbers = []
      wrong = []
    }
    return SalvageScan.Part(rows: rows, numbers: numbers, badCells: badCells, sums: sums)
  }
}

extension StoredRows {
  /// Some of the rows, in this order.
  func gathered(_ offsets: [Int]) -> StoredRows {
    let offsets = offsets.map { Int32(truncatingIfNeeded: $0) }
    return StoredRows(count: offsets.count, cells: cells.map { $0.gathered(offsets) })
  }
}
