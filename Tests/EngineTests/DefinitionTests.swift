import Store
import TestSupport
import Testing

@testable import Engine

/// Definitions change through recorded changes, so whatever was done can be taken back.
struct DefinitionTests {
  /// Statements that are drawn; some are refused, by what was drawn before.
  static let statements = [
    "define segment a as things where i > 3", "define segment b as a where t is known",
    "define segment c as b where in top 50% by i", "redefine segment a as things where i > 5",
    "redefine segment a as c", "rename segment a to z", "rename segment z to a",
    "drop segment a", "drop segment b", "drop segment c", "freeze segment b as f",
    "freeze (things top 2 by i) as g", "rename segment f to h", "drop segment g", "drop segment h",
    "define field things.x as i * 2", "define field things.y as x + 1",
    "define field things.n text",
    "define field things.m choice(low, high) ordered", "define field things.p to things",
    "define field owners.n integer", "redefine field things.x as i + n_2",
    "redefine field things.x as i * 3", "rename field things.n to n_2",
    "rename field things.n_2 to n", "rename field things.m to n_2", "drop field things.n",
    "drop field things.m", "drop field things.p", "drop field things.x", "drop field things.y",
    "update all things set n = t", "update things where i > 2 set m = high",
    "update thing 2 set p = 1",
    "delete thing 3 with related", "add thing t = 'new', i = 7", "add thing n = 'new', m = low",
    "define segment d as things where n = 'a' or p.m = high", "drop segment d",
    "define entity notes (body text, thing to things)", "add note body = 'x', thing = 1",
    "rename entity notes to texts", "drop entity texts", "drop entity notes",
    "define standard s as count(things where in segment a) >= 3 by 2026-12-31",
    "define standard u as sum(things.x) < 3 * standard s by 2026-12-31",
    "rename standard s to goal", "drop standard goal", "drop standard u",
    "define action act for things when i > standard s priority 2 say 'do'",
    "redefine action act for things when in segment b priority 1 say 'do'", "drop action act",
  ]

  @Test(arguments: 0..<40)
  func `what a random sequence of definitions did is taken back step by step`(_ seed: Int) throws {
    var random = SplitMix64(UInt64(seed))
    let session = try ChangeTests.session(
      Database(catalog: ChangeModel.catalog, budget: Budget(limit: 1 << 28)))
    for text in ["a", "b", "c", "d", "e"].enumerated().map({ "t = '\($1)', i = \($0 * 2)" }) {
      _ = try session.run("add thing \(text)")
    }
    var states = [try State(session)]
    var isOpen = false
    for _ in 0..<40 {
      let statement = Self.statements[Int(random.next() % UInt64(Self.statements.count))]
      switch random.next() % 12 {
      case 0 where !isOpen && states.count > 1:
        _ = try session.run("undo")
        states.removeLast()
        #expect(try State(session) == states.last, "seed \(seed), undo")
      case 1 where !isOpen:
        let before = try State(session)
        _ = try session.run("begin")
        _ = try? session.run(statement)
        _ = try session.run("rollback")
        isOpen = false
        #expect(try State(session) == before, "seed \(seed), \(statement)")
      default:
        let before = try State(session)
        do {
          _ = try session.run(statement)
        } catch {
          #expect(try State(session) == before, "seed \(seed), refused: \(statement)")
          continue
        }
        let after = try State(session)
        if after != before { states.append(after) }
      }
    }
    while states.count > 1 {
      _ = try session.run("undo")
      states.removeLast()
      #expect(try State(session) == states.last, "seed \(seed), at the end")
    }
  }

  /// What is there, and what is defined.
  private struct State: Equatable {
    let entities: [Entity]
    let definitions: [Definition]
    let records: [[[Scalar]]]

    init(_ session: Session) throws {
      entities = session.database.catalog.entities
      definitions = session.database.catalog.definitions
      let database = session.database
      records = database.catalog.entities.enumerated().map { index, entity in
        let table = database.table(EntityID(index))
        let stored = entity.fields.indices.filter { !entity.fields[$0].isComputed }
        return (0..<table.rowCount).filter { !table.isDead($0) }.map { row in
          stored.map { table.column(FieldID($0))[row] }
        }
      }
    }
  }

  @Test func `each definition holds after whatever was done to the others`() throws {
    let session = try ChangeTests.session(
      Database(catalog: ChangeModel.catalog, budget: Budget(limit: 1 << 28)))
    var random = SplitMix64(7)
    for _ in 0..<400 {
      let statement = Self.statements[Int(random.next() % UInt64(Self.statements.count))]
      _ = try? session.run(statement)
      let broken = session.database.catalog.definitionTexts(today: 20_000).filter {
        $0.problem != nil
      }
      #expect(broken.map(\.label) == [], "after \(statement)")
    }
  }
}
