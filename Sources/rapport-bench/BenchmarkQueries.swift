/// A query of the benchmark, with the entity whose rows its rate counts.
struct BenchmarkQuery {
  /// What whose rows the rate counts.
  enum Base: String {
    case customers, orders, interactions, complaints
  }

  let name: String
  let text: String
  let base: Base
  /// Whether the first and last 20 rows are read and the others counted, as a terminal does, instead
  /// of the values of all rows, as peers are asked to.
  let isReadInPart: Bool

  init(_ name: String, over base: Base, isReadInPart: Bool = false, _ text: String) {
    self.name = name
    self.text = text
    self.base = base
    self.isReadInPart = isReadInPart
  }

  /// The 24 questions that are put to SQLite, DuckDB and Polars too, over generated files of customers,
  /// orders, interactions and complaints, each once or more of every class of question; then the
  /// analytic verbs.
  ///
  /// - Parameter email: An address that one customer has.
  static func all(email: String) -> [BenchmarkQuery] {
    points(email: email) + [
      BenchmarkQuery(
        "stage_sorted_all", over: .customers,
        "find customers where stage = account_management show id, value order by value desc"),
      BenchmarkQuery(
        "filter3_count", over: .customers,
        """
        count customers where stage = account_management and region = "Europe West" \
        and value between 1000 and 5000
        """),
    ] + groups + related + texts + analyses + joins + verbs
  }

  private static func points(email: String) -> [BenchmarkQuery] {
    [
      BenchmarkQuery("point_id", over: .customers, "find customers where id = 4242"),
      BenchmarkQuery(
        "point_email", over: .customers, "find customers where email = \"\(email)\""),
      BenchmarkQuery(
        "customer_orders", over: .orders,
        """
        find orders where customer = 4242 show id, date, amount \
        order by date desc, id desc limit 10
        """),
      BenchmarkQuery(
        "stage_top20", over: .customers,
        """
        find customers where stage = account_management show id, name, value top 20 by value
        """),
    ]
  }

  private static let groups = [
    BenchmarkQuery(
      "group_stage", over: .customers,
      "find customers group by stage show stage, count(), sum(value), avg(value)"),
    BenchmarkQuery(
      "group_region_stage", over: .customers,
      "find customers group by region, stage show region, stage, count(), sum(value)"),
    BenchmarkQuery(
      "owner_satisfaction", over: .customers,
      """
      find customers group by owner show owner, count(satisfaction) as n, \
      avg(satisfaction) as average order by average limit 10
      """),
    BenchmarkQuery(
      "month_revenue", over: .orders,
      "find orders group by month_of(date) as month show month, count(), sum(amount)"),
    BenchmarkQuery(
      "disappointed_channel", over: .interactions,
      """
      find interactions in last 90 days where outcome = disappointed \
      group by channel show channel, count()
      """),
  ]

  private static let related = [
    BenchmarkQuery(
      "top100_90d", over: .orders,
      """
      find customers show id, name, sum(orders.amount in last 90 days) as revenue \
      top 100 by revenue
      """),
    BenchmarkQuery(
      "dormant_valuable", over: .orders,
      """
      find customers where value > 30000 and has no orders in last 180 days \
      show id, value top 100 by value
      """),
    BenchmarkQuery(
      "open_high_complaints", over: .complaints,
      """
      find customers where has at least 2 complaints where (severity = high and resolved is unknown) \
      show id, name, count(complaints where (severity = high and resolved is unknown)) as n \
      order by n desc
      """),
    BenchmarkQuery(
      "count_distinct", over: .orders,
      "calc count(distinct orders.customer in last 365 days)"),
  ]

  private static let texts = [
    BenchmarkQuery(
      "text_prefix", over: .customers,
      "find customers where name starts with \"Mar\" show count(), min(id)"),
    BenchmarkQuery(
      "text_contains", over: .customers,
      "find customers where name contains \"lson\" show count(), min(id)"),
  ]

  private static let analyses = [
    BenchmarkQuery(
      "rfm_quintiles", over: .orders,
      """
      rfm customers counting orders then where r is known then group by r, f, m show count()
      """),
    BenchmarkQuery(
      "pareto_80", over: .orders,
      """
      pareto customers by sum(orders.amount) then where running_share <= 80% show count()
      """),
    BenchmarkQuery(
      "cohort_retention", over: .orders,
      """
      find orders group by month_of(customer.joined) as j, month_of(date) as m \
      show count(distinct customer)
      """),
    BenchmarkQuery(
      "percentiles", over: .customers,
      """
      find customers show percentile(value, 50%), percentile(value, 90%), \
      percentile(value, 95%), percentile(value, 99%)
      """),
  ]

  private static let joins = [
    BenchmarkQuery(
      "join3_semi", over: .orders,
      """
      find orders in last 365 days \
      where has customer.interactions in last 90 days where outcome = disappointed \
      group by customer.industry show count(), sum(amount)
      """),
    BenchmarkQuery(
      "join3_moving", over: .orders,
      """
      find orders in last 90 days \
      show customer.region as region, amount, \
      count(customer.interactions where (outcome = disappointed \
      and at between outer.date - 13 days and outer.date)) as pairs \
      then group by region show sum(pairs), sum(pairs * amount)
      """),
    BenchmarkQuery(
      "segment_intersect", over: .orders,
      """
      find customers where industry = "Healthcare" and satisfaction < 50 \
      and has orders in last 30 days and has complaints where resolved is unknown \
      show count(), sum(value)
      """),
  ]

  private static let verbs = [
    BenchmarkQuery("rfm", over: .orders, isReadInPart: true, "rfm customers"),
    BenchmarkQuery(
      "pareto", over: .customers, isReadInPart: true, "pareto customers by value"),
    BenchmarkQuery("pareto_summary", over: .customers, "pareto customers by value summary"),
    BenchmarkQuery("cohort", over: .orders, "cohort customers by month"),
    BenchmarkQuery(
      "forecast", over: .orders, isReadInPart: true, "forecast customers over 12 months"),
    BenchmarkQuery("risk", over: .orders, isReadInPart: true, "risk customers"),
  ]
}
