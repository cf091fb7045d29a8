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
    execution.query.textLiterals.compactMap { entity, path, literal in
      let table = execution.database.table(entity)
      let plural = execution.database.catalog[entity].name
      guard let texts = table.column(path.field).dictionary,
        let counts = table.dictionaryRowCounts(of: path.field)
      else {
        let test = ColumnTest.text(TextTest(.equals(literal)))
        guard isEmpty, (try? table.hasRow(passing: test, on: path.field)) == false else {
          return nil
        }
        return .valueNotFound(plural: plural, field: path.text, literal: literal, others: [])
      }
      let values = (0..<texts.count).filter { counts[$0] > 0 }.map {
        (text: texts[$0], count: counts[$0])
      }
      let test = TextTest(.equals(literal))
      if values.contains(where: { test.passes($0.text) }) { return nil }
      return .valueNotFound(
        plural: plural, field: path.text, literal: literal, others: others(literal, values))
    }
  }

  /// The values nearest to the literal, else the commonest.
  private func others(_ literal: String, _ values: [(text: String, count: Int)]) -> [String] {
    let near = NearNames.nearest(to: literal, among: values.map(\.text))
    if !near.isEmpty { return Array(near.prefix(Self.offeredCountMax)) }
    guard values.count <= Self.commonCountMax else { return [] }
    return values.sorted { $0.count > $1.count }
      .prefix(Self.offeredCountMax).map(\.text)
  }
}

extension Database {
  /// The column that a path from an entity's records ends in.
  func column(of path: FieldPath, from entity: EntityID) -> Column {
    table(path.hops.last?.target ?? entity).column(path.field)
  }
}
