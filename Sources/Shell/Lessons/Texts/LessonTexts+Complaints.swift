// swift-format-ignore-file
// Made from examples/lessons/04-complaints.md: UPDATE_SCRIPTS=1 swift test --filter LessonTests

extension LessonTexts {
  static let complaints = #"""
# Complaints are free advice

data: demo, customers: 2000, today: 2026-06-30

## The idea

A customer who complains tells us, at no cost, what is wrong. Most unhappy customers do not
complain: they leave. So complaints are written down, handled fast, and counted by their cause. A
problem that is put right quickly leaves a customer more loyal than before; one who waits gives
up. A cause that comes back again and again is worth more than any single complaint.

## A worked question

What did customers complain of most in 2025? `in 2025` stands directly behind what it limits: the
complaints that were opened in that year.

```rapport
find complaints in 2025
  group by cause
  show count() as complaints
  top 5 by complaints
```

Late delivery is the place to look first. The line at the end says which days were meant.

## Exercise 1

How many complaints were opened in the `last 90 days`? Count them.

### Hints

1. `count complaints` counts all of them. The time stands behind the word `complaints`.
2. A time is written as one says it: `in last 90 days`.
3. `count complaints in` and then the time.

### Solution

```rapport
count complaints in last 90 days
```

```rapport
find complaints in last 90 days show count()
```

The 90 days end today, which is 2026-06-30 in this lesson.

### Wrong answers

```rapport
count complaints
```

> 'count' is 895 and should be 66

These are the complaints of all years.

```rapport
count complaints in last 30 days
```

> should be 66

The line under the answer says which days were counted.

```rapport
find complaints in last 90 days
```

> has one row, about everything; yours has a row for each complaint

These are the right complaints. Count them: `count` instead of `find`.

## Exercise 2

Which complaints of high `severity` were opened in the first quarter of 2026? It is written
`in Q1 2026`. Show them with what columns you like.

### Hints

1. The time stands directly behind `complaints`, before `where`.
2. The condition is `severity = high`, without quotes: severity has fixed values.
3. `find complaints in Q1 2026 where` and the condition.

### Solution

```rapport
find complaints in Q1 2026 where severity = high
```

```rapport
find complaints where severity = high and opened in Q1 2026
```

Ten in a quarter. Two of them have no day on which they were resolved.

### Wrong answers

```rapport
find complaints where severity = high
```

> None is missing

The severity is right, but these are of all years.

```rapport
find complaints in Q1 2026
```

> None is missing

The time is right. Keep only the severe ones with `where`.

```rapport
find complaints where severity = high in Q1 2026
```

> directly after

The time stands directly behind what it limits: `find complaints in Q1 2026 where ...`.

## Exercise 3

How long did it take to resolve a complaint of 2025, for each `severity`? Each complaint has
`days_to_resolve`. Show the `median`: half of them took less, half took more.

### Hints

1. It is a group query: one row for each severity, over the complaints of 2025.
2. The median is written as a sum is: `median(days_to_resolve)`.
3. `find complaints in 2025 group by severity show` and the median.

### Solution

```rapport
find complaints in 2025 group by severity show median(days_to_resolve)
```

A median is not moved by the few complaints that took a year, as an average is.

### Wrong answers

```rapport
find complaints in 2025 group by severity show avg(days_to_resolve)
```

> should be 11

The average is moved by a few very long ones. The median is asked for.

```rapport
find complaints group by severity show median(days_to_resolve)
```

> median_days_to_resolve

These are the complaints of all years.

```rapport
find complaints in 2025 group by cause show median(days_to_resolve)
```

> has a row for each severity; yours has a row for each cause

## In short

A time such as `in 2025`, `in Q1 2026` or `in last 90 days` stands directly behind what it limits,
before `where`. Count complaints by cause, measure how long they take with a median, and look at
the open ones every day.
"""#
}
