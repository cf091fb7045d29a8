import Store
import Testing

/// Who refers to whom: `ChangeModelTests` has it compared after chance changes of small tables.
@Suite struct AdjacencyTests {
  private static let parents = FieldID(1)
  private static let times = FieldID(2)

  private static var definition: Entity {
    Entity(
      name: "orders", singular: "order",
      fields: [
        Field("id", .integer), Field("customer", .reference(EntityID(1))), Field("date", .date),
      ], timeField: times)
  }

  /// How the times of the rows of a table lie.
  enum Times: String, CaseIterable, Sendable {
    case `ascending in the table`, `ascending for each parent`, `in any order`, `not known`
    case `some not known`

    func time(_ row: Int, _ parent: Int64, _ random: inout SampleRandom) -> Int64? {
      switch self {
      case .`ascending in the table`: 15_000 + Int64(row / 7)
      case .`ascending for each parent`: 20_000 - parent % 97 + Int64(row / 1_000)
      case .`in any order`: .random(in: 18_000...18_900, using: &random)
      case .`not known`: nil
      case .`some not known`:
        Bool.random(using: &random) ? .random(in: 18_000...18_900, using: &random) : nil
      }
    }
  }

  @Test(
    "Children of a table of several chunks stand in order of time, and some changes keep them so",
    arguments: zip(Times.allCases, [30, 20_000, 20_000, 30, 900]))
  func largeTables(times: Times, parentCount: Int64) throws {
    var random = SampleRandom(seed: 5)
    let orders = EntityID(0)
    let database = Database(catalog: Catalog([Self.definition]), budget: Budget())
    let table = database.table(orders)
    var model = ModelTable(Self.definition)
    func append(_ count: Int) throws {
      var values = [[Scalar]](repeating: [], count: 3)
      for row in table.rowCount..<table.rowCount + count {
        let parent = Int64.random(in: 0..<parentCount, using: &random)
        values[0].append(.word(Int64(row + 1)))
        values[1].append(row % 11 == 0 ? .unknown : .word(parent))
        values[2].append(times.time(row, parent, &random).map { .word($0) } ?? .unknown)
      }
      let types = Self.definition.fields.map(\.type)
      try table.append(
        [
          FieldID(0): vector(values[0], type: types[0]),
          Self.parents: vector(values[1], type: types[1]),
          Self.times: vector(values[2], type: types[2]),
        ], count: count)
      model.append(
        [FieldID(0): values[0], Self.parents: values[1], Self.times: values[2]], count: count)
    }
    func expect(_ context: String) throws {
      try model.expectNeighbours(by: Self.parents, in: table, context, &random)
    }
    try append(66_000)
    func set(_ rows: [Int32], isLive: Bool) {
      if isLive { database.revive(rows, of: orders) } else { database.kill(rows, of: orders) }
      for row in rows { model.isLive[Int(row)] = isLive }
    }
    set(Array(stride(from: 3, to: 66_000, by: 900)), isLive: false)
    #expect(!table.isAdjacencyBuilt(of: Self.parents))
    try expect("built with all rows in the delta")
    table.merge()
    try expect("merged")
    try append(901)
    set([12, 66_400], isLive: false)
    try expect("more appended, one of them killed, and one of before")
    set([3, 66_400], isLive: true)
    try expect("revived")
    table.merge()
    try expect("merged again")
  }

