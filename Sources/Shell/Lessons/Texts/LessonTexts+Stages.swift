// swift-format-ignore-file
// Made from examples/lessons/01-stages.md: UPDATE_SCRIPTS=1 swift test --filter LessonTests

extension LessonTexts {
  static let stages = #"""
# The stages of a relationship

data: demo, customers: 200, today: 2026-06-30

## Before you begin

You type a question, press Enter, and read the answer. The data here is for practice: nothing
that you type can break anything, and data of your own stays as it is.

- Enter asks the question.
- Up brings your last line back, so that you can change it and ask again.
- Tab finishes a word, or shows which words can come next.
- Ctrl-C drops the line that you are typing: hold Ctrl and press C.
- `.hint` helps with an exercise. `.lesson end` leaves the lesson.
- `.exit` leaves the program. What you have done is remembered.

## The idea

A relationship with a customer has stages, as any other relationship has. It begins in
`recruitment`, where we try to win the customer; the first order opens `welcoming`, in which the
customer learns to use what was bought and whom to call. In `getting_to_know` both sides learn
about each other, and in `account_management` the relationship is secure. When a problem has made
the customer unhappy, the stage is `intensive_care`; who buys no more is in `dissociation`. Each
stage asks for different work, so the first question about any customer is: in which stage?

## A worked question

Who is in intensive care, and should be called today? A query says it almost in English: `find`
names what you want to see, and `where` keeps only what fits.

```rapport
find customers where stage = intensive_care
```

Each row is one customer, and the last line counts them. A stage has no spaces in its name: it
is written with `_`.

## Exercise 1

Some customers have just bought for the first time, and somebody should make sure that they are
happy with it. Which customers are in `welcoming`? Type this line and press Enter:

```rapport
find customers where stage = welcoming
```

### Hints

1. Type the line exactly as it stands, and press Enter at its end.
2. The prompt is the text before the cursor; you do not type it. The line begins with `find`.
3. Instead of typing all of it, type `find cust`, press Tab, and go on with `where stage = w`,
   then Tab again.

### Solution

```rapport
find customers where stage = welcoming
```

That is how a question is asked: what you want to see, then what has to be true of it.

### Wrong answers

```rapport
find customers
```

> 200 customers found, 10 customers asked for
> None is missing

These are all customers, whatever their stage. With `where stage = welcoming` at the end of the
line only the ones you want are left.

```rapport
find customers where stage = getting_to_know
```

> 10 are missing

These customers are one stage further: they have got past the welcome.

```rapport
find customers where stage != welcoming
```

> 190 are too many

The sign `!=` means "is not", so these are all the others. "Is" is written `=`.

## Exercise 2

Which customers in `account_management` have a `value` of more than 2,000? Value is all that a
customer has spent with us. Two conditions are joined by `and`, and "more than" is written `>`:
write `... and value > 2000` behind the first condition.

### Hints

1. Press Up to bring back your last query, and change the stage in it.
2. The query of exercise 1, with another stage, is the first half. Then comes `and`, then the
   second condition.
3. The line begins `find customers where stage = account_management and`, and the condition on
   value follows. Numbers have no comma: 2000.

### Solution

```rapport
find customers where stage = account_management and value > 2000
```

```rapport
find customers where value > 2k and stage = account_management
```

Ten customers: the ones whom we would miss most. A thousand may be written `k`: `value > 2k`.

### Wrong answers

```rapport
find customers where stage = account_management
```

> 79 are too many
> None is missing

The stage is right. Nothing is said about the value yet.

```rapport
find customers where value > 2000
```

> 7 are too many

The value is right. But customers who have left are among them too: both conditions are wanted.

```rapport
find customers where stage = account_management and value < 2000
```

> 10 are missing

The sign is the wrong way round: `<` means "less than".

## Exercise 3

Which customers from Spain have left us? They are in `dissociation`, and their `country` is "ES".
What is a text, and not one of a few fixed words as a stage is, stands in quotes: `"ES"`.

### Hints

1. Again there are two conditions, joined by `and`: one on the stage, one on the country.
2. The second condition is `country = "ES"`, with the quotes.
3. The line begins `find customers where stage = dissociation and country =`. Press Tab there to
   see which countries there are.

### Solution

```rapport
find customers where stage = dissociation and country = "ES"
```

Four customers. Why did they leave, and would one of them come back? You will find out in the
lesson on winning back.

### Wrong answers

```rapport
find customers where country = "ES"
```

> None is missing

These are all customers from Spain; most of them are still with us.

```rapport
find customers where stage = dissociation and country = "Spain"
```

> no customers found
> A condition keeps everything out

Countries are written with two letters here: the note under the answer names some.

```rapport
find customers where stage = dissociation and country = ES
```

> quotes

## In short

You have asked three questions with `find` and `where`. Stages are written as they are, numbers
without commas, texts in quotes, and `and` joins conditions that have to be true together.
"""#
}
