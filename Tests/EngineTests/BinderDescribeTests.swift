import Store
import Syntax
import Testing

@testable import Engine

/// `describe` over an empty store: what there is to ask about.
@Suite struct BinderDescribeTests {
  @Test(
    "Each form of describe is one table",
    arguments: [
      ("describe", 15, "customers | 0 | 26 | joined | campaigns, customers, employees"),
      ("describe entities", 15, "customers | 0 | 26 | joined | campaigns, customers, employees"),
      ("describe customers", 35, "id | integer, key | – | 0 | –"),
      (
        "describe functions", Functions.all.count,
        "days_since | function | days_since(date) | integer | whole days from the date to today | "
          + "find customers where days_since(joined) < 90"
      ),
      ("describe complaints.severity", 6, "field | complaints.severity"),
      ("describe customers.profit", 3, "field | customers.profit"),
      ("describe Customers.Owner", 6, "field | customers.owner"),
    ])
  func table(text: String, rowCount: Int, first: String) throws {
    let batch = try #require(try Self.answer(text).sections.first?.cursor.next())
    #expect(batch.count == rowCount)
    let cells = batch.vectors.map { vector in
      switch vector[0] {
      case .text(let text): text
      case .word(let count): "\(count)"
      case .real, .unknown: "–"
      }
    }
    #expect(cells.joined(separator: " | ") == first)
  }

  @Test(
    "What cannot be described has a close name",
    arguments: [
      ("describe custmers", "unknown-entity", "customers"),
      ("describe function", "unknown-entity", "functions"),
      ("describe customers.stge", "unknown-field", "stage"),
      ("describe customers.stage.x", "not-a-reference", nil),
    ])
  func refusal(text: String, code: String, near: String?) throws {
    let failure = try #require(throws: Failure.self) { try Self.answer(text) }
    #expect(failure.diagnostics[0].code == code)
    #expect(failure.diagnostics[0].fixes.first?.replacement == near)
  }

  private static func answer(_ text: String) throws -> Answer {
    guard case .describe(_, let names) = try Parser.parse(text).kind else {
      return Answer(sections: [])
    }
    let database = Database(catalog: .builtIn, budget: Budget(limit: 1 << 30))
    return try Describe(
      database: database,
      inquiry: Inquiry(
        database: database, catalog: database.catalog, today: 0, seed: 0,
        load: { _ throws(Failure) in })
    ).answer(nil, names)
  }
}
