// The analytic verbs. Their definitions are in Engine/Analyze, one file a verb.

/// The analytic verbs that stand at the head of a query: `rfm customers …`.
package enum Verb: String, CaseIterable, Hashable, Sendable {
  case rfm, pareto, cohort, funnel, transitions, moments, risk, forecast, ladder, gap, cover
}

/// `VERB SOURCE [of …] [as of D] [WINDOW] [where C] OPTIONS [summary]`: a source of a query. Written
/// by itself it is a statement, whose rounds follow after `then`; in brackets it is the source of
/// `find`, `count`, a definition or a column of one row.
package struct VerbCall: Sendable {
  /// Which verb.
  package var verb: Verb
  /// Where the verb's word stands.
  package var verbRange: SourceRange
  /// Whose records are judged: an entity, a segment, `it`, or a query in brackets.
  package var source: Source
  /// `of deals by closed_on, amount`
  package var events: EventsClause?
  /// `as of D`
  package var asOf: AsOfClause?
  /// The window on the verb's events: `in PERIOD`, only of rfm, transitions and moments.
  package var period: Window?
  /// `where C`, about the source's records.
  package var filter: FilterClause?
  /// What only this verb takes.
  package var options: VerbOptions
  /// Where `summary` stands, if it does: the headline as one row.
  package var summaryRange: SourceRange?
  /// From the verb to its last option.
  package var range: SourceRange

  /// Makes a call without optional parts.
  package init(
    _ verb: Verb, verbRange: SourceRange, source: Source, options: VerbOptions, range: SourceRange
  ) {
    self.verb = verb
    self.verbRange = verbRange
    self.source = source
    self.options = options
    self.range = range
  }
}

/// `of deals by closed_on, amount`: the events a verb reads when they are not the built-in ones. The
/// name is a relation of the source's entity; or, where the source is itself the table of events, the
/// field that tells whose event it is (`rfm buys of customer_id by date, dollar_value`).
package struct EventsClause: Sendable {
  /// A relation of the source's entity, or a field of the source that is a table of events.
  package var name: Name
  /// The fields after `by`, at least one: first when it happened, then what the verb adds up.
  package var fields: [Expression]
  /// From the word `of`.
  package var range: SourceRange

  /// Makes the clause.
  package init(name: Name, fields: [Expression], range: SourceRange) {
    self.name = name
    self.fields = fields
    self.range = range
  }
}

/// What only one verb takes. Every range is of the option's words.
package enum VerbOptions: Sendable {
  /// `[bins N] [nested] [counting orders]`
  case rfm(bins: Expression?, nestedRange: SourceRange?, countingRange: SourceRange?)
  /// `by EXPR [at P%]`
  case pareto(by: Expression, at: Expression?)
  /// `by UNIT [over RELATION [where (C)]] [of orders|revenue] [unbounded]`
  case cohort(CohortOptions)
  /// `through STEP, … [within DURATION]`
  case funnel(steps: [FunnelStep], within: Expression?)
  case transitions
  /// `[by EXPR]`
  case moments(by: Expression?)
  /// `[checked as of D]`
  case risk(checkedAsOf: AsOfClause?)
  case ladder
  /// `over DURATION [with mbg] [discount P% a year] [check]`
  case forecast(ForecastOptions)
  /// `[by EXPR]`
  case gap(by: Expression?)
  /// `by EXPR`
  case cover(by: Expression)
}

/// `by month over orders where (amount > 0) of revenue unbounded`
package struct CohortOptions: Sendable {
  /// The calendar periods.
  package enum Unit: String, CaseIterable, Hashable, Sendable {
    case week, month, quarter, year
  }

  /// What a cell tells.
  package enum Measure: String, CaseIterable, Hashable, Sendable {
    /// The share of the cohort that is active; nothing is written.
    case members
    /// `of orders`: qualifying events for each member.
    case orders
    /// `of revenue`: the amount for each member.
    case revenue
  }

  /// `by month`
  package var unit: Unit
  /// `over orders where (amount > 0)`; nil: the purchases.
  package var events: QualifiedRelation?
  /// `of orders`, `of revenue`
  package var measure: Measure
  /// Where the words of the measure stand.
  package var measureRange: SourceRange?
  /// Where `unbounded` stands: active in that period or later.
  package var unboundedRange: SourceRange?

  /// Makes options.
  package init(
    unit: Unit, events: QualifiedRelation? = nil, measure: Measure = .members,
    measureRange: SourceRange? = nil, unboundedRange: SourceRange? = nil
  ) {
    self.unit = unit
    self.events = events
    self.measure = measure
    self.measureRange = measureRange
    self.unboundedRange = unboundedRange
  }
}

/// `orders where (amount > 0)`: a relation of the source's entity, and which of its records count.
package struct QualifiedRelation: Sendable {
  /// The relation.
  package var name: Name
  /// The bracketed condition after `where`.
  package var condition: Expression?
  /// From the name to the closing bracket.
  package var range: SourceRange

  /// Makes a relation.
  package init(name: Name, condition: Expression?, range: SourceRange) {
    self.name = name
    self.condition = condition
    self.range = range
  }
}

/// A step of a funnel: a stage, or a relation with the records that count. Which of the two a bare
/// name is, the catalog tells.
package struct FunnelStep: Sendable {
  /// The stage's name or the relation.
  package var relation: QualifiedRelation

  /// Makes a step.
  package init(_ relation: QualifiedRelation) { self.relation = relation }
}

/// `over 12 months with mbg discount 10% a year check`
package struct ForecastOptions: Sendable {
  /// The horizon: a duration.
  package var over: Expression
  /// Where `with mbg` stands.
  package var mbgRange: SourceRange?
  /// The yearly discount, a share.
  package var discount: Expression?
  /// Where `check` stands: fit on the first half, compare with the second.
  package var checkRange: SourceRange?

  /// Makes options.
  package init(
    over: Expression, mbgRange: SourceRange? = nil, discount: Expression? = nil,
    checkRange: SourceRange? = nil
  ) {
    self.over = over
    self.mbgRange = mbgRange
    self.discount = discount
    self.checkRange = checkRange
  }
}

/// `profile customer 42`: everything about one record.
package struct ProfileStatement: Sendable {
  /// The entity, in the singular or the plural, as written.
  package var entity: Name
  /// Its key, its name or its e-mail address: a number, a text or a parameter.
  package var subject: Expression
  /// `as of D`
  package var asOf: AsOfClause?

  /// Makes a statement.
  package init(entity: Name, subject: Expression, asOf: AsOfClause? = nil) {
    self.entity = entity
    self.subject = subject
    self.asOf = asOf
  }
}
