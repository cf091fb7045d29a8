import Engine
import FoundationEssentials
import Interchange
import Store
import Syntax
import TestSupport
import Testing

/// A store that is exported whole and imported again is equal: every type, every edge, every text.
struct WholeStoreTests {
  /// Texts that some reader or writer has trouble with.
  static let texts: [String] = [
    "", " ", "\u{0}", "a\u{0}b", "\r", "\n", "\r\n", "a\r\nb", "\"", "\"\"", "a,b", ",", "'", "''",
    "=1+1", "+1", "-", "@x", "\t", "NULL", "null", "N/A", "n/a", "yes", "no", "true", "0", "1",
    "0123", "12", "1.5", "1,234.56", "1e5", "-0", "2026-01-31", "01/02/2026", "2026-01-31T14:30:00",
    "unknown", "\u{202E}rtl\u{202C}", "שלום", "عربى", "🎉👩‍👩‍👧", "e\u{301}", "é", "ß", "\\", "\\n",
    "--x",
    "/*", "sep=;", "\u{FEFF}bom", "\u{1B}[31m", "\u{7F}", "\u{2028}", " x ", "x\u{A0}", "#",
    "a;b", "a|b", "</td>", "{\"a\":1}", "%00", String(repeating: "long ", count: 20_000),
  ]

