import Store

/// A store with every type and the values that go wrong.
enum HostileStore {
  /// Texts that break what is careless: quotes, ends, directions, marks, what looks like a number.
  static let texts = [
    "", " ", "NULL", "null", "0", "it's", "say \"no\"", "a;b--c", "x\0y", "\0", "line\nbreak\r\n",
    "\u{FEFF}mark", "שלום, עולם", "e\u{301} é", "👩‍👩‍👧 family", "%_[^", "\u{10FFFF}",
    String(repeating: "long ", count: 200),
  ]
  static let amounts: [Int64] = [
    0, 1, -1, 10, 99, 100, 101, -12_345, 123_456_789, 999_999_999_999_999, 1_000_000_000_000_000,
    -1_000_000_000_000_000, 999_999_999_999_937, 70_368_744_177_664, 5, 15, 29, 57,
  ]
  static let integers: [Int64] = [.min, .min + 1, -1, 0, 1, 127, 128, 65_535, 1 << 53, .max]
  static let numbers: [Double] = [
    0, -0.0, 0.1, -1.5, 1e308, -.greatestFiniteMagnitude, .leastNonzeroMagnitude,
    .leastNormalMagnitude, .infinity, -.infinity, 9_007_199_254_740_994, 140_737_488_355_328.5,
  ]
  static let days: [Int64] = [
    0, 1, -1, -719_162, 2_932_896, -719_163, 2_932_897, 19_781, 11_016, -141_428, 400_000_000,
    -400_000_000,
  ]

  static let manyNames = (0..<255).map { $0 == 7 ? "it's \"7\"" : "name number \($0)" }

  /// `things` have every type, `parts` are keyed by text and refer in a circle, and names collide.
  static var catalog: Catalog {
    let things = EntityID(0)
    let parts = EntityID(1)
    return Catalog([
      Entity(
        name: "things", singular: "thing",
        fields: [
          Field("id", .integer), Field("name", .text), Field("amount", .money),
          Field("size", .integer, bounds: .min ... .max), Field("ratio", .number),
          Field("day", .date, isEvent: true), Field("moment", .time), Field("main", .flag),
          Field(
            "stage", .choice(ChoiceList(["to do", "it's \"on\"", "", "x\0y"], isOrdered: true)),
            trackedBy: "parts", usualMoves: [0: [1], 1: [0, 2], 3: []]),
          Field("many", .choice(ChoiceList(manyNames))),
          Field("parent", .reference(things), inverse: "children"),
          Field("part", .reference(parts), inverse: "things"),
          Field("part_id", .text), Field("PART_ID", .text), Field("select", .text),
          Field("rowid", .integer), Field("_rowid_", .integer), Field("a \"b\" [c] `d`", .text),
          Field("double", .money, expression: "amount * 2"),
          Field("unused", .number),
        ], timeField: FieldID(5), labelField: FieldID(1), defaultFields: [FieldID(1), FieldID(0)],
        role: .purchases, validWhen: "main", isBuiltIn: true),
      Entity(
        name: "parts", singular: "part",
        fields: [
          Field("note", .text), Field("code", .text), Field("thing", .reference(things)),
          Field("next", .reference(parts)),
        ], key: FieldID(1)),
      Entity(
        name: "sqlite_master", singular: "order",
        fields: [Field("order", .integer), Field("from", .reference(EntityID(3)))]),
      Entity(name: "_rapport_sums", singular: "table", fields: [Field("id", .text)]),
      Entity(name: "Select", singular: "select", fields: [Field("where", .integer)]),
    ])
  }

  /// A database of it, some hundred rows.
  static func database() throws(StoreError) -> Database {
    let database = Database(catalog: catalog, budget: Budget())
    let count = 300
    func words(_ values: [Int64], every: Int = 1) -> Vector {
      Vector(
        words: (0..<count).map { values[$0 / every % values.count] },
        known: (0..<count).map { $0 % 11 == 10 ? 0 : 0x80 })
    }
    func texts(_ shift: Int) -> Vector {
      Vector(
        texts: TextBlock((0..<count).map { Self.texts[($0 + shift) % Self.texts.count] }),
        known: (0..<count).map { ($0 + shift) % 7 == 6 ? 0 : 0x80 })
    }
    let keys = (0..<Int64(count)).map { row -> Int64 in
      row < 8 ? Self.integers[Int(row)] : row * 1_000 - 70_500
    }
    let rows = (0..<Int64(count)).map { ($0 * 7 + 3) % Int64(count) }
    try database.append(
      [
        FieldID(0): Vector(words: keys), FieldID(1): texts(0), FieldID(2): words(amounts),
        FieldID(3): words(integers), FieldID(5): words(days),
        FieldID(4): Vector(reals: (0..<count).map { numbers[$0 % numbers.count] }),
        FieldID(6): words(days.map { $0 * 86_400 + 86_399 }), FieldID(7): words([0, 1]),
        FieldID(8): words([0, 1, 2, 3]), FieldID(9): words((0..<255).map { Int64($0) }),
        FieldID(10): words(rows), FieldID(12): texts(1), FieldID(13): texts(2),
        FieldID(14): texts(3), FieldID(15): words([5]), FieldID(16): words([6]),
        FieldID(17): texts(4),
      ], count: count, to: EntityID(0))
    let partCount = Self.texts.count
    try database.append(
      [
        // One is longer than what a statement keeps of bound texts.
        FieldID(0): Vector(
          texts: TextBlock(Self.texts.dropLast() + [String(repeating: "longer ", count: 5_000)])),
        FieldID(1): Vector(texts: TextBlock(Self.texts.reversed())),
        FieldID(2): Vector(words: (0..<Int64(partCount)).map { $0 * 5 }),
        FieldID(3): Vector(words: (0..<Int64(partCount)).map { ($0 + 1) % Int64(partCount) }),
      ], count: partCount, to: EntityID(1))
    try database.replace(
      FieldID(11), of: EntityID(0), at: (0..<Int32(count)).filter { $0 % 3 > 0 },
      with: Vector(
        words: (0..<Int64(count)).filter { $0 % 3 > 0 }.map { $0 % Int64(partCount) }))
    try database.append(
      [FieldID(0): Vector(texts: TextBlock(["", "b", "\0"]))], count: 3, to: EntityID(3))
    try database.append(
      [FieldID(0): Vector(words: [3, 1, 2]), FieldID(1): Vector(words: [0, 2, 1])], count: 3,
      to: EntityID(2))
    return database
  }
}
