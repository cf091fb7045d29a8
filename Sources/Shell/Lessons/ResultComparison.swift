import Engine

/// What is asked of an answer beside its rows.
struct ResultWish: OptionSet, Hashable, Sendable {
  let rawValue: Int
  /// The rows stand in the order of the solution.
  static let order = ResultWish(rawValue: 1)
  /// The values of every column of the solution are shown, which an answer of records need not.
  static let columns = ResultWish(rawValue: 2)
  /// The columns have the names of the solution's.
  static let names = ResultWish(rawValue: 4)

  /// As a lesson writes them.
  static let words: [(word: String, wish: ResultWish)] = [
    ("order", .order), ("columns", .columns), ("names", .names),
  ]
}

/// What rows are called, one and several.
struct ResultNoun: Equatable, Sendable {
  var one = "row"
  var many = "rows"
}

/// In what an answer differs from the one that is asked for: the first of these that holds.
enum ResultDifference: Equatable, Sendable {
  /// Rows that stand for something else.
  case shape(wanted: AnswerShape, found: AnswerShape)
  /// Rows, or records, that are missing or too many, in words.
  case rows(wantedCount: Int, foundCount: Int, missing: [String], extra: [String], noun: ResultNoun)
  /// No column has the values of this one.
  case missingColumn(String)
  /// A value in a row, which is nil where there is only one.
  case value(column: String, row: String?, wanted: String, found: String)
  /// A column by another name.
  case name(wanted: String, found: String)
  /// The first row, counted from 1, that stands elsewhere.
  case order(row: Int, wanted: String, found: String)
}

/// Compares an answer with the solution by what is in them: rows as a multiset, columns by their
/// values. Order, names and, among records, columns count only where they are wished for.
struct ResultComparison {
  let wanted: ResultSet
  let found: ResultSet
  let wish: ResultWish

  /// The difference that is worth telling; nil when the answer is right.
  var difference: ResultDifference? {
    if case .records = wanted.shape { return differenceOfRecords }
    return differenceOfColumns
  }

  // MARK: records

  private var differenceOfRecords: ResultDifference? {
    guard wanted.shape == found.shape, case .records(let singular, let plural) = wanted.shape else {
      return .shape(wanted: wanted.shape, found: found.shape)
    }
    if wanted.rowCount != found.rowCount, wanted.isCut || found.isCut {
      return .rows(
        wantedCount: wanted.rowCount, foundCount: found.rowCount, missing: [], extra: [],
        noun: ResultNoun(one: singular, many: plural))
    }
    let missing = Self.subtract(found.records, from: wanted.records)
    let extra = Self.subtract(wanted.records, from: found.records)
    if !missing.isEmpty || !extra.isEmpty {
      return .rows(
        wantedCount: wanted.rowCount, foundCount: found.rowCount, missing: missing.map(\.words),
        extra: extra.map(\.words), noun: ResultNoun(one: singular, many: plural))
    }
    if wish.contains(.columns) || wish.contains(.names) {
      if let difference = differenceOfRecordColumns { return difference }
    }
    guard wish.contains(.order) else { return nil }
    let places = zip(wanted.records, found.records)
    guard let row = places.enumerated().first(where: { !Self.isSame($1.0, $1.1) }) else {
      return nil
    }
    return .order(
      row: row.offset + 1, wanted: row.element.0.words, found: row.element.1.words)
  }

  /// Columns of the same records, row by row of the same record.
  private var differenceOfRecordColumns: ResultDifference? {
    let rows = Self.places(of: found.records, inOrderOf: wanted.records)
    for column in wanted.columns {
      let match = found.columns.first { other in
        zip(column.values, rows).allSatisfy {
          $0.isSame(as: other.values[$1], isPercent: column.isPercent || other.isPercent)
        }
      }
      let named = found.columns.first { $0.name.lowercased() == column.name.lowercased() }
      if let match {
        guard wish.contains(.names), named == nil else { continue }
        return .name(wanted: column.name, found: match.name)
      }
      guard let named else { return .missingColumn(column.name) }
      for (row, place) in rows.enumerated()
      where !column.values[row].isSame(as: named.values[place], isPercent: column.isPercent) {
        return .value(
          column: column.name, row: wanted.records[row].words, wanted: column.texts[row],
          found: named.texts[place])
      }
    }
    return nil
  }

