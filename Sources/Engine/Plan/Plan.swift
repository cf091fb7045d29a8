import Store
import Syntax

/// A plan: a step over the rows of its inputs, ready to be run by `Executor`.
///
/// `Planner` makes it from a `BoundQuery` in the order of the clauses, `Optimizer` rewrites it, and
/// `explain` prints it. Each step keeps the noun of its clause.
package struct Plan: Sendable {
  /// The steps.
  package indirect enum Step: Sendable {
    /// Every live row of an entity, in the order of the table.
    case scan(EntityID)
    /// The same in the order of the records that a reference names, those of one together; the fields
    /// are those read.
    case clusteredScan(EntityID, FieldID, [FieldID])
    /// The rows an index gives for one condition, ascending.
    case indexLookup(EntityID, Condition, IndexKind)
    /// The first rows of a sorted index, or the first that meet a condition: `top` and `bottom` over
    /// a whole entity or a large part of it.
    case indexOrder(EntityID, FieldID, BoundOrder, countMax: Int, Condition?)
    /// The rows that meet all conditions, tested in this order.
    case filter([Condition])
    /// Values that depend on all rows: indexes into `BoundQuery.perRow`.
    case rank([Int])
    /// Groups and aggregates. The rows after it are groups.
    case group(BoundGroup)
    /// An analytic verb. The rows after it are those that came in, with values, or the verb's own.
    case analyze(BoundAnalysis, isLast: Bool)
    /// All rows in order.
    case sort(BoundOrder)
    /// The first rows in order, without sorting all.
    case topN(BoundOrder, countMax: Int)
    /// A random part.
    case sample(BoundSample)
    /// Some rows, after skipping some.
    case limit(count: Int, offset: Int)
    /// The shown values, fetched last.
    case show([BoundColumn])
  }

  /// What is done.
  package var step: Step
  /// Where the rows come from; empty for a source.
  package var inputs: [Plan]
  /// Rows expected to come out.
  package var estimatedRowCount: Double

  /// Makes a plan.
  package init(_ step: Step, inputs: [Plan] = [], estimatedRowCount: Double) {
    self.step = step
    self.inputs = inputs
    self.estimatedRowCount = estimatedRowCount
  }
}

/// One condition of a filter, prepared for the loops.
package struct Condition: Sendable {
  /// How the loops run it.
  package enum Form: Sendable {
    /// A test of one stored field of the relation itself.
    case test(FieldID, ColumnTest)
    /// The rows that do not pass such a test.
    case testNot(FieldID, ColumnTest)
    /// Anything else, by the evaluator.
    case general
  }

  /// As bound, for `explain` and the general form.
  package var expression: BoundExpression
  /// How the loops run it.
  package var form: Form
  /// The share of rows expected to pass, 0…1.
  package var selectivity: Double
  /// Expected cost, in nanoseconds a row; see the table in `Cost`.
  package var nanosecondsPerRow: Double

  /// Makes a condition.
  package init(
    _ expression: BoundExpression, form: Form, selectivity: Double, nanosecondsPerRow: Double
  ) {
    self.expression = expression
    self.form = form
    self.selectivity = selectivity
    self.nanosecondsPerRow = nanosecondsPerRow
  }
}

/// What a plan was made from and what became of it.
package struct PlannedQuery: Sendable {
  /// The query the plan answers.
  package var query: BoundQuery
  /// The plan.
  package var plan: Plan
  /// The names of the rewrites that fired, in order.
  package var rewrites: [String]
  /// Related records that are read clustered.
  package var clusterings: [Clustering]
  /// Values of related records that are computed for all records at once.
  package var passes: [RelatedPass]

  /// Makes a planned query.
  package init(
    query: BoundQuery, plan: Plan, rewrites: [String] = [], clusterings: [Clustering] = [],
    passes: [RelatedPass] = []
  ) {
    self.query = query
    self.plan = plan
    self.rewrites = rewrites
    self.clusterings = clusterings
    self.passes = passes
  }
}

extension Plan {
  /// What all steps compute of their rows.
  var expressions: [BoundExpression] { step.expressions + inputs.flatMap(\.expressions) }
}

extension BoundExpression {
  /// The values it reads that depend on all rows: indexes into `BoundQuery.perRow`.
  var perRowIndexes: [Int] {
    switch self {
    case .perRow(let index, _): [index]
    case .related(let related): related.expressions.flatMap(\.perRowIndexes)
    case .outer(let expression): expression.perRowIndexes
    default: children.flatMap(\.perRowIndexes)
    }
  }
}

extension Plan.Step {
  /// The ways to related records that the step goes.
  var relatedPaths: [RelatedPath] {
    let own = expressions.flatMap(\.relateds).map(\.path)
    switch self {
    case .group(let group): return own + group.aggregates.compactMap(\.related)
    case .analyze(let analysis, _): return own + analysis.relatedPaths
    default: return own
    }
  }

  /// What the step computes of its rows.
  var expressions: [BoundExpression] {
    switch self {
    case .scan, .clusteredScan, .rank, .sample, .limit: []
    case .indexLookup(_, let condition, _): [condition.expression]
    case .indexOrder(_, _, _, _, let condition): condition.map { [$0.expression] } ?? []
    case .filter(let conditions): conditions.map(\.expression)
    case .analyze(let analysis, _): analysis.expressions
    case .group(let group):
      group.keys
        + group.aggregates.flatMap { [$0.argument, $0.filter, $0.order].compactMap { $0 } }
    case .sort(let order), .topN(let order, _): (order.keys + order.per).map(\.expression)
    case .show(let columns): columns.map(\.expression)
    }
  }
}
