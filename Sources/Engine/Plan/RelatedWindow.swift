import Store

/// The stretch of time in which related records must lie, taken out of a condition: records stand by
/// their time in an adjacency, so that those within it are found by halving.
struct RelatedWindow: Hashable, Sendable {
  /// The least time, computed from the row the records are related to; nil is none.
  var lower: BoundExpression?
  /// The largest time.
  var upper: BoundExpression?
  /// Whether the bounds are days and the records' times seconds.
  var isOfDays: Bool
  /// What is left of the condition.
  var rest: BoundExpression?

  /// Nil where the condition bounds no time.
  ///
  /// - Parameters:
  ///   - condition: Of the related records.
  ///   - time: Their own time field, by which they are ordered.
  init?(_ condition: BoundExpression?, by time: FieldID?) {
    guard let condition, let time else { return nil }
    var rest: [BoundExpression] = []
    var found: (isOfDays: Bool, lower: BoundExpression?, upper: BoundExpression?)?
    for conjunct in condition.conjuncts {
      guard let bounds = Self.bounds(conjunct, time),
        found == nil || found?.isOfDays == bounds.isOfDays,
        found?.lower == nil || bounds.lower == nil, found?.upper == nil || bounds.upper == nil
      else {
        rest.append(conjunct)
        continue
      }
      found = (bounds.isOfDays, found?.lower ?? bounds.lower, found?.upper ?? bounds.upper)
    }
    guard let found else { return nil }
    lower = found.lower
    upper = found.upper
    isOfDays = found.isOfDays
    self.rest = rest.count > 1 ? .and(rest) : rest.first
  }

  /// What a condition says of a time, if it says nothing else.
  private static func bounds(
    _ condition: BoundExpression, _ time: FieldID
  ) -> (isOfDays: Bool, lower: BoundExpression?, upper: BoundExpression?)? {
    switch condition {
    case .between(let subject, let low, let high):
      guard let isOfDays = isDays(subject, time) else { return nil }
      return (isOfDays, .constant(low, subject.type), .constant(high, subject.type))
    case .comparison(.greaterOrEqual, let subject, let bound):
      guard let isOfDays = isDays(subject, time), let bound = outside(bound) else { return nil }
      return (isOfDays, bound, nil)
    case .comparison(.lessOrEqual, let subject, let bound):
      guard let isOfDays = isDays(subject, time), let bound = outside(bound) else { return nil }
      return (isOfDays, nil, bound)
    default: return nil
    }
  }

  /// Whether an expression is the time itself, or false its seconds and true its day; nil for others.
  private static func isDays(_ subject: BoundExpression, _ time: FieldID) -> Bool? {
    switch subject {
    case .field(let path) where path.hops.isEmpty && path.field == time: false
    case .convert(.timeToDate, .field(let path)) where path.hops.isEmpty && path.field == time:
      true
    default: nil
    }
  }

  /// An expression of the outer row alone, as one over that row; nil for others.
  private static func outside(_ expression: BoundExpression) -> BoundExpression? {
    switch expression {
    case .outer(let inner): inner
    case .field, .perRow, .related: nil
    default: expression.mapChildren(outside)
    }
  }
}
