import Store
import Syntax

/// The rows that meet every condition, tested in order; a batch with none left is passed over.
final class Filter: Operator {
  private let input: any Operator
  private let conditions: [Condition]
  private let execution: Execution
  private let relation: Relation
  private let evaluator: Evaluator
  private let unknowns: UnknownCounter?
  /// The conditions that come first and are tests of columns, made ready at the first batch.
  private var tests: [ColumnCondition] = []
  /// Those behind them, from the first that the evaluator has to look at.
  private var rest: [(condition: Condition, test: ColumnCondition?)] = []
  private var isReady = false
  private var sparse = SparseBatches()

  /// - Parameter countsUnknown: Whether rows that are kept only because a value is unknown are counted
  ///   for the footer.
  init(
    _ input: any Operator, _ conditions: [Condition], _ execution: Execution,
    over relation: Relation, countsUnknown: Bool = true
  ) {
    self.input = input
    self.conditions = conditions
    self.execution = execution
    self.relation = relation
    self.evaluator = Evaluator(execution, over: relation)
    unknowns = countsUnknown ? UnknownCounter(conditions, execution, over: relation) : nil
    if let unknowns { execution.unknownCounters.append(unknowns) }
  }

  var isAscending: Bool { input.isAscending }

  func next() throws(StoreError) -> Batch? {
    if relation.isOfRecords { makeReady() }
    search: while var batch = try rest.isEmpty ? nextTested() : sparse.next(of: nextTested) {
      for (condition, test) in rest {
        if let test {
          test.keep(in: &batch)
        } else {
          try evaluator.keep(condition.expression, batch.rows, in: &batch.mask)
        }
        if batch.mask.isNoneIn { continue search }
      }
      try unknowns?.count(batch, evaluator)
      return batch
    }
    return nil
  }

  /// The next batch with rows that pass the tests that come first.
  private func nextTested() throws(StoreError) -> Batch? {
    search: while var batch = try input.next() {
      makeReady()
      for test in tests {
        test.keep(in: &batch)
        if batch.mask.isNoneIn { continue search }
      }
      return batch
    }
    return nil
  }

  /// Makes the tests ready: those of groups when there are groups.
  private func makeReady() {
    guard !isReady else { return }
    isReady = true
    let ready = conditions.map { ColumnCondition($0, over: relation) }
    let testCount = ready.firstIndex { $0 == nil } ?? ready.count
    tests = ready[..<testCount].compactMap { $0 }
    rest = Array(zip(conditions, ready).dropFirst(testCount))
    input.narrow(to: ready.compactMap { $0 })
  }

  func split() throws(StoreError) -> (any Operator, any Operator)? {
    if relation.isOfRecords { makeReady() }
    guard let (first, second) = try input.split() else { return nil }
    return (
      Filter(first, conditions, execution, over: relation, countsUnknown: unknowns != nil),
      Filter(second, conditions, execution, over: relation, countsUnknown: unknowns != nil)
    )
  }
}

/// Counts rows that a filter kept only because a value is unknown: those that pass in two-valued
/// logic but would not surely pass if unknown could be anything (Kleene's three-valued logic).
final class UnknownCounter {
  private let conditions: [BoundExpression]
  /// The fields, as written, that stand under a `not` and have unknown values.
  let fields: [String]
  /// What the rows are called.
  let plural: String
  /// Rows found.
  private(set) var rowCount = 0

  /// Nil when nothing can be kept for that reason.
  init?(_ conditions: [Condition], _ execution: Execution, over relation: Relation) {
    let negated = conditions.map(\.expression).filter(\.hasNegation)
    let perRow = execution.query.perRow
    let catalog = execution.database.catalog
    var fields: [String] = []
    for (path, entity) in negated.flatMap({ $0.paths(isNegated: false, perRow) })
    where path.hops.isEmpty || entity != nil || relation.isOfRecords {
      let table = entity.map { execution.database.table($0) } ?? relation.records
      let isNullable = !path.hops.isEmpty || (table?.column(path.field).hasUnknown ?? true)
      let text = entity.map { "\(catalog[$0].name).\(path.text)" } ?? path.text
      if isNullable && !fields.contains(text) { fields.append(text) }
    }
    guard !fields.isEmpty else { return nil }
    self.conditions = negated
    self.fields = fields
    plural = relation.records.map { execution.database.catalog[$0.entity].name } ?? "rows"
  }

  /// Counts in a batch that has passed the filter.
  func count(_ batch: Batch, _ evaluator: Evaluator) throws(StoreError) {
    var sure = batch.mask
    for condition in conditions {
      try evaluator.keepSurely(condition, isTrue: true, batch.rows, in: &sure)
    }
    rowCount += batch.mask.countIn - sure.countIn
  }
}

extension Execution {
  /// What the counters of this query's filters found: one note for each filter, whose rows two
  /// workers may have counted.
  var unknownNotes: [Note] {
    var notes: [(fields: [String], plural: String, count: Int)] = []
    for counter in unknownCounters where counter.rowCount > 0 {
      if let known = notes.firstIndex(where: { $0.fields == counter.fields }) {
        notes[known].count += counter.rowCount
      } else {
        notes.append((counter.fields, counter.plural, counter.rowCount))
      }
    }
    return notes.map { .includesUnknown(count: $0.count, fields: $0.fields, plural: $0.plural) }
  }
}

