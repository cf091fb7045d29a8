import Engine

/// Finds out what is worth telling of two answers of columns that differ: first what a row stands for,
/// then which rows there are, then the values in them.
struct ResultDiagnosis {
  let wanted: ResultSet
  let found: ResultSet

  /// What is worth telling.
  var difference: ResultDifference {
    if found.rowCount == 0, wanted.rowCount > 0 { return rows(missing: allRows, extra: []) }
    if wanted.rowCount != found.rowCount, wanted.isCut || found.isCut {
      return rows(missing: [], extra: [])
    }
    if differInKind { return .shape(wanted: wanted.shape, found: found.shape) }
    let names = namingColumns
    guard let partners = names.mapUnlessNil(partner) else {
      return differInKeys
        ? .shape(wanted: wanted.shape, found: found.shape)
        : .missingColumn(names.first { partner(of: $0) == nil }?.name ?? "")
    }
    let (missing, extra) =
      names.isEmpty
      ? ([], []) : ResultRows(names).matched(with: ResultRows(partners)).unmatched
    if differInKeys, !missing.isEmpty, !extra.isEmpty {
      return .shape(wanted: wanted.shape, found: found.shape)
    }
    let differInCount = names.isEmpty && wanted.rowCount != found.rowCount
    if !missing.isEmpty || !extra.isEmpty || differInCount {
      return rows(missing: missing, extra: extra)
    }
    return differenceOfValues(names, partners)
  }

  // MARK: rows

  private var allRows: [Int] { Array(0..<wanted.keptRowCount) }

  private func rows(missing: [Int], extra: [Int]) -> ResultDifference {
    .rows(
      wantedCount: wanted.rowCount, foundCount: found.rowCount,
      missing: missing.prefix(Self.namedRowCountMax).map(wanted.words)
        + Array(repeating: "", count: max(0, missing.count - Self.namedRowCountMax)),
      extra: extra.prefix(Self.namedRowCountMax).map(found.words)
        + Array(repeating: "", count: max(0, extra.count - Self.namedRowCountMax)),
      noun: ResultNoun())
  }

  /// Rows that are put into words.
  private static let namedRowCountMax = 3

  /// Whether rows stand for things of another kind.
  private var differInKind: Bool {
    switch (wanted.shape, found.shape) {
    case (.groups(let wanted), .groups(let found)): wanted.count != found.count
    case (.whole, .whole), (.rows, .rows): false
    case (.whole, _): found.rowCount != 1
    case (_, .records), (_, .whole), (.groups, _): true
    default: false
    }
  }

  /// Whether rows are groups by other things.
  private var differInKeys: Bool {
    guard case .groups(let keys) = wanted.shape, case .groups(let others) = found.shape else {
      return wanted.shape != found.shape
    }
    return keys != others
  }

  /// The columns that tell what a row stands for.
  private var namingColumns: [ResultSet.Column] {
    if case .groups(let keys) = wanted.shape { return Array(wanted.columns.prefix(keys.count)) }
    return wanted.columns.filter { !$0.isMeasure }
  }

  /// The column of the answer that names rows as this one does: by its name, else by its values.
  private func partner(of column: ResultSet.Column) -> ResultSet.Column? {
    if let named = found.columns.first(where: { $0.name == column.name }) { return named }
    let candidates = found.columns.map { other in
      return (other, ResultRows([column]).matched(with: ResultRows([other])).pairs.count)
    }
    return candidates.filter { $0.1 > 0 }.max { $0.1 < $1.1 }?.0
  }

  // MARK: values

  /// The rows are there: a column is missing, or a value in it is another one.
  private func differenceOfValues(
    _ names: [ResultSet.Column], _ partners: [ResultSet.Column]
  ) -> ResultDifference {
    let rows = places(names, partners)
    let measures = wanted.columns.filter { column in !names.contains { $0.name == column.name } }
    var free = found.columns.filter { column in !partners.contains { $0.name == column.name } }
    for column in measures {
      if let place = free.firstIndex(where: { isSame(column, $0, rows) }) {
        free.remove(at: place)
        continue
      }
      let named = free.first { $0.name == column.name }
      guard let other = named ?? (measures.count == 1 && free.count == 1 ? free.first : nil)
      else { return .missingColumn(column.name) }
      for (row, place) in rows.enumerated()
      where !column.values[row].isSame(as: other.values[place], isPercent: column.isPercent) {
        let name = names.isEmpty ? nil : wanted.words(ofRow: row)
        return .value(
          column: other.name, row: name, wanted: column.texts[row], found: other.texts[place])
      }
    }
    return .missingColumn(measures.first?.name ?? "")
  }

  private func isSame(
    _ column: ResultSet.Column, _ other: ResultSet.Column, _ rows: [Int]
  ) -> Bool {
    rows.enumerated().allSatisfy { row, place in
      column.values[row].isSame(
        as: other.values[place], isPercent: column.isPercent || other.isPercent)
    }
  }

  /// For each row of the solution the place of the answer's row of the same name.
  private func places(
    _ names: [ResultSet.Column], _ partners: [ResultSet.Column]
  ) -> [Int] {
    if names.isEmpty { return Array(0..<wanted.keptRowCount) }
    return ResultRows(names).matched(with: ResultRows(partners)).pairs
      .sorted { $0.row < $1.row }.map(\.other)
  }
}

extension Array {
  /// What `transform` makes of each, or nil where it makes nothing of one.
  fileprivate func mapUnlessNil<Result>(_ transform: (Element) -> Result?) -> [Result]? {
    var results: [Result] = []
    for element in self {
      guard let result = transform(element) else { return nil }
      results.append(result)
    }
    return results
  }
}
