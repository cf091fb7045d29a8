import Snapshot
import Store
import TestSupport
import Testing

/// Other programs read and change the file between two of our statements; nothing is lost, and
/// nothing of theirs is overwritten.
struct OtherProgramTests {
  /// A file of the hostile store and an open database on it.
  private struct Shop {
    let folder: TemporaryFolder
    let path: String
    let database: Database
    let file: any StoreFile

    init() throws {
      folder = try #require(TemporaryFolder())
      path = folder.path + "/t.rapport"
      try createStore(path, try HostileStore.database(), false, nil).close()
      (database, file) = try openStore(path, false, Budget())
      try database.loadAll()
    }

    /// What a fresh look at the file gives.
    func fresh() throws -> Contents {
      let (read, file) = try openStore(path, true, Budget())
      defer { file.close() }
      return try Contents(read)
    }

    /// A change of one cell, recorded.
    func change(_ text: String) throws -> ChangeSet {
      let row = try #require(database.table(EntityID(0)).row(withKey: .word(.min)))
      database.beginChange()
      try database.replace(
        FieldID(1), of: EntityID(0), at: [Int32(row)], with: Vector(texts: TextBlock([text])))
      let change = database.currentChange
      database.keepChange()
      return change
    }
  }

  /// Things that sqlite3 does to the file; what `refresh` makes of them.
  static let foreign: [(String, isInPlace: Bool)] = [
    ("UPDATE things SET name = 'theirs' WHERE id % 3 = 0", true),
    ("UPDATE things SET amount = amount + 0.2 WHERE amount < 1000", true),
    (
      "UPDATE things SET parent_id = NULL WHERE parent_id = -58500;"
        + "UPDATE things SET id = 500000 WHERE id = -58500", true
    ),
    (
      "UPDATE parts SET next_id = 'other' WHERE next_id = 'NULL';"
        + "UPDATE things SET part_id_3 = 'other' WHERE part_id_3 = 'NULL';"
        + "UPDATE parts SET code = 'other' WHERE code = 'NULL'", true
    ),
    ("INSERT INTO things(id, name, parent_id) VALUES(900001, 'x', 900001)", true),
    ("INSERT OR REPLACE INTO things(id, stage) VALUES(-60500, 'to do')", true),
    ("INSERT OR IGNORE INTO things(id, moment) VALUES(77, '2026-01-31 14:30')", true),
    (
      "INSERT INTO things(id) VALUES(1) ON CONFLICT DO UPDATE SET name = 'met', parent_id = 1",
      true
    ),
    ("INSERT INTO parts(code, next_id) VALUES('a', 'b'), ('b', 'a')", true),
    (
      "UPDATE things SET parent_id = NULL;"
        + "DELETE FROM things WHERE id NOT IN (SELECT thing_id FROM parts)", true
    ),
    (
      "UPDATE things SET parent_id = NULL; DELETE FROM parts; UPDATE things SET part_id_3 = NULL",
      true
    ),
    ("VACUUM", true),
    ("CREATE INDEX theirs ON things(name); CREATE TABLE notes(a); DROP INDEX theirs", true),
    ("ALTER TABLE parts ADD COLUMN theirs TEXT", true),
    ("UPDATE _rapport_definitions SET text = ''", true),
    ("DELETE FROM things WHERE id = 0", false),
    ("UPDATE _rapport_tables SET floor = 1000, generation = 1000", false),
  ]

