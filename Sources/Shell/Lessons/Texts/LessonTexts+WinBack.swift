// swift-format-ignore-file
// Made from examples/lessons/07-win-back.md: UPDATE_SCRIPTS=1 swift test --filter LessonTests

extension LessonTexts {
  static let winBack = #"""
# Winning customers back

data: demo, customers: 2000, today: 2026-06-30

## The idea

A customer in `dissociation` buys no more, but is not always lost. Some may come back once the
reason why they left is dealt with; nobody comes back from a firm that was closed. So ask why they
left, who of them was valuable, and who came back before. A stage has a history: rapport remembers
when it changed, from what and to what. With it one can also see how many left lately, and from
where.

## A worked question

Why did customers leave us in the last 12 months? `stage changed to dissociation` is true for
those whose stage became that, and the time stands behind it.

```rapport
find customers where stage changed to dissociation in last 12 months
  group by left_because
  show count() as customers, sum(value) as value
  top 3 by customers
```

A new contact person is the commonest reason that is known. That can be prevented: know more than
one person at a customer. The sign – stands for customers whose reason nobody has written down.

## Exercise 1

Which customers came back in the last 12 months? Their stage changed from `dissociation` to
something else, whatever it was.

### Hints

1. The condition of the worked question has `to`. Here it is `from`.
2. `stage changed from dissociation`, and the time behind it.
3. `find customers where stage changed from dissociation in` and the time.

### Solution

```rapport
find customers where stage changed from dissociation in last 12 months
```

Eighteen came back, while 178 left.

### Wrong answers

```rapport
find customers where stage changed to dissociation in last 12 months
```

> 11 are missing

These left. The ones who came back are asked for.

```rapport
find customers where stage changed from dissociation
```

> None is missing

These are all who ever came back. The time is missing.

```rapport
find customers where stage = dissociation
```

> missing

These are gone today.

## Exercise 2

How many customers were in each stage at the end of 2025? Ask the question of lesson 3 as if it
were that day: `as of 2025-12-31` stands directly behind `customers`.

### Hints

1. `count customers by stage` is the question for today.
2. The day stands before `by`: `count customers as of ...`.
3. `count customers as of 2025-12-31` and then `by stage`.

### Solution

```rapport
count customers as of 2025-12-31 by stage
```

```rapport
find customers as of 2025-12-31 group by stage
```

There were 35 in intensive care then, and there are 58 now: something went wrong in half a year.

### Wrong answers

```rapport
count customers by stage
```

> should be 171

This is today.

```rapport
count customers before 2025-12-31 by stage
```

> should be

These are the customers who joined before that day, with the stage they have today.

```rapport
count customers as of 2025-12-31
```

> has a row for each stage; yours has one row

## Exercise 3

Which customers were in `intensive_care` at some time in 2025, and are in `account_management`
today? For them we put things right. `stage was intensive_care in 2025` says the first.

### Hints

1. There are two conditions joined by `and`: one on the past, one on today.
2. The past: `stage was intensive_care in 2025`. Today: `stage =`, as always.
3. `find customers where stage was intensive_care in 2025 and stage =` and the stage of today.

### Solution

```rapport
find customers where stage was intensive_care in 2025 and stage = account_management
```

Customers whose problem was solved well are often more loyal than before.

### Wrong answers

```rapport
find customers where stage was intensive_care in 2025
```

> None is missing

Some of these have left, and some are still in intensive care.

```rapport
find customers where stage was intensive_care on 2025-12-31 and stage = account_management
```

> missing

`on` asks for one day. Those who were there earlier in the year are left out.

```rapport
find customers where stage = intensive_care and stage = account_management
```

> no customers found

Nobody is in two stages on the same day.

## In short

`stage changed`, `stage was` and `as of` ask the past. Whoever left did so for a reason, and the
reason tells who may come back.
"""#
}
