import Store

/// A bound `calc`: one row of columns over values of the whole store.
package struct BoundCalc: Sendable {
  /// What is shown; `.scalar` in an expression is an index into `scalars`.
  package var columns: [BoundColumn]
  /// The aggregates, each a query of one row and one column.
  package var scalars: [BoundQuery]
  /// Facts for the footer that are known before the run.
  package var notes: [Note]

  /// Makes a bound `calc`.
  package init(columns: [BoundColumn], scalars: [BoundQuery], notes: [Note]) {
    self.columns = columns
    self.scalars = scalars
    self.notes = notes
  }
}
