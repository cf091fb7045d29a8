import Store
import Syntax
import Testing

@testable import Engine

/// The groups of `rfm`, cell by cell.
struct RFMGroupsTests {
  private let database = Database(catalog: .builtIn, budget: Budget())
  private let groups = RFMGroups(
    .standard, bindingWith: Binder(catalog: .builtIn, today: 0))

  @Test func `every cell is in a group, whatever the number of bins`() throws {
    #expect(try groups.uncovered(database) == [])
    for bins in [1, 2, 3, 5, 7, 10] {
      let codes = try groups.codes(binCount: bins, database)
      #expect(codes.count == bins * bins * bins && !codes.contains(groups.prospectCode))
    }
  }

  @Test func `every group has a cell, and the first that matches wins`() throws {
    let codes = try groups.codes(binCount: 5, database)
    #expect(Set(codes).count == HouseRules.standard.groups.count)
    for (r, f, m, expected) in [
      (5, 5, 5, "champions"), (4, 4, 4, "champions"), (3, 5, 5, "loyal"), (5, 3, 3, "loyal"),
      (5, 1, 3, "promising"), (5, 1, 1, "new"), (3, 2, 2, "needs_attention"),
      (3, 1, 2, "about_to_sleep"), (1, 5, 5, "cannot_lose"), (2, 2, 3, "at_risk"),
      (2, 2, 2, "hibernating"), (1, 1, 1, "lost"),
    ] as [(UInt8, UInt8, UInt8, String)] {
      let code = codes[groups.place(r: r, f: f, m: m, binCount: 5)]
      #expect(groups.choice.names[Int(code)] == expected, "\(r) \(f) \(m)")
    }
  }

  @Test(arguments: [
    "", "r", "r = 1, f = 1", "x = 1", "rank(r) = 1", "count() > 1", "has orders",
    "median(all customers.value) > r", "fm in top 20% by r", "r = $x", "r = 1 as y",
  ])
  func `a condition is over the scores and over nothing else`(text: String) {
    #expect(throws: Failure.self) {
      try Binder(catalog: .builtIn, today: 0).bindScoreCondition(text)
    }
  }
}
