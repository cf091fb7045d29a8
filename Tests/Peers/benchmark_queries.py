#!/usr/bin/env python3
"""The questions of the benchmark, for each peer as its own users would ask them.

    benchmark_queries.py      prints their names, a line each

rapport's words for the same questions, by the same names, are in
Sources/rapport-bench/BenchmarkQueries.swift. Today is 2026-06-30, so the answers are always the
same. `in last 90 days` is `date > today - 90`. SQLite keeps dates as text.
"""

import dataclasses
import datetime

TODAY = datetime.date(2026, 6, 30)
# A customer that is there at every scale.
CUSTOMER = 4242


@dataclasses.dataclass
class Query:
    """A question; one without words for a peer is put to rapport alone."""

    name: str
    sqlite: str | None = None
    duckdb: str | None = None
    # Takes the tables by name as lazy frames, the address looked for, and the module.
    polars: object = None
    # Whether the answer is so long that DuckDB had better give it as arrays.
    is_long: bool = False
    # Whether it is about pairs of facts of a customer, of which an order has six times as many
    # among 1,000,000 customers as among 10,000: the most popular ones have more of both.
    is_of_pairs: bool = False
    # What SQLite takes when it is called from C, preparing included: a call from Python costs more.
    sqlite_from_c: float | None = None


QUERIES = []


def ask(name, sql=None, polars=None, sqlite=None, duckdb=None, **more):
    """Adds a question; `sql` is for those of SQLite and DuckDB that have no words of their own."""
    QUERIES.append(Query(name, sqlite or sql, duckdb or sql, polars, **more))


def before(days):
    return TODAY - datetime.timedelta(days=days)


def since(days):
    """The day that all of the last so many days come after, as SQL has it."""
    return f"'{before(days)}'"


# What `find customers` shows where no columns are named.
USUAL = ["id", "name", "stage", "value", "owner_id", "joined"]

# -- One record, or the first few ------------------------------------------------------------------

ask("point_id", sqlite_from_c=0.009,
    sql=f"SELECT {', '.join(USUAL)} FROM customers WHERE id = {CUSTOMER}",
    polars=lambda tables, email, pl: tables["customers"]
    .filter(pl.col("id") == CUSTOMER).select(USUAL))

ask("point_email",
    sql=f"SELECT {', '.join(USUAL)}, email FROM customers WHERE email = '{{email}}'",
    polars=lambda tables, email, pl: tables["customers"]
    .filter(pl.col("email") == email).select(*USUAL, "email"))

ask("customer_orders", sqlite_from_c=0.009,
    sql=f"""SELECT id, date, amount FROM orders WHERE customer_id = {CUSTOMER}
            ORDER BY date DESC, id DESC LIMIT 10""",
    polars=lambda tables, email, pl: tables["orders"]
    .filter(pl.col("customer_id") == CUSTOMER).select("id", "date", "amount")
    .sort("date", "id", descending=True).head(10))

ask("stage_top20", sqlite_from_c=0.014,
    sql="""SELECT id, name, value FROM customers WHERE stage = 'account_management'
           ORDER BY value DESC, id LIMIT 20""",
    polars=lambda tables, email, pl: tables["customers"]
    .filter(pl.col("stage") == "account_management").select("id", "name", "value")
    .sort("value", "id", descending=[True, False]).head(20))

ask("stage_sorted_all", is_long=True,
    sql="""SELECT id, value FROM customers WHERE stage = 'account_management'
           ORDER BY value DESC, id""",
    polars=lambda tables, email, pl: tables["customers"]
    .filter(pl.col("stage") == "account_management").select("id", "value")
    .sort("value", "id", descending=[True, False]))

ask("filter3_count",
    sql="""SELECT count(*) FROM customers WHERE stage = 'account_management'
           AND region = 'Europe West' AND value BETWEEN 1000 AND 5000""",
    polars=lambda tables, email, pl: tables["customers"]
    .filter((pl.col("stage") == "account_management") & (pl.col("region") == "Europe West")
            & pl.col("value").is_between(1000, 5000)).select(pl.len()))

# -- Groups ----------------------------------------------------------------------------------------

ask("group_stage",
    sql="""SELECT stage, count(*), sum(value), avg(value) FROM customers
           GROUP BY stage ORDER BY stage""",
    polars=lambda tables, email, pl: tables["customers"].group_by("stage")
    .agg(pl.len(), pl.col("value").sum().alias("sum"), pl.col("value").mean().alias("average"))
    .sort(pl.col("stage").cast(pl.String)))

