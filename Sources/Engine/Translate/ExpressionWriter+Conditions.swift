import Store
import Syntax

extension ExpressionWriter {
  /// A condition where it is asserted: it may be unknown where it does not hold.
  func condition(
    _ expression: BoundExpression, _ row: SQLRow
  ) throws(TranslateReason) -> SQL {
    switch expression {
    case .comparison(let sign, let a, let b): return try compare(sign, a, b, row)
    case .textTest(let test, let a, let b): return try self.test(test, a, b, row)
    case .membership(let subject, let values): return try membership(subject, values, row)
    case .between(let subject, let low, let high):
      return try between(subject, low, high, row)
    case .isKnown(let operand):
      return SQL("\(try value(operand, row).operand) IS NOT NULL", .test)
    case .not(.isKnown(let operand)):
      return SQL("\(try value(operand, row).operand) IS NULL", .test)
    case .not(let operand):
      return SQL("(\(try condition(operand, row).text)) IS NOT TRUE", .test)
    case .and(let operands): return try joined(operands, "AND", .and, row)
    case .or(let operands): return try joined(operands, "OR", .or, row)
    case .constant(.word(let flag), .flag): return SQL(flag == 0 ? "FALSE" : "TRUE")
    default: return try value(expression, row)
    }
  }

  private func joined(
    _ operands: [BoundExpression], _ word: String, _ level: SQL.Level, _ row: SQLRow
  ) throws(TranslateReason) -> SQL {
    var parts: [String] = []
    for operand in operands { parts.append(try condition(operand, row).tighter(than: .and)) }
    let line = parts.joined(separator: " \(word) ")
    if line.utf8.count <= 80, !line.contains("\n") { return SQL(line, level) }
    return SQL(parts.map(SQL.indented).joined(separator: "\n  \(word) "), level)
  }

  // MARK: comparisons

  private func compare(
    _ sign: ComparisonOperator, _ a: BoundExpression, _ b: BoundExpression, _ row: SQLRow
  ) throws(TranslateReason) -> SQL {
    if let exists = try existence(sign, a, b, row) { return exists }
    let (x, y) = (try value(a, row), try value(b, row))
    switch a.type {
    case .text where sign == .equal:
      if case .constant(.text(let literal), _) = b {
        return SQL("\(folded(x, like: [literal])) = \(text(Folding.fold(literal)))", .test)
      }
      return SQL("\(folded(x)) = \(folded(y))", .test)
    case .text: return ordered(x, sign, y)
    case .choice(let list) where sign != .equal:
      if case .constant(.word(let code), _) = b {
        let names = list.names.enumerated().filter { holds(sign, Int64($0.offset), code) }
        return anyOf(x, names.map { text($0.element) })
      }
      return SQL("\(code(x, list)) \(sign.rawValue) \(code(y, list))", .test)
    case .flag where sign == .equal && b == .constant(.word(1), .flag): return x
    default: return SQL("\(x.operand) \(sign.rawValue) \(y.operand)", .test)
    }
  }

  private func holds(_ sign: ComparisonOperator, _ a: Int64, _ b: Int64) -> Bool {
    switch sign {
    case .equal: a == b
    case .notEqual: a != b
    case .less: a < b
    case .lessOrEqual: a <= b
    case .greater: a > b
    case .greaterOrEqual: a >= b
    }
  }

  private func membership(
    _ subject: BoundExpression, _ values: [Scalar], _ row: SQLRow
  ) throws(TranslateReason) -> SQL {
    let x = try value(subject, row)
    var texts: [String] = []
    for case .text(let text) in values { texts.append(text) }
    if subject.type == .text {
      return anyOf(SQL(folded(x, like: texts)), texts.map { text(Folding.fold($0)) })
    }
    return anyOf(x, values.filter(\.isKnown).map { literal($0, subject.type).text })
  }

  private func anyOf(_ x: SQL, _ values: [String]) -> SQL {
    values.isEmpty
      ? SQL("FALSE") : SQL("\(x.operand) IN (\(values.joined(separator: ", ")))", .test)
  }

  private func between(
    _ subject: BoundExpression, _ low: Scalar, _ high: Scalar, _ row: SQLRow
  ) throws(TranslateReason) -> SQL {
    let x = try value(subject, row)
    let (from, to) = (literal(low, subject.type), literal(high, subject.type))
    switch (subject.type, low, high) {
    case (.text, _, _):
      return SQL(
        "(\(ordered(x, .greaterOrEqual, from).text)) AND (\(ordered(x, .lessOrEqual, to).text))",
        .and)
    case (.choice(let list), .word(let first), .word(let last)):
      return anyOf(
        x,
        list.names.enumerated().filter { first <= $0.offset && $0.offset <= last }
          .map { text($0.element) })
    default: return SQL("\(x.operand) BETWEEN \(from.operand) AND \(to.operand)", .test)
    }
  }

