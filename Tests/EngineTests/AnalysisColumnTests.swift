import Testing

@testable import Engine

/// What the columns of a verb are called.
struct AnalysisColumnTests {
  private static let table: [(subjects: String, names: [String])] = [
    ("customers", ["customers", "members", "top_customers"]),
    ("key accounts", ["key accounts", "members", "top_key accounts"]),
    ("Members", ["Members_2", "members", "top_Members"]),
  ]

  @Test func `a count is called after what it counts, and no name stands twice`() {
    let columns: [AnalysisColumn] = [
      .subjectCount(), AnalysisColumn("members", .integer), .subjectCount("top_"),
    ]
    for (subjects, names) in Self.table {
      #expect(columns.named(after: subjects).map(\.name) == names)
    }
  }
}
