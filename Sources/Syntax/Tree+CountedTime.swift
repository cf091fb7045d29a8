/// A length of time, a point or a period whose count is a parameter: `$n days`, `$n days ago`,
/// `last $n months`.
package struct CountedTime: Hashable, Sendable {
  /// What is counted off.
  package enum Kind: Hashable, Sendable {
    /// `$n days`
    case duration
    /// `$n days ago`
    case ago
    /// `$n days from now`
    case fromNow
    /// `last $n days`, `last $n whole months`
    case last(isWhole: Bool)
    /// `next $n days`
    case next
  }

  /// What is counted off.
  package var kind: Kind
  /// The parameter that holds the count.
  package var count: Name
  /// What is counted.
  package var unit: DurationUnit

  /// Whether it is a period, rather than a length of time or a point.
  package var isPeriod: Bool {
    switch kind {
    case .last, .next: true
    case .duration, .ago, .fromNow: false
    }
  }

  /// Makes a counted time.
  package init(_ kind: Kind, count: Name, unit: DurationUnit) {
    self.kind = kind
    self.count = count
    self.unit = unit
  }
}
