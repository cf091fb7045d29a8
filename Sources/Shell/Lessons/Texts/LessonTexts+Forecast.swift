// swift-format-ignore-file
// Made from examples/lessons/12-forecast.md: UPDATE_SCRIPTS=1 swift test --filter LessonTests

extension LessonTexts {
  static let forecast = #"""
# What customers will be worth

data: demo, customers: 2000, today: 2026-06-30

## The idea

The lifetime value of a customer is what was earned in the past and what may still come. What
comes can be forecast from three things: how often somebody bought, how lately, and for how much.
A model gives each customer a probability to be still active, the number of orders to expect, and
what these bring. It is right about many customers together, and not about a single one. So use it
to decide for whom more is worth doing.

## A worked question

Who will bring us most in the next 12 months? `forecast` gives each customer the columns
`p_alive` (the probability to be active), `expected_orders` and `clv`, the value to come.

```rapport quiet
forecast customers over 12 months
  then show customer, p_alive, expected_orders, clv
    top 5 by clv
```

Ask it yourself, and lines under the answer tell how the model was fitted: a forecast that hides
this is no use.

## Exercise 1

Which five customers in `intensive_care` would cost us most if they left? Forecast all customers
over 12 months, keep with `then` those in that stage, and show the five with the highest `clv`.

check: order

### Hints

1. The condition stands behind `then`, so that the model still learns from all customers.
2. `then where stage = intensive_care` comes first, and `top 5 by clv` behind it.
3. `forecast customers over 12 months then where stage = intensive_care` and the top five.

### Solution

```rapport
forecast customers over 12 months then where stage = intensive_care top 5 by clv
```

Look after these first. One of them is worth as much as many of the others together.

### Wrong answers

```rapport
forecast customers over 12 months then top 5 by clv
```

> 5 are missing

These are the best of all stages.

```rapport
find customers where stage = intensive_care top 5 by value
```

> missing

This is what they were worth up to now. What is to come is asked for.

```rapport
forecast customers where stage = intensive_care over 12 months then top 5 by clv
```

> their order is not

The model was fitted to a few customers with problems. Filter behind `then`, so that it learns
from all.

## Exercise 2

What will each stage bring? Show for each `stage` the sum of `clv` over the next 12 months.

### Hints

1. After `then` the customers' fields can be used too: `then group by stage`.
2. Behind it stands `show sum(clv)`.
3. `forecast customers over 12 months then group by stage show` and the sum.

### Solution

```rapport
forecast customers over 12 months then group by stage show sum(clv)
```

Two thirds of it come from `account_management`. To keep these customers costs less than to win
others.

### Wrong answers

```rapport
forecast customers over 12 months then group by stage show sum(expected_value)
```

> should be

`expected_value` is what one order brings. `clv` is all of them together.

```rapport
forecast customers over 6 months then group by stage show sum(clv)
```

> should be

This is half a year.

```rapport
find customers group by stage show sum(value)
```

> should be

This is the past.

## Exercise 3

Who was valuable and has probably gone, without a word? List the customers in `account_management`
whose `value` is above 1,000 and whose `p_alive` is below 50%. Forecast over 12 months.

### Hints

1. Three conditions stand behind `then where`, joined by `and`.
2. The first is the stage, the second `value > 1000`, the third `p_alive < 50%`.
3. `forecast customers over 12 months then where stage = account_management and value > 1000 and`
   and the third condition.

### Solution

```rapport
forecast customers over 12 months
  then where stage = account_management and value > 1000 and p_alive < 50%
```

In our books they are secure, and the model says that they have gone. A call costs little.

### Wrong answers

```rapport
forecast customers over 12 months then where stage = account_management and p_alive < 50%
```

> None is missing

The value is missing: some of these have spent little.

```rapport
forecast customers over 12 months then where value > 1000 and p_alive < 50%
```

> None is missing

Most of these have left, and we know it.

```rapport
forecast customers over 12 months
  then where stage = account_management and value > 1000 and p_alive > 50%
```

> missing

These are probably still active.

## In short

`forecast` looks ahead, `then` asks its answer like any other. You have come from `find` to a
model of the future: the questions are yours now.
"""#
}
