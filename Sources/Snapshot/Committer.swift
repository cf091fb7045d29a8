import Store

/// Writes a change to the file in one transaction: rows, sums, delta, definitions.
struct Committer {
  private let file: SnapshotFile
  private let database: Database
  private let connection: Connection
  private var layout: FileLayout
  private var states: [EntityID: TableState]
  private var freshFields: [EntityID: Set<FieldID>] = [:]

  init(_ file: SnapshotFile, _ database: Database) {
    self.file = file
    self.database = database
    connection = file.connection
    layout = file.layout
    states = file.states
  }

  /// Makes the change durable.
  ///
  /// - Throws: `changedElsewhere`, `store`; then the file is as before, and so is what `file` knows.
  mutating func commit(_ change: ChangeSet) throws(StoreError) {
    let nets = change.net(in: database)
    let definitions = change.definitions
    guard !nets.isEmpty || !definitions.isEmpty else { return }
    let isDefining = nets.contains(where: \.isDefining)
    let versions = try connection.transaction(.writing) { () throws(StoreError) in
      try file.checkVersions()
      if isDefining || !definitions.isEmpty { try CacheTable.removeStale(in: connection) }
      if isDefining {
        var change = DefinitionChange(file, database)
        layout = try change.apply(nets)
        states = change.states
        freshFields = change.freshFields
      }
      for net in nets where net.newDefinition != nil { try write(net) }
      if isDefining { try CatalogCodec.write(database.catalog, layout, to: connection) }
      for (old, new) in definitions {
        try DefinitionCodec.replace(old, by: new, in: connection)
      }
      if isDefining || !definitions.isEmpty { try CatalogSum.write(layout, to: connection) }
      // The version of the data stays what it is by our own commits.
      return try Versions(of: connection, at: file.place)
    }
    file.versions = versions
    file.layout = layout
    file.states = states
    if isDefining { file.entities = database.catalog.entities }
  }

  private mutating func write(_ net: NetChange) throws(StoreError) {
    guard !net.inserted.isEmpty || !net.updated.isEmpty || !net.deleted.isEmpty else { return }
    let table = layout[net.entity]
    var state: TableState
    if let known = states[net.entity] {
      state = known
    } else {
      state = try table.state(in: connection).state
    }
    var writer = TableWriter(table, database, connection)
    try writer.write(
      net, freshFields: freshFields[net.entity] ?? [], progress: file.progress)
    try writer.sums.write(table, unproved: state.unprovedChunks, to: connection)
    state.generation += 1
    if !table.isTextKeyed { state.nextKey = database.table(net.entity).nextKey }
    let floor = try Delta(table, connection).note(
      net, database: database, state: &state)
    try table.write(state, floor: floor, to: connection)
    states[net.entity] = state
  }
}
