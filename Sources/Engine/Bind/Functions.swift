import Store

/// One function, aggregate or per-row function: what `describe functions` prints, completion offers
/// and messages quote.
package struct FunctionEntry: Sendable {
  /// What a call gives a value for.
  package enum Kind: String, Sendable {
    /// A value of each row by itself.
    case function
    /// One value of all rows, or of each group's.
    case aggregate
    /// A value of each row that depends on all rows.
    case perRow = "per row"
  }

  /// The name.
  package let name: String
  /// What a call gives a value for.
  package let kind: Kind
  /// A call with its parameters: `bucket(x, width)`.
  package let signature: String
  /// The result's type, in words.
  package let result: String
  /// What it gives, in one line.
  package let meaning: String
  /// A statement that runs over the built-in entities.
  package let example: String
}

/// The table of functions. A name stands here exactly when a query may call it.
package enum Functions {
  /// All of them, in the order in which they are described.
  package static let all: [FunctionEntry] = perValue + aggregates + ownHabit + perRow

  /// The entry of a name as written in the table.
  static func entry(named name: String) -> FunctionEntry? { all.first { $0.name == name } }

  private static func make(
    _ kind: FunctionEntry.Kind, _ signature: String, _ result: String, _ meaning: String,
    _ example: String
  ) -> FunctionEntry {
    FunctionEntry(
      name: String(signature.prefix { $0 != "(" }), kind: kind, signature: signature,
      result: result, meaning: meaning, example: example)
  }

  private static let perValue: [FunctionEntry] = [
    make(
      .function, "days_since(date)", "integer", "whole days from the date to today",
      "find customers where days_since(joined) < 90"),
    make(
      .function, "days_between(from, to)", "integer", "whole days from one date to the other",
      "find complaints where days_between(opened, resolved) > 14"),
    make(
      .function, "year(date)", "integer", "the year",
      "count orders by year(date)"),
    make(
      .function, "quarter(date)", "integer", "the quarter of the year, 1 to 4",
      "count orders by quarter(date)"),
    make(
      .function, "month(date)", "integer", "the month of the year, 1 to 12",
      "count orders by month(date)"),
    make(
      .function, "week(date)", "integer", "the ISO week of the year, 1 to 53",
      "count orders by week(date)"),
    make(
      .function, "weekday(date)", "integer", "the day of the week, 1 = Monday",
      "count interactions by weekday(at)"),
    make(
      .function, "day(date)", "integer", "the day of the month, 1 to 31",
      "count orders by day(date)"),
    make(
      .function, "month_of(date)", "date", "the first day of the date's month",
      "count orders in last 12 months by month_of(date)"),
    make(
      .function, "week_of(date)", "date", "the Monday of the date's week",
      "count orders in last 8 whole weeks by week_of(date)"),
    make(
      .function, "quarter_of(date)", "date", "the first day of the date's quarter",
      "count orders by quarter_of(date)"),
    make(
      .function, "round(x, [places])", "as x",
      "the nearest whole number, or with so many decimals; half away from zero",
      "find customers show name, round(value)"),
    make(
      .function, "floor(x)", "as x", "the largest whole number not above x",
      "find customers show name, floor(value)"),
    make(
      .function, "ceil(x)", "as x", "the smallest whole number not below x",
      "find customers show name, ceil(value)"),
    make(
      .function, "abs(x)", "as x", "x without its sign",
      "find customers where abs(profit) > 1000"),
    make(
      .function, "bucket(x, width)", "as x", "the lower end of the step of that width that holds x",
      "count customers by bucket(satisfaction, 10)"),
    make(
      .function, "lower(text)", "text", "the text in small letters",
      "find customers show lower(email)"),
    make(
      .function, "upper(text)", "text", "the text in capitals",
      "count customers by upper(country)"),
    make(
      .function, "length(text)", "integer", "the number of characters",
      "find customers where length(name) > 30"),
    make(
      .function, "days_in(field)", "integer",
      "days of the current stay of a field with a history; of a value, days of all stays in it",
      "find customers where days_in(stage) > 365"),
    make(
      .function, "trim(text)", "text", "the text without spaces at its ends",
      "find customers show trim(name)"),
    make(
      .function, "first_known(a, b, …)", "as a", "the first of the values that is known",
      "find customers show name, first_known(email, phone)"),
    make(
      .function, "if(condition, a, …, otherwise)", "as a",
      "a where the condition holds, else the next pair's, else the last value",
      "find customers show name, if(value >= 10k, \"large\", \"small\") as size"),
  ]

  private static let aggregates: [FunctionEntry] = [
    make(
      .aggregate, "count([distinct] [x])", "integer",
      "rows; known values of x; different ones with distinct",
      "find customers group by stage show count()"),
    make(
      .aggregate, "sum(x)", "as x", "the sum; 0 of nothing",
      "find customers group by stage show sum(value)"),
    make(
      .aggregate, "avg(x)", "money or number", "the average of the known values",
      "find customers group by stage show avg(value)"),
    make(
      .aggregate, "min(x)", "as x", "the smallest known value",
      "find customers group by stage show min(joined)"),
    make(
      .aggregate, "max(x)", "as x", "the largest known value",
      "find customers group by stage show max(value)"),
    make(
      .aggregate, "median(x)", "money, number or date",
      "the middle of the known values, the mean of the middle two (dates: the earlier)",
      "find complaints group by severity show median(days_to_resolve)"),
    make(
      .aggregate, "median_gap(date)", "number",
      "the median of the days between one day and the next later one; unknown of fewer than two",
      "find customers show name, median_gap(orders.date)"),
    make(
      .aggregate, "percentile(x, share)", "as x",
      "the value at that share of the known values, by the nearest rank",
      "find complaints show percentile(days_to_resolve, 90%)"),
    make(
      .aggregate, "mode(x)", "as x", "the commonest known value, of equals the smallest",
      "find interactions group by customer show mode(channel)"),
    make(
      .aggregate, "first(x)", "as x", "the value of the earliest record, unknown or not",
      "find orders group by customer show first(amount)"),
    make(
      .aggregate, "last(x)", "as x", "the value of the latest record, unknown or not",
      "find orders group by customer show last(amount)"),
  ]

  private static let ownHabit: [FunctionEntry] = [
    make(
      .aggregate, "usual(x before P)", "as median",
      "the median of the row's own related records before P; unknown under three",
      "count customers where avg(invoices.days_late in last 90 days) >"
        + " usual(invoices.days_late before 90 days ago)")
  ]

  private static let perRow: [FunctionEntry] = [
    make(
      .perRow, "rank(x [per k])", "integer",
      "1 for the largest; equal values share the smaller number",
      "find customers where rank(value per owner) = 1"),
    make(
      .perRow, "ntile(x, n)", "integer",
      "which of n groups of about equal size, n for the largest values",
      "find customers show name, ntile(value, 3)"),
    make(
      .perRow, "quintile(x)", "integer", "which fifth, 5 for the largest values",
      "count customers by quintile(value)"),
    make(
      .perRow, "decile(x)", "integer", "which tenth, 10 for the largest values",
      "count customers by decile(value)"),
    make(
      .perRow, "percentile_rank(x)", "share", "the share of the other rows that lie below",
      "find customers show name, percentile_rank(satisfaction)"),
    make(
      .perRow, "share(x)", "share", "the part of the whole",
      "find customers group by stage show sum(value), share(sum(value))"),
    make(
      .perRow, "running_share(x)", "share",
      "the part of the whole that this and all larger values make",
      "find customers show name, value, running_share(value) order by value desc"),
    make(
      .perRow, "running_sum(x)", "as x",
      "the sum of this and all rows before it, in the order shown",
      "find orders in this year show date, amount, running_sum(amount) order by date"),
  ]
}

/// The aggregates by name.
enum AggregateName: String, CaseIterable {
  case count, sum, avg, min, max, median
  case medianGap = "median_gap"
  case percentile, mode, first, last
}

/// The per-row functions by name.
enum PerRowName: String, CaseIterable {
  case rank, ntile, quintile, decile
  case percentileRank = "percentile_rank"
  case share
  case runningShare = "running_share"
  case runningSum = "running_sum"
}
