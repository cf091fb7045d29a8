import Store

/// What a row costs, in nanoseconds, measured on the loops of `Store`. Only ratios matter: they
/// decide between index and scan, the order of conditions, and one or two workers.
enum Cost {
  /// A row of a batch handed from step to step.
  static let batch = 0.9
  /// A word compared with two bounds.
  static let wordTest = 0.6
  /// A text tested by its dictionary code.
  static let textTest = 1.5
  /// One node of the evaluator over a batch.
  static let expressionNode = 3.0
  /// One reference followed, with its cache misses.
  static let hop = 6.0
  /// A value fetched by its row's number rather than in a run.
  static let fetch = 3.0
  /// A row added to a group, each aggregate.
  static let aggregate = 1.0
  /// A related record walked to, its values fetched from all over the table or not.
  static let child = 4.0
  /// A place for a value of related records, made whether there are any or not.
  static let parent = 2.0
  /// Related records a row is taken to have where nothing is known of it.
  static let relatedRowCount = 5.0
  /// A subject of an analytic verb, with its events.
  static let analyzedSubject = 100.0
  /// Work below this is not shared between two workers.
  static let parallelNanoseconds = 2_000_000.0

  /// What evaluating an expression costs a row.
  static func of(_ expression: BoundExpression) -> Double {
    switch expression {
    case .constant, .scalar: 0.2
    case .outer(let expression): hop + of(expression)
    case .related(let related):
      // What a record costs, for about as many records as a row has.
      relatedRowCount * Double(related.path.steps.count)
        * (hop + (related.filter.map(of) ?? 0) + (related.aggregate.argument.map(of) ?? 0))
    case .perRow: 1.5
    case .field(let path): 1 + Double(path.hops.count) * hop
    case .convert(.referenceToKey, let operand): hop + of(operand)
    case .convert(_, let operand), .negation(let operand), .isKnown(let operand),
      .not(let operand), .membership(let operand, _), .between(let operand, _, _),
      .shift(let operand, _, _):
      expressionNode + of(operand)
    case .arithmetic(_, let a, let b), .comparison(_, let a, let b):
      expressionNode + of(a) + of(b)
    case .textTest(_, let a, let b): 10 * expressionNode + of(a) + of(b)
    case .call(_, let operands, _), .and(let operands), .or(let operands):
      operands.reduce(expressionNode) { $0 + of($1) }
    }
  }
}
