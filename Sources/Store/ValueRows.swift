/// The live row of each value of a field, texts folded: how an import finds the records that are
/// there already.
package final class ValueRows {
  private let map: KeyMap
  /// For each row a row before it with the same value, -1 where there is none.
  private let earlier: [Int32]
  private let claim: BudgetClaim

  /// Reads the column once.
  ///
  /// - Throws: `memoryLimit`.
  package init(_ table: Table, _ field: FieldID) throws(StoreError) {
    claim = BudgetClaim(table.budget)
    try claim.cover(table.rowCount * 4)
    let all = Rows.run(base: 0, count: table.rowCount)
    var values = Self.comparable(table.column(field).load(all))
    if table.liveRowCount < table.rowCount {
      let live = table.liveRows
      values = try RowSelection.scatter(values.gathered(live), at: live, rowCount: table.rowCount)
    }
    earlier = try KeyMap.earlierEqual(values)
    var type = ValueType.integer
    if case .texts = values.values { type = .text }
    let column = Column(type: type, budget: table.budget)
    try column.append(values)
    map = try KeyMap(column, budget: table.budget, isDead: nil)
  }

  /// The row of each value, -1 where there is none or the value is unknown, and the first offset
  /// whose value several rows have.
  package func rows(of values: Vector) -> (rows: [Int32], shared: Int?) {
    let rows = map.rows(Self.comparable(values))
    return (rows, rows.firstIndex { $0 >= 0 && earlier[Int($0)] >= 0 })
  }

  /// The values in the form in which they are the same or not.
  private static func comparable(_ values: Vector) -> Vector {
    switch values.values {
    case .words: values
    case .texts: values.lowered()
    case .reals(let reals): Vector(words: reals.map(OrderedBits.word), known: values.known)
    }
  }
}

extension RowSelection {
  /// For each row the offset of an equal one before it, -1 where there is none or the row is -1.
  package static func earlierEqual(_ rows: [Int32]) throws(StoreError) -> [Int32] {
    try KeyMap.earlierEqual(references(rows))
  }

  /// The offsets of the rows in ascending order of the rows; -1 is left out.
  package static func ascending(_ rows: [Int32]) throws(StoreError) -> [Int32] {
    let order = try RowOrder.sorted(count: rows.count, by: [SortKey(references(rows))])
    return order.filter { rows[Int($0)] >= 0 }
  }
}

extension Table {
  /// The rows that are not dead, ascending.
  package var liveRows: [Int32] {
    var live = Mask(count: rowCount)
    keepLive(.run(base: 0, count: rowCount), in: &live)
    return live.offsets
  }
}
