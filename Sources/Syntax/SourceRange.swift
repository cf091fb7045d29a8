/// A half-open range of UTF-8 offsets in the text of one statement.
package struct SourceRange: Hashable, Sendable {
  /// Offset of the first byte.
  package var lowerBound: Int
  /// Offset after the last byte; equal to `lowerBound` for a place between two bytes.
  package var upperBound: Int

  /// Makes the range `lowerBound ..< upperBound`.
  package init(_ lowerBound: Int, _ upperBound: Int) {
    self.lowerBound = lowerBound
    self.upperBound = upperBound
  }

  /// The smallest range that holds both.
  package func union(_ other: SourceRange) -> SourceRange {
    SourceRange(min(lowerBound, other.lowerBound), max(upperBound, other.upperBound))
  }
}
