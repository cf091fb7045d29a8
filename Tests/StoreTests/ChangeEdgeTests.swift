import Store
import Testing

/// A database of one entity with an integer key and one further field, at the edges of its forms.
private struct Single {
  static let entity = EntityID(0)
  static let field = FieldID(1)
  let database: Database
  let type: ValueType

  init(_ type: ValueType, _ values: [Scalar], budget: Budget = Budget()) throws {
    self.type = type
    let definition = Entity(
      name: "things", singular: "thing", fields: [Field("id", .integer), Field("value", type)])
    database = Database(catalog: Catalog([definition]), budget: budget)
    try append(values)
  }

  var table: Table { database.table(Self.entity) }
  var column: Column { table.column(Self.field) }
  var values: [Scalar] { (0..<table.rowCount).map { column[$0] } }

  func append(_ values: [Scalar]) throws(StoreError) {
    let first = table.nextKey
    let keys = Vector(words: (0..<Int64(values.count)).map { first + $0 })
    try database.append(
      [FieldID(0): keys, Self.field: vector(values, type: type)], count: values.count,
      to: Self.entity)
  }

  func edit(_ rows: [Int32], _ values: [Scalar]) throws(StoreError) {
    try database.replace(
      Self.field, of: Self.entity, at: rows, with: vector(values, type: type))
  }

  /// The net change of what is being recorded, of the one entity.
  var net: NetChange? {
    let all = database.currentChange.net(in: database)
    return all.count == 1 ? all[0] : nil
  }
}

@Suite struct ChangeEdgeTests {
  /// A column, an edit of it, and what is known of it before and after.
  struct Form: Sendable, CustomStringConvertible {
    let description: String
    let type: ValueType
    let before: [Scalar]
    let rows: [Int32]
    let after: [Scalar]
  }

  static let forms: [Form] = [
    Form(
      description: "from 8 to 64 bits", type: .integer,
      before: [.word(-128), .word(127), .unknown],
      rows: [1], after: [.word(.max)]),
    Form(
      description: "from 8 bits to both ends", type: .integer, before: [.word(1), .word(2)],
      rows: [0, 1], after: [.word(.min), .word(.max)]),
    Form(
      description: "from 16 to 32 bits", type: .money, before: [.word(300), .word(-300)],
      rows: [0], after: [.word(70_000)]),
    Form(
      description: "the only row", type: .date, before: [.word(19_000)], rows: [0],
      after: [.unknown]),
    Form(
      description: "all unknown, then one known", type: .time, before: [.unknown, .unknown],
      rows: [1], after: [.word(1_700_000_000)]),
    Form(
      description: "all unknown, all known", type: .text, before: [.unknown, .unknown],
      rows: [0, 1], after: [.text(""), .text("x")]),
    Form(
      description: "all unknown, still unknown", type: .number, before: [.unknown, .unknown],
      rows: [0], after: [.unknown]),
    Form(
      description: "numbers at their ends", type: .number,
      before: [.real(0), .real(.infinity), .unknown], rows: [0, 1, 2],
      after: [.real(-.infinity), .unknown, .real(.leastNonzeroMagnitude)]),
    Form(
      description: "the last choice", type: .choice(ChoiceList((0..<255).map { "c\($0)" })),
      before: [.word(0), .unknown, .word(254)], rows: [0, 1, 2],
      after: [.word(254), .word(254), .unknown]),
    Form(
      description: "flags", type: .flag, before: [.word(0), .word(1), .unknown], rows: [0, 1, 2],
      after: [.word(1), .unknown, .word(0)]),
    Form(
      description: "from 256 texts to 257", type: .text,
      before: (0..<256).map { .text("t\($0)") } + [.text("t255")], rows: [3, 256],
      after: [.text("t255"), .text("new")]),
    Form(
      description: "from a dictionary to a heap", type: .text,
      before: (0..<4_096).map { .text("text \($0)") } + [.unknown, .text("")],
      rows: [0, 4_095, 4_096], after: [.unknown, .text("a new one"), .text("text 0")]),
    Form(
      description: "some of a heap", type: .text,
      before: (0..<4_200).map { .text("text \($0)") } + [.unknown],
      rows: [0, 17, 4_199, 4_200],
      after: [.text("longer than it was before"), .text(""), .unknown, .text("Å")]),
    Form(
      description: "most of a heap", type: .text,
      before: (0..<4_200).map { $0 == 9 ? .unknown : .text("text \($0)") },
      rows: Array(1..<4_000),
      after: (1..<4_000).map { $0 % 7 == 0 ? .unknown : .text("other \($0)") }),
  ]

