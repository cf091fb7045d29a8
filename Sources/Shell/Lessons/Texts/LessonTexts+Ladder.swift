// swift-format-ignore-file
// Made from examples/lessons/10-ladder.md: UPDATE_SCRIPTS=1 swift test --filter LessonTests

extension LessonTexts {
  static let ladder = #"""
# The ladder of loyalty

data: demo, customers: 2000, today: 2026-06-30

## The idea

Loyalty grows in steps, like a ladder. At its foot is the contact who knows of us; a prospect
talks with us, a partner has bought, and a loyal customer buys again and again. On the highest
rung stands the advocate, who sends us other customers and costs us nothing. Who is satisfied and
valuable may become an advocate; who is valuable and dissatisfied speaks badly of us, and is
heard.

## A worked question

How many customers stand on each rung? The rung of a customer is a field, `rung`, and `share` is
the part of the whole.

```rapport quiet
find customers group by rung show count() as customers, share(count()) as share
```

Seven in a hundred are advocates. The verb `ladder` draws the same: `ladder customers`.

## Exercise 1

Show for each `rung` the average value of a customer and the average `satisfaction`. Who is on a
higher rung: are they worth more, and more satisfied?

### Hints

1. It is a group query over customers: one row for each rung.
2. Two averages stand behind `show`, with a comma between: `avg(value), avg(satisfaction)`.
3. `find customers group by rung show` and the two averages.

### Solution

```rapport
find customers group by rung show avg(value), avg(satisfaction)
```

From partner up, each rung is worth more than the one below, and the advocates are by far the
most satisfied.

### Wrong answers

```rapport
find customers group by rung show sum(value), avg(satisfaction)
```

> value

A rung with many customers has a large sum. The average is asked for.

```rapport
find customers group by rung show avg(value)
```

> a column is missing

The average satisfaction is missing.

```rapport
find customers group by stage show avg(value), avg(satisfaction)
```

> has a row for each rung; yours has a row for each stage

## Exercise 2

Which five advocates have brought most other customers? Show the name and the number of
`referrals`: that relation leads from a customer to the customers whom he or she sent. The most
stand first.

check: order, columns

### Hints

1. Keep the advocates with `where`, and count the relation: `count(referrals)`.
2. A name for the number makes it easy to order: `count(referrals) as brought`.
3. `find customers where rung = advocate show name, count(referrals) as brought top 5 by brought`.

### Solution

```rapport
find customers where rung = advocate
  show name, count(referrals) as brought
  top 5 by brought
```

One of them brought 25 customers, and has not spent much. Value is more than turnover.

### Wrong answers

```rapport
find customers where rung = advocate show name, value top 5 by value
```

> missing

These are the advocates who spend most.

```rapport
find customers where rung = loyal show name, count(referrals) as brought top 5 by brought
```

> 5 are missing

These stand one rung lower.

```rapport
find customers where rung = advocate top 5 by count(referrals)
```

> a column is missing

The customers are right. Show the number too.

## Exercise 3

Who could become an advocate? List the customers on the rung `loyal` whose `satisfaction` is 80 or
more, and who were not yet asked: they have no `referrals`.

### Hints

1. There are three conditions, each joined by `and`.
2. "80 or more" is written `satisfaction >= 80`. The relation is `has no referrals`.
3. `find customers where rung = loyal and satisfaction >= 80 and` and the third condition.

### Solution

```rapport
find customers where rung = loyal and satisfaction >= 80 and has no referrals
```

They buy again and again, they are satisfied, and nobody has asked them whom they could send.

### Wrong answers

```rapport
find customers where rung = partner and satisfaction >= 80 and has no referrals
```

> missing

A partner has bought, but not often enough, or long ago.

```rapport
find customers where satisfaction >= 80 and has no referrals
```

> None is missing

Some of these have bought only once.

```rapport
find customers where rung = loyal and satisfaction > 80 and has no referrals
```

> missing

The sign `>` means more than 80. Those with 80 are wanted too: `>=`.

## In short

A rung says how far the relationship has come. Rungs have an order: `rung >= loyal` holds for the
two highest. Ask the satisfied and loyal for a recommendation, and look after the advocates.
"""#
}
