import Store
import Syntax

// What the binder gives: the query with every name resolved to catalog ids, every expression typed,
// every choice its code and every period its dates. Expressions are in BoundExpression.swift.

/// A bound query: what is read, the rounds, and what is shown at the end.
package struct BoundQuery: Sendable {
  /// The entity whose records are read.
  package var entity: EntityID
  /// The rounds in order, at least one.
  package var rounds: [BoundRound]
  /// Every per-row computation of the query; `BoundExpression.perRow` is an index into it.
  package var perRow: [BoundPerRow]
  /// Every aggregate over the whole store; `BoundExpression.scalar` is an index into it.
  package var scalars: [BoundQuery]
  /// What is shown, over the last round's relation.
  package var columns: [BoundColumn]
  /// Whether `columns` were written with `show`, or follow from a `group by`; else they are fields that
  /// the entity shows by itself.
  package var isShown: Bool
  /// `into "file"`
  package var into: IntoClause?
  /// Facts for the footer that are known before the run, such as resolved periods.
  package var notes: [Note]
  /// The key of the last group whose values are columns where the answer is read: `across`.
  package var across: Int?
  /// Whether a row of totals is shown under the answer.
  package var hasTotal = false
  /// Where a query stands whose one row is a value of another; more or fewer are an error there.
  package var oneRowRange: SourceRange?
  /// What the footer counts beside the answer.
  package var asides: [BoundAside] = []
  /// The text literals compared with text fields by `=`, `!=` or `in`, for the note that none is found.
  /// Each with the entity whose records have the field.
  package var textLiterals: [(entity: EntityID, path: FieldPath, literal: String)]

  /// Makes a query of one empty round over an entity.
  package init(entity: EntityID) {
    self.entity = entity
    self.rounds = []
    self.perRow = []
    self.scalars = []
    self.columns = []
    self.isShown = false
    self.notes = []
    self.textLiterals = []
  }

  /// Whether it is a `calc`: one row made of `scalars`, without rounds.
  package var isCalculation: Bool { rounds.isEmpty }

  /// Whether a drawing says all that the table would: a verb of such a kind, with nothing after it.
  var isDrawn: Bool { shownVerb?.analysis.isDrawingWhole == true }

  /// How files show the rows of a verb with nothing after it; nil is as they are.
  var wide: WideForm? { shownVerb?.analysis.wide }

  /// The verb whose own rows are the answer, all of their columns.
  private var shownVerb: BoundAnalysis? {
    guard let place = rounds.lastIndex(where: { $0.analysis != nil }),
      let bound = rounds[place].analysis, !bound.isSummary,
      rounds[(place + 1)...].allSatisfy(\.isEmpty),
      columns.map(\.name).suffix(bound.analysis.columns.count)
        == bound.rowColumns.map(\.name).suffix(bound.analysis.columns.count)
    else { return nil }
    return bound
  }

  /// Whether the answer consists of records of `entity` rather than of groups.
  package var isOfRecords: Bool { !rounds.contains(where: \.makesRows) }
}

/// One round. Its parts apply in the order of the properties.
package struct BoundRound: Sendable {
  /// The window on the source, before anything else; only in the first round.
  package var window: BoundExpression?
  /// What the window is made of, and how each was written.
  package var windowParts: [BoundCondition] = []
  /// Per-row computations that `filter` uses: their population is the round's source in its window.
  package var perRowBeforeFilter: [Int]
  /// `where`
  package var filter: BoundExpression?
  /// How the filter was written.
  package var filterOrigin: BoundCondition.Origin?
  /// `group by`, or the aggregates of a `show` of only these. From here on the relation is the
  /// group's: column *i* is its key *i*, then its aggregates in order.
  package var group: BoundGroup?
  /// An analytic verb over what `filter` let through; such a round has no group, and no filter of its
  /// own.
  package var analysis: BoundAnalysis?
  /// Per-row computations that `show` and `order by` use: their population is what `filter` or
  /// `group` let through.
  package var perRowAfterFilter: [Int]
  /// `order by`, `top`, `bottom`; nil is the order of keys.
  package var order: BoundOrder?
  /// Running sums, in the order shown.
  package var perRowAfterOrder: [Int]
  /// `sample`
  package var sample: BoundSample?
  /// `limit`: rows kept, and rows skipped before them.
  package var limit: (count: Int, offset: Int)?

  /// Whether it does nothing.
  var isEmpty: Bool { window == nil && !narrows }

  /// Whether it does anything beside its window.
  var narrows: Bool {
    filter != nil || makesRows || analysis != nil || order != nil || sample != nil || limit != nil
      || !perRowBeforeFilter.isEmpty || !perRowAfterFilter.isEmpty || !perRowAfterOrder.isEmpty
  }

  /// Whether the rows after it are other rows than those that came in: groups, or a verb's own.
  package var makesRows: Bool { group != nil || analysis?.makesRows == true }

  /// Makes an empty round.
  package init() {
    perRowBeforeFilter = []
    perRowAfterFilter = []
    perRowAfterOrder = []
  }
}

/// A shown column.
package struct BoundColumn: Sendable {
  /// The column's name, unique in the answer.
  package var name: String
  /// What is shown, over the last round's relation.
  package var expression: BoundExpression
  /// How a terminal shows it.
  package var display: OutputColumn.Display
  /// Whether it gives way first where a terminal has no room for all.
  package var isDetail: Bool

  /// Makes a column.
  package init(
    name: String, expression: BoundExpression, display: OutputColumn.Display = .plain,
    isDetail: Bool = false
  ) {
    self.name = name
    self.expression = expression
    self.display = display
    self.isDetail = isDetail
  }
}

