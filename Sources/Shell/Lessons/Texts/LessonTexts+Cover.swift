// swift-format-ignore-file
// Made from examples/lessons/05-cover.md: UPDATE_SCRIPTS=1 swift test --filter LessonTests

extension LessonTexts {
  static let cover = #"""
# Who looks after whom

data: demo, customers: 2000, today: 2026-06-30

## The idea

Every customer needs somebody on our side who is responsible: the owner. Employees are grouped as
customers are, by what they are good at, and each group of employees is matched to a group of
customers. Then one can ask how many customers, and how much value, one employee has to look
after. Where the cover is thin, customers are forgotten. A customer without an owner, or without
any contact for months, is the first sign of it.

## A worked question

Which employees have most customers? `count(customers)` counts, for each employee, the customers
who belong to that employee. One record can have many others: that is a relation.

```rapport
find employees
  show name, job_family, count(customers) as customers
  top 5 by customers
```

One hundred and seventy-four customers are too many for one person to know.

## Exercise 1

Which employees have no customers at all? A relation can be a condition too: `has customers` is
true for whoever has some, and `has no customers` is the opposite.

### Hints

1. The query begins with `find employees where`.
2. The condition has three words: `has no customers`.
3. There is no `=` in it: `find employees where has no` and the relation.

### Solution

```rapport
find employees where has no customers
```

```rapport
find employees where count(customers) = 0
```

They are in management and service: it is not their work to own customers.

### Wrong answers

```rapport
find employees where has customers
```

> 10 are missing

These are the others, who have some.

```rapport
find customers where owner is unknown
```

> has a row for each employee; yours has a row for each customer

That is the other side: customers who have no employee.

```rapport
find employees where count(customers) < 50
```

> None is missing

Some of these have a few customers. You want those with none.

## Exercise 2

Which customers in `intensive_care` have had no contact in the last 90 days? Contacts with a
customer, by mail, phone or visit, are the `interactions`. The time stands behind the relation.

### Hints

1. There are two conditions, joined by `and`: the stage, and a relation with `has no`.
2. The second condition is `has no interactions in last 90 days`.
3. `find customers where stage = intensive_care and` and the second condition.

### Solution

```rapport
find customers where stage = intensive_care and has no interactions in last 90 days
```

They have a problem, and nobody has spoken to them for three months. Call them today.

### Wrong answers

```rapport
find customers where has no interactions in last 90 days
```

> None is missing

These are customers of every stage.

```rapport
find customers where stage = intensive_care and has interactions in last 90 days
```

> missing

With these we have spoken. The word `no` is missing.

```rapport
find customers where stage = intensive_care and has no interactions
```

> asked for

This asks for customers who never had any contact. You want those without one in the last 90 days.

## Exercise 3

How many customers, and how much of their `value`, does each owner have who looks after more than
100 customers? Show for each employee the name, the number of customers and the sum of their
value, most customers first.

check: order, columns

### Hints

1. Begin as the worked question does. A condition keeps the employees with more than 100
   customers.
2. The sum over a relation names both: `sum(customers.value)`. The condition is `where
   count(customers) > 100`.
3. `find employees where count(customers) > 100 show name, count(customers) as customers,` the
   sum, and `order by customers desc`.

### Solution

```rapport
find employees
  where count(customers) > 100
  show name, count(customers) as customers, sum(customers.value) as value
  order by customers desc
```

A few people in sales look after most customers. Their share of the value is smaller: the large
customers are with the key accounts.

### Wrong answers

```rapport
find employees where count(customers) > 100 show name, count(customers) as customers
  order by customers desc
```

> a column is missing

The employees are right. The value of their customers is missing.

```rapport
find employees show name, count(customers) as customers, sum(customers.value) as value
  order by customers desc
```

> None is missing

These are all employees. Only those with more than 100 customers are asked for.

```rapport
find employees where count(customers) > 100
  show name, count(customers) as customers, sum(customers.value) as value
```

> their order is not

The rows are right; the one with most customers comes first.

## In short

A relation leads from one record to many. As a condition it is `has` or `has no`, with a time
behind it if wanted; as a value it stands in `count(...)` or `sum(...)`. It never makes more rows
than there are records.
"""#
}
