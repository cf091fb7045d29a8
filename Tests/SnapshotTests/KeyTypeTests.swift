import Snapshot
import Store
import TestSupport
import Testing

/// An entity without records may get keys of another type; what refers to it follows.
struct KeyTypeTests {
  private static let parts = EntityID(0)
  private static let notes = EntityID(1)

  private static func database() throws -> Database {
    let database = Database(
      catalog: Catalog([
        Entity(
          name: "parts", singular: "part",
          fields: [
            Field("id", .integer), Field("name", .text), Field("inside", .reference(parts)),
          ]),
        Entity(
          name: "notes", singular: "note",
          fields: [
            Field("id", .integer), Field("text", .text), Field("part", .reference(parts)),
            Field("day", .date),
          ]),
      ]), budget: Budget())
    try database.append(
      [
        FieldID(0): Vector(words: [-70_000, 1, 2]),
        FieldID(1): Vector(texts: TextBlock(["a", "b", "c"])),
        FieldID(3): Vector(words: [1, 2, 3]),
      ], count: 3, to: notes)
    return database
  }

  @Test func `an empty entity gets text keys in a file, and its records come back equal`() throws {
    let folder = try #require(TemporaryFolder())
    let path = folder.path + "/t.rapport"
    let database = try Self.database()
    let file = try createStore(path, database, false, nil)
    var definition = database.catalog[Self.parts]
    definition.fields[0].type = .text
    database.beginChange()
    try database.define(Self.parts, as: definition)
    try database.append(
      [
        FieldID(0): Vector(texts: TextBlock(["A-1", "it's", ""])),
        FieldID(1): Vector(texts: TextBlock(["x", "y", "z"])),
        FieldID(2): Vector(words: [1, 2, 0]),
      ], count: 3, to: Self.parts)
    try database.replace(
      FieldID(2), of: Self.notes, at: [0, 2], with: Vector(words: [2, 0]))
    let change = database.currentChange
    database.keepChange()
    try file.commit(change, of: database)
    try expect(path, equals: database)
    // Taken back, the entity has numbers for keys again.
    database.beginChange()
    try database.revert(change)
    let undone = database.currentChange
    database.keepChange()
    try file.commit(undone, of: database)
    try expect(path, equals: database)
    file.close()
    try expect(path, equals: database)
  }

  private func expect(_ path: String, equals database: Database) throws {
    let (read, file) = try openStore(path, true, Budget())
    defer { file.close() }
    #expect(try Contents(read).differences(from: Contents(database)) == [])
    let report = try checkStore(path)
    #expect(report.findings.isEmpty, "\(report)")
  }
}
