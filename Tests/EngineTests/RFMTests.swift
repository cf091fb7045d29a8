import Store
import Testing

@testable import Engine

/// `rfm` against its definition: scores by counting who is strictly worse, one by one.
struct RFMTests {
  /// What a customer is found to be.
  private struct Measures: Equatable {
    var recency: Int
    var frequency: Int
    var monetary: Int64
  }

  private static func measures(
    _ store: VerbStore, countingOrders: Bool
  ) -> [Int: Measures] {
    var found: [Int: Measures] = [:]
    for customer in Set(store.counted.map(\.customer)) {
      let own = store.counted.filter { $0.customer == customer }
      let purchases = own.filter { ($0.amountMinor ?? 0) >= 0 }
      guard let last = purchases.map(\.day).max() else { continue }
      found[customer] = Measures(
        recency: VerbStore.today - last,
        frequency: countingOrders ? purchases.count : Set(purchases.map(\.day)).count,
        monetary: own.reduce(0) { $0 + ($1.amountMinor ?? 0) })
    }
    return found
  }

  private static func score(_ worse: Int, of count: Int, bins: Int) -> Int64 {
    Int64(min(bins, 1 + bins * worse / count))
  }

  @Test func `a choice that no record has is no subject`() throws {
    let orders = [("paid", 1), ("paid", 2), ("placed", 3), (nil, 4)].map { status, age in
      VerbStore.Order(
        customer: 1, day: VerbStore.today - age, amountMinor: 100, status: status)
    }
    let session = try VerbStore(customerCount: 1, orders: orders).session()
    let call = "rfm orders of status by date, amount"
    #expect(try session.table(call).rows.count == 2)
    let paid = "rfm orders of status by date, amount where id > 2 summary"
    #expect(try session.table(paid).rows.first?["values"] == .word(1))
  }

