import FoundationEssentials
import Snapshot
import Store
import TestSupport
import Testing

/// A store that is large enough to be read by two threads, with keys on both sides of 0 and references
/// in a circle.
struct LargeStoreTests {
  private static let rowCount = 60_000
  private static let firstKey: Int64 = -20_000

  private static func database() throws -> Database {
    let (people, firms) = (EntityID(0), EntityID(1))
    let database = Database(
      catalog: Catalog([
        Entity(
          name: "people", singular: "person",
          fields: [
            Field("id", .integer), Field("name", .text), Field("main", .flag),
            Field("friend", .reference(people)), Field("firm", .reference(firms)),
          ]),
        Entity(
          name: "firms", singular: "firm",
          fields: [Field("code", .text), Field("boss", .reference(people))]),
      ]), budget: Budget())
    let rows = 0..<Int64(rowCount)
    let firmCount: Int64 = 300
    let known = rows.map { $0 % 7 == 0 ? UInt8(0) : 0x80 }
    try database.append(
      [
        FieldID(0): Vector(words: rows.map { $0 + firstKey }),
        FieldID(1): Vector(texts: TextBlock(rows.map { "name \($0 % 977)" }), known: known),
        FieldID(2): Vector(words: rows.map { $0 & 1 }),
        FieldID(3): Vector(words: rows.map { ($0 * 7_919 + 1) % Int64(rowCount) }),
      ], count: rowCount, to: people)
    try database.append(
      [
        FieldID(0): Vector(texts: TextBlock((0..<firmCount).map { "F\($0)" })),
        FieldID(1): Vector(words: (0..<firmCount).map { Int64(rowCount) - 1 - $0 * 200 }),
      ], count: Int(firmCount), to: firms)
    try database.replace(
      FieldID(4), of: people, at: Array(0..<Int32(rowCount)),
      with: Vector(words: rows.map { $0 % firmCount }, known: known))
    return database
  }

  /// What another program does, and the code and words of the refusal.
  private static let damages: [(statement: String, code: String, words: String)] = [
    (
      "DROP TRIGGER _rapport_update_people; UPDATE people SET name = 'x' WHERE id = 39990",
      "damaged", "the rows of people with keys 0 to 65535 are not"
    ),
    (
      "DROP TRIGGER _rapport_update_people; UPDATE people SET name = 'x' WHERE id = -1",
      "damaged", "the rows of people with keys -65536 to -1 are not"
    ),
    (
      "DROP TRIGGER _rapport_delete_people; DELETE FROM people WHERE id = -20000",
      "damaged", "the rows of people with keys -65536 to -1 are not"
    ),
    ("UPDATE people SET main = 2 WHERE id = 20001", "bad-value", "people 20001 have 2 in main"),
    (
      "UPDATE people SET friend_id = 40000 WHERE id = -7", "dangling-reference",
      "people -7 name people 40000 in friend_id"
    ),
  ]

  @Test func `a large store comes back equal, and what is wrong in it is named`() throws {
    let folder = try #require(TemporaryFolder())
    let path = folder.path + "/t.rapport"
    let database = try Self.database()
    try createStore(path, database, false, nil).close()
    let (read, file) = try openStore(path, false, Budget())
    #expect(try read.recordCount(of: EntityID(0)) == Self.rowCount)
    #expect(try Contents(read).differences(from: Contents(database)) == [])
    file.close()
    for (statement, code, words) in Self.damages {
      let copy = folder.path + "/copy.rapport"
      try FileManager.default.copyItem(atPath: path, toPath: copy)
      defer { try? FileManager.default.removeItem(atPath: copy) }
      let plain = PlainSQLite(copy)
      #expect(plain.run("PRAGMA ignore_check_constraints = ON; " + statement) == nil)
      plain.close()
      let found = problem { () throws(StoreError) in
        let (read, file) = try openStore(copy, true, Budget())
        defer { file.close() }
        try read.loadAll()
      }
      #expect(found?.code == code, "\(statement): \(String(describing: found))")
      #expect(found?.message.contains(words) == true, "\(statement): \(found?.message ?? "none")")
    }
  }
}
