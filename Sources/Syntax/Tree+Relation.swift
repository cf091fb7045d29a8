// Conditions about related records.

/// `has [no | at least N | …] RELATION [window] [where C]`, or a sequence:
/// `has A [window] [where C] [not] followed by B [window] [where C] [within T]`.
package struct HasTest: Sendable {
  /// How many records there must be; always `.some` in a sequence.
  package var quantity: Quantity
  /// The records looked for; in a sequence the earlier ones.
  package var first: RelatedRecords
  /// What must, or must not, come after one of them.
  package var next: FollowedBy?
  /// From the word `has`.
  package var range: SourceRange

  /// Makes a test.
  package init(
    quantity: Quantity, first: RelatedRecords, next: FollowedBy?, range: SourceRange
  ) {
    self.quantity = quantity
    self.first = first
    self.next = next
    self.range = range
  }
}

/// How many related records there must be. Each count is a whole number or a parameter.
package enum Quantity: Sendable {
  /// Nothing is written: at least one.
  case some
  /// `no`
  case none
  /// `at least N`
  case atLeast(Expression)
  /// `at most N`
  case atMost(Expression)
  /// `exactly N`
  case exactly(Expression)
  /// `more than N`
  case moreThan(Expression)
  /// `fewer than N`
  case fewerThan(Expression)

  /// The count, where one is written.
  package var count: Expression? {
    switch self {
    case .some, .none: nil
    case .atLeast(let count), .atMost(let count), .exactly(let count), .moreThan(let count),
      .fewerThan(let count):
      count
    }
  }
}

/// `RELATION [window] [where C]`
package struct RelatedRecords: Sendable {
  /// The relation, which may end a path: `customer.complaints`.
  package var path: [Name]
  /// The window on the records' own time field.
  package var window: Window?
  /// The condition on the records of the last to-many step, without its outer brackets.
  package var filter: Expression?
  /// From the path's first name.
  package var range: SourceRange

  /// Makes a description of related records.
  package init(path: [Name], window: Window?, filter: Expression?, range: SourceRange) {
    self.path = path
    self.window = window
    self.filter = filter
    self.range = range
  }
}

/// `[not] followed by B [window] [where C] [within T]`
package struct FollowedBy: Sendable {
  /// Whether none may follow.
  package var isNegated: Bool
  /// The later records.
  package var records: RelatedRecords
  /// How soon: a duration, a counted time or a parameter.
  package var within: Expression?
  /// From the word `not` or `followed`.
  package var range: SourceRange

  /// Makes the second part of a sequence.
  package init(
    isNegated: Bool, records: RelatedRecords, within: Expression?, range: SourceRange
  ) {
    self.isNegated = isNegated
    self.records = records
    self.within = within
    self.range = range
  }
}

extension HasTest {
  /// The levels below the test.
  var depthBelow: Int {
    max(
      quantity.count?.depth ?? 0, first.depthBelow, next?.records.depthBelow ?? 0,
      next?.within?.depth ?? 0)
  }
}

extension RelatedRecords {
  /// The levels of the window and the condition.
  fileprivate var depthBelow: Int { max(window?.depth ?? 0, filter?.depth ?? 0) }
}
