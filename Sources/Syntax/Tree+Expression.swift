/// An expression: a value, a condition, a point in time or a period.
package struct Expression: Sendable {
  /// The kinds of expression. Brackets leave no node: the formatter puts back those it needs.
  package indirect enum Kind: Sendable {
    /// `12000 12_000 12.5 12k 1.5m 20%`
    case number(NumberLiteral)
    /// `"text"`
    case text(String)
    /// `2026-01-31`, `2026-01-31T14:30`
    case date(DateLiteral)
    /// `5 days`
    case duration(Int64, DurationUnit)
    /// `yes`, `no`
    case flag(Bool)
    /// `unknown`
    case unknown
    /// `today`, `90 days ago`, `start of month`
    case point(Point)
    /// `2025` after `in`, `Q3 2025`, `last 30 days`
    case period(Period)
    /// `$region`
    case parameter(Name)
    /// A field, a path, an alias, a choice or an entity: the binder decides.
    case path([Name])
    /// `-x`
    case negation(Expression)
    /// `x + y`
    case arithmetic(ArithmeticOperator, Expression, Expression)
    /// `x = y`
    case comparison(ComparisonOperator, Expression, Expression)
    /// `x contains "y"`
    case textTest(TextOperator, Expression, Expression)
    /// `x in (a, b)`, `x not in (a, b)`
    case membership(Expression, isNegated: Bool, [Expression])
    /// `x between a and b`
    case between(Expression, Expression, Expression)
    /// `x is known`, `x is unknown`
    case knownTest(Expression, isKnown: Bool)
    /// `x in last 90 days`, `x since 2025`: any window but `between`. `x on D` may also be a value:
    /// what a field with a history was on that day.
    case windowTest(Expression, Window)
    /// `in top 20% by value per owner`
    case rankTest(RankTest)
    /// `not x`
    case not(Expression)
    /// `a and b and c`: two operands or more, none of the other operator.
    case logical(LogicalOperator, [Expression])
    /// A function or an aggregate.
    case call(Call)
    /// `has orders`, `has no orders in last 90 days where …`, `has A followed by B`
    case has(HasTest)
    /// `stage was A on D`, `stage was A in PERIOD`: no other windows.
    case was(Expression, Expression, Window)
    /// `stage changed from A to B in last month`
    case changed(ChangedTest)
    /// `in segment vip`, `entered segment vip in last month`
    case segmentTest(SegmentTest)
    /// `outer.stage_since`: a field of the row around a condition about related records.
    case outer([Name])
    /// `it`, `it.value`: the last answer, or a column of it.
    case it([Name])
    /// `all customers`, `all customers.value`: the whole store, inside a row.
    case all(Name, [Name])
    /// `standard fast_fix`: its target.
    case standard(Name)
    /// `$n days`, `$n days ago`, `last $n months`
    case counted(CountedTime)
    /// `(rfm customers summary).customers`: a column of the one row that a query gives.
    case columnOfQuery(Query, Name)
  }

  /// What it is.
  package var kind: Kind
  /// From its first to its last token, its own outer brackets included.
  package var range: SourceRange
  /// How many levels the tree had when it was made; 1 for a leaf. The parser keeps it within
  /// `Parser.depthMax`, so that every stage may go through a tree by recursion.
  package private(set) var depth: Int

  /// Makes an expression.
  package init(_ kind: Kind, range: SourceRange) {
    self.kind = kind
    self.range = range
    self.depth = 1 + kind.depthBelow
  }
}

extension Expression.Kind {
  /// The levels below an expression of this kind; 0 for a leaf.
  var depthBelow: Int {
    switch self {
    case .number, .text, .date, .duration, .flag, .unknown, .point, .period, .parameter, .path,
      .outer, .it, .all, .standard, .counted:
      0
    case .negation(let one), .not(let one), .knownTest(let one, isKnown: _):
      one.depth
    case .arithmetic(_, let left, let right), .comparison(_, let left, let right),
      .textTest(_, let left, let right):
      max(left.depth, right.depth)
    case .between(let one, let lower, let upper): max(one.depth, lower.depth, upper.depth)
    case .membership(let one, isNegated: _, let all): max(one.depth, all.depthMax)
    case .logical(_, let all): all.depthMax
    case .windowTest(let one, let window): max(one.depth, window.depth)
    case .rankTest(let test): max(test.by.depth, test.per.depthMax)
    case .call(let call):
      max(
        call.arguments.depthMax, call.per.depthMax, call.filter?.depth ?? 0,
        call.window?.depth ?? 0)
    case .has(let test): test.depthBelow
    case .was(let one, let other, let window): max(one.depth, other.depth, window.depth)
    case .changed(let test): test.depthBelow
    case .segmentTest(let test): test.depthBelow
    case .columnOfQuery(let query, _): query.depth
    }
  }
}

extension [Expression] {
  /// The levels of the deepest.
  var depthMax: Int { reduce(0) { Swift.max($0, $1.depth) } }
}

extension Window {
  /// The levels of its deepest expression.
  var depth: Int {
    switch kind {
    case .inside(let one), .since(let one), .before(let one), .after(let one), .until(let one),
      .on(let one):
      one.depth
    case .between(let lower, let upper): max(lower.depth, upper.depth)
    }
  }
}

