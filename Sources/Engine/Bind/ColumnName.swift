import Syntax

/// Names of columns that have none: the words of the expression, joined by `_`, without window and
/// `where`: `count`, `sum_value`, `owner_name`.
enum ColumnName {
  /// The name of an expression. A text in quotes has no part in it.
  static func make(_ expression: Expression, _ format: (Expression) -> String) -> String {
    let words = words(of: expression, format)
    return words.isEmpty ? "column" : words.joined(separator: "_")
  }

  private static func words(
    of expression: Expression, _ format: (Expression) -> String
  ) -> [String] {
    func all(_ expressions: [Expression]) -> [String] {
      expressions.flatMap { words(of: $0, format) }
    }
    switch expression.kind {
    case .text: return []
    case .path(let names): return names.map(\.text)
    case .negation(let operand): return all([operand])
    case .not(let operand): return ["not"] + all([operand])
    case .arithmetic(_, let left, let right), .comparison(_, let left, let right):
      return all([left, right])
    case .textTest(let operation, let left, let right):
      return all([left]) + split(operation.rawValue) + all([right])
    case .membership(let tested, let isNegated, let items):
      return all([tested]) + (isNegated ? ["not", "in"] : ["in"]) + all(items)
    case .between(let tested, let low, let high):
      return all([tested]) + ["between"] + all([low, high])
    case .knownTest(let tested, let isKnown):
      return all([tested]) + ["is", isKnown ? "known" : "unknown"]
    case .windowTest(let tested, _): return all([tested])
    case .logical(let operation, let operands):
      return Array(operands.map { all([$0]) }.joined(separator: [operation.rawValue]))
    case .call(let call):
      return [call.name.text.lowercased()] + (call.isDistinct ? ["distinct"] : [])
        + all(call.arguments) + (call.per.isEmpty ? [] : ["per"] + all(call.per))
    case .outer(let names): return names.map(\.text)
    case .columnOfQuery(_, let column): return [column.text]
    case .it(let names): return ["it"] + names.map(\.text)
    case .all(let entity, let names): return ["all", entity.text] + names.map(\.text)
    case .number, .date, .duration, .flag, .unknown, .point, .period, .parameter, .rankTest, .has,
      .was, .changed, .segmentTest, .standard, .counted:
      return split(format(expression))
    }
  }

  /// The runs of letters, digits and `_`.
  private static func split(_ text: String) -> [String] {
    text.unicodeScalars.split { scalar in
      !(scalar == "_" || scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
    }.map { String(String.UnicodeScalarView($0)) }
  }
}