  private static func isSame(_ one: ResultSet.Record, _ other: ResultSet.Record) -> Bool {
    one.key.utf8.elementsEqual(other.key.utf8)
  }

  /// What is left of `records` when each of `others` has taken one like it away.
  private static func subtract(
    _ others: [ResultSet.Record], from records: [ResultSet.Record]
  ) -> [ResultSet.Record] {
    var counts: [[UInt8]: Int] = [:]
    for other in others { counts[Array(other.key.utf8), default: 0] += 1 }
    return records.filter { record in
      let key = Array(record.key.utf8)
      guard let count = counts[key], count > 0 else { return true }
      counts[key] = count - 1
      return false
    }
  }

  /// For each of `wanted` the place of the same record in `found`, which has them all.
  private static func places(
    of found: [ResultSet.Record], inOrderOf wanted: [ResultSet.Record]
  ) -> [Int] {
    var places: [[UInt8]: [Int]] = [:]
    for (place, record) in found.enumerated().reversed() {
      places[Array(record.key.utf8), default: []].append(place)
    }
    return wanted.compactMap { places[Array($0.key.utf8)]?.popLast() }
  }

  // MARK: columns

  private var differenceOfColumns: ResultDifference? {
    if let columns = matchingColumns {
      if wish.contains(.names) {
        for (wanted, found) in zip(wanted.columns, columns)
        where wanted.name.lowercased() != found.name.lowercased() {
          return .name(wanted: wanted.name, found: found.name)
        }
      }
      guard wish.contains(.order) else { return nil }
      return differenceOfOrder(columns)
    }
    return ResultDiagnosis(wanted: wanted, found: found).difference
  }

  private func differenceOfOrder(_ columns: [ResultSet.Column]) -> ResultDifference? {
    for row in 0..<wanted.keptRowCount {
      let isSame = zip(wanted.columns, columns).allSatisfy {
        $0.values[row].isSame(as: $1.values[row], isPercent: $0.isPercent || $1.isPercent)
      }
      if isSame { continue }
      return .order(
        row: row + 1, wanted: wanted.words(ofRow: row),
        found: ResultSet(shape: found.shape, columns: columns).words(ofRow: row))
    }
    return nil
  }

  /// Columns of the answer, one for each of the solution, that together hold the same rows; further
  /// ones do not matter. Nil when there are none.
  private var matchingColumns: [ResultSet.Column]? {
    guard wanted.rowCount == found.rowCount else { return nil }
    let candidates = wanted.columns.map { column in
      found.columns.indices.filter { column.hasValues(of: found.columns[$0]) }
        .sorted { first, _ in found.columns[first].name == column.name }
    }
    var trials = Self.trialCountMax
    var chosen: [Int] = []
    return search(candidates, &chosen, &trials)
  }

  /// The most ways of taking columns for others that are tried.
  private static let trialCountMax = 200

  private func search(
    _ candidates: [[Int]], _ chosen: inout [Int], _ trials: inout Int
  ) -> [ResultSet.Column]? {
    if chosen.count == candidates.count {
      trials -= 1
      let columns = chosen.map { found.columns[$0] }
      return ResultRows(wanted.columns).isSame(as: ResultRows(columns)) ? columns : nil
    }
    for candidate in candidates[chosen.count] where trials > 0 && !chosen.contains(candidate) {
      chosen.append(candidate)
      if let columns = search(candidates, &chosen, &trials) { return columns }
      chosen.removeLast()
    }
    return nil
  }
}

extension ResultSet {
  /// A row in words: the values that name it, or all where none does.
  func words(ofRow row: Int) -> String {
    var naming = columns.filter { !$0.isMeasure }
    if case .groups(let keys) = shape { naming = Array(columns.prefix(keys.count)) }
    return (naming.isEmpty ? columns : naming).map { $0.texts[row] }.joined(separator: ", ")
  }
}
