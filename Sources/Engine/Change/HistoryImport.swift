import Store
import Syntax

/// An import of the changes of a field with a history: with those that are there they have to chain
/// and to end at the records' values. They replace the openings of these records.
struct HistoryImport {
  let tracked: TrackedField
  /// Openings that the import replaces, ascending.
  private(set) var replaced: [Int32] = []
  /// Openings of other records that get another number, because the file uses theirs.
  private(set) var renumbered: [Int32] = []
  /// Records of the tracked entity whose date of the last change is another one now, and the dates.
  private(set) var since: (rows: [Int32], dates: Vector)?

  private let staging: ImportStaging
  private let database: Database

  /// Checks the staged changes; what cannot be taken is left out, with all changes of its record.
  init(_ staging: ImportStaging, _ tracked: TrackedField) throws(StoreError) {
    self.staging = staging
    self.tracked = tracked
    database = staging.database
    let byteCount = (staging.table.rowCount + (staging.present?.rowCount ?? 0)) * 48
    try database.budget.take(byteCount)
    defer { database.budget.give(back: byteCount) }
    rejectIncomplete()
    while try !check() {}
    try compareKeys()
  }

  private var records: Table { database.table(tracked.entity) }

  private var key: FieldID { staging.definition.key }

  /// The fields of some changes that make a history.
  private struct Changes {
    var records: Vector
    var times: Vector
    var keys: Vector
    var from: Vector
    var to: Vector

    init(_ table: Table, _ rows: [Int32], _ tracked: TrackedField, key: FieldID) {
      func load(_ field: FieldID) -> Vector { table.column(field).load(.list(rows)) }
      records = load(tracked.history.record)
      times = load(tracked.history.time)
      keys = load(key)
      from = load(tracked.history.from)
      to = load(tracked.history.to)
    }

    mutating func append(_ other: Changes) {
      records.append(other.records)
      times.append(other.times)
      keys.append(other.keys)
      from.append(other.from)
      to.append(other.to)
    }
  }

  // MARK: checks

  /// Leaves out changes that do not say whose, when, or what came.
  private func rejectIncomplete() {
    let history = tracked.history
    let definition = staging.definition
    let all = Rows.run(base: 0, count: staging.table.rowCount)
    for field in [history.record, history.time, history.to] {
      var unknown = Mask(count: all.count)
      unknown.subtract(Mask(knownIn: staging.table.column(field).load(all)))
      for row in unknown.offsets {
        staging.reject(
          Int(row), code: "history-incomplete",
          "each \(definition.singular) needs a value for '\(definition[field].name)'",
          staging.layout.targets.first { $0.field == field })
      }
    }
  }

  /// Whether the staged changes are histories together with those that stay. If not, the changes of
  /// the records in question are left out.
  private mutating func check() throws(StoreError) -> Bool {
    let rows = staging.table.liveRows
    let staged = Changes(staging.table, rows, tracked, key: key)
    let kept = try keptRows(beside: staged)
    let keptCount = kept.count
    var all = staging.present.map { Changes($0, kept, tracked, key: key) } ?? staged
    if staging.present != nil { all.append(staged) }
    let chains = try Chains(
      records: all.records, times: all.times, keys: all.keys, from: all.from, to: all.to)
    var problems: [Int32: (text: String, field: FieldID)] = [:]
    for (offset, before) in chains.breaks {
      let place = Int(offset) >= keptCount ? offset : before
      guard Int(place) >= keptCount else { continue }
      let row = rows[Int(place) - keptCount]
      let isAfter = place == before
      guard problems[row] == nil else { continue }
      problems[row] = (
        breakText(all, offset, before, isAfter: isAfter),
        isAfter ? tracked.history.to : tracked.history.from
      )
    }
    let lasts = all.records.gathered(chains.lasts)
    let current = records.column(tracked.field).load(Rows(following: lasts))
    let reached = all.to.gathered(chains.lasts)
    var agrees = Mask(count: lasts.count)
    current.keep(.equal, reached, in: &agrees)
    for offset in agrees.inverted(within: Mask(count: lasts.count)).offsets {
      let place = Int(chains.lasts[Int(offset)])
      guard place >= keptCount, problems[rows[place - keptCount]] == nil else { continue }
      problems[rows[place - keptCount]] = (
        endText(all, place, current[Int(offset)]), tracked.history.to
      )
    }
    guard problems.isEmpty else {
      reject(problems, rows, staged)
      return false
    }
    try takeDates(lasts, all.times.gathered(chains.lasts))
    return true
  }

  /// The changes there are of the records in question, but for the openings, which are replaced.
  private mutating func keptRows(beside staged: Changes) throws(StoreError) -> [Int32] {
    replaced = []
    guard let present = staging.present, case .list(let owners) = Rows(following: staged.records)
    else { return [] }
    var affected = RowSet(rowCount: records.rowCount)
    _ = affected.add(owners)
    let referrers = Referrers(present, tracked.history.record, to: records)
    let rows = try referrers.rows(referringTo: affected.rows())
    let from = present.column(tracked.history.from).load(.list(rows))
    let continues = Mask(knownIn: from)
    let opens = continues.inverted(within: Mask(count: rows.count))
    if case .list(let openings) = Rows.list(rows).compacted(by: opens) { replaced = openings }
    guard case .list(let kept) = Rows.list(rows).compacted(by: continues) else { return [] }
    return kept
  }

