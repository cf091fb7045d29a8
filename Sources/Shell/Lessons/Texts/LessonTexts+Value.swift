// swift-format-ignore-file
// Made from examples/lessons/02-value.md: UPDATE_SCRIPTS=1 swift test --filter LessonTests

extension LessonTexts {
  static let value = #"""
# Value and profit

data: demo, customers: 2000, today: 2026-06-30

## The idea

Customers are not worth the same to us. The `value` of a customer is what the customer has spent;
the `profit` is what is left of it when the cost of the goods and of serving the customer is taken
away. A large customer can be a loss, because of discounts, returns and a lot of service. So know
the most and the least profitable customers, and those with the greatest `potential` to grow. A
list alone shows nothing of this: you have to put it in an order.

## A worked question

Who are our five largest customers? `top 5 by value` keeps the five highest, the highest first.
`show` says which columns you want to see.

```rapport
find customers show name, value, cost, profit top 5 by value
```

Look at the last column: the largest customer of all costs us more than it brings. The last line
says how many customers there are in all, and in which order they stand.

## Exercise 1

Which ten customers bring us most profit? The highest profit stands first. Show what you like.

check: order

### Hints

1. The worked question asks for the highest value. You want ten instead of five, and another
   field.
2. `top 10 by` is followed by the field that decides: `profit`.
3. `find customers top 10 by ...` is all you need; `show` is only for the eye.

### Solution

```rapport
find customers top 10 by profit
```

```rapport
find customers order by profit desc limit 10
```

The largest customer is not among the ten.

### Wrong answers

```rapport
find customers top 10 by value
```

> 5 are too many

This is what they spend, not what they leave us.

```rapport
find customers order by profit
```

> 2,000 customers found, 10 customers asked for

`order by` keeps every row, and the lowest stands first. `top 10 by` keeps ten, the highest first.

```rapport
find customers bottom 10 by profit
```

> 10 are missing

`bottom` is the other end of the list: these are the customers we lose money on.

## Exercise 2

Which five customers do we lose most on? The one with the lowest profit stands first.

check: order

### Hints

1. The lowest instead of the highest: `top` has an opposite.
2. The opposite of `top` is `bottom`.
3. `find customers bottom 5 by` is followed by the field.

### Solution

```rapport
find customers bottom 5 by profit
```

```rapport
find customers order by profit limit 5
```

Two of them lose us more than three thousand each. Somebody should look at their prices.

### Wrong answers

```rapport
find customers top 5 by profit
```

> 5 are missing

These are the best ones. You want the other end of the list.

```rapport
find customers where profit < 0
```

> None is missing

All of these are losses. You want only the five greatest.

```rapport
find customers bottom 5 by value
```

> 5 are missing

These have spent least. That does not mean that we lose money on them.

## Exercise 3

With whom could we grow? Of the customers in `account_management`, show the `name`, the
`owner.name` and the `potential` of the five with the greatest potential, the greatest first. The
owner is the employee who looks after a customer; `owner.name` is that employee's name.

check: order, columns

### Hints

1. This query has three parts: `where` with the stage, `show` with three names, and `top 5 by`.
2. The columns are written behind `show`, with commas between: `show name, owner.name, potential`.
3. It begins `find customers where stage = account_management show name, owner.name, potential`,
   and `top 5 by` ends it.

### Solution

```rapport
find customers where stage = account_management
  show name, owner.name, potential
  top 5 by potential
```

Five names, and with each the colleague to talk to. The note says that for 227 customers nobody
has estimated the potential: an unknown value is never in a top list.

### Wrong answers

```rapport
find customers show name, owner.name, potential top 5 by potential
```

> missing

Among these are customers who have left us.

```rapport
find customers where stage = account_management show name, potential top 5 by potential
```

> a column is missing
> owner_name

The customers are right. Show the name of the owner as well.

```rapport
find customers where stage = account_management show name, owner.name, potential limit 5
```

> 5 are missing

`limit 5` takes the first five that come, in no order of potential.

## In short

`top 5 by` and `bottom 5 by` put the greatest or the smallest first and keep that many; `order by`
only puts in order. `show` chooses columns, and a dot leads from a customer to its owner. Value is
not profit: look at both.
"""#
}
