import Store

/// A data file that is open.
///
/// It holds no lock and no reading transaction between two calls.
final class SnapshotFile: StoreFile {
  let place: Place
  let connection: Connection
  let ability: Opening.Ability
  let isReadOnly: Bool
  var progress: (@Sendable (_ done: Int, _ total: Int) -> Void)?
  /// Where everything stands in the file.
  var layout: FileLayout

  var tableNames: [(table: String, columns: [String?])] {
    layout.tables.map { table in
      let last = table.fields.map(\.id.index).max() ?? 0
      var columns = [String?](repeating: nil, count: last + 1)
      for field in table.fields { columns[field.id.index] = field.column }
      return (table.name, columns)
    }
  }

  /// The definitions as the file has them.
  var entities: [Entity]
  /// The state that is in memory.
  var versions: Versions
  /// What is known of the tables that are in memory.
  var states: [EntityID: TableState] = [:]
  /// Whether something kept beside the rows was not as it was written: then all of it is written anew.
  var distrustsCache = false
  /// Whether this session has written to the file.
  private var hasWritten = false
  private let identity: Place.Identity?

  init(_ opening: Opening, isReadOnly: Bool) {
    place = opening.place
    connection = opening.connection
    ability = opening.ability
    layout = opening.layout
    entities = opening.catalog.entities
    versions = opening.versions
    self.isReadOnly = isReadOnly
    identity = place.identity
  }

  var path: String { place.path }

  func close() { connection.close() }

  /// Takes the tables of a database that was written to the file just now as loaded from it.
  func adopt(_ database: Database) throws(StoreError) {
    for table in layout.tables {
      var state = try table.state(in: connection).state
      if let (manifest, sum) = try CacheTable(layout: table, connection: connection).manifest() {
        state.cache = CacheMark(
          numbering: manifest.numbering, generation: manifest.generation, manifestSum: sum)
      }
      states[table.entity] = state
    }
  }

  // MARK: reading

  func load(_ entities: [EntityID], into database: Database) throws(StoreError) {
    var loader = Loader(self, entities, into: database)
    do throws(StoreError) {
      states.merge(try loader.load()) { $1 }
    } catch .store(let problem) where problem.code == "damaged" {
      // A log of what is damaged is left as it is.
      if place.hasLog { connection.foldsLogAtClose(false) }
      throw .store(problem)
    }
  }

  func recordCount(of entity: EntityID) throws(StoreError) -> Int {
    let statement = try connection.statement(
      """
      SELECT total(rows), count(*) = count(rows) FROM "_rapport_sums" WHERE "table" = ?
      """)
    try statement.bind(layout[entity].name, at: 0)
    guard try statement.step() else { return 0 }
    let (count, isWhole) = (statement.real(0), statement.integer(1) != 0)
    statement.reset()
    if isWhole, count >= 0, count <= Double(Int32.max) { return Int(count) }
    let name = SQLText.name(layout[entity].name)
    return Int(try connection.integer("SELECT count(*) FROM \(name)"))
  }

  // MARK: other programs

  func isChangedElsewhere() throws(StoreError) -> Bool {
    guard let now = place.identity, let identity, now.isSameFile(as: identity) else { return true }
    return try Versions(of: connection, at: place) != versions
  }

  /// - Throws: `changedElsewhere` when the state in memory is not that of the file.
  func checkVersions() throws(StoreError) {
    guard try Versions(of: connection, at: place) == versions else { throw .changedElsewhere }
  }

  /// Sees to it that what is written goes to the file of that name.
  func checkIdentity() throws(StoreError) {
    guard let now = place.identity else { throw Refusal.vanished.error(path) }
    guard let identity, now.isSameFile(as: identity) else { throw Refusal.replaced.error(path) }
  }

  func refresh(_ database: Database) throws(StoreError) -> Bool {
    guard place.identity != nil else { throw Refusal.vanished.error(path) }
    guard ability != .fixed, let identity, place.identity?.isSameFile(as: identity) == true else {
      return false
    }
    var refresher = Refresher(self, database)
    return try refresher.refresh()
  }

  // MARK: writing

  func commit(_ change: ChangeSet, of database: Database) throws(StoreError) {
    guard !change.isEmpty else { return }
    try database.checkRead()
    try checkWritable()
    var committer = Committer(self, database)
    try committer.commit(change)
    hasWritten = true
  }

  func save(_ database: Database) throws(StoreError) {
    try checkWritable()
    do throws(StoreError) {
      try database.loadAll()
    } catch .memoryLimit {
      // What is not in memory is read from its rows when the file is opened again.
    }
    try Saving(self, database).save()
  }

  func tidy(_ database: Database) {
    guard hasWritten, !isReadOnly, ability == .writable, place.identity != nil else { return }
    do throws(StoreError) {
      try checkIdentity()
      try CacheRenewal(self, database).runWhereWorthwhile()
    } catch {
      // The rows are all there: the next opening reads these.
    }
  }

  func backup(to path: String, isReplacing: Bool) throws(StoreError) {
    try Backup(self).write(to: path, isReplacing: isReplacing)
  }

  private func checkWritable() throws(StoreError) {
    if isReadOnly { throw Refusal.readOnly.error(path) }
    guard ability == .writable else { throw Refusal.notWritable.error(path) }
    try checkIdentity()
  }
}
