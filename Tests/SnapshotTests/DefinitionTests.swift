import Snapshot
import Store
import TestSupport
import Testing

/// Segments, standards and actions in the data file.
struct DefinitionTests {
  static let definitions = [
    Definition(
      .segment, "Åbo \"x\"", text: "things where id > 3", entity: "things", created: 20_000),
    Definition(
      .frozen, "some", text: "it", entity: "things", members: .integers([.min, -1, 5, .max]),
      created: -1),
    Definition(
      .frozen, "texts", text: "(parts top 2 by code)", entity: "parts",
      members: .texts(["", "O'Neil", "å"]), created: 1),
    Definition(.frozen, "nobody", text: "it", entity: "things", members: .integers([]), created: 0),
    Definition(.standard, "some", text: "count(things) >= 5 by 2026-12-31", created: 3),
    Definition(
      .action, "some", text: "for things when id > 3\n  priority 1 say \"x\"", entity: "things",
      created: 3),
  ]

  /// A file with the definitions, and the database on it.
  private struct Store {
    let folder: TemporaryFolder
    let path: String
    let database: Database
    let file: any StoreFile

    init() throws {
      folder = try #require(TemporaryFolder())
      path = folder.path + "/t.rapport"
      let made = try HostileStore.database()
      made.define(nil, as: DefinitionTests.definitions[0])
      try createStore(path, made, false, nil).close()
      (database, file) = try openStore(path, false, Budget())
      try change {
        for definition in DefinitionTests.definitions.dropFirst() {
          database.define(nil, as: definition)
        }
      }
    }

    func change(_ body: () throws -> Void) throws {
      database.beginChange()
      try body()
      try file.commit(database.currentChange, of: database)
      database.keepChange()
    }

    func fresh() throws -> [Definition] {
      let (read, file) = try openStore(path, true, Budget())
      defer { file.close() }
      return read.catalog.definitions
    }
  }

  @Test func `definitions are read as they were written, changed and taken away`() throws {
    let store = try Store()
    #expect(store.database.catalog.definitions.count == Self.definitions.count)
    #expect(try store.fresh() == store.database.catalog.definitions)
    for old in Self.definitions {
      var new = old
      new.name += "2"
      new.text = "other"
      if old.kind == .frozen, old.entity == "things" { new.members = .integers([1, 2]) }
      try store.change { store.database.define(old, as: new) }
      #expect(try store.fresh() == store.database.catalog.definitions)
    }
    for old in store.database.catalog.definitions {
      try store.change { store.database.define(old, as: nil) }
      #expect(try store.fresh() == store.database.catalog.definitions)
    }
    #expect(try checkStore(store.path).isClean)
  }

  @Test func `a change that another session made is seen`() throws {
    let store = try Store()
    let (other, file) = try openStore(store.path, false, Budget())
    other.beginChange()
    other.define(Self.definitions[1], as: nil)
    other.define(
      Self.definitions[0],
      as: Definition(.segment, "new", text: "things", entity: "things", created: 5))
    try file.commit(other.currentChange, of: other)
    other.keepChange()
    file.close()
    #expect(try store.file.isChangedElsewhere())
    #expect(throws: StoreError.changedElsewhere) {
      try store.change { store.database.define(Self.definitions[2], as: nil) }
    }
    store.database.rollBack()
    #expect(try store.file.refresh(store.database))
    #expect(store.database.catalog.definitions == other.catalog.definitions)
    try store.change { store.database.define(Self.definitions[2], as: nil) }
    #expect(try store.fresh() == store.database.catalog.definitions)
  }

  @Test func `a copy and a salvaged file hold them`() throws {
    let store = try Store()
    let copy = store.folder.path + "/copy.rapport"
    try store.file.backup(to: copy, isReplacing: false)
    let rescued = store.folder.path + "/rescued.rapport"
    #expect(try salvageStore(store.path, into: rescued).isClean)
    for path in [copy, rescued] {
      let (read, file) = try openStore(path, true, Budget())
      #expect(read.catalog.definitions == store.database.catalog.definitions)
      file.close()
    }
  }

  static let damages = [
    "UPDATE _rapport_definitions SET text = 'things' WHERE kind = 'segment'",
    "UPDATE _rapport_definitions SET kind = 'action' WHERE kind = 'segment'",
    "UPDATE _rapport_definitions SET created = 'once'",
    "UPDATE _rapport_definitions SET kind = 'wish' WHERE kind = 'action'",
    "DELETE FROM _rapport_definitions WHERE kind = 'frozen'",
    "INSERT INTO _rapport_members VALUES('some', 7)",
    "INSERT INTO _rapport_members VALUES('some', 'x')",
    "UPDATE _rapport_members SET segment = 'else'",
    "DROP TABLE _rapport_members",
    "DELETE FROM _rapport_members",
  ]

  @Test(arguments: damages)
  func `a definition that was changed by hand is no answer, and salvage says so`(
    _ damage: String
  ) throws {
    let store = try Store()
    store.file.close()
    let plain = PlainSQLite(store.path)
    #expect(plain.run(damage) == nil)
    plain.close()
    let error = #expect(throws: StoreError.self) { try openStore(store.path, false, Budget()) }
    guard case .store(let problem)? = error else {
      Issue.record("no problem of a data file: \(damage)")
      return
    }
    #expect(problem.code == "damaged")
    let rescued = store.folder.path + "/rescued.rapport"
    #expect(try !salvageStore(store.path, into: rescued).isClean)
    let (read, file) = try openStore(rescued, true, Budget())
    defer { file.close() }
    #expect(read.catalog.entities == store.database.catalog.entities)
  }

  // MARK: fields

  @Test func `a field that is renamed keeps its cells, whatever the names are`() throws {
    let store = try Store()
    let things = EntityID(0)
    try store.database.loadAll()
    let before = try Contents(store.database)
    var renamed = store.database.catalog[things]
    for (old, new) in [(1, 2), (2, 1)] {
      renamed.fields[old].name = store.database.catalog[things].fields[new].name
    }
    for index in 3..<renamed.fields.count where renamed.key != FieldID(index) {
      renamed.fields[index].name += " ü"
    }
    store.database.beginChange()
    try store.database.define(things, as: renamed)
    let change = store.database.currentChange
    try store.file.commit(change, of: store.database)
    store.database.keepChange()
    let (read, file) = try openStore(store.path, false, Budget())
    defer { file.close() }
    try read.loadAll()
    #expect(read.catalog[things] == renamed)
    #expect(try Contents(read).differences(from: Contents(store.database)) == [])
    #expect(try checkStore(store.path).isClean)
    try store.change { try store.database.revert(change) }
    #expect(try Contents(store.database).differences(from: before) == [])
  }
}