  @Test("Each kind of change, and taking it back, shows in the children of the parents it concerns")
  func changes() throws {
    let orders = EntityID(0)
    let database = Database(catalog: Catalog([Self.definition]), budget: Budget())
    func append(_ parents: [Int64], _ times: [Int64]) throws {
      let first = Int64(database.table(orders).rowCount) + 1
      try database.append(
        [
          FieldID(0): Vector(words: parents.indices.map { first + Int64($0) }),
          Self.parents: Vector(words: parents), Self.times: Vector(words: times),
        ], count: parents.count, to: orders)
    }
    func children() throws -> [[Int32]] {
      var found = Neighbours()
      try database.table(orders).adjacency(of: Self.parents).appendChildren(
        of: .list([0, 1, 2]), in: Mask(count: 3), to: &found)
      return (Int32(0)..<3).map { owner in
        found.owners.indices.filter { found.owners[$0] == owner }.map { found.rows[$0] }
      }
    }
    func set(_ field: FieldID, _ row: Int32, _ value: Int64) throws {
      try database.replace(field, of: orders, at: [row], with: Vector(words: [value]))
    }
    try append([0, 0, 1], [10, 20, 5])
    database.table(orders).merge()
    #expect(try children() == [[0, 1], [2], []])
    database.beginChange()
    try append([0, 2], [15, 7])
    #expect(try children() == [[0, 3, 1], [2], [4]], "appended, one to a new parent")
    try set(Self.times, 0, 99)
    #expect(try children() == [[3, 1, 0], [2], [4]], "a later time")
    try set(Self.parents, 0, 1)
    #expect(try children() == [[3, 1], [2, 0], [4]], "another parent")
    try set(Self.parents, 0, 0)
    try set(Self.times, 0, 10)
    #expect(try children() == [[0, 3, 1], [2], [4]], "back again")
    database.kill([1, 3], of: orders)
    #expect(try children() == [[0], [2], [4]], "killed")
    database.rollBack()
    #expect(try children() == [[0, 1], [2], []], "taken back")
    try append([1], [4])
    #expect(try children() == [[0, 1], [3, 2], []], "appended where rows were taken back")
    database.beginChange()
    try append((0..<5_000).map { _ in 2 }, (0..<5_000).map { $0 })
    #expect(try children()[2].count == 5_000, "so many that a new one is built")
    database.rollBack()
    #expect(try children() == [[0, 1], [3, 2], []], "taken back from under it")
    var definition = Self.definition
    definition.timeField = nil
    try database.define(orders, as: definition)
    #expect(try children() == [[0, 1], [2, 3], []], "without times")
  }

  @Test("A table that has no memory for an adjacency says so and is what it was")
  func memoryLimit() throws {
    let budget = Budget(limit: 3_000_000)
    let table = Table(entity: EntityID(0), definition: Self.definition, budget: budget)
    let count = 100_000
    let rows = (0..<Int64(count))
    try table.append(
      [
        FieldID(0): Vector(words: Array(rows)),
        Self.parents: Vector(words: rows.map { $0 % 70_000 }),
      ], count: count)
    table.merge()
    let taken = budget.limit - budget.usedByteCount - 500_000
    try budget.take(taken)
    let used = budget.usedByteCount
    #expect(throws: StoreError.self) { try table.adjacency(of: Self.parents) }
    #expect(!table.isAdjacencyBuilt(of: Self.parents))
    #expect(budget.usedByteCount == used)
    budget.give(back: taken)
    let adjacency = try table.adjacency(of: Self.parents)
    let parents = Rows.list([0, 69_999, 70_000, -1])
    #expect(adjacency.childCounts(of: parents, in: Mask(count: 4)) == [2, 1, 0, 0])
    #expect(budget.usedByteCount > used - taken)
  }

  @Test("Two walks follow a path, and what is reached twice is kept once")
  func paths() throws {
    var first = Neighbours()
    first.rows = [4, 9, 7]
    first.owners = [0, 2, 2]
    var second = Neighbours()
    second.rows = [1, 3, 3, 1, 3]
    second.owners = [0, 1, 1, 2, 2]
    second.takeOwners(from: first)
    #expect(second.owners == [0, 2, 2, 2, 2])
    try second.removeRepeats()
    #expect(second.rows == [1, 3, 1])
    #expect(second.owners == [0, 2, 2])
    #expect(second.ids(in: Mask([0x80, 0, 0x80])) == [1, 0, 3])
    second.removeAll()
    try second.removeRepeats()
    #expect(second.count == 0)
  }

  @Test("Repeats are taken out of short and long lists alike", arguments: [1, 5, 17, 400])
  func repeats(length: Int) throws {
    var random = SampleRandom(seed: length)
    var list = Neighbours()
    var wanted = Neighbours()
    for owner in Int32(0)..<6 {
      var seen: Set<Int32> = []
      for _ in 0..<length {
        let row = Int32.random(in: 0..<Int32(length), using: &random)
        list.rows.append(row)
        list.owners.append(owner)
        guard seen.insert(row).inserted else { continue }
        wanted.rows.append(row)
        wanted.owners.append(owner)
      }
    }
    try list.removeRepeats()
    #expect(list.rows == wanted.rows)
    #expect(list.owners == wanted.owners)
  }
}