/// A number as written, exact.
package struct NumberLiteral: Hashable, Sendable {
  /// As written, so that `12k` prints as `12k`.
  package var spelling: String
  /// The digits as an integer, suffix applied where that is exact; the value is `unscaled / 10^decimals`.
  package var unscaled: Int64
  /// Decimal places; `12.5` has 1, `20%` is 20 with 2.
  package var decimals: Int
  /// Whether it ends in `%`.
  package var isPercent: Bool

  /// Makes a literal.
  package init(spelling: String, unscaled: Int64, decimals: Int, isPercent: Bool) {
    self.spelling = spelling
    self.unscaled = unscaled
    self.decimals = decimals
    self.isPercent = isPercent
  }
}

/// A date, or a time when `secondOfDay` is set. Always a day that exists.
package struct DateLiteral: Hashable, Sendable {
  /// 1 to 9999.
  package var year: Int
  /// 1 to 12.
  package var month: Int
  /// 1 to 31.
  package var day: Int
  /// Seconds since midnight for `2026-01-31T14:30[:15]`.
  package var secondOfDay: Int?

  /// Makes a literal.
  package init(year: Int, month: Int, day: Int, secondOfDay: Int? = nil) {
    self.year = year
    self.month = month
    self.day = day
    self.secondOfDay = secondOfDay
  }
}

/// `day(s)`, `week(s)`, `month(s)`, `quarter(s)`, `year(s)`. Quarters appear only in periods.
package enum DurationUnit: String, CaseIterable, Sendable {
  case day, week, month, quarter, year
}

/// A point in time.
package enum Point: Hashable, Sendable {
  /// `today`
  case today
  /// `yesterday`
  case yesterday
  /// `90 days ago`
  case ago(Int64, DurationUnit)
  /// `14 days from now`
  case fromNow(Int64, DurationUnit)
  /// `start of month`, `end of last quarter`, `start of next year`
  case edge(isStart: Bool, PeriodShift, DurationUnit)
}

/// Which whole calendar unit, counted from the one that holds today.
package enum PeriodShift: String, Sendable {
  case last, this, next
}

/// A period of whole days.
package enum Period: Hashable, Sendable {
  /// `2025`
  case year(Int)
  /// `Q3 2025`
  case quarter(Int, year: Int)
  /// `2026-01`
  case month(Int, year: Int)
  /// `last 30 days`: ends today. `last 3 whole months`: ends before this one.
  case last(Int64, DurationUnit, isWhole: Bool)
  /// `next 14 days`: from tomorrow.
  case next(Int64, DurationUnit)
  /// `last month`, `this quarter`, `next week`
  case unit(PeriodShift, DurationUnit)
}

/// A window: `in P`, `since P`, `before P`, `after P`, `until P`, `on P`, `between P and P`.
package struct Window: Sendable {
  /// The kinds of window.
  package indirect enum Kind: Sendable {
    /// `in PERIOD`
    case inside(Expression)
    /// `since P`: from its first day.
    case since(Expression)
    /// `before P`: before its first day.
    case before(Expression)
    /// `after P`: after its last day.
    case after(Expression)
    /// `until P`: to its last day.
    case until(Expression)
    /// `on P`: all its days.
    case on(Expression)
    /// `between P and P`: both, all their days.
    case between(Expression, Expression)
  }

  /// What it is.
  package var kind: Kind
  /// From its first word.
  package var range: SourceRange

  /// Makes a window.
  package init(_ kind: Kind, range: SourceRange) {
    self.kind = kind
    self.range = range
  }
}

/// `in top|bottom P% by x [per K, …]`
package struct RankTest: Sendable {
  /// `top`, else `bottom`.
  package var isTop: Bool
  /// The share, a percent literal.
  package var share: Expression
  /// What is ranked.
  package var by: Expression
  /// Within which groups.
  package var per: [Expression]

  /// Makes a test.
  package init(isTop: Bool, share: Expression, by: Expression, per: [Expression]) {
    self.isTop = isTop
    self.share = share
    self.by = by
    self.per = per
  }
}

/// `+ - * /`
package enum ArithmeticOperator: String, CaseIterable, Sendable {
  case add = "+"
  case subtract = "-"
  case multiply = "*"
  case divide = "/"
}

/// `= != < <= > >=`
package enum ComparisonOperator: String, CaseIterable, Sendable {
  case equal = "="
  case notEqual = "!="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
}

/// The text operators.
package enum TextOperator: String, CaseIterable, Sendable {
  case contains
  case startsWith = "starts with"
  case endsWith = "ends with"
  case hasWord = "has word"
  case like
  case matches
}

/// `and`, `or`
package enum LogicalOperator: String, CaseIterable, Sendable {
  case and, or
}

/// A call of a function or an aggregate:
/// `name([distinct] ARGUMENT [window] [where C], … [per K, …])`.
package struct Call: Sendable {
  /// The function's name.
  package var name: Name
  /// Whether `distinct` stands before the argument.
  package var isDistinct: Bool
  /// The arguments; `count()` has none.
  package var arguments: [Expression]
  /// The window after the first argument.
  package var window: Window?
  /// The condition after `where`.
  package var filter: Expression?
  /// The keys after `per`.
  package var per: [Expression]

  /// Makes a call.
  package init(
    name: Name, isDistinct: Bool = false, arguments: [Expression], window: Window? = nil,
    filter: Expression? = nil, per: [Expression] = []
  ) {
    self.name = name
    self.isDistinct = isDistinct
    self.arguments = arguments
    self.window = window
    self.filter = filter
    self.per = per
  }
}
