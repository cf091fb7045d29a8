import Snapshot
import Store
import TestSupport
import Testing

/// After each commit the file holds what memory holds, and its sums prove it.
struct CommitTests {
  @Test(arguments: [1, 2, 3]) func `random changes are in the file`(seed: UInt64) throws {
    let folder = try #require(TemporaryFolder())
    let path = folder.path + "/t.rapport"
    let database = try HostileStore.database()
    let file = try createStore(path, database, false, nil)
    defer { file.close() }
    var changes = RandomChange(database: database, random: SeededRandom(seed: seed))
    var kept: [ChangeSet] = []
    for step in 0..<30 {
      let change: ChangeSet
      if let last = kept.last, step % 5 == 4 {
        database.beginChange()
        try database.revert(last)
        change = database.currentChange
        database.keepChange()
        kept.removeLast()
      } else {
        change = try changes.make()
        kept.append(change)
      }
      try file.commit(change, of: database)
      #expect(try !file.isChangedElsewhere(), "seed \(seed) step \(step)")
      if step % 10 == 7 { try file.save(database) }
      guard step % 3 == 0 || step == 29 else { continue }
      let (read, other) = try openStore(path, step % 2 == 0, Budget())
      let differences = try Contents(read).differences(from: Contents(database))
      #expect(differences == [], "seed \(seed) step \(step)")
      #expect(read.table(EntityID(2)).nextKey == database.table(EntityID(2)).nextKey)
      other.close()
      guard differences.isEmpty else { return }
    }
    let plain = PlainSQLite(path)
    #expect(plain.value("PRAGMA integrity_check") == "ok")
    #expect(plain.value("SELECT count(*) FROM _rapport_sums WHERE sum IS NULL") == "0")
  }
}
