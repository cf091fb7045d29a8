import Foundation
import Store
import TestSupport
import Testing

@testable import Snapshot

/// Columns that are kept beside the rows: whatever happens to them, what is read is what the rows say.
struct CacheTests {
  @Test(arguments: [20, 300, 70_000])
  func `a saved file opens from its columns, one at a time`(_ rowCount: Int) throws {
    let store = try CachedStore(rowCount: rowCount)
    let (database, file) = try openStore(store.path, true, Budget())
    defer { file.close() }
    let people = EntityID(1)
    try database.load([people], reading: [(people, FieldID(3))])
    let table = database.table(people)
    #expect(!table.isWhole, "the other columns stay in the file")
    #expect(table.rowCount == rowCount)
    if rowCount < 1_000 {
      #expect(try Contents(database).differences(from: Contents(store.database)) == [])
    } else {
      try CachedStore.expectSame(database, store.database)
    }
    #expect(try checkStore(store.path).isClean)
  }

  @Test func `rows changed after the columns were kept are read with them`() throws {
    var random = DamageRandom(seed: 21)
    for round in 0..<12 {
      let store = try CachedStore(rowCount: 200)
      for _ in 0..<3 {
        let (database, file) = try openStore(store.path, false, Budget())
        for _ in 0..<Int.random(in: 1...4, using: &random) {
          try store.change(database, file, &random)
        }
        let wanted = try Contents(database)
        if Bool.random(using: &random) { file.tidy(database) }
        if Int.random(in: 0..<4, using: &random) == 0 { try file.save(database) }
        file.close()
        #expect(try store.fromRows().differences(from: wanted) == [], "round \(round)")
        let (again, reopened) = try openStore(store.path, false, Budget())
        #expect(try Contents(again).differences(from: wanted) == [], "round \(round)")
        reopened.close()
        #expect(try checkStore(store.path).findings == [], "round \(round)")
      }
    }
  }

  /// So many at once are not noted one by one, as an import's are not.
  @Test func `columns are kept again once many rows came at once`() throws {
    let store = try CachedStore(rowCount: 200)
    let people = EntityID(1)
    let (database, file) = try openStore(store.path, false, Budget())
    try database.loadAll()
    database.beginChange()
    let first = database.table(people).nextKey
    let keys = (0..<Int64(2_000)).map { first + $0 }
    try database.append(
      [FieldID(0): Vector(words: keys), FieldID(4): Vector(words: keys)], count: keys.count,
      to: people)
    try file.commit(database.currentChange, of: database)
    database.keepChange()
    file.tidy(database)
    let wanted = try Contents(database)
    file.close()
    let (again, reopened) = try openStore(store.path, true, Budget())
    defer { reopened.close() }
    try again.load([people], reading: [(people, FieldID(4))])
    #expect(!again.table(people).isWhole, "the other columns stay in the file")
    #expect(try Contents(again).differences(from: wanted) == [])
  }

  @Test func `two sessions that number new rows differently never mix them up`() throws {
    let store = try CachedStore(rowCount: 200)
    var random = DamageRandom(seed: 22)
    for round in 0..<10 {
      let (first, firstFile) = try openStore(store.path, false, Budget())
      let (second, secondFile) = try openStore(store.path, false, Budget())
      try second.loadAll()
      for _ in 0..<3 { try store.change(first, firstFile, &random) }
      if Bool.random(using: &random) { firstFile.tidy(first) }
      let isRefreshed = try secondFile.refresh(second)
      if isRefreshed {
        let wanted = try Contents(first)
        #expect(try Contents(second).differences(from: wanted) == [], "round \(round)")
        try store.change(second, secondFile, &random)
        secondFile.tidy(second)
      }
      let wanted = try store.fromRows()
      firstFile.close()
      secondFile.close()
      let (again, file) = try openStore(store.path, true, Budget())
      #expect(try Contents(again).differences(from: wanted) == [], "round \(round)")
      file.close()
      #expect(try checkStore(store.path).findings == [], "round \(round)")
    }
  }

  /// What another program does to a file, in SQL.
  private static let foreign: [(what: String, sql: String)] = [
    ("writes a row", "UPDATE people SET size = 77 WHERE id = 7"),
    ("adds a row", "INSERT INTO people(id, name) VALUES (90000, 'new')"),
    (
      "takes a row away",
      "DELETE FROM people WHERE id = 10 AND NOT EXISTS(SELECT 1 FROM people AS p"
        + " WHERE p.friend_id = 10)"
    ),
    (
      "writes unseen",
      "DROP TRIGGER _rapport_update_firms; UPDATE firms SET worth = 5.5 WHERE rowid = 1;"
        + " UPDATE _rapport_sums SET rows = NULL, sum = NULL WHERE \"table\" = 'firms'"
    ),
    ("packs the file", "VACUUM"),
    ("makes an index", "CREATE INDEX own ON people(size)"),
    ("empties the columns", "DELETE FROM _rapport_cache"),
    ("takes the table of columns away", "DROP TABLE _rapport_cache"),
  ]

