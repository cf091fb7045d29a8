import Store
import Syntax

// What is made of a group's long form for reading: columns for `across`, a row for `with total`.

extension Session {
  /// The answer of a query with `across` or `with total`, run to its end.
  ///
  /// - Parameter isForReading: Whether totals are shown: not in files.
  func spread(
    _ query: BoundQuery, _ cursor: any Cursor, _ columns: [OutputColumn], today: Int,
    isForReading: Bool
  ) throws(Failure) -> Section {
    let claim = BudgetClaim(database.budget)
    var long = try Self.whole(cursor, columns, claim)
    let wantsTotal = query.hasTotal && isForReading && long.count > 0
    let keyCount = query.rounds.last?.group?.keys.count ?? 0
    guard let across = query.across else {
      if wantsTotal, let total = try whole(query.regrouped(keeping: []), today: today, claim) {
        long.append(total, filling: keyCount)
      }
      return Section(
        columns: columns, hasTotal: wantsTotal,
        cursor: FixedCursor(long, notes: cursor.notes, claim: claim))
    }
    let isZero = query.columns.map { $0.isZeroOfNothing(in: query) }
    let others = (0..<keyCount).filter { $0 != across }
    let totals =
      wantsTotal ? try whole(query.regrouped(keeping: others), today: today, claim) : nil
    let longForm = "group by …, \(columns[across].name)"
    var wide = try Spread(
      columns, key: across, keyCount: keyCount, isZero: isZero, rows: long, totals: totals,
      longForm: longForm, claim)
    if wantsTotal, let row = try whole(query.regrouped(keeping: [across]), today: today, claim),
      let corner = try whole(query.regrouped(keeping: []), today: today, claim)
    {
      let total = try Spread(
        [columns[across]] + columns[keyCount...], key: 0, keyCount: 1,
        isZero: [false] + isZero[keyCount...], rows: row, totals: corner, longForm: longForm,
        claim)
      wide.append(total, keyCount: others.count)
    }
    return Section(
      columns: wide.columns, hasTotal: wantsTotal,
      cursor: FixedCursor(
        wide.batch,
        notes: Self.notes(cursor.notes, rowCount: wide.batch.count - (wantsTotal ? 1 : 0)),
        claim: claim))
  }

  /// The rows of a verb as files show them: spread by one of their columns.
  func spread(
    _ form: WideForm, _ cursor: any Cursor, _ columns: [OutputColumn]
  ) throws(Failure) -> Section {
    let claim = BudgetClaim(database.budget)
    let rows = try Self.whole(cursor, columns, claim)
    let kept = columns.indices.filter { !form.dropped.contains(columns[$0].name) }
    let shown = kept.map { columns[$0] }
    guard let key = shown.firstIndex(where: { $0.name == form.key }) else {
      preconditionFailure("what a verb's rows are spread by is one of their columns")
    }
    let wide = try Spread(
      shown, key: key, keyCount: key + 1, isZero: shown.map { _ in false },
      rows: OutputBatch(
        vectors: kept.map { rows.vectors[$0] }, labels: kept.map { rows.labels[$0] },
        count: rows.count),
      totals: nil, longForm: "then where \(form.key) >= 0", claim)
    return Section(
      columns: wide.columns,
      cursor: FixedCursor(
        wide.batch, notes: Self.notes(cursor.notes, rowCount: wide.batch.count), claim: claim))
  }

  private func whole(
    _ query: BoundQuery?, today: Int, _ claim: BudgetClaim
  ) throws(Failure) -> OutputBatch? {
    guard let query else { return nil }
    let columns = ShownColumns.output(
      query, catalog: database.catalog, tellsPersons: masksPersons)
    let cursor = try Executor(database: database, today: today).run(try plan(query))
    return try Self.whole(seen(cursor, columns), columns, claim)
  }

  /// The notes with the count of the rows that are read.
  private static func notes(_ notes: [Note], rowCount: Int) -> [Note] {
    notes.map { note in
      guard case .rowCount(_, _, let singular, let plural) = note else { return note }
      return .rowCount(rowCount, of: rowCount, singular: singular, plural: plural)
    }
  }

  /// All rows of a cursor, which the claim covers.
  private static func whole(
    _ cursor: any Cursor, _ columns: [OutputColumn], _ claim: BudgetClaim
  ) throws(Failure) -> OutputBatch {
    var all = OutputBatch(
      vectors: columns.map { Vector(unknown: $0.keyType ?? $0.type, count: 0) },
      labels: columns.map { _ in nil }, count: 0)
    while let batch = try cursor.next() {
      let labels = batch.labels.compactMap { $0 }
      try claim.hold((batch.vectors + labels).reduce(0) { $0 + $1.byteCount })
      all.append(batch)
    }
    return all
  }
}

extension BudgetClaim {
  /// Adds to what is held, as the engine reports it.
  func hold(_ added: Int) throws(Failure) {
    do throws(StoreError) {
      try add(added)
    } catch {
      throw Failure(error)
    }
  }
}

extension BoundColumn {
  /// Whether it is a count or a sum, which are 0 of nothing.
  fileprivate func isZeroOfNothing(in query: BoundQuery) -> Bool {
    guard case .field(let path) = expression, let group = query.rounds.last?.group,
      path.field.index >= group.keys.count
    else { return false }
    switch group.aggregates[path.field.index - group.keys.count].kind {
    case .count, .sum: return true
    default: return false
    }
  }
}

extension OutputBatch {
  /// Adds rows of the same columns.
  mutating func append(_ other: OutputBatch) {
    for place in vectors.indices {
      vectors[place].append(other.vectors[place])
      if let label = other.labels[place] {
        var own = labels[place] ?? Vector(unknown: .text, count: count)
        own.append(label)
        labels[place] = own
      }
    }
    count += other.count
  }

  /// Adds rows that lack the first columns, which are unknown in them.
  mutating func append(_ other: OutputBatch, filling keyCount: Int) {
    for place in vectors.indices {
      let added =
        place < keyCount
        ? vectors[place].gathered([Int32](repeating: -1, count: other.count))
        : other.vectors[place - keyCount]
      vectors[place].append(added)
      if var label = labels[place] {
        label.append(Vector(unknown: .text, count: other.count))
        labels[place] = label
      }
    }
    count += other.count
  }
}

extension Spread {
  /// Adds a row of totals, by the names of its columns.
  mutating func append(_ total: Spread, keyCount: Int) {
    for place in columns.indices {
      let found = total.columns.firstIndex { $0.name == columns[place].name }
      let added: Vector =
        if place >= keyCount, let found {
          total.batch.vectors[found]
        } else {
          batch.vectors[place].gathered([-1])
        }
      batch.vectors[place].append(added)
      if var label = batch.labels[place] {
        label.append(Vector(unknown: .text, count: 1))
        batch.labels[place] = label
      }
    }
    batch.count += 1
  }
}
