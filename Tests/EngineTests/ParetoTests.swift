import Store
import Testing

@testable import Engine

/// `pareto` against its definition, customer by customer.
struct ParetoTests {
  private static let classes = ["A", "B", "C", "D"]

  /// The class of a value among all, in whole numbers: the share before the first of its equals.
  private static func code(_ value: Int64, _ all: [Int64]) -> Int64 {
    guard value >= 0 else { return 3 }
    let gains = all.filter { $0 >= 0 }
    let total = gains.reduce(0, +)
    guard total > 0 else { return 2 }
    let before = gains.filter { $0 > value }.reduce(0, +)
    return before * 100 < total * 80 ? 0 : before * 100 < total * 95 ? 1 : 2
  }

  @Test(arguments: 0..<12)
  func `classes and shares are those of the definition`(_ seed: Int) throws {
    let store = VerbStore(seed: seed)
    let session = try store.session()
    let (rows, facts) = try session.table("pareto customers by sum(orders.revenue)")
    var sums = [Int64](repeating: 0, count: store.customerCount)
    for order in store.orders where order.isValid {
      if let customer = order.customer { sums[customer - 1] += order.amountMinor ?? 0 }
    }
    let total = sums.filter { $0 >= 0 }.reduce(0, +)
    var seen: [Int64] = []
    for row in rows {
      guard case .word(let key)? = row["customer"] else { continue }
      let own = sums[Int(key) - 1]
      #expect(row["measure"] == .word(own), "seed \(seed), \(key)")
      #expect(row["class"] == .word(Self.code(own, sums)), "seed \(seed), \(key)")
      seen.append(own)
      guard own >= 0, total > 0 else { continue }
      let through = sums.filter { $0 >= own }.reduce(0, +)
      #expect(row["share"] == .real(Double(own) / Double(total)), "seed \(seed), \(key)")
      #expect(
        row["running_share"] == .real(Double(through) / Double(total)), "seed \(seed), \(key)")
    }
    #expect(seen == seen.sorted(by: >), "seed \(seed): largest first")
    let summary = try #require(
      try session.table("pareto customers by sum(orders.revenue) summary").rows.first)
    let counts = ["class_a", "class_b", "class_c", "class_d"].map { summary[$0] }
    let expected = (0..<4).map { code in
      Scalar(sums.count { Self.code($0, sums) == code })
    }
    #expect(counts == expected, "seed \(seed): classes add up")
    #expect(facts.contains { if case .pareto(.rule) = $0 { true } else { false } })
    if total > 0 {
      let makers = sums.sorted(by: >).reduce(into: (sum: Int64(0), count: 0)) { made, value in
        if made.sum * 100 < total * 80 { made = (made.sum + value, made.count + 1) }
      }
      #expect(summary["makers"] == Scalar(makers.count), "seed \(seed)")
      #expect(Self.isNear(summary["gini"], Self.gini(sums.filter { $0 >= 0 })), "seed \(seed)")
    }
  }

  /// The mean difference between all pairs ÷ twice the mean: the definition of Gini.
  private static func gini(_ values: [Int64]) -> Double {
    var differences = 0.0
    for a in values { for b in values { differences += abs(Double(a - b)) } }
    let n = Double(values.count)
    return differences / (2 * n * Double(values.reduce(0, +)))
  }

  private static func isNear(_ found: Scalar?, _ expected: Double) -> Bool {
    if case .real(let real)? = found { abs(real - expected) < 1e-9 } else { false }
  }

  /// Minor units of customers, what `at` is, and the classes: the crossing customer is in A, ten
  /// equal tenths cross at the eighth exactly, equal values share a class.
  static let edges: [([Int64?], String, [String?])] = [
    ([], "", []), ([100], "", ["A"]), ([nil], "", [nil]), ([0, 0], "", ["C", "C"]),
    ([-5, -5], "", ["D", "D"]), ([79, 21], "", ["A", "A"]), ([80, 15, 5], "", ["A", "B", "C"]),
    ([10, 10, 10, 10, 10, 10, 10, 10, 10, 10], "", Array(repeating: "A", count: 10)),
    ([60, 20, 19, 1], " at 60%", ["A", "B", "B", "C"]), ([96, 3, 1], " at 96%", ["A", "C", "C"]),
    ([100, -50, 0, nil], "", ["A", "D", "C", nil]),
    ([50, 30, 5, 5, 5, 5], "", ["A", "A", "B", "B", "B", "B"]),
  ]

  @Test(arguments: edges.indices)
  func `borders are exact and never split equal values`(_ index: Int) throws {
    let (values, at, expected) = Self.edges[index]
    let session = try VerbStore(customerCount: 0, orders: []).session()
    for value in values {
      let amount = value.map { ", value = \($0)" } ?? ""
      _ = try session.run("add customer name = 'x'\(amount)")
    }
    let rows = try session.table("pareto customers by value\(at) then order by customer.id").rows
    let found = rows.map { row -> String? in
      if case .word(let code)? = row["class"] { Self.classes[Int(code)] } else { nil }
    }
    #expect(found == expected, "\(values)\(at)")
  }
}