  @Test(arguments: [(counts: [2], refuses: true), ([9_300], true), ([1, 1], false)])
  func `what a customer has spent beyond what money holds is refused`(
    _ example: (counts: [Int], refuses: Bool)
  ) throws {
    let orders = example.counts.enumerated().flatMap { customer, count in
      (0..<count).map { _ in
        VerbStore.Order(
          customer: customer + 1, day: VerbStore.today - 3, amountMinor: Limits.moneyMinorMax,
          status: "paid")
      }
    }
    let session = try VerbStore(customerCount: 3, orders: orders).session()
    for call in ["rfm customers", "rfm customers summary", "risk customers"] {
      let refuses = example.refuses && call != "risk customers"
      #expect(
        (try? session.table(call)) == nil ? refuses : !refuses, "\(call), \(example.counts)")
    }
  }

  @Test(arguments: 0..<12)
  func `scores count who is strictly worse, over all who bought`(_ seed: Int) throws {
    let (bins, counting) = ([5, 3, 10, 2][seed % 4], seed % 3 == 0)
    let store = VerbStore(seed: seed)
    let naive = Self.measures(store, countingOrders: counting)
    let words = "rfm customers bins \(bins)" + (counting ? " counting orders" : "")
    let (rows, _) = try store.session().table(words)
    #expect(rows.count == store.customerCount, "seed \(seed)")
    for row in rows {
      guard case .word(let key)? = row["customer"] else { continue }
      guard let own = naive[Int(key)] else {
        #expect(row["recency"] == .unknown && row["r"] == .unknown, "seed \(seed), \(key)")
        continue
      }
      let all = naive.values
      let scores = [
        Self.score(all.count { $0.recency > own.recency }, of: all.count, bins: bins),
        Self.score(all.count { $0.frequency < own.frequency }, of: all.count, bins: bins),
        Self.score(all.count { $0.monetary < own.monetary }, of: all.count, bins: bins),
      ]
      let expected: [Scalar?] =
        [Scalar(own.recency), Scalar(own.frequency), .word(own.monetary)]
        + scores.map { .word($0) }
      let found = ["recency", "frequency", "monetary", "r", "f", "m"].map { row[$0] }
      #expect(found == expected, "seed \(seed), customer \(key)")
    }
  }

  @Test(arguments: 0..<6)
  func `the order of the records changes nothing`(_ seed: Int) throws {
    let store = VerbStore(seed: seed)
    let reversed = VerbStore(
      customerCount: store.customerCount, orders: store.orders.reversed())
    let questions = [
      "rfm customers", "rfm customers nested", "pareto customers by sum(orders.amount)",
      "rfm orders", "rfm orders of customer by date, amount bins 3",
    ]
    for words in questions {
      let (first, second) = (
        try store.session().table(words).rows, try reversed.session().table(words).rows
      )
      #expect(first == second, "seed \(seed), \(words)")
    }
  }

  @Test(arguments: 0..<6)
  func `nested scores stand within the scores above them`(_ seed: Int) throws {
    let store = VerbStore(seed: seed, customerCount: 40, orderCount: 160)
    let rows = try store.session().table("rfm customers nested bins 3").rows
      .filter { $0["r"] != .unknown }
    func word(_ row: [String: Scalar], _ name: String) -> Int64 {
      if case .word(let word)? = row[name] { word } else { -1 }
    }
    for row in rows {
      let peers = rows.filter { $0["r"] == row["r"] }
      let worse = peers.count { word($0, "frequency") < word(row, "frequency") }
      #expect(word(row, "f") == Self.score(worse, of: peers.count, bins: 3), "seed \(seed)")
      let cell = peers.filter { $0["f"] == row["f"] }
      let poorer = cell.count { word($0, "monetary") < word(row, "monetary") }
      #expect(word(row, "m") == Self.score(poorer, of: cell.count, bins: 3), "seed \(seed)")
    }
  }

  /// Stores at the edges: customers, orders as customer, days before today, minor units, and the
  /// scores r, f and m of each customer.
  static let edges: [(String, Int, [(Int, Int, Int64)], [[Int64]?])] = [
    ("nobody", 0, [], []),
    ("no orders", 2, [], [nil, nil]),
    ("one customer", 1, [(1, 3, 100)], [[1, 1, 1]]),
    (
      "all equal", 3, [(1, 3, 100), (2, 3, 100), (3, 3, 100)], [[1, 1, 1], [1, 1, 1], [1, 1, 1]]
    ),
    ("only a refund", 2, [(1, 3, -100), (2, 3, 100)], [nil, [1, 1, 1]]),
    ("a refund is later", 2, [(1, 9, 900), (1, 1, -100), (2, 3, 100)], [[1, 1, 3], [3, 1, 1]]),
    ("net negative", 2, [(1, 9, 100), (1, 8, -900), (2, 3, 100)], [[1, 1, 1], [3, 1, 3]]),
    ("two on one day", 2, [(1, 3, 100), (1, 3, 100), (2, 3, 100)], [[1, 1, 3], [1, 1, 1]]),
  ]

  @Test(arguments: edges.indices)
  func `edges have the scores they must`(_ index: Int) throws {
    let (name, count, orders, expected) = Self.edges[index]
    let store = VerbStore(
      customerCount: count,
      orders: orders.map {
        VerbStore.Order(customer: $0.0, day: VerbStore.today - $0.1, amountMinor: $0.2)
      })
    let rows = try store.session().table("rfm customers").rows
    let found = rows.map { row -> [Int64]? in
      let words = ["r", "f", "m"].compactMap { name -> Int64? in
        if case .word(let word)? = row[name] { word } else { nil }
      }
      return words.isEmpty ? nil : words
    }
    #expect(found == expected, "\(name)")
  }

  @Test func `what is left out is counted`() throws {
    let store = VerbStore(
      customerCount: 1,
      orders: [
        .init(customer: 1, day: VerbStore.today, amountMinor: 100),
        .init(customer: nil, day: VerbStore.today, amountMinor: 100),
        .init(customer: 1, day: nil, amountMinor: 100),
        .init(customer: 1, day: VerbStore.today + 1, amountMinor: 100),
        .init(customer: 1, day: VerbStore.today, amountMinor: 100, status: "cancelled"),
        .init(customer: 1, day: VerbStore.today, amountMinor: 100, status: "returned"),
      ])
    let leftOut = VerbFact.leftOut(
      plural: "orders", withoutSubject: 1, withoutDay: 1, later: 1, invalid: 2)
    for words in ["rfm customers", "rfm orders"] {
      #expect(try store.session().table(words).facts.contains(leftOut), "\(words)")
    }
  }
}
