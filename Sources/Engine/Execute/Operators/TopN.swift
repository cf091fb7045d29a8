import Store
import Syntax

/// The first rows by one key, without sorting all: `top`, `bottom`, and a limit over an order.
final class TopN: Operator {
  private let input: any Operator
  private let order: BoundOrder
  private let countMax: Int
  private let execution: Execution
  private let relation: Relation
  private let reportsCut: Bool
  private let isShared: Bool
  private let claim: BudgetClaim
  private var list: RowList?

  init(
    _ input: any Operator, _ order: BoundOrder, countMax: Int, _ execution: Execution,
    over relation: Relation, reportsCut: Bool, isShared: Bool
  ) {
    self.input = input
    self.order = order
    self.countMax = countMax
    self.execution = execution
    self.relation = relation
    self.reportsCut = reportsCut
    self.isShared = isShared
    claim = BudgetClaim(execution.database.budget)
  }

  let isAscending = false

  func next() throws(StoreError) -> Batch? {
    if list == nil { list = RowList(try run(), claim) }
    return try list?.next()
  }

  private func run() throws(StoreError) -> [Int32] {
    var selection = newSelection()
    if !input.isAscending {
      try selection.consume(RowListOperator(try input.collectAscending(claim)))
    } else if isShared, let (first, second) = try input.split() {
      var other = newSelection()
      _ = try onBothHalves(
        { () throws(StoreError) in try selection.consume(first) },
        { () throws(StoreError) in try other.consume(second) })
      try selection.merge(other)
    } else {
      try selection.consume(input)
    }
    var (rows, isTieCut) = try selection.top.finish()
    // `order by … limit` keeps rows of unknown value, last; `top` and `bottom` never do.
    let isRanked = order.countMax != nil
    try claim.cover(rows.count * MemoryLayout<Int32>.stride)
    if !isRanked {
      rows += selection.unknownRows.prefix(max(0, countMax - rows.count))
    }
    if reportsCut {
      execution.rowCountBeforeCut = selection.rowCount
      if isRanked {
        execution.noteRanked(
          unknownCount: selection.unknownCount, field: order.keys[0].text, isTieCut: isTieCut)
      }
    }
    return rows
  }

  private func newSelection() -> TopSelection {
    let key = order.keys[0]
    return TopSelection(
      key: key.expression, countMax: countMax,
      top: TopRows(
        limit: countMax, of: key.expression.type, isDescending: key.isDescending,
        isTieDescending: order.isTieDescending),
      evaluator: Evaluator(execution, over: relation), relation: relation,
      claim: BudgetClaim(execution.database.budget))
  }
}

/// One worker's best rows so far.
private struct TopSelection {
  let key: BoundExpression
  let countMax: Int
  var top: TopRows
  let evaluator: Evaluator
  let relation: Relation
  let claim: BudgetClaim
  var rowCount = 0
  var unknownCount = 0
  var unknownRows: [Int32] = []

  mutating func consume(_ input: any Operator) throws(StoreError) {
    while var batch = try input.next() {
      // Groups have no column before their first batch.
      let column = plainColumn
      let countIn = batch.mask.countIn
      rowCount += countIn
      if let column {
        try countUnknown(column, batch)
        // The threshold as a test of the column spares loading what cannot enter.
        if let threshold = top.threshold {
          column.keep(threshold, of: batch.rows, in: &batch.mask)
          if batch.mask.isNoneIn { continue }
        }
        let few = batch.compactedIfSparse
        try top.add(column.load(few.rows), rows: few.rows, in: few.mask)
      } else {
        let values = try evaluator.values(of: key, batch.rows, in: batch.mask)
        noteUnknown(batch, known: Mask(knownIn: values))
        try top.add(values, rows: batch.rows, in: batch.mask)
      }
      try cover()
    }
  }

  private func cover() throws(StoreError) {
    try claim.cover(top.byteCount + unknownRows.count * MemoryLayout<Int32>.stride)
  }

  mutating func merge(_ other: TopSelection) throws(StoreError) {
    try top.merge(other.top)
    rowCount += other.rowCount
    unknownCount += other.unknownCount
    unknownRows += other.unknownRows
    try cover()
  }

  private var plainColumn: Column? {
    guard case .field(let path) = key, path.hops.isEmpty else { return nil }
    return relation.column(path.field)
  }

  private mutating func countUnknown(_ column: Column, _ batch: Batch) throws(StoreError) {
    guard column.unknownCount > 0 else { return }
    var known = batch.mask
    column.keep(.known, of: batch.rows, in: &known)
    noteUnknown(batch, known: known)
  }

  private mutating func noteUnknown(_ batch: Batch, known: Mask) {
    var unknown = batch.mask
    unknown.subtract(known)
    let count = unknown.countIn
    unknownCount += count
    if count > 0, unknownRows.count < countMax {
      batch.rows.collect(in: unknown, into: &unknownRows)
    }
  }
}

/// Rows already collected, as an operator.
final class RowListOperator: Operator {
  private var list: RowList

  init(_ rows: [Int32]) { list = RowList(rows) }

  init(_ list: RowList) { self.list = list }

  let isAscending = true

  func next() throws(StoreError) -> Batch? { try list.next() }
}