ask("group_region_stage",
    sql="""SELECT region, stage, count(*), sum(value) FROM customers
           GROUP BY region, stage ORDER BY region, stage""",
    polars=lambda tables, email, pl: tables["customers"].group_by("region", "stage")
    .agg(pl.len(), pl.col("value").sum())
    .sort(pl.col("region").cast(pl.String), pl.col("stage").cast(pl.String)))

ask("owner_satisfaction",
    sql="""SELECT owner_id, count(satisfaction), avg(satisfaction) AS average FROM customers
           GROUP BY owner_id ORDER BY average, owner_id LIMIT 10""",
    polars=lambda tables, email, pl: tables["customers"].group_by("owner_id")
    .agg(pl.col("satisfaction").count().alias("count"),
         pl.col("satisfaction").mean().alias("average"))
    .sort("average", "owner_id").head(10))

ask("month_revenue",
    duckdb="""SELECT date_trunc('month', date) AS month, count(*), sum(amount) FROM orders
              GROUP BY month ORDER BY month""",
    sqlite="""SELECT substr(date, 1, 7) AS month, count(*), sum(amount) FROM orders
              GROUP BY month ORDER BY month""",
    polars=lambda tables, email, pl: tables["orders"]
    .group_by(pl.col("date").dt.truncate("1mo").alias("month"))
    .agg(pl.len(), pl.col("amount").sum()).sort("month"))

ask("disappointed_channel",
    sql=f"""SELECT channel, count(*) FROM interactions
            WHERE outcome = 'disappointed' AND date > {since(90)}
            GROUP BY channel ORDER BY channel""",
    polars=lambda tables, email, pl: tables["interactions"]
    .filter((pl.col("outcome") == "disappointed") & (pl.col("date") > before(90)))
    .group_by("channel").agg(pl.len()).sort(pl.col("channel").cast(pl.String)))

# -- Customers and what happened with them ---------------------------------------------------------

ask("top100_90d",
    sql=f"""SELECT customers.id, name, revenue
            FROM (SELECT customer_id, sum(amount) AS revenue FROM orders
                  WHERE date > {since(90)} GROUP BY customer_id
                  ORDER BY revenue DESC, customer_id LIMIT 100) AS best
            JOIN customers ON customers.id = customer_id
            ORDER BY revenue DESC, customers.id""",
    polars=lambda tables, email, pl: tables["orders"].filter(pl.col("date") > before(90))
    .group_by("customer_id").agg(pl.col("amount").sum().alias("revenue"))
    .sort("revenue", "customer_id", descending=[True, False]).head(100)
    .join(tables["customers"].select("id", "name"), left_on="customer_id", right_on="id")
    .sort("revenue", "customer_id", descending=[True, False])
    .select("customer_id", "name", "revenue"))

ask("dormant_valuable",
    sql=f"""SELECT id, value FROM customers WHERE value > 30000 AND NOT EXISTS
              (SELECT 1 FROM orders WHERE customer_id = customers.id AND date > {since(180)})
            ORDER BY value DESC, id LIMIT 100""",
    polars=lambda tables, email, pl: tables["customers"].filter(pl.col("value") > 30000)
    .select("id", "value")
    .join(tables["orders"].filter(pl.col("date") > before(180)).select("customer_id"),
          left_on="id", right_on="customer_id", how="anti")
    .sort("value", "id", descending=[True, False]).head(100))

ask("open_high_complaints",
    sql="""SELECT customers.id, name, count
           FROM (SELECT customer_id, count(*) AS count FROM complaints
                 WHERE severity = 'high' AND resolved IS NULL
                 GROUP BY customer_id HAVING count(*) >= 2) AS many
           JOIN customers ON customers.id = customer_id
           ORDER BY count DESC, customers.id""",
    polars=lambda tables, email, pl: tables["complaints"]
    .filter((pl.col("severity") == "high") & pl.col("resolved").is_null())
    .group_by("customer_id").agg(pl.len().alias("count")).filter(pl.col("count") >= 2)
    .join(tables["customers"].select("id", "name"), left_on="customer_id", right_on="id")
    .sort("count", "customer_id", descending=[True, False])
    .select("customer_id", "name", "count"))

