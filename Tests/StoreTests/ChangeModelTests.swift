import Glibc
import Store
import Testing

/// Chance changes to a database, each compared with plain arrays.
@Suite struct ChangeModelTests {
  /// How many chance sequences are run: 4, or what the environment says.
  private static let seedCount =
    getenv("CHANGE_SEEDS").flatMap { Int(String(cString: $0)) } ?? 4

  @Test(
    "After any sequence of changes the store says what plain arrays say",
    arguments: 1...max(1, seedCount))
  func smallTables(seed: Int) throws {
    var run = try ChangeRun(seed: seed, rowCount: [0, 1, 60, 200][seed % 4])
    for step in 0..<70 {
      try run.step(step)
      try run.expectAll(fieldCount: 3)
    }
    try run.finish()
  }

  @Test(
    "The same with texts in a heap, indexes given up and merges",
    arguments: 1...max(1, seedCount / 10))
  func largeTables(seed: Int) throws {
    var run = try ChangeRun(seed: seed, rowCount: 4_300)
    for step in 0..<16 {
      try run.step(step)
      try run.expectAll(fieldCount: 1)
    }
    try run.finish()
  }
}

/// A database and its model on their way through chance changes.
private struct ChangeRun {
  private static let kinds: [(name: String, kind: SampleKind)] = [
    ("stage", .choice), ("contactable", .flag), ("joined", .date), ("at", .time),
    ("value", .money), ("score", .smallInteger), ("hash", .wideInteger), ("rate", .number),
    ("owner", .reference), ("referrer", .nearReference),
    ("region", .fewTexts), ("name", .manyTexts),
  ]
  private static let things = EntityID(0)

  /// A change that can be reverted, and what there was before it.
  private struct Kept {
    let change: ChangeSet
    let before: Model
  }

  private let seed: Int
  private let isTextKeyed: Bool
  private let budget = Budget(limit: 1 << 30)
  private var database: Database
  private var model: Model
  private var random: SampleRandom
  private var context = ""
  private var lastKey: Int64 = 0
  /// The models at the beginning of each open recording, and how many changes had been kept.
  private var begun: [(model: Model, keptCount: Int)] = []
  private var kept: [Kept] = []

  init(seed: Int, rowCount: Int) throws {
    self.seed = seed
    isTextKeyed = seed.isMultiple(of: 3)
    random = SampleRandom(seed: seed)
    let definition = Entity(
      name: "things", singular: "thing",
      fields: [
        Field("id", isTextKeyed ? .text : .integer), Field("twice", .money, expression: "x"),
      ]
        + Self.kinds.map { Field($0.name, $0.kind.type) },
      timeField: [FieldID(4), FieldID(5), nil][seed % 3])
    database = Database(catalog: Catalog([definition]), budget: budget)
    model = Model(tables: [ModelTable(definition)])
    context = "seed \(seed), first rows"
    try append(rowCount)
    if seed.isMultiple(of: 2) { database.table(Self.things).merge() }
    try expectAll(fieldCount: Self.kinds.count)
  }

  /// One chance step.
  mutating func step(_ number: Int) throws {
    let kind = Int.random(in: 0..<22, using: &random)
    context = "seed \(seed), step \(number) of kind \(kind)"
    switch kind {
    case 0: try append([1, 1, 2, 70].randomElement(using: &random) ?? 1)
    case 1: try append(1)
    case 2: try refuseDuplicate()
    case 3...9: try edit()
    case 10: kill()
    case 11: revive()
    case 12: try define()
    case 13: try addEntity()
    case 14, 15: begin()
    case 16: keep()
    case 17: rollBack()
    case 18, 19: try revert()
    case 20: database.mergeFullDeltas()
    default: if begun.isEmpty { database.table(Self.things).merge() }
    }
  }

  /// Compares everything, and the indexes of some fields.
  mutating func expectAll(fieldCount: Int) throws {
    for (index, table) in model.tables.enumerated() {
      table.expectCells(in: database.table(EntityID(index)), context)
    }
    #expect(database.catalog.entities == model.tables.map(\.definition), "\(context)")
    for (field, kind) in kinds.shuffled(using: &random).prefix(fieldCount) {
      try model.tables[0].expectTests(
        of: field, kind, in: database.table(Self.things), context)
    }
    // Not after every step, so that several changes come in at once.
    for (field, kind) in kinds where kind.isReference && Bool.random(using: &random) {
      try model.tables[0].expectNeighbours(
        by: field, in: database.table(Self.things), context, &random)
    }
  }

  /// Ends what is open and sees to it that all memory was counted.
  mutating func finish() throws {
    while !begun.isEmpty {
      context = "seed \(seed), end"
      if Bool.random(using: &random) { keep() } else { rollBack() }
      try expectAll(fieldCount: 1)
    }
    while !kept.isEmpty {
      context = "seed \(seed), undoing all"
      try revert()
      try expectAll(fieldCount: 1)
    }
    database = Database(catalog: Catalog([]), budget: Budget())
    #expect(budget.usedByteCount == 0, "seed \(seed)")
  }
}