  @Test(
    "An edit that does not fit a column's form moves it, and going back restores it",
    arguments: forms)
  func changesForm(_ form: Form) throws {
    let budget = Budget()
    let single = try Single(form.type, form.before, budget: budget)
    var after = form.before
    for (offset, row) in form.rows.enumerated() { after[Int(row)] = form.after[offset] }
    let (bounds, isAscending) = (single.column.wordBounds, single.column.isAscending)
    let (distinct, unknown) = (single.column.distinctCount, single.column.unknownCount)
    let texts = single.column.dictionaryCount
    // What there was room for the first time there is room for again.
    var used: [Int] = []
    for round in 0..<3 {
      single.database.beginChange()
      try single.edit(form.rows, form.after)
      #expect(single.values == after)
      #expect(single.column.unknownCount == after.count { !$0.isKnown })
      #expect(single.net?.updated == form.rows)
      #expect(single.net?.oldValues[Single.field]?.rows == form.rows)
      // Edited again in the form it has now, and grown.
      try single.edit([form.rows[0]], [form.before[0]])
      try single.append([form.after[0], .unknown])
      guard round < 2 else { break }
      single.database.rollBack()
      used.append(budget.usedByteCount)
      #expect(single.values == form.before)
      #expect(single.column.wordBounds == bounds && single.column.isAscending == isAscending)
      #expect(single.column.distinctCount == distinct && single.column.unknownCount == unknown)
      #expect(single.column.dictionaryCount == texts)
    }
    #expect(used[0] == used[1], "memory that is not given back")
    single.database.keepChange()
    single.table.merge()
    after[Int(form.rows[0])] = form.before[0]
    #expect(single.values == after + [form.after[0], .unknown])
  }

  @Test("A refused edit changes nothing, whatever the room, and what was before it is taken back")
  func refused() throws {
    let before: [Scalar] = (0..<4_090).map { .text("text \($0)") }
    let rows = Array(0..<Int32(2_000))
    let after: [Scalar] = rows.map { .text("another text, and a longer one \($0)") }
    var refusals = 0
    for room in [0, 100, 5_000, 40_000, 70_000, 150_000, 400_000, 3_000_000] {
      let budget = Budget(limit: 1 << 28)
      let single = try Single(.text, before, budget: budget)
      let used = budget.usedByteCount
      single.database.beginChange()
      try single.edit([7], [.text("text 8")])
      let taken = budget.limit - budget.usedByteCount - room
      try budget.take(taken)
      do {
        try single.edit(rows, after)
        #expect(single.values == after + before[2_000...])
      } catch {
        refusals += 1
        #expect(single.values == before[..<7] + [.text("text 8")] + before[8...])
        #expect(single.column.distinctCount == 4_089)
      }
      single.database.rollBack()
      budget.give(back: taken)
      #expect(single.values == before && single.column.distinctCount == 4_090)
      #expect(budget.usedByteCount == used, "room for \(room) bytes")
    }
    #expect(refusals >= 3 && refusals < 8)
  }

  @Test("What steps come to, whatever the way")
  func net() throws {
    let values: [Scalar] = [.word(1), .word(2), .word(3)]
    typealias Way = (name: String, go: (Single) throws -> Void, expected: String)
    let ways: [Way] = [
      ("nothing", { _ in }, "nothing"),
      (
        "append, edit, kill",
        {
          try $0.append([.word(9)])
          try $0.edit([3], [.word(8)])
          $0.database.kill([3], of: Single.entity)
        }, "nothing"
      ),
      (
        "kill and revive",
        {
          $0.database.kill([0, 2], of: Single.entity)
          $0.database.revive([0, 2], of: Single.entity)
        }, "nothing"
      ),
      (
        "edit twice",
        {
          try $0.edit([0, 1], [.word(7), .word(8)])
          try $0.edit([1, 2], [.word(9), .unknown])
        }, "updated 0 1 2, had 1 2 3"
      ),
      (
        "edit, kill, revive, edit",
        {
          try $0.edit([1], [.word(7)])
          $0.database.kill([1], of: Single.entity)
          $0.database.revive([1], of: Single.entity)
          try $0.edit([1], [.word(8)])
        }, "updated 1, had 2"
      ),
      (
        "edit and kill",
        {
          try $0.edit([0, 2], [.word(7), .word(7)])
          $0.database.kill([2], of: Single.entity)
        }, "updated 0, deleted 2, had 1 3"
      ),
      (
        "append twice, edit the new and an old one, kill a new one",
        {
          try $0.append([.word(9), .word(9)])
          try $0.append([.word(9), .word(9)])
          try $0.edit([1, 4], [.word(7), .word(7)])
          $0.database.kill([5], of: Single.entity)
        }, "inserted 3..<5 6..<7, updated 1, had 2"
      ),
      (
        "append, take it back, append",
        {
          $0.database.beginChange()
          try $0.append([.word(9)])
          let change = $0.database.currentChange
          $0.database.keepChange()
          try $0.database.revert(change)
          try $0.append([.word(8)])
        }, "inserted 4..<5"
      ),
    ]
    for way in ways {
      let single = try Single(.integer, values)
      single.database.beginChange()
      try way.go(single)
      #expect(told(single.net) == way.expected, "\(way.name)")
      let byteCount = single.database.currentChange.byteCount
      #expect((byteCount == 0) == single.database.currentChange.isEmpty, "\(way.name)")
      // As one change it is taken back, and again that change is.
      let change = single.database.currentChange
      single.database.keepChange()
      single.database.beginChange()
      try single.database.revert(change)
      let live = (0..<single.table.rowCount).filter { !single.table.isDead($0) }
      #expect(live == [0, 1, 2] && Array(single.values[..<3]) == values, "\(way.name)")
      single.database.rollBack()
    }
  }