  /// Built-in entities with further fields, and entities of one's own, one of each difficulty.
  static var catalog: Catalog {
    var catalog = Catalog.builtIn
    let customers = EntityID(0)
    catalog[customers].fields += [
      Field("where", .text), Field("nickname", .text),
      Field(
        "grade",
        .choice(ChoiceList(["a b", "A-B", "a_b", "\"q\"", "o'clock", "-", "é", "e\u{301}"]))),
      Field("double value", .money, expression: "value + value"),
    ]
    let places = EntityID(catalog.entities.count)
    let things = EntityID(catalog.entities.count + 1)
    var place = Entity(
      name: "odd places", singular: "odd place",
      fields: [
        Field("code", .text), Field("inside", .reference(places), inverse: "parts"),
        Field("best thing", .reference(things), inverse: "best_of"),
      ])
    place.labelField = FieldID(0)
    _ = catalog.add(place)
    var thing = Entity(
      name: "things/..", singular: "thing",
      fields: [
        Field("id", .integer), Field("place", .reference(places), inverse: "things"),
        Field("place_id", .text), Field("select", .integer, bounds: -5...Int64.max),
        Field("order", .number), Field("m", .money), Field("d", .date, isEvent: true),
        Field("t", .time), Field("f", .flag), Field("text", .text),
        Field("owner", .reference(customers), inverse: "things"),
        Field("level", .choice(ChoiceList(["low", "high"], isOrdered: true))),
        Field("never", .money), Field("half", .number, expression: "order / 2"),
        Field("kind", .choice(ChoiceList(["x", "y"])), expression: "if(f, x, y)"),
      ])
    thing.timeField = FieldID(6)
    thing.defaultFields = [FieldID(9), FieldID(0)]
    _ = catalog.add(thing)
    _ = catalog.add(Entity(name: "empties", singular: "empty", fields: [Field("key", .text)]))
    for definition in [
      Definition(
        .segment, "odd \"name\"", text: "`odd places` where code = \"a\\nb\"\n  or code is known",
        entity: "odd places", created: 20_000),
      Definition(
        .frozen, "some", text: "it", entity: "odd places",
        members: .texts(texts.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }), created: -1),
      Definition(
        .frozen, "none", text: "it", entity: "customers", members: .integers([]), created: 0),
      Definition(
        .frozen, "numbers", text: "it", entity: "customers",
        members: .integers([.min, -1, 0, .max]), created: 0),
      Definition(.standard, "some", text: "count(customers) >= 5 by 2026-12-31", created: 0),
      Definition(
        .action, "some", text: "when value > 5 priority 1 say \"x\"", entity: "customers",
        created: 0),
    ] { catalog.replace(nil, by: definition) }
    return catalog
  }

  static func filled() throws -> Database {
    let database = Database(catalog: catalog, budget: Budget())
    let count = texts.count
    let stages = 1 as Int64
    let all = Vector(texts: TextBlock(texts))
    let knownOdd = (0..<count).map { $0 % 2 == 0 ? UInt8(0) : 0x80 }
    func field(_ entity: Int, _ name: String) throws -> FieldID {
      try #require(database.catalog[EntityID(entity)].field(named: name))
    }
    try database.table(EntityID(0)).append(
      [
        FieldID(0): Vector(words: (0..<count).map { Int64($0) * 3 + 1 }), FieldID(1): all,
        try field(0, "referred_by"): Vector(
          words: (0..<count).map { Int64(count - 1 - $0) }, known: knownOdd),
        try field(0, "stage"): Vector(
          words: Array(repeating: stages, count: count), known: knownOdd),
        try field(0, "where"): all,
        try field(0, "grade"): Vector(words: (0..<count).map { Int64($0 % 8) }),
      ], count: count)
    let keys = texts.map { $0 + "·" } + [""]
    let places = database.catalog.entities.count - 3
    try database.table(EntityID(places)).append(
      [
        FieldID(0): Vector(texts: TextBlock(keys)),
        FieldID(1): Vector(words: keys.indices.map { Int64(keys.count - 1 - $0) }),
        FieldID(2): Vector(words: keys.indices.map { Int64($0 % 5) }),
      ], count: keys.count)
    try fillThings(database, EntityID(places + 1), keyCount: keys.count)
    return database
  }

  private static func fillThings(
    _ database: Database, _ entity: EntityID, keyCount: Int
  ) throws {
    let integers: [Int64] = [.min, .max, 0, -1, 1, 9_007_199_254_740_993, -9_007_199_254_740_993]
    let reals: [Double] = [
      .greatestFiniteMagnitude, .leastNonzeroMagnitude, -.leastNormalMagnitude, 0.1, 1.0 / 3,
      -123_456_789.123_456_789, 1e21,
    ]
    let moneys: [Int64] = [
      Limits.moneyMinorMax, -Limits.moneyMinorMax, 0, 1, -1, 99, 123_456,
    ]
    let first = Day.number(year: 1, month: 1, day: 1)
    let last = Day.number(year: 9999, month: 12, day: 31)
    let days = [first, last, 0, -1, 1, 20_000, 11_016].map { Int64($0) }
    let count = integers.count
    func known(_ step: Int) -> [UInt8] { (0..<count).map { $0 == step ? 0 : 0x80 } }
    try database.table(entity).append(
      [
        FieldID(0): Vector(words: [5, .min, .max, 0, -7, 8, 9]),
        FieldID(1): Vector(words: (0..<count).map { Int64(keyCount - 1 - $0) }, known: known(1)),
        FieldID(2): Vector(texts: TextBlock(texts.prefix(count)), known: known(2)),
        FieldID(3): Vector(words: [-5, .max, 0, 1, 2, 3, 4], known: known(3)),
        FieldID(4): Vector(reals: reals, known: known(6)),
        FieldID(5): Vector(words: moneys, known: known(5)),
        FieldID(6): Vector(words: days, known: known(4)),
        FieldID(7): Vector(words: days.map { $0 * 86_400 + 86_399 }, known: known(0)),
        FieldID(8): Vector(words: [0, 1, 0, 1, 0, 1, 0], known: known(2)),
        FieldID(9): Vector(texts: TextBlock(integers.map { "\($0)" })),
        FieldID(10): Vector(words: (0..<count).map { Int64($0) }, known: known(3)),
        FieldID(11): Vector(words: [0, 1, 0, 1, 0, 1, 0], known: known(1)),
      ], count: count)
  }

  @Test func `an exported store imported again is equal`() throws {
    let folder = try #require(TemporaryFolder())
    let store = try Self.filled()
    _ = try Self.session(store).run("export all to \"\(folder.path)/out\"")
    let back = Database(catalog: .builtIn, budget: Budget())
    _ = try Self.session(back).run("import all from \"\(folder.path)/out\"")
    #expect(Self.difference(store, back) == nil)
    // And once more, into the same place.
    _ = try Self.session(back).run("export all to \"\(folder.path)/out\" replace")
    let again = Database(catalog: .builtIn, budget: Budget())
    _ = try Self.session(again).run("import all from \"\(folder.path)/out\"")
    #expect(Self.difference(store, again) == nil)
    // The entities have records now.
    #expect(throws: Failure.self) {
      _ = try Self.session(again).run("import all from \"\(folder.path)/out\"")
    }
    #expect(Self.difference(store, again) == nil, "a refused import changes nothing")
  }

  @Test func `two exports of a store are the same, byte for byte`() throws {
    let folder = try #require(TemporaryFolder())
    let session = Self.session(try Self.filled())
    _ = try session.run("export all to \"\(folder.path)/first\"")
    _ = try session.run("export all to \"\(folder.path)/second\"")
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path + "/first") {
      let first = FileManager.default.contents(atPath: "\(folder.path)/first/\(name)")
      let second = FileManager.default.contents(atPath: "\(folder.path)/second/\(name)")
      #expect(first == second && first?.isEmpty == false, "\(name)")
    }
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(names.sorted() == ["first", "second"], "nothing else is left")
  }

  static func session(_ database: Database) -> Session {
    Session(database: database, files: interchangePorts, clock: .fixed(20_000))
  }

  /// The first thing in which two stores differ.
  static func difference(_ a: Database, _ b: Database) -> String? {
    guard a.catalog.entities.count == b.catalog.entities.count else { return "entities" }
    guard a.catalog.definitions == b.catalog.definitions else { return "definitions" }
    for index in a.catalog.entities.indices {
      let (one, other) = (a.catalog[EntityID(index)], b.catalog[EntityID(index)])
      guard one == other else { return "definition of \(one.name)\n\(one)\n\(other)" }
      let (rows, others) = (a.table(EntityID(index)), b.table(EntityID(index)))
      guard rows.liveRowCount == others.liveRowCount else { return "rows of \(one.name)" }
      for (place, field) in one.fields.enumerated() where !field.isComputed {
        for row in 0..<rows.rowCount {
          let value = rows.column(FieldID(place))[row]
          let found = others.column(FieldID(place))[row]
          if value != found { return "\(one.name).\(field.name) \(row): \(value), \(found)" }
        }
      }
    }
    return nil
  }
}
