import Store
import Syntax

/// Carries out the statements that change records: `add`, `update`, `move`, `delete`, `merge`.
///
/// Works in memory, inside the recording that the session opened: the session makes the change
/// durable and keeps it, or takes it back when anything throws. All is bound and checked before the
/// first table changes, and who is asked is asked between the two.
struct Changer {
  let database: Database
  /// Binds the statement.
  let binder: Binder
  /// The day number of `today`.
  var today: Int { binder.today }
  /// Asked before more than one record is touched: how many, and what one and several are called.
  /// False stops the statement. Nil when nobody can be asked.
  let confirm: ((_ count: Int, _ singular: String, _ plural: String) -> Bool)?

  /// Binds, checks and carries out one statement.
  ///
  /// - Throws: `Failure`; then some of the change may be done, and the caller takes it back.
  func run(_ statement: Statement) throws(Failure) -> [Note] {
    do {
      switch statement.kind {
      case .add(let add): return try self.add(try binder.bindAdd(add))
      case .update(let update):
        return try self.update(try binder.bindUpdate(update, at: statement.range))
      case .move(let move): return try self.move(try binder.bindMove(move), at: statement.range)
      case .delete(let delete):
        return try self.delete(try binder.bindDelete(delete), at: statement.range)
      case .merge(let merge): return try self.merge(try binder.bindMerge(merge))
      default: preconditionFailure("only these statements change records")
      }
    } catch let failure as Failure {
      throw failure
    } catch let error as StoreError {
      throw Failure(error, at: statement.range)
    } catch {
      preconditionFailure("only typed errors are thrown here")
    }
  }

  // MARK: what all of them do

  /// The records a statement is about.
  func select(_ target: BoundTarget) throws -> SelectedRecords {
    try database.load([target.entity])
    let executor = Executor(database: database, today: today)
    switch target.selection {
    case .key(let key, let range):
      return executor.record(
        at: try row(ofKey: key, in: target.entity, at: range), of: target.entity)
    case .query(let query):
      let plan = try Planner(database: database).plan(query)
      return try executor.records(Optimizer(database: database).optimize(plan, of: query))
    }
  }

  /// The row of a record that a statement names by its key.
  func row(ofKey key: Scalar, in entity: EntityID, at range: SourceRange) throws(Failure) -> Int32 {
    guard let row = database.table(entity).row(withKey: key) else {
      throw Failure(
        ChangeReason.recordNotFound(RecordName(database.catalog[entity], key: key)), at: range)
    }
    return Int32(row)
  }

  /// What a record is called.
  func name(of row: Int32, in entity: EntityID) -> RecordName {
    let definition = database.catalog[entity]
    return RecordName(
      definition, key: database.table(entity).column(definition.key)[Int(row)])
  }

  /// Asks whoever is there before more than one record is touched.
  func isConfirmed(_ count: Int, _ singular: String, _ plural: String) -> Bool {
    count <= 1 || confirm?(count, singular, plural) != false
  }

  /// The values an assignment gives to the records, each checked to be one its field can hold.
  ///
  /// - Parameter entity: Whose records they are, to name one; nil for one that is being added.
  func values(
    of assignment: BoundAssignment, for records: SelectedRecords, in definition: Entity,
    recordsOf entity: EntityID?
  ) throws(Failure) -> Vector {
    let field = definition[assignment.field]
    switch assignment.value {
    case .record(let key, let target):
      guard let row = database.table(target).row(withKey: key) else {
        throw Failure(
          ChangeReason.referenceNotFound(
            field: field.name, RecordName(database.catalog[target], key: key)),
          at: assignment.range)
      }
      return Vector(
        repeating: .word(Int64(row)), as: field.type, count: records.rows.count)
    case .expression(let expression):
      let values: Vector
      do {
        values = try records.values(of: expression, as: assignment.conversion)
      } catch {
        let record = error.row.flatMap { row in entity.map { name(of: row, in: $0) } }
        throw Self.failure(error.error, field, record, at: assignment.range)
      }
      guard let (offset, reason) = Self.unfit(values, for: field) else { return values }
      let record = entity.map { name(of: records.rows[offset], in: $0) }
      throw Failure(reason(record), at: assignment.range)
    }
  }

  private static func failure(
    _ error: StoreError, _ field: Field, _ record: RecordName?, at range: SourceRange
  ) -> Failure {
    switch error {
    case .amountOutOfRange:
      Failure(ChangeReason.amountOutOfRange(field: field.name, record: record), at: range)
    case .integerOverflow where field.type == .date || field.type == .time:
      Failure(ChangeReason.dateOutOfRange(field: field.name, record: record), at: range)
    case .integerOverflow:
      Failure(ChangeReason.integerOverflow(field: field.name, record: record), at: range)
    default: Failure(error, at: range)
    }
  }

  /// The first value that its field cannot hold, and why.
  private static func unfit(
    _ values: Vector, for field: Field
  ) -> (offset: Int, reason: (RecordName?) -> ChangeReason)? {
    switch field.type {
    case .integer:
      guard let bounds = field.bounds, let offset = values.firstOffset(failing: .words(bounds)),
        case .word(let word) = values[offset]
      else { return nil }
      return (
        offset,
        { .outOfRange(field: field.name, value: "\(word)", bounds: bounds, record: $0) }
      )
    case .money:
      let bounds = -Limits.moneyMinorMax...Limits.moneyMinorMax
      return values.firstOffset(failing: .words(bounds)).map { offset in
        (offset, { .amountOutOfRange(field: field.name, record: $0) })
      }
    case .date, .time:
      let days =
        Int64(
          Day.number(year: 1, month: 1, day: 1))...Int64(
          Day.number(year: 9_999, month: 12, day: 31))
      let seconds = days.lowerBound * 86_400...days.upperBound * 86_400 + 86_399
      return values.firstOffset(failing: .words(field.type == .date ? days : seconds))
        .map { offset in (offset, { .dateOutOfRange(field: field.name, record: $0) }) }
    case .text:
      return values.firstOffset(longerThan: Limits.textByteCountMax).map { offset in
        (offset, { .textTooLong(field: field.name, record: $0) })
      }
    case .choice, .number, .flag, .reference: return nil
    }
  }
}
