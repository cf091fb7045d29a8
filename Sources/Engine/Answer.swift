import Store
import Syntax

/// What a statement gives: sections, each a small table pulled batch by batch.
package struct Answer {
  /// The sections in the order they are shown.
  package var sections: [Section]
  /// The composed query, when the statement refined an earlier answer: printed at the prompt.
  package var composedQuery: String?
  /// What is printed as it stands, whatever the mode: a statement of SQL.
  package var text: String?
  /// Facts about a statement that gives no section, such as `into` or `import`.
  package var notes: [Note] = []

  /// Makes an answer.
  package init(sections: [Section], composedQuery: String? = nil) {
    self.sections = sections
    self.composedQuery = composedQuery
  }

  /// Makes the answer of a statement that gives no section.
  package init(notes: [Note]) {
    self.sections = []
    self.notes = notes
  }
}

/// One table of an answer.
package struct Section {
  /// How a terminal draws it.
  package enum DisplayHint: Sendable {
    case table
    /// `explain`: columns depth, step, detail, estimated_rows, and with analyze rows, time_ms.
    case plan
    /// The sentences of `explain`: one column of text.
    case sentences
    /// The rows left after each step of `explain`: columns rows, step, time_ms; the times are unknown
    /// where the rows are estimates.
    case funnel
    /// The SQL of `explain in sql`: one column, a line a row.
    case statement
    /// The cursor's drawing says all that the table says, and stands in its place.
    case drawing
    /// `profile`: columns topic, item, date, figure, text, and the timeline as the drawing.
    case profile
  }

  /// A heading, when there are several sections.
  package var title: String?
  /// The columns.
  package var columns: [OutputColumn]
  /// How a terminal draws it.
  package var hint: DisplayHint
  /// Whether the last row holds the totals.
  package var hasTotal: Bool
  /// The rows.
  package var cursor: any Cursor

  /// Makes a section.
  package init(
    title: String? = nil, columns: [OutputColumn], hint: DisplayHint = .table,
    hasTotal: Bool = false, cursor: any Cursor
  ) {
    self.hasTotal = hasTotal
    self.title = title
    self.columns = columns
    self.hint = hint
    self.cursor = cursor
  }
}

/// Gives a section's rows, batch by batch. Nothing runs before the first `next`.
package protocol Cursor: AnyObject {
  /// The next rows, at most 2,048, or nil at the end.
  func next() throws(Failure) -> OutputBatch?

  /// The next rows, whose values are only computed when they are asked for; nil at the end. For readers
  /// that show some of many rows.
  func nextDeferred() throws(Failure) -> DeferredBatch?

  /// Facts about the rows for the footer; complete once `next` has returned nil.
  var notes: [Note] { get }

  /// What the rows look like; complete once `next` has returned nil. Nil where there is nothing to
  /// draw.
  var drawing: Drawing? { get }
}

/// Some rows of an answer whose values may not be computed yet.
package struct DeferredBatch {
  /// How many rows.
  package let count: Int
  /// Computes their values, before the next statement.
  package let load: () throws(Failure) -> OutputBatch
}

extension Cursor {
  /// The next rows with their values: what most cursors give.
  package func nextDeferred() throws(Failure) -> DeferredBatch? {
    guard let batch = try next() else { return nil }
    return DeferredBatch(count: batch.count) { () throws(Failure) in batch }
  }

  /// Nothing to draw: what most cursors give.
  package var drawing: Drawing? { nil }
}

/// Rows already at hand, for `describe`, `explain` and tests.
package final class FixedCursor: Cursor {
  private var batch: OutputBatch?
  /// What it was made with.
  package let notes: [Note]
  /// What it was made with.
  package let drawing: Drawing?
  private let claim: BudgetClaim?

  /// Gives `batch` once.
  ///
  /// - Parameter claim: What covers the batch, where it may be large.
  package init(
    _ batch: OutputBatch, notes: [Note] = [], drawing: Drawing? = nil, claim: BudgetClaim? = nil
  ) {
    self.claim = claim
    self.batch = batch
    self.notes = notes
    self.drawing = drawing
  }

  /// The batch the first time, then nil.
  package func next() throws(Failure) -> OutputBatch? {
    defer { batch = nil }
    return batch
  }
}
