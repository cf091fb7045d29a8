import Store
import TestSupport
import Testing

/// What `sql` writes for an analytic verb is what the verb finds: over the same data file SQLite gives
/// the same rows.
///
/// `RAPPORT_QUERIES=500 RAPPORT_SEED=7 swift test --filter VerbTranslationTests` asks more, or others.
struct VerbTranslationTests {
  /// Orders with refunds, equal amounts, several on a day, later than today, of nobody and without a
  /// date; values that end on a border of the classes; moments just as far apart as recovery may be;
  /// changes of stage on one day, to the same stage, from and to none.
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
    UPDATE customers SET value = CASE id WHEN 1 THEN 80 WHEN 2 THEN 15 ELSE 5 END WHERE id <= 3;
    UPDATE interactions SET at = '2026-02-10T09:30:00' WHERE (id + \(seed)) % 7 = 0;
    UPDATE interactions SET at = '2026-01-05T10:00:00' WHERE (id + \(seed)) % 6 = 0;
    UPDATE interactions SET at = '2026-03-06T12:00:00' WHERE (id + \(seed)) % 6 = 1;
    UPDATE interactions SET outcome = 'disappointed' WHERE (id + \(seed)) % 3 = 0;
    UPDATE interactions SET outcome = NULL WHERE (id + \(seed)) % 8 = 0;
    UPDATE surveys SET perception = NULL WHERE (id + \(seed)) % 9 = 0;
    UPDATE surveys SET expectation = perception WHERE (id + \(seed)) % 5 = 0;
    UPDATE stage_changes SET at = '2025-11-03' WHERE (id + \(seed)) % 7 = 0;
    UPDATE stage_changes SET at = NULL WHERE (id + \(seed)) % 31 = 0;
    UPDATE stage_changes SET "from" = "to" WHERE (id + \(seed)) % 11 = 0;
    UPDATE stage_changes SET "from" = NULL WHERE (id + \(seed)) % 19 = 0;
    UPDATE stage_changes SET "to" = NULL WHERE (id + \(seed)) % 41 = 0;
    UPDATE stage_changes SET customer_id = NULL WHERE (id + \(seed)) % 43 = 0;
    """
  }

  /// Calls with every option. `W` stands for a condition of customers, `O` for one of orders.
  static let calls = [
    "rfm customers W", "rfm customers W bins 2", "rfm customers W bins 7",
    "rfm customers W bins 12 nested", "rfm customers W nested", "rfm customers W counting orders",
    "rfm customers W bins 4 nested counting orders", "rfm customers W summary",
    "rfm customers W counting orders summary", "rfm customers in 2025 W",
    "rfm customers as of 2025-09-30 W", "rfm customers of orders by date, cost W",
    "rfm customers of orders by date, quantity W",
    "rfm customers of complaints by opened, days_to_resolve W", "rfm orders O",
    "rfm orders O nested", "rfm orders O summary", "rfm orders of product by date, amount O",
    "rfm orders of channel by date, amount O bins 3", "rfm orders in last 12 months O",
    "rfm customers W then where r >= 4 show customer.name, monetary, cell order by monetary desc limit 5",
    "rfm customers W then group by rfm_group show count(), sum(monetary), avg(frequency)",
    "rfm customers W then where rfm_group != prospect then group by r, f show count() as n",
    "rfm customers W then where has complaints show customer, rfm_group, rank(monetary) as place",
    "rfm customers W then top 3 by monetary per rfm_group",
    "rfm orders O then where f > 2 order by recency",
    "rfm customers W summary then where customers > 3",
    "pareto customers W by value", "pareto customers W by value at 50%",
    "pareto customers W by value summary", "pareto customers W by sum(orders.amount)",
    "pareto customers W by sum(orders.amount) at 33% summary",
    "pareto customers W by count(complaints)", "pareto customers W by count(complaints) summary",
    "pareto customers W by satisfaction", "pareto customers W by value - cost",
    "pareto customers W by satisfaction / 7", "pareto customers as of 2025-09-30 W by value",
    "pareto customers W by count(orders in 2025) then where class = A show customer.name, measure",
    "pareto customers W by value then group by class show count(), sum(measure)",
    "pareto customers W by rank(value)", "pareto (customers where id <= 3) by value",
    "pareto (customers where id <= 3) by value summary",
    "rfm (pareto customers W by value then where class = A)",
    "cohort customers W by year", "cohort customers W by quarter", "cohort customers W by month",
    "cohort customers W by quarter unbounded", "cohort customers W by year of orders",
    "cohort customers W by quarter of revenue", "cohort customers W by year of revenue unbounded",
    "cohort customers W by quarter of orders unbounded",
    "cohort customers W by week over complaints", "cohort customers W by year summary",
    "cohort customers W by quarter of revenue summary",
    "cohort customers W by month of orders unbounded summary",
    "cohort customers W by quarter over orders where (amount > 50)", "cohort orders O by year",
    "cohort customers as of 2025-11-30 W by month", "cohort customers as of 2025-12-31 W by year",
    "cohort orders O by quarter of revenue summary",
    "cohort customers W by year then where period = 1",
    "cohort customers W by quarter over interactions then group by cohort show max(share), count()",
    "transitions customers W", "transitions customers in 2025 W", "transitions customers W summary",
    "transitions customers in last 12 months W summary",
    "transitions customers as of 2025-12-31 W", "transitions stage_changes",
    "transitions stage_changes summary",
    "transitions customers of stage_changes by at, `from`, `to` W",
    "transitions customers W then where moves > 2 order by share desc",
    "calc (rfm customers W summary).customers, (cohort customers W by year summary).members",
    "moments customers W", "moments customers W summary", "moments customers W by stage",
    "moments customers in last 12 months W by interactions.channel",
    "moments customers in last 12 months W summary",
    "moments customers W by month_of(interactions.at)", "moments customers W by owner",
    "moments interactions", "moments interactions by employee",
    "moments interactions by employee.name then order by disappointed_share desc",
    "moments interactions in 2025 by channel summary",
    "moments customers as of 2026-02-28 W by region",
    "moments customers of interactions by at + 40 days, outcome W",
    "ladder customers W", "ladder customers W summary",
    "ladder customers W then where customers > 20 show rung, customers",
    "ladder customers W then order by customers",
    "gap customers W", "gap customers W summary", "gap customers W by region",
    "gap customers W by surveys.dimension summary", "gap surveys",
    "gap surveys by quarter_of(date)",
    "gap (surveys in last 12 months) by dimension summary", "gap customers W then where gap < -1",
    "gap customers W by owner", "gap customers as of 2026-02-28 W",
    "cover customers W by region", "cover customers W by stage",
    "cover customers W by owner.job_family", "cover customers W by owner.job_family summary",
    "cover customers W by owner", "cover customers W by region summary",
    "cover customers W by kind then top 2 by per_head",
    "cover customers as of 2025-03-31 W by region",
  ]

  /// Conditions of customers, and of orders.
  static let conditions = [
    ("", ""), ("where stage != dissociation", "where amount > 20 or amount is unknown"),
    ("where id < 0", "where id < 0"),
  ]

  @Test(arguments: [1, 2, 3])
  func `SQLite finds what each verb finds`(seed: Int) throws {
    let peer = try Peer(changes: Self.changes(seed))
    for (customers, orders) in Self.conditions {
      for call in Self.calls { check(Self.text(call, customers, orders), peer) }
    }
  }

  @Test func `SQLite finds what verbs find of random customers`() throws {
    let peer = try Peer(changes: Self.changes(4))
    let firstSeed = UInt64(Environment.number("RAPPORT_SEED") ?? 20_260_630)
    let queryCount = Environment.number("RAPPORT_QUERIES") ?? 60
    var refusedCount = 0
    for number in 0..<queryCount {
      var writer = RandomDraft(
        peer.catalog, samples: peer.samples, seed: firstSeed &+ UInt64(number))
      let condition = writer.condition(on: EntityID(0))
      let call = Self.calls[number * 7 % Self.calls.count]
      if !check(Self.text(call, "where (\(condition))", ""), peer, mayRefuse: true) {
        refusedCount += 1
      }
    }
    #expect(refusedCount * 8 < queryCount, "\(refusedCount) refused")
  }

  private static func text(_ call: String, _ customers: String, _ orders: String) -> String {
    call.replacing(" W", with: customers.isEmpty ? "" : " " + customers)
      .replacing(" O", with: orders.isEmpty ? "" : " " + orders)
  }

  /// Whether the call is taken; where it is, its answers are the same.
  @discardableResult
  private func check(_ text: String, _ peer: Peer, mayRefuse: Bool = false) -> Bool {
    switch peer.outcome(of: text, showsEveryField: false) {
    case .same: break
    case .refused(let words):
      if !mayRefuse { Issue.record("\(words)\n\(text)") }
      return false
    case .differs: Issue.record("\(peer.report(text, showsEveryField: false))")
    }
    return true
  }
}
