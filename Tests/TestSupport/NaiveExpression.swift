import Engine
import Store
import Syntax

/// Evaluates bound expressions for one row, as the language's words say and with no thought of speed.
struct NaiveExpression {
  let store: NaiveStore
  let scalars: [Scalar]
  /// The entity whose records the rows are; nil for groups.
  let entity: EntityID?
  /// Over related records: the row they are related to, and what evaluates it.
  private var outside: [(expressions: NaiveExpression, row: NaiveRow)] = []

  init(store: NaiveStore, scalars: [Scalar], entity: EntityID?) {
    self.store = store
    self.scalars = scalars
    self.entity = entity
  }

  /// Whether a condition holds.
  func holds(_ condition: BoundExpression, _ row: NaiveRow) -> Bool {
    value(condition, row) == .word(1)
  }

  /// The value of an expression.
  func value(_ expression: BoundExpression, _ row: NaiveRow) -> Scalar {
    func known(_ operand: BoundExpression) -> Scalar { value(operand, row) }
    switch expression {
    case .constant(let constant, _): return constant
    case .field(let path): return field(path, row)
    case .perRow(let index, _): return row.perRow[index] ?? .unknown
    case .scalar(let index, _): return scalars[index]
    case .related(let related): return value(related, row)
    case .outer(let expression):
      guard let (expressions, row) = outside.last else { return .unknown }
      return expressions.value(expression, row)
    case .convert(let conversion, let operand): return convert(conversion, known(operand))
    case .arithmetic(let arithmetic, let a, let b):
      return NaiveArithmetic.compute(arithmetic, known(a), known(b))
    case .negation(let operand):
      switch known(operand) {
      case .word(let word): return .word(-word)
      case .real(let real): return .real(-real)
      default: return .unknown
      }
    case .shift(let operand, let months, let days):
      guard case .word(let word) = known(operand) else { return .unknown }
      if operand.type == .time {
        let day = floorDivide(word, 86_400)
        let moved = Day.add(months: months, to: Int(day)) + days
        return .word(Int64(moved) * 86_400 + (word - day * 86_400))
      }
      return .word(Int64(Day.add(months: months, to: Int(word)) + days))
    case .call(let function, let operands, let type):
      return NaiveFunctions(today: store.today).call(function, operands, type) { value($0, row) }
    case .comparison(let sign, let a, let b): return flag(compares(known(a), sign, known(b)))
    case .textTest(let test, let a, let b):
      guard case .text(let x) = known(a), case .text(let y) = known(b) else { return flag(false) }
      return flag(NaiveText.passes(x, test, y))
    case .membership(let operand, let constants):
      let found = known(operand)
      return flag(constants.contains { compares(found, .equal, $0) })
    case .between(let operand, let low, let high):
      let found = known(operand)
      return flag(compares(found, .greaterOrEqual, low) && compares(found, .lessOrEqual, high))
    case .isKnown(let operand): return flag(known(operand).isKnown)
    case .not(let operand): return flag(!holds(operand, row))
    case .and(let operands): return flag(operands.allSatisfy { holds($0, row) })
    case .or(let operands): return flag(operands.contains { holds($0, row) })
    }
  }

  /// One value of all the records a path leads to, each once.
  private func value(_ related: BoundRelated, _ row: NaiveRow) -> Scalar {
    var inner = NaiveExpression(store: store, scalars: scalars, entity: related.path.entity)
    inner.outside = [(self, row)]
    var found = records(along: related.path, row)
    if let filter = related.filter { found = found.filter { inner.holds(filter, $0) } }
    if related.knownCountMin > 0, let argument = related.aggregate.argument {
      let known = found.count { inner.value(argument, $0).isKnown }
      guard known >= related.knownCountMin else { return .unknown }
    }
    return inner.value(related.aggregate, found)
  }

  /// The live records that a path leads to, each once, in the order of the table.
  func records(along path: RelatedPath, _ row: NaiveRow) -> [NaiveRow] {
    var rows = [row]
    for step in path.steps {
      var positions: Set<Int> = []
      let target: EntityID
      switch step {
      case .up(let hop):
        target = hop.target
        for row in rows {
          if case .word(let word) = row.cells[hop.field.index] { positions.insert(Int(word)) }
        }
      case .down(let entity, let field):
        target = entity
        let wanted = Set(rows.map { Int64($0.position) })
        for (position, cells) in store.tables[entity.index].records.enumerated()
        where !store.tables[entity.index].dead.contains(position) {
          if case .word(let word) = cells[field.index], wanted.contains(word) {
            positions.insert(position)
          }
        }
      }
      rows = positions.sorted().map {
        NaiveRow(position: $0, cells: store.tables[target.index].records[$0])
      }
    }
    return rows
  }

  private func field(_ path: FieldPath, _ row: NaiveRow) -> Scalar {
    var cells = row.cells
    for hop in path.hops {
      guard case .word(let position) = cells[hop.field.index] else { return .unknown }
      cells = store.tables[hop.target.index].records[Int(position)]
    }
    return cells[path.field.index]
  }

