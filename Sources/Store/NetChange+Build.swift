extension ChangeSet {
  /// The net change of each entity touched: first those that were taken away, the last one first,
  /// then the others in catalog order; `database` holds the state after it.
  ///
  /// Runs of appended rows cost nothing a row; one step that edits a field is taken as it is.
  package func net(in database: Database) -> [NetChange] {
    var open: [EntityID: EntityChange] = [:]
    var removed: [NetChange] = []
    for step in steps {
      guard let entity = step.entity else { continue }
      var change = open.removeValue(forKey: entity) ?? EntityChange()
      if case .define(_, let old, nil) = step {
        if let first = change.definition ?? old, !change.isNew {
          removed.append(NetChange(entity: entity, oldDefinition: first, newDefinition: nil))
        }
        continue
      }
      change.add(step)
      open[entity] = change
    }
    return removed
      + open.sorted { $0.key < $1.key }.compactMap { $0.value.net(of: $0.key, in: database) }
  }
}

extension ChangeSet {
  /// What became of segments, standards and actions, step by step.
  package var definitions: [(old: Definition?, new: Definition?)] {
    steps.compactMap { if case .name(let old, let new) = $0 { (old, new) } else { nil } }
  }
}

extension ChangeSet.Step {
  /// The entity it concerns; nil for a segment, a standard or an action.
  package var entity: EntityID? {
    switch self {
    case .append(let entity, _), .replace(let entity, _, _, _, _), .kill(let entity, _),
      .revive(let entity, _), .define(let entity, _, _):
      entity
    case .name: nil
    }
  }
}

/// What the steps did to one entity, being collected.
private struct EntityChange {
  /// The definition before; nil when it is not known to have changed, or the entity is new.
  private(set) var definition: Entity?
  /// Whether the change added the entity.
  private(set) var isNew = false
  private var isDefined = false
  private var keptFieldCount = Int.max
  /// Rows appended, ascending.
  private var appended: [Range<Int>] = []
  private var edits: [FieldID: [(rows: [Int32], old: Vector)]] = [:]
  /// What the first step of each row that died or came to life made of it.
  private var wasLive: [(row: Int32, isLive: Bool)] = []

  mutating func add(_ step: ChangeSet.Step) {
    switch step {
    case .append(_, let rows):
      if let last = appended.last, last.upperBound == rows.lowerBound {
        appended[appended.count - 1] = last.lowerBound..<rows.upperBound
      } else {
        appended.append(rows)
      }
    case .replace(_, let field, let rows, let old, _):
      edits[field, default: []].append((rows, old))
    case .kill(_, let rows): wasLive += rows.map { ($0, true) }
    case .revive(_, let rows): wasLive += rows.map { ($0, false) }
    case .define(_, let old, let new):
      if !isDefined {
        definition = old
        isNew = old == nil
        isDefined = true
      }
      // A field that was taken away is forgotten: another one may get its place.
      if let new { edits = edits.filter { $0.key.index < new.fields.count } }
      for entity in [old, new].compactMap(\.self) {
        keptFieldCount = min(keptFieldCount, entity.fields.count)
      }
    case .name: break
    }
  }

