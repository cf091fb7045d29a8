import Store
import Syntax

/// Computes bound expressions for a batch of rows: one kernel of `Store` for each node.
///
/// Holds the prepared text tests of its expressions, so each worker has an evaluator of its own.
final class Evaluator {
  let execution: Execution
  private let relation: Relation
  private var textTests: [BoundExpression: TextTest] = [:]
  /// Of conditions seen before, the column they test and the test; nil for those of another kind.
  private var columnTests: [BoundExpression: (column: Column, test: PreparedTest)?] = [:]
  private lazy var walk = RelatedWalk(execution)
  /// Covers the values that were asked for of many rows at once.
  let claim: BudgetClaim
  /// Over related records: what evaluates the rows they are related to, these rows, and for each
  /// record of the batch the offset of its row.
  var outside: (evaluator: Evaluator, rows: Rows, owners: [Int32])?

  init(_ execution: Execution, over relation: Relation) {
    self.execution = execution
    self.relation = relation
    claim = BudgetClaim(execution.database.budget)
  }

  /// An evaluator of the same for another worker.
  var twin: Evaluator { Evaluator(execution, over: relation) }

  // MARK: values

  /// The values of an expression for the rows; those out of the mask may be anything, and raise no
  /// error.
  func values(
    of expression: BoundExpression, _ rows: Rows, in mask: Mask
  ) throws(StoreError) -> Vector {
    switch expression {
    case .constant(let value, let type):
      return Vector(repeating: value, as: type, count: rows.count)
    case .field(let path):
      return load(path, rows)
    case .perRow(let index, let type):
      return execution.perRow[index]?.load(rows) ?? Vector(unknown: type, count: rows.count)
    case .scalar(let index, let type):
      return Vector(repeating: execution.scalars[index], as: type, count: rows.count)
    case .related(let related):
      return try walk.values(of: related, rows, in: mask, from: relation, outside: self)
    case .outer(let expression):
      return try outsideValues(of: expression, in: mask)
    case .convert(let conversion, let operand):
      return try convert(conversion, try values(of: operand, rows, in: mask), in: mask)
    case .arithmetic(let arithmetic, let a, let b):
      let left = try values(of: a, rows, in: mask)
      let right = try values(of: b, rows, in: mask)
      if arithmetic == .joinText { return Vector.joined(left, right, in: mask) }
      return try Vector.arithmetic(Self.kernel(arithmetic), left, right, in: mask)
    case .negation(let operand):
      return try values(of: operand, rows, in: mask).negated(in: mask)
    case .shift(let operand, let months, let days):
      let vector = try values(of: operand, rows, in: mask)
      if operand.type == .time {
        return try vector.shiftedTimes(months: months, days: days, in: mask)
      }
      return try vector.shiftedDates(months: months, days: days, in: mask)
    case .call(let function, let operands, let type):
      return try call(function, operands, type, rows, in: mask)
    case .comparison, .textTest, .membership, .between, .isKnown, .not, .and, .or:
      var passed = mask
      try keep(expression, rows, in: &passed)
      return Vector(flags: passed)
    }
  }

  /// How many related records surely meet their condition, and how many may, for each row.
  func countBounds(
    of related: BoundRelated, _ rows: Rows, in mask: Mask
  ) throws(StoreError) -> (least: [Int64], most: [Int64]) {
    try walk.countBounds(of: related, rows, in: mask, from: relation, outside: self)
  }

  /// The values of an expression over the rows that the records of the batch are related to.
  private func outsideValues(
    of expression: BoundExpression, in mask: Mask
  ) throws(StoreError) -> Vector {
    guard let outside else { preconditionFailure("an outer row is one of a relation") }
    let rows = Rows.list(outside.owners.map { Int32(truncatingIfNeeded: outside.rows[Int($0)]) })
    return try outside.evaluator.values(of: expression, rows, in: mask)
  }

  private func load(_ path: FieldPath, _ rows: Rows) -> Vector {
    var rows = rows
    var column: (FieldID) -> Column = relation.column
    for hop in path.hops {
      rows = Rows(following: column(hop.field).load(rows))
      column = execution.database.table(hop.target).column
    }
    return column(path.field).load(rows)
  }

  private func convert(
    _ conversion: Conversion, _ vector: Vector, in mask: Mask
  ) throws(StoreError) -> Vector {
    switch conversion {
    case .integerToNumber: return try vector.converted(.integerToNumber, in: mask)
    case .moneyToNumber: return try vector.converted(.moneyToNumber, in: mask)
    case .integerToMoney: return try vector.converted(.integerToMoney, in: mask)
    case .dateToTime: return try vector.converted(.dateToTime, in: mask)
    case .timeToDate: return try vector.converted(.timeToDate, in: mask)
    case .referenceToKey(let target, _):
      let key = execution.database.catalog[target].key
      return execution.database.table(target).column(key).load(Rows(following: vector))
    }
  }

