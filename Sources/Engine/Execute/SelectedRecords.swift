import Store
import Syntax

/// The records that a planned query keeps, and what expressions are for each of them: what a change
/// works on.
struct SelectedRecords {
  /// A value that could not be computed.
  struct ValueError: Error {
    /// Why.
    var error: StoreError
    /// The row it is of, if it is of one.
    var row: Int32?
  }

  /// The rows of the entity's table, ascending.
  let rows: [Int32]
  /// Facts about the selection, for the footer.
  let notes: [Note]
  private let evaluator: Evaluator

  init(rows: [Int32], notes: [Note], evaluator: Evaluator) {
    self.rows = rows
    self.notes = notes
    self.evaluator = evaluator
  }

  /// The values of an expression, one a record, brought to another type if wanted.
  func values(
    of expression: BoundExpression, as conversion: Vector.Conversion?
  ) throws(ValueError) -> Vector {
    do throws(StoreError) {
      return try values(of: expression, as: conversion, at: rows)
    } catch {
      throw ValueError(error: error, row: failingRow(expression, conversion, error))
    }
  }

  private func values(
    of expression: BoundExpression, as conversion: Vector.Conversion?, at rows: [Int32]
  ) throws(StoreError) -> Vector {
    let values = try evaluator.values(of: expression, at: rows)
    guard let conversion else { return values }
    return try values.converted(conversion, in: Mask(count: rows.count))
  }

  /// The first row that fails in the same way. Looked for only once something has failed: first the
  /// batch, then the row in it.
  private func failingRow(
    _ expression: BoundExpression, _ conversion: Vector.Conversion?, _ error: StoreError
  ) -> Int32? {
    func fails(_ part: [Int32]) -> Bool {
      do throws(StoreError) {
        _ = try values(of: expression, as: conversion, at: part)
        return false
      } catch let other {
        return other == error
      }
    }
    var start = 0
    while start < rows.count {
      let batch = Array(rows[start..<min(start + Limits.batchRowCount, rows.count)])
      if fails(batch) { return batch.first { fails([$0]) } }
      start += batch.count
    }
    return nil
  }
}

extension Executor {
  /// The records a planned query keeps; it has no group, and what it shows is not computed.
  func records(_ planned: PlannedQuery) throws(Failure) -> SelectedRecords {
    let execution = try start(planned)
    var builder = OperatorBuilder(execution: execution, isMeasured: false)
    let (step, relation) = builder.source(of: planned.plan)
    do throws(StoreError) {
      let rows = try step.collectAscending()
      let notes =
        planned.query.notes + execution.unknownNotes
        + ValueNotFound(execution).notes(isEmpty: rows.isEmpty) + execution.notes
      return SelectedRecords(
        rows: rows, notes: notes, evaluator: Evaluator(execution, over: relation))
    } catch {
      throw Failure(error)
    }
  }

  /// One record that is there.
  func record(at row: Int32, of entity: EntityID) -> SelectedRecords {
    let execution = Execution(
      database: database, query: BoundQuery(entity: entity), today: today, scalars: [])
    return SelectedRecords(
      rows: [row], notes: [],
      evaluator: Evaluator(execution, over: Relation(database.table(entity))))
  }

  /// A single record that is not there yet: expressions without fields have values for it.
  func newRecord(of entity: EntityID) -> SelectedRecords {
    let execution = Execution(
      database: database, query: BoundQuery(entity: entity), today: today, scalars: [])
    return SelectedRecords(
      rows: [0], notes: [], evaluator: Evaluator(execution, over: Relation()))
  }
}
