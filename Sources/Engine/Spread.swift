import Store
import Syntax

/// Turns the long form of `group by … across K`, one row a cell, into the wide one that is read: a
/// row for each of the other keys, a column for each value of K.
struct Spread {
  /// The most columns a spread may have.
  static let columnCountMax = 100
  /// Bytes that a cell of the wide form takes, about: its own, and those by which it is found.
  private static let byteCountPerCell = 48

  /// The wide form's columns.
  var columns: [OutputColumn] = []
  /// The wide form's rows.
  var batch: OutputBatch

  private let long: [OutputColumn]
  private let keyPlace: Int

  /// Spreads a long form.
  ///
  /// - Parameters:
  ///   - columns: Keys first, among them the one that is spread, then values.
  ///   - keyPlace: Where the spread key stands.
  ///   - keyCount: How many of the columns are keys.
  ///   - isZero: For each column whether an absent cell is 0: counts and sums.
  ///   - rows: The long form's rows.
  ///   - totals: The long form without the spread key, for a column of totals; nil for none.
  ///   - longForm: What to type for the long form, for a message.
  ///   - claim: Covers what grows with the rows.
  /// - Throws: `Failure` when there would be too many columns.
  init(
    _ columns: [OutputColumn], key keyPlace: Int, keyCount: Int, isZero: [Bool],
    rows: OutputBatch, totals: OutputBatch?, longForm: String, _ claim: BudgetClaim
  ) throws(Failure) {
    long = columns
    self.keyPlace = keyPlace
    let keys = (0..<keyCount).filter { $0 != keyPlace }
    let values = Array(keyCount..<columns.count)
    let heads = Self.heads(rows, keyPlace, columns[keyPlace])
    let columnCount = keys.count + heads.count * values.count
    guard columnCount <= Self.columnCountMax else {
      throw Failure(
        EngineReason.spreadTooWide(
          key: columns[keyPlace].name, count: columnCount, limit: Self.columnCountMax,
          longForm: longForm),
        at: nil)
    }
    var places: [[Scalar]: Int] = [:]
    var firsts: [Int32] = []
    var cells: [[Int32]] = []
    let headPlaces = Dictionary(
      uniqueKeysWithValues: heads.enumerated().map { ($0.element.value, $0.offset) })
    for row in 0..<rows.count {
      if row % Limits.batchRowCount == 0 { try Cancellation.poll() }
      let own = keys.map { rows.vectors[$0][row] }
      let place = places[own] ?? firsts.count
      if place == firsts.count {
        if place % Limits.batchRowCount == 0 {
          try claim.hold(Limits.batchRowCount * columnCount * Self.byteCountPerCell)
        }
        places[own] = place
        firsts.append(Int32(row))
        cells.append([Int32](repeating: -1, count: heads.count))
      }
      if let head = headPlaces[rows.vectors[keyPlace][row]] { cells[place][head] = Int32(row) }
    }
    self.batch = OutputBatch(vectors: [], labels: [], count: firsts.count)
    for key in keys {
      self.columns.append(columns[key])
      batch.vectors.append(rows.vectors[key].gathered(firsts))
      batch.labels.append(rows.labels[key].map { $0.gathered(firsts) })
    }
    for (head, name) in heads.enumerated() {
      for value in values {
        var column = columns[value]
        column.name = values.count == 1 ? name.text : "\(name.text)_\(column.name)"
        append(
          column, rows.vectors[value], at: cells.map { $0[head] }, isZero: isZero[value])
      }
    }
    if let totals { appendTotals(totals, keys: keys, values: values, places: places, isZero) }
  }

  private mutating func append(
    _ column: OutputColumn, _ values: Vector, at rows: [Int32], isZero: Bool
  ) {
    var gathered = values.gathered(rows)
    if isZero, case .words(var words) = gathered.values {
      for row in rows.indices where rows[row] < 0 { words[row] = 0 }
      gathered = Vector(
        words: words, known: zip(rows, gathered.known).map { $0 < 0 ? 0x80 : $1 })
    } else if isZero, case .reals(var reals) = gathered.values {
      for row in rows.indices where rows[row] < 0 { reals[row] = 0 }
      gathered = Vector(
        reals: reals, known: zip(rows, gathered.known).map { $0 < 0 ? 0x80 : $1 })
    }
    columns.append(column)
    batch.vectors.append(gathered)
    batch.labels.append(nil)
  }

  /// The columns of totals: their keys are those of the long form without the spread one.
  private mutating func appendTotals(
    _ totals: OutputBatch, keys: [Int], values: [Int], places: [[Scalar]: Int], _ isZero: [Bool]
  ) {
    var rows = [Int32](repeating: -1, count: batch.count)
    for row in 0..<totals.count {
      let own = keys.indices.map { totals.vectors[$0][row] }
      if let place = places[own] { rows[place] = Int32(row) }
    }
    for (offset, value) in values.enumerated() {
      var column = long[value]
      column.name = values.count == 1 ? "total" : "total_\(column.name)"
      append(column, totals.vectors[keys.count + offset], at: rows, isZero: isZero[value])
    }
  }

  /// The values of the spread key: choices in declared order, else ascending; unknown last.
  private static func heads(
    _ rows: OutputBatch, _ place: Int, _ column: OutputColumn
  ) -> [(value: Scalar, text: String)] {
    var seen: Set<Scalar> = []
    var firsts: [Int32] = []
    let values = rows.vectors[place]
    for row in 0..<rows.count where seen.insert(values[row]).inserted { firsts.append(Int32(row)) }
    let distinct = values.gathered(firsts)
    let order =
      (try? RowOrder.sorted(count: distinct.count, by: [SortKey(distinct)]))
      ?? Array(0..<Int32(distinct.count))
    return order.map { offset in
      let value = distinct[Int(offset)]
      if case .text(let text) = value { return (value, text) }
      return (value, ExpressionText.text(value, column.keyType ?? column.type))
    }
  }
}

extension BoundQuery {
  /// The same query with fewer keys in its last group, for totals: every column is computed afresh
  /// over all rows of the round. Nil when the last round has no group.
  ///
  /// - Parameter kept: Positions of the keys that stay.
  func regrouped(keeping kept: [Int]) -> BoundQuery? {
    guard var round = rounds.last, var group = round.group else { return nil }
    let keyCount = group.keys.count
    var query = self
    func moved(_ expression: BoundExpression) -> BoundExpression? {
      guard case .field(var path) = expression else { return expression.mapChildren(moved) }
      let index = path.field.index
      if index >= keyCount {
        path.field = FieldID(index - keyCount + kept.count)
      } else if let place = kept.firstIndex(of: index) {
        path.field = FieldID(place)
      } else {
        return .constant(.unknown, path.type)
      }
      return .field(path)
    }
    group.keys = kept.map { group.keys[$0] }
    group.names = kept.map { group.names[$0] } + group.names.dropFirst(keyCount)
    round.group = group
    round.order = nil
    round.limit = nil
    round.sample = nil
    for index in round.perRowAfterFilter + round.perRowAfterOrder {
      query.perRow[index].argument = moved(perRow[index].argument) ?? perRow[index].argument
      query.perRow[index].per = perRow[index].per.compactMap(moved)
    }
    query.rounds[rounds.count - 1] = round
    query.columns = columns.enumerated().compactMap { place, column in
      guard place >= keyCount || kept.contains(place) else { return nil }
      var column = column
      column.expression = moved(column.expression) ?? column.expression
      return column
    }
    query.across = nil
    query.hasTotal = false
    return query
  }
}
