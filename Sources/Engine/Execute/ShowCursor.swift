import Store
import Syntax

/// Computes the shown columns of each batch: the last step of a query, which fetches only what is
/// shown of the rows that are left.
final class ShowCursor: Cursor {
  private let input: any Operator
  private let shown: ShownColumns
  private let execution: Execution
  private let evaluator: Evaluator
  private let pressure: MemoryPressure
  private var rowCount = 0
  private var isAtEnd = false

  init(
    _ input: any Operator, _ columns: [BoundColumn], _ execution: Execution,
    over relation: Relation, _ pressure: MemoryPressure
  ) {
    self.pressure = pressure
    self.input = input
    self.shown = ShownColumns(columns, execution)
    self.execution = execution
    self.evaluator = Evaluator(execution, over: relation)
  }

  func next() throws(Failure) -> OutputBatch? {
    guard let rows = try nextRows() else { return nil }
    return try load(rows)
  }

  /// Values that may fail to be computed are computed, whether anybody looks at them or not.
  func nextDeferred() throws(Failure) -> DeferredBatch? {
    guard let rows = try nextRows() else { return nil }
    guard shown.cannotFail else {
      let batch = try load(rows)
      return DeferredBatch(count: batch.count) { () throws(Failure) in batch }
    }
    return DeferredBatch(count: rows.count) { () throws(Failure) in try self.load(rows) }
  }

  private func nextRows() throws(Failure) -> Rows? {
    guard !isAtEnd else { return nil }
    do {
      guard let batch = try input.next() else {
        isAtEnd = true
        return nil
      }
      let rows = batch.rows.compacted(by: batch.mask)
      rowCount += rows.count
      return rows
    } catch {
      throw refusal(error)
    }
  }

  private func refusal(_ error: StoreError) -> Failure {
    let failure = Failure(error)
    pressure.note(failure)
    return failure
  }

  private func load(_ rows: Rows) throws(Failure) -> OutputBatch {
    do {
      return try shown.batch(
        Batch(rows: rows, mask: Mask(count: rows.count)), evaluator: evaluator)
    } catch {
      throw refusal(error)
    }
  }

  var drawing: Drawing? { execution.drawing }

  var notes: [Note] {
    let query = execution.query
    let entity = execution.database.catalog[query.entity]
    let ofRecords = query.isOfRecords
    var notes: [Note] = [
      .rowCount(
        rowCount, of: max(rowCount, execution.rowCountBeforeCut ?? rowCount),
        singular: ofRecords ? entity.singular : "row", plural: ofRecords ? entity.name : "rows")
    ]
    // Groups come by their keys, whatever order their rows were in.
    let sinceGroup = query.rounds.suffix(from: query.rounds.lastIndex(where: \.makesRows) ?? 0)
    if let order = sinceGroup.last(where: { $0.order != nil })?.order, rowCount > 1 {
      notes.append(
        .order(
          (order.per + order.keys).map {
            Note.OrderFact(text: $0.text, isDescending: $0.isDescending)
          }))
    }
    return notes + query.notes + execution.unknownNotes
      + ValueNotFound(execution).notes(isEmpty: rowCount == 0) + execution.notes
  }
}

/// The shown columns of a query and how a batch of them is computed.
struct ShownColumns {
  private let columns: [BoundColumn]
  private let execution: Execution

  init(_ columns: [BoundColumn], _ execution: Execution) {
    self.columns = columns
    self.execution = execution
  }

  /// The columns' names and types as the reader of the answer sees them; if asked, also which of them
  /// say something of persons.
  static func output(
    _ query: BoundQuery, catalog: Catalog, tellsPersons: Bool
  ) -> [OutputColumn] {
    query.columns.map { column in
      let type = column.expression.type
      var keyType: ValueType?
      if case .reference(let target) = type {
        let entity = catalog[target]
        keyType = entity[entity.key].type
      }
      var output = OutputColumn(
        name: column.name, type: type, keyType: keyType, display: column.display)
      output.isDetail = column.isDetail
      if tellsPersons {
        output.personal = query.personalText(of: column.expression, catalog: catalog)
      }
      output.isGrouped =
        column.display != .code
        && isGrouped(
          column.expression, after: query.rounds[...], of: query.entity, catalog: catalog)
      return output
    }
  }

  /// Whether a terminal groups the digits of an expression's values: not those of keys and years,
  /// also where a group is by them.
  private static func isGrouped(
    _ expression: BoundExpression, after rounds: ArraySlice<BoundRound>, of entity: EntityID,
    catalog: Catalog
  ) -> Bool {
    switch expression {
    case .call(.year, _, _): return false
    case .field(let path):
      if let hop = path.hops.last { return catalog[hop.target].key != path.field }
      guard let last = rounds.lastIndex(where: \.makesRows) else {
        return catalog[entity].key != path.field
      }
      guard let group = rounds[last].group else { return true }
      guard group.keys.indices.contains(path.field.index) else { return true }
      return isGrouped(
        group.keys[path.field.index], after: rounds[..<last], of: entity, catalog: catalog)
    default: return true
    }
  }

  /// Whether all of them are values that are there.
  var cannotFail: Bool { columns.allSatisfy { $0.expression.isStored } }

  /// The shown values of some rows, all of which are in.
  func batch(_ batch: Batch, evaluator: Evaluator) throws(StoreError) -> OutputBatch {
    var vectors: [Vector] = []
    var labels: [Vector?] = []
    for column in columns {
      let values = try evaluator.values(of: column.expression, batch.rows, in: batch.mask)
      guard case .reference(let target) = column.expression.type else {
        vectors.append(values)
        labels.append(nil)
        continue
      }
      let rows = Rows(following: values)
      let table = execution.database.table(target)
      let entity = execution.database.catalog[target]
      vectors.append(table.column(entity.key).load(rows))
      labels.append(entity.labelField.map { table.column($0).load(rows) })
    }
    return OutputBatch(vectors: vectors, labels: labels, count: batch.rows.count)
  }
}

extension BoundExpression {
  /// Whether it is a value that is there, so that nothing can go wrong in computing it.
  fileprivate var isStored: Bool {
    switch self {
    case .constant, .field, .perRow, .scalar: true
    case .convert(.referenceToKey, let operand): operand.isStored
    default: false
    }
  }
}