/// Groups: keys and aggregates over each group's rows.
package struct BoundGroup: Sendable {
  /// The keys; none for the aggregates of all rows, which make one row even of nothing.
  package var keys: [BoundExpression]
  /// The aggregates that `show`, `order by` and later rounds use.
  package var aggregates: [BoundAggregate]
  /// The columns' names in messages and `explain`: keys, then aggregates.
  package var names: [String]

  /// Makes a group.
  package init(keys: [BoundExpression], aggregates: [BoundAggregate], names: [String]) {
    self.keys = keys
    self.aggregates = aggregates
    self.names = names
  }
}

/// An aggregate over rows.
package struct BoundAggregate: Hashable, Sendable {
  /// The aggregates.
  package enum Kind: Hashable, Sendable {
    /// Rows, or known values of the argument; distinct ones with `isDistinct`.
    case count
    case sum, average, minimum, maximum, median, mode
    /// Of days: the median of the days between one and the next later one.
    case medianGap
    /// The nearest rank; the share is in 0…1.
    case percentile(Double)
    /// By the entity's own time field, then by row.
    case first, last
  }

  /// Which.
  package var kind: Kind
  /// What is aggregated; nil for `count()`.
  package var argument: BoundExpression?
  /// `count(distinct x)`
  package var isDistinct: Bool
  /// Window and `where` inside the brackets.
  package var filter: BoundExpression?
  /// For `first` and `last`: what they go by, the own time field or nil for the row's order.
  package var order: BoundExpression?
  /// Over all records related to the group's rows, each once, rather than over the rows: the way to
  /// them; argument, filter and order are then over these records.
  package var related: RelatedPath?
  /// The result's type.
  package var type: ValueType

  /// Makes an aggregate.
  package init(
    kind: Kind, argument: BoundExpression?, isDistinct: Bool = false,
    filter: BoundExpression? = nil, order: BoundExpression? = nil, related: RelatedPath? = nil,
    type: ValueType
  ) {
    self.kind = kind
    self.argument = argument
    self.isDistinct = isDistinct
    self.filter = filter
    self.order = order
    self.related = related
    self.type = type
  }
}

/// A value per row that depends on all rows of a population.
package struct BoundPerRow: Hashable, Sendable {
  /// The computations.
  package enum Kind: Hashable, Sendable {
    /// 1 = largest, equals share the smaller number. Integer.
    case rank
    /// `min(n, 1 + floor(n × strictly worse / count))`. Integer.
    case ntile(Int)
    /// Share of the others that are strictly worse, 0…1. Number.
    case percentileRank
    /// Part of the whole. Number.
    case share
    /// Part of the whole brought by this and all larger values. Number.
    case runningShare
    /// Sum of this and all rows before it in the order shown. The argument's type.
    case runningSum
    /// Strictly worse (bottom: better) ≥ (1 − P) × count, P = numerator / denominator. Flag.
    case inTop(isTop: Bool, numerator: Int64, denominator: Int64)
    /// Whole days between the same customer's previous stage change and this one. Integer.
    /// The argument is the change's date, `per` its customer.
    case stay
    /// A column of an analytic verb, which computes it; the argument means nothing.
    case analyzed(OutputColumn.Display)
  }

  /// Which rows it looks at.
  package enum Population: Hashable, Sendable {
    /// Those of the relation where the round's list has the computation.
    case round
    /// All records of an entity, whatever the query keeps of them, within a window.
    case all(EntityID, BoundExpression?)
  }

  /// Which.
  package var kind: Kind
  /// What is ranked or summed.
  package var argument: BoundExpression
  /// Within which groups.
  package var per: [BoundExpression]
  /// The result's type.
  package var type: ValueType
  /// As written, for notes and `explain`.
  package var text: String
  /// Which rows it looks at.
  package var population: Population

  /// Makes a computation.
  package init(
    kind: Kind, argument: BoundExpression, per: [BoundExpression], type: ValueType, text: String,
    population: Population = .round
  ) {
    self.population = population
    self.kind = kind
    self.argument = argument
    self.per = per
    self.type = type
    self.text = text
  }
}

/// The order of a round's rows. Ties go by key.
package struct BoundOrder: Sendable {
  /// One key.
  package struct Key: Sendable {
    /// What is compared.
    package var expression: BoundExpression
    /// Largest first.
    package var isDescending: Bool
    /// As written, for the footer.
    package var text: String

    /// Makes a key.
    package init(_ expression: BoundExpression, isDescending: Bool, text: String) {
      self.expression = expression
      self.isDescending = isDescending
      self.text = text
    }
  }

  /// The keys, most significant first.
  package var keys: [Key]
  /// For `top` and `bottom`: how many rows are kept (within each `per`), unknown values left out.
  /// Then there is one key: descending for `top`, ascending for `bottom`.
  package var countMax: Int?
  /// For `top … per K`: rows come by these, then by the key.
  package var per: [Key]
  /// Whether equal rows come by descending key: for `top` by the entity's own time field, so that
  /// `top 1` agrees with `last`.
  package var isTieDescending = false

  /// Makes an order.
  package init(keys: [Key], countMax: Int? = nil, per: [Key] = []) {
    self.keys = keys
    self.countMax = countMax
    self.per = per
  }
}

/// `sample N|P% seed S`
package struct BoundSample: Sendable {
  /// How many.
  package enum Amount: Sendable {
    case rows(Int)
    /// 0…1; each row is in or out by itself.
    case share(Double)
  }

  /// How many.
  package var amount: Amount
  /// Drawn by the session when none was written.
  package var seed: UInt64

  /// Makes a sample.
  package init(amount: Amount, seed: UInt64) {
    self.amount = amount
    self.seed = seed
  }
}
