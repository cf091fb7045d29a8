import Store

/// One table, read as far as it can be, and what is wrong with its rows.
struct SalvageTable {
  let layout: TableLayout
  /// What the file says of the rows.
  let sums: SalvageSums
  /// What was read.
  private(set) var found = ChunkSums()
  private(set) var recordCount = 0
  /// The largest integer key that was read.
  private(set) var largestKey: Int64?
  private var scan: SalvageScan
  private var badCells: [Int: BadCells] = [:]

  private struct BadCells {
    var keys = KeyList()
    var first: String
  }

  /// Prepares the reading of a table; nil when it is not there, which is reported.
  init?(
    _ layout: TableLayout, in connection: Connection, _ report: inout StoreReport
  ) throws(StoreError) {
    self.layout = layout
    let columns = try Self.columns(layout, connection)
    let names = Set(columns.map(SQLText.folded))
    guard names.contains(SQLText.folded(layout.keyField.column)) else {
      report.add(
        .missingTable, layout.name,
        columns.isEmpty ? "the table is not there" : "the table has no column of keys")
      return nil
    }
    for field in layout.fields where !names.contains(SQLText.folded(field.column)) {
      report.add(.missingColumn, layout.name, "the column '\(field.column)' is not there")
    }
    sums = try SalvageSums(layout, in: connection)
    let made = try SalvageReading.attempt { () throws(StoreError) in
      try SalvageScan(layout, columns: names, in: connection)
    }
    guard let made else {
      report.add(.missingTable, layout.name, "the table cannot be read")
      return nil
    }
    scan = made
  }

  /// The names of a table's columns; none when there is no such table.
  static func columns(
    _ layout: TableLayout, _ connection: Connection
  ) throws(StoreError) -> [String] {
    var names: [String] = []
    let found: Void? = try SalvageReading.attempt { () throws(StoreError) in
      let statement = try connection.prepare("SELECT name FROM pragma_table_xinfo(?)")
      try statement.bind(layout.name, at: 0)
      while try statement.step() { names.append(statement.text(0) ?? "") }
    }
    return found == nil ? [] : names
  }

  /// Reads everything, hands it on, and reports what is wrong.
  mutating func read(
    _ report: inout StoreReport, _ take: (SalvageScan.Part) throws(StoreError) -> Void
  ) throws(StoreError) {
    var (found, recordCount, largestKey, badCells) = (found, recordCount, largestKey, badCells)
    let layout = layout
    try scan.read(expecting: sums.windows(layout)) { part throws(StoreError) in
      found.add(part.sums)
      recordCount += part.rows.count
      if !layout.isTextKeyed {
        largestKey = max(largestKey ?? .min, part.numbers.first ?? .min, part.numbers.last ?? .min)
      }
      for cell in part.badCells {
        var known = badCells[cell.field] ?? BadCells(first: cell.found)
        known.keys.add(layout.keyName(cell.row, part))
        badCells[cell.field] = known
      }
      try take(part)
    }
    (self.found, self.recordCount) = (found, recordCount)
    (self.largestKey, self.badCells) = (largestKey, badCells)
    tell(&report)
  }

  // MARK: what is told

  private func tell(_ report: inout StoreReport) {
    tellGaps(&report)
    for number in runs(of: Set(scan.strays).sorted()) {
      report.add(
        .badKey, layout.name, keys: layout.text(of: number), "a row stands out of order")
    }
    for (field, cells) in badCells.sorted(by: { $0.key < $1.key }) {
      let column = layout.fields[field].column
      report.add(
        .badValue, layout.name, keys: cells.keys.text,
        "\(counted(cells.keys.count, "cell")) of '\(column)' cannot be read, the first \(cells.first)"
      )
    }
    tellSums(&report)
  }