extension BoundExpression {
  /// Whether more may be known false than true in it: a `not` other than before `is known`, or a limit
  /// to how many related records there are.
  var hasNegation: Bool {
    switch self {
    case .not(.isKnown): return false
    case .not: return true
    case .and(let operands), .or(let operands): return operands.contains(where: \.hasNegation)
    default:
      guard let (sign, related, _) = relatedCount else { return false }
      if sign != .greaterOrEqual && sign != .greater { return true }
      return related.filter?.hasNegation ?? false
    }
  }

  /// For a count of related records compared with a number: the sign, the count and the number.
  fileprivate var relatedCount: (ComparisonOperator, BoundRelated, Int64)? {
    guard case .comparison(let sign, .related(let related), .constant(.word(let count), _)) = self,
      related.aggregate.kind == .count, related.aggregate.argument == nil, related.filter != nil
    else { return nil }
    return (sign, related, count)
  }

  /// The stored fields whose unknown values a `not` lets through; with their entity, those of related
  /// records.
  fileprivate func paths(
    isNegated: Bool, _ perRow: [BoundPerRow]
  ) -> [(path: FieldPath, entity: EntityID?)] {
    switch self {
    case .not(let operand): return operand.paths(isNegated: !isNegated, perRow)
    case .and(let operands), .or(let operands):
      return operands.flatMap { $0.paths(isNegated: isNegated, perRow) }
    case .isKnown: return []
    default:
      guard let (sign, related, _) = relatedCount else {
        return isNegated ? readPaths(perRow).map { ($0, nil) } : []
      }
      let senses: [Bool] =
        switch sign {
        case .greater, .greaterOrEqual: [isNegated]
        case .less, .lessOrEqual: [!isNegated]
        case .equal, .notEqual: [true, false]
        }
      return senses.flatMap { related.filter?.paths(isNegated: $0, []) ?? [] }
        .map { ($0.path, $0.entity ?? related.path.entity) }
    }
  }

  /// Every stored field the expression reads; with the query's per-row computations, those they
  /// rank or sum too.
  func readPaths(_ perRow: [BoundPerRow] = []) -> [FieldPath] {
    switch self {
    case .field(let path): [path]
    case .perRow(let index, _):
      index < perRow.count ? perRow[index].argument.readPaths(perRow) : []
    case .constant, .scalar, .related, .outer: []
    case .convert(_, let operand), .negation(let operand), .shift(let operand, _, _),
      .membership(let operand, _), .between(let operand, _, _), .isKnown(let operand),
      .not(let operand):
      operand.readPaths(perRow)
    case .arithmetic(_, let a, let b), .comparison(_, let a, let b), .textTest(_, let a, let b):
      a.readPaths(perRow) + b.readPaths(perRow)
    case .call(_, let operands, _), .and(let operands), .or(let operands):
      operands.flatMap { $0.readPaths(perRow) }
    }
  }
}

extension Evaluator {
  /// Clears in `mask` every row for which the condition is not surely true (or surely false), whatever
  /// its unknown values may be.
  func keepSurely(
    _ condition: BoundExpression, isTrue: Bool, _ rows: Rows, in mask: inout Mask
  ) throws(StoreError) {
    switch condition {
    case .not(let operand):
      try keepSurely(operand, isTrue: !isTrue, rows, in: &mask)
    case .and(let operands) where isTrue, .or(let operands) where !isTrue:
      for operand in operands { try keepSurely(operand, isTrue: isTrue, rows, in: &mask) }
    case .and(let operands), .or(let operands):
      var open = mask
      for operand in operands {
        var passed = open
        try keepSurely(operand, isTrue: isTrue, rows, in: &passed)
        open.subtract(passed)
      }
      mask.subtract(open)
    default:
      if let (sign, related, count) = condition.relatedCount {
        return try keepSurely(sign, related, count, isTrue: isTrue, rows, in: &mask)
      }
      if isTrue { return try keep(condition, rows, in: &mask) }
      var passed = mask
      try keep(condition, rows, in: &passed)
      mask.subtract(passed)
      if case .isKnown = condition { return }
      for path in condition.readPaths(execution.query.perRow) {
        mask.formAnd(Mask(knownIn: try values(of: .field(path), rows, in: mask)))
      }
    }
  }

  /// The same for a count of related records: it lies between those that surely count and those that
  /// may, and every number between must compare alike.
  private func keepSurely(
    _ sign: ComparisonOperator, _ related: BoundRelated, _ count: Int64, isTrue: Bool,
    _ rows: Rows, in mask: inout Mask
  ) throws(StoreError) {
    let (least, most) = try countBounds(of: related, rows, in: mask)
    for offset in mask.offsets {
      let row = Int(offset)
      let ends = [least[row], most[row]].map { Self.compares($0, sign, count) }
      let isInside = least[row] < count && count < most[row]
      let isAlike = ends[0] == ends[1] && !(sign == .equal && isInside)
      if !isAlike || ends[0] != isTrue { mask.clear(row) }
    }
  }

  private static func compares(
    _ found: Int64, _ sign: ComparisonOperator, _ count: Int64
  ) -> Bool {
    switch sign {
    case .equal: found == count
    case .notEqual: found != count
    case .less: found < count
    case .lessOrEqual: found <= count
    case .greater: found > count
    case .greaterOrEqual: found >= count
    }
  }
}