ask("count_distinct",
    sql=f"SELECT count(DISTINCT customer_id) FROM orders WHERE date > {since(365)}",
    polars=lambda tables, email, pl: tables["orders"].filter(pl.col("date") > before(365))
    .select(pl.col("customer_id").n_unique()))

# -- Text ------------------------------------------------------------------------------------------

ask("text_prefix",
    duckdb="SELECT count(*), min(id) FROM customers WHERE name LIKE 'Mar%'",
    sqlite="SELECT count(*), min(id) FROM customers WHERE name GLOB 'Mar*'",
    polars=lambda tables, email, pl: tables["customers"]
    .filter(pl.col("name").str.starts_with("Mar")).select(pl.len(), pl.col("id").min()))

ask("text_contains",
    duckdb="SELECT count(*), min(id) FROM customers WHERE name LIKE '%lson%'",
    sqlite="SELECT count(*), min(id) FROM customers WHERE instr(name, 'lson') > 0",
    polars=lambda tables, email, pl: tables["customers"]
    .filter(pl.col("name").str.contains("lson", literal=True))
    .select(pl.len(), pl.col("id").min()))

# -- Analyses --------------------------------------------------------------------------------------

# Equal values share a score: 1 + floor(5 * those strictly worse / all). Valid orders only.
SCORES = """
SELECT r, f, m, count(*)
FROM (SELECT 1 + (5 * (rank() OVER (ORDER BY last) - 1)) {divided} (count(*) OVER ()) AS r,
             1 + (5 * (rank() OVER (ORDER BY times) - 1)) {divided} (count(*) OVER ()) AS f,
             1 + (5 * (rank() OVER (ORDER BY spent) - 1)) {divided} (count(*) OVER ()) AS m
      FROM (SELECT customer_id, max(date) AS last, count(*) AS times,
                   round(sum(amount), 2) AS spent FROM orders
            WHERE status NOT IN ('returned', 'cancelled') GROUP BY customer_id) AS buyers
     ) AS scored
GROUP BY r, f, m ORDER BY r, f, m"""