// The steps.
extension ChangeRun {
  private var table: Table { database.table(Self.things) }

  /// What kind each field of the things is, the key and computed ones left out.
  private var kinds: [(FieldID, SampleKind)] {
    let table = model.tables[0]
    return table.storedFields.compactMap { field in
      let name = table.definition[field].name
      let kind = Self.kinds.first { $0.name == name }?.kind
      return (kind ?? SampleKind(rawValue: String(name.drop { $0 != "_" }.dropFirst())))
        .map { (field, $0) }
    }
  }

  /// Does something the budget may refuse; then nothing must have changed.
  private mutating func changing(
    _ change: (inout ChangeRun) throws(StoreError) -> Void
  ) throws {
    // A whole statement is taken back when a part of it is refused.
    let isTight = Int.random(in: 0..<6, using: &random) == 0
    let room = Int.random(in: 0..<60_000, using: &random)
    let taken = isTight ? max(0, budget.limit - budget.usedByteCount - room) : 0
    try budget.take(taken)
    defer { budget.give(back: taken) }
    let before = model
    begin()
    do throws(StoreError) {
      try change(&self)
      keep()
    } catch {
      guard case .memoryLimit = error, isTight else {
        Issue.record("\(context): \(error)")
        rollBack()
        return
      }
      model = before
      model.tables[0].expectCells(in: table, "\(context), refused")
      context += ", refused"
      rollBack()
    }
  }

  private mutating func begin() {
    begun.append((model, kept.count))
    database.beginChange()
  }

  private mutating func keep() {
    guard let (before, keptCount) = begun.popLast() else { return }
    let change = database.currentChange
    expectNet(of: change, from: before)
    database.keepChange()
    kept.removeLast(kept.count - keptCount)
    kept.append(Kept(change: change, before: before))
  }

  private mutating func rollBack() {
    guard let (before, keptCount) = begun.popLast() else { return }
    database.rollBack()
    model = before
    kept.removeLast(kept.count - keptCount)
  }

  private func expectNet(of change: ChangeSet, from before: Model) {
    var after = before
    let fault = after.apply(change.net(in: database), from: database)
    #expect(fault == nil, "\(context): net change")
    #expect(after.tables.count == model.tables.count, "\(context): net change")
    for (a, b) in zip(after.tables, model.tables) {
      #expect(a.isSame(as: b), "\(context): net change of \(b.definition.name)")
    }
    #expect(change.byteCount >= 0)
  }

  private mutating func revert() throws {
    guard let last = kept.last, kept.count > (begun.last?.keptCount ?? 0) else { return }
    kept.removeLast()
    let before = model
    database.beginChange()
    try database.revert(last.change)
    var after = last.before
    // What was appended since is dead now, with the values it was appended with.
    for index in after.tables.indices {
      let table = database.table(EntityID(index))
      let added = table.rowCount - after.tables[index].rowCount
      after.tables[index].append(
        Dictionary(
          uniqueKeysWithValues: after.tables[index].storedFields.map { field in
            let values = table.column(field).load(.run(base: table.rowCount - added, count: added))
            return (field, (0..<added).map { values[$0] })
          }), count: added)
      for row in table.rowCount - added..<table.rowCount { after.tables[index].isLive[row] = false }
    }
    model = after
    expectNet(of: database.currentChange, from: before)
    database.keepChange()
    if let begun = begun.last { expectNet(of: database.currentChange, from: begun.model) }
  }

  private mutating func append(_ count: Int) throws {
    var taken: Set<Scalar> = []
    var values = [FieldID(0): (0..<count).map { _ in newKey(&taken) }]
    for (field, kind) in kinds where Int.random(in: 0..<8, using: &random) > 0 {
      values[field] = sampleValues(kind, count: count, unknownShare: 0.1, &random)
    }
    let definition = model.tables[0].definition
    let vectors = Dictionary(
      uniqueKeysWithValues: values.map { ($0.key, vector($0.value, type: definition[$0.key].type)) }
    )
    try changing { run throws(StoreError) in
      let rows = try run.database.append(vectors, count: count, to: Self.things)
      #expect(rows == run.model.tables[0].rowCount..<run.model.tables[0].rowCount + count)
      run.model.tables[0].append(values, count: count)
    }
  }

  /// A key no live record has: mostly above all, else one that a dead record has.
  private mutating func newKey(_ taken: inout Set<Scalar>) -> Scalar {
    let table = model.tables[0]
    let dead = table.isLive.indices.filter { !table.isLive[$0] }.randomElement(using: &random)
    if let dead, Bool.random(using: &random) {
      let key = table.cells[0][dead]
      if !table.liveRows.contains(where: { table.cells[0][Int($0)] == key }),
        taken.insert(key).inserted
      {
        return key
      }
    }
    lastKey += Int64([1, 1, 1, 1, 40].randomElement(using: &random) ?? 1)
    return isTextKeyed ? .text("K\(lastKey &* 7 % 1_000)-\(lastKey)") : .word(lastKey)
  }