  // MARK: text

  /// A text with its case folded as far as it matters beside these literals.
  func folded(_ x: SQL, like literals: [String]) -> String {
    var capitals: [(capital: String, small: String)] = []
    var hasLetters = false
    for literal in literals {
      for scalar in Folding.fold(literal).unicodeScalars {
        if scalar.isASCII {
          hasLetters = hasLetters || ("a"..."z").contains(scalar)
        } else if let capital = Self.capitals[scalar.value],
          !capitals.contains(where: { $0.small.unicodeScalars.first == scalar }),
          let upper = Unicode.Scalar(capital)
        {
          capitals.append((String(Character(upper)), String(Character(scalar))))
        }
      }
    }
    return hasLetters || !capitals.isEmpty ? dialect.folded(x.text, capitals) : x.operand
  }

  /// A text with A–Z folded, because nothing says which other letters matter.
  private func folded(_ x: SQL) -> String {
    translation.foldsOnlyASCII = true
    return dialect.folded(x.text, [])
  }

  private static let capitals = Dictionary(
    Folding.allPairs.map { ($0.small, $0.capital) }, uniquingKeysWith: { first, _ in first })

  /// Texts in their order: A–Z folded, then bytes.
  private func ordered(_ x: SQL, _ sign: ComparisonOperator, _ y: SQL) -> SQL {
    let (a, b) = (orderTerms(x, .text), orderTerms(y, .text))
    let strict = sign == .less || sign == .lessOrEqual ? "<" : ">"
    return SQL(
      "\(a[0]) \(strict) \(b[0]) OR \(a[0]) = \(b[0]) AND \(a[1]) \(sign.rawValue) \(b[1])", .or)
  }

  private func test(
    _ test: TextOperator, _ a: BoundExpression, _ b: BoundExpression, _ row: SQLRow
  ) throws(TranslateReason) -> SQL {
    let x = try value(a, row)
    guard case .constant(.text(let literal), _) = b else {
      return try self.test(test, x, part: folded(try value(b, row)))
    }
    let whole = folded(x, like: [literal])
    let small = Folding.fold(literal)
    let count = small.unicodeScalars.count
    switch test {
    case .contains:
      return SQL("\(dialect.place(text(small), whole)) > 0", .test)
    case .startsWith: return SQL("substr(\(whole), 1, \(count)) = \(text(small))", .test)
    case .endsWith:
      if count == 0 { return SQL("\(x.operand) IS NOT NULL", .test) }
      return SQL(
        "substr(\(whole), \(length(whole, minus: "\(count)"))) = \(text(small))", .test)
    case .like:
      return SQL("\(whole) LIKE \(text(pattern(small))) \(dialect.escape)", .test)
    case .hasWord: throw .notInSQL("'has word'")
    case .matches: throw .notInSQL("'matches'")
    }
  }

  /// The place from which so many characters are left.
  private func length(_ whole: String, minus count: String) -> String {
    "length(\(whole)) - \(count) + 1"
  }

  /// A test for a part that is itself a value of the row.
  private func test(
    _ test: TextOperator, _ x: SQL, part: String
  ) throws(TranslateReason) -> SQL {
    let whole = folded(x)
    switch test {
    case .contains: return SQL("\(dialect.place(part, whole)) > 0", .test)
    case .startsWith: return SQL("substr(\(whole), 1, length(\(part))) = \(part)", .test)
    case .endsWith:
      return SQL(
        "length(\(part)) <= length(\(whole))"
          + " AND substr(\(whole), \(length(whole, minus: "length(\(part))"))) = \(part)", .and)
    case .hasWord: throw .notInSQL("'has word'")
    case .like, .matches: preconditionFailure("the binder takes only constant patterns")
    }
  }

  /// `a*b?` as SQL's pattern.
  private func pattern(_ pattern: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in pattern.unicodeScalars {
      switch scalar {
      case "*": result.append("%")
      case "?": result.append("_")
      case "%", "_", "\\": result.append(contentsOf: ["\\", scalar])
      default: result.append(scalar)
      }
    }
    return String(result)
  }
}
