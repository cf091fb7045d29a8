// swift-format-ignore-file
// Made from examples/lessons/03-acquisition.md: UPDATE_SCRIPTS=1 swift test --filter LessonTests

extension LessonTexts {
  static let acquisition = #"""
# What a customer costs to win

data: demo, customers: 2000, today: 2026-06-30

## The idea

To win a customer costs several times as much as to keep one: about four to one. What is paid for
are campaigns: letters, calls, advertisements. So the cost of one customer won is the cost of the
campaigns, divided by the customers who came through them. But a customer who comes cheaply and
leaves at once was dear. And the best customers are often brought by other customers, who ask
nothing for it.

## A worked question

Where do our customers come from? `group by` puts customers with the same source into one row, and
`count()` counts them.

```rapport
find customers group by source show count() then top 5 by count
```

A row is now a source, and not a customer any more. `then` goes on with the answer: it keeps the
five largest groups. Referrals come first: 439 customers were sent by another customer.

## Exercise 1

How many customers are there in each `stage`? Show one row for each stage, with the number of
customers in it.

### Hints

1. The worked question does the same for the field `source`.
2. `group by stage` makes a row of each stage; `show count()` counts.
3. There is also a short form: `count customers by` and the field.

### Solution

```rapport
find customers group by stage show count()
```

```rapport
count customers by stage
```

Most are in `account_management`; but 557 have left.

### Wrong answers

```rapport
count customers
```

> has a row for each stage; yours has one row

That is the number of all customers. `by stage` behind it counts each stage.

```rapport
count customers by source
```

> has a row for each stage; yours has a row for each source

```rapport
find customers order by stage
```

> has a row for each stage; yours has a row for each customer

The customers now stand in the order of their stages, but each has still a row of its own.

## Exercise 2

What did the campaigns of each `channel` cost, all together? The records are `campaigns`, and each
has a `channel` and a `cost`. A sum is written `sum(cost)`.

### Hints

1. This time the query begins with `find campaigns`.
2. One row for each channel: `group by channel`. Then `show` the sum of the cost.
3. `find campaigns group by channel show` and the sum in brackets: `sum(cost)`.

### Solution

```rapport
find campaigns group by channel show sum(cost)
```

Social media cost most, and phone least.

### Wrong answers

```rapport
count campaigns by channel
```

> should be 16,800.00

This is how many campaigns there were. You want the sum of what they cost.

```rapport
find campaigns group by channel show avg(cost)
```

> should be 16,800.00

`avg` is the average of a campaign, `sum` adds them up.

```rapport
find campaigns show channel, sum(cost)
```

> group by

A column of each campaign and a sum over many do not go together: `group by channel` says over
which.

## Exercise 3

What did one customer cost who came through a campaign, for each `channel`? It is the cost of the
campaigns divided by the number of their customers: `sum(cost) / count(customers)`. Show the
dearest channel first.

check: order

### Hints

1. The groups are those of exercise 2. Another value is shown, and it needs a name to order by.
2. A name is given with `as`: `show sum(cost) / count(customers) as per_customer`.
3. Behind the `show` comes the order, from the highest down: `order by per_customer desc`.

### Solution

```rapport
find campaigns
  group by channel
  show sum(cost) / count(customers) as per_customer
  order by per_customer desc
```

Visits are the dearest and the web the cheapest. Whether those customers stay is the next question
to ask.

### Wrong answers

```rapport
find campaigns group by channel show sum(cost) / count(customers) as per_customer
```

> their order is not

The values are right. `order by per_customer desc` puts the dearest first.

```rapport
find campaigns group by channel show sum(cost) / count() as per_campaign order by per_campaign desc
```

> visit

`count()` counts campaigns. `count(customers)` counts the customers who came through them.

```rapport
find campaigns group by channel show sum(cost) as cost order by cost desc
```

> visit

This is the cost of each channel. It is not yet divided by the customers.

## In short

`group by` makes a row of every value, and `count()`, `sum()` and `avg()` say something about all
that fell into it. `then` goes on with the answer. Divide by customers, and better by those who
stayed, before you call a campaign cheap.
"""#
}
