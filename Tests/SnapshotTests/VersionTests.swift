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
