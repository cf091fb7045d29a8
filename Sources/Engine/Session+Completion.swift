import Store
import Syntax

// What completion asks of a session: real values with their counts.

/// What bare names mean in a round that goes on from an answer.
package struct RoundNames {
  /// The answer's columns and what is named with `as`.
  package var columns: [(name: String, type: ValueType)]
  /// The entity whose fields names are too; nil after a group.
  package var entity: String?
  /// What a path may begin with to be about the record that a verb judged.
  package var record: String?
}

extension Session {
  /// The names that a round sees after the query in a text, with or without its `find`; nil where
  /// there is none that can be bound. Nothing is loaded.
  package func names(after text: String) -> RoundNames? {
    let statement = (try? Parser.parse(text)) ?? (try? Parser.parse("find " + text))
    switch statement?.kind {
    case .find(let query): return names(after: query, it: nil)
    case .count(let count): return names(after: count.query, it: nil)
    default: return nil
    }
  }

  /// The same after the last answer, refined by rounds.
  package func namesAfterLast(refinedBy rounds: String?) -> RoundNames? {
    var query: Query
    switch last?.statement.kind {
    case .find(let found): query = found
    case .count(let count): query = count.query
    default: return nil
    }
    if let rounds {
      let refinement = try? Parser.parse("then " + rounds)
      guard case .refine(let more)? = refinement?.kind else { return nil }
      query.rounds += more
    }
    return names(after: query, it: last?.it)
  }

  private func names(after query: Query, it: LastAnswer?) -> RoundNames? {
    Binder(
      catalog: database.catalog, today: clock.today, parameters: parameters, lastAnswer: it
    ).names(after: query)
  }

  /// The commonest values of a field with their counts, for completion. `path` begins at a field of
  /// `entity`; empty when there is no such field, its values are not names, or the records are not
  /// loaded: nothing is loaded to complete a word.
  ///
  /// Counts are kept until a record that they depend on changes. Where counting along a path would
  /// take longer than a key may, the values come in the order of the records they belong to, and
  /// without counts.
  ///
  /// - Parameter mayCount: Whether to count what was not counted before; without, none come then.
  package func commonValues(
    of path: [String], in entity: String, countMax: Int, mayCount: Bool = true
  ) -> [(value: String, count: Int?)] {
    let place = SourceRange(0, 0)
    let names = path.map { Name($0, isQuoted: true, range: place) }
    let key = Expression(.path(names), range: place)
    var round = Round()
    round.group = GroupClause(keys: [NamedExpression(key)], range: place)
    let query = Query(
      source: .named(Name(entity, isQuoted: true, range: place)), window: nil, rounds: [round],
      range: place)
    let binder = Binder(catalog: database.catalog, today: clock.today, drawnSeed: 0)
    guard let bound = try? binder.bind(query),
      !masksPersons
        || ShownColumns.output(
          bound, catalog: database.catalog, tellsPersons: true)[0].personal == nil,
      bound.entities.allSatisfy(database.isLoaded),
      let key = bound.columns.first?.expression,
      let type = key.type.isNamed ? key.type : nil,
      let paths = bound.rounds.first?.group?.keys.first?.readPaths(), let read = paths.first,
      type != .text
        || database.column(of: read, from: bound.entity).dictionaryCount != nil
    else { return [] }
    if path.count > 1, database.table(bound.entity).rowCount > Self.walkedRowCountMax,
      let first = database.catalog[bound.entity].field(named: path[0]),
      case .reference(let target) = database.catalog[bound.entity][first].type
    {
      let values = commonValues(
        of: Array(path.dropFirst()), in: database.catalog[target].name, countMax: countMax,
        mayCount: mayCount)
      return values.map { ($0.value, nil) }
    }
    let now = paths.flatMap { state(of: $0, from: bound.entity) }
    let name = ([entity] + path).joined(separator: "\0")
    if let counted = countedValues[name], counted.state == now {
      return counted.values.prefix(countMax).map { ($0.value, $0.count) }
    }
    guard mayCount, let counted = count(bound, type) else { return [] }
    if countedValues.count >= Self.countedPathCountMax { countedValues = [:] }
    countedValues[name] = CountedValues(state: now, values: counted)
    return counted.prefix(countMax).map { ($0.value, $0.count) }
  }

  /// The most records whose references are followed to count values while somebody waits for a key.
  private static let walkedRowCountMax = 500_000
  /// The most fields whose values are kept.
  private static let countedPathCountMax = 64

  private func count(_ bound: BoundQuery, _ type: ValueType) -> [(value: String, count: Int)]? {
    guard let planned = try? plan(bound),
      let cursor = try? Executor(database: database, today: clock.today).run(planned)
    else { return nil }
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
    return values
  }

  /// What the counts of a path's values depend on: the rows and columns that are read for it.
  private func state(of path: FieldPath, from entity: EntityID) -> [Int] {
    let table = database.table(entity)
    var state = [table.rowCount, table.liveRowCount]
    var id = entity
    for hop in path.hops {
      state.append(database.table(id).column(hop.field).version)
      id = hop.target
    }
    return state + [database.table(id).column(path.field).version]
  }
}

/// The values of a field with their counts, commonest first, and the state they were counted in.
struct CountedValues {
  var state: [Int]
  var values: [(value: String, count: Int)]
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