  private static func kernel(_ arithmetic: Arithmetic) -> Vector.Arithmetic {
    switch arithmetic {
    case .addIntegers: .addIntegers
    case .subtractIntegers: .subtractIntegers
    case .multiplyIntegers: .multiplyIntegers
    case .addNumbers: .addReals
    case .subtractNumbers: .subtractReals
    case .multiplyNumbers: .multiplyReals
    case .divideNumbers: .divideReals
    case .addMoney: .addMoney
    case .subtractMoney: .subtractMoney
    case .multiplyMoney: .multiplyMoneyByReal
    case .divideMoney: .divideMoneyByReal
    case .ratioOfMoney: .divideMoney
    case .subtractDates: .daysBetween
    case .joinText: preconditionFailure("texts are joined, not computed")
    }
  }

  // MARK: functions

  private func call(
    _ function: Function, _ operands: [BoundExpression], _ type: ValueType, _ rows: Rows,
    in mask: Mask
  ) throws(StoreError) -> Vector {
    if function == .choose { return try choose(operands[...], type, rows, in: mask) }
    var vectors: [Vector] = []
    for operand in operands { vectors.append(try values(of: operand, rows, in: mask)) }
    if let part = function.datePart { return vectors[0].datePart(part) }
    switch function {
    case .year, .quarter, .month, .week, .weekday, .day, .monthOf, .weekOf, .quarterOf:
      preconditionFailure("handled above: parts of a date")
    case .daysSince:
      let today = Vector(repeating: .word(Int64(execution.today)), as: .date, count: rows.count)
      return try Vector.arithmetic(.daysBetween, today, vectors[0], in: mask)
    case .daysBetween: return try Vector.arithmetic(.daysBetween, vectors[1], vectors[0], in: mask)
    case .round:
      var digits = 0
      if operands.count > 1, case .constant(.word(let word), _) = operands[1] {
        digits = Int(word)
      }
      return try vectors[0].rounded(.nearest(digits: digits), as: type, in: mask)
    case .floor: return try vectors[0].rounded(.floor, as: type, in: mask)
    case .ceil: return try vectors[0].rounded(.ceil, as: type, in: mask)
    case .abs: return try vectors[0].rounded(.absolute, as: type, in: mask)
    case .bucket: return try vectors[0].bucketed(width: vectors[1], in: mask)
    case .lower: return vectors[0].lowered()
    case .upper: return vectors[0].uppered()
    case .length: return vectors[0].scalarCounts()
    case .trim: return vectors[0].trimmed()
    case .firstKnown: return Vector.firstKnown(vectors)
    case .choose: preconditionFailure("handled above: its branches are not all computed")
    }
  }

  /// `if(c, a, c2, a2, …, otherwise)`: each branch is computed for its own rows only.
  private func choose(
    _ operands: ArraySlice<BoundExpression>, _ type: ValueType, _ rows: Rows, in mask: Mask
  ) throws(StoreError) -> Vector {
    guard operands.count >= 3 else {
      return try values(of: operands[operands.startIndex], rows, in: mask)
    }
    let start = operands.startIndex
    var chosen = mask
    try keep(operands[start], rows, in: &chosen)
    let then = try values(of: operands[start + 1], rows, in: chosen)
    let rest = chosen.inverted(within: mask)
    let otherwise = try choose(operands[(start + 2)...], type, rows, in: rest)
    return Vector.select(chosen, then: then, otherwise: otherwise)
  }

  // MARK: conditions

  /// Clears in `mask` every row for which the condition does not hold.
  func keep(
    _ condition: BoundExpression, _ rows: Rows, in mask: inout Mask
  ) throws(StoreError) {
    if let (column, test) = columnTest(condition) {
      column.keep(test, of: rows, in: &mask)
      return
    }
    switch condition {
    case .comparison(let sign, let a, let b):
      let left = try values(of: a, rows, in: mask)
      left.keep(Self.kernel(sign), try values(of: b, rows, in: mask), in: &mask)
    case .textTest(let relation, let a, let b):
      try keepText(condition, relation, a, b, rows, in: &mask)
    case .membership(let subject, let constants):
      try values(of: subject, rows, in: mask).keep(Self.membershipTest(constants), in: &mask)
    case .between(let subject, let lower, let upper):
      try values(of: subject, rows, in: mask).keep(Self.betweenTest(lower, upper), in: &mask)
    case .isKnown(let operand):
      mask.formAnd(Mask(knownIn: try values(of: operand, rows, in: mask)))
    case .not(let operand):
      var passed = mask
      try keep(operand, rows, in: &passed)
      mask.subtract(passed)
    case .and(let operands):
      for operand in operands { try keep(operand, rows, in: &mask) }
    case .or(let operands):
      var open = mask
      for operand in operands {
        var passed = open
        try keep(operand, rows, in: &passed)
        open.subtract(passed)
      }
      mask.subtract(open)
    default:
      mask.formAnd(Mask(flags: try values(of: condition, rows, in: mask)))
    }
  }

