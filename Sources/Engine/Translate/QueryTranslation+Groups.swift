import Store

// Groups. What SQL's aggregates say is said with them; what needs the values in order (median, first,
// mode) goes by the number of each row in its group; related records are looked up per group.

extension QueryTranslation {
  /// `group by`, or the one group of all rows.
  mutating func makeGroups(_ bound: BoundGroup) throws(TranslateReason) {
    if isGrouped || !openPerRow.isEmpty || row.select.limit != nil { try cut() }
    let inOrder = bound.aggregates.filter { $0.isInOrder && $0.related == nil }
    try makeColumns(inOrder.compactMap(\.argument))
    let needsRows = bound.aggregates.contains { $0.related != nil || $0.isInOrder }
    var keys: [SQL] = []
    for key in bound.keys { keys.append(try writer.value(key, row)) }
    var keyNames: [String] = []
    if needsRows || bound.keys.contains(where: { !$0.isPlain }) {
      keyNames = try nameKeys(bound.names, keys)
    }
    let rows = row
    let places = try numberRows(bound, keyNames)
    if !keyNames.isEmpty { keys = own(keyNames) }
    var columns = keys
    for (index, aggregate) in bound.aggregates.enumerated() {
      if aggregate.related != nil {
        columns.append(SQL("NULL"))
      } else if let place = places[index] {
        columns.append(try writer.inOrder(aggregate, row, place))
      } else {
        columns.append(try writer.aggregate(aggregate, row, filter: aggregate.filter))
      }
    }
    row.select.keys = keys.map(\.text)
    row = SQLRow(row.select, alias: row.alias, .columns(columns))
    group = GroupColumns(
      names: bound.names,
      keys: bound.keys.enumerated().map {
        GroupColumns.key($0.offset, $0.element.type, bound.names[$0.offset])
      })
    order = nil
    isGrouped = true
    openPerRow = []
    if bound.aggregates.contains(where: { $0.related != nil }) {
      try lookUpRelated(bound, keyNames, rows)
    }
  }

  /// Makes the keys columns of the rows, unless they are; gives the columns' names.
  private mutating func nameKeys(
    _ names: [String], _ keys: [SQL]
  ) throws(TranslateReason) -> [String] {
    func ownName(_ key: SQL) -> String? {
      let parts = key.text.split(separator: ".", omittingEmptySubsequences: false)
      let isOwn = parts.count == 2 && parts[0] == row.alias
      return isOwn && key.level == .atom ? String(parts[1]) : nil
    }
    let own = isGrouped ? keys.map { _ in nil } : keys.map(ownName)
    let added = zip(names, zip(keys, own)).filter { $0.1.1 == nil }.map { ($0.0, $0.1.0) }
    var given = try cut(adding: added)[...]
    return own.map { $0 ?? given.removeFirst() }
  }

  /// Columns of the rows by their names.
  private func own(_ names: [String]) -> [SQL] { names.map { SQL("\(row.alias).\($0)") } }

  /// Numbers the rows of each group for the aggregates that go by order.
  private mutating func numberRows(
    _ bound: BoundGroup, _ keyNames: [String]
  ) throws(TranslateReason) -> [Int: RowPlace] {
    let wanted = bound.aggregates.indices.filter {
      bound.aggregates[$0].isInOrder && bound.aggregates[$0].related == nil
    }
    guard !wanted.isEmpty else { return [:] }
    var counts: [Int: String] = [:]
    for index in wanted where bound.aggregates[index].kind == .mode {
      guard let argument = bound.aggregates[index].argument else { continue }
      let value = try writer.filtered(argument, bound.aggregates[index].filter, row)
      let over = writer.over(own(keyNames).map(\.text) + [value.text], [])
      counts[index] = try cut(adding: [("times", SQL("count(\(value.text)) \(over)"))])[0]
    }
    let parts = own(keyNames).map(\.text)
    var added: [(name: String, sql: SQL)] = []
    for index in wanted {
      let aggregate = bound.aggregates[index]
      guard let argument = aggregate.argument else { continue }
      var terms: [String] = []
      if let filter = aggregate.filter {
        terms.append("(\(try writer.condition(filter, row).text)) IS NOT TRUE")
      }
      if let count = counts[index] { terms.append("\(row.alias).\(count) DESC") }
      switch aggregate.kind {
      case .first, .last:
        let isLast = aggregate.kind == .last
        if let order = aggregate.order {
          terms += try writer.order(order, row, isDescending: isLast)
        }
        for key in ownKeys {
          terms += try writer.order(
            key.expression, row, isDescending: key.isDescending != isLast)
        }
      default:
        terms += try writer.order(
          argument, row, isDescending: aggregate.kind == .maximum)
      }
      added.append(("place", SQL("row_number() \(writer.over(parts, terms))")))
      let value = try writer.filtered(argument, aggregate.filter, row)
      added.append(("known", SQL("count(\(value.text)) \(writer.over(parts, []))")))
    }
    let addedNames = try cut(adding: added)
    let names = own(addedNames).map(\.text)
    var places: [Int: RowPlace] = [:]
    for (position, index) in wanted.enumerated() {
      places[index] = RowPlace(place: names[2 * position], known: names[2 * position + 1])
    }
    return places
  }

  /// Adds the aggregates over all records related to a group's rows, each once.
  private mutating func lookUpRelated(
    _ bound: BoundGroup, _ keyNames: [String], _ rows: SQLRow
  ) throws(TranslateReason) {
    try cut()
    guard case .columns(var columns) = row.kind else { return }
    for (index, aggregate) in bound.aggregates.enumerated() {
      guard let path = aggregate.related else { continue }
      var own = aggregate
      own.related = nil
      own.filter = nil
      let related = BoundRelated(
        path: path, filter: aggregate.filter, aggregate: own, text: "")
      columns[keyNames.count + index] = try writer.related(
        related,
        from: .group(
          rows: rows, keys: keyNames,
          groupKeys: columns.prefix(keyNames.count).map(\.text)), row)
    }
    row = SQLRow(row.select, alias: row.alias, .columns(columns))
  }
}

/// The columns that number the rows of a group for one aggregate.
struct RowPlace {
  /// From 1, in the aggregate's order, rows that it leaves out last.
  var place: String
  /// How many known values there are.
  var known: String
}

extension BoundAggregate {
  /// Whether it goes by the order of the rows, for which SQL has no aggregate.
  var isInOrder: Bool {
    switch kind {
    case .count, .sum, .average: false
    case .minimum, .maximum: type == .text
    case .median, .medianGap, .mode, .percentile, .first, .last: true
    }
  }
}

extension BoundExpression {
  /// Whether it may be written again in `group by` as it is: it reads the row and nothing else.
  var isPlain: Bool {
    switch self {
    case .field: true
    case .constant, .perRow, .scalar, .related, .outer: false
    default:
      children.contains { !$0.isConstant } && children.allSatisfy { $0.isConstant || $0.isPlain }
    }
  }

  private var isConstant: Bool { if case .constant = self { true } else { false } }
}
