import Store

/// The keys that were changed lately and the generation of each, so that another rapport reads just
/// those rows anew. What stands there is complete for generations above the table's floor.
struct Delta {
  private let table: TableLayout
  private let connection: Connection
  /// Rows inserted at once from which a table is better read wholly.
  private static let insertedCountMax = 1_024

  init(_ table: TableLayout, _ connection: Connection) {
    self.table = table
    self.connection = connection
  }

  /// Notes the keys of a change under the new generation of `state`.
  ///
  /// - Returns: The new floor, when it rises.
  func note(
    _ net: NetChange, database: Database, state: inout TableState
  ) throws(StoreError) -> Int64? {
    let inserted = net.inserted.reduce(0) { $0 + $1.count }
    let changed = inserted + net.updated.count + net.deleted.count
    let limit = max(Self.insertedCountMax, database.table(net.entity).liveRowCount / 100)
    if inserted > Self.insertedCountMax || changed > limit {
      try clear()
      state.deltaCount = 0
      return state.generation
    }
    for run in net.inserted {
      try note(.run(base: run.lowerBound, count: run.count), database, state.generation)
    }
    try note(.list(net.updated), database, state.generation)
    try note(.list(net.deleted), database, state.generation)
    var count = Int64(changed)
    if let known = state.deltaCount { count += known } else { count = try self.count() }
    state.deltaCount = count
    guard count > limit else { return nil }
    return try trim(to: limit / 2, &state)
  }

  private func note(
    _ rows: Rows, _ database: Database, _ generation: Int64
  ) throws(StoreError) {
    guard rows.count > 0 else { return }
    let keys = table.keys(of: rows, in: database)
    let statement = try connection.statement(
      "INSERT OR REPLACE INTO \"_rapport_delta\" VALUES(?,?,?)")
    for offset in 0..<keys.count {
      try statement.bind(table.name, at: 0)
      switch keys[offset] {
      case .word(let word): try statement.bind(word, at: 1)
      case .text(let text): try statement.bind(text, at: 1)
      default: preconditionFailure("a key is known")
      }
      try statement.bind(generation, at: 2)
      try statement.run()
    }
  }

  /// Keys in the delta of the table.
  func count() throws(StoreError) -> Int64 {
    let statement = try connection.statement(
      "SELECT count(*) FROM \"_rapport_delta\" WHERE \"table\" = ?")
    try statement.bind(table.name, at: 0)
    defer { statement.reset() }
    return try statement.step() ? statement.integer(0) : 0
  }

  /// Takes all keys out.
  func clear() throws(StoreError) { try remove(upTo: .max) }

  /// Takes the oldest generations out so that about `count` keys stay.
  private func trim(to count: Int, _ state: inout TableState) throws(StoreError) -> Int64? {
    let statement = try connection.statement(
      """
      SELECT generation FROM "_rapport_delta" WHERE "table" = ?
      ORDER BY generation DESC LIMIT 1 OFFSET ?
      """)
    try statement.bind(table.name, at: 0)
    try statement.bind(Int64(count), at: 1)
    let floor = try statement.step() ? statement.integer(0) : nil
    statement.reset()
    if let floor { try remove(upTo: floor) }
    state.deltaCount = try self.count()
    return floor
  }

  private func remove(upTo generation: Int64) throws(StoreError) {
    let statement = try connection.statement(
      "DELETE FROM \"_rapport_delta\" WHERE \"table\" = ? AND generation <= ?")
    try statement.bind(table.name, at: 0)
    try statement.bind(generation, at: 1)
    try statement.run()
  }

  /// The keys changed after a generation; nil when one is none.
  func keys(after generation: Int64) throws(StoreError) -> Vector? {
    let statement = try connection.statement(
      "SELECT key FROM \"_rapport_delta\" WHERE \"table\" = ? AND generation > ?")
    try statement.bind(table.name, at: 0)
    try statement.bind(generation, at: 1)
    defer { statement.reset() }
    var words: [Int64] = []
    var texts = TextBlock()
    while try statement.step() {
      switch statement.kind(0) {
      case .integer where !table.isTextKeyed: words.append(statement.integer(0))
      case .text where table.isTextKeyed:
        statement.bytes(0).append(to: &texts.bytes)
        texts.ends.append(texts.bytes.count)
      default: return nil
      }
    }
    return table.isTextKeyed ? Vector(texts: texts) : Vector(words: words)
  }
}