def scores_in_polars(tables, email, pl):
    buyers = tables["orders"] \
        .filter(~pl.col("status").cast(pl.String).is_in(["returned", "cancelled"])) \
        .group_by("customer_id") \
        .agg(pl.col("date").max().alias("r"), pl.len().alias("f"),
             pl.col("amount").sum().round(2).alias("m"))
    scores = [(1 + 5 * (pl.col(name).rank("min").cast(pl.Int64) - 1) // pl.len()).alias(name)
              for name in "rfm"]
    return buyers.select(scores).group_by("r", "f", "m").agg(pl.len()).sort("r", "f", "m")


ask("rfm_quintiles", duckdb=SCORES.format(divided="//"),
    sqlite=SCORES.format(divided="/"), polars=scores_in_polars)


def best_in_polars(tables, email, pl):
    totals = pl.col("revenue") * pl.col("count")
    return tables["orders"].group_by("customer_id") \
        .agg(pl.col("amount").sum().round(2).alias("revenue")) \
        .group_by("revenue").agg(pl.len().alias("count")).sort("revenue", descending=True) \
        .filter(totals.cum_sum() <= 0.8 * totals.sum()).select(pl.col("count").sum())


ask("pareto_80",
    sql="""SELECT count(*)
           FROM (SELECT sum(revenue) OVER (ORDER BY revenue DESC RANGE UNBOUNDED PRECEDING) AS part,
                        sum(revenue) OVER () AS total
                 FROM (SELECT customer_id, round(sum(amount), 2) AS revenue FROM orders
                       GROUP BY customer_id) AS buyers) AS shares
           WHERE part <= 0.8 * total""",
    polars=best_in_polars)

ask("cohort_retention",
    duckdb="""SELECT date_trunc('month', joined) AS cohort, date_trunc('month', date) AS month,
                     count(DISTINCT customer_id)
              FROM orders JOIN customers ON customers.id = customer_id
              GROUP BY cohort, month ORDER BY cohort, month""",
    sqlite="""SELECT substr(joined, 1, 7) AS cohort, substr(date, 1, 7) AS month,
                     count(DISTINCT customer_id)
              FROM orders JOIN customers ON customers.id = customer_id
              GROUP BY cohort, month ORDER BY cohort, month""",
    polars=lambda tables, email, pl: tables["orders"]
    .select("customer_id", pl.col("date").dt.truncate("1mo").alias("month"))
    .join(tables["customers"].select("id", pl.col("joined").dt.truncate("1mo").alias("cohort")),
          left_on="customer_id", right_on="id")
    .group_by("cohort", "month").agg(pl.col("customer_id").n_unique()).sort("cohort", "month"))

PERCENTS = [50, 90, 95, 99]

ask("percentiles",
    duckdb=f"""SELECT quantile_disc(value, [{', '.join(str(each / 100) for each in PERCENTS)}])
               FROM customers""",
    sqlite="WITH size AS (SELECT count(*) AS size FROM customers) SELECT " + ", ".join(
        f"""(SELECT value FROM customers ORDER BY value LIMIT 1
             OFFSET (SELECT size * {percent} / 100 - 1 FROM size))""" for percent in PERCENTS),
    polars=lambda tables, email, pl: tables["customers"].select(
        pl.col("value").quantile(percent / 100, interpolation="lower").alias(str(percent))
        for percent in PERCENTS))

# -- Three tables, and sets ------------------------------------------------------------------------

ask("join3_semi",
    sql=f"""SELECT industry, count(*), sum(amount)
            FROM orders JOIN customers ON customers.id = customer_id
            WHERE date > {since(365)} AND customers.id IN
              (SELECT customer_id FROM interactions
               WHERE outcome = 'disappointed' AND date > {since(90)})
            GROUP BY industry ORDER BY industry""",
    polars=lambda tables, email, pl: tables["orders"].filter(pl.col("date") > before(365))
    .join(tables["interactions"]
          .filter((pl.col("outcome") == "disappointed") & (pl.col("date") > before(90)))
          .select("customer_id"), on="customer_id", how="semi")
    .join(tables["customers"].select("id", "industry"), left_on="customer_id", right_on="id")
    .group_by("industry").agg(pl.len(), pl.col("amount").sum())
    .sort(pl.col("industry").cast(pl.String)))

# A row for each order and disappointment in the two weeks up to it.
PAIRS = f"""
SELECT region, count(*), sum(amount)
FROM orders
JOIN interactions ON interactions.customer_id = orders.customer_id
  AND interactions.date <= orders.date AND interactions.date > {{two_weeks_earlier}}
JOIN customers ON customers.id = orders.customer_id
WHERE orders.date > {since(90)} AND outcome = 'disappointed'
GROUP BY region ORDER BY region"""

ask("join3_moving", is_of_pairs=True,
    duckdb=PAIRS.format(two_weeks_earlier="orders.date - 14"),
    sqlite=PAIRS.format(two_weeks_earlier="date(orders.date, '-14 days')"),
    polars=lambda tables, email, pl: tables["orders"].filter(pl.col("date") > before(90))
    .join(tables["interactions"]
          .filter((pl.col("outcome") == "disappointed") & (pl.col("date") > before(90 + 14)))
          .select("customer_id", pl.col("date").alias("contact")), on="customer_id")
    .filter((pl.col("contact") <= pl.col("date"))
            & (pl.col("contact") > pl.col("date") - pl.duration(days=14)))
    .join(tables["customers"].select("id", "region"), left_on="customer_id", right_on="id")
    .group_by("region").agg(pl.len(), pl.col("amount").sum())
    .sort(pl.col("region").cast(pl.String)))

ask("segment_intersect",
    sql=f"""SELECT count(*), sum(value) FROM customers
            WHERE industry = 'Healthcare' AND satisfaction < 50
            AND id IN (SELECT customer_id FROM orders WHERE date > {since(30)})
            AND id IN (SELECT customer_id FROM complaints WHERE resolved IS NULL)""",
    polars=lambda tables, email, pl: tables["customers"]
    .filter((pl.col("industry") == "Healthcare") & (pl.col("satisfaction") < 50))
    .select("id", "value")
    .join(tables["orders"].filter(pl.col("date") > before(30)).select("customer_id"),
          left_on="id", right_on="customer_id", how="semi")
    .join(tables["complaints"].filter(pl.col("resolved").is_null()).select("customer_id"),
          left_on="id", right_on="customer_id", how="semi")
    .select(pl.len(), pl.col("value").sum()))

# -- Analytic verbs whole, which no peer has -------------------------------------------------------

ask("rfm")
ask("pareto")
ask("pareto_summary")
ask("cohort")
ask("forecast")
ask("risk")


if __name__ == "__main__":
    for query in QUERIES:
        print(query.name)
