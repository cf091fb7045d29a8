import Engine
import Store

/// The naive reference: answers a bound query row by row over arrays, clause by clause in the order
/// of the language. Slow, short, and obviously right; `sample` and computed stays are left out.
package struct NaiveQuery {
  let store: NaiveStore
  let query: BoundQuery

  /// Makes a reference for one query.
  package init(_ query: BoundQuery, over store: NaiveStore) {
    self.query = query
    self.store = store
  }

  /// The shown values, row by row; a reference is shown as its target's key.
  package func answer() -> [[Scalar]] {
    let scalars = query.scalars.map {
      NaiveQuery($0, over: store).answer().first?.first ?? .unknown
    }
    var entity: EntityID? = query.entity
    var rows: [NaiveRow] = []
    func expressions() -> NaiveExpression {
      NaiveExpression(store: store, scalars: scalars, entity: entity)
    }
    if query.isCalculation {
      rows = [NaiveRow(position: 0, cells: [])]
    } else {
      let table = store.tables[query.entity.index]
      rows = table.records.indices.filter { !table.dead.contains($0) }
        .map { NaiveRow(position: $0, cells: table.records[$0]) }
        .sorted(by: expressions().isBefore)
    }
    for round in query.rounds {
      if let window = round.window { rows = rows.filter { expressions().holds(window, $0) } }
      rank(round.perRowBeforeFilter, &rows, expressions())
      if let filter = round.filter { rows = rows.filter { expressions().holds(filter, $0) } }
      if let group = round.group {
        rows = groups(group, rows, expressions())
        entity = nil
      }
      rank(round.perRowAfterFilter, &rows, expressions())
      if let order = round.order { rows = ordered(rows, by: order, expressions()) }
      rank(round.perRowAfterOrder, &rows, expressions())
      if let limit = round.limit { rows = Array(rows.dropFirst(limit.offset).prefix(limit.count)) }
    }
    return rows.map { row in query.columns.map { shown($0.expression, row, expressions()) } }
  }

  private func rank(_ indexes: [Int], _ rows: inout [NaiveRow], _ expressions: NaiveExpression) {
    for index in indexes {
      for (row, value) in expressions.values(query.perRow[index], rows).enumerated() {
        rows[row].perRow[index] = value
      }
    }
  }

  private func groups(
    _ group: BoundGroup, _ rows: [NaiveRow], _ expressions: NaiveExpression
  ) -> [NaiveRow] {
    var members: [[Scalar]: [NaiveRow]] = group.keys.isEmpty ? [[]: []] : [:]
    for row in rows {
      members[group.keys.map { expressions.value($0, row) }, default: []].append(row)
    }
    let sorted = members.sorted { a, b in
      for (index, key) in group.keys.enumerated() {
        let (x, y) = (sortable(a.key[index], key.type), sortable(b.key[index], key.type))
        let order = NaiveOrder.compare(x, y, isDescending: false)
        if order != 0 { return order < 0 }
      }
      return false
    }
    return sorted.enumerated().map { position, member in
      NaiveRow(
        position: position,
        cells: member.key + group.aggregates.map { expressions.value($0, member.value) })
    }
  }

  /// Ties go by key; with `top` over the entity's own time the higher key comes first.
  private func ordered(
    _ rows: [NaiveRow], by order: BoundOrder, _ expressions: NaiveExpression
  ) -> [NaiveRow] {
    let keys = order.per + order.keys
    let isTieDescending = order.countMax != nil && isByOwnTime(order, expressions.entity)
    func values(_ row: NaiveRow) -> [Scalar] {
      keys.map { sortable(expressions.value($0.expression, row), $0.expression.type) }
    }
    var sorted = rows.map { (row: $0, values: values($0)) }
    sorted.sort { a, b in
      for (index, key) in keys.enumerated() {
        let order = NaiveOrder.compare(
          a.values[index], b.values[index], isDescending: key.isDescending)
        if order != 0 { return order < 0 }
      }
      return isTieDescending
        ? expressions.isBefore(b.row, a.row) : expressions.isBefore(a.row, b.row)
    }
    guard let countMax = order.countMax else { return sorted.map(\.row) }
    var taken: [[Scalar]: Int] = [:]
    return sorted.filter { entry in
      guard entry.values.last?.isKnown == true else { return false }
      taken[Array(entry.values.dropLast()), default: 0] += 1
      return taken[Array(entry.values.dropLast())] ?? 0 <= countMax
    }.map(\.row)
  }

  private func isByOwnTime(_ order: BoundOrder, _ entity: EntityID?) -> Bool {
    guard let entity, let key = order.keys.first, key.isDescending,
      case .field(let path) = key.expression
    else { return false }
    return path.hops.isEmpty && path.field == store.catalog[entity].timeField
  }

  private func shown(
    _ expression: BoundExpression, _ row: NaiveRow, _ expressions: NaiveExpression
  ) -> Scalar {
    sortable(expressions.value(expression, row), expression.type)
  }

  /// References go by their keys.
  private func sortable(_ value: Scalar, _ type: ValueType) -> Scalar {
    guard case .reference(let target) = type, case .word(let position) = value else { return value }
    return store.tables[target.index].records[Int(position)][store.catalog[target].key.index]
  }
}
