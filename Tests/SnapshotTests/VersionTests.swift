import FoundationEssentials
import Store
import TestSupport
import Testing

@testable import Snapshot

/// A data file of every version that was ever written opens, holds what it held, and can be changed.
struct VersionTests {
  @Test func `there is a file of every version`() {
    let names = (1...Migration.newestVersion).map { "version-\($0).rapport" }
    let held = TestData.names(in: TestData.fixtures).filter { $0.hasSuffix(".rapport") }
    #expect(held == names.sorted())
  }

  @Test(arguments: 1...Int(Migration.newestVersion))
  func `a file of an older version opens and can be changed`(_ version: Int) throws {
    let folder = try #require(TemporaryFolder())
    let path = folder.path + "/old.rapport"
    try #require(TestData.copy(TestData.fixtures + "version-\(version).rapport", to: path))
    for round in 1...2 {
      let (database, file) = try openStore(path, false, Budget())
      try database.loadAll()
      let customers = try #require(database.catalog.entity(named: "customers"))
      let definition = database.catalog[customers]
      let table = database.table(customers)
      #expect(table.liveRowCount == round)
      for (name, value) in [
        ("id", Scalar.word(1)), ("name", .text("Åsa O'Neil")), ("value", .word(123_456)),
        ("satisfaction", .word(80)), ("contactable", .word(1)), ("stage", .word(2)),
        ("joined", .word(Int64(Day.number(year: 2_024, month: 2, day: 29)))), ("email", .unknown),
        ("owner", .word(0)),
      ] {
        let field = try #require(definition.field(named: name))
        #expect(table.column(field)[0] == value, "\(name)")
      }
      let changes = try #require(database.catalog.entity(named: "stage_changes"))
      #expect(database.table(changes).liveRowCount == 2)
      if round == 1 {
        database.beginChange()
        let key = table.nextKey
        try database.append([definition.key: Vector(words: [key])], count: 1, to: customers)
        try file.commit(database.currentChange, of: database)
        database.keepChange()
      }
      file.close()
    }
    #expect(try checkStore(path).isClean)
  }

  @Test(arguments: 1...Int(Migration.newestVersion), [false, true])
  func `a file of an older version has the house rules`(_ version: Int, isReadOnly: Bool) throws {
    let folder = try #require(TemporaryFolder())
    let path = folder.path + "/old.rapport"
    try #require(TestData.copy(TestData.fixtures + "version-\(version).rapport", to: path))
    let before = try #require(FileManager.default.contents(atPath: path))
    let (database, file) = try openStore(path, isReadOnly, Budget())
    defer { file.close() }
    try database.readRules()
    #expect(database.catalog.rules == .standard)
    let customers = try #require(database.catalog.entity(named: "customers"))
    #expect(database.catalog[customers].fields.last?.isRung == true)
    #expect(database.ruleEntities.count == 3)
    #expect(database.catalog.entities.map(\.role) == Catalog.builtIn.entities.map(\.role))
    for entity in database.ruleEntities {
      #expect(try database.recordCount(of: entity) == database.table(entity).liveRowCount)
    }
    #expect(try file.refresh(database))
    if isReadOnly { #expect(FileManager.default.contents(atPath: path) == before) }
    let copy = folder.path + "/copy.rapport"
    try database.loadAll()
    try createStore(copy, database, false, nil).close()
    let (again, other) = try openStore(copy, true, Budget())
    try again.readRules()
    #expect(again.catalog.rules == .standard)
    other.close()
    #expect(try checkStore(copy).isClean)
  }

  @Test func `a table of another program keeps its name, and the rules get another`() throws {
    let folder = try #require(TemporaryFolder())
    let path = folder.path + "/old.rapport"
    try #require(TestData.copy(TestData.fixtures + "version-2.rapport", to: path))
    let other = PlainSQLite(path)
    #expect(other.run("CREATE TABLE Settings(x); INSERT INTO Settings VALUES (7)") == nil)
    other.close()
    for _ in 1...2 {
      let (database, file) = try openStore(path, false, Budget())
      try database.readRules()
      #expect(database.catalog.rules == .standard)
      let settings = try #require(database.catalog.entity(named: "settings"))
      #expect(file.tableNames[settings.index].table == "settings_2")
      file.close()
    }
    #expect(PlainSQLite(path).value("SELECT x FROM Settings") == "7")
    #expect(try checkStore(path).isClean)
  }

  @Test func `a change of the rules is kept, and counts when the file is opened again`() throws {
    let folder = try #require(TemporaryFolder())
    let path = folder.path + "/rules.rapport"
    try createStore(path, Database(catalog: .builtIn, budget: Budget()), false, nil).close()
    let (reader, readingFile) = try openStore(path, false, Budget())
    try reader.readRules()
    let (database, file) = try openStore(path, false, Budget())
    try database.readRules()
    let rungs = try #require(database.catalog.entity(named: "ladder_rungs"))
    database.beginChange()
    try database.replace(
      FieldID(1), of: rungs, at: [4], with: Vector(texts: TextBlock(["champion"])))
    try file.commit(database.currentChange, of: database)
    database.keepChange()
    try database.readRules()
    #expect(try file.refresh(database))
    file.close()
    #expect(try readingFile.refresh(reader))
    try reader.readRules()
    #expect(reader.catalog.rules.rungs.last?.name == "champion")
    readingFile.close()
    let (again, opened) = try openStore(path, false, Budget())
    try again.readRules()
    #expect(again.catalog.rules.rungs.map(\.name).last == "champion")
    opened.close()
    #expect(try checkStore(path).isClean)
  }
}

/// The files that tests of the snapshot bring along.
enum TestData {
  static let fixtures = SourceTree.root + "Tests/SnapshotTests/Fixtures/"

  static func names(in folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
  }

  static func copy(_ path: String, to other: String) -> Bool {
    (try? FileManager.default.copyItem(atPath: path, toPath: other)) != nil
  }
}