  private func told(_ net: NetChange?) -> String {
    guard let net else { return "nothing" }
    var parts: [String] = []
    func add(_ name: String, _ items: [String]) {
      if !items.isEmpty { parts.append(name + " " + items.joined(separator: " ")) }
    }
    add("inserted", net.inserted.map { "\($0)" })
    add("updated", net.updated.map { "\($0)" })
    add("deleted", net.deleted.map { "\($0)" })
    if let old = net.oldValues[Single.field] {
      add(
        "had",
        old.rows.indices.map { offset in
          if case .word(let word) = old.values[offset] { "\(word)" } else { "?" }
        })
    }
    return parts.joined(separator: ", ")
  }

  @Test("Definitions: added, filled, changed twice, taken away and brought back")
  func definitions() throws {
    let single = try Single(.integer, [.word(1)])
    let database = single.database
    let first = database.catalog[Single.entity]
    var second = first
    second.fields.append(Field("note", .text))
    var third = second
    third.fields.append(Field("size", .integer))
    database.beginChange()
    try database.define(Single.entity, as: second)
    try database.replace(
      FieldID(2), of: Single.entity, at: [0], with: Vector(texts: TextBlock(["n"])))
    try database.define(Single.entity, as: third)
    try database.define(Single.entity, as: third)
    #expect(single.net?.oldDefinition == first && single.net?.newDefinition == third)
    #expect(single.net?.updated == [0] && single.net?.oldValues.count == 1)
    // Another entity, filled, in the same change.
    let other = database.add(
      Entity(name: "others", singular: "other", fields: [Field("id", .text)]))
    try database.append(
      [FieldID(0): Vector(texts: TextBlock(["a", "b"]))], count: 2, to: other)
    let net = database.currentChange.net(in: database)
    #expect(net.map(\.entity.index) == [0, 1])
    #expect(net[1].oldDefinition == nil && net[1].newDefinition?.name == "others")
    #expect(net[1].inserted == [0..<2])
    let change = database.currentChange
    database.keepChange()
    #expect(change.steps.count == 5)
    // Taken back: the entity goes first, the fields go.
    database.beginChange()
    try database.revert(change)
    let undone = database.currentChange.net(in: database)
    #expect(undone.map { $0.newDefinition == nil } == [true, false])
    #expect(undone[1].oldDefinition == third && undone[1].newDefinition == first)
    #expect(undone[1].updated.isEmpty && undone[1].oldValues.isEmpty)
    #expect(database.catalog.entities == [first])
    // And that is rolled back: all is there again.
    database.rollBack()
    #expect(database.catalog.entities.count == 2 && database.catalog[Single.entity] == third)
    #expect(single.table.column(FieldID(2))[0] == .text("n"))
    #expect(database.table(other).row(withKey: .text("b")) == 1)
  }

  @Test("A table made apart takes the place of an empty one, and gives it back")
  func staged() throws {
    let single = try Single(.integer, [])
    let database = single.database
    let empty = single.table
    empty.nextKey = 50
    let staged = Table(
      entity: Single.entity, definition: database.catalog[Single.entity], budget: Budget())
    try staged.append([FieldID(0): Vector(words: [1, 2, 3, 4])], count: 4)
    staged.kill(0)
    staged.kill(2)
    database.beginChange()
    try database.append(contentsOf: staged, to: Single.entity)
    #expect(single.table === staged && staged.nextKey == 50)
    #expect(single.net?.inserted == [1..<2, 3..<4])
    let change = database.currentChange
    database.rollBack()
    #expect(single.table === empty && empty.rowCount == 0)
    // Kept, another one behind it, and reverted: dead rows stay dead.
    try database.append(contentsOf: staged, to: Single.entity)
    let more = Table(
      entity: Single.entity, definition: database.catalog[Single.entity], budget: Budget())
    try more.append([FieldID(0): Vector(words: [5, 1])], count: 2)
    more.kill(0)
    try database.append(contentsOf: more, to: Single.entity)
    #expect(single.table.rowCount == 6 && single.table.liveRowCount == 3)
    #expect(single.table.rows(withKeys: Vector(words: [1, 2, 3, 4, 5])) == [5, 1, -1, 3, -1])
    try database.revert(change)
    #expect(single.table.rows(withKeys: Vector(words: [1, 2, 3, 4, 5])) == [5, -1, -1, -1, -1])
  }

