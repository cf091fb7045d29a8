import Store
import Testing

@Suite struct TableTests {
  private static let fields: [(String, SampleKind)] = [
    ("stage", .choice), ("contactable", .flag), ("joined", .date), ("at", .time),
    ("value", .money), ("score", .smallInteger), ("hash", .wideInteger), ("rate", .number),
    ("owner", .reference), ("region", .fewTexts), ("name", .manyTexts),
  ]

  private static var definition: Entity {
    Entity(
      name: "customers", singular: "customer",
      fields: [Field("id", .integer), Field("profit", .money, expression: "value")]
        + fields.map { Field($0.0, $0.1.type) })
  }

  /// Appends chance rows under the given keys and returns their values by field.
  private static func fill(
    _ table: Table, keys: [Int64], _ values: inout [[Scalar]], _ random: inout SampleRandom
  ) throws {
    var vectors = [FieldID(0): Vector(words: keys)]
    for (index, field) in fields.enumerated() {
      let part = sampleValues(field.1, count: keys.count, unknownShare: 0.1, &random)
      vectors[FieldID(index + 2)] = vector(part, type: field.1.type)
      values[index] += part
    }
    try table.append(vectors, count: keys.count)
  }

  @Test("An index gives the rows a scan gives, before and after appends, kills and merges")
  func indexAgreesWithScan() throws {
    let seed = 21
    var random = SampleRandom(seed: seed)
    let table = Table(entity: EntityID(0), definition: Self.definition, budget: Budget())
    var values = [[Scalar]](repeating: [], count: Self.fields.count)
    var kinds: Set<String> = []
    for step in 0..<5 {
      switch step {
      case 0: try Self.fill(table, keys: (1...9_000).map { $0 * 3 }, &values, &random)
      case 1: table.merge()
      case 2: try Self.fill(table, keys: (1...700).map { 30_000 - $0 }, &values, &random)
      case 3:
        for _ in 0..<400 { table.kill(.random(in: 0..<table.rowCount, using: &random)) }
      default: table.merge()
      }
      #expect(table.mainRowCount == [0, 9_000, 9_000, 9_000, 9_700][step])
      for (index, field) in Self.fields.enumerated() {
        let id = FieldID(index + 2)
        for (test, passes) in field.1.tests {
          let kind = table.indexKind(for: test, on: id)
          if let kind { kinds.insert("\(field.0) \(kind)") }
          guard let rows = try table.indexedRows(test, on: id) else {
            #expect(kind == nil)
            continue
          }
          #expect(kind != nil)
          let wanted = values[index].indices.filter { row in
            guard !table.isDead(row) else { return false }
            if case .unknown = test { return !values[index][row].isKnown }
            return values[index][row].isKnown && passes(values[index][row])
          }
          #expect(rows.map(Int.init) == wanted, "\(field.0) \(test) step \(step) seed \(seed)")
        }
        try Self.expectSorted(table, id, values[index], step)
      }
    }
    #expect(
      kinds == [
        "stage postings", "contactable postings", "joined sorted", "at sorted", "value sorted",
        "score sorted", "hash sorted", "rate sorted", "name hash", "owner adjacency",
      ])
  }

  private static func expectSorted(
    _ table: Table, _ id: FieldID, _ values: [Scalar], _ step: Int
  ) throws {
    for isDescending in [false, true] {
      let rows = try table.sortedRows(by: id, isDescending: isDescending)
      guard let rows else { continue }
      let live = values.indices.filter { !table.isDead($0) && values[$0].isKnown }
      let wanted = live.sorted { a, b in
        switch (values[a], values[b]) {
        case (.word(let x), .word(let y)) where x != y: isDescending ? x > y : x < y
        case (.real(let x), .real(let y)) where x != y: isDescending ? x > y : x < y
        default: a < b
        }
      }
      #expect(rows.map(Int.init) == wanted, "field \(id.index) step \(step)")
      let few = try table.sortedRows(by: id, isDescending: isDescending, countMax: 20)
      #expect(few == Array(rows.prefix(20)))
    }
  }

  @Test("The order of a field is built at its second use and row order needs no building")
  func sortedAtSecondUse() throws {
    let definition = Entity(
      name: "orders", singular: "order",
      fields: [Field("id", .integer), Field("date", .date), Field("amount", .money)])
    let table = Table(entity: EntityID(0), definition: definition, budget: Budget())
    let ids: [Int64] = [1, 2, 3, 4]
    try table.append(
      [
        FieldID(0): Vector(words: ids), FieldID(1): Vector(words: [5, 5, 6, 9]),
        FieldID(2): Vector(words: [7, 3, 7, 1]),
      ], count: 4)
    #expect(try table.sortedRows(by: FieldID(1), isDescending: false) == nil)
    table.merge()
    #expect(try table.sortedRows(by: FieldID(1), isDescending: true) == [3, 2, 0, 1])
    #expect(try table.sortedRows(by: FieldID(2), isDescending: true) == nil)
    #expect(table.hasSortedRows(by: FieldID(2)))
    #expect(try table.sortedRows(by: FieldID(2), isDescending: true) == [0, 2, 1, 3])
    #expect(try table.indexedRows(.words(5...6), on: FieldID(1)) == [0, 1, 2])
  }

  @Test(
    "A key finds its live row however keys are given out",
    arguments: ["dense", "sparse", "shuffled", "wide", "text"])
  func findsKeys(form: String) throws {
    let seed = 33
    var random = SampleRandom(seed: seed)
    let isText = form == "text"
    let definition = Entity(
      name: "things", singular: "thing", fields: [Field("id", isText ? .text : .integer)])
    let table = Table(entity: EntityID(0), definition: definition, budget: Budget())
    var keys: [Scalar] = (0..<3_000).map { index in
      switch form {
      case "dense": .word(Int64(index + 100))
      case "sparse": .word(Int64(index * 7))
      case "shuffled": .word(Int64(index * 5))
      case "wide": .word(Int64(index) &* 0x9E37_79B9_7F4A)
      default: .text("Key \(index)")
      }
    }
    if form == "shuffled" || form == "wide" { keys.shuffle(using: &random) }
    let type: ValueType = isText ? .text : .integer
    var rowOfKey: [Scalar: Int] = [:]
    for part in [0..<1_000, 1_000..<1_001, 1_001..<3_000] {
      try table.append([FieldID(0): vector(keys[part], type: type)], count: part.count)
      for row in part { rowOfKey[keys[row]] = row }
      for row in stride(from: part.lowerBound, to: part.upperBound, by: 97) {
        #expect(table.row(withKey: keys[row]) == row, "\(form) seed \(seed)")
      }
    }
    // A key that is taken is refused, in the table and among the new rows; nothing changes.
    let fresh: Scalar = isText ? .text("key 1") : .word(-5)
    for (batch, duplicate) in [
      ([fresh, keys[40]], DuplicateKey(key: name(keys[40]), offset: 1, firstOffset: nil, row: 40)),
      ([fresh, fresh], DuplicateKey(key: name(fresh), offset: 1, firstOffset: 0, row: nil)),
    ] {
      let vector = vector(batch, type: type)
      #expect(try table.duplicates(in: vector) == [duplicate])
      #expect(
        throws: StoreError.duplicateKey(key: duplicate.key, line: nil, firstLine: nil)
      ) { try table.append([FieldID(0): vector], count: 2) }
      #expect(table.rowCount == 3_000)
    }
    // An update is a dead row and a new one under the same key.
    table.kill(40)
    #expect(table.row(withKey: keys[40]) == nil)
    try table.append([FieldID(0): vector([keys[40]], type: type)], count: 1)
    rowOfKey[keys[40]] = 3_000
    #expect(table.row(withKey: fresh) == nil)
    #expect(table.liveRowCount == 3_000)
    let asked = keys.shuffled(using: &random) + [fresh, .unknown]
    let rows = table.rows(withKeys: vector(asked, type: type))
    #expect(rows.map(Int.init) == asked.map { rowOfKey[$0] ?? -1 }, "\(form) seed \(seed)")
    let test: ColumnTest =
      switch keys[7] {
      case .text(let text): .text(TextTest(.equalsExactly(text)))
      case .word(let word): .words(word...word)
      default: .known
      }
    #expect(table.indexKind(for: test, on: FieldID(0)) == .hash)
    #expect(try table.indexedRows(test, on: FieldID(0)) == [7])
    if !isText {
      let words = keys.compactMap { if case .word(let word) = $0 { word } else { nil } }
      #expect(table.largestKey == words.max())
    }
  }

  private func name(_ key: Scalar) -> String {
    switch key {
    case .text(let text): text
    case .word(let word): "\(word)"
    default: ""
    }
  }

  @Test("A table that the budget refuses to grow is as before")
  func refusesCleanly() throws {
    var random = SampleRandom(seed: 3)
    let budget = Budget(limit: 1_000_000)
    let table = Table(entity: EntityID(0), definition: Self.definition, budget: budget)
    var values = [[Scalar]](repeating: [], count: Self.fields.count)
    try Self.fill(table, keys: Array(1...1_000), &values, &random)
    let before = values
    #expect(throws: StoreError.self) {
      try Self.fill(table, keys: Array(1_001...30_000), &values, &random)
    }
    #expect(table.rowCount == 1_000)
    #expect(table.row(withKey: .word(1_500)) == nil)
    #expect(table.largestKey == 1_000)
    try Self.fill(table, keys: [1_001], &values, &random)
    for index in Self.fields.indices {
      let loaded = table.column(FieldID(index + 2)).load(.run(base: 0, count: 1_001))
      #expect((0..<1_000).map { loaded[$0] } == before[index])
      #expect(table.column(FieldID(index + 2)).rowCount == 1_001)
    }
  }

  @Test("Dead rows leave the mask, and an added column is unknown throughout")
  func deadRowsAndNewColumns() throws {
    let definition = Entity(name: "things", singular: "thing", fields: [Field("id", .integer)])
    let budget = Budget()
    let table = Table(entity: EntityID(0), definition: definition, budget: budget)
    try table.append([FieldID(0): Vector(words: (1...200).map { $0 })], count: 200)
    for row in [0, 63, 64, 130] { table.kill(row) }
    table.kill(64)
    #expect(table.liveRowCount == 196)
    var mask = Mask(count: 150)
    table.keepLive(.run(base: 10, count: 150), in: &mask)
    #expect(mask.bytes.indices.filter { mask.bytes[$0] == 0 } == [53, 54, 120])
    mask = Mask(count: 4)
    table.keepLive(.list([5, 63, -1, 0]), in: &mask)
    #expect(mask.bytes == [0x80, 0, 0x80, 0])
    let used = budget.usedByteCount
    try table.addColumn(FieldID(2), type: .text)
    #expect(budget.usedByteCount == used)
    #expect(table.column(FieldID(2)).unknownCount == 200)
    try table.append([FieldID(2): Vector(texts: TextBlock(["x"]))], count: 1)
    #expect(table.column(FieldID(2))[200] == .text("x"))
    #expect(table.column(FieldID(0))[200] == .unknown)
  }
}
