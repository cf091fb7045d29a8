import Engine
import Store
import Syntax
import Testing

/// What changes ask, load and refuse, beside what scripts show.
struct ChangeTests {
  // MARK: asking

  /// Statements, and what is asked before each: how many of what, nil for nothing.
  static let questions: [(String, String?)] = [
    ("add thing t = 'x'", nil),
    ("update thing 1 set m = 5", nil),
    ("update things where id < 3 set m = 5", "2 things"),
    ("update things where id > 900 set m = 5", nil),
    ("update all things set m = 5", "4 things"),
    // Those that are there already do not move.
    ("move all things to open anyway", "3 things"),
    ("move things where id in (1, 3) to open", nil),
    ("delete thing 4", nil),
    ("delete things where id = 1 or id = 4 with related", "8 records"),
    ("delete all parts", "3 parts"),
    ("merge thing 3 into 1", "4 records"),
  ]

  @Test(arguments: questions)
  func `more than one record is asked for, with the count`(_ text: String, _ asked: String?) throws
  {
    for answer in [true, false] {
      let session = try Self.session(LazyThings.database(isLazy: true))
      let before = try Self.records(of: session)
      var questions: [String] = []
      session.confirm = { count, _, plural in
        questions.append("\(count) \(plural)")
        return answer
      }
      let notes = try session.run(text).notes
      #expect(questions == [asked].compactMap(\.self), "\(text)")
      guard asked != nil, !answer else { continue }
      #expect(notes == [.declined], "\(text)")
      #expect(try Self.records(of: session) == before, "\(text)")
      #expect(throws: Failure.self, "nothing to undo: \(text)") { try session.run("undo") }
    }
  }

  // MARK: loading

  @Test(arguments: questions.map(\.0))
  func `a change loads what it needs`(_ text: String) throws {
    let database = LazyThings.database(isLazy: true)
    let session = try Self.session(database)
    _ = try session.run(text)
    let other = try Self.session(LazyThings.database(isLazy: false))
    _ = try other.run(text)
    #expect(try Self.records(of: session) == Self.records(of: other), "\(text)")
  }

  @Test func `a change without references to its records loads no more than it reads`() throws {
    let database = LazyThings.database(isLazy: true)
    let session = try Self.session(database)
    _ = try session.run("add owner code = 'K9'")
    #expect((0..<4).filter { database.isLoaded(EntityID($0)) } == [1])
    _ = try session.run("update owners where code = 'K1' set n = 3")
    #expect((0..<4).filter { database.isLoaded(EntityID($0)) } == [1])
  }

  // MARK: limits