  @Test(arguments: 0..<8)
  func `what another program does is seen`(_ place: Int) throws {
    let (what, sql) = Self.foreign[place]
    let store = try CachedStore(rowCount: 50)
    let other = PlainSQLite(store.path)
    #expect(other.run(sql) == nil)
    other.close()
    let wanted = try store.fromRows()
    for isReadOnly in [true, false, false] {
      let (database, file) = try openStore(store.path, isReadOnly, Budget())
      #expect(try Contents(database).differences(from: wanted) == [], "\(what)")
      if !isReadOnly, what != "takes the table of columns away" { try file.save(database) }
      file.close()
    }
  }

  @Test func `a file that changes before a column is read is read anew`() throws {
    let store = try CachedStore(rowCount: 50)
    let (database, file) = try openStore(store.path, false, Budget())
    defer { file.close() }
    let people = EntityID(1)
    try database.load([people], reading: [(people, FieldID(3))])
    let other = PlainSQLite(store.path)
    #expect(other.run("UPDATE people SET size = 78 WHERE id = 7") == nil)
    other.close()
    #expect(throws: StoreError.changedElsewhere) {
      try database.load([people], reading: [(people, FieldID(4))])
    }
    #expect(try !file.refresh(database), "columns of two states do not stand together")
    // Nobody said that this one would be read: what comes is no answer, and that is known.
    let column = database.table(people).column(FieldID(4))
    #expect(column.rowCount == 50 && column.unknownCount == 50)
    #expect(throws: StoreError.changedElsewhere) { try database.checkRead() }
    #expect(throws: StoreError.changedElsewhere) { try database.loadAll() }
  }

  @Test(arguments: ["bytes", "checksum", "chunk", "column", "table"])
  func `columns that are not as they were written are not used`(_ part: String) throws {
    var random = DamageRandom(seed: 23)
    var foundCount = 0
    var missed: [String] = []
    for _ in 0..<25 {
      let store = try CachedStore(rowCount: 40)
      let other = PlainSQLite(store.path)
      let count = Int(other.value("SELECT count(*) FROM _rapport_cache")) ?? 1
      let row = Int.random(in: 0..<count, using: &random)
      let name = other.value(
        "SELECT \"table\" || \"column\" || chunk FROM _rapport_cache LIMIT 1 OFFSET \(row)")
      let change =
        switch part {
        case "bytes":
          "bytes = CAST(substr(bytes, 1, length(bytes) / 2) || x'5A'"
            + " || substr(bytes, length(bytes) / 2 + 2) AS BLOB)"
        case "checksum": "checksum = checksum + 1"
        case "chunk": "chunk = chunk + 7"
        default: "\"\(part)\" = \"\(part)\" || 'x'"
        }
      #expect(
        other.run(
          "UPDATE _rapport_cache SET \(change) WHERE rowid ="
            + " (SELECT rowid FROM _rapport_cache LIMIT 1 OFFSET \(row))") == nil)
      other.close()
      let isFound = try !checkStore(store.path).isClean
      if isFound { foundCount += 1 } else { missed.append(name) }
      let wanted = try Contents(store.database)
      let (database, file) = try openStore(store.path, false, Budget())
      #expect(try Contents(database).differences(from: wanted) == [], "\(part) of row \(row)")
      try file.save(database)
      file.close()
      #expect(try checkStore(store.path).findings == [], "\(part) of row \(row)")
    }
    if part == "bytes" { #expect(foundCount == 25, "the check does not tell of \(missed)") }
  }

  @Test func `a change that lost its note is noticed`() throws {
    let store = try CachedStore(rowCount: 50)
    let (database, file) = try openStore(store.path, false, Budget())
    let people = EntityID(1)
    try database.loadAll()
    database.beginChange()
    try database.replace(FieldID(4), of: people, at: [3, 4], with: Vector(words: [7, 8]))
    try file.commit(database.currentChange, of: database)
    database.keepChange()
    let wanted = try Contents(database)
    file.close()
    for sql in [
      "DELETE FROM _rapport_delta WHERE key = 10",
      "UPDATE _rapport_delta SET key = 31 WHERE key = 13",
      "DELETE FROM _rapport_delta",
    ] {
      let other = PlainSQLite(store.path)
      #expect(other.run(sql) == nil)
      other.close()
      let (again, reopened) = try openStore(store.path, true, Budget())
      #expect(try Contents(again).differences(from: wanted) == [], "\(sql)")
      reopened.close()
    }
  }
}

