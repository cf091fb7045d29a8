import Store

/// What an import of records with a tracked field writes into its history: an opening for each new
/// record with a value, a change for each record that `matching` gives another one.
struct TrackedImport {
  let tracked: TrackedField
  /// Changes of records that are there.
  private(set) var changes: StageChanges
  /// Dates of the file that were not taken, because the value they go with did not change.
  private(set) var keptDateCount = 0

  private let staging: ImportStaging
  private let today: Int

  /// Puts a date beside each staged value that is new to its record: that of the file, else today. A
  /// change dated before the last one of its record is left out.
  init(_ staging: ImportStaging, _ tracked: TrackedField, today: Int) throws(StoreError) {
    self.staging = staging
    self.tracked = tracked
    self.today = today
    changes = StageChanges(
      rows: [], from: Vector(unknown: .choice(tracked.choices), count: 0),
      to: Vector(unknown: .choice(tracked.choices), count: 0),
      dates: Vector(unknown: .date, count: 0))
    var dates = Vector(unknown: .date, count: 0)
    for base in Self.bases(of: staging.table) {
      dates.append(try takeChunk(from: base))
    }
    if let since = tracked.since { try staging.table.fill(since, with: dates) }
  }

  private static func bases(of table: Table) -> StrideTo<Int> {
    stride(from: 0, to: table.rowCount, by: Limits.chunkRowCount)
  }

  private func chunk(from base: Int) -> Rows {
    .run(base: base, count: min(Limits.chunkRowCount, staging.table.rowCount - base))
  }

  /// The dates of a chunk as they are to be; collects the changes of records that are there.
  private mutating func takeChunk(from base: Int) throws(StoreError) -> Vector {
    try Cancellation.check()
    let rows = chunk(from: base)
    let count = rows.count
    let values = staging.table.column(tracked.field).load(rows)
    let dates =
      tracked.since.map { staging.table.column($0).load(rows) }
      ?? Vector(unknown: .date, count: count)
    let now = Vector(repeating: .word(Int64(today)), as: .date, count: count)
    let dated = Vector.firstKnown([dates, now])
    guard let matches = staging.matches, let present = staging.present else {
      return Vector.select(Mask(knownIn: values), then: dated, otherwise: dates)
    }
    let own = Rows.list(Array(matches[base..<base + count]))
    let before = present.column(tracked.field).load(own)
    let ownDates =
      tracked.since.map { present.column($0).load(own) } ?? Vector(unknown: .date, count: count)
    var isSame = Mask(count: count)
    before.keep(.equal, values, in: &isSame)
    let isChanged = isSame.inverted(within: Mask(knownIn: values))
    rejectEarly(dated, ownDates, isChanged, base)
    keepChanges(own, before, values, dated, isChanged, base)
    let isDropped = droppedDates(dates, ownDates, isChanged)
    let left = Vector.select(
      isDropped, then: Vector(unknown: .date, count: count), otherwise: dates)
    return Vector.select(isChanged, then: dated, otherwise: left)
  }

  /// Leaves out changes dated before the last one of their record.
  private func rejectEarly(
    _ dates: Vector, _ ownDates: Vector, _ isChanged: Mask, _ base: Int
  ) {
    var isEarly = isChanged
    dates.keep(.less, ownDates, in: &isEarly)
    let target = staging.layout.targets.first { $0.field == tracked.since }
    for offset in isEarly.offsets {
      guard case .word(let day) = dates[Int(offset)],
        case .word(let last) = ownDates[Int(offset)]
      else { continue }
      let name = staging.definition[tracked.field].name
      staging.reject(
        base + Int(offset), code: "move-too-early",
        "'\(name)' changes on \(Day.text(Int(day))), but changed last on \(Day.text(Int(last)))",
        target)
    }
  }

  private mutating func keepChanges(
    _ own: Rows, _ before: Vector, _ values: Vector, _ dates: Vector, _ isChanged: Mask,
    _ base: Int
  ) {
    var taken = isChanged
    staging.table.keepLive(.run(base: base, count: taken.count), in: &taken)
    guard case .list(let rows) = own else { return }
    taken.formAnd(Mask(knownIn: RowSelection.references(rows)))
    guard !taken.isNoneIn, case .list(let changed) = own.compacted(by: taken) else { return }
    changes.rows += changed
    changes.from.append(before.compacted(by: taken))
    changes.to.append(values.compacted(by: taken))
    changes.dates.append(dates.compacted(by: taken))
  }

  /// Dates that differ from those of the records, whose values stay.
  private mutating func droppedDates(
    _ dates: Vector, _ ownDates: Vector, _ isChanged: Mask
  ) -> Mask {
    var isSame = Mask(count: dates.count)
    dates.keep(.equal, ownDates, in: &isSame)
    var isDropped = isSame.inverted(within: Mask(knownIn: dates))
    isDropped.formAnd(Mask(knownIn: ownDates))
    isDropped.subtract(isChanged)
    keptDateCount += isDropped.countIn
    return isDropped
  }

  /// The openings of the new records, chunk by chunk.
  func openings(_ body: (StageChanges) throws -> Void) throws {
    let final = staging.finalRows
    for base in Self.bases(of: staging.table) {
      let rows = chunk(from: base)
      let values = staging.table.column(tracked.field).load(rows)
      var isOpened = Mask(knownIn: values)
      staging.table.keepLive(rows, in: &isOpened)
      if let matches = staging.matches {
        let own = RowSelection.references(Array(matches[base..<base + rows.count]))
        isOpened.subtract(Mask(knownIn: own))
      }
      let own = Rows.list(Array(final[base..<base + rows.count])).compacted(by: isOpened)
      guard case .list(let opened) = own, !opened.isEmpty else { continue }
      let today = Vector(repeating: .word(Int64(today)), as: .date, count: rows.count)
      let dates = tracked.since.map { staging.table.column($0).load(rows) } ?? today
      try body(
        StageChanges(
          rows: opened, from: Vector(unknown: .choice(tracked.choices), count: opened.count),
          to: values.compacted(by: isOpened), dates: dates.compacted(by: isOpened)))
    }
  }
}
