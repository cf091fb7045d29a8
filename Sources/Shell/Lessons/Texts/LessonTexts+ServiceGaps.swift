// swift-format-ignore-file
// Made from examples/lessons/09-service-gaps.md: UPDATE_SCRIPTS=1 swift test --filter LessonTests

extension LessonTexts {
  static let serviceGaps = #"""
# The gap between hope and service

data: demo, customers: 2000, today: 2026-06-30

## The idea

Customers are satisfied when what they get is what they hoped for. So SERVQUAL asks twice: what do
you expect, and what do you perceive? It asks for five dimensions: reliability, responsiveness,
assurance, empathy and tangibles. The gap is perception less expectation: below zero, we give less
than is hoped for. Improve first where the gap is widest, and not where the marks are lowest.

## A worked question

Where do we fall short of what customers hope for? `gap` takes the means of all surveys for each
dimension, the weakest first; `limit 3` keeps the first three rows.

```rapport quiet
gap customers then limit 3
```

Responsiveness is the widest gap: customers wait for us, and had hoped that they need not.

## Exercise 1

Do it by hand for the surveys of the `last 12 months`: show for each `dimension` the average of
`perception - expectation`. An average is `avg( ... )`.

### Hints

1. The records are `surveys`; the time stands behind that word.
2. One row for each dimension: `group by dimension`; then `show` and the average.
3. `find surveys in last 12 months group by dimension show avg(perception - expectation)`.

### Solution

```rapport
find surveys in last 12 months group by dimension show avg(perception - expectation)
```

```rapport
find surveys in last 12 months
  group by dimension show avg(perception - expectation) as gap then order by gap
```

You have done what the verb `gap` does, over the surveys you chose.

### Wrong answers

```rapport
find surveys in last 12 months group by dimension show avg(expectation - perception)
```

> should be -

The sign is the wrong way round: what is perceived comes first.

```rapport
find surveys group by dimension show avg(perception - expectation)
```

> avg

These are the surveys of all years.

```rapport
find surveys in last 12 months show avg(perception - expectation)
```

> has a row for each dimension; yours has one row

## Exercise 2

Which dimension has the widest gap for organisations? Their `kind` is `organisation`. Use the verb
`gap`, and keep only the weakest row with `then bottom 1 by gap`.

### Hints

1. A verb takes a condition behind the customers: `gap customers where ...`.
2. The condition is `kind = organisation`. Then comes `then`.
3. `gap customers where kind = organisation then bottom 1 by` and the column.

### Solution

```rapport
gap customers where kind = organisation then bottom 1 by gap
```

```rapport
gap customers where kind = organisation then limit 1
```

It is the same one as for all customers, and for organisations it is wider still.

### Wrong answers

```rapport
gap customers where kind = organisation
```

> too many

All five are there. Keep the weakest.

```rapport
gap customers then bottom 1 by gap
```

> should be

This is for all customers, persons too.

```rapport
gap customers where kind = organisation then top 1 by gap
```

> missing

This is the narrowest gap. The lowest number is the widest one.

## Exercise 3

Which customers were let down badly in the last 12 months? They have a survey in that time where
`perception - expectation <= -4`. List the ones who are still in `account_management`.

### Hints

1. A survey is a related record: `has surveys in last 12 months where (...)`.
2. A condition that is followed by `and` stands in brackets: `where (perception - expectation <=
   -4)`.
3. `find customers where has surveys in last 12 months where (perception - expectation <= -4) and`
   and the stage.

### Solution

```rapport
find customers
  where has surveys in last 12 months where (perception - expectation <= -4)
    and stage = account_management
```

They have told us, and they are still here. There is time to do something.

### Wrong answers

```rapport
find customers where has surveys in last 12 months where (perception - expectation <= -4)
```

> None is missing

Some of these have left, or are in another stage.

```rapport
find customers
  where has surveys where (perception - expectation <= -4) and stage = account_management
```

> None is missing

The time is missing: some of these surveys are years old.

```rapport
find customers
  where has surveys in last 12 months where (perception <= 4) and stage = account_management
```

> asked for

A low mark is not a gap: some of these had expected little.

## In short

Ask what is expected, not only what is perceived. `gap` compares the two for each dimension, and a
condition on `surveys` finds the customers behind a number.
"""#
}
