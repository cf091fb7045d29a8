import Store
import Syntax

/// Keeps the histories of tracked fields right when whole tables come in.
struct WholeHistory {
  let database: Database
  /// The day number of `today`.
  let today: Int

  /// The tracked field of an entity whose history does not come in with it.
  private func tracked(_ entity: EntityID, without filled: Set<EntityID>) -> TrackedField? {
    guard let tracked = TrackedField(of: entity, in: database.catalog),
      !filled.contains(tracked.history.entity)
    else { return nil }
    return tracked
  }

  /// Dates the values of a tracked field, where the file does not, by today.
  func date(_ table: Table, without filled: Set<EntityID>) throws(StoreError) {
    guard let tracked = tracked(table.entity, without: filled), let since = tracked.since,
      table.rowCount > 0
    else { return }
    let all = Rows.run(base: 0, count: table.rowCount)
    let values = table.column(tracked.field).load(all)
    let dates = table.column(since).load(all)
    let now = Vector(repeating: .word(Int64(today)), as: .date, count: table.rowCount)
    let dated = Vector.firstKnown([dates, now])
    try table.fill(
      since, with: Vector.select(Mask(knownIn: values), then: dated, otherwise: dates))
  }

  /// Opens the histories of records that came in without theirs.
  func open(_ entity: EntityID, without filled: Set<EntityID>) throws {
    guard let tracked = tracked(entity, without: filled) else { return }
    let table = database.table(entity)
    for base in stride(from: 0, to: table.rowCount, by: Limits.chunkRowCount) {
      try Cancellation.check()
      let rows = Rows.run(base: base, count: min(Limits.chunkRowCount, table.rowCount - base))
      let values = table.column(tracked.field).load(rows)
      let known = Mask(knownIn: values)
      let opened = known.offsets.map { Int32(base) + Int32($0) }
      guard !opened.isEmpty else { continue }
      let today = Vector(repeating: .word(Int64(today)), as: .date, count: rows.count)
      let dates = tracked.since.map { table.column($0).load(rows) } ?? today
      let changes = StageChanges(
        rows: opened, from: Vector(unknown: .choice(tracked.choices), count: opened.count),
        to: values.compacted(by: known), dates: dates.compacted(by: known))
      let first = try database.nextKey(
        of: tracked.history.entity, count: opened.count, at: nil)
      try database.append(changes, to: tracked.history, firstKey: first)
    }
  }

  /// Refuses changes that do not chain, or do not end at the records' values.
  func check(_ entity: EntityID, named name: String) throws {
    guard let tracked = TrackedField(recordedBy: entity, in: database.catalog) else { return }
    let table = database.table(entity)
    let all = Rows.run(base: 0, count: table.rowCount)
    func load(_ field: FieldID) -> Vector { table.column(field).load(all) }
    let history = tracked.history
    let (records, times, to) = (load(history.record), load(history.time), load(history.to))
    for (vector, field) in zip([records, times, to], [history.record, history.time, history.to]) {
      guard let row = vector.known.firstIndex(of: 0) else { continue }
      let definition = database.catalog[entity]
      throw refusal(
        name, "history-incomplete", row,
        "a \(definition.singular) needs a value for '\(definition[field].name)'")
    }
    let chains = try Chains(
      records: records, times: times, keys: load(table.keyField), from: load(history.from), to: to)
    if let (row, _) = chains.breaks.first {
      throw refusal(
        name, "broken-history", Int(row), "it does not go on where the change before it ended")
    }
    let owners = Rows(following: records.gathered(chains.lasts))
    let current = database.table(tracked.entity).column(tracked.field).load(owners)
    var isSame = Mask(count: chains.lasts.count)
    current.keep(.equal, to.gathered(chains.lasts), in: &isSame)
    let others = isSame.inverted(within: Mask(count: chains.lasts.count))
    if let offset = others.offsets.first {
      let field = database.catalog[tracked.entity][tracked.field].name
      throw refusal(
        name, "broken-history", Int(chains.lasts[Int(offset)]),
        "it is the last change of its record, whose \(field) is another one")
    }
  }

  private func refusal(
    _ table: String, _ code: String, _ row: Int, _ message: String
  ) -> Failure {
    Failure(
      WholeReason.cell(
        table: table,
        CellProblem(code: code, line: row + 1, column: nil, header: nil, message: message)),
      at: nil)
  }
}
