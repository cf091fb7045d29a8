// swift-format-ignore-file
// Made from examples/lessons/11-early-warning.md: UPDATE_SCRIPTS=1 swift test --filter LessonTests

extension LessonTexts {
  static let earlyWarning = #"""
# Signs that a customer will leave

data: demo, customers: 2000, today: 2026-06-30

## The idea

Whoever leaves has shown it before. Such customers order less often than usual, pay later than
usual, are in touch less, complain and wait, or were disappointed lately. *Usual* means the
customer's own past, and not the average of all: one buys every week, another every year. A single
sign may be chance; two or three together are a warning. Keep the list of those to watch, so that
it is always up to date.

## A worked question

Who shows most signs today? `risk` looks for eight signs in the past of each customer, and its
score is how many it has found.

```rapport quiet
risk customers where stage = account_management
  then show customer, signals, score
    top 4 by score
```

Four signs at the same time: these customers need a call.

## Exercise 1

How many customers have each score? Use `risk customers`, and group its answer with `then`.

### Hints

1. The first half is `risk customers`. The second begins with `then group by`.
2. `score` is a column of the verb, so it can be grouped by.
3. `risk customers then group by` and the column.

### Solution

```rapport
risk customers then group by score
```

```rapport
risk customers then group by score show count()
```

Most show no sign or one. The sign – stands for those whose past is too short to tell.

### Wrong answers

```rapport
risk customers
```

> has a row for each score; yours has a row for each customer

```rapport
risk customers then group by signals
```

> has a row for each score; yours has a row for each signals

`signals` names the signs. Their number is `score`.

```rapport
risk customers where stage = account_management then group by score
```

> 1 is missing: 5

All customers are asked for.

## Exercise 2

Give the list of silent customers a name. Define a segment `silent` of the customers in
`account_management` who have no `orders` in the last 180 days, and then list it. A segment is
defined with `define segment silent as customers where ...`, and asked for with `find silent`.

### Hints

1. Two lines are typed here: the first defines the segment, the second is `find silent`.
2. The conditions are `stage = account_management` and `has no orders in last 180 days`.
3. If the first try went wrong, `redefine segment silent as ...` gives the name another meaning.

### Solution

```rapport
define segment silent as customers
  where stage = account_management and has no orders in last 180 days
find silent
```

```rapport
find customers where stage = account_management and has no orders in last 180 days
```

A segment is a question with a name. Next week `find silent` will give next week's customers.

### Wrong answers

```rapport
find customers where has no orders in last 180 days
```

> None is missing

Most of these have left, or have never bought.

```rapport
find customers where stage = account_management and has no orders
```

> no customers found

This asks for those who never ordered. Put the time behind `orders`.

```rapport
find customers where stage = account_management and has no orders in last 90 days
```

> None is missing

180 days, not 90.

## Exercise 3

One buys every week and another every year. Which customers in `account_management` have waited
more than twice as long as they usually do? `days_since(max(orders.date))` is the time since the
last order, and `median_gap(orders.date)` the usual time between two. List the five with the
highest value, the highest first.

check: order

### Hints

1. The second condition compares the two numbers: the first is more than `2 *` the second.
2. `days_since(max(orders.date)) > 2 * median_gap(orders.date)` is the whole condition.
3. `find customers where stage = account_management and` that condition, and `top 5 by value`.

### Solution

```rapport
find customers
  where stage = account_management
    and days_since(max(orders.date)) > 2 * median_gap(orders.date)
  top 5 by value
```

You have written a sign of your own. The verb `risk` has one like it, which it calls `overdue`.

### Wrong answers

```rapport
find customers
  where stage = account_management and days_since(max(orders.date)) > 180
  top 5 by value
```

> missing

180 days are long for one customer and short for another. Compare with the own habit.

```rapport
find customers
  where stage = account_management
    and days_since(max(orders.date)) > median_gap(orders.date)
  top 5 by value
```

> missing

Half of all waits are longer than the usual one. Twice as long is a sign.

```rapport
find customers
  where days_since(max(orders.date)) > 2 * median_gap(orders.date)
  top 5 by value
```

> missing

Among these are customers who have left us long ago.

## In short

Compare customers with their own past. `risk` finds the signs, `define segment` keeps a question
under a name, and tomorrow its answer is tomorrow's.
"""#
}
