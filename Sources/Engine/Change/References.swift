import Store

/// Which stored fields refer to which entity, and the records that do.
final class References {
  /// A field that refers to some entity.
  struct Source: Hashable {
    var entity: EntityID
    var field: FieldID
  }

  let database: Database
  private let sourcesByTarget: [EntityID: [Source]]
  /// The fields by which histories refer to the records they are of.
  private let ownSources: Set<Source>
  private var referrers: [Source: Referrers] = [:]

  /// Reads the catalog; tables are looked at when asked for, and not to change meanwhile.
  init(_ database: Database) {
    self.database = database
    var sources: [EntityID: [Source]] = [:]
    for (index, definition) in database.catalog.entities.enumerated() {
      for (place, field) in definition.fields.enumerated() where !field.isComputed {
        guard case .reference(let target) = field.type else { continue }
        sources[target, default: []].append(
          Source(entity: EntityID(index), field: FieldID(place)))
      }
    }
    sourcesByTarget = sources
    ownSources = Set(
      database.catalog.entities.indices.compactMap { index in
        TrackedField(of: EntityID(index), in: database.catalog).map {
          Source(entity: $0.history.entity, field: $0.history.record)
        }
      })
  }

  /// Whether it is by this field that a history refers to the records it is of: it goes with them.
  func isOwn(_ source: Source) -> Bool { ownSources.contains(source) }

  /// The fields that refer to an entity.
  func sources(of target: EntityID) -> [Source] { sourcesByTarget[target] ?? [] }

  /// The entities that refer to these, with them, and if wanted those that refer to those.
  func sources(of targets: Set<EntityID>, transitively: Bool) -> Set<EntityID> {
    var found = targets
    var open = Array(targets)
    while let target = open.popLast() {
      for source in sources(of: target) where found.insert(source.entity).inserted {
        // Histories go with their records, so what refers to them matters too.
        if transitively || isOwn(source) { open.append(source.entity) }
      }
    }
    return found
  }

  /// The live rows that refer by a field to one of some rows of its target.
  func rows(_ source: Source, to target: EntityID, at rows: [Int32]) throws(StoreError) -> [Int32] {
    if let known = referrers[source] { return try known.rows(referringTo: rows) }
    let made = Referrers(
      database.table(source.entity), source.field, to: database.table(target))
    referrers[source] = made
    return try made.rows(referringTo: rows)
  }
}

/// Records that are to go, and those that go with them.
struct DoomedRecords {
  private let references: References
  private var sets: [EntityID: RowSet] = [:]

  init(_ references: References) { self.references = references }

  /// The rows by entity, in catalog order, each ascending.
  var rows: [(entity: EntityID, rows: [Int32])] {
    sets.sorted { $0.key < $1.key }.map { ($0.key, $0.value.rows()) }
  }

  /// All records.
  var count: Int { sets.values.reduce(0) { $0 + $1.count } }

  /// Adds records with their own histories, and if wanted all that refers to them, and to those.
  mutating func add(
    _ rows: [Int32], of entity: EntityID, isWithRelated: Bool
  ) throws(StoreError) {
    var open = [(entity: entity, rows: insert(rows, of: entity))]
    while let (target, rows) = open.popLast() {
      try Cancellation.check()
      for source in references.sources(of: target)
      where isWithRelated || references.isOwn(source) {
        let found = insert(
          try references.rows(source, to: target, at: rows), of: source.entity)
        if !found.isEmpty { open.append((source.entity, found)) }
      }
    }
  }

  /// How many records that stay refer to some that go, by entity; those who do so by two fields
  /// count once.
  func obstacles() throws(StoreError) -> [(entity: EntityID, count: Int)] {
    var found: [EntityID: RowSet] = [:]
    for (target, rows) in rows {
      for source in references.sources(of: target) {
        let referring = try references.rows(source, to: target, at: rows)
        let staying = sets[source.entity]?.missing(referring) ?? referring
        if staying.isEmpty { continue }
        _ = found[source.entity, default: newSet(source.entity)].add(staying)
      }
    }
    return found.sorted { $0.key < $1.key }.map { ($0.key, $0.value.count) }
  }

  /// Those that were not in yet.
  private mutating func insert(_ rows: [Int32], of entity: EntityID) -> [Int32] {
    guard !rows.isEmpty else { return [] }
    var set = sets.removeValue(forKey: entity) ?? newSet(entity)
    let added = set.add(rows)
    sets[entity] = set
    return added
  }

  private func newSet(_ entity: EntityID) -> RowSet {
    RowSet(rowCount: references.database.table(entity).rowCount)
  }
}