/// A data file with values of every type and its columns beside the rows.
struct CachedStore {
  let folder: TemporaryFolder
  let path: String
  /// What the file was made of.
  let database: Database

  init(rowCount: Int) throws {
    let sample = try DamageSample(rowCount: rowCount)
    folder = sample.folder
    path = sample.path
    database = sample.database
  }

  /// What the rows say, whatever is kept beside them.
  func fromRows() throws -> Contents {
    let copy = folder.path + "/rows.rapport"
    try? FileManager.default.removeItem(atPath: copy)
    let other = PlainSQLite(path)
    #expect(other.run("VACUUM INTO '\(copy)'") == nil)
    other.close()
    // A copy by another program has another schema version: its columns are not used.
    let again = PlainSQLite(copy)
    _ = again.run("DELETE FROM _rapport_cache")
    again.close()
    let (database, file) = try openStore(copy, true, Budget())
    defer { file.close() }
    return try Contents(database)
  }

  /// Commits one random change, or takes it back again.
  func change(
    _ database: Database, _ file: any StoreFile, _ random: inout DamageRandom
  ) throws {
    let people = EntityID(1)
    try database.loadAll()
    let table = database.table(people)
    database.beginChange()
    switch Int.random(in: 0..<5, using: &random) {
    case 0:
      let count = Int.random(in: 1...5, using: &random)
      let first = table.nextKey
      let keys = (0..<Int64(count)).map { first + Int64(count) - $0 }
      let names = keys.map { "new \($0)" }
      try database.append(
        [
          FieldID(0): Vector(words: keys), FieldID(1): Vector(texts: TextBlock(names)),
          FieldID(11): Vector(words: keys.map { _ in Int64(live(table, &random)) }),
        ], count: count, to: people)
    case 1:
      // Nobody names the youngest.
      let row = Int32(live(table, &random))
      let named = referrers(of: row, in: table)
      if !named.isEmpty {
        let unknown = Vector(unknown: .integer, count: named.count)
        try database.replace(FieldID(11), of: people, at: named, with: unknown)
      }
      database.kill([row], of: people)
      try unname(row, database)
    case 2:
      let row = Int32(live(table, &random))
      try database.replace(
        FieldID(1), of: people, at: [row], with: Vector(texts: TextBlock(["edited Å \(row)"])))
      try database.replace(
        FieldID(5), of: people, at: [row], with: Vector(unknown: .number, count: 1))
    case 3:
      let row = Int32(live(table, &random))
      try database.replace(
        FieldID(4), of: people, at: [row],
        with: Vector(words: [Int64.random(in: -8_000...8_000, using: &random)]))
    default:
      let row = Int32(live(table, &random))
      try database.replace(
        FieldID(11), of: people, at: [row], with: Vector(words: [Int64(live(table, &random))]))
    }
    try file.commit(database.currentChange, of: database)
    let change = database.currentChange
    database.keepChange()
    guard Int.random(in: 0..<4, using: &random) == 0 else { return }
    database.beginChange()
    try database.revert(change)
    try file.commit(database.currentChange, of: database)
    database.keepChange()
  }

  private func live(_ table: Table, _ random: inout DamageRandom) -> Int {
    while true {
      let row = Int.random(in: 0..<table.rowCount, using: &random)
      if !table.isDead(row) { return row }
    }
  }

  private func referrers(of row: Int32, in table: Table) -> [Int32] {
    (0..<Int32(table.rowCount)).filter {
      !table.isDead(Int($0)) && table.column(FieldID(11))[Int($0)] == .word(Int64(row))
    }
  }

  private func unname(_ row: Int32, _ database: Database) throws {
    let firms = database.table(EntityID(0))
    let named = (0..<Int32(firms.rowCount)).filter {
      firms.column(FieldID(2))[Int($0)] == .word(Int64(row))
    }
    if named.isEmpty { return }
    try database.replace(
      FieldID(2), of: EntityID(0), at: named, with: Vector(unknown: .integer, count: named.count))
  }

  /// Expects the same rows in the same places.
  static func expectSame(_ database: Database, _ other: Database) throws {
    try database.loadAll()
    for (index, entity) in database.catalog.entities.enumerated() {
      let (mine, theirs) = (database.table(EntityID(index)), other.table(EntityID(index)))
      #expect(mine.rowCount == theirs.rowCount)
      for (place, field) in entity.fields.enumerated() where !field.isComputed {
        let (column, wanted) = (mine.column(FieldID(place)), theirs.column(FieldID(place)))
        let isSame = stride(from: 0, to: mine.rowCount, by: 13).allSatisfy {
          column[$0] == wanted[$0]
        }
        #expect(isSame && column.unknownCount == wanted.unknownCount, "\(field.name)")
      }
    }
  }
}
