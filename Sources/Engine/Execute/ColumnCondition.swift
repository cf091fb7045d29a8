import Store

/// A condition that is a test of one column, made ready for many batches.
final class ColumnCondition {
  private let column: Column
  private let test: PreparedTest
  /// Whether the rows that do not pass are kept.
  private let isNegated: Bool

  /// Nil for a condition that the evaluator has to look at.
  init?(_ condition: Condition, over relation: Relation) {
    switch condition.form {
    case .test(let field, let test):
      (column, isNegated) = (relation.column(field), false)
      self.test = column.prepare(test)
    case .testNot(let field, let test):
      (column, isNegated) = (relation.column(field), true)
      self.test = column.prepare(test)
    case .general: return nil
    }
  }

  /// Clears in a batch the rows that do not meet the condition.
  func keep(in batch: inout Batch) {
    guard isNegated else { return column.keep(test, of: batch.rows, in: &batch.mask) }
    var passed = batch.mask
    column.keep(test, of: batch.rows, in: &passed)
    batch.mask.subtract(passed)
  }

  /// Whether a row of a chunk may meet it, by the statistics of the chunk.
  func mayPass(inChunk chunk: Int) -> Bool {
    isNegated || column.verdict(of: test, chunk: chunk) != .none
  }
}