  /// Leaves out all changes of the records that have a problem.
  private func reject(
    _ problems: [Int32: (text: String, field: FieldID)], _ rows: [Int32], _ staged: Changes
  ) {
    guard case .words(let owners) = staged.records.values else { return }
    var bad: Set<Int64> = []
    for (offset, row) in rows.enumerated() where problems[row] != nil { bad.insert(owners[offset]) }
    for (row, problem) in problems.sorted(by: { $0.key < $1.key }) {
      staging.reject(
        Int(row), code: "broken-history", problem.text,
        staging.layout.targets.first { $0.field == problem.field })
    }
    for (offset, row) in rows.enumerated() where bad.contains(owners[offset]) {
      staging.reject(
        Int(row), code: "broken-history",
        "another change of \(name(Int(owners[offset]))) cannot be taken")
    }
  }

  /// The dates of the last changes, where the records have others.
  private mutating func takeDates(_ records: Vector, _ times: Vector) throws(StoreError) {
    since = nil
    guard let field = tracked.since, case .list(let rows) = Rows(following: records) else { return }
    let isTime = database.catalog[tracked.history.entity][tracked.history.time].type == .time
    let dates =
      isTime ? try times.converted(.timeToDate, in: Mask(count: times.count)) : times
    var isSame = Mask(count: rows.count)
    self.records.column(field).load(.list(rows)).keep(.equal, dates, in: &isSame)
    let differs = isSame.inverted(within: Mask(count: rows.count))
    guard case .list(let changed) = Rows.list(rows).compacted(by: differs), !changed.isEmpty
    else { return }
    since = (changed, dates.compacted(by: differs))
  }

  /// Finds out whose keys the file uses. An opening, whose number nobody chose, gives way; not where
  /// more changes follow it, which on one day are told apart by their numbers.
  private mutating func compareKeys() throws(StoreError) {
    guard let present = staging.present, let target = staging.layout.key else { return }
    let rows = staging.table.liveRows
    let keys = staging.table.column(target.field).load(.list(rows))
    let taken = present.rows(withKeys: keys)
    let movable = try soleOpenings(among: taken, in: present)
    let going = Set(replaced)
    for (offset, row) in taken.enumerated() where row >= 0 && !going.contains(row) {
      if movable.contains(row) {
        renumbered.append(row)
      } else {
        staging.reject(
          Int(rows[offset]), code: "duplicate-key",
          "key '\(staging.text(keys[offset]))' is that of a record of"
            + " \(staging.definition.name) already", target,
          hint: "map \"\(target.header)\" to \(staging.definition[key].name)_in_file")
      }
    }
    renumbered.sort()
  }

  /// Those of some changes that are all there is of the history of their record.
  private func soleOpenings(
    among changes: [Int32], in present: Table
  ) throws(StoreError) -> Set<Int32> {
    let found = changes.filter { $0 >= 0 }
    guard
      case .list(let owners) = Rows(
        following: present.column(tracked.history.record).load(.list(found)))
    else { return [] }
    var affected = RowSet(rowCount: records.rowCount)
    _ = affected.add(owners.filter { $0 >= 0 })
    let referrers = Referrers(present, tracked.history.record, to: records)
    let all = try referrers.rows(referringTo: affected.rows())
    guard
      case .list(let allOwners) = Rows(
        following: present.column(tracked.history.record).load(.list(all)))
    else { return [] }
    var isShared = RowSet(rowCount: records.rowCount)
    for (offset, earlier) in try RowSelection.earlierEqual(allOwners).enumerated()
    where earlier >= 0 {
      _ = isShared.add([allOwners[offset]])
    }
    let from = present.column(tracked.history.from).load(.list(found))
    var sole: Set<Int32> = []
    for (offset, row) in found.enumerated() where owners[offset] >= 0 {
      let isOpening = from.known[offset] == 0
      if isOpening, !isShared.contains(owners[offset]) { sole.insert(row) }
    }
    return sole
  }

  // MARK: words

  private func name(_ row: Int) -> String {
    let definition = database.catalog[tracked.entity]
    return RecordName(definition, key: records.column(definition.key)[row]).text
  }

  private func choice(_ value: Scalar) -> String {
    guard case .word(let code) = value else { return "unknown" }
    return tracked.choices.names[Int(code)]
  }

  private func breakText(
    _ all: Changes, _ offset: Int32, _ before: Int32, isAfter: Bool
  ) -> String {
    guard case .word(let row) = all.records[Int(offset)] else { return "" }
    if isAfter {
      return "\(name(Int(row))) comes to \(choice(all.to[Int(before)])),"
        + " but the change after goes from \(choice(all.from[Int(offset)]))"
    }
    return "\(name(Int(row))) goes from \(choice(all.from[Int(offset)])),"
      + " but the change before leads to \(choice(all.to[Int(before)]))"
  }

  private func endText(_ all: Changes, _ place: Int, _ current: Scalar) -> String {
    guard case .word(let row) = all.records[place] else { return "" }
    let field = database.catalog[tracked.entity][tracked.field].name
    return "the last change of \(name(Int(row))) leads to \(choice(all.to[place])),"
      + " but its \(field) is \(choice(current))"
  }
}
