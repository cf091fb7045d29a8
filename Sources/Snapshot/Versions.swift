import Store

/// Which state of the file is in memory.
struct Versions: Equatable {
  /// Changes when another connection commits; our own commits leave it alone.
  let data: Int64
  /// Changes with the tables' definitions.
  let schema: Int64
  /// For a file that is read without locks, its size and when it was written.
  private let identity: Place.Identity?

  /// The versions now.
  init(of connection: Connection, at place: Place) throws(StoreError) {
    data = try connection.integer("PRAGMA data_version")
    schema = try connection.integer("PRAGMA schema_version")
    identity = connection.isImmutable ? place.identity : nil
  }
}

/// What is known of a table of the file.
struct TableState {
  /// The generation that is in memory.
  var generation: Int64
  /// The key that the next record gets, as the file knows it.
  var nextKey: Int64
  /// Chunks that have rows but no sum: another program wrote them unseen. They are never proved.
  var unprovedChunks: Set<Int64> = []
  /// Keys in the delta, when they were counted.
  var deltaCount: Int64?
  /// The columns that the file kept beside the rows when the table was loaded; nil when it was loaded
  /// from its rows, or none were kept.
  var cache: CacheMark?
}

extension TableLayout {
  /// What the file says of the table now.
  func state(in connection: Connection) throws(StoreError) -> (state: TableState, floor: Int64) {
    let statement = try connection.statement(
      """
      SELECT generation, floor, next_key, next_key_check FROM "_rapport_tables" WHERE name = ?
      """)
    try statement.bind(name, at: 0)
    defer { statement.reset() }
    guard try statement.step(), statement.integer(3) == ~statement.integer(2) else {
      throw Refusal.damaged("it does not say how many times \(name) was changed")
        .error(connection.path)
    }
    let state = TableState(generation: statement.integer(0), nextKey: statement.integer(2))
    return (state, statement.integer(1))
  }

  /// Keeps what is known of the table.
  func write(
    _ state: TableState, floor: Int64?, to connection: Connection
  ) throws(StoreError) {
    let statement = try connection.statement(
      """
      UPDATE "_rapport_tables" SET generation = ?2, floor = coalesce(?3, floor), next_key = ?4,
        next_key_check = ?5 WHERE name = ?1
      """)
    try statement.bind(name, at: 0)
    try statement.bind(state.generation, at: 1)
    try statement.bind(floor, at: 2)
    try statement.bind(state.nextKey, at: 3)
    try statement.bind(~state.nextKey, at: 4)
    try statement.run()
  }
}
