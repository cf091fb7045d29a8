import Store
import Syntax

/// Finds the text literals of a query that no record has, and what stands there instead: a misspelt
/// value is not an error, but it must not pass silently.
struct ValueNotFound {
  /// The most distinct values of which the commonest are worth naming: a field of names has none.
  private static let commonCountMax = 64
  /// The most values offered.
  private static let offeredCountMax = 3
  private let execution: Execution

  init(_ execution: Execution) { self.execution = execution }

  /// A note for each literal that its field's records lack. A field of many distinct texts is only
  /// searched when the answer is empty.
  func notes(isEmpty: Bool) -> [Note] {
    execution.query.textLiterals.compactMap { path, literal in
      let column = execution.database.column(of: path, from: execution.query.entity)
      let entity = path.hops.last?.target ?? execution.query.entity
      let plural = execution.database.catalog[entity].name
      guard let texts = column.dictionary, let counts = column.dictionaryRowCounts else {
        guard isEmpty, !isThere(literal, in: column) else { return nil }
        return .valueNotFound(plural: plural, field: path.text, literal: literal, others: [])
      }
      let values = (0..<texts.count).map { (text: texts[$0], count: counts[$0]) }
      let test = TextTest(.equals(literal))
      if values.contains(where: { $0.count > 0 && test.passes($0.text) }) { return nil }
      return .valueNotFound(
        plural: plural, field: path.text, literal: literal, others: others(literal, values))
    }
  }

  private func isThere(_ literal: String, in column: Column) -> Bool {
    let test = column.prepare(.text(TextTest(.equals(literal))))
    var base = 0
    while base < column.rowCount {
      let rows = Rows.run(base: base, count: min(Limits.batchRowCount, column.rowCount - base))
      var mask = Mask(count: rows.count)
      column.keep(test, of: rows, in: &mask)
      if !mask.isNoneIn { return true }
      base += rows.count
    }
    return false
  }

  /// The values nearest to the literal, else the commonest.
  private func others(_ literal: String, _ values: [(text: String, count: Int)]) -> [String] {
    let near = NearNames.nearest(to: literal, among: values.map(\.text))
    if !near.isEmpty { return Array(near.prefix(Self.offeredCountMax)) }
    guard values.count <= Self.commonCountMax else { return [] }
    return values.filter { $0.count > 0 }.sorted { $0.count > $1.count }
      .prefix(Self.offeredCountMax).map(\.text)
  }
}

extension Database {
  /// The column that a path from an entity's records ends in.
  func column(of path: FieldPath, from entity: EntityID) -> Column {
    table(path.hops.last?.target ?? entity).column(path.field)
  }
}
