// swift-format-ignore-file
// Made from examples/lessons/08-moments.md: UPDATE_SCRIPTS=1 swift test --filter LessonTests

extension LessonTexts {
  static let moments = #"""
# Moments of truth

data: demo, customers: 2000, today: 2026-06-30

## The idea

Every contact with a customer is a moment of truth: it meets what the customer expected, exceeds
it, or disappoints. So an interaction has an `outcome`: `met`, `exceeded` or `disappointed`. One
mistake is forgiven, a second one rarely is. But a disappointment that is put right soon makes a
customer more loyal than before; this is the recovery effect. Find the moments that disappoint,
and find out why.

## A worked question

How do the contacts over each channel end? `moments` is a verb: a word that carries out a whole
analysis. It counts the outcomes, and says how many disappointments were made good within 60 days.

```rapport quiet
moments customers in last 12 months by interactions.channel
  then show group, exceeded, met, disappointed, net
    top 3 by disappointed
```

`net` is exceeded less disappointed. Email and phone disappoint far more often than they please.

## Exercise 1

How many interactions of the last 12 months had each `outcome`? Count them.

### Hints

1. The records are `interactions`, and the time stands behind that word.
2. `count interactions in last 12 months` and then `by`.
3. It ends with `by outcome`.

### Solution

```rapport
count interactions in last 12 months by outcome
```

```rapport
find interactions in last 12 months group by outcome
```

Of the moments whose outcome is known, almost a third disappointed.

### Wrong answers

```rapport
count interactions by outcome
```

> should be 396

These are the interactions of all years.

```rapport
count interactions in last 12 months by channel
```

> has a row for each outcome; yours has a row for each channel

```rapport
count interactions in last 12 months
```

> has a row for each outcome; yours has one row

## Exercise 2

Which customers were disappointed at least twice in the last 12 months? They are close to leaving.
A relation can have a number and a condition: `has at least 2 interactions in ... where ...`.

### Hints

1. Behind the relation stands the time, then `where` and the outcome.
2. The condition inside is `outcome = disappointed`.
3. `find customers where has at least 2 interactions in last 12 months where` and the condition.

### Solution

```rapport
find customers
  where has at least 2 interactions in last 12 months where outcome = disappointed
```

A repeated mistake is rarely forgiven: somebody should speak to these customers first.

### Wrong answers

```rapport
find customers where has interactions in last 12 months where outcome = disappointed
```

> None is missing

Once is enough for this query. `at least 2` is missing.

```rapport
find customers where has at least 2 interactions where outcome = disappointed
```

> None is missing

Over all years. The time stands behind `interactions`.

```rapport
find customers where has at least 2 interactions in last 12 months
```

> None is missing

These had two contacts of any kind.

## Exercise 3

At which stage do customers have the most bad moments? Use `moments customers by stage`, and keep
with `then` the two groups with the highest `disappointed_share`, the highest first.

check: order

### Hints

1. First type `moments customers by stage`, and look at the names of the columns.
2. `then top 2 by` and the name of the column goes on with the answer.
3. `moments customers by stage then top 2 by` and `disappointed_share`.

### Solution

```rapport
moments customers by stage then top 2 by disappointed_share
```

Who has left us had been disappointed almost every second time. It was there to be seen.

### Wrong answers

```rapport
moments customers by stage
```

> too many

All stages. Keep the two with the highest share.

```rapport
moments customers by stage then top 2 by disappointed
```

> missing

This is the number of disappointments. It is high where there are many customers.

```rapport
moments customers by stage then bottom 2 by disappointed_share
```

> 2 are missing

These are the best stages.

## In short

An outcome says what a contact was worth. `moments` counts them by whatever you name, and
`has at least 2 ... where ...` finds the customers to speak to.
"""#
}
