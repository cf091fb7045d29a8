import Store
import Syntax

/// Writes expressions over the rows of a `SELECT`.
struct ExpressionWriter {
  let translation: Translation
  let query: BoundQuery

  var dialect: Dialect { translation.dialect }

  /// The value of an expression; a condition as a value is never unknown.
  func value(_ expression: BoundExpression, _ row: SQLRow) throws(TranslateReason) -> SQL {
    if let column = row.computed[expression] { return SQL("\(row.alias).\(column)") }
    switch expression {
    case .constant(let value, let type): return literal(value, type)
    case .field(let path): return field(path, row)
    case .perRow(let index, _): return try perRow(index, row)
    case .scalar(let index, _):
      return try QueryTranslation(translation, query.scalars[index]).value()
    case .related(let related): return try self.related(related, from: .row(row), row)
    case .outer(let expression):
      guard let parent = row.parent else { preconditionFailure("an outer row has an inner one") }
      return try value(expression, parent)
    case .convert(let conversion, let operand):
      return convert(conversion, try value(operand, row))
    case .arithmetic(let arithmetic, let a, let b):
      return compute(arithmetic, try value(a, row), try value(b, row))
    case .negation(let operand):
      return SQL("-\(try value(operand, row).operand)", .arithmetic)
    case .shift(let operand, let months, let days):
      return dialect.shifted(try value(operand, row), operand.type == .time, months, days)
    case .call(let function, let operands, let type):
      return try call(function, operands, type, row)
    case .comparison, .textTest, .membership, .between, .isKnown, .not, .and, .or:
      let condition = try condition(expression, row)
      return SQL("(\(condition.text)) IS TRUE", .test)
    }
  }

  // MARK: leaves

  private func field(_ path: FieldPath, _ row: SQLRow) -> SQL {
    switch row.kind {
    case .columns(let columns): return columns[path.field.index]
    case .records(let entity):
      let (alias, target) = translation.join(path.hops[...], from: row, entity)
      return SQL(translation.column(path.field, of: target, in: alias))
    }
  }

  /// A value that depends on all rows: of the `SELECT` itself, or looked up by the record's key.
  private func perRow(_ index: Int, _ row: SQLRow) throws(TranslateReason) -> SQL {
    if let there = row.perRow[index] { return there }
    guard case .records(let entity) = row.kind else {
      preconditionFailure("what ranks groups is computed with them")
    }
    let table = try translation.ranking(index, of: query, self)
    let alias = row.select.join("\(row.alias) all \(index) \(table.name)") {
      let alias = translation.unused(table.name + "_of")
      let key = translation.key(of: entity, in: row.alias)
      return (alias, "\(table.name) AS \(alias) ON \(alias).\(table.key) = \(key)")
    }
    return SQL("\(alias).\(table.value)")
  }

  // MARK: arithmetic

  private func convert(_ conversion: Conversion, _ operand: SQL) -> SQL {
    switch conversion {
    case .integerToNumber, .moneyToNumber: SQL("CAST(\(operand.text) AS \(dialect.realType))")
    case .integerToMoney, .referenceToKey: operand
    case .dateToTime: SQL(dialect.midnight(operand.operand))
    case .timeToDate: SQL(dialect.day(operand.text))
    }
  }

  private func compute(_ arithmetic: Arithmetic, _ a: SQL, _ b: SQL) -> SQL {
    func binary(_ sign: String) -> SQL { SQL("\(a.operand) \(sign) \(b.operand)", .arithmetic) }
    func cents(_ sql: SQL) -> SQL { SQL("round(\(sql.text), 2)") }
    /// The amount in its smallest units, which are exact.
    let minor = "round(100 * \(a.operand))"
    return switch arithmetic {
    case .addIntegers, .addNumbers: binary("+")
    case .subtractIntegers, .subtractNumbers: binary("-")
    case .multiplyIntegers, .multiplyNumbers: binary("*")
    case .addMoney: cents(binary("+"))
    case .subtractMoney: cents(binary("-"))
    case .multiplyMoney:
      SQL("\(dialect.rounded("\(minor) * \(b.operand)")) / 100", .arithmetic)
    case .divideMoney:
      SQL("\(dialect.rounded("\(minor) / nullif(\(b.text), 0)")) / 100", .arithmetic)
    case .divideNumbers: SQL("\(a.operand) / nullif(\(b.text), 0)", .arithmetic)
    case .ratioOfMoney:
      SQL("CAST(\(a.text) AS \(dialect.realType)) / nullif(\(b.text), 0)", .arithmetic)
    case .subtractDates: dialect.days(b, a)
    case .joinText: binary("||")
    }
  }

  // MARK: functions

