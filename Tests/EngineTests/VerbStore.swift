import Engine
import Store
import Testing

/// A small firm for tests of the analytic verbs, and what its records are, for naive versions.
struct VerbStore {
  /// One order, `nil` for what is unknown.
  struct Order: Hashable {
    var customer: Int?
    var day: Int?
    var amountMinor: Int64?
    var status: String?

    /// Whether it counts: cancelled and returned ones do not, an unknown status does.
    var isValid: Bool { status != "cancelled" && status != "returned" }
  }

  static let today = Day.number(year: 2026, month: 6, day: 30)
  /// The largest customer's key; keys are 1 and up.
  let customerCount: Int
  let orders: [Order]

  /// Draws orders with ties, refunds, several a day, some of nobody, of no day, of tomorrow.
  init(seed: Int, customerCount: Int = 25, orderCount: Int = 90) {
    var random = SplitMix64(UInt64(seed))
    func draw(_ bound: Int) -> Int { Int(random.next() % UInt64(bound)) }
    self.customerCount = customerCount
    orders = (0..<orderCount).map { _ in
      Order(
        customer: draw(20) == 0 ? nil : 1 + draw(max(1, customerCount - 3)),
        day: draw(25) == 0 ? nil : Self.today + 3 - draw(12) * draw(30),
        amountMinor: draw(30) == 0
          ? nil : Int64((draw(8) == 0 ? -1 : 1) * [500, 1_000, 1_000, 2_550][draw(4)]),
        status: [nil, "paid", "paid", "placed", "cancelled", "returned"][draw(6)])
    }
  }

  init(customerCount: Int, orders: [Order]) {
    self.customerCount = customerCount
    self.orders = orders
  }

  /// The orders that verbs look at, as they stand after leaving out the others.
  var counted: [(customer: Int, day: Int, amountMinor: Int64?)] {
    orders.compactMap { order in
      guard order.isValid, let customer = order.customer, let day = order.day, day <= Self.today
      else { return nil }
      return (customer, day, order.amountMinor)
    }
  }

  /// A session over the records, added one by one in the order of the list.
  func session() throws -> Session {
    let session = try ChangeTests.session(
      Database(catalog: .builtIn, budget: Budget(limit: 1 << 28)))
    session.clock = .fixed(Self.today)
    for customer in 0..<customerCount {
      _ = try session.run("add customer name = 'c\(customer + 1)'")
    }
    for order in orders {
      var parts: [String] = []
      if let customer = order.customer { parts.append("customer = \(customer)") }
      if let day = order.day { parts.append("date = \(Self.date(day))") }
      if let amount = order.amountMinor { parts.append("amount = \(Self.money(amount))") }
      if let status = order.status { parts.append("status = \(status)") }
      if parts.isEmpty { parts.append("quantity = 1") }
      _ = try session.run("add order " + parts.joined(separator: ", "))
    }
    return session
  }

  /// A day as it is typed.
  static func date(_ day: Int) -> String {
    let (year, month, dayOfMonth) = Day.date(day)
    func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(year)-\(padded(month))-\(padded(dayOfMonth))"
  }

  private static func money(_ minor: Int64) -> String {
    let cents = minor.magnitude % 100
    return "\(minor < 0 ? "-" : "")\(minor.magnitude / 100).\(cents < 10 ? "0" : "")\(cents)"
  }
}

extension Session {
  /// All rows of a statement's one section, by the names of its columns, and what is noted.
  func table(_ text: String) throws -> (rows: [[String: Scalar]], facts: [VerbFact]) {
    let answer = try run(text)
    let section = try #require(answer.sections.first)
    var rows: [[String: Scalar]] = []
    while let batch = try section.cursor.next() {
      for row in 0..<batch.count {
        var values: [String: Scalar] = [:]
        for (column, vector) in zip(section.columns, batch.vectors) {
          values[column.name] = vector[row]
        }
        rows.append(values)
      }
    }
    let facts = section.cursor.notes.compactMap { note in
      if case .verb(let fact) = note { fact } else { nil }
    }
    return (rows, facts)
  }
}
