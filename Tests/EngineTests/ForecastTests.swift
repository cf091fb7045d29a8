import Store
import Syntax
import Testing

@testable import Engine

/// `forecast` as a verb: what reaches the models, what is refused, and what its columns mean.
struct ForecastTests {
  /// A firm of which most buy again, some on one day only and two never.
  private static func store(_ seed: Int) -> VerbStore {
    var random = SplitMix64(UInt64(seed))
    var orders: [VerbStore.Order] = []
    for customer in 1...60 {
      var day = VerbStore.today - 300 - Int(random.next() % 200)
      for _ in 0..<(1 + Int(random.next() % 6)) where day <= VerbStore.today {
        orders.append(
          .init(
            customer: customer, day: day, amountMinor: Int64(1_000 + random.next() % 4_000)))
        day += 10 + Int(random.next() % 90)
      }
    }
    return VerbStore(customerCount: 62, orders: orders)
  }

  private static func real(_ value: Scalar?) -> Double {
    switch value {
    case .real(let real)?: real
    case .word(let word)?: Double(word)
    default: .nan
    }
  }

  @Test(
    "what a customer has spent beyond what money holds is refused",
    arguments: [(counts: [1, 9_300], refuses: true), ([1, 1, 1], true), ([1, 1], false)])
  func outOfRange(_ example: (counts: [Int], refuses: Bool)) throws {
    let events = VerbInputs.events(
      [
        example.counts.enumerated().flatMap { day, count in
          (0..<count).map { _ in (day: day, values: [Limits.moneyMinorMax]) }
        }
      ], valueCount: 1)
    var past = PurchasePast()
    let refusal: StoreError?
    do throws(StoreError) {
      try past.add(events, from: 0, asOf: 10)
      refusal = nil
    } catch {
      refusal = error
    }
    #expect(refusal == (example.refuses ? .amountOutOfRange : nil))
  }

  @Test(arguments: 0..<4)
  func `without a discount the value is the orders times the spend`(_ seed: Int) throws {
    let session = try Self.store(seed).session()
    let rows = try session.table("forecast customers over 12 months with mbg").rows
    #expect(rows.count == 62)
    for row in rows {
      guard row["repeat_orders"] != .unknown else {
        #expect(row.values.filter(\.isKnown).count == 1, "only the customer is known")
        continue
      }
      let (alive, orders) = (Self.real(row["p_alive"]), Self.real(row["expected_orders"]))
      #expect(alive >= 0 && alive <= 1 && orders >= 0)
      let expected = orders * Self.real(row["expected_value"])
      #expect(abs(Self.real(row["clv"]) - expected) <= 1 + orders, "within rounding to cents")
      #expect(Self.real(row["age_at_last"]) <= Self.real(row["age"]))
      if case .word(let day)? = row["next_order"] { #expect(Int(day) > VerbStore.today) }
    }
    let discounted = try session.table(
      "forecast customers over 12 months with mbg discount 10% a year summary"
    ).rows
    let plain = try session.table("forecast customers over 12 months with mbg summary").rows
    #expect(Self.real(discounted[0]["clv"]) < Self.real(plain[0]["clv"]))
    #expect(discounted[0]["log_likelihood"] == plain[0]["log_likelihood"])
  }

  /// Statements, and the code of the error; nil where there is an answer.
  static let statements: [(String, String?)] = [
    ("forecast customers over 3 months", nil), ("forecast customers over 1 day", nil),
    ("forecast customers over 100 years", nil), ("forecast customers over 3 months check", nil),
    ("forecast customers where id <= 20 over 3 months", "too-little-data"),
    ("forecast customers where id > 60 over 3 months", "too-little-data"),
    ("forecast customers where id > 900 over 3 months", "too-little-data"),
    ("forecast customers over 0 days", "option-out-of-range"),
    ("forecast customers over 101 years", "option-out-of-range"),
    ("forecast customers over 3 months discount 110% a year", "not-percent"),
    ("forecast customers as of 2020-01-01 over 3 months", "too-little-data"),
    ("forecast customers as of 2020-01-01 over 3 months check", "too-little-data"),
  ]

  @Test(arguments: statements)
  func `it answers or says why not`(_ text: String, _ code: String?) throws {
    let session = try Self.store(1).session()
    do {
      _ = try session.table(text)
      #expect(code == nil, "\(text)")
    } catch let failure as Failure {
      #expect(failure.diagnostics.map(\.code) == [code], "\(text)")
    }
  }
}
