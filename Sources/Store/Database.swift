/// The catalog and a table for each entity. One statement sees one version of it.
package final class Database {
  /// The entities and their fields.
  package internal(set) var catalog: Catalog
  /// What all tables ask before they grow.
  package let budget: Budget
  var tables: [Table]
  /// Where tables come from at first use; nil when all there is is in memory.
  let source: (any TableSource)?
  /// Whether each entity's records are here.
  var isLoaded: [Bool]
  /// Whether the catalog has the house rules as the records say them now.
  var areRulesRead = false
  /// Entities of which rows were killed that may come back.
  var mayRevive: Set<EntityID> = []
  /// The changes being recorded, the innermost last.
  var recordings: [ChangeRecording] = []

  /// Makes a table for each entity of the catalog.
  ///
  /// - Parameters:
  ///   - source: Where the tables' records come from at first use; nil leaves them empty.
  ///   - hasRules: Whether, without a source, the entities that hold the house rules begin with those
  ///     of a new store.
  package init(
    catalog: Catalog, budget: Budget, source: (any TableSource)? = nil, hasRules: Bool = true
  ) {
    self.catalog = catalog
    self.budget = budget
    self.source = source
    self.tables = catalog.entities.indices.map {
      Table(entity: EntityID($0), definition: catalog.entities[$0], budget: budget)
    }
    self.isLoaded = catalog.entities.map { _ in source == nil }
    if source == nil, hasRules { for entity in ruleEntities { fillRules(entity) } }
  }

  /// The table of an entity, whose records have been loaded.
  package func table(_ entity: EntityID) -> Table {
    precondition(isLoaded[entity.index], "a table is loaded before it is used")
    return tables[entity.index]
  }

  /// Brings every delta that is full under the indexes; called between statements. Does nothing while
  /// a change is recorded, which may yet be taken back.
  package func mergeFullDeltas() {
    guard recordings.isEmpty else { return }
    for table in tables where table.isDeltaFull { table.merge() }
  }

  /// Gives up what is kept only so that queries are answered sooner, and with it the memory; it is
  /// made anew when it is next useful. Does nothing while a change is recorded.
  package func giveUpIndexes() {
    guard recordings.isEmpty else { return }
    for table in tables { table.giveUpIndexes() }
  }
}

// Loading at first use.
extension Database {
  /// Whether the entity's records are here.
  package func isLoaded(_ entity: EntityID) -> Bool { isLoaded[entity.index] }

  /// Loads the records of these entities, and of those they refer to, that are not here yet.
  ///
  /// - Throws: What `TableSource.load` throws; then only what was loaded before is here.
  package func load(_ entities: some Sequence<EntityID>) throws(StoreError) {
    let wanted = unread(entities)
    try open(wanted)
    for entity in wanted { try tables[entity.index].readAll() }
  }

  /// Sees to it that the tables of these entities, and of those they refer to, can be read, and reads
  /// of them just these fields; what the file keeps by columns stays there until it is asked for.
  ///
  /// - Throws: What `TableSource.load` throws.
  package func load(
    _ entities: some Sequence<EntityID>, reading fields: some Sequence<(EntityID, FieldID)>
  ) throws(StoreError) {
    try open(unread(Array(entities) + fields.map(\.0)))
    for (entity, field) in fields { try tables[entity.index].read([field]) }
  }

  /// Fails when a column could not be read at the moment it was asked for; whatever was made of it is
  /// no answer, and all has to be loaded anew.
  package func checkRead() throws(StoreError) {
    for table in tables { if let failure = table.late?.failure { throw failure } }
  }

  /// Takes the tables of those of these entities that are not here yet from the source.
  private func open(_ entities: [EntityID]) throws(StoreError) {
    if entities.isEmpty { return }
    if tables.contains(where: { $0.late?.failure != nil }) { throw .changedElsewhere }
    let wanted = entities.filter { !isLoaded[$0.index] }
    guard let source, !wanted.isEmpty else { return }
    for entity in wanted { isLoaded[entity.index] = true }
    areRulesRead = false
    // What comes from the file is no change.
    let held = recordings
    recordings = []
    defer { recordings = held }
    do throws(StoreError) {
      try source.load(wanted, into: self)
    } catch {
      for entity in wanted {
        tables[entity.index] = Table(entity: entity, definition: catalog[entity], budget: budget)
        isLoaded[entity.index] = false
      }
      throw error
    }
  }

  /// Takes a table that its source prepared in place of the empty one.
  package func use(_ table: Table) { tables[table.entity.index] = table }

  /// Loads all there is.
  package func loadAll() throws(StoreError) {
    try load(catalog.entities.indices.map { EntityID($0) })
  }

  /// Whether all records of these entities, and of those they refer to, are in memory.
  package func isWhole(_ entities: some Collection<EntityID>) -> Bool { unread(entities).isEmpty }

  /// Columns that were read when they were asked for, without a word beforehand: a test sees to it that
  /// there are none.
  package var unannouncedReadCount: Int {
    tables.reduce(0) { $0 + ($1.late?.unannouncedCount ?? 0) }
  }

  /// How many records an entity has, whether they are here or not.
  package func recordCount(of entity: EntityID) throws(StoreError) -> Int {
    if let source, !isLoaded[entity.index] { return try source.recordCount(of: entity) }
    return tables[entity.index].liveRowCount
  }

  /// Those of these entities, and of those they refer to, that are not wholly here; targets first.
  private func unread(_ entities: some Sequence<EntityID>) -> [EntityID] {
    // Whatever a loaded entity refers to is loaded.
    let hasLate = source != nil && tables.contains { $0.late != nil }
    var wanted: [EntityID] = []
    var seen: Set<EntityID> = []
    for entity in entities where hasLate || !isLoaded[entity.index] {
      addUnread(entity, to: &wanted, &seen)
    }
    return wanted
  }

  private func addUnread(
    _ entity: EntityID, to wanted: inout [EntityID], _ seen: inout Set<EntityID>
  ) {
    guard seen.insert(entity).inserted else { return }
    for field in catalog[entity].fields {
      if case .reference(let target) = field.type { addUnread(target, to: &wanted, &seen) }
    }
    if !isLoaded[entity.index] || tables[entity.index].late != nil { wanted.append(entity) }
  }
}