  private func tellGaps(_ report: inout StoreReport) {
    var isTold = false
    for gap in scan.gaps {
      let count = lostCount(gap)
      guard count > 0 else { continue }
      isTold = true
      report.add(
        .unreadableRows, layout.name, keys: layout.text(of: gap),
        "rows cannot be read, at most \(count)")
    }
    guard !isTold, !scan.gaps.isEmpty else { return }
    report.add(
      .unreadableRows, layout.name,
      "parts of it cannot be read, and no row is known to have been there")
  }

  /// How many rows may have been in a gap.
  private func lostCount(_ gap: ClosedRange<Int64>) -> Int64 {
    let (span, isLarge) = gap.upperBound.subtractingReportingOverflow(gap.lowerBound)
    let size = isLarge || span == .max ? .max : span + 1
    guard sums.isWhole else { return size }
    var count: Int64 = 0
    for chunk in sums.recorded.keys {
      let numbers = layout.isTextKeyed ? .min ... .max : ChunkSums.keys(of: chunk)
      guard let numbers, numbers.overlaps(gap) else { continue }
      let part = numbers.clamped(to: gap)
      let (length, isLong) = part.upperBound.subtractingReportingOverflow(part.lowerBound)
      let most = isLong || length == .max ? .max : length + 1
      let sum = count.addingReportingOverflow(min(most, sums.missingCount(chunk, found)))
      count = sum.overflow ? .max : sum.partialValue
    }
    return min(size, count)
  }

  private func tellSums(_ report: inout StoreReport) {
    let compared = sums.compared(with: found)
    report.provedChunkCount += compared.provedCount
    report.unprovedChunkCount += compared.unproved.count
    for chunk in compared.changed {
      let missing = sums.missingCount(chunk, found)
      let lost = missing == 0 ? "" : ", and \(counted(Int(clamping: missing), "row")) fewer"
      report.add(
        .changedRows, layout.name, keys: layout.keysText(of: chunk...chunk),
        "rows are not as they were written\(lost): they may hold wrong values")
    }
    if !sums.isWhole {
      report.add(
        .pages, layout.name, "what proves the rows cannot be read: they may hold wrong values")
    }
    for run in runs(of: compared.unproved) {
      report.add(
        .unprovedRows, layout.name, keys: layout.keysText(of: run),
        "not proved: written by another program; `save` proves them anew")
    }
  }
}

/// A number and what it counts.
func counted(_ count: Int, _ noun: String) -> String {
  count == 1 ? "1 \(noun)" : "\(count) \(noun)s"
}

extension TableLayout {
  /// The key of a row in a report: the number, or the text; the row's number when it has no key.
  func keyName(_ row: Int, _ part: SalvageScan.Part) -> KeyList.Key {
    if !isTextKeyed { return .number(part.numbers[row]) }
    let key = part.rows.cells[key][row]
    if case .unknown = key { return .text("row number \(part.numbers[row])") }
    return .text(key.text)
  }
}

/// Keys of a report, given in no order.
struct KeyList {
  enum Key {
    case number(Int64)
    /// As it stands in the report.
    case text(String)
  }

  private var numbers: Set<Int64> = []
  private var texts: [String] = []

  /// Runs and texts that a report lists; of more it says from where to where.
  private static let listedCountMax = 100

  var count: Int { numbers.count + texts.count }

  mutating func add(_ key: Key) {
    switch key {
    case .number(let number): numbers.insert(number)
    case .text(let text): texts.append(text)
    }
  }

  /// All keys: `3, 5 to 9`, or `'a', 'b'`.
  var text: String {
    let runs = runs(of: numbers.sorted())
    guard runs.count + texts.count <= Self.listedCountMax else {
      if let first = runs.first, let last = runs.last {
        return "\(first.lowerBound) to \(last.upperBound)"
      }
      let sorted = texts.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      return "\(sorted.first ?? "") to \(sorted.last ?? "")"
    }
    let words = runs.map { run in
      run.count == 1 ? "\(run.lowerBound)" : "\(run.lowerBound) to \(run.upperBound)"
    }
    return (words + texts).joined(separator: ", ")
  }
}
