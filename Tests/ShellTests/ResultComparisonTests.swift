import Engine
import Testing

@testable import Shell

/// Answers are compared by what is in them.
struct ResultComparisonTests {
  /// A small answer: `stage count | welcoming 3 | lost 5`; a name with `%` is of percentages, a cell
  /// `7:Ana` refers to a record.
  private static func result(_ text: String, by keys: [String] = ["stage"]) -> ResultSet {
    let rows = text.split(separator: "|").map { $0.split(separator: " ").map(String.init) }
    var columns = (rows.first ?? []).map {
      ResultSet.Column(name: $0.replacing("%", with: ""), isPercent: $0.hasSuffix("%"))
    }
    for row in rows.dropFirst() {
      for place in columns.indices {
        columns[place].values.append(value(row[place]))
        columns[place].texts.append(row[place])
      }
    }
    return ResultSet(shape: keys.isEmpty ? .whole : .groups(by: keys), columns: columns)
  }

  private static func value(_ text: String) -> ResultValue {
    if text == "?" { return .unknown }
    if let number = Double(text) { return .number(number) }
    let parts = text.split(separator: ":").map(String.init)
    return parts.count == 2 ? .reference(key: parts[0], label: parts[1]) : .text(text)
  }

  @Test(
    arguments: [
      ("the same", "stage n | a 1 | b 2", "stage n | a 1 | b 2", []),
      ("another order", "stage n | a 1 | b 2", "stage n | b 2 | a 1", []),
      ("other names", "stage n | a 1 | b 2", "step many | a 1 | b 2", []),
      ("other columns' order, and more", "stage n | a 1 | b 2", "x n stage | 9 1 a | 9 2 b", []),
      ("a row twice in both", "stage n | a 1 | a 1", "stage n | a 1 | a 1", []),
      ("numbers that print alike", "stage n | a 0.3333333", "stage n | a 0.33333329", []),
      ("large numbers, a billionth apart", "stage n | a 1e12", "stage n | a 1000000000001", []),
      ("percentages that print alike", "stage s% | a 0.1234", "stage s | a 0.1231", []),
      ("a record and its key", "who n | 7:Ana 1", "id n | 7 1", []),
      ("a record and its name", "who n | 7:Ana 1", "name n | Ana 1", []),
      ("unknown and unknown", "stage n | a ?", "stage n | a ?", []),
      ("equal columns", "stage n m | a 1 2 | b 2 1", "stage m n | a 2 1 | b 1 2", []),
      ("order that is asked for", "stage n | a 1 | b 2", "stage n | a 1 | b 2", [.order]),
      ("names that are asked for", "stage n | a 1", "stage n x | a 1 2", [.names]),
    ] as [(String, String, String, ResultWish)])
  func `is right`(_ name: String, wanted: String, found: String, wish: ResultWish) {
    let comparison = ResultComparison(
      wanted: Self.result(wanted), found: Self.result(found), wish: wish)
    #expect(comparison.difference == nil, "\(name)")
  }

  @Test(
    arguments: [
      (
        "stage n | a 1 | b 2", "stage n | a 1", [],
        "1 row found, 2 rows asked for. 1 is missing: b."
      ),
      ("stage n | a 1", "stage n | a 1 | a 1", [], "1 is too many: a."),
      (
        "stage n | a 1 | b 2", "stage n | a 1 | b 3", [],
        "for b, 'n' is 3 and should be 2"
      ),
      ("stage n | a 1 | b 2", "stage | a | b", [], "a column is missing"),
      ("stage n m | a 1 5 | b 2 6", "stage n | a 1 | b 2", [], "the solution calls it 'm'"),
      ("stage n | a 1 | b 1", "stage n m | a 1 2 | b 2 1", [], "for b, 'n' is 2"),
      ("stage n | a 1 | b 2", "stage n | b 2 | a 1", [.order], "row 1 is b and should be a"),
      ("stage n | a 1", "stage many | a 1", [.names], "'many' should be called 'n'"),
      ("stage n | a 1 | b 2", "stage n", [], "no rows found"),
      ("stage n | a ?", "stage n | a 0", [], "'n' is 0"),
      ("who n | 7:Ana 1 | 8:Ana 2", "name n | Ana 1 | Bo 2", [], "1 is missing: 8:Ana"),
      ("stage n | a 0.3333", "stage n | a 0.3334", [], "should be 0.3333"),
      ("stage s% | a 0.1234", "stage s% | a 0.1264", [], "should be 0.1234"),
      (
        "stage n | a 1 | b 1 | c 1 | d 1 | e 1", "stage n | x 1", [],
        "5 are missing, such as a; b; c."
      ),
    ] as [(String, String, ResultWish, String)])
  func `is wrong, and told so`(wanted: String, found: String, wish: ResultWish, words: String) {
    let comparison = ResultComparison(
      wanted: Self.result(wanted), found: Self.result(found), wish: wish)
    let told = comparison.difference?.words ?? "right"
    #expect(told.contains(words), "\(told)")
  }

