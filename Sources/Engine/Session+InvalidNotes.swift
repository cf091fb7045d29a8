import Store
import Syntax

// The note that an answer counts records which their entity's validity field would leave out.

extension Session {
  /// Names, once a session for each entity, that counts and sums take in records which its validity
  /// field leaves out.
  func invalidNotes(_ query: BoundQuery, today: Int) throws(Failure) -> [Note] {
    var notes: [Note] = []
    for query in [query] + query.scalars {
      let entity = database.catalog[query.entity]
      guard let flag = entity.validWhen, !namedInvalid.contains(query.entity),
        query.countsWithout(try fields(behind: flag, of: query.entity, today: today))
      else { continue }
      namedInvalid.insert(query.entity)
      let offered = entity.fields.first {
        $0.isComputed && $0.type == .money && ($0.expression ?? "").contains(flag)
      }
      let binder = Binder(catalog: database.catalog, today: today, drawnSeed: 0)
      let text = "count \(entity.name) where not \(flag)"
      guard case .count(let count) = try Parser.parse(text).kind else { continue }
      let invalid = try binder.bindCount(count)
      let cursor = try Executor(database: database, today: today).run(try plan(invalid))
      guard let batch = try cursor.next(), batch.vectors[0][0] != .word(0) else { continue }
      notes.append(.countsInvalid(plural: entity.name, field: offered?.name ?? flag))
    }
    return notes
  }

  /// The stored fields that a computed field reads.
  func fields(
    behind flag: String, of entity: EntityID, today: Int
  ) throws(Failure) -> Set<FieldID> {
    let text = "find \(database.catalog[entity].name) where \(flag)"
    guard case .find(let query) = try Parser.parse(text).kind else { return [] }
    let binder = Binder(catalog: database.catalog, today: today, drawnSeed: 0)
    let bound = try binder.bind(query)
    return Set(bound.rounds.flatMap { $0.filter?.readPaths() ?? [] }.map(\.field))
  }
}

extension BoundQuery {
  /// Whether rows of the entity are counted or summed without a look at any of these fields.
  fileprivate func countsWithout(_ fields: Set<FieldID>) -> Bool {
    func reads(_ expression: BoundExpression) -> Bool {
      expression.readPaths().contains { $0.hops.isEmpty && fields.contains($0.field) }
    }
    for round in rounds {
      if let filter = round.filter, reads(filter) { return false }
      guard let group = round.group else { continue }
      return group.aggregates.contains { aggregate in
        guard aggregate.kind == .count || aggregate.kind == .sum else { return false }
        return !(aggregate.argument.map(reads) ?? false) && !(aggregate.filter.map(reads) ?? false)
      } && !group.keys.contains(where: reads)
    }
    return false
  }
}
