import Engine
import Glibc
import Store
import Syntax
import Testing

/// Random sequences of changes against a plain model of the records.
///
/// `PROPERTY_CHANGES=5000 PROPERTY_SEED=7 swift test --filter ChangePropertyTests` tries more.
struct ChangePropertyTests {
  private static let sequenceLength = 60
  private static let sequenceCount = number("PROPERTY_CHANGES").map { max(1, $0 / 60) } ?? 8
  private static let firstSeed = UInt64(number("PROPERTY_SEED") ?? 20_260_630)

  private static func number(_ name: String) -> Int? {
    getenv(name).flatMap { Int(String(cString: $0)) }
  }

  @Test func `changes do to the store what they do to a model of it`() throws {
    for number in 0..<Self.sequenceCount {
      let seed = Self.firstSeed &+ UInt64(number)
      var run = try ChangeRun(seed: seed)
      for step in 0..<Self.sequenceLength {
        if step % 16 == 15 { run.merge() }
        if let fault = try run.step() {
          Issue.record("seed \(seed), step \(step): \(fault)\n\(run.log.joined(separator: "\n"))")
          return
        }
      }
      if let fault = try run.takeAllBack() {
        Issue.record("seed \(seed), taking back: \(fault)\n\(run.log.joined(separator: "\n"))")
        return
      }
    }
  }
}

/// One sequence: a session, the model, and the models that `undo` goes back to.
private struct ChangeRun {
  private(set) var log: [String] = []
  private let session: Session
  private var model = ChangeModel()
  /// The states before each statement that can be taken back.
  private var past: [ChangeModel] = []
  /// The same for the statements of the open transaction.
  private var pastInTransaction: [ChangeModel]?
  private var start = ChangeModel()
  private var random: SplitMix64
  private var today = 20_000

  init(seed: UInt64) throws {
    random = SplitMix64(seed)
    let database = Database(catalog: ChangeModel.catalog, budget: Budget(limit: 1 << 28))
    session = Session(
      database: database,
      files: FilePorts(
        openReader: { path, _ throws(StoreError) in
          throw .file(FileProblem(code: "file-not-found", path: path, message: ""))
        },
        openWriter: { path, _, _, _ throws(StoreError) in
          throw .file(FileProblem(code: "file-not-found", path: path, message: ""))
        }), clock: .fixed(today))
    try database.table(EntityID(1)).append(
      [FieldID(0): Vector(texts: TextBlock(["K1", "K2", "K3"]))], count: 3)
    for key in ["K1", "K2", "K3"] { model.insert("owners", .text(key), [:]) }
    database.table(EntityID(1)).merge()
    start = model
  }

  /// Brings all rows under the indexes, which the changes that follow have to keep right.
  func merge() {
    guard pastInTransaction == nil else { return }
    for index in 0..<4 { session.database.table(EntityID(index)).merge() }
  }

  // MARK: one step

  /// Runs a random statement on both sides; gives what differs afterwards.
  mutating func step() throws -> String? {
    today += Int(random.next(below: 2))
    session.clock = .fixed(today)
    switch random.next(below: 12) {
    case 0: try undo()
    case 1: try boundary()
    default: if let fault = change() { return fault }
    }
    return try difference()
  }

  private mutating func change() -> String? {
    let change = RandomChange.draw(model, today: today, &random)
    var next = model
    let count = change.apply(&next)
    let failure = run(change.text)
    if (count == nil) != (failure != nil) {
      return count == nil ? "should have been refused" : "refused: \(failure ?? "")"
    }
    guard let count else { return nil }
    if count > 0 {
      if pastInTransaction == nil { past.append(model) } else { pastInTransaction?.append(model) }
    }
    model = next
    return nil
  }

  private mutating func undo() throws {
    let last = pastInTransaction.map { $0.last } ?? past.last
    #expect((run("undo") == nil) == (last != nil), "undo")
    guard let last else { return }
    model.tables = last.tables
    if pastInTransaction == nil { past.removeLast() } else { pastInTransaction?.removeLast() }
  }