  @Test func `a text grows to 16 MiB and no further`() throws {
    let session = try Self.session(LazyThings.database(isLazy: false))
    _ = try session.run("update thing 1 set t = '\(String(repeating: "a", count: 1 << 16))'")
    for _ in 0..<4 { _ = try session.run("update thing 1 set t = t + t + t + t") }
    let failure = #expect(throws: Failure.self) {
      try session.run("update thing 1 set t = t + 'b'")
    }
    #expect(failure?.diagnostics.map(\.code) == ["text-too-long"])
    #expect(failure?.diagnostics.first?.message == "'t' of thing 1 would be longer than 16 MiB")
  }

  @Test func `a long chain of references is deleted in one go`() throws {
    let count = 100_000
    let database = Database(catalog: ChangeModel.catalog, budget: Budget(limit: 1 << 28))
    // Each refers to the one after it, so that a pass finds one at a time.
    let next = (1...count).map { $0 < count ? Int32($0) : -1 }
    try database.table(EntityID(0)).append(
      [
        FieldID(0): Vector(words: (1...count).map(Int64.init)),
        FieldID(7): RowSelection.references(next),
      ], count: count)
    let session = try Self.session(database)
    let notes = try session.run("delete thing \(count) with related").notes
    #expect(
      notes == [
        .deleted(count: 1, singular: "thing", plural: "things"),
        .deletedRelated(count: count - 1, singular: "thing", plural: "things"),
      ])
    #expect(database.table(EntityID(0)).liveRowCount == 0)
  }

  // MARK: histories

  @Test func `a history may have times, and a record no date of its last change`() throws {
    var entities = ChangeModel.catalog.entities
    entities[3].fields[4].type = .time
    entities[0].fields[3].name = "changed"
    let session = try Self.session(
      Database(catalog: Catalog(entities), budget: Budget(limit: 1 << 28)))
    _ = try session.run("add thing t = 'x', c = new")
    _ = try session.run("move thing 1 to open")
    let moves = session.database.table(EntityID(3))
    let day = Int64(20_000 * 86_400)
    #expect(moves.column(FieldID(4)).load(.run(base: 0, count: 2))[0] == .word(day))
    #expect(moves.column(FieldID(4)).load(.run(base: 0, count: 2))[1] == .word(day))
    #expect(session.database.table(EntityID(0)).column(FieldID(3))[0] == .unknown)
  }

  // MARK: sessions

  static func session(_ database: Database) throws -> Session {
    Session(
      database: database,
      files: FilePorts(
        openReader: { path, _ throws(StoreError) in
          throw .file(FileProblem(code: "file-not-found", path: path, message: ""))
        },
        openWriter: { path, _, _, _ throws(StoreError) in
          throw .file(FileProblem(code: "file-not-found", path: path, message: ""))
        }), clock: .fixed(20_000))
  }

  /// The live records of all entities, cell by cell.
  static func records(of session: Session) throws -> [[[Scalar]]] {
    let database = session.database
    try database.loadAll()
    return database.catalog.entities.enumerated().map { index, entity in
      let table = database.table(EntityID(index))
      return (0..<table.rowCount).filter { !table.isDead($0) }.map { row in
        entity.fields.indices.map { table.column(FieldID($0))[row] }
      }
    }
  }
}

/// Four things, two owners, three parts and four openings of histories, loaded when asked for.
private final class LazyThings: TableSource {
  static func database(isLazy: Bool) -> Database {
    let budget = Budget(limit: 1 << 28)
    if isLazy {
      return Database(catalog: ChangeModel.catalog, budget: budget, source: LazyThings())
    }
    let database = Database(catalog: ChangeModel.catalog, budget: budget)
    do throws(StoreError) {
      try LazyThings().load((0..<4).map { EntityID($0) }, into: database)
    } catch {
      Issue.record("the records do not fit: \(error)")
    }
    return database
  }

  func recordCount(of entity: EntityID) throws(StoreError) -> Int { [4, 2, 3, 3][entity.index] }

  func load(_ entities: [EntityID], into database: Database) throws(StoreError) {
    for entity in entities {
      let count = try recordCount(of: entity)
      var vectors = [FieldID(0): Vector(words: (1...count).map(Int64.init))]
      switch entity.index {
      case 0:
        vectors[FieldID(1)] = Vector(texts: TextBlock(["a", "b", "c", "d"]))
        vectors[FieldID(2)] = Vector(words: [0, 0, 1, 0], known: [128, 128, 128, 0])
        vectors[FieldID(3)] = Vector(words: [9, 9, 9, 0], known: [128, 128, 128, 0])
        vectors[FieldID(7)] = RowSelection.references([-1, 0, -1, -1])
        vectors[FieldID(8)] = RowSelection.references([0, 1, 0, -1])
      case 1: vectors = [FieldID(0): Vector(texts: TextBlock(["K1", "K2"]))]
      case 2:
        vectors[FieldID(1)] = RowSelection.references([0, 1, 2])
        vectors[FieldID(2)] = RowSelection.references([-1, -1, 1])
      default:
        vectors[FieldID(1)] = RowSelection.references([0, 1, 2])
        vectors[FieldID(3)] = Vector(words: [0, 0, 1])
        vectors[FieldID(4)] = Vector(words: [9, 9, 9])
      }
      try database.table(entity).append(vectors, count: count)
    }
  }
}
