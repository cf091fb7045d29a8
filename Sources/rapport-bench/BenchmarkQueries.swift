/// The queries of the benchmark, each with the rows it has to look at for its rate.
struct BenchmarkQuery {
  /// What whose rows the rate counts.
  enum Base: String {
    case customers, orders
  }

  let name: String
  let text: String
  let base: Base

  /// One or more of each class of question that is asked of one entity.
  static let all: [BenchmarkQuery] = [
    .init(name: "point_id", text: "find customers where id = 4242", base: .customers),
    .init(
      name: "filter3_count",
      text: """
        count customers where stage = account_management and country = "DE" \
        and value between 1000 and 5000
        """, base: .customers),
    .init(
      name: "group_stage",
      text: "find customers group by stage show stage, count(), sum(value), avg(value)",
      base: .customers),
    .init(
      name: "group_stage_satisfaction",
      text: "find customers group by stage show count(), sum(value), avg(satisfaction)",
      base: .customers),
    .init(
      name: "group_country_stage",
      text: "find customers group by country, stage show count(), sum(value)",
      base: .customers),
    .init(
      name: "stage_top20",
      text: "find customers where stage = account_management show id, name, value top 20 by value",
      base: .customers),
    .init(name: "top20", text: "find customers top 20 by value", base: .customers),
    .init(
      name: "stage_sorted_all",
      text: "find customers where stage = account_management show id, value order by value desc",
      base: .customers),
    .init(
      name: "owner_satisfaction",
      text: """
        find customers group by owner show count(satisfaction) as n, avg(satisfaction) as average \
        order by average limit 10
        """, base: .customers),
    .init(
      name: "owner_region_count",
      text: "count customers where owner.region = \"north\" and value > 500", base: .customers),
    .init(
      name: "text_prefix",
      text: "find customers where name starts with \"Mar\" show count(), min(id)",
      base: .customers),
    .init(
      name: "text_contains",
      text: "find customers where name contains \"son\" show count(), min(id)", base: .customers),
    .init(
      name: "percentiles",
      text: "find customers show percentile(value, 50%), percentile(value, 90%)",
      base: .customers),
    .init(
      name: "rank_in_where",
      text: "count customers where in top 20% by value", base: .customers),
    .init(
      name: "month_revenue",
      text: "find orders group by month_of(date) as month show count(), sum(amount)",
      base: .orders),
    .init(
      name: "window_revenue",
      text: "calc sum(orders.revenue in last 12 months)", base: .orders),
    .init(
      name: "count_distinct",
      text: "calc count(distinct orders.customer in last 365 days)", base: .orders),
    .init(name: "rfm", text: "rfm customers", base: .orders),
    .init(
      name: "rfm_groups", text: "rfm customers then group by rfm_group show count()",
      base: .orders),
    .init(name: "pareto", text: "pareto customers by value", base: .customers),
    .init(
      name: "pareto_orders", text: "pareto customers by sum(orders.amount) summary",
      base: .orders),
    .init(name: "cohort", text: "cohort customers by month", base: .orders),
    .init(name: "forecast", text: "forecast customers over 12 months", base: .orders),
    .init(name: "risk", text: "risk customers", base: .orders),
  ]
}