  /// The column and the test of it that a condition comes to.
  private func columnTest(_ condition: BoundExpression) -> (column: Column, test: PreparedTest)? {
    if let known = columnTests[condition] { return known }
    if let test = passedTest(condition) {
      columnTests[condition] = .some(test)
      return test
    }
    let preparer = ConditionPreparer(database: execution.database)
    let found = try? preparer.columnTest(condition)
    let made = found.map { field, test in
      let column = relation.column(field)
      return (column, column.prepare(test))
    }
    columnTests[condition] = .some(made)
    return made
  }

  /// The same for a value of related records that was computed for all records at once.
  private func passedTest(_ condition: BoundExpression) -> (column: Column, test: PreparedTest)? {
    guard
      case .comparison(let sign, .related(let related), .constant(.word(let word), _)) = condition,
      related.path.steps.count == 1, let column = execution.passed[related],
      let range = ConditionPreparer.range(sign, word)
    else { return nil }
    return (column, column.prepare(.words(range)))
  }

  private func keepText(
    _ condition: BoundExpression, _ relation: TextOperator, _ a: BoundExpression,
    _ b: BoundExpression, _ rows: Rows, in mask: inout Mask
  ) throws(StoreError) {
    let left = try values(of: a, rows, in: mask)
    if case .constant(.text(let text), _) = b {
      left.keep(.text(preparedTest(condition, relation, text)), in: &mask)
      return
    }
    let kernel: Vector.TextRelation =
      switch relation {
      case .contains: .contains
      case .startsWith: .startsWith
      case .endsWith: .endsWith
      case .hasWord: .hasWord
      case .like, .matches: preconditionFailure("the binder takes only constant patterns")
      }
    left.keep(kernel, try values(of: b, rows, in: mask), in: &mask)
  }

  private func preparedTest(
    _ condition: BoundExpression, _ relation: TextOperator, _ text: String
  ) -> TextTest {
    if let test = textTests[condition] { return test }
    let preparer = ConditionPreparer(database: execution.database)
    // The binder has compiled the pattern before; one that it refused does not come here.
    let test = (try? preparer.textTest(relation, text)) ?? TextTest(.isOneOf([]))
    textTests[condition] = test
    return test
  }

  private static func kernel(_ sign: ComparisonOperator) -> Vector.Comparison {
    switch sign {
    case .equal: .equal
    case .notEqual: preconditionFailure("the binder turns != into not =")
    case .less: .less
    case .lessOrEqual: .lessOrEqual
    case .greater: .greater
    case .greaterOrEqual: .greaterOrEqual
    }
  }

  private static func membershipTest(_ constants: [Scalar]) -> ColumnTest {
    var words: Set<Int64> = []
    var reals: Set<Double> = []
    var texts: [String] = []
    for constant in constants {
      switch constant {
      case .word(let word): words.insert(word)
      case .real(let real): reals.insert(real)
      case .text(let text): texts.append(text)
      case .unknown: break
      }
    }
    if !texts.isEmpty { return .text(TextTest(.isOneOf(texts))) }
    return reals.isEmpty ? .wordSet(words) : .realSet(reals)
  }

  private static func betweenTest(_ lower: Scalar, _ upper: Scalar) -> ColumnTest {
    switch (lower, upper) {
    case (.word(let a), .word(let b)): a <= b ? .words(a...b) : .wordSet([])
    case (.real(let a), .real(let b)):
      .reals(lower: a, isLowerOpen: false, upper: b, isUpperOpen: false)
    default: .wordSet([])
    }
  }
}

extension Function {
  /// The part of a date that it gives; nil for other functions.
  var datePart: Vector.DatePart? {
    switch self {
    case .year: .year
    case .quarter: .quarter
    case .month: .month
    case .week: .week
    case .weekday: .weekday
    case .day: .day
    case .monthOf: .monthOf
    case .weekOf: .weekOf
    case .quarterOf: .quarterOf
    default: nil
    }
  }
}