  /// Nil when nothing came of it.
  func net(of entity: EntityID, in database: Database) -> NetChange? {
    let new = database.catalog[entity]
    let table = database.table(entity)
    var net = NetChange(
      entity: entity, oldDefinition: isDefined ? definition : new, newDefinition: new)
    net.keptFieldCount = keptFieldCount
    let turned = firstTurns()
    let revived = turned.filter { !$0.isLive && !table.isDead(Int($0.row)) }.map(\.row)
    net.deleted = turned.filter { $0.isLive && table.isDead(Int($0.row)) }.map(\.row)
    net.inserted = appended.flatMap { table.liveRuns(in: $0) }
    if !revived.isEmpty {
      net.inserted = (runs(of: revived) + net.inserted).sorted { $0.lowerBound < $1.lowerBound }
    }
    // Rows dead before it: what was done to them is no edit.
    let wereDead = Set(turned.filter { !$0.isLive }.map(\.row))
    let isDeleted = Set(net.deleted)
    for (field, edits) in edits {
      guard var values = oldValues(edits, but: wereDead) else { continue }
      // Rows dead before and after it are in no file.
      if table.liveRowCount < table.rowCount {
        let kept = values.rows.indices.filter {
          !table.isDead(Int(values.rows[$0])) || isDeleted.contains(values.rows[$0])
        }
        guard !kept.isEmpty else { continue }
        values = (
          kept.map { values.rows[$0] }, values.values.gathered(kept.map { Int32($0) })
        )
      }
      net.oldValues[field] = values
    }
    if let before = net.oldDefinition, before[before.key].type != new[new.key].type {
      // The rows there were had keys of another type: they are all gone, and their keys too.
      (net.deleted, net.oldValues) = ([], [:])
    }
    net.updated = rowsUpdated(net.oldValues.values.map(\.rows), but: net.deleted)
    let isSame =
      net.inserted.isEmpty && net.updated.isEmpty && net.deleted.isEmpty && !net.isDefining
    return isSame ? nil : net
  }

  /// Whether the change appended the row.
  private func isNew(_ row: Int32) -> Bool {
    guard let first = appended.first, row >= first.lowerBound else { return false }
    var (low, high) = (0, appended.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if row < appended[middle].lowerBound { high = middle } else { low = middle }
    }
    return appended[low].contains(Int(row))
  }

  /// The rows that were there and died or came to life, ascending, and whether they lived before.
  private func firstTurns() -> [(row: Int32, isLive: Bool)] {
    guard !wasLive.isEmpty else { return [] }
    // Sorting is stable in fact only by a second key.
    let order = wasLive.indices.filter { !isNew(wasLive[$0].row) }.sorted {
      (wasLive[$0].row, $0) < (wasLive[$1].row, $1)
    }
    var first: [(row: Int32, isLive: Bool)] = []
    for index in order where first.last?.row != wasLive[index].row { first.append(wasLive[index]) }
    return first
  }

  private func runs(of rows: [Int32]) -> [Range<Int>] {
    var runs: [Range<Int>] = []
    for row in rows.lazy.map({ Int($0) }) {
      if let last = runs.last, last.upperBound == row {
        runs[runs.count - 1] = last.lowerBound..<row + 1
      } else {
        runs.append(row..<row + 1)
      }
    }
    return runs
  }

  /// What the rows that were there had before the first of the edits; nil when none was there.
  private func oldValues(
    _ edits: [(rows: [Int32], old: Vector)], but wereDead: Set<Int32>
  ) -> (rows: [Int32], values: Vector)? {
    guard var (rows, old) = edits.first else { return nil }
    let firstNew = appended.first?.lowerBound ?? .max
    if edits.count == 1 && wereDead.isEmpty && (rows.last ?? -1) < firstNew { return (rows, old) }
    for edit in edits.dropFirst() {
      rows += edit.rows
      old.append(edit.old)
    }
    let order = rows.indices.filter { !isNew(rows[$0]) && !wereDead.contains(rows[$0]) }
      .sorted { (rows[$0], $0) < (rows[$1], $1) }
    var offsets: [Int32] = []
    for index in order {
      if let last = offsets.last, rows[Int(last)] == rows[index] { continue }
      offsets.append(Int32(index))
    }
    return offsets.isEmpty ? nil : (offsets.map { rows[Int($0)] }, old.gathered(offsets))
  }

  private func rowsUpdated(_ lists: [[Int32]], but deleted: [Int32]) -> [Int32] {
    guard let first = lists.first else { return [] }
    if deleted.isEmpty && lists.dropFirst().allSatisfy({ $0 == first }) { return first }
    return Set(lists.joined()).subtracting(deleted).sorted()
  }
}