  @Test("Keys are never given twice, and those of changes taken back are given again")
  func nextKeys() throws {
    let single = try Single(.integer, [.word(1), .word(2)])
    #expect(single.table.nextKey == 3)
    single.database.beginChange()
    try single.append([.word(3)])
    #expect(single.table.nextKey == 4)
    single.database.rollBack()
    #expect(single.table.nextKey == 3)
    single.database.kill([1], of: Single.entity)
    #expect(single.table.nextKey == 3)
    single.table.nextKey = 10
    single.table.nextKey = 4
    #expect(single.table.nextKey == 10)
    try single.append([.word(3)])
    #expect(single.table.largestKey == 10 && single.table.nextKey == 11)
  }

  @Test("Edits stay beside an index until it is built anew or too much of it is stale")
  func staleRows() throws {
    let count = 3_000
    let single = try Single(.money, (0..<count).map { .word(Int64($0 % 100)) })
    let test = ColumnTest.words(500...600)
    single.table.merge()
    while !single.table.isIndexDue(for: test, on: Single.field) {}
    #expect(try single.table.indexedRows(test, on: Single.field) == [])
    for row in 0..<1_023 {
      try single.edit([Int32(row)], [.word(Int64(500 + row % 2))])
      if row % 300 == 0 {
        #expect(
          try single.table.indexedRows(test, on: Single.field) == Array(0...Int32(row)))
      }
    }
    #expect(!single.table.isDeltaFull)
    try single.edit([2_999], [.word(600)])
    #expect(single.table.isDeltaFull && single.table.isIndexBuilt(for: test, on: Single.field))
    single.database.beginChange()
    single.database.mergeFullDeltas()
    #expect(single.table.isDeltaFull, "nothing is merged while a change may be taken back")
    single.database.rollBack()
    single.database.mergeFullDeltas()
    #expect(!single.table.isDeltaFull && single.table.isIndexBuilt(for: test, on: Single.field))
    let found = try single.table.indexedRows(test, on: Single.field)
    #expect(found == Array(0..<1_023) + [2_999])
    #expect(
      try single.table.firstSortedRows(by: Single.field, isDescending: true, countMax: 2)?.rows
        == [2_999, 1])
    // More than an index bears: it is given up and answers again when it is next wanted.
    single.database.beginChange()
    try single.edit(
      Array(0..<Int32(count)), [Scalar](repeating: .word(550), count: count))
    #expect(!single.table.isIndexBuilt(for: test, on: Single.field))
    #expect(try single.table.indexedRows(test, on: Single.field)?.count == count)
    single.database.rollBack()
    #expect(try single.table.indexedRows(test, on: Single.field) == found)
  }

  @Test("Counts are of live rows, and a dead row is neither found nor in the way of its key")
  func liveCounts() throws {
    let list = ChoiceList(["a", "b", "c"])
    let single = try Single(
      .choice(list), [.word(0), .word(1), .unknown, .word(1), .unknown, .word(2)])
    single.database.kill([1, 2, 5], of: Single.entity)
    let table = single.table
    #expect(table.unknownCount(of: Single.field) == 1)
    #expect((0...2).map { table.exactCount(of: .words($0...$0), on: Single.field) } == [1, 1, 0])
    #expect(try !table.hasRow(passing: .words(2...2), on: Single.field))
    #expect(try table.hasRow(passing: .words(1...1), on: Single.field))
    let texts = try Single(.text, [.text("x"), .text("y"), .text("x"), .unknown])
    texts.database.kill([1, 2, 3], of: Single.entity)
    #expect(texts.table.dictionaryRowCounts(of: Single.field) == [1, 0])
    #expect(texts.table.unknownCount(of: Single.field) == 0)
    // The key of a dead row is given again; later the first one lives again.
    try texts.database.append(
      [FieldID(0): Vector(words: [2])], count: 1, to: Single.entity)
    #expect(texts.table.row(withKey: .word(2)) == 4)
    texts.database.kill([4], of: Single.entity)
    texts.database.revive([1], of: Single.entity)
    #expect(texts.table.row(withKey: .word(2)) == 1)
    #expect(texts.table.rows(withKeys: Vector(words: [1, 2, 3])) == [0, 1, -1])
  }
}
