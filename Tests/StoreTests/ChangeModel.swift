import Store
import Testing

/// A table as plain arrays: what the store is compared with.
struct ModelTable {
  var definition: Entity
  /// One array a field, one value a row; empty for computed fields.
  var cells: [[Scalar]]
  /// One a row.
  var isLive: [Bool] = []

  init(_ definition: Entity) {
    self.definition = definition
    cells = definition.fields.map { _ in [] }
  }

  var rowCount: Int { isLive.count }
  var liveRows: [Int32] { isLive.indices.filter { isLive[$0] }.map { Int32($0) } }
  var storedFields: [FieldID] {
    definition.fields.indices.filter { !definition.fields[$0].isComputed }.map { FieldID($0) }
  }

  mutating func append(_ values: [FieldID: [Scalar]], count: Int) {
    for field in storedFields {
      cells[field.index] += values[field] ?? [Scalar](repeating: .unknown, count: count)
    }
    isLive += [Bool](repeating: true, count: count)
  }

  mutating func define(_ definition: Entity) {
    self.definition = definition
    cells = definition.fields.indices.map { index in
      if definition.fields[index].isComputed { return [] }
      if index < cells.count && cells[index].count == rowCount { return cells[index] }
      return [Scalar](repeating: .unknown, count: rowCount)
    }
  }

  /// What records say, whatever their places: for the comparison of two models.
  func isSame(as other: ModelTable) -> Bool {
    guard definition == other.definition, liveRows == other.liveRows else { return false }
    return storedFields.allSatisfy { field in
      liveRows.allSatisfy {
        cells[field.index][Int($0)] == other.cells[field.index][Int($0)]
      }
    }
  }
}

// What the store says, compared with the arrays.
extension ModelTable {
  /// Every cell, dead rows among them, and every count that is exact.
  func expectCells(in table: Table, _ context: String) {
    #expect(table.rowCount == rowCount, "\(context)")
    #expect(table.liveRowCount == liveRows.count, "\(context)")
    let rows = Rows.run(base: 0, count: rowCount)
    for field in storedFields {
      let column = table.column(field)
      let loaded = column.load(rows)
      let wanted = cells[field.index]
      let wrong = wanted.indices.filter {
        loaded[$0] != wanted[$0] || $0 % 7 == 0 && column[$0] != wanted[$0]
      }
      #expect(
        wrong.isEmpty,
        """
        \(context), \(definition[field].name): rows \(wrong.prefix(3)) \
        \(wrong.prefix(3).map { (loaded[$0], wanted[$0]) })
        """)
      #expect(statisticsFault(of: column, wanted) == nil, "\(context), \(definition[field].name)")
    }
    expectKeys(in: table, context)
  }

  private func statisticsFault(of column: Column, _ values: [Scalar]) -> String? {
    let known = values.filter(\.isKnown)
    if column.rowCount != values.count { return "row count" }
    if column.unknownCount != values.count - known.count { return "unknown count" }
    let words = known.compactMap { if case .word(let word) = $0 { word } else { nil } }
    if let low = words.min(), let high = words.max() {
      guard let bounds = column.wordBounds, bounds.contains(low), bounds.contains(high) else {
        return "bounds"
      }
      if column.isAscending && (known.count < values.count || words != words.sorted()) {
        return "order"
      }
      if let count = column.exactCount(of: .words(low...low)),
        count != words.count(where: { $0 == low })
      {
        return "count of a code"
      }
    }
    if let texts = column.dictionary, let counts = column.dictionaryRowCounts {
      var left = counts
      let codes = Dictionary(
        (0..<texts.count).map { (Scalar.text(texts[$0]), $0) }, uniquingKeysWith: { _, _ in -1 })
      for value in known {
        guard let code = codes[value], code >= 0 else { return "no code of \(value), or two" }
        left[code] -= 1
      }
      if left.contains(where: { $0 != 0 }) { return "counts of texts" }
      if column.distinctCount != counts.count(where: { $0 > 0 }) { return "distinct texts" }
    }
    return nil
  }

  private func expectKeys(in table: Table, _ context: String) {
    let key = definition.key
    var rowOfKey: [Scalar: Int] = [:]
    var largest = Int64.min
    for row in 0..<rowCount {
      if isLive[row] { rowOfKey[cells[key.index][row]] = row }
      if case .word(let word) = cells[key.index][row] { largest = max(largest, word) }
    }
    let keys = cells[key.index]
    let found = table.rows(withKeys: vector(keys, type: definition[key].type))
    #expect(found.map(Int.init) == keys.map { rowOfKey[$0] ?? -1 }, "\(context), keys")
    for row in [0, rowCount / 3, rowCount - 1] where rowCount > 0 && keys[row].isKnown {
      #expect(table.row(withKey: keys[row]) == rowOfKey[keys[row]], "\(context), row \(row)")
    }
    #expect(table.nextKey > largest, "\(context), next key")
  }

  /// One field: every test by scan, list and index, what chunks say, and the order.
  func expectTests(
    of field: FieldID, _ kind: SampleKind, in table: Table, _ context: String
  ) throws {
    let values = cells[field.index]
    let column = table.column(field)
    let context = "\(context), \(definition[field].name)"
    for (test, passes) in kind.tests {
      let passing = values.indices.filter { row in
        if case .unknown = test { return !values[row].isKnown }
        return values[row].isKnown && passes(values[row])
      }
      var mask = Mask(count: rowCount)
      column.keep(test, of: .run(base: 0, count: rowCount), in: &mask)
      #expect(mask.offsets.map(Int.init) == passing, "\(context) \(test)")
      var listed = Mask(count: rowCount)
      let backwards = (0..<Int32(rowCount)).reversed()
      column.keep(test, of: .list(Array(backwards)), in: &listed)
      #expect(listed.bytes == mask.bytes.reversed(), "\(context) \(test) of a list")
      expectVerdicts(of: test, on: column, passing, context)
      let share = column.selectivity(of: test)
      #expect(share >= 0 && share <= 1, "\(context) \(test)")
      _ = table.isIndexDue(for: test, on: field)
      if let rows = try table.indexedRows(test, on: field) {
        let wanted = passing.filter { isLive[$0] }
        #expect(rows.map(Int.init) == wanted, "\(context) \(test) by index")
      }
    }
    try expectOrder(of: field, in: table, context)
  }

  private func expectVerdicts(
    of test: ColumnTest, on column: Column, _ passing: [Int], _ context: String
  ) {
    for chunk in 0..<column.chunkCount {
      let rows = chunk * Limits.chunkRowCount..<min(rowCount, (chunk + 1) * Limits.chunkRowCount)
      let count = passing.count { rows.contains($0) }
      switch column.verdict(of: test, chunk: chunk) {
      case .none: #expect(count == 0, "\(context) \(test): none of chunk \(chunk)")
      case .all: #expect(count == rows.count, "\(context) \(test): all of chunk \(chunk)")
      case .some: break
      }
    }
  }

  private func expectOrder(of field: FieldID, in table: Table, _ context: String) throws {
    let values = cells[field.index]
    for isDescending in [false, true] {
      guard let rows = try table.sortedRows(by: field, isDescending: isDescending) else { continue }
      let wanted = liveRows.filter { values[Int($0)].isKnown }.sorted { a, b in
        switch (values[Int(a)], values[Int(b)]) {
        case (.word(let x), .word(let y)) where x != y: isDescending ? x > y : x < y
        case (.real(let x), .real(let y)) where x != y: isDescending ? x > y : x < y
        default: a < b
        }
      }
      #expect(rows == wanted, "\(context), descending \(isDescending)")
      let first = try table.firstSortedRows(by: field, isDescending: isDescending, countMax: 3)
      #expect(first?.rows == Array(wanted.prefix(3)), "\(context)")
      #expect(first?.knownCount == wanted.count, "\(context)")
    }
  }
}