  @Test func `rows that stand for other things are told first`() {
    let groups = Self.result("stage n | a 1 | b 2")
    let others = Self.result("country n | ES 1 | IT 2", by: ["country"])
    let pairs = Self.result("stage country n | a ES 1 | b ES 1 | b IT 1", by: ["stage", "country"])
    let whole = Self.result("n | 3", by: [])
    var records = Self.result("name | Ana | Bo")
    records.shape = .records(singular: "customer", plural: "customers")
    records.records = [("1", "1 Ana"), ("2", "2 Bo")].map {
      ResultSet.Record(key: $0.0, words: $0.1)
    }
    let told = [(groups, others), (groups, pairs), (groups, whole), (records, groups)].map {
      ResultComparison(wanted: $0.0, found: $0.1, wish: []).difference?.words
    }
    #expect(
      told
        == [
          "a row for each stage; yours has a row for each country.",
          "a row for each stage; yours has a row for each stage and country.",
          "a row for each stage; yours has one row, about everything.",
          "a row for each customer; yours has a row for each stage.",
        ].map { "The answer asked for has " + $0 })
  }

  /// Every way of shuffling the columns and rows of an answer is the same answer; a value changed is
  /// not.
  @Test func `whatever order rows and columns have`() {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<50 {
      let rowCount = Int.random(in: 1...30, using: &random)
      var columns = (0..<4).map { number in
        var column = ResultSet.Column(name: "c\(number)")
        for _ in 0..<rowCount {
          let value = Int.random(in: 0...2, using: &random)
          column.values.append(number < 2 ? .text("t\(value)") : .number(Double(value) / 3))
          column.texts.append("\(value)")
        }
        return column
      }
      let wanted = ResultSet(shape: .rows, columns: columns)
      let order = Array(0..<rowCount).shuffled(using: &random)
      for place in columns.indices {
        columns[place].values = order.map { columns[place].values[$0] }
        columns[place].texts = order.map { columns[place].texts[$0] }
      }
      columns.shuffle(using: &random)
      let found = ResultSet(shape: .rows, columns: columns)
      #expect(ResultComparison(wanted: wanted, found: found, wish: []).difference == nil)
      columns[0].values[0] = .number(7)
      let changed = ResultSet(shape: .rows, columns: columns)
      #expect(ResultComparison(wanted: wanted, found: changed, wish: []).difference != nil)
    }
  }

  @Test func `many rows that differ in their numbers are told apart in a moment`() {
    func rows(_ numbers: some Sequence<Double>) -> ResultSet {
      let numbers = Array(numbers)
      var columns = [ResultSet.Column(name: "n"), ResultSet.Column(name: "m")]
      columns[0].values = numbers.map { .number($0) }
      columns[1].values = numbers.map { .number(-$0) }
      for place in columns.indices { columns[place].texts = numbers.map { "\($0)" } }
      return ResultSet(shape: .rows, columns: columns)
    }
    let wanted = rows((0..<30_000).map(Double.init))
    let same = rows((0..<30_000).reversed().map { Double($0) + 1e-8 })
    #expect(ResultComparison(wanted: wanted, found: same, wish: []).difference == nil)
    let other = rows((0..<30_000).map { Double($0) + 0.5 })
    #expect(ResultComparison(wanted: wanted, found: other, wish: []).difference != nil)
  }

  @Test func `numbers that print alike match though they stand in another order`() {
    let wanted = Self.result("s n m | a 0.3 2 | a 0.30000001 1", by: ["s"])
    let found = Self.result("s n m | a 0.30000001 2 | a 0.3 1", by: ["s"])
    #expect(ResultComparison(wanted: wanted, found: found, wish: []).difference == nil)
  }

  @Test func `answers of which not all rows are kept differ in their count`() {
    var columns = [ResultSet.Column(name: "n")]
    columns[0].values = [.number(1)]
    columns[0].texts = ["1"]
    let few = ResultSet(shape: .rows, columns: columns)
    for count in [300_000, 300_001] {
      let many = ResultSet(shape: .rows, columns: columns, rowCount: count)
      let words = ResultComparison(wanted: few, found: many, wish: []).difference?.words
      #expect(words == "\(ValueText.grouped(count)) rows found, 1 row asked for.")
    }
  }
}