  @Test(arguments: foreign.indices)
  func `a change by sqlite3 is seen, never overwritten, and taken over`(index: Int) throws {
    let shop = try Shop()
    let (statement, isInPlace) = Self.foreign[index]
    let isWriting = index != 14
    let plain = PlainSQLite(shop.path)
    #expect(plain.run(statement) == nil)
    let theirs = isInPlace ? try shop.fresh() : nil
    if isWriting {
      #expect(try shop.file.isChangedElsewhere())
      shop.database.beginChange()
      let change = try shop.change("ours")
      #expect(throws: StoreError.changedElsewhere) {
        try shop.file.commit(change, of: shop.database)
      }
      shop.database.rollBack()
    }
    #expect(try shop.file.refresh(shop.database) == isInPlace)
    guard let theirs else { return }
    #expect(try Contents(shop.database).differences(from: theirs) == [])
    #expect(try !shop.file.isChangedElsewhere())
    try shop.file.commit(try shop.change("ours after all"), of: shop.database)
    try shop.file.save(shop.database)
    #expect(try shop.fresh().differences(from: Contents(shop.database)) == [])
    plain.close()
    let again = PlainSQLite(shop.path)
    #expect(again.value("SELECT count(*) FROM _rapport_sums WHERE sum IS NULL") == "0")
    #expect(again.value("SELECT count(*) FROM _rapport_delta") == "0")
    #expect(again.value("SELECT count(*) FROM things WHERE name = 'ours after all'") == "1")
  }

  @Test func `a table that is loaded late is of the same state, or all is loaded anew`() throws {
    let folder = try #require(TemporaryFolder())
    let path = folder.path + "/t.rapport"
    try createStore(path, try HostileStore.database(), false, nil).close()
    let (database, file) = try openStore(path, false, Budget())
    try database.load([EntityID(4)])
    #expect(!database.isLoaded(EntityID(0)))
    PlainSQLite(path).run("UPDATE things SET name = 'theirs'")
    #expect(throws: StoreError.changedElsewhere) { try database.load([EntityID(0)]) }
    #expect(!database.isLoaded(EntityID(0)))
    #expect(try file.refresh(database))
    try database.load([EntityID(0)])
    #expect(database.table(EntityID(0)).column(FieldID(1))[7] == .text("theirs"))
  }

  /// Values that only a program that switches checks off can write.
  static let badValues = [
    ("UPDATE things SET stage = 'lost' WHERE id = 0", "bad-value", "things 0 have 'lost' in stage"),
    ("UPDATE things SET main = 2 WHERE id = 0", "bad-value", "things 0 have 2 in main"),
    ("UPDATE things SET day = '2026-02-30' WHERE id = 0", "bad-value", "'2026-02-30' in day"),
    ("UPDATE things SET day = '2026+01-31' WHERE id = 0", "bad-value", "'2026+01-31' in day"),
    ("UPDATE things SET day = '2026-0:-31' WHERE id = 0", "bad-value", "'2026-0:-31' in day"),
    ("UPDATE things SET day = '2026-01-3/' WHERE id = 0", "bad-value", "'2026-01-3/' in day"),
    (
      // Each byte of 2026-01-31 with its highest bit set.
      "UPDATE things SET day = CAST(x'b2b0b2b6adb0b1adb3b1' AS TEXT) WHERE id = 0", "bad-value",
      "in day"
    ),
    ("UPDATE things SET moment = 'noon' WHERE id = 0", "bad-value", "'noon' in moment"),
    ("UPDATE things SET amount = 1.005 WHERE id = 0", "bad-value", "1.005 in amount"),
    ("UPDATE things SET amount = 1e300 WHERE id = 0", "bad-value", "1e+300 in amount"),
    ("UPDATE things SET name = CAST(x'61ff' AS TEXT) WHERE id = 0", "bad-value", "in name"),
    ("UPDATE things SET name = printf('%.*c', 17000000, 'x') WHERE id = 0", "bad-value", "16 MiB"),
    (
      "UPDATE things SET parent_id = 4711 WHERE id = 0", "dangling-reference",
      "things 0 name things 4711"
    ),
    (
      "UPDATE things SET part_id_3 = 'none' WHERE id = 0", "dangling-reference", "name parts 'none'"
    ),
    ("DELETE FROM parts WHERE code = 'it''s'", "dangling-reference", "name parts 'it's'"),
    ("DROP TABLE parts", "damaged", "no such table"),
    (
      "DROP TRIGGER _rapport_update_things; UPDATE things SET name = 'unseen' WHERE id = 0",
      "damaged",
      "the rows of things with keys 0 to 65535"
    ),
    (
      "DROP TRIGGER _rapport_delete_Select; DELETE FROM _rapport_sums WHERE \"table\" = 'things' AND chunk = 0",
      "none", ""
    ),
    ("DELETE FROM _rapport_tables WHERE name = 'things'", "damaged", "how many times"),
    ("UPDATE _rapport_tables SET next_key = 5 WHERE name = 'things'", "damaged", "how many times"),
    ("UPDATE _rapport_fields SET name = 'x' WHERE id = 3", "damaged", "its catalog"),
    ("PRAGMA user_version = 99", "newer-store", "version 99"),
    ("PRAGMA application_id = 0", "damaged", "its mark"),
  ]

  @Test(arguments: badValues)
  func `what cannot be is refused with its place`(
    statement: String, code: String, words: String
  ) throws {
    let folder = try #require(TemporaryFolder())
    let path = folder.path + "/t.rapport"
    try createStore(path, try HostileStore.database(), false, nil).close()
    let plain = PlainSQLite(path)
    #expect(plain.run("PRAGMA ignore_check_constraints=ON; " + statement) == nil)
    plain.close()
    let problem = problem { () throws(StoreError) in
      let (database, file) = try openStore(path, false, Budget())
      defer { file.close() }
      try database.loadAll()
    }
    #expect((problem?.code ?? "none") == code, "\(String(describing: problem))")
    let said = problem?.message ?? ""
    #expect(words.isEmpty || said.contains(words), "\(said)")
    guard code == "dangling-reference", let hint = problem?.hint else { return }
    // The hint can be typed as it is, and finds what is wrong.
    let typed = "command -v sqlite3 >/dev/null || exit 0; " + hint
    let found = ChildProcess.run("/bin/sh", ["-c", typed])
    #expect(hint.hasPrefix("sqlite3 /"))
    #expect(found?.status == 0 && found?.errors == "", "\(hint): \(found?.errors ?? "")")
  }

  @Test(arguments: [1, 2]) func `three programs take turns and nothing is lost`(
    seed: UInt64
  ) throws {
    let shop = try Shop()
    let (second, secondFile) = try openStore(shop.path, false, Budget())
    try second.loadAll()
    let plain = PlainSQLite(shop.path)
    var random = SeededRandom(seed: seed)
    var makers = [
      RandomChange(database: shop.database, random: SeededRandom(seed: seed + 10)),
      RandomChange(database: second, random: SeededRandom(seed: seed + 20)),
    ]
    var added: [String] = []
    var refused = 0
    for step in 0..<60 {
      let who = Int.random(in: 0..<3, using: &random)
      guard who < 2 else {
        added.append("\(2_000_000 + step)")
        #expect(plain.run("INSERT INTO things(id, name) VALUES(\(2_000_000 + step), 'p')") == nil)
        continue
      }
      let (database, file) = who == 0 ? (shop.database, shop.file) : (second, secondFile)
      if try file.isChangedElsewhere() {
        let change = try makers[who].addition(step)
        #expect(throws: StoreError.changedElsewhere) { try file.commit(change, of: database) }
        refused += 1
        database.beginChange()
        try database.revert(change)
        database.keepChange()
        #expect(try file.refresh(database), "seed \(seed) step \(step)")
      }
      let change = try step % 4 == 0 ? makers[who].addition(step) : makers[who].edit()
      try file.commit(change, of: database)
      if step % 4 == 0 { added.append("\(1_000_000 + step)") }
    }
    for (database, file) in [(shop.database, shop.file), (second, secondFile)] {
      if try file.isChangedElsewhere() { #expect(try file.refresh(database)) }
      #expect(try Contents(database).differences(from: shop.fresh()) == [], "seed \(seed)")
    }
    let there = plain.rows("SELECT id FROM things WHERE id >= 1000000 ORDER BY id").joined()
    #expect(Array(there) == added.sorted(), "seed \(seed)")
    #expect(refused > 10)
  }
}
