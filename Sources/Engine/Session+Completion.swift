import Store
import Syntax

// What completion asks of a session: real values with their counts.

extension Session {
  /// The commonest values of a field with their counts, for completion. `path` begins at a field of
  /// `entity`; empty when there is no such field, its values are not names, or the records are not
  /// loaded: nothing is loaded to complete a word.
  package func commonValues(
    of path: [String], in entity: String, countMax: Int
  ) -> [(value: String, count: Int)] {
    let place = SourceRange(0, 0)
    let names = path.map { Name($0, isQuoted: true, range: place) }
    let key = Expression(.path(names), range: place)
    var round = Round()
    round.group = GroupClause(keys: [NamedExpression(key)], range: place)
    let query = Query(
      source: .named(Name(entity, isQuoted: true, range: place)), window: nil, rounds: [round],
      range: place)
    let binder = Binder(catalog: database.catalog, today: clock.today, drawnSeed: 0)
    guard let bound = try? binder.bind(query), bound.entities.allSatisfy(database.isLoaded),
      let key = bound.columns.first?.expression,
      let type = key.type.isNamed ? key.type : nil,
      let path = bound.rounds.first?.group?.keys.first?.readPaths().first,
      type != .text
        || database.column(of: path, from: bound.entity).dictionaryCount != nil,
      let planned = try? plan(bound),
      let cursor = try? Executor(database: database, today: clock.today).run(planned)
    else { return [] }
    var values: [(value: String, count: Int)] = []
    while let batch = try? cursor.next() {
      for row in 0..<batch.count {
        guard case .word(let count) = batch.vectors[1][row] else { continue }
        switch (batch.vectors[0][row], type) {
        case (.text(let text), .text): values.append((text, Int(count)))
        case (.word(let code), .choice(let list)):
          values.append((list.names[Int(code)], Int(count)))
        default: continue
        }
      }
    }
    values.sort { $0.count > $1.count }
    return Array(values.prefix(countMax))
  }
}

extension ValueType {
  /// Whether values are names that one types: choices and texts.
  fileprivate var isNamed: Bool {
    switch self {
    case .text, .choice: true
    default: false
    }
  }
}