  private func refuseDuplicate() throws {
    guard let row = model.tables[0].liveRows.last else { return }
    let key = vector([model.tables[0].cells[0][Int(row)]], type: isTextKeyed ? .text : .integer)
    #expect(throws: StoreError.self, "\(context)") {
      try database.append([FieldID(0): key], count: 1, to: Self.things)
    }
  }

  private mutating func edit() throws {
    // Often what adjacencies go by.
    let linking = kinds.filter { $0.1.isReference || $0.0 == model.tables[0].definition.timeField }
    let isLinking = Int.random(in: 0..<3, using: &random) == 0
    guard let (field, kind) = (isLinking ? linking : kinds).randomElement(using: &random)
    else { return }
    let shares = [0, 0, 0.02, 0.3, 1]
    let share = shares.randomElement(using: &random) ?? 0
    let live = model.tables[0].liveRows
    var rows = live.filter { _ in Double.random(in: 0..<1, using: &random) < share }
    if rows.isEmpty, let row = live.randomElement(using: &random) { rows = [row] }
    let unknownShares = [0, 0.2, 1]
    let unknownShare = unknownShares.randomElement(using: &random) ?? 0
    var values = sampleValues(kind, count: rows.count, unknownShare: unknownShare, &random)
    if kind == .smallInteger, Int.random(in: 0..<8, using: &random) == 0, !values.isEmpty {
      let wide: [Int64] = [200, -40_000, 3_000_000_000]
      values[0] = .word(wide.randomElement(using: &random) ?? 0)
    }
    let new = vector(values, type: kind.type)
    try changing { run throws(StoreError) in
      try run.database.replace(field, of: Self.things, at: rows, with: new)
      for (offset, row) in rows.enumerated() {
        run.model.tables[0].cells[field.index][Int(row)] = values[offset]
      }
    }
  }

  private mutating func kill() {
    let rows = model.tables[0].liveRows.filter { _ in Int.random(in: 0..<12, using: &random) == 0 }
    begin()
    database.kill(rows, of: Self.things)
    for row in rows { model.tables[0].isLive[Int(row)] = false }
    keep()
  }

  /// Rows whose key no live row has; of dead ones with one key, one.
  private mutating func revive() {
    let table = model.tables[0]
    var taken = Set(table.liveRows.map { table.cells[0][Int($0)] })
    var rows: [Int32] = []
    for row in table.isLive.indices.reversed() where !table.isLive[row] {
      guard Bool.random(using: &random), taken.insert(table.cells[0][row]).inserted else {
        continue
      }
      rows.append(Int32(row))
    }
    rows.reverse()
    begin()
    database.revive(rows, of: Self.things)
    for row in rows { model.tables[0].isLive[Int(row)] = true }
    keep()
  }

  private mutating func define() throws {
    var definition = model.tables[0].definition
    guard definition.fields.count < 18 else { return }
    let kind = SampleKind.allCases.randomElement(using: &random) ?? .date
    let isComputed = Int.random(in: 0..<4, using: &random) == 0
    definition.fields.append(
      Field(
        "f\(definition.fields.count)_\(kind.rawValue)", kind.type,
        expression: isComputed ? "value" : nil))
    try changing { [definition] run throws(StoreError) in
      try run.database.define(Self.things, as: definition)
      run.model.tables[0].define(definition)
    }
  }

  /// A further entity, filled from a table made apart and then edited, in one change.
  private mutating func addEntity() throws {
    let name = "others_\(model.tables.count)_\(Int.random(in: 0..<1_000, using: &random))"
    let definition = Entity(
      name: name, singular: name, fields: [Field("id", .integer), Field("size", .integer)])
    try changing { run throws(StoreError) in
      let id = run.database.add(definition)
      run.model.tables.append(ModelTable(definition))
      for first in [Int64(1), 9] {
        let staged = Table(entity: id, definition: definition, budget: run.budget)
        let keys = Array(first..<first + 4)
        try staged.append(
          [FieldID(0): Vector(words: keys), FieldID(1): Vector(words: [5, 6, 7, 8])], count: 4)
        staged.kill(1)
        try run.database.append(contentsOf: staged, to: id)
        let index = id.index
        let base = run.model.tables[index].rowCount
        run.model.tables[index].append(
          [
            FieldID(0): keys.map { .word($0) },
            FieldID(1): [.word(5), .word(6), .word(7), .word(8)],
          ], count: 4)
        run.model.tables[index].isLive[base + 1] = false
      }
      try run.database.replace(FieldID(1), of: id, at: [0, 7], with: Vector(words: [900, -3]))
      run.model.tables[id.index].cells[1][0] = .word(900)
      run.model.tables[id.index].cells[1][7] = .word(-3)
    }
  }
}
