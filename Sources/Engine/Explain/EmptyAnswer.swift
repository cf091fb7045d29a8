import Store

/// Why an answer has no rows: facts for its footer.
package struct EmptyAnswer: Hashable, Sendable {
  /// How many rows a step left, and the step as written: `where value > 1m`, `in 2025`.
  package struct Step: Hashable, Sendable {
    /// Rows left after it.
    package var rowCount: Int
    /// The step; of the first what the records are called.
    package var text: String

    /// Makes a step.
    package init(rowCount: Int, text: String) {
      self.rowCount = rowCount
      self.text = text
    }
  }

  /// What is nearest to meeting the condition that left nothing, among the rows that came to it.
  package enum Nearest: Hashable, Sendable {
    /// The highest value below what was asked for and the lowest above, of an expression as written.
    case values(text: String, type: ValueType, below: Scalar, above: Scalar)
    /// The day of the latest record before a window, and of the earliest after it.
    case days(singular: String, before: Int?, after: Int?)
    /// The commonest values, how many rows have each, and how many have others.
    case commonest(text: String, type: ValueType, values: [Count], otherCount: Int)
    /// No row has a known value.
    case unknown(text: String)
    /// The most related records that count, of one row.
    case most(singular: String, plural: String, count: Int)
    /// The fewest: every row has so many.
    case fewest(singular: String, plural: String, count: Int)
    /// The day of the latest related record, whether it counts or not.
    case latestRelated(singular: String, day: Int)
    /// No row has a related record at all.
    case noneRelated(plural: String)
  }

  /// A value and how many rows have it.
  package struct Count: Hashable, Sendable {
    /// The value.
    package var value: Scalar
    /// Rows that have it.
    package var rowCount: Int

    /// Makes a count.
    package init(value: Scalar, rowCount: Int) {
      self.value = value
      self.rowCount = rowCount
    }
  }

  /// The steps from the source to the first that left nothing.
  package var steps: [Step]
  /// What is nearest to its condition; nil where nothing can be said.
  package var nearest: Nearest?
  /// Conditions, each with the rows there would be without it alone.
  package var without: [Step]

  /// Makes an account.
  package init(steps: [Step], nearest: Nearest? = nil, without: [Step] = []) {
    self.steps = steps
    self.nearest = nearest
    self.without = without
  }
}