  private func convert(_ conversion: Conversion, _ operand: Scalar) -> Scalar {
    guard operand.isKnown else { return .unknown }
    guard case .word(let word) = operand else { return operand }
    switch conversion {
    case .integerToNumber: return .real(Double(word))
    case .moneyToNumber: return .real(Double(word) / 100)
    case .integerToMoney: return .word(word * 100)
    case .dateToTime: return .word(word * 86_400)
    case .timeToDate: return .word(floorDivide(word, 86_400))
    case .referenceToKey(let target, _):
      return store.tables[target.index].records[Int(word)][store.catalog[target].key.index]
    }
  }

  /// A comparison with unknown is false. Texts are equal without case, and ordered with it.
  private func compares(_ a: Scalar, _ sign: ComparisonOperator, _ b: Scalar) -> Bool {
    guard a.isKnown, b.isKnown else { return false }
    if case .text(let x) = a, case .text(let y) = b, sign == .equal {
      return Folding.fold(x).utf8.elementsEqual(Folding.fold(y).utf8)
    }
    let order = NaiveOrder.compare(a, b)
    switch sign {
    case .equal: return order == 0
    case .notEqual: return order != 0
    case .less: return order < 0
    case .lessOrEqual: return order <= 0
    case .greater: return order > 0
    case .greaterOrEqual: return order >= 0
    }
  }

  private func flag(_ holds: Bool) -> Scalar { .word(holds ? 1 : 0) }
}

/// The quotient rounded down.
func floorDivide(_ a: Int64, _ b: Int64) -> Int64 {
  let quotient = a / b
  return a % b != 0 && (a < 0) != (b < 0) ? quotient - 1 : quotient
}

/// Arithmetic on two values; unknown where one is, and where the divisor is 0.
enum NaiveArithmetic {
  static func compute(_ arithmetic: Arithmetic, _ a: Scalar, _ b: Scalar) -> Scalar {
    switch (a, b) {
    case (.text(let x), .text(let y)): return .text(x + y)
    case (.word(let x), .word(let y)): return words(arithmetic, x, y)
    case (.real(let x), .real(let y)): return reals(arithmetic, x, y)
    case (.word(let x), .real(let y)):
      switch arithmetic {
      case .multiplyMoney: return money(Double(x) * y)
      case .divideMoney: return y == 0 ? .unknown : money(Double(x) / y)
      default: preconditionFailure("only money meets numbers")
      }
    default: return .unknown
    }
  }

  private static func words(_ arithmetic: Arithmetic, _ x: Int64, _ y: Int64) -> Scalar {
    switch arithmetic {
    case .addIntegers, .addMoney: .word(x + y)
    case .subtractIntegers, .subtractMoney, .subtractDates: .word(x - y)
    case .multiplyIntegers: .word(x * y)
    case .ratioOfMoney: y == 0 ? .unknown : .real(Double(x) / Double(y))
    default: preconditionFailure("numbers are computed as numbers")
    }
  }

  private static func reals(_ arithmetic: Arithmetic, _ x: Double, _ y: Double) -> Scalar {
    let result: Double
    switch arithmetic {
    case .addNumbers: result = x + y
    case .subtractNumbers: result = x - y
    case .multiplyNumbers: result = x * y
    case .divideNumbers: result = x / y
    default: preconditionFailure("integers are computed as integers")
    }
    return result.isFinite ? .real(result) : .unknown
  }

  private static func money(_ minor: Double) -> Scalar {
    .word(Int64(minor.rounded(.toNearestOrAwayFromZero)))
  }
}

/// The text operators; all but `matches` fold case.
enum NaiveText {
  static func passes(_ whole: String, _ test: TextOperator, _ part: String) -> Bool {
    let text = Array(Folding.fold(whole).unicodeScalars)
    let needle = Array(Folding.fold(part).unicodeScalars)
    switch test {
    case .contains:
      return needle.count <= text.count
        && (0...text.count - needle.count).contains { text[$0...].starts(with: needle) }
    case .startsWith: return text.starts(with: needle)
    case .endsWith: return text.reversed().starts(with: needle.reversed())
    case .hasWord:
      return text.split { !isWordCharacter($0) }.contains { $0.elementsEqual(needle) }
    case .like: return isLike(text[...], needle[...])
    case .matches:
      guard let pattern = try? Regex(part).matchingSemantics(.unicodeScalar) else { return false }
      return whole.firstMatch(of: pattern) != nil
    }
  }

  private static func isLike(
    _ text: ArraySlice<Unicode.Scalar>, _ pattern: ArraySlice<Unicode.Scalar>
  ) -> Bool {
    guard let first = pattern.first else { return text.isEmpty }
    if first == "*" {
      return (text.startIndex...text.endIndex).contains { isLike(text[$0...], pattern.dropFirst()) }
    }
    guard let character = text.first else { return false }
    return (first == "?" || first == character) && isLike(text.dropFirst(), pattern.dropFirst())
  }

  private static func isWordCharacter(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isAlphabetic || scalar.properties.numericType != nil
  }
}
