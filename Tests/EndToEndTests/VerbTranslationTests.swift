import Store
import TestSupport
import Testing

/// What `sql` writes for an analytic verb is what the verb finds: over the same data file SQLite gives
/// the same rows.
///
/// `RAPPORT_QUERIES=500 RAPPORT_SEED=7 swift test --filter VerbTranslationTests` asks more, or others.
struct VerbTranslationTests {
  /// Orders with refunds, equal amounts, several on a day, later than today, of nobody and without a
  /// date; changes of stage on one day, to the same stage, from and to none.
  static func changes(_ seed: Int) -> String {
    """
    UPDATE orders SET date = date('2024-05-30', ((id * 7919 + \(seed) * 31) % 761) || ' days')
      WHERE id % 3 = \(seed % 3);
    UPDATE orders SET date = '2026-06-12' WHERE (id + \(seed)) % 17 = 0;
    UPDATE orders SET date = '2026-07-15' WHERE (id + \(seed)) % 23 = 0;
    UPDATE orders SET date = NULL WHERE (id + \(seed)) % 37 = 0;
    UPDATE orders SET amount = ((id * 31 + \(seed)) % 9 - 3) * 12.35 WHERE id % 4 = \(seed % 4);
    UPDATE orders SET amount = -amount WHERE (id + \(seed)) % 13 = 0;
    UPDATE orders SET customer_id = NULL WHERE (id + \(seed)) % 29 = 0;
    UPDATE customers SET value = -value WHERE (id + \(seed)) % 15 = 0;
    UPDATE stage_changes SET at = '2025-11-03' WHERE (id + \(seed)) % 7 = 0;
    UPDATE stage_changes SET at = NULL WHERE (id + \(seed)) % 31 = 0;
    UPDATE stage_changes SET "from" = "to" WHERE (id + \(seed)) % 11 = 0;
    UPDATE stage_changes SET "from" = NULL WHERE (id + \(seed)) % 19 = 0;
    UPDATE stage_changes SET "to" = NULL WHERE (id + \(seed)) % 41 = 0;
    UPDATE stage_changes SET customer_id = NULL WHERE (id + \(seed)) % 43 = 0;
    """
  }

  /// Calls with every option; `S` stands for a source of customers, `O` for one of orders.
  static let calls = [
    "rfm S", "rfm S bins 2", "rfm S bins 7", "rfm S bins 12 nested", "rfm S nested",
    "rfm S counting orders", "rfm S bins 4 nested counting orders", "rfm S summary",
    "rfm S counting orders summary", "rfm S in 2025", "rfm S as of 2025-09-30",
    "rfm S of orders by date, cost", "rfm S of orders by date, quantity",
    "rfm S of complaints by opened, days_to_resolve", "rfm O", "rfm O nested", "rfm O summary",
    "rfm O of product by date, amount", "rfm O of channel by date, amount bins 3",
    "rfm S then where r >= 4 show customer.name, monetary, cell order by monetary desc limit 5",
    "rfm S then group by rfm_group show count(), sum(monetary), avg(frequency)",
    "rfm S then where rfm_group != prospect then group by r, f show count() as n",
    "rfm S then where has complaints show customer, rfm_group, rank(monetary) as place",
    "rfm S then top 3 by monetary per rfm_group", "rfm O then where f > 2 order by recency",
    "rfm S summary then where customers > 3",
    "pareto S by value", "pareto S by value at 50%", "pareto S by value summary",
    "pareto S by sum(orders.amount)", "pareto S by sum(orders.amount) at 33% summary",
    "pareto S by count(complaints)", "pareto S by count(complaints) summary",
    "pareto S by satisfaction", "pareto S by value - cost", "pareto S by value as of 2025-09-30",
    "pareto S by count(orders in 2025) then where class = A show customer.name, measure, share",
    "pareto S by value then group by class show count(), sum(measure)",
    "pareto S by rank(value)", "pareto (rfm S) by monetary then where class <= B",
    "rfm (pareto S by value then where class = A)",
    "cohort S by year", "cohort S by quarter", "cohort S by month", "cohort S by quarter unbounded",
    "cohort S by year of orders", "cohort S by quarter of revenue",
    "cohort S by year of revenue unbounded", "cohort S by quarter of orders unbounded",
    "cohort S by week over complaints", "cohort S by year summary",
    "cohort S by quarter of revenue summary", "cohort S by month of orders unbounded summary",
    "cohort S by quarter over orders where (amount > 50)", "cohort O by year",
    "cohort S by month as of 2025-11-30", "cohort S by year as of 2025-12-31",
    "cohort O by quarter of revenue summary", "cohort S by year then where period = 1",
    "cohort S by quarter over interactions then group by cohort show max(share), count()",
    "transitions S", "transitions S in 2025", "transitions S summary",
    "transitions S in last 12 months summary", "transitions S as of 2025-12-31",
    "transitions stage_changes", "transitions stage_changes summary",
    "transitions S of stage_changes by at, `from`, `to`",
    "transitions S then where moves > 2 order by share desc",
  ]

  @Test(arguments: [1, 2, 3])
  func `SQLite finds what each verb finds`(seed: Int) throws {
    let peer = try Peer(changes: Self.changes(seed))
    for source in ["customers", "customers where stage != dissociation", "customers where id < 0"] {
      let orders = source == "customers" ? "orders" : source.contains("<") ? "orders where id < 0"
        : "orders where amount > 20 or amount is unknown"
      for call in Self.calls {
        check(Self.text(call, source, orders), peer)
      }
    }
  }

  @Test func `SQLite finds what verbs find of random customers`() throws {
    let peer = try Peer(changes: Self.changes(4))
    let firstSeed = UInt64(Environment.number("RAPPORT_SEED") ?? 20_260_630)
    for number in 0..<(Environment.number("RAPPORT_QUERIES") ?? 60) {
      var writer = RandomDraft(
        peer.catalog, samples: peer.samples, seed: firstSeed &+ UInt64(number))
      let condition = writer.condition(on: EntityID(0))
      let call = Self.calls[number * 7 % Self.calls.count]
      check(Self.text(call, "customers where (\(condition))", "orders"), peer, mayRefuse: true)
    }
  }

  private static func text(_ call: String, _ customers: String, _ orders: String) -> String {
    call.replacing(" S", with: " " + customers).replacing("(rfm S", with: "(rfm " + customers)
      .replacing(" O", with: " " + orders)
  }

  private func check(_ text: String, _ peer: Peer, mayRefuse: Bool = false) {
    switch peer.outcome(of: text) {
    case .same: return
    case .refused(let words):
      if !mayRefuse { Issue.record("\(words)\n\(text)") }
    case .differs: Issue.record("\(peer.report(text))")
    }
  }
}
