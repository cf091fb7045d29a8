import Store
import Testing

/// The rules that a store begins with, and what becomes of them.
struct HouseRulesTests {
  private static func store() throws -> (Database, settings: EntityID, rungs: EntityID) {
    let database = Database(catalog: .builtIn, budget: Budget())
    try database.readRules()
    let ids = ["settings", "ladder_rungs"].map { database.catalog.entity(named: $0) }
    return (database, try #require(ids[0]), try #require(ids[1]))
  }

  @Test func `each setting's default is a value it may have`() {
    for setting in Setting.allCases {
      #expect(setting.accepts(setting.defaultValue), "\(setting)")
      #expect(!setting.accepts(-1) && !setting.accepts(.nan) && !setting.accepts(.infinity))
      #expect(!setting.unit.utf8.isEmpty && setting.meaning.utf8.count < 90, "\(setting)")
    }
  }

  @Test func `a new store has the records of the rules, which say what is standard`() throws {
    let (database, settings, rungs) = try Self.store()
    #expect(database.table(settings).liveRowCount == Setting.allCases.count)
    #expect(database.table(rungs).liveRowCount == 5)
    #expect(database.rulesNow == .standard)
    #expect(database.addMissingBuiltIn() == [])
    #expect(database.currentChange.isEmpty)
  }

  @Test func `the catalog follows a change, and its taking back`() throws {
    let (database, settings, rungs) = try Self.store()
    database.beginChange()
    try database.replace(FieldID(1), of: settings, at: [0], with: Vector(reals: [3]))
    try database.replace(
      FieldID(1), of: rungs, at: [4], with: Vector(texts: TextBlock(["champion"])))
    #expect(database.rulesNow.setting(Setting.allCases[0]) == 3)
    #expect(database.catalog.rules == .standard)
    let change = database.currentChange
    database.keepChange()
    try database.readRules()
    #expect(database.catalog.rules.rungs.last?.name == "champion")
    let customers = try #require(database.catalog.entity(named: "customers"))
    #expect(
      database.catalog[customers].fields.last?.type == .choice(database.catalog.rules.rungNames))
    database.beginChange()
    try database.revert(change)
    database.keepChange()
    try database.readRules()
    #expect(database.catalog.rules == .standard)
  }

  @Test func `a value that cannot be, written by another program, counts as the default`() throws {
    let (database, settings, _) = try Self.store()
    database.beginChange()
    try database.replace(
      FieldID(1), of: settings, at: [0, 1], with: Vector(reals: [-1, 0], known: [0x80, 0]))
    database.keepChange()
    try database.readRules()
    #expect(database.catalog.rules == .standard)
  }

  @Test func `a catalog that has a name already keeps what it means`() throws {
    var catalog = Catalog([
      Entity(name: "Settings", singular: "s", fields: [Field("id", .integer)])
    ])
    #expect(catalog.add(Catalog.builtIn.entities[0]) == EntityID(1))
    catalog[EntityID(1)].fields.removeLast()
    let database = Database(catalog: catalog, budget: Budget())
    #expect(database.addMissingBuiltIn().map(\.index) == [2, 3])
    #expect(database.catalog[EntityID(1)].fields.last?.isRung == true)
    #expect(database.table(EntityID(0)).rowCount == 0)
    try database.readRules()
    #expect(database.catalog.rules == .standard)
  }
}
