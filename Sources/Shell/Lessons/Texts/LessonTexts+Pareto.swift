// swift-format-ignore-file
// Made from examples/lessons/06-pareto.md: UPDATE_SCRIPTS=1 swift test --filter LessonTests

extension LessonTexts {
  static let pareto = #"""
# Three times twenty per cent

data: demo, customers: 2000, today: 2026-06-30

## The idea

About 20% of the customers bring 80% of the turnover: this is called Pareto's rule. In the same
way about 20% bring most of the profit, and 20% cause most of the complaints. It is tempting to
think that these are the same customers. They rarely are. So find all three groups, and then look
at the overlaps: who spends much and brings no profit, who is valuable and has a bad time with us?

## A worked question

How much do the best 20% bring us? `in top 20% by value` is a condition: it holds for the
customers whose value is among the highest fifth. `then` goes on with those.

```rapport
find customers where in top 20% by value
  then show count() as customers, sum(value) as turnover
```

Four hundred customers bring 958,799.21, and all 2,000 together 1,226,165.65: that is 78%.

## Exercise 1

Who is in the top 20% by `profit`? List them; there are 400.

### Hints

1. The worked question has the condition for value; here another field decides.
2. `where in top 20% by` and the field.
3. Leave out `then` and what follows: the customers themselves are asked for.

### Solution

```rapport
find customers where in top 20% by profit
```

Four hundred again, but not the same four hundred.

### Wrong answers

```rapport
find customers where in top 20% by value
```

> 65 are too many

These are the ones who spend most.

```rapport
find customers top 20 by profit
```

> 20 customers found, 400 customers asked for

`top 20 by` keeps twenty customers. `in top 20% by` keeps a fifth of them.

```rapport
find customers where profit > 0
```

> None is missing

These are all who bring some profit. The best fifth is asked for.

## Exercise 2

Who spends much but leaves us little? List the customers who are in the top 20% by value and not
in the top 20% by profit.

### Hints

1. There are two conditions joined by `and`; the second is turned round by `not`.
2. The word `not` stands before the whole condition: `not in top 20% by profit`.
3. `find customers where in top 20% by value and not` and so on.

### Solution

```rapport
find customers where in top 20% by value and not in top 20% by profit
```

```rapport
find customers where in top 20% by value and not (in top 20% by profit)
```

Sixty-five large customers with a small profit: look at discounts, returns and service.

### Wrong answers

```rapport
find customers where in top 20% by value and in top 20% by profit
```

> 65 are missing

These are in both groups.

```rapport
find customers where in top 20% by profit and not in top 20% by value
```

> 65 are missing

This is the other way round: little turnover, much profit.

```rapport
find customers where in top 20% by value then where not in top 20% by profit
```

> too many

After `then` the 20% are counted among the 400 that are left. Put both conditions into one
`where`.

## Exercise 3

Who is valuable and has trouble with us? List the customers who are in the top 20% by value and in
the top 20% by their number of complaints, `count(complaints)`, the most valuable first.

check: order

### Hints

1. The measure may be any expression: `in top 20% by count(complaints)`.
2. Two conditions joined by `and`, and an order at the end.
3. `find customers where in top 20% by value and in top 20% by count(complaints)`, and then
   `order by value desc`.

### Solution

```rapport
find customers
  where in top 20% by value and in top 20% by count(complaints)
  order by value desc
```

Seventy-two customers who pay our bills and have the most reason to leave. The note explains why
"20%" was only 9.8% here: equal numbers of complaints are never split.

### Wrong answers

```rapport
find customers where in top 20% by value and in top 20% by count(complaints) order by value
```

> their order is not

The customers are right. `desc` puts the highest value first.

```rapport
find customers where in top 20% by value and has complaints order by value desc
```

> None is missing

One complaint is enough here. You want those with the most.

```rapport
find customers where in top 20% by count(complaints) order by value desc
```

> None is missing

The valuable ones among them are asked for.

## In short

`in top 20% by` works with any measure, and conditions joined by `and` and `not` show the
overlaps. `pareto customers by value` draws the whole curve; try it, and then `by profit`.
"""#
}