/// All tables, and what a change comes to for them.
struct Model {
  var tables: [ModelTable]

  /// Applies a net change, reading new values from the store; says what does not fit.
  mutating func apply(_ net: [NetChange], from database: Database) -> String? {
    for change in net {
      let index = change.entity.index
      guard let definition = change.newDefinition else {
        guard index == tables.count - 1 else { return "an entity not the last was taken away" }
        tables.removeLast()
        continue
      }
      if change.oldDefinition == nil {
        guard index == tables.count else { return "an entity was added that was there" }
        tables.append(ModelTable(definition))
      }
      if let fault = apply(change, definition, from: database.table(change.entity)) { return fault }
    }
    return nil
  }

  private mutating func apply(
    _ change: NetChange, _ definition: Entity, from table: Table
  ) -> String? {
    var model = tables[change.entity.index]
    if let old = change.oldDefinition, old != model.definition { return "another old definition" }
    model.define(definition)
    guard Set(change.deleted).isDisjoint(with: change.updated),
      change.updated == change.updated.sorted(), change.deleted == change.deleted.sorted()
    else { return "rows not in order or both deleted and updated" }
    for (field, old) in change.oldValues {
      guard old.rows == old.rows.sorted(), Set(old.rows).count == old.rows.count else {
        return "rows of old values not in order"
      }
      for (offset, row) in old.rows.enumerated() {
        guard Int(row) < model.rowCount, model.isLive[Int(row)] else { return "no such row" }
        guard old.values[offset] == model.cells[field.index][Int(row)] else {
          return "old value of field \(field.index), row \(row)"
        }
        guard change.updated.contains(row) || change.deleted.contains(row) else {
          return "an old value of a row untouched"
        }
      }
    }
    for row in change.deleted.map(Int.init) {
      guard row < model.rowCount, model.isLive[row] else { return "a dead row deleted" }
      model.isLive[row] = false
    }
    let last = change.inserted.map(\.upperBound).max() ?? 0
    if last > model.rowCount {
      let count = last - model.rowCount
      model.append([:], count: count)
      for row in model.rowCount - count..<model.rowCount { model.isLive[row] = false }
    }
    let inserted = change.inserted.flatMap { Array($0) }
    guard inserted == inserted.sorted() else { return "inserted rows not in order" }
    for row in inserted {
      if model.isLive[row] { return "a live row inserted" }
      model.isLive[row] = true
    }
    for field in model.storedFields {
      let column = table.column(field)
      for row in inserted { model.cells[field.index][row] = column[row] }
      guard let edited = change.oldValues[field]?.rows else { continue }
      for row in edited.map(Int.init) { model.cells[field.index][row] = column[row] }
    }
    tables[change.entity.index] = model
    return nil
  }
}