  private mutating func boundary() throws {
    guard let inside = pastInTransaction else {
      #expect(run("begin") == nil)
      pastInTransaction = []
      return
    }
    pastInTransaction = nil
    if random.next(below: 2) == 0 {
      #expect(run("commit") == nil)
      past += inside
    } else {
      #expect(run("rollback") == nil)
      if let first = inside.first { model.tables = first.tables }
    }
    nextKeysFollow()
  }

  /// What was rolled back gave no key away.
  private mutating func nextKeysFollow() {
    for (index, name) in ["things", "owners", "parts", "moves"].enumerated() where name != "owners"
    {
      model.nextKeys[name] = session.database.table(EntityID(index)).nextKey
    }
  }

  /// Takes everything back; gives what differs from the start then.
  mutating func takeAllBack() throws -> String? {
    if pastInTransaction != nil {
      _ = run("rollback")
      if let first = pastInTransaction?.first { model.tables = first.tables }
      pastInTransaction = nil
    }
    while let last = past.popLast() {
      if let failure = run("undo") { return failure }
      model.tables = last.tables
      if let fault = try difference() { return fault }
    }
    if model != start { return "the model is not where it began" }
    return run("undo") == nil ? "something is left to take back" : nil
  }

  private mutating func run(_ text: String) -> String? {
    log.append(text)
    do throws(Failure) {
      _ = try session.run(text)
      return nil
    } catch {
      let message = error.diagnostics.map { "\($0.code): \($0.message)" }.joined(separator: "; ")
      log.append("-- \(message)")
      return message
    }
  }

  // MARK: comparing

  private mutating func difference() throws -> String? {
    let stored = storedRecords()
    for (entity, records) in model.tables where stored[entity] != records {
      let keys = Set(records.keys).union((stored[entity] ?? [:]).keys)
      for key in keys where stored[entity]?[key] != records[key] {
        return "\(entity) \(key): \(stored[entity]?[key] ?? [:]) instead of \(records[key] ?? [:])"
      }
    }
    if let fault = model.fault { return fault }
    return try queryDifference()
  }

  /// The store's records by key, with references as keys.
  private func storedRecords() -> [String: [Scalar: ChangeModel.Record]] {
    let database = session.database
    var tables: [String: [Scalar: ChangeModel.Record]] = [:]
    for (index, entity) in database.catalog.entities.enumerated() {
      let table = database.table(EntityID(index))
      var records: [Scalar: ChangeModel.Record] = [:]
      for row in 0..<table.rowCount where !table.isDead(row) {
        var record: ChangeModel.Record = [:]
        for (place, field) in entity.fields.enumerated() where place > 0 {
          var value = table.column(FieldID(place))[row]
          if case .reference(let target) = field.type, case .word(let other) = value {
            value = database.table(target).column(FieldID(0))[Int(other)]
          }
          if value.isKnown { record[field.name] = value }
        }
        records[table.column(FieldID(0))[row]] = record
      }
      tables[entity.name] = records
    }
    return tables
  }

  /// Whether conditions find the same things through scans and indexes.
  private mutating func queryDifference() throws -> String? {
    for _ in 0..<3 {
      let condition = RandomChange.condition(&random)
      let expected = model.keys("things", where: condition.passes)
      let text = "find things where \(condition.text) show id"
      if try keys(text) != expected { return "\(text): not \(expected)" }
    }
    let known = model.keys("things") { $1["m"] != nil }.sorted { a, b in
      let (x, y) = (model.value("things", a, "m"), model.value("things", b, "m"))
      return x == y ? ChangeModel.isLess(a, b) : ChangeModel.isLess(y, x)
    }
    let top = try keys("find things top 3 by m show id")
    return top == Array(known.prefix(3)) ? nil : "top 3 by m: \(top) instead of \(known.prefix(3))"
  }

  private func keys(_ text: String) throws -> [Scalar] {
    let cursor = try session.run(text).sections[0].cursor
    var keys: [Scalar] = []
    while let batch = try cursor.next() { keys += (0..<batch.count).map { batch.vectors[0][$0] } }
    return keys
  }
}