  private func call(
    _ function: Function, _ operands: [BoundExpression], _ type: ValueType, _ row: SQLRow
  ) throws(TranslateReason) -> SQL {
    if function == .choose { return try choose(operands, row) }
    var values: [SQL] = []
    for operand in operands { values.append(try value(operand, row)) }
    let x = values[0]
    switch function {
    case .daysSince, .choose: preconditionFailure("bound as a difference, or written above")
    case .daysBetween: return dialect.days(x, values[1])
    case .year: return dialect.part(.year, x.text)
    case .quarter: return dialect.part(.quarter, x.text)
    case .month: return dialect.part(.month, x.text)
    case .week: return dialect.part(.week, x.text)
    case .weekday: return dialect.part(.weekday, x.text)
    case .day: return dialect.part(.day, x.text)
    case .monthOf: return dialect.firstDay(.month, x.text)
    case .weekOf: return dialect.firstDay(.week, x.text)
    case .quarterOf: return dialect.firstDay(.quarter, x.text)
    case .round: return type == .integer ? x : SQL(dialect.rounded(x.text))
    case .floor, .ceil: return type == .integer ? x : SQL("\(function.rawValue)(\(x.text))")
    case .abs, .length, .trim: return SQL("\(function.rawValue)(\(x.text))")
    case .bucket: return bucket(x, operands[1], type, row)
    case .lower, .upper:
      translation.foldsOnlyASCII = true
      return SQL("\(function.rawValue)(\(x.text))")
    case .firstKnown: return SQL("coalesce(\(values.map(\.text).joined(separator: ", ")))")
    }
  }

  /// `if(c, a, …, otherwise)`
  private func choose(
    _ operands: [BoundExpression], _ row: SQLRow
  ) throws(TranslateReason) -> SQL {
    var lines: [String] = []
    for pair in stride(from: 0, to: operands.count - 1, by: 2) {
      let condition = try condition(operands[pair], row).text
      lines.append("WHEN \(condition) THEN \(try value(operands[pair + 1], row).text)")
    }
    let otherwise = operands[operands.count - 1]
    if otherwise != .constant(.unknown, otherwise.type) {
      lines.append("ELSE \(try value(otherwise, row).text)")
    }
    let line = "CASE \(lines.joined(separator: " ")) END"
    if line.utf8.count <= 80, !line.contains("\n") { return SQL(line) }
    return SQL("CASE\n  " + lines.map(SQL.indented).joined(separator: "\n  ") + "\nEND")
  }

  /// The lower end of the step that holds a value, computed in whole units where it can be.
  private func bucket(
    _ x: SQL, _ width: BoundExpression, _ type: ValueType, _ row: SQLRow
  ) -> SQL {
    guard case .constant(let size, _) = width else {
      preconditionFailure("the binder takes only constant widths")
    }
    let step = literal(size, type).text
    switch (type, size) {
    case (.integer, _):
      let real = "CAST(\(x.text) AS \(dialect.realType))"
      return SQL(
        "CAST(floor(\(real) / \(step)) AS \(dialect.integerType)) * \(step)", .arithmetic)
    case (.money, .word(let minor)) where minor % 100 != 0:
      return SQL("round(floor(round(100 * \(x.operand)) / \(minor)) * \(step), 2)")
    default: return SQL("floor(\(x.operand) / \(step)) * \(step)", .arithmetic)
    }
  }

  // MARK: order

  /// What rows are ordered by so that a value goes as in the language: unknown last both ways.
  func order(
    _ expression: BoundExpression, _ row: SQLRow, isDescending: Bool = false
  ) throws(TranslateReason) -> [String] {
    let value = try value(expression, row)
    var terms = orderTerms(value, sortType(expression.type))
    if isDescending { terms = terms.map { $0 + " DESC" } }
    if !isAlwaysKnown(expression, row), !row.known.contains(expression) {
      terms.insert("\(value.operand) IS NULL", at: 0)
    }
    return terms
  }

  /// A reference goes by the key.
  func sortType(_ type: ValueType) -> ValueType {
    guard case .reference(let target) = type else { return type }
    return translation.catalog[target][translation.catalog[target].key].type
  }

  /// The texts whose order is that of values of a type: A–Z folded, then bytes; a choice's code.
  func orderTerms(_ value: SQL, _ type: ValueType) -> [String] {
    switch type {
    case .text: [dialect.folded(value.text, []), dialect.bytes(value.operand)]
    case .choice(let list): [code(value, list)]
    default: [value.text]
    }
  }

  /// The position of a choice in its list.
  func code(_ value: SQL, _ list: ChoiceList) -> String {
    let names = list.names.enumerated().map { "WHEN \(text($0.element)) THEN \($0.offset)" }
    return "CASE \(value.operand) \(names.joined(separator: " ")) END"
  }

  private func isAlwaysKnown(_ expression: BoundExpression, _ row: SQLRow) -> Bool {
    switch (expression, row.kind) {
    case (.constant(let value, _), _): value.isKnown
    case (.field(let path), .records(let entity)):
      path.hops.isEmpty && path.field == translation.catalog[entity].key
    case (.field(let path), .columns(let columns)):
      columns[path.field.index].text.hasPrefix("count(")
        || columns[path.field.index].text.hasPrefix("coalesce(sum(")
        || columns[path.field.index].text.hasPrefix("coalesce(round(sum(")
    case (.related(let related), _):
      related.aggregate.kind == .count || related.aggregate.kind == .sum
    case (.comparison, _), (.textTest, _), (.membership, _), (.between, _), (.isKnown, _),
      (.not, _), (.and, _), (.or, _):
      true
    default: false
    }
  }
}
